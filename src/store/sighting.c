/*
 * Which pages hold which postings. A posting has one page; when others hold
 * it too they are kept beside it, so that a page that drops it says nothing
 * for one that was not modified and still has it.
 */
#include "store/store_int.h"

/* One that lost a field is taken to hold what it held. */
static bool
is_changed_page(const struct flight *f)
{
	return f->fate == FATE_PAGE && f->page.id != 0 && f->lost == NULL &&
	       f->fetched.result != FETCH_UNCHANGED;
}

/*
 * Postings that a changed page no longer holds go to another page that does,
 * or adrift: only the end of a whole run says that they were missed.
 */
static const char detach_sql[] =
    "WITH g AS (SELECT * FROM unnest($1::bigint[], $2::timestamptz[]) "
    "  g(id, seen_at)), "
    "s AS MATERIALIZED (SELECT * FROM unnest($3::bigint[], $4::bigint[]) "
    "  s(posting_id, page_id)), "
    "x AS (DELETE FROM posting_pages e USING g WHERE e.page_id = g.id AND "
    "  NOT EXISTS (SELECT FROM s WHERE s.posting_id = e.posting_id AND "
    "  s.page_id = e.page_id)), "
    "d AS (UPDATE postings p SET last_seen_at = g.seen_at, page_id = coalesce("
    "  (SELECT min(s.page_id) FROM s WHERE s.posting_id = p.id), "
    "  (SELECT min(e.page_id) FROM posting_pages e WHERE e.posting_id = p.id "
    "   AND e.page_id NOT IN (SELECT id FROM g))) "
    " FROM g WHERE p.page_id = g.id AND NOT EXISTS (SELECT FROM s WHERE "
    "  s.posting_id = p.id AND s.page_id = p.page_id) "
    " RETURNING p.id, p.page_id) "
    "DELETE FROM posting_pages e USING d WHERE e.posting_id = d.id AND "
    "e.page_id = d.page_id";

int
sightings_detach(struct tx *tx, struct err *err)
{
	struct col page, seen_at, posting, on;
	struct args a = { .n = 0 };
	int result = 0;

	col_init(&page, COL_I64);
	col_init(&seen_at, COL_TIME);
	col_init(&posting, COL_I64);
	col_init(&on, COL_I64);
	for (size_t i = 0; i < tx->nflights; i++)
		if (is_changed_page(tx->flights[i])) {
			col_i64(&page, tx->flights[i]->page_id);
			col_ms(&seen_at, tx->flights[i]->page.seen_ms);
		}
	for (size_t i = 0; page.n > 0 && i < tx->nitems; i++)
		if (tx->items[i].posting_id != 0) {
			col_i64(&posting, tx->items[i].posting_id);
			col_i64(&on, tx->items[i].page_id);
		}
	arg_col(&a, &page);
	arg_col(&a, &seen_at);
	arg_col(&a, &posting);
	arg_col(&a, &on);
	if (page.n > 0)
		result = db_query(tx->db, detach_sql, &a, NULL, err);
	col_fini(&page);
	col_fini(&seen_at);
	col_fini(&posting);
	col_fini(&on);
	return result;
}

/* ---- where they are seen ---- */

/* By their keys, as those that are new have no number yet. */
static const char place_sql[] =
    "WITH s AS MATERIALIZED (SELECT DISTINCT p.id, u.page_id, p.page_id AS "
    "  held FROM unnest($1::bigint[], $2::bytea[], $3::bigint[]) "
    "  u(source_id, external_hash, page_id) "
    " JOIN postings p USING (source_id, external_hash) "
    " WHERE p.page_id IS DISTINCT FROM u.page_id), "
    "f AS (SELECT id, min(page_id) AS page_id FROM s WHERE held IS NULL "
    " GROUP BY id), "
    "d AS (UPDATE postings p SET page_id = f.page_id, last_seen_at = $4 "
    " FROM f WHERE p.id = f.id) "
    "INSERT INTO posting_pages (posting_id, page_id) SELECT s.id, s.page_id "
    "FROM s LEFT JOIN f USING (id) WHERE s.page_id IS DISTINCT FROM f.page_id "
    "ON CONFLICT DO NOTHING";

static bool
is_placed(const struct item *it)
{
	if (it->page_id == 0)
		return true;
	if (it->posting_id != 0)
		return it->page_id == it->old_page_id;
	return it->way != WAY_TWICE || it->page_id == it->first->page_id;
}

static int
place(struct tx *tx, struct err *err)
{
	struct col source, external, page;
	struct args a = { .n = 0 };
	int result = 0;

	col_init(&source, COL_I64);
	col_init(&external, COL_BYTES);
	col_init(&page, COL_I64);
	for (size_t i = 0; i < tx->nitems; i++) {
		const struct item *it = &tx->items[i];

		if (is_placed(it))
			continue;
		col_i64(&source, it->source_id);
		col_bytes(&external, it->external_hash, SHA256_BYTES);
		col_i64(&page, it->page_id);
	}
	arg_col(&a, &source);
	arg_col(&a, &external);
	arg_col(&a, &page);
	arg_ms(&a, tx->now_ms);
	if (page.n > 0)
		result = db_query(tx->db, place_sql, &a, NULL, err);
	col_fini(&source);
	col_fini(&external);
	col_fini(&page);
	return result;
}

/* Seen again after it was missed; a closed one is open again. */
static const char touch_sql[] =
    "UPDATE postings SET missed = 0, closed_at = NULL, last_seen_at = $2 "
    "WHERE id = ANY($1) AND (missed > 0 OR closed_at IS NOT NULL)";
static const char reopen_sql[] =
    "UPDATE jobs SET closed_at = NULL, updated_at = $2 "
    "WHERE id = ANY($1) AND closed_at IS NOT NULL";

static int
touch(struct tx *tx, struct err *err)
{
	struct args touched = { .n = 0 }, opened = { .n = 0 };
	struct col id, job;
	int result = 0;

	col_init(&id, COL_I64);
	col_init(&job, COL_I64);
	for (size_t i = 0; i < tx->nitems; i++) {
		const struct item *it = &tx->items[i];

		if (it->posting_id == 0 || it->way == WAY_TWICE ||
		    (!it->was_closed && !it->was_missed))
			continue;
		col_i64(&id, it->posting_id);
		it->run->reopened += it->was_closed;
		if (it->was_closed && it->job_id != 0)
			col_i64(&job, it->job_id);
	}
	arg_col(&touched, &id);
	arg_ms(&touched, tx->now_ms);
	arg_col(&opened, &job);
	arg_ms(&opened, tx->now_ms);
	if (id.n > 0)
		result = db_query(tx->db, touch_sql, &touched, NULL, err);
	if (result == 0 && job.n > 0)
		result = db_query(tx->db, reopen_sql, &opened, NULL, err);
	col_fini(&id);
	col_fini(&job);
	return result;
}

/*
 * A page is read again next time, changed or not, if details of it failed, or
 * if it holds a posting that waits on account of another page and cannot be
 * placed yet.
 */
static bool
must_be_read_again(const struct item *it)
{
	if (it->page_id == 0)
		return false;
	if (it->way == WAY_TWICE)
		return it->first->way == WAY_WAITS &&
		       it->first->page_id != it->page_id;
	return !it->detailed;
}

static int
forget_pages(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct col page;
	int result = 0;

	col_init(&page, COL_I64);
	for (size_t i = 0; i < tx->nitems; i++)
		if (must_be_read_again(&tx->items[i]))
			col_i64(&page, tx->items[i].page_id);
	arg_col(&a, &page);
	if (page.n > 0)
		result = db_query(tx->db,
		    "UPDATE pages SET body_hash = NULL, etag = NULL, "
		    "last_modified = NULL WHERE id = ANY($1)",
		    &a, NULL, err);
	col_fini(&page);
	return result;
}

int
sightings_store(struct tx *tx, struct err *err)
{
	if (place(tx, err) == -1 || touch(tx, err) == -1)
		return -1;
	return forget_pages(tx, err);
}
