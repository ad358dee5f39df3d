/*
 * Locks of the workers that may open files: Landlock down to their paths.
 * The kernel's header may be older than the kernel (Debian 12's knows no
 * network and no scopes), so the constants stand here and the kernel is
 * asked what it has.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/log.h"
#include "proc/lock_int.h"

/* Of linux/landlock.h, by the ABI that brought them. */
#define FS_EXECUTE          (1ULL << 0)
#define FS_WRITE_FILE       (1ULL << 1)
#define FS_READ_FILE        (1ULL << 2)
#define FS_READ_DIR         (1ULL << 3)
#define FS_ABI_1            ((1ULL << 13) - 1)
#define FS_REFER            (1ULL << 13) /* ABI 2 */
#define FS_TRUNCATE         (1ULL << 14) /* ABI 3 */
#define FS_IOCTL_DEV        (1ULL << 15) /* ABI 5 */
#define NET_BIND            (1ULL << 0)  /* ABI 4 */
#define NET_CONNECT         (1ULL << 1)
#define SCOPE_ABSTRACT_UNIX (1ULL << 0) /* ABI 6 */
#define SCOPE_SIGNAL        (1ULL << 1)

#define RIGHTS_OF_FILES \
	(FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)
#define RIGHTS_TO_READ (FS_READ_FILE | FS_READ_DIR)
/* Whoever may write may do all but execute and drive devices. */
#define RIGHTS_TO_WRITE ((FS_ABI_1 | FS_REFER | FS_TRUNCATE) & ~FS_EXECUTE)

#define RULE_PATH_BENEATH 1
#define VERSION_FLAG      1U

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

struct path_attr {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

static int
ruleset_create(const struct ruleset_attr *attr, size_t size, uint32_t flags)
{
	return (int)syscall(SYS_landlock_create_ruleset, attr, size, flags);
}

int
lock_landlock_abi(void)
{
	int abi;

	/* Not put up there, and valgrind does not know the call. */
	if (jail_is_wide())
		return 0;
	abi = ruleset_create(NULL, 0, VERSION_FLAG);
	return abi < 0 ? 0 : abi;
}

static uint64_t
fs_rights_of_abi(int abi)
{
	uint64_t rights = FS_ABI_1;

	if (abi >= 2)
		rights |= FS_REFER;
	if (abi >= 3)
		rights |= FS_TRUNCATE;
	if (abi >= 5)
		rights |= FS_IOCTL_DEV;
	return rights;
}

int
landlock_begin(struct landlock *l, bool deny_connect, struct err *e)
{
	struct ruleset_attr attr = { 0 };
	size_t size = sizeof(attr.fs);

	*l = (struct landlock){ .fd = -1, .abi = lock_landlock_abi() };
	if (l->abi == 0)
		return 0;
	l->fs = attr.fs = fs_rights_of_abi(l->abi);
	if (l->abi >= 4) {
		attr.net = deny_connect ? NET_BIND | NET_CONNECT : NET_BIND;
		size += sizeof(attr.net);
	}
	if (l->abi >= 6) {
		attr.scoped = SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL;
		size += sizeof(attr.scoped);
	}
	l->fd = ruleset_create(&attr, size, 0);
	if (l->fd == -1)
		return err_errno(e, ERR_OS, "landlock: no rule set");
	return 0;
}

static int
allow(struct landlock *l, const char *path, uint64_t rights, struct err *e)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct path_attr attr = { .parent_fd = fd };
	struct stat st;
	int rc = 0;

	/* What is not there needs no right. */
	if (fd == -1)
		return 0;
	if (fstat(fd, &st) == -1 || !S_ISDIR(st.st_mode))
		rights &= RIGHTS_OF_FILES;
	attr.allowed = rights & l->fs;
	if (syscall(SYS_landlock_add_rule, l->fd, RULE_PATH_BENEATH, &attr,
		0U) == -1)
		rc = err_errno(e, ERR_OS, "landlock: %s", path);
	close(fd);
	return rc;
}

int
landlock_end(struct landlock *l, struct err *e)
{
	int rc = 0;

	if (l->fd == -1)
		return 0;
	if (syscall(SYS_landlock_restrict_self, l->fd, 0U) == -1)
		rc = err_errno(e, ERR_OS, "landlock: cannot restrict");
	close(l->fd);
	l->fd = -1;
	return rc;
}

static int
allow_all(struct landlock *l, const char *const *paths, uint64_t rights,
    struct err *e)
{
	for (; paths != NULL && *paths != NULL; paths++) {
		if (allow(l, *paths, rights, e) == -1)
			return -1;
	}
	return 0;
}

int
lock_paths(const char *const *read, const char *const *write, struct err *e)
{
	struct landlock l;

	lock_basic();
	if (jail_is_wide())
		return 0;
	if (landlock_begin(&l, false, e) == -1)
		return -1;
	if (l.fd == -1) {
		log_warn("landlock: this kernel has none, paths stay open");
		return 0;
	}
	if (allow_all(&l, read, RIGHTS_TO_READ, e) == -1 ||
	    allow_all(&l, write, RIGHTS_TO_WRITE, e) == -1) {
		close(l.fd);
		return -1;
	}
	log_debug("landlock: ABI %d in force", l.abi);
	return landlock_end(&l, e);
}

void
lock_basic(void)
{
	struct rlimit none = { 0, 0 };

	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (!jail_is_wide())
		(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
}
