/*
 * Text as the readers of values compare it. The rooms' utf8_fold wants an
 * arena and keeps punctuation; here a short text goes into a small array and
 * the many dashes, quotes and blanks of typography become one each.
 */
#include <string.h>
#include "base/utf8.h"
#include "extract/value_int.h"

/* U+00C0 to U+017F without their accents; '?' stays as it is. */
static const char latin[] = "aaaaaa?ceeeeiiii"
			    "dnooooo?ouuuuy??"
			    "aaaaaa?ceeeeiiii"
			    "dnooooo?ouuuuy?y"
			    "aaaaaaccccccccdd"
			    "ddeeeeeeeeeegggg"
			    "gggghhhhiiiiiiii"
			    "ii??jjkk?lllllll"
			    "lllnnnnnnn??oooo"
			    "oo??rrrrrrssssss"
			    "ssttttttuuuuuuuu"
			    "uuuuwwyyyzzzzzzs";

static size_t
fold_text(char to[5], const char *text)
{
	size_t n = 0;

	for (; text[n] != '\0'; n++)
		to[n] = text[n];
	return n;
}

/* Dashes, quotes, blanks and what is not seen at all. */
static bool
fold_sign(uint32_t c, char to[5], size_t *n)
{
	*n = 1;
	if ((c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xfe58 ||
	    c == 0xfe63 || c == 0xff0d)
		to[0] = '-';
	else if (c == 0x2018 || c == 0x2019 || c == 0x201b || c == 0x2032 ||
		 c == 0xb4 || c == 0x2bc || c == 0xff07)
		to[0] = '\'';
	else if (c == 0xa0 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f ||
		 c == 0x205f || c == 0x3000 || c == 0x2028 || c == 0x2029 ||
		 c < 0x20)
		to[0] = ' ';
	else if ((c >= 0x200b && c <= 0x200f) || c == 0xfeff || c == 0xad ||
		 (c >= 0x202a && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) ||
		 (c >= 0x300 && c <= 0x36f))
		*n = 0;
	else
		return false;
	return true;
}

size_t
value_fold_char(uint32_t c, char to[5])
{
	size_t n;

	if (c >= 0x20 && c < 0x7f) {
		to[0] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		return 1;
	}
	if (fold_sign(c, to, &n))
		return n;
	if (c == 0xdf || c == 0x1e9e)
		return fold_text(to, "ss");
	if (c == 0xc6 || c == 0xe6)
		return fold_text(to, "ae");
	if (c == 0x152 || c == 0x153)
		return fold_text(to, "oe");
	if (c >= 0xc0 && c <= 0x17f && latin[c - 0xc0] != '?') {
		to[0] = latin[c - 0xc0];
		return 1;
	}
	if (c >= 0x218 && c <= 0x21b) {
		to[0] = c <= 0x219 ? 's' : 't';
		return 1;
	}
	/* Full-width forms of ASCII. */
	if (c >= 0xff01 && c <= 0xff5e)
		return value_fold_char(c - 0xfee0, to);
	if (c >= 0x410 && c <= 0x42f)
		c += 0x20;
	return (size_t)utf8_put(to, c);
}

size_t
value_fold(const char *text, size_t n, char *to, size_t size)
{
	const char *s = text, *end = text + n;
	size_t length = 0;

	while (s < end) {
		char folded[5];
		size_t more = value_fold_char(utf8_next(&s, end), folded);
		if (length + more >= size)
			break;
		memcpy(to + length, folded, more);
		length += more;
	}
	to[length] = '\0';
	return length;
}
