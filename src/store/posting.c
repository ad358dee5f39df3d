/*
 * Postings: what a page shows against what is stored of it. A page is taken
 * in by a handful of statements however many postings it has, and a posting
 * that is as it was is not written at all.
 */
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "base/url.h"
#include "store/store_int.h"

/* Rows of one statement: keeps parameters and time within bounds. */
#define CHUNK_ROWS 1000

/* ---- collecting ---- */

static size_t
count_items(const struct tx *tx)
{
	size_t n = 0;

	for (size_t i = 0; i < tx->nflights; i++)
		n += tx->flights[i]->npostings;
	return n;
}

/* A detail page that will not come however often it is asked for. */
static bool
is_not_there(const struct flight *f)
{
	return f->fetched.status == 404 || f->fetched.status == 410 ||
	       f->extracted.result == EXTRACT_NOT_FOUND;
}

const char *
external_of(
    struct arena *a, const struct posting *p, uint8_t hash[SHA256_BYTES])
{
	const char *external = p->external_id;

	if (external == NULL)
		external = url_canonical(a, p->url);
	if (external == NULL)
		external = p->url;
	sha256_of(external, strlen(external), hash);
	return external;
}

static void
add_item(struct tx *tx, struct flight *f, struct posting *p)
{
	struct item *it = &tx->items[tx->nitems++];
	bool is_list = f->kind == REQUEST_LIST;

	it->p = *p;
	it->flight = f;
	it->run = f->run;
	it->source_id = f->source_id;
	it->page_id = f->page_id;
	it->external = external_of(tx->a, p, it->external_hash);
	posting_hash(p, it->content_hash);
	memcpy(it->list_hash, is_list ? it->content_hash : f->list_hash,
	    SHA256_BYTES);
	it->detailed = is_list || f->fate == FATE_DETAIL || is_not_there(f);
}

static void
collect(struct tx *tx)
{
	tx->items = arena_array(tx->a, count_items(tx) + 1, sizeof(*tx->items));
	tx->nitems = 0;
	for (size_t i = 0; i < tx->nflights; i++) {
		struct flight *f = tx->flights[i];

		if (f->fate == FATE_LOST || f->fate == FATE_RETRY ||
		    f->fate == FATE_MOVED)
			continue;
		for (size_t k = 0; k < f->npostings; k++)
			add_item(tx, f, &f->postings[k]);
	}
}

/* One statement cannot write a row twice: the first of its kind stays. */
static void
drop_twice(struct tx *tx)
{
	size_t size = 16, at;
	struct item **seen, *it;
	uint64_t h;

	while (size < tx->nitems * 2)
		size *= 2;
	seen = arena_array(tx->a, size, sizeof(*seen));
	for (size_t i = 0; i < tx->nitems; i++) {
		it = &tx->items[i];
		memcpy(&h, it->external_hash, sizeof(h));
		at = (h ^ (uint64_t)it->source_id * 0x9e3779b97f4a7c15u) &
		     (size - 1);
		for (; seen[at] != NULL; at = (at + 1) & (size - 1))
			if (seen[at]->source_id == it->source_id &&
			    memcmp(seen[at]->external_hash, it->external_hash,
				SHA256_BYTES) == 0)
				break;
		if (seen[at] == NULL) {
			seen[at] = it;
			continue;
		}
		it->way = WAY_TWICE;
		it->first = seen[at];
	}
}

/* ---- what is stored ---- */

static const char find_sql[] =
    "SELECT u.i, p.id, p.job_id, p.page_id, p.list_hash = u.list_hash, "
    "p.content_hash = u.content_hash, p.detailed, p.missed > 0, "
    "p.closed_at IS NOT NULL, p.leads "
    "FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bytea[]) WITH "
    "ORDINALITY u(source_id, external_hash, list_hash, content_hash, i) "
    "JOIN postings p USING (source_id, external_hash)";

static void
read_found(struct tx *tx, const struct rows *rows)
{
	for (int r = 0; r < rows_count(rows); r++) {
		struct item *it = &tx->items[row_i64(rows, r, 0) - 1];

		it->posting_id = row_i64(rows, r, 1);
		it->job_id = row_i64(rows, r, 2);
		it->old_page_id = row_i64(rows, r, 3);
		it->same_list = row_bool(rows, r, 4);
		it->same_content = row_bool(rows, r, 5);
		it->was_detailed = row_bool(rows, r, 6);
		it->was_missed = row_bool(rows, r, 7);
		it->was_closed = row_bool(rows, r, 8);
		it->leads = row_bool(rows, r, 9);
	}
}

static int
find(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	struct col source, external, list, content;
	int result;

	col_init(&source, COL_I64);
	col_init(&external, COL_BYTES);
	col_init(&list, COL_BYTES);
	col_init(&content, COL_BYTES);
	for (size_t i = 0; i < tx->nitems; i++) {
		const struct item *it = &tx->items[i];

		col_i64(&source, it->source_id);
		col_bytes(&external, it->external_hash, SHA256_BYTES);
		col_bytes(&list, it->list_hash, SHA256_BYTES);
		col_bytes(&content, it->content_hash, SHA256_BYTES);
	}
	arg_col(&a, &source);
	arg_col(&a, &external);
	arg_col(&a, &list);
	arg_col(&a, &content);
	result = db_query(tx->db, find_sql, &a, &rows, err);
	if (result == 0)
		read_found(tx, rows);
	rows_free(rows);
	col_fini(&source);
	col_fini(&external);
	col_fini(&list);
	col_fini(&content);
	return result;
}

/* ---- which way each goes ---- */

/* Held as it travelled, until its detail page is there. */
static bool
ask_detail(struct tx *tx, struct item *it)
{
	struct new_request ask = { .run = it->run,
		.kind = REQUEST_DETAIL,
		.url = it->p.detail_url,
		.body = it->p.detail_body,
		.page_id = it->page_id };
	struct buf b;
	bool asked;

	if (it->flight->run_requests + it->run->asked >= LIMIT_RUN_REQUESTS) {
		it->run->truncated = true;
		return false;
	}
	buf_init(&b, LIMIT_OUTPUT_BYTES);
	posting_put(&b, &it->p);
	ask.held = arena_strndup(tx->a, b.data, b.len);
	ask.held_len = b.len;
	buf_fini(&b);
	asked = !b.over && request_ask(tx, &ask) == 0;
	if (asked)
		it->run->asked++;
	return asked;
}

static enum item_way
item_way(struct tx *tx, struct item *it)
{
	bool has_detail =
	    it->flight->kind == REQUEST_LIST &&
	    it->flight->lane->source->detail.present &&
	    it->p.detail_url != NULL &&
	    source_may_request(it->flight->lane->source, it->p.detail_url);

	/* What such a page says of a posting is not to be trusted. */
	if (it->flight->lost != NULL)
		return it->posting_id == 0 ? WAY_LOST : WAY_SAME;
	if (it->is_dropped)
		return WAY_DROPPED;
	if (has_detail) {
		if (it->posting_id != 0 && it->same_list && it->was_detailed)
			return WAY_SAME;
		if (ask_detail(tx, it))
			return WAY_WAITS;
		it->detailed = false;
	}
	if (it->posting_id == 0)
		return WAY_NEW;
	if (it->same_content && it->same_list &&
	    it->detailed == it->was_detailed)
		return WAY_SAME;
	return WAY_CHANGED;
}

static void
choose_way(struct tx *tx, struct item *it)
{
	it->way = item_way(tx, it);
	it->run->refused += it->way == WAY_LOST;
}

static size_t
choose(struct tx *tx, enum item_way way, struct item **to)
{
	size_t n = 0;

	for (size_t i = 0; i < tx->nitems; i++)
		if (tx->items[i].way == way)
			to[n++] = &tx->items[i];
	return n;
}

/* ---- writing ---- */

enum {
	ID,
	SOURCE,
	EXTERNAL_HASH,
	EXTERNAL,
	URL,
	JOB,
	RULE,
	PAGE,
	CONTENT,
	LIST,
	DETAILED,
	LEADS,
	IDENTITY
};
static const enum col_type posting_types[] = { COL_I64, COL_I64, COL_BYTES,
	COL_TEXT, COL_TEXT, COL_I64, COL_TEXT, COL_I64, COL_BYTES, COL_BYTES,
	COL_BOOL, COL_BOOL, COL_BYTES };
#define POSTING_COLS (sizeof(posting_types) / sizeof(posting_types[0]))

#define POSTING_UNNEST                                                      \
	"unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::text[], "      \
	"$5::text[], $6::bigint[], $7::text[], $8::bigint[], $9::bytea[], " \
	"$10::bytea[], $11::boolean[], $12::boolean[], $13::bytea[]) "      \
	"u(id, source_id, external_hash, external_id, url, job_id, rule, "  \
	"page_id, content_hash, list_hash, detailed, leads, identity)"

static const char insert_sql[] =
    "INSERT INTO postings (source_id, external_hash, external_id, url, job_id, "
    " rule, page_id, content_hash, list_hash, detailed, leads, identity, "
    " first_seen_at, last_seen_at) "
    "SELECT source_id, external_hash, external_id, url, job_id, rule, "
    " page_id, content_hash, list_hash, detailed, leads, identity, $14, $14 "
    "FROM " POSTING_UNNEST;

static const char update_sql[] =
    "UPDATE postings p SET url = u.url, content_hash = u.content_hash, "
    " list_hash = u.list_hash, detailed = u.detailed, "
    " identity = coalesce(u.identity, p.identity), last_seen_at = $14, missed "
    "= 0, closed_at = NULL "
    "FROM " POSTING_UNNEST " WHERE p.id = u.id";

static void
add_posting(struct col *c, const struct item *it)
{
	struct buf b;

	col_i64(&c[ID], it->posting_id);
	col_i64(&c[SOURCE], it->source_id);
	col_bytes(&c[EXTERNAL_HASH], it->external_hash, SHA256_BYTES);
	col_text(&c[EXTERNAL], it->external);
	col_text(&c[URL], it->p.url);
	col_i64(&c[JOB], it->job_id);
	col_text(&c[RULE], it->rule);
	if (it->page_id == 0)
		col_null(&c[PAGE]);
	else
		col_i64(&c[PAGE], it->page_id);
	col_bytes(&c[CONTENT], it->content_hash, SHA256_BYTES);
	col_bytes(&c[LIST], it->list_hash, SHA256_BYTES);
	col_bool(&c[DETAILED], it->detailed);
	col_bool(&c[LEADS], it->leads);
	if (it->identity == NULL) {
		col_null(&c[IDENTITY]);
		return;
	}
	buf_init(&b, LIMIT_FRAME_BYTES);
	identity_put(&b, it->identity);
	col_bytes(&c[IDENTITY], b.data, b.len);
	buf_fini(&b);
}

static int
write_chunk(struct tx *tx, const char *sql, struct item **list, size_t n,
    struct err *err)
{
	struct args a = { .n = 0 };
	struct col c[POSTING_COLS];
	int result;

	for (size_t i = 0; i < POSTING_COLS; i++)
		col_init(&c[i], posting_types[i]);
	for (size_t i = 0; i < n; i++)
		add_posting(c, list[i]);
	for (size_t i = 0; i < POSTING_COLS; i++)
		arg_col(&a, &c[i]);
	arg_ms(&a, tx->now_ms);
	result = db_query(tx->db, sql, &a, NULL, err);
	for (size_t i = 0; i < POSTING_COLS; i++)
		col_fini(&c[i]);
	return result;
}

static int
write_postings(struct tx *tx, const char *sql, struct item **list, size_t n,
    struct err *err)
{
	for (size_t i = 0; i < n; i += CHUNK_ROWS)
		if (write_chunk(tx, sql, list + i,
			n - i < CHUNK_ROWS ? n - i : CHUNK_ROWS, err) == -1)
			return -1;
	return 0;
}

static int
store_new(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	if (n == 0)
		return 0;
	if (jobs_assign(tx, list, n, err) == -1 ||
	    jobs_insert(tx, list, n, err) == -1 ||
	    write_postings(tx, insert_sql, list, n, err) == -1)
		return -1;
	if (tx->s->w.setup.dedupe && dedupe_store(tx, list, n, err) == -1)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i]->leads)
			list[i]->run->added++;
		else
			list[i]->run->merged++;
	return 0;
}

static int
store_changed(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (!list[i]->same_content)
			list[i]->run->changed++;
	if (jobs_update(tx, list, n, err) == -1)
		return -1;
	return write_postings(tx, update_sql, list, n, err);
}

int
postings_store(struct tx *tx, struct err *err)
{
	struct item **list;
	size_t n;

	collect(tx);
	if (tx->nitems == 0)
		return sightings_detach(tx, err) == -1 ? -1
						       : drops_store(tx, err);
	drop_twice(tx);
	if (find(tx, err) == -1 || drops_find(tx, err) == -1)
		return -1;
	for (size_t i = 0; i < tx->nitems; i++)
		if (tx->items[i].way != WAY_TWICE)
			choose_way(tx, &tx->items[i]);
	if (sightings_detach(tx, err) == -1)
		return -1;
	list = arena_array(tx->a, tx->nitems + 1, sizeof(*list));
	n = choose(tx, WAY_NEW, list);
	if (store_new(tx, list, n, err) == -1)
		return -1;
	n = choose(tx, WAY_CHANGED, list);
	if (store_changed(tx, list, n, err) == -1)
		return -1;
	return sightings_store(tx, err) == -1 ? -1 : drops_store(tx, err);
}
