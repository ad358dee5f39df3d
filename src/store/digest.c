/*
 * The digest: matches that were not offered yet, by employer, with what is
 * needed to judge them; and the row in the outbox that carries it.
 */
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "store/digest_int.h"
#include "store/shown_int.h"

/* Jobs of one employer, and in all, before it says how many more. */
#define EMPLOYER_MAX 3
#define DIGEST_MAX   20
/* A title or name that is longer is cut. */
#define TITLE_COLUMNS 110
#define PLACE_COLUMNS 110
/* Of one that a command orders (semantics 1.5.21). */
#define DEADLINE_MS (24LL * 60 * 60 * 1000)

/* ---- what is in it ---- */

/* Boards that want to be named beside a job, with their page of it. */
#define VIA_SQL                                                             \
	"SELECT json_agg(v) FROM (SELECT DISTINCT ON (s.attribution) "      \
	"s.attribution AS name, p.url FROM postings p JOIN sources s ON "   \
	"s.id = p.source_id WHERE p.job_id = j.id AND p.closed_at IS NULL " \
	"AND s.attribution IS NOT NULL ORDER BY s.attribution, p.id) v"

/*
 * What one look showed twice was listed twice; posted again it is when it
 * came back later.
 */
#define REPOSTS_SQL                                                           \
	"CASE WHEN j.reposted_at >= j.created_at + interval '12 hours' THEN " \
	"j.reposts ELSE 0 END"

static const char matches_sql[] =
    "SELECT m.job_id, j.title, j.company, json_build_object('id', j.id, "
    " 'score', m.score, 'title', j.title, 'company', j.company, "
    " " SHOWN_COLUMNS ", 'reposts', " REPOSTS_SQL
    ", 'why', m.evidence->>'why', "
    " 'url', coalesce(j.apply_url, j.source_url), "
    " 'via', (" VIA_SQL "))::text "
    "FROM matches m JOIN jobs j ON j.id = m.job_id "
    "WHERE m.user_id = $1 AND m.held_back_by IS NULL AND m.score >= $2 "
    " AND j.closed_at IS NULL AND (m.offered_version IS NULL OR "
    " m.offered_version < m.job_version) "
    "ORDER BY m.score DESC, m.job_id";

enum { M_JOB, M_TITLE, M_COMPANY, M_ALL };

struct digest {
	struct db *db;
	struct arena *a;
	int64_t now_ms;
	struct rows *rows;
	struct json *employers;
	int64_t shown;
};

/* "posted again, second time", or NULL. */
static const char *
repost_text(struct arena *a, int64_t reposts)
{
	static const char *const times[] = { "second", "third", "fourth",
		"fifth", "sixth" };

	if (reposts <= 0)
		return NULL;
	if (reposts > 5)
		return arena_printf(a, "posted again, %lld times so far",
		    (long long)reposts + 1);
	return arena_printf(a, "posted again, %s time", times[reposts - 1]);
}

static void
shorten(struct arena *a, struct json *o, const char *name, size_t columns)
{
	const char *text = json_get_text(o, name);

	if (text != NULL)
		json_set(o, name, json_string(str_shorten(a, text, columns)));
}

/* Boards count who comes from them; the reader need not be counted. */
static void
link_clean(struct arena *a, struct json *o)
{
	const char *url = json_get_text(o, "url");

	if (url != NULL)
		json_set(o, "url", json_string(url_without_tracking(a, url)));
}

/* Those members of a job that templates know. */
static struct json *
job_json(const struct digest *d, int i)
{
	static const char *const names[] = { "id", "score", "title", "company",
		"place", "pay", "why", "url", "via" };
	const char *text = row_text(d->rows, i, M_ALL), *posted;
	struct json *all = json_parse(text, strlen(text), NULL);
	struct json *o = json_object();

	if (all == NULL)
		return o;
	shown_job(all, d->now_ms);
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		json_set(o, names[n], json_ref(json_get(all, names[n])));
	shorten(d->a, o, "title", TITLE_COLUMNS);
	shorten(d->a, o, "place", PLACE_COLUMNS);
	link_clean(d->a, o);
	for (size_t n = 0; n < json_size(json_get(o, "via")); n++)
		link_clean(d->a, json_at(json_get(o, "via"), n));
	posted = json_get_text(all, "posted");
	json_set(o, "posted",
	    json_string(posted == NULL
			    ? NULL
			    : arena_printf(d->a, "posted %s", posted)));
	json_set(o, "repost",
	    json_string(repost_text(d->a, json_get_i64(all, "reposts", 0))));
	json_free(all);
	return o;
}

/* The employer's group, made where its best job stands. */
static struct json *
employer(struct digest *d, const char *company)
{
	struct json *o;

	for (size_t i = 0; i < json_size(d->employers); i++) {
		o = json_at(d->employers, i);
		if (str_eq_ci(json_get_text(o, "employer"), company))
			return o;
	}
	if (d->shown >= DIGEST_MAX)
		return NULL;
	o = json_object();
	json_set(o, "employer", json_string(company));
	json_set(o, "company",
	    json_string(str_shorten(d->a, company, TITLE_COLUMNS)));
	json_set(o, "jobs", json_array());
	json_set(o, "more", json_null());
	json_append(d->employers, o);
	return o;
}

static void
add_job(struct digest *d, int i)
{
	const char *company = row_text(d->rows, i, M_COMPANY);
	struct json *group =
	    employer(d, company == NULL ? "An unnamed employer" : company);
	struct json *jobs = json_get(group, "jobs");

	if (group == NULL)
		return;
	if (json_size(jobs) < EMPLOYER_MAX && d->shown < DIGEST_MAX) {
		json_append(jobs, job_json(d, i));
		d->shown++;
		return;
	}
	json_set(group, "more", json_int(json_get_i64(group, "more", 0) + 1));
}

struct json *
digest_data(struct db *db, struct arena *a, int64_t user_id, struct col *jobs,
    int64_t *n, struct err *err)
{
	struct digest d = { .db = db,
		.a = a,
		.now_ms = db_now_ms(db),
		.employers = json_array() };
	struct json *o = json_object();
	struct args args = { .n = 0 };

	json_set(o, "employers", d.employers);
	arg_i64(&args, user_id);
	arg_i64(&args, LIMIT_MATCH_SCORE);
	if (db_query(db, matches_sql, &args, &d.rows, err) == -1)
		goto fail;
	*n = rows_count(d.rows);
	for (int i = 0; i < rows_count(d.rows); i++) {
		if (jobs != NULL)
			col_i64(jobs, row_i64(d.rows, i, M_JOB));
		add_job(&d, i);
	}
	if (digest_words(
		&(struct digest_sum){ .db = db,
		    .a = a,
		    .user_id = user_id,
		    .suiting = *n,
		    .shown = d.shown,
		    .best = *n == 0 ? NULL : row_text(d.rows, 0, M_TITLE),
		    .company =
			*n == 0 ? NULL : row_text(d.rows, 0, M_COMPANY) },
		o, err) == -1)
		goto fail;
	rows_free(d.rows);
	return o;
fail:
	rows_free(d.rows);
	json_free(o);
	return NULL;
}

/* ---- into the outbox ---- */

static int
occur(struct db *db, const struct digest_order *order, const char *state,
    int64_t *fresh, struct err *err)
{
	struct args a = { .n = 0 };

	arg_i64(&a, order->user_id);
	arg_text(&a, order->key);
	arg_text(&a, state);
	arg_ms(&a, db_now_ms(db));
	return db_execute(db,
	    "INSERT INTO occurrences (user_id, kind, key, state, created_at) "
	    "VALUES ($1, 'digest', $2, $3, $4) ON CONFLICT DO NOTHING",
	    &a, fresh, err);
}

int
mail_id(struct db *db, struct arena *a, const char *mail_from, const char *what,
    const char **id, struct err *err)
{
	const char *at = mail_from == NULL ? NULL : strchr(mail_from, '@');
	const char *mac = store_sign(db, a, what, err);

	if (mac == NULL)
		return -1;
	*id = arena_printf(
	    a, "%s@%s", mac, at == NULL ? "careerd.invalid" : at + 1);
	return 0;
}

static const char deliver_sql[] =
    "INSERT INTO deliveries (user_id, kind, key, recipient, to_name, "
    " not_before, deadline, message_id, template, data, created_at) "
    "SELECT u.id, 'digest', $2, u.email, u.full_name, $3, $4, $5, 'digest', "
    " $6::jsonb, $7 FROM users u WHERE u.id = $1 "
    "ON CONFLICT DO NOTHING RETURNING id";

static const char offer_sql[] =
    "UPDATE matches SET offered_at = $3, offered_version = job_version, "
    "offered_in = $4 WHERE user_id = $1 AND job_id = ANY($2)";

static int
offer(struct db *db, const struct digest_order *order, struct col *jobs,
    int64_t delivery, struct err *err)
{
	struct args a = { .n = 0 };

	arg_i64(&a, order->user_id);
	arg_col(&a, jobs);
	arg_ms(&a, db_now_ms(db));
	arg_i64(&a, delivery);
	return db_query(db, offer_sql, &a, NULL, err);
}

static int
deliver(struct db *db, struct arena *a, const struct digest_order *order,
    const struct json *data, struct col *jobs, struct err *err)
{
	struct args args = { .n = 0 };
	const char *id;
	int64_t delivery = 0;

	if (mail_id(db, a, order->mail_from,
		arena_printf(
		    a, "%lld|digest|%s", (long long)order->user_id, order->key),
		&id, err) == -1)
		return -1;
	arg_i64(&args, order->user_id);
	arg_text(&args, order->key);
	arg_ms(&args, order->not_before_ms);
	arg_ms(&args, order->deadline_ms);
	arg_text(&args, id);
	arg_text(&args, json_dump(a, data));
	arg_ms(&args, db_now_ms(db));
	if (db_get_i64(db, deliver_sql, &args, &delivery, err) == -1)
		return err_prefix(err, "digest %s", order->key);
	return offer(db, order, jobs, delivery, err);
}

int
digest_queue(struct db *db, struct arena *a, const struct digest_order *order,
    const char **reason, struct err *err)
{
	struct json *data = NULL;
	struct col jobs;
	int64_t n = 0, fresh = 0;
	int result = -1;

	*reason = NULL;
	col_init(&jobs, COL_I64);
	data = digest_data(db, a, order->user_id, &jobs, &n, err);
	if (data == NULL)
		goto out;
	if (occur(db, order, n > 0 ? "enqueued" : "skipped_nothing_new", &fresh,
		err) == -1)
		goto out;
	if (fresh == 0)
		*reason = "it was made before";
	else if (n == 0)
		*reason = "nothing new";
	result = *reason != NULL ? 0 : deliver(db, a, order, data, &jobs, err);
out:
	json_free(data);
	col_fini(&jobs);
	return result;
}

/* ---- from commands ---- */

static int
add_footer(struct db *db, struct arena *a, int64_t user_id,
    const char *mail_from, struct json *data, struct err *err)
{
	struct args args = { .n = 0 };
	struct rows *rows;
	int result = 0;

	arg_i64(&args, user_id);
	if (db_query(db, "SELECT email FROM users WHERE id = $1", &args, &rows,
		err) == -1)
		return -1;
	if (rows_count(rows) == 1)
		result = unsubscribe_add(
		    db, a, mail_from, row_text(rows, 0, 0), data, err);
	rows_free(rows);
	return result;
}

struct json *
store_digest(
    struct db *db, int64_t user_id, const char *mail_from, struct err *err)
{
	struct arena *a = arena_new(LIMIT_OUTPUT_BYTES);
	struct json *data = NULL;
	int64_t n;

	if (db_begin(db, err) == 0) {
		data = digest_data(db, a, user_id, NULL, &n, err);
		if (data != NULL && mail_from != NULL &&
		    add_footer(db, a, user_id, mail_from, data, err) == -1) {
			json_free(data);
			data = NULL;
		}
		db_rollback(db);
	}
	arena_free(a);
	return data;
}

int
store_digest_queue(struct db *db, struct arena *a, int64_t user_id,
    const char *key, const char **reason, struct err *err)
{
	struct digest_order order = { .user_id = user_id, .key = key };

	if (db_begin(db, err) == -1)
		return -1;
	order.not_before_ms = db_now_ms(db);
	order.deadline_ms = order.not_before_ms + DEADLINE_MS;
	if (digest_queue(db, a, &order, reason, err) == -1) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err);
}
