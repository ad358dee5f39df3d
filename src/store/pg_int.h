/*
 * The connection as the rest of the room sees it: transactions, statements
 * with parameters, rows. Parameters and results are binary; columns of many
 * values travel as arrays, so that a page of postings is one statement.
 */
#ifndef STORE_PG_INT_H
#define STORE_PG_INT_H

#include "store/store.h"

/* ---- parameters ---- */

enum col_type { COL_I64, COL_TEXT, COL_BYTES, COL_BOOL, COL_TIME };

/* A growing array; given to a statement as one parameter. */
struct col {
	struct buf b;
	enum col_type type;
	uint32_t n, nulls;
};
void col_init(struct col *, enum col_type);
void col_fini(struct col *);
void col_reset(struct col *);
void col_i64(struct col *, int64_t);
void col_bool(struct col *, bool);
void col_text(struct col *, const char *); /* NULL is null */
void col_text_n(struct col *, const char *, size_t);
void col_bytes(struct col *, const void *, size_t); /* NULL is null */
void col_ms(struct col *, int64_t ms);
void col_null(struct col *);

#define ARGS_MAX 40
/* Parameters $1... in the order they are added; nothing is copied but
 * numbers, so what is given must outlive the statement. */
struct args {
	const char *value[ARGS_MAX];
	int length[ARGS_MAX];
	unsigned type[ARGS_MAX];
	int format[ARGS_MAX];
	uint64_t number[ARGS_MAX];
	int n;
};
void arg_i64(struct args *, int64_t);
void arg_bool(struct args *, bool);
void arg_ms(struct args *, int64_t ms);
void arg_text(struct args *, const char *); /* NULL is null */
void arg_bytes(struct args *, const void *, size_t);
void arg_col(struct args *, struct col *);
void arg_null(struct args *);
void arg_null_array(struct args *); /* of texts */

/* ---- statements ---- */

struct rows;

/*
 * Begin a transaction as the connection's role, with our search path and
 * timeouts; reconnects if the server is back. One round trip.
 */
int db_begin(struct db *, struct err *);
int db_commit(struct db *, struct err *);
/* Undo; never fails, as a broken connection has nothing left to undo. */
void db_rollback(struct db *);
/*
 * Make this connection the sign of life of an owner of leases: a shared
 * session lock, taken again after each reconnect. Who gets it exclusively
 * knows that the owner is dead.
 */
int db_hold(struct db *, const char *owner, struct err *);
/* careerd.clock() when the transaction began. */
int64_t db_now_ms(const struct db *);
/* Nothing would be waited for: the connection is thought to be alive. */
bool db_is_connected(const struct db *);
/* A connection without checks: bootstrap and migrations. */
struct db *db_open_bare(
    const char *conninfo, enum db_role, const char *name, struct err *);
/* Several commands without parameters, as text. */
int db_script(struct db *, const char *sql, struct err *);

/*
 * One statement. When rows is NULL it is only sent: its fault comes with a
 * later one, so no caller may look for it here. Errors:
 * UNAVAILABLE (server gone or going), TEMP (timeout, deadlock: again later),
 * DATA (what was given does not fit), BUG (the statement is wrong).
 */
int db_query(struct db *, const char *sql, const struct args *,
    struct rows **rows, struct err *);
/* The number of rows a statement changed. */
int db_execute(struct db *, const char *sql, const struct args *,
    int64_t *changed, struct err *);
/* The one value of a statement that gives one row; 0 rows is NOINPUT. */
int db_get_i64(struct db *, const char *sql, const struct args *, int64_t *to,
    struct err *);
/* A transaction of one statement that gives one json text. */
struct json *db_ask_json(
    struct db *, const char *sql, const struct args *, struct err *);

int rows_count(const struct rows *);
bool row_is_null(const struct rows *, int row, int column);
int64_t row_i64(const struct rows *, int row, int column); /* null: 0 */
bool row_bool(const struct rows *, int row, int column);
const char *row_text(const struct rows *, int row, int column); /* or NULL */
const void *row_bytes(const struct rows *, int row, int column, size_t *n);
int64_t row_ms(const struct rows *, int row, int column);
void rows_free(struct rows *);

#endif
