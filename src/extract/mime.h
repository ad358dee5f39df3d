/*
 * A mail taken apart (RFC 5322, 2045-2047, 2231, 3676): headers, parts,
 * transfer encodings, charsets. For alert mails, bounces and unsubscribe
 * requests; every byte of it is foreign. Parts borrow from the text that
 * they were read from; nothing is decoded before somebody asks.
 */
#ifndef EXTRACT_MIME_H
#define EXTRACT_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"

struct mime_part {
	struct mime_part *parent, *first, *next;
	const char *head; /* its header lines */
	size_t nhead;
	const char *raw; /* its content, transfer encoding still on */
	size_t nraw;
	const char *type; /* "text/html", lower case */
	bool is_attached; /* a file beside the text */
};

struct mime {
	struct mime_part top;
	const char *fault; /* why not all parts could be found, or NULL */
};

/*
 * Never fails: what is malformed is taken as text. Nesting and the number of
 * parts are bounded; what lies beyond is left unread, and fault says so.
 */
void mime_parse(struct arena *, const char *text, size_t n, struct mime *to);
/* The part behind this one in the tree below top, or NULL. */
const struct mime_part *mime_after(
    const struct mime_part *, const struct mime_part *top);
/* The first part of a type ("text/html") at any depth, or NULL. */
const struct mime_part *mime_find(
    const struct mime_part *top, const char *type);

/* The value of a header on one line, words decoded; NULL if absent. */
const char *mime_header(
    struct arena *, const struct mime_part *, const char *name);
/* The address in a From or To value: "Ada <ada@x.org>" gives ada@x.org. */
const char *mime_address(struct arena *, const char *value);
/* Base64 undone, *nout bytes and a NUL; other characters are passed over. */
char *mime_base64(struct arena *, const char *, size_t n, size_t *nout);

/* The content without its transfer encoding; a NUL stands behind it. */
const char *mime_content(struct arena *, const struct mime_part *, size_t *n);
/*
 * The same as UTF-8 without NUL, its paragraphs joined where the part says
 * that its lines flow. NULL if the arena is too small.
 */
const char *mime_text(struct arena *, const struct mime_part *, size_t *n);

#endif
