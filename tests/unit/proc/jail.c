/*
 * Each attempt is made in a child of its own inside the jail. It may end by
 * SIGSYS or be told EPERM (or EACCES by Landlock); what succeeds is an escape.
 */
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "proc/proc.h"

enum end { END_KILLED, END_EPERM, END_DONE, END_OTHER };

/* What the child holds when it enters. */
static int channel = 3, memory = -1;

static long
try_open(void)
{
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static long
try_open_write(void)
{
	return open("/tmp/careerd-escape", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static long
try_openat2(void)
{
	uint64_t how[3] = { O_RDONLY, 0, 0 };

	return syscall(437, AT_FDCWD, "/etc/passwd", how, sizeof(how));
}

static long
try_stat(void)
{
	return access("/etc/passwd", R_OK);
}

static long
try_unlink(void)
{
	return unlink("/tmp/careerd-no-such-file");
}

static long
try_execve(void)
{
	char *argv[] = { NULL };

	return execve("/bin/true", argv, argv);
}

static long
try_execveat(void)
{
	char *argv[] = { NULL };

	return syscall(SYS_execveat, memory, "", argv, argv, AT_EMPTY_PATH);
}

static long
try_fork(void)
{
	return syscall(SYS_fork);
}

static long
try_vfork(void)
{
	return syscall(SYS_vfork);
}

static long
try_clone(void)
{
	return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static long
try_clone3(void)
{
	uint64_t args[8] = { 0 };

	return syscall(SYS_clone3, args, sizeof(args));
}

static long
try_socket_inet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static long
try_socket_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0);
}

static long
try_socketpair(void)
{
	int fd[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fd);
}

static long
try_connect(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET };

	return connect(channel, (struct sockaddr *)&sa, sizeof(sa));
}

static long
try_sendmsg_elsewhere(void)
{
	struct msghdr m = { 0 };

	return sendmsg(memory, &m, 0);
}

static long
try_ptrace(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static long
try_read_memory(void)
{
	char byte;
	struct iovec mine = { &byte, 1 }, theirs = { &byte, 1 };

	return process_vm_readv(getppid(), &mine, 1, &theirs, 1, 0);
}

static long
try_kill(void)
{
	return kill(getppid(), 0);
}

static long
try_tgkill(void)
{
	return syscall(SYS_tgkill, 1, 1, 0);
}

static long
try_mount(void)
{
	return mount("none", "/mnt", "tmpfs", 0, NULL);
}

static long
try_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static long
try_bpf(void)
{
	uint64_t attr[16] = { 0 };

	return syscall(SYS_bpf, 0, attr, sizeof(attr));
}

static long
try_io_uring(void)
{
	uint32_t params[32] = { 0 };

	return syscall(SYS_io_uring_setup, 1, params);
}

static long
try_memfd(void)
{
	return syscall(SYS_memfd_create, "x", 0);
}

static long
try_executable_memory(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : 0;
}

static long
try_make_executable(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static long
try_shared_writer(void)
{
	void *p =
	    mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);

	return p == MAP_FAILED ? -1 : 0;
}

static long
try_seal(void)
{
	return fcntl(memory, F_ADD_SEALS, F_SEAL_GROW);
}

static long
try_duplicate(void)
{
	return fcntl(memory, F_DUPFD, 10);
}

static long
try_truncate(void)
{
	return ftruncate(memory, 1L << 40);
}

static long
try_raise_limit(void)
{
	struct rlimit r = { RLIM_INFINITY, RLIM_INFINITY };

	return setrlimit(RLIMIT_AS, &r);
}

static long
try_setuid(void)
{
	return syscall(SYS_setresuid, 0, 0, 0);
}

static long
try_personality(void)
{
	return syscall(SYS_personality, 0x0400000);
}

static long
try_ioctl(void)
{
	return syscall(SYS_ioctl, 2, 0x5412, "x"); /* TIOCSTI */
}

#ifdef __x86_64__
static long
try_x32(void)
{
	return syscall(0x40000000 | SYS_getpid);
}
#endif

/* In the child; the answer is its exit code. */
static void
attempt_run(long (*attempt)(void))
{
	struct err e;

	(void)dup2(channel, 3);
	(void)signal(SIGXFSZ, SIG_IGN); /* as worker_begin does */
	if (jail_enter(&e) == -1)
		_exit(END_OTHER);
	errno = 0;
	if (attempt() == -1)
		_exit(
		    errno == EPERM || errno == EACCES ? END_EPERM : END_OTHER);
	_exit(END_DONE);
}

/* An output that does not have the number of the channel. */
static void
memory_open(void)
{
	struct err e;
	int fd = body_empty("output", &e);

	memory = fcntl(fd, F_DUPFD_CLOEXEC, 10);
	close(fd);
	CHECK(memory >= 10);
}

static enum end
attempt_end(long (*attempt)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		attempt_run(attempt);
	CHECK(waitpid(pid, &status, 0) == pid);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? END_KILLED : END_OTHER;
	return (enum end)WEXITSTATUS(status);
}

struct attempt {
	const char *name;
	long (*run)(void);
	enum end want;
};

static const struct attempt attempts[] = {
	{ "open", try_open, END_EPERM },
	{ "open for writing", try_open_write, END_EPERM },
	{ "openat2", try_openat2, END_EPERM },
	{ "access", try_stat, END_EPERM },
	{ "unlink", try_unlink, END_EPERM },
	{ "execve", try_execve, END_KILLED },
	{ "execveat", try_execveat, END_KILLED },
	{ "fork", try_fork, END_KILLED },
	{ "vfork", try_vfork, END_KILLED },
	{ "clone", try_clone, END_KILLED },
	{ "clone3", try_clone3, END_KILLED },
	{ "socket AF_INET", try_socket_inet, END_KILLED },
	{ "socket AF_UNIX", try_socket_unix, END_KILLED },
	{ "socketpair", try_socketpair, END_KILLED },
	{ "connect", try_connect, END_KILLED },
	{ "sendmsg elsewhere", try_sendmsg_elsewhere, END_EPERM },
	{ "ptrace", try_ptrace, END_KILLED },
	{ "process_vm_readv", try_read_memory, END_KILLED },
	{ "kill", try_kill, END_KILLED },
	{ "tgkill", try_tgkill, END_EPERM },
	{ "mount", try_mount, END_KILLED },
	{ "unshare", try_unshare, END_KILLED },
	{ "bpf", try_bpf, END_KILLED },
	{ "io_uring_setup", try_io_uring, END_KILLED },
	{ "memfd_create", try_memfd, END_KILLED },
	{ "mmap executable", try_executable_memory, END_KILLED },
	{ "mprotect executable", try_make_executable, END_KILLED },
	{ "mmap shared for writing", try_shared_writer, END_EPERM },
	{ "add a seal", try_seal, END_EPERM },
	{ "duplicate", try_duplicate, END_EPERM },
	{ "ftruncate", try_truncate, END_EPERM },
	{ "setrlimit", try_raise_limit, END_EPERM },
	{ "setresuid", try_setuid, END_EPERM },
	{ "personality", try_personality, END_KILLED },
	{ "ioctl", try_ioctl, END_EPERM },
#ifdef __x86_64__
	{ "x32", try_x32, END_KILLED },
#endif
};

static void
nothing_escapes(void)
{
	static const char *const words[] = { "killed", "EPERM", "done",
		"other" };
	int escaped = 0;

	if (jail_is_wide())
		SKIP("the jail is wide under a sanitizer or valgrind");
	memory_open();
	CHECK_INT(ftruncate(memory, 4096), 0);
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		enum end got = attempt_end(attempts[i].run);

		if (got == attempts[i].want)
			continue;
		printf("%s: %s, not %s\n", attempts[i].name, words[got],
		    words[attempts[i].want]);
		escaped++;
	}
	close(memory);
	CHECK_INT(escaped, 0);
}

static long
work_memory(void)
{
	char *small = malloc(100), *large = malloc(20L << 20);

	memset(large, 1, 20L << 20);
	large = realloc(large, 40L << 20);
	small = realloc(small, 5000);
	if (large == NULL || small == NULL)
		return 1;
	free(small);
	free(large);
	return 0;
}

static long
work_time(void)
{
	return clock_wall_ms() > 0 && clock_mono_ms() > 0 &&
	       clock_cpu_ms() >= 0 && poll(NULL, 0, 1) == 0;
}

static long
work_output(void)
{
	struct frame f;
	struct err e;
	struct chan *c = chan_new(3);

	if (write(memory, "abc", 3) != 3 || pwrite(memory, "d", 1, 3) != 1 ||
	    lseek(memory, 0, SEEK_END) != 4)
		return -1;
	if (chan_recv(c, &f, &e) != 1 || f.nfd != 1)
		return -1;
	size_t n;
	const char *text = body_map(f.fd[0], &n, &e);
	if (text == NULL || n != 5)
		return -1;
	body_unmap(text, n);
	frame_close_fds(&f);
	int rc = chan_send(c, MSG_EXTRACTED, 1, NULL, NULL, 0, &e);
	chan_free(c);
	return rc;
}

static long
work_over_memory(void)
{
	void *p = mmap(NULL, LIMIT_JAIL_BYTES, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? 0 : -1;
}

static long
work_over_output(void)
{
	if (pwrite(memory, "x", 1, LIMIT_OUTPUT_BYTES) != -1)
		return 7;
	return errno == EFBIG ? 0 : -1;
}

static void
what_parsing_needs_works(void)
{
	int pair[2], fd;
	struct frame f;
	struct err e;

	CHECK_INT(attempt_end(work_memory), END_DONE);
	CHECK_INT(attempt_end(work_time), END_DONE);
	CHECK_INT(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	struct chan *hub = chan_new(pair[0]);
	fd = body_make("page", "hello", 5, &e);
	CHECK_INT(chan_send(hub, MSG_PAGE, 1, NULL, &fd, 1, &e), 0);
	close(fd);
	channel = pair[1];
	memory_open();
	CHECK_INT(attempt_end(work_output), END_DONE);
	CHECK_INT(chan_recv(hub, &f, &e), 1);
	CHECK_INT(f.type, MSG_EXTRACTED);
	CHECK_INT(body_seal(memory, &e), 0);
	channel = 3;
	close(memory);
	close(pair[1]);
	chan_free(hub);
}

static void
limits_hold(void)
{
	if (jail_is_wide())
		SKIP("the jail is wide under a sanitizer or valgrind");
	memory_open();
	CHECK_INT(attempt_end(work_over_memory), END_DONE);
	CHECK_INT(attempt_end(work_over_output), END_DONE);
	close(memory);
}

TESTS(TEST(nothing_escapes), TEST(what_parsing_needs_works), TEST(limits_hold))
