/*
 * Files: which may be opened, and mailboxes. Nothing outside of what a source
 * names is opened, nothing is written, and no mail is marked as read.
 */
#ifndef FETCH_MAILBOX_INT_H
#define FETCH_MAILBOX_INT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "msg/mailbox.h"
#include "msg/request.h"
#include "proc/proc.h"

/* ---- watch.c: paths that the locks leave open ---- */

struct watches {
	struct watch {
		char *path;
		ino_t ino; /* 0: it is not there */
	} * at;
	size_t n;
	int64_t looked_ms;
};

/* The resolver's files and the mailboxes of the worker's sources. */
void watches_begin(struct watches *, const struct worker *);
void watches_end(struct watches *);
/* False when a source has a mailbox now that is not among them. */
bool watches_cover(struct watches *, const struct worker *);
/* A path that leads to another file by now; looked at once a second. */
const char *watches_moved(struct watches *);

/* ---- mailboxes ---- */

/* Mails as they are found. */
struct mail_list {
	struct arena *arena;
	struct mail_entry {
		int64_t time_ms; /* of its delivery */
		const char *position;
	} * at;
	size_t n, size;
	int64_t since_ms; /* older ones are not taken */
};

void mail_list_add(struct mail_list *, int64_t time_ms, const char *position);

/* errno says why it cannot be read; the remedy goes into err. */
enum fetch_result mailbox_failed(
    const char *kind, const char *path, struct err *err);
/* A mail of so many bytes, for which the buffer has no room. */
enum fetch_result mail_too_big(int64_t bytes, const struct buf *, struct err *);

/*
 * What is in a Maildir, and one mail of it. FETCH_OK, or another result with
 * the reason in err; FETCH_UNCHANGED: the mail is no longer there.
 */
enum fetch_result maildir_list(
    const struct mailbox *, struct mail_list *, struct err *);
enum fetch_result maildir_read(
    const struct mailbox *, const char *position, struct buf *to, struct err *);

/* The same of an mbox. */
enum fetch_result mbox_list(
    const struct mailbox *, struct mail_list *, struct err *);
enum fetch_result mbox_read(
    const struct mailbox *, const char *position, struct buf *to, struct err *);

/* The mailbox of one of the source's targets, or NULL. */
const char *mailbox_of(const struct source *, const char *target);
/*
 * Answer a grant for one of those, or for a mail in it, if it is a file: *to
 * with its texts in the arena, the body in the buffer.
 */
void mailbox_fetch(struct arena *, const struct source *, const struct grant *,
    struct buf *body, struct fetched *to);

#endif
