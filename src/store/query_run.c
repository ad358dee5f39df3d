/*
 * Questions about runs, and the switch of sources.
 */
#include "base/str.h"
#include "store/pg_int.h"

/* What lists and one run have in common; a run under way has no outcome. */
#define RUN_COLUMNS                                                          \
	"'id', r.id, 'source', s.key, "                                      \
	"'started', date_trunc('second', r.started_at), "                    \
	"'started_ago_s', extract(epoch FROM clock() - "                     \
	"r.started_at)::bigint, "                                            \
	"'ended', date_trunc('second', r.ended_at), "                        \
	"'took_ms', (extract(epoch FROM coalesce(r.ended_at, clock()) - "    \
	"r.started_at) * 1000)::bigint, 'outcome', r.outcome, "              \
	"'reason', nullif(r.reason, ''), 'requests', r.requests, "           \
	"'open_requests', r.open_requests, 'pages', r.pages, "               \
	"'unchanged_pages', r.unchanged_pages, "                             \
	"'failed_pages', r.failed_pages, 'lost_pages', r.lost_pages, "       \
	"'details', r.details, 'failed_details', r.failed_details, "         \
	"'items', r.items, 'found', r.found, 'refused', r.refused, "         \
	"'total', r.total, 'added', r.added, 'changed', r.changed, "         \
	"'merged', r.merged, 'reposted', r.reposted, "                       \
	"'reopened', r.reopened, 'missing', r.missing, 'closed', r.closed, " \
	"'open', r.open, 'bytes', r.bytes, 'fetch_ms', r.fetch_ms, "         \
	"'cpu_ms', r.cpu_us / 1000"

struct json *
store_runs(struct db *db, const struct run_filter *filter, struct err *err)
{
	struct args args = { 0 };

	arg_text(&args, filter->source);
	arg_bool(&args, filter->bad);
	arg_i64(&args, filter->limit);
	return db_ask_json(db,
	    "SELECT coalesce(json_agg(row ORDER BY id DESC), '[]') FROM ("
	    "SELECT r.id, json_build_object(" RUN_COLUMNS ") AS row "
	    "FROM runs r JOIN sources s ON s.id = r.source_id "
	    "WHERE ($1::text IS NULL OR s.key = $1 OR s.name = $1) "
	    "AND (NOT $2 OR r.outcome NOT IN ('ok', 'unchanged', 'empty')) "
	    "ORDER BY r.id DESC LIMIT $3) x",
	    &args, err);
}

static const char run_sql[] =
    "SELECT json_build_object(" RUN_COLUMNS ", 'lost_field', r.lost_field, "
    "'fills', r.fills, 'usual', s.usual_count, 'usual_fills', s.usual_fills, "
    "'fates', (SELECT coalesce(json_agg(row ORDER BY id), '[]') FROM ("
    "SELECT h.request_id AS id, json_build_object('kind', h.kind, "
    "'page', h.page_index + 1, 'fate', h.result, 'status', "
    "nullif(h.status, 0), 'attempts', h.attempts, 'redirects', h.redirects, "
    "'items', h.items, 'postings', h.postings, 'bytes', h.bytes, "
    "'wire_bytes', h.wire_bytes, 'took_ms', h.took_ms, "
    "'cpu_ms', h.cpu_us / 1000, 'url', h.url, "
    "'reason', nullif(h.reason, ''), "
    "'ended', date_trunc('second', h.ended_at)) AS row "
    "FROM request_history h WHERE h.run_id = r.id UNION ALL "
    "SELECT q.id, json_build_object('kind', q.kind, "
    "'page', q.page_index + 1, 'fate', CASE q.state WHEN 'queued' THEN "
    "'waiting' ELSE 'under-way' END, 'attempts', q.attempt, "
    "'redirects', q.redirects, 'url', q.url) FROM requests q "
    "WHERE q.run_id = r.id) x)) "
    "FROM runs r JOIN sources s ON s.id = r.source_id WHERE r.id = $1";

struct json *
store_run(struct db *db, int64_t id, struct err *err)
{
	struct args args = { 0 };
	struct json *run;

	arg_i64(&args, id);
	run = db_ask_json(db, run_sql, &args, err);
	if (run == NULL && err->kind == ERR_NOINPUT)
		err_set(err, ERR_NOINPUT,
		    "run %lld: there is none\nHINT: careerd run list shows "
		    "the latest of them",
		    (long long)id);
	return run;
}

/* ---- the switch ---- */

static const char switch_sql[] =
    "INSERT INTO sources AS s (key, name, enabled) SELECT key, name, $3 "
    "FROM unnest($1::text[], $2::text[]) u(key, name) "
    "ON CONFLICT (key) DO UPDATE SET enabled = EXCLUDED.enabled, "
    " usual_count = CASE WHEN $4 THEN NULL ELSE s.usual_count END, "
    " usual_fills = CASE WHEN $4 THEN '{}' ELSE s.usual_fills END, "
    " outcome = CASE WHEN $4 THEN NULL ELSE s.outcome END, "
    " told_kind = CASE WHEN $4 THEN 'good' ELSE s.told_kind END, "
    " changes = CASE WHEN $4 THEN 0 ELSE s.changes END, "
    " updated_at = clock()";

/* Who is off, or looked at afresh, troubles nobody. */
static const char well_sql[] =
    "UPDATE events SET over_at = clock() WHERE kind = 'source' AND object = "
    "ANY($1) AND over_at IS NULL AND ($2 OR NOT $3)";

static int
switch_rows(struct db *db, const struct source_switch *w, struct col *keys,
    struct col *names, struct err *err)
{
	struct args to = { 0 }, well = { 0 };

	arg_col(&to, keys);
	arg_col(&to, names);
	arg_bool(&to, w->on);
	arg_bool(&to, w->afresh);
	arg_col(&well, keys);
	arg_bool(&well, w->afresh);
	arg_bool(&well, w->on);
	if (db_query(db, switch_sql, &to, NULL, err) == -1)
		return -1;
	return db_query(db, well_sql, &well, NULL, err);
}

int
store_source_switch(
    struct db *db, const struct source_switch *w, struct err *err)
{
	struct col keys, names;
	int result = -1;

	col_init(&keys, COL_TEXT);
	col_init(&names, COL_TEXT);
	for (size_t i = 0; i < w->n; i++) {
		col_text(&keys, w->keys[i]);
		col_text(&names, w->names[i]);
	}
	if (db_begin(db, err) == 0) {
		result = switch_rows(db, w, &keys, &names, err);
		if (result == 0)
			result = db_commit(db, err);
		else
			db_rollback(db);
	}
	col_fini(&keys);
	col_fini(&names);
	return result;
}
