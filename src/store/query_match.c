/*
 * Questions about a person: who it is, what suits them and why.
 */
#include "base/str.h"
#include "store/pg_int.h"
#include "store/shown_int.h"

struct json *
store_matches(struct db *db, int64_t user_id, int limit, struct err *err)
{
	struct args args = { 0 };

	arg_i64(&args, user_id);
	arg_i64(&args, limit);
	return shown_ask(db,
	    "SELECT coalesce(json_agg(row ORDER BY score DESC, id DESC), '[]') "
	    "FROM (SELECT m.score, j.id, json_build_object("
	    "'job_id', j.id, 'score', m.score, 'title', j.title, "
	    "'company', j.company, " SHOWN_COLUMNS ", "
	    "'why', m.evidence->>'why', 'url', j.source_url, "
	    "'offered_at', m.offered_at) AS row "
	    "FROM matches m JOIN jobs j ON j.id = m.job_id "
	    "WHERE m.user_id = $1 AND m.held_back_by IS NULL "
	    "AND j.closed_at IS NULL "
	    "ORDER BY m.score DESC, j.id DESC LIMIT $2) x",
	    &args, err);
}

struct json *
store_match(struct db *db, int64_t user_id, int64_t job_id, struct err *err)
{
	struct args args = { 0 };
	struct json *match;

	arg_i64(&args, user_id);
	arg_i64(&args, job_id);
	match = shown_ask(db,
	    "SELECT json_build_object('job_id', j.id, 'score', m.score, "
	    "'title', j.title, 'company', j.company, " SHOWN_COLUMNS ", "
	    "'parts', m.parts, 'evidence', m.evidence, "
	    "'why', m.evidence->>'why', 'held_back_by', m.held_back_by, "
	    "'offered_at', m.offered_at, 'url', j.source_url, "
	    "'closed_at', j.closed_at) "
	    "FROM matches m JOIN jobs j ON j.id = m.job_id "
	    "WHERE m.user_id = $1 AND m.job_id = $2",
	    &args, err);
	if (match == NULL && err->kind == ERR_NOINPUT) {
		struct json *job = store_job(db, job_id, err);

		if (job == NULL)
			return NULL;
		json_free(job);
		err_set(err, ERR_NOINPUT,
		    "job %lld: it has not been matched with this person\n"
		    "HINT: careerd job list shows what is stored; new jobs are "
		    "matched within a minute, or by careerd once --task match",
		    (long long)job_id);
	}
	return match;
}

int
store_user_find(struct db *db, const char *email, int64_t *id, struct err *err)
{
	struct args args = { 0 };
	int ret;

	if (db_begin(db, err) == -1)
		return -1;
	arg_text(&args, email);
	/* without an address, only a lone person is meant */
	ret = db_get_i64(db,
	    "SELECT max(id) FROM users WHERE $1::text IS NULL OR "
	    "lower(email) = lower($1) HAVING count(*) = 1",
	    &args, id, err);
	db_rollback(db);
	if (ret == 0)
		return 0;
	if (err->kind != ERR_NOINPUT)
		return -1;
	if (email == NULL)
		return err_set(err, ERR_USAGE,
		    "it is not clear whose data is meant: there is no person, "
		    "or there are several\n"
		    "HINT: --user EMAIL says who; a user: block in "
		    "careerd.yaml makes one");
	return err_set(err, ERR_NOINPUT,
	    "nobody with the address '%s' is stored yet\n"
	    "HINT: careerd once stores the person of careerd.yaml",
	    email);
}
