/*
 * A mail taken apart (RFC 5322, 2045-2047, 2231 as far as names go):
 * headers, parts, transfer encodings. For alert mails, bounces and
 * unsubscribe requests; every byte of it is foreign.
 */
#ifndef EXTRACT_MIME_H
#define EXTRACT_MIME_H

#include <stddef.h>
#include "base/arena.h"

struct mime_header {
	const char *name;  /* as written */
	const char *value; /* unfolded; encoded words still encoded */
};

struct mime_part {
	struct mime_header *headers;
	size_t nheaders;
	const char *type;    /* "text/html", lower case */
	const char *charset; /* lower case, or NULL */
	const char *body;    /* transfer encoding undone, NUL behind it */
	size_t n;
	struct mime_part *parts; /* of multipart and message types */
	size_t nparts;
};

/*
 * Never fails: what is malformed is taken as text. Nesting and the number of
 * parts are bounded; what lies beyond is left unread.
 */
void mime_parse(
    struct arena *, const char *text, size_t n, struct mime_part *to);
/* The value of a header, encoded words decoded to UTF-8; NULL if absent. */
const char *mime_header(
    struct arena *, const struct mime_part *, const char *name);
/* The first part of a type ("text/html") at any depth, or NULL. */
const struct mime_part *mime_find(const struct mime_part *, const char *type);
/* The address in a From or To value: "Ada <ada@x.org>" gives ada@x.org. */
const char *mime_address(struct arena *, const char *value);
/* Base64 undone, *nout bytes and a NUL; other characters are passed over. */
char *mime_base64(struct arena *, const char *, size_t n, size_t *nout);

#endif
