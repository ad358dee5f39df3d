/*
 * Jobs: the rows that people see. A posting leads its job when the job was
 * made from it; what leads is what is shown.
 */
#include <stdio.h>
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "store/store_int.h"

/* Rows of one statement; descriptions are what fills it. */
#define CHUNK_ROWS  500
#define CHUNK_BYTES (16UL * 1024 * 1024)

/* ---- JSON of lists, written straight into text ---- */

static void
add_quoted(struct buf *b, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	const char *run = text;

	buf_char(b, '"');
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (c >= ' ' && c != '"' && c != '\\')
			continue;
		buf_add(b, run, (size_t)(text - run));
		run = text + 1;
		if (c == '"' || c == '\\') {
			buf_char(b, '\\');
			buf_char(b, (char)c);
		} else {
			buf_str(b, "\\u00");
			buf_char(b, hex[c >> 4]);
			buf_char(b, hex[c & 15]);
		}
	}
	buf_add(b, run, (size_t)(text - run));
	buf_char(b, '"');
}

static void
add_key(struct buf *b, const char *key, const char *text)
{
	if (b->len > 0 && b->data[b->len - 1] != '{')
		buf_char(b, ',');
	add_quoted(b, key);
	buf_char(b, ':');
	if (text == NULL)
		buf_str(b, "null");
	else
		add_quoted(b, text);
}

/* An absent list is null here, and the statement puts [] for it. */
static void
col_strings(struct col *c, struct buf *b, const char *const *list, size_t n)
{
	if (n == 0) {
		col_null(c);
		return;
	}
	buf_reset(b);
	for (size_t i = 0; i < n; i++) {
		buf_char(b, i == 0 ? '[' : ',');
		add_quoted(b, list[i]);
	}
	buf_char(b, ']');
	col_text_n(c, b->data, b->len);
}

static void
col_places(struct col *c, struct buf *b, const struct posting *p)
{
	if (p->nplaces == 0) {
		col_null(c);
		return;
	}
	buf_reset(b);
	for (size_t i = 0; i < p->nplaces; i++) {
		buf_str(b, i == 0 ? "[{" : ",{");
		add_key(b, "city", p->places[i].city);
		add_key(b, "region", p->places[i].region);
		add_key(b, "country", p->places[i].country);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	col_text_n(c, b->data, b->len);
}

static void
col_pairs(struct col *c, struct buf *b, const struct posting *p)
{
	if (p->nmetadata == 0) {
		col_null(c);
		return;
	}
	buf_reset(b);
	buf_char(b, '{');
	for (size_t i = 0; i < p->nmetadata; i++)
		add_key(b, p->metadata[i].name, p->metadata[i].value);
	buf_char(b, '}');
	col_text_n(c, b->data, b->len);
}

static void
add_amount(struct buf *b, const char *key, double amount)
{
	if (amount > 0)
		buf_printf(b, "\"%s\":%.10g,", key, amount);
	else
		buf_printf(b, "\"%s\":null,", key);
}

static void
col_salary(struct col *c, struct buf *b, const struct salary *s)
{
	if (!s->present) {
		col_null(c);
		return;
	}
	buf_reset(b);
	buf_char(b, '{');
	add_amount(b, "min", s->min);
	add_amount(b, "max", s->max);
	b->len--; /* add_key writes the comma */
	add_key(b, "currency", s->currency);
	add_key(b, "period",
	    s->period == PAY_NONE ? NULL : pay_period_name(s->period));
	buf_printf(b, ",\"predicted\":%s}", s->predicted ? "true" : "false");
	col_text_n(c, b->data, b->len);
}

static void
col_instant(struct col *c, const struct instant *at)
{
	if (at->present)
		col_ms(c, at->ms);
	else
		col_null(c);
}

/* ---- columns ---- */

enum {
	ID,
	TITLE,
	COMPANY,
	LOCATION,
	DESCRIPTION,
	JOB_TYPE,
	EXPERIENCE,
	REQUIREMENTS,
	BENEFITS,
	URL,
	PLATFORM,
	EXTERNAL,
	POSTED,
	METADATA,
	APPLY,
	SALARY,
	REMOTE,
	PLACES,
	LANGUAGE,
	TAGS,
	CLOSES
};
static const enum col_type job_types[] = { COL_I64, COL_TEXT, COL_TEXT,
	COL_TEXT, COL_TEXT, COL_TEXT, COL_TEXT, COL_TEXT, COL_TEXT, COL_TEXT,
	COL_TEXT, COL_TEXT, COL_TIME, COL_TEXT, COL_TEXT, COL_TEXT, COL_TEXT,
	COL_TEXT, COL_TEXT, COL_TEXT, COL_TIME };
#define JOB_COLS (sizeof(job_types) / sizeof(job_types[0]))

#define JOB_UNNEST                                                             \
	"unnest($1::bigint[], $2::text[], $3::text[], $4::text[], "            \
	"$5::text[], $6::text[], $7::text[], $8::text[], $9::text[], "         \
	"$10::text[], $11::text[], $12::text[], $13::timestamptz[], "          \
	"$14::text[], $15::text[], $16::text[], $17::text[], $18::text[], "    \
	"$19::text[], $20::text[], $21::timestamptz[]) u(id, title, company, " \
	"location, description, job_type, experience_level, requirements, "    \
	"benefits, source_url, source_platform, external_id, posted_date, "    \
	"metadata, apply_url, salary, remote, places, language, tags, "        \
	"closes_date)"

static const char insert_sql[] =
    "INSERT INTO jobs (id, title, company, location, description, job_type, "
    " experience_level, requirements, benefits, source_url, source_platform, "
    " external_id, posted_date, metadata, apply_url, salary, remote, places, "
    " language, tags, closes_date, scraped_at, created_at, updated_at) "
    "SELECT id, title, company, location, description, job_type, "
    " experience_level, coalesce(requirements::jsonb, '[]'), "
    " coalesce(benefits::jsonb, '[]'), source_url, source_platform, "
    " external_id, posted_date, coalesce(metadata::jsonb, '{}'), apply_url, "
    " salary::jsonb, remote, coalesce(places::jsonb, '[]'), language, "
    " coalesce(tags::jsonb, '[]'), closes_date, $22, $22, $22 "
    "FROM " JOB_UNNEST;

/* Worth saying again: what it is, where it is, what it pays. */
static const char update_sql[] =
    "UPDATE jobs j SET title = u.title, company = u.company, "
    " location = u.location, description = u.description, "
    " job_type = u.job_type, experience_level = u.experience_level, "
    " requirements = coalesce(u.requirements::jsonb, '[]'), "
    " benefits = coalesce(u.benefits::jsonb, '[]'), "
    " source_url = u.source_url, posted_date = coalesce(u.posted_date, "
    " j.posted_date), metadata = coalesce(u.metadata::jsonb, '{}'), "
    " apply_url = u.apply_url, salary = u.salary::jsonb, remote = u.remote, "
    " places = coalesce(u.places::jsonb, '[]'), language = u.language, "
    " tags = coalesce(u.tags::jsonb, '[]'), closes_date = u.closes_date, "
    " scraped_at = $22, updated_at = $22, version = j.version + CASE WHEN "
    "  (j.title, j.location, j.salary, j.remote, j.job_type) IS DISTINCT "
    "  FROM (u.title, u.location, u.salary::jsonb, u.remote, u.job_type) "
    "  THEN 1 ELSE 0 END "
    "FROM " JOB_UNNEST " WHERE j.id = u.id";

static void
add_job(struct col *c, struct buf *b, const struct item *it)
{
	const struct posting *p = &it->p;

	col_i64(&c[ID], it->job_id);
	col_text(&c[TITLE], p->title);
	col_text(&c[COMPANY], p->company);
	col_text(&c[LOCATION], p->location);
	col_text(&c[DESCRIPTION], p->description);
	col_text(&c[JOB_TYPE], job_type_name(p->job_type));
	col_text(&c[EXPERIENCE], experience_name(p->experience));
	col_strings(&c[REQUIREMENTS], b, p->requirements, p->nrequirements);
	col_strings(&c[BENEFITS], b, p->benefits, p->nbenefits);
	col_text(&c[URL], p->url);
	col_text(&c[PLATFORM], it->flight->lane->source->name);
	col_text(&c[EXTERNAL], p->external_id);
	col_instant(&c[POSTED], &p->posted);
	col_pairs(&c[METADATA], b, p);
	col_text(&c[APPLY], p->apply_url);
	col_salary(&c[SALARY], b, &p->salary);
	col_text(&c[REMOTE], remote_name(p->remote));
	col_places(&c[PLACES], b, p);
	col_text(&c[LANGUAGE], p->language);
	col_strings(&c[TAGS], b, p->tags, p->ntags);
	col_instant(&c[CLOSES], &p->closes);
}

static int
write_cols(struct tx *tx, const char *sql, struct col *c, struct err *err)
{
	struct args a = { .n = 0 };

	if (c[ID].n == 0)
		return 0;
	for (size_t i = 0; i < JOB_COLS; i++)
		arg_col(&a, &c[i]);
	arg_ms(&a, tx->now_ms);
	if (db_query(tx->db, sql, &a, NULL, err) == -1)
		return -1;
	for (size_t i = 0; i < JOB_COLS; i++)
		col_reset(&c[i]);
	return 0;
}

static int
write_jobs(struct tx *tx, const char *sql, struct item **list, size_t n,
    struct err *err)
{
	struct col c[JOB_COLS];
	struct buf scratch;
	int result = 0;

	buf_init(&scratch, LIMIT_OUTPUT_BYTES);
	for (size_t i = 0; i < JOB_COLS; i++)
		col_init(&c[i], job_types[i]);
	for (size_t i = 0; i < n && result == 0; i++) {
		if (!list[i]->leads)
			continue;
		add_job(c, &scratch, list[i]);
		match_want(tx, list[i]->job_id);
		if (c[ID].n == CHUNK_ROWS || c[DESCRIPTION].b.len > CHUNK_BYTES)
			result = write_cols(tx, sql, c, err);
	}
	if (result == 0)
		result = write_cols(tx, sql, c, err);
	for (size_t i = 0; i < JOB_COLS; i++)
		col_fini(&c[i]);
	buf_fini(&scratch);
	return result;
}

int
jobs_insert(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	return write_jobs(tx, insert_sql, list, n, err);
}

int
jobs_update(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	return write_jobs(tx, update_sql, list, n, err);
}

/* ---- which job ---- */

static int
new_ids(
    struct tx *tx, struct item **list, size_t n, size_t wanted, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows;
	int r = 0;

	arg_i64(&a, (int64_t)wanted);
	if (db_query(tx->db,
		"SELECT nextval('jobs_id_seq') FROM generate_series(1, $1)", &a,
		&rows, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i]->leads && r < rows_count(rows))
			list[i]->job_id = row_i64(rows, r++, 0);
	rows_free(rows);
	return 0;
}

int
jobs_assign(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	size_t wanted = 0;

	for (size_t i = 0; i < n; i++)
		list[i]->leads = true;
	if (tx->s->w.setup.dedupe && dedupe_find(tx, list, n, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		wanted += list[i]->leads;
	if (wanted > 0 && new_ids(tx, list, n, wanted, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i]->leader != NULL)
			list[i]->job_id = list[i]->leader->job_id;
	return 0;
}
