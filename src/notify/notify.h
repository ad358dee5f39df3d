/*
 * Render and send.
 */
#ifndef NOTIFY_NOTIFY_H
#define NOTIFY_NOTIFY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "msg/mail.h"

/* The worker: "careerd worker notify". */
int notify_main(void);

/* ---- Mustache (mustache(5), specification 1.x core modules) ---- */

enum mustache_escape { MUSTACHE_HTML, MUSTACHE_PLAIN };
/* Text of a partial by name, in the arena, or NULL if there is none. */
typedef const char *mustache_partial(void *context, const char *name);
/*
 * Render template with data into out. Unknown names are empty. -1 with line
 * and column when the template is malformed; out is then as before.
 */
int mustache_render(const char *template, const struct json *data,
    enum mustache_escape, mustache_partial *, void *context, struct buf *out,
    struct err *);
/* Where in a template something is: from 1, columns in characters. */
struct mustache_place {
	int line, column;
};
/*
 * Check alone: tags balanced, partials there (unless partial is NULL), names
 * known in the sample data (or NULL). -1: at says where, err what.
 */
int mustache_check(const char *template, const struct json *sample,
    mustache_partial *, void *context, struct mustache_place *at, struct err *);

/* ---- mails ---- */

/* Where templates are looked for: the user's folder first (may be NULL). */
struct template_dirs {
	const char *own, *shipped;
};
/* Rendered parts of a mail; all in the arena. */
struct mail_parts {
	const char *subject, *text, *html; /* html may be NULL */
};
/*
 * Check one file of a folder, "digest.txt.mustache" of dirs->own or, without
 * that, dirs->shipped, against sample data (or NULL): a readable file of
 * UTF-8, and what mustache_check says. -1 with the place (0 for all of it).
 */
int mail_template_check(const struct template_dirs *, const char *file,
    const struct json *sample, struct mustache_place *at, struct err *);
/* Long lines of the text are broken at blanks; the subject is one line. */
int mail_render(struct arena *, const struct template_dirs *,
    const char *template, const struct json *data, struct mail_parts *to,
    struct err *);
struct mail_headers {
	const char *from_name, *from_address, *to_name, *to_address;
	const char *message_id, *unsubscribe;
	int64_t date_ms;
};
/*
 * MIME bytes of a multipart/alternative mail (RFC 5322, 2045-2047). Refuses
 * CR, LF and NUL in any header value and addresses that are none.
 */
int mail_compose(const struct mail_headers *, const struct mail_parts *,
    struct buf *out, struct err *);
/* True if text is one mail address that may go into MAIL FROM and RCPT TO. */
bool mail_address_is_valid(const char *text);
/* Make what is missing of a Maildir and of the folders above it. */
int maildir_make(const char *maildir, struct err *);
/* Write a mail into a Maildir: tmp, fsync, rename to new. */
int maildir_deliver(
    const char *maildir, const char *mime, size_t n, struct err *);

#endif
