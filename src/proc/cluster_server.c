/*
 * The server process: found by what it wrote of itself, started detached,
 * since others may still need it when its starter ends, and stopped.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/str.h"
#include "proc/cluster_int.h"

/* A start may have to replay the log of a crash. */
#define START_MS 60000
#define STOP_MS  20000
#define STEP_MS  10
/* What of the log goes into a message. */
#define LOG_END_BYTES 700
/* The server's log is kept below this, with one older part beside it. */
#define LOG_MAX_BYTES (8L * 1024 * 1024)
/* Lines of postmaster.pid (miscinit.h of PostgreSQL). */
#define PID_LINES 8

static void
sleep_ms(int ms)
{
	struct timespec t = { ms / 1000, (ms % 1000) * 1000000L };

	nanosleep(&t, NULL);
}

/* Alive, not a zombie that an idle init leaves lying about. */
static bool
is_alive(pid_t pid)
{
	char path[64], line[512], *end;
	FILE *f;
	bool alive;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if ((f = fopen(path, "re")) == NULL)
		return false;
	alive = fgets(line, sizeof(line), f) != NULL &&
		(end = strrchr(line, ')')) != NULL && end[1] == ' ' &&
		end[2] != 'Z' && end[2] != 'X';
	fclose(f);
	return alive;
}

/*
 * A process id in a file may since have become anybody's: believe it only
 * when that process belongs to the server's user and stands in our data.
 */
static bool
is_our_server(const struct cluster *c, pid_t pid)
{
	char path[64], cwd[4096];
	struct stat st;
	ssize_t n;

	if (!is_alive(pid))
		return false;
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	if (stat(path, &st) == -1 || st.st_uid != c->user.outer_uid)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/cwd", (int)pid);
	if ((n = readlink(path, cwd, sizeof(cwd) - 1)) == -1)
		return false;
	cwd[n] = '\0';
	return strcmp(cwd, c->data) == 0;
}

static const char *
pid_file(const struct cluster *c)
{
	static char path[4200];

	snprintf(path, sizeof(path), "%s/postmaster.pid", c->data);
	return path;
}

pid_t
server_find(struct cluster *c, bool *ready)
{
	char line[PID_LINES][1024] = { "" };
	int64_t pid;
	FILE *f;

	*ready = false;
	if ((f = fopen(pid_file(c), "re")) == NULL)
		return 0;
	for (int i = 0; i < PID_LINES; i++) {
		if (fgets(line[i], sizeof(line[i]), f) == NULL)
			line[i][0] = '\0';
		line[i][strcspn(line[i], "\n")] = '\0';
	}
	fclose(f);
	if (str_to_i64(line[0], 2, 1L << 22, &pid) == -1 ||
	    !is_our_server(c, (pid_t)pid))
		return 0;
	*ready = str_starts(line[PID_LINES - 1], "ready");
	if (line[4][0] == '/' && !str_eq(line[4], c->socket_dir))
		c->socket_dir = arena_strdup(c->arena, line[4]);
	return (pid_t)pid;
}

/* ---- starting ---- */

/*
 * No server of ours runs, whatever these files say: the process they name
 * may be somebody else's by now, or a zombie that nobody has reaped yet.
 */
static int
remove_stale(const struct cluster *c, const void *unused)
{
	char path[4200];

	(void)unused;
	if (unlink(pid_file(c)) == -1 && errno != ENOENT)
		return 1;
	snprintf(path, sizeof(path), "%s/.s.PGSQL.5432.lock", c->socket_dir);
	return unlink(path) == 0 || errno == ENOENT ? 0 : 1;
}

static int
launch(const struct cluster *c, const void *pid_fd)
{
	const char *postgres = arena_printf(c->arena, "%s/postgres", c->bin);
	const char *argv[] = { postgres, "-D", c->data, NULL };
	pid_t pid;

	if (setsid() == -1 || (pid = fork()) == -1)
		return 1;
	if (pid == 0)
		cluster_exec(c, argv, -1);
	return write(*(const int *)pid_fd, &pid, sizeof(pid)) != sizeof(pid);
}

const char *
server_log_end(const struct cluster *c)
{
	char tail[LOG_END_BYTES] = "";
	struct stat st;
	ssize_t n = 0;
	char *from;
	int fd;

	fd = open(c->log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd != -1 && fstat(fd, &st) == 0) {
		off_t at = st.st_size - (off_t)sizeof(tail) + 1;
		n = pread(fd, tail, sizeof(tail) - 1, at > 0 ? at : 0);
	}
	if (fd != -1)
		close(fd);
	tail[n > 0 ? n : 0] = '\0';
	from = n == sizeof(tail) - 1 ? strchr(tail, '\n') : tail;
	from = from == NULL ? tail : from;
	for (n = (ssize_t)strlen(from); n > 0 && from[n - 1] == '\n'; n--)
		from[n - 1] = '\0';
	return arena_strdup(c->arena, from);
}

static int
start_failed(const struct cluster *c, struct err *err)
{
	return err_set(err, ERR_UNAVAILABLE,
	    "database server: did not start\nHINT: see %s, which ends:\n%s",
	    c->log, server_log_end(c));
}

static int
wait_ready(struct cluster *c, pid_t pid, struct err *err)
{
	int64_t end = clock_mono_ms() + START_MS;
	bool ready;

	while (clock_mono_ms() < end) {
		if (server_find(c, &ready) != 0 && ready)
			return 0;
		if (!is_alive(pid))
			return start_failed(c, err);
		sleep_ms(STEP_MS);
	}
	return err_set(err, ERR_TEMP,
	    "database server: not ready after %d s\nHINT: see %s",
	    START_MS / 1000, c->log);
}

static int
start_once(struct cluster *c, struct err *err)
{
	int fd[2], code;
	pid_t pid = 0;
	ssize_t n;

	if (pipe2(fd, O_CLOEXEC) == -1)
		return err_errno(err, ERR_OS, "database server: pipe");
	code = cluster_as(c, launch, &fd[1], err);
	close(fd[1]);
	n = read(fd[0], &pid, sizeof(pid));
	close(fd[0]);
	if (code == -1)
		return -1;
	if (code != 0 || n != sizeof(pid))
		return err_set(err, ERR_OS,
		    "database server: cannot become the user %s", c->user.name);
	return wait_ready(c, pid, err);
}

int
server_start(struct cluster *c, struct err *err)
{
	int64_t end = clock_mono_ms() + START_MS / 4;

	server_log_trim(c);
	for (;;) {
		if (cluster_as(c, remove_stale, NULL, err) == -1)
			return -1;
		if (start_once(c, err) == 0)
			return 0;
		/* Children of a server that was killed hold its shared
		 * memory until they notice: a moment later it is free. */
		if (clock_mono_ms() > end ||
		    strstr(err->text, "still in use") == NULL)
			return -1;
		sleep_ms(200);
	}
}

void
server_stop(struct cluster *c)
{
	const int signals[] = { SIGINT, SIGQUIT, SIGKILL };
	int64_t end;
	bool ready;
	pid_t pid;

	for (size_t i = 0; i < 3; i++) {
		if ((pid = server_find(c, &ready)) == 0)
			return;
		kill(pid, signals[i]);
		end = clock_mono_ms() + STOP_MS;
		while (clock_mono_ms() < end && is_our_server(c, pid))
			sleep_ms(STEP_MS);
	}
}

/* ---- is it well? ---- */

/*
 * A start-up packet (protocol 3.0) for the login role: the server answers it
 * with 'R' when it takes connections and with 'E' otherwise.
 */
static bool
greet(int fd)
{
	static const char hello[] = "\0\0\0\x27\0\3\0\0user\0careerd\0database"
				    "\0careerd\0";
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char first;

	if (send(fd, hello, sizeof(hello), MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(hello))
		return false;
	if (poll(&p, 1, 2000) != 1 || recv(fd, &first, 1, 0) != 1)
		return false;
	return first == 'R';
}

bool
server_answers(const struct cluster *c)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	bool yes;
	int fd;

	if (c->socket_dir == NULL ||
	    snprintf(to.sun_path, sizeof(to.sun_path), "%s/.s.PGSQL.5432",
		c->socket_dir) >= (int)sizeof(to.sun_path))
		return false;
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return false;
	yes = connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 && greet(fd);
	close(fd);
	return yes;
}

static int
trim(const struct cluster *c, const void *unused)
{
	const char *old = arena_printf(c->arena, "%s.old", c->log);
	char block[65536];
	int from, to;
	ssize_t n;

	(void)unused;
	from = open(c->log, O_RDWR | O_NOFOLLOW);
	to = open(old, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
	if (from == -1 || to == -1)
		return 1;
	while ((n = read(from, block, sizeof(block))) > 0)
		if (write(to, block, (size_t)n) != n)
			return 1;
	/* The server appends, so its next line begins the file anew. */
	return ftruncate(from, 0) == 0 ? 0 : 1;
}

void
server_log_trim(const struct cluster *c)
{
	struct stat st;

	if (stat(c->log, &st) == 0 && st.st_size > LOG_MAX_BYTES)
		cluster_as(c, trim, NULL, NULL);
}
