/*
 * When a person's briefing is due, and which mails may go.
 */
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/outbox_int.h"

#define PLAN_MS 5000 /* of a daemon */
/* Semantics 1.2.8 and 1.1.5; a digest is given up after a day (1.5.21). */
#define GRACE_MS    (6LL * 60 * 60 * 1000)
#define SPACING_MS  (12LL * 60 * 60 * 1000)
#define DEADLINE_MS (24LL * 60 * 60 * 1000)

struct person {
	int64_t id, minute, created_ms, last_ms;
	const char *time_zone, *last_key;
	int64_t quiet_start, quiet_end;
};

const struct zone *
zone_or_utc(struct arena *a, const char *name)
{
	struct err err = { 0 };
	struct zone *zone = zone_load(a, name == NULL ? "UTC" : name, &err);

	if (zone != NULL)
		return zone;
	log_warn("time zone %s: %s; read as UTC", name, err.text);
	return zone_load(a, "UTC", &err);
}

static int64_t
quiet_end_in(
    const struct zone *zone, int64_t start, int64_t end, int64_t now_ms)
{
	if (zone == NULL || start < 0 || end < 0)
		return now_ms;
	return quiet_until(zone, (uint32_t)start, (uint32_t)end, now_ms);
}

/* ---- occurrences ---- */

/*
 * Locked, so that two daemons plan one after the other and the second sees
 * what the first has offered. Who gets no mail is offered nothing.
 */
static const char people_sql[] =
    "SELECT u.id, u.time_zone, u.briefing_minute, coalesce(u.quiet_start, -1), "
    " coalesce(u.quiet_end, -1), u.created_at, o.key, o.created_at "
    "FROM users u LEFT JOIN LATERAL (SELECT key, created_at FROM occurrences o "
    " WHERE o.user_id = u.id AND o.kind = 'digest' AND NOT o.key LIKE "
    " 'manual:%' ORDER BY o.key DESC LIMIT 1) o ON true "
    "WHERE (u.pause_until IS NULL OR u.pause_until <= $1) "
    "AND NOT EXISTS (SELECT FROM suppressions s "
    " WHERE s.address = lower(u.email)) ORDER BY u.id FOR UPDATE OF u";

static int
skip(struct tx *tx, const struct person *p, const char *key, const char *why,
    struct err *err)
{
	struct args a = { .n = 0 };

	arg_i64(&a, p->id);
	arg_text(&a, key);
	arg_text(&a, why);
	arg_ms(&a, tx->now_ms);
	return db_query(tx->db,
	    "INSERT INTO occurrences (user_id, kind, key, state, created_at) "
	    "VALUES ($1, 'digest', $2, $3, $4) ON CONFLICT DO NOTHING",
	    &a, NULL, err);
}

static int
order(struct tx *tx, const struct person *p, const struct zone *zone,
    const char *key, struct err *err)
{
	struct digest_order o = { .user_id = p->id,
		.key = key,
		.mail_from = tx->s->w.setup.mail_from,
		.not_before_ms = quiet_end_in(
		    zone, p->quiet_start, p->quiet_end, tx->now_ms),
		.deadline_ms = tx->now_ms + DEADLINE_MS };
	const char *reason;

	if (digest_queue(tx->db, tx->a, &o, &reason, err) == -1)
		return -1;
	tx->s->account_moved = true;
	if (reason != NULL)
		log_info("digest %s of user %lld: %s", key, (long long)p->id,
		    reason);
	return 0;
}

static int
plan_person(struct tx *tx, const struct person *p, struct err *err)
{
	const struct zone *zone = zone_or_utc(tx->a, p->time_zone);
	const char *key = local_date(tx->a, zone, tx->now_ms);
	int64_t at;

	if (str_eq(key, p->last_key))
		return 0;
	if (!local_minute(zone, tx->now_ms, (uint32_t)p->minute, &at))
		return skip(tx, p, key, "skipped_no_such_date", err);
	if (at > tx->now_ms || at < p->created_ms)
		return 0;
	if (tx->now_ms > at + GRACE_MS)
		return skip(tx, p, key, "skipped_missed", err);
	if (p->last_key != NULL && tx->now_ms - p->last_ms < SPACING_MS)
		return skip(tx, p, key, "skipped_spacing", err);
	return order(tx, p, zone, key, err);
}

/* "once --task digest": now, whatever the clock says. */
static int
plan_now(struct tx *tx, const struct person *p, struct err *err)
{
	return order(tx, p, NULL,
	    arena_printf(tx->a, "manual:%s", clock_iso(tx->a, tx->now_ms)),
	    err);
}

static struct person
read_person(const struct rows *rows, int i)
{
	return (struct person){ .id = row_i64(rows, i, 0),
		.time_zone = row_text(rows, i, 1),
		.minute = row_i64(rows, i, 2),
		.quiet_start = row_i64(rows, i, 3),
		.quiet_end = row_i64(rows, i, 4),
		.created_ms = row_ms(rows, i, 5),
		.last_key = row_text(rows, i, 6),
		.last_ms = row_is_null(rows, i, 7) ? 0 : row_ms(rows, i, 7) };
}

static int
plan_body(struct tx *tx, void *unused, struct err *err)
{
	bool now = str_eq(tx->s->w.setup.only_task, "digest");
	struct args a = { .n = 0 };
	struct rows *rows;
	int result = 0;

	(void)unused;
	arg_ms(&a, tx->now_ms);
	if (db_query(tx->db, people_sql, &a, &rows, err) == -1)
		return -1;
	for (int i = 0; result == 0 && i < rows_count(rows); i++) {
		struct person p = read_person(rows, i);

		result = now ? plan_now(tx, &p, err) : plan_person(tx, &p, err);
	}
	rows_free(rows);
	return result;
}

int
briefings_plan(struct store *s, struct err *err)
{
	int64_t now = clock_mono_ms();

	if (!does_task(s, "digest") || s->w.stopping || now < s->plan_ms)
		return 0;
	if (s->w.setup.foreground && s->has_planned)
		return 0;
	if (tx_run(s, plan_body, NULL, err) == -1)
		return -1;
	s->plan_ms = now + PLAN_MS;
	s->has_planned = true;
	s->account_moved = true;
	return 0;
}

/* ---- mails that may go ---- */

static const char due_sql[] =
    "SELECT d.id, d.attempt, d.resends, d.deadline, d.created_at, "
    " d.recipient, d.to_name, d.template, d.message_id, d.data::text, "
    " d.mime IS NOT NULL, coalesce(u.time_zone, 'UTC'), "
    " coalesce(u.quiet_start, -1), coalesce(u.quiet_end, -1) "
    "FROM deliveries d LEFT JOIN users u ON u.id = d.user_id "
    "WHERE d.state IN ('pending', 'deferred', 'unknown') "
    " AND d.not_before <= $1 AND NOT d.id = ANY($2) "
    "ORDER BY d.not_before, d.id LIMIT $3";

static void
read_due(struct tx *tx, const struct rows *rows, int i, struct due_mail *to)
{
	*to = (struct due_mail){
		.id = row_i64(rows, i, 0),
		.attempt = row_i64(rows, i, 1),
		.resends = row_i64(rows, i, 2),
		.deadline_ms = row_is_null(rows, i, 3) ? 0 : row_ms(rows, i, 3),
		.created_ms = row_ms(rows, i, 4),
		.recipient = arena_strdup(tx->a, row_text(rows, i, 5)),
		.to_name = arena_strdup(tx->a, row_text(rows, i, 6)),
		.template = arena_strdup(tx->a, row_text(rows, i, 7)),
		.message_id = arena_strdup(tx->a, row_text(rows, i, 8)),
		.data = arena_strdup(tx->a, row_text(rows, i, 9)),
		.is_rendered = row_bool(rows, i, 10),
		.time_zone = arena_strdup(tx->a, row_text(rows, i, 11)),
		.quiet_start = row_i64(rows, i, 12),
		.quiet_end = row_i64(rows, i, 13),
	};
}

int
due_mails(
    struct tx *tx, struct due_mail *to, size_t max, size_t *n, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	struct col held;
	int result;

	col_init(&held, COL_I64);
	for (size_t i = 0; i < MAILS_MAX; i++)
		col_i64(&held, tx->s->outbox[i].id);
	arg_ms(&a, tx->now_ms);
	arg_col(&a, &held);
	arg_i64(&a, (int64_t)max);
	result = db_query(tx->db, due_sql, &a, &rows, err);
	for (int i = 0; result == 0 && i < rows_count(rows); i++)
		read_due(tx, rows, i, &to[(*n)++]);
	rows_free(rows);
	col_fini(&held);
	return result;
}

int64_t
quiet_end_of(struct tx *tx, const struct due_mail *d)
{
	/* What a person asks for by hand does not wait for the morning. */
	if (d->quiet_start < 0 || str_eq(tx->s->w.setup.only_task, "digest"))
		return tx->now_ms;
	return quiet_end_in(zone_or_utc(tx->a, d->time_zone), d->quiet_start,
	    d->quiet_end, tx->now_ms);
}
