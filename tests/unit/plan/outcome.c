#include "check.h"
#include "plan/plan.h"

static struct arena *arena;
static const char *reason;

/* A good run of one page and 100 postings where 100 are usual. */
static struct run_facts
good(void)
{
	return (struct run_facts){ .list_pages = 1,
		.items = 100,
		.postings = 100,
		.total = -1,
		.min_jobs = -1,
		.usual = 100 };
}

/* A run whose only page did not come. */
static struct run_facts
lost(enum fetch_result fetch, int status, int64_t usual)
{
	return (struct run_facts){ .failed_pages = 1,
		.total = -1,
		.min_jobs = -1,
		.usual = usual,
		.fetch = fetch,
		.status = status,
		.fetch_reason = "" };
}

static const char *
judged(struct run_facts f)
{
	if (arena == NULL)
		arena = arena_new((size_t)1 << 20);
	enum outcome outcome = run_outcome(arena, &f, &reason);
	CHECK(reason != NULL && strchr(reason, '\n') == NULL);
	CHECK((outcome == OUTCOME_OK || outcome == OUTCOME_UNCHANGED) ==
	      (*reason == '\0'));
	return outcome_name(outcome);
}

static void
all_is_well(void)
{
	struct run_facts f = good();

	CHECK_STR(judged(f), "ok");
	f.usual = -1;
	CHECK_STR(judged(f), "ok");
	f.total = 100;
	f.min_jobs = 100;
	f.refused = 3;
	CHECK_STR(judged(f), "ok");
	f.list_pages = 7;
	f.unchanged_pages = 6;
	CHECK_STR(judged(f), "ok");
	f.unchanged_pages = 7;
	CHECK_STR(judged(f), "unchanged");
}

static void
statuses(void)
{
	static const struct {
		int status;
		int64_t usual;
		const char *want;
	} v[] = { { 429, 9, "throttled" }, { 503, 9, "throttled" },
		{ 401, 9, "blocked" }, { 403, 9, "blocked" },
		{ 403, -1, "blocked" }, { 451, 9, "blocked" },
		{ 999, 9, "blocked" }, { 404, 9, "gone" }, { 404, -1, "gone" },
		{ 410, 9, "gone" }, { 410, -1, "gone" }, { 400, 9, "failed" },
		{ 500, 9, "failed" }, { 502, 9, "failed" } };

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		CHECK_STR(judged(lost(FETCH_STATUS, v[i].status, v[i].usual)),
		    v[i].want);
	CHECK_STR(reason, "HTTP status 502");
}

static void
no_answer(void)
{
	static const enum fetch_result v[] = { FETCH_TIMEOUT, FETCH_DNS,
		FETCH_TLS, FETCH_CONNECT, FETCH_BROKEN, FETCH_TOO_BIG,
		FETCH_REFUSED, FETCH_LOST, FETCH_MOVED };

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		CHECK_STR(judged(lost(v[i], 0, 9)), "failed");
	struct run_facts f = lost(FETCH_DNS, 0, 9);
	f.fetch_reason = "nowhere.example: no such host";
	CHECK_STR(judged(f), "failed");
	CHECK_STR(reason, "nowhere.example: no such host");
	f.robots_refused = true;
	CHECK_STR(judged(f), "blocked");
	CHECK_STR(reason, "robots.txt forbids the list");
	f.fetch_reason = ROBOTS_AWAY ": HTTP status 503";
	CHECK_INT(run_outcome(arena, &f, &reason), OUTCOME_BLOCKED);
	CHECK_STR(reason, "robots.txt could not be had: HTTP status 503");
	f.fetch_reason = NULL;
}

/* What a server says of itself decides when its status does not. */
static void
throttling(void)
{
	static const char *const limits[] = {
		"HTTP status 403: Rate limit exceeded",
		"HTTP status 403: {\"error\":\"too many requests\"}",
		"HTTP status 403: Daily quota reached",
	};
	struct run_facts f = lost(FETCH_STATUS, 403, 9);
	struct source source = { .expect.throttled_status = 420 };

	f.fetch_reason = "HTTP status 403: Forbidden";
	CHECK_STR(judged(f), "blocked");
	CHECK_STR(reason, "HTTP status 403: Forbidden");
	for (size_t i = 0; i < 3; i++) {
		f.fetch_reason = limits[i];
		CHECK_STR(judged(f), "throttled");
	}
	f = lost(FETCH_STATUS, 403, 9);
	f.told_when = true;
	CHECK_STR(judged(f), "throttled");
	/* As its definition has it. */
	f = lost(FETCH_STATUS, 403, 9);
	f.throttled_status = 403;
	CHECK_STR(judged(f), "throttled");
	f.status = 401;
	CHECK_STR(judged(f), "blocked");
	/* The quota that its owner sets: we refuse ourselves. */
	f = lost(FETCH_REFUSED, 429, 9);
	f.fetch_reason = "its own limit of 5 requests a day is reached";
	CHECK_STR(judged(f), "throttled");
	CHECK_STR(reason, "its own limit of 5 requests a day is reached");
	CHECK(status_is_throttling(&source, 420, false, NULL));
	CHECK(!status_is_throttling(&source, 403, false, NULL));
	CHECK(status_is_throttling(&source, 403, true, NULL));
}

/* 200, but no data. */
static void
no_data(void)
{
	static const struct {
		enum extract_result result;
		int64_t usual;
		const char *want;
	} v[] = { { EXTRACT_HTML, 100, "blocked" },
		{ EXTRACT_HTML, -1, "blocked" },
		{ EXTRACT_WALL, 100, "blocked" },
		{ EXTRACT_LOGIN, 100, "blocked" },
		{ EXTRACT_NOT_FOUND, 100, "gone" },
		{ EXTRACT_NOT_FOUND, -1, "gone" },
		{ EXTRACT_PARKED, 100, "gone" },
		{ EXTRACT_NOT_FORMAT, 100, "drifted" },
		{ EXTRACT_NOT_FORMAT, -1, "failed" },
		{ EXTRACT_MALFORMED, 100, "failed" },
		{ EXTRACT_TOO_BIG, 100, "failed" },
		{ EXTRACT_CRASHED, 100, "failed" },
		{ EXTRACT_TIMEOUT, 100, "failed" } };

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct run_facts f = lost(FETCH_OK, 200, v[i].usual);

		f.extract = v[i].result;
		f.extract_reason = "what it shows";
		CHECK_STR(judged(f), v[i].want);
		CHECK_STR(reason, "what it shows");
		f.extract_reason = "";
		CHECK_STR(judged(f), v[i].want);
	}
}

static void
some_pages(void)
{
	struct run_facts f = good();

	f.failed_pages = 1;
	f.fetch = FETCH_STATUS;
	f.status = 500;
	f.fetch_reason = "";
	CHECK_STR(judged(f), "partial");
	CHECK_STR(reason, "1 of 2 pages failed: HTTP status 500");
	f.status = 429;
	CHECK_STR(judged(f), "throttled");
	f.status = 403;
	CHECK_STR(judged(f), "partial");
	f.fetch = FETCH_OK;
	f.status = 200;
	f.extract = EXTRACT_TIMEOUT;
	f.extract_reason = NULL;
	CHECK_STR(judged(f), "partial");
	f = good();
	f.crashed = true;
	CHECK_STR(judged(f), "partial");
	CHECK_STR(reason, "1 of 2 pages failed: a page was given up");
}

static void
some_postings(void)
{
	struct run_facts f = good();

	f.truncated = true;
	CHECK_STR(judged(f), "truncated");
	f = good();
	f.total = 101;
	CHECK_STR(judged(f), "truncated");
	CHECK_STR(reason, "100 of 101 postings were shown");
	/* Nothing at all, although the source says there is something. */
	f = (struct run_facts){
		.list_pages = 1, .total = 5, .min_jobs = -1, .usual = -1
	};
	CHECK_STR(judged(f), "truncated");
	/* Truncated wins over unchanged: the end was not seen then either. */
	f = good();
	f.unchanged_pages = 1;
	f.truncated = true;
	CHECK_STR(judged(f), "truncated");
}

static void
details(void)
{
	struct run_facts f = good();

	f.detail_pages = 100;
	f.failed_details = 10;
	CHECK_STR(judged(f), "ok");
	f.failed_details = 11;
	CHECK_STR(judged(f), "partial");
	CHECK_STR(reason, "11 of 100 detail pages failed");
	f.detail_pages = f.failed_details = 1;
	CHECK_STR(judged(f), "partial");
}

static void
odd_counts(void)
{
	struct run_facts f = good();

	f.postings = 0;
	f.refused = 100;
	CHECK_STR(judged(f), "drifted");
	CHECK_STR(reason, "100 of 100 items lack a title or an address");
	f.postings = 49;
	f.refused = 51;
	CHECK_STR(judged(f), "drifted");
	f = good();
	f.min_jobs = 101;
	CHECK_STR(judged(f), "suspicious");
	CHECK_STR(reason, "100 postings, at least 101 are expected");
	f = good();
	f.usual = 201;
	CHECK_STR(judged(f), "suspicious");
	CHECK_STR(reason, "100 postings where 201 are usual");
	f.usual = 200;
	CHECK_STR(judged(f), "ok");
	/* Of a handful, half may go overnight. */
	f.items = f.postings = 1;
	f.usual = 5;
	CHECK_STR(judged(f), "ok");
	f.usual = 6;
	CHECK_STR(judged(f), "suspicious");
}

/* Where only new mails are read, few jobs are few mails. */
static void
only_news(void)
{
	struct run_facts f = good();

	f.only_news = true;
	f.items = f.postings = 1;
	CHECK_STR(judged(f), "ok");
	/* The mailbox was read, and no mail in it is new. */
	f.unchanged_pages = 1;
	f.items = f.postings = 0;
	CHECK_STR(judged(f), "unchanged");
	f.list_pages = 2;
	CHECK_STR(judged(f), "suspicious");
	f.by_selector = true;
	CHECK_STR(judged(f), "drifted");
	f.failed_pages = 1;
	f.fetch_reason = "";
	CHECK_STR(judged(f), "partial");
}

/* What was wrong does not become right by staying as it is. */
static void
unchanged_and_wrong(void)
{
	struct run_facts f = good();

	f.unchanged_pages = 1;
	f.items = f.postings = 0;
	f.usual = 300;
	CHECK_STR(judged(f), "suspicious");
	f = good();
	f.unchanged_pages = 1;
	f.usual = 300;
	CHECK_STR(judged(f), "suspicious");
	f.usual = 100;
	f.refused = 60;
	f.postings = 40;
	CHECK_STR(judged(f), "drifted");
	f = good();
	f.unchanged_pages = 1;
	f.total = 150;
	CHECK_STR(judged(f), "truncated");
	f.total = 100;
	CHECK_STR(judged(f), "unchanged");
	f.items = f.postings = f.usual = f.total = 0;
	CHECK_STR(judged(f), "unchanged");
}

static void
lost_fields(void)
{
	struct fill_fact fill[] = { { .name = "title",
					.found = 100,
					.of = 100,
					.usual_found = 500,
					.usual = 500,
					.expected = -1 },
		{ .name = "salary",
		    .found = 0,
		    .of = 100,
		    .usual_found = 310,
		    .usual = 500,
		    .expected = -1 },
		{ .name = "pay",
		    .of_detail = true,
		    .found = 0,
		    .of = 3,
		    .usual_found = 40,
		    .usual = 40,
		    .expected = -1 } };
	struct run_facts f = good();

	f.fills = fill;
	f.nfills = 1;
	CHECK_STR(judged(f), "ok");
	f.nfills = 2;
	CHECK_STR(judged(f), "drifted");
	CHECK_STR(reason, "salary in 0% of 100 postings (62% in good runs)");
	f.nfills = 3;
	CHECK_STR(judged(f), "drifted");
	CHECK_STR(reason, "salary in 0% of 100 postings (62% in good runs); "
			  "pay in 0% of 3 detail pages (100% in good runs)");
	fill[2].of = 2;
	fill[1].found = 20;
	CHECK_STR(judged(f), "ok");
	f.unchanged_pages = 1;
	fill[1].found = 0;
	CHECK_STR(judged(f), "drifted");
}

static void
demanded_fields(void)
{
	struct fill_fact fill = {
		.name = "salary", .found = 30, .of = 100, .expected = 0.3
	};
	struct run_facts f = good();

	f.fills = &fill;
	f.nfills = 1;
	CHECK_STR(judged(f), "ok");
	fill.found = 29;
	CHECK_STR(judged(f), "drifted");
	CHECK_STR(reason,
	    "salary in 29% of 100 postings (at least 30% are expected)");
	/* No details were read, or so few that chance may have it so. */
	fill.of_detail = true;
	fill.found = fill.of = 0;
	CHECK_STR(judged(f), "ok");
	fill.of = 3;
	CHECK_STR(judged(f), "ok");
	fill.of = 30;
	CHECK_STR(judged(f), "drifted");
}

static void
lost_pages(void)
{
	struct fill_fact fill = { .name = "url",
		.found = 0,
		.of = 100,
		.usual_found = 99,
		.usual = 100,
		.expected = -1 };
	struct run_facts f = good();

	f.fills = &fill;
	f.nfills = 1;
	f.lost_pages = 1;
	f.lost_field = "url";
	CHECK_STR(judged(f), "drifted");
	CHECK_STR(reason, "url in 0% of 100 postings (99% in good runs)");
	f.usual = -1;
	fill.usual = fill.usual_found = 0;
	CHECK_STR(judged(f), "drifted");
	CHECK_STR(reason, "url in 0% of 100 postings");
	f.list_pages = 8;
	fill.found = 88;
	CHECK_STR(judged(f), "drifted");
	CHECK_STR(reason, "url in none of the postings of 1 of 8 pages");
}

static void
fills(void)
{
	static const struct {
		int64_t found, of, usual_found, usual;
		bool want;
	} v[] = { { 0, 40, 31, 50, true }, { 0, 5, 31, 50, false },
		{ 0, 3, 50, 50, true }, { 0, 2, 50, 50, false },
		{ 1, 3, 50, 50, false }, { 0, 100, 1, 50, false },
		{ 0, 300, 100, 2000, true }, { 9, 40, 50, 50, true },
		{ 10, 40, 50, 50, false }, { 0, 0, 50, 50, false },
		{ 0, 40, 0, 0, false }, { 0, 40, 0, 50, false },
		{ 0, 3, 2, 2, false }, { 40, 40, 5, 50, false },
		{ 0, 20000, 1990, 2000, true },
		{ 19000, 20000, 1990, 2000, false } };
	struct fill_fact f = {
		.found = 3, .of = 10, .usual_found = 600, .usual = 2000
	};
	int64_t found, of;

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct fill_fact one = { .found = v[i].found,
			.of = v[i].of,
			.usual_found = v[i].usual_found,
			.usual = v[i].usual };
		if (fill_has_collapsed(&one) != v[i].want)
			printf("case %zu\n", i);
		CHECK(fill_has_collapsed(&one) == v[i].want);
	}
	/* Old runs fade. */
	fill_learn(&f, &found, &of);
	CHECK_INT(found, 301);
	CHECK_INT(of, 1005);
	f.usual = f.usual_found = 0;
	fill_learn(&f, &found, &of);
	CHECK_INT(found, 3);
	CHECK_INT(of, 10);
}

static void
needed_fields(void)
{
	struct field fields[] = { { .name.text = "title" },
		{ .name.text = "url" } };
	struct source source = { .list = { .fields = fields, .nfields = 2 } };
	struct fill found[] = { { "title", 3, 3 }, { "url", 0, 0 },
		{ "external_id", 0, 0 } };
	struct extracted page = {
		.items = 3, .postings = 3, .fills = found, .nfills = 3
	};

	CHECK_STR(page_lost_field(&source, &page), "url");
	/* It is not named: then none is promised. */
	source.list.nfields = 1;
	CHECK(page_lost_field(&source, &page) == NULL);
	source.list.nfields = 2;
	found[1].found = 1;
	CHECK(page_lost_field(&source, &page) == NULL);
	/* One or two may have none. */
	found[1].found = 0;
	page.postings = 2;
	CHECK(page_lost_field(&source, &page) == NULL);
}

/* A whole list without a job: of data suspicious, of markup the selector's
 * fault. */
static void
no_items(void)
{
	struct run_facts f = { .list_pages = 1,
		.total = -1,
		.min_jobs = -1,
		.usual = 300,
		.by_selector = true };

	CHECK_STR(judged(f), "drifted");
	CHECK_STR(reason, "jobs matches nothing where 300 postings are usual");
	f.by_selector = false;
	CHECK_STR(judged(f), "suspicious");
	f.by_selector = true;
	f.usual = 0;
	CHECK_STR(judged(f), "empty");
	f.usual = -1;
	CHECK_STR(judged(f), "empty");
}

static void
remedies(void)
{
	for (enum outcome o = 0; o < OUTCOME__MAX; o++) {
		const char *text = outcome_remedy(arena, o, "acme/x");

		CHECK(outcome_is_complete(o) == (*text == '\0'));
		CHECK(strstr(text, "%s") == NULL);
	}
	CHECK(strstr(outcome_remedy(arena, OUTCOME_SUSPICIOUS, "acme/x"),
		  "careerd source enable --afresh acme/x") != NULL);
	CHECK_STR(outcome_remedy(arena, OUTCOME__MAX, "acme/x"), "");
}

static void
nothing(void)
{
	struct run_facts f = {
		.list_pages = 1, .total = -1, .min_jobs = -1, .usual = 300
	};

	CHECK_STR(judged(f), "suspicious");
	CHECK_STR(reason, "0 postings where 300 are usual");
	f.usual = 0;
	CHECK_STR(judged(f), "empty");
	f.usual = -1;
	CHECK_STR(judged(f), "empty");
	f.total = 0;
	f.min_jobs = 0;
	CHECK_STR(judged(f), "empty");
	f.min_jobs = 1;
	CHECK_STR(judged(f), "suspicious");
}

static void
which_are_complete(void)
{
	for (enum outcome o = 0; o < OUTCOME__MAX; o++)
		CHECK_INT(outcome_is_complete(o), o == OUTCOME_OK ||
						      o == OUTCOME_UNCHANGED ||
						      o == OUTCOME_EMPTY);
}

static void
done(void)
{
	arena_free(arena);
}

TESTS(TEST(all_is_well), TEST(statuses), TEST(throttling), TEST(no_answer),
    TEST(no_data), TEST(some_pages), TEST(some_postings), TEST(details),
    TEST(odd_counts), TEST(only_news), TEST(unchanged_and_wrong),
    TEST(lost_fields), TEST(demanded_fields), TEST(lost_pages), TEST(fills),
    TEST(needed_fields), TEST(no_items), TEST(nothing), TEST(remedies),
    TEST(which_are_complete), TEST(done))
