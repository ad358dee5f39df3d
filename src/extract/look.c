/*
 * What a page is, for who writes a definition of it.
 */
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "extract/charset.h"
#include "extract/look_int.h"

struct css_found *
look_select(
    struct look *look, const char *selector, const struct node *node, size_t *n)
{
	struct arena *arena = look->r->scratch;
	struct css_found *found = NULL;
	struct css *css;

	*n = 0;
	arena_reset(arena);
	css = css_new(arena, selector, false, NULL, NULL);
	if (css == NULL || css_select(css, arena, node, LIMIT_PAGE_POSTINGS + 1,
			       &found, n) != 0)
		return NULL;
	/* An empty answer is one, too. */
	return found != NULL ? found : arena_alloc(arena, sizeof(*found));
}

/* ---- the answer ---- */

static const struct column *
column_find(const struct column *columns, size_t n, const char *field)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(columns[i].field, field))
			return &columns[i];
	return NULL;
}

/* Two of a kind stand on many a page that is no list. */
static bool
are_jobs(const struct cards *cards, const struct column *title)
{
	double names = title->job > cards->titles ? title->job : cards->titles;

	if (cards->n == 2)
		return title->job == 1 && cards->facts > 0 &&
		       cards->sure >= 0.55;
	return cards->sure >= 0.6 || names >= 0.2;
}

/* Cards with a title, and a link if links there are; how many columns. */
static size_t
cards_find(struct look *look, struct cards *cards, struct column *columns)
{
	for (int as = LOOK_FINE; as <= LOOK_TITLES; as++) {
		const struct column *title;
		size_t n;

		arena_reset(look->arena);
		if (!look_cards(look, as, cards))
			continue;
		n = look_fields(look, cards, columns);
		title = column_find(columns, n, "title");
		if (title != NULL && are_jobs(cards, title) &&
		    (as == LOOK_TITLES ||
			column_find(columns, n, "url") != NULL))
			return n;
	}
	return 0;
}

static struct json *
column_json(const struct column *column, size_t of)
{
	struct json *o = json_object();

	json_set(o, "field", json_string(column->field));
	json_set(o, "selector", json_string(column->selector));
	json_set(o, "found", json_int((int64_t)column->found));
	json_set(o, "of", json_int((int64_t)of));
	json_set(o, "example", json_string(column->example));
	json_set(o, "why", json_string(column->why));
	return o;
}

static int64_t
percent(double share)
{
	return (int64_t)(share * 100 + 0.5);
}

static struct json *
cards_json(struct look *look)
{
	struct column columns[LOOK_FIELDS];
	struct cards cards = { .n = 0 };
	struct json *o, *fields;
	size_t n = cards_find(look, &cards, columns);

	if (n == 0)
		return json_null();
	o = json_object();
	fields = json_array();
	json_set(o, "jobs", json_string(cards.selector));
	json_set(o, "found", json_int(cards.matches));
	json_set(o, "sure", json_int(percent(cards.sure)));
	json_set(o, "titles", json_int(percent(cards.titles)));
	json_set(o, "paths", json_int(percent(cards.paths)));
	json_set(o, "facts", json_int(percent(cards.facts)));
	json_set(o, "linkless", json_bool(look->links_are == LOOK_TITLES));
	json_set(o, "example", json_string(cards.example));
	json_set(o, "next", json_string(look_next(look)));
	for (size_t i = 0; i < n; i++)
		json_append(
		    fields, column_json(&columns[i],
				cards.n < LOOK_CARDS ? cards.n : LOOK_CARDS));
	json_set(o, "fields", fields);
	return o;
}

/* Postings in schema.org's words, in any of its forms. */
static size_t
postings_count(struct look *look)
{
	struct reading again = { .page = look->r->page,
		.arena = look->r->arena,
		.scratch = look->r->scratch,
		.body = look->r->body,
		.n = look->r->n,
		.base = look->r->base,
		.dom = look->r->dom,
		.reason = "" };

	reader_jobposting.find_items(&again);
	return again.nitems;
}

static void
html_look(struct reading *r, struct json *to)
{
	struct look look = { .r = r };
	const struct node *body;

	if (!reading_open_html(r)) {
		json_set(to, "kind", json_string("unreadable"));
		json_set(to, "reason", json_string(r->reason));
		return;
	}
	look.arena = arena_new(LIMIT_LOOK_BYTES);
	look.brief = arena_new(LIMIT_LOOK_BYTES);
	body = dom_find(r->dom->root, "body");
	json_set(to, "kind", json_string("html"));
	json_set(to, "title", json_string(look_head_text(&look, "title")));
	json_set(to, "site",
	    json_string(look_head_text(
		&look, "meta[property=\"og:site_name\"]@content")));
	json_set(to, "text",
	    json_int(body == NULL ? 0
				  : (int64_t)strlen(look_text(
					&look, body, LIMIT_FIELD_BYTES))));
	json_set(to, "postings", json_int((int64_t)postings_count(&look)));
	json_set(to, "feeds", look_feeds(&look));
	json_set(to, "addresses", look_addresses(&look));
	json_set(to, "cards", cards_json(&look));
	json_set(to, "links", json_int(look.met));
	json_set(to, "description", json_string(look_description(&look)));
	arena_free(look.brief);
	arena_free(look.arena);
}

static bool
begins(const char *body, size_t n, const char *what)
{
	return n >= strlen(what) && strncasecmp(body, what, strlen(what)) == 0;
}

/* The first element's name, behind declarations and comments. */
static bool
is_feed(const char *p, size_t n)
{
	static const char *const roots[] = { "<rss", "<feed", "<rdf:rdf" };
	size_t look = n < 4096 ? n : 4096;
	char head[4097];

	for (size_t i = 0; i < look; i++)
		head[i] = p[i] == '\0' ? ' ' : p[i];
	head[look] = '\0';
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (str_find_ci(head, roots[i]) != NULL)
			return str_find_ci(head, "<html") == NULL;
	return false;
}

static const char *
kind_of(const char *body, size_t n)
{
	size_t skip = blank_prefix(body, n);

	if (begins(body, n, "\xef\xbb\xbf"))
		skip = 3 + blank_prefix(body + 3, n - 3);
	if (skip == n)
		return "empty";
	body += skip;
	n -= skip;
	if (begins(body, n, "%PDF"))
		return "pdf";
	if (begins(body, n, "PK\003\004") || begins(body, n, "\x89PNG") ||
	    begins(body, n, "\xff\xd8\xff") || begins(body, n, "GIF8") ||
	    begins(body, n, "\x1f\x8b") || begins(body, n, "\xd0\xcf\x11\xe0"))
		return "file";
	if (body[0] == '{' || body[0] == '[')
		return "json";
	if (is_feed(body, n))
		return "feed";
	if (begins(body, n, "<?xml") &&
	    memmem(body, n < 4096 ? n : 4096, "<html", 5) == NULL)
		return "xml";
	if (memchr(body, '<', n) == NULL)
		return "text";
	return NULL;
}

struct json *
extract_look(
    struct arena *arena, const struct page *page, const char *body, size_t n)
{
	struct reading r = { .page = page,
		.arena = arena,
		.body = body,
		.n = n,
		.base = page->url,
		.reason = "" };
	struct json *to = json_object();
	const char *kind = kind_of(body, n);

	if (kind != NULL) {
		json_set(to, "kind", json_string(kind));
		return to;
	}
	r.scratch = arena_new(LIMIT_SCRATCH_BYTES);
	html_look(&r, to);
	xpath_doc_free(r.xpath_doc);
	arena_free(r.scratch);
	return to;
}
