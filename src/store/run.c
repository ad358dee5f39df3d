/*
 * Runs, counted up with each batch.
 */
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store_int.h"

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
	C_REOPENED,
	C_REFUSED,
	C_DROPPED,
	C_TOTAL,
	C_LOST_PAGES,
	C_FETCH_MS,
	C_BYTES,
	C_CPU,
	C_TRUNCATED,
	C_CRASHED,
	C_ROBOTS,
	C_RETRY,
	C_FETCH,
	C_STATUS,
	C_FETCH_REASON,
	C_EXTRACT,
	C_EXTRACT_REASON,
	C_LOST_FIELD,
	C_FILLS,
	RUN_COLS
};

static enum col_type
run_type(int i)
{
	if (i < C_TRUNCATED || i == C_STATUS)
		return COL_I64;
	return i <= C_RETRY ? COL_BOOL : COL_TEXT;
}

static void
add_fault(struct col *c, const struct flight *f)
{
	col_bool(&c[C_RETRY], f != NULL && f->fetched.retry_after != NULL);
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
		d->reposted, d->reopened, d->refused, d->dropped, d->total,
		d->lost_pages, d->fetch_ms, d->bytes, d->cpu_us };

	for (int i = C_ID; i <= C_CPU; i++)
		col_i64(&c[i], numbers[i]);
	col_bool(&c[C_TRUNCATED], d->truncated);
	col_bool(&c[C_CRASHED], d->crashed);
	col_bool(&c[C_ROBOTS], d->robots_refused);
	add_fault(c, d->fault);
	col_text(&c[C_LOST_FIELD], d->lost_field);
	col_text(&c[C_FILLS], tallies_json(tx->a, d));
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
    " reopened = r.reopened + u.reopened, refused = r.refused + u.refused, "
    " dropped = r.dropped + u.dropped, "
    " total = greatest(r.total, nullif(u.total, -1)), "
    " lost_pages = r.lost_pages + u.lost_pages, "
    " fetch_ms = r.fetch_ms + u.fetch_ms, bytes = r.bytes + u.bytes, "
    " cpu_us = r.cpu_us + u.cpu, "
    " truncated = r.truncated OR u.truncated, "
    " crashed = r.crashed OR u.crashed, "
    " robots_refused = r.robots_refused OR u.robots, "
    " fetch_retry = CASE WHEN r.fetch_result IS NULL THEN u.retry ELSE "
    "  r.fetch_retry END, "
    " fetch_result = coalesce(r.fetch_result, u.got), "
    " fetch_status = coalesce(r.fetch_status, u.status), "
    " fetch_reason = coalesce(r.fetch_reason, u.fetch_reason), "
    " extract_result = coalesce(r.extract_result, u.said), "
    " extract_reason = coalesce(r.extract_reason, u.extract_reason), "
    " lost_field = coalesce(r.lost_field, u.lost_field), "
    " fills = CASE WHEN u.fills IS NULL THEN r.fills ELSE (SELECT "
    "  jsonb_object_agg(k, jsonb_build_array("
    "   coalesce((r.fills->k->>0)::bigint, 0) + "
    "   coalesce((u.fills::jsonb->k->>0)::bigint, 0), "
    "   coalesce((r.fills->k->>1)::bigint, 0) + "
    "   coalesce((u.fills::jsonb->k->>1)::bigint, 0))) "
    "  FROM (SELECT jsonb_object_keys(r.fills) UNION "
    "   SELECT jsonb_object_keys(u.fills::jsonb)) x(k)) END "
    "FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], "
    " $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], "
    " $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], "
    " $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], "
    " $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[], "
    " $22::bigint[], $23::boolean[], $24::boolean[], $25::boolean[], "
    " $26::boolean[], $27::text[], $28::bigint[], $29::text[], $30::text[], "
    " $31::text[], $32::text[], $33::text[]) u(id, open, requests, pages, "
    "unchanged, "
    " failed, details, failed_details, items, found, added, changed, merged, "
    " reposted, reopened, refused, dropped, total, lost_pages, fetch_ms, "
    "bytes, cpu, "
    " truncated, crashed, robots, retry, got, status, fetch_reason, said, "
    " extract_reason, lost_field, fills) "
    "WHERE r.id = u.id AND r.ended_at IS NULL "
    "RETURNING r.id, r.source_id, r.open_requests, r.pages, "
    " r.unchanged_pages, r.found, r.added, r.changed, r.merged, r.total";

enum {
	R_ID,
	R_SOURCE,
	R_OPEN,
	R_PAGES,
	R_UNCHANGED,
	R_FOUND,
	R_ADDED,
	R_CHANGED,
	R_MERGED,
	R_TOTAL
};

/* How far a run is that goes on. */
static void
say_page(struct tx *tx, const struct rows *r, int i)
{
	struct lane *lane = lane_by_id(tx->s, row_i64(r, i, R_SOURCE));
	struct event e = { .kind = EVENT_PAGE,
		.object = lane->target->key,
		.pages = row_i64(r, i, R_PAGES),
		.unchanged_pages = row_i64(r, i, R_UNCHANGED),
		.found = row_i64(r, i, R_FOUND),
		.added = row_i64(r, i, R_ADDED),
		.changed = row_i64(r, i, R_CHANGED),
		.merged = row_i64(r, i, R_MERGED),
		.total =
		    row_is_null(r, i, R_TOTAL) ? -1 : row_i64(r, i, R_TOTAL) };

	if (tx->nflights > 0)
		tx_event(tx, &e);
}

static int
after_update(struct tx *tx, const struct rows *rows, struct err *err)
{
	struct col ended;
	int result = 0;

	col_init(&ended, COL_I64);
	for (int i = 0; i < rows_count(rows); i++)
		if (row_i64(rows, i, R_OPEN) == 0)
			col_i64(&ended, row_i64(rows, i, R_ID));
		else
			say_page(tx, rows, i);
	if (ended.n > 0)
		result = runs_end(tx, &ended, err);
	col_fini(&ended);
	return result;
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
		result = after_update(tx, rows, err);
	rows_free(rows);
	for (int i = 0; i < RUN_COLS; i++)
		col_fini(&c[i]);
	return result;
}
