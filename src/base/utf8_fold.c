/*
 * Letters folded: for comparing texts, and for host names.
 */
#include "base/utf8.h"

#include <string.h>

#include "base/base_int.h"

/* The letters that a capital letter in the Latin tables stands for. */
static const char *
fold_pair(char code)
{
	switch (code) {
	case 'E':
		return "ae";
	case 'I':
		return "ij";
	case 'L':
		return "lj";
	case 'N':
		return "nj";
	case 'O':
		return "oe";
	case 'S':
		return "ss";
	case 'T':
		return "th";
	default:
		return "dz";
	}
}

/* Lower case of Greek, Cyrillic and Armenian; c itself if it has none. */
static uint32_t
lower_other(uint32_t c)
{
	if (c >= 0x391 && c <= 0x3ab && c != 0x3a2)
		return c + 32;
	if (c == 0x3c2)
		return 0x3c3; /* final sigma */
	if (c == 0x386)
		return 0x3ac;
	if (c >= 0x388 && c <= 0x38a)
		return c + 37;
	if (c == 0x38c)
		return 0x3cc;
	if (c == 0x38e || c == 0x38f)
		return c + 63;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	if (c >= 0x410 && c <= 0x42f)
		return c + 32;
	if (c == 0x4c0)
		return 0x4cf;
	if (c >= 0x4c1 && c <= 0x4ce)
		return c + (c & 1);
	if ((c >= 0x3d8 && c <= 0x3ef) || (c >= 0x460 && c <= 0x481) ||
	    (c >= 0x48a && c <= 0x52f))
		return c | 1;
	if (c >= 0x531 && c <= 0x556)
		return c + 48;
	return c;
}

/* Lower case of the Latin letters that have no plain form. */
static uint32_t
lower_latin(uint32_t c)
{
	static const uint16_t pairs[][2] = { { 0x181, 0x253 }, { 0x182, 0x183 },
		{ 0x184, 0x185 }, { 0x186, 0x254 }, { 0x187, 0x188 },
		{ 0x189, 0x256 }, { 0x18a, 0x257 }, { 0x18b, 0x18c },
		{ 0x18e, 0x1dd }, { 0x18f, 0x259 }, { 0x190, 0x25b },
		{ 0x191, 0x192 }, { 0x193, 0x260 }, { 0x194, 0x263 },
		{ 0x196, 0x269 }, { 0x198, 0x199 }, { 0x19c, 0x26f },
		{ 0x19d, 0x272 }, { 0x19f, 0x275 }, { 0x1a2, 0x1a3 },
		{ 0x1a4, 0x1a5 }, { 0x1a6, 0x280 }, { 0x1a7, 0x1a8 },
		{ 0x1a9, 0x283 }, { 0x1ac, 0x1ad }, { 0x1ae, 0x288 },
		{ 0x1b1, 0x28a }, { 0x1b2, 0x28b }, { 0x1b3, 0x1b4 },
		{ 0x1b7, 0x292 }, { 0x1b8, 0x1b9 }, { 0x1bc, 0x1bd },
		{ 0x1ee, 0x1ef }, { 0x1f6, 0x195 }, { 0x1f7, 0x1bf },
		{ 0x21c, 0x21d }, { 0x220, 0x19e }, { 0x222, 0x223 },
		{ 0x224, 0x225 }, { 0x241, 0x242 }, { 0x244, 0x289 },
		{ 0x245, 0x28c }, { 0x24a, 0x24b } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (pairs[i][0] == c)
			return pairs[i][1];
	return c;
}

/* Lower case of the Latin letters with an accent, which stays. */
static uint32_t
lower_accented(uint32_t c)
{
	if (c >= 0xc0 && c <= 0xde)
		return c == 0xd7 ? c : c + 32;
	if (c == 0x130)
		return 'i';
	if (c == 0x178)
		return 0xff;
	if (c == 0x1c4 || c == 0x1c7 || c == 0x1ca || c == 0x1f1)
		return c + 2;
	if (c == 0x23a || c == 0x23e)
		return c == 0x23a ? 0x2c65 : 0x2c66;
	if (c == 0x23d || c == 0x243)
		return c == 0x23d ? 0x19a : 0x180;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e) ||
	    (c >= 0x1cd && c <= 0x1dc) || c == 0x1af || c == 0x1b5 ||
	    c == 0x1cb || c == 0x1c5 || c == 0x1c8 || c == 0x1f2 || c == 0x23b)
		return c + (c & 1);
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177) ||
	    (c >= 0x1de && c <= 0x1ef) || (c >= 0x1f4 && c <= 0x1f5) ||
	    (c >= 0x1f8 && c <= 0x233) || (c >= 0x246 && c <= 0x24f))
		return c | 1;
	return c;
}

uint32_t
utf8_lower(uint32_t c)
{
	uint32_t lower;

	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
	if (c < 0x250) {
		lower = lower_latin(c);
		return lower != c ? lower : lower_accented(c);
	}
	if (c >= 0x1e00 && c <= 0x1eff && !(c >= 0x1e96 && c <= 0x1e9f))
		return c | 1;
	return c == 0x3c2 ? c : lower_other(c);
}

/* Write c folded to to, at most 4 bytes; how many. */
static int
fold_char(char *to, uint32_t c)
{
	char code = '.';

	if (c >= 0xff21 && c <= 0xff5a)
		c -= 0xfee0; /* full width Latin */
	if (c < 0x80) {
		to[0] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		return 1;
	}
	if (c >= 0xc0 && c <= 0x24f)
		code = utf8_latin_00c0[c - 0xc0];
	else if (c >= 0x1e00 && c <= 0x1eff)
		code = utf8_latin_1e00[c - 0x1e00];
	if (code >= 'a') {
		to[0] = code;
		return 1;
	}
	if (code != '.') {
		memcpy(to, fold_pair(code), 2);
		return 2;
	}
	return utf8_put(to, c < 0x250 ? lower_latin(c) : lower_other(c));
}

static bool
is_ascii_letter(char c)
{
	return c >= 'a' && c <= 'z';
}

/*
 * No character grows by folding, but a malformed byte becomes U+FFFD, and
 * that is counted first.
 */
char *
utf8_fold(struct arena *a, const char *s)
{
	size_t n = strlen(s), size = n + 1;
	const char *end = s + n, *p;
	char *to, *q;
	uint32_t c;

	for (p = s; p < end;) {
		const char *from = p;
		if (utf8_next(&p, end) == 0xfffd)
			size += 3 - (size_t)(p - from);
	}
	q = to = arena_alloc(a, size);
	if (to == NULL)
		return NULL;
	for (p = s; p < end;) {
		c = utf8_next(&p, end);
		/* The accent of a decomposed Latin letter. */
		if (c >= 0x300 && c <= 0x36f && q > to &&
		    is_ascii_letter(q[-1]))
			continue;
		q += fold_char(q, c);
	}
	return to;
}
