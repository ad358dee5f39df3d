/*
 * Texts whose UTF-8 was taken for windows-1252 somewhere on its way
 * ("MÃ¼nchen", "weâ€™re") made what they were, and texts whose letters are
 * lost for good recognised.
 */
#include <string.h>
#include "base/utf8.h"
#include "extract/extract_int.h"

/*
 * The byte that a character was, 0 if it is none above 0x7f. Bytes that
 * windows-1252 leaves out stand for themselves, as do those of Latin-1.
 */
static uint8_t
byte_of(uint32_t c)
{
	/* In the order of the bytes from 0x80 on. */
	static const uint16_t points[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e,
		0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152,
		0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
		0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e,
		0x0178 };

	if (c >= 0x80 && c <= 0xff)
		return (uint8_t)c;
	for (uint8_t i = 0; c > 0xff && i < 32; i++)
		if (points[i] == c)
			return 0x80 + i;
	return 0;
}

/*
 * Bytes of UTF-8 that the characters at p stand for, in to, and the length of
 * p they take; 0 if they are no more than they seem. Only what is common is
 * looked for: Latin letters, punctuation and the like, emoji.
 */
static size_t
sequence(const char *p, const char *end, char to[4], size_t *nto)
{
	const char *at = p;
	uint8_t lead = byte_of(utf8_next(&at, end)), b;
	size_t want = lead >= 0xc2 && lead <= 0xc5 ? 2
		      : lead == 0xe2               ? 3
		      : lead == 0xf0               ? 4
						   : 0;

	if (want == 0)
		return 0;
	to[0] = (char)lead;
	for (*nto = 1; *nto < want; ++*nto) {
		b = at < end ? byte_of(utf8_next(&at, end)) : 0;
		if (b < 0x80 || b > 0xbf)
			return 0;
		to[*nto] = (char)b;
	}
	b = (uint8_t)to[1];
	if ((lead == 0xc2 && b < 0xa0) || (lead == 0xe2 && b > 0xaf) ||
	    (lead == 0xf0 && b != 0x9f))
		return 0;
	return (size_t)(at - p);
}

/* Where a character stands that may begin such a sequence; NULL at the end. */
static const char *
candidate(const char *p)
{
	while ((p = strchr(p, 0xc3)) != NULL) {
		uint8_t c = (uint8_t)p[1];

		if ((c >= 0x82 && c <= 0x85) || c == 0xa2 || c == 0xb0)
			return p;
		p++;
	}
	return NULL;
}

/*
 * Capital letters with an accent may stand before a quotation mark or a blank
 * in their own right; nobody writes the others.
 */
static bool
is_certain(const char bytes[4], size_t n)
{
	uint8_t second = (uint8_t)bytes[1];

	return n > 2 || bytes[0] == '\xc2' ||
	       (bytes[0] == '\xc3' && second > 0xa0 && second != 0xab &&
		   second != 0xbb);
}

static bool
has_certain(const char *p, const char *end)
{
	char bytes[4];
	size_t n;

	for (; (p = candidate(p)) != NULL; p++)
		if (sequence(p, end, bytes, &n) > 0 && is_certain(bytes, n))
			return true;
	return false;
}

const char *
text_mend(struct arena *arena, const char *text)
{
	const char *p = candidate(text), *end;
	char bytes[4], *made, *to;
	size_t n, len;

	if (p == NULL)
		return text;
	end = p + strlen(p);
	if (!has_certain(p, end))
		return text;
	to = made = arena_strdup(arena, text);
	to += p - text;
	while (p < end) {
		len = sequence(p, end, bytes, &n);
		if (len == 0) {
			*to++ = *p++;
			continue;
		}
		memcpy(to, bytes, n);
		to += n;
		p += len;
	}
	*to = '\0';
	return utf8_is_valid(made, (size_t)(to - made)) ? made : text;
}

/* Letters that became '?' in so many places are no questions. */
#define LOST_MIN 5

static bool
is_low(char c)
{
	return (c >= 'a' && c <= 'z') || (uint8_t)c >= 0xc3;
}

bool
text_has_lost_letters(const char *text)
{
	size_t lost = 0;

	for (const char *p = text; *p != '\0';) {
		size_t n = strcspn(p, " \t\r\n<>\"'()");

		/* In an address they are meant. */
		if (memchr(p, '/', n) == NULL && memchr(p, '=', n) == NULL)
			for (size_t i = 1; i + 1 < n; i++)
				lost += p[i] == '?' &&
					((uint8_t)p[i - 1] >= 0x80 ||
					    is_low(p[i - 1])) &&
					is_low(p[i + 1]);
		if (lost >= LOST_MIN)
			return true;
		p += n + (p[n] != '\0');
	}
	return false;
}
