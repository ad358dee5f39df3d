/*
 * A Mustache template taken apart: private to the two mustache files.
 */
#ifndef NOTIFY_MUSTACHE_INT_H
#define NOTIFY_MUSTACHE_INT_H

#include "base/arena.h"
#include "base/err.h"
#include "notify/notify.h"

enum mustache_kind {
	MUSTACHE_TEXT,
	MUSTACHE_VALUE,  /* {{name}} */
	MUSTACHE_RAW,    /* {{{name}}} and {{&name}} */
	MUSTACHE_OPEN,   /* {{#name}} */
	MUSTACHE_INVERT, /* {{^name}} */
	MUSTACHE_CLOSE,  /* {{/name}} */
	MUSTACHE_PARTIAL /* {{>name}} */
};

struct mustache_token {
	enum mustache_kind kind;
	const char *text; /* of text, or the name; ended by NUL */
	size_t len;
	size_t match;       /* OPEN, INVERT: index of the CLOSE */
	const char *indent; /* PARTIAL that stands alone: blanks before it */
	int line, column;
};

struct mustache_template {
	struct mustache_token *tokens;
	size_t n, size;
};

/*
 * Take n bytes of template apart; everything is in the arena. -1 and
 * the place for an unclosed tag or a section that is not balanced.
 */
int mustache_parse(struct arena *, const char *, size_t n,
    struct mustache_template *to, struct mustache_place *at, struct err *);

#endif
