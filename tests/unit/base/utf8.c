/*
 * UTF-8: every character there and back, every malformed sequence refused.
 */
#include "base/utf8.h"
#include "check.h"

static struct arena *arena;

static void
all_characters_there_and_back(void)
{
	for (uint32_t c = 1; c <= 0x10ffff; c++) {
		char s[4];
		const char *p = s;
		int n;
		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n = utf8_put(s, c);
		CHECK(utf8_is_valid(s, (size_t)n));
		CHECK_INT(utf8_next(&p, s + n), c);
		CHECK_INT(p - s, n);
		CHECK(!utf8_is_valid(s, (size_t)n - 1) || n == 1);
	}
}

static void
malformed(void)
{
	static const char *const bad[] = { "\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xc3", "\xc3(", "\xe0\x80\x80", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82", "\xe2(\xa1",
		"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80", "\xff", "\xfe", "\xf0\x9f\x92",
		"\xf8\x88\x80\x80\x80", "12345678\xff", "1234567\xff",
		"123456789012345\xc3" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!utf8_is_valid(bad[i], strlen(bad[i])));
	CHECK(!utf8_is_valid("\0", 1));
	CHECK(!utf8_is_valid("a\0b", 3));
	CHECK(!utf8_is_valid("1234567\0", 8));
	CHECK(!utf8_is_valid("12345678\0", 9));
	CHECK(utf8_is_valid("", 0));
	CHECK(utf8_is_valid("1234567890123456\x01\x7f", 18));
}

static void
bad_bytes_alone(void)
{
	const char *s = "\xe2\x82z", *p = s;

	CHECK_INT(utf8_next(&p, s + 3), 0xfffd);
	CHECK_INT(p - s, 1);
	CHECK_INT(utf8_next(&p, s + 3), 0xfffd);
	CHECK_INT(utf8_next(&p, s + 3), 'z');
	CHECK_INT(utf8_put((char[4]){ 0 }, 0xd800), 3);
	CHECK_INT(utf8_put((char[4]){ 0 }, 0x110000), 3);
}

static void
mending(void)
{
	arena = arena_new(1 << 16);
	CHECK_STR(utf8_mend(arena, "ok \xc3\xbc", 5), "ok \xc3\xbc");
	CHECK_STR(utf8_mend(arena, "a\0b\xff", 4), "a\xef\xbf\xbd"
						   "b\xef\xbf\xbd");
	CHECK_STR(utf8_mend(arena, "\xef\xbf\xbd\xff", 4),
	    "\xef\xbf\xbd\xef\xbf\xbd");
	CHECK_STR(utf8_mend(arena, "", 0), "");
	arena_free(arena);
}

static void
mending_noise(void)
{
	unsigned int seed = 7;
	char text[40], *got;

	arena = arena_new(1 << 20);
	for (int round = 0; round < 20000; round++) {
		size_t n = (size_t)round % sizeof(text);
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1103515245 + 12345;
			text[i] = (char)(seed >> 16);
		}
		got = utf8_mend(arena, text, n);
		CHECK(utf8_is_valid(got, strlen(got)));
		utf8_width(text, n);
		for (size_t cut = 0; cut <= n; cut++)
			CHECK(utf8_cut(text, n, cut) <= cut);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
cutting(void)
{
	const char *s = "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x92\xbcz"; /* 11 bytes */
	static const size_t want[] = { 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11,
		11 };

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		CHECK_INT(utf8_cut(s, 11, i), want[i]);
}

static int
width(const char *s)
{
	return utf8_width(s, strlen(s));
}

static void
columns(void)
{
	CHECK_INT(width("abc"), 3);
	CHECK_INT(width("gr\xc3\xbc\xc3\x9f"), 4);
	CHECK_INT(width("e\xcc\x81"), 1); /* e, combining acute */
	CHECK_INT(width("\xe6\x97\xa5\xe6\x9c\xac"), 4); /* two ideographs */
	CHECK_INT(width("\xed\x95\x9c"), 2);             /* Hangul */
	CHECK_INT(width("\xf0\x9f\x92\xbc"), 2);         /* briefcase */
	CHECK_INT(width("\xe2\x9c\x88"), 1);             /* aeroplane as text */
	CHECK_INT(width("\xe2\x9c\x88\xef\xb8\x8f"), 2); /* as a picture */
	CHECK_INT(width("\xe2\x80\x8b\xef\xbb\xbf"), 0);
	CHECK_INT(width("a\tb\x01"), 2);
	CHECK_INT(width("\xef\xbc\xa1"), 2); /* full width A */
	CHECK_INT(width("\xc2\xad"), 1);
}

static void
classes(void)
{
	static const uint32_t letters[] = { 'a', 'Z', 0xe4, 0x3b1, 0x416, 0x5d0,
		0x4e2d, 0x301, 0x1d4d0, 0xac00 };
	static const uint32_t others[] = { '0', '_', ' ', 0xd7, 0xf7, 0x2014,
		0x20ac, 0x1f4bc, 0x3002, 0x660, 0xfffd };

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		CHECK(utf8_is_letter(letters[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(!utf8_is_letter(others[i]));
	CHECK(utf8_is_space(' ') && utf8_is_space('\n'));
	CHECK(utf8_is_space(0xa0) && utf8_is_space(0x202f));
	CHECK(!utf8_is_space(0x200b) && !utf8_is_space('x'));
	CHECK(utf8_is_digit('7') && !utf8_is_digit(0x667));
}

TESTS(TEST(all_characters_there_and_back), TEST(malformed),
    TEST(bad_bytes_alone), TEST(mending), TEST(mending_noise), TEST(cutting),
    TEST(columns), TEST(classes))
