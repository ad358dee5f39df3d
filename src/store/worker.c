/*
 * "careerd worker store": one loop that takes frames in, commits what they
 * bring, and looks each second for what is due. Everything it knows is in
 * the database; a database that is away is asked again each second.
 */
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store_int.h"

/* How often what is due is looked for, and what has gone stale. */
#define TICK_MS      1000
#define SLOW_TICK_MS 10000
/* Grants follow the pace of hosts more closely than that. */
#define GRANT_TICK_MS 100
/* A wait for results that are about to come. */
#define GATHER_MS 5
/* A database that is away is asked again so often. */
#define RETRY_MS 1000
/* Without a fault for so long it is well again. */
#define WELL_MS 5000
/* ... and at the end no longer than this. */
#define PATIENCE_MS 5000
/* hub hears of the account so often at least, and at most while it moves. */
#define ACCOUNT_MS      1000
#define ACCOUNT_FAST_MS 100
#define EVENTS_FIRST    16
/* Buffers below this are kept when they are freed: batch after batch needs
 * the same, and pages given back to the kernel cost more than their use. */
#define KEEP_BYTES (8 * 1024 * 1024)

/* ---- transactions ---- */

void
tx_event(struct tx *tx, const struct event *e)
{
	struct event *grown;

	if (tx->nevents == tx->events_size) {
		tx->events_size =
		    tx->events_size == 0 ? EVENTS_FIRST : tx->events_size * 2;
		grown = arena_array(tx->a, tx->events_size, sizeof(*grown));
		if (tx->nevents > 0)
			memcpy(grown, tx->events, tx->nevents * sizeof(*grown));
		tx->events = grown;
	}
	tx->events[tx->nevents] = *e;
	if (e->outcome == NULL)
		tx->events[tx->nevents].outcome = "";
	if (e->reason == NULL)
		tx->events[tx->nevents].reason = "";
	tx->nevents++;
}

static void
say_event(struct store *s, const struct event *e)
{
	struct buf body;

	buf_init(&body, LIMIT_FRAME_BYTES);
	event_put(&body, e);
	worker_say(&s->w, MSG_EVENT, 0, &body, NULL, 0, NULL);
	buf_fini(&body);
}

int
tx_run(struct store *s, int (*body)(struct tx *, void *, struct err *),
    void *argument, struct err *err)
{
	struct tx tx = { .s = s, .db = s->db };
	int result = -1;

	if (db_begin(s->db, err) == -1)
		return -1;
	tx.a = arena_new(LIMIT_TX_BYTES);
	tx.now_ms = db_now_ms(s->db);
	if (body(&tx, argument, err) == -1)
		db_rollback(s->db);
	else
		result = db_commit(s->db, err);
	for (size_t i = 0; result == 0 && i < tx.nevents; i++)
		say_event(s, &tx.events[i]);
	arena_free(tx.a);
	return result;
}

/* ---- the account ---- */

static const char account_sql[] =
    "SELECT (SELECT coalesce(sum(open_requests), 0)::bigint FROM runs "
    "  WHERE ended_at IS NULL AND source_id = ANY($1)), "
    " (SELECT count(*) FROM tasks WHERE due_at <= $2), "
    " (SELECT count(*) FROM deliveries WHERE state IN ('pending', "
    "  'deferred', 'unknown') AND not_before <= $2), "
    " (SELECT count(*) FROM sources WHERE id = ANY($1) AND enabled AND "
    "  (next_due_at IS NULL OR next_due_at <= $2)), "
    " (SELECT min(next_due_at) FROM sources WHERE id = ANY($1) AND enabled)";

struct due {
	int64_t requests, tasks, mails, sources, next_ms;
};

static int
read_due(struct tx *tx, void *argument, struct err *err)
{
	struct args a = { .n = 0 };
	struct due *due = argument;
	struct rows *rows;

	arg_col(&a, &tx->s->lane_ids);
	arg_ms(&a, tx->now_ms);
	if (db_query(tx->db, account_sql, &a, &rows, err) == -1)
		return -1;
	due->requests = row_i64(rows, 0, 0);
	due->tasks = row_i64(rows, 0, 1);
	due->mails = row_i64(rows, 0, 2);
	due->sources = row_i64(rows, 0, 3);
	due->next_ms = row_is_null(rows, 0, 4) ? 0 : row_ms(rows, 0, 4);
	rows_free(rows);
	return 0;
}

static void
say_account(struct store *s)
{
	struct buf body;

	buf_init(&body, LIMIT_FRAME_BYTES);
	account_put(&body, &s->account);
	worker_say(&s->w, MSG_ACCOUNT, 0, &body, NULL, 0, NULL);
	buf_fini(&body);
	s->account_ms = clock_mono_ms();
}

static int
account(struct store *s, struct err *err)
{
	int64_t age = clock_mono_ms() - s->account_ms;
	struct due due = { 0 };

	if (age < ACCOUNT_FAST_MS || (age < ACCOUNT_MS && !s->account_moved))
		return 0;
	if (tx_run(s, read_due, &due, err) == -1)
		return -1;
	s->open_requests = due.requests;
	s->wants_work = due.tasks > 0;
	s->account.in_flight = s->in_flight + s->mails;
	s->account.due = due.requests - s->in_flight;
	if (s->account.due < 0)
		s->account.due = 0;
	if (does_task(s, "match"))
		s->account.due += due.tasks;
	if (outbox_may_send(s))
		s->account.due += due.mails;
	/* In the foreground what is due later is not waited for. */
	if (!s->is_begun || notices_wait(s))
		s->account.due++;
	s->account.next_due_ms = due.next_ms;
	s->account_moved = false;
	say_account(s);
	return 0;
}

/* ---- what is due ---- */

static int
begin_due(struct tx *tx, void *unused, struct err *err)
{
	(void)unused;
	return sources_run_due(tx, err);
}

static int
tidy(struct tx *tx, void *unused, struct err *err)
{
	(void)unused;
	if (leases_take_back(tx, false, err) == -1 ||
	    requests_ask_robots(tx, NULL, err) == -1)
		return -1;
	return runs_update(tx, err);
}

static int
slow_tick(struct store *s, int64_t now, struct err *err)
{
	if (now < s->slow_tick_ms)
		return 0;
	s->slow_tick_ms = now + SLOW_TICK_MS;
	return tx_run(s, tidy, NULL, err);
}

static int
tick(struct store *s, struct err *err)
{
	int64_t now = clock_mono_ms();

	if (now < s->tick_ms)
		return 0;
	if (!s->w.stopping && does_task(s, "scrape") &&
	    tx_run(s, begin_due, NULL, err) == -1)
		return -1;
	if (slow_tick(s, now, err) == -1)
		return -1;
	if (!s->is_begun)
		s->account_moved = true;
	s->is_begun = true;
	s->tick_ms = now + TICK_MS;
	return 0;
}

static int
grant_more(struct store *s, struct err *err)
{
	int64_t now = clock_mono_ms();

	if (!s->wants_grants &&
	    (now < s->grant_ms || s->open_requests <= s->in_flight))
		return 0;
	s->grant_ms = now + GRANT_TICK_MS;
	return grants_make(s, err);
}

static int
match_some(struct store *s, struct err *err)
{
	bool did = false;

	if (!s->wants_work || !does_task(s, "match"))
		return 0;
	if (match_one(s, &did, err) == -1)
		return -1;
	s->wants_work = did;
	s->account_moved = true;
	return 0;
}

/* Runs and matches under way: a digest made now would miss them. */
static bool
is_busy(const struct store *s)
{
	return s->in_flight > 0 || s->open_requests > 0 || s->wants_work;
}

int
store_work(struct store *s, struct err *err)
{
	if (results_commit(s, s->w.stopping, err) == -1 || tick(s, err) == -1 ||
	    grant_more(s, err) == -1 || match_some(s, err) == -1)
		return -1;
	if ((!s->w.setup.foreground || !is_busy(s)) &&
	    outbox_tick(s, err) == -1)
		return -1;
	return account(s, err);
}

/* ---- the database is away ---- */

static void
trouble(struct store *s, const struct err *err)
{
	s->fault_ms = clock_mono_ms();
	s->retry_at_ms = s->fault_ms + RETRY_MS;
	if (s->is_told)
		return;
	s->is_told = true;
	s->told_ms = clock_mono_ms();
	log_error("%s", err->text);
	say_event(s, &(struct event){ .kind = EVENT_AWAY,
			 .object = "database",
			 .outcome = "",
			 .reason = err->text });
}

static void
well(struct store *s)
{
	/* One that only cannot write does much else well. */
	if (!s->is_told || clock_mono_ms() - s->fault_ms < WELL_MS)
		return;
	s->is_told = false;
	log_info("database: back");
	say_event(s, &(struct event){ .kind = EVENT_BACK,
			 .object = "database",
			 .outcome = "",
			 .reason = "" });
}

/* ---- birth ---- */

static void
say_log(const char *text)
{
	log_info("%s", text);
}

static int
begin_body(struct tx *tx, void *unused, struct err *err)
{
	(void)unused;
	if (sources_sync(tx, err) == -1)
		return -1;
	flights_relink(tx->s);
	return person_sync(tx, err);
}

static int
take_back_body(struct tx *tx, void *unused, struct err *err)
{
	(void)unused;
	return leases_take_back(tx, true, err);
}

static void
make_vocabulary(struct store *s)
{
	const struct user_conf *u = &s->w.setup.user;
	const char **extra = xcalloc(u->nskills + 1, sizeof(*extra));

	for (size_t i = 0; i < u->nskills; i++)
		extra[i] = u->skills[i].name;
	vocabulary_free(s->vocabulary);
	s->vocabulary = vocabulary_new(extra, u->nskills);
	free(extra);
}

int
store_begin(struct store *s, struct err *err)
{
	const struct setup *setup = &s->w.setup;
	struct arena *a = arena_new(64 * 1024);
	int result = -1;

	if (s->scratch.limit == 0)
		buf_init(&s->scratch, LIMIT_OUTPUT_BYTES);
	mallopt(M_MMAP_THRESHOLD, KEEP_BYTES);
	mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
	if (setup->conninfo == NULL) {
		err_set(err, ERR_CONFIG, "database: none is named");
		goto out;
	}
	if (migrate_up(setup->conninfo, arena_printf(a, "%s/sql", setup->root),
		0, say_log, err) == -1)
		goto out;
	db_close(s->db);
	s->db = db_open(setup->conninfo, DB_SERVICE, "careerd store", err);
	if (s->db == NULL)
		goto out;
	free(s->owner);
	s->owner = xstrdup(setup->owner == NULL ? "careerd" : setup->owner);
	make_vocabulary(s);
	if (db_hold(s->db, s->owner, err) == -1)
		goto out;
	if (!s->took_back && tx_run(s, take_back_body, NULL, err) == -1)
		goto out;
	s->took_back = true;
	if (tx_run(s, begin_body, NULL, err) == -1)
		goto out;
	s->has_begun = s->wants_grants = s->wants_work = true;
	s->wants_notice = true;
	result = 0;
out:
	arena_free(a);
	return result;
}

/* ---- frames ---- */

void
store_take(struct store *s, struct frame *f)
{
	s->account_moved = true;
	switch (f->type) {
	case MSG_FETCHED:
		result_fetched(s, f);
		break;
	case MSG_EXTRACTED:
		result_extracted(s, f);
		break;
	case MSG_RENDERED:
		outbox_rendered(s, f);
		break;
	case MSG_SENT:
		outbox_sent(s, f);
		break;
	default:
		log_warn("unexpected frame: %s", msg_name(f->type));
	}
}

/* What waits for a database that does not come back is done again later. */
static bool
is_over(const struct store *s)
{
	if (!s->w.stopping)
		return false;
	if (s->is_told && clock_mono_ms() - s->told_ms > PATIENCE_MS)
		return true;
	return s->in_flight + s->mails + s->nbatch == 0;
}

/* -1: hub is gone. A full batch is committed before more is taken. */
static int
take_frames(struct store *s, struct err *err)
{
	struct frame f;
	int got;

	while (s->nbatch < BATCH_MAX &&
	       (got = chan_recv(s->w.chan, &f, err)) != 0) {
		if (got == -1)
			return -1;
		got = worker_common(&s->w, &f, err);
		if (got == -1)
			return -1;
		if (got == 2)
			s->has_begun = false;
		if (got == 0) {
			store_take(s, &f);
			frame_close_fds(&f);
		}
	}
	return 0;
}

static int
wait_ms(const struct store *s)
{
	int64_t now = clock_mono_ms();

	if (now < s->retry_at_ms)
		return (int)(s->retry_at_ms - now);
	if (s->nbatch > 0)
		return GATHER_MS;
	if (s->wants_work || s->wants_grants)
		return 0;
	return s->open_requests > s->in_flight || s->account_moved
		   ? GRANT_TICK_MS
		   : TICK_MS;
}

static int
turn(struct store *s, struct err *err)
{
	struct err fault = { 0 };
	struct pollfd p = { .fd = chan_fd(s->w.chan), .events = POLLIN };

	if (chan_has_output(s->w.chan))
		p.events |= POLLOUT;
	if (!s->w.stopping || s->in_flight + s->mails > 0)
		poll(&p, 1, wait_ms(s));
	if (chan_flush(s->w.chan, err) == -1 || take_frames(s, err) == -1)
		return -1;
	if (clock_mono_ms() < s->retry_at_ms)
		return 0;
	if ((!s->has_begun && store_begin(s, &fault) == -1) ||
	    store_work(s, &fault) == -1)
		trouble(s, &fault);
	else
		well(s);
	return 0;
}

/* Faults that no waiting mends end the process; hub says them. */
static bool
is_final(const struct err *err)
{
	return err->kind == ERR_CONFIG || err->kind == ERR_PERM ||
	       err->kind == ERR_NOINPUT || err->kind == ERR_DATA;
}

void
store_end(struct store *s)
{
	for (size_t i = 0; i < FLIGHT_BUCKETS; i++)
		while (s->flights[i] != NULL)
			flight_free(s, s->flights[i]);
	while (s->nspare > 0)
		arena_free(s->spare[--s->nspare]);
	hosts_free(s);
	outbox_free(s);
	db_close(s->db);
	vocabulary_free(s->vocabulary);
	arena_free(s->lanes_arena);
	col_fini(&s->lane_ids);
	buf_fini(&s->scratch);
	free(s->owner);
	free(s);
}

int
store_main(void)
{
	struct store *s = xcalloc(1, sizeof(*s));
	struct err err = { 0 };
	int code = 0;

	col_init(&s->lane_ids, COL_I64);
	if (worker_begin(&s->w, ROLE_STORE, &err) == -1 ||
	    worker_ready(&s->w, &err) == -1 ||
	    worker_configure(&s->w, &err) == -1)
		return err_exit_code(err.kind);
	if (store_begin(s, &err) == -1) {
		if (is_final(&err)) {
			log_error("%s", err.text);
			code = err_exit_code(err.kind);
			goto out;
		}
		trouble(s, &err);
	}
	while (!is_over(s))
		if (turn(s, &err) == -1)
			break;
	if (s->nbatch > 0 && !s->is_told)
		results_commit(s, true, &err);
out:
	store_end(s);
	return code;
}
