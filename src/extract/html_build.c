/*
 * What is open while a tree of HTML grows, and how nodes come into it.
 */
#include <string.h>
#include <strings.h>
#include "extract/html_tree_int.h"

/* ---- linking ---- */

void
tree_append(struct builder *b, struct node *n)
{
	struct open *o = &b->open[b->depth - 1];

	n->parent = o->node;
	n->prev = o->last;
	if (o->last == NULL)
		o->node->first = n;
	else
		o->last->next = n;
	o->last = n;
}

static void
insert_before(struct node *n, struct node *next)
{
	n->parent = next->parent;
	n->prev = next->prev;
	n->next = next;
	if (next->prev == NULL)
		next->parent->first = n;
	else
		next->prev->next = n;
	next->prev = n;
}

/* What may not stand in a table goes before it (foster parenting). */
void
tree_insert(struct builder *b, struct node *n)
{
	size_t i;

	if (top_tag(b) == TAG_COLGROUP)
		tree_pop(b);
	if (!is_table_part(top_tag(b))) {
		tree_append(b, n);
		return;
	}
	i = b->depth - 1;
	while (i > 0 && b->open[i].node->tag != TAG_TABLE)
		i--;
	if (i == 0)
		tree_append(b, n);
	else
		insert_before(n, b->open[i].node);
}

void
tree_pop(struct builder *b)
{
	struct node *n = b->open[--b->depth].node;

	n->inner_to = b->at;
	b->count[n->tag]--;
	b->t.cdata = is_foreign(b);
}

/* Ends all that is open from open[i] on. */
void
tree_pop_to(struct builder *b, size_t i)
{
	while (b->depth > i)
		tree_pop(b);
}

/* Where svg and math have HTML in them (13.2.6, integration points). */
static bool
holds_html(const struct node *n)
{
	static const char *const names[] = { "foreignobject", "desc", "title",
		"mi", "mo", "mn", "ms", "mtext" };
	const struct attr *encoding;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == n->len &&
		    strncasecmp(names[i], n->text, n->len) == 0)
			return true;
	encoding = node_attr(n, "encoding");
	return encoding != NULL && n->len == strlen("annotation-xml") &&
	       ((encoding->value_len == 9 &&
		    strncasecmp(encoding->value, "text/html", 9) == 0) ||
		   (encoding->value_len == 21 &&
		       strncasecmp(
			   encoding->value, "application/xhtml+xml", 21) == 0));
}

void
tree_push(struct builder *b, struct node *n)
{
	bool foreign = is_foreign(b);

	/* Too deep: what is open deepest ends, as browsers do it. */
	if (b->depth == LIMIT_DOM_DEPTH)
		tree_pop(b);
	if (foreign)
		foreign = !holds_html(n);
	b->open[b->depth].foreign =
	    foreign || n->tag == TAG_SVG || n->tag == TAG_MATH;
	b->open[b->depth].node = n;
	b->open[b->depth++].last = NULL;
	b->count[n->tag]++;
	b->t.cdata = is_foreign(b);
}

struct node *
tree_element(struct builder *b, const struct token *t)
{
	struct node *n = node_element(b->dom, t);

	if (n == NULL)
		b->full = true;
	else
		n->inner_from = n->inner_to = offset(b);
	return n;
}

/* An element that nobody wrote, appended and open. */
struct node *
tree_imply(struct builder *b, enum tag tag, const char *name)
{
	struct token made = { .kind = TOKEN_START,
		.text = name,
		.len = (uint32_t)strlen(name),
		.tag = tag };
	struct node *n;

	made.hash = name_hash(name, made.len, false);
	n = tree_element(b, &made);
	if (n == NULL)
		return NULL;
	n->inner_from = b->at;
	tree_append(b, n);
	tree_push(b, n);
	return n;
}

void
tree_text(struct builder *b, const struct token *t, bool foster)
{
	struct node *n;

	if (t->len == 0)
		return;
	n = node_new_text(b->dom, t);
	if (n == NULL)
		b->full = true;
	else if (foster)
		tree_insert(b, n);
	else
		tree_append(b, n);
}

/* Content that is text up to its own end tag; n is in the tree already. */
static void
raw_text(struct builder *b, struct node *n)
{
	struct token t = { 0 };

	if (n->tag == TAG_TEXTAREA)
		tokenizer_skip_newline(&b->t);
	n->inner_from = offset(b);
	token_raw(&b->t, n->text, n->len, &t);
	n->inner_to = n->inner_from + t.len;
	t.raw = (tag_flags(n->tag) & TAG_IS_RCDATA) == 0;
	if (t.len == 0)
		return;
	n->first = node_new_text(b->dom, &t);
	if (n->first == NULL)
		b->full = true;
	else
		n->first->parent = n;
}

void
tree_fill(struct builder *b, struct node *n)
{
	uint32_t flags = tag_flags(n->tag);

	if ((flags & (TAG_IS_RAW | TAG_IS_RCDATA)) != 0 && !is_foreign(b))
		raw_text(b, n);
	else if ((flags & TAG_IS_VOID) == 0)
		tree_push(b, n);
	if (n->tag == TAG_PRE || n->tag == TAG_LISTING) {
		tokenizer_skip_newline(&b->t);
		n->inner_from = n->inner_to = offset(b);
	}
}

/* ---- searching what is open ---- */

/* The nearest open element of that tag within scope, 0 if there is none. */
size_t
tree_in_scope(const struct builder *b, enum tag tag, enum scope scope)
{
	for (size_t i = b->depth - 1; i > 0 && b->count[tag] > 0; i--) {
		enum tag is = b->open[i].node->tag;

		if (is == tag)
			return i;
		if ((tag_flags(is) & TAG_IS_SCOPE) != 0 || is_island(b, i) ||
		    (scope == SCOPE_BUTTON && is == TAG_BUTTON) ||
		    (scope == SCOPE_LIST && (is == TAG_UL || is == TAG_OL)))
			break;
	}
	return 0;
}

/* The open table, 0 if none is open or a template lies between. */
size_t
tree_open_table(const struct builder *b)
{
	for (size_t i = b->depth - 1; i > 0 && b->count[TAG_TABLE] > 0; i--) {
		if (b->open[i].node->tag == TAG_TABLE)
			return i;
		if (b->open[i].node->tag == TAG_TEMPLATE)
			break;
	}
	return 0;
}

void
tree_close(struct builder *b, enum tag tag, enum scope scope)
{
	size_t i = tree_in_scope(b, tag, scope);

	if (i > 0)
		tree_pop_to(b, i);
}

/* An open li, dd, dt, tr or td that a new one ends. */
void
tree_close_item(struct builder *b, enum tag a, enum tag other)
{
	size_t open = (size_t)b->count[a] + b->count[other];

	for (size_t i = b->depth - 1; i > 0 && open > 0; i--) {
		enum tag is = b->open[i].node->tag;

		if (is == a || is == other) {
			tree_pop_to(b, i);
			return;
		}
		if (is_island(b, i) ||
		    ((tag_flags(is) & TAG_IS_SPECIAL) != 0 &&
			!is_one_of(is, TAG_ADDRESS, TAG_DIV, TAG_P)))
			return;
	}
}

/* Take open[i] out without ending what was opened in it. */
void
tree_forget(struct builder *b, size_t i)
{
	struct node *n = b->open[i].node;

	n->inner_to = b->at;
	b->count[n->tag]--;
	memmove(&b->open[i], &b->open[i + 1],
	    (b->depth - i - 1) * sizeof(b->open[0]));
	b->depth--;
}

/* The end of b, i, a and the like: they may end across other elements. */
void
tree_end_format(struct builder *b, enum tag tag)
{
	bool crosses = false;

	for (size_t i = b->depth - 1; i > 0 && b->count[tag] > 0; i--) {
		enum tag is = b->open[i].node->tag;

		if (is == tag) {
			if (crosses)
				tree_forget(b, i);
			else
				tree_pop_to(b, i);
			return;
		}
		if ((tag_flags(is) & TAG_IS_SCOPE) != 0 || is_island(b, i))
			return;
		crosses |= (tag_flags(is) & TAG_IS_SPECIAL) != 0;
	}
}
