/*
 * Delivery into a Maildir: written to tmp, fsynced, renamed into new, so
 * that a reader never sees half a mail and a crash never loses a whole one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "notify/notify.h"

#define PATH_BYTES 4096

/* The folders above it, as "mkdir -p" makes them. */
static int
parents_make(const char *path, struct err *err)
{
	char part[PATH_BYTES];
	size_t n = strlen(path);

	for (size_t i = 1; i < n && i < sizeof(part); i++) {
		if (path[i] != '/')
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)i, path);
		if (mkdir(part, 0700) == -1 && errno != EEXIST)
			return err_errno(err, ERR_IO, "maildir '%s'", part);
	}
	return 0;
}

static int
folder_make(const char *path, struct err *err)
{
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		return err_errno(err, ERR_IO, "maildir '%s'", path);
	return 0;
}

int
maildir_make(const char *maildir, struct err *err)
{
	static const char *const names[] = { "", "/tmp", "/new", "/cur" };
	char path[PATH_BYTES];

	if (parents_make(maildir, err) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", maildir, names[i]);
		if (folder_make(path, err) == -1)
			return -1;
	}
	return 0;
}

static int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);
		if (done == -1 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
folder_sync(const char *maildir)
{
	char path[PATH_BYTES];
	int fd, ret;

	snprintf(path, sizeof(path), "%s/new", maildir);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	ret = fsync(fd);
	close(fd);
	return ret;
}

int
maildir_deliver(
    const char *maildir, const char *mime, size_t n, struct err *err)
{
	static unsigned int serial;
	char name[64], tmp[PATH_BYTES], final[PATH_BYTES];
	int fd = -1, ret = -1;

	if (strlen(maildir) + sizeof(name) + 8 > sizeof(tmp))
		return err_set(err, ERR_CONFIG, "maildir path is too long");
	if (maildir_make(maildir, err) == -1)
		return -1;
	snprintf(name, sizeof(name), "%lld.P%dQ%u.careerd",
	    (long long)clock_wall_ms(), (int)getpid(), serial++);
	snprintf(tmp, sizeof(tmp), "%s/tmp/%s", maildir, name);
	snprintf(final, sizeof(final), "%s/new/%s", maildir, name);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1 || write_all(fd, mime, n) == -1 || fsync(fd) == -1 ||
	    rename(tmp, final) == -1 || folder_sync(maildir) == -1) {
		err_errno(err, ERR_IO, "maildir '%s'", maildir);
		unlink(tmp);
		goto out;
	}
	ret = 0;
out:
	if (fd != -1)
		close(fd);
	return ret;
}
