/*
 * What became of each request, for people who ask why. The rows of the last
 * runs of a source are kept; the end of a run drops what is older.
 */
#include "base/str.h"
#include "store/store_int.h"

#define REASON_BYTES 1000

enum {
	RUN,
	REQUEST,
	KIND,
	URL,
	INDEX,
	RESULT,
	STATUS,
	REASON,
	ATTEMPTS,
	REDIRECTS,
	ITEMS,
	POSTINGS,
	BYTES,
	WIRE_BYTES,
	TOOK,
	CPU
};
static const enum col_type types[] = { COL_I64, COL_I64, COL_TEXT, COL_TEXT,
	COL_I64, COL_TEXT, COL_I64, COL_TEXT, COL_I64, COL_I64, COL_I64,
	COL_I64, COL_I64, COL_I64, COL_I64, COL_I64 };
#define COLS (sizeof(types) / sizeof(types[0]))

static const char insert_sql[] =
    "INSERT INTO request_history (run_id, request_id, kind, url, page_index, "
    " result, status, reason, attempts, redirects, items, postings, bytes, "
    " wire_bytes, took_ms, cpu_us, ended_at) SELECT *, $17 FROM unnest("
    " $1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], "
    " $6::text[], $7::bigint[], $8::text[], $9::bigint[], $10::bigint[], "
    " $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], "
    " $15::bigint[], $16::bigint[]) ON CONFLICT DO NOTHING";

static bool
is_unchanged(const struct flight *f)
{
	return f->fetched.result == FETCH_UNCHANGED;
}

const char *
flight_result(const struct flight *f)
{
	if (f->robots_refused)
		return "robots";
	if (f->lost != NULL)
		return "drifted";
	if (f->fetched.result == FETCH_OK)
		return extract_result_name(f->extracted.result);
	return fetch_result_name(f->fetched.result);
}

static const char *
flight_reason(struct tx *tx, const struct flight *f)
{
	const char *why = f->fetched.result == FETCH_OK ? f->extracted.reason
							: f->fetched.reason;

	if (f->lost != NULL)
		return arena_printf(tx->a, "no posting on it has %s", f->lost);
	return why == NULL ? "" : str_safe(tx->a, why, REASON_BYTES);
}

static void
add_flight(struct tx *tx, struct col *c, const struct flight *f)
{
	bool again = is_unchanged(f);

	col_i64(&c[RUN], f->run_id);
	col_i64(&c[REQUEST], f->id);
	col_text(&c[KIND], request_kind_name(f->kind));
	col_text(&c[URL], f->url);
	col_i64(&c[INDEX], f->at.index);
	col_text(&c[RESULT], flight_result(f));
	col_i64(&c[STATUS], f->fetched.status);
	col_text(&c[REASON], flight_reason(tx, f));
	col_i64(&c[ATTEMPTS], f->attempt);
	col_i64(&c[REDIRECTS], f->redirects);
	col_i64(&c[ITEMS], again ? f->page.items : f->extracted.items);
	col_i64(&c[POSTINGS], again ? f->page.postings : (int64_t)f->npostings);
	col_i64(&c[BYTES], f->fetched.bytes);
	col_i64(&c[WIRE_BYTES], f->fetched.wire_bytes);
	col_i64(&c[TOOK], f->fetched.took_ms);
	col_i64(&c[CPU], f->extracted.cpu_us);
}

int
history_store(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct col c[COLS];
	int result = 0;

	for (size_t i = 0; i < COLS; i++)
		col_init(&c[i], types[i]);
	for (size_t i = 0; i < tx->nflights; i++)
		if (flight_is_ended(tx->flights[i]))
			add_flight(tx, c, tx->flights[i]);
	for (size_t i = 0; i < COLS; i++)
		arg_col(&a, &c[i]);
	arg_ms(&a, tx->now_ms);
	if (c[RUN].n > 0)
		result = db_query(tx->db, insert_sql, &a, NULL, err);
	for (size_t i = 0; i < COLS; i++)
		col_fini(&c[i]);
	return result;
}
