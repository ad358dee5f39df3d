/*
 * News of sources for the operator: one mail when states have changed, never
 * one for each run. What was told is remembered with the source, in the
 * transaction that puts the mail into the outbox, so that neither a restart
 * nor a second daemon tells it twice.
 */
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "store/outbox_int.h"

#define PLAN_MS 5000 /* of a daemon */
#define DAY_MS  (24LL * 60 * 60 * 1000)
/* Sources that fail together come in one mail: while runs are under way it
 * waits, so long at most, and a little for runs that begin one by one. */
#define GATHER_MS (10LL * 60 * 1000)
#define SETTLE_MS (10LL * 1000)
/* Of one source in 24 hours: when it falls ill and when it is well again. */
#define TELLS_A_DAY 2
/* Mails in 24 hours that go at once; further ones come one an hour. */
#define MAILS_AT_ONCE 4
#define MAIL_GAP_MS   (60LL * 60 * 1000)
/* Account mail is given up after four days (semantics 1.5.21). */
#define DEADLINE_MS (4 * DAY_MS)
/* Sources in one mail, and names in its subject. */
#define SOURCES_SHOWN 20
#define NAMES_SHOWN   3
#define REASON_BYTES  400

/* Of a source s, $1 being 24 hours ago. */
#define NEWS_SQL                                                     \
	"s.configured AND s.enabled AND outcome_kind(s.outcome) <> " \
	"s.told_kind AND (s.told_at IS NULL OR s.told_at <= $1 OR "  \
	"s.told_times < $2)"

struct notice {
	struct tx *tx;
	const struct zone *zone;
	struct json *data, *bad, *good;
	struct col ids;
	int64_t last_run, n;
};

/* ---- may it be told now? ---- */

static const char when_sql[] =
    "SELECT count(*), min(s.changed_at), max(s.changed_at), EXISTS (SELECT "
    " FROM runs WHERE ended_at IS NULL) FROM sources s WHERE " NEWS_SQL;

static void
news_args(const struct tx *tx, struct args *a)
{
	arg_ms(a, tx->now_ms - DAY_MS);
	arg_i64(a, TELLS_A_DAY);
}

/* The foreground comes here only when its own runs are over. */
static bool
has_settled(const struct tx *tx, const struct rows *r)
{
	bool open = row_bool(r, 0, 3);

	if (tx->s->w.setup.foreground || row_is_null(r, 0, 1))
		return true;
	if (row_ms(r, 0, 1) <= tx->now_ms - GATHER_MS)
		return true;
	return !open && row_ms(r, 0, 2) <= tx->now_ms - SETTLE_MS;
}

static int
is_time(struct tx *tx, bool *to, struct err *err)
{
	struct args a = { .n = 0 }, day = { .n = 0 };
	struct rows *rows, *mails = NULL;
	int result = -1;

	*to = false;
	news_args(tx, &a);
	if (db_query(tx->db, when_sql, &a, &rows, err) == -1)
		return -1;
	if (row_i64(rows, 0, 0) == 0 || !has_settled(tx, rows)) {
		result = 0;
		goto out;
	}
	arg_ms(&day, tx->now_ms - DAY_MS);
	arg_ms(&day, tx->now_ms - MAIL_GAP_MS);
	if (db_query(tx->db,
		"SELECT count(*), count(*) FILTER (WHERE created_at > $2) "
		"FROM deliveries WHERE kind = 'sources' AND created_at > $1",
		&day, &mails, err) == -1)
		goto out;
	*to = row_i64(mails, 0, 0) < MAILS_AT_ONCE || row_i64(mails, 0, 1) == 0;
	result = 0;
out:
	rows_free(rows);
	rows_free(mails);
	return result;
}

/* ---- what is in it ---- */

static const char news_sql[] =
    "SELECT s.id, s.key, s.outcome, s.told_kind, s.changed_at, s.changes, "
    " s.last_good_at, r.reason, r.id FROM sources s LEFT JOIN LATERAL "
    "(SELECT id, reason FROM runs WHERE source_id = s.id AND ended_at IS NOT "
    " NULL ORDER BY id DESC LIMIT 1) r ON true WHERE " NEWS_SQL
    " ORDER BY s.key FOR UPDATE OF s";

enum {
	N_ID,
	N_KEY,
	N_OUTCOME,
	N_TOLD,
	N_CHANGED,
	N_CHANGES,
	N_GOOD,
	N_REASON,
	N_RUN
};

static const char *
minute_text(const struct notice *n, const struct rows *r, int i, int column)
{
	if (row_is_null(r, i, column))
		return NULL;
	return spoken_minute(
	    n->tx->a, n->zone, row_ms(r, i, column), n->tx->now_ms);
}

static struct json *
bad_json(const struct notice *n, const struct rows *r, int i)
{
	const char *key = row_text(r, i, N_KEY), *reason;
	const char *good = minute_text(n, r, i, N_GOOD);
	enum outcome outcome = outcome_parse(row_text(r, i, N_OUTCOME));
	const char *remedy = outcome_remedy(n->tx->a, outcome, key);
	struct json *o = json_object();

	reason = row_text(r, i, N_REASON);
	json_set(o, "source", json_string(key));
	json_set(o, "outcome", json_string(outcome_name(outcome)));
	json_set(o, "words", json_string(outcome_words(outcome)));
	json_set(o, "since", json_string(minute_text(n, r, i, N_CHANGED)));
	json_set(o, "last_good",
	    json_string(good == NULL ? "it was never well so far"
				     : arena_printf(n->tx->a,
					   "it was last well %s", good)));
	json_set(o, "reason",
	    json_string(str_is_empty(reason)
			    ? NULL
			    : str_safe(n->tx->a, reason, REASON_BYTES)));
	json_set(o, "remedy", json_string(remedy));
	return o;
}

static struct json *
good_json(const struct notice *n, const struct rows *r, int i)
{
	struct json *o = json_object();

	json_set(o, "source", json_string(row_text(r, i, N_KEY)));
	json_set(o, "before", json_string(row_text(r, i, N_TOLD)));
	json_set(o, "since", json_string(minute_text(n, r, i, N_CHANGED)));
	return o;
}

/* Once there and once back is told by the state; more is worth a word. */
static void
set_changes(const struct notice *n, struct json *o, int64_t changes)
{
	json_set(o, "changes",
	    json_string(changes < 2
			    ? NULL
			    : arena_printf(n->tx->a,
				  "it changed %lld times since it was last "
				  "written of",
				  (long long)changes)));
}

static void
add_source(struct notice *n, const struct rows *r, int i)
{
	const char *outcome = row_text(r, i, N_OUTCOME);
	bool is_good =
	    outcome == NULL || outcome_is_complete(outcome_parse(outcome));
	struct json *list = is_good ? n->good : n->bad, *o;

	col_i64(&n->ids, row_i64(r, i, N_ID));
	if (!row_is_null(r, i, N_RUN) && row_i64(r, i, N_RUN) > n->last_run)
		n->last_run = row_i64(r, i, N_RUN);
	if (n->n++ >= SOURCES_SHOWN)
		return;
	o = is_good ? good_json(n, r, i) : bad_json(n, r, i);
	set_changes(n, o, row_i64(r, i, N_CHANGES));
	json_append(list, o);
}

/* "acme, beta and 3 more" */
static const char *
names_text(struct arena *a, const struct json *list)
{
	const char *text = "";
	size_t n = json_size(list);

	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++)
		text = arena_printf(a, "%s%s%s", text, i == 0 ? "" : ", ",
		    json_get_text(json_at(list, i), "source"));
	if (n > NAMES_SHOWN)
		text =
		    arena_printf(a, "%s and %zu more", text, n - NAMES_SHOWN);
	return text;
}

static const char *
subject_text(const struct notice *n)
{
	struct arena *a = n->tx->a;
	size_t bad = json_size(n->bad), good = json_size(n->good);
	const struct json *first = json_at(n->bad, 0);

	if (bad > 0 && good > 0)
		return arena_printf(a, "%zu source%s a look, %zu %s well again",
		    bad, bad == 1 ? " needs" : "s need", good,
		    good == 1 ? "is" : "are");
	if (bad == 1)
		return arena_printf(a, "%s %s", json_get_text(first, "source"),
		    json_get_text(first, "words"));
	if (bad > 1)
		return arena_printf(a, "%zu sources need a look: %s", bad,
		    names_text(a, n->bad));
	if (good == 1)
		return arena_printf(
		    a, "%s is well again", names_text(a, n->good));
	return arena_printf(
	    a, "%zu sources are well again: %s", good, names_text(a, n->good));
}

static const char *
intro_text(const struct notice *n)
{
	if (json_size(n->bad) == 0)
		return "Nothing needs to be done.";
	if (json_size(n->bad) == 1)
		return "A source of jobs is not as it was. What it had shown "
		       "stays; what is new there may be missing until it is "
		       "well.";
	return "Sources of jobs are not as they were. What they had shown "
	       "stays; what is new there may be missing until they are well.";
}

static void
notice_close(struct notice *n)
{
	struct json *o = n->data;

	json_set(o, "subject", json_string(subject_text(n)));
	json_set(o, "intro", json_string(intro_text(n)));
	json_set(o, "has_good", json_bool(json_size(n->good) > 0));
	json_set(o, "more",
	    n->n > SOURCES_SHOWN ? json_int(n->n - SOURCES_SHOWN)
				 : json_null());
}

/* ---- into the outbox ---- */

static const char deliver_sql[] =
    "INSERT INTO deliveries (user_id, kind, key, recipient, to_name, "
    " not_before, deadline, message_id, template, data, created_at) VALUES "
    "(nullif($1, 0), 'sources', $2, $3, $4, $7, $8, $5, 'sources', "
    " $6::jsonb, $7) ON CONFLICT DO NOTHING";

static const char told_sql[] =
    "UPDATE sources SET told_kind = outcome_kind(outcome), changes = 0, "
    " told_times = CASE WHEN told_at > $2 THEN told_times + 1 ELSE 1 END, "
    " told_at = CASE WHEN told_at > $2 THEN told_at ELSE $3 END "
    "WHERE id = ANY($1)";

struct reader {
	int64_t user_id; /* 0: no user of ours */
	const char *name, *zone;
};

static int
deliver(struct notice *n, const struct reader *reader, struct err *err)
{
	const struct setup *setup = &n->tx->s->w.setup;
	struct args a = { .n = 0 }, told = { .n = 0 };
	const char *key = arena_printf(n->tx->a, "run %lld of %lld",
	    (long long)n->last_run, (long long)n->tx->now_ms);
	const char *id;

	if (mail_id(n->tx->db, n->tx->a, setup->mail_from,
		arena_printf(n->tx->a, "operator|sources|%s", key), &id,
		err) == -1)
		return -1;
	arg_i64(&a, reader->user_id);
	arg_text(&a, key);
	arg_text(&a, setup->operator_address);
	arg_text(&a, reader->name);
	arg_text(&a, id);
	arg_text(&a, json_dump(n->tx->a, n->data));
	arg_ms(&a, n->tx->now_ms);
	arg_ms(&a, n->tx->now_ms + DEADLINE_MS);
	arg_col(&told, &n->ids);
	arg_ms(&told, n->tx->now_ms - DAY_MS);
	arg_ms(&told, n->tx->now_ms);
	if (db_query(n->tx->db, deliver_sql, &a, NULL, err) == -1 ||
	    db_query(n->tx->db, told_sql, &told, NULL, err) == -1)
		return -1;
	n->tx->s->account_moved = true;
	return 0;
}

static int
tell(struct tx *tx, const struct reader *reader, struct err *err)
{
	struct notice n = { .tx = tx,
		.zone = zone_or_utc(tx->a, reader->zone),
		.data = json_object(),
		.bad = json_array(),
		.good = json_array() };
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	int result;

	json_set(n.data, "bad", n.bad);
	json_set(n.data, "good", n.good);
	json_set(n.data, "name", json_string(reader->name));
	col_init(&n.ids, COL_I64);
	news_args(tx, &a);
	result = db_query(tx->db, news_sql, &a, &rows, err);
	for (int i = 0; result == 0 && i < rows_count(rows); i++)
		add_source(&n, rows, i);
	if (result == 0 && n.n > 0) {
		notice_close(&n);
		result = deliver(&n, reader, err);
	}
	rows_free(rows);
	col_fini(&n.ids);
	json_free(n.data);
	return result;
}

/* Who asked for no mail, or for none now, hears of it when that is over. */
static const char reader_sql[] =
    "SELECT u.id, u.full_name, u.time_zone FROM (SELECT lower($1) AS address) "
    "o LEFT JOIN users u ON lower(u.email) = o.address WHERE NOT EXISTS "
    "(SELECT FROM suppressions x WHERE x.address = o.address) AND "
    "(u.pause_until IS NULL OR u.pause_until <= $2)";

static int
plan_body(struct tx *tx, void *unused, struct err *err)
{
	const struct setup *setup = &tx->s->w.setup;
	struct args a = { .n = 0 };
	struct reader reader = { 0 };
	struct rows *rows;
	bool now = false;
	int result;

	(void)unused;
	if (is_time(tx, &now, err) == -1)
		return -1;
	arg_text(&a, setup->operator_address);
	arg_ms(&a, tx->now_ms);
	if (!now || db_query(tx->db, reader_sql, &a, &rows, err) == -1)
		return now ? -1 : 0;
	if (rows_count(rows) == 0) {
		rows_free(rows);
		return 0;
	}
	if (!row_is_null(rows, 0, 0))
		reader = (struct reader){ row_i64(rows, 0, 0),
			row_text(rows, 0, 1), row_text(rows, 0, 2) };
	if (reader.zone == NULL)
		reader.zone = setup->user.time_zone;
	result = tell(tx, &reader, err);
	rows_free(rows);
	return result;
}

/* What is named alone ("once --source", "--task digest") sends nothing else. */
static bool
may_tell(const struct store *s)
{
	const struct setup *setup = &s->w.setup;

	return setup->mail_from != NULL && setup->operator_address != NULL &&
	       setup->only_source == NULL &&
	       (setup->only_task == NULL ||
		   str_eq(setup->only_task, "deliver"));
}

bool
notices_wait(const struct store *s)
{
	return s->w.setup.foreground && s->wants_notice && may_tell(s);
}

int
notices_plan(struct store *s, struct err *err)
{
	int64_t now = clock_mono_ms();

	if (!may_tell(s) || s->w.stopping || now < s->notice_ms)
		return 0;
	if (s->w.setup.foreground && !s->wants_notice)
		return 0;
	if (tx_run(s, plan_body, NULL, err) == -1)
		return -1;
	s->wants_notice = false;
	s->notice_ms = now + (s->w.setup.foreground ? 0 : PLAN_MS);
	return 0;
}
