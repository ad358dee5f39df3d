/*
 * Bodies travel as sealed memfds: no copy through hub, and nobody can change
 * or cut what another reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "proc/proc.h"

/*
 * Up to here a body is copied: that is a fifth of what it costs to map 30 KB,
 * and unmapping interrupts every processor the process has run on.
 */
#define COPY_BYTES (1024 * 1024)

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

/* Newer than Debian 12's headers: the memfd can never be executed. */
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

int
body_empty(const char *name, struct err *e)
{
	static bool no_noexec; /* a kernel before 6.3 */
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = -1;

	if (!no_noexec)
		fd = memfd_create(name, flags | MFD_NOEXEC_SEAL);
	if (fd == -1 && errno == EINVAL)
		no_noexec = true;
	if (no_noexec)
		fd = memfd_create(name, flags);
	if (fd == -1)
		return err_errno(e, ERR_OS, "%s: no memory file", name);
	return fd;
}

static int
write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);

		if (done == -1 && errno == EINTR)
			continue;
		if (done <= 0)
			return -1;
		bytes += done;
		n -= (size_t)done;
	}
	return 0;
}

int
body_make(const char *name, const void *bytes, size_t n, struct err *e)
{
	int fd = body_empty(name, e);

	if (fd == -1)
		return -1;
	if (write_all(fd, bytes, n) == -1) {
		err_errno(e, ERR_IO, "%s: cannot write a body", name);
		close(fd);
		return -1;
	}
	if (body_seal(fd, e) == -1) {
		close(fd);
		return -1;
	}
	return fd;
}

int
body_seal(int fd, struct err *e)
{
	if (fcntl(fd, F_ADD_SEALS, SEALS) == -1)
		return err_errno(e, ERR_DATA, "body: cannot be sealed");
	return 0;
}

bool
body_is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals != -1 && (seals & SEALS) == SEALS;
}

static const char *
copy_of(int fd, size_t n, struct err *e)
{
	char *to = xmalloc(n);
	size_t have = 0;

	while (have < n) {
		ssize_t got = pread(fd, to + have, n - have, (off_t)have);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0) {
			err_errno(e, ERR_OS, "body: cannot be read");
			free(to);
			return NULL;
		}
		have += (size_t)got;
	}
	return to;
}

const char *
body_map(int fd, size_t *n, struct err *e)
{
	struct stat st;
	void *bytes;

	if (!body_is_sealed(fd) || fstat(fd, &st) == -1) {
		err_set(e, ERR_DATA, "body: not a sealed memory file");
		return NULL;
	}
	*n = (size_t)st.st_size;
	if (*n == 0)
		return "";
	if (*n <= COPY_BYTES)
		return copy_of(fd, *n, e);
	bytes = mmap(NULL, *n, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (bytes == MAP_FAILED) {
		err_errno(e, ERR_OS, "body: cannot be mapped");
		return NULL;
	}
	return bytes;
}

void
body_unmap(const char *bytes, size_t n)
{
	void *p = (void *)(uintptr_t)bytes;

	if (bytes == NULL || n == 0)
		return;
	if (n <= COPY_BYTES)
		free(p);
	else
		(void)munmap(p, n);
}
