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
		{ 999, 9, "blocked" }, { 404, 9, "gone" },
		{ 404, -1, "failed" }, { 410, 9, "gone" }, { 410, -1, "gone" },
		{ 400, 9, "failed" }, { 500, 9, "failed" },
		{ 502, 9, "failed" } };

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
}

static void
not_the_format(void)
{
	struct run_facts f = lost(FETCH_OK, 200, -1);

	f.extract = EXTRACT_NOT_FORMAT;
	f.extract_reason = "HTML where JSON was expected";
	CHECK_STR(judged(f), "failed");
	CHECK_STR(reason, "HTML where JSON was expected");
	f.usual = 100;
	CHECK_STR(judged(f), "drifted");
	f.extract_reason = "HTML where JSON was expected; it asks for a "
			   "Captcha";
	CHECK_STR(judged(f), "blocked");
	f.extract_reason = "HTML where JSON was expected; a log-in form";
	CHECK_STR(judged(f), "blocked");
	f.extract_reason = "cut at byte 900";
	f.extract = EXTRACT_MALFORMED;
	CHECK_STR(judged(f), "failed");
	f.extract = EXTRACT_CRASHED;
	f.extract_reason = "";
	f.crashed = true;
	CHECK_STR(judged(f), "failed");
	CHECK(*reason != '\0');
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

TESTS(TEST(all_is_well), TEST(statuses), TEST(no_answer), TEST(not_the_format),
    TEST(some_pages), TEST(some_postings), TEST(details), TEST(odd_counts),
    TEST(nothing), TEST(which_are_complete), TEST(done))
