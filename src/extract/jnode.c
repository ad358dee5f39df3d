#include "extract/jdoc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More digits than these do not change a double. */
#define NUMBER_BYTES 400

const struct jnode *
jnode_get(const struct jnode *n, const char *key, size_t key_len)
{
	const struct jnode *found = NULL, *k;

	if (n->type != J_OBJECT)
		return NULL;
	k = n + 1;
	for (uint32_t i = 0; i < n->len; i++) {
		if (k->len == key_len && memcmp(k->v.text, key, key_len) == 0)
			found = k + 1;
		k = jnode_next(k + 1);
	}
	return found;
}

const struct jnode *
jnode_member(const struct jnode *n, const char *key)
{
	return n == NULL ? NULL : jnode_get(n, key, strlen(key));
}

const struct jnode *
jnode_at(const struct jnode *n, int64_t i)
{
	const struct jnode *child = n + 1;

	if (n->type != J_ARRAY)
		return NULL;
	if (i < 0)
		i += n->len;
	if (i < 0 || i >= n->len)
		return NULL;
	while (i-- > 0)
		child = jnode_next(child);
	return child;
}

const char *
jnode_text(struct arena *arena, const struct jnode *n)
{
	switch (n->type) {
	case J_STRING:
	case J_KEY:
		return n->v.text;
	case J_NUMBER:
		return arena_strndup(arena, n->v.text, n->len);
	case J_TRUE:
		return "true";
	case J_FALSE:
		return "false";
	default:
		return NULL;
	}
}

double
jnode_double(const struct jnode *n)
{
	char text[NUMBER_BYTES + 1];
	size_t len = n->len < NUMBER_BYTES ? n->len : NUMBER_BYTES;

	if (n->type != J_NUMBER)
		return NAN;
	memcpy(text, n->v.text, len);
	text[len] = '\0';
	return strtod(text, NULL);
}

static bool
numbers_equal(const struct jnode *a, const struct jnode *b)
{
	if (a->len == b->len && memcmp(a->v.text, b->v.text, a->len) == 0)
		return true;
	return jnode_double(a) == jnode_double(b);
}

static bool
objects_equal(const struct jnode *a, const struct jnode *b)
{
	const struct jnode *k = jnode_first(a);

	for (uint32_t i = 0; i < a->len; i++) {
		const struct jnode *other = jnode_get(b, k->v.text, k->len);

		if (other == NULL || !jnode_equal(k + 1, other))
			return false;
		k = jnode_next(k + 1);
	}
	return true;
}

static bool
arrays_equal(const struct jnode *a, const struct jnode *b)
{
	const struct jnode *x = jnode_first(a), *y = jnode_first(b);

	for (uint32_t i = 0; i < a->len; i++) {
		if (!jnode_equal(x, y))
			return false;
		x = jnode_next(x);
		y = jnode_next(y);
	}
	return true;
}

bool
jnode_equal(const struct jnode *a, const struct jnode *b)
{
	if (a->type != b->type)
		return false;
	switch (a->type) {
	case J_NUMBER:
		return numbers_equal(a, b);
	case J_STRING:
	case J_KEY:
		return a->len == b->len &&
		       memcmp(a->v.text, b->v.text, a->len) == 0;
	case J_ARRAY:
		return a->len == b->len && arrays_equal(a, b);
	case J_OBJECT:
		return a->len == b->len && objects_equal(a, b);
	default:
		return true;
	}
}

static void
write_string(const struct jnode *n, struct buf *to)
{
	buf_char(to, '"');
	for (uint32_t i = 0; i < n->len; i++) {
		unsigned char c = (unsigned char)n->v.text[i];

		if (c == '"' || c == '\\') {
			buf_char(to, '\\');
			buf_char(to, (char)c);
		} else if (c < ' ') {
			buf_printf(to, "\\u%04x", c);
		} else {
			buf_char(to, (char)c);
		}
	}
	buf_char(to, '"');
}

static const struct jnode *
write_value(const struct jnode *n, struct buf *to)
{
	const struct jnode *child = n + 1;

	switch (n->type) {
	case J_NUMBER:
		buf_add(to, n->v.text, n->len);
		break;
	case J_STRING:
	case J_KEY:
		write_string(n, to);
		break;
	case J_ARRAY:
	case J_OBJECT:
		buf_char(to, n->type == J_ARRAY ? '[' : '{');
		for (uint32_t i = 0; i < n->len; i++) {
			if (i > 0)
				buf_char(to, ',');
			if (n->type == J_OBJECT) {
				write_string(child++, to);
				buf_char(to, ':');
			}
			child = write_value(child, to);
		}
		buf_char(to, n->type == J_ARRAY ? ']' : '}');
		break;
	default:
		buf_str(to, n->type == J_NULL    ? "null"
			    : n->type == J_FALSE ? "false"
						 : "true");
	}
	return jnode_next(n);
}

void
jnode_write(const struct jnode *n, struct buf *to)
{
	write_value(n, to);
}
