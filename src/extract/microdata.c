/*
 * Microdata of a page's JobPosting items as JSON, so that they are read the
 * way JSON-LD is. Properties that occur twice become arrays.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "extract/extract_int.h"

struct property {
	const char *name;
	const struct node *node;
};

struct writer {
	const struct dom *dom;
	struct arena *arena;
	struct buf *to;
	int depth;
	int references; /* looked up by itemref, all in all */
};

static void write_item(struct writer *, const struct node *);

static void
write_text(struct buf *to, const char *text, size_t n)
{
	const struct jnode string = {
		.type = J_STRING, .len = (uint32_t)n, .v = { .text = text }
	};

	jnode_write(&string, to);
}

static void
write_string(struct buf *to, const char *text)
{
	write_text(to, text, strlen(text));
}

/* The address or value that an element of this kind carries itself. */
static const char *
own_value(struct writer *w, const struct node *n)
{
	static const struct {
		enum tag tag;
		const char *attr;
	} carriers[] = { { TAG_META, "content" }, { TAG_A, "href" },
		{ TAG_LINK, "href" }, { TAG_AREA, "href" }, { TAG_IMG, "src" },
		{ TAG_NONE, "content" }, { TAG_NONE, "datetime" },
		{ TAG_NONE, "value" } };
	const char *text = NULL;

	for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++)
		if (text == NULL &&
		    (carriers[i].tag == TAG_NONE || carriers[i].tag == n->tag))
			text = node_attr_text(w->arena, n, carriers[i].attr);
	return text;
}

/* A link that is wanted for no address carries its text, if it has one. */
static const char *
link_value(struct writer *w, const struct property *p, const char *href)
{
	const char *text;

	if (str_eq(p->name, "url") || str_eq(p->name, "sameAs"))
		return href;
	text = node_text(w->arena, p->node, LIMIT_FIELD_BYTES);
	return *text == '\0' ? href : text;
}

/* Of one posting; the rest is left out. */
static bool
is_too_much(const struct writer *w)
{
	return arena_used(w->arena) > LIMIT_MICRODATA_BYTES;
}

static void
write_value(struct writer *w, const struct property *p)
{
	const char *text;
	size_t len;

	if (is_too_much(w)) {
		buf_str(w->to, "null");
		return;
	}
	if (node_attr(p->node, "itemscope") != NULL) {
		write_item(w, p->node);
		return;
	}
	text = own_value(w, p->node);
	if (text != NULL && p->node->tag == TAG_A)
		text = link_value(w, p, text);
	if (text != NULL) {
		write_string(w->to, text);
	} else if (str_eq(p->name, "description")) {
		text = node_inner(w->dom, p->node, &len);
		write_text(w->to, text, len);
	} else {
		write_string(
		    w->to, node_text(w->arena, p->node, LIMIT_FIELD_BYTES));
	}
}

/* One element may give its value to several names. */
static void
add_properties(struct writer *w, struct property *list, size_t *n,
    const struct node *node, const char *names)
{
	while (*names != '\0' && *n < LIMIT_LIST_ITEMS) {
		size_t len = strcspn(names, " \t\r\n");

		if (len > 0)
			list[(*n)++] = (struct property){
				arena_strndup(w->arena, names, len), node
			};
		names += len + (names[len] != '\0');
	}
}

struct properties {
	struct property *list;
	size_t n;
};

/* Those of an element and what is in it, without those of items in it. */
static void
find_below(struct writer *w, const struct node *top, const struct node *n,
    struct properties *to)
{
	while (n != NULL) {
		const char *names =
		    n->type == NODE_ELEMENT && n->nattrs > 0
			? node_attr_text(w->arena, n, "itemprop")
			: NULL;
		bool inner = n->type == NODE_ELEMENT && n->nattrs > 0 &&
			     node_attr(n, "itemscope") != NULL;

		if (names != NULL)
			add_properties(w, to->list, &to->n, n, names);
		n = inner ? node_behind(n, top) : node_after(n, top);
	}
}

static const struct node *
find_id(const struct dom *dom, const char *id, size_t len)
{
	const struct node *n = dom->root;

	for (; n != NULL; n = node_after(n, dom->root)) {
		const struct attr *a =
		    n->nattrs == 0 ? NULL : node_attr(n, "id");

		if (a != NULL && a->value_len == len &&
		    memcmp(a->value, id, len) == 0)
			return n;
	}
	return NULL;
}

/* Properties that lie elsewhere in the page: itemref="ID ID". */
static void
find_referenced(struct writer *w, const char *ids, struct properties *to)
{
	while (*ids != '\0' && w->references < LIMIT_MICRODATA_REFERENCES) {
		size_t len = strcspn(ids, " \t\r\n");
		const struct node *n =
		    len == 0 ? NULL : find_id(w->dom, ids, len);

		w->references += len > 0;
		if (n != NULL)
			find_below(w, n, n, to);
		ids += len + (ids[len] != '\0');
	}
}

static struct properties
find_properties(struct writer *w, const struct node *item)
{
	const char *ids = node_attr_text(w->arena, item, "itemref");
	struct properties found = { .list =
					arena_array(w->arena, LIMIT_LIST_ITEMS,
					    sizeof(struct property)) };

	find_below(w, item, node_after(item, item), &found);
	if (ids != NULL)
		find_referenced(w, ids, &found);
	return found;
}

static void
write_property(
    struct writer *w, const struct property *list, size_t i, size_t n)
{
	size_t same = 0;

	for (size_t k = 0; k < i; k++)
		if (str_eq(list[k].name, list[i].name))
			return;
	for (size_t k = i; k < n; k++)
		same += str_eq(list[k].name, list[i].name);
	buf_char(w->to, ',');
	write_string(w->to, list[i].name);
	buf_str(w->to, same > 1 ? ":[" : ":");
	for (size_t k = i, written = 0; k < n; k++) {
		if (!str_eq(list[k].name, list[i].name))
			continue;
		if (written++ > 0)
			buf_char(w->to, ',');
		write_value(w, &list[k]);
	}
	if (same > 1)
		buf_char(w->to, ']');
}

static void
write_item(struct writer *w, const struct node *item)
{
	const char *type = node_attr_text(w->arena, item, "itemtype");
	const char *name = type == NULL ? NULL : strrchr(type, '/');
	struct properties found;

	if (++w->depth > LIMIT_MICRODATA_DEPTH || is_too_much(w)) {
		buf_str(w->to, "null");
		w->depth--;
		return;
	}
	found = find_properties(w, item);
	buf_str(w->to, "{\"@type\":");
	write_string(w->to, name == NULL ? "" : name + 1);
	for (size_t i = 0; i < found.n; i++)
		write_property(w, found.list, i, found.n);
	buf_char(w->to, '}');
	w->depth--;
}

void
microdata_write(const struct dom *dom, struct buf *to)
{
	struct writer w = {
		.dom = dom, .arena = arena_new(LIMIT_SCRATCH_BYTES), .to = to
	};
	const struct node *top = dom->root, *n = node_after(top, top);
	size_t count = 0;

	while (n != NULL && count < LIMIT_PAGE_POSTINGS) {
		const char *type = n->type == NODE_ELEMENT && n->nattrs > 0
				       ? node_attr_text(w.arena, n, "itemtype")
				       : NULL;
		bool found = type != NULL && str_ends(type, "/JobPosting");

		if (found) {
			buf_str(to, count++ == 0 ? "[" : ",");
			write_item(&w, n);
			arena_reset(w.arena);
		}
		n = found ? node_behind(n, top) : node_after(n, top);
	}
	if (count > 0)
		buf_char(to, ']');
	arena_free(w.arena);
}
