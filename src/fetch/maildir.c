/*
 * Maildirs: new/ and cur/, a file each mail. Names stay the same but for the
 * flags behind a colon, so that they are the positions.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/limits.h"
#include "base/str.h"
#include "fetch/mailbox_int.h"

/* A name begins with the second of delivery; some write milliseconds. */
#define SECONDS_MAX 100000000000LL
/* Some paths of one mail. */
#define PATHS_BYTES (64L * 1024)

static const char *const folders[] = { "new", "cur" };

static bool
is_position(const char *name, size_t n)
{
	if (n == 0 || n > LIMIT_POSITION_BYTES || name[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)name[i] < ' ' || name[i] == 127 ||
		    name[i] == '/')
			return false;
	return true;
}

/* When a mail came: its name says it, else its file. */
static int64_t
time_of(int dir, const char *name)
{
	size_t n = strspn(name, "0123456789");
	char digits[20];
	int64_t value;
	struct stat st;

	if (n > 8 && n < sizeof(digits) && name[n] == '.') {
		memcpy(digits, name, n);
		digits[n] = '\0';
		if (str_to_i64(digits, 0, INT64_MAX / 1000, &value) == 0)
			return value < SECONDS_MAX ? value * 1000 : value;
	}
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return 0;
	return (int64_t)st.st_mtime * 1000;
}

static void
folder_list(DIR *dir, struct mail_list *to)
{
	const struct dirent *entry;

	while ((entry = readdir(dir)) != NULL) {
		size_t n = strcspn(entry->d_name, ":");

		if (!is_position(entry->d_name, n))
			continue;
		mail_list_add(to, time_of(dirfd(dir), entry->d_name),
		    arena_strndup(to->arena, entry->d_name, n));
	}
}

static DIR *
folder_open(int maildir, const char *name)
{
	int fd = openat(
	    maildir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);

	if (fd != -1 && dir == NULL)
		close(fd);
	return dir;
}

enum fetch_result
maildir_list(const struct mailbox *box, struct mail_list *to, struct err *err)
{
	int fd = open(box->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int found = 0;

	if (fd == -1 && errno == ENOENT && box->may_be_missing)
		return FETCH_OK;
	if (fd == -1)
		return mailbox_failed("maildir", box->path, err);
	for (size_t i = 0; i < 2; i++) {
		DIR *dir = folder_open(fd, folders[i]);

		if (dir == NULL && errno != ENOENT) {
			close(fd);
			return mailbox_failed("maildir", box->path, err);
		}
		if (dir == NULL)
			continue;
		found++;
		folder_list(dir, to);
		closedir(dir);
	}
	close(fd);
	if (found > 0)
		return FETCH_OK;
	err_set(err, ERR_CONFIG, "%s is no Maildir: it has neither new nor cur",
	    box->path);
	return FETCH_REFUSED;
}

/* ---- one mail ---- */

/* A link or a pipe under a mail's name is none. */
static int
mail_open(int maildir, const char *path)
{
	int fd = openat(
	    maildir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd != -1 && (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))) {
		close(fd);
		errno = ELOOP;
		return -1;
	}
	return fd;
}

/* Its path with whatever flags there are, NULL if it is not in cur. */
static const char *
flagged_path(struct arena *arena, int maildir, const char *position)
{
	DIR *dir = folder_open(maildir, "cur");
	size_t n = strlen(position);
	const struct dirent *entry;
	const char *path = NULL;

	while (dir != NULL && path == NULL && (entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, position, n) == 0 &&
		    entry->d_name[n] == ':')
			path = arena_printf(arena, "cur/%s", entry->d_name);
	if (dir != NULL)
		closedir(dir);
	return path;
}

/*
 * Read by its owner, a mail moves from new to cur and gets flags: the common
 * ones are tried before the folder is looked through.
 */
static int
mail_find(struct arena *arena, int maildir, const char *position)
{
	static const char *const forms[] = { "new/%s", "cur/%s:2,S",
		"cur/%s:2,", "cur/%s", "cur/%s:2,RS" };
	const char *path;
	int fd = -1;

	errno = ENOENT;
	for (size_t i = 0; fd == -1 && errno == ENOENT && i < 5; i++) {
		size_t n = strcspn(forms[i], "%");

		path = arena_printf(arena, "%.*s%s%s", (int)n, forms[i],
		    position, forms[i] + n + 2);
		fd = mail_open(maildir, path);
	}
	if (fd != -1 || errno != ENOENT)
		return fd;
	path = flagged_path(arena, maildir, position);
	errno = ENOENT;
	return path == NULL ? -1 : mail_open(maildir, path);
}

static enum fetch_result
mail_read(int fd, struct buf *to, struct err *err)
{
	struct stat st;
	size_t left;
	ssize_t n = 1;

	if (fstat(fd, &st) == -1) {
		err_errno(err, ERR_IO, "the mail");
		return FETCH_BROKEN;
	}
	left = (size_t)st.st_size;
	if (buf_reserve(to, left) == NULL)
		return mail_too_big(st.st_size, to, err);
	while (left > 0 && n > 0) {
		n = read(fd, to->data + to->len, left);
		if (n == -1 && errno == EINTR)
			n = 1;
		else if (n > 0) {
			to->len += (size_t)n;
			left -= (size_t)n;
		}
	}
	to->data[to->len] = '\0';
	if (n == -1)
		err_errno(err, ERR_IO, "the mail");
	return n == -1 ? FETCH_BROKEN : FETCH_OK;
}

enum fetch_result
maildir_read(const struct mailbox *box, const char *position, struct buf *to,
    struct err *err)
{
	struct arena *arena = arena_new(PATHS_BYTES);
	enum fetch_result result;
	int maildir, fd = -1;

	maildir = open(box->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (maildir != -1) {
		errno = ENOENT;
		if (is_position(position, strlen(position)))
			fd = mail_find(arena, maildir, position);
	}
	if (fd != -1)
		result = mail_read(fd, to, err);
	else if (maildir != -1 && errno == ENOENT)
		result = FETCH_UNCHANGED;
	else
		result = mailbox_failed("maildir", box->path, err);
	if (fd != -1)
		close(fd);
	if (maildir != -1)
		close(maildir);
	arena_free(arena);
	return result;
}
