/*
 * What base's own files share; not for other rooms.
 */
#ifndef BASE_INT_H
#define BASE_INT_H

#include <stddef.h>
#include <stdint.h>

struct utf8_range {
	uint32_t first, last;
};

extern const struct utf8_range utf8_letters[], utf8_zero[], utf8_wide[];
extern const size_t utf8_letters_count, utf8_zero_count, utf8_wide_count;
extern const char utf8_latin_00c0[]; /* U+00C0 to U+024F */
extern const char utf8_latin_1e00[]; /* U+1E00 to U+1EFF */

#endif
