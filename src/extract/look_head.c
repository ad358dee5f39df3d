/*
 * What a page says of itself and where it leads: addresses, feeds, the next
 * page, the text of a job.
 */
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "base/url.h"
#include "extract/look_int.h"

#define SAID_BYTES 300

/* ---- addresses of other places ---- */

struct gathering {
	struct look *look;
	struct names known;
	struct json *list;
	char *own; /* the page's authority */
};

static void
address_add(struct gathering *g, const char *reference, const char *by)
{
	struct arena *arena = g->look->arena;
	char *url = url_resolve(arena, g->look->r->base, reference);
	struct json *one;
	struct url parts;

	if (url == NULL || json_size(g->list) >= LIMIT_LOOK_ADDRESSES ||
	    url_parse(arena, url, &parts, NULL) == -1 ||
	    str_eq(url_authority(arena, &parts), g->own))
		return;
	/* Of pictures and the like it matters whose they are. */
	if (str_eq(by, "asset"))
		url = arena_printf(arena, "%s/", url_authority(arena, &parts));
	if (names_number(&g->known, url, false) != NAME_NONE)
		return;
	names_number(&g->known, url, true);
	one = json_object();
	json_set(one, "url", json_string(url));
	json_set(one, "by", json_string(by));
	json_append(g->list, one);
}

/* Where the address round the "//" at p begins; NULL if it is none. */
static const char *
address_begin(const char *text, const char *p)
{
	if (p >= text + 6 && strncasecmp(p - 6, "https:", 6) == 0)
		return p - 6;
	if (p >= text + 5 && strncasecmp(p - 5, "http:", 5) == 0)
		return p - 5;
	return p > text && strchr("\"'(`", p[-1]) != NULL ? p : NULL;
}

static void
script_addresses(struct gathering *g, const char *text, size_t n)
{
	const char *end = text + n, *p = text, *from;
	char url[LIMIT_URL_BYTES];

	while ((p = memmem(p, (size_t)(end - p), "//", 2)) != NULL) {
		size_t length = 0;

		from = address_begin(text, p);
		p += 2;
		while (from != NULL && from < end && *from != '\0' &&
		       length < sizeof(url) - 1 &&
		       strchr("\"'`<>()\\ \t\r\n;,", *from) == NULL)
			url[length++] = *from++;
		url[length] = '\0';
		if (length > 0)
			address_add(g, url, "script");
	}
}

/* Addresses in a script, where "\\/" is a slash. */
static void
script_read(struct gathering *g, const struct node *script)
{
	const struct node *text = script->first;
	char *plain, *q;

	if (text == NULL || text->len < 8)
		return;
	plain = q = arena_strndup(g->look->arena, text->text, text->len);
	for (size_t i = 0; i < text->len; i++) {
		if (plain[i] == '\\' && i + 1 < text->len &&
		    plain[i + 1] == '/')
			continue;
		*q++ = plain[i];
	}
	script_addresses(g, plain, (size_t)(q - plain));
}

/* data-domain="acme.example.com", data-src="https://..." */
static void
data_read(struct gathering *g, const struct node *node)
{
	for (uint16_t i = 0; i < node->nattrs; i++) {
		const struct attr *a = &node->attrs[i];
		const char *value;

		if (a->name_len < 6 || strncasecmp(a->name, "data-", 5) != 0 ||
		    a->value_len < 4 || a->value_len > 500 ||
		    memchr(a->value, '.', a->value_len) == NULL)
			continue;
		value = arena_strndup(g->look->arena, a->value, a->value_len);
		if (strstr(value, "//") != NULL)
			address_add(g, value, "script");
		else if (strspn(value, "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789-.") == strlen(value))
			address_add(g,
			    arena_printf(g->look->arena, "https://%s/", value),
			    "script");
	}
}

static void
element_read(struct gathering *g, const struct node *n)
{
	static const struct {
		const char *tag, *attr, *by;
	} kinds[] = {
		{ "script", "src", "script" },
		{ "iframe", "src", "frame" },
		{ "frame", "src", "frame" },
		{ "object", "data", "frame" },
		{ "form", "action", "link" },
		{ "a", "href", "link" },
		{ "area", "href", "link" },
		{ "link", "href", "asset" },
		{ "img", "src", "asset" },
	};
	const char *value;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].tag) != n->len ||
		    strncasecmp(kinds[i].tag, n->text, n->len) != 0)
			continue;
		value = node_attr_text(g->look->arena, n, kinds[i].attr);
		if (!str_is_empty(value))
			address_add(g, value, kinds[i].by);
	}
	data_read(g, n);
	if (n->tag == TAG_SCRIPT)
		script_read(g, n);
}

struct json *
look_addresses(struct look *look)
{
	const struct node *top = look->r->dom->root, *n;
	struct gathering g = { .look = look, .list = json_array() };
	struct url parts;

	names_init(&g.known, look->arena);
	g.own = url_parse(look->arena, look->r->page->url, &parts, NULL) == 0
		    ? url_authority(look->arena, &parts)
		    : NULL;
	for (n = node_after(top, top); n != NULL; n = node_after(n, top))
		if (n->type == NODE_ELEMENT)
			element_read(&g, n);
	return g.list;
}

/* ---- what its head says ---- */

static bool
has_token(const char *list, const char *token)
{
	size_t n = strlen(token);

	for (const char *p = list; (p = str_find_ci(p, token)) != NULL; p++)
		if ((p == list || p[-1] == ' ') &&
		    (p[n] == '\0' || p[n] == ' '))
			return true;
	return false;
}

struct json *
look_feeds(struct look *look)
{
	static const char *const types[] = { "application/rss+xml",
		"application/atom+xml", "application/feed+json",
		"application/rdf+xml" };
	struct json *list = json_array();
	struct css_found *found;
	size_t n = 0;

	found = look_select(look, "link[rel][href]", look->r->dom->root, &n);
	for (size_t i = 0; found != NULL && i < n; i++) {
		const struct node *node = found[i].node;
		struct arena *a = look->arena;
		const char *rel = node_attr_text(a, node, "rel");
		const char *type = node_attr_text(a, node, "type");
		char *url = url_resolve(
		    a, look->r->base, node_attr_text(a, node, "href"));
		bool is_feed = false;
		struct json *one;

		for (size_t k = 0; type != NULL && k < 4; k++)
			is_feed =
			    is_feed || str_find_ci(type, types[k]) == type;
		if (!is_feed || url == NULL || !has_token(rel, "alternate"))
			continue;
		one = json_object();
		json_set(one, "url", json_string(url));
		json_set(one, "title",
		    json_string(node_attr_text(a, node, "title")));
		json_append(list, one);
	}
	return list;
}

const char *
look_head_text(struct look *look, const char *selector)
{
	struct css_found *found;
	const char *text;
	size_t n = 0;

	found = look_select(look, selector, look->r->dom->root, &n);
	if (found == NULL || n == 0)
		return NULL;
	text = found[0].attr == NULL
		   ? look_text(look, found[0].node, SAID_BYTES)
		   : str_fold_space(look->arena,
			 arena_strndup(look->arena, found[0].attr->value,
			     found[0].attr->value_len < SAID_BYTES
				 ? found[0].attr->value_len
				 : SAID_BYTES));
	return str_is_empty(text) ? NULL : text;
}

/* ---- how the list goes on ---- */

const char *
look_next(struct look *look)
{
	static const char *const ways[] = { "a[rel~=next]@href",
		"link[rel~=next]@href", "a.next@href", ".next a@href",
		".next > a@href", "a.pagination-next@href",
		".pagination-next a@href", "a.pagination__next@href",
		"a.next-page@href", "a[class*=pagination-next]@href",
		"a[class*=next-page]@href", "a[aria-label=Next]@href",
		"a[aria-label=\"Next page\"]@href", "a[title=Next]@href",
		"nav a:contains(Next)@href",
		".pagination a:contains(Next)@href",
		".pagination a:contains(Weiter)@href",
		".pagination a:contains(Suivant)@href",
		".pagination a:contains(Siguiente)@href",
		".pagination a:contains(\"\u203a\")@href",
		".pagination a:contains(\"\u00bb\")@href" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t n = 0;
		struct css_found *found =
		    look_select(look, ways[i], look->r->dom->root, &n);
		const char *url;

		if (found == NULL || n == 0 || found[0].attr == NULL)
			continue;
		url = url_resolve(look->arena, look->r->base,
		    node_attr_text(look->arena, found[0].node, "href"));
		if (url != NULL && !str_eq(url, look->r->page->url) &&
		    strchr(url, '#') == NULL)
			return ways[i];
	}
	return NULL;
}

/* ---- where the text of a job's own page is ---- */

#define DESCRIPTION_BYTES 400

const char *
look_description(struct look *look)
{
	static const char *const ways[] = { "[itemprop=description]",
		".job-description", "#job-description", ".job_description",
		".jobdescription", ".job-content", ".job-detail",
		".job-details", "[class*=job-description]",
		"[class*=jobDescription]", "[class*=job_description]",
		".description", "#description", "[class*=description]",
		".entry-content", ".post-content", "article", "main",
		"#content", ".content" };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t n = 0;
		struct css_found *found =
		    look_select(look, ways[i], look->r->dom->root, &n);

		if (found != NULL && n > 0 &&
		    strlen(node_text(look->arena, found[0].node,
			LIMIT_FIELD_BYTES)) >= DESCRIPTION_BYTES)
			return ways[i];
	}
	return NULL;
}
