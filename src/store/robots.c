/*
 * robots.txt of each host: kept in the database for all daemons, parsed once
 * into memory (semantics 1.6.24 and 5.1).
 */
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store_int.h"

#define AGENT "careerd"
/* How long a good copy stands in for one that cannot be had. */
#define ROBOTS_GOOD_MS (30LL * 24 * 60 * 60 * 1000)
/* After a failure the next look comes sooner than after an answer. */
#define ROBOTS_FAILED_AGE_MS (15LL * 60 * 1000)
/* A host may ask for more; we then wait this long and say so. */
#define CRAWL_DELAY_MAX_MS 30000

static const char *const state_names[] = {
	[ROBOTS_RULES] = "rules",
	[ROBOTS_ALLOW_ALL] = "allow-all",
	[ROBOTS_DISALLOW_ALL] = "disallow-all",
};

static enum robots_state
state_parse(const char *name)
{
	if (str_eq(name, "rules"))
		return ROBOTS_RULES;
	if (str_eq(name, "allow-all"))
		return ROBOTS_ALLOW_ALL;
	return ROBOTS_DISALLOW_ALL;
}

struct host *
host_get(struct store *s, const char *authority)
{
	size_t bucket = hash64(authority, strlen(authority)) % HOST_BUCKETS;
	struct host *h;

	for (h = s->hosts[bucket]; h != NULL; h = h->next)
		if (strcmp(h->authority, authority) == 0)
			return h;
	h = xcalloc(1, sizeof(*h));
	h->authority = xstrdup(authority);
	h->next = s->hosts[bucket];
	s->hosts[bucket] = h;
	return h;
}

bool
host_is_fresh(const struct host *h, int64_t now_ms)
{
	return h->robots_at_ms != 0 &&
	       now_ms - h->robots_at_ms <= LIMIT_ROBOTS_AGE_MS;
}

bool
host_allows(const struct host *h, const char *url)
{
	switch (h->state) {
	case ROBOTS_RULES:
		return robots_allows(&h->rules, AGENT, url);
	case ROBOTS_ALLOW_ALL:
		return true;
	default:
		return false;
	}
}

void
hosts_free(struct store *s)
{
	struct host *h;

	for (size_t i = 0; i < HOST_BUCKETS; i++)
		while ((h = s->hosts[i]) != NULL) {
			s->hosts[i] = h->next;
			arena_free(h->arena);
			free(h->authority);
			free(h);
		}
}

/* ---- reading ---- */

static void
host_set(struct host *h, enum robots_state state, int64_t at_ms,
    const void *rules, size_t n)
{
	struct wire w;
	struct err err;

	arena_free(h->arena);
	h->arena = arena_new(LIMIT_ROBOTS_BYTES * 16);
	h->state = state;
	h->robots_at_ms = at_ms;
	h->rules = (struct robots){ 0 };
	if (state != ROBOTS_RULES)
		return;
	wire_init(&w, h->arena, rules, n);
	robots_get(&w, &h->rules);
	if (rules == NULL || get_end(&w, "robots rules", &err) == -1)
		h->state = ROBOTS_DISALLOW_ALL;
}

int
hosts_load(struct tx *tx, struct col *authorities, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows;

	arg_col(&a, authorities);
	if (db_query(tx->db,
		"SELECT authority, robots_state, robots, robots_at, "
		"robots_reason FROM hosts "
		"WHERE authority = ANY($1) AND robots_at IS NOT NULL",
		&a, &rows, err) == -1)
		return -1;
	for (int i = 0; i < rows_count(rows); i++) {
		size_t n;
		const void *rules = row_bytes(rows, i, 2, &n);
		struct host *h = host_get(tx->s, row_text(rows, i, 0));

		host_set(h, state_parse(row_text(rows, i, 1)),
		    row_ms(rows, i, 3), rules, n);
		h->reason = arena_strdup(h->arena, row_text(rows, i, 4));
	}
	rows_free(rows);
	return 0;
}

/* ---- writing ---- */

/*
 * What an answer means for the row. Without an answer the last good copy
 * holds for 30 days; then nothing is allowed.
 */
static const char store_sql[] =
    "UPDATE hosts h SET "
    " robots_state = CASE WHEN u.failed AND h.robots IS NOT NULL AND "
    "  h.robots_good_at > $7 THEN 'rules' ELSE u.state END, "
    " robots = CASE WHEN u.failed THEN h.robots ELSE u.rules END, "
    " robots_reason = u.reason, "
    " robots_at = CASE WHEN u.failed THEN $8 ELSE $6 END, "
    " robots_good_at = CASE WHEN u.failed THEN h.robots_good_at ELSE $6 END, "
    " crawl_delay_ms = CASE WHEN u.failed THEN h.crawl_delay_ms ELSE "
    "  u.delay END "
    "FROM unnest($1::text[], $2::text[], $3::bytea[], $4::text[], "
    " $5::bigint[], $9::boolean[]) u(authority, state, rules, reason, delay, "
    " failed) WHERE h.authority = u.authority";

static int64_t
crawl_delay(const struct flight *f)
{
	struct arena *a = arena_new(LIMIT_ROBOTS_BYTES * 16);
	struct robots rules = { 0 };
	struct wire w;
	int64_t ms;

	wire_init(&w, a, f->robots, f->robots_len);
	robots_get(&w, &rules);
	ms = robots_crawl_delay_ms(&rules, AGENT);
	arena_free(a);
	if (ms > CRAWL_DELAY_MAX_MS) {
		log_warn("%s: asks for %lld s between requests, we take %d s",
		    f->authority, (long long)ms / 1000,
		    CRAWL_DELAY_MAX_MS / 1000);
		ms = CRAWL_DELAY_MAX_MS;
	}
	return ms < 0 ? 0 : ms;
}

struct answer_cols {
	struct col authority, state, rules, reason, delay, failed;
};

static void
add_answer(struct answer_cols *c, const struct flight *f)
{
	enum robots_state state =
	    robots_verdict(&f->fetched, (int)f->redirects);
	bool failed = state == ROBOTS_DISALLOW_ALL;
	const char *reason = f->fetched.reason;

	if (state == ROBOTS_RULES && f->robots == NULL) {
		state = ROBOTS_DISALLOW_ALL;
		failed = true;
		reason = f->extracted.reason;
	}
	/* The rules bind the host that was asked first (RFC 9309, 2.3.1.2),
	 * whoever answered in the end. */
	col_text(&c->authority, f->authority);
	col_text(&c->state, state_names[state]);
	col_bytes(
	    &c->rules, state == ROBOTS_RULES ? f->robots : NULL, f->robots_len);
	col_text(&c->reason, reason == NULL ? "" : reason);
	col_i64(&c->delay, state == ROBOTS_RULES ? crawl_delay(f) : 0);
	col_bool(&c->failed, failed);
}

static int
write_answers(struct tx *tx, struct answer_cols *c, struct err *err)
{
	struct args a = { .n = 0 };

	arg_col(&a, &c->authority);
	arg_col(&a, &c->state);
	arg_col(&a, &c->rules);
	arg_col(&a, &c->reason);
	arg_col(&a, &c->delay);
	arg_ms(&a, tx->now_ms);
	arg_ms(&a, tx->now_ms - ROBOTS_GOOD_MS);
	arg_ms(&a, tx->now_ms - LIMIT_ROBOTS_AGE_MS + ROBOTS_FAILED_AGE_MS);
	arg_col(&a, &c->failed);
	if (db_query(tx->db, store_sql, &a, NULL, err) == -1)
		return -1;
	return hosts_load(tx, &c->authority, err);
}

int
robots_store(struct tx *tx, struct err *err)
{
	struct answer_cols c;
	int result = 0;

	col_init(&c.authority, COL_TEXT);
	col_init(&c.state, COL_TEXT);
	col_init(&c.rules, COL_BYTES);
	col_init(&c.reason, COL_TEXT);
	col_init(&c.delay, COL_I64);
	col_init(&c.failed, COL_BOOL);
	for (size_t i = 0; i < tx->nflights; i++)
		if (tx->flights[i]->fate == FATE_ROBOTS)
			add_answer(&c, tx->flights[i]);
	if (c.authority.n > 0) {
		result = write_answers(tx, &c, err);
		tx->s->wants_grants = true;
	}
	col_fini(&c.authority);
	col_fini(&c.state);
	col_fini(&c.rules);
	col_fini(&c.reason);
	col_fini(&c.delay);
	col_fini(&c.failed);
	return result;
}
