/*
 * Between the files that take mails apart.
 */
#ifndef EXTRACT_MIME_INT_H
#define EXTRACT_MIME_INT_H

#include "extract/mime.h"

struct mime_span {
	const char *p;
	size_t n;
};

/* One header as it came, unfolded and cut at some length; NULL if absent. */
const char *mime_header_raw(
    struct arena *, const struct mime_part *, const char *name);
/* A parameter of a structured header; value may be NULL. NULL if absent. */
const char *mime_parameter(struct arena *, const char *value, const char *name);

/* ---- mime_decode.c ---- */

/* Each gives a copy with a NUL behind it. */
struct mime_span mime_quoted(struct arena *, struct mime_span);
/* "%41" to "A", as RFC 2231 has it in parameters. */
struct mime_span mime_percent(struct arena *, struct mime_span);
/* Encoded words (RFC 2047) in a header's value. */
const char *mime_words(struct arena *, const char *value);
/* Lines that flow (RFC 3676) joined to paragraphs, in valid UTF-8. */
const char *mime_flowed(
    struct arena *, const char *text, size_t *n, bool delsp);

#endif
