/*
 * One page read by its plan: items, postings, and what paging must know.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "extract/charset.h"
#include "extract/extract_int.h"

bool
reading_fail(
    struct reading *r, enum extract_result result, const char *format, ...)
{
	char text[300];
	va_list ap;

	if (r->result != EXTRACT_OK)
		return false;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	r->result = result;
	r->reason = arena_strdup(r->arena, text);
	return false;
}

static bool is_timed;

void
extract_time_pages(void)
{
	is_timed = true;
}

bool
reading_costs_too_much(struct reading *r, const struct selector *s)
{
	const char *pattern = re_page_spent();

	if (pattern != NULL)
		return !reading_fail(r, EXTRACT_TOO_BIG,
		    "the pattern '%s' takes too long on this page: nothing "
		    "that repeats should be repeated in it",
		    pattern);
	if (!is_timed || !watch_is_over(&r->watch))
		return false;
	return !reading_fail(r, EXTRACT_TOO_BIG,
	    "reading the page takes more than %d ms: at job %zu of %zu%s%s%s",
	    LIMIT_PAGE_READ_MS, r->at + (r->nitems > 0), r->nitems,
	    s == NULL ? "" : ", at the selector '",
	    s == NULL ? "" : text_shown(r->arena, s->text),
	    s == NULL ? "" : "'");
}

size_t
blank_prefix(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && (p[i] == ' ' || (p[i] >= '\t' && p[i] <= '\r')))
		i++;
	return i;
}

/* ---- what a body that is no data looks like ---- */

static bool
begins_with(const struct reading *r, const char *what)
{
	const char *p = r->body, *end = p + r->n;
	size_t n = strlen(what);

	while (
	    p < end && strchr(" \t\r\n\xef\xbb\xbf", *p) != NULL && *p != '\0')
		p++;
	return (size_t)(end - p) >= n && strncasecmp(p, what, n) == 0;
}

bool
reading_not_format(struct reading *r, const char *wanted)
{
	enum extract_result result;
	const char *what;

	if (!begins_with(r, "<"))
		return reading_fail(r, EXTRACT_NOT_FORMAT, "not %s", wanted);
	if (begins_with(r, "<?xml") || !is_html(r))
		return reading_fail(r, EXTRACT_NOT_FORMAT,
		    "an XML document instead of %s", wanted);
	result = wall_look(r, false, &what);
	return reading_fail(r, result == EXTRACT_OK ? EXTRACT_HTML : result,
	    "an HTML page instead of %s%s%s", wanted,
	    result == EXTRACT_OK ? "" : ": ", what);
}

/* ---- HTML, for the formats that come in it ---- */

static void
find_base(struct reading *r)
{
	const struct node *base = dom_find(r->dom->root, "base");
	const char *href, *resolved;

	if (base == NULL)
		return;
	href = node_attr_text(r->arena, base, "href");
	resolved =
	    href == NULL ? NULL : url_resolve(r->arena, r->page->url, href);
	if (resolved != NULL)
		r->base = resolved;
}

bool
reading_open_html(struct reading *r)
{
	size_t n = r->n;
	const char *text = charset_read(
	    r->arena, r->body, &n, r->page->content_type, CHARSET_HTML);

	if (text == NULL)
		return reading_fail(
		    r, EXTRACT_TOO_BIG, "the page needs too much memory");
	if (begins_with(r, "%PDF") || begins_with(r, "PK\003\004"))
		return reading_fail(
		    r, EXTRACT_NOT_FORMAT, "a file instead of an HTML page");
	r->dom = dom_html(r->arena, text, n);
	if (r->dom->over)
		return reading_fail(
		    r, EXTRACT_TOO_BIG, "the page has too many elements");
	find_base(r);
	return true;
}

/* ---- items ---- */

static void
select_items(struct reading *r, const struct item *document)
{
	struct values found;

	/* One more than allowed tells that there are too many. */
	selector_run(
	    r, &r->plan->jobs, document, LIMIT_PAGE_POSTINGS + 1, &found);
	if (found.n == 1 && found.at[0].json != NULL)
		values_flatten(r, &found);
	r->items = arena_array(r->arena, found.n, sizeof(r->items[0]));
	for (size_t i = 0; i < found.n; i++) {
		const struct value *v = &found.at[i];

		if (v->node == NULL && v->json == NULL)
			continue;
		r->items[r->nitems].node = v->node;
		r->items[r->nitems++].json = v->json;
	}
}

static bool
is_first_page(const struct reading *r)
{
	const struct pages *pages = &r->extractor->source->pages;

	if (pages->kind == PAGES_OFFSET)
		return r->page->page_offset == pages->from;
	if (pages->kind == PAGES_NUMBER)
		return r->page->page_number == pages->from;
	return true;
}

/*
 * An answer without the list is no empty list: many an API says so that it
 * did not find the board. Behind the last page some leave it out.
 */
static void
check_list_is_there(struct reading *r)
{
	static const char *const words[] = { "error", "message", "detail" };
	const char *missing, *says = NULL;

	if (r->nitems > 0 || r->json == NULL || !is_first_page(r) ||
	    r->plan->jobs.kind != SELECT_JSONPATH)
		return;
	missing = jsonpath_missing(r->plan->jobs.jsonpath, r->arena, r->json);
	if (missing == NULL)
		return;
	for (size_t i = 0; i < 3 && says == NULL; i++) {
		struct value v = { .json = jnode_member(r->json, words[i]) };

		says = v.json == NULL ? NULL : value_text(r, &v);
	}
	reading_fail(r,
	    says_not_found(says) ? EXTRACT_NOT_FOUND : EXTRACT_NOT_FORMAT,
	    "JSON without '%s'%s%.100s", missing, says == NULL ? "" : ": ",
	    says == NULL ? "" : says);
}

static void
find_items(struct reading *r, const struct item *document)
{
	if (r->plan->jobs.kind == SELECT_RE) {
		pattern_items(r);
	} else if (r->plan->jobs.kind != SELECT_NONE) {
		select_items(r, document);
		check_list_is_there(r);
	} else if (r->plan->reader->find_items != NULL) {
		r->plan->reader->find_items(r);
	} else {
		r->items = arena_alloc(r->arena, sizeof(r->items[0]));
		r->items[0] = *document;
		r->nitems = 1;
	}
	if (r->nitems > LIMIT_PAGE_POSTINGS)
		reading_fail(r, EXTRACT_TOO_BIG, "more than %d postings",
		    LIMIT_PAGE_POSTINGS);
}

/* ---- postings ---- */

#define FNV64_BEGIN UINT64_C(14695981039346656037)
#define FNV64_PRIME UINT64_C(1099511628211)

static void
mix(uint64_t *hash, const char *text)
{
	for (; text != NULL && *text != '\0'; text++)
		*hash = (*hash ^ (uint8_t)*text) * FNV64_PRIME;
	*hash = (*hash ^ 0xff) * FNV64_PRIME;
}

static bool
is_wanted(const struct reading *r, const struct posting *p)
{
	if (r->page->kind == REQUEST_DETAIL)
		return true;
	if (p->title == NULL && r->extractor->needs_title)
		return false;
	return p->url != NULL || p->external_id != NULL;
}

/*
 * Some interfaces repeat in their links what they were asked with, and links
 * are stored: without the parameters that are secrets, which fetch adds.
 */
static const char *
without_secrets(struct reading *r, const char *text)
{
	const struct auth *auth = &r->extractor->source->auth;
	struct url page, url;
	struct err e;

	if (text == NULL || auth->nparts == 0 ||
	    url_parse(r->scratch, r->page->url, &page, &e) == -1 ||
	    url_parse(r->scratch, text, &url, &e) == -1 ||
	    !str_eq(page.host, url.host))
		return text;
	for (size_t i = 0; i < auth->nparts; i++)
		if (auth->parts[i].place == AUTH_QUERY)
			text = url_without_param(
			    r->scratch, text, auth->parts[i].name);
	return text;
}

/* Where its detail is, and what must be sent there, if a body is. */
static void
set_detail(struct reading *r, const struct item *item, struct posting *p)
{
	const struct view *detail = &r->extractor->source->detail;
	const char *url = p->url;

	if (!detail->present || r->page->kind != REQUEST_LIST)
		return;
	if (detail->url.text != NULL)
		url =
		    fields_template(r, item, p, detail->url.text, TEMPLATE_URL);
	if (url != NULL && detail->body != NULL) {
		p->detail_body = fields_template(r, item, p, detail->body,
		    template_kind_of(detail->body_type));
		if (p->detail_body == NULL)
			return;
	}
	if (url != NULL && source_may_request(r->extractor->source, url))
		p->detail_url = url_resolve(r->scratch, r->base, url);
}

static void
read_item(struct reading *r, const struct item *item, struct posting *p)
{
	*p = (struct posting){ 0 };
	if (r->plan->reader->fill != NULL)
		r->plan->reader->fill(r, item, p);
	fields_fill(r, item, p);
	if (r->mail != NULL)
		reading_mail_urls(r, p);
	set_detail(r, item, p);
	p->url = without_secrets(r, p->url);
	p->apply_url = without_secrets(r, p->apply_url);
	p->detail_url = without_secrets(r, p->detail_url);
}

static void
count_fills(const struct posting *p, bool wanted, struct extracted *to)
{
	for (size_t i = 0; i < to->nfills; i++) {
		bool has = posting_has(p, to->fills[i].name);

		to->fills[i].in_items += has;
		to->fills[i].found += has && wanted;
	}
}

static void
read_items(struct reading *r, struct buf *output, struct extracted *to)
{
	struct posting p;
	struct filler f = { .r = r, .posting = &p };
	uint32_t count;
	bool wanted;

	put_u32(output, 0);
	for (size_t i = 0; i < r->nitems && r->result == EXTRACT_OK; i++) {
		arena_reset(r->scratch);
		r->at = i;
		read_item(r, &r->items[i], &p);
		conditions_test(r, &p);
		if (reading_costs_too_much(r, NULL))
			break;
		to->items++;
		wanted = is_wanted(r, &p);
		/* Fills are those of the source's fields, not of what is
		 * found in its texts. */
		count_fills(&p, wanted, to);
		if (!wanted) {
			to->refused++;
			continue;
		}
		posting_derive(&f);
		posting_put(output, &p);
		to->postings++;
		mix(&to->fingerprint,
		    p.external_id != NULL ? p.external_id : p.url);
		if (output->over)
			reading_fail(r, EXTRACT_TOO_BIG,
			    "the postings take more than %ld bytes",
			    LIMIT_OUTPUT_BYTES);
	}
	if (output->data == NULL || output->len < sizeof(count))
		return;
	/* The wire is little-endian. */
	for (int i = 0; i < 4; i++)
		output->data[i] = (char)(to->postings >> (8 * i) & 0xff);
}

/* ---- paging ---- */

static bool
is_true(struct reading *r, const struct values *v)
{
	for (size_t i = 0; i < v->n; i++) {
		const struct value *one = &v->at[i];

		if (one->json != NULL && jnode_is_container(one->json) &&
		    one->json->len > 0)
			return true;
		if (one->json != NULL &&
		    (one->json->type == J_FALSE || one->json->type == J_NULL))
			continue;
		if (one->node != NULL || value_text(r, one) != NULL)
			return true;
	}
	return false;
}

static void
read_paging(
    struct reading *r, const struct item *document, struct extracted *to)
{
	const struct extractor *x = r->extractor;
	const char *text = NULL;
	struct values v;

	arena_reset(r->scratch);
	selector_run(r, &x->next, document, 1, &v);
	if (v.n > 0 && x->source->pages.kind == PAGES_NEXT)
		text = without_secrets(r, value_url(r, &v.at[0], NULL));
	else if (v.n > 0)
		text = value_text(r, &v.at[0]);
	to->next = arena_strdup(r->arena, text);
	selector_run(r, &x->until, document, LIMIT_LIST_ITEMS, &v);
	to->until = is_true(r, &v);
	selector_run(r, &x->total, document, 1, &v);
	text = v.n > 0 ? value_text(r, &v.at[0]) : NULL;
	if (text != NULL)
		to->total = value_count(text);
}

static bool
found_nothing(const struct reading *r, const struct extracted *to)
{
	if (r->page->kind == REQUEST_LIST)
		return to->items == 0;
	for (size_t i = 0; i < to->nfills; i++)
		if (to->fills[i].found > 0)
			return false;
	return true;
}

/* A page that should be data but shows a wall instead. */
static void
look_for_wall(struct reading *r, struct extracted *to)
{
	enum extract_result result;
	const char *what;

	/* A mail may speak of captchas as it likes. */
	if (r->result != EXTRACT_OK || r->mail != NULL ||
	    (r->dom == NULL ? !begins_with(r, "<") : r->dom->is_xml) ||
	    !found_nothing(r, to))
		return;
	result = wall_look(r, r->page->kind == REQUEST_LIST, &what);
	if (result == EXTRACT_OK)
		return;
	to->postings = 0;
	reading_fail(r, result, "an HTML page without postings: %s", what);
}

static void
read_page(struct reading *r, struct buf *output, struct extracted *to)
{
	struct item document = { .pieces = NULL };

	if (blank_prefix(r->body, r->n) == r->n) {
		reading_fail(r, EXTRACT_NOT_FORMAT, "empty body");
		return;
	}
	if (!r->plan->reader->open(r))
		return;
	document.node = r->dom == NULL ? NULL : r->dom->root;
	document.json = r->json;
	if (r->text.text != NULL)
		document.pieces = &r->text;
	find_items(r, &document);
	if (r->result == EXTRACT_OK)
		read_items(r, output, to);
	if (r->result == EXTRACT_OK && r->page->kind == REQUEST_LIST)
		read_paging(r, &document, to);
	look_for_wall(r, to);
}

static void
extracted_init(const struct view_plan *plan, struct arena *arena,
    const struct page *page, struct extracted *to)
{
	*to = (struct extracted){ .id = page->id,
		.reason = "",
		.total = -1,
		.fingerprint = FNV64_BEGIN };
	if (plan == NULL || plan->nfills == 0)
		return;
	to->fills = arena_array(arena, plan->nfills, sizeof(to->fills[0]));
	to->nfills = plan->nfills;
	for (size_t i = 0; i < plan->nfills; i++)
		to->fills[i].name = plan->fills[i];
}

void
extract_page(const struct extractor *x, struct arena *arena,
    const struct page *page, const char *body, size_t n, struct buf *output,
    struct extracted *to)
{
	struct reading r = { .extractor = x,
		.page = page,
		.arena = arena,
		.body = body,
		.n = n,
		.base = page->url,
		.reason = "" };

	watch_begin(&r.watch, LIMIT_PAGE_READ_MS * INT64_C(1000));
	if (page->kind == REQUEST_ROBOTS) {
		extracted_init(NULL, arena, page, to);
		robots_put(output, robots_parse(arena, body, n));
		to->cpu_us = watch_used_us(&r.watch);
		return;
	}
	r.plan = page->kind == REQUEST_DETAIL ? &x->detail : &x->list;
	extracted_init(r.plan->view == NULL ? NULL : r.plan, arena, page, to);
	if (r.plan->view == NULL) {
		reading_fail(
		    &r, EXTRACT_NO_SOURCE, "no detail in %s", x->source->name);
	} else {
		r.scratch = arena_new(LIMIT_SCRATCH_BYTES);
		re_page_begin();
		read_page(&r, output, to);
		re_page_end();
		xpath_doc_free(r.xpath_doc);
		arena_free(r.scratch);
	}
	to->result = r.result;
	to->reason = r.reason;
	if (r.result != EXTRACT_OK)
		buf_reset(output);
	to->cpu_us = watch_used_us(&r.watch);
}
