/*
 * Fork and re-exec: a worker inherits its channel and nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/str.h"
#include "proc/proc.h"

#define SELF       "/proc/self/exe"
#define CHANNEL_FD 3

const char *
proc_self(void)
{
	static char path[4096];
	ssize_t n = readlink(SELF, path, sizeof(path) - 1);

	if (n <= 0)
		return SELF;
	path[n] = '\0';
	/* Replaced by an upgrade: only the link still leads to this one. */
	return str_ends(path, " (deleted)") ? SELF : path;
}

/*
 * Make fd the descriptor number to, open across exec. When it has that
 * number already, dup2 would do nothing and exec close it.
 */
static void
fd_to(int fd, int to)
{
	if (fd == to)
		(void)fcntl(fd, F_SETFD, 0);
	else
		(void)dup2(fd, to);
}

/* In the child, until exec: only calls that are safe after fork. */
static void
become(const char *path, char *const *argv, int first_closed)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null > STDERR_FILENO)
		(void)dup2(null, STDIN_FILENO);
	(void)close_range((unsigned)first_closed, ~0U, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)setsid();
	execv(path, argv);
	_exit(71);
}

int
proc_spawn(enum role role, struct child *to, struct err *e)
{
	/* execv takes no const, and writes nothing. */
	char *argv[] = { (char *)(uintptr_t) "careerd",
		(char *)(uintptr_t) "worker",
		(char *)(uintptr_t)role_name(role), NULL };
	const char *path = proc_self();
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == -1)
		return err_errno(e, ERR_OS, "%s: no channel", role_name(role));
	pid = fork();
	if (pid == 0) {
		fd_to(pair[1], CHANNEL_FD);
		(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		become(path, argv, CHANNEL_FD + 1);
	}
	close(pair[1]);
	if (pid == -1) {
		close(pair[0]);
		return err_errno(e, ERR_OS, "%s: cannot fork", role_name(role));
	}
	to->pid = pid;
	to->role = role;
	to->chan = chan_new(pair[0]);
	return 0;
}

/* Arguments with the program's name before them; free() the list. */
static char **
argv_of(const char *const *arguments)
{
	size_t n = 0;
	char **argv;

	while (arguments[n] != NULL)
		n++;
	argv = xcalloc(n + 2, sizeof(*argv));
	argv[0] = (char *)(uintptr_t) "careerd";
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = (char *)(uintptr_t)arguments[i];
	return argv;
}

int
run_begin(struct run *r, const char *const *arguments, struct err *e)
{
	const char *path = proc_self();
	char **argv;
	int ends[2];
	pid_t pid;

	*r = (struct run){ .fd = -1 };
	if (pipe2(ends, O_CLOEXEC) == -1)
		return err_errno(e, ERR_OS, "%s: no pipe", arguments[0]);
	argv = argv_of(arguments);
	pid = fork();
	if (pid == 0) {
		fd_to(ends[1], STDOUT_FILENO);
		become(path, argv, STDERR_FILENO + 1);
	}
	free(argv);
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		return err_errno(e, ERR_OS, "%s: cannot fork", arguments[0]);
	}
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	r->pid = pid;
	r->fd = ends[0];
	return 0;
}

int
run_read(struct run *r, struct buf *out)
{
	char bytes[4096];

	for (;;) {
		ssize_t n = read(r->fd, bytes, sizeof(bytes));

		if (n > 0)
			(void)buf_add(out, bytes, (size_t)n);
		else if (n == 0)
			return 0;
		else if (errno != EINTR)
			return errno == EAGAIN ? 1 : 0;
	}
}

int
run_end(struct run *r, bool with_kill)
{
	int status = 0;
	pid_t rc;

	close(r->fd);
	r->fd = -1;
	if (with_kill)
		(void)kill(r->pid, SIGKILL);
	do {
		rc = waitpid(r->pid, &status, 0);
	} while (rc == -1 && errno == EINTR);
	if (rc == -1)
		return 71;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int
proc_run(const char *const *arguments, struct buf *out, int timeout_ms,
    int *exit_status, struct err *e)
{
	int64_t end_ms = clock_mono_ms() + timeout_ms;
	struct run r;

	if (run_begin(&r, arguments, e) == -1)
		return -1;
	do {
		struct pollfd p = { .fd = r.fd, .events = POLLIN };
		int64_t left_ms = end_ms - clock_mono_ms();

		if (left_ms <= 0) {
			(void)run_end(&r, true);
			return err_set(e, ERR_TEMP,
			    "%s: not done after %d ms, killed", arguments[0],
			    timeout_ms);
		}
		(void)poll(&p, 1, (int)left_ms);
	} while (run_read(&r, out) == 1);
	*exit_status = run_end(&r, false);
	return 0;
}
