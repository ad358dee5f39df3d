/*
 * A real throw-away database for the tests of store, made at first use and
 * ended with the program. Run from the top of the tree, where sql/ is.
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include "check.h"
#include <glob.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "proc/proc.h"
#include "store/pg_int.h"

static struct arena *fix_arena;
static struct cluster *fix_cluster;
static const char *fix_conninfo, *fix_admin;
static char fix_dir[64];

static inline void
fix_end(void)
{
	pid_t pid;

	if (fix_cluster == NULL)
		return;
	cluster_leave(fix_cluster);
	fix_cluster = NULL;
	if ((pid = fork()) == 0) {
		execl("/bin/rm", "rm", "-rf", fix_dir, (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	arena_free(fix_arena);
}

static inline void
fix_check(int result, const struct err *err)
{
	if (result == -1)
		printf("%s\n", err->text);
	CHECK(result == 0);
}

static inline void
fix_begin(void)
{
	struct err err = { 0 };
	glob_t g = { 0 };
	int found;

	if (fix_cluster != NULL)
		return;
	found = glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &g);
	globfree(&g);
	if (found != 0)
		SKIP("no PostgreSQL here");
	snprintf(fix_dir, sizeof(fix_dir), "/tmp/careerd-test-XXXXXX");
	CHECK(mkdtemp(fix_dir) != NULL);
	CHECK(chmod(fix_dir, 0755) == 0);
	fix_arena = arena_new(64 * 1024 * 1024);
	fix_cluster = cluster_join(fix_arena,
	    arena_printf(fix_arena, "%s/state", fix_dir), NULL, NULL,
	    &fix_conninfo, &err);
	fix_check(fix_cluster == NULL ? -1 : 0, &err);
	fix_admin = cluster_admin_conninfo(fix_cluster, fix_arena);
	atexit(fix_end);
}

/* The same with the schema of now, empty. */
static inline void
fix_schema(void)
{
	struct err err = { 0 };

	fix_begin();
	fix_check(migrate_down(fix_conninfo, "sql", 0, NULL, &err), &err);
	fix_check(migrate_up(fix_conninfo, "sql", 0, NULL, &err), &err);
}

#endif
