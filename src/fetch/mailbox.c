/*
 * Mailboxes that are files: which mails they hold, and one of them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "fetch/mailbox_int.h"

#define FIRST 256
/* LIMIT_MAILBOX_SCAN positions, and the array of them as it grows. */
#define LIST_BYTES (96L * 1024 * 1024)

void
mail_list_add(struct mail_list *l, int64_t time_ms, const char *position)
{
	struct mail_entry *grown;

	if (time_ms < l->since_ms || l->n == LIMIT_MAILBOX_SCAN)
		return;
	if (l->n == l->size) {
		l->size = l->size == 0 ? FIRST : l->size * 2;
		grown = arena_array(l->arena, l->size, sizeof(*grown));
		if (l->n > 0)
			memcpy(grown, l->at, l->n * sizeof(*grown));
		l->at = grown;
	}
	l->at[l->n++] = (struct mail_entry){ time_ms, position };
}

enum fetch_result
mailbox_failed(const char *kind, const char *path, struct err *err)
{
	bool is_denied = errno == EACCES || errno == EPERM;

	err_errno(err, ERR_PERM, "%s %s", kind, path);
	if (is_denied)
		err_hint(err, "careerd runs as another user than its owner, "
			      "or its unit must be given the path with "
			      "BindReadOnlyPaths=");
	return FETCH_REFUSED;
}

enum fetch_result
mail_too_big(int64_t bytes, const struct buf *to, struct err *err)
{
	err_set(err, ERR_DATA,
	    "a mail of %lld bytes, where %zu are allowed (limits.max_bytes)",
	    (long long)bytes, to->limit);
	return FETCH_TOO_BIG;
}

static int
newest_first(const void *a, const void *b)
{
	const struct mail_entry *x = a, *y = b;

	if (x->time_ms != y->time_ms)
		return x->time_ms < y->time_ms ? 1 : -1;
	return strcmp(y->position, x->position);
}

static void
list_write(struct mail_list *l, struct buf *to)
{
	if (l->n > 0)
		qsort(l->at, l->n, sizeof(l->at[0]), newest_first);
	for (size_t i = 0; i < l->n && i < LIMIT_MAILBOX_MAILS; i++) {
		buf_str(to, l->at[i].position);
		buf_char(to, '\n');
	}
}

static enum fetch_result
list(const struct source *source, const struct mailbox *box, struct buf *body,
    struct err *err)
{
	struct mail_list l = { .arena = arena_new(LIST_BYTES),
		.since_ms = clock_wall_ms() - source->mails.age_ms };
	enum fetch_result result;

	result = box->kind == MAILBOX_MAILDIR ? maildir_list(box, &l, err)
					      : mbox_list(box, &l, err);
	if (result == FETCH_OK) {
		list_write(&l, body);
		result = FETCH_LISTED;
	}
	arena_free(l.arena);
	return result;
}

const char *
mailbox_of(const struct source *source, const char *target)
{
	for (size_t i = 0; source != NULL && i < source->ntargets; i++)
		if (str_eq(source->targets[i].key, target))
			return source->targets[i].mailbox;
	return NULL;
}

static enum fetch_result
perform(struct arena *arena, const struct source *source,
    const struct grant *grant, struct buf *body, struct err *err)
{
	const char *name = mailbox_of(source, grant->target), *position;
	struct mailbox box;

	if (name == NULL || mailbox_parse(arena, name, &box, err) == -1) {
		err_set(err, ERR_PERM, "no mailbox of the source");
		return FETCH_REFUSED;
	}
	if (grant->kind == REQUEST_MAILBOX && str_eq(grant->url, name))
		return list(source, &box, body, err);
	position = mailbox_position(arena, name, grant->url);
	if (position == NULL) {
		err_set(err, ERR_PERM, "no mail of the source's mailbox");
		return FETCH_REFUSED;
	}
	return box.kind == MAILBOX_MAILDIR
		   ? maildir_read(&box, position, body, err)
		   : mbox_read(&box, position, body, err);
}

void
mailbox_fetch(struct arena *arena, const struct source *source,
    const struct grant *grant, struct buf *body, struct fetched *to)
{
	int64_t begin_ms = clock_mono_ms();
	uint8_t hash[SHA256_BYTES];
	struct err err = { 0 };

	*to = (struct fetched){ .id = grant->id, .url = grant->url };
	to->result = perform(arena, source, grant, body, &err);
	to->reason = arena_strdup(arena, err.text);
	to->bytes = (int64_t)body->len;
	to->took_ms = clock_mono_ms() - begin_ms;
	if (to->result != FETCH_OK)
		return;
	sha256_of(buf_cstr(body), body->len, hash);
	to->body_hash = str_hex(arena, hash, sizeof(hash));
}
