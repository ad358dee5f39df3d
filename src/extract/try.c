/*
 * Judgements of "careerd try" that need a document, and the table of all
 * that the jail answers.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "extract/extract_int.h"
#include "extract/value_int.h"

static struct json *
answer(const char *key, struct json *value)
{
	struct json *out = json_object();

	json_set(out, key, value);
	return out;
}

static struct json *
failed(const char *text)
{
	return answer("error", json_string(text));
}

struct question {
	struct arena *arena;
	const char *selector, *attr;
	struct dom *dom;
};

/* What css and xpath have in common; an error's text, or NULL. */
static const char *
question_init(struct question *q, const struct json *in)
{
	const char *html = json_get_text(in, "document");

	q->selector = json_get_text(in, "selector");
	q->attr = json_get_text(in, "attr");
	if (html == NULL)
		return "document: expected HTML text";
	if (q->selector == NULL)
		return "selector: expected text";
	html = utf8_mend(q->arena, html, strlen(html));
	q->dom = dom_html(q->arena, html, strlen(html));
	return q->dom->over ? "document: too many elements" : NULL;
}

/* The attribute asked for, or the text, of an element. */
static void
append_node(struct question *q, const struct node *n, struct json *to)
{
	const char *text = q->attr == NULL
			       ? node_text(q->arena, n, LIMIT_DESCRIPTION_BYTES)
			       : node_attr_text(q->arena, n, q->attr);

	if (text != NULL)
		json_append(to, json_string(text));
}

static struct json *
ask_css(struct question *q)
{
	struct err e = { 0 };
	struct css_found *found = NULL;
	struct json *to;
	struct css *css;
	size_t n = 0;

	/* "@name" is for fields, which are asked of an element. */
	if (q->selector[strspn(q->selector, " \t\r\n\f")] == '@')
		return failed("unexpected '@' at character 1");
	css = css_new(q->arena, q->selector, false, NULL, &e);
	if (css == NULL)
		return failed(e.text);
	if (css_select(css, q->arena, q->dom->root, SIZE_MAX, &found, &n) != 0)
		return failed("the selector takes too long");
	to = json_array();
	for (size_t i = 0; i < n; i++)
		if (found[i].attr != NULL)
			json_append(to, json_string(arena_strndup(q->arena,
					    found[i].attr->value,
					    found[i].attr->value_len)));
		else
			append_node(q, found[i].node, to);
	return answer("result", to);
}

static struct json *
ask_xpath(struct question *q)
{
	struct err e = { 0 };
	struct xpath_found *found = NULL;
	struct json *out = NULL, *to;
	struct xpath *xpath = xpath_new(q->selector, NULL, &e);
	struct xpath_doc *doc;
	size_t n = 0;

	if (xpath == NULL)
		return failed(e.text);
	doc = xpath_doc_new(q->arena, q->dom);
	if (doc == NULL)
		out = failed("document: too many elements");
	else if (xpath_select(xpath, doc, q->arena, q->dom->root, SIZE_MAX,
		     &found, &n) != 0)
		out = failed("the expression takes too long");
	if (out == NULL) {
		to = json_array();
		for (size_t i = 0; i < n; i++)
			if (found[i].node == NULL)
				json_append(to, json_string(found[i].text));
			else
				append_node(q, found[i].node, to);
		out = answer("result", to);
	}
	xpath_doc_free(doc);
	xpath_free(xpath);
	return out;
}

static struct json *
try_markup(const struct json *in, struct json *(*ask)(struct question *))
{
	struct question q = { .arena = arena_new(LIMIT_PAGE_MEMORY_BYTES) };
	const char *fault = question_init(&q, in);
	struct json *out = fault == NULL ? ask(&q) : failed(fault);

	arena_free(q.arena);
	return out;
}

static struct json *
try_css(const struct json *in)
{
	return try_markup(in, ask_css);
}

static struct json *
try_xpath(const struct json *in)
{
	return try_markup(in, ask_xpath);
}

static struct json *
ask_jsonpath(struct arena *arena, const char *document, const char *selector)
{
	struct err e = { 0 };
	const struct jnode *root, *const *found = NULL;
	struct jsonpath *path = jsonpath_new(arena, selector, NULL, &e);
	struct json *result;
	struct buf text;
	size_t n = 0;

	if (path == NULL || jdoc_parse(arena, document, strlen(document),
				JDOC_STRICT, &root, &e) != JDOC_OK)
		return failed(e.text);
	if (jsonpath_select(path, arena, root, &found, &n) != 0)
		return failed("the JSONPath takes too long");
	buf_init(&text, LIMIT_OUTPUT_BYTES);
	for (size_t i = 0; i < n; i++) {
		buf_char(&text, i == 0 ? '[' : ',');
		jnode_write(found[i], &text);
	}
	buf_str(&text, n == 0 ? "[]" : "]");
	result = json_parse(text.data, text.len, &e);
	buf_fini(&text);
	return result == NULL ? failed(e.text) : answer("result", result);
}

static struct json *
try_jsonpath(const struct json *in)
{
	const struct json *document = json_get(in, "document");
	const char *selector = json_get_text(in, "selector");
	struct arena *arena;
	struct json *out;

	if (document == NULL)
		return failed("document: expected JSON");
	if (selector == NULL)
		return failed("selector: expected text");
	arena = arena_new(LIMIT_PAGE_MEMORY_BYTES);
	out = ask_jsonpath(arena, json_dump(arena, document), selector);
	arena_free(arena);
	return out;
}

static struct json *
try_message(const struct json *in)
{
	const char *text = json_get_text(in, "message");

	if (text == NULL)
		return failed("message: expected text");
	return answer("result", extract_message(text, strlen(text)));
}

struct json *
extract_try(const char *kind, const struct json *in)
{
	static const struct {
		const char *kind;
		struct json *(*judge)(const struct json *in);
	} kinds[] = {
		{ "css", try_css },
		{ "xpath", try_xpath },
		{ "jsonpath", try_jsonpath },
		{ "date", try_date },
		{ "salary", try_salary },
		{ "location", try_location },
		{ "facts", try_facts },
		{ "message", try_message },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (str_eq(kinds[i].kind, kind))
			return kinds[i].judge(in);
	return failed("no such judgement");
}
