/*
 * The tree of a page as a row of elements and a row of links.
 */
#include <string.h>
#include "base/str.h"
#include "base/url.h"
#include "extract/look_int.h"

#define LINK_TEXT_BYTES 300

/* ---- texts by number ---- */

#define NAMES_FIRST 1024

void
names_init(struct names *names, struct arena *arena)
{
	*names = (struct names){ .arena = arena, .size = NAMES_FIRST };
	names->slots = arena_array(arena, names->size, sizeof(names->slots[0]));
	names->texts =
	    arena_array(arena, names->size / 2, sizeof(names->texts[0]));
}

static size_t
slot_of(const struct names *names, const char *text)
{
	size_t i = name_hash(text, strlen(text), false) & (names->size - 1);

	while (names->slots[i] != 0 &&
	       strcmp(names->texts[names->slots[i] - 1], text) != 0)
		i = (i + 1) & (names->size - 1);
	return i;
}

static void
names_grow(struct names *names)
{
	const char **texts = names->texts;

	names->size *= 2;
	names->slots =
	    arena_array(names->arena, names->size, sizeof(names->slots[0]));
	names->texts =
	    arena_array(names->arena, names->size / 2, sizeof(names->texts[0]));
	memcpy(names->texts, texts, names->n * sizeof(texts[0]));
	for (uint32_t i = 0; i < names->n; i++)
		names->slots[slot_of(names, texts[i])] = i + 1;
}

uint32_t
names_number(struct names *names, const char *text, bool add)
{
	size_t slot = slot_of(names, text);

	if (names->slots[slot] != 0)
		return names->slots[slot] - 1;
	if (!add)
		return NAME_NONE;
	if (names->n == names->size / 2) {
		names_grow(names);
		slot = slot_of(names, text);
	}
	names->texts[names->n] = arena_strdup(names->arena, text);
	names->slots[slot] = ++names->n;
	return names->n - 1;
}

/* ---- menus, headers, footers ---- */

/* Cards have headers, too: only those of the page count. */
static bool
is_of_page(const struct node *node)
{
	for (node = node->parent; node != NULL; node = node->parent)
		if (node->tag == TAG_ARTICLE || node->tag == TAG_LI ||
		    node->tag == TAG_MAIN || node->tag == TAG_SECTION)
			return false;
	return true;
}

static bool
is_aside(struct look *look, const struct node *node)
{
	const char *classes, *id, *role;

	if (node->tag == TAG_NAV)
		return true;
	if (node->tag == TAG_HEADER || node->tag == TAG_FOOTER)
		return is_of_page(node);
	if (node->tag == TAG_HTML || node->tag == TAG_BODY ||
	    node->tag == TAG_MAIN || node->nattrs == 0)
		return false;
	arena_reset(look->brief);
	role = node_attr_text(look->brief, node, "role");
	classes = node_attr_text(look->brief, node, "class");
	id = node_attr_text(look->brief, node, "id");
	return str_eq(role, "navigation") || str_eq(role, "contentinfo") ||
	       (classes != NULL && look_speaks_of_menus(classes)) ||
	       (id != NULL && look_speaks_of_menus(id));
}

/* ---- addresses that look alike ---- */

static bool
has_digit(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] >= '0' && text[i] <= '9')
			return true;
	return false;
}

/* Words joined by dashes, or a number: another one in another address. */
static bool
is_variable(const char *part, size_t n)
{
	return n > 20 || has_digit(part, n) || memchr(part, '-', n) != NULL;
}

/*
 * host/jobs/#/... - parts that may be any are '#', the last one '*'. A coarse
 * shape keeps of the path how many parts it has.
 */
static const char *
shape_of(struct look *look, const char *url)
{
	const char *p = strstr(url, "://") + 3, *query = strchr(url, '?');
	size_t length = strcspn(p, "?#"), part = strcspn(p, "/?#");
	bool differs = query != NULL && has_digit(query, strlen(query));
	struct buf text;
	const char *shape;

	while (length > part && p[length - 1] == '/')
		length--;
	buf_init(&text, LIMIT_URL_BYTES);
	buf_add(&text, p, part);
	for (size_t at = part; at < length; at += part) {
		at++;
		part = strcspn(p + at, "/?#");
		buf_char(&text, '/');
		/* /job?id=7: what differs stands in the query. */
		if (at + part >= length && !differs)
			buf_char(&text, '*');
		else if (look->links_are == LOOK_COARSE ||
			 is_variable(p + at, part))
			buf_char(&text, '#');
		else
			buf_add(&text, p + at, part);
	}
	while (query != NULL && *query != '\0' && *query != '#') {
		size_t n = strcspn(query + 1, "=&#");

		buf_add(&text, query, n + 1);
		query += n + 1;
		query += strcspn(query, "&#");
	}
	shape = arena_strdup(look->arena, buf_cstr(&text));
	buf_fini(&text);
	return shape;
}

/* Where an <a> leads, without its fragment unless that is a route. */
static const char *
link_url(struct look *look, const struct node *node)
{
	const char *href = node_attr_text(look->arena, node, "href");
	char *url, *hash;

	if (href == NULL || href[0] == '\0' || str_eq(href, "#"))
		return NULL;
	url = url_resolve(look->arena, look->r->base, href);
	hash = url == NULL ? NULL : strchr(url, '#');
	if (hash != NULL && hash[1] != '/' && hash[1] != '!')
		*hash = '\0';
	if (url == NULL || str_eq(url, look->r->page->url))
		return NULL;
	return url;
}

static void
link_add(struct look *look, uint32_t spot, const char *url, const char *shape)
{
	struct link *link;

	if (look->nlinks == LIMIT_LOOK_LINKS)
		return;
	if (look->nlinks == look->size) {
		struct link *more;

		look->size = look->size == 0 ? 64 : look->size * 2;
		more = arena_array(look->arena, look->size, sizeof(*more));
		if (look->nlinks > 0)
			memcpy(more, look->links, look->nlinks * sizeof(*more));
		look->links = more;
	}
	link = &look->links[look->nlinks++];
	link->spot = spot;
	link->url = names_number(&look->urls, url, true);
	link->shape = names_number(&look->shapes, shape, true);
	link->text = look_text(look, look->spots[spot].node, LINK_TEXT_BYTES);
}

static void
anchor_add(struct look *look, uint32_t spot)
{
	const char *url = link_url(look, look->spots[spot].node);

	if (url == NULL)
		return;
	look->met += look->links_are == LOOK_FINE;
	link_add(look, spot, url, shape_of(look, url));
}

/* A heading that names a job stands for a link where there are none. */
static void
title_add(struct look *look, uint32_t spot)
{
	const struct node *node = look->spots[spot].node;
	const char *text, *class = node_attr_text(look->arena, node, "class");

	if ((node->tag < TAG_H1 || node->tag > TAG_H6) &&
	    (class == NULL || !str_eq(look_field_of(class), "title")))
		return;
	text = look_text(look, node, LINK_TEXT_BYTES);
	if (!str_is_empty(text) && look_names_job(text))
		link_add(look, spot, text, "title");
}

const char *
look_path(const struct look *look, const struct link *link)
{
	const char *p = strstr(look->urls.texts[link->url], "://");

	return p == NULL ? "" : p + 3 + strcspn(p + 3, "/");
}

/* ---- the row ---- */

/* Spots that are over before a node is met: it is not in them. */
static uint32_t
spots_close(struct look *look, uint32_t open, const struct node *node)
{
	while (open != 0 && look->spots[open].node != node->parent) {
		struct spot *spot = &look->spots[open];

		spot->end = look->n;
		spot->nlinks = look->nlinks - spot->link;
		open = spot->parent;
	}
	return open;
}

void
look_page(struct look *look, enum look_links links_are)
{
	const struct node *top = look->r->dom->root, *n;
	uint32_t open = 0;

	look->links_are = links_are;
	look->links = NULL;
	look->nlinks = look->size = 0;
	names_init(&look->urls, look->arena);
	names_init(&look->shapes, look->arena);
	look->spots = arena_array(
	    look->arena, look->r->dom->count + 1, sizeof(look->spots[0]));
	look->spots[0].node = top;
	look->n = 1;
	for (n = node_after(top, top); n != NULL; n = node_after(n, top)) {
		struct spot *spot;

		if (n->type != NODE_ELEMENT)
			continue;
		open = spots_close(look, open, n);
		spot = &look->spots[look->n];
		*spot = (struct spot){
			.node = n, .parent = open, .link = look->nlinks
		};
		spot->aside = look->spots[open].aside || is_aside(look, n);
		open = look->n++;
		if (links_are == LOOK_TITLES)
			title_add(look, open);
		else if (n->tag == TAG_A)
			anchor_add(look, open);
	}
	spots_close(look, open, &(struct node){ .parent = NULL });
	look->spots[0].end = look->n;
	look->spots[0].nlinks = look->nlinks;
}
