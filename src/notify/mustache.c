/*
 * Mustache templates rendered: the core of the specification (comments,
 * delimiters, interpolation, inverted sections, partials, sections).
 */
#include <string.h>
#include "base/str.h"
#include "notify/mustache_int.h"
#include "notify/notify.h"

#define CONTEXT_MAX 128
/* Partials may include themselves; a template that never ends must. */
#define PARTIAL_DEPTH 32

struct renderer {
	struct arena *arena;
	const struct json *stack[CONTEXT_MAX];
	size_t depth;
	enum mustache_escape escape;
	mustache_partial *partial;
	void *partial_context;
	int partial_depth;
	struct buf *out;
	struct mustache_place *at; /* of a fault */
	struct err *err;
};

static int render_text(struct renderer *, const char *, size_t);
static int check_text(struct renderer *, const char *);

/* The place of what is wrong with a token; the caller says what. */
static void
fault_at(struct renderer *r, const struct mustache_token *token)
{
	*r->at = (struct mustache_place){ token->line, token->column };
}

static bool
is_false(const struct json *v)
{
	if (v == NULL || json_is_null(v))
		return true;
	if (json_is_bool(v))
		return !json_true(v);
	if (json_is_array(v))
		return json_size(v) == 0;
	return json_is_string(v) && *json_text(v) == '\0';
}

/* The innermost context that has the first part of a dotted name decides. */
static const struct json *
lookup(const struct renderer *r, const char *name)
{
	const struct json *v = NULL;
	const char *dot = strchr(name, '.');
	size_t n = dot == NULL ? strlen(name) : (size_t)(dot - name);
	char *part;

	if (strcmp(name, ".") == 0)
		return r->stack[r->depth - 1];
	part = arena_strndup(r->arena, name, n);
	for (size_t i = r->depth; i > 0 && v == NULL; i--)
		v = json_get(r->stack[i - 1], part);
	while (v != NULL && dot != NULL) {
		name = dot + 1;
		dot = strchr(name, '.');
		n = dot == NULL ? strlen(name) : (size_t)(dot - name);
		v = json_get(v, arena_strndup(r->arena, name, n));
	}
	return v;
}

static void
escape_html(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++) {
		switch (*s) {
		case '&':
			buf_str(out, "&amp;");
			break;
		case '<':
			buf_str(out, "&lt;");
			break;
		case '>':
			buf_str(out, "&gt;");
			break;
		case '"':
			buf_str(out, "&quot;");
			break;
		case '\'':
			buf_str(out, "&#39;");
			break;
		default:
			buf_char(out, *s);
		}
	}
}

static void
render_value(struct renderer *r, const struct mustache_token *token)
{
	const struct json *v = lookup(r, token->text);
	const char *text;

	if (v == NULL || json_is_null(v))
		return;
	text = json_is_string(v) ? json_text(v) : json_dump(r->arena, v);
	if (token->kind == MUSTACHE_RAW || r->escape == MUSTACHE_PLAIN)
		buf_str(r->out, text);
	else
		escape_html(r->out, text);
}

/* Every line of a partial that stands alone gets its indentation. */
static const char *
indented(struct arena *arena, const char *text, const char *indent)
{
	struct buf b;
	char *copy;

	buf_init(&b, 1024 * 1024);
	while (*text != '\0') {
		const char *eol = strchr(text, '\n');
		size_t n =
		    eol == NULL ? strlen(text) : (size_t)(eol - text + 1);
		buf_str(&b, indent);
		buf_add(&b, text, n);
		text += n;
	}
	copy = arena_strdup(arena, buf_cstr(&b));
	buf_fini(&b);
	return copy;
}

static int
render_partial(struct renderer *r, const struct mustache_token *token)
{
	const char *text;
	int ret;

	if (r->partial == NULL)
		return 0;
	text = r->partial(r->partial_context, token->text);
	if (text == NULL)
		return 0;
	if (r->partial_depth == PARTIAL_DEPTH) {
		fault_at(r, token);
		return err_set(r->err, ERR_DATA,
		    "partial '%s' includes itself without end", token->text);
	}
	if (token->indent != NULL && *token->indent != '\0')
		text = indented(r->arena, text, token->indent);
	r->partial_depth++;
	ret = render_text(r, text, strlen(text));
	r->partial_depth--;
	return ret;
}

static int render_tokens(
    struct renderer *, const struct mustache_template *, size_t, size_t);

static int
render_in(struct renderer *r, const struct json *context,
    const struct mustache_template *t, size_t from, size_t to)
{
	int ret;

	if (r->depth == CONTEXT_MAX)
		return err_set(
		    r->err, ERR_DATA, "sections and partials nest too deeply");
	r->stack[r->depth++] = context;
	ret = render_tokens(r, t, from, to);
	r->depth--;
	return ret;
}

static int
render_section(
    struct renderer *r, const struct mustache_template *t, size_t index)
{
	const struct mustache_token *token = &t->tokens[index];
	const struct json *v = lookup(r, token->text);

	if (token->kind == MUSTACHE_INVERT)
		return is_false(v)
			   ? render_tokens(r, t, index + 1, token->match)
			   : 0;
	if (is_false(v))
		return 0;
	if (!json_is_array(v))
		return render_in(r, v, t, index + 1, token->match);
	for (size_t i = 0; i < json_size(v); i++)
		if (render_in(r, json_at(v, i), t, index + 1, token->match) ==
		    -1)
			return -1;
	return 0;
}

static int
render_tokens(struct renderer *r, const struct mustache_template *t,
    size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct mustache_token *token = &t->tokens[i];
		switch (token->kind) {
		case MUSTACHE_TEXT:
			buf_add(r->out, token->text, token->len);
			break;
		case MUSTACHE_VALUE:
		case MUSTACHE_RAW:
			render_value(r, token);
			break;
		case MUSTACHE_OPEN:
		case MUSTACHE_INVERT:
			if (render_section(r, t, i) == -1)
				return -1;
			i = token->match;
			break;
		case MUSTACHE_PARTIAL:
			if (render_partial(r, token) == -1)
				return -1;
			break;
		case MUSTACHE_CLOSE:
			break;
		}
		if (r->out->over) {
			fault_at(r, token);
			return err_set(r->err, ERR_DATA,
			    "the text grows over %zu bytes", r->out->limit);
		}
	}
	return 0;
}

static int
render_text(struct renderer *r, const char *text, size_t n)
{
	struct mustache_template t;

	if (mustache_parse(r->arena, text, n, &t, r->at, r->err) == -1)
		return -1;
	return render_tokens(r, &t, 0, t.n);
}

int
mustache_render(const char *template, const struct json *data,
    enum mustache_escape escape, mustache_partial *partial, void *context,
    struct buf *out, struct err *err)
{
	struct mustache_place at = { 0 };
	struct renderer r = { .arena = arena_new(64UL * 1024 * 1024),
		.stack = { data },
		.depth = 1,
		.escape = escape,
		.partial = partial,
		.partial_context = context,
		.out = out,
		.at = &at,
		.err = err };
	size_t before = out->len;
	int ret = render_text(&r, template, strlen(template));

	if (ret == -1) {
		if (at.line > 0)
			err_prefix(err, "%d:%d", at.line, at.column);
		out->len = before;
		if (out->data != NULL)
			out->data[before] = '\0';
	}
	arena_free(r.arena);
	return ret;
}

/* Names of the sample that are known at a place, for suggestions. */
static int
check_name(struct renderer *r, const struct mustache_token *token)
{
	const struct json *top = r->stack[r->depth - 1];
	const char *names[64], *near, *key;
	struct json *v;
	size_t n = 0;

	if (lookup(r, token->text) != NULL)
		return 0;
	for (size_t i = 0; n < 64 && json_member(top, i, &key, &v); i++)
		names[n++] = key;
	near = str_nearest(token->text, names, n);
	fault_at(r, token);
	err_set(r->err, ERR_DATA, "unknown name '%s'", token->text);
	if (near != NULL)
		err_hint(r->err, "did you mean '%s'?", near);
	return -1;
}

/* Its names are those known where it is included. */
static int
check_partial(struct renderer *r, const struct mustache_token *token)
{
	const char *text;
	int ret;

	if (r->partial == NULL)
		return 0;
	text = r->partial(r->partial_context, token->text);
	if (text == NULL) {
		fault_at(r, token);
		return err_set(r->err, ERR_DATA,
		    "there is no partial '%s'\nHINT: it would be a file of "
		    "that name beside this one, with the same ending",
		    token->text);
	}
	/* Whether one that includes itself ends depends on the data. */
	if (r->partial_depth == PARTIAL_DEPTH)
		return 0;
	r->partial_depth++;
	ret = check_text(r, text);
	r->partial_depth--;
	if (ret == -1) {
		err_prefix(r->err, "in partial '%s' at %d:%d", token->text,
		    r->at->line, r->at->column);
		fault_at(r, token);
	}
	return ret;
}

static int
check_tokens(struct renderer *r, const struct mustache_template *t, size_t from,
    size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct mustache_token *token = &t->tokens[i];
		const struct json *v;
		bool is_section = token->kind == MUSTACHE_OPEN;

		if (token->kind == MUSTACHE_TEXT ||
		    token->kind == MUSTACHE_CLOSE)
			continue;
		if (token->kind == MUSTACHE_PARTIAL) {
			if (check_partial(r, token) == -1)
				return -1;
			continue;
		}
		if (check_name(r, token) == -1)
			return -1;
		if (!is_section)
			continue;
		v = lookup(r, token->text);
		if (json_is_array(v) && json_size(v) > 0)
			v = json_at(v, 0);
		if (r->depth == CONTEXT_MAX)
			return err_set(
			    r->err, ERR_DATA, "sections nest too deeply");
		r->stack[r->depth++] = v;
		if (check_tokens(r, t, i + 1, token->match) == -1)
			return -1;
		r->depth--;
		i = token->match;
	}
	return 0;
}

static int
check_text(struct renderer *r, const char *text)
{
	struct mustache_template t;

	if (mustache_parse(r->arena, text, strlen(text), &t, r->at, r->err) ==
	    -1)
		return -1;
	return r->stack[0] == NULL ? 0 : check_tokens(r, &t, 0, t.n);
}

int
mustache_check(const char *template, const struct json *sample,
    mustache_partial *partial, void *context, struct mustache_place *at,
    struct err *err)
{
	struct renderer r = { .arena = arena_new(16UL * 1024 * 1024),
		.stack = { sample },
		.depth = 1,
		.partial = partial,
		.partial_context = context,
		.at = at,
		.err = err };
	int ret;

	*at = (struct mustache_place){ 0 };
	ret = check_text(&r, template);
	arena_free(r.arena);
	return ret;
}
