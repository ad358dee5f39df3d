/*
 * Templates of the source language: text with {name} in it.
 */
#include <string.h>
#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "msg/source.h"

/* A body with every field of a page in it; far over any URL. */
#define TEMPLATE_BYTES LIMIT_DESCRIPTION_BYTES

/* Behind a name: "{job.id|base64}". */
#define FILTER_BASE64 "|base64"

enum part_kind { PART_END, PART_TEXT, PART_NAME, PART_FAULT };

struct part {
	enum part_kind kind;
	const char *text;
	size_t n;
	bool as_base64;
	const char *fault;
};

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/* A name behind '{' at *at; *at is moved behind its '}'. */
static struct part
name_next(const char **at)
{
	struct part part = { .kind = PART_NAME, .text = *at + 1 };
	const char *end;

	while (is_name_char(part.text[part.n]))
		part.n++;
	end = part.text + part.n;
	part.as_base64 = part.n > 0 && str_starts(end, FILTER_BASE64);
	if (part.as_base64)
		end += strlen(FILTER_BASE64);
	if (*end == '}' && part.n > 0) {
		*at = end + 1;
		return part;
	}
	part.kind = PART_FAULT;
	if (part.n == 0)
		part.fault = "'{' is not followed by a name; a brace itself is "
			     "written '{{'";
	else if (*end == '|')
		part.fault = "behind '|' only base64 is known, as in "
			     "{job.id|base64}";
	else
		part.fault = "'{' has no '}' behind its name";
	return part;
}

/* The next part of a template; *at is moved behind it, but not by a fault. */
static struct part
part_next(const char **at)
{
	struct part part = { .kind = PART_TEXT, .text = *at };

	if (**at == '\0') {
		part.kind = PART_END;
		return part;
	}
	if (**at != '{' && **at != '}') {
		part.n = strcspn(*at, "{}");
		*at += part.n;
		return part;
	}
	if ((*at)[1] == (*at)[0]) {
		part.n = 1;
		*at += 2;
		return part;
	}
	if (**at == '{')
		return name_next(at);
	part.kind = PART_FAULT;
	part.fault = "'}' has no '{' before it; a brace itself is written '}}'";
	return part;
}

int
template_check(const char *text, size_t *at, struct err *e)
{
	const char *p = text;

	for (;;) {
		struct part part = part_next(&p);

		if (part.kind == PART_END)
			return 0;
		if (part.kind == PART_FAULT) {
			*at = (size_t)(p - text);
			return err_set(e, ERR_CONFIG, "%s", part.fault);
		}
	}
}

void
template_names(struct arena *arena, const char *text,
    void (*each)(void *context, const char *name), void *context)
{
	const char *p = text;

	for (;;) {
		struct part part = part_next(&p);

		if (part.kind == PART_END || part.kind == PART_FAULT)
			return;
		if (part.kind == PART_NAME)
			each(context, arena_strndup(arena, part.text, part.n));
	}
}

struct expansion {
	struct arena *arena;
	struct buf out;
	enum template_kind kind;
	template_lookup *lookup;
	void *context;
};

/* The inside of a JSON string. */
static const char *
json_inside(struct arena *arena, const char *value)
{
	struct json *j = json_string(value);
	char *text = json_dump(arena, j);

	json_free(j);
	text[strlen(text) - 1] = '\0';
	return text + 1;
}

static const char *
value_as(const struct expansion *x, const char *value, const char *keep)
{
	switch (x->kind) {
	case TEMPLATE_URL:
		/* At the beginning it is a URL, not a part of one. */
		return x->out.len == 0 ? value
				       : url_escape(x->arena, value, keep);
	case TEMPLATE_JSON:
		return json_inside(x->arena, value);
	case TEMPLATE_FORM:
		return url_escape(x->arena, value, "");
	default:
		return value;
	}
}

static int
value_add(struct expansion *x, const struct part *part, struct err *e)
{
	const char *name = arena_strndup(x->arena, part->text, part->n);
	const char *value = x->lookup(x->context, name);

	if (value == NULL)
		return err_set(e, ERR_DATA, "no value for {%s}", name);
	if (part->as_base64)
		value = str_base64(x->arena, value, strlen(value));
	buf_str(&x->out, value_as(x, value, part->as_base64 ? "" : "/"));
	return 0;
}

static int
expand(struct expansion *x, const char *text, struct err *e)
{
	const char *p = text;

	for (;;) {
		struct part part = part_next(&p);

		if (part.kind == PART_END)
			break;
		if (part.kind == PART_FAULT)
			return err_set(e, ERR_CONFIG, "%s", part.fault);
		if (part.kind == PART_TEXT)
			buf_add(&x->out, part.text, part.n);
		else if (value_add(x, &part, e) == -1)
			return -1;
	}
	if (x->out.over)
		return err_set(e, ERR_DATA, "the expanded text is too long");
	return 0;
}

char *
template_expand(struct arena *arena, const char *text, enum template_kind kind,
    template_lookup *lookup, void *context, struct err *e)
{
	struct expansion x = { .arena = arena,
		.kind = kind,
		.lookup = lookup,
		.context = context };
	char *result = NULL;

	buf_init(&x.out, TEMPLATE_BYTES);
	if (expand(&x, text, e) == 0)
		result = arena_strndup(arena, buf_cstr(&x.out), x.out.len);
	buf_fini(&x.out);
	return result;
}

enum template_kind
template_kind_of(const char *type)
{
	if (type != NULL && str_find_ci(type, "json") != NULL)
		return TEMPLATE_JSON;
	if (type != NULL && str_find_ci(type, "urlencoded") != NULL)
		return TEMPLATE_FORM;
	return TEMPLATE_TEXT;
}
