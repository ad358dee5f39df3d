/*
 * Postings that keep and drop leave out once their detail page was read. They
 * are remembered, so that the page is not asked for again as long as the list
 * says the same of them.
 */
#include "base/str.h"
#include "store/store_int.h"

/* Looked at again after so long: nobody says that they are gone. */
#define REMEMBERED_MS (30LL * 24 * 3600 * 1000)

/* ---- known ones ---- */

static bool
may_be_known(const struct item *it)
{
	const struct source *source = it->flight->lane->source;

	return it->flight->kind == REQUEST_LIST && source->nconditions > 0 &&
	       source->detail.present && it->way != WAY_TWICE;
}

static const char find_sql[] =
    "SELECT u.i FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], "
    "$4::bytea[]) u(i, source_id, external_hash, list_hash) "
    "JOIN drops USING (source_id, external_hash, list_hash)";

int
drops_find(struct tx *tx, struct err *err)
{
	struct col number, source, external, list;
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	int result = 0;

	col_init(&number, COL_I64);
	col_init(&source, COL_I64);
	col_init(&external, COL_BYTES);
	col_init(&list, COL_BYTES);
	for (size_t i = 0; i < tx->nitems; i++) {
		const struct item *it = &tx->items[i];

		if (!may_be_known(it))
			continue;
		col_i64(&number, (int64_t)i);
		col_i64(&source, it->source_id);
		col_bytes(&external, it->external_hash, SHA256_BYTES);
		col_bytes(&list, it->list_hash, SHA256_BYTES);
	}
	arg_col(&a, &number);
	arg_col(&a, &source);
	arg_col(&a, &external);
	arg_col(&a, &list);
	if (number.n > 0)
		result = db_query(tx->db, find_sql, &a, &rows, err);
	for (int i = 0; rows != NULL && i < rows_count(rows); i++) {
		struct item *it = &tx->items[row_i64(rows, i, 0)];

		/* What is stored of it from before is seen no more. */
		it->is_dropped = true;
		it->posting_id = 0;
	}
	rows_free(rows);
	col_fini(&number);
	col_fini(&source);
	col_fini(&external);
	col_fini(&list);
	return result;
}

/* ---- new ones ---- */

static const char write_sql[] =
    "INSERT INTO drops AS d (source_id, external_hash, list_hash, title, "
    " condition, dropped_at) SELECT DISTINCT ON (source_id, external_hash) "
    " source_id, external_hash, list_hash, title, condition, $6 "
    "FROM unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::text[], "
    " $5::text[]) u(source_id, external_hash, list_hash, title, condition) "
    "ON CONFLICT (source_id, external_hash) DO UPDATE SET "
    " list_hash = EXCLUDED.list_hash, title = EXCLUDED.title, "
    " condition = EXCLUDED.condition, dropped_at = EXCLUDED.dropped_at";

/* One that was stored before its detail said this is adrift. */
static const char detach_sql[] =
    "WITH p AS (UPDATE postings p SET page_id = NULL FROM "
    " unnest($1::bigint[], $2::bytea[]) u(source_id, external_hash) "
    " WHERE p.source_id = u.source_id AND p.external_hash = u.external_hash "
    " RETURNING p.id) "
    "DELETE FROM posting_pages e USING p WHERE e.posting_id = p.id";

static int
write_new(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 }, stored = { .n = 0 };
	struct col source, external, list, title, condition;
	int result = 0;

	col_init(&source, COL_I64);
	col_init(&external, COL_BYTES);
	col_init(&list, COL_BYTES);
	col_init(&title, COL_TEXT);
	col_init(&condition, COL_TEXT);
	for (size_t i = 0; i < tx->nflights; i++) {
		const struct flight *f = tx->flights[i];
		const struct condition *by = f->dropped_by;

		if (by == NULL || f->fate != FATE_DETAIL)
			continue;
		col_i64(&source, f->source_id);
		col_bytes(&external, f->held_hash, SHA256_BYTES);
		col_bytes(&list, f->list_hash, SHA256_BYTES);
		col_text(&title, f->postings[0].title);
		col_text(&condition,
		    arena_printf(tx->a, "%s %s", by->is_drop ? "drop" : "keep",
			by->field.text));
	}
	arg_col(&a, &source);
	arg_col(&a, &external);
	arg_col(&a, &list);
	arg_col(&a, &title);
	arg_col(&a, &condition);
	arg_ms(&a, tx->now_ms);
	arg_col(&stored, &source);
	arg_col(&stored, &external);
	if (source.n > 0 &&
	    (db_query(tx->db, write_sql, &a, NULL, err) == -1 ||
		db_query(tx->db, detach_sql, &stored, NULL, err) == -1))
		result = -1;
	col_fini(&source);
	col_fini(&external);
	col_fini(&list);
	col_fini(&title);
	col_fini(&condition);
	return result;
}

/* A posting that its page counted as found was dropped after all. */
static void
count_drop(struct delta *run, struct col *page, int64_t page_id)
{
	run->found--;
	run->dropped++;
	if (page_id != 0)
		col_i64(page, page_id);
}

int
drops_store(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct col page;
	int result = write_new(tx, err);

	col_init(&page, COL_I64);
	for (size_t i = 0; i < tx->nflights; i++) {
		struct flight *f = tx->flights[i];

		if (f->dropped_by != NULL && f->fate == FATE_DETAIL)
			count_drop(f->run, &page, f->page_id);
	}
	for (size_t i = 0; i < tx->nitems; i++)
		if (tx->items[i].way == WAY_DROPPED)
			count_drop(
			    tx->items[i].run, &page, tx->items[i].page_id);
	arg_col(&a, &page);
	if (result == 0 && page.n > 0)
		result = db_query(tx->db,
		    "UPDATE pages g SET dropped = dropped + u.n FROM (SELECT "
		    "id, count(*) n FROM unnest($1::bigint[]) x(id) GROUP BY "
		    "id) u WHERE g.id = u.id",
		    &a, NULL, err);
	col_fini(&page);
	return result;
}

int
drops_forget(struct tx *tx, struct col *sources, struct err *err)
{
	struct args a = { .n = 0 };

	arg_col(&a, sources);
	arg_ms(&a, tx->now_ms - REMEMBERED_MS);
	return db_query(tx->db,
	    "DELETE FROM drops WHERE source_id = ANY($1) AND dropped_at < $2",
	    &a, NULL, err);
}
