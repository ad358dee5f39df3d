/*
 * The way of a request: details, robots.txt, redirects, retries, pace,
 * leases; and a database that goes away in the middle.
 */
#include "rig.h"
#include <signal.h>

static void
with_detail(struct rig *r)
{
	r->source.detail = (struct view){
		.present = true, .method = "GET", .format = FORMAT_HTML
	};
}

static void
fill(struct rig *r, struct posting *list, int n)
{
	for (int i = 0; i < n; i++) {
		list[i] = rig_posting(r, i);
		list[i].description = NULL;
		list[i].detail_url = list[i].url;
	}
}

static void
answer_details(struct rig *r, size_t from)
{
	for (size_t i = from; i < r->ngrants; i++) {
		struct posting p = { .description = arena_printf(r->a,
					 "All about %s", r->grants[i].url) };
		CHECK_INT(r->grants[i].kind, REQUEST_DETAIL);
		rig_page(r, &r->grants[i], &p, 1);
	}
	rig_work(r);
}

static void
details_are_waited_for(void)
{
	struct rig *r = rig_new();
	struct posting list[8];

	with_detail(r);
	fill(r, list, 8);
	rig_begin(r);
	rig_work(r);
	rig_page(r, &r->grants[0], list, 8);
	rig_work(r);
	CHECK_INT(r->ngrants, 9);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM postings"), 0);
	answer_details(r, 1);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs WHERE description "
				"= 'All about ' || source_url AND title LIKE "
				"'Engineer%'"),
	    8);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "ok");
	CHECK_INT(rig_number(r, "SELECT details FROM runs"), 8);
	/* Read again: only what is new or has changed is asked for. */
	list[2].title = "Another";
	rig_due(r);
	rig_page(r, &r->grants[0], list, 8);
	rig_work(r);
	CHECK_INT(r->ngrants, 2);
	CHECK_STR(r->grants[1].url, list[2].url);
	answer_details(r, 1);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 8);
	CHECK_INT(rig_number(r, "SELECT changed FROM runs ORDER BY id DESC "
				"LIMIT 1"),
	    1);
	rig_free(r);
}

/* Without its detail page a posting is stored as the list has it. */
static void
failed_details_come_again(void)
{
	struct rig *r = rig_new();
	struct posting list[2];
	struct fetched x = { .result = FETCH_TOO_BIG, .reason = "too big" };

	with_detail(r);
	fill(r, list, 2);
	rig_begin(r);
	rig_work(r);
	rig_page(r, &r->grants[0], list, 2);
	rig_work(r);
	CHECK_INT(r->ngrants, 3);
	rig_fetched(r, &r->grants[2], &x);
	r->ngrants = 2;
	answer_details(r, 1);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 2);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM request_history WHERE "
				"result = 'too-big' AND reason = 'too big'"),
	    1);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "partial");
	/* The page is not taken for unchanged, so that it is tried again. */
	rig_due(r);
	CHECK(r->grants[0].body_hash == NULL && r->grants[0].etag == NULL);
	rig_page(r, &r->grants[0], list, 2);
	rig_work(r);
	CHECK_INT(r->ngrants, 2);
	answer_details(r, 1);
	CHECK_INT(
	    rig_number(r, "SELECT count(*) FROM postings WHERE detailed"), 2);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 2);
	rig_free(r);
}

static void
answer_robots(struct rig *r, const struct grant *g, const char *disallow)
{
	struct fetched f = { .result = FETCH_OK, .status = 200 };
	struct robots_rule rule = { false, disallow };
	const char *agents[] = { "*" };
	struct robots_group group = { agents, 1, &rule, 1, -1 };
	struct robots robots = { &group, 1 };
	struct extracted x = { .id = g->id, .reason = "", .total = -1 };
	struct err err = { 0 };
	struct buf out, b;
	int fd;

	CHECK_INT(g->kind, REQUEST_ROBOTS);
	CHECK_STR(g->url, "http://board.example/robots.txt");
	rig_fetched(r, g, &f);
	buf_init(&out, 65536);
	robots_put(&out, &robots);
	fd = body_make("output", out.data, out.len, &err);
	buf_fini(&out);
	buf_init(&b, LIMIT_FRAME_BYTES);
	extracted_put(&b, &x);
	rig_frame(r, MSG_EXTRACTED, g->id, &b, fd);
	rig_work(r);
}

static void
robots_come_first(void)
{
	struct rig *r = rig_new();
	struct posting p = rig_posting(r, 1);

	r->source.robots_ignore = false;
	rig_begin(r);
	rig_work(r);
	CHECK_INT(r->ngrants, 1);
	answer_robots(r, &r->grants[0], "/private");
	CHECK_INT(r->ngrants, 2);
	CHECK_INT(r->grants[1].kind, REQUEST_LIST);
	rig_page(r, &r->grants[1], &p, 1);
	rig_work(r);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "ok");
	/* Known for a day. */
	rig_due(r);
	CHECK_INT(r->ngrants, 1);
	CHECK_INT(r->grants[0].kind, REQUEST_LIST);
	rig_unchanged(r, &r->grants[0]);
	rig_work(r);
	rig_sql(r, "UPDATE hosts SET robots_at = robots_at - interval '25 h'");
	for (size_t i = 0; i < HOST_BUCKETS; i++)
		if (r->s->hosts[i] != NULL)
			r->s->hosts[i]->robots_at_ms = 0;
	rig_due(r);
	CHECK_INT(r->grants[0].kind, REQUEST_ROBOTS);
	rig_free(r);
}

static void
robots_refuse(void)
{
	struct rig *r = rig_new();

	r->source.robots_ignore = false;
	rig_begin(r);
	rig_work(r);
	answer_robots(r, &r->grants[0], "/");
	CHECK_INT(r->ngrants, 1);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "blocked");
	CHECK_STR(rig_text(r, "SELECT result FROM request_history WHERE kind = "
			      "'list'"),
	    "robots");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM events WHERE kind = "
				"'source' AND over_at IS NULL"),
	    1);
	rig_free(r);
}

/* No robots.txt for a server error: nothing may be fetched. */
static void
robots_unreachable(void)
{
	struct rig *r = rig_new();
	struct fetched x = { .result = FETCH_STATUS, .status = 404 };

	r->source.robots_ignore = false;
	rig_begin(r);
	rig_work(r);
	rig_fetched(r, &r->grants[0], &x);
	rig_work(r);
	CHECK_INT(r->ngrants, 2);
	CHECK_INT(r->grants[1].kind, REQUEST_LIST);
	rig_free(r);
	r = rig_new();
	r->source.robots_ignore = false;
	rig_begin(r);
	x = (struct fetched){ .result = FETCH_STATUS, .status = 500 };
	for (size_t i = 0; i < 3; i++) {
		rig_sql(r, "UPDATE requests SET not_before = '-infinity'");
		rig_sql(r, "UPDATE hosts SET next_allowed_at = '-infinity'");
		rig_work(r);
		CHECK_INT(r->ngrants, i + 1);
		CHECK_INT(r->grants[i].kind, REQUEST_ROBOTS);
		rig_fetched(r, &r->grants[i], &x);
		rig_work(r);
	}
	CHECK_INT(r->ngrants, 3);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "blocked");
	rig_free(r);
}

static void
redirects_are_granted_anew(void)
{
	struct rig *r = rig_new();
	struct posting p = rig_posting(r, 1);

	rig_begin(r);
	rig_work(r);
	for (size_t i = 0; i < 5; i++) {
		struct fetched x = { .result = FETCH_MOVED,
			.status = 302,
			.location = arena_printf(
			    r->a, "http://other%zu.example/x", i) };
		CHECK_INT(r->ngrants, i + 1);
		rig_fetched(r, &r->grants[i], &x);
		rig_work(r);
	}
	CHECK_INT(r->ngrants, 6);
	CHECK_STR(r->grants[5].url, "http://other4.example/x");
	rig_page(r, &r->grants[5], &p, 1);
	rig_work(r);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "ok");
	rig_due(r);
	for (size_t i = 0; i < 6; i++) {
		struct fetched x = { .result = FETCH_MOVED,
			.status = 302,
			.location = "http://other.example/round" };
		CHECK_INT(r->ngrants, i + 1);
		rig_fetched(r, &r->grants[i], &x);
		rig_work(r);
	}
	CHECK_INT(r->ngrants, 6);
	CHECK_STR(
	    rig_text(r, "SELECT outcome FROM runs ORDER BY id DESC LIMIT 1"),
	    "failed");
	rig_free(r);
}

static void
faults_are_retried(void)
{
	struct rig *r = rig_new();
	struct fetched x = { .result = FETCH_TIMEOUT, .reason = "timeout" };

	rig_begin(r);
	rig_work(r);
	for (size_t i = 0; i < 3; i++) {
		CHECK_INT(r->ngrants, i + 1);
		rig_fetched(r, &r->grants[i], &x);
		rig_work(r);
		CHECK_INT(r->ngrants, i + 1);
		rig_sql(r, "UPDATE requests SET not_before = '-infinity'");
		rig_work(r);
	}
	CHECK_INT(r->ngrants, 3);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "failed");
	/* Who asks us to stay away is not asked again. */
	rig_due(r);
	x = (struct fetched){
		.result = FETCH_STATUS, .status = 429, .retry_after = "7200"
	};
	rig_fetched(r, &r->grants[0], &x);
	rig_work(r);
	CHECK_STR(
	    rig_text(r, "SELECT outcome FROM runs ORDER BY id DESC LIMIT 1"),
	    "throttled");
	CHECK_INT(rig_number(r, "SELECT count(*) FROM events WHERE kind = "
				"'source' AND over_at IS NULL"),
	    1);
	rig_free(r);
}

/* One connection and one request each 2 s, whatever is queued. */
static void
hosts_have_a_pace(void)
{
	struct rig *r = rig_new();
	struct posting list[8];
	int64_t begin_ms;

	with_detail(r);
	fill(r, list, 8);
	r->source.limits.gap_ms = 2000;
	r->source.limits.concurrency = 1;
	rig_begin(r);
	rig_work(r);
	rig_page(r, &r->grants[0], list, 8);
	rig_work(r);
	CHECK_INT(r->ngrants, 1);
	begin_ms = clock_mono_ms();
	rig_sql(r, "UPDATE hosts SET next_allowed_at = clock() + "
		   "interval '900 ms'");
	rig_work(r);
	/* Granted a little ahead, with what is left to wait. */
	CHECK_INT(r->ngrants, 2);
	CHECK(r->grants[1].delay_ms <= 900);
	CHECK(r->grants[1].delay_ms >= 890 - (clock_mono_ms() - begin_ms));
	rig_sql(r, "UPDATE hosts SET next_allowed_at = '-infinity'");
	rig_work(r);
	CHECK_INT(r->ngrants, 2);
	rig_free(r);
}

/* What a former life of this daemon had in hand is done again. */
static void
leases_come_back(void)
{
	struct rig *r = rig_new();
	struct posting p = rig_posting(r, 1);
	struct err err = { 0 };
	struct db *other;

	rig_begin(r);
	rig_work(r);
	CHECK_INT(r->ngrants, 1);
	flight_free(r->s, flight_of(r->s, r->grants[0].id));
	r->s->took_back = r->s->has_begun = false;
	rig_begin(r);
	rig_work(r);
	CHECK_INT(r->ngrants, 2);
	CHECK_INT(r->grants[1].id, r->grants[0].id);
	/* An answer for a lease that is another's, who lives, counts for
	 * nothing. */
	other = db_open(fix_conninfo, DB_SERVICE, "other", &err);
	CHECK(other != NULL);
	fix_check(db_hold(other, "other", &err), &err);
	rig_sql(r, "UPDATE requests SET owner = 'other'");
	rig_page(r, &r->grants[1], &p, 1);
	rig_work(r);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 0);
	CHECK_INT(r->s->in_flight, 0);
	CHECK_INT(r->ngrants, 2);
	/* Its death is noticed at once. */
	db_close(other);
	for (int i = 0; i < 50 && r->ngrants == 2; i++) {
		usleep(20000);
		rig_work(r);
	}
	CHECK_INT(r->ngrants, 3);
	rig_free(r);
}

/* The server is killed with results on the way: nothing is lost. */
static void
database_goes_and_comes(void)
{
	struct rig *r = rig_new();
	struct posting p = rig_posting(r, 1);
	struct err err = { 0 };
	char line[32], *path;
	FILE *f;

	rig_begin(r);
	rig_work(r);
	path =
	    arena_printf(r->a, "%s/state/cluster/data/postmaster.pid", fix_dir);
	f = fopen(path, "r");
	CHECK(f != NULL && fgets(line, sizeof(line), f) != NULL);
	fclose(f);
	CHECK(kill((pid_t)strtol(line, NULL, 10), SIGKILL) == 0);
	usleep(200000);
	rig_page(r, &r->grants[0], &p, 1);
	r->s->batch_since_ms = 0;
	CHECK_INT(store_work(r->s, &err), -1);
	CHECK_INT(err.kind, ERR_UNAVAILABLE);
	CHECK_INT(r->s->nbatch, 1);
	fix_check(cluster_restart(fix_cluster, &err), &err);
	rig_work(r);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM jobs"), 1);
	CHECK_STR(rig_text(r, "SELECT outcome FROM runs"), "ok");
	rig_free(r);
}

TESTS(TEST(details_are_waited_for), TEST(failed_details_come_again),
    TEST(robots_come_first), TEST(robots_refuse), TEST(robots_unreachable),
    TEST(redirects_are_granted_anew), TEST(faults_are_retried),
    TEST(hosts_have_a_pace), TEST(leases_come_back),
    TEST(database_goes_and_comes))
