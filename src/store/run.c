/*
 * Runs: counted up with each batch; at its last request a run ends, gets its
 * outcome, and closes what it did not see, if it saw everything else.
 */
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store_int.h"

/* Complete runs without a posting before it counts as closed. */
#define MISSED_RUNS 2

struct delta *
run_delta(struct tx *tx, int64_t run_id, struct lane *lane)
{
	struct delta *grown;

	for (size_t i = tx->ndeltas; i-- > 0;)
		if (tx->deltas[i].run_id == run_id)
			return &tx->deltas[i];
	if (tx->deltas == NULL) {
		/* Pointers into it are kept, so it never moves: as many as
		 * there are flights or lanes can be needed. */
		size_t n = tx->nflights + tx->s->nlanes + BATCH_MAX;

		grown = arena_array(tx->a, n, sizeof(*grown));
		tx->deltas = grown;
	}
	tx->deltas[tx->ndeltas] =
	    (struct delta){ .run_id = run_id, .lane = lane, .total = -1 };
	return &tx->deltas[tx->ndeltas++];
}

/* ---- adding up ---- */

static const char *
fills_json(struct tx *tx, const struct delta *d)
{
	struct json *o = json_object();
	char *text;

	for (size_t i = 0; i < d->nfills; i++)
		json_set(o, d->fills[i].name, json_int(d->fills[i].found));
	text = json_dump(tx->a, o);
	json_free(o);
	return text;
}

enum {
	C_ID,
	C_OPEN,
	C_REQUESTS,
	C_PAGES,
	C_UNCHANGED,
	C_FAILED,
	C_DETAILS,
	C_FAILED_DETAILS,
	C_ITEMS,
	C_FOUND,
	C_ADDED,
	C_CHANGED,
	C_MERGED,
	C_REPOSTED,
	C_REFUSED,
	C_TOTAL,
	C_TRUNCATED,
	C_CRASHED,
	C_ROBOTS,
	C_FETCH,
	C_STATUS,
	C_FETCH_REASON,
	C_EXTRACT,
	C_EXTRACT_REASON,
	C_FILLS,
	RUN_COLS
};

static enum col_type
run_type(int i)
{
	if (i < C_TRUNCATED || i == C_STATUS)
		return COL_I64;
	return i <= C_ROBOTS ? COL_BOOL : COL_TEXT;
}

static void
add_fault(struct col *c, const struct flight *f)
{
	if (f == NULL) {
		for (int i = C_FETCH; i <= C_EXTRACT_REASON; i++)
			col_null(&c[i]);
		return;
	}
	col_text(&c[C_FETCH], fetch_result_name(f->fetched.result));
	col_i64(&c[C_STATUS], f->fetched.status);
	col_text(&c[C_FETCH_REASON], f->fetched.reason);
	col_text(&c[C_EXTRACT], extract_result_name(f->extracted.result));
	col_text(&c[C_EXTRACT_REASON], f->extracted.reason);
}

static void
add_delta(struct tx *tx, struct col *c, const struct delta *d)
{
	const int64_t numbers[] = { d->run_id, d->open, d->requests, d->pages,
		d->unchanged, d->failed, d->details, d->failed_details,
		d->items, d->found, d->added, d->changed, d->merged,
		d->reposted, d->refused, d->total };

	for (int i = C_ID; i <= C_TOTAL; i++)
		col_i64(&c[i], numbers[i]);
	col_bool(&c[C_TRUNCATED], d->truncated);
	col_bool(&c[C_CRASHED], d->crashed);
	col_bool(&c[C_ROBOTS], d->robots_refused);
	add_fault(c, d->fault);
	col_text(&c[C_FILLS], d->nfills == 0 ? NULL : fills_json(tx, d));
}

static const char update_sql[] =
    "UPDATE runs r SET open_requests = r.open_requests + u.open, "
    " requests = r.requests + u.requests, pages = r.pages + u.pages, "
    " unchanged_pages = r.unchanged_pages + u.unchanged, "
    " failed_pages = r.failed_pages + u.failed, "
    " details = r.details + u.details, "
    " failed_details = r.failed_details + u.failed_details, "
    " items = r.items + u.items, found = r.found + u.found, "
    " added = r.added + u.added, changed = r.changed + u.changed, "
    " merged = r.merged + u.merged, reposted = r.reposted + u.reposted, "
    " refused = r.refused + u.refused, "
    " total = greatest(r.total, nullif(u.total, -1)), "
    " truncated = r.truncated OR u.truncated, "
    " crashed = r.crashed OR u.crashed, "
    " robots_refused = r.robots_refused OR u.robots, "
    " fetch_result = coalesce(r.fetch_result, u.got), "
    " fetch_status = coalesce(r.fetch_status, u.status), "
    " fetch_reason = coalesce(r.fetch_reason, u.fetch_reason), "
    " extract_result = coalesce(r.extract_result, u.said), "
    " extract_reason = coalesce(r.extract_reason, u.extract_reason), "
    " fills = CASE WHEN u.fills IS NULL THEN r.fills ELSE (SELECT "
    "  coalesce(jsonb_object_agg(k, coalesce((r.fills->>k)::bigint, 0) + "
    "  coalesce((u.fills::jsonb->>k)::bigint, 0)), '{}') FROM (SELECT "
    "  jsonb_object_keys(r.fills) UNION SELECT jsonb_object_keys("
    "  u.fills::jsonb)) x(k)) END "
    "FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], "
    " $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], "
    " $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], "
    " $14::bigint[], $15::bigint[], $16::bigint[], $17::boolean[], "
    " $18::boolean[], $19::boolean[], $20::text[], $21::bigint[], "
    " $22::text[], $23::text[], $24::text[], $25::text[]) u(id, open, "
    " requests, pages, unchanged, failed, details, failed_details, items, "
    " found, added, changed, merged, reposted, refused, total, truncated, "
    " crashed, robots, got, status, fetch_reason, said, extract_reason, "
    " fills), sources s "
    "WHERE r.id = u.id AND s.id = r.source_id AND r.ended_at IS NULL "
    "RETURNING r.id, r.source_id, r.open_requests, r.pages, "
    " r.unchanged_pages, r.failed_pages, r.details, r.failed_details, "
    " r.items, r.found, r.added, r.changed, r.merged, r.refused, r.total, "
    " r.truncated, r.crashed, r.robots_refused, r.fetch_result, "
    " r.fetch_status, r.fetch_reason, r.extract_result, r.extract_reason, "
    " s.usual_count, s.outcome, r.started_at";

enum {
	R_ID,
	R_SOURCE,
	R_OPEN,
	R_PAGES,
	R_UNCHANGED,
	R_FAILED,
	R_DETAILS,
	R_FAILED_DETAILS,
	R_ITEMS,
	R_FOUND,
	R_ADDED,
	R_CHANGED,
	R_MERGED,
	R_REFUSED,
	R_TOTAL,
	R_TRUNCATED,
	R_CRASHED,
	R_ROBOTS,
	R_FETCH,
	R_STATUS,
	R_FETCH_REASON,
	R_EXTRACT,
	R_EXTRACT_REASON,
	R_USUAL,
	R_BEFORE,
	R_STARTED
};

/* ---- the end of runs ---- */

struct ended {
	int64_t id;
	struct lane *lane;
	enum outcome outcome, before;
	const char *reason;
	int64_t usual, closed;
	struct event event;
};

static enum fetch_result
fetch_parse(const char *name)
{
	for (enum fetch_result i = 0; i < FETCH__MAX; i++)
		if (str_eq(name, fetch_result_name(i)))
			return i;
	return FETCH_OK;
}

static enum extract_result
extract_parse(const char *name)
{
	for (enum extract_result i = 0; i < EXTRACT__MAX; i++)
		if (str_eq(name, extract_result_name(i)))
			return i;
	return EXTRACT_OK;
}

static struct run_facts
read_facts(const struct rows *r, int i, const struct lane *lane)
{
	return (struct run_facts){
		.list_pages = (int)row_i64(r, i, R_PAGES),
		.unchanged_pages = (int)row_i64(r, i, R_UNCHANGED),
		.failed_pages = (int)row_i64(r, i, R_FAILED),
		.detail_pages = (int)(row_i64(r, i, R_DETAILS) +
				      row_i64(r, i, R_FAILED_DETAILS)),
		.failed_details = (int)row_i64(r, i, R_FAILED_DETAILS),
		.items = row_i64(r, i, R_ITEMS),
		.postings = row_i64(r, i, R_FOUND),
		.refused = row_i64(r, i, R_REFUSED),
		.total =
		    row_is_null(r, i, R_TOTAL) ? -1 : row_i64(r, i, R_TOTAL),
		.min_jobs = lane->source->expect.min_jobs,
		.usual =
		    row_is_null(r, i, R_USUAL) ? -1 : row_i64(r, i, R_USUAL),
		.truncated = row_bool(r, i, R_TRUNCATED),
		.crashed = row_bool(r, i, R_CRASHED),
		.fetch = fetch_parse(row_text(r, i, R_FETCH)),
		.status = (int)row_i64(r, i, R_STATUS),
		.fetch_reason = row_text(r, i, R_FETCH_REASON),
		.extract = extract_parse(row_text(r, i, R_EXTRACT)),
		.extract_reason = row_text(r, i, R_EXTRACT_REASON),
		.robots_refused = row_bool(r, i, R_ROBOTS),
	};
}

static struct event
run_event(const struct rows *r, int i, const struct lane *lane)
{
	return (struct event){ .kind = EVENT_PAGE,
		.object = lane->target->key,
		.pages = row_i64(r, i, R_PAGES),
		.unchanged_pages = row_i64(r, i, R_UNCHANGED),
		.found = row_i64(r, i, R_FOUND),
		.added = row_i64(r, i, R_ADDED),
		.changed = row_i64(r, i, R_CHANGED),
		.merged = row_i64(r, i, R_MERGED),
		.total =
		    row_is_null(r, i, R_TOTAL) ? -1 : row_i64(r, i, R_TOTAL) };
}

static void
read_end(struct tx *tx, const struct rows *r, int i, struct ended *to)
{
	struct lane *lane = lane_by_id(tx->s, row_i64(r, i, R_SOURCE));
	struct run_facts facts = read_facts(r, i, lane);
	const char *before = row_text(r, i, R_BEFORE);

	*to = (struct ended){ .id = row_i64(r, i, R_ID), .lane = lane };
	to->outcome = run_outcome(tx->a, &facts, &to->reason);
	to->before = before == NULL ? OUTCOME__MAX : outcome_parse(before);
	to->usual = facts.usual;
	if (outcome_is_complete(to->outcome))
		to->usual = facts.usual < 0
				? facts.postings
				: (facts.usual * 3 + facts.postings + 2) / 4;
	to->event = run_event(r, i, lane);
	to->event.kind = EVENT_RUN_END;
	to->event.took_ms = tx->now_ms - row_ms(r, i, R_STARTED);
}

/*
 * What a complete run did not hold was missed once more: postings adrift,
 * and those on pages that it did not come by.
 */
static const char close_sql[] =
    "WITH u AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) "
    " u(source_id, run_id)), "
    "gone AS (SELECT p.id FROM u JOIN postings p USING (source_id) "
    "  WHERE p.page_id IS NULL AND p.closed_at IS NULL "
    " UNION ALL SELECT p.id FROM u JOIN pages g USING (source_id) "
    "  JOIN postings p ON p.page_id = g.id "
    "  WHERE g.last_run_id IS DISTINCT FROM u.run_id AND "
    "  p.closed_at IS NULL), "
    "p AS (UPDATE postings p SET missed = missed + 1, "
    "  closed_at = CASE WHEN missed + 1 >= $3 THEN $4 END FROM gone "
    " WHERE p.id = gone.id RETURNING p.id, p.job_id, p.source_id, "
    " p.closed_at), "
    "c AS (SELECT * FROM p WHERE closed_at IS NOT NULL), "
    "j AS (UPDATE jobs j SET closed_at = $4, updated_at = $4 FROM (SELECT "
    "  DISTINCT job_id FROM c) x WHERE j.id = x.job_id AND j.closed_at IS "
    "  NULL AND NOT EXISTS (SELECT FROM postings o WHERE o.job_id = j.id AND "
    "  o.closed_at IS NULL AND o.id NOT IN (SELECT id FROM c)) "
    " RETURNING j.id) "
    "SELECT c.source_id, count(*) FROM c JOIN j ON j.id = c.job_id "
    "GROUP BY c.source_id";

static int
close_missing(struct tx *tx, struct ended *list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	struct col source, run;
	int result = 0;

	col_init(&source, COL_I64);
	col_init(&run, COL_I64);
	for (size_t i = 0; i < n; i++)
		if (outcome_is_complete(list[i].outcome)) {
			col_i64(&source, list[i].lane->id);
			col_i64(&run, list[i].id);
		}
	arg_col(&a, &source);
	arg_col(&a, &run);
	arg_i64(&a, MISSED_RUNS);
	arg_ms(&a, tx->now_ms);
	if (source.n > 0)
		result = db_query(tx->db, close_sql, &a, &rows, err);
	for (int r = 0; rows != NULL && r < rows_count(rows); r++)
		for (size_t i = 0; i < n; i++)
			if (list[i].lane->id == row_i64(rows, r, 0))
				list[i].closed = row_i64(rows, r, 1);
	rows_free(rows);
	col_fini(&source);
	col_fini(&run);
	return result;
}

/* Failed requests tell why until the next run has ended. */
static const char end_sql[] =
    "WITH u AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], "
    "  $4::text[], $5::bigint[], $6::bigint[], $7::boolean[]) u(run_id, "
    "  source_id, outcome, reason, closed, usual, complete)), "
    "r AS (UPDATE runs r SET ended_at = $8, outcome = u.outcome, "
    "  reason = u.reason, closed = u.closed FROM u WHERE r.id = u.run_id), "
    "q AS (DELETE FROM requests q USING u WHERE q.source_id = u.source_id "
    "  AND q.state = 'failed' AND q.run_id < u.run_id) "
    "UPDATE sources s SET outcome = u.outcome, "
    " outcome_since = CASE WHEN s.outcome = u.outcome THEN s.outcome_since "
    "  ELSE $8 END, "
    " last_complete_run_id = CASE WHEN u.complete THEN u.run_id ELSE "
    "  s.last_complete_run_id END, "
    " last_good_at = CASE WHEN u.complete THEN $8 ELSE s.last_good_at END, "
    " usual_count = nullif(u.usual, -1), updated_at = $8 "
    "FROM u WHERE s.id = u.source_id";

static int
write_ends(struct tx *tx, struct ended *list, size_t n, struct err *err)
{
	static const enum col_type types[] = { COL_I64, COL_I64, COL_TEXT,
		COL_TEXT, COL_I64, COL_I64, COL_BOOL };
	struct args a = { .n = 0 };
	struct col c[7];
	int result;

	for (size_t i = 0; i < 7; i++)
		col_init(&c[i], types[i]);
	for (size_t i = 0; i < n; i++) {
		col_i64(&c[0], list[i].id);
		col_i64(&c[1], list[i].lane->id);
		col_text(&c[2], outcome_name(list[i].outcome));
		col_text(&c[3], list[i].reason);
		col_i64(&c[4], list[i].closed);
		col_i64(&c[5], list[i].usual);
		col_bool(&c[6], outcome_is_complete(list[i].outcome));
	}
	for (size_t i = 0; i < 7; i++)
		arg_col(&a, &c[i]);
	arg_ms(&a, tx->now_ms);
	result = db_query(tx->db, end_sql, &a, NULL, err);
	for (size_t i = 0; i < 7; i++)
		col_fini(&c[i]);
	return result;
}

/* The operator hears of an outcome when it changes, not of every run. */
static int
tell(struct tx *tx, struct ended *e, struct err *err)
{
	bool bad = !outcome_is_complete(e->outcome);
	const char *key = e->lane->target->key;

	e->event.outcome = outcome_name(e->outcome);
	e->event.reason = e->reason;
	e->event.closed = e->closed;
	tx_event(tx, &e->event);
	if (bad)
		tx->s->account.failed++;
	tx->s->account.done++;
	if (e->outcome == e->before)
		return 0;
	if (bad)
		return trouble_begin(tx, "source", key,
		    arena_printf(
			tx->a, "%s: %s", outcome_name(e->outcome), e->reason),
		    err);
	if (e->before != OUTCOME__MAX && !outcome_is_complete(e->before))
		return trouble_end(tx, "source", key, err);
	return 0;
}

static int
end_runs(struct tx *tx, const struct rows *rows, struct err *err)
{
	size_t n = 0;
	struct ended *list =
	    arena_array(tx->a, (size_t)rows_count(rows) + 1, sizeof(*list));

	for (int i = 0; i < rows_count(rows); i++) {
		if (row_i64(rows, i, R_OPEN) == 0) {
			read_end(tx, rows, i, &list[n++]);
			continue;
		}
		struct event e = run_event(
		    rows, i, lane_by_id(tx->s, row_i64(rows, i, R_SOURCE)));
		if (tx->nflights > 0)
			tx_event(tx, &e);
	}
	if (n == 0)
		return 0;
	if (close_missing(tx, list, n, err) == -1 ||
	    write_ends(tx, list, n, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (tell(tx, &list[i], err) == -1)
			return -1;
	return 0;
}

int
runs_update(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	struct col c[RUN_COLS];
	int result = -1;

	if (tx->ndeltas == 0)
		return 0;
	for (int i = 0; i < RUN_COLS; i++)
		col_init(&c[i], run_type(i));
	for (size_t i = 0; i < tx->ndeltas; i++)
		add_delta(tx, c, &tx->deltas[i]);
	for (int i = 0; i < RUN_COLS; i++)
		arg_col(&a, &c[i]);
	if (db_query(tx->db, update_sql, &a, &rows, err) == 0)
		result = end_runs(tx, rows, err);
	rows_free(rows);
	for (int i = 0; i < RUN_COLS; i++)
		col_fini(&c[i]);
	return result;
}
