/*
 * Foreign JSON (RFC 8259) read into an arena: a run of small nodes in the
 * order of the text, strings decoded in a copy of the body, numbers kept as
 * they were written so that an id of twenty digits stays exact.
 */
#ifndef EXTRACT_JDOC_H
#define EXTRACT_JDOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum jtype {
	J_NULL,
	J_FALSE,
	J_TRUE,
	J_NUMBER, /* text holds what the source wrote, len bytes, no NUL */
	J_STRING, /* text is decoded UTF-8, len bytes and a NUL */
	J_KEY,    /* the same, before the value of an object's member */
	J_ARRAY,  /* len elements follow */
	J_OBJECT  /* len members, each a J_KEY and a value, follow */
};

struct jnode {
	uint32_t type;
	uint32_t len;
	union {
		const char *text;
		size_t span; /* containers: nodes from here to behind it */
	} v;
};

enum jdoc_result {
	JDOC_OK,
	JDOC_MALFORMED,
	JDOC_NOT_UTF8, /* malformed only in its UTF-8 */
	JDOC_TOO_BIG   /* more values than LIMIT_JDOC_NODES or the arena */
};

/*
 * LENIENT is for JSON inside HTML: raw control characters and backslashes in
 * strings, trailing commas, values left out, comments, CDATA and comment
 * wrappers, and whatever stands behind an object or array.
 */
enum jdoc_mode { JDOC_STRICT, JDOC_LENIENT };

/*
 * Parse n bytes; *root is set only when all is well, else e says at which
 * byte. Nothing of the text given is kept. A leading BOM is passed over; an
 * escaped NUL or lone surrogate becomes U+FFFD.
 */
enum jdoc_result jdoc_parse(struct arena *, const char *, size_t n,
    enum jdoc_mode, const struct jnode **root, struct err *);

static inline bool
jnode_is_container(const struct jnode *n)
{
	return n->type >= J_ARRAY;
}

/* The first child: a value of an array, the first key of an object. */
static inline const struct jnode *
jnode_first(const struct jnode *container)
{
	return container + 1;
}

/* The node behind a value and all that is in it. */
static inline const struct jnode *
jnode_next(const struct jnode *n)
{
	return n + (jnode_is_container(n) ? n->v.span : 1);
}

/* The value of a member (the last of that name), or NULL; any node may ask. */
const struct jnode *jnode_get(
    const struct jnode *, const char *key, size_t key_len);
/* The same, key ended by NUL; NULL may ask too. */
const struct jnode *jnode_member(const struct jnode *, const char *key);
/* Element i of an array, counted from its end if negative; or NULL. */
const struct jnode *jnode_at(const struct jnode *, int64_t i);
/* Text of a string, number or boolean; NULL for null and containers. */
const char *jnode_text(struct arena *, const struct jnode *);
double jnode_double(const struct jnode *); /* a number's value; else NAN */
bool jnode_equal(const struct jnode *, const struct jnode *); /* RFC 9535 */
/* As compact JSON. */
void jnode_write(const struct jnode *, struct buf *);

#endif
