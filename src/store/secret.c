/*
 * What only this database can have signed: names of mails, tokens in links.
 */
#include <string.h>
#include "base/sha256.h"
#include "base/str.h"
#include "base/url.h"
#include "store/digest_int.h"

/* 130 bits: nobody guesses it, and it fits into a subject line. */
#define TOKEN_CHARACTERS 26

const char *
store_sign(struct db *db, struct arena *a, const char *text, struct err *err)
{
	uint8_t mac[SHA256_BYTES];
	const char *secret;
	struct rows *rows;

	if (db_query(db, "SELECT value FROM settings WHERE key = 'secret'",
		NULL, &rows, err) == -1)
		return NULL;
	if (rows_count(rows) != 1) {
		rows_free(rows);
		err_set(err, ERR_BUG, "database: it has no secret");
		return NULL;
	}
	secret = row_text(rows, 0, 0);
	hmac_sha256(secret, strlen(secret), text, strlen(text), mac);
	rows_free(rows);
	return str_base32(a, mac, sizeof(mac));
}

const char *
unsubscribe_token(
    struct db *db, struct arena *a, const char *address, struct err *err)
{
	const char *what =
	    arena_printf(a, "unsubscribe|%s", str_lower(a, address));
	const char *mac = store_sign(db, a, what, err);

	return mac == NULL ? NULL : arena_strndup(a, mac, TOKEN_CHARACTERS);
}

int
unsubscribe_add(struct db *db, struct arena *a, const char *mail_from,
    const char *address, struct json *to, struct err *err)
{
	const char *token = unsubscribe_token(db, a, address, err);

	if (token == NULL)
		return -1;
	json_set(to, "unsubscribe",
	    json_string(arena_printf(a, "mailto:%s?subject=unsubscribe%%20%s",
		url_escape(a, mail_from, "@"), token)));
	json_set(to, "unsubscribe_to", json_string(mail_from));
	json_set(to, "unsubscribe_subject",
	    json_string(arena_printf(a, "unsubscribe %s", token)));
	return 0;
}

int
store_unsubscribe_token(struct db *db, struct arena *a, const char *address,
    const char **token, struct err *err)
{
	const char *found;

	if (db_begin(db, err) == -1)
		return -1;
	found = unsubscribe_token(db, a, address, err);
	db_rollback(db);
	if (found == NULL)
		return -1;
	*token = found;
	return 0;
}
