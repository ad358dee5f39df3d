/*
 * PostgreSQL refuses to run as root. Three ways round that, see data.md:
 * be somebody else, or be somebody else only from the inside.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/str.h"
#include "proc/cluster_int.h"

static int
write_map(pid_t pid, const char *file, unsigned inside, unsigned outside)
{
	char path[64], text[64];
	int fd, n;
	bool ok;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	n = snprintf(text, sizeof(text), "%u %u 1\n", inside, outside);
	if ((fd = open(path, O_WRONLY | O_CLOEXEC)) == -1)
		return -1;
	ok = write(fd, text, (size_t)n) == n;
	close(fd);
	return ok ? 0 : -1;
}

/*
 * The maps of a new namespace are written from outside it, so a helper stays
 * behind: it waits until its parent has left, writes, and ends.
 */
static int
map_from_outside(const struct cluster_user *user, pid_t of, int wait_fd)
{
	char c;

	if (read(wait_fd, &c, 1) != 1)
		return 1;
	if (write_map(of, "uid_map", user->uid, user->outer_uid) == -1)
		return 1;
	if (write_map(of, "gid_map", user->gid, user->outer_gid) == -1)
		return 1;
	return 0;
}

static int
enter_namespace(const struct cluster_user *user)
{
	pid_t me = getpid(), helper;
	int gone[2], status = 1;

	if (pipe2(gone, O_CLOEXEC) == -1)
		return -1;
	if ((helper = fork()) == -1)
		return -1;
	if (helper == 0) {
		close(gone[1]);
		_exit(map_from_outside(user, me, gone[0]));
	}
	close(gone[0]);
	if (unshare(CLONE_NEWUSER) == 0 && write(gone[1], "", 1) != 1)
		errno = EPIPE;
	close(gone[1]);
	while (waitpid(helper, &status, 0) == -1 && errno == EINTR)
		continue;
	if (status != 0) {
		errno = EPERM;
		return -1;
	}
	return 0;
}

int
cluster_become(const struct cluster_user *user)
{
	if (user->way == WAY_SELF)
		return 0;
	if (user->way == WAY_NAMESPACE && enter_namespace(user) == -1)
		return -1;
	/* Groups of the old user would give the server more than its own. */
	if (setgroups(0, NULL) == -1 && user->way == WAY_USER)
		return -1;
	if (setresgid(user->gid, user->gid, user->gid) == -1 ||
	    setresuid(user->uid, user->uid, user->uid) == -1)
		return -1;
	return 0;
}

int
cluster_as(const struct cluster *c, cluster_task *task, const void *argument,
    struct err *err)
{
	pid_t pid;
	int status;

	if ((pid = fork()) == -1)
		return err_errno(err, ERR_OS, "database server: fork");
	if (pid == 0) {
		umask(077);
		if (cluster_become(&c->user) == -1)
			_exit(126);
		_exit(task(c, argument));
	}
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return err_errno(err, ERR_OS, "database server: wait");
	if (WIFSIGNALED(status))
		return err_set(err, ERR_OS,
		    "database server: a helper was killed by signal %d",
		    WTERMSIG(status));
	return WEXITSTATUS(status);
}

/* Settings of libpq and of our own are not for the server. */
static char **
clean_environment(void)
{
	static char locale[] = "LC_ALL=C.UTF-8";
	size_t n = 0, to = 0;
	char **env;

	while (environ[n] != NULL)
		n++;
	env = xcalloc(n + 2, sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (!str_starts(environ[i], "PG") &&
		    !str_starts(environ[i], "LC_") &&
		    !str_starts(environ[i], "LANG") &&
		    !str_starts(environ[i], "CAREERD_"))
			env[to++] = environ[i];
	env[to] = locale;
	return env;
}

void
cluster_exec(const struct cluster *c, const char *const *argv, int input)
{
	sigset_t none;
	int log;

	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(077);
	log = open(c->log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
	if (input == -1)
		input = open("/dev/null", O_RDONLY);
	if (log == -1 || input == -1 || chdir("/") == -1)
		_exit(127);
	dup2(input, 0);
	dup2(log, 1);
	dup2(log, 2);
	/* Nothing of ours, the channel above all, outlives us in the server. */
	close_range(3, ~0U, 0);
	execve(argv[0], (char *const *)argv, clean_environment());
	_exit(127);
}
