/*
 * Trees of HTML: links hold both ways, contents lie within the source, and
 * XPath sees the elements that we do.
 */
#include "base/limits.h"
#include "base/utf8.h"
#include "extract/dom.h"
#include "extract/xpath.h"
#include "fuzz_value.h"

static size_t
tree_check(const struct dom *dom)
{
	size_t elements = 0;

	for (const struct node *n = dom->root; n != NULL;
	     n = node_after(n, dom->root)) {
		assert(n->first == NULL || n->first->parent == n);
		assert(n->first == NULL || n->first->prev == NULL);
		assert(n->next == NULL || n->next->prev == n);
		assert(n->next == NULL || n->next->parent == n->parent);
		assert(n->index < dom->count);
		if (n->type != NODE_ELEMENT)
			continue;
		elements++;
		assert(n->inner_from <= dom->n && n->inner_to <= dom->n);
	}
	return elements;
}

static void
xpath_check(struct arena *arena, const struct dom *dom, size_t elements)
{
	static struct xpath *all;
	struct xpath_doc *doc = xpath_doc_new(arena, dom);
	struct xpath_found *found;
	size_t n = 0;

	if (all == NULL)
		all = xpath_new("//*", NULL, NULL);
	if (doc != NULL &&
	    xpath_select(all, doc, arena, dom->root, SIZE_MAX, &found, &n) == 0)
		assert(n == elements);
	xpath_doc_free(doc);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena *arena;
	struct dom *dom;
	char *copy = fuzz_text(data, n);
	const char *text;

	if (arena == NULL)
		arena = arena_new(256L * 1024 * 1024);
	text = utf8_mend(arena, copy, n);
	dom = dom_html(arena, text, strlen(text));
	xpath_check(arena, dom, tree_check(dom));
	node_text(arena, dom->root, LIMIT_FIELD_BYTES);
	tree_check(dom_xml(arena, text, strlen(text)));
	arena_reset(arena);
	free(copy);
	return 0;
}
