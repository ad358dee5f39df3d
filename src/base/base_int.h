/*
 * What base's own files share; not for other rooms.
 */
#ifndef BASE_INT_H
#define BASE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

struct utf8_range {
	uint32_t first, last;
};

extern const struct utf8_range utf8_letters[], utf8_zero[], utf8_wide[];
extern const size_t utf8_letters_count, utf8_zero_count, utf8_wide_count;
extern const char utf8_latin_00c0[]; /* U+00C0 to U+024F */
extern const char utf8_latin_1e00[]; /* U+1E00 to U+1EFF */

/* Lower case, accents kept; Latin, Greek, Cyrillic and Armenian. */
uint32_t utf8_lower(uint32_t character);

/*
 * RFC 3492. Encode n characters as ASCII, or decode n bytes of it (both
 * without "xn--"), into to, which has room for size: how many were written,
 * or -1 when that does not do or the text is not punycode.
 */
int punycode_encode(const uint32_t *from, size_t n, char *to, size_t size);
int punycode_decode(const char *from, size_t n, uint32_t *to, size_t size);

/*
 * The host of a URL as it was written (n bytes), as it is looked up: lower
 * case, punycode, dotted decimal or "[IPv6]"; NULL and the reason.
 */
char *host_parse(struct arena *, const char *text, size_t n, struct err *);

/* SHA-256's compression by the processor's own instructions, if it has them. */
bool sha256_x86_is_there(void);
void sha256_x86_compress(uint32_t state[8], const uint8_t *data, size_t blocks,
    const uint32_t K[64]);

/* The value of a hexadecimal digit, or -1. */
int hex_value(char c);

#endif
