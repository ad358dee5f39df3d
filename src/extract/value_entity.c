/*
 * Character references of HTML (section 13.2.5.72 and on of its standard).
 */
#include <string.h>
#include "base/utf8.h"
#include "extract/value_int.h"

#define ENTITY_NAME_MAX   31 /* CounterClockwiseContourIntegral */
#define ENTITY_LEGACY_MAX 6

extern const char *const entities_table[][3];
extern const size_t entities_rows;

/* What &#128; to &#159; mean: windows-1252. */
static const uint16_t windows_1252[32] = { 0x20ac, 0x81, 0x201a, 0x192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d,
	0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
	0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178 };

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "&#8364;" or "&#x20AC;", with or without the semicolon. */
static size_t
entity_number(const char *s, const char *end, char *to, size_t *ndecoded)
{
	const char *p = s + 2, *digits;
	uint32_t base = 10, code = 0;

	if (p < end && (*p | 0x20) == 'x') {
		base = 16;
		p++;
	}
	for (digits = p; p < end; p++) {
		int digit = hex_digit(*p);
		if (digit < 0 || (uint32_t)digit >= base)
			break;
		if (code < 0x110000)
			code = code * base + (uint32_t)digit;
	}
	if (p == digits)
		return 0;
	if (code >= 0x80 && code <= 0x9f)
		code = windows_1252[code - 0x80];
	if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		code = 0xfffd;
	*ndecoded = (size_t)utf8_put(to, code);
	p += p < end && *p == ';';
	return (size_t)(p - s);
}

/* Write the characters of a cell's value: "22A7+338". */
static size_t
entity_put(const char *value, char *to)
{
	size_t n = 0;
	uint32_t code = 0;

	for (;; value++) {
		int digit = hex_digit(*value);
		if (digit >= 0) {
			code = code << 4 | (uint32_t)digit;
			continue;
		}
		n += (size_t)utf8_put(to + n, code);
		code = 0;
		if (*value != '+')
			return n;
	}
}

static size_t
entity_find(const char *name, size_t n, int column, char *to)
{
	const char *const *row =
	    table_row(&entities_table[0][0], 3, entities_rows, name, 2);
	const char *value =
	    row != NULL ? table_value(row[column], ' ', name, n) : NULL;

	return value != NULL ? entity_put(value, to) : 0;
}

/* The references that nearly all text is made of. */
static size_t
entity_common(const char *s, size_t n, char *to)
{
	static const struct {
		const char *text;
		size_t length;
		char is;
	} common[] = { { "&lt;", 4, '<' }, { "&gt;", 4, '>' },
		{ "&amp;", 5, '&' }, { "&quot;", 6, '"' }, { "&#39;", 5, '\'' },
		{ "&apos;", 6, '\'' } };

	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (n >= common[i].length &&
		    memcmp(s, common[i].text, common[i].length) == 0) {
			*to = common[i].is;
			return common[i].length;
		}
	return 0;
}

static size_t
entity_name(const char *s, const char *end, char *to, size_t *ndecoded)
{
	const char *name = s + 1, *stop = name;
	size_t n;

	while (stop < end && stop - name <= ENTITY_NAME_MAX &&
	       (((*stop | 0x20) >= 'a' && (*stop | 0x20) <= 'z') ||
		   (*stop >= '0' && *stop <= '9')))
		stop++;
	n = (size_t)(stop - name);
	if (n < 2)
		return 0;
	if (stop < end && *stop == ';' &&
	    (*ndecoded = entity_find(name, n, 1, to)) > 0)
		return n + 2;
	for (n = n < ENTITY_LEGACY_MAX ? n : ENTITY_LEGACY_MAX; n >= 2; n--)
		if ((*ndecoded = entity_find(name, n, 2, to)) > 0)
			return n + 1;
	return 0;
}

size_t
entity_decode(
    const char *s, const char *end, char to[ENTITY_BYTES], size_t *ndecoded)
{
	size_t left = (size_t)(end - s), n;

	if (left < 3)
		return 0;
	n = entity_common(s, left, to);
	if (n > 0) {
		*ndecoded = 1;
		return n;
	}
	if (s[1] == '#')
		return entity_number(s, end, to, ndecoded);
	return entity_name(s, end, to, ndecoded);
}
