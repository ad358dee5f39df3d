/*
 * The life of a posting: seen on one page or several, missed, closed, open
 * again; and never closed by a run that could not look.
 */
#include "rig.h"

static const char open_jobs[] =
    "SELECT count(*) FROM jobs WHERE closed_at IS NULL";
static const char missed[] =
    "SELECT count(*) FROM postings WHERE missed > 0 AND closed_at IS NULL";

static void
fill(struct rig *r, struct posting *list, int n)
{
	for (int i = 0; i < n; i++)
		list[i] = rig_posting(r, i);
}

static struct rig *
paged(void)
{
	struct rig *r = rig_new();

	r->source.pages = (struct pages){
		.kind = PAGES_NUMBER, .from = 1, .until = UNTIL_EMPTY, .max = 10
	};
	return r;
}

static const char *
last(struct rig *r, const char *column)
{
	return rig_text(r,
	    arena_printf(r->a,
		"SELECT %s::text FROM runs ORDER BY id DESC LIMIT 1", column));
}

/* One page of a run: NULL is "not modified". */
struct sheet {
	const struct posting *list;
	size_t n;
};

static void
run(struct rig *r, const struct sheet *sheets, size_t n)
{
	if (!r->s->has_begun)
		rig_begin(r);
	rig_due(r);
	for (size_t i = 0; i < n; i++) {
		CHECK_INT(r->ngrants, i + 1);
		if (sheets[i].list == NULL)
			rig_unchanged(r, &r->grants[i]);
		else
			rig_page(r, &r->grants[i], sheets[i].list, sheets[i].n);
		rig_work(r);
	}
	CHECK(last(r, "outcome") != NULL);
}

/* On two pages: one drops it, the other is not modified and has it still. */
static void
on_two_pages(void)
{
	struct rig *r = paged();
	struct posting a[3], b[3], end;

	fill(r, a, 3);
	for (int i = 0; i < 3; i++)
		b[i] = rig_posting(r, i + 2); /* the third of a, too */
	run(r, (struct sheet[]){ { a, 3 }, { b, 3 }, { &end, 0 } }, 3);
	CHECK_STR(last(r, "outcome"), "ok");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 5);
	for (int i = 0; i < 3; i++) {
		run(r, (struct sheet[]){ { a, 2 }, { NULL, 0 }, { NULL, 0 } },
		    3);
		CHECK_STR(last(r, "outcome"), "ok");
		CHECK_INT(rig_number(r, missed), 0);
	}
	CHECK_INT(rig_number(r, open_jobs), 5);
	/* And the other way round: it comes back to the first, and goes. */
	run(r, (struct sheet[]){ { a, 3 }, { NULL, 0 }, { NULL, 0 } }, 3);
	run(r, (struct sheet[]){ { NULL, 0 }, { b + 1, 2 }, { NULL, 0 } }, 3);
	CHECK_INT(rig_number(r, missed), 0);
	/* Now neither has it. */
	run(r, (struct sheet[]){ { a, 2 }, { NULL, 0 }, { NULL, 0 } }, 3);
	CHECK_INT(rig_number(r, missed), 1);
	run(r, (struct sheet[]){ { NULL, 0 }, { NULL, 0 }, { NULL, 0 } }, 3);
	CHECK_STR(last(r, "outcome"), "unchanged");
	CHECK_INT(rig_number(r, open_jobs), 4);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM posting_pages"), 0);
	rig_free(r);
}

/* Both pages at once in one transaction, and from one to the next. */
static void
from_page_to_page(void)
{
	struct rig *r = paged();
	struct posting list[6], fresh = rig_posting(r, 9), shifted[6], end;

	fill(r, list, 6);
	shifted[0] = fresh;
	memcpy(shifted + 1, list, 5 * sizeof(list[0]));
	run(r, (struct sheet[]){ { list, 3 }, { list + 3, 3 }, { &end, 0 } },
	    3);
	run(r,
	    (struct sheet[]){ { shifted, 3 }, { shifted + 3, 3 }, { NULL, 0 } },
	    3);
	CHECK_INT(rig_number(r, missed), 1); /* the last of the old ones */
	CHECK_INT(rig_number(r, open_jobs), 7);
	CHECK_STR(last(r, "added"), "1");
	CHECK_STR(last(r, "reposted"), "0");
	CHECK_STR(last(r, "missing"), "1");
	CHECK_STR(last(r, "open"), "7");
	rig_free(r);
}

/* A list that becomes shorter: its last page is asked for no more. */
static void
a_page_less(void)
{
	struct rig *r = paged();
	struct posting list[4], end;

	fill(r, list, 4);
	run(r, (struct sheet[]){ { list, 2 }, { list + 2, 2 }, { &end, 0 } },
	    3);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM pages"), 3);
	run(r, (struct sheet[]){ { list, 3 }, { &end, 0 } }, 2);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM pages"), 2);
	CHECK_INT(rig_number(r, missed), 1);
	run(r, (struct sheet[]){ { NULL, 0 }, { NULL, 0 } }, 2);
	CHECK_STR(last(r, "closed"), "1");
	CHECK_INT(rig_number(r, open_jobs), 3);
	rig_free(r);
}

static void
closed_and_open_again(void)
{
	struct rig *r = rig_new();
	struct posting list[10];

	fill(r, list, 10);
	run(r, (struct sheet[]){ { list, 10 } }, 1);
	run(r, (struct sheet[]){ { list, 8 } }, 1);
	CHECK_STR(last(r, "missing"), "2");
	CHECK_STR(last(r, "closed"), "0");
	CHECK_STR(last(r, "open"), "10");
	/* One is back: missed once and seen again is nothing. */
	list[8] = list[9];
	run(r, (struct sheet[]){ { list, 9 } }, 1);
	CHECK_STR(last(r, "closed"), "1");
	CHECK_STR(last(r, "reopened"), "0");
	CHECK_STR(last(r, "open"), "9");
	fill(r, list, 10);
	run(r, (struct sheet[]){ { list, 10 } }, 1);
	CHECK_STR(last(r, "reopened"), "1");
	CHECK_STR(last(r, "added"), "0");
	CHECK_INT(rig_number(r, open_jobs), 10);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 10);
	rig_free(r);
}

static void
after_so_many_runs(void)
{
	struct rig *r = rig_new();
	struct posting list[10];

	r->source.expect.missed_runs = 3;
	fill(r, list, 10);
	run(r, (struct sheet[]){ { list, 10 } }, 1);
	for (int i = 0; i < 2; i++) {
		run(r, (struct sheet[]){ { list, 9 } }, 1);
		CHECK_INT(rig_number(r, open_jobs), 10);
	}
	run(r, (struct sheet[]){ { list, 9 } }, 1);
	CHECK_INT(rig_number(r, open_jobs), 9);
	rig_free(r);
}

/* Runs close, not time. */
static void
a_week_without_runs(void)
{
	struct rig *r = rig_new();
	struct posting list[10];

	fill(r, list, 10);
	run(r, (struct sheet[]){ { list, 10 } }, 1);
	run(r, (struct sheet[]){ { list, 9 } }, 1);
	rig_sql_admin("ALTER DATABASE careerd SET careerd.now = "
		      "'2099-01-08T09:00:00Z'");
	db_close(r->s->db);
	r->s->db = NULL;
	r->s->has_begun = false;
	rig_begin(r);
	rig_work(r);
	CHECK_INT(rig_number(r, open_jobs), 10);
	rig_sql_admin("ALTER DATABASE careerd RESET careerd.now");
	rig_free(r);
}

/* An empty list after a full one, again and again the same bytes. */
static void
nothing_where_much_was(void)
{
	struct rig *r = rig_new();
	struct posting list[10], none;

	fill(r, list, 10);
	run(r, (struct sheet[]){ { list, 10 } }, 1);
	run(r, (struct sheet[]){ { &none, 0 } }, 1);
	CHECK_STR(last(r, "outcome"), "suspicious");
	for (int i = 0; i < 3; i++) {
		run(r, (struct sheet[]){ { NULL, 0 } }, 1);
		CHECK_STR(last(r, "outcome"), "suspicious");
		CHECK_STR(last(r, "reason"), "0 postings where 10 are usual");
	}
	CHECK_INT(rig_number(r, open_jobs), 10);
	CHECK_INT(rig_number(r, missed), 0);
	/* Back again: nothing has happened. */
	run(r, (struct sheet[]){ { list, 10 } }, 1);
	CHECK_STR(last(r, "outcome"), "ok");
	CHECK_STR(last(r, "reopened"), "0");
	rig_free(r);
}

/* A list page as extract reads it, with how often fields were found. */
static void
counted(struct rig *r, const struct posting *list, size_t n, struct fill *fills,
    size_t nfills)
{
	struct fetched f = { .result = FETCH_OK,
		.status = 200,
		.etag = "\"x\"",
		.body_hash = arena_printf(r->a, "h%zu%p", n, (void *)fills) };
	struct extracted x = { .fills = fills, .nfills = nfills };

	rig_due(r);
	CHECK_INT(r->ngrants, 1);
	rig_fetched(r, &r->grants[0], &f);
	rig_extracted(r, &r->grants[0], &x, list, n);
	rig_work(r);
}

/* The selector of the URL matches nothing: such a page is not taken in. */
static void
a_page_that_lost_its_urls(void)
{
	struct field fields[] = { { .name.text = "title" },
		{ .name.text = "url" } };
	struct fill good[] = { { "title", 10, 10 }, { "url", 10, 10 } };
	struct fill bad[] = { { "title", 9, 9 }, { "url", 0, 0 } };
	struct rig *r = rig_new();
	struct posting list[10], lost[9];

	r->source.list.fields = fields;
	r->source.list.nfields = 2;
	fill(r, list, 10);
	for (int i = 0; i < 9; i++) {
		lost[i] = rig_posting(r, i + 3); /* some are new */
		lost[i].url = NULL;
		lost[i].title = "Apply now";
	}
	rig_begin(r);
	/* Even at the first look. */
	counted(r, lost, 9, bad, 2);
	CHECK_STR(last(r, "outcome"), "drifted");
	CHECK_STR(last(r, "reason"), "url in 0% of 9 postings");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 0);
	counted(r, list, 10, good, 2);
	CHECK(r->grants[0].etag == NULL && r->grants[0].body_hash == NULL);
	CHECK_STR(last(r, "outcome"), "ok");
	for (int i = 0; i < 3; i++) {
		counted(r, lost, 9, bad, 2);
		CHECK_STR(last(r, "outcome"), "drifted");
		CHECK_STR(last(r, "reason"),
		    "url in 0% of 9 postings (100% in good runs)");
		CHECK_STR(last(r, "refused"), "9");
		CHECK_STR(last(r, "missing"), "0");
	}
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 10);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs WHERE title LIKE "
				"'Engineer%' AND source_url IS NOT NULL AND "
				"closed_at IS NULL"),
	    10);
	rig_free(r);
}

/* A field collapses; what is new is taken, nothing is closed. */
static void
a_field_collapses(void)
{
	struct fill good[] = { { "title", 20, 20 }, { "salary", 12, 12 } };
	struct fill bad[] = { { "title", 20, 20 }, { "salary", 0, 0 } };
	struct rig *r = rig_new();
	struct posting list[22];

	fill(r, list, 22);
	rig_begin(r);
	counted(r, list, 20, good, 2);
	CHECK_STR(last(r, "outcome"), "ok");
	counted(r, list + 2, 20, bad, 2);
	CHECK_STR(last(r, "outcome"), "drifted");
	CHECK_STR(last(r, "reason"),
	    "salary in 0% of 20 postings (60% in good runs)");
	/* As it was then, and still no good. */
	rig_due(r);
	rig_unchanged(r, &r->grants[0]);
	rig_work(r);
	CHECK_STR(last(r, "outcome"), "drifted");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 22);
	CHECK_INT(rig_number(r, open_jobs), 22);
	CHECK_INT(rig_number(r, missed), 0);
	/* What is usual was learnt of good runs only. */
	CHECK_STR(rig_text(r, "SELECT usual_fills->>'salary' FROM sources"),
	    "[12, 20]");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM events WHERE kind = "
				"'source' AND over_at IS NULL"),
	    1);
	counted(r, list + 2, 20, good, 2);
	CHECK_STR(last(r, "outcome"), "ok");
	CHECK_INT(rig_number(r, missed), 2);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM events WHERE kind = "
				"'source' AND over_at IS NULL"),
	    0);
	rig_free(r);
}

static void
a_field_is_demanded(void)
{
	struct fill_least least = { "salary", 0.3 };
	struct fill found[] = { { "title", 10, 10 }, { "salary", 2, 2 } };
	struct rig *r = rig_new();
	struct posting list[10];

	r->source.expect.fills = &least;
	r->source.expect.nfills = 1;
	fill(r, list, 10);
	rig_begin(r);
	counted(r, list, 10, found, 2);
	CHECK_STR(last(r, "outcome"), "drifted");
	CHECK_STR(last(r, "reason"),
	    "salary in 20% of 10 postings (at least 30% are expected)");
	rig_free(r);
}

/* Every request leaves a row that says what became of it. */
static void
requests_have_a_history(void)
{
	struct fetched refused = { .result = FETCH_STATUS,
		.status = 403,
		.retry_after = "7200",
		.reason = "HTTP status 403: Too fast",
		.took_ms = 12,
		.bytes = 345 };
	struct rig *r = paged();
	struct posting list[3], end;

	fill(r, list, 3);
	r->source.expect.empty_status = 404;
	run(r, (struct sheet[]){ { list, 3 }, { &end, 0 } }, 2);
	CHECK_INT(r->grants[0].empty_status, 404);
	CHECK_STR(rig_text(r, "SELECT string_agg(concat_ws(' ', kind, "
			      "page_index, result, status, attempts, items, "
			      "postings), ', ' ORDER BY request_id) FROM "
			      "request_history"),
	    "list 0 ok 200 1 3 3, list 1 ok 200 1 0 0");
	run(r, (struct sheet[]){ { NULL, 0 }, { NULL, 0 } }, 2);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM request_history WHERE "
				"result = 'unchanged'"),
	    2);
	rig_due(r);
	rig_fetched(r, &r->grants[0], &refused);
	rig_work(r);
	CHECK_STR(last(r, "outcome"), "throttled");
	CHECK_STR(last(r, "fetch_ms"), "12");
	CHECK_STR(last(r, "bytes"), "345");
	CHECK_STR(rig_text(r, "SELECT concat_ws(' ', result, status, reason) "
			      "FROM request_history ORDER BY run_id DESC "
			      "LIMIT 1"),
	    "status 403 HTTP status 403: Too fast");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM requests"), 0);
	/* Those of the latest runs are kept. */
	for (int i = 0; i < 12; i++)
		run(r, (struct sheet[]){ { NULL, 0 }, { NULL, 0 } }, 2);
	CHECK_INT(rig_number(r, "SELECT count(DISTINCT run_id) FROM "
				"request_history"),
	    10);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM runs"), 15);
	rig_free(r);
}

TESTS(TEST(on_two_pages), TEST(from_page_to_page), TEST(a_page_less),
    TEST(closed_and_open_again), TEST(after_so_many_runs),
    TEST(a_week_without_runs), TEST(nothing_where_much_was),
    TEST(a_page_that_lost_its_urls), TEST(a_field_collapses),
    TEST(a_field_is_demanded), TEST(requests_have_a_history))
