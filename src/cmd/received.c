#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "cmd/received.h"
#include "notify/notify.h"
#include "proc/proc.h"

/* More wait for nobody: whoever sends them is to try again later. */
#define MAILS_MAX 5000

static bool
is_received(const struct source *source)
{
	for (size_t i = 0; i < source->ntargets; i++)
		if (source->targets[i].mailbox != NULL &&
		    str_starts(source->targets[i].mailbox, "received:"))
			return true;
	return false;
}

const struct source *
received_source(const struct conf *conf, const char *from)
{
	for (size_t i = 0; i < conf->nsources; i++)
		if (conf->sources[i].enabled &&
		    is_received(&conf->sources[i]) &&
		    mails_are_from(&conf->sources[i].mails, from))
			return &conf->sources[i];
	return NULL;
}

/* The longest that any source reads back. */
static int64_t
age_max_ms(const struct conf *conf)
{
	int64_t age_ms = 0;

	for (size_t i = 0; i < conf->nsources; i++)
		if (is_received(&conf->sources[i]) &&
		    conf->sources[i].mails.age_ms > age_ms)
			age_ms = conf->sources[i].mails.age_ms;
	return age_ms;
}

/* Throw out what nobody reads any more; how many are left, -1 if unknown. */
static int
tidy(const char *folder, int64_t before_ms)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	struct stat st;
	int left = 0;

	if (dir == NULL)
		return errno == ENOENT ? 0 : -1;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(dir), entry->d_name, &st,
			AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		if ((int64_t)st.st_mtime * 1000 < before_ms)
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
		else
			left++;
	}
	closedir(dir);
	return left;
}

static int
put(struct arena *arena, const char *maildir, int64_t before_ms,
    const struct buf *mail, struct err *err)
{
	int left = tidy(arena_printf(arena, "%s/new", maildir), before_ms);

	if (left >= MAILS_MAX)
		return err_set(err, ERR_TEMP,
		    "%s: %d mails wait to be read: is careerd running?",
		    maildir, left);
	return maildir_deliver(maildir, mail->data, mail->len, err);
}

/*
 * What root puts there must be read by the daemon: it is made by the owner of
 * the directory above.
 */
int
received_put(struct arena *arena, const struct conf *conf,
    const struct buf *mail, struct err *err)
{
	const char *maildir = conf_received(arena);
	int64_t before_ms = clock_wall_ms() - age_max_ms(conf);
	bool is_root = geteuid() == 0;
	struct stat st;
	int result;

	if (directory_make(conf->state_dir, 0711, err) == -1)
		return -1;
	if (stat(conf->state_dir, &st) == -1)
		return err_errno(err, ERR_IO, "%s", conf->state_dir);
	if (is_root && (setegid(st.st_gid) == -1 || seteuid(st.st_uid) == -1))
		return err_errno(err, ERR_PERM, "%s: its owner", maildir);
	result = put(arena, maildir, before_ms, mail, err);
	if (is_root && (seteuid(0) == -1 || setegid(0) == -1))
		fatal("cannot be root again");
	return result;
}
