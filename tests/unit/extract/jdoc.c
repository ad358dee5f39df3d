#include "extract/jdoc.h"

#include <math.h>
#include "base/limits.h"
#include "check.h"

static struct arena *arena;

static enum jdoc_result
parse(const char *text, enum jdoc_mode mode, const struct jnode **root)
{
	arena_free(arena);
	arena = arena_new_soft(256 * 1024 * 1024);
	*root = NULL;
	return jdoc_parse(arena, text, strlen(text), mode, root, NULL);
}

static bool
good(const char *text)
{
	const struct jnode *root;

	return parse(text, JDOC_STRICT, &root) == JDOC_OK;
}

static bool
good_leniently(const char *text)
{
	const struct jnode *root;

	return parse(text, JDOC_LENIENT, &root) == JDOC_OK;
}

/* The text read and written again; "" if it was refused. */
static const char *
again(const char *text)
{
	static struct buf out;
	const struct jnode *root;

	buf_fini(&out);
	buf_init(&out, 1 << 20);
	if (parse(text, JDOC_STRICT, &root) == JDOC_OK)
		jnode_write(root, &out);
	return buf_cstr(&out);
}

static void
values(void)
{
	CHECK_STR(again(" null "), "null");
	CHECK_STR(
	    again("[true, false,\n1,-0.5e+3 ]"), "[true,false,1,-0.5e+3]");
	CHECK_STR(again("{}"), "{}");
	CHECK_STR(again("[]"), "[]");
	CHECK_STR(again("{\"a\":{\"b\":[1,[],{}]},\"c\":\"d\"}"),
	    "{\"a\":{\"b\":[1,[],{}]},\"c\":\"d\"}");
	CHECK_STR(again("\xef\xbb\xbf[1]"), "[1]");
	CHECK_STR(again("12345678901234567890"), "12345678901234567890");
}

static void
strings(void)
{
	CHECK_STR(again("\"a\\n\\\"\\\\\\/\\u00e9\""),
	    "\"a\\u000a\\\"\\\\/\xc3\xa9\"");
	CHECK_STR(again("\"\\ud83d\\ude00\""), "\"\xf0\x9f\x98\x80\"");
	CHECK_STR(again("\"\\ud83dx\""), "\"\xef\xbf\xbdx\"");
	CHECK_STR(again("\"a\\u0000b\""), "\"a\xef\xbf\xbd"
					  "b\"");
	CHECK_STR(again("\"plain text longer than sixteen \\t and again "
			"longer than that \xc3\xbc.\""),
	    "\"plain text longer than sixteen \\u0009 and again longer than "
	    "that \xc3\xbc.\"");
	CHECK(!good("\"a\nb\""));
	CHECK(!good("\"\\x\""));
	CHECK(!good("\"\\u12g4\""));
	CHECK(!good("\"open"));
	CHECK(!good("\"open\\"));
	CHECK(!good("\"\\u12"));
}

static void
malformed(void)
{
	static const char *const bad[] = { "", " ", "[", "[1", "[1,", "[1,]",
		"{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}",
		"[1 2]", "01", "1.", ".5", "1e", "+1", "-", "NaN", "tru",
		"truex", "1 2", "[1}", "{1}", "]", ",", "{\"a\" 1}", "[1]/*c*/",
		"'a'" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (good(bad[i])) {
			printf("accepted: %s\n", bad[i]);
			CHECK(false);
		}
}

static void
fault_is_located(void)
{
	struct arena *a = arena_new_soft(1 << 20);
	const struct jnode *root;
	struct err e = { 0 };
	const char text[] = "{\"a\": 1, \"b\" 2}";

	CHECK_INT(jdoc_parse(a, text, strlen(text), JDOC_STRICT, &root, &e),
	    JDOC_MALFORMED);
	CHECK_STR(e.text, "byte 13: expected ':'");
	CHECK_INT(
	    jdoc_parse(a, "[1,", 3, JDOC_STRICT, &root, &e), JDOC_MALFORMED);
	CHECK_STR(e.text, "byte 3: cut off");
	/* NUL is no end of text. */
	CHECK_INT(
	    jdoc_parse(a, "[1]\0x", 5, JDOC_STRICT, &root, &e), JDOC_MALFORMED);
	arena_free(a);
}

static void
utf8(void)
{
	const struct jnode *root;

	CHECK_INT(parse("[\"\xff\"]", JDOC_STRICT, &root), JDOC_NOT_UTF8);
	CHECK_INT(parse("[\"\xc0\xaf\"]", JDOC_STRICT, &root), JDOC_NOT_UTF8);
	CHECK_INT(
	    parse("[\"\xed\xa0\x80\"]", JDOC_STRICT, &root), JDOC_NOT_UTF8);
	CHECK_INT(
	    parse("[\"\xf4\x90\x80\x80\"]", JDOC_STRICT, &root), JDOC_NOT_UTF8);
	CHECK_INT(parse("[\"\xe2\x82", JDOC_STRICT, &root), JDOC_NOT_UTF8);
	CHECK(good("[\"\xf4\x8f\xbf\xbf\xe2\x82\xac\"]"));
}

static void
lenient(void)
{
	CHECK(good_leniently("[1,2,]"));
	CHECK(good_leniently("{\"a\":\"x\ny\",}"));
	CHECK(good_leniently("//<![CDATA[\n{\"a\":1}\n//]]>"));
	CHECK(good_leniently("/*<![CDATA[*/{\"a\":1}/*]]>*/"));
	CHECK(good_leniently("<!--\n{\"a\":1}\n-->"));
	CHECK(good_leniently("// what\n[1 /* one */, 2];\n"));
	CHECK(good_leniently("[-1]"));
	CHECK(!good_leniently("[1"));
	CHECK(!good_leniently("/* open"));
	CHECK(!good_leniently("[,]"));
}

static void
depth(void)
{
	static char text[2 * LIMIT_JDOC_DEPTH + 10];

	memset(text, '[', LIMIT_JDOC_DEPTH);
	memset(text + LIMIT_JDOC_DEPTH, ']', LIMIT_JDOC_DEPTH);
	CHECK(good(text));
	memset(text, '[', LIMIT_JDOC_DEPTH + 1);
	memset(text + LIMIT_JDOC_DEPTH + 1, ']', LIMIT_JDOC_DEPTH + 1);
	CHECK(!good(text));
}

/* Fifteen megabytes of "{}," would be 80 MB of nodes. */
static void
too_many(void)
{
	size_t n = 15 * 1024 * 1024;
	char *text = malloc(n);
	struct arena *a = arena_new_soft(256 * 1024 * 1024);
	const struct jnode *root;

	for (size_t i = 0; i < n; i++)
		text[i] = i % 3 == 0 ? '{' : i % 3 == 1 ? '}' : ',';
	CHECK_INT(
	    jdoc_parse(a, text, n, JDOC_STRICT, &root, NULL), JDOC_TOO_BIG);
	CHECK_INT(arena_used(a), 0);
	/* As many commas in one string are no values. */
	memset(text, ',', n);
	text[0] = text[n - 1] = '"';
	CHECK_INT(jdoc_parse(a, text, n, JDOC_STRICT, &root, NULL), JDOC_OK);
	free(text);
	arena_free(a);
}

static void
access(void)
{
	const struct jnode *root, *list;

	CHECK_INT(parse("{\"a\":1,\"list\":[{\"x\":[0]},20,\"s\",true,null],"
			"\"a\":2}",
		      JDOC_STRICT, &root),
	    JDOC_OK);
	CHECK_STR(jnode_text(arena, jnode_member(root, "a")), "2");
	list = jnode_member(root, "list");
	CHECK_INT(list->len, 5);
	CHECK(jnode_double(jnode_at(list, 1)) == 20);
	CHECK_STR(jnode_text(arena, jnode_at(list, -3)), "s");
	CHECK_STR(jnode_text(arena, jnode_at(list, 3)), "true");
	CHECK(jnode_text(arena, jnode_at(list, 4)) == NULL);
	CHECK(jnode_at(list, 5) == NULL);
	CHECK(jnode_at(list, -6) == NULL);
	CHECK(jnode_member(root, "b") == NULL);
	CHECK(jnode_member(list, "b") == NULL);
	CHECK(isnan(jnode_double(list)));
}

static void
equality(void)
{
	const struct jnode *root;

	CHECK_INT(parse("[{\"a\":[1,2.0],\"b\":null},"
			"{\"b\":null,\"a\":[1.0,2]},{\"a\":[1,2]}]",
		      JDOC_STRICT, &root),
	    JDOC_OK);
	CHECK(jnode_equal(jnode_at(root, 0), jnode_at(root, 1)));
	CHECK(!jnode_equal(jnode_at(root, 0), jnode_at(root, 2)));
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(values), TEST(strings), TEST(malformed), TEST(fault_is_located),
    TEST(utf8), TEST(lenient), TEST(depth), TEST(too_many), TEST(access),
    TEST(equality))
