/*
 * What a digest says beside its jobs: how many there were, what was held
 * back, and which sources could not be looked at.
 */
#include <string.h>
#include "base/str.h"
#include "plan/plan.h"
#include "store/outbox_int.h"

/* A subject is shown in one line of 80 to 110 columns, or less. */
#define SUBJECT_COLUMNS 110
#define BEST_COLUMNS    60
#define NAME_COLUMNS    34
#define TROUBLES_SHOWN  5
#define FILTERS_SHOWN   4

struct facts {
	const char *name;
	const struct zone *zone;
	int64_t last_ms; /* of the last digest; 0: there was none */
};

static const char facts_sql[] =
    "SELECT u.full_name, u.time_zone, (SELECT max(created_at) FROM deliveries "
    " d WHERE d.user_id = u.id AND d.kind = 'digest') FROM users u "
    "WHERE u.id = $1";

static int
facts_read(const struct digest_sum *d, struct facts *to, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows;
	int result = -1;

	arg_i64(&a, d->user_id);
	if (db_query(d->db, facts_sql, &a, &rows, err) == -1)
		return -1;
	if (rows_count(rows) == 0) {
		err_set(err, ERR_NOINPUT, "no such user");
	} else {
		const char *name = row_text(rows, 0, 0);

		to->name = name == NULL ? NULL : arena_strdup(d->a, name);
		to->zone = zone_or_utc(d->a, row_text(rows, 0, 1));
		to->last_ms = row_is_null(rows, 0, 2) ? 0 : row_ms(rows, 0, 2);
		result = 0;
	}
	rows_free(rows);
	return result;
}

/* ---- how many ---- */

/* Matches of before may come too: what changed, or a mail that got lost. */
static const char *
intro_text(const struct digest_sum *d, int64_t looked_at, bool first)
{
	const char *since = first ? "" : " since your last briefing";
	long long n = d->suiting;
	const char *best = "";

	if (n == 0)
		return arena_printf(
		    d->a, "There is no new job%s that suits you.", since);
	if (n > d->shown)
		best = arena_printf(d->a,
		    " The best %lld are here; careerd match list shows all.",
		    (long long)d->shown);
	if (looked_at < n)
		return arena_printf(d->a, "%lld job%s you, new or changed%s.%s",
		    n, n == 1 ? " suits" : "s suit", since, best);
	return arena_printf(d->a, "Of %lld new job%s%s, %lld %s you.%s",
	    (long long)looked_at, looked_at == 1 ? "" : "s", since, n,
	    n == 1 ? "suits" : "suit", best);
}

static const char *
subject_text(const struct digest_sum *d)
{
	const char *at = str_is_empty(d->company) ? "" : " at ";
	long long n = d->suiting;

	if (n == 0)
		return "No new jobs";
	return str_shorten(d->a,
	    arena_printf(d->a, "%lld new job%s, best: %s%s%s", n,
		n == 1 ? "" : "s", str_shorten(d->a, d->best, BEST_COLUMNS), at,
		*at == '\0' ? "" : str_shorten(d->a, d->company, NAME_COLUMNS)),
	    SUBJECT_COLUMNS);
}

/* ---- what was not offered, so that the numbers add up ---- */

static const char held_sql[] =
    "SELECT split_part(m.held_back_by, ':', 1), count(*) FROM matches m "
    "WHERE m.user_id = $1 AND m.created_at > $2 AND m.held_back_by IS NOT NULL "
    "GROUP BY 1 ORDER BY 2 DESC, 1";
static const char looked_sql[] =
    "SELECT count(*) FROM matches WHERE user_id = $1 AND created_at > $2";

/* "place 12, salary floor 3" */
static const char *
filters_text(struct arena *a, const struct rows *rows, int64_t *sum)
{
	const char *text = "";
	int shown = 0;
	int64_t rest = 0;

	for (int i = 0; i < rows_count(rows); i++) {
		const char *rule = row_text(rows, i, 0);
		int64_t n = row_i64(rows, i, 1);

		if (str_starts(rule, "low score"))
			continue;
		*sum += n;
		if (shown++ >= FILTERS_SHOWN)
			rest += n;
		else
			text = arena_printf(a, "%s%s%s %lld", text,
			    *text == '\0' ? "" : ", ", rule, (long long)n);
	}
	if (rest > 0)
		text =
		    arena_printf(a, "%s, others %lld", text, (long long)rest);
	return text;
}

static int64_t
low_of(const struct rows *rows)
{
	for (int i = 0; i < rows_count(rows); i++)
		if (str_starts(row_text(rows, i, 0), "low score"))
			return row_i64(rows, i, 1);
	return 0;
}

static struct json *
held_text(struct arena *a, const struct rows *rows)
{
	int64_t filtered = 0, low = low_of(rows);
	const char *filters = filters_text(a, rows, &filtered);
	const char *was = filtered == 1 ? "was" : "were";

	if (filtered == 0 && low == 0)
		return json_null();
	if (filtered == 0)
		return json_string(arena_printf(
		    a, "%lld more fit too little.", (long long)low));
	if (low == 0)
		return json_string(arena_printf(a,
		    "%lld more %s held back by your filters (%s).",
		    (long long)filtered, was, filters));
	return json_string(arena_printf(a,
	    "%lld more %s held back by your filters (%s), and %lld fit too "
	    "little.",
	    (long long)filtered, was, filters, (long long)low));
}

static int
set_counts(const struct digest_sum *d, const struct facts *f, struct json *o,
    struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *held;
	int64_t looked_at = 0;

	arg_i64(&a, d->user_id);
	arg_ms(&a, f->last_ms);
	if (db_get_i64(d->db, looked_sql, &a, &looked_at, err) == -1 ||
	    db_query(d->db, held_sql, &a, &held, err) == -1)
		return -1;
	json_set(o, "name", json_string(f->name));
	json_set(o, "count", json_int(d->suiting));
	json_set(o, "subject", json_string(subject_text(d)));
	json_set(
	    o, "intro", json_string(intro_text(d, looked_at, f->last_ms == 0)));
	json_set(o, "held", held_text(d->a, held));
	rows_free(held);
	return 0;
}

/* ---- sources ---- */

/* Those that were tried since the last digest, and are not well. */
static const char troubles_sql[] =
    "SELECT s.key, s.outcome, coalesce(s.changed_at, r.ended_at) FROM sources "
    "s JOIN LATERAL (SELECT max(ended_at) AS ended_at FROM runs WHERE "
    " source_id = s.id) r ON true WHERE s.configured AND s.enabled AND "
    "outcome_kind(s.outcome) <> 'good' AND r.ended_at > $1 ORDER BY 3, 1";

/* The line of those that are in the same plight since the same day. */
static struct json *
trouble_group(struct json *list, const char *label, const char *since)
{
	struct json *o;

	for (size_t i = 0; i < json_size(list); i++) {
		o = json_at(list, i);
		if (str_eq(json_get_text(o, "label"), label) &&
		    str_eq(json_get_text(o, "since"), since))
			return o;
	}
	o = json_object();
	json_set(o, "label", json_string(label));
	json_set(o, "since", json_string(since));
	json_append(list, o);
	return o;
}

static void
trouble_add(const struct digest_sum *d, const struct facts *f,
    struct json *list, const struct rows *r, int i)
{
	enum outcome outcome = outcome_parse(row_text(r, i, 1));
	const char *label = outcome_saw_a_part(outcome)
				? "Could be looked at only in part"
				: "Could not be looked at";
	struct json *o = trouble_group(list, label,
	    spoken_day(d->a, f->zone, row_ms(r, i, 2), db_now_ms(d->db)));
	const char *before = json_get_text(o, "sources");

	json_set(o, "sources",
	    json_string(arena_printf(d->a, "%s%s%s (%s)",
		before == NULL ? "" : before, before == NULL ? "" : ", ",
		row_text(r, i, 0), outcome_words(outcome))));
}

static int
set_troubles(const struct digest_sum *d, const struct facts *f, struct json *o,
    struct err *err)
{
	struct json *list = json_array();
	struct args a = { .n = 0 };
	struct rows *rows;
	int n;

	json_set(o, "troubles", list);
	arg_ms(&a, f->last_ms);
	if (db_query(d->db, troubles_sql, &a, &rows, err) == -1)
		return -1;
	n = rows_count(rows);
	for (int i = 0; i < n && i < TROUBLES_SHOWN; i++)
		trouble_add(d, f, list, rows, i);
	json_set(o, "has_troubles", json_bool(n > 0));
	json_set(o, "more_troubles",
	    n > TROUBLES_SHOWN ? json_int(n - TROUBLES_SHOWN) : json_null());
	rows_free(rows);
	return 0;
}

int
digest_words(const struct digest_sum *d, struct json *o, struct err *err)
{
	struct facts f = { 0 };

	if (facts_read(d, &f, err) == -1 || set_counts(d, &f, o, err) == -1)
		return -1;
	return set_troubles(d, &f, o, err);
}
