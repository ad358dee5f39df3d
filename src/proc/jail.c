/*
 * The jail of extract. The order matters: what is set last (seccomp) forbids
 * what sets the others.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "base/log.h"
#include "proc/lock_int.h"

#define CHANNEL_FD 3
/* The standard three, the channel, a page, its output, and some to spare. */
#define JAIL_FILES 16

/*
 * All that parsing needs: memory, time, and the descriptors it was given.
 * What has conditions stands in allow_conditions().
 */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat), /* fstat() of glibc 2.36: an empty path */
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(restart_syscall), /* a poll that was stopped and continued */
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

/* Nothing harmless asks for these: the process ends at once. */
static const int killed[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(pivot_root),
	SCMP_SYS(chroot),
	SCMP_SYS(setns),
	SCMP_SYS(unshare),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(kill),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(memfd_create),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(personality),
};

/* It translates code, so it maps executable memory, and knows no seccomp. */
static bool
is_under_valgrind(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload != NULL && strstr(preload, "vgpreload") != NULL;
}

bool
jail_is_wide(void)
{
#ifdef SANITIZED
	return true;
#else
	return is_under_valgrind();
#endif
}

static int
limit(int resource, rlim_t most, const char *name, struct err *e)
{
	struct rlimit r = { most, most };

	if (setrlimit(resource, &r) == -1)
		return err_errno(e, ERR_OS, "jail: limit of %s", name);
	return 0;
}

static int
limits_set(struct err *e)
{
	if (limit(RLIMIT_NOFILE, JAIL_FILES, "files", e) == -1 ||
	    limit(RLIMIT_NPROC, 0, "processes", e) == -1 ||
	    limit(RLIMIT_CORE, 0, "core", e) == -1 ||
	    limit(RLIMIT_FSIZE, LIMIT_OUTPUT_BYTES, "output", e) == -1 ||
	    limit(RLIMIT_AS, LIMIT_JAIL_BYTES, "memory", e) == -1)
		return -1;
	return 0;
}

static int
paths_close(struct err *e)
{
	struct landlock l;

	if (landlock_begin(&l, true, e) == -1)
		return -1;
	log_debug("jail: landlock ABI %d", l.abi);
	return landlock_end(&l, e);
}

static int
add_all(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = seccomp_rule_add(f, action, calls[i], 0);
	return rc;
}

/* Memory: never executable, and never shared with a writer. */
static int
memory_rules(scmp_filter_ctx f)
{
	const struct scmp_arg_cmp exec = SCMP_A2(
				      SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC),
				  read_only = SCMP_A2(SCMP_CMP_MASKED_EQ,
				      PROT_EXEC | PROT_WRITE, 0),
				  no_exec =
				      SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
				  not_shared = SCMP_A3(
				      SCMP_CMP_MASKED_EQ, MAP_SHARED, 0);
	int rc;

	rc =
	    seccomp_rule_add(f, SCMP_ACT_KILL_PROCESS, SCMP_SYS(mmap), 1, exec);
	if (rc == 0)
		rc = seccomp_rule_add(
		    f, SCMP_ACT_KILL_PROCESS, SCMP_SYS(mprotect), 1, exec);
	if (rc == 0)
		rc = seccomp_rule_add(
		    f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, read_only);
	if (rc == 0)
		rc = seccomp_rule_add(
		    f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, no_exec, not_shared);
	if (rc == 0)
		rc = seccomp_rule_add(
		    f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec);
	return rc;
}

/* Frames on the channel alone; questions about descriptors, no changes. */
static int
channel_rules(scmp_filter_ctx f)
{
	static const int commands[] = { F_GETFD, F_GETFL, F_GET_SEALS };
	const struct scmp_arg_cmp channel =
	    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)CHANNEL_FD, 0);
	int rc;

	rc = seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(sendmsg), 1, channel);
	if (rc == 0)
		rc = seccomp_rule_add(
		    f, SCMP_ACT_ALLOW, SCMP_SYS(recvmsg), 1, channel);
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (rc == 0)
			rc = seccomp_rule_add(f, SCMP_ACT_ALLOW,
			    SCMP_SYS(fcntl), 1,
			    SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)commands[i], 0));
	}
	return rc;
}

static int
filter_narrow(scmp_filter_ctx f)
{
	int rc =
	    seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	if (rc == 0)
		rc = add_all(f, SCMP_ACT_ALLOW, allowed,
		    sizeof(allowed) / sizeof(allowed[0]));
	if (rc == 0)
		rc = add_all(f, SCMP_ACT_KILL_PROCESS, killed,
		    sizeof(killed) / sizeof(killed[0]));
	if (rc == 0)
		rc = memory_rules(f);
	if (rc == 0)
		rc = channel_rules(f);
	return rc;
}

/* For tools that need threads, files and code of their own. */
static int
filter_wide(scmp_filter_ctx f)
{
	static const int refused[] = { SCMP_SYS(execve), SCMP_SYS(execveat),
		SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(memfd_create) };

	return add_all(f, SCMP_ACT_ERRNO(EPERM), refused,
	    sizeof(refused) / sizeof(refused[0]));
}

static int
filter_load(bool wide, struct err *e)
{
	scmp_filter_ctx f =
	    seccomp_init(wide ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (f == NULL)
		return err_set(e, ERR_OS, "jail: no seccomp filter");
	rc = wide ? filter_wide(f) : filter_narrow(f);
	if (rc == 0)
		rc = seccomp_load(f);
	seccomp_release(f);
	if (rc != 0) {
		errno = -rc;
		return err_errno(e, ERR_OS, "jail: seccomp filter");
	}
	return 0;
}

int
jail_enter(struct err *e)
{
	lock_basic();
	if (jail_is_wide()) {
		log_warn("jail: wide, for a sanitizer or valgrind");
		return is_under_valgrind() ? 0 : filter_load(true, e);
	}
	if (limits_set(e) == -1 || paths_close(e) == -1 ||
	    filter_load(false, e) == -1)
		return -1;
	return 0;
}
