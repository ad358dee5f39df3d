/*
 * Feeds: RSS 2.0, RSS 1.0 (RDF), Atom, JSON Feed, and other XML lists whose
 * fields the source names. They are read without a DTD.
 */
#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "base/str.h"
#include "extract/charset.h"
#include "extract/feed_int.h"

/* The name without its prefix. */
static bool
is_called(const struct node *n, const char *name)
{
	const char *p = n->text, *colon = memchr(p, ':', n->len);
	size_t len = n->len;

	if (n->type != NODE_ELEMENT)
		return false;
	if (colon != NULL) {
		len -= (size_t)(colon + 1 - p);
		p = colon + 1;
	}
	return strlen(name) == len && strncasecmp(p, name, len) == 0;
}

static const struct node *
first_element(const struct node *n)
{
	n = n->first;
	while (n != NULL && n->type != NODE_ELEMENT)
		n = n->next;
	return n;
}

/* Entities of a document's own are a bomb, and no feed needs them. */
static bool
declares_entities(const struct dom *dom, const struct node *root)
{
	size_t n = root == NULL ? dom->n : (size_t)(root->text - dom->source);

	return memmem(dom->source, n, "<!ENTITY", 8) != NULL;
}

static bool
open_json_feed(struct reading *r)
{
	size_t n = r->n;
	const char *text = charset_read(
	    r->arena, r->body, &n, r->page->content_type, CHARSET_JSON);
	struct err e = { 0 };
	enum jdoc_result result;

	result = text == NULL
		     ? JDOC_TOO_BIG
		     : jdoc_parse(r->arena, text, n, JDOC_STRICT, &r->json, &e);
	if (result == JDOC_OK)
		return true;
	return reading_fail(r,
	    result == JDOC_TOO_BIG ? EXTRACT_TOO_BIG : EXTRACT_MALFORMED,
	    "JSON Feed: %s", e.text);
}

static bool
is_feed(const struct node *root)
{
	return is_called(root, "rss") || is_called(root, "rdf") ||
	       is_called(root, "feed") || is_called(root, "channel");
}

/* XML that is no feed, but a list of elements that hold fields. */
static bool
is_list(const struct reading *r, const struct node *root)
{
	const struct node *first = first_element(root);

	if (r->plan->jobs.kind != SELECT_NONE)
		return true;
	return r->plan->view->nfields > 0 &&
	       (first == NULL || first_element(first) != NULL);
}

static bool
feed_open(struct reading *r)
{
	size_t n = r->n, skip = blank_prefix(r->body, n);
	const struct node *root;
	const char *text;

	if (skip < n && r->body[skip] == '{')
		return open_json_feed(r);
	text = charset_read(
	    r->arena, r->body, &n, r->page->content_type, CHARSET_XML);
	if (text == NULL)
		return reading_fail(
		    r, EXTRACT_TOO_BIG, "the feed needs too much memory");
	r->dom = dom_xml(r->arena, text, n);
	root = first_element(r->dom->root);
	if (root == NULL || is_called(root, "html") ||
	    (!is_feed(root) && !is_list(r, root)))
		return reading_not_format(r, "a feed");
	if (declares_entities(r->dom, root))
		return reading_fail(r, EXTRACT_MALFORMED,
		    "the feed declares entities of its own");
	if (r->dom->over)
		return reading_fail(
		    r, EXTRACT_TOO_BIG, "the feed has too many elements");
	r->feed = feed_names_read(r->arena, r->dom);
	return true;
}

static void
json_feed_items(struct reading *r)
{
	const struct jnode *list = jnode_member(r->json, "items"), *n;

	if (list == NULL || list->type != J_ARRAY) {
		reading_fail(r, EXTRACT_NOT_FORMAT, "JSON, but no JSON Feed");
		return;
	}
	r->items = arena_array(r->arena, list->len, sizeof(r->items[0]));
	n = jnode_first(list);
	for (uint32_t i = 0; i < list->len; i++, n = jnode_next(n))
		r->items[r->nitems++].json = n;
}

/* In a feed by their name; in another list, all that are like its first. */
static bool
is_item(const struct node *root, const struct node *n)
{
	const struct node *first = first_element(root);

	if (is_feed(root))
		return is_called(n, "item") || is_called(n, "entry");
	return n->type == NODE_ELEMENT && n->parent == root &&
	       n->hash == first->hash && n->len == first->len;
}

static void
feed_items(struct reading *r)
{
	const struct node *top, *root, *n;
	size_t count = 0;

	if (r->json != NULL) {
		json_feed_items(r);
		return;
	}
	top = r->dom->root;
	root = first_element(top);
	for (n = node_after(top, top); n != NULL; n = node_after(n, top))
		count += is_item(root, n);
	r->items = arena_array(r->arena, count, sizeof(r->items[0]));
	n = node_after(top, top);
	while (n != NULL) {
		bool found = is_item(root, n);

		if (found)
			r->items[r->nitems++].node = n;
		/* Nothing in an item is one. */
		n = found ? node_behind(n, top) : node_after(n, top);
	}
}

/* ---- what an item of JSON says ---- */

static const char *
json_member_text(
    struct reading *r, const struct jnode *n, const char *a, const char *b)
{
	const struct jnode *found = jnode_member(n, a);

	if (found == NULL && b != NULL)
		found = jnode_member(n, b);
	return found == NULL ? NULL : jnode_text(r->scratch, found);
}

static const char *
json_feed_company(struct reading *r, const struct jnode *n)
{
	const struct jnode *authors = jnode_member(n, "authors"), *one;

	one =
	    authors == NULL ? jnode_member(n, "author") : jnode_at(authors, 0);
	return one == NULL ? NULL : json_member_text(r, one, "name", NULL);
}

static const char *
json_feed_raw(struct reading *r, const struct jnode *n, const char *name)
{
	if (str_eq(name, "external_id"))
		return json_member_text(r, n, "id", NULL);
	if (str_eq(name, "title"))
		return json_member_text(r, n, "title", NULL);
	if (str_eq(name, "url"))
		return json_member_text(r, n, "url", "external_url");
	if (str_eq(name, "posted_date"))
		return json_member_text(
		    r, n, "date_published", "date_modified");
	if (str_eq(name, "description"))
		return json_member_text(r, n, "content_html", "content_text");
	if (str_eq(name, "company"))
		return json_feed_company(r, n);
	if (str_eq(name, "language"))
		return json_member_text(r, n, "language", NULL);
	return json_member_text(r, n, name, NULL);
}

static const char *
feed_raw(struct reading *r, const struct item *item, const char *name)
{
	return item->json != NULL ? json_feed_raw(r, item->json, name)
				  : feed_item_text(r, item->node, name);
}

static void
set_tags(struct filler *f)
{
	const struct item *item = f->item;
	struct values v = { 0 };
	const struct node *n;
	size_t max = LIMIT_LIST_ITEMS;

	v.at = arena_array(f->r->scratch, max, sizeof(v.at[0]));
	if (item->json != NULL) {
		v.at[0].json = jnode_member(item->json, "tags");
		v.n = v.at[0].json != NULL;
	}
	n = item->node == NULL ? NULL : item->node->first;
	for (; n != NULL && v.n < max; n = n->next) {
		const char *term;

		if (!feed_is(f->r->feed, n, "category"))
			continue;
		term = node_attr_text(f->r->scratch, n, "label");
		if (term == NULL)
			term = node_attr_text(f->r->scratch, n, "term");
		if (term != NULL)
			v.at[v.n++].text = term;
		else
			v.at[v.n++].node = n;
	}
	if (v.n > 0)
		slot_set(f, slot_find("tags"), NULL, &v);
}

static const char *const known[] = { "external_id", "title", "url", "company",
	"description", "posted_date", "tags", NULL };

static void
feed_fill(struct reading *r, const struct item *item, struct posting *posting)
{
	static const char *const names[] = { "external_id", "title", "url",
		"company", "location", "posted_date", "language" };
	struct filler f = { .r = r, .item = item, .posting = posting };
	const char *text;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct value v = { 0 };
		struct values one = { .at = &v, .n = 1 };

		v.text = feed_raw(r, item, names[i]);
		if (!str_is_empty(v.text))
			slot_set(&f, slot_find(names[i]), NULL, &one);
	}
	text = feed_raw(r, item, "description");
	if (!str_is_empty(text))
		posting_set_html(&f, text);
	set_tags(&f);
}

const struct format_reader reader_feed = {
	.name = "feed",
	.selects = SELECT_CSS,
	.is_xml = true,
	.open = feed_open,
	.find_items = feed_items,
	.fill = feed_fill,
	.raw = feed_raw,
	.fills = known,
};
