/*
 * What the parser of selectors makes and the matcher walks.
 */
#ifndef EXTRACT_CSS_INT_H
#define EXTRACT_CSS_INT_H

#include "extract/css.h"

enum css_kind {
	CSS_ID,
	CSS_CLASS,
	CSS_ATTR,
	CSS_NTH,
	CSS_NOT,
	CSS_IS,
	CSS_HAS,
	CSS_CONTAINS,
	CSS_EMPTY,
	CSS_ROOT,
	CSS_SCOPE,
	CSS_LINK,
	CSS_ANCHOR /* the element that :has() is asked of */
};

struct css_text {
	const char *p;
	uint32_t len;
};

struct css_simple {
	struct css_simple *next;
	enum css_kind kind;
	struct css_text name;  /* id, class, attribute */
	struct css_text value; /* attribute's value, text of :contains() */
	uint32_t hash;         /* of the attribute's name */
	char op;               /* '\0' (is there), '=', or that before '=' */
	bool fold;             /* ASCII case of the value does not matter */
	int32_t a, b;          /* an+b */
	bool from_end, of_type;
	unsigned cache;         /* of CSS_NTH: which place to remember it in */
	struct css_complex *of; /* arguments; for CSS_NTH may be NULL */
};

/* Compounds lie from right to left: combinator leads on to the next. */
struct css_compound {
	struct css_simple *simples;
	struct css_text tag; /* p is NULL: any */
	uint32_t tag_hash;
	uint64_t classes; /* bits that an element must have */
	char combinator;  /* ' ', '>', '+', '~', or '\0' for the last */
};

struct css_complex {
	struct css_complex *next;
	struct css_compound *compounds;
	size_t n;
	const char *attr; /* what "@name" takes, or NULL */
	bool self;        /* only the element that is asked */
};

struct css {
	struct css_complex *list;
	bool is_xml;
	unsigned ncaches;
};

#endif
