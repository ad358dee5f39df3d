/*
 * Where the cluster lies and whose it is. What was decided once holds: the
 * owner of an existing folder says as whom the server runs.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/sha256.h"
#include "base/str.h"
#include "proc/cluster_int.h"

#define POSTGRES_ROOT "/usr/lib/postgresql"
/* What the schema is written for and tested with (data.md). */
#define POSTGRES_OLDEST 15
/* sockaddr_un holds 107; some tools copy it into less. */
#define SOCKET_PATH_BYTES 100
#define SOCKET_NAME       "/.s.PGSQL.5432"

static int
can_walk_to(const struct cluster *c, const void *dir)
{
	(void)c;
	return access(dir, X_OK) == 0 ? 0 : 1;
}

static bool
reaches(
    const struct cluster *c, const struct cluster_user *user, const char *dir)
{
	struct cluster probe = *c;

	probe.user = *user;
	return cluster_as(&probe, can_walk_to, dir, NULL) == 0;
}

/* Root's choices for a folder that is not there yet, best first. */
static int
choose_user(struct cluster *c, const struct stat *dir, struct err *err)
{
	struct cluster_user u = { .way = WAY_USER };
	struct passwd *pw;

	if (dir->st_uid != 0 && (pw = getpwuid(dir->st_uid)) != NULL) {
		u.uid = u.outer_uid = dir->st_uid;
		u.gid = u.outer_gid = dir->st_gid;
		u.name = arena_strdup(c->arena, pw->pw_name);
		c->user = u;
		return 0;
	}
	if ((pw = getpwnam("postgres")) == NULL &&
	    (pw = getpwnam("nobody")) == NULL)
		return err_set(err, ERR_OS,
		    "database server: no user to run it as\n"
		    "HINT: apt-get install postgresql");
	u.uid = u.outer_uid = pw->pw_uid;
	u.gid = u.outer_gid = pw->pw_gid;
	u.name = arena_strdup(c->arena, pw->pw_name);
	c->user = u;
	if (reaches(c, &u, c->state_dir))
		return 0;
	u.way = WAY_NAMESPACE;
	u.outer_uid = dir->st_uid;
	u.outer_gid = dir->st_gid;
	if (reaches(c, &u, c->state_dir)) {
		c->user = u;
		return 0;
	}
	return 1;
}

/* The user of a folder that exists already. */
static int
known_user(struct cluster *c, const struct stat *home, struct err *err)
{
	struct passwd *pw;
	uid_t me = geteuid();

	c->user.outer_uid = home->st_uid;
	c->user.outer_gid = home->st_gid;
	if (me != 0 && home->st_uid != me)
		return err_set(err, ERR_PERM,
		    "%s: belongs to another user\nHINT: run as that user",
		    c->home);
	c->user.way = me != 0             ? WAY_SELF
		      : home->st_uid != 0 ? WAY_USER
					  : WAY_NAMESPACE;
	pw = c->user.way == WAY_NAMESPACE ? getpwnam("postgres")
					  : getpwuid(home->st_uid);
	if (pw == NULL && c->user.way == WAY_NAMESPACE)
		pw = getpwnam("nobody");
	if (pw == NULL)
		return err_set(err, ERR_OS,
		    "%s: its user %u has no name, which PostgreSQL needs\n"
		    "HINT: add the user to /etc/passwd, or name an external "
		    "database",
		    c->home, (unsigned)home->st_uid);
	c->user.uid = pw->pw_uid;
	c->user.gid = c->user.way == WAY_USER ? home->st_gid : pw->pw_gid;
	c->user.name = arena_strdup(c->arena, pw->pw_name);
	return 0;
}

static int
make_home_as_user(const struct cluster *c, const void *unused)
{
	(void)unused;
	return mkdir(c->home, 0700) == 0 || errno == EEXIST ? 0 : 1;
}

/* As root, under a folder of root: nobody else can have a hand in it. */
static int
make_home_as_root(const struct cluster *c, struct err *err)
{
	if (mkdir(c->home, 0700) == -1 ||
	    lchown(c->home, c->user.outer_uid, c->user.outer_gid) == -1)
		return err_errno(err, ERR_IO, "%s", c->home);
	return 0;
}

static const char *
place_note(const struct cluster *c)
{
	return arena_printf(c->arena, "%s/cluster.at", c->state_dir);
}

/* Neither way leads to the state directory: elsewhere, and say so. */
static int
place_elsewhere(struct cluster *c, struct err *err)
{
	uint64_t h = hash64(c->state_dir, strlen(c->state_dir));
	struct stat st;
	FILE *f;

	c->home = arena_printf(
	    c->arena, "/var/lib/careerd-%016llx", (unsigned long long)h);
	c->user.way = WAY_USER;
	c->say(arena_printf(c->arena,
	    "the database lies in %s, since the user %s cannot reach %s",
	    c->home, c->user.name, c->state_dir));
	if ((f = fopen(place_note(c), "we")) == NULL ||
	    fprintf(f, "%s\n", c->home) < 0 || fclose(f) != 0)
		return err_errno(err, ERR_IO, "%s", place_note(c));
	if (lstat(c->home, &st) == 0)
		return known_user(c, &st, err);
	return make_home_as_root(c, err);
}

static void
read_place_note(struct cluster *c)
{
	char line[4096];
	FILE *f;

	c->home = arena_printf(c->arena, "%s/cluster", c->state_dir);
	if ((f = fopen(place_note(c), "re")) == NULL)
		return;
	if (fgets(line, sizeof(line), f) != NULL && line[0] == '/') {
		line[strcspn(line, "\n")] = '\0';
		c->home = arena_strdup(c->arena, line);
	}
	fclose(f);
}

static int
place_new(struct cluster *c, struct err *err)
{
	struct stat dir;
	struct passwd *pw;
	int chosen;

	if (stat(c->state_dir, &dir) == -1)
		return err_errno(err, ERR_IO, "%s", c->state_dir);
	if (geteuid() != 0) {
		c->user.uid = c->user.outer_uid = geteuid();
		c->user.gid = c->user.outer_gid = getegid();
		pw = getpwuid(geteuid());
		c->user.name =
		    pw == NULL ? NULL : arena_strdup(c->arena, pw->pw_name);
	} else if ((chosen = choose_user(c, &dir, err)) == -1) {
		return -1;
	} else if (chosen == 1) {
		return place_elsewhere(c, err);
	}
	if (c->user.name == NULL)
		return err_set(err, ERR_OS,
		    "user %u has no name, which PostgreSQL needs",
		    (unsigned)geteuid());
	if (geteuid() == 0 && dir.st_uid == 0)
		return make_home_as_root(c, err);
	if (cluster_as(c, make_home_as_user, NULL, err) != 0)
		return err_set(err, ERR_IO, "%s: cannot be made", c->home);
	return 0;
}

int
cluster_place(struct cluster *c, struct err *err)
{
	struct stat st;

	read_place_note(c);
	if (lstat(c->home, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			return err_set(
			    err, ERR_IO, "%s: is not a folder", c->home);
		if (known_user(c, &st, err) == -1)
			return -1;
	} else if (place_new(c, err) == -1) {
		return -1;
	}
	c->data = arena_printf(c->arena, "%s/data", c->home);
	c->log = arena_printf(c->arena, "%s/server.log", c->home);
	return 0;
}

/* ---- the server's programs ---- */

static int64_t
newest_version(void)
{
	struct dirent *entry;
	int64_t n, best = -1;
	DIR *dir;

	if ((dir = opendir(POSTGRES_ROOT)) == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL) {
		char path[512];

		if (str_to_i64(entry->d_name, POSTGRES_OLDEST, 999, &n) == -1)
			continue;
		snprintf(path, sizeof(path), POSTGRES_ROOT "/%s/bin/initdb",
		    entry->d_name);
		if (n > best && access(path, X_OK) == 0)
			best = n;
	}
	closedir(dir);
	return best;
}

int
cluster_find_bin(struct cluster *c, struct err *err)
{
	const char *path = arena_printf(c->arena, "%s/PG_VERSION", c->data);
	int64_t version = -1;
	char line[32] = "";
	FILE *f;

	if ((f = fopen(path, "re")) != NULL) {
		if (fgets(line, sizeof(line), f) != NULL) {
			line[strcspn(line, "\n")] = '\0';
			if (str_to_i64(line, 1, 999, &version) == -1)
				version = -1;
		}
		fclose(f);
	} else {
		version = newest_version();
	}
	if (version == -1)
		return err_set(err, ERR_UNAVAILABLE,
		    "database server: no PostgreSQL %d or newer in %s\n"
		    "HINT: apt-get install postgresql",
		    POSTGRES_OLDEST, POSTGRES_ROOT);
	c->bin = arena_printf(
	    c->arena, POSTGRES_ROOT "/%lld/bin", (long long)version);
	path = arena_printf(c->arena, "%s/postgres", c->bin);
	if (access(path, X_OK) == -1)
		return err_set(err, ERR_UNAVAILABLE,
		    "database server: %s was made by PostgreSQL %lld, which is "
		    "not here\nHINT: apt-get install postgresql-%lld",
		    c->data, (long long)version, (long long)version);
	return 0;
}

/* ---- the socket ---- */

/* Lists of sockets and of hosts are split at commas by those who read them. */
static bool
fits_socket(const char *dir)
{
	return strlen(dir) + strlen(SOCKET_NAME) <= SOCKET_PATH_BYTES &&
	       strpbrk(dir, ",'\"\\\n") == NULL;
}

static int
make_socket_dir(const struct cluster *c, const void *dir)
{
	struct stat st;

	(void)c;
	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		return 1;
	/* In /tmp another user may have been there first. */
	if (lstat(dir, &st) == -1 || !S_ISDIR(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & 0077) != 0)
		return 1;
	return 0;
}

/* Root's folders are made by root for the server's user. */
static bool
socket_dir_works(const struct cluster *c, const char *dir)
{
	if (dir == NULL || !fits_socket(dir))
		return false;
	if (cluster_as(c, make_socket_dir, dir, NULL) == 0)
		return true;
	if (geteuid() != 0 || mkdir(dir, 0700) == -1)
		return false;
	if (lchown(dir, c->user.outer_uid, c->user.outer_gid) == -1)
		return false;
	return cluster_as(c, make_socket_dir, dir, NULL) == 0;
}

int
cluster_socket_dir(struct cluster *c, struct err *err)
{
	unsigned long long h = hash64(c->data, strlen(c->data));
	const char *try[4];

	try[0] = c->home;
	try[1] = c->run_dir == NULL
		     ? NULL
		     : arena_printf(c->arena, "%s/pg", c->run_dir);
	try[2] = arena_printf(c->arena, "/run/careerd-%016llx", h);
	try[3] = arena_printf(c->arena, "/tmp/careerd-%016llx", h);
	for (size_t i = 0; i < 4; i++)
		if (socket_dir_works(c, try[i])) {
			c->socket_dir = try[i];
			return 0;
		}
	return err_set(err, ERR_IO,
	    "database server: no folder short enough for its socket: neither "
	    "%s nor /run nor /tmp will do",
	    c->home);
}
