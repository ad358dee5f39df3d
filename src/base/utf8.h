/*
 * UTF-8 (RFC 3629): checking, walking, mending, and what a terminal needs.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

/* True if all n bytes are well-formed UTF-8 without NUL. */
bool utf8_is_valid(const char *, size_t n);
/*
 * The character at *s (before end), *s moved behind it. A byte that begins
 * no well-formed character gives U+FFFD and is skipped alone.
 */
uint32_t utf8_next(const char **s, const char *end);
/* Write one character, at most 4 bytes, to to; returns how many. */
int utf8_put(char *to, uint32_t character);
/* A copy in which every malformed byte or NUL is U+FFFD. */
char *utf8_mend(struct arena *, const char *, size_t n);
/* The largest length <= max_bytes that does not cut a character. */
size_t utf8_cut(const char *, size_t n, size_t max_bytes);
/* Columns on a terminal: 2 for East Asian wide and emoji, 0 for marks. */
int utf8_width(const char *, size_t n);
/*
 * Folded for comparing: lower case, Latin letters without their accents
 * (ss for sz, ae/oe/ue stay as written), Greek and Cyrillic lowered.
 */
char *utf8_fold(struct arena *, const char *);
bool utf8_is_space(uint32_t character);
bool utf8_is_letter(uint32_t character); /* letters and marks, any script */
bool utf8_is_digit(uint32_t character);  /* 0-9 only */

#endif
