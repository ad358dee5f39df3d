/*
 * Matching: jobs that are new or have changed against the people, and open
 * jobs against a person who has changed. What is to be done is a task; its
 * matches and its end are one transaction.
 */
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/store_int.h"

/* Jobs of one task. */
#define MATCH_BATCH 500
/* A task that ended its worker so often is given up. */
#define ATTEMPTS_MAX 5
/* How long a task is ours. */
#define LEASE_MS   (60 * 1000)
#define JOBS_FIRST 64

/* ---- tasks ---- */

void
match_want(struct tx *tx, int64_t job_id)
{
	int64_t *grown;

	if (!tx->s->has_users)
		return;
	if (tx->njobs == tx->jobs_size) {
		tx->jobs_size =
		    tx->jobs_size == 0 ? JOBS_FIRST : tx->jobs_size * 2;
		grown = arena_array(tx->a, tx->jobs_size, sizeof(*grown));
		if (tx->njobs > 0)
			memcpy(grown, tx->jobs, tx->njobs * sizeof(*grown));
		tx->jobs = grown;
	}
	tx->jobs[tx->njobs++] = job_id;
}

int
match_tasks_insert(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct col job;
	int result;

	if (tx->njobs == 0)
		return 0;
	col_init(&job, COL_I64);
	for (size_t i = 0; i < tx->njobs; i++)
		col_i64(&job, tx->jobs[i]);
	arg_col(&a, &job);
	arg_i64(&a, MATCH_BATCH);
	arg_ms(&a, tx->now_ms);
	result = db_query(tx->db,
	    "INSERT INTO tasks (kind, subject, data, due_at) SELECT 'match', "
	    "'jobs ' || gen_random_uuid(), jsonb_build_object('jobs', "
	    "jsonb_agg(id)), $3 FROM unnest($1::bigint[]) WITH ORDINALITY "
	    "u(id, i) GROUP BY (i - 1) / $2",
	    &a, NULL, err);
	col_fini(&job);
	tx->s->wants_work = true;
	return result;
}

struct task {
	int64_t id, attempt;
	int64_t user_id; /* 0: all */
	int64_t after;   /* job id, with a user */
	struct json *data;
};

static const char claim_sql[] =
    "UPDATE tasks SET attempt = attempt + 1, owner = $1, due_at = $3, "
    "lease_until = $3 WHERE id = (SELECT id FROM tasks WHERE kind = 'match' "
    "AND due_at <= $2 ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) "
    "RETURNING id, attempt, user_id, data::text";

static int
claim(struct tx *tx, void *argument, struct err *err)
{
	struct args a = { .n = 0 };
	struct task *task = argument;
	struct rows *rows;

	arg_text(&a, tx->s->owner);
	arg_ms(&a, tx->now_ms);
	arg_ms(&a, tx->now_ms + LEASE_MS);
	if (db_query(tx->db, claim_sql, &a, &rows, err) == -1)
		return -1;
	if (rows_count(rows) == 1) {
		const char *text = row_text(rows, 0, 3);

		task->id = row_i64(rows, 0, 0);
		task->attempt = row_i64(rows, 0, 1);
		task->user_id = row_i64(rows, 0, 2);
		task->data = json_parse(text, strlen(text), err);
		task->after = json_get_i64(task->data, "after", 0);
	}
	rows_free(rows);
	return 0;
}

/* ---- jobs and people ---- */

static const char jobs_sql[] =
    "SELECT id, version, description, jsonb_build_object('source', "
    " source_platform, 'external_id', external_id, 'url', source_url, "
    " 'title', title, 'company', company, 'location', location, 'places', "
    " places, 'remote', remote, 'salary', salary, 'job_type', job_type, "
    " 'experience_level', experience_level, 'requirements', requirements, "
    " 'benefits', benefits, 'tags', tags, 'language', language, "
    " 'posted_date', to_char(coalesce(posted_date, created_at) AT TIME ZONE "
    " 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'))::text "
    "FROM jobs WHERE user_id IS NULL AND closed_at IS NULL AND ";
static const char by_ids[] = "id = ANY($1) ORDER BY id";
static const char by_after[] = "id > $1 ORDER BY id LIMIT $2";

struct pass {
	struct task *task;
	struct rows *jobs;
	struct col user, job, version, score, parts, evidence, held;
	int64_t njobs, fitting; /* of the configuration's person */
};

static int
load_jobs(struct tx *tx, struct pass *p, struct err *err)
{
	struct args a = { .n = 0 };
	const struct json *list = json_get(p->task->data, "jobs");
	const char *sql;
	struct col id;
	int result;

	col_init(&id, COL_I64);
	if (p->task->user_id != 0) {
		arg_i64(&a, p->task->after);
		arg_i64(&a, MATCH_BATCH);
	} else {
		for (size_t i = 0; i < json_size(list); i++)
			col_i64(&id, json_i64(json_at(list, i), 0));
		arg_col(&a, &id);
	}
	sql = arena_printf(
	    tx->a, "%s%s", jobs_sql, p->task->user_id != 0 ? by_after : by_ids);
	result = db_query(tx->db, sql, &a, &p->jobs, err);
	col_fini(&id);
	return result;
}

static void
add_match(struct tx *tx, struct pass *p, struct arena *a, int64_t user_id,
    int row, const struct fit *fit)
{
	struct json *parts = fit_parts_json(fit);
	struct json *evidence = fit_evidence_json(fit);

	(void)tx;
	col_i64(&p->user, user_id);
	col_i64(&p->job, row_i64(p->jobs, row, 0));
	col_i64(&p->version, row_i64(p->jobs, row, 1));
	col_i64(&p->score, fit->score);
	col_text(&p->parts, json_dump(a, parts));
	col_text(&p->evidence, json_dump(a, evidence));
	col_text(&p->held, fit->held_back_by);
	json_free(parts);
	json_free(evidence);
}

static int
read_job(struct pass *p, int row, struct arena *a, struct posting *to,
    struct err *err)
{
	const char *text = row_text(p->jobs, row, 3);
	struct json *o = json_parse(text, strlen(text), err);
	int result = -1;

	if (o != NULL)
		result = posting_from_json(a, o, to, err);
	json_free(o);
	if (result == 0)
		to->description = row_text(p->jobs, row, 2);
	return result;
}

/* One job, read once, against everybody. */
static int
match_job(struct tx *tx, struct pass *p, int row, const struct people *people,
    struct err *err)
{
	struct arena *a = arena_new(LIMIT_FLIGHT_BYTES);
	struct skill_hit *hits = NULL;
	struct posting job = { 0 };
	struct fit fit;
	size_t nhits = 0;
	int result;

	result = read_job(p, row, a, &job, err);
	if (result == 0 && job.description != NULL)
		hits = skills_scan(tx->s->vocabulary, a, job.description,
		    strlen(job.description), &nhits);
	for (size_t i = 0; result == 0 && i < people->n; i++) {
		memset(&fit, 0, sizeof(fit));
		fit_score(a, tx->s->vocabulary, &people->list[i].conf, &job,
		    hits, nhits, tx->now_ms, &fit);
		add_match(tx, p, a, people->list[i].id, row, &fit);
		if (people->list[i].id == tx->s->user_id)
			p->fitting += fit.held_back_by == NULL &&
				      fit.score >= LIMIT_MATCH_SCORE;
	}
	arena_free(a);
	return result;
}

/* ---- writing ---- */

/* What was offered stays offered until the job has a newer version. */
static const char store_sql[] =
    "INSERT INTO matches AS m (user_id, job_id, job_version, score, parts, "
    " evidence, held_back_by, created_at) "
    "SELECT user_id, job_id, version, score, parts::jsonb, evidence::jsonb, "
    " held, $8 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], "
    " $4::bigint[], $5::text[], $6::text[], $7::text[]) u(user_id, job_id, "
    " version, score, parts, evidence, held) "
    "ON CONFLICT (user_id, job_id) DO UPDATE SET "
    " job_version = EXCLUDED.job_version, score = EXCLUDED.score, "
    " parts = EXCLUDED.parts, evidence = EXCLUDED.evidence, "
    " held_back_by = EXCLUDED.held_back_by "
    "WHERE (m.job_version, m.score, m.parts, m.evidence, m.held_back_by) IS "
    " DISTINCT FROM (EXCLUDED.job_version, EXCLUDED.score, EXCLUDED.parts, "
    " EXCLUDED.evidence, EXCLUDED.held_back_by)";

static int
store_matches_of(struct tx *tx, struct pass *p, struct err *err)
{
	struct args a = { .n = 0 };

	if (p->job.n == 0)
		return 0;
	arg_col(&a, &p->user);
	arg_col(&a, &p->job);
	arg_col(&a, &p->version);
	arg_col(&a, &p->score);
	arg_col(&a, &p->parts);
	arg_col(&a, &p->evidence);
	arg_col(&a, &p->held);
	arg_ms(&a, tx->now_ms);
	return db_query(tx->db, store_sql, &a, NULL, err);
}

/* The end of a task, or its next part; not ours any more: nothing counts. */
static int
end_task(struct tx *tx, struct pass *p, struct err *err)
{
	struct args a = { .n = 0 };
	int n = rows_count(p->jobs);
	int64_t changed = 0;

	arg_i64(&a, p->task->id);
	arg_text(&a, tx->s->owner);
	arg_i64(&a, p->task->attempt);
	if (p->task->user_id != 0 && n == MATCH_BATCH) {
		arg_i64(&a, row_i64(p->jobs, n - 1, 0));
		arg_ms(&a, tx->now_ms);
		if (db_execute(tx->db,
			"UPDATE tasks SET data = jsonb_build_object('after', "
			"$4::bigint), due_at = $5, attempt = 0 WHERE id = $1 "
			"AND owner = $2 AND attempt = $3",
			&a, &changed, err) == -1)
			return -1;
	} else if (db_execute(tx->db,
		       "DELETE FROM tasks WHERE id = $1 AND owner = $2 AND "
		       "attempt = $3",
		       &a, &changed, err) == -1) {
		return -1;
	}
	if (changed == 0)
		return err_set(err, ERR_TEMP,
		    "match task %lld is another's by now",
		    (long long)p->task->id);
	return 0;
}

static int
match_all(struct tx *tx, struct pass *p, struct err *err)
{
	struct people people;

	if (people_load(tx, p->task->user_id, &people, err) == -1 ||
	    load_jobs(tx, p, err) == -1)
		return -1;
	for (int row = 0; row < rows_count(p->jobs); row++)
		if (match_job(tx, p, row, &people, err) == -1)
			return -1;
	p->njobs = rows_count(p->jobs);
	if (store_matches_of(tx, p, err) == -1 || end_task(tx, p, err) == -1)
		return -1;
	if (tx->s->user_id != 0 && p->njobs > 0 &&
	    (p->task->user_id == 0 || p->task->user_id == tx->s->user_id))
		tx_event(tx, &(struct event){ .kind = EVENT_MATCHED,
				 .object = tx->s->w.setup.user.email,
				 .count = p->fitting,
				 .total = p->njobs });
	return 0;
}

static int
match_body(struct tx *tx, void *argument, struct err *err)
{
	struct pass p = { .task = argument };
	int result;

	col_init(&p.user, COL_I64);
	col_init(&p.job, COL_I64);
	col_init(&p.version, COL_I64);
	col_init(&p.score, COL_I64);
	col_init(&p.parts, COL_TEXT);
	col_init(&p.evidence, COL_TEXT);
	col_init(&p.held, COL_TEXT);
	result = match_all(tx, &p, err);
	rows_free(p.jobs);
	col_fini(&p.user);
	col_fini(&p.job);
	col_fini(&p.version);
	col_fini(&p.score);
	col_fini(&p.parts);
	col_fini(&p.evidence);
	col_fini(&p.held);
	return result;
}

/* It ended its worker again and again: out of the way, and said. */
static int
give_up(struct tx *tx, void *argument, struct err *err)
{
	struct task *task = argument;
	struct args a = { .n = 0 };

	arg_i64(&a, task->id);
	if (db_query(
		tx->db, "DELETE FROM tasks WHERE id = $1", &a, NULL, err) == -1)
		return -1;
	return trouble_begin(tx, "task",
	    arena_printf(tx->a, "match %lld", (long long)task->id),
	    "given up after its last attempt", err);
}

int
match_one(struct store *s, bool *did, struct err *err)
{
	struct task task = { 0 };
	int result;

	if (tx_run(s, claim, &task, err) == -1)
		return -1;
	*did = task.id != 0;
	if (task.id == 0)
		return 0;
	result = tx_run(
	    s, task.attempt > ATTEMPTS_MAX ? give_up : match_body, &task, err);
	json_free(task.data);
	return result;
}
