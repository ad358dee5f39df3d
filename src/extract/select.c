/*
 * One language of selectors for each kind of document, and what their
 * answers read like.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "base/utf8.h"
#include "extract/extract_int.h"

/* "." alone is XPath's self; ".name" is a CSS class. */
static bool
is_xpath(const char *text)
{
	return text[0] == '/' || str_starts(text, "./") ||
	       str_starts(text, "../") || str_starts(text, "(/") ||
	       str_starts(text, "(./") || str_eq(text, ".");
}

static void
keep_xpath(struct extractor *x, struct xpath *xpath)
{
	x->xpaths =
	    xrealloc(x->xpaths, (x->nxpaths + 1) * sizeof(struct xpath *));
	x->xpaths[x->nxpaths++] = xpath;
}

int
selector_new(struct extractor *x, const struct format_reader *reader,
    const char *text, struct selector *to, size_t *at, struct err *e)
{
	const char *what = "a CSS selector";

	to->text = text;
	if (reader->selects == SELECT_RE) {
		what = "a pattern";
		if (pattern_selector_new(x, text, to, at, e) == 0)
			return 0;
	} else if (reader->selects == SELECT_JSONPATH || text[0] == '$') {
		/* "$$.name" is asked of the document, not of the job. */
		to->is_absolute = str_starts(text, "$$");
		to->jsonpath =
		    jsonpath_new(x->arena, text + to->is_absolute, at, e);
		to->kind = to->jsonpath == NULL ? SELECT_NONE : SELECT_JSONPATH;
		what = "a JSONPath";
	} else if (is_xpath(text)) {
		to->xpath = xpath_new(text, at, e);
		to->kind = to->xpath == NULL ? SELECT_NONE : SELECT_XPATH;
		if (to->xpath != NULL)
			keep_xpath(x, to->xpath);
		to->is_absolute = text[0] == '/';
		to->index = x->nxpaths;
		what = "an XPath";
	} else {
		to->css = css_new(x->arena, text, reader->is_xml, at, e);
		to->kind = to->css == NULL ? SELECT_NONE : SELECT_CSS;
	}
	if (to->kind != SELECT_NONE)
		return 0;
	return err_prefix(
	    e, "'%s' is not %s", text_shown(x->arena, text), what);
}

/* ---- running ---- */

static int
run_jsonpath(struct reading *r, const struct selector *s,
    const struct item *item, struct values *to)
{
	const struct jnode *const *found;
	const struct jnode *from = s->is_absolute ? r->json : item->json;

	if (from == NULL)
		return 0;
	if (jsonpath_select(s->jsonpath, r->scratch, from, &found, &to->n) != 0)
		return -1;
	to->at = arena_array(r->scratch, to->n, sizeof(to->at[0]));
	for (size_t i = 0; i < to->n; i++)
		to->at[i].json = found[i];
	return 0;
}

static int
run_css(struct reading *r, const struct selector *s, const struct item *item,
    size_t max, struct values *to)
{
	struct css_found *found;

	if (item->node == NULL)
		return 0;
	if (css_select(s->css, r->scratch, item->node, max, &found, &to->n) !=
	    0)
		return -1;
	to->at = arena_array(r->scratch, to->n, sizeof(to->at[0]));
	for (size_t i = 0; i < to->n; i++)
		if (found[i].attr != NULL)
			to->at[i].text = arena_strndup(r->scratch,
			    found[i].attr->value, found[i].attr->value_len);
		else
			to->at[i].node = found[i].node;
	return 0;
}

static int
ask_xpath(struct reading *r, const struct selector *s, const struct node *n,
    struct arena *arena, size_t max, struct values *to)
{
	struct xpath_found *found;

	if (r->xpath_doc == NULL)
		r->xpath_doc = xpath_doc_new(r->arena, r->dom);
	if (r->xpath_doc == NULL || xpath_select(s->xpath, r->xpath_doc, arena,
					n, max, &found, &to->n) != 0)
		return -1;
	to->at = arena_array(arena, to->n, sizeof(to->at[0]));
	for (size_t i = 0; i < to->n; i++) {
		to->at[i].node = found[i].node;
		to->at[i].text = found[i].text;
	}
	return 0;
}

static int
run_xpath(struct reading *r, const struct selector *s, const struct item *item,
    size_t max, struct values *to)
{
	struct values *once;

	if (item->node == NULL)
		return 0;
	if (!s->is_absolute)
		return ask_xpath(r, s, item->node, r->scratch, max, to);
	if (r->absolute == NULL)
		r->absolute = arena_array(r->arena, r->extractor->nxpaths + 1,
		    sizeof(r->absolute[0]));
	once = &r->absolute[s->index];
	if (!once->known &&
	    ask_xpath(r, s, item->node, r->arena, max, once) != 0)
		return -1;
	once->known = true;
	/* Values may be thrown out of the list, so each gets its own. */
	to->n = once->n;
	to->at = arena_array(r->scratch, to->n, sizeof(to->at[0]));
	if (to->n > 0)
		memcpy(to->at, once->at, to->n * sizeof(to->at[0]));
	return 0;
}

void
selector_run(struct reading *r, const struct selector *s,
    const struct item *item, size_t max, struct values *to)
{
	int result = 0;

	to->at = NULL;
	to->n = 0;
	if (r->result != EXTRACT_OK)
		return;
	if (s->kind == SELECT_JSONPATH)
		result = run_jsonpath(r, s, item, to);
	else if (s->kind == SELECT_CSS)
		result = run_css(r, s, item, max, to);
	else if (s->kind == SELECT_XPATH)
		result = run_xpath(r, s, item, max, to);
	else if (s->kind != SELECT_NONE)
		result = pattern_run(r, s, item, max, to);
	if (result != 0) {
		to->n = 0;
		reading_fail(r, EXTRACT_TOO_BIG,
		    "the selector '%s' takes too long on this page: say more "
		    "closely where to look",
		    text_shown(r->arena, s->text));
	} else if (reading_costs_too_much(r, s)) {
		to->n = 0;
	}
	if (to->n > max)
		to->n = max;
}

/* ---- reading ---- */

/* Where an object is found and a text is wanted, it has one of these. */
static const struct jnode *
name_of(const struct jnode *object)
{
	static const char *const names[] = { "name", "label", "title", "text",
		"value", "displayName", "display_name" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct jnode *n = jnode_member(object, names[i]);

		if (n != NULL && n->type == J_ARRAY && n->len > 0)
			n = jnode_first(n);
		if (n != NULL && !jnode_is_container(n))
			return n;
	}
	return NULL;
}

void
values_flatten(struct reading *r, struct values *v)
{
	struct values flat = { 0 };
	size_t size = 0;

	for (size_t i = 0; i < v->n; i++)
		size += v->at[i].json != NULL && v->at[i].json->type == J_ARRAY
			    ? v->at[i].json->len
			    : 1;
	if (size == v->n)
		return;
	flat.at = arena_array(r->scratch, size, sizeof(flat.at[0]));
	for (size_t i = 0; i < v->n; i++) {
		const struct jnode *n = v->at[i].json, *child;

		if (n == NULL || n->type != J_ARRAY) {
			flat.at[flat.n++] = v->at[i];
			continue;
		}
		child = jnode_first(n);
		for (uint32_t k = 0; k < n->len; k++) {
			flat.at[flat.n++].json = child;
			child = jnode_next(child);
		}
	}
	*v = flat;
}

static const char *
json_text_of(struct reading *r, const struct jnode *n)
{
	if (n->type == J_ARRAY)
		n = n->len > 0 ? jnode_first(n) : NULL;
	if (n != NULL && n->type == J_OBJECT)
		n = name_of(n);
	return n == NULL ? NULL : jnode_text(r->scratch, n);
}

/* Not more of a text than a posting may hold, cut at a character. */
static const char *
cut(struct reading *r, const char *text, size_t max)
{
	size_t n = text == NULL ? 0 : strlen(text);

	if (n <= max)
		return text;
	return arena_strndup(r->scratch, text, utf8_cut(text, n, max));
}

/* The decoded text of an element in a feed, where markup is escaped. */
static const char *
escaped_text(struct reading *r, const struct node *n, size_t max)
{
	struct buf text;
	const char *copy;

	buf_init(&text, max);
	node_text_raw(n, &text);
	copy = arena_strndup(r->scratch, buf_cstr(&text), text.len);
	buf_fini(&text);
	return copy;
}

static bool
has_elements(const struct node *n)
{
	for (n = n->first; n != NULL; n = n->next)
		if (n->type == NODE_ELEMENT)
			return true;
	return false;
}

/* JSON and feeds often hold titles with one layer of entities too many. */
static const char *
one_line(struct reading *r, const char *text)
{
	text = cut(r, text, LIMIT_FIELD_BYTES);
	if (text == NULL)
		return NULL;
	if (strchr(text, '&') != NULL)
		text = value_unescape(r->scratch, text, strlen(text));
	text = str_fold_space(r->scratch, text_mend(r->scratch, text));
	return *text == '\0' ? NULL : text;
}

const char *
value_text(struct reading *r, const struct value *v)
{
	const char *text;

	if (v->json != NULL)
		return one_line(r, json_text_of(r, v->json));
	if (v->node == NULL || r->dom->is_xml)
		return one_line(r, v->node == NULL ? v->text
						   : escaped_text(r, v->node,
							 LIMIT_FIELD_BYTES));
	text = node_text(r->scratch, v->node, LIMIT_FIELD_BYTES);
	return *text == '\0' ? NULL : text_mend(r->scratch, text);
}

const char *
value_markup(struct reading *r, const struct value *v)
{
	const char *text = v->text;
	size_t n;

	if (v->json != NULL) {
		text = json_text_of(r, v->json);
	} else if (v->node != NULL && r->dom->is_xml &&
		   !has_elements(v->node)) {
		text = escaped_text(r, v->node, LIMIT_DESCRIPTION_BYTES);
	} else if (v->node != NULL) {
		text = node_inner(r->dom, v->node, &n);
		n = utf8_cut(text, n, LIMIT_DESCRIPTION_BYTES);
		text = arena_strndup(r->scratch, text, n);
	}
	text = cut(r, text, LIMIT_DESCRIPTION_BYTES);
	return str_is_empty(text) ? NULL : text_mend(r->scratch, text);
}

int64_t
value_count(const char *text)
{
	int64_t best = -1;
	const char *p = text;

	/* The largest number: "1-20 of 1,204", "Seite 1 von 12.345 Jobs". */
	while (*p != '\0') {
		int64_t number = 0;

		if (*p < '0' || *p > '9') {
			p++;
			continue;
		}
		while ((*p >= '0' && *p <= '9') ||
		       (strchr(",.'", *p) != NULL && *p != '\0' &&
			   p[1] >= '0' && p[1] <= '9' && p[2] >= '0' &&
			   p[2] <= '9' && p[3] >= '0' && p[3] <= '9')) {
			if (*p >= '0' && *p <= '9' && number < INT64_C(1) << 50)
				number = number * 10 + (*p - '0');
			p++;
		}
		if (number > best)
			best = number;
	}
	return best;
}

/* The element's own address, or that of the first link in it. */
static const char *
link_of(struct reading *r, const struct node *n)
{
	static const char *const names[] = { "href", "src" };
	const struct node *at = n;
	const char *url;

	for (size_t i = 0; i < 2; i++) {
		url = node_attr_text(r->scratch, n, names[i]);
		if (url != NULL)
			return url;
	}
	for (; at != NULL; at = node_after(at, n))
		if (at->type == NODE_ELEMENT && at->tag == TAG_A) {
			url = node_attr_text(r->scratch, at, "href");
			if (url != NULL)
				return url;
		}
	return NULL;
}

/*
 * A base that the source gives is a prefix where the address begins with
 * '/': "https://host/site" and "/job/1" make "https://host/site/job/1".
 */
static const char *
join(struct reading *r, const char *base, const char *text)
{
	size_t n = strlen(base);

	while (n > 0 && base[n - 1] == '/')
		n--;
	return arena_printf(r->scratch, "%.*s%s", (int)n, base, text);
}

const char *
value_url(struct reading *r, const struct value *v, const char *base)
{
	const char *text = NULL;

	if (v->node != NULL && !r->dom->is_xml)
		text = link_of(r, v->node);
	if (text == NULL && v->node != NULL && r->dom->is_xml)
		text = node_attr_text(r->scratch, v->node, "href");
	if (text == NULL)
		text = value_text(r, v);
	if (text == NULL)
		return NULL;
	text = str_fold_space(r->scratch, text);
	if (*text == '\0')
		return NULL;
	if (base != NULL && text[0] == '/' && text[1] != '/')
		text = join(r, base, text);
	return url_resolve(r->scratch, base == NULL ? r->base : base, text);
}

bool
text_has_tags(const char *text)
{
	static const char ends[] = " \t\r\n\f/>:-";

	while ((text = strchr(text, '<')) != NULL) {
		struct token t = { .text = text + 1 + (text[1] == '/') };

		while (t.text[t.len] != '\0' &&
		       strchr(ends, t.text[t.len]) == NULL)
			t.len++;
		t.hash = name_hash(t.text, t.len, true);
		/* Of names with a prefix HTML knows none, but they are tags. */
		if (t.text[t.len] != '\0' && t.len > 0 &&
		    (t.text[t.len] == ':' || token_tag(&t) != TAG_NONE))
			return true;
		text++;
	}
	return false;
}

char *
text_lines(struct arena *arena, const char *text)
{
	const char *p = text;
	struct buf to;
	char *made;
	int breaks = 0;

	buf_init(&to, LIMIT_DESCRIPTION_BYTES);
	while (*p != '\0') {
		size_t n = strcspn(p, "\r\n");
		const char *line =
		    str_fold_space(arena, arena_strndup(arena, p, n));

		p += n;
		if (*line != '\0') {
			if (to.len > 0)
				buf_str(&to, breaks > 1 ? "\n\n" : "\n");
			buf_str(&to, line);
			breaks = 0;
		}
		if (p[0] == '\r' && p[1] == '\n')
			p++;
		if (*p != '\0')
			p++;
		breaks++;
	}
	made = arena_strndup(arena, buf_cstr(&to), to.len);
	buf_fini(&to);
	return made;
}
