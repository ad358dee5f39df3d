#include "extract/jsonpath.h"

#include <stdio.h>
#include <string.h>
#include "base/limits.h"
#include "base/utf8.h"
#include "extract/jsonpath_int.h"

/* The integers of I-JSON (RFC 7493), which RFC 9535 2.1 demands. */
#define LARGEST_INTEGER ((INT64_C(1) << 53) - 1)

int
jp_fail(struct jp_parser *j, const char *format, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return err_set(j->e, ERR_DATA, "%s at character %zu", text,
	    (size_t)(j->p - j->begin) + 1);
}

void
jp_skip_blanks(struct jp_parser *j)
{
	j->p += strspn(j->p, " \t\n\r");
}

static int
hex4(struct jp_parser *j, uint32_t *to)
{
	*to = 0;
	for (int i = 0; i < 4; i++) {
		char c = *j->p;

		if (c >= '0' && c <= '9')
			*to = *to << 4 | (uint32_t)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			*to = *to << 4 | (uint32_t)((c | 32) - 'a' + 10);
		else
			return jp_fail(j, "expected four hex digits");
		j->p++;
	}
	return 0;
}

/* Behind "\u". */
static int
unicode_escape(struct jp_parser *j, char **to)
{
	uint32_t c, low;

	if (hex4(j, &c) != 0)
		return -1;
	if (c >= 0xdc00 && c < 0xe000)
		return jp_fail(j, "low surrogate alone");
	if (c >= 0xd800 && c < 0xdc00) {
		if (j->p[0] != '\\' || j->p[1] != 'u')
			return jp_fail(j, "high surrogate alone");
		j->p += 2;
		if (hex4(j, &low) != 0)
			return -1;
		if (low < 0xdc00 || low > 0xdfff)
			return jp_fail(j, "high surrogate alone");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	}
	*to += utf8_put(*to, c);
	return 0;
}

/* Behind a backslash. */
static int
escape(struct jp_parser *j, char quote, char **to)
{
	static const char from[] = "bfnrt/\\", into[] = "\b\f\n\r\t/\\";
	char c = *j->p;
	const char *found = c == '\0' ? NULL : strchr(from, c);

	if (c == 'u') {
		j->p++;
		return unicode_escape(j, to);
	}
	if (c == quote)
		*(*to)++ = quote;
	else if (found != NULL)
		*(*to)++ = into[found - from];
	else
		return jp_fail(j, "unknown escape");
	j->p++;
	return 0;
}

int
jp_string(struct jp_parser *j, const char **text, size_t *n)
{
	char quote = *j->p++, *to = arena_alloc(j->arena, strlen(j->p) + 1);

	*text = to;
	while (*j->p != quote) {
		unsigned char c = (unsigned char)*j->p;

		if (c < ' ')
			return jp_fail(
			    j, c == '\0' ? "string without an end"
					 : "control character in a string");
		j->p++;
		if (c != '\\')
			*to++ = (char)c;
		else if (escape(j, quote, &to) != 0)
			return -1;
	}
	j->p++;
	*n = (size_t)(to - *text);
	return 0;
}

static bool
is_name_first(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int
shorthand(struct jp_parser *j, struct jp_selector *s)
{
	if (!is_name_first(*j->p))
		return jp_fail(j, "expected a name");
	s->kind = JP_NAME;
	s->name = j->p;
	while (is_name_first(*j->p) || is_digit(*j->p))
		j->p++;
	s->name_len = (size_t)(j->p - s->name);
	return 0;
}

static int
integer(struct jp_parser *j, int64_t *to)
{
	bool negative = *j->p == '-';
	int64_t value = 0;

	j->p += negative;
	if (!is_digit(*j->p))
		return jp_fail(j, "expected a number");
	if (*j->p == '0' && (negative || is_digit(j->p[1])))
		return jp_fail(j, "a number may not begin with 0");
	for (; is_digit(*j->p); j->p++) {
		value = value * 10 + (*j->p - '0');
		if (value > LARGEST_INTEGER)
			return jp_fail(j, "number out of range");
	}
	*to = negative ? -value : value;
	return 0;
}

static bool
at_integer(const struct jp_parser *j)
{
	return *j->p == '-' || is_digit(*j->p);
}

/* An index or a slice. */
static int
range(struct jp_parser *j, struct jp_selector *s)
{
	s->kind = JP_INDEX;
	s->step = 1;
	if (at_integer(j)) {
		const char *after;

		if (integer(j, &s->start) != 0)
			return -1;
		s->has_start = true;
		after = j->p;
		jp_skip_blanks(j);
		if (*j->p != ':') {
			j->p = after;
			return 0;
		}
	}
	s->kind = JP_SLICE;
	j->p++;
	jp_skip_blanks(j);
	if (at_integer(j)) {
		if (integer(j, &s->end) != 0)
			return -1;
		s->has_end = true;
		jp_skip_blanks(j);
	}
	if (*j->p != ':')
		return 0;
	j->p++;
	jp_skip_blanks(j);
	return at_integer(j) ? integer(j, &s->step) : 0;
}

static int
selector(struct jp_parser *j, struct jp_selector *s)
{
	switch (*j->p) {
	case '*':
		j->p++;
		s->kind = JP_WILDCARD;
		return 0;
	case '"':
	case '\'':
		s->kind = JP_NAME;
		return jp_string(j, &s->name, &s->name_len);
	case '?':
		j->p++;
		jp_skip_blanks(j);
		s->kind = JP_FILTER;
		s->filter = jp_logical_or(j);
		return s->filter == NULL ? -1 : 0;
	default:
		if (*j->p == ':' || at_integer(j))
			return range(j, s);
		return jp_fail(j, "expected a selector");
	}
}

/* At '['. */
static int
bracketed(struct jp_parser *j, struct jp_segment *segment)
{
	struct jp_selector **to = &segment->selectors;

	do {
		j->p++;
		jp_skip_blanks(j);
		*to = arena_alloc(j->arena, sizeof(**to));
		if (selector(j, *to) != 0)
			return -1;
		to = &(*to)->next;
		jp_skip_blanks(j);
	} while (*j->p == ',');
	if (*j->p != ']')
		return jp_fail(j, "expected ',' or ']'");
	j->p++;
	return 0;
}

/* At '.' or '['. */
static int
segment(struct jp_parser *j, struct jp_segment *s)
{
	if (*j->p == '.') {
		j->p++;
		if (*j->p == '.') {
			j->p++;
			s->descendant = true;
		}
	}
	if (*j->p == '[') {
		if (j->p[-1] == '.' && !s->descendant)
			return jp_fail(j, "expected a name");
		return bracketed(j, s);
	}
	s->selectors = arena_alloc(j->arena, sizeof(*s->selectors));
	if (*j->p == '*') {
		j->p++;
		s->selectors->kind = JP_WILDCARD;
		return 0;
	}
	return shorthand(j, s->selectors);
}

static bool
is_singular(const struct jp_segment *s)
{
	return !s->descendant && s->selectors->next == NULL &&
	       (s->selectors->kind == JP_NAME ||
		   s->selectors->kind == JP_INDEX);
}

int
jp_segments(struct jp_parser *j, struct jp_query *q)
{
	struct jp_segment **to = &q->segments;

	q->singular = true;
	for (;;) {
		const char *after = j->p;

		jp_skip_blanks(j);
		if (*j->p != '.' && *j->p != '[') {
			j->p = after;
			return 0;
		}
		*to = arena_alloc(j->arena, sizeof(**to));
		/* "." must stand next to its name: it does in segment(). */
		if (segment(j, *to) != 0)
			return -1;
		q->singular = q->singular && is_singular(*to);
		to = &(*to)->next;
	}
}

struct jsonpath *
jsonpath_new(struct arena *arena, const char *text, size_t *at, struct err *e)
{
	struct jp_parser j = {
		.arena = arena, .begin = text, .p = text, .e = e
	};
	struct jsonpath *path = arena_alloc(arena, sizeof(*path));
	int result = -1;

	path->query = arena_alloc(arena, sizeof(*path->query));
	path->query->absolute = true;
	if (!utf8_is_valid(text, strlen(text))) {
		jp_fail(&j, "malformed UTF-8");
	} else if (*j.p != '$') {
		jp_fail(&j, "expected '$'");
	} else {
		j.p++;
		result = jp_segments(&j, path->query);
		if (result == 0 && *j.p != '\0')
			result = jp_fail(&j, "unexpected text");
	}
	if (at != NULL)
		*at = (size_t)(j.p - text);
	return result == 0 ? path : NULL;
}
