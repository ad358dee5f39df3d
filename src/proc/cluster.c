/*
 * Joining and leaving. Every user holds a shared lock on cluster.lock; the
 * first starts the server, the last stops it, and both happen under a
 * second lock, so that no one starts what another is about to stop. Locks
 * die with their holders: a crash leaves at most a running server behind,
 * which the next one finds.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/str.h"
#include "proc/cluster_int.h"

/* Another may be making the database or replaying its log. */
#define LOCK_WAIT_MS (3 * 60 * 1000)
/* What paths and messages of one cluster may take. */
#define ARENA_BYTES (1024L * 1024)

static void
say_nothing(const char *text)
{
	(void)text;
}

static int
open_lock(struct cluster *c, const char *name, struct err *err)
{
	const char *path = arena_printf(c->arena, "%s/%s", c->state_dir, name);
	const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
	struct stat dir;
	int fd;

	if ((fd = open(path, flags | O_CREAT | O_EXCL, 0600)) != -1) {
		/* Made by root in another's folder: that one needs it too. */
		if (geteuid() == 0 && stat(c->state_dir, &dir) == 0 &&
		    fchown(fd, dir.st_uid, dir.st_gid) == -1) {
			close(fd);
			return err_errno(err, ERR_IO, "%s", path);
		}
		return fd;
	}
	if ((fd = open(path, flags)) == -1)
		return err_errno(
		    err, errno == EACCES ? ERR_PERM : ERR_IO, "%s", path);
	return fd;
}

static int
lock_wait(int fd, int how, struct err *err)
{
	int64_t end = clock_mono_ms() + LOCK_WAIT_MS;
	struct timespec step = { 0, 20 * 1000000L };

	while (flock(fd, how | LOCK_NB) == -1) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(err, ERR_IO, "cluster lock");
		if (clock_mono_ms() > end)
			return err_set(err, ERR_TEMP,
			    "database server: another process has been "
			    "starting or stopping it for %d s",
			    LOCK_WAIT_MS / 1000);
		nanosleep(&step, NULL);
	}
	return 0;
}

static struct cluster *
cluster_new(const char *state_dir, const char *run_dir,
    void (*say)(const char *), struct err *err)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct cluster *c = arena_alloc(arena, sizeof(*c));
	char real[PATH_MAX];

	c->arena = arena;
	c->lock_fd = c->start_fd = -1;
	c->say = say == NULL ? say_nothing : say;
	if (directory_make(state_dir, geteuid() == 0 ? 0711 : 0700, err) == -1)
		goto fail;
	if (realpath(state_dir, real) == NULL) {
		err_errno(err, ERR_IO, "%s", state_dir);
		goto fail;
	}
	c->state_dir = arena_strdup(arena, real);
	c->run_dir = arena_strdup(arena, run_dir);
	c->lock_fd = open_lock(c, "cluster.lock", err);
	c->start_fd =
	    c->lock_fd == -1 ? -1 : open_lock(c, "cluster.start", err);
	if (c->start_fd != -1)
		return c;
fail:
	if (c->lock_fd != -1)
		close(c->lock_fd);
	arena_free(arena);
	return NULL;
}

/* Under the start lock: see that a server is there and ready. */
static int
ensure_running(struct cluster *c, struct err *err)
{
	int64_t end = clock_mono_ms() + LOCK_WAIT_MS;
	struct timespec step = { 0, 20 * 1000000L };
	bool ready;

	while (server_find(c, &ready) != 0) {
		if (ready)
			return 0;
		if (clock_mono_ms() > end)
			return err_set(err, ERR_TEMP,
			    "database server: neither ready nor gone\n"
			    "HINT: see %s",
			    c->log);
		nanosleep(&step, NULL);
	}
	if (cluster_init(c, err) == -1 || cluster_configure(c, err) == -1)
		return -1;
	return server_start(c, err);
}

static const char *
conninfo_for(const struct cluster *c, struct arena *a, const char *role)
{
	return arena_printf(
	    a, "host='%s' dbname=careerd user=%s", c->socket_dir, role);
}

struct cluster *
cluster_join(struct arena *a, const char *state_dir, const char *run_dir,
    void (*say)(const char *text), const char **conninfo, struct err *err)
{
	struct cluster *c = cluster_new(state_dir, run_dir, say, err);
	int result = -1;

	if (c == NULL)
		return NULL;
	if (lock_wait(c->start_fd, LOCK_EX, err) == -1)
		goto out;
	if (lock_wait(c->lock_fd, LOCK_SH, err) == -1)
		goto out;
	if (cluster_place(c, err) == -1 || cluster_find_bin(c, err) == -1)
		goto out;
	result = ensure_running(c, err);
	if (result == 0)
		*conninfo = conninfo_for(c, a, "careerd");
out:
	flock(c->start_fd, LOCK_UN);
	if (result == 0)
		return c;
	close(c->lock_fd);
	close(c->start_fd);
	arena_free(c->arena);
	return NULL;
}

const char *
cluster_admin_conninfo(const struct cluster *c, struct arena *a)
{
	return conninfo_for(c, a, "careerd_admin");
}

bool
cluster_is_up(const struct cluster *c)
{
	struct cluster look = *c;
	bool ready;

	return server_find(&look, &ready) != 0 && ready &&
	       server_answers(&look);
}

int
cluster_restart(struct cluster *c, struct err *err)
{
	int result;

	if (lock_wait(c->start_fd, LOCK_EX, err) == -1)
		return -1;
	result = ensure_running(c, err);
	flock(c->start_fd, LOCK_UN);
	return result;
}

void
cluster_leave(struct cluster *c)
{
	if (c == NULL)
		return;
	if (lock_wait(c->start_fd, LOCK_EX, NULL) == 0) {
		/* Changing the kind of a lock drops it first, which is why
		 * it is done under the other one. */
		if (flock(c->lock_fd, LOCK_EX | LOCK_NB) == 0) {
			server_stop(c);
			if (!str_eq(c->socket_dir, c->home))
				rmdir(c->socket_dir);
		}
		flock(c->lock_fd, LOCK_UN);
		flock(c->start_fd, LOCK_UN);
	}
	close(c->lock_fd);
	close(c->start_fd);
	arena_free(c->arena);
}
