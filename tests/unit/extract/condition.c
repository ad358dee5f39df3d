/* What keep and drop make of postings. */
#include "reading.h"

#define HEAD                                                               \
	"source: t\nurl: https://x.example/\nformat: json\njobs: $[*]\n"   \
	"fields: { external_id: $.id, title: $.t, salary: $.s, location: " \
	"$.l, tags: '$.k[*]', posted_date: $.d, job_type: $.type, "        \
	"description: $.text, staff: $.n, since: $.since }\n"

static const char page[] =
    "[{\"id\":1,\"t\":\"C++ Engineer (m/w/d)\",\"s\":\"70000 EUR a year\","
    "\"l\":\"M\xc3\xbcnchen, Germany\",\"k\":[\"JavaScript\",\"Go\"],"
    "\"d\":\"2025-11-20\",\"type\":\"Full time\",\"n\":\"1,200 people\","
    "\"text\":\"We use Rust.\",\"since\":\"2025-11-01\"},"
    "{\"id\":2,\"t\":\"International cook\",\"s\":\"20 EUR an hour\","
    "\"l\":\"Remote\",\"k\":[\"Java\"],\"d\":\"2025-09-01\",\"n\":\"7.5\"},"
    "{\"id\":3,\"t\":\"Intern\"}]";

/* A condition and the ids of those that meet it. */
static const struct {
	const char *field, *condition, *ids;
} cases[] = {
	{ "title", "intern", "3" },
	{ "title", "'c++'", "1" },
	{ "title", "C", "1" },
	{ "title", "'(m/w/d)'", "1" },
	{ "title", "/^INTERN/i", "23" },
	{ "title", "/^INTERN/", "" },
	{ "title", "[ cook, intern ]", "23" },
	{ "title", "present", "123" },
	{ "salary", "present", "12" },
	{ "salary", "absent", "3" },
	{ "salary", "[ absent, EUR ]", "123" },
	{ "salary", "at least 70000", "1" },
	{ "salary", "'>= 70,000'", "1" },
	{ "salary", "over 70k", "" },
	{ "salary", "at most 41600", "2" },
	{ "salary", "under 41600", "" },
	{ "location", "Germany", "1" },
	{ "location", "munchen", "1" },
	{ "location", "DE", "1" },
	{ "location", "Austria", "" },
	{ "location", "remote", "2" },
	{ "tags", "java", "2" },
	{ "tags", "javascript", "1" },
	{ "posted_date", "newer than 30d", "1" },
	{ "posted_date", "older than 30d", "2" },
	{ "posted_date", "/^2025-11/", "1" },
	{ "job_type", "full-time", "1" },
	{ "job_type", "Full Time", "1" },
	{ "description", "rust", "1" },
	{ "staff", "over 1000", "1" },
	{ "staff", "under 8", "2" },
	{ "since", "older than 20d", "1" },
};

static void
values_are_tested(void)
{
	struct read r = { 0 };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char yaml[900], ids[4] = "";
		size_t n = 0;

		snprintf(yaml, sizeof(yaml), HEAD "keep: { %s: %s }\n",
		    cases[i].field, cases[i].condition);
		read_with(&r, yaml, page);
		CHECK_INT(r.n, 3);
		for (size_t k = 0; k < 3; k++)
			if (posting_dropped_by(
				r.source, &r.postings[k], false) == NULL)
				ids[n++] = r.postings[k].external_id[0];
		if (strcmp(ids, cases[i].ids) != 0)
			printf("%s: %s\n", cases[i].field, cases[i].condition);
		CHECK_STR(ids, cases[i].ids);
	}
	read_done(&r);
}

/* All that keep names must be met, one of what drop names is enough. */
static void
several_conditions(void)
{
	const struct condition *by;
	struct read r = { 0 };

	read_with(&r,
	    HEAD "keep: { salary: present, title: [ cook, engineer ] }\n"
		 "drop: { tags: java, location: France }\n",
	    page);
	CHECK(posting_dropped_by(r.source, &r.postings[0], false) == NULL);
	by = posting_dropped_by(r.source, &r.postings[1], false);
	CHECK_STR(by->field.text, "tags");
	CHECK(by->is_drop);
	by = posting_dropped_by(r.source, &r.postings[2], false);
	CHECK_STR(by->field.text, "salary");
	CHECK(!by->is_drop);
	read_done(&r);
}

/* What a detail may still say is not judged before it is there. */
static void
details_are_waited_for(void)
{
	static const char source[] =
	    HEAD "detail: { url: 'https://x.example/{job.id}', fields: { "
		 "description: $.d, title: $.t } }\n"
		 "drop: { salary: absent, title: intern }\n"
		 "keep: { description: rust }\n";
	const struct condition *by;
	struct posting list;
	struct read r = { 0 };

	read_with(&r, source, page);
	CHECK(posting_dropped_by(r.source, &r.postings[1], true) == NULL);
	by = posting_dropped_by(r.source, &r.postings[2], true);
	CHECK_STR(by->field.text, "salary");
	list = r.postings[0];
	r.kind = REQUEST_DETAIL;
	read_page(&r, "{\"d\":\"We left Rust for Go.\"}");
	posting_merge(r.arena, &list, &r.postings[0]);
	CHECK(posting_dropped_by(r.source, &list, false) == NULL);
	read_page(&r, "{\"d\":\"We cook.\"}");
	posting_merge(r.arena, &list, &r.postings[0]);
	by = posting_dropped_by(r.source, &list, false);
	CHECK_STR(by->field.text, "description");
	/* A detail without a description leaves the list's. */
	read_page(&r, "{\"t\":\"Intern\"}");
	posting_merge(r.arena, &list, &r.postings[0]);
	by = posting_dropped_by(r.source, &list, false);
	CHECK_STR(by->field.text, "description");
	r.kind = REQUEST_LIST;
	read_done(&r);
}

/* A detail that is read as a whole may have what the list had not. */
static void
details_that_know(void)
{
	struct read r = { 0 };

	read_with(&r,
	    HEAD "detail: { url: 'https://x.example/{job.id}', format: "
		 "jobposting }\nkeep: { salary: present, title: intern }\n",
	    page);
	CHECK(posting_dropped_by(r.source, &r.postings[2], true) == NULL);
	CHECK(posting_dropped_by(r.source, &r.postings[2], false) != NULL);
	CHECK(posting_dropped_by(r.source, &r.postings[0], true) != NULL);
	read_done(&r);
}

static void
faults(void)
{
	struct read r = { 0 };

	CHECK(!read_source(&r, HEAD "keep: { title: [ a, '/(/' ] }\n"));
	CHECK_STR(r.fault,
	    "6:21: '/(/' is not a regular expression: missing closing "
	    "parenthesis at character 2");
	CHECK(!read_source(&r, HEAD "keep: { title: /a/q }\n"));
	CHECK_STR(r.fault,
	    "6:16: '/a/q' is not a regular expression: behind its last slash "
	    "only i, m, s and x may stand");
	read_done(&r);
}

TESTS(TEST(values_are_tested), TEST(several_conditions),
    TEST(details_are_waited_for), TEST(details_that_know), TEST(faults))
