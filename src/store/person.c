/*
 * People: the configuration's person as a row like all others, and whoever
 * wants matches. A changed profile is a task: all open jobs are matched anew.
 */
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store_int.h"

/* A profile as bytes, to tell whether it has changed. */
#define PROFILE_BYTES (1024UL * 1024)

static struct json *
texts_json(const char *const *list, size_t n)
{
	struct json *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_append(array, json_string(list[i]));
	return array;
}

static struct json *
skills_json(const struct user_conf *u)
{
	struct json *list = json_array();

	for (size_t i = 0; i < u->nskills; i++) {
		struct json *o = json_object();

		json_set(o, "name", json_string(u->skills[i].name));
		if (u->skills[i].years > 0)
			json_set(o, "years", json_int(u->skills[i].years));
		if (u->skills[i].want)
			json_set(o, "want", json_bool(true));
		json_append(list, o);
	}
	return list;
}

/* What has no column of its own, in the words of careerd.yaml. */
static struct json *
preferences_json(const struct user_conf *u)
{
	struct json *o = json_object(), *block = json_object();

	if (u->salary.present) {
		struct json *pay = json_object();

		json_set(pay, "min", json_real(u->salary.min));
		json_set(pay, "currency", json_string(u->salary.currency));
		json_set(
		    pay, "per", json_string(pay_period_name(u->salary.period)));
		json_set(o, "salary", pay);
	}
	json_set(block, "companies",
	    texts_json(u->block_companies, u->nblock_companies));
	json_set(block, "words", texts_json(u->block_words, u->nblock_words));
	json_set(o, "block", block);
	json_set(o, "job_types", texts_json(u->job_types, u->njob_types));
	return o;
}

static const char *
take_dump(struct arena *a, struct json *j)
{
	const char *text = json_dump(a, j);

	json_free(j);
	return text;
}

static bool
wants_remote(const struct user_conf *u)
{
	for (size_t i = 0; i < u->nlocations; i++)
		if (str_eq_ci(u->locations[i], "remote"))
			return true;
	return false;
}

static const char upsert_sql[] =
    "INSERT INTO users AS u (email, username, full_name, skills, "
    " preferred_locations, experience_level, preferences, time_zone, locale, "
    " briefing_minute, quiet_start, quiet_end, pause_until, "
    " prefer_remote_jobs) VALUES ($1, $1, $2, $3::jsonb, $4::jsonb, $5, "
    " $6::jsonb, $7, $8, $9, nullif($10, -1), nullif($11, -1), "
    " CASE WHEN $12 THEN $13 END, $14) "
    "ON CONFLICT (email) DO UPDATE SET full_name = EXCLUDED.full_name, "
    " skills = EXCLUDED.skills, preferred_locations = "
    " EXCLUDED.preferred_locations, experience_level = "
    " EXCLUDED.experience_level, preferences = EXCLUDED.preferences, "
    " time_zone = EXCLUDED.time_zone, locale = EXCLUDED.locale, "
    " briefing_minute = EXCLUDED.briefing_minute, quiet_start = "
    " EXCLUDED.quiet_start, quiet_end = EXCLUDED.quiet_end, pause_until = "
    " EXCLUDED.pause_until, prefer_remote_jobs = "
    " EXCLUDED.prefer_remote_jobs, updated_at = clock() "
    "RETURNING id, matched_profile";

/* Fields that matching reads; another value means matching anew. */
static void
profile_hash(struct tx *tx, const struct user_conf *u, uint8_t to[SHA256_BYTES])
{
	struct buf b;

	buf_init(&b, PROFILE_BYTES);
	buf_str(&b, take_dump(tx->a, skills_json(u)));
	buf_str(&b, take_dump(tx->a, preferences_json(u)));
	buf_str(&b, take_dump(tx->a, texts_json(u->locations, u->nlocations)));
	buf_printf(&b, "%d", (int)u->experience);
	sha256_of(buf_cstr(&b), b.len, to);
	buf_fini(&b);
}

static void
upsert_args(struct tx *tx, const struct user_conf *u, struct args *a)
{
	arg_text(a, u->email);
	arg_text(a, u->name);
	arg_text(a, take_dump(tx->a, skills_json(u)));
	arg_text(a, take_dump(tx->a, texts_json(u->locations, u->nlocations)));
	arg_text(a, experience_name(u->experience));
	arg_text(a, take_dump(tx->a, preferences_json(u)));
	arg_text(a, u->time_zone == NULL ? "UTC" : u->time_zone);
	arg_text(a, u->locale == NULL ? "en" : u->locale);
	arg_i64(a, u->briefing_minute);
	arg_i64(a, u->has_quiet ? (int64_t)u->quiet_start : -1);
	arg_i64(a, u->has_quiet ? (int64_t)u->quiet_end : -1);
	arg_bool(a, u->pause_until_ms != 0);
	arg_ms(a, u->pause_until_ms);
	arg_bool(a, wants_remote(u));
}

static int
match_anew(struct tx *tx, int64_t user_id, const uint8_t *hash, struct err *err)
{
	struct args a = { .n = 0 };

	arg_i64(&a, user_id);
	arg_bytes(&a, hash, SHA256_BYTES);
	arg_ms(&a, tx->now_ms);
	tx->s->wants_work = true;
	return db_query(tx->db,
	    "WITH u AS (UPDATE users SET matched_profile = $2 WHERE id = $1) "
	    "INSERT INTO tasks (kind, subject, user_id, data, due_at) VALUES "
	    "('match', 'user ' || $1, $1, '{\"after\": 0}', $3) "
	    "ON CONFLICT (kind, subject) DO UPDATE SET data = EXCLUDED.data, "
	    "attempt = 0, owner = NULL, due_at = EXCLUDED.due_at",
	    &a, NULL, err);
}

static int
sync_person(struct tx *tx, const struct user_conf *u, struct err *err)
{
	struct args a = { .n = 0 };
	uint8_t hash[SHA256_BYTES];
	const void *old;
	struct rows *rows;
	size_t n;
	bool same;

	upsert_args(tx, u, &a);
	if (db_query(tx->db, upsert_sql, &a, &rows, err) == -1)
		return -1;
	tx->s->user_id = row_i64(rows, 0, 0);
	old = row_bytes(rows, 0, 1, &n);
	profile_hash(tx, u, hash);
	same = n == sizeof(hash) && memcmp(old, hash, n) == 0;
	rows_free(rows);
	return same ? 0 : match_anew(tx, tx->s->user_id, hash, err);
}

int
person_sync(struct tx *tx, struct err *err)
{
	const struct user_conf *u = &tx->s->w.setup.user;
	struct rows *rows;

	tx->s->user_id = 0;
	if (u->present && u->email != NULL && sync_person(tx, u, err) == -1)
		return -1;
	if (db_query(tx->db, "SELECT EXISTS (SELECT FROM users)", NULL, &rows,
		err) == -1)
		return -1;
	tx->s->has_users = row_bool(rows, 0, 0);
	rows_free(rows);
	return 0;
}

/* ---- whom to match ---- */

static const char people_sql[] =
    "SELECT id, (preferences || jsonb_build_object('email', email, 'name', "
    "full_name, 'skills', skills, 'locations', preferred_locations, "
    "'experience', experience_level))::text FROM users "
    "WHERE $1 = 0 OR id = $1 ORDER BY id";

int
people_load(struct tx *tx, int64_t user_id, struct people *to, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows;

	arg_i64(&a, user_id);
	if (db_query(tx->db, people_sql, &a, &rows, err) == -1)
		return -1;
	to->n = 0;
	to->list =
	    arena_array(tx->a, (size_t)rows_count(rows) + 1, sizeof(*to->list));
	for (int i = 0; i < rows_count(rows); i++) {
		struct person_of *p = &to->list[to->n];
		const char *text = row_text(rows, i, 1);
		struct err why = { 0 };
		struct json *o;

		p->id = row_i64(rows, i, 0);
		if (p->id == tx->s->user_id) {
			p->conf = tx->s->w.setup.user;
			to->n++;
			continue;
		}
		o = json_parse(text, strlen(text), &why);
		if (o != NULL && user_from_json(tx->a, o, &p->conf, &why) == 0)
			to->n++;
		else
			log_warn("user %lld: profile cannot be read: %s",
			    (long long)p->id, why.text);
		json_free(o);
	}
	rows_free(rows);
	return 0;
}
