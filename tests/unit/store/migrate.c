/*
 * Migrations on a real server: up, down, up; what is refused.
 */
#include "fixture.h"

static struct migration_state
status(const char *dir, struct json **list)
{
	struct migration_state s = { 0 };
	struct err err = { 0 };

	fix_check(
	    migrate_status(fix_conninfo, dir, fix_arena, &s, list, &err), &err);
	return s;
}

static void
up_down_up(void)
{
	struct err err = { 0 };
	struct json *list = NULL;
	struct migration_state s;

	fix_begin();
	s = status("sql", &list);
	CHECK_INT(s.applied, 0);
	CHECK(s.available >= 1);
	CHECK_STR(json_get_text(json_at(list, 0), "state"), "pending");
	json_free(list);
	fix_check(migrate_up(fix_conninfo, "sql", 0, NULL, &err), &err);
	fix_check(migrate_up(fix_conninfo, "sql", 0, NULL, &err), &err);
	s = status("sql", &list);
	CHECK_INT(s.applied, s.available);
	CHECK(s.fault == NULL && !s.is_newer);
	CHECK_STR(json_get_text(json_at(list, 0), "state"), "applied");
	json_free(list);
	fix_check(migrate_down(fix_conninfo, "sql", 0, NULL, &err), &err);
	CHECK_INT(status("sql", NULL).applied, 0);
	fix_check(migrate_up(fix_conninfo, "sql", 0, NULL, &err), &err);
}

static const char *
write_pair(const char *dir, const char *name, const char *up)
{
	const char *path;
	FILE *f;

	mkdir(dir, 0755);
	path = arena_printf(fix_arena, "%s/%s.up.sql", dir, name);
	f = fopen(path, "w");
	CHECK(f != NULL);
	fputs(up, f);
	fclose(f);
	path = arena_printf(fix_arena, "%s/%s.down.sql", dir, name);
	f = fopen(path, "w");
	CHECK(f != NULL);
	fputs("DROP SCHEMA IF EXISTS careerd CASCADE;", f);
	fclose(f);
	return dir;
}

static void
changed_and_newer_are_refused(void)
{
	struct err err = { 0 };
	const char *dir;

	fix_schema();
	fix_check(migrate_down(fix_conninfo, "sql", 0, NULL, &err), &err);
	dir = write_pair(arena_printf(fix_arena, "%s/sql", fix_dir), "0001_one",
	    "CREATE SCHEMA careerd;");
	fix_check(migrate_up(fix_conninfo, dir, 0, NULL, &err), &err);
	write_pair(dir, "0001_one", "CREATE SCHEMA careerd; SELECT 1;");
	CHECK_INT(migrate_up(fix_conninfo, dir, 0, NULL, &err), -1);
	CHECK_INT(err.kind, ERR_CONFIG);
	CHECK(strstr(err.text, "changed since it was applied") != NULL);
	CHECK(strstr(err.text, "HINT") != NULL);
	CHECK(status(dir, NULL).fault != NULL);
	write_pair(dir, "0001_one", "CREATE SCHEMA careerd;");
	write_pair(dir, "0002_two", "CREATE TABLE careerd.t ();");
	fix_check(migrate_up(fix_conninfo, dir, 0, NULL, &err), &err);
	/* The older program knows the first only. */
	dir = write_pair(arena_printf(fix_arena, "%s/old", fix_dir), "0001_one",
	    "CREATE SCHEMA careerd;");
	CHECK_INT(migrate_up(fix_conninfo, dir, 0, NULL, &err), -1);
	CHECK(strstr(err.text, "does not know") != NULL);
	CHECK(status(dir, NULL).is_newer);
	dir = arena_printf(fix_arena, "%s/sql", fix_dir);
	fix_check(migrate_down(fix_conninfo, dir, 0, NULL, &err), &err);
}

/* A pair that fails half way leaves nothing. */
static void
failure_leaves_nothing(void)
{
	struct err err = { 0 };
	const char *dir;

	fix_schema();
	fix_check(migrate_down(fix_conninfo, "sql", 0, NULL, &err), &err);
	dir = write_pair(arena_printf(fix_arena, "%s/bad", fix_dir), "0001_bad",
	    "CREATE SCHEMA careerd; SELECT 1/0;");
	CHECK_INT(migrate_up(fix_conninfo, dir, 0, NULL, &err), -1);
	CHECK(strstr(err.text, "0001_bad.up.sql") != NULL);
	CHECK_INT(status(dir, NULL).applied, 0);
	fix_check(migrate_up(fix_conninfo, "sql", 0, NULL, &err), &err);
}

static void
superusers_are_refused(void)
{
	struct err err = { 0 };
	struct db *db;

	fix_schema();
	db = db_open(fix_admin, DB_SERVICE, "test", &err);
	CHECK(db == NULL);
	CHECK_INT(err.kind, ERR_PERM);
	db = db_open(fix_conninfo, DB_SERVICE, "test", &err);
	CHECK(db != NULL);
	db_close(db);
}

/* Row policies are forced on each table that holds what is a user's. */
static void
policies_are_forced(void)
{
	struct err err = { 0 };
	int64_t n = -1;
	struct db *db;

	fix_schema();
	db = db_open(fix_conninfo, DB_SERVICE, "test", &err);
	CHECK(db != NULL);
	fix_check(db_begin(db, &err), &err);
	fix_check(
	    db_get_i64(db,
		"SELECT count(*) FROM pg_attribute a JOIN pg_class c ON c.oid "
		"= a.attrelid WHERE c.relnamespace = 'careerd'::regnamespace "
		"AND c.relkind = 'r' AND a.attname = 'user_id' AND NOT "
		"(c.relrowsecurity AND c.relforcerowsecurity)",
		NULL, &n, &err),
	    &err);
	CHECK_INT(n, 0);
	db_rollback(db);
	db_close(db);
}

TESTS(TEST(up_down_up), TEST(changed_and_newer_are_refused),
    TEST(failure_leaves_nothing), TEST(superusers_are_refused),
    TEST(policies_are_forced))
