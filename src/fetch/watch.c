/*
 * What may be opened, and what must be opened anew. Once the locks are on a
 * path means the file that it meant before: when another one takes its place,
 * or a reload names a new mailbox, only a new process can open it.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/clock.h"
#include "base/str.h"
#include "fetch/mailbox_int.h"
#include "proc/proc.h"

#define LOOK_MS 1000

/* What names of hosts are looked up by. */
static const char *const resolver_files[] = { "/etc/resolv.conf", "/etc/hosts",
	"/etc/nsswitch.conf" };

static ino_t
inode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == -1 ? 0 : st.st_ino;
}

static void
watch_add(struct watches *w, const char *path)
{
	w->at = xrealloc(w->at, (w->n + 1) * sizeof(*w->at));
	w->at[w->n++] = (struct watch){ xstrdup(path), inode_of(path) };
}

static bool
is_watched(const struct watches *w, const char *path)
{
	for (size_t i = 0; i < w->n; i++)
		if (str_eq(w->at[i].path, path))
			return true;
	return false;
}

/* The path of the n-th target's mailbox if that is a file, or NULL. */
static const char *
mailbox_path(struct arena *arena, const struct target *target)
{
	struct mailbox box;

	if (target->mailbox == NULL ||
	    mailbox_parse(arena, target->mailbox, &box, NULL) == -1)
		return NULL;
	return box.path;
}

/* True if all mailboxes are watched; with add they are from now on. */
static bool
mailboxes_look(struct watches *w, const struct worker *worker, bool add)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	bool is_all = true;

	for (size_t i = 0; i < worker->nsources; i++) {
		const struct source *source = worker->sources[i];

		for (size_t k = 0; k < source->ntargets; k++) {
			const char *path =
			    mailbox_path(arena, &source->targets[k]);

			if (path == NULL || is_watched(w, path))
				continue;
			is_all = false;
			if (add)
				watch_add(w, path);
		}
	}
	arena_free(arena);
	return is_all;
}

void
watches_begin(struct watches *w, const struct worker *worker)
{
	for (size_t i = 0;
	     i < sizeof(resolver_files) / sizeof(resolver_files[0]); i++)
		watch_add(w, resolver_files[i]);
	(void)mailboxes_look(w, worker, true);
	w->looked_ms = clock_mono_ms();
}

void
watches_end(struct watches *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->at[i].path);
	free(w->at);
	*w = (struct watches){ .n = 0 };
}

bool
watches_cover(struct watches *w, const struct worker *worker)
{
	return mailboxes_look(w, worker, false);
}

const char *
watches_moved(struct watches *w)
{
	if (clock_mono_ms() - w->looked_ms < LOOK_MS)
		return NULL;
	w->looked_ms = clock_mono_ms();
	for (size_t i = 0; i < w->n; i++)
		if (inode_of(w->at[i].path) != w->at[i].ino)
			return w->at[i].path;
	return NULL;
}
