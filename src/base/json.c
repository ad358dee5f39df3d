#include <jansson.h>
#include <stdbool.h>

/*
 * jansson's functions that json.h has under the same name; from there on
 * the names mean ours.
 */
static json_t *
jansson_object(void)
{
	return json_object();
}

static json_t *
jansson_array(void)
{
	return json_array();
}

static json_t *
jansson_null(void)
{
	return json_null();
}

static json_t *
jansson_real(double value)
{
	return json_real(value);
}

static json_t *
jansson_bool(int value)
{
	return json_boolean(value);
}

static int
jansson_is(const json_t *j, json_type type)
{
	return j != NULL && json_typeof(j) == type;
}

#undef json_is_object
#undef json_is_array
#undef json_is_string
#undef json_is_number
#undef json_is_null

#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

static json_t *
raw(const struct json *j)
{
	return (json_t *)j;
}

static struct json *
cover(json_t *j)
{
	if (j == NULL)
		fatal("json: out of memory");
	return (struct json *)j;
}

/*
 * Refuse nesting before jansson recurses into it, and NUL, which it takes for
 * the end of the text.
 */
static int
check_text(const char *text, size_t n, struct err *e)
{
	int depth = 0, line = 1;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		char c = text[i];
		if (c == '\0')
			return err_set(
			    e, ERR_DATA, "line %d: JSON with a NUL byte", line);
		if (c == '\n')
			line++;
		if (quoted && c == '\\' && i + 1 < n && text[i + 1] != '\0')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '[' || c == '{'))
			depth++;
		else if (!quoted && (c == ']' || c == '}'))
			depth--;
		if (depth > LIMIT_JSON_DEPTH)
			return err_set(e, ERR_DATA,
			    "line %d: JSON is nested deeper than %d", line,
			    LIMIT_JSON_DEPTH);
	}
	return 0;
}

struct json *
json_parse(const char *text, size_t n, struct err *e)
{
	json_error_t fault;
	json_t *j;

	if (check_text(text, n, e) == -1)
		return NULL;
	j = json_loadb(
	    text, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
	if (j == NULL)
		err_set(e, ERR_DATA, "line %d, column %d: JSON: %s", fault.line,
		    fault.column, fault.text);
	return (struct json *)j;
}

void
json_free(struct json *j)
{
	json_decref(raw(j));
}

struct json *
json_ref(struct json *j)
{
	return (struct json *)json_incref(raw(j));
}

struct json *
json_object(void)
{
	return cover(jansson_object());
}

struct json *
json_array(void)
{
	return cover(jansson_array());
}

struct json *
json_string(const char *s)
{
	size_t n;
	struct arena *a;
	json_t *j;

	if (s == NULL)
		return json_null();
	n = strlen(s);
	if (utf8_is_valid(s, n))
		return cover(json_stringn_nocheck(s, n));
	a = arena_new(3 * n + 1);
	s = utf8_mend(a, s, n);
	j = json_stringn_nocheck(s, strlen(s));
	arena_free(a);
	return cover(j);
}

struct json *
json_int(int64_t value)
{
	return cover(json_integer(value));
}

struct json *
json_real(double value)
{
	/* JSON has no infinities. */
	return isfinite(value) ? cover(jansson_real(value)) : json_null();
}

struct json *
json_bool(bool value)
{
	return cover(jansson_bool(value));
}

struct json *
json_null(void)
{
	return cover(jansson_null());
}

void
json_set(struct json *object, const char *key, struct json *value)
{
	if (json_object_set_new(raw(object), key, raw(value)) == -1)
		fatal("json: key \"%.60s\" cannot be set", key);
}

void
json_append(struct json *array, struct json *value)
{
	if (json_array_append_new(raw(array), raw(value)) == -1)
		fatal("json: value cannot be appended");
}

struct json *
json_get(const struct json *object, const char *key)
{
	return (struct json *)json_object_get(raw(object), key);
}

struct json *
json_at(const struct json *array, size_t i)
{
	return (struct json *)json_array_get(raw(array), i);
}

size_t
json_size(const struct json *j)
{
	if (json_is_object(j))
		return json_object_size(raw(j));
	return json_array_size(raw(j));
}

bool
json_is_object(const struct json *j)
{
	return jansson_is(raw(j), JSON_OBJECT);
}

bool
json_is_array(const struct json *j)
{
	return jansson_is(raw(j), JSON_ARRAY);
}

bool
json_is_string(const struct json *j)
{
	return jansson_is(raw(j), JSON_STRING);
}

bool
json_is_int(const struct json *j)
{
	return jansson_is(raw(j), JSON_INTEGER);
}

bool
json_is_number(const struct json *j)
{
	return json_is_int(j) || jansson_is(raw(j), JSON_REAL);
}

bool
json_is_bool(const struct json *j)
{
	return json_true(j) || jansson_is(raw(j), JSON_FALSE);
}

bool
json_is_null(const struct json *j)
{
	return jansson_is(raw(j), JSON_NULL);
}

const char *
json_text(const struct json *j)
{
	return json_string_value(raw(j));
}

int64_t
json_i64(const struct json *j, int64_t fallback)
{
	return json_is_int(j) ? json_integer_value(raw(j)) : fallback;
}

double
json_double(const struct json *j, double fallback)
{
	return json_is_number(j) ? json_number_value(raw(j)) : fallback;
}

bool
json_true(const struct json *j)
{
	return jansson_is(raw(j), JSON_TRUE);
}

const char *
json_get_text(const struct json *object, const char *key)
{
	return json_text(json_get(object, key));
}

int64_t
json_get_i64(const struct json *object, const char *key, int64_t fallback)
{
	return json_i64(json_get(object, key), fallback);
}

bool
json_get_true(const struct json *object, const char *key)
{
	return json_true(json_get(object, key));
}

bool
json_member(
    const struct json *object, size_t i, const char **key, struct json **value)
{
	void *at = json_object_iter(raw(object));

	while (at != NULL && i-- > 0)
		at = json_object_iter_next(raw(object), at);
	if (at == NULL)
		return false;
	*key = json_object_iter_key(at);
	*value = (struct json *)json_object_iter_value(at);
	return true;
}

struct writer {
	struct buf out;
	bool pretty;
	int depth;
};

static void
put_newline(struct writer *w)
{
	if (!w->pretty)
		return;
	buf_char(&w->out, '\n');
	for (int i = 0; i < w->depth; i++)
		buf_str(&w->out, "  ");
}

static void
put_string(struct writer *w, const char *s, size_t n)
{
	size_t from = 0, i;

	buf_char(&w->out, '"');
	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c >= ' ' && c != '"' && c != '\\' && c != 0x7f)
			continue;
		buf_add(&w->out, s + from, i - from);
		from = i + 1;
		if (c == '"' || c == '\\')
			buf_printf(&w->out, "\\%c", c);
		else if (c == '\n')
			buf_str(&w->out, "\\n");
		else if (c == '\t')
			buf_str(&w->out, "\\t");
		else
			buf_printf(&w->out, "\\u%04x", c);
	}
	buf_add(&w->out, s + from, i - from);
	buf_char(&w->out, '"');
}

/* The shortest text that reads back as the same number. */
static void
put_real(struct writer *w, double value)
{
	char text[40];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	buf_str(&w->out, text);
	/* So that it is read as a real again. */
	if (strpbrk(text, ".e") == NULL)
		buf_str(&w->out, ".0");
}

static void put_value(struct writer *, const json_t *);

static void
put_array(struct writer *w, const json_t *j)
{
	size_t n = json_array_size(j);

	buf_char(&w->out, '[');
	w->depth++;
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&w->out, ',');
		put_newline(w);
		put_value(w, json_array_get(j, i));
	}
	w->depth--;
	if (n > 0)
		put_newline(w);
	buf_char(&w->out, ']');
}

static void
put_object(struct writer *w, const json_t *object)
{
	json_t *j = (json_t *)object; /* jansson's iterators are not const */
	void *first = json_object_iter(j), *at;
	const char *key;

	buf_char(&w->out, '{');
	w->depth++;
	for (at = first; at != NULL; at = json_object_iter_next(j, at)) {
		if (at != first)
			buf_char(&w->out, ',');
		put_newline(w);
		key = json_object_iter_key(at);
		put_string(w, key, strlen(key));
		buf_str(&w->out, w->pretty ? ": " : ":");
		put_value(w, json_object_iter_value(at));
	}
	w->depth--;
	if (first != NULL)
		put_newline(w);
	buf_char(&w->out, '}');
}

static void
put_value(struct writer *w, const json_t *j)
{
	/* A value may hold itself by mistake: that would never end. */
	if (w->depth > 10 * LIMIT_JSON_DEPTH)
		fatal("json: nested without end");
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		put_object(w, j);
		break;
	case JSON_ARRAY:
		put_array(w, j);
		break;
	case JSON_STRING:
		put_string(w, json_string_value(j), json_string_length(j));
		break;
	case JSON_INTEGER:
		buf_printf(&w->out, "%lld", (long long)json_integer_value(j));
		break;
	case JSON_REAL:
		put_real(w, json_real_value(j));
		break;
	case JSON_TRUE:
		buf_str(&w->out, "true");
		break;
	case JSON_FALSE:
		buf_str(&w->out, "false");
		break;
	default:
		buf_str(&w->out, "null");
	}
}

static char *
dump(struct arena *a, const struct json *j, bool pretty)
{
	struct writer w = { .pretty = pretty };
	char *text;

	/* The arena is the limit that counts. */
	buf_init(&w.out, SIZE_MAX / 2);
	if (j == NULL)
		buf_str(&w.out, "null");
	else
		put_value(&w, raw(j));
	text = arena_strndup(a, buf_cstr(&w.out), w.out.len);
	buf_fini(&w.out);
	return text;
}

char *
json_dump(struct arena *a, const struct json *j)
{
	return dump(a, j, false);
}

char *
json_dump_pretty(struct arena *a, const struct json *j)
{
	return dump(a, j, true);
}
