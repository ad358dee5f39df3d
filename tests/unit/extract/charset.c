#include "extract/charset.h"

#include "check.h"
#include "base/utf8.h"

static struct arena *arena;

static const char *
read_n(const char *bytes, size_t n, const char *type, enum charset_hint hint)
{
	const char *text;

	arena_free(arena);
	arena = arena_new(1 << 22);
	text = charset_read(arena, bytes, &n, type, hint);
	CHECK(utf8_is_valid(text, n));
	return arena_strndup(arena, text, n);
}

/* Converters are loaded from files, which valgrind takes amiss in ld.so. */
static void
need_converters(void)
{
	const char *preload = getenv("LD_PRELOAD");

	if (preload != NULL && strstr(preload, "vgpreload") != NULL)
		SKIP("converters under valgrind");
}

static const char *
read(const char *bytes, const char *type, enum charset_hint hint)
{
	return read_n(bytes, strlen(bytes), type, hint);
}

static void
by_http(void)
{
	CHECK_STR(
	    read("M\xfcller", "text/html; charset=ISO-8859-1", CHARSET_HTML),
	    "M\xc3\xbcller");
	CHECK_STR(read("\x80 5", "text/html;charset=\"latin1\"", CHARSET_HTML),
	    "\xe2\x82\xac 5");
	need_converters();
	CHECK_STR(read("\xcf\xf0\xe8", "text/html; charset=windows-1251",
		      CHARSET_HTML),
	    "\xd0\x9f\xd1\x80\xd0\xb8");
	CHECK_STR(read("\x93\xfa\x96\x7b", "text/html; charset=Shift_JIS",
		      CHARSET_HTML),
	    "\xe6\x97\xa5\xe6\x9c\xac");
	CHECK_STR(
	    read("\xd6\xd0\xb9\xfa", "text/html; charset=gb2312", CHARSET_HTML),
	    "\xe4\xb8\xad\xe5\x9b\xbd");
	CHECK_STR(
	    read("\xc7\xd1", "application/json; charset=euc-kr", CHARSET_JSON),
	    "\xed\x95\x9c");
	/* A wrong label of a single-byte charset is not believed. */
	CHECK_STR(read("M\xc3\xbcller", "text/html; charset=iso-8859-1",
		      CHARSET_HTML),
	    "M\xc3\xbcller");
}

static void
by_itself(void)
{
	need_converters();
	CHECK_STR(read("<head><meta charset=windows-1250>\x9e", "text/html",
		      CHARSET_HTML),
	    "<head><meta charset=windows-1250>\xc5\xbe");
	CHECK_STR(read("<META HTTP-EQUIV=Content-Type CONTENT=\"text/html; "
		       "charset=iso-8859-2\">\xb1",
		      NULL, CHARSET_HTML),
	    "<META HTTP-EQUIV=Content-Type CONTENT=\"text/html; "
	    "charset=iso-8859-2\">\xc4\x85");
	CHECK_STR(read("<?xml version='1.0' encoding='ISO-8859-15'?>\xa4", NULL,
		      CHARSET_XML),
	    "<?xml version='1.0' encoding='ISO-8859-15'?>\xe2\x82\xac");
	CHECK_STR(read("caf\351", NULL, CHARSET_HTML), "caf\xc3\xa9");
	CHECK_STR(read("caf\303\251", NULL, CHARSET_HTML), "caf\303\251");
	/* JSON is UTF-8: what is not is broken, not windows-1252. */
	CHECK_STR(
	    read("\"caf\xe9\"", NULL, CHARSET_JSON), "\"caf\xef\xbf\xbd\"");
}

/* Windows' quotes that were taken for Latin-1 on their way into UTF-8. */
static void
controls(void)
{
	CHECK_STR(read("don\xc2\x92t \xc2\x80"
		       "5",
		      NULL, CHARSET_XML),
	    "don\xe2\x80\x99t \xe2\x82\xac"
	    "5");
	CHECK_STR(read("\"a \xc2\x96 b\"", NULL, CHARSET_JSON),
	    "\"a \xe2\x80\x93 b\"");
	/* What stands for nothing stays, and so does what is well. */
	CHECK_STR(read("\xc2\x81\xc2\xa0\xc3\xa9\xc2",
		      "text/html; "
		      "charset=utf-8",
		      CHARSET_HTML),
	    "\xc2\x81\xc2\xa0\xc3\xa9\xef\xbf\xbd");
}

static void
by_mark(void)
{
	need_converters();
	CHECK_STR(read("\xef\xbb\xbf"
		       "a",
		      "text/html; charset=latin1", CHARSET_HTML),
	    "a");
	CHECK_STR(read_n("\xff\xfe"
			 "a\0\xe9\0",
		      6, NULL, CHARSET_HTML),
	    "a\xc3\xa9");
	CHECK_STR(
	    read_n("\xfe\xff\0a\0\xe9", 6, NULL, CHARSET_XML), "a\xc3\xa9");
	CHECK_STR(read_n("\xff\xfe"
			 "a\0\xe9",
		      5, NULL, CHARSET_HTML),
	    "a\xef\xbf\xbd");
}

static void
broken(void)
{
	need_converters();
	CHECK_STR(read_n("a\0b", 3, NULL, CHARSET_HTML), "a\xef\xbf\xbd"
							 "b");
	CHECK_STR(read("\x81", "text/html; charset=shift_jis", CHARSET_HTML),
	    "\xef\xbf\xbd");
	CHECK_STR(read("a\377", "text/html; charset=utf-8", CHARSET_HTML),
	    "a\xef\xbf\xbd");
	CHECK_STR(read("a\377", "text/html; charset=nonsense", CHARSET_HTML),
	    "a\303\277");
	CHECK_STR(read("", NULL, CHARSET_HTML), "");
	arena_free(arena);
	arena = NULL;
}

static void
warm(void)
{
	need_converters();
	charset_warm_up();
	CHECK_STR(read("\247A", "text/html; charset=big5", CHARSET_HTML),
	    "\xe4\xbd\xa0");
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(by_http), TEST(by_itself), TEST(controls), TEST(by_mark),
    TEST(broken), TEST(warm))
