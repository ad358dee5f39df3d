/*
 * Sources: the configured targets as rows, and which of them are due.
 */
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store_int.h"

static int
by_id(const void *a, const void *b)
{
	const struct lane *x = *(struct lane *const *)a,
			  *y = *(struct lane *const *)b;

	return (x->id > y->id) - (x->id < y->id);
}

struct lane *
lane_by_id(struct store *s, int64_t id)
{
	struct lane key = { .id = id }, *k = &key, **found;

	found = bsearch(&k, s->lanes_by_id, s->nlanes, sizeof(k), by_id);
	return found == NULL ? NULL : *found;
}

static void
lanes_index(struct store *s)
{
	s->lanes_by_id =
	    arena_array(s->lanes_arena, s->nlanes + 1, sizeof(struct lane *));
	col_reset(&s->lane_ids);
	for (size_t i = 0; i < s->nlanes; i++) {
		s->lanes_by_id[i] = &s->lanes[i];
		col_i64(&s->lane_ids, s->lanes[i].id);
	}
	qsort(s->lanes_by_id, s->nlanes, sizeof(struct lane *), by_id);
}

/* "scrape" is followed by its matches, "digest" goes before its sending. */
bool
does_task(const struct store *s, const char *kind)
{
	const struct setup *setup = &s->w.setup;
	const char *only = setup->only_task;

	if (only == NULL && setup->only_source == NULL)
		return true;
	if (strcmp(kind, "match") == 0)
		return only == NULL || !str_eq(only, "deliver");
	if (only == NULL)
		return strcmp(kind, "scrape") == 0;
	return str_eq(only, kind) ||
	       (str_eq(only, "digest") && strcmp(kind, "deliver") == 0);
}

/* ---- lanes ---- */

static const struct zone *
lane_zone(struct arena *a, const struct source *source)
{
	const char *name = source->every.zone;
	struct err err = { 0 };
	struct zone *zone;

	zone = zone_load(a, name == NULL ? "UTC" : name, &err);
	if (zone != NULL)
		return zone;
	log_warn(
	    "source %s: %s; its times are read as UTC", source->name, err.text);
	return zone_load(a, "UTC", &err);
}

static void
lanes_make(struct store *s)
{
	size_t n = 0, used = 0;

	arena_free(s->lanes_arena);
	s->lanes_arena = arena_new(LIMIT_STORE_LANES_BYTES);
	for (size_t i = 0; i < s->w.nsources; i++)
		n += s->w.sources[i]->ntargets;
	s->lanes = arena_array(s->lanes_arena, n + 1, sizeof(*s->lanes));
	for (size_t i = 0; i < s->w.nsources; i++) {
		const struct source *source = s->w.sources[i];
		const struct zone *zone;

		if (!source->enabled)
			continue;
		zone = lane_zone(s->lanes_arena, source);
		for (size_t t = 0; t < source->ntargets; t++)
			s->lanes[used++] = (struct lane){ .source = source,
				.target = &source->targets[t],
				.zone = zone };
	}
	s->nlanes = used;
}

/* ---- rows ---- */

static void
definition_hash(const struct source *source, uint8_t to[SHA256_BYTES])
{
	struct buf b;

	buf_init(&b, LIMIT_YAML_BYTES * 4);
	source_put(&b, source);
	sha256_of(buf_cstr(&b), b.len, to);
	buf_fini(&b);
}

static char *
params_json(struct arena *a, const struct target *target)
{
	struct json *o = json_object();
	char *text;

	for (size_t i = 0; i < target->nparams; i++)
		json_set(o, target->params[i].name,
		    json_string(target->params[i].value));
	text = json_dump(a, o);
	json_free(o);
	return text;
}

static int64_t
next_due(const struct lane *lane, int64_t now_ms)
{
	const struct source *source = lane->source;
	int64_t at =
	    every_next(&source->every, lane->zone, lane->target->key, now_ms);
	int64_t least = now_ms + source->limits.min_interval_ms;

	return at < least ? least : at;
}

enum {
	KEY,
	NAME,
	PARAMS,
	DEFINITION,
	GAP,
	CONCURRENCY,
	QUOTA,
	IGNORE,
	NEXT,
	ATTRIBUTION,
	CONDITIONS,
	DETAILS
};
static const enum col_type sync_types[] = { COL_TEXT, COL_TEXT, COL_TEXT,
	COL_BYTES, COL_I64, COL_I64, COL_I64, COL_BOOL, COL_TIME, COL_TEXT,
	COL_BYTES, COL_BOOL };
#define SYNC_COLS (sizeof(sync_types) / sizeof(sync_types[0]))
/* The last two go into a statement of their own. */
#define SOURCE_COLS CONDITIONS

static void
sync_cols(struct tx *tx, struct col *c)
{
	uint8_t hash[SHA256_BYTES], conditions[SHA256_BYTES];

	for (size_t i = 0; i < tx->s->nlanes; i++) {
		const struct lane *lane = &tx->s->lanes[i];
		const struct source *source = lane->source;

		if (i == 0 || source != lane[-1].source) {
			definition_hash(source, hash);
			conditions_hash(source, conditions);
		}
		col_text(&c[KEY], lane->target->key);
		col_text(&c[NAME], source->name);
		col_text(&c[PARAMS], params_json(tx->a, lane->target));
		col_bytes(&c[DEFINITION], hash, sizeof(hash));
		col_i64(&c[GAP], source->limits.gap_ms);
		col_i64(&c[CONCURRENCY], source->limits.concurrency == 0
					     ? 1
					     : source->limits.concurrency);
		col_i64(&c[QUOTA], source->limits.per_day);
		col_bool(&c[IGNORE], source->robots_ignore);
		col_ms(&c[NEXT], next_due(lane, tx->now_ms));
		col_text(&c[ATTRIBUTION], source->attribution);
		col_bytes(&c[CONDITIONS], conditions,
		    source->nconditions == 0 ? 0 : sizeof(conditions));
		col_bool(&c[DETAILS], source->detail.present);
	}
}

/* Another definition may read other things from the same bytes. */
static const char forget_sql[] =
    "UPDATE pages g SET body_hash = NULL, etag = NULL, last_modified = NULL "
    "FROM sources s JOIN unnest($1::text[], $2::bytea[]) u(key, definition) "
    "USING (key) WHERE g.source_id = s.id AND s.definition <> u.definition";

static const char sync_sql[] =
    "INSERT INTO sources AS s (key, name, params, definition, gap_ms, "
    " concurrency, per_day, robots_ignore, attribution) "
    "SELECT key, name, params::jsonb, definition, gap, concurrency, quota, "
    " ignore, attribution FROM unnest($1::text[], $2::text[], $3::text[], "
    "$4::bytea[], "
    " $5::bigint[], $6::bigint[], $7::bigint[], $8::boolean[], "
    " $9::timestamptz[], $10::text[]) u(key, name, params, definition, gap, "
    " concurrency, quota, ignore, next, attribution) "
    "ON CONFLICT (key) DO UPDATE SET name = EXCLUDED.name, "
    " params = EXCLUDED.params, definition = EXCLUDED.definition, "
    " gap_ms = EXCLUDED.gap_ms, concurrency = EXCLUDED.concurrency, "
    " per_day = EXCLUDED.per_day, robots_ignore = EXCLUDED.robots_ignore, "
    " attribution = EXCLUDED.attribution, "
    " configured = true, updated_at = clock() "
    "WHERE s.definition <> EXCLUDED.definition OR NOT s.configured";

/*
 * Other conditions judge all postings anew: those on lists are read again with
 * any other definition, details are asked for once more.
 */
static const char judge_sql[] =
    "WITH c AS (UPDATE sources s SET conditions = u.conditions FROM "
    "  unnest($1::text[], $2::bytea[], $3::boolean[]) "
    "  u(key, conditions, details) WHERE s.key = u.key AND "
    "  s.conditions <> u.conditions RETURNING s.id, u.details), "
    "d AS (DELETE FROM drops USING c WHERE drops.source_id = c.id) "
    "UPDATE postings p SET detailed = false FROM c WHERE c.details AND "
    "p.source_id = c.id AND p.closed_at IS NULL";

/* A schedule that became shorter holds at once. */
static const char sooner_sql[] =
    "UPDATE sources s SET next_due_at = u.next "
    "FROM unnest($1::text[], $2::timestamptz[]) u(key, next) "
    "WHERE s.key = u.key AND s.next_due_at > u.next";

static const char gone_sql[] =
    "WITH g AS (UPDATE sources SET configured = false, updated_at = clock() "
    " WHERE configured AND NOT key = ANY($1::text[]) RETURNING id), "
    "r AS (UPDATE runs SET ended_at = clock(), open_requests = 0, "
    " outcome = 'failed', reason = 'no longer configured' "
    " FROM g WHERE runs.source_id = g.id AND ended_at IS NULL) "
    "DELETE FROM requests q USING g WHERE q.source_id = g.id";

static int
read_ids(struct tx *tx, struct col *keys, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows;

	arg_col(&a, keys);
	if (db_query(tx->db,
		"SELECT u.i, s.id FROM unnest($1::text[]) WITH ORDINALITY "
		"u(key, i) JOIN sources s USING (key)",
		&a, &rows, err) == -1)
		return -1;
	for (int r = 0; r < rows_count(rows); r++) {
		size_t i = (size_t)row_i64(rows, r, 0) - 1;
		tx->s->lanes[i].id = row_i64(rows, r, 1);
	}
	rows_free(rows);
	lanes_index(tx->s);
	return 0;
}

int
sources_sync(struct tx *tx, struct err *err)
{
	struct args forget = { .n = 0 }, sync = { .n = 0 }, judge = { .n = 0 },
		    sooner = { .n = 0 }, gone = { .n = 0 };
	struct col c[SYNC_COLS];
	int result = -1;

	lanes_make(tx->s);
	for (size_t i = 0; i < SYNC_COLS; i++)
		col_init(&c[i], sync_types[i]);
	sync_cols(tx, c);
	arg_col(&forget, &c[KEY]);
	arg_col(&forget, &c[DEFINITION]);
	for (size_t i = 0; i < SOURCE_COLS; i++)
		arg_col(&sync, &c[i]);
	arg_col(&judge, &c[KEY]);
	arg_col(&judge, &c[CONDITIONS]);
	arg_col(&judge, &c[DETAILS]);
	arg_col(&sooner, &c[KEY]);
	arg_col(&sooner, &c[NEXT]);
	arg_col(&gone, &c[KEY]);
	if (db_query(tx->db, forget_sql, &forget, NULL, err) == 0 &&
	    db_query(tx->db, sync_sql, &sync, NULL, err) == 0 &&
	    db_query(tx->db, judge_sql, &judge, NULL, err) == 0 &&
	    db_query(tx->db, sooner_sql, &sooner, NULL, err) == 0 &&
	    db_query(tx->db, gone_sql, &gone, NULL, err) == 0)
		result = read_ids(tx, &c[KEY], err);
	for (size_t i = 0; i < SYNC_COLS; i++)
		col_fini(&c[i]);
	return result;
}

/* ---- what is due ---- */

static bool
may_run(const struct store *s, const struct lane *lane)
{
	const char *only = s->w.setup.only_source;

	if (s->w.stopping || (s->w.setup.foreground && lane->has_run))
		return false;
	return only == NULL || str_eq(only, lane->source->name) ||
	       str_eq(only, lane->target->key);
}

/* Locked, so that of two daemons one begins the run. */
static const char due_sql[] =
    "SELECT s.id FROM sources s WHERE s.id = ANY($1) AND ($2 OR s.next_due_at "
    "IS NULL OR s.next_due_at <= $3) AND (s.enabled OR $4) AND NOT EXISTS "
    "(SELECT FROM runs r WHERE r.source_id = s.id AND r.ended_at IS NULL) "
    "ORDER BY s.next_due_at NULLS FIRST LIMIT 500 FOR UPDATE OF s SKIP LOCKED";

static const char begin_sql[] =
    "WITH u AS (SELECT * FROM unnest($1::bigint[], $2::timestamptz[]) "
    " u(source_id, next)), "
    "r AS (INSERT INTO runs (source_id, started_at) SELECT source_id, $3 "
    " FROM u RETURNING id, source_id) "
    "UPDATE sources s SET next_due_at = u.next, last_started_at = $3, "
    " last_run_id = r.id FROM u JOIN r USING (source_id) "
    "WHERE s.id = u.source_id RETURNING r.id, s.id";

static int
begin_runs(struct tx *tx, struct rows *due, struct err *err)
{
	struct col id, next;
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	int result = -1;

	col_init(&id, COL_I64);
	col_init(&next, COL_TIME);
	for (int i = 0; i < rows_count(due); i++) {
		struct lane *lane = lane_by_id(tx->s, row_i64(due, i, 0));

		col_i64(&id, lane->id);
		col_ms(&next, next_due(lane, tx->now_ms));
	}
	arg_col(&a, &id);
	arg_col(&a, &next);
	arg_ms(&a, tx->now_ms);
	if (db_query(tx->db, begin_sql, &a, &rows, err) == -1)
		goto out;
	for (int i = 0; i < rows_count(rows); i++) {
		struct lane *lane = lane_by_id(tx->s, row_i64(rows, i, 1));
		struct delta *run = run_delta(tx, row_i64(rows, i, 0), lane);

		lane->has_run = true;
		tx_event(tx, &(struct event){ .kind = EVENT_RUN_BEGIN,
				 .object = lane->target->key });
		if (request_first(tx, run, err) == -1)
			goto out;
	}
	result = 0;
out:
	rows_free(rows);
	col_fini(&id);
	col_fini(&next);
	return result;
}

int
sources_run_due(struct tx *tx, struct err *err)
{
	struct store *s = tx->s;
	struct args a = { .n = 0 };
	struct rows *due = NULL;
	struct col id;
	int result = -1;

	col_init(&id, COL_I64);
	for (size_t i = 0; i < s->nlanes; i++)
		if (may_run(s, &s->lanes[i]))
			col_i64(&id, s->lanes[i].id);
	arg_col(&a, &id);
	/* What is named runs, due or not, and a source by name even if it is
	 * switched off. */
	arg_bool(&a, s->w.setup.only_source != NULL ||
			 str_eq(s->w.setup.only_task, "scrape"));
	arg_ms(&a, tx->now_ms);
	arg_bool(&a, s->w.setup.only_source != NULL);
	if (id.n == 0)
		result = 0;
	else if (db_query(tx->db, due_sql, &a, &due, err) == 0)
		result = rows_count(due) == 0 ? 0 : begin_runs(tx, due, err);
	if (result == 0 && tx->nasks > 0 &&
	    (requests_insert(tx, err) == -1 || runs_update(tx, err) == -1))
		result = -1;
	rows_free(due);
	col_fini(&id);
	return result;
}
