/*
 * Strings, and bytes from outside made harmless.
 */
#include "base/str.h"
#include "base/utf8.h"
#include "check.h"

static struct arena *arena;

static void
copying(void)
{
	char to[4] = "zzz";

	CHECK_INT(str_copy(to, "ab", sizeof(to)), 2);
	CHECK_STR(to, "ab");
	CHECK_INT(str_copy(to, "abcdef", sizeof(to)), 6);
	CHECK_STR(to, "abc");
	CHECK_INT(str_copy(to, "x", 0), 1);
	CHECK_STR(to, "abc");
}

static void
comparing(void)
{
	CHECK(str_is_empty(NULL) && str_is_empty("") && str_is_empty(" \t\n"));
	CHECK(str_is_empty("\xc2\xa0\xe3\x80\x80") && !str_is_empty(" x"));
	CHECK(str_eq(NULL, NULL) && !str_eq(NULL, "") && str_eq("a", "a"));
	CHECK(str_eq_ci("AbC", "aBc") && !str_eq_ci("ab", "abc"));
	CHECK(!str_eq_ci("abc", "ab") && !str_eq_ci("[", "{"));
	CHECK(!str_eq_ci(NULL, "") && str_eq_ci(NULL, NULL));
	CHECK(str_starts("abc", "ab") && str_starts("abc", ""));
	CHECK(!str_starts("ab", "abc"));
	CHECK(str_ends("abc", "bc") && str_ends("abc", ""));
	CHECK(!str_ends("bc", "abc"));
}

static void
finding(void)
{
	CHECK_STR(str_find_ci("The Senior Dev", "senior"), "Senior Dev");
	CHECK_STR(str_find_ci("aaab", "AAB"), "aab");
	CHECK_STR(str_find_ci("abc", ""), "abc");
	CHECK_STR(str_find_ci("C++ and C#", "c#"), "C#");
	CHECK(str_find_ci("abc", "abcd") == NULL);
	CHECK(str_find_ci("", "a") == NULL);
	CHECK_STR(str_find_ci("x[y", "[Y"), "[y");
	CHECK(str_find_ci("x{y", "[y") == NULL);
}

static void
white_space(void)
{
	arena = arena_new(1 << 16);
	CHECK_STR(str_fold_space(arena, "  a \t\r\n b\xc2\xa0\xe2\x80\x83"
					"c  "),
	    "a b c");
	CHECK_STR(str_fold_space(arena, ""), "");
	CHECK_STR(str_fold_space(arena, " \n "), "");
	CHECK_STR(str_fold_space(arena, "a\xff b"), "a\xff b");
	CHECK_STR(str_lower(arena, "AbC\xc3\x84[Z"), "abc\xc3\x84[z");
	arena_free(arena);
}

static void
nearest_word(void)
{
	static const char *const list[] = { "title", "company", "places",
		"salary", "url" };

	CHECK_STR(str_nearest("titel", list, 5), "title");
	CHECK_STR(str_nearest("Compnay", list, 5), "company");
	CHECK_STR(str_nearest("place", list, 5), "places");
	CHECK_STR(str_nearest("ulr", list, 5), "url");
	CHECK(str_nearest("description", list, 5) == NULL);
	CHECK(str_nearest("", list, 5) == NULL);
	CHECK(str_nearest("xy", list, 5) == NULL);
	CHECK(str_nearest("a-word-much-too-long-to-be-any-name-of-an-option",
		  list, 5) == NULL);
}

static void
safe_text(void)
{
	arena = arena_new(1 << 16);
	CHECK_STR(str_safe(arena, "plain \xc3\xbc", 100), "plain \xc3\xbc");
	CHECK_STR(str_safe(arena, "a\x1b[2J\n", 100), "a\\x1b[2J\\x0a");
	CHECK_STR(str_safe(arena, "\xff\xc3", 100), "\\xff\\xc3");
	CHECK_STR(str_safe(arena,
		      "\xe2\x80\xae"
		      "x",
		      100),
	    "\\xe2\\x80\\xaex");
	CHECK_STR(str_safe(arena,
		      "\xc2\x9b"
		      "1m",
		      100),
	    "\\xc2\\x9b1m");
	CHECK_STR(str_safe(arena, "\xef\xbf\xbd", 100), "\xef\xbf\xbd");
	CHECK_STR(str_safe(arena, "abcdef", 6), "abcdef");
	CHECK_STR(str_safe(arena, "abcdefg", 6), "abc...");
	CHECK_STR(str_safe(arena, "ab\xc3\xbc\xc3\xbc\xc3\xbc", 6), "ab...");
	CHECK_STR(str_safe(arena, "ab\ncd", 6), "ab...");
	CHECK_STR(str_safe(arena, "abc", 2), "..");
	CHECK_STR(str_safe(arena, "abc", 0), "");
	arena_free(arena);
}

static void
safe_text_is_always_safe(void)
{
	unsigned int seed = 1;
	char text[60], *got;

	arena = arena_new(1 << 20);
	for (int round = 0; round < 5000; round++) {
		size_t n = (size_t)round % (sizeof(text) - 1), max;
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1103515245 + 12345;
			text[i] = (char)((seed >> 16) % 255 + 1);
		}
		text[n] = '\0';
		max = (size_t)round % 77;
		got = str_safe(arena, text, max);
		CHECK(strlen(got) <= max);
		CHECK(utf8_is_valid(got, strlen(got)));
		for (const char *p = got; *p != '\0'; p++)
			CHECK((unsigned char)*p >= ' ' && *p != 0x7f);
		arena_reset(arena);
	}
	arena_free(arena);
}

static void
clean_text(void)
{
	static const char plain[] = "Caf\xc3\xa9 \xe2\x82\xac 5\n\tC++";

	arena = arena_new(1024L * 1024);
	CHECK(str_clean(arena, plain) == plain);
	CHECK_STR(str_clean(arena, "\033[2JC \x07"
				   "dev\x7f\n"),
	    "[2JC dev\n");
	CHECK_STR(str_clean(arena, "\xe2\x80\xae"
				   "gro\xe2\x81\xa9 \xc2\x9b"
				   "1m"),
	    "gro 1m");
	CHECK_STR(str_clean(arena, "De\xe2\x80\x8bv\xef\xbb\xbf"), "Dev");
	CHECK_STR(str_clean(arena, "\r\xe2\x80\xa8"), "");
	/* The joiners of Persian and of emoji stay. */
	CHECK_STR(str_clean(arena, "\033\xe2\x80\x8d"), "\xe2\x80\x8d");
	arena_free(arena);
}

static void
encodings(void)
{
	arena = arena_new(1 << 16);
	CHECK_STR(str_base64(arena, "", 0), "");
	CHECK_STR(str_base64(arena, "f", 1), "Zg==");
	CHECK_STR(str_base64(arena, "fo", 2), "Zm8=");
	CHECK_STR(str_base64(arena, "foo", 3), "Zm9v");
	CHECK_STR(str_base64(arena, "10001-1002716922-S", 18),
	    "MTAwMDEtMTAwMjcxNjkyMi1T");
	CHECK_STR(str_base64(arena, "\xff\xff\xff\xfe", 4), "/////g==");
	CHECK_STR(str_base32(arena, "", 0), "");
	CHECK_STR(str_base32(arena, "f", 1), "my");
	CHECK_STR(str_base32(arena, "fo", 2), "mzxq");
	CHECK_STR(str_base32(arena, "foo", 3), "mzxw6");
	CHECK_STR(str_base32(arena, "foob", 4), "mzxw6yq");
	CHECK_STR(str_base32(arena, "fooba", 5), "mzxw6ytb");
	CHECK_STR(str_base32(arena, "foobar", 6), "mzxw6ytboi");
	CHECK_STR(str_base32(arena, "\xff\xff\xff", 3), "77776");
	CHECK_STR(str_hex(arena, "\x00\xff\x1a", 3), "00ff1a");
	CHECK_STR(str_hex(arena, "", 0), "");
	arena_free(arena);
}

TESTS(TEST(copying), TEST(comparing), TEST(finding), TEST(white_space),
    TEST(nearest_word), TEST(safe_text), TEST(safe_text_is_always_safe),
    TEST(clean_text), TEST(encodings))
