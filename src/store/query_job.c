/*
 * Questions about jobs: the list, one of them, full text.
 */
#include "base/str.h"
#include "store/pg_int.h"
#include "store/shown_int.h"

/* Of more hits than this, the newest are ranked (data.md). */
#define RANKED_HITS 1000

/* The names of the sources that show a job. */
#define SOURCES_OF_JOB                                                      \
	"(SELECT coalesce(json_agg(DISTINCT s.key), '[]') FROM postings p " \
	"JOIN sources s ON s.id = p.source_id WHERE p.job_id = j.id)"

/* A name that is mistyped is no source without jobs. */
static int
source_exists(struct db *db, const char *name, struct err *err)
{
	struct args args = { 0 };
	int64_t id;

	arg_text(&args, name);
	if (db_begin(db, err) == -1)
		return -1;
	if (db_get_i64(db,
		"SELECT id FROM sources WHERE key = $1 OR name = $1 LIMIT 1",
		&args, &id, err) == 0)
		return db_commit(db, err);
	db_rollback(db);
	if (err->kind == ERR_NOINPUT)
		err_set(err, ERR_NOINPUT,
		    "there is no source '%s'\nHINT: careerd source list shows "
		    "their names",
		    name);
	return -1;
}

struct json *
store_jobs(struct db *db, const struct job_filter *filter, struct err *err)
{
	struct args args = { 0 };

	if (filter->source != NULL &&
	    source_exists(db, filter->source, err) == -1)
		return NULL;
	arg_text(&args, filter->source);
	arg_text(&args, filter->company);
	arg_bool(&args, filter->with_closed);
	arg_i64(&args, filter->limit);
	arg_i64(&args, filter->offset);
	return shown_ask(db,
	    "SELECT coalesce(json_agg(row ORDER BY id DESC), '[]') FROM ("
	    "SELECT j.id, json_build_object('id', j.id, 'title', j.title, "
	    "'company', j.company, " SHOWN_COLUMNS ", 'url', j.source_url, "
	    "'job_type', j.job_type, 'experience_level', j.experience_level, "
	    "'closed_at', j.closed_at, 'reposts', j.reposts, "
	    "'sources', " SOURCES_OF_JOB ") AS row "
	    "FROM jobs j WHERE j.user_id IS NULL "
	    "AND ($3 OR j.closed_at IS NULL) "
	    "AND ($2::text IS NULL OR strpos(lower(j.company), lower($2)) > 0) "
	    "AND ($1::text IS NULL OR EXISTS (SELECT 1 FROM postings p "
	    "JOIN sources s ON s.id = p.source_id WHERE p.job_id = j.id "
	    "AND (s.key = $1 OR s.name = $1))) "
	    "ORDER BY j.id DESC LIMIT $4 OFFSET $5) x",
	    &args, err);
}

struct json *
store_job(struct db *db, int64_t id, struct err *err)
{
	struct args args = { 0 };
	struct json *job;

	arg_i64(&args, id);
	job = shown_ask(db,
	    "SELECT json_build_object('id', j.id, 'title', j.title, "
	    "'company', j.company, " SHOWN_COLUMNS ", "
	    "'job_type', j.job_type, 'experience_level', j.experience_level, "
	    "'language', j.language, 'tags', j.tags, "
	    "'requirements', j.requirements, 'benefits', j.benefits, "
	    "'metadata', j.metadata, 'url', j.source_url, "
	    "'apply_url', j.apply_url, 'closes_date', j.closes_date, "
	    "'closed_at', j.closed_at, 'reposts', j.reposts, "
	    "'reposted_at', j.reposted_at, 'created_at', j.created_at, "
	    "'description', j.description, 'sightings', "
	    "(SELECT coalesce(json_agg(json_build_object('source', s.key, "
	    "'external_id', p.external_id, 'url', p.url, 'rule', p.rule, "
	    "'first_seen', date_trunc('second', p.first_seen_at), "
	    "'last_seen', date_trunc('second', "
	    "coalesce(pg.seen_at, p.last_seen_at)), "
	    "'closed_at', p.closed_at) ORDER BY p.first_seen_at, p.id), '[]') "
	    "FROM postings p JOIN sources s ON s.id = p.source_id "
	    "LEFT JOIN pages pg ON pg.id = p.page_id "
	    "WHERE p.job_id = j.id)) FROM jobs j WHERE j.id = $1",
	    &args, err);
	if (job == NULL && err->kind == ERR_NOINPUT)
		err_set(err, ERR_NOINPUT,
		    "job %lld: there is none\nHINT: careerd job list shows "
		    "the numbers of the open ones",
		    (long long)id);
	return job;
}

struct json *
store_search(struct db *db, const char *query, int limit, struct err *err)
{
	struct args args = { 0 };

	arg_text(&args, query);
	arg_i64(&args, limit);
	arg_i64(&args, RANKED_HITS);
	return shown_ask(db,
	    "WITH q AS (SELECT websearch_to_tsquery('english', $1) || "
	    "websearch_to_tsquery('simple', $1) AS q), "
	    "hits AS MATERIALIZED (SELECT j.id, j.search FROM jobs j, q "
	    "WHERE j.search @@ q.q AND j.user_id IS NULL "
	    "ORDER BY j.id DESC LIMIT $3), "
	    "best AS (SELECT h.id, ts_rank_cd(h.search, q.q) AS rank "
	    "FROM hits h, q ORDER BY rank DESC, h.id DESC LIMIT $2) "
	    "SELECT coalesce(json_agg(json_build_object('id', j.id, "
	    "'title', j.title, 'company', j.company, " SHOWN_COLUMNS ", "
	    "'rank', best.rank, 'url', j.source_url, "
	    "'closed_at', j.closed_at, 'headline', "
	    "ts_headline(search_config(j.language), "
	    "left(coalesce(j.description, j.title), 20000), q.q, "
	    "'MaxFragments=2, MaxWords=14, MinWords=6, StartSel=*, "
	    "StopSel=*')) ORDER BY best.rank DESC, j.id DESC), '[]') "
	    "FROM best JOIN jobs j ON j.id = best.id, q",
	    &args, err);
}
