/*
 * The schema's numbered pairs. Each is one transaction under an advisory
 * lock of that transaction, so that two daemons that start together do it
 * once, whatever pooler stands between.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "proc/proc.h"
#include "store/pg_int.h"

/* One schema in one file: far below, and read whole. */
#define SQL_FILE_BYTES (4L * 1024 * 1024)
#define MIGRATIONS_MAX 9999
/* Texts of all files, names and checksums. */
#define ARENA_BYTES (64L * 1024 * 1024)

struct pair_file {
	int number;
	const char *name, *up, *down; /* SQL texts */
	const char *checksum;         /* of up, hex */
};

struct applied {
	int number;
	const char *name, *checksum, *at;
};

struct migrator {
	struct arena *arena;
	struct db *db;
	struct pair_file *files; /* files[i].number == i + 1 */
	size_t nfiles;
	struct applied *done;
	size_t ndone;
};

/* ---- the files ---- */

static const char *
read_text(struct arena *a, const char *path, struct err *err)
{
	struct buf b;
	char block[16384];
	const char *text = NULL;
	size_t n;
	FILE *f;

	if ((f = fopen(path, "re")) == NULL) {
		err_errno(err, ERR_NOINPUT, "%s", path);
		return NULL;
	}
	buf_init(&b, SQL_FILE_BYTES);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&b, block, n);
	if (ferror(f))
		err_errno(err, ERR_IO, "%s", path);
	else if (b.over)
		err_set(
		    err, ERR_DATA, "%s: over %ld bytes", path, SQL_FILE_BYTES);
	else
		text = arena_strndup(a, buf_cstr(&b), b.len);
	buf_fini(&b);
	fclose(f);
	return text;
}

static int
read_pair(struct arena *a, const char *dir, const char *file, int64_t number,
    struct pair_file *to, struct err *err)
{
	uint8_t sum[SHA256_BYTES];

	to->number = (int)number;
	to->name = arena_strndup(a, file, strlen(file) - strlen(".up.sql"));
	to->up = read_text(a, arena_printf(a, "%s/%s", dir, file), err);
	if (to->up == NULL)
		return -1;
	to->down =
	    read_text(a, arena_printf(a, "%s/%s.down.sql", dir, to->name), err);
	if (to->down == NULL)
		return -1;
	sha256_of(to->up, strlen(to->up), sum);
	to->checksum = str_hex(a, sum, sizeof(sum));
	return 0;
}

static int
by_number(const void *a, const void *b)
{
	const struct pair_file *x = a, *y = b;

	return x->number - y->number;
}

/* "0001_spine.up.sql" is number 1; anything else is not for us. */
static bool
file_number(const char *file, int64_t *number)
{
	char digits[5];

	if (strlen(file) < 6 || file[4] != '_' || !str_ends(file, ".up.sql"))
		return false;
	str_copy(digits, file, sizeof(digits));
	return str_to_i64(digits, 1, MIGRATIONS_MAX, number) == 0;
}

static int
read_dir(struct migrator *m, const char *path, struct err *err)
{
	struct dirent *entry;
	int64_t number;
	int result = -1;
	DIR *dir;

	m->files = arena_array(m->arena, MIGRATIONS_MAX, sizeof(*m->files));
	if ((dir = opendir(path)) == NULL)
		return err_errno(err, ERR_NOINPUT, "%s", path);
	while ((entry = readdir(dir)) != NULL) {
		if (!file_number(entry->d_name, &number))
			continue;
		if (read_pair(m->arena, path, entry->d_name, number,
			&m->files[m->nfiles++], err) == -1)
			goto out;
	}
	qsort(m->files, m->nfiles, sizeof(*m->files), by_number);
	for (size_t i = 0; i < m->nfiles; i++)
		if (m->files[i].number != (int)i + 1) {
			err_set(err, ERR_DATA,
			    "%s: migration %d is missing or there twice", path,
			    (int)i + 1);
			goto out;
		}
	result = 0;
out:
	closedir(dir);
	return result;
}

/* ---- what the database has ---- */

static const char meta_sql[] =
    "SELECT pg_advisory_xact_lock(7165163244961121);"
    "CREATE SCHEMA IF NOT EXISTS careerd_meta;"
    "CREATE TABLE IF NOT EXISTS careerd_meta.migrations ("
    " number integer PRIMARY KEY, name text NOT NULL,"
    " checksum text NOT NULL,"
    " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())";

static int
read_applied(struct migrator *m, struct err *err)
{
	struct rows *rows;

	if (db_script(m->db, "SET LOCAL client_min_messages = warning", err) ==
		-1 ||
	    db_script(m->db, meta_sql, err) == -1 ||
	    db_query(m->db,
		"SELECT number, name, checksum, to_char(applied_at AT TIME "
		"ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
		"FROM careerd_meta.migrations ORDER BY number",
		NULL, &rows, err) == -1)
		return -1;
	m->ndone = (size_t)rows_count(rows);
	m->done = arena_array(m->arena, m->ndone + 1, sizeof(*m->done));
	for (int i = 0; i < rows_count(rows); i++)
		m->done[i] = (struct applied){
			.number = (int)row_i64(rows, i, 0),
			.name = arena_strdup(m->arena, row_text(rows, i, 1)),
			.checksum =
			    arena_strdup(m->arena, row_text(rows, i, 2)),
			.at = arena_strdup(m->arena, row_text(rows, i, 3)),
		};
	rows_free(rows);
	return 0;
}

/* 0: what is applied is what we know, and no more than we know. */
static int
check_applied(const struct migrator *m, struct err *err)
{
	for (size_t i = 0; i < m->ndone; i++) {
		const struct applied *d = &m->done[i];

		if (d->number > (int)m->nfiles) {
			err_set(err, ERR_CONFIG,
			    "database: its schema has migration %s, which this "
			    "program does not know",
			    d->name);
			return err_hint(err,
			    "the database is newer than careerd %s: run the "
			    "newer program",
			    VERSION);
		}
		if (!str_eq(d->checksum, m->files[d->number - 1].checksum)) {
			err_set(err, ERR_CONFIG,
			    "sql/%s.up.sql: changed since it was applied",
			    m->files[d->number - 1].name);
			return err_hint(err,
			    "restore the file; a change of schema is a new "
			    "pair");
		}
	}
	return 0;
}

/* ---- roles ---- */

/*
 * The embedded cluster's login role is careerd; elsewhere it is whoever asks,
 * unless a superuser does it for another.
 */
static const char grant_sql[] =
    "DO $$ DECLARE who text; BEGIN\n"
    "FOR who IN SELECT rolname FROM pg_roles WHERE rolname = 'careerd' OR\n"
    "    (rolname = session_user AND NOT rolsuper) LOOP\n"
    "  EXECUTE format('GRANT careerd_owner, careerd_service, careerd_user,'\n"
    "      ' careerd_read TO %I', who);\n"
    "END LOOP;\n"
    "EXECUTE format('GRANT CREATE ON DATABASE %I TO careerd_owner',\n"
    "    current_database());\n"
    "END $$";

static int
make_roles(struct db *db, struct err *err)
{
	if (db_script(db, cluster_roles_sql, err) == -1)
		return -1;
	return db_script(db, grant_sql, err);
}

int
db_bootstrap(const char *admin_conninfo, struct err *err)
{
	struct db *db;
	int result;

	db = db_open_bare(admin_conninfo, DB_OWNER, "careerd bootstrap", err);
	if (db == NULL)
		return -1;
	result = make_roles(db, err);
	db_close(db);
	return result;
}

/* Roles that are not there are made if we may, else said how. */
static int
ensure_roles(struct db *db, struct err *err)
{
	struct rows *rows;
	struct err why = { 0 };
	bool there;

	if (db_query(db,
		"SELECT count(*) = 4 FROM pg_roles WHERE rolname IN "
		"('careerd_owner', 'careerd_service', 'careerd_user', "
		"'careerd_read') AND pg_has_role(session_user, oid, 'MEMBER')",
		NULL, &rows, err) == -1)
		return -1;
	there = row_bool(rows, 0, 0);
	rows_free(rows);
	if (there || make_roles(db, &why) == 0)
		return 0;
	err_set(err, ERR_PERM,
	    "database: its roles are missing and cannot be made: %s", why.text);
	return err_hint(err,
	    "a superuser must run, with LOGIN the role of the database URL:\n"
	    "  CREATE ROLE careerd_owner NOLOGIN; CREATE ROLE careerd_service "
	    "NOLOGIN;\n  CREATE ROLE careerd_user NOLOGIN; CREATE ROLE "
	    "careerd_read NOLOGIN;\n  GRANT careerd_owner, careerd_service, "
	    "careerd_user, careerd_read TO LOGIN;\n  ALTER ROLE LOGIN "
	    "NOINHERIT; GRANT CREATE ON DATABASE DATABASE TO careerd_owner;");
}

/* ---- doing it ---- */

static int
migrator_open(struct migrator *m, const char *conninfo, const char *sql_dir,
    struct err *err)
{
	*m = (struct migrator){ .arena = arena_new(ARENA_BYTES) };
	if (read_dir(m, sql_dir, err) == -1)
		return -1;
	m->db = db_open_bare(conninfo, DB_OWNER, "careerd migrate", err);
	if (m->db == NULL)
		return -1;
	return ensure_roles(m->db, err);
}

static void
migrator_close(struct migrator *m)
{
	db_close(m->db);
	arena_free(m->arena);
}

static int
begin_checked(struct migrator *m, struct err *err)
{
	if (db_begin(m->db, err) == -1)
		return -1;
	if (read_applied(m, err) == 0 && check_applied(m, err) == 0)
		return 0;
	db_rollback(m->db);
	return -1;
}

static int
record(struct migrator *m, const struct pair_file *f, bool up, struct err *err)
{
	struct args a = { .n = 0 };

	arg_i64(&a, f->number);
	if (!up)
		return db_query(m->db,
		    "DELETE FROM careerd_meta.migrations WHERE number = $1", &a,
		    NULL, err);
	arg_text(&a, f->name);
	arg_text(&a, f->checksum);
	return db_query(m->db,
	    "INSERT INTO careerd_meta.migrations (number, name, checksum) "
	    "VALUES ($1, $2, $3)",
	    &a, NULL, err);
}

/* In the transaction that begin_checked began. */
static int
apply(struct migrator *m, const struct pair_file *f, bool up,
    void (*say)(const char *), struct err *err)
{
	if (db_script(m->db, up ? f->up : f->down, err) == -1 ||
	    record(m, f, up, err) == -1) {
		db_rollback(m->db);
		return err_prefix(
		    err, "sql/%s.%s.sql", f->name, up ? "up" : "down");
	}
	if (db_commit(m->db, err) == -1)
		return -1;
	if (say != NULL)
		say(arena_printf(m->arena, "migration %s %s", f->name,
		    up ? "applied" : "undone"));
	return 0;
}

int
migrate_up(const char *conninfo, const char *sql_dir, int number,
    void (*say)(const char *), struct err *err)
{
	struct migrator m;
	size_t last;
	int result = -1;

	if (migrator_open(&m, conninfo, sql_dir, err) == -1)
		goto out;
	last = number > 0 ? (size_t)number : m.nfiles;
	if (last > m.nfiles) {
		err_set(err, ERR_NOINPUT, "migration %d: there are %zu", number,
		    m.nfiles);
		goto out;
	}
	for (;;) {
		if (begin_checked(&m, err) == -1)
			goto out;
		if (m.ndone >= last)
			break;
		if (apply(&m, &m.files[m.ndone], true, say, err) == -1)
			goto out;
	}
	result = db_commit(m.db, err);
out:
	migrator_close(&m);
	return result;
}

int
migrate_down(const char *conninfo, const char *sql_dir, int number,
    void (*say)(const char *), struct err *err)
{
	struct migrator m;
	int result = -1;

	if (migrator_open(&m, conninfo, sql_dir, err) == -1)
		goto out;
	for (;;) {
		if (begin_checked(&m, err) == -1)
			goto out;
		if ((int)m.ndone <= number)
			break;
		if (apply(&m, &m.files[m.ndone - 1], false, say, err) == -1)
			goto out;
	}
	result = db_commit(m.db, err);
out:
	migrator_close(&m);
	return result;
}

static struct json *
list_json(const struct migrator *m)
{
	struct json *list = json_array();

	for (size_t i = 0; i < m->nfiles || i < m->ndone; i++) {
		const struct pair_file *f = i < m->nfiles ? &m->files[i] : NULL;
		const struct applied *d = i < m->ndone ? &m->done[i] : NULL;
		struct json *o = json_object();

		json_set(o, "number", json_int((int64_t)i + 1));
		json_set(o, "name",
		    json_string(f != NULL   ? f->name
				: d != NULL ? d->name
					    : ""));
		json_set(o, "state",
		    json_string(d == NULL   ? "pending"
				: f == NULL ? "unknown"
				: str_eq(d->checksum, f->checksum)
				    ? "applied"
				    : "changed"));
		json_set(o, "applied_at", json_string(d ? d->at : NULL));
		json_append(list, o);
	}
	return list;
}

int
migrate_status(const char *conninfo, const char *sql_dir, struct arena *a,
    struct migration_state *to, struct json **list, struct err *err)
{
	struct migrator m;
	struct err fault = { 0 };
	int result = -1;

	if (migrator_open(&m, conninfo, sql_dir, err) == -1 ||
	    db_begin(m.db, err) == -1 || read_applied(&m, err) == -1)
		goto out;
	*to = (struct migration_state){ .applied = (int)m.ndone,
		.available = (int)m.nfiles,
		.is_newer = m.ndone > m.nfiles };
	if (check_applied(&m, &fault) == -1)
		to->fault = arena_strdup(a, fault.text);
	if (list != NULL)
		*list = list_json(&m);
	result = db_commit(m.db, err);
out:
	migrator_close(&m);
	return result;
}
