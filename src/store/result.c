/*
 * What came back of grants. Results are gathered while they come and go into
 * the database together, in one transaction; one that the database refuses
 * for its content is tried alone, so that it cannot take others with it.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "base/url.h"
#include "store/store_int.h"

/* Attempts at one request before it counts as failed. */
#define ATTEMPTS_MAX 3
/* Waits from here on are said where somebody looks on. */
#define WAIT_SAID_MS 3000
/* A host that wants us to stay away longer ends the request. */
#define RETRY_MAX_MS (15LL * 60 * 1000)
/* Gathered this long or this much, a batch is committed. */
#define BATCH_MS    30
#define BATCH_BYTES (24L * 1024 * 1024)

/* ---- gathering ---- */

static void
gather(struct store *s, struct flight *f)
{
	f->is_done = true;
	if (s->nbatch == 0)
		s->batch_since_ms = clock_mono_ms();
	s->batch[s->nbatch++] = f;
	s->batch_bytes += f->bytes;
}

void
result_refused(struct store *s, struct flight *f)
{
	gather(s, f);
}

/* A frame of hub that cannot be read: the page is as good as lost. */
static void
spoilt(struct flight *f, const char *why)
{
	f->fetched.result = FETCH_LOST;
	f->fetched.reason = arena_strdup(f->arena, why);
}

/* The mails that a mailbox holds, copied; NULL if they cannot be read. */
static const char *
read_listing(struct flight *f, int fd, struct err *err)
{
	const char *bytes, *copy;
	size_t n;

	bytes = body_map(fd, &n, err);
	if (bytes == NULL)
		return NULL;
	copy = arena_strndup(f->arena, bytes, n);
	body_unmap(bytes, n);
	return copy;
}

void
result_fetched(struct store *s, struct frame *frame)
{
	struct flight *f = flight_of(s, frame->id);
	struct err err = { 0 };
	struct wire w;

	if (f == NULL || f->is_done)
		return;
	wire_init(&w, f->arena, frame->body, frame->len);
	fetched_get(&w, &f->fetched);
	if (get_end(&w, "fetched", &err) == -1)
		spoilt(f, err.text);
	if (f->fetched.result == FETCH_LISTED) {
		f->listing = frame->nfd != 1
				 ? NULL
				 : read_listing(f, frame->fd[0], &err);
		if (f->listing == NULL)
			spoilt(f, err.text);
	}
	if (f->fetched.result != FETCH_OK)
		gather(s, f);
}

static void
refuse(struct flight *f, const struct err *err)
{
	f->nrefused++;
	if (f->refused_why == NULL)
		f->refused_why = arena_strdup(f->arena, err->text);
}

/* Each posting is looked at again; a bad one is refused alone. */
static int
read_postings(struct flight *f, struct wire *w, struct err *err)
{
	size_t n = get_count(w, 1, LIMIT_PAGE_POSTINGS);
	struct err why;

	f->postings = arena_array(f->arena, n + 1, sizeof(*f->postings));
	for (size_t i = 0; i < n && !w->bad; i++) {
		struct posting *p = &f->postings[f->npostings];

		posting_get(w, p);
		if (w->bad)
			break;
		p->source = f->lane->source->name;
		if (posting_check(f->arena, p, &why) == -1)
			refuse(f, &why);
		else if (posting_dropped_by(
			     f->lane->source, p, p->detail_url != NULL) != NULL)
			f->ndropped++;
		else
			f->npostings++;
	}
	return get_end(w, "postings", err);
}

/* A detail page adds to what the list said; it need not stand alone. */
static int
read_detail(struct flight *f, struct wire *w, struct err *err)
{
	struct posting *list = arena_alloc(f->arena, sizeof(*list));
	struct posting detail = { 0 };
	struct wire held;

	f->postings = list;
	wire_init(&held, f->arena, f->held, f->held_len);
	posting_get(&held, list);
	if (get_end(&held, "held posting", err) == -1)
		return -1;
	list->source = f->lane->source->name;
	f->npostings = 1;
	posting_hash(list, f->list_hash);
	if (w == NULL)
		return 0;
	if (get_u32(w) != 1)
		return err_set(err, ERR_DATA, "no posting on the detail page");
	posting_get(w, &detail);
	if (get_end(w, "detail", err) == -1)
		return -1;
	external_of(f->arena, list, f->held_hash);
	posting_merge(f->arena, list, &detail);
	if (posting_check(f->arena, list, err) == -1)
		return -1;
	f->dropped_by = posting_dropped_by(f->lane->source, list, false);
	if (f->dropped_by != NULL)
		f->npostings = 0;
	return 0;
}

static int
read_robots(struct flight *f, struct wire *w, struct err *err)
{
	const uint8_t *from = w->p;
	size_t n = (size_t)(w->end - w->p);
	struct robots rules;
	void *copy;

	robots_get(w, &rules);
	if (get_end(w, "robots rules", err) == -1)
		return -1;
	copy = arena_alloc(f->arena, n + 1);
	memcpy(copy, from, n);
	f->robots = copy;
	f->robots_len = n;
	return 0;
}

/*
 * The output as a copy in scratch: for the few kilobytes of most pages that
 * costs less than mapping them.
 */
static int
read_body(int fd, struct buf *scratch, struct err *err)
{
	struct stat st;
	char *to;
	ssize_t n;

	buf_reset(scratch);
	if (fstat(fd, &st) == -1)
		return err_errno(err, ERR_OS, "output");
	if (st.st_size == 0)
		return 0;
	if ((to = buf_reserve(scratch, (size_t)st.st_size)) == NULL)
		return err_set(
		    err, ERR_DATA, "output over %ld bytes", LIMIT_OUTPUT_BYTES);
	while (scratch->len < (size_t)st.st_size) {
		n = pread(fd, to + scratch->len,
		    (size_t)st.st_size - scratch->len, (off_t)scratch->len);
		if (n <= 0)
			return err_errno(err, ERR_OS, "output");
		scratch->len += (size_t)n;
	}
	return 0;
}

static int
read_output(struct flight *f, int fd, struct buf *scratch, struct err *err)
{
	struct wire w;

	if (read_body(fd, scratch, err) == -1)
		return -1;
	wire_init(&w, f->arena, buf_cstr(scratch), scratch->len);
	f->bytes = scratch->len;
	if (f->kind == REQUEST_LIST)
		return read_postings(f, &w, err);
	if (f->kind == REQUEST_DETAIL)
		return read_detail(f, &w, err);
	return read_robots(f, &w, err);
}

void
result_extracted(struct store *s, struct frame *frame)
{
	struct flight *f = flight_of(s, frame->id);
	struct extracted *x;
	struct err err = { 0 };
	struct wire w;

	if (f == NULL || f->is_done || f->fetched.url == NULL)
		return;
	x = &f->extracted;
	wire_init(&w, f->arena, frame->body, frame->len);
	extracted_get(&w, x);
	if (get_end(&w, "extracted", &err) == -1) {
		x->result = EXTRACT_MALFORMED;
		x->reason = arena_strdup(f->arena, err.text);
	} else if (x->result == EXTRACT_OK &&
		   (frame->nfd != 1 ||
		       read_output(f, frame->fd[0], &s->scratch, &err) == -1)) {
		x->result = EXTRACT_MALFORMED;
		x->reason = arena_strdup(f->arena,
		    frame->nfd == 1 ? err.text : "no output came with it");
	}
	if (x->result != EXTRACT_OK)
		f->npostings = 0;
	gather(s, f);
}

/* ---- what each means ---- */

static double
jitter(const struct flight *f)
{
	uint64_t h = hash64(&f->id, sizeof(f->id));

	return (double)(h % 401) / 1000.0 - 0.2;
}

static bool
is_worth_retrying(const struct flight *f)
{
	const struct fetched *x = &f->fetched;

	switch (x->result) {
	case FETCH_STATUS:
		if (x->status >= 500 || x->status == 408 || x->status == 429)
			return true;
		/* Who does not say when to come back is left alone. */
		return x->retry_after != NULL &&
		       status_is_throttling(
			   f->lane->source, x->status, true, x->reason);
	case FETCH_TIMEOUT:
	case FETCH_DNS:
	case FETCH_TLS:
	case FETCH_CONNECT:
	case FETCH_BROKEN:
	case FETCH_LOST:
		return true;
	default:
		return false;
	}
}

/* Whoever looks on would wonder. */
static void
say_wait(struct tx *tx, const struct flight *f)
{
	const struct fetched *x = &f->fetched;
	const char *why = x->result == FETCH_STATUS
			      ? arena_printf(tx->a, "HTTP status %d", x->status)
			      : x->reason;

	if (f->retry_ms < WAIT_SAID_MS || !tx->s->w.setup.foreground)
		return;
	tx_event(tx, &(struct event){ .kind = EVENT_WAIT,
			 .object = f->lane->target->key,
			 .reason = why,
			 .took_ms = f->retry_ms });
}

static enum fate
fault_fate(struct tx *tx, struct flight *f)
{
	int64_t wait = backoff_fetch_ms((int)f->attempt, jitter(f));
	const char *after = f->fetched.retry_after;
	int64_t asked = after == NULL ? -1 : retry_after_ms(after, tx->now_ms);

	if (asked > wait)
		wait = asked;
	if (is_worth_retrying(f) && !f->robots_refused &&
	    f->attempt < ATTEMPTS_MAX && wait <= RETRY_MAX_MS) {
		f->retry_ms = wait;
		say_wait(tx, f);
		return FATE_RETRY;
	}
	return f->kind == REQUEST_ROBOTS ? FATE_ROBOTS : FATE_FAILED;
}

static enum fate
page_fate(const struct flight *f)
{
	if (f->kind == REQUEST_ROBOTS)
		return FATE_ROBOTS;
	if (f->extracted.result == EXTRACT_PASSED_BY)
		return FATE_PAGE;
	if (f->extracted.result != EXTRACT_OK)
		return FATE_FAILED;
	return f->kind == REQUEST_LIST ? FATE_PAGE : FATE_DETAIL;
}

/* A link of a mail must not lead where the mail could not. */
static bool
may_move(const struct flight *f)
{
	return f->fetched.location == NULL ||
	       source_may_request(f->lane->source, f->fetched.location);
}

static enum fate
decide(struct tx *tx, struct flight *f)
{
	switch (f->fetched.result) {
	case FETCH_OK:
		return page_fate(f);
	case FETCH_UNCHANGED:
		if (f->kind == REQUEST_LIST &&
		    (f->page.id != 0 || !is_web(f->url)))
			return FATE_PAGE;
		return fault_fate(tx, f);
	case FETCH_LISTED:
		if (f->kind == REQUEST_MAILBOX)
			return FATE_MAILBOX;
		return fault_fate(tx, f);
	case FETCH_MOVED:
		if (!may_move(f)) {
			f->fetched.reason =
			    "it redirects to a host that follow: does not name";
			return fault_fate(tx, f);
		}
		if (f->redirects < LIMIT_REDIRECTS &&
		    f->fetched.location != NULL)
			return FATE_MOVED;
		f->fetched.reason = "too many redirects";
		f->redirects++;
		return fault_fate(tx, f);
	default:
		return fault_fate(tx, f);
	}
}

/* ---- the fence: whose lease is gone, is out ---- */

static int
mark_kept(struct tx *tx, const char *sql, const struct args *a, struct err *err)
{
	struct rows *rows;

	if (db_query(tx->db, sql, a, &rows, err) == -1)
		return -1;
	for (int i = 0; i < rows_count(rows); i++) {
		struct flight *f = flight_of(tx->s, row_i64(rows, i, 0));
		if (f != NULL)
			f->run = run_delta(tx, f->run_id, f->lane);
	}
	rows_free(rows);
	return 0;
}

static int
fence_done(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct col id;
	int result = 0;

	col_init(&id, COL_I64);
	for (size_t i = 0; i < tx->nflights; i++)
		if (flight_is_ended(tx->flights[i]))
			col_i64(&id, tx->flights[i]->id);
	arg_col(&a, &id);
	arg_text(&a, tx->s->owner);
	if (id.n > 0)
		result = mark_kept(tx,
		    "DELETE FROM requests WHERE id = ANY($1) AND owner = $2 "
		    "AND state = 'granted' RETURNING id",
		    &a, err);
	col_fini(&id);
	return result;
}

struct again_cols {
	struct col id, url, authority, redirects, attempt, at, posted;
};

/* 307 and 308 want the body there, too; the others a GET (RFC 9110, 15.4). */
static bool
keeps_body(const struct flight *f)
{
	return f->fate != FATE_MOVED || f->fetched.status == 307 ||
	       f->fetched.status == 308;
}

/* A redirect is a new request to where it leads; robots.txt still speaks for
 * the host that was asked. */
static void
add_again(struct tx *tx, struct again_cols *c, struct flight *f)
{
	bool moved = f->fate == FATE_MOVED;
	const char *authority = f->authority, *url = f->url;
	struct url parts;
	struct err err;

	if (moved && url_parse(tx->a, f->fetched.location, &parts, &err) == 0) {
		url = url_text(tx->a, &parts);
		if (f->kind != REQUEST_ROBOTS)
			authority = url_authority(tx->a, &parts);
	}
	col_i64(&c->id, f->id);
	col_text(&c->url, url);
	col_text(&c->authority, authority);
	col_i64(&c->redirects, f->redirects + moved);
	col_i64(&c->attempt, f->attempt - moved);
	col_ms(&c->at, moved ? tx->now_ms : tx->now_ms + f->retry_ms);
	col_bool(&c->posted, keeps_body(f));
}

static const char again_sql[] =
    "UPDATE requests q SET state = 'queued', owner = NULL, lease_until = NULL, "
    "url = u.url, authority = u.authority, redirects = u.redirects, "
    "attempt = u.attempt, not_before = u.at, "
    "body = CASE WHEN u.posted THEN q.body END "
    "FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], "
    "$5::bigint[], $6::timestamptz[], $7::boolean[]) u(id, url, authority, "
    "redirects, attempt, at, posted) WHERE q.id = u.id AND q.owner = $8 AND "
    "q.state = 'granted' RETURNING q.id";

static int
write_again(struct tx *tx, struct again_cols *c, struct err *err)
{
	struct args a = { .n = 0 };

	arg_col(&a, &c->id);
	arg_col(&a, &c->url);
	arg_col(&a, &c->authority);
	arg_col(&a, &c->redirects);
	arg_col(&a, &c->attempt);
	arg_col(&a, &c->at);
	arg_col(&a, &c->posted);
	arg_text(&a, tx->s->owner);
	if (mark_kept(tx, again_sql, &a, err) == -1)
		return -1;
	tx->s->wants_grants = true;
	return requests_ask_robots(tx, &c->authority, err);
}

static int
fence_again(struct tx *tx, struct err *err)
{
	struct again_cols c;
	int result = 0;

	col_init(&c.id, COL_I64);
	col_init(&c.url, COL_TEXT);
	col_init(&c.authority, COL_TEXT);
	col_init(&c.redirects, COL_I64);
	col_init(&c.attempt, COL_I64);
	col_init(&c.at, COL_TIME);
	col_init(&c.posted, COL_BOOL);
	for (size_t i = 0; i < tx->nflights; i++)
		if (tx->flights[i]->fate == FATE_MOVED ||
		    tx->flights[i]->fate == FATE_RETRY)
			add_again(tx, &c, tx->flights[i]);
	if (c.id.n > 0)
		result = write_again(tx, &c, err);
	col_fini(&c.id);
	col_fini(&c.url);
	col_fini(&c.authority);
	col_fini(&c.redirects);
	col_fini(&c.attempt);
	col_fini(&c.at);
	col_fini(&c.posted);
	return result;
}

/* The gap to the next request counts from when this one was under way. */
static int
push_hosts(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct col authority, at;
	int result = 0;

	col_init(&authority, COL_TEXT);
	col_init(&at, COL_TIME);
	for (size_t i = 0; i < tx->nflights; i++) {
		struct flight *f = tx->flights[i];
		int64_t next = tx->now_ms - f->fetched.took_ms + f->gap_ms;

		if (f->fate == FATE_RETRY && f->fetched.retry_after != NULL)
			next = tx->now_ms + f->retry_ms;
		if (next <= tx->now_ms)
			continue;
		col_text(&authority, f->authority);
		col_ms(&at, next);
	}
	arg_col(&a, &authority);
	arg_col(&a, &at);
	if (authority.n > 0)
		result = db_query(tx->db,
		    "UPDATE hosts h SET next_allowed_at = u.at FROM (SELECT "
		    "authority, max(at) at FROM unnest($1::text[], "
		    "$2::timestamptz[]) x(authority, at) GROUP BY authority) u "
		    "WHERE h.authority = u.authority AND h.next_allowed_at < "
		    "u.at",
		    &a, NULL, err);
	col_fini(&authority);
	col_fini(&at);
	return result;
}

/* ---- the transaction ---- */

bool
flight_is_ended(const struct flight *f)
{
	return f->fate <= FATE_ROBOTS || f->fate == FATE_FAILED;
}

static void
count_detail(struct tx *tx, struct flight *f)
{
	const struct extracted *x = &f->extracted;

	f->run->details++;
	for (size_t i = 0; i < x->nfills; i++)
		tally_add(
		    tx, f->run, x->fills[i].name, true, x->fills[i].found, 1);
}

static void
count_flight(struct tx *tx, struct flight *f)
{
	struct delta *d = f->run;

	d->fetch_ms += f->fetched.took_ms;
	d->bytes += f->fetched.bytes;
	d->cpu_us += f->extracted.cpu_us;
	if (flight_is_ended(f))
		d->open--;
	if (f->fate == FATE_DETAIL)
		count_detail(tx, f);
	if (f->fate == FATE_FAILED && f->kind == REQUEST_DETAIL)
		d->failed_details++;
	if (f->fate != FATE_FAILED ||
	    (f->kind != REQUEST_LIST && f->kind != REQUEST_MAILBOX))
		return;
	d->failed++;
	d->robots_refused |= f->robots_refused;
	d->crashed |= f->extracted.result == EXTRACT_CRASHED ||
		      f->extracted.result == EXTRACT_TIMEOUT;
	if (d->fault == NULL)
		d->fault = f;
}

static int
fence(struct tx *tx, struct err *err)
{
	for (size_t i = 0; i < tx->nflights; i++) {
		tx->flights[i]->run = NULL;
		tx->flights[i]->fate = decide(tx, tx->flights[i]);
	}
	if (fence_done(tx, err) == -1 || fence_again(tx, err) == -1)
		return -1;
	for (size_t i = 0; i < tx->nflights; i++) {
		struct flight *f = tx->flights[i];

		if (f->run == NULL)
			f->fate = FATE_LOST;
		else
			count_flight(tx, f);
	}
	return push_hosts(tx, err);
}

/* Of a detail page that failed: the posting as the list had it. */
static void
keep_lists_of_failed(struct tx *tx)
{
	struct err err;

	for (size_t i = 0; i < tx->nflights; i++) {
		struct flight *f = tx->flights[i];

		if (f->fate == FATE_FAILED && f->kind == REQUEST_DETAIL &&
		    read_detail(f, NULL, &err) == -1)
			f->npostings = 0;
	}
}

static int
results_body(struct tx *tx, void *unused, struct err *err)
{
	(void)unused;
	if (fence(tx, err) == -1)
		return -1;
	keep_lists_of_failed(tx);
	if (pages_store(tx, err) == -1 || history_store(tx, err) == -1 ||
	    robots_store(tx, err) == -1 || postings_store(tx, err) == -1 ||
	    pages_step(tx, err) == -1 || mailboxes_step(tx, err) == -1 ||
	    requests_insert(tx, err) == -1 || match_tasks_insert(tx, err) == -1)
		return -1;
	return runs_update(tx, err);
}

struct some {
	struct flight **list;
	size_t n;
};

static int
some_body(struct tx *tx, void *argument, struct err *err)
{
	struct some *some = argument;

	tx->flights = some->list;
	tx->nflights = some->n;
	return results_body(tx, NULL, err);
}

static int
commit_some(struct store *s, struct flight **list, size_t n, struct err *err)
{
	struct some some = { list, n };

	if (tx_run(s, some_body, &some, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		flight_free(s, list[i]);
	return 0;
}

/* One result whose content the database refuses: the page is given up. */
static int
give_up(
    struct store *s, struct flight *f, const struct err *why, struct err *err)
{
	log_warn("%s: refused by the database: %s", f->url, why->text);
	if (f->fetched.result == FETCH_OK) {
		f->extracted.result = EXTRACT_MALFORMED;
		f->extracted.reason = arena_strdup(f->arena, why->text);
	} else {
		spoilt(f, why->text);
		f->attempt = ATTEMPTS_MAX;
	}
	f->npostings = 0;
	f->held_len = f->kind == REQUEST_DETAIL ? 0 : f->held_len;
	return commit_some(s, &f, 1, err);
}

static int
commit_each(struct store *s, struct err *err)
{
	struct err why;

	while (s->nbatch > 0) {
		struct flight *f = s->batch[s->nbatch - 1];

		why = (struct err){ 0 };
		if (commit_some(s, &f, 1, &why) == -1) {
			if (why.kind != ERR_DATA) {
				*err = why;
				return -1;
			}
			if (give_up(s, f, &why, err) == -1)
				return -1;
		}
		s->nbatch--;
	}
	return 0;
}

/*
 * Worth a transaction: half of what is under way is here (all of it, where
 * pages follow each other), or it has waited or grown enough.
 */
static bool
is_ripe(const struct store *s)
{
	return (int64_t)s->nbatch * 2 >= s->in_flight ||
	       s->nbatch >= BATCH_MAX / 2 || s->batch_bytes >= BATCH_BYTES ||
	       clock_mono_ms() - s->batch_since_ms >= BATCH_MS;
}

int
results_commit(struct store *s, bool force, struct err *err)
{
	if (s->nbatch == 0 || (!force && !is_ripe(s)))
		return 0;
	if (commit_some(s, s->batch, s->nbatch, err) == -1) {
		if (err->kind != ERR_DATA)
			return -1;
		if (commit_each(s, err) == -1)
			return -1;
	}
	s->nbatch = 0;
	s->batch_bytes = 0;
	return 0;
}
