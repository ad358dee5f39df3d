/*
 * Pages of lists: what each said last, and what follows it.
 */
#include "base/log.h"
#include "base/str.h"
#include "base/limits.h"
#include "store/store_int.h"

static bool
is_unchanged(const struct flight *f)
{
	return f->fetched.result == FETCH_UNCHANGED;
}

/* Nothing of it is new: it is as it was, or not for this source at all. */
static bool
has_no_news(const struct flight *f)
{
	return is_unchanged(f) || f->extracted.result == EXTRACT_PASSED_BY;
}

/* What paging needs of a page, whether it was read now or before. */
static struct extracted
page_facts(const struct flight *f)
{
	if (!is_unchanged(f))
		return f->extracted;
	return (struct extracted){ .items = (uint32_t)f->page.items,
		.postings = (uint32_t)f->page.postings,
		.total = f->page.total,
		.next = f->page.next,
		.until = f->page.until,
		.fingerprint = (uint64_t)f->page.fingerprint };
}

enum {
	SOURCE,
	HASH,
	URL,
	ETAG,
	MODIFIED,
	BODY,
	NEXT,
	ITEMS,
	POSTINGS,
	DROPPED,
	TOTAL,
	UNTIL,
	PRINT,
	FILLS,
	RUN
};
static const enum col_type page_types[] = { COL_I64, COL_BYTES, COL_TEXT,
	COL_TEXT, COL_TEXT, COL_TEXT, COL_TEXT, COL_I64, COL_I64, COL_I64,
	COL_I64, COL_BOOL, COL_I64, COL_TEXT, COL_I64 };
#define PAGE_COLS (sizeof(page_types) / sizeof(page_types[0]))

/* rep: the same items stood on an earlier page of this run. */
static const char page_sql[] =
    "WITH k AS (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::text[], "
    " $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], "
    " $9::bigint[], $10::bigint[], $11::bigint[], $12::boolean[], "
    " $13::bigint[], $14::text[], $15::bigint[]) WITH ORDINALITY u(source_id, "
    " url_hash, url, etag, last_modified, body_hash, next, items, postings, "
    " dropped, total, until_met, fingerprint, fills, run_id, i)), "
    "u AS (INSERT INTO pages AS p (source_id, url_hash, url, etag, "
    "  last_modified, body_hash, next, items, postings, dropped, total, "
    "  until_met, fingerprint, fills, last_run_id, seen_at) "
    " SELECT source_id, url_hash, url, etag, last_modified, body_hash, next, "
    "  items, postings, dropped, total, until_met, fingerprint, fills::jsonb, "
    "  run_id, $16 FROM k "
    " ON CONFLICT (source_id, url_hash) DO UPDATE SET etag = EXCLUDED.etag, "
    "  last_modified = EXCLUDED.last_modified, "
    "  body_hash = EXCLUDED.body_hash, next = EXCLUDED.next, "
    "  items = EXCLUDED.items, postings = EXCLUDED.postings, "
    "  dropped = EXCLUDED.dropped, "
    "  total = EXCLUDED.total, until_met = EXCLUDED.until_met, "
    "  fingerprint = EXCLUDED.fingerprint, fills = EXCLUDED.fills, "
    "  last_run_id = EXCLUDED.last_run_id, seen_at = EXCLUDED.seen_at "
    " RETURNING p.id, p.source_id, p.url_hash) "
    "SELECT k.i, u.id, k.items > 0 AND EXISTS (SELECT FROM pages x WHERE "
    " x.source_id = k.source_id AND x.last_run_id = k.run_id AND "
    " x.fingerprint = k.fingerprint) FROM k JOIN u USING (source_id, url_hash)";

static void
add_page(struct tx *tx, struct col *c, const struct flight *f)
{
	struct extracted x = page_facts(f);
	const char *etag = f->fetched.etag,
		   *modified = f->fetched.last_modified,
		   *hash = f->fetched.body_hash;

	/* What was not taken in is read again, changed or not. */
	if (f->lost != NULL)
		etag = modified = hash = NULL;
	/* A 304 may leave out what it confirms. */
	if (is_unchanged(f)) {
		etag = etag == NULL ? f->page.etag : etag;
		modified = modified == NULL ? f->page.last_modified : modified;
		hash = hash == NULL ? f->page.body_hash : hash;
	}
	/* Read once means once: the same would come of it again. */
	if (is_spent_mail(f) && hash == NULL)
		hash = "-";
	col_i64(&c[SOURCE], f->lane->id);
	col_bytes(&c[HASH], f->page_hash, sizeof(f->page_hash));
	col_text(&c[URL], f->url);
	col_text(&c[ETAG], etag);
	col_text(&c[MODIFIED], modified);
	col_text(&c[BODY], hash);
	col_text(&c[NEXT], x.next);
	col_i64(&c[ITEMS], x.items);
	col_i64(&c[POSTINGS], is_unchanged(f)
				  ? f->page.postings
				  : (int64_t)f->npostings + f->ndropped);
	col_i64(&c[DROPPED], is_unchanged(f) ? f->page.dropped : f->ndropped);
	col_i64(&c[TOTAL], x.total);
	col_bool(&c[UNTIL], x.until);
	col_i64(&c[PRINT], (int64_t)x.fingerprint);
	col_text(&c[FILLS],
	    is_unchanged(f) ? f->page.fills : page_fills_json(tx->a, &x));
	col_i64(&c[RUN], f->run_id);
}

static int
write_pages(struct tx *tx, struct col *c, struct flight **of, struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows;

	for (size_t i = 0; i < PAGE_COLS; i++)
		arg_col(&a, &c[i]);
	arg_ms(&a, tx->now_ms);
	if (db_query(tx->db, page_sql, &a, &rows, err) == -1)
		return -1;
	for (int i = 0; i < rows_count(rows); i++) {
		struct flight *f = of[row_i64(rows, i, 0) - 1];

		f->page_id = row_i64(rows, i, 1);
		f->is_repeat = row_bool(rows, i, 2);
	}
	rows_free(rows);
	return 0;
}

static void
find_lost(struct flight *f)
{
	if (!is_unchanged(f))
		f->lost = page_lost_field(f->lane->source, &f->extracted);
}

int
pages_store(struct tx *tx, struct err *err)
{
	struct flight **of = arena_array(tx->a, tx->nflights + 1, sizeof(*of));
	struct col c[PAGE_COLS];
	size_t n = 0;
	int result = 0;

	for (size_t i = 0; i < PAGE_COLS; i++)
		col_init(&c[i], page_types[i]);
	for (size_t i = 0; i < tx->nflights; i++)
		if (tx->flights[i]->fate == FATE_PAGE ||
		    is_spent_mail(tx->flights[i])) {
			if (tx->flights[i]->fate == FATE_PAGE)
				find_lost(tx->flights[i]);
			of[n++] = tx->flights[i];
			add_page(tx, c, tx->flights[i]);
		}
	if (n > 0)
		result = write_pages(tx, c, of, err);
	for (size_t i = 0; i < PAGE_COLS; i++)
		col_fini(&c[i]);
	return result;
}

/* ---- what follows ---- */

static void
count_page(struct tx *tx, struct flight *f, const struct extracted *x)
{
	struct delta *run = f->run;

	run->pages++;
	run->items += x->items;
	if (x->total > run->total)
		run->total = x->total;
	if (has_no_news(f)) {
		run->unchanged++;
		if (is_unchanged(f)) {
			run->found += f->page.postings - f->page.dropped;
			run->dropped += f->page.dropped;
			run->refused += f->page.items - f->page.postings;
			tally_known(tx, run, f->page.fills, f->page.postings);
		}
		return;
	}
	run->found += (int64_t)f->npostings;
	run->dropped += f->ndropped;
	run->refused += x->refused + f->nrefused;
	tally_page(tx, run, x);
	if (f->lost != NULL) {
		run->lost_pages++;
		run->lost_field = f->lost;
	}
	if (f->nrefused > 0)
		log_warn("%s: %lld postings refused, the first: %s", f->url,
		    (long long)f->nrefused, f->refused_why);
}

static int
step(struct tx *tx, struct flight *f, struct err *err)
{
	struct extracted x = page_facts(f);
	struct page_position to;
	const char *url = NULL;
	enum page_step next;

	count_page(tx, f, &x);
	next = page_next(f->lane->source, &x, &f->at,
	    f->run_items + (int64_t)x.items, f->is_repeat, &to, &url);
	if (next == PAGE_NEXT && f->run_requests + 1 > LIMIT_RUN_REQUESTS)
		next = PAGE_TRUNCATED;
	if (next == PAGE_TRUNCATED)
		f->run->truncated = true;
	if (next != PAGE_NEXT)
		return 0;
	if (request_list(tx, f->run, &to, url, x.next, err) == 0)
		return 0;
	/* An address that a page made up is that page's fault. */
	log_warn("%s: %s", f->url, err->text);
	f->run->truncated = true;
	return 0;
}

int
pages_step(struct tx *tx, struct err *err)
{
	for (size_t i = 0; i < tx->nflights; i++)
		if (tx->flights[i]->fate == FATE_PAGE &&
		    step(tx, tx->flights[i], err) == -1)
			return -1;
	return 0;
}
