/*
 * Addresses that no mail goes to any more, and why.
 */
#include <string.h>
#include "base/str.h"
#include "store/digest_int.h"

int
suppress(
    struct db *db, const char *address, const char *reason, struct err *err)
{
	struct args args = { 0 };

	arg_text(&args, address);
	arg_text(&args, reason);
	return db_execute(db,
	    "INSERT INTO suppressions (address, reason) "
	    "VALUES (lower($1), $2) ON CONFLICT (address) DO NOTHING",
	    &args, NULL, err);
}

/* Did we send that mail to that address? */
static int
bounce_check(
    struct db *db, const char *address, const char *message_id, struct err *err)
{
	struct args args = { 0 };
	int64_t sent = 0;

	arg_text(&args, message_id);
	arg_text(&args, address);
	if (db_get_i64(db,
		"SELECT count(*) FROM deliveries WHERE message_id = "
		"btrim($1, '<> ') AND lower(recipient) = lower($2)",
		&args, &sent, err) == -1)
		return -1;
	if (sent > 0)
		return 0;
	return err_set(err, ERR_DATA,
	    "the bounce is not about a mail that was sent to that address");
}

int
store_bounce(struct db *db, const char *address, const char *message_id,
    const char *reason, struct err *err)
{
	if (db_begin(db, err) == -1)
		return -1;
	if (bounce_check(db, address, message_id, err) == -1 ||
	    suppress(db, address, reason, err) == -1) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, err);
}

/* Compared in full, so that time tells nothing of how much was right. */
static bool
is_token(const char *a, const char *b)
{
	size_t n = strlen(b);
	unsigned char differ = 0;

	if (strlen(a) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return differ == 0;
}

/* The person whose token it is; NULL and err if it is nobody's. */
static const char *
token_owner(struct db *db, struct arena *a, const char *token, struct err *err)
{
	struct args none = { 0 };
	struct rows *rows = NULL;
	const char *found = NULL;

	token = str_lower(a, token);
	if (db_query(db,
		"SELECT email FROM users UNION SELECT recipient FROM "
		"deliveries WHERE user_id IS NULL",
		&none, &rows, err) == -1)
		return NULL;
	for (int i = 0; found == NULL && i < rows_count(rows); i++) {
		const char *email = arena_strdup(a, row_text(rows, i, 0));
		const char *own = unsubscribe_token(db, a, email, err);
		if (own == NULL)
			break;
		if (is_token(token, own))
			found = email;
	}
	rows_free(rows);
	if (found == NULL && err->kind == ERR_NONE)
		err_set(err, ERR_DATA,
		    "the unsubscribe token '%.40s' is nobody's", token);
	return found;
}

int
store_unsubscribe(struct db *db, struct arena *a, const char *token,
    const char **address, struct err *err)
{
	const char *found;

	if (db_begin(db, err) == -1)
		return -1;
	found = token_owner(db, a, token, err);
	if (found == NULL || suppress(db, found, "unsubscribed", err) == -1) {
		db_rollback(db);
		return -1;
	}
	*address = found;
	return db_commit(db, err);
}

int
store_resume(struct db *db, struct arena *a, const char *address,
    const char **reason, struct err *err)
{
	struct args args = { 0 };
	struct rows *rows;

	arg_text(&args, address);
	if (db_begin(db, err) == -1)
		return -1;
	if (db_query(db,
		"DELETE FROM suppressions WHERE address = lower($1) "
		"RETURNING reason",
		&args, &rows, err) == -1) {
		db_rollback(db);
		return -1;
	}
	*reason = rows_count(rows) == 0 ? NULL
					: arena_strdup(a, row_text(rows, 0, 0));
	rows_free(rows);
	return db_commit(db, err);
}
