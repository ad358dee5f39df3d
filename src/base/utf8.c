#include "base/utf8.h"

#include <string.h>

#include "base/base_int.h"

#define REPLACEMENT 0xfffd

/*
 * The length of the well-formed character at s, at most n bytes, or 0; the
 * bounds of the second byte are those of RFC 3629 section 4.
 */
static size_t
char_length(const unsigned char *s, size_t n)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xc2 || s[0] > 0xf4)
		return 0;
	length = s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	if (n < length)
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0; /* shorter forms exist */
	else if (s[0] == 0xed)
		high = 0x9f; /* surrogates */
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f; /* behind U+10FFFF */
	if (s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

/* How many bytes at s are ASCII other than NUL, eight at a time. */
static size_t
ascii_run(const char *s, size_t n)
{
	const uint64_t high = UINT64_C(0x8080808080808080);
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word;
	size_t i = 0;

	for (; n - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, s + i, sizeof(word));
		/* The difference borrows into a high bit where a byte is 0. */
		if (((word | (word - ones)) & high) != 0)
			break;
	}
	while (i < n && s[i] > 0)
		i++;
	return i;
}

bool
utf8_is_valid(const char *s, size_t n)
{
	size_t i = 0, length;

	while ((i += ascii_run(s + i, n - i)) < n) {
		if (s[i] == '\0')
			return false;
		length = char_length((const unsigned char *)s + i, n - i);
		if (length == 0)
			return false;
		i += length;
	}
	return true;
}

uint32_t
utf8_next(const char **s, const char *end)
{
	const unsigned char *p = (const unsigned char *)*s;
	size_t length;

	if (p[0] < 0x80) {
		(*s)++;
		return p[0];
	}
	length = char_length(p, (size_t)(end - *s));
	*s += length == 0 ? 1 : length;
	switch (length) {
	case 2:
		return (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU);
	case 3:
		return (p[0] & 0x0fU) << 12 | (p[1] & 0x3fU) << 6 |
		       (p[2] & 0x3fU);
	case 4:
		return (p[0] & 0x07U) << 18 | (p[1] & 0x3fU) << 12 |
		       (p[2] & 0x3fU) << 6 | (p[3] & 0x3fU);
	default:
		return REPLACEMENT;
	}
}

int
utf8_put(char *to, uint32_t c)
{
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		c = REPLACEMENT;
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

char *
utf8_mend(struct arena *a, const char *s, size_t n)
{
	const char *end = s + n, *p;
	size_t size = 1;
	uint32_t c;
	char *to, *q;

	if (utf8_is_valid(s, n))
		return arena_strndup(a, s, n);
	for (p = s; p < end;) {
		const char *from = p;
		c = utf8_next(&p, end);
		size += c == REPLACEMENT || c == 0 ? 3 : (size_t)(p - from);
	}
	q = to = arena_alloc(a, size);
	if (to == NULL)
		return NULL;
	for (p = s; p < end;) {
		c = utf8_next(&p, end);
		q += utf8_put(q, c == 0 ? REPLACEMENT : c);
	}
	return to;
}

size_t
utf8_cut(const char *s, size_t n, size_t max_bytes)
{
	size_t at, length;

	if (n <= max_bytes)
		return n;
	/* The cut is inside a character if one that begins before spans it. */
	for (at = max_bytes; at > 0 && max_bytes - at < 3; at--) {
		length =
		    char_length((const unsigned char *)s + at - 1, n - at + 1);
		if (length > max_bytes - at + 1)
			return at - 1;
		if (length > 0)
			break;
	}
	return max_bytes;
}

static bool
in_ranges(uint32_t c, const struct utf8_range *ranges, size_t n)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (c > ranges[middle].last)
			low = middle + 1;
		else if (c < ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

int
utf8_width(const char *s, size_t n)
{
	const char *end = s + n;
	int width = 0, last = 0;

	while (s < end) {
		uint32_t c = utf8_next(&s, end);
		if (c == 0xfe0f && last == 1) {
			/* This selector asks for a picture, which is wide. */
			width++;
			last = 2;
			continue;
		}
		if (c < 0x300)
			last = c >= ' ' && (c < 0x7f || c >= 0xa0);
		else if (in_ranges(c, utf8_zero, utf8_zero_count))
			continue;
		else
			last = 1 + in_ranges(c, utf8_wide, utf8_wide_count);
		width += last;
	}
	return width;
}

bool
utf8_is_space(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || (c >= '\t' && c <= '\r');
	return c == 0x85 || c == 0xa0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
	       c == 0x202f || c == 0x205f || c == 0x3000;
}

bool
utf8_is_letter(uint32_t c)
{
	if (c < 0x80)
		return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
	return in_ranges(c, utf8_letters, utf8_letters_count);
}

bool
utf8_is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}
