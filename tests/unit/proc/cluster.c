/*
 * The embedded cluster on real servers: as root, as another user, in a
 * namespace; found again, shared, restarted after it was killed.
 */
#include "check.h"
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "proc/cluster_int.h"

static struct arena *arena;
static char base[64];
static char said[1024];

static void
say(const char *text)
{
	snprintf(said, sizeof(said), "%s", text);
}

static void
need_postgres(void)
{
	glob_t g = { 0 };
	int found = glob("/usr/lib/postgresql/*/bin/initdb", 0, NULL, &g);

	globfree(&g);
	if (found != 0)
		SKIP("no PostgreSQL here");
}

/* A folder of that mode in a new place. */
static const char *
new_dir(mode_t mode)
{
	need_postgres();
	if (arena == NULL)
		arena = arena_new(1024 * 1024);
	snprintf(base, sizeof(base), "/tmp/careerd-test-XXXXXX");
	CHECK(mkdtemp(base) != NULL);
	CHECK(chmod(base, mode) == 0);
	return arena_printf(arena, "%s/state", base);
}

static void
drop_dir(void)
{
	char command[128];
	pid_t pid = fork();

	snprintf(command, sizeof(command), "%s", base);
	if (pid == 0) {
		execl("/bin/rm", "rm", "-rf", command, (char *)NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
	arena_free(arena);
	arena = NULL;
}

static struct cluster *
join(const char *dir)
{
	struct err err = { 0 };
	const char *conninfo = NULL;
	struct cluster *c;

	c = cluster_join(arena, dir, NULL, say, &conninfo, &err);
	if (c == NULL)
		printf("%s\n", err.text);
	CHECK(c != NULL);
	CHECK(conninfo != NULL);
	CHECK(strstr(conninfo, "user=careerd") != NULL);
	CHECK(cluster_is_up(c));
	return c;
}

static pid_t
pid_of(struct cluster *c)
{
	bool ready;

	return server_find(c, &ready);
}

/* Gone, or a zombie that nobody has reaped yet. */
static bool
has_ended(pid_t pid)
{
	char path[64], line[256] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if ((f = fopen(path, "r")) == NULL)
		return true;
	CHECK(fgets(line, sizeof(line), f) != NULL);
	fclose(f);
	return strstr(line, ") Z ") != NULL;
}

static void
first_starts_last_stops(void)
{
	const char *dir = new_dir(0755);
	struct cluster *a = join(dir), *b = join(dir);
	pid_t pid = pid_of(a);

	CHECK(pid > 0);
	CHECK_INT(pid_of(b), pid);
	cluster_leave(a);
	CHECK_INT(pid_of(b), pid);
	CHECK(cluster_is_up(b));
	cluster_leave(b);
	CHECK(has_ended(pid));
	drop_dir();
}

static void
restarts_after_a_kill(void)
{
	const char *dir = new_dir(0755);
	struct cluster *c = join(dir);
	struct err err = { 0 };
	pid_t pid = pid_of(c);

	kill(pid, SIGKILL);
	for (int i = 0; i < 100 && pid_of(c) != 0; i++)
		usleep(10000);
	CHECK(!cluster_is_up(c));
	CHECK_INT(cluster_restart(c, &err), 0);
	CHECK(cluster_is_up(c));
	CHECK(pid_of(c) != pid);
	cluster_leave(c);
	drop_dir();
}

/* The holder dies without leaving; the next finds the server and uses it. */
static void
found_after_a_crash(void)
{
	const char *dir = new_dir(0755);
	struct cluster *c;
	pid_t child = fork(), pid = 0;
	int status;

	if (child == 0) {
		const char *info;
		struct err err = { 0 };
		c = cluster_join(arena, dir, NULL, say, &info, &err);
		_exit(c == NULL);
	}
	waitpid(child, &status, 0);
	CHECK_INT(status, 0);
	c = join(dir);
	pid = pid_of(c);
	CHECK(pid > 0);
	cluster_leave(c);
	CHECK(has_ended(pid));
	drop_dir();
}

static void
stale_pid_file(void)
{
	const char *dir = new_dir(0755), *path;
	struct cluster *c = join(dir);
	int fd;

	path = arena_printf(arena, "%s/postmaster.pid", c->data);
	cluster_leave(c);
	/* Ours is alive and no server. */
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	CHECK(fd != -1);
	dprintf(fd, "%d\n%s\n1\n5432\n/nowhere\n\n\nready\n", getpid(), dir);
	close(fd);
	c = join(dir);
	CHECK(pid_of(c) != getpid());
	cluster_leave(c);
	drop_dir();
}

static uid_t
uid_of_server(struct cluster *c)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d", (int)pid_of(c));
	CHECK(stat(path, &st) == 0);
	return st.st_uid;
}

static void
as_postgres_where_it_reaches(void)
{
	const char *dir = new_dir(0755);
	struct cluster *c;

	if (geteuid() != 0)
		SKIP("not root");
	c = join(dir);
	CHECK_INT(c->user.way, WAY_USER);
	CHECK_STR(c->user.name, "postgres");
	CHECK_INT(uid_of_server(c), c->user.uid);
	cluster_leave(c);
	drop_dir();
}

static void
in_a_namespace_where_not(void)
{
	const char *dir = new_dir(0700);
	struct cluster *c;

	if (geteuid() != 0)
		SKIP("not root");
	c = join(dir);
	CHECK_INT(c->user.way, WAY_NAMESPACE);
	CHECK_INT(uid_of_server(c), 0);
	cluster_leave(c);
	/* A second start finds it as it was. */
	c = join(dir);
	CHECK_INT(c->user.way, WAY_NAMESPACE);
	cluster_leave(c);
	drop_dir();
}

static void
as_the_folders_owner(void)
{
	const char *dir = new_dir(0755);
	struct cluster *c;

	if (geteuid() != 0)
		SKIP("not root");
	CHECK(chown(base, 1, 1) == 0);
	CHECK(mkdir(dir, 0700) == 0);
	CHECK(chown(dir, 1, 1) == 0);
	c = join(dir);
	CHECK_INT(c->user.way, WAY_USER);
	CHECK_INT(uid_of_server(c), 1);
	cluster_leave(c);
	drop_dir();
}

/* The whole of it as an ordinary user, in a child. */
static void
as_an_ordinary_user(void)
{
	const char *dir = new_dir(0755), *info;
	struct err err = { 0 };
	struct cluster *c;
	int status;
	pid_t pid;

	if (geteuid() != 0)
		SKIP("not root");
	CHECK(chown(base, 1, 1) == 0);
	if ((pid = fork()) == 0) {
		if (setresgid(1, 1, 1) == -1 || setresuid(1, 1, 1) == -1)
			_exit(9);
		c = cluster_join(arena, dir, NULL, say, &info, &err);
		if (c == NULL)
			printf("%s\n", err.text);
		if (c == NULL || !cluster_is_up(c) || c->user.way != WAY_SELF)
			_exit(1);
		cluster_leave(c);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	CHECK_INT(status, 0);
	drop_dir();
}

static void
long_paths_get_a_short_socket(void)
{
	const char *dir = new_dir(0755);
	struct cluster *c;

	for (int i = 0; i < 4; i++) {
		CHECK(mkdir(dir, 0755) == 0);
		dir = arena_printf(
		    arena, "%s/a_long_name_of_a_folder_%d", dir, i);
	}
	c = join(dir);
	CHECK(strlen(c->socket_dir) < 84);
	CHECK(strstr(c->socket_dir, "long_name") == NULL);
	cluster_leave(c);
	drop_dir();
}

TESTS(TEST(first_starts_last_stops), TEST(restarts_after_a_kill),
    TEST(found_after_a_crash), TEST(stale_pid_file),
    TEST(as_postgres_where_it_reaches), TEST(in_a_namespace_where_not),
    TEST(as_the_folders_owner), TEST(as_an_ordinary_user),
    TEST(long_paths_get_a_short_socket))
