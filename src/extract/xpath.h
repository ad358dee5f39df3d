/*
 * XPath 1.0 by libxml2, compiled once, over a copy of the tree that is made
 * only for pages whose source asks in XPath.
 */
#ifndef EXTRACT_XPATH_H
#define EXTRACT_XPATH_H

#include "base/err.h"
#include "extract/dom.h"

struct xpath;
struct xpath_doc;

struct xpath_found {
	const struct node *node; /* an element, or */
	const char *text;        /* an attribute, text, number or true */
};

/* The caller's to free. NULL and err if text is none; *at: the fault. */
struct xpath *xpath_new(const char *text, size_t *at, struct err *);
void xpath_free(struct xpath *);
/* NULL when the tree is too large to be copied. */
struct xpath_doc *xpath_doc_new(struct arena *, const struct dom *);
void xpath_doc_free(struct xpath_doc *);
/*
 * What it finds, asked at context (a node of the document's dom): an array
 * in the arena, at most max; *n how many. -1 when a limit was met.
 */
int xpath_select(const struct xpath *, struct xpath_doc *, struct arena *,
    const struct node *context, size_t max, struct xpath_found **to, size_t *n);
/* Initialise libxml2 before the jail closes; its messages go nowhere. */
void xpath_warm_up(void);

#endif
