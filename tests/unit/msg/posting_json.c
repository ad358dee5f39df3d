#include "check.h"
#include "base/json.h"
#include "msg/posting.h"

static const char FULL[] =
    "{\"source\":\"s\",\"external_id\":\"1\",\"url\":\"https://a.example/1\","
    "\"apply_url\":null,\"title\":\"Engineer\",\"company\":\"Acme\","
    "\"places\":[{\"city\":\"Berlin\",\"region\":null,\"country\":\"DE\"}],"
    "\"remote\":\"hybrid\",\"description\":\"Text\","
    "\"description_html\":null,\"salary\":{\"min\":75000,\"max\":90000.5,"
    "\"currency\":\"EUR\",\"period\":\"year\",\"predicted\":false},"
    "\"job_type\":\"full-time\",\"experience_level\":\"senior\","
    "\"requirements\":[\"C\"],\"benefits\":[],\"tags\":[],"
    "\"language\":\"en\",\"posted_date\":\"2026-11-24\","
    "\"closes_date\":\"2026-12-24T08:30:00Z\","
    "\"metadata\":{\"team\":\"Core\"},\"warnings\":[]}";

static void
prints_exactly_its_keys(void)
{
	struct arena *a = arena_new(1024 * 1024);
	struct json *in = json_parse(FULL, strlen(FULL), NULL), *out;
	struct posting p;
	struct err e;

	CHECK_INT(posting_from_json(a, in, &p, &e), 0);
	CHECK_INT(p.experience, EXP_SENIOR);
	CHECK(p.posted.date_only);
	out = posting_json(&p, a);
	struct json *again =
	    json_parse(json_dump(a, out), strlen(json_dump(a, out)), &e);
	CHECK_STR(json_dump(a, again), json_dump(a, in));
	CHECK_INT(json_size(out), 21);
	json_free(again);
	json_free(out);
	json_free(in);
	arena_free(a);
}

static void
absent_is_null(void)
{
	struct arena *a = arena_new(1024 * 1024);
	struct posting p = { .title = "T",
		.company = "",
		.posted = { .present = false },
		.salary = { .present = false } };
	struct json *o = posting_json(&p, a);

	CHECK(json_is_null(json_get(o, "company")));
	CHECK(json_is_null(json_get(o, "salary")));
	CHECK(json_is_null(json_get(o, "remote")));
	CHECK(json_is_null(json_get(o, "posted_date")));
	CHECK(json_is_array(json_get(o, "places")));
	CHECK(json_is_object(json_get(o, "metadata")));
	json_free(o);
	p.salary.present = true;
	p.salary.max = 5;
	o = posting_json(&p, a);
	CHECK(json_is_null(json_get(json_get(o, "salary"), "min")));
	CHECK_INT(json_get_i64(json_get(o, "salary"), "max", 0), 5);
	json_free(o);
	arena_free(a);
}

static void
refused(const char *text, const char *why)
{
	struct arena *a = arena_new(1024 * 1024);
	struct json *in = json_parse(text, strlen(text), NULL);
	struct posting p;
	struct err e = { .kind = ERR_NONE };

	CHECK(in != NULL);
	CHECK_INT(posting_from_json(a, in, &p, &e), -1);
	CHECK_STR(e.text, why);
	json_free(in);
	arena_free(a);
}

static void
wrong_types_are_named(void)
{
	refused("[]", "a posting is a JSON object");
	refused("{\"title\":[]}", "title: text expected");
	refused("{\"tags\":\"a\"}", "tags: a list of texts expected");
	refused("{\"tags\":[1]}", "tags: a list of texts expected");
	refused("{\"places\":{}}", "places: a list expected");
	refused("{\"salary\":5}", "salary: an object expected");
	refused("{\"salary\":{\"min\":\"5\"}}", "min: a number expected");
	refused("{\"salary\":{\"period\":\"eon\"}}",
	    "period: hour, day, week, month or year expected");
	refused("{\"remote\":\"sometimes\"}",
	    "remote: one of its known words expected");
	refused("{\"posted_date\":\"yesterday\"}",
	    "posted_date: an ISO 8601 date expected");
	refused("{\"posted_date\":\"2026-02-30\"}",
	    "posted_date: an ISO 8601 date expected");
	refused("{\"posted_date\":\"2026-02-03T10:00:00+25:00\"}",
	    "posted_date: an ISO 8601 date expected");
	refused("{\"metadata\":[]}", "metadata: an object expected");
}

static int64_t
ms_of(const char *date)
{
	struct arena *a = arena_new(65536);
	struct json *in = json_object();
	struct posting p = { .title = NULL };
	int64_t ms;

	json_set(in, "posted_date", json_string(date));
	if (posting_from_json(a, in, &p, NULL) == -1)
		p.posted.ms = -1;
	ms = p.posted.ms;
	json_free(in);
	arena_free(a);
	return ms;
}

static void
dates_are_read(void)
{
	CHECK_INT(ms_of("1970-01-02"), 86400000);
	CHECK_INT(ms_of("1970-01-01T01:00:00Z"), 3600000);
	CHECK_INT(ms_of("1970-01-01T01:00:00.250+01:00"), 0);
	CHECK_INT(ms_of("1970-01-01 01:00:00-0030"), 5400000);
	CHECK_INT(ms_of("1970-01-01T01:00"), -1);
	CHECK_INT(ms_of("1970-01-01T24:00:00"), -1);
	CHECK_INT(ms_of("1970-01-01T01:00:00+1"), -1);
	CHECK_INT(ms_of("1970-01-01T01:00:00+01:60"), -1);
	CHECK_INT(ms_of("1970-01-01T01:00:00+01:00x"), -1);
	CHECK_INT(ms_of("1970-01-01x"), -1);
	CHECK_INT(ms_of("70-01-01"), -1);
}

static void
other_shapes_are_taken(void)
{
	static const char text[] =
	    "{\"external_id\":4711,\"location\":\"Bonn\","
	    "\"metadata\":{\"n\":5,\"x\":null},"
	    "\"unknown\":1}";
	struct arena *a = arena_new(65536);
	struct json *in = json_parse(text, strlen(text), NULL);
	struct posting p;

	CHECK_INT(posting_from_json(a, in, &p, NULL), 0);
	CHECK_STR(p.external_id, "4711");
	CHECK_STR(p.location, "Bonn");
	CHECK_INT(p.nmetadata, 1);
	CHECK_STR(p.metadata[0].value, "5");
	json_free(in);
	arena_free(a);
}

TESTS(TEST(prints_exactly_its_keys), TEST(absent_is_null),
    TEST(wrong_types_are_named), TEST(dates_are_read),
    TEST(other_shapes_are_taken))
