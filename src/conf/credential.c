/*
 * Credentials: named in the configuration, kept in files of their own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "conf/conf_int.h"

/* Read a whole small file; a line end at its end is not part of a secret. */
static int
secret_read(int fd, const char *path, char *to, size_t size, struct err *e)
{
	size_t n = 0;
	ssize_t got = 0;

	while (n < size && (got = read(fd, to + n, size - n)) > 0)
		n += (size_t)got;
	if (got < 0)
		return err_errno(e, ERR_IO, "credential %s", path);
	while (n > 0 && (to[n - 1] == '\n' || to[n - 1] == '\r'))
		n--;
	if (n == size)
		return err_set(e, ERR_CONFIG,
		    "credential %s: longer than %zu bytes", path, size - 1);
	if (n == 0 || memchr(to, '\0', n) != NULL)
		return err_set(e, ERR_CONFIG, "credential %s: %s", path,
		    n == 0 ? "it is empty" : "it holds a NUL");
	to[n] = '\0';
	return 0;
}

/* 1: it is not there. Whose file and mode matter only outside systemd's. */
static int
file_try(const char *path, bool must_be_private, char *to, size_t size,
    struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	int result;

	if (fd == -1 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	if (fd == -1 || fstat(fd, &st) == -1) {
		err_errno(e, ERR_PERM, "credential %s", path);
		result = -1;
	} else if (!S_ISREG(st.st_mode)) {
		result = err_set(
		    e, ERR_CONFIG, "credential %s: it is no file", path);
	} else if (must_be_private && (st.st_mode & 077) != 0) {
		err_set(e, ERR_PERM,
		    "credential %s: others may read it (mode %04o)", path,
		    st.st_mode & 07777u);
		result = err_hint(e, "chmod 600 %s", path);
	} else {
		result = secret_read(fd, path, to, size, e);
	}
	if (fd != -1)
		close(fd);
	return result;
}

int
conf_credential(const struct conf *conf, const char *name, char *to,
    size_t size, struct err *e)
{
	struct arena *arena = arena_new(64L * 1024);
	const char *given = getenv("CREDENTIALS_DIRECTORY");
	const char *beside =
	    path_dir(arena, conf->file == NULL ? "/etc/careerd/-" : conf->file);
	int result = 1;

	/* The unit loads a whole directory as creds: its files are creds_X. */
	if (given != NULL && given[0] != '\0') {
		result =
		    file_try(arena_printf(arena, "%s/creds_%s", given, name),
			false, to, size, e);
		if (result == 1)
			result =
			    file_try(arena_printf(arena, "%s/%s", given, name),
				false, to, size, e);
	}
	if (result == 1)
		result =
		    file_try(arena_printf(arena, "%s/creds/%s", beside, name),
			true, to, size, e);
	if (result == 1) {
		err_set(e, ERR_CONFIG, "credential %s: not found", name);
		result = err_hint(e,
		    "put it into %s/creds/%s with mode 0600, or give it to "
		    "the unit with LoadCredential=",
		    beside, name);
	}
	arena_free(arena);
	return result;
}
