/*
 * XML into a tree, as feeds write it: well-formed or nearly so. There is no
 * DTD, so there are no entities but the predefined ones and HTML's names.
 */
#include <string.h>
#include "base/limits.h"
#include "extract/dom.h"

struct builder {
	struct dom *dom;
	struct node *open[LIMIT_DOM_DEPTH];
	struct node *last[LIMIT_DOM_DEPTH]; /* last child of each */
	size_t depth;
};

static void
append(struct builder *b, struct node *n)
{
	struct node *parent = b->open[b->depth - 1],
		    *last = b->last[b->depth - 1];

	n->parent = parent;
	n->prev = last;
	if (last == NULL)
		parent->first = n;
	else
		last->next = n;
	b->last[b->depth - 1] = n;
}

static void
push(struct builder *b, struct node *n)
{
	if (b->depth == LIMIT_DOM_DEPTH)
		return;
	b->open[b->depth] = n;
	b->last[b->depth++] = NULL;
}

static void
pop(struct builder *b, uint32_t at)
{
	b->open[--b->depth]->inner_to = at;
}

/* An end tag ends the nearest element of its name, or none. */
static void
end_tag(struct builder *b, const struct token *t, uint32_t at)
{
	size_t i = b->depth;

	while (--i > 0) {
		const struct node *n = b->open[i];

		if (n->hash == t->hash && n->len == t->len &&
		    memcmp(n->text, t->text, t->len) == 0)
			break;
	}
	while (i > 0 && b->depth > i)
		pop(b, at);
}

static bool
start_tag(struct builder *b, const struct token *t, const char *behind)
{
	struct node *n = node_element(b->dom, t);

	if (n == NULL)
		return false;
	n->inner_from = n->inner_to = (uint32_t)(behind - b->dom->source);
	append(b, n);
	if (!t->self_closing)
		push(b, n);
	return true;
}

struct dom *
dom_xml(struct arena *arena, const char *text, size_t n)
{
	struct builder *b = arena_alloc(arena, sizeof(*b));
	struct tokenizer t;
	struct token token;
	struct node *node;
	bool room = true;

	b->dom = dom_new(arena, text, n, true);
	push(b, b->dom->root);
	tokenizer_init(&t, b->dom);
	for (token_next(&t, &token); room && token.kind != TOKEN_EOF;
	     token_next(&t, &token)) {
		if (token.kind == TOKEN_START) {
			room = start_tag(b, &token, t.p);
		} else if (token.kind == TOKEN_END) {
			end_tag(b, &token, (uint32_t)(token.begin - text));
		} else {
			node = node_new_text(b->dom, &token);
			if (node != NULL)
				append(b, node);
			room = node != NULL;
		}
	}
	while (b->depth > 0)
		pop(b, (uint32_t)b->dom->n);
	return b->dom;
}
