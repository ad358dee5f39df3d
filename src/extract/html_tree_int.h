/*
 * Between the files that build trees of HTML: what is open and how nodes come
 * into the tree (html_build.c), and what each tag does (html_tree.c).
 */
#ifndef EXTRACT_HTML_TREE_INT_H
#define EXTRACT_HTML_TREE_INT_H

#include "base/limits.h"
#include "extract/dom.h"

struct open {
	struct node *node;
	struct node *last; /* its last child */
	bool foreign;      /* what lies in it is of a picture or formula */
};

struct builder {
	struct dom *dom;
	struct tokenizer t;
	uint32_t at; /* where the present token begins in the source */
	struct open open[LIMIT_DOM_DEPTH]; /* [0] is the document */
	size_t depth;
	uint16_t count[TAG__MAX]; /* of each tag, how many are open */
	struct node *html, *head, *body;
	bool quirks; /* read as pages without a doctype are */
	bool full;   /* no more nodes */
};

static inline enum tag
top_tag(const struct builder *b)
{
	return b->open[b->depth - 1].node->tag;
}

static inline bool
is_one_of(enum tag tag, enum tag a, enum tag b, enum tag c)
{
	return tag == a || tag == b || tag == c;
}

static inline bool
is_body_of_rows(enum tag tag)
{
	return is_one_of(tag, TAG_TBODY, TAG_THEAD, TAG_TFOOT);
}

/* Only rows and cells may stand there. */
static inline bool
is_table_part(enum tag tag)
{
	return tag == TAG_TABLE || tag == TAG_TR || is_body_of_rows(tag);
}

static inline bool
is_heading(enum tag tag)
{
	return tag >= TAG_H1 && tag <= TAG_H6;
}

static inline uint32_t
offset(const struct builder *b)
{
	return (uint32_t)(b->t.p - b->dom->source);
}

static inline bool
is_foreign(const struct builder *b)
{
	return b->open[b->depth - 1].foreign;
}

/* Is open[i] itself part of a picture or formula? */
static inline bool
is_foreign_node(const struct builder *b, size_t i)
{
	return b->open[i].foreign || (i > 0 && b->open[i - 1].foreign);
}

/* An element of svg or math in which HTML begins anew. */
static inline bool
is_island(const struct builder *b, size_t i)
{
	return !b->open[i].foreign && b->open[i - 1].foreign;
}

/* ---- linking ---- */

/* As the last child of what is open deepest. */
void tree_append(struct builder *, struct node *);
/* The same; what may not stand in a table goes before it. */
void tree_insert(struct builder *, struct node *);
void tree_push(struct builder *, struct node *);
void tree_pop(struct builder *);
/* End all that is open from open[i] on. */
void tree_pop_to(struct builder *, size_t i);
/* Take open[i] out without ending what was opened in it. */
void tree_forget(struct builder *, size_t i);
/* NULL when there is no more room. */
struct node *tree_element(struct builder *, const struct token *);
/* An element that nobody wrote, appended and open. */
struct node *tree_imply(struct builder *, enum tag, const char *name);
void tree_text(struct builder *, const struct token *, bool foster);
/* Open an element in the tree, or read its content if that is text. */
void tree_fill(struct builder *, struct node *);

/* ---- searching what is open ---- */

enum scope { SCOPE_PLAIN, SCOPE_BUTTON, SCOPE_LIST };

/* The nearest open element of that tag within scope, 0 if there is none. */
size_t tree_in_scope(const struct builder *, enum tag, enum scope);
/* The open table, 0 if none is open or a template lies between. */
size_t tree_open_table(const struct builder *);
/* End the element of that tag if it is in scope. */
void tree_close(struct builder *, enum tag, enum scope);
/* An open li, dd, dt, tr or td that a new one ends. */
void tree_close_item(struct builder *, enum tag, enum tag other);
/* The end of b, i, a and the like: they may end across other elements. */
void tree_end_format(struct builder *, enum tag);

#endif
