/*
 * The outbox (semantics 1.5): a mail is rendered once, its bytes are kept,
 * "sending" is committed before notify may send, and what became of it
 * after. What is said here of a lease is never shorter than notify's wait.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/outbox_int.h"

#define TICK_MS 500
/* notify gives a sending up after 60 s; the rest is waiting in hub. */
#define LEASE_MS (5LL * 60 * 1000)
/* A relay that refuses us is asked again so often. */
#define RELAY_REST_MS 60000
/* After one whose end is unknown: the relay may still be at it. */
#define RESEND_MS (60LL * 1000)
#define RESENDS   1

bool
outbox_may_send(const struct store *s)
{
	return does_task(s, "deliver") && s->w.setup.mail_from != NULL &&
	       clock_mono_ms() >= s->relay_open_ms;
}

/* ---- places in memory ---- */

static struct mail *
mail_find(struct store *s, int64_t id)
{
	for (size_t i = 0; i < MAILS_MAX; i++)
		if (s->outbox[i].id == id)
			return &s->outbox[i];
	return NULL;
}

static void
mail_end(struct store *s, struct mail *m)
{
	free(m->recipient);
	free(m->mime);
	free(m->subject);
	free(m->reason);
	free(m->status);
	*m = (struct mail){ 0 };
	s->mails--;
	s->account_moved = true;
}

void
outbox_free(struct store *s)
{
	for (size_t i = 0; i < MAILS_MAX; i++)
		if (s->outbox[i].id != 0)
			mail_end(s, &s->outbox[i]);
}

static char *
copy(const char *text)
{
	return text == NULL ? NULL : xstrdup(text);
}

/* ---- what notify says ---- */

void
outbox_rendered(struct store *s, struct frame *frame)
{
	struct mail *m = frame->id == 0 ? NULL : mail_find(s, frame->id);
	struct arena *a = arena_new(2 * LIMIT_FRAME_BYTES);
	struct rendered r = { 0 };
	struct err err = { 0 };
	const char *p = NULL;
	struct wire w;
	size_t n = 0;

	wire_init(&w, a, frame->body, frame->len);
	rendered_get(&w, &r);
	if (m == NULL || m->stage != MAIL_RENDERING)
		goto out;
	m->stage = MAIL_RENDERED;
	m->ok = get_end(&w, "rendered", &err) == 0 && r.ok;
	m->reason = copy(err.kind == ERR_NONE ? r.reason : err.text);
	m->subject = copy(r.subject);
	if (!m->ok)
		goto out;
	if (frame->nfd == 1)
		p = body_map(frame->fd[0], &n, &err);
	if (p == NULL || n == 0) {
		m->ok = false;
		goto out;
	}
	m->mime = xmalloc(n);
	memcpy(m->mime, p, n);
	m->mime_len = n;
	body_unmap(p, n);
out:
	arena_free(a);
}

void
outbox_sent(struct store *s, const struct frame *frame)
{
	struct mail *m = frame->id == 0 ? NULL : mail_find(s, frame->id);
	struct arena *a = arena_new(2 * LIMIT_FRAME_BYTES);
	struct sent r = { 0 };
	struct err err = { 0 };
	struct wire w;

	wire_init(&w, a, frame->body, frame->len);
	sent_get(&w, &r);
	if (m != NULL && m->stage == MAIL_SENDING) {
		if (get_end(&w, "sent", &err) == -1)
			r = (struct sent){ .result = SEND_UNKNOWN,
				.reason = err.text };
		m->stage = MAIL_SENT;
		m->result = r.result;
		m->code = r.code;
		free(m->reason);
		m->reason = copy(r.reason);
		m->status = copy(r.status);
	}
	arena_free(a);
}

/* ---- rendering ---- */

static int
say_render(struct tx *tx, const struct due_mail *d, struct err *err)
{
	struct json *data = json_parse(d->data, strlen(d->data), err);
	struct render r = { .id = d->id,
		.template = d->template,
		.to_name = d->to_name,
		.to_address = d->recipient,
		.message_id = d->message_id,
		.date_ms = d->created_ms };
	const char *text;
	struct buf body;
	int fd, result = -1;

	buf_init(&body, LIMIT_FRAME_BYTES);
	if (data == NULL ||
	    unsubscribe_add(tx->db, tx->a, tx->s->w.setup.mail_from,
		d->recipient, data, err) == -1)
		goto out;
	r.unsubscribe = json_get_text(data, "unsubscribe");
	text = json_dump(tx->a, data);
	render_put(&body, &r);
	if ((fd = body_make("mail data", text, strlen(text), err)) == -1)
		goto out;
	result = worker_say(&tx->s->w, MSG_RENDER, d->id, &body, &fd, 1, err);
	close(fd);
out:
	json_free(data);
	buf_fini(&body);
	return result;
}

/* A mail that cannot be rendered is our fault: later, with what is mended. */
static int
render_failed(struct tx *tx, struct mail *m, struct err *err)
{
	struct args a = { .n = 0 };

	arg_i64(&a, m->id);
	arg_ms(&a, tx->now_ms + backoff_mail_ms((int)m->attempt + 1, 0));
	arg_text(&a, m->reason == NULL ? "" : m->reason);
	if (db_query(tx->db,
		"UPDATE deliveries SET state = 'deferred', not_before = $2, "
		"attempt = attempt + 1, reason = 'rendering: ' || $3 "
		"WHERE id = $1 AND state IN ('pending', 'deferred', "
		"'unknown')",
		&a, NULL, err) == -1)
		return -1;
	tx->s->account.failed++;
	return trouble_begin(tx, "mail", "rendering",
	    m->reason == NULL ? "failed" : m->reason, err);
}

static int
store_mime(struct tx *tx, struct mail *m, struct err *err)
{
	struct args a = { .n = 0 };

	arg_i64(&a, m->id);
	arg_bytes(&a, m->mime, m->mime_len);
	arg_text(&a, m->subject);
	if (db_query(tx->db,
		"UPDATE deliveries SET mime = $2, subject = $3 WHERE id = $1 "
		"AND mime IS NULL",
		&a, NULL, err) == -1)
		return -1;
	return trouble_end(tx, "mail", "rendering", err);
}

/* ---- sending ---- */

/* Unsubscribing is looked at in the statement that makes it "sending". */
static const char sending_sql[] =
    "UPDATE deliveries d SET state = CASE WHEN x.no THEN 'dropped' ELSE "
    " 'sending' END, reason = CASE WHEN x.no THEN 'unsubscribed' ELSE "
    " d.reason END, attempt = d.attempt + 1, owner = $2, lease_until = $3 "
    "FROM (SELECT EXISTS (SELECT FROM suppressions s JOIN deliveries e ON "
    " lower(e.recipient) = s.address WHERE e.id = $1) AS no) x "
    "WHERE d.id = $1 AND d.state IN ('pending', 'deferred', 'unknown') "
    "RETURNING d.state, d.mime, d.recipient, d.attempt, d.resends";

struct sending {
	struct mail *m;
	bool go;
};

static int
sending_body(struct tx *tx, void *argument, struct err *err)
{
	struct sending *s = argument;
	struct args a = { .n = 0 };
	struct rows *rows;
	size_t n;
	const void *mime;

	if (s->m->stage == MAIL_RENDERED) {
		if (!s->m->ok)
			return render_failed(tx, s->m, err);
		if (store_mime(tx, s->m, err) == -1)
			return -1;
	}
	arg_i64(&a, s->m->id);
	arg_text(&a, tx->s->owner);
	arg_ms(&a, tx->now_ms + LEASE_MS);
	if (db_query(tx->db, sending_sql, &a, &rows, err) == -1)
		return -1;
	if (rows_count(rows) == 1 &&
	    strcmp(row_text(rows, 0, 0), "sending") == 0) {
		mime = row_bytes(rows, 0, 1, &n);
		free(s->m->mime);
		s->m->mime = xmalloc(n + 1);
		memcpy(s->m->mime, mime == NULL ? "" : mime, n);
		s->m->mime_len = n;
		s->m->attempt = row_i64(rows, 0, 3);
		s->m->resends = row_i64(rows, 0, 4);
		s->go = true;
	}
	rows_free(rows);
	return 0;
}

static int
say_send(struct store *s, struct mail *m, struct err *err)
{
	struct send send = {
		.id = m->id, .from = s->w.setup.mail_from, .to = m->recipient
	};
	struct buf body;
	int fd, result = -1;

	if ((fd = body_make("mail", m->mime, m->mime_len, err)) == -1)
		return -1;
	buf_init(&body, LIMIT_FRAME_BYTES);
	send_put(&body, &send);
	result = worker_say(&s->w, MSG_SEND, m->id, &body, &fd, 1, err);
	buf_fini(&body);
	close(fd);
	return result;
}

/* Committed as "sending", then said; in this order only. */
static int
begin_sending(struct store *s, struct mail *m, struct err *err)
{
	struct sending sending = { .m = m };

	if (tx_run(s, sending_body, &sending, err) == -1)
		return -1;
	if (!sending.go) {
		mail_end(s, m);
		return 0;
	}
	m->stage = MAIL_SENDING;
	return say_send(s, m, err);
}

/* ---- what became of it ---- */

struct verdict {
	const char *state, *word; /* of the row; for people */
	int64_t wait_ms;
	int64_t attempts; /* added: a relay's fault is not the mail's */
	int64_t resends;
};

static double
jitter(const struct mail *m)
{
	int64_t seed[2] = { m->id, m->attempt };

	return (double)(hash64(seed, sizeof(seed)) % 401) / 1000.0 - 0.2;
}

static struct verdict
judge(const struct mail *m)
{
	switch (m->result) {
	case SEND_OK:
		return (struct verdict){ "sent", "sent", 0, 0, 0 };
	case SEND_RETRY:
		return (struct verdict){ "deferred", "retry",
			backoff_mail_ms((int)m->attempt, jitter(m)), 0, 0 };
	case SEND_REFUSED:
		return (struct verdict){ "failed", "failed", 0, 0, 0 };
	case SEND_RELAY:
		return (struct verdict){ "deferred", "retry", RELAY_REST_MS, -1,
			0 };
	case SEND_LOST:
		return (struct verdict){ "pending", "retry", 0, -1, 0 };
	default:
		if (m->resends < RESENDS)
			return (struct verdict){ "unknown", "unknown",
				RESEND_MS, 0, 1 };
		return (struct verdict){ "failed", "unknown", 0, 0, 1 };
	}
}

static const char verdict_sql[] =
    "UPDATE deliveries SET state = $2, not_before = $3, "
    "attempt = attempt + $4, resends = resends + $5, code = $6, status = $7, "
    "reason = $8, owner = NULL, lease_until = NULL, "
    "sent_at = CASE WHEN $2 = 'sent' THEN $9 END "
    "WHERE id = $1 AND state = 'sending' AND owner = $10";

/* Jobs of a mail that never arrives are new again. */
static int
offer_again(struct tx *tx, int64_t delivery, struct err *err)
{
	struct args a = { .n = 0 };

	arg_i64(&a, delivery);
	return db_query(tx->db,
	    "UPDATE matches SET offered_at = NULL, offered_version = NULL, "
	    "offered_in = NULL WHERE offered_in = $1",
	    &a, NULL, err);
}

/* Codes that say: no such mailbox (semantics 1.5.22). */
static bool
is_dead_address(const char *status)
{
	return str_eq(status, "5.1.1") || str_eq(status, "5.1.2") ||
	       str_eq(status, "5.1.10") || str_eq(status, "5.2.1");
}

static int
relay_news(struct tx *tx, const struct mail *m, struct err *err)
{
	if (m->result == SEND_OK)
		return trouble_end(tx, "mail", "relay", err);
	if (m->result != SEND_RELAY)
		return 0;
	tx->s->relay_open_ms = clock_mono_ms() + RELAY_REST_MS;
	return trouble_begin(tx, "mail", "relay",
	    m->reason == NULL ? "refuses us" : m->reason, err);
}

static int
after_failure(struct tx *tx, const struct mail *m, struct err *err)
{
	if (is_dead_address(m->status) &&
	    suppress(tx->db, m->recipient, m->status, err) == -1)
		return -1;
	tx->s->account.failed++;
	return offer_again(tx, m->id, err);
}

static int
verdict_body(struct tx *tx, void *argument, struct err *err)
{
	struct mail *m = argument;
	struct verdict v = judge(m);
	struct args a = { .n = 0 };

	if (m->deadline_ms != 0 && v.wait_ms > 0 &&
	    tx->now_ms + v.wait_ms > m->deadline_ms)
		v = (struct verdict){ "failed", "failed", 0, v.attempts,
			v.resends };
	arg_i64(&a, m->id);
	arg_text(&a, v.state);
	arg_ms(&a, tx->now_ms + v.wait_ms);
	arg_i64(&a, v.attempts);
	arg_i64(&a, v.resends);
	arg_i64(&a, m->code);
	arg_text(&a, m->status);
	arg_text(&a, m->reason == NULL ? "" : m->reason);
	arg_ms(&a, tx->now_ms);
	arg_text(&a, tx->s->owner);
	if (db_query(tx->db, verdict_sql, &a, NULL, err) == -1 ||
	    relay_news(tx, m, err) == -1)
		return -1;
	if (strcmp(v.state, "failed") == 0 && after_failure(tx, m, err) == -1)
		return -1;
	if (m->result == SEND_RELAY)
		tx->s->account.failed++;
	tx->s->account.done++;
	tx_event(tx, &(struct event){ .kind = EVENT_MAIL,
			 .object = m->recipient,
			 .outcome = v.word,
			 .reason = m->result == SEND_OK ? "" : m->reason });
	return 0;
}

/* What notify answered, as far as the database takes it now. */
static int
advance(struct store *s, struct err *err)
{
	for (size_t i = 0; i < MAILS_MAX; i++) {
		struct mail *m = &s->outbox[i];

		if (m->id == 0)
			continue;
		if (m->stage == MAIL_RENDERED && begin_sending(s, m, err) == -1)
			return -1;
		if (m->id != 0 && m->stage == MAIL_SENT) {
			if (tx_run(s, verdict_body, m, err) == -1)
				return -1;
			mail_end(s, m);
		}
	}
	return 0;
}

/* ---- choosing ---- */

static int
recover(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };

	arg_ms(&a, tx->now_ms);
	arg_i64(&a, RESENDS);
	return db_query(tx->db,
	    "UPDATE deliveries SET state = CASE WHEN resends < $2 THEN "
	    "'unknown' ELSE 'failed' END, resends = resends + 1, "
	    "not_before = $1, owner = NULL, lease_until = NULL, "
	    "reason = 'the sender ended before it said how this ended' "
	    "WHERE state = 'sending' AND lease_until < $1",
	    &a, NULL, err);
}

static int
put_off(
    struct tx *tx, const struct due_mail *d, int64_t until_ms, struct err *err)
{
	bool over = d->deadline_ms != 0 && until_ms > d->deadline_ms;
	struct args a = { .n = 0 };

	arg_i64(&a, d->id);
	arg_text(&a, over ? "dropped" : "deferred");
	arg_ms(&a, until_ms);
	arg_text(&a, !over                    ? "quiet hours"
		     : until_ms == tx->now_ms ? "its time has passed"
					      : "expired_quiet");
	if (db_query(tx->db,
		"UPDATE deliveries SET state = $2, not_before = $3, reason = "
		"$4 WHERE id = $1 AND state IN ('pending', 'deferred', "
		"'unknown')",
		&a, NULL, err) == -1)
		return -1;
	return over ? offer_again(tx, d->id, err) : 0;
}

static struct mail *
take_place(struct store *s, const struct due_mail *d)
{
	struct mail *m = mail_find(s, 0);

	m->id = d->id;
	m->recipient = xstrdup(d->recipient);
	m->attempt = d->attempt;
	m->resends = d->resends;
	m->deadline_ms = d->deadline_ms;
	s->mails++;
	return m;
}

static int
begin_mail(struct tx *tx, const struct due_mail *d, struct err *err)
{
	int64_t quiet = quiet_end_of(tx, d);
	struct mail *m;

	if (d->deadline_ms != 0 && tx->now_ms > d->deadline_ms)
		return put_off(tx, d, tx->now_ms, err);
	if (quiet > tx->now_ms)
		return put_off(tx, d, quiet, err);
	m = take_place(tx->s, d);
	if (d->is_rendered) {
		/* Begun outside this transaction, by the next advance(). */
		m->stage = MAIL_RENDERED;
		m->ok = true;
		return 0;
	}
	m->stage = MAIL_RENDERING;
	return say_render(tx, d, err);
}

static int
choose_body(struct tx *tx, void *unused, struct err *err)
{
	struct due_mail list[MAILS_MAX];
	size_t n = 0, room = MAILS_MAX - (size_t)tx->s->mails;

	(void)unused;
	if (recover(tx, err) == -1 || due_mails(tx, list, room, &n, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (mail_find(tx->s, list[i].id) == NULL &&
		    begin_mail(tx, &list[i], err) == -1)
			return -1;
	return 0;
}

int
outbox_tick(struct store *s, struct err *err)
{
	int64_t now = clock_mono_ms();

	if (advance(s, err) == -1)
		return -1;
	if (briefings_plan(s, err) == -1 || notices_plan(s, err) == -1)
		return -1;
	if (now < s->outbox_ms && !s->account_moved)
		return 0;
	s->outbox_ms = now + TICK_MS;
	if (!outbox_may_send(s) || s->mails == MAILS_MAX || s->w.stopping)
		return 0;
	if (tx_run(s, choose_body, NULL, err) == -1)
		return -1;
	return advance(s, err);
}
