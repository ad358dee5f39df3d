/*
 * Granting: which requests may go out now. A host's row is locked while its
 * requests are chosen, and moved once for all of them, so that any number of
 * daemons together keep its pace (semantics 1.6.25).
 */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store_int.h"

/* Requests chosen in one transaction. */
#define GRANT_MAX 64
/* Mails of one mailbox that are under way: it has no pace. */
#define MAILS_AT_ONCE 16
/* A request may be granted so long before its time; fetch waits the rest. */
#define AHEAD_MS 1000
/* On top of delay and timeout: queues, extract twice, our own commit. */
#define LEASE_MS (5LL * 60 * 1000)

/* ---- flights in memory ---- */

static struct flight **
bucket_of(struct store *s, int64_t id)
{
	return &s->flights[(uint64_t)id % FLIGHT_BUCKETS];
}

struct flight *
flight_of(struct store *s, int64_t id)
{
	struct flight *f = *bucket_of(s, id);

	while (f != NULL && f->id != id)
		f = f->next;
	return f;
}

static struct flight *
flight_new(struct store *s, int64_t id)
{
	struct arena *arena = s->nspare > 0 ? s->spare[--s->nspare]
					    : arena_new(LIMIT_FLIGHT_BYTES);
	struct flight *f = arena_alloc(arena, sizeof(*f));

	f->arena = arena;
	f->id = id;
	f->next = *bucket_of(s, id);
	*bucket_of(s, id) = f;
	s->in_flight++;
	return f;
}

void
flight_free(struct store *s, struct flight *f)
{
	struct flight **at = bucket_of(s, f->id);
	struct arena *arena = f->arena;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	s->in_flight--;
	if (s->nspare < BATCH_MAX) {
		arena_reset(arena);
		s->spare[s->nspare++] = arena;
	} else {
		arena_free(arena);
	}
}

void
flights_relink(struct store *s)
{
	struct flight *f, *next;

	for (size_t i = 0; i < FLIGHT_BUCKETS; i++)
		for (f = s->flights[i]; f != NULL; f = next) {
			next = f->next;
			f->lane = lane_by_id(s, f->source_id);
			if (f->lane == NULL && !f->is_done)
				flight_free(s, f);
		}
	for (size_t i = 0; i < s->nbatch;) {
		if (s->batch[i]->lane != NULL) {
			i++;
			continue;
		}
		flight_free(s, s->batch[i]);
		s->batch[i] = s->batch[--s->nbatch];
	}
}

/* ---- choosing ---- */

static const char pick_sql[] =
    "WITH RECURSIVE a(authority) AS ("
    " (SELECT authority FROM requests WHERE state = 'queued' "
    "  ORDER BY authority LIMIT 1) UNION ALL "
    " SELECT (SELECT q.authority FROM requests q WHERE q.state = 'queued' "
    "  AND q.authority > a.authority ORDER BY q.authority LIMIT 1) "
    " FROM a WHERE a.authority IS NOT NULL), "
    "f AS MATERIALIZED (SELECT h.*, h.authority LIKE 'http%' AS is_web, "
    "  (SELECT count(*) FROM requests g WHERE "
    "  g.authority = h.authority AND g.state = 'granted') AS busy "
    " FROM a JOIN hosts h USING (authority) "
    " WHERE h.next_allowed_at <= $1 FOR UPDATE OF h SKIP LOCKED), "
    "c AS (SELECT f.robots_at, f.busy, "
    "  greatest(f.next_allowed_at, $2) + (q.rn - 1) * interval '1 ms' * "
    "  q.gap AS slot, q.* FROM f, LATERAL (SELECT q.*, "
    "   CASE WHEN f.is_web THEN s.concurrency ELSE $6 END AS concurrency, "
    "   CASE WHEN f.is_web THEN greatest(s.gap_ms, f.crawl_delay_ms) "
    "    ELSE 0 END AS gap, "
    "   CASE WHEN s.per_day = 0 OR NOT f.is_web THEN -1 "
    "    WHEN s.quota_day IS DISTINCT FROM "
    "    $2::date THEN s.per_day ELSE s.per_day - s.quota_used END AS quota, "
    "   row_number() OVER (ORDER BY q.id) AS rn "
    "  FROM requests q JOIN sources s ON s.id = q.source_id "
    "  WHERE q.state = 'queued' AND q.authority = f.authority "
    "   AND q.not_before <= $2 AND q.source_id = ANY($3) "
    "   AND (q.kind = 'robots' OR s.robots_ignore OR NOT f.is_web OR "
    "    f.robots_at >= $4) "
    "  ORDER BY q.id LIMIT $5) q "
    " WHERE q.rn <= q.concurrency - f.busy) "
    "SELECT c.id, c.run_id, c.source_id, c.kind, c.url, c.authority, c.body, "
    " c.page_hash, c.page_index, c.page_number, c.page_offset, c.redirects, "
    " c.attempt, c.held, c.page_id, c.slot, c.gap, c.robots_at, c.quota, "
    " r.items, r.requests, g.id, g.etag, g.last_modified, g.body_hash, "
    " g.next, g.items, g.postings, g.dropped, g.total, g.until_met, "
    "g.fingerprint, "
    " g.seen_at, g.fills::text "
    "FROM c JOIN runs r ON r.id = c.run_id "
    "LEFT JOIN pages g ON g.source_id = c.source_id AND "
    " g.url_hash = c.page_hash "
    "WHERE c.slot <= $1 ORDER BY c.rn, c.id LIMIT $5";

enum {
	P_ID,
	P_RUN,
	P_SOURCE,
	P_KIND,
	P_URL,
	P_AUTHORITY,
	P_BODY,
	P_HASH,
	P_INDEX,
	P_NUMBER,
	P_OFFSET,
	P_REDIRECTS,
	P_ATTEMPT,
	P_HELD,
	P_PAGE,
	P_SLOT,
	P_GAP,
	P_ROBOTS_AT,
	P_QUOTA,
	P_ITEMS,
	P_REQUESTS,
	P_PAGE_ID,
	P_ETAG,
	P_MODIFIED,
	P_BODY_HASH,
	P_NEXT,
	P_PAGE_ITEMS,
	P_PAGE_POSTINGS,
	P_PAGE_DROPPED,
	P_PAGE_TOTAL,
	P_UNTIL,
	P_FINGERPRINT,
	P_SEEN,
	P_FILLS
};

/* A flight chosen in this transaction, and when it may go. */
struct choice {
	struct flight *f;
	int64_t slot_ms, quota;
};

static enum request_kind
kind_parse(const char *name)
{
	for (enum request_kind k = 0; k < REQUEST__MAX; k++)
		if (str_eq(name, request_kind_name(k)))
			return k;
	return REQUEST_LIST;
}

static const char *
copy_text(struct flight *f, const struct rows *rows, int i, int column)
{
	return arena_strdup(f->arena, row_text(rows, i, column));
}

static void
fill_page(struct flight *f, const struct rows *rows, int i)
{
	if (row_is_null(rows, i, P_PAGE_ID))
		return;
	f->page = (struct page_row){
		.id = row_i64(rows, i, P_PAGE_ID),
		.etag = copy_text(f, rows, i, P_ETAG),
		.last_modified = copy_text(f, rows, i, P_MODIFIED),
		.body_hash = copy_text(f, rows, i, P_BODY_HASH),
		.next = copy_text(f, rows, i, P_NEXT),
		.items = row_i64(rows, i, P_PAGE_ITEMS),
		.postings = row_i64(rows, i, P_PAGE_POSTINGS),
		.dropped = row_i64(rows, i, P_PAGE_DROPPED),
		.total = row_i64(rows, i, P_PAGE_TOTAL),
		.until = row_bool(rows, i, P_UNTIL),
		.fingerprint = row_i64(rows, i, P_FINGERPRINT),
		.seen_ms = row_ms(rows, i, P_SEEN),
		.fills = copy_text(f, rows, i, P_FILLS),
	};
}

static struct flight *
fill_flight(struct store *s, const struct rows *rows, int i)
{
	struct flight *f = flight_new(s, row_i64(rows, i, P_ID));
	const void *held, *hash;
	void *copy;
	size_t n;

	f->run_id = row_i64(rows, i, P_RUN);
	f->source_id = row_i64(rows, i, P_SOURCE);
	f->lane = lane_by_id(s, f->source_id);
	f->kind = kind_parse(row_text(rows, i, P_KIND));
	f->url = copy_text(f, rows, i, P_URL);
	f->authority = copy_text(f, rows, i, P_AUTHORITY);
	f->body = copy_text(f, rows, i, P_BODY);
	f->at.index = (uint32_t)row_i64(rows, i, P_INDEX);
	f->at.number = row_i64(rows, i, P_NUMBER);
	f->at.offset = row_i64(rows, i, P_OFFSET);
	f->redirects = row_i64(rows, i, P_REDIRECTS);
	f->attempt = row_i64(rows, i, P_ATTEMPT) + 1;
	f->page_id = row_i64(rows, i, P_PAGE);
	f->gap_ms = row_i64(rows, i, P_GAP);
	f->run_items = row_i64(rows, i, P_ITEMS);
	f->run_requests = row_i64(rows, i, P_REQUESTS);
	if ((hash = row_bytes(rows, i, P_HASH, &n)) != NULL &&
	    n == sizeof(f->page_hash))
		memcpy(f->page_hash, hash, n);
	if ((held = row_bytes(rows, i, P_HELD, &n)) != NULL) {
		copy = arena_alloc(f->arena, n);
		memcpy(copy, held, n);
		f->held = copy;
		f->held_len = n;
	}
	fill_page(f, rows, i);
	return f;
}

/* Rules that another daemon, or a restart, left us without. */
static int
load_hosts(struct tx *tx, const struct rows *rows, struct err *err)
{
	struct col missing;
	int result = 0;

	col_init(&missing, COL_TEXT);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *authority = row_text(rows, i, P_AUTHORITY);

		if (row_is_null(rows, i, P_ROBOTS_AT))
			continue;
		if (host_get(tx->s, authority)->robots_at_ms !=
		    row_ms(rows, i, P_ROBOTS_AT))
			col_text(&missing, authority);
	}
	if (missing.n > 0)
		result = hosts_load(tx, &missing, err);
	col_fini(&missing);
	return result;
}

/* To forbid is one thing, not to be had another. */
static const char *
robots_text(struct arena *a, const struct host *h)
{
	if (h->state != ROBOTS_DISALLOW_ALL)
		return "robots.txt does not allow it";
	return arena_printf(a, ROBOTS_AWAY "%s%s",
	    str_is_empty(h->reason) ? "" : ": ",
	    str_is_empty(h->reason) ? "" : h->reason);
}

/* A verdict of our own ends a request without the network. */
static void
judge(struct store *s, struct flight *f, int64_t quota)
{
	const struct source *source = f->lane->source;

	f->fetched.id = f->id;
	f->fetched.result = FETCH_REFUSED;
	f->fetched.url = f->url;
	if (quota == 0) {
		f->fetched.status = 429;
		f->fetched.reason = arena_printf(f->arena,
		    "its own limit of %lld requests a day is reached",
		    (long long)source->limits.per_day);
		f->is_done = true;
	} else if (f->kind != REQUEST_ROBOTS && !source->robots_ignore &&
		   is_web(f->authority) &&
		   !host_allows(host_get(s, f->authority), f->url)) {
		f->robots_refused = true;
		f->fetched.reason =
		    robots_text(f->arena, host_get(s, f->authority));
		f->is_done = true;
	}
}

/* ---- the rows ---- */

static int
write_quota(struct tx *tx, struct choice *list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct col id;
	int result = 0;

	col_init(&id, COL_I64);
	for (size_t i = 0; i < n; i++)
		if (list[i].quota > 0 && !list[i].f->is_done)
			col_i64(&id, list[i].f->lane->id);
	arg_col(&a, &id);
	arg_ms(&a, tx->now_ms);
	if (id.n > 0)
		result = db_query(tx->db,
		    "UPDATE sources s SET quota_day = $2::date, quota_used = "
		    "CASE WHEN quota_day = $2::date THEN quota_used ELSE 0 END "
		    "+ u.n FROM (SELECT id, count(*) n FROM "
		    "unnest($1::bigint[]) x(id) GROUP BY id) u "
		    "WHERE s.id = u.id",
		    &a, NULL, err);
	col_fini(&id);
	return result;
}

/* Hosts that want a gap are moved behind their last slot. */
static int
write_hosts(struct tx *tx, struct choice *list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct col authority, at;
	int result = 0;

	col_init(&authority, COL_TEXT);
	col_init(&at, COL_TIME);
	for (size_t i = 0; i < n; i++) {
		struct flight *f = list[i].f;

		if (f->gap_ms == 0 || f->is_done)
			continue;
		col_text(&authority, f->authority);
		col_ms(&at, list[i].slot_ms + f->gap_ms);
	}
	arg_col(&a, &authority);
	arg_col(&a, &at);
	if (authority.n > 0)
		result = db_query(tx->db,
		    "UPDATE hosts h SET next_allowed_at = greatest("
		    "h.next_allowed_at, u.at) FROM (SELECT authority, max(at) "
		    "at FROM unnest($1::text[], $2::timestamptz[]) "
		    "x(authority, at) GROUP BY authority) u "
		    "WHERE h.authority = u.authority",
		    &a, NULL, err);
	col_fini(&authority);
	col_fini(&at);
	return result;
}

static int
write_grants(struct tx *tx, struct choice *list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct col id, until;
	int result;

	col_init(&id, COL_I64);
	col_init(&until, COL_TIME);
	for (size_t i = 0; i < n; i++) {
		struct flight *f = list[i].f;

		col_i64(&id, f->id);
		col_ms(&until, list[i].slot_ms +
				   f->lane->source->limits.timeout_ms +
				   LEASE_MS);
	}
	arg_col(&a, &id);
	arg_col(&a, &until);
	arg_text(&a, tx->s->owner);
	result = db_query(tx->db,
	    "UPDATE requests q SET state = 'granted', owner = $3, "
	    "lease_until = u.until, attempt = attempt + 1 "
	    "FROM unnest($1::bigint[], $2::timestamptz[]) u(id, until) "
	    "WHERE q.id = u.id",
	    &a, NULL, err);
	col_fini(&id);
	col_fini(&until);
	if (result == 0)
		result = write_hosts(tx, list, n, err);
	if (result == 0)
		result = write_quota(tx, list, n, err);
	return result;
}

/* ---- telling fetch ---- */

static void
fill_grant(const struct flight *f, struct grant *g)
{
	const struct source *source = f->lane->source;
	const struct view *view =
	    f->kind == REQUEST_DETAIL ? &source->detail : &source->list;

	*g = (struct grant){ .id = f->id,
		.source = source->name,
		.target = f->lane->target->key,
		.kind = f->kind,
		.method = "GET",
		.url = f->url,
		.timeout_ms = source->limits.timeout_ms,
		.max_bytes = source->limits.max_bytes,
		.allow_private = source->allow_private,
		.params = f->lane->target->params,
		.nparams = f->lane->target->nparams,
		.page_number = f->at.number,
		.page_offset = f->at.offset };
	if (f->kind == REQUEST_ROBOTS) {
		g->max_bytes = LIMIT_ROBOTS_BYTES;
		return;
	}
	/* A redirect may have taken the body away. */
	if (view->method != NULL && (view->body == NULL || f->body != NULL))
		g->method = view->method;
	if (f->kind == REQUEST_LIST)
		g->empty_status = source->expect.empty_status;
	g->body = f->body;
	g->body_type = f->body == NULL ? NULL : view->body_type;
	g->headers = source->headers;
	g->nheaders = source->nheaders;
	g->etag = f->page.etag;
	g->last_modified = f->page.last_modified;
	g->body_hash = f->page.body_hash;
}

static int
say_grant(
    struct store *s, const struct flight *f, int64_t delay_ms, struct err *err)
{
	struct grant g;
	struct buf body;
	int result;

	fill_grant(f, &g);
	g.delay_ms = delay_ms < 0 ? 0 : delay_ms;
	buf_init(&body, LIMIT_FRAME_BYTES);
	grant_put(&body, &g);
	result = worker_say(&s->w, MSG_GRANT, f->id, &body, NULL, 0, err);
	buf_fini(&body);
	return result;
}

static int
say_grants(struct tx *tx, struct choice *list, size_t n, struct err *err)
{
	for (size_t i = 0; i < n; i++) {
		struct flight *f = list[i].f;

		if (f->is_done)
			result_refused(tx->s, f);
		else if (say_grant(
			     tx->s, f, list[i].slot_ms - tx->now_ms, err) == -1)
			return -1;
	}
	return 0;
}

/* ---- all of it ---- */

static int
pick(struct tx *tx, int64_t max, struct rows **rows, struct err *err)
{
	struct args a = { .n = 0 };

	arg_ms(&a, tx->now_ms + AHEAD_MS);
	arg_ms(&a, tx->now_ms);
	arg_col(&a, &tx->s->lane_ids);
	arg_ms(&a, tx->now_ms - LIMIT_ROBOTS_AGE_MS);
	arg_i64(&a, max);
	arg_i64(&a, MAILS_AT_ONCE);
	return db_query(tx->db, pick_sql, &a, rows, err);
}

static int
choose(struct tx *tx, struct choice *list, size_t *n, struct err *err)
{
	int64_t max = tx->s->w.setup.max_in_flight;
	struct rows *rows = NULL;
	int result = -1;

	if (max == 0)
		max = GRANT_MAX;
	max -= tx->s->in_flight;
	if (pick(tx, max > GRANT_MAX ? GRANT_MAX : max, &rows, err) == -1)
		return -1;
	if (load_hosts(tx, rows, err) == -1)
		goto out;
	for (int i = 0; i < rows_count(rows); i++) {
		struct choice *c = &list[(*n)++];

		c->f = fill_flight(tx->s, rows, i);
		c->slot_ms = row_ms(rows, i, P_SLOT);
		c->quota = row_i64(rows, i, P_QUOTA);
		judge(tx->s, c->f, c->quota);
	}
	result = *n == 0 ? 0 : write_grants(tx, list, *n, err);
out:
	rows_free(rows);
	return result;
}

int
grants_make(struct store *s, struct err *err)
{
	struct choice list[GRANT_MAX];
	struct tx tx = { .s = s, .db = s->db };
	int64_t max = s->w.setup.max_in_flight;
	size_t n = 0;

	s->wants_grants = false;
	if (s->w.stopping || s->nlanes == 0 ||
	    s->in_flight >= (max == 0 ? GRANT_MAX : max))
		return 0;
	if (db_begin(s->db, err) == -1)
		return -1;
	tx.now_ms = db_now_ms(s->db);
	if (choose(&tx, list, &n, err) == -1 || db_commit(s->db, err) == -1) {
		db_rollback(s->db);
		for (size_t i = 0; i < n; i++)
			flight_free(s, list[i].f);
		s->wants_grants = true;
		return -1;
	}
	return say_grants(&tx, list, n, err);
}

int
leases_take_back(struct tx *tx, bool ours, struct err *err)
{
	struct args a = { .n = 0 };
	int64_t n = 0;

	arg_text(&a, tx->s->owner);
	arg_bool(&a, ours);
	arg_ms(&a, tx->now_ms);
	if (db_execute(tx->db,
		"WITH owners AS MATERIALIZED (SELECT DISTINCT owner FROM "
		"requests WHERE state = 'granted' AND owner <> $1), "
		"dead AS MATERIALIZED (SELECT owner FROM owners WHERE "
		"pg_try_advisory_xact_lock(hashtextextended(owner, 0))) "
		"UPDATE requests SET state = 'queued', owner = NULL, "
		"lease_until = NULL WHERE state = 'granted' AND "
		"(($2 AND owner = $1) OR lease_until < $3 OR "
		"owner IN (SELECT owner FROM dead))",
		&a, &n, err) == -1)
		return -1;
	if (n > 0) {
		log_info("%lld requests of a former process are queued again",
		    (long long)n);
		tx->s->wants_grants = true;
	}
	return 0;
}
