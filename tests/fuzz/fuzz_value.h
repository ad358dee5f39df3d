/*
 * Entries for libFuzzer: clang -fsanitize=fuzzer,address,undefined. Each
 * gives one reader of values any bytes; what it must hold is asserted.
 */
#ifndef TESTS_FUZZ_FUZZ_VALUE_H
#define TESTS_FUZZ_FUZZ_VALUE_H

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "extract/value_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The bytes as a string that ends where the sanitizer looks. */
static inline char *
fuzz_text(const uint8_t *data, size_t n)
{
	char *text = malloc(n + 1);

	assert(text != NULL);
	memcpy(text, data, n);
	text[n] = '\0';
	return text;
}

#endif
