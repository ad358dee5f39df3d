/*
 * Pages into tables: what is new, unchanged, changed, gone; twice, hostile.
 */
#include "rig.h"

static void
fill(struct rig *r, struct posting *list, int n)
{
	for (int i = 0; i < n; i++)
		list[i] = rig_posting(r, i);
}

static void
first_run(struct rig *r, struct posting *list, int n)
{
	rig_begin(r);
	rig_work(r);
	CHECK_INT(r->ngrants, 1);
	rig_page(r, &r->grants[0], list, (size_t)n);
	rig_work(r);
}

static void
a_page_is_stored(void)
{
	struct rig *r = rig_new();
	struct posting list[10];

	fill(r, list, 10);
	first_run(r, list, 10);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 10);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 10);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM requests"), 0);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "ok");
	CHECK_INT(rig_number(r, "SELECT found FROM runs"), 10);
	CHECK_INT(rig_number(r, "SELECT added FROM runs"), 10);
	CHECK_STR(rig_text(r, "SELECT title FROM jobs ORDER BY id LIMIT 1"),
	    "Engineer for subject 0");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs WHERE search @@ "
				"to_tsquery('english', 'engineers')"),
	    10);
	rig_free(r);
}

static void
unchanged_rows_are_untouched(void)
{
	struct rig *r = rig_new();
	struct posting list[10];
	const char *jobs, *postings;

	fill(r, list, 10);
	first_run(r, list, 10);
	jobs = rig_text(r, "SELECT string_agg(xmin::text, ',' ORDER BY id) "
			   "FROM jobs");
	postings = rig_text(
	    r, "SELECT string_agg(xmin::text, ',' ORDER BY id) FROM postings");
	/* The page was read again, for one posting is another. */
	list[3].title = "Another title";
	rig_due(r);
	CHECK_INT(r->ngrants, 1);
	CHECK_STR(r->grants[0].etag, "\"1\"");
	rig_page(r, &r->grants[0], list, 10);
	rig_work(r);
	CHECK_INT(rig_number(r, "SELECT changed FROM runs ORDER BY id DESC "
				"LIMIT 1"),
	    1);
	CHECK_INT(rig_number(r,
		      arena_printf(r->a,
			  "SELECT count(*) FROM unnest('{%s}'::text[]) "
			  "WITH ORDINALITY o(x, i) JOIN (SELECT xmin::text "
			  "x, row_number() OVER (ORDER BY id) i FROM jobs) n "
			  "USING (i) WHERE o.x <> n.x",
			  jobs)),
	    1);
	/* A 304 touches one row, and no posting. */
	postings = rig_text(
	    r, "SELECT string_agg(xmin::text, ',' ORDER BY id) FROM postings");
	rig_due(r);
	rig_unchanged(r, &r->grants[0]);
	rig_work(r);
	CHECK_STR(rig_text(r, "SELECT string_agg(xmin::text, ',' ORDER BY "
			      "id) FROM postings"),
	    postings);
	CHECK_STR(
	    rig_text(r, "SELECT outcome FROM runs ORDER BY id DESC LIMIT 1"),
	    "unchanged");
	CHECK_INT(rig_number(r, "SELECT found FROM runs ORDER BY id DESC "
				"LIMIT 1"),
	    10);
	rig_free(r);
}

static void
closed_after_two_runs(void)
{
	struct rig *r = rig_new();
	struct posting list[10];
	static const char open[] =
	    "SELECT count(*) FROM jobs WHERE closed_at IS NULL";

	fill(r, list, 10);
	first_run(r, list, 10);
	rig_due(r);
	rig_page(r, &r->grants[0], list, 9);
	rig_work(r);
	CHECK_INT(rig_number(r, open), 10);
	/* A run that fails says nothing about what is gone. */
	for (int i = 0; i < 3; i++) {
		struct fetched x = { .result = FETCH_STATUS, .status = 404 };
		rig_due(r);
		rig_fetched(r, &r->grants[0], &x);
		rig_work(r);
	}
	CHECK_INT(rig_number(r, open), 10);
	/* An unchanged run is complete: the second miss. */
	rig_due(r);
	CHECK_INT(r->ngrants, 1);
	rig_unchanged(r, &r->grants[0]);
	rig_work(r);
	CHECK_INT(rig_number(r, open), 9);
	CHECK_INT(rig_number(r, "SELECT closed FROM runs ORDER BY id DESC "
				"LIMIT 1"),
	    1);
	/* It comes back and is open again. */
	rig_due(r);
	rig_page(r, &r->grants[0], list, 10);
	rig_work(r);
	CHECK_INT(rig_number(r, open), 10);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 10);
	rig_free(r);
}

/* Texts that have broken other programs come back as they were. */
static void
hostile_text_is_kept(void)
{
	static const char *const texts[] = { "'; DROP TABLE jobs; --",
		"\\'\\\\x00", "{\"a\":1}", "{1,2,NULL}", "$1 $$ $x$", "%s%n",
		"\xf0\x9f\x92\xa9 \xe2\x80\x9e", "a\tb\nc",
		"\"quoted\" and, comma", "NULL", "\xef\xbf\xbe" };
	enum { N = sizeof(texts) / sizeof(texts[0]) };
	struct rig *r = rig_new();
	struct posting list[N];
	struct pair meta[N];
	const char *tags[N][1];

	fill(r, list, N);
	for (int i = 0; i < N; i++) {
		list[i].description = list[i].company = texts[i];
		meta[i] = (struct pair){ "key", texts[i] };
		list[i].metadata = &meta[i];
		list[i].nmetadata = 1;
		tags[i][0] = texts[i];
		list[i].tags = tags[i];
		list[i].ntags = 1;
	}
	first_run(r, list, N);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), N);
	for (int i = 0; i < N; i++) {
		const char *which = arena_printf(
		    r->a, " FROM jobs WHERE external_id = 'id-%d'", i);
		CHECK_STR(rig_text(r, arena_printf(
					  r->a, "SELECT description%s", which)),
		    texts[i]);
		CHECK_STR(rig_text(r, arena_printf(r->a,
					  "SELECT metadata->>'key'%s", which)),
		    texts[i]);
		CHECK_STR(
		    rig_text(r, arena_printf(r->a, "SELECT tags->>0%s", which)),
		    texts[i]);
	}
	rig_free(r);
}

/* A bad posting is refused alone; one of an id twice is one. */
static void
bad_and_double_postings(void)
{
	struct rig *r = rig_new();
	struct posting list[5];

	fill(r, list, 5);
	list[1].url = "javascript:alert(1)";
	list[3].external_id = list[2].external_id;
	first_run(r, list, 5);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 3);
	CHECK_INT(rig_number(r, "SELECT refused FROM runs"), 1);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "ok");
	rig_free(r);
}

static void
pages_follow_each_other(void)
{
	struct rig *r = rig_new();
	struct posting list[30];

	fill(r, list, 30);
	r->source.pages = (struct pages){
		.kind = PAGES_NUMBER, .from = 1, .until = UNTIL_EMPTY, .max = 10
	};
	rig_begin(r);
	rig_work(r);
	for (size_t page = 0; page < 4; page++) {
		CHECK_INT(r->ngrants, page + 1);
		CHECK_STR(r->grants[page].url,
		    arena_printf(
			r->a, "http://board.example/list?p=%zu", page + 1));
		rig_page(
		    r, &r->grants[page], list + page * 10, page < 3 ? 10 : 0);
		rig_work(r);
	}
	CHECK_INT(r->ngrants, 4);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "ok");
	CHECK_INT(rig_number(r, "SELECT pages FROM runs"), 4);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 30);
	/* All of it again, unchanged: the pages are found one after another. */
	rig_due(r);
	for (size_t page = 0; page < 4; page++) {
		CHECK_INT(r->ngrants, page + 1);
		rig_unchanged(r, &r->grants[page]);
		rig_work(r);
	}
	CHECK_STR(
	    rig_text(r, "SELECT outcome FROM runs ORDER BY id DESC LIMIT 1"),
	    "unchanged");
	rig_free(r);
}

/* The same bytes under two addresses: the list goes round in circles. */
static void
repeated_pages_end_the_run(void)
{
	struct rig *r = rig_new();
	struct posting list[10];

	fill(r, list, 10);
	r->source.pages = (struct pages){
		.kind = PAGES_NUMBER, .from = 1, .until = UNTIL_EMPTY, .max = 10
	};
	rig_begin(r);
	rig_work(r);
	for (size_t page = 0; page < 2; page++) {
		struct fetched f = { .result = FETCH_OK, .status = 200 };
		struct extracted x = { .fingerprint = 77 };
		rig_fetched(r, &r->grants[page], &f);
		rig_extracted(r, &r->grants[page], &x, list, 10);
		rig_work(r);
	}
	CHECK_INT(r->ngrants, 2);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "truncated");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 10);
	rig_free(r);
}

TESTS(TEST(a_page_is_stored), TEST(unchanged_rows_are_untouched),
    TEST(closed_after_two_runs), TEST(hostile_text_is_kept),
    TEST(bad_and_double_postings), TEST(pages_follow_each_other),
    TEST(repeated_pages_end_the_run))
