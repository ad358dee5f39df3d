/*
 * Requests as rows: every page that a run still needs.
 */
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "base/url.h"
#include "store/store_int.h"

/* Requests asked for in one transaction start with room for so many. */
#define ASKS_FIRST 64

int
request_ask(struct tx *tx, const struct new_request *ask)
{
	struct new_request *to, *grown;
	struct err err;
	const char *authority = ask->authority;
	struct url url;

	if (authority == NULL) {
		if (url_parse(tx->a, ask->url, &url, &err) == -1)
			return -1;
		authority = url_authority(tx->a, &url);
	}
	if (tx->nasks == tx->asks_size) {
		tx->asks_size =
		    tx->asks_size == 0 ? ASKS_FIRST : tx->asks_size * 2;
		grown = arena_array(tx->a, tx->asks_size, sizeof(*grown));
		if (tx->nasks > 0)
			memcpy(grown, tx->asks, tx->nasks * sizeof(*grown));
		tx->asks = grown;
	}
	to = &tx->asks[tx->nasks++];
	*to = *ask;
	to->authority = authority;
	return 0;
}

static void
page_key(
    const struct new_request *ask, const char *method, uint8_t to[SHA256_BYTES])
{
	struct sha256 h;

	sha256_init(&h);
	sha256_add(&h, method, strlen(method) + 1);
	sha256_add(&h, ask->url, strlen(ask->url) + 1);
	if (ask->body != NULL)
		sha256_add(&h, ask->body, strlen(ask->body));
	sha256_end(&h, to);
}

int
request_list(struct tx *tx, struct delta *run, const struct page_position *at,
    const char *url, const char *cursor, struct err *err)
{
	const struct source *source = run->lane->source;
	const struct target *target = run->lane->target;
	struct new_request ask = {
		.run = run, .kind = REQUEST_LIST, .at = *at, .url = url
	};
	const char *method = source->list.method;

	if (ask.url == NULL)
		ask.url = page_url(tx->a, source, target, at, cursor, err);
	if (ask.url == NULL)
		return err_prefix(err, "source %s", target->key);
	if (source->list.body != NULL)
		ask.body = page_body(tx->a, source, target, at, cursor, err);
	if (source->list.body != NULL && ask.body == NULL)
		return err_prefix(err, "source %s", target->key);
	page_key(&ask, method == NULL ? "GET" : method, ask.page_hash);
	if (request_ask(tx, &ask) == -1)
		return err_set(err, ERR_DATA, "source %s: not an address: %s",
		    target->key, ask.url);
	return 0;
}

/* ---- mailboxes ---- */

bool
is_web(const char *url)
{
	return str_starts(url, "http:") || str_starts(url, "https:");
}

void
mail_key(const char *url, uint8_t to[SHA256_BYTES])
{
	struct new_request ask = { .url = url };

	page_key(&ask, "GET", to);
}

void
request_mail(struct tx *tx, struct delta *run, const char *url,
    const uint8_t key[SHA256_BYTES])
{
	struct new_request ask = { .run = run,
		.kind = REQUEST_LIST,
		.url = url,
		.authority = run->lane->target->mailbox };

	memcpy(ask.page_hash, key, SHA256_BYTES);
	(void)request_ask(tx, &ask);
}

int
request_first(struct tx *tx, struct delta *run, struct err *err)
{
	const char *mailbox = run->lane->target->mailbox;
	struct new_request ask = { .run = run,
		.kind = REQUEST_MAILBOX,
		.url = mailbox,
		.authority = mailbox };
	struct page_position at;

	if (mailbox != NULL)
		return request_ask(tx, &ask);
	page_first(run->lane->source, &at);
	return request_list(tx, run, &at, NULL, NULL, err);
}

/* ---- writing them ---- */

enum {
	RUN,
	SOURCE,
	KIND,
	URL,
	AUTHORITY,
	BODY,
	HASH,
	INDEX,
	NUMBER,
	OFFSET,
	HELD,
	PAGE
};
static const enum col_type ask_types[] = { COL_I64, COL_I64, COL_TEXT, COL_TEXT,
	COL_TEXT, COL_TEXT, COL_BYTES, COL_I64, COL_I64, COL_I64, COL_BYTES,
	COL_I64 };
#define ASK_COLS (sizeof(ask_types) / sizeof(ask_types[0]))

static const char insert_sql[] =
    "WITH q AS (INSERT INTO requests (run_id, source_id, kind, url, "
    " authority, body, page_hash, page_index, page_number, page_offset, held, "
    " page_id) SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], "
    " $4::text[], $5::text[], $6::text[], $7::bytea[], $8::bigint[], "
    " $9::bigint[], $10::bigint[], $11::bytea[], $12::bigint[]) "
    " RETURNING authority) "
    "INSERT INTO hosts (authority) SELECT DISTINCT authority FROM q "
    "WHERE NOT EXISTS (SELECT FROM hosts h WHERE h.authority = q.authority) "
    "ON CONFLICT DO NOTHING";

static void
add_ask(struct col *c, const struct new_request *ask)
{
	bool is_list = ask->kind == REQUEST_LIST;

	col_i64(&c[RUN], ask->run->run_id);
	col_i64(&c[SOURCE], ask->run->lane->id);
	col_text(&c[KIND], request_kind_name(ask->kind));
	col_text(&c[URL], ask->url);
	col_text(&c[AUTHORITY], ask->authority);
	col_text(&c[BODY], ask->body);
	col_bytes(&c[HASH], is_list ? ask->page_hash : NULL, SHA256_BYTES);
	col_i64(&c[INDEX], ask->at.index);
	col_i64(&c[NUMBER], ask->at.number);
	col_i64(&c[OFFSET], ask->at.offset);
	col_bytes(&c[HELD], ask->held, ask->held_len);
	if (ask->page_id == 0)
		col_null(&c[PAGE]);
	else
		col_i64(&c[PAGE], ask->page_id);
}

/*
 * A host whose robots.txt is not known or too old is asked for it, once,
 * on the account of a run that waits for it.
 */
static const char robots_sql[] =
    "INSERT INTO requests (run_id, source_id, kind, url, authority) "
    "SELECT DISTINCT ON (q.authority) q.run_id, q.source_id, 'robots', "
    " q.authority || '/robots.txt', q.authority "
    "FROM requests q JOIN sources s ON s.id = q.source_id "
    "JOIN hosts h USING (authority) "
    "WHERE q.state = 'queued' AND q.kind <> 'robots' AND NOT s.robots_ignore "
    " AND q.authority LIKE 'http%' "
    " AND ($1 IS NULL OR q.authority = ANY($1)) AND q.source_id = ANY($2) "
    " AND (h.robots_at IS NULL OR h.robots_at < $3) "
    "ORDER BY q.authority, q.id "
    "ON CONFLICT (authority) WHERE kind = 'robots' AND state IN ('queued', "
    " 'granted') DO NOTHING RETURNING run_id, source_id";

static const char hosts_sql[] =
    "INSERT INTO hosts (authority) SELECT DISTINCT authority FROM "
    "unnest($1::text[]) u(authority) ON CONFLICT DO NOTHING";

int
requests_ask_robots(struct tx *tx, struct col *authorities, struct err *err)
{
	struct args a = { .n = 0 }, host = { .n = 0 };
	struct rows *rows = NULL;
	int result;

	if (authorities != NULL) {
		arg_col(&host, authorities);
		if (db_query(tx->db, hosts_sql, &host, NULL, err) == -1)
			return -1;
		arg_col(&a, authorities);
	} else {
		arg_null_array(&a);
	}
	arg_col(&a, &tx->s->lane_ids);
	arg_ms(&a, tx->now_ms - LIMIT_ROBOTS_AGE_MS);
	result = db_query(tx->db, robots_sql, &a, &rows, err);
	for (int i = 0; result == 0 && i < rows_count(rows); i++) {
		struct lane *lane = lane_by_id(tx->s, row_i64(rows, i, 1));

		run_delta(tx, row_i64(rows, i, 0), lane)->open++;
		tx->s->wants_grants = true;
	}
	rows_free(rows);
	return result;
}

/* Hosts of this transaction's requests whose rules are not known for sure. */
static int
ask_robots_where_due(struct tx *tx, struct err *err)
{
	const char *last = NULL;
	struct col unsure;
	int result = 0;

	col_init(&unsure, COL_TEXT);
	for (size_t i = 0; i < tx->nasks; i++) {
		const char *authority = tx->asks[i].authority;

		if (tx->asks[i].run->lane->source->robots_ignore ||
		    !is_web(authority) || str_eq(authority, last))
			continue;
		last = authority;
		if (!host_is_fresh(host_get(tx->s, authority), tx->now_ms))
			col_text(&unsure, authority);
	}
	if (unsure.n > 0)
		result = requests_ask_robots(tx, &unsure, err);
	col_fini(&unsure);
	return result;
}

int
requests_insert(struct tx *tx, struct err *err)
{
	struct args a = { .n = 0 };
	struct col c[ASK_COLS];
	int result;

	if (tx->nasks == 0)
		return 0;
	for (size_t i = 0; i < ASK_COLS; i++)
		col_init(&c[i], ask_types[i]);
	for (size_t i = 0; i < tx->nasks; i++) {
		add_ask(c, &tx->asks[i]);
		tx->asks[i].run->open++;
		tx->asks[i].run->requests++;
	}
	for (size_t i = 0; i < ASK_COLS; i++)
		arg_col(&a, &c[i]);
	result = db_query(tx->db, insert_sql, &a, NULL, err);
	for (size_t i = 0; i < ASK_COLS; i++)
		col_fini(&c[i]);
	if (result == 0)
		result = ask_robots_where_due(tx, err);
	tx->s->wants_grants = true;
	return result;
}
