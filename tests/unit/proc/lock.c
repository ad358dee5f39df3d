#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "proc/proc.h"

static char base[] = "/tmp/careerd-lock-XXXXXX";
static char readable[64], writable[64], closed[64];

static void
paths_make(void)
{
	static bool made;

	if (made)
		return;
	made = true;
	CHECK(mkdtemp(base) != NULL);
	(void)snprintf(readable, sizeof(readable), "%s/r", base);
	(void)snprintf(writable, sizeof(writable), "%s/w", base);
	(void)snprintf(closed, sizeof(closed), "%s/c", base);
	CHECK_INT(
	    mkdir(readable, 0700) | mkdir(writable, 0700) | mkdir(closed, 0700),
	    0);
}

static int
opens(const char *directory, const char *name, int flags)
{
	char path[128];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, flags | O_CLOEXEC, 0600);
	if (fd != -1)
		close(fd);
	return fd == -1 ? errno : 0;
}

/* Run in a child what is true only behind a lock; its number if it failed. */
static int
in_child(int (*run)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(run());
	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static int
locked_child(void)
{
	const char *const read[] = { readable, "/not/there", "/dev/null",
		NULL };
	const char *const write[] = { writable, NULL };
	struct sockaddr_in sa = { .sin_family = AF_INET };
	struct err e;
	int fd;

	if (lock_paths(read, write, &e) == -1)
		return 1;
	if (opens(readable, "f", O_RDONLY) != 0)
		return 2;
	if (opens(readable, "f", O_RDWR) != EACCES)
		return 3;
	if (opens(readable, "new", O_RDWR | O_CREAT) != EACCES)
		return 4;
	if (opens(writable, "new", O_RDWR | O_CREAT | O_TRUNC) != 0)
		return 5;
	if (opens(closed, "f", O_RDONLY) != EACCES)
		return 6;
	if (opens("/etc", "passwd", O_RDONLY) != EACCES)
		return 7;
	if (open("/dev/null", O_RDONLY | O_CLOEXEC) == -1)
		return 8;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (lock_landlock_abi() >= 4 && fd != -1 &&
	    (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) == 0 ||
		errno != EACCES))
		return 9;
	if (lock_landlock_abi() >= 6 && kill(getppid(), 0) == 0)
		return 10;
	return 0;
}

static void
only_named_paths_stay_open(void)
{
	if (jail_is_wide())
		SKIP("no Landlock under a sanitizer or valgrind");
	if (lock_landlock_abi() == 0)
		SKIP("this kernel has no Landlock");
	paths_make();
	CHECK_INT(opens(readable, "f", O_RDWR | O_CREAT), 0);
	CHECK_INT(opens(closed, "f", O_RDWR | O_CREAT), 0);
	CHECK_INT(in_child(locked_child), 0);
	CHECK_INT(opens(closed, "f", O_RDONLY), 0);
}

static int
basic_child(void)
{
	struct rlimit r;

	lock_basic();
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 1;
	if (!jail_is_wide() && prctl(PR_GET_DUMPABLE) != 0)
		return 2;
	if (getrlimit(RLIMIT_CORE, &r) == -1 || r.rlim_max != 0)
		return 3;
	return 0;
}

static void
basic_lock_holds(void)
{
	CHECK_INT(in_child(basic_child), 0);
}

static void
nothing_is_left_behind(void)
{
	char path[128];

	if (readable[0] == '\0')
		return;
	(void)snprintf(path, sizeof(path), "%s/f", readable);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/f", closed);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/new", writable);
	(void)unlink(path);
	(void)rmdir(readable);
	(void)rmdir(writable);
	(void)rmdir(closed);
	CHECK_INT(rmdir(base), 0);
}

TESTS(TEST(only_named_paths_stay_open), TEST(basic_lock_holds),
    TEST(nothing_is_left_behind))
