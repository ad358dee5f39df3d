/*
 * Folding for comparison.
 */
#include "base/base_int.h"
#include "base/utf8.h"
#include "check.h"

static void
words(void)
{
	static const char *const cases[][2] = { { "ABC xyz 1_[",
						    "abc xyz 1_[" },
		{ "\xc3\x84rger", "arger" }, /* A umlaut */
		{ "Stra\xc3\x9f"
		  "e",
		    "strasse" },          /* sz */
		{ "\xe1\xba\x9e", "ss" }, /* capital sz */
		{ "Aerger Oel", "aerger oel" },
		{ "\xc5\x81\xc3\xb3"
		  "d\xc5\xba",
		    "lodz" },
		{ "\xc3\x86r\xc3\xb8", "aero" }, { "\xc5\x92uvre", "oeuvre" },
		{ "\xc3\x90\xc3\x9e", "dth" },
		{ "I\xc4\xb0\xc4\xb1", "iii" },  /* dotted, dotless */
		{ "e\xcc\x81t\xc3\xa9", "ete" }, /* decomposed */
		{ "a\xcc\x8a\xcc\x81", "a" },    /* two marks */
		{ "Nguy\xe1\xbb\x85n", "nguyen" },
		{ "\xce\x91\xce\xa3 \xcf\x82", "\xce\xb1\xcf\x83 \xcf\x83" },
		{ "\xd0\x9c\xd0\x9e\xd0\xa1\xd0\x9a\xd0\x92\xd0\x90 \xd0\x81",
		    "\xd0\xbc\xd0\xbe\xd1\x81\xd0\xba\xd0\xb2\xd0\xb0 "
		    "\xd1\x91" },
		{ "\xd0\xb8\xcc\x86", "\xd0\xb8\xcc\x86" }, /* not Latin */
		{ "\xef\xbc\xa1\xef\xbd\x82", "ab" },       /* full width */
		{ "\xe6\x97\xa5", "\xe6\x97\xa5" }, { "C++ C#", "c++ c#" },
		{ "\xff", "\xef\xbf\xbd" }, { "", "" } };
	struct arena *a = arena_new(1 << 16);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(utf8_fold(a, cases[i][0]), cases[i][1]);
	arena_free(a);
}

static void
folding_twice_is_folding_once(void)
{
	struct arena *a = arena_new(1 << 20);

	for (uint32_t c = 1; c < 0x20000; c++) {
		char s[5] = "", *once;
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		s[utf8_put(s, c)] = '\0';
		once = utf8_fold(a, s);
		CHECK_STR(utf8_fold(a, once), once);
		CHECK(strlen(once) <= strlen(s));
		if (c % 256 == 0)
			arena_reset(a);
	}
	arena_free(a);
}

static void
lower_keeps_accents(void)
{
	static const uint32_t pairs[][2] = { { 'A', 'a' }, { 0xc4, 0xe4 },
		{ 0xd7, 0xd7 }, { 0xdf, 0xdf }, { 0x100, 0x101 },
		{ 0x139, 0x13a }, { 0x178, 0xff }, { 0x17d, 0x17e },
		{ 0x1cd, 0x1ce }, { 0x1ef8, 0x1ef9 }, { 0x3a3, 0x3c3 },
		{ 0x3c2, 0x3c2 }, { 0x42f, 0x44f }, { 0x531, 0x561 },
		{ 0x4e2d, 0x4e2d } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		CHECK_INT(utf8_lower(pairs[i][0]), pairs[i][1]);
		CHECK_INT(utf8_lower(pairs[i][1]), pairs[i][1]);
	}
}

TESTS(
    TEST(words), TEST(folding_twice_is_folding_once), TEST(lower_keeps_accents))
