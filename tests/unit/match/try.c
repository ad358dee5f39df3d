/* The shapes that "careerd try" prints. */
#include "check.h"
#include "cases.h"

static const char *
ask(const char *kind, const char *in)
{
	struct json *j = case_json(in), *out;
	const char *text;

	out = match_try(kind, j);
	text = json_dump(arena, out);
	json_free(out);
	json_free(j);
	return text;
}

static void
skills(void)
{
	arena_begin();
	CHECK_STR(ask("skills", "{'text':'Java is not needed'}"),
	    "{\"result\":[{\"skill\":\"Java\",\"section\":\"none\","
	    "\"negated\":true,\"start\":0,\"end\":4}]}");
	CHECK_STR(ask("skills", "{'text':''}"), "{\"result\":[]}");
	CHECK_STR(ask("skills", "{}"), "{\"error\":\"text: a text expected\"}");
}

static void
same(void)
{
	arena_begin();
	CHECK_STR(
	    ask("same", "{'a':{'title':'Cook','company':'SAP SE','location':"
			"'Bonn'},'b':{'title':'Cook','company':'SAP','places':"
			"[{'city':'Bonn','country':'DE'}]}}"),
	    "{\"result\":{\"same\":true,\"rule\":\"same-place\"}}");
	CHECK_STR(ask("same", "{'a':{},'b':{}}"),
	    "{\"result\":{\"same\":false,\"rule\":null}}");
	CHECK(strstr(ask("same", "{'a':{}}"), "\"error\"") != NULL);
	CHECK(strstr(ask("same", "{'a':1,'b':2}"), "\"error\"") != NULL);
}

static void
fit(void)
{
	const char *out;

	arena_begin();
	out = ask("fit",
	    "{'user':{'skills':['Basket weaving']},'job':{'description':"
	    "'Basket weaving is required.','posted_date':'2026-11-23'},"
	    "'now':'2026-11-24T08:00:00Z'}");
	CHECK_STR(out,
	    "{\"result\":{\"score\":100,\"parts\":{\"skills\":{\"points\":88,"
	    "\"of\":88},\"fresh\":{\"points\":12,\"of\":12}},\"evidence\":"
	    "{\"matched\":[\"Basket weaving\"],\"missing\":[],\"preferred\":[],"
	    "\"negated\":[],\"why\":\"1 of 1 skill: Basket weaving\"},"
	    "\"held_back_by\":null}}");
	CHECK(strstr(ask("fit", "{'user':{},'job':{},'now':'soon'}"),
		  "\"error\"") != NULL);
	CHECK(strstr(ask("fit", "{'job':{}}"), "\"error\"") != NULL);
	CHECK(strstr(ask("luck", "{}"), "luck") != NULL);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(skills), TEST(same), TEST(fit))
