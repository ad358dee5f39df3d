/*
 * JSON: what is refused and where, and that what is printed reads the same.
 */
#include <math.h>
#include "base/json.h"
#include "check.h"

static struct arena *arena;

/* text parsed and printed again, or the error in brackets. */
static const char *
again(const char *text)
{
	struct err e = { 0 };
	struct json *j = json_parse(text, strlen(text), &e);
	char *out;

	if (j == NULL)
		return arena_printf(arena, "[%s]", e.text);
	out = json_dump(arena, j);
	json_free(j);
	return out;
}

static void
there_and_back(void)
{
	static const char *const texts[] = { "null", "true", "false", "0", "-1",
		"9223372036854775807", "-9223372036854775808", "0.1", "1.0",
		"1e+300", "4.94065645841247e-324", "1.7976931348623157e+308",
		"\"\"", "\"a\\\"\\\\b\"", "\"\\n\\t\\u0001\\u007f\"",
		"\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x92\xbc\"", "[]", "{}",
		"[1,[2,[]],{\"a\":null}]",
		"{\"z\":1,\"a\":{\"y\":[],\"b\":\"c\"},\"m\":2.5}" };

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK_STR(again(texts[i]), texts[i]);
	CHECK_STR(again(" { \"a\" : [ 1 , 2 ] } \n"), "{\"a\":[1,2]}");
	CHECK_STR(
	    again("\"\\u00fc\\ud83d\\udcbc\""), "\"\xc3\xbc\xf0\x9f\x92\xbc\"");
	arena_free(arena);
}

static void
refused_with_a_place(void)
{
	arena = arena_new(1 << 20);
	CHECK(strstr(again("{\n  \"a\": 1,\n  \"b\" 2\n}"),
		  "[line 3, column ") != NULL);
	CHECK(strstr(again("{\"a\":1,\"a\":2}"), "duplicate") != NULL);
	CHECK(again("")[0] == '[');
	CHECK(strncmp(again("[1] x"), "[line 1", 7) == 0);
	CHECK(strncmp(again("nul"), "[line 1", 7) == 0);
	CHECK(strncmp(again("\"\xff\""), "[line 1", 7) == 0);
	CHECK(strncmp(again("\"\\ud800\""), "[line 1", 7) == 0);
	CHECK(strncmp(again("\"\\u0000\""), "[line 1", 7) == 0);
	CHECK(strncmp(again("1e999"), "[line 1", 7) == 0);
	CHECK(strncmp(again("99999999999999999999"), "[line 1", 7) == 0);
	CHECK(strncmp(again("{'a':1}"), "[line 1", 7) == 0);
	CHECK(strncmp(again("[1,]"), "[line 1", 7) == 0);
	CHECK(strncmp(again("// x\n1"), "[line 1", 7) == 0);
	CHECK(json_parse("1\0", 2, NULL) == NULL);
	CHECK(json_parse("\"\\", 2, NULL) == NULL);
	arena_free(arena);
}

static void
depth(void)
{
	char text[200000];

	arena = arena_new(1 << 20);
	memset(text, '[', 64);
	memset(text + 64, ']', 64);
	text[128] = '\0';
	CHECK_STR(again(text), text);
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	text[130] = '\0';
	CHECK(strstr(again(text), "nested deeper than 64") != NULL);
	memset(text, '[', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	CHECK(strstr(again(text), "nested deeper than 64") != NULL);
	/* Brackets in strings are no nesting. */
	memset(text, '[', 100);
	memcpy(text, "[\"\\\"", 4);
	strcpy(text + 100, "\"]");
	CHECK_STR(again(text), text);
	arena_free(arena);
}

static void
building(void)
{
	struct json *o = json_object(), *list = json_array(), *kept;

	arena = arena_new(1 << 20);
	json_set(o, "z", json_int(5));
	json_set(o, "a", json_string("x"));
	json_set(o, "none", json_string(NULL));
	json_set(o, "nan", json_real(NAN));
	json_set(o, "list", list);
	json_append(list, json_bool(true));
	json_append(list, json_real(2));
	json_append(list, json_null());
	json_set(o, "z", json_int(6));
	CHECK_STR(json_dump(arena, o),
	    "{\"z\":6,\"a\":\"x\",\"none\":null,\"nan\":null,"
	    "\"list\":[true,2.0,null]}");
	kept = json_ref(json_get(o, "list"));
	json_free(o);
	CHECK_INT(json_size(kept), 3);
	CHECK(json_true(json_at(kept, 0)));
	json_free(kept);
	arena_free(arena);
}

static void
mended_strings(void)
{
	struct json *j = json_string("a\xff\xc3\xbc\xed\xa0\x80");

	CHECK_STR(json_text(j),
	    "a\xef\xbf\xbd\xc3\xbc\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	json_free(j);
}

static void
reading(void)
{
	static const char text[] = "{\"i\":7,\"r\":1.5,\"s\":\"t\",\"b\":true,"
				   "\"n\":null,\"a\":[1,2]}";
	struct json *o = json_parse(text, sizeof(text) - 1, NULL);
	struct json *value = NULL;
	const char *key = NULL;

	CHECK(json_is_object(o) && json_size(o) == 6);
	CHECK_INT(json_get_i64(o, "i", -1), 7);
	CHECK_INT(json_get_i64(o, "r", -1), -1);
	CHECK_INT(json_get_i64(o, "absent", -1), -1);
	CHECK(json_double(json_get(o, "r"), 0) == 1.5);
	CHECK(json_double(json_get(o, "i"), 0) == 7);
	CHECK(json_double(json_get(o, "s"), 9) == 9);
	CHECK_STR(json_get_text(o, "s"), "t");
	CHECK(json_get_text(o, "i") == NULL);
	CHECK(json_get_true(o, "b") && !json_get_true(o, "i"));
	CHECK(json_is_null(json_get(o, "n")) && !json_is_null(NULL));
	CHECK(json_is_bool(json_get(o, "b")) && json_is_int(json_get(o, "i")));
	CHECK(
	    json_is_number(json_get(o, "r")) && !json_is_int(json_get(o, "r")));
	CHECK(json_is_string(json_get(o, "s")) &&
	      json_is_array(json_get(o, "a")));
	CHECK(json_at(json_get(o, "a"), 2) == NULL && json_at(o, 0) == NULL);
	CHECK(json_get(NULL, "x") == NULL && json_text(NULL) == NULL);
	CHECK(json_get(json_get(o, "a"), "x") == NULL);
	CHECK_INT(json_size(NULL), 0);
	CHECK(json_member(o, 2, &key, &value));
	CHECK_STR(key, "s");
	CHECK_STR(json_text(value), "t");
	CHECK(!json_member(o, 6, &key, &value));
	CHECK(!json_member(NULL, 0, &key, &value));
	json_free(o);
	json_free(NULL);
}

static void
pretty(void)
{
	static const char text[] = "{\"a\":[1,{}],\"b\":[],\"c\":{\"d\":2}}";
	struct json *o = json_parse(text, sizeof(text) - 1, NULL);

	arena = arena_new(1 << 20);
	CHECK_STR(json_dump_pretty(arena, o),
	    "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": [],\n"
	    "  \"c\": {\n    \"d\": 2\n  }\n}");
	CHECK_STR(json_dump(arena, NULL), "null");
	json_free(o);
	arena_free(arena);
}

TESTS(TEST(there_and_back), TEST(refused_with_a_place), TEST(depth),
    TEST(building), TEST(mended_strings), TEST(reading), TEST(pretty))
