/*
 * Mailboxes: each mail is a list page of its own, which is read once. What a
 * run asks for are those whose page is not known yet.
 */
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "msg/mailbox.h"
#include "store/store_int.h"

struct mail_ask {
	const char *url;
	uint8_t key[SHA256_BYTES];
};

bool
is_spent_mail(const struct flight *f)
{
	if (f->fate != FATE_FAILED || f->kind != REQUEST_LIST || is_web(f->url))
		return false;
	if (f->fetched.result == FETCH_OK)
		return f->extracted.result != EXTRACT_NO_SOURCE;
	return f->fetched.result == FETCH_TOO_BIG ||
	       f->fetched.result == FETCH_REFUSED;
}

/* ---- what a mailbox holds ---- */

static bool
is_position(const char *p, size_t n)
{
	if (n == 0 || n > LIMIT_POSITION_BYTES)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)p[i] < ' ' || p[i] == 127)
			return false;
	return true;
}

static int
by_key(const void *a, const void *b)
{
	return memcmp(((const struct mail_ask *)a)->key,
	    ((const struct mail_ask *)b)->key, SHA256_BYTES);
}

/* One mail for each position, twice none. */
static struct mail_ask *
listing_read(struct tx *tx, const struct flight *f, size_t *n)
{
	const char *mailbox = f->lane->target->mailbox;
	struct mail_ask *list =
	    arena_array(tx->a, LIMIT_MAILBOX_MAILS, sizeof(*list));
	size_t kept = 0;

	*n = 0;
	for (const char *p = f->listing; *p != '\0'; p += *p == '\n') {
		size_t length = strcspn(p, "\n");
		struct mail_ask *to = &list[*n];

		if (*n == LIMIT_MAILBOX_MAILS)
			break;
		if (is_position(p, length)) {
			to->url = mailbox_mail(
			    tx->a, mailbox, arena_strndup(tx->a, p, length));
			mail_key(to->url, to->key);
			(*n)++;
		}
		p += length;
	}
	qsort(list, *n, sizeof(*list), by_key);
	for (size_t i = 0; i < *n; i++)
		if (i == 0 || by_key(&list[i], &list[i - 1]) != 0)
			list[kept++] = list[i];
	*n = kept;
	return list;
}

/* ---- which of them are new ---- */

static const char new_sql[] =
    "SELECT u.i FROM unnest($2::bytea[]) WITH ORDINALITY u(url_hash, i) "
    "LEFT JOIN pages g ON g.source_id = $1 AND g.url_hash = u.url_hash "
    "WHERE g.body_hash IS NULL ORDER BY u.i";

static int
ask_new(struct tx *tx, struct flight *f, const struct mail_ask *list, size_t n,
    struct err *err)
{
	struct args a = { .n = 0 };
	struct rows *rows = NULL;
	struct col key;
	int result = 0;

	col_init(&key, COL_BYTES);
	for (size_t i = 0; i < n; i++)
		col_bytes(&key, list[i].key, SHA256_BYTES);
	arg_i64(&a, f->lane->id);
	arg_col(&a, &key);
	if (n > 0)
		result = db_query(tx->db, new_sql, &a, &rows, err);
	for (int r = 0; result == 0 && rows != NULL && r < rows_count(rows);
	     r++) {
		const struct mail_ask *ask = &list[row_i64(rows, r, 0) - 1];

		request_mail(tx, f->run, ask->url, ask->key);
	}
	rows_free(rows);
	col_fini(&key);
	return result;
}

int
mailboxes_step(struct tx *tx, struct err *err)
{
	for (size_t i = 0; i < tx->nflights; i++) {
		struct flight *f = tx->flights[i];
		const struct mail_ask *list;
		size_t n;

		if (f->fate != FATE_MAILBOX || f->lane->target->mailbox == NULL)
			continue;
		/* The mailbox itself holds no jobs: nothing is new on it. */
		f->run->pages++;
		f->run->unchanged++;
		list = listing_read(tx, f, &n);
		if (ask_new(tx, f, list, n, err) == -1)
			return -1;
	}
	return 0;
}
