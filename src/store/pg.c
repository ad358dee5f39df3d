/*
 * libpq is spoken to here and nowhere else. Every wait has an end: a server
 * that does not answer within the deadline counts as gone, and so does its
 * connection (a half-open one gives no error by itself).
 *
 * Statements whose answer nobody reads are sent and not waited for; what
 * they have to say comes with the next answer that is read, at the latest
 * with the commit. A round trip costs more than most statements.
 */
#include <endian.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "store/pg_int.h"

/* The server ends a statement itself before the client gives it up. */
#define STATEMENT_MS 15000
#define ANSWER_MS    20000
/* Migrations may build indexes over all there is. */
#define OWNER_STATEMENT_MS (60 * 60 * 1000)

#define PG_EPOCH_MS 946684800000LL

struct db {
	PGconn *conn;
	char *conninfo;
	enum db_role role;
	const char *name;
	char *owner; /* whose life this connection is the sign of, or NULL */
	bool is_bare;
	int64_t now_ms;
	int answer_ms;
	int unread; /* statements sent whose results are still to be read */
};

static const char *const role_names[] = {
	[DB_SERVICE] = "careerd_service",
	[DB_READ] = "careerd_read",
	[DB_OWNER] = "careerd_owner",
};

/* ---- errors ---- */

static void
drop(struct db *db)
{
	if (db->conn != NULL)
		PQfinish(db->conn);
	db->conn = NULL;
}

/* libpq ends its messages with a newline and may give several lines. */
static int
set_text(
    struct err *err, enum err_kind kind, const char *what, const char *text)
{
	struct arena *a = arena_new(64 * 1024);
	int r = err_set(err, kind, "%s: %s", what,
	    str_fold_space(a, text == NULL ? "no reason given" : text));

	arena_free(a);
	return r;
}

static enum err_kind
kind_of_state(const char *state)
{
	static const struct {
		const char *class;
		enum err_kind kind;
	} classes[] = {
		{ "08", ERR_UNAVAILABLE }, /* connection */
		{ "22", ERR_DATA },        /* value does not fit */
		{ "23", ERR_DATA },        /* constraint */
		{ "54", ERR_DATA },        /* too large, too complex */
		{ "40", ERR_TEMP },        /* deadlock, serialization */
		{ "55", ERR_TEMP },        /* lock not available */
		{ "57014", ERR_TEMP },     /* statement timeout */
		{ "57", ERR_UNAVAILABLE }, /* server goes down */
		{ "53", ERR_UNAVAILABLE }, /* disk full, memory, connections */
		{ "58", ERR_UNAVAILABLE }, /* I/O */
		{ "25006", ERR_UNAVAILABLE }, /* read-only: a standby */
		{ "28", ERR_PERM },
		{ "42501", ERR_PERM },
	};

	if (state == NULL)
		return ERR_UNAVAILABLE;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (str_starts(state, classes[i].class))
			return classes[i].kind;
	return ERR_BUG;
}

static int
result_error(struct db *db, PGresult *r, struct err *err)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	if (text == NULL)
		text = PQerrorMessage(db->conn);
	set_text(err, kind_of_state(state), "database", text);
	if (PQstatus(db->conn) == CONNECTION_BAD) {
		if (err != NULL)
			err->kind = ERR_UNAVAILABLE;
		drop(db);
	}
	return -1;
}

/* ---- waiting ---- */

static int
gone(struct db *db, struct err *err)
{
	set_text(err, ERR_UNAVAILABLE, "database", PQerrorMessage(db->conn));
	drop(db);
	return -1;
}

static int
wait_answer(struct db *db, int64_t end_ms, struct err *err)
{
	struct pollfd p = { .fd = PQsocket(db->conn) };
	int left, unsent;

	for (;;) {
		if ((unsent = PQflush(db->conn)) == -1)
			return gone(db, err);
		if (unsent == 0 && !PQisBusy(db->conn))
			return 0;
		p.events = (short)(POLLIN | (unsent ? POLLOUT : 0));
		left = (int)(end_ms - clock_mono_ms());
		if (left <= 0 || poll(&p, 1, left) == 0) {
			drop(db);
			return err_set(err, ERR_UNAVAILABLE,
			    "database: no answer within %d s",
			    db->answer_ms / 1000);
		}
		if ((p.revents & ~POLLOUT) && !PQconsumeInput(db->conn))
			return gone(db, err);
	}
}

static bool
is_fault(const PGresult *r)
{
	switch (PQresultStatus(r)) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_PIPELINE_SYNC:
		return false;
	default:
		return true;
	}
}

/* The next result, NULL at the end of a statement's. */
static int
next_result(struct db *db, int64_t end_ms, PGresult **r, struct err *err)
{
	if (wait_answer(db, end_ms, err) == -1)
		return -1;
	*r = PQgetResult(db->conn);
	return 0;
}

/*
 * All results of what was sent; the last one is kept. The first fault is
 * the cause, those behind it are its consequences.
 */
static int
collect(struct db *db, PGresult **last, struct err *err)
{
	bool in_pipeline = PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF;
	int64_t end = clock_mono_ms() + db->answer_ms;
	PGresult *r, *keep = NULL;
	int result = 0;

	for (bool done = false; !done && db->conn != NULL;) {
		if (next_result(db, end, &r, err) == -1) {
			PQclear(keep);
			return -1;
		}
		if (r == NULL) {
			done = !in_pipeline;
			continue;
		}
		done = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
		if (result == 0 && is_fault(r))
			result = result_error(db, r, err);
		if (done || result == -1) {
			PQclear(r);
			continue;
		}
		PQclear(keep);
		keep = r;
	}
	db->unread = 0;
	if (result == 0 && keep != NULL) {
		*last = keep;
		return 0;
	}
	PQclear(keep);
	return result == -1 ? -1 : err_set(err, ERR_BUG, "database: no result");
}

static int
no_connection(struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE, "database: connection lost");
}

/* Read what was sent without waiting; scripts go outside a pipeline only. */
static int
leave_pipeline(struct db *db, struct err *err)
{
	PGresult *r;

	if (PQpipelineStatus(db->conn) == PQ_PIPELINE_OFF)
		return 0;
	if (db->unread > 0) {
		if (!PQpipelineSync(db->conn))
			return gone(db, err);
		if (collect(db, &r, err) == -1)
			return -1;
		PQclear(r);
	}
	if (!PQexitPipelineMode(db->conn))
		return gone(db, err);
	return 0;
}

static int
run_text(struct db *db, const char *sql, PGresult **last, struct err *err)
{
	PGresult *r = NULL;

	if (db->conn == NULL)
		return no_connection(err);
	if (leave_pipeline(db, err) == -1)
		return -1;
	if (!PQsendQuery(db->conn, sql))
		return gone(db, err);
	if (collect(db, &r, err) == -1)
		return -1;
	if (last != NULL)
		*last = r;
	else
		PQclear(r);
	return 0;
}

int
db_script(struct db *db, const char *sql, struct err *err)
{
	return run_text(db, sql, NULL, err);
}

static int run_args(struct db *, const char *sql, const struct args *,
    PGresult **, struct err *);

/* ---- connecting ---- */

static int
connect_now(struct db *db, struct err *err)
{
	const char *const keys[] = { "dbname", "application_name",
		"client_encoding", "connect_timeout", "keepalives",
		"keepalives_idle", "keepalives_interval", "keepalives_count",
		"tcp_user_timeout", NULL };
	const char *const values[] = { db->conninfo, db->name, "UTF8", "5", "1",
		"10", "3", "3", "15000", NULL };

	drop(db);
	db->conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(db->conn) != CONNECTION_OK) {
		gone(db, err);
		return err_hint(
		    err, "is the server running and the database URL right?");
	}
	if (PQsetnonblocking(db->conn, 1) == -1)
		return gone(db, err);
	return 0;
}

/*
 * Row policies bind neither superusers nor owners, so a daemon that was one
 * would run without them and never notice.
 */
static int
refuse_power(struct db *db, struct err *err)
{
	static const char sql[] =
	    "SELECT rolsuper OR rolbypassrls, EXISTS (SELECT FROM pg_class c "
	    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = "
	    "'careerd' AND c.relowner = r.oid) FROM pg_roles r WHERE rolname "
	    "= current_user";
	PGresult *r;
	bool super, owner;

	if (run_text(db, sql, &r, err) == -1)
		return -1;
	super = PQntuples(r) == 1 && PQgetvalue(r, 0, 0)[0] == 't';
	owner = PQntuples(r) == 1 && PQgetvalue(r, 0, 1)[0] == 't';
	PQclear(r);
	if (super)
		return err_set(err, ERR_PERM,
		    "database: the login role is a superuser or bypasses row "
		    "policies\nHINT: name an ordinary role in the database "
		    "URL");
	if (owner)
		return err_set(err, ERR_PERM,
		    "database: the login role owns the tables\n"
		    "HINT: the owner is careerd_owner, a role without login");
	return 0;
}

/* Held as long as the session lives, however it ends (semantics 2.2). */
static int
hold(struct db *db, struct err *err)
{
	struct args args = { 0 };
	PGresult *r;

	if (db->owner == NULL)
		return 0;
	arg_text(&args, db->owner);
	if (run_args(db,
		"SELECT pg_advisory_lock_shared(hashtextextended($1, 0))",
		&args, &r, err) == -1)
		return -1;
	PQclear(r);
	return 0;
}

static int
ready_connection(struct db *db, struct err *err)
{
	if (connect_now(db, err) == -1)
		return -1;
	if ((!db->is_bare && refuse_power(db, err) == -1) ||
	    hold(db, err) == -1) {
		drop(db);
		return -1;
	}
	return 0;
}

int
db_hold(struct db *db, const char *owner, struct err *err)
{
	free(db->owner);
	db->owner = xstrdup(owner);
	return hold(db, err);
}

static struct db *
open_as(const char *conninfo, enum db_role role, const char *name, bool bare,
    struct err *err)
{
	struct db *db = xcalloc(1, sizeof(*db));

	db->conninfo = xstrdup(conninfo);
	db->role = role;
	db->name = name;
	db->is_bare = bare;
	db->answer_ms = role == DB_OWNER ? OWNER_STATEMENT_MS : ANSWER_MS;
	if (ready_connection(db, err) == -1) {
		db_close(db);
		return NULL;
	}
	return db;
}

struct db *
db_open(
    const char *conninfo, enum db_role role, const char *name, struct err *err)
{
	return open_as(conninfo, role, name, false, err);
}

struct db *
db_open_bare(
    const char *conninfo, enum db_role role, const char *name, struct err *err)
{
	return open_as(conninfo, role, name, true, err);
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	drop(db);
	free(db->owner);
	free(db->conninfo);
	free(db);
}

bool
db_is_connected(const struct db *db)
{
	return db->conn != NULL;
}

/* ---- transactions ---- */

/*
 * SET LOCAL alone, since a pooler may hand the session to another between
 * two transactions. The clock comes with it, as every statement needs it.
 */
int
db_begin(struct db *db, struct err *err)
{
	char sql[512];
	PGresult *r;
	double s;

	if (db->conn == NULL && ready_connection(db, err) == -1)
		return -1;
	snprintf(sql, sizeof(sql),
	    "BEGIN; SET LOCAL ROLE %s; SET LOCAL search_path = careerd, "
	    "pg_temp; SET LOCAL client_min_messages = warning; "
	    "SET LOCAL statement_timeout = %d; SET LOCAL timezone = "
	    "'UTC'; SET LOCAL idle_in_transaction_session_timeout = 60000; "
	    "SELECT extract(epoch FROM %s())::double precision",
	    role_names[db->role],
	    db->role == DB_OWNER ? OWNER_STATEMENT_MS : STATEMENT_MS,
	    db->is_bare ? "clock_timestamp" : "careerd.clock");
	if (run_text(db, sql, &r, err) == -1) {
		db_rollback(db);
		return -1;
	}
	if (str_to_double(PQgetvalue(r, 0, 0), &s) == 0)
		db->now_ms = (int64_t)(s * 1000);
	PQclear(r);
	return 0;
}

void
db_rollback(struct db *db)
{
	if (db->conn == NULL || PQtransactionStatus(db->conn) == PQTRANS_IDLE)
		return;
	if (run_text(db, "ROLLBACK", NULL, NULL) == -1)
		drop(db);
}

int64_t
db_now_ms(const struct db *db)
{
	return db->now_ms;
}

/* ---- statements ---- */

struct rows {
	PGresult *r;
};

static int
send_args(
    struct db *db, const char *sql, const struct args *args, struct err *err)
{
	static const struct args none;

	if (db->conn == NULL)
		return no_connection(err);
	if (args == NULL)
		args = &none;
	if (!PQenterPipelineMode(db->conn) ||
	    !PQsendQueryParams(db->conn, sql, args->n, args->type, args->value,
		args->length, args->format, 1) ||
	    PQflush(db->conn) == -1)
		return gone(db, err);
	db->unread++;
	return 0;
}

static int
run_args(struct db *db, const char *sql, const struct args *args, PGresult **r,
    struct err *err)
{
	if (send_args(db, sql, args, err) == -1)
		return -1;
	if (!PQpipelineSync(db->conn))
		return gone(db, err);
	return collect(db, r, err);
}

int
db_commit(struct db *db, struct err *err)
{
	PGresult *r;

	if (run_args(db, "COMMIT", NULL, &r, err) == -1) {
		db_rollback(db);
		return -1;
	}
	PQclear(r);
	return 0;
}

int
db_query(struct db *db, const char *sql, const struct args *args,
    struct rows **rows, struct err *err)
{
	PGresult *r;

	if (rows == NULL)
		return send_args(db, sql, args, err);
	if (run_args(db, sql, args, &r, err) == -1)
		return -1;
	*rows = xcalloc(1, sizeof(**rows));
	(*rows)->r = r;
	return 0;
}

int
db_execute(struct db *db, const char *sql, const struct args *args,
    int64_t *changed, struct err *err)
{
	PGresult *r;

	if (run_args(db, sql, args, &r, err) == -1)
		return -1;
	if (changed != NULL &&
	    str_to_i64(PQcmdTuples(r), 0, INT64_MAX, changed) == -1)
		*changed = 0;
	PQclear(r);
	return 0;
}

int
db_get_i64(struct db *db, const char *sql, const struct args *args, int64_t *to,
    struct err *err)
{
	struct rows *rows;
	int result = 0;

	if (db_query(db, sql, args, &rows, err) == -1)
		return -1;
	if (rows_count(rows) == 0)
		result = err_set(err, ERR_NOINPUT, "no such row");
	else
		*to = row_i64(rows, 0, 0);
	rows_free(rows);
	return result;
}

static struct json *
get_json(
    struct db *db, const char *sql, const struct args *args, struct err *err)
{
	struct json *value = NULL;
	struct rows *rows;

	if (db_query(db, sql, args, &rows, err) == -1)
		return NULL;
	if (rows_count(rows) == 0 || row_is_null(rows, 0, 0))
		err_set(err, ERR_NOINPUT, "no such row");
	else
		value = json_parse(
		    row_text(rows, 0, 0), strlen(row_text(rows, 0, 0)), err);
	rows_free(rows);
	return value;
}

struct json *
db_ask_json(
    struct db *db, const char *sql, const struct args *args, struct err *err)
{
	struct json *answer;

	if (db_begin(db, err) == -1)
		return NULL;
	answer = get_json(db, sql, args, err);
	if (answer == NULL || db_commit(db, err) == -1) {
		json_free(answer);
		db_rollback(db);
		return NULL;
	}
	return answer;
}

/* ---- rows ---- */

int
rows_count(const struct rows *rows)
{
	return PQntuples(rows->r);
}

bool
row_is_null(const struct rows *rows, int row, int column)
{
	return PQgetisnull(rows->r, row, column);
}

int64_t
row_i64(const struct rows *rows, int row, int column)
{
	const char *p = PQgetvalue(rows->r, row, column);
	uint16_t v2;
	uint32_t v4;
	uint64_t v8;

	if (PQgetisnull(rows->r, row, column))
		return 0;
	switch (PQgetlength(rows->r, row, column)) {
	case 2:
		memcpy(&v2, p, 2);
		return (int16_t)be16toh(v2);
	case 4:
		memcpy(&v4, p, 4);
		return (int32_t)be32toh(v4);
	case 8:
		memcpy(&v8, p, 8);
		return (int64_t)be64toh(v8);
	default:
		fatal("column %d is not a number", column);
	}
}

bool
row_bool(const struct rows *rows, int row, int column)
{
	return !PQgetisnull(rows->r, row, column) &&
	       PQgetvalue(rows->r, row, column)[0] != 0;
}

const char *
row_text(const struct rows *rows, int row, int column)
{
	if (PQgetisnull(rows->r, row, column))
		return NULL;
	return PQgetvalue(rows->r, row, column);
}

const void *
row_bytes(const struct rows *rows, int row, int column, size_t *n)
{
	*n = 0;
	if (PQgetisnull(rows->r, row, column))
		return NULL;
	*n = (size_t)PQgetlength(rows->r, row, column);
	return PQgetvalue(rows->r, row, column);
}

int64_t
row_ms(const struct rows *rows, int row, int column)
{
	return row_i64(rows, row, column) / 1000 + PG_EPOCH_MS;
}

void
rows_free(struct rows *rows)
{
	if (rows == NULL)
		return;
	PQclear(rows->r);
	free(rows);
}
