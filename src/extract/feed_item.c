/*
 * What an item of a feed says: which of its elements is the title, the link
 * and so on, whatever prefix its namespace goes by.
 */
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "base/url.h"
#include "base/utf8.h"
#include "extract/feed_int.h"
#include "extract/mime.h"

/* ---- names ---- */

/* Prefixes beyond these are taken as they are written. */
#define PREFIXES_MAX 32

struct prefix {
	const char *text, *means;
	uint32_t len;
};

struct feed_names {
	struct prefix at[PREFIXES_MAX];
	size_t n;
};

/* Namespaces by how their address begins; "" are the feed's own words. */
static const struct {
	const char *uri, *means;
} spaces[] = {
	{ "http://www.w3.org/2005/atom", "" },
	{ "http://purl.org/atom/", "" },
	{ "http://purl.org/rss/1.0/modules/content", "content" },
	{ "http://purl.org/rss/1.0/modules/", NULL },
	{ "http://purl.org/rss/1.0/", "" },
	{ "http://my.netscape.com/rdf/simple/", "" },
	{ "http://channel.netscape.com/rdf/simple/", "" },
	{ "http://purl.org/net/rss1.1", "" },
	{ "http://backend.userland.com/", "" },
	{ "http://blogs.law.harvard.edu/tech/rss", "" },
	{ "http://purl.org/dc/elements/", "dc" },
	{ "http://purl.org/dc/terms/", "dcterms" },
	{ "http://www.itunes.com/", "itunes" },
	{ "http://search.yahoo.com/mrss", "media" },
	{ "http://www.w3.org/1999/xhtml", "xhtml" },
};

/* NULL: a namespace that we do not know. */
static const char *
space_of(const struct attr *uri)
{
	for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		size_t n = strlen(spaces[i].uri);

		if (uri->value_len >= n &&
		    strncasecmp(uri->value, spaces[i].uri, n) == 0)
			return spaces[i].means;
	}
	return NULL;
}

static void
prefixes_add(struct feed_names *names, const struct node *n)
{
	for (size_t i = 0; i < n->nattrs && names->n < PREFIXES_MAX; i++) {
		const struct attr *a = &n->attrs[i];
		const char *means;

		if (a->name_len <= 6 || memcmp(a->name, "xmlns:", 6) != 0)
			continue;
		means = space_of(a);
		if (means != NULL)
			names->at[names->n++] = (struct prefix){
				.text = a->name + 6,
				.len = a->name_len - 6,
				.means = means,
			};
	}
}

const struct feed_names *
feed_names_read(struct arena *arena, const struct dom *dom)
{
	struct feed_names *names = arena_alloc(arena, sizeof(*names));
	const struct node *n = dom->root;

	names->n = 0;
	for (; n != NULL; n = node_after(n, dom->root))
		if (n->nattrs > 0)
			prefixes_add(names, n);
	return names;
}

/* Is the prefix what a namespace is called here? */
static bool
prefix_is(const struct feed_names *names, const char *prefix, uint32_t len,
    const char *space, size_t nspace)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct prefix *p = &names->at[i];

		if (p->len == len && memcmp(p->text, prefix, len) == 0)
			return strlen(p->means) == nspace &&
			       memcmp(p->means, space, nspace) == 0;
	}
	return len == nspace && strncasecmp(prefix, space, len) == 0;
}

/* An element without a prefix may say its namespace itself. */
static bool
is_plain(const struct node *n, const char *space, size_t nspace)
{
	const struct attr *a = n->nattrs == 0 ? NULL : node_attr(n, "xmlns");
	const char *means = a == NULL ? NULL : space_of(a);

	if (means == NULL)
		means = "";
	return strlen(means) == nspace && memcmp(means, space, nspace) == 0;
}

bool
feed_is(const struct feed_names *names, const struct node *n, const char *name)
{
	const char *colon = strchr(name, ':'), *local = name, *own = n->text;
	size_t nspace = colon == NULL ? 0 : (size_t)(colon - name);
	size_t len = strlen(name);
	uint32_t prefix;

	if (n->type != NODE_ELEMENT || n->len == 0)
		return false;
	if (colon != NULL) {
		local = colon + 1;
		len -= nspace + 1;
	}
	if (n->len < len || strncasecmp(own + n->len - len, local, len) != 0)
		return false;
	if (n->len == len)
		return is_plain(n, name, nspace);
	prefix = n->len - (uint32_t)len - 1;
	return own[prefix] == ':' &&
	       prefix_is(names, own, prefix, name, nspace);
}

/* ---- texts ---- */

/* Atom may say that a text is base64: by its mode of old, or its type. */
static bool
is_base64(const struct node *n)
{
	const struct attr *mode, *type;

	if (n->nattrs == 0)
		return false;
	mode = node_attr(n, "mode");
	if (mode != NULL)
		return mode->value_len == 6 &&
		       strncasecmp(mode->value, "base64", 6) == 0;
	type = node_attr(n, "type");
	return type != NULL && type->value_len > 12 &&
	       strncasecmp(type->value, "application/", 12) == 0 &&
	       memmem(type->value, type->value_len, "xml", 3) == NULL;
}

static const char *
base64_text(struct reading *r, const struct node *n)
{
	struct buf raw;
	const char *text;
	size_t len;

	buf_init(&raw, LIMIT_DESCRIPTION_BYTES);
	node_text_raw(n, &raw);
	text = mime_base64(r->scratch, buf_cstr(&raw), raw.len, &len);
	text = utf8_mend(r->scratch, text, len);
	buf_fini(&raw);
	return str_is_empty(text) ? NULL : text;
}

/* One line; titles with markup lose it. */
static const char *
line_of(struct reading *r, const struct node *n)
{
	struct value v = { .node = n };
	const char *text = is_base64(n) ? base64_text(r, n) : value_text(r, &v);

	if (text == NULL)
		return NULL;
	if (strchr(text, '<') != NULL && text_has_tags(text))
		text = value_html_text(r->scratch, text, strlen(text));
	text = str_fold_space(r->scratch, text);
	return *text == '\0' ? NULL : text;
}

/* The text of the first of these children that has one. */
static const char *
child_text(struct reading *r, const struct node *item, const char *const *names)
{
	for (; *names != NULL; names++) {
		const struct node *n = item->first;

		for (; n != NULL; n = n->next) {
			const char *text;

			if (!feed_is(r->feed, n, *names))
				continue;
			text = line_of(r, n);
			if (text != NULL)
				return text;
		}
	}
	return NULL;
}

static const struct node *
child(struct reading *r, const struct node *item, const char *name)
{
	const struct node *n = item->first;

	while (n != NULL && !feed_is(r->feed, n, name))
		n = n->next;
	return n;
}

/* ---- links ---- */

/* What addresses in an element are relative to: xml:base, outermost first. */
static const char *
base_of(struct reading *r, const struct node *n)
{
	const char *own, *outer;

	while (
	    n != NULL && (n->nattrs == 0 || node_attr(n, "xml:base") == NULL))
		n = n->parent;
	if (n == NULL)
		return r->base;
	own = node_attr_text(r->scratch, n, "xml:base");
	/* Depth is bounded by LIMIT_DOM_DEPTH. */
	outer = base_of(r, n->parent);
	outer = own == NULL ? outer : url_resolve(r->scratch, outer, own);
	return outer == NULL ? r->base : outer;
}

/* Atom's link: the alternate one. RSS's is text. */
static const char *
link_of(struct reading *r, const struct node *item, const struct node **at)
{
	const struct node *n = item->first;
	const char *text;

	for (; n != NULL; n = n->next) {
		const char *href, *rel;

		if (n->nattrs == 0 || !feed_is(r->feed, n, "link"))
			continue;
		href = node_attr_text(r->scratch, n, "href");
		rel = node_attr_text(r->scratch, n, "rel");
		*at = n;
		if (!str_is_empty(href) &&
		    (str_is_empty(rel) || str_eq(rel, "alternate")))
			return href;
	}
	for (n = item->first; n != NULL; n = n->next) {
		if (!feed_is(r->feed, n, "link"))
			continue;
		text = line_of(r, n);
		*at = n;
		if (text != NULL)
			return text;
	}
	*at = item;
	return NULL;
}

static const char *
guid_link(struct reading *r, const struct node *item)
{
	const struct node *guid = child(r, item, "guid");
	const char *text = guid == NULL ? NULL : line_of(r, guid);
	const char *is = guid == NULL
			     ? NULL
			     : node_attr_text(r->scratch, guid, "isPermaLink");

	if (text == NULL || str_eq_ci(is, "false"))
		return NULL;
	return strstr(text, "://") != NULL || text[0] == '/' ? text : NULL;
}

static const char *
item_link(struct reading *r, const struct node *item)
{
	const struct node *at = item;
	const char *text = link_of(r, item, &at), *base;

	if (text == NULL)
		text = guid_link(r, item);
	if (text == NULL)
		text = node_attr_text(r->scratch, item, "href");
	if (text == NULL)
		return NULL;
	base = base_of(r, at);
	/* The page's own address is put before it later. */
	return base == r->base ? text : url_resolve(r->scratch, base, text);
}

/* ---- people, ids ---- */

/* "ada@x.example (Ada)", "Ada <ada@x.example>": the name; or NULL. */
static const char *
name_beside_mail(struct reading *r, const char *text)
{
	const char *at = text == NULL ? NULL : strchr(text, '@');
	const char *from = at, *until = at, *open;
	char *left, *right;
	size_t n;

	if (at == NULL)
		return text;
	while (from > text && strchr(" (<", from[-1]) == NULL)
		from--;
	while (*until != '\0' && strchr(" )>", *until) == NULL)
		until++;
	n = (size_t)(from - text);
	while (n > 0 && strchr(" (<\"", text[n - 1]) != NULL)
		n--;
	left = arena_strndup(r->scratch, text, n);
	open = until + strspn(until, " )>(");
	right = arena_strdup(r->scratch, open);
	n = strlen(right);
	while (n > 0 && strchr(" )", right[n - 1]) != NULL)
		right[--n] = '\0';
	left += *left == '"';
	return *left != '\0' ? left : *right != '\0' ? right : NULL;
}

static const char *
item_company(struct reading *r, const struct node *item)
{
	static const char *const firms[] = { "company", "job:company",
		"job_listing:company", "hiringOrganization", NULL };
	static const char *const people[] = { "author", "dc:creator",
		"dc:author", "itunes:author", "managingEditor", NULL };
	const struct node *author = child(r, item, "author"), *name = NULL;
	const char *text = child_text(r, item, firms);

	if (text != NULL)
		return text;
	if (author != NULL)
		name = child(r, author, "name");
	if (name != NULL)
		text = line_of(r, name);
	if (text == NULL && name == NULL)
		text = child_text(r, item, people);
	/* RSS asks for a mail address there. */
	return name_beside_mail(r, text);
}

static const char *
item_id(struct reading *r, const struct node *item)
{
	static const char *const names[] = { "guid", "id", "dc:identifier",
		NULL };
	const char *text = child_text(r, item, names);

	return text != NULL ? text
			    : node_attr_text(r->scratch, item, "rdf:about");
}

/* ---- dates, descriptions ---- */

static const char *
item_date(struct reading *r, const struct node *item)
{
	static const char *const names[] = { "pubDate", "published",
		"dcterms:issued", "issued", "dc:date", "date",
		"dcterms:created", "created", "updated", "modified",
		"dcterms:modified", "lastBuildDate", NULL };
	const char *text = child_text(r, item, names);

	return text != NULL ? text
			    : node_attr_text(r->scratch, item, "lastmod");
}

static const char *
markup_of(struct reading *r, const struct node *n)
{
	struct value v = { .node = n };

	return is_base64(n) ? base64_text(r, n) : value_markup(r, &v);
}

static const char *
item_description(struct reading *r, const struct node *item)
{
	static const char *const names[] = { "content:encoded", "content",
		"xhtml:body", "body", "fullitem", "description", "summary",
		"dc:description", "media:description", "itunes:summary",
		"subtitle", "tagline", "itunes:subtitle", "abstract", NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		const struct node *n = child(r, item, names[i]);
		const char *text = n == NULL ? NULL : markup_of(r, n);

		if (text != NULL)
			return text;
	}
	return NULL;
}

const char *
feed_item_text(struct reading *r, const struct node *item, const char *name)
{
	static const char *const titles[] = { "title", "dc:title",
		"media:title", NULL };
	static const char *const places[] = { "location", "job:location",
		"job_listing:location", NULL };
	static const char *const languages[] = { "language", "dc:language",
		NULL };
	const char *const own[] = { name, NULL };

	if (str_eq(name, "external_id"))
		return item_id(r, item);
	if (str_eq(name, "title"))
		return child_text(r, item, titles);
	if (str_eq(name, "url"))
		return item_link(r, item);
	if (str_eq(name, "company"))
		return item_company(r, item);
	if (str_eq(name, "posted_date"))
		return item_date(r, item);
	if (str_eq(name, "location"))
		return child_text(r, item, places);
	if (str_eq(name, "language"))
		return child_text(r, item, languages);
	if (str_eq(name, "description"))
		return item_description(r, item);
	return child_text(r, item, own);
}
