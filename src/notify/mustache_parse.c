/*
 * Templates into tokens: delimiters, standalone lines, matching sections.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "notify/mustache_int.h"

#define DELIMITER_BYTES 16
#define NESTING_MAX     64

struct parser {
	struct arena *arena;
	const char *begin, *p, *end;
	char open[DELIMITER_BYTES], close[DELIMITER_BYTES];
	struct mustache_template *to;
	size_t stack[NESTING_MAX];
	size_t depth;
	struct mustache_place *at; /* of a fault */
	struct err *err;
};

/* A tag as found: from its first delimiter's begin to its last's end. */
struct tag {
	const char *begin, *end; /* with delimiters */
	const char *text;        /* between them, sigil taken off */
	size_t len;
	char sigil; /* 0 for a plain name */
};

static void
position_of(const struct parser *ps, const char *at, int *line, int *column)
{
	*line = 1;
	*column = 1;
	for (const char *p = ps->begin; p < at; p++) {
		if (*p == '\n') {
			(*line)++;
			*column = 1;
		} else if (((unsigned char)*p & 0xc0) != 0x80)
			(*column)++;
	}
}

static int
fault(struct parser *ps, const char *at, const char *what, const char *name)
{
	position_of(ps, at, &ps->at->line, &ps->at->column);
	return err_set(ps->err, ERR_DATA, "%s '%s'", what, name);
}

static struct mustache_token *
token_add(struct parser *ps, enum mustache_kind kind, const char *at)
{
	struct mustache_template *t = ps->to;
	struct mustache_token *token;

	if (t->n == t->size) {
		size_t size = t->size == 0 ? 32 : t->size * 2;
		struct mustache_token *more =
		    arena_array(ps->arena, size, sizeof(*more));
		if (t->n > 0)
			memcpy(more, t->tokens, t->n * sizeof(*more));
		t->tokens = more;
		t->size = size;
	}
	token = &t->tokens[t->n++];
	token->kind = kind;
	position_of(ps, at, &token->line, &token->column);
	return token;
}

static void
text_add(struct parser *ps, const char *begin, const char *end)
{
	struct mustache_token *token;

	if (begin >= end)
		return;
	token = token_add(ps, MUSTACHE_TEXT, begin);
	token->text = arena_strndup(ps->arena, begin, (size_t)(end - begin));
	token->len = (size_t)(end - begin);
}

static const char *
find(const char *p, const char *end, const char *what, size_t n)
{
	return end - p < (ptrdiff_t)n ? NULL
				      : memmem(p, (size_t)(end - p), what, n);
}

/* The next tag at or after ps->p; 0 none, 1 found, -1 not closed. */
static int
tag_find(struct parser *ps, struct tag *tag)
{
	size_t nopen = strlen(ps->open);
	char closing[DELIMITER_BYTES + 2];
	const char *stop;

	tag->begin = find(ps->p, ps->end, ps->open, nopen);
	if (tag->begin == NULL)
		return 0;
	tag->text = tag->begin + nopen;
	tag->sigil = 0;
	if (tag->text < ps->end && strchr("#^/>!&={", *tag->text) != NULL)
		tag->sigil = *tag->text++;
	snprintf(closing, sizeof(closing), "%s%s",
	    tag->sigil == '{'   ? "}"
	    : tag->sigil == '=' ? "="
				: "",
	    ps->close);
	stop = find(tag->text, ps->end, closing, strlen(closing));
	if (stop == NULL)
		return fault(ps, tag->begin, "tag is not closed by", closing);
	tag->end = stop + strlen(closing);
	tag->len = (size_t)(stop - tag->text);
	while (tag->len > 0 && isspace((unsigned char)*tag->text)) {
		tag->text++;
		tag->len--;
	}
	while (tag->len > 0 && isspace((unsigned char)tag->text[tag->len - 1]))
		tag->len--;
	return 1;
}

/*
 * True if nothing but blanks shares the tag's line; then *line_begin is
 * where the line begins and *line_end where the next one does.
 */
static bool
is_standalone(const struct parser *ps, const struct tag *tag,
    const char **line_begin, const char **line_end)
{
	const char *p = tag->begin;

	while (p > ps->begin && (p[-1] == ' ' || p[-1] == '\t'))
		p--;
	if (p > ps->begin && p[-1] != '\n')
		return false;
	*line_begin = p;
	p = tag->end;
	while (p < ps->end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < ps->end && *p == '\r' && p + 1 < ps->end && p[1] == '\n')
		p++;
	if (p < ps->end && *p != '\n')
		return false;
	*line_end = p < ps->end ? p + 1 : p;
	return true;
}

/* {{=<% %>=}} */
static int
delimiters_set(struct parser *ps, const struct tag *tag)
{
	char text[2 * DELIMITER_BYTES];
	char *space;

	if (tag->len < sizeof(text)) {
		memcpy(text, tag->text, tag->len);
		text[tag->len] = '\0';
		space = strpbrk(text, " \t\n");
		if (space != NULL) {
			const char *second = space + strspn(space, " \t\n");
			size_t nopen = (size_t)(space - text);
			if (nopen > 0 && nopen < DELIMITER_BYTES &&
			    strlen(second) < DELIMITER_BYTES &&
			    strpbrk(second, " \t\n=") == NULL) {
				*space = '\0';
				str_copy(ps->open, text, sizeof(ps->open));
				str_copy(ps->close, second, sizeof(ps->close));
				return 0;
			}
		}
	}
	return fault(ps, tag->begin, "delimiters are not two words in",
	    arena_strndup(ps->arena, tag->text, tag->len));
}

static int
section_open(struct parser *ps, size_t index, const struct tag *tag)
{
	if (ps->depth == NESTING_MAX)
		return fault(ps, tag->begin, "sections nest too deeply at",
		    ps->to->tokens[index].text);
	ps->stack[ps->depth++] = index;
	return 0;
}

static int
section_close(struct parser *ps, size_t index, const struct tag *tag)
{
	const char *name = ps->to->tokens[index].text;
	struct mustache_token *open;

	if (ps->depth == 0)
		return fault(
		    ps, tag->begin, "nothing is open that closes", name);
	open = &ps->to->tokens[ps->stack[ps->depth - 1]];
	if (strcmp(open->text, name) != 0)
		return fault(
		    ps, tag->begin, "another section is open than", name);
	ps->depth--;
	open->match = index;
	return 0;
}

static enum mustache_kind
kind_of(char sigil)
{
	switch (sigil) {
	case '#':
		return MUSTACHE_OPEN;
	case '^':
		return MUSTACHE_INVERT;
	case '/':
		return MUSTACHE_CLOSE;
	case '>':
		return MUSTACHE_PARTIAL;
	case '&':
	case '{':
		return MUSTACHE_RAW;
	default:
		return MUSTACHE_VALUE;
	}
}

static int
tag_add(struct parser *ps, const struct tag *tag, const char *indent)
{
	struct mustache_token *token;
	size_t index = ps->to->n;

	if (tag->sigil == '!')
		return 0;
	if (tag->sigil == '=')
		return delimiters_set(ps, tag);
	token = token_add(ps, kind_of(tag->sigil), tag->begin);
	token->text = arena_strndup(ps->arena, tag->text, tag->len);
	token->len = tag->len;
	token->indent = indent;
	if (tag->len == 0)
		return fault(ps, tag->begin, "tag without a name", ps->open);
	if (token->kind == MUSTACHE_OPEN || token->kind == MUSTACHE_INVERT)
		return section_open(ps, index, tag);
	if (token->kind == MUSTACHE_CLOSE)
		return section_close(ps, index, tag);
	return 0;
}

static int
tag_take(struct parser *ps, const struct tag *tag)
{
	const char *text_end = tag->begin, *next = tag->end, *line_begin,
		   *line_end, *indent = NULL;

	if (tag->sigil != 0 && strchr("#^/>!=", tag->sigil) != NULL &&
	    is_standalone(ps, tag, &line_begin, &line_end) &&
	    line_begin >= ps->p) {
		text_end = line_begin;
		next = line_end;
		indent = arena_strndup(
		    ps->arena, line_begin, (size_t)(tag->begin - line_begin));
	}
	text_add(ps, ps->p, text_end);
	if (tag_add(ps, tag, indent) == -1)
		return -1;
	ps->p = next;
	return 0;
}

int
mustache_parse(struct arena *arena, const char *text, size_t n,
    struct mustache_template *to, struct mustache_place *at, struct err *err)
{
	struct parser ps = { .arena = arena,
		.begin = text,
		.p = text,
		.end = text + n,
		.open = "{{",
		.close = "}}",
		.to = to,
		.at = at,
		.err = err };
	struct tag tag = { 0 };
	int found;

	memset(to, 0, sizeof(*to));
	while ((found = tag_find(&ps, &tag)) == 1)
		if (tag_take(&ps, &tag) == -1)
			return -1;
	if (found == -1)
		return -1;
	text_add(&ps, ps.p, ps.end);
	if (ps.depth > 0) {
		const struct mustache_token *open =
		    &to->tokens[ps.stack[ps.depth - 1]];
		*at = (struct mustache_place){ open->line, open->column };
		return err_set(
		    err, ERR_DATA, "section '%s' is never closed", open->text);
	}
	return 0;
}
