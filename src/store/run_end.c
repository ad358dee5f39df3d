/*
 * The end of runs: at its last request a run gets its outcome, and closes
 * what it did not see, if it saw everything else.
 */
#include <string.h>
#include "base/str.h"
#include "store/store_int.h"

/* Runs of a source that are kept, and those whose requests are. */
#define RUNS_KEPT    200
#define HISTORY_KEPT 10
/*
 * Mails that are listed no more may be forgotten; servers count their age in
 * whole days of some zone.
 */
#define MAIL_SLACK_MS (2LL * 24 * 60 * 60 * 1000)

struct ended {
	int64_t id;
	struct lane *lane;
	enum outcome outcome, before;
	const char *reason;
	int64_t usual;
	const char *usual_fills; /* NULL: as they were */
	int64_t closed, missing, open;
	struct event event;
};

/* ---- facts ---- */

static const char facts_sql[] =
    "SELECT r.id, r.source_id, r.pages, r.unchanged_pages, r.failed_pages, "
    " r.details, r.failed_details, r.items, r.found, r.added, r.changed, "
    " r.merged, r.refused, r.dropped, r.total, r.truncated, r.crashed, "
    "r.robots_refused, "
    " r.lost_pages, r.lost_field, r.fetch_result, r.fetch_status, "
    " r.fetch_retry, r.fetch_reason, r.extract_result, r.extract_reason, "
    " r.fills::text, s.usual_count, s.usual_fills::text, s.outcome, "
    " r.started_at FROM runs r JOIN sources s ON s.id = r.source_id "
    "WHERE r.id = ANY($1)";

enum {
	F_ID,
	F_SOURCE,
	F_PAGES,
	F_UNCHANGED,
	F_FAILED,
	F_DETAILS,
	F_FAILED_DETAILS,
	F_ITEMS,
	F_FOUND,
	F_ADDED,
	F_CHANGED,
	F_MERGED,
	F_REFUSED,
	F_DROPPED,
	F_TOTAL,
	F_TRUNCATED,
	F_CRASHED,
	F_ROBOTS,
	F_LOST_PAGES,
	F_LOST_FIELD,
	F_FETCH,
	F_STATUS,
	F_RETRY,
	F_FETCH_REASON,
	F_EXTRACT,
	F_EXTRACT_REASON,
	F_FILLS,
	F_USUAL,
	F_USUAL_FILLS,
	F_BEFORE,
	F_STARTED
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

/* A number that may be unknown. */
static int64_t
known(const struct rows *r, int i, int column)
{
	return row_is_null(r, i, column) ? -1 : row_i64(r, i, column);
}

/* Formats in which "no items" may mean that a selector no longer fits. */
static bool
is_by_selector(const struct source *source)
{
	enum format format = source->list.format;

	return format == FORMAT_HTML || format == FORMAT_JOBPOSTING ||
	       format == FORMAT_TEXT;
}

static void
read_fault(const struct rows *r, int i, struct run_facts *to)
{
	to->fetch = fetch_parse(row_text(r, i, F_FETCH));
	to->status = (int)row_i64(r, i, F_STATUS);
	to->told_when = row_bool(r, i, F_RETRY);
	to->fetch_reason = row_text(r, i, F_FETCH_REASON);
	to->extract = extract_parse(row_text(r, i, F_EXTRACT));
	to->extract_reason = row_text(r, i, F_EXTRACT_REASON);
	to->robots_refused = row_bool(r, i, F_ROBOTS);
}

static struct run_facts
read_facts(struct tx *tx, const struct rows *r, int i, const struct lane *lane)
{
	const struct source *source = lane->source;
	struct run_facts f = {
		.list_pages = (int)row_i64(r, i, F_PAGES),
		.unchanged_pages = (int)row_i64(r, i, F_UNCHANGED),
		.failed_pages = (int)row_i64(r, i, F_FAILED),
		.lost_pages = (int)row_i64(r, i, F_LOST_PAGES),
		.lost_field = row_text(r, i, F_LOST_FIELD),
		.detail_pages = (int)(row_i64(r, i, F_DETAILS) +
				      row_i64(r, i, F_FAILED_DETAILS)),
		.failed_details = (int)row_i64(r, i, F_FAILED_DETAILS),
		.items = row_i64(r, i, F_ITEMS),
		/* What was left out by wish was there. */
		.postings = row_i64(r, i, F_FOUND) + row_i64(r, i, F_DROPPED),
		.refused = row_i64(r, i, F_REFUSED),
		.total = known(r, i, F_TOTAL),
		.min_jobs = source->expect.min_jobs,
		.usual = known(r, i, F_USUAL),
		.truncated = row_bool(r, i, F_TRUNCATED),
		.crashed = row_bool(r, i, F_CRASHED),
		.by_selector = is_by_selector(source),
		.only_news = lane->target->mailbox != NULL,
		.throttled_status = source->expect.throttled_status,
	};

	f.fills = fills_read(tx->a, source, row_text(r, i, F_FILLS),
	    row_text(r, i, F_USUAL_FILLS), &f.nfills);
	read_fault(r, i, &f);
	return f;
}

static struct event
run_event(struct tx *tx, const struct rows *r, int i, const struct lane *lane)
{
	return (struct event){ .kind = EVENT_RUN_END,
		.object = lane->target->key,
		.pages = row_i64(r, i, F_PAGES),
		.unchanged_pages = row_i64(r, i, F_UNCHANGED),
		.found = row_i64(r, i, F_FOUND),
		.added = row_i64(r, i, F_ADDED),
		.changed = row_i64(r, i, F_CHANGED),
		.merged = row_i64(r, i, F_MERGED),
		.dropped = row_i64(r, i, F_DROPPED),
		.refused = row_i64(r, i, F_REFUSED),
		.total = known(r, i, F_TOTAL),
		.took_ms = tx->now_ms - row_ms(r, i, F_STARTED) };
}

/* Of a good run: the count, old runs weighing three to one, and the fields. */
static void
learn(struct tx *tx, const struct run_facts *f, const char *fills,
    struct ended *to)
{
	to->usual =
	    f->usual < 0 ? f->postings : (f->usual * 3 + f->postings + 2) / 4;
	to->usual_fills = fills_learnt(tx->a, f->fills, f->nfills, fills);
}

static void
read_end(struct tx *tx, const struct rows *r, int i, struct ended *to)
{
	struct lane *lane = lane_by_id(tx->s, row_i64(r, i, F_SOURCE));
	struct run_facts facts = read_facts(tx, r, i, lane);
	const char *before = row_text(r, i, F_BEFORE);

	*to = (struct ended){ .id = row_i64(r, i, F_ID), .lane = lane };
	to->outcome = run_outcome(tx->a, &facts, &to->reason);
	to->before = before == NULL ? OUTCOME__MAX : outcome_parse(before);
	to->usual = facts.usual;
	if (outcome_is_complete(to->outcome) &&
	    (!facts.only_news || to->outcome == OUTCOME_OK))
		learn(tx, &facts, row_text(r, i, F_USUAL_FILLS), to);
	to->event = run_event(tx, r, i, lane);
}

/* ---- what a whole run did not see ---- */

/*
 * A whole run came by every page of its list: others are no longer pages of
 * it, and what was on them is elsewhere or adrift. Mails are pages that are
 * read once: they are left when they have become too old.
 */
static const char leave_sql[] =
    "WITH g AS MATERIALIZED (SELECT g.id, g.seen_at FROM unnest($1::bigint[], "
    "  $2::bigint[], $3::timestamptz[]) u(source_id, run_id, before) "
    " JOIN pages g USING (source_id) "
    " WHERE g.last_run_id IS DISTINCT FROM u.run_id AND "
    "  (u.before IS NULL OR g.seen_at < u.before)), "
    "d AS (UPDATE postings p SET last_seen_at = g.seen_at, page_id = "
    "  (SELECT min(e.page_id) FROM posting_pages e WHERE e.posting_id = p.id "
    "  AND e.page_id NOT IN (SELECT id FROM g)) "
    " FROM g WHERE p.page_id = g.id RETURNING p.id, p.page_id), "
    "x AS (DELETE FROM posting_pages e USING d WHERE e.posting_id = d.id AND "
    " e.page_id = d.page_id) "
    "DELETE FROM pages USING g WHERE pages.id = g.id";

/* What is adrift then was missed once more. */
static const char close_sql[] =
    "WITH u AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) "
    " u(source_id, missed_runs)), "
    "p AS (UPDATE postings p SET missed = missed + 1, closed_at = CASE WHEN "
    "  missed + 1 >= u.missed_runs THEN $3 END FROM u "
    " WHERE p.source_id = u.source_id AND p.page_id IS NULL AND "
    "  p.closed_at IS NULL RETURNING p.id, p.job_id, p.source_id, "
    "  p.closed_at), "
    "c AS (SELECT * FROM p WHERE closed_at IS NOT NULL), "
    "j AS (UPDATE jobs j SET closed_at = $3, updated_at = $3 FROM (SELECT "
    "  DISTINCT job_id FROM c) x WHERE j.id = x.job_id AND j.closed_at IS "
    "  NULL AND NOT EXISTS (SELECT FROM postings o WHERE o.job_id = j.id AND "
    "  o.closed_at IS NULL AND o.id NOT IN (SELECT id FROM c))) "
    "SELECT source_id, count(*) FROM c GROUP BY source_id";

static const char open_sql[] =
    "SELECT source_id, count(*), count(*) FILTER (WHERE page_id IS NULL) "
    "FROM postings WHERE source_id = ANY($1) AND closed_at IS NULL "
    "GROUP BY source_id";

static struct ended *
ended_of(struct ended *list, size_t n, int64_t source_id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].lane->id == source_id)
			return &list[i];
	return NULL;
}

static int
count_open(struct tx *tx, struct ended *list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	struct col source;
	int result;

	col_init(&source, COL_I64);
	for (size_t i = 0; i < n; i++)
		col_i64(&source, list[i].lane->id);
	arg_col(&a, &source);
	result = db_query(tx->db, open_sql, &a, &rows, err);
	for (int r = 0; result == 0 && r < rows_count(rows); r++) {
		struct ended *e = ended_of(list, n, row_i64(rows, r, 0));

		e->open = row_i64(rows, r, 1);
		e->missing = row_i64(rows, r, 2);
	}
	rows_free(rows);
	col_fini(&source);
	return result;
}

static int
close_adrift(struct tx *tx, struct ended *list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	struct col source, missed;
	int result;

	col_init(&source, COL_I64);
	col_init(&missed, COL_I64);
	for (size_t i = 0; i < n; i++)
		if (outcome_is_complete(list[i].outcome)) {
			col_i64(&source, list[i].lane->id);
			col_i64(
			    &missed, list[i].lane->source->expect.missed_runs);
		}
	arg_col(&a, &source);
	arg_col(&a, &missed);
	arg_ms(&a, tx->now_ms);
	result = db_query(tx->db, close_sql, &a, &rows, err);
	for (int r = 0; result == 0 && r < rows_count(rows); r++)
		ended_of(list, n, row_i64(rows, r, 0))->closed =
		    row_i64(rows, r, 1);
	rows_free(rows);
	col_fini(&source);
	col_fini(&missed);
	return result;
}

/* The last time of pages that are too old to be believed; NULL: none is. */
static void
add_before(struct tx *tx, struct col *c, const struct lane *lane)
{
	if (lane->target->mailbox == NULL)
		col_null(c);
	else
		col_ms(
		    c, tx->now_ms - lane->source->mails.age_ms - MAIL_SLACK_MS);
}

static int
close_missing(struct tx *tx, struct ended *list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct col source, run, before;
	int result = 0;

	col_init(&source, COL_I64);
	col_init(&run, COL_I64);
	col_init(&before, COL_TIME);
	for (size_t i = 0; i < n; i++)
		if (outcome_is_complete(list[i].outcome)) {
			col_i64(&source, list[i].lane->id);
			col_i64(&run, list[i].id);
			add_before(tx, &before, list[i].lane);
		}
	arg_col(&a, &source);
	arg_col(&a, &run);
	arg_col(&a, &before);
	if (source.n > 0 && (db_query(tx->db, leave_sql, &a, NULL, err) == -1 ||
				close_adrift(tx, list, n, err) == -1 ||
				drops_forget(tx, &source, err) == -1))
		result = -1;
	if (result == 0)
		result = count_open(tx, list, n, err);
	col_fini(&source);
	col_fini(&run);
	col_fini(&before);
	return result;
}

/* ---- writing ---- */

enum {
	RUN,
	SOURCE,
	OUTCOME,
	REASON,
	CLOSED,
	MISSING,
	OPEN,
	USUAL,
	FILLS,
	COMPLETE
};
static const enum col_type end_types[] = { COL_I64, COL_I64, COL_TEXT, COL_TEXT,
	COL_I64, COL_I64, COL_I64, COL_I64, COL_TEXT, COL_BOOL };
#define END_COLS (sizeof(end_types) / sizeof(end_types[0]))

static const char end_sql[] =
    "WITH u AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], "
    "  $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], "
    "  $9::text[], $10::boolean[]) u(run_id, source_id, outcome, reason, "
    "  closed, missing, open, usual, fills, complete)), "
    "r AS (UPDATE runs r SET ended_at = $11, outcome = u.outcome, "
    "  reason = u.reason, closed = u.closed, missing = u.missing, "
    "  open = u.open FROM u WHERE r.id = u.run_id), "
    "h AS (DELETE FROM request_history h USING u, LATERAL (SELECT o.id FROM "
    "   runs o WHERE o.source_id = u.source_id ORDER BY o.id DESC OFFSET $12 "
    "   LIMIT 1) o WHERE h.run_id = o.id), "
    "o AS (DELETE FROM runs USING u, LATERAL (SELECT o.id FROM runs o WHERE "
    "   o.source_id = u.source_id ORDER BY o.id DESC OFFSET $13 LIMIT 1) o "
    "  WHERE runs.id = o.id) "
    "UPDATE sources s SET outcome = u.outcome, "
    " outcome_since = CASE WHEN s.outcome = u.outcome THEN s.outcome_since "
    "  ELSE $11 END, "
    " changed_at = CASE WHEN outcome_kind(s.outcome) = "
    "  outcome_kind(u.outcome) THEN s.changed_at ELSE $11 END, "
    " changes = s.changes + (outcome_kind(s.outcome) <> "
    "  outcome_kind(u.outcome))::int, "
    " last_complete_run_id = CASE WHEN u.complete THEN u.run_id ELSE "
    "  s.last_complete_run_id END, "
    " last_good_at = CASE WHEN u.complete THEN $11 ELSE s.last_good_at END, "
    " usual_count = nullif(u.usual, -1), "
    " usual_fills = coalesce(u.fills::jsonb, s.usual_fills), "
    " updated_at = $11 FROM u WHERE s.id = u.source_id";

static int
write_ends(struct tx *tx, struct ended *list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct col c[END_COLS];
	int result;

	for (size_t i = 0; i < END_COLS; i++)
		col_init(&c[i], end_types[i]);
	for (size_t i = 0; i < n; i++) {
		col_i64(&c[RUN], list[i].id);
		col_i64(&c[SOURCE], list[i].lane->id);
		col_text(&c[OUTCOME], outcome_name(list[i].outcome));
		col_text(&c[REASON], list[i].reason);
		col_i64(&c[CLOSED], list[i].closed);
		col_i64(&c[MISSING], list[i].missing);
		col_i64(&c[OPEN], list[i].open);
		col_i64(&c[USUAL], list[i].usual);
		col_text(&c[FILLS], list[i].usual_fills);
		col_bool(&c[COMPLETE], outcome_is_complete(list[i].outcome));
	}
	for (size_t i = 0; i < END_COLS; i++)
		arg_col(&a, &c[i]);
	arg_ms(&a, tx->now_ms);
	arg_i64(&a, HISTORY_KEPT);
	arg_i64(&a, RUNS_KEPT);
	result = db_query(tx->db, end_sql, &a, NULL, err);
	for (size_t i = 0; i < END_COLS; i++)
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
	tx->s->wants_notice = true;
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

int
runs_end(struct tx *tx, struct col *ids, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	struct ended *list;
	size_t n = 0;
	int result = -1;

	arg_col(&a, ids);
	if (db_query(tx->db, facts_sql, &a, &rows, err) == -1)
		return -1;
	list = arena_array(tx->a, (size_t)rows_count(rows) + 1, sizeof(*list));
	for (int i = 0; i < rows_count(rows); i++)
		read_end(tx, rows, i, &list[n++]);
	if (close_missing(tx, list, n, err) == -1 ||
	    write_ends(tx, list, n, err) == -1)
		goto out;
	for (size_t i = 0; i < n; i++)
		if (tell(tx, &list[i], err) == -1)
			goto out;
	result = 0;
out:
	rows_free(rows);
	return result;
}
