/* Text fitted into columns. */
#include <string.h>
#include "base/str.h"
#include "check.h"

static void
shortening(void)
{
	struct arena *a = arena_new(1 << 20);
	char *long_word = arena_alloc(a, 1001);

	memset(long_word, 'x', 1000);
	CHECK_STR(str_shorten(a, "C Developer", 11), "C Developer");
	CHECK_STR(str_shorten(a, "Senior C Developer (remote)", 18),
	    "Senior C\xe2\x80\xa6");
	CHECK_STR(str_shorten(a, "Senior C Developer, Berlin", 20),
	    "Senior C Developer\xe2\x80\xa6");
	CHECK_INT(strlen(str_shorten(a, long_word, 110)), 109 + 3);
	/* Never inside a character, and wide ones take two columns. */
	CHECK_STR(str_shorten(a, "\xe4\xbd\xa0\xe4\xbd\xa0\xe4\xbd\xa0", 4),
	    "\xe4\xbd\xa0\xe2\x80\xa6");
	CHECK_STR(str_shorten(a, "", 4), "");
	arena_free(a);
}

static void
wrapping(void)
{
	static const char url[] =
	    "  https://example.org/a/very/long/address/of/a/job/1";
	struct arena *a = arena_new(1 << 20);

	CHECK_STR(str_wrap(a, "one two three\n", 100), "one two three\n");
	CHECK_STR(str_wrap(a, "one two three", 7), "one two\nthree");
	CHECK_STR(str_wrap(a, "  why: one two three\n\n-- \nend\n", 10),
	    "  why: one\n  two\n  three\n\n-- \nend\n");
	CHECK_STR(str_wrap(a, url, 20), url);
	CHECK_STR(str_wrap(a, "see https://example.org/long/one now", 10),
	    "see\nhttps://example.org/long/one\nnow");
	CHECK_STR(str_wrap(a, "", 10), "");
	CHECK_STR(
	    str_wrap(a, "                    ", 10), "                    ");
	arena_free(a);
}

TESTS(TEST(shortening), TEST(wrapping))
