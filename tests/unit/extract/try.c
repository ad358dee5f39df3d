#include "base/json.h"
#include "check.h"
#include "extract/extract.h"

static struct arena *arena;

static const char *
ask(const char *kind, const char *question)
{
	struct json *in = json_parse(question, strlen(question), NULL), *out;
	const char *text;

	CHECK(in != NULL);
	arena_free(arena);
	arena = arena_new(1 << 22);
	out = extract_try(kind, in);
	text = json_dump(arena, out);
	json_free(out);
	json_free(in);
	return text;
}

static void
css(void)
{
	CHECK_STR(
	    ask("css", "{\"document\":\"<ul><li class=a>x <b>y</b><li>z</ul>\","
		       "\"selector\":\"li\"}"),
	    "{\"result\":[\"x y\",\"z\"]}");
	CHECK_STR(ask("css", "{\"document\":\"<a href=/1>x</a><a>y</a>\","
			     "\"selector\":\"a\",\"attr\":\"href\"}"),
	    "{\"result\":[\"/1\"]}");
	CHECK_STR(ask("css", "{\"document\":\"<a href=/1>x</a>\","
			     "\"selector\":\"a@href\"}"),
	    "{\"result\":[\"/1\"]}");
	CHECK_STR(ask("css", "{\"document\":\"\",\"selector\":\"h2 >> a\"}"),
	    "{\"error\":\"unexpected '>' at character 5\"}");
	CHECK_STR(ask("css", "{\"document\":\"\",\"selector\":\"@media\"}"),
	    "{\"error\":\"unexpected '@' at character 1\"}");
	CHECK_STR(ask("css", "{\"selector\":\"a\"}"),
	    "{\"error\":\"document: expected HTML text\"}");
	CHECK_STR(ask("css", "{\"document\":\"\",\"selector\":5}"),
	    "{\"error\":\"selector: expected text\"}");
}

static void
xpath(void)
{
	CHECK_STR(ask("xpath", "{\"document\":\"<p id=a>x<p>y\","
			       "\"selector\":\"//p\"}"),
	    "{\"result\":[\"x\",\"y\"]}");
	CHECK_STR(ask("xpath", "{\"document\":\"<p id=a>x<p>y\","
			       "\"selector\":\"//p\",\"attr\":\"id\"}"),
	    "{\"result\":[\"a\"]}");
	CHECK_STR(ask("xpath",
		      "{\"document\":\"<p id=a>x\",\"selector\":\"//p/@id\"}"),
	    "{\"result\":[\"a\"]}");
	CHECK(strncmp(ask("xpath", "{\"document\":\"\",\"selector\":\"//[\"}"),
		  "{\"error\":", 9) == 0);
}

static void
jsonpath(void)
{
	CHECK_STR(
	    ask("jsonpath", "{\"document\":{\"a\":[1,{\"b\":\"x\"},2.50]},"
			    "\"selector\":\"$.a[*]\"}"),
	    "{\"result\":[1,{\"b\":\"x\"},2.5]}");
	CHECK_STR(ask("jsonpath", "{\"document\":null,\"selector\":\"$\"}"),
	    "{\"result\":[null]}");
	CHECK_STR(ask("jsonpath", "{\"document\":[],\"selector\":\"$[*]\"}"),
	    "{\"result\":[]}");
	CHECK_STR(ask("jsonpath", "{\"document\":1,\"selector\":\"$[\"}"),
	    "{\"error\":\"expected a selector at character 3\"}");
	CHECK_STR(ask("jsonpath", "{\"selector\":\"$\"}"),
	    "{\"error\":\"document: expected JSON\"}");
}

static void
others(void)
{
	CHECK_STR(ask("nonsense", "{}"), "{\"error\":\"no such judgement\"}");
	CHECK(strstr(ask("message", "{\"message\":\"Subject: hi\\n\\nx\"}"),
		  "\"result\"") != NULL);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(css), TEST(xpath), TEST(jsonpath), TEST(others))
