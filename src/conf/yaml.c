/*
 * YAML read as libyaml's events, so that depth, size, anchors and doubled
 * keys are met one by one, before any memory or time was spent on them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <yaml.h>
#include "base/utf8.h"
#include "conf/conf_int.h"

/* A collection that is being filled; the root's own frame holds the root. */
struct level {
	struct node *node; /* NULL: the document */
	struct node *key;  /* of a mapping, waiting for its value */
	size_t size;
};

struct yaml {
	struct arena *arena;
	struct problems *problems;
	const char *file;
	struct level levels[LIMIT_YAML_DEPTH + 1];
	size_t depth;
	size_t nodes;
	struct node *root;
	bool has_document;
	bool has_tab; /* somewhere before the text of a line */
};

static struct node *
node_new(struct yaml *y, enum node_kind kind, const yaml_mark_t *mark)
{
	struct node *node = arena_alloc(y->arena, sizeof(*node));

	node->kind = kind;
	node->file = y->file;
	node->line = (uint32_t)mark->line + 1;
	node->column = (uint32_t)mark->column + 1;
	y->nodes++;
	return node;
}

static void
level_grow(struct yaml *y, struct level *level)
{
	struct node *node = level->node;
	size_t size = level->size == 0 ? 4 : level->size * 2;

	node->items = nodes_new(y->arena, size, node->items, node->n);
	if (node->kind == NODE_MAP)
		node->keys = nodes_new(y->arena, size, node->keys, node->n);
	level->size = size;
}

/* Give a finished or just begun node its place in what surrounds it. */
static void
node_place(struct yaml *y, struct node *node)
{
	struct level *level = &y->levels[y->depth];

	if (level->node == NULL) {
		y->root = node;
		return;
	}
	if (level->node->kind == NODE_MAP && level->key == NULL) {
		if (node->kind != NODE_SCALAR)
			fault(y->problems, node,
			    "a key must be a word, not a list or a mapping");
		level->key = node;
		return;
	}
	if (level->node->n == level->size)
		level_grow(y, level);
	if (level->node->kind == NODE_MAP) {
		level->node->keys[level->node->n] = level->key;
		level->key = NULL;
	}
	level->node->items[level->node->n++] = node;
}

static int
level_begin(struct yaml *y, struct node *node)
{
	node_place(y, node);
	if (y->depth == LIMIT_YAML_DEPTH) {
		fault(y->problems, node, "nested deeper than %d levels",
		    LIMIT_YAML_DEPTH);
		return -1;
	}
	y->levels[++y->depth] = (struct level){ .node = node };
	return 0;
}

/* Keys ordered by text and, if equal, by place. */
static int
key_compare(const void *a, const void *b)
{
	const struct node *x = *(struct node *const *)a;
	const struct node *y = *(struct node *const *)b;
	int order = strcmp(x->text, y->text);

	if (order != 0)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

static void
keys_check(struct yaml *y, const struct node *map)
{
	struct node **sorted = xcalloc(map->n + 1, sizeof(struct node *));
	size_t n = 0;

	for (size_t i = 0; i < map->n; i++)
		if (map->keys[i]->kind == NODE_SCALAR)
			sorted[n++] = map->keys[i];
	qsort(sorted, n, sizeof(struct node *), key_compare);
	for (size_t i = 1; i < n; i++)
		if (strcmp(sorted[i - 1]->text, sorted[i]->text) == 0)
			fault(y->problems, sorted[i],
			    "key '%s' stands here twice; the first is in line "
			    "%u",
			    str_safe(y->arena, sorted[i]->text, 60),
			    sorted[i - 1]->line);
	free(sorted);
}

static void
level_end(struct yaml *y)
{
	const struct node *node = y->levels[y->depth].node;

	if (node == NULL)
		fatal("yaml: an end without a beginning");
	if (node->kind == NODE_MAP)
		keys_check(y, node);
	y->depth--;
}

/* Anchors and tags make a text mean what it does not say. */
static void
marks_refuse(struct yaml *y, const yaml_mark_t *mark, const yaml_char_t *anchor,
    const yaml_char_t *tag)
{
	uint32_t line = (uint32_t)mark->line + 1;
	uint32_t column = (uint32_t)mark->column + 1;

	if (anchor != NULL)
		problems_add(y->problems, y->file, line, column,
		    "anchor '&%s' is not allowed; write the value out where "
		    "it is needed",
		    str_safe(y->arena, (const char *)anchor, 60));
	if (tag != NULL)
		problems_add(y->problems, y->file, line, column,
		    "tag '%s' is not allowed; quote a value that is to be "
		    "text",
		    str_safe(y->arena, (const char *)tag, 60));
}

static void
scalar_add(struct yaml *y, const yaml_event_t *event)
{
	struct node *node = node_new(y, NODE_SCALAR, &event->start_mark);
	const char *text = (const char *)event->data.scalar.value;
	size_t n = event->data.scalar.length;

	marks_refuse(y, &event->start_mark, event->data.scalar.anchor,
	    event->data.scalar.tag);
	if (memchr(text, '\0', n) != NULL)
		fault(y->problems, node, "a NUL character is not allowed");
	node->text = arena_strndup(y->arena, text, n);
	node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	node_place(y, node);
}

static int
alias_add(struct yaml *y, const yaml_event_t *event)
{
	struct node *node = node_new(y, NODE_SCALAR, &event->start_mark);

	fault(y->problems, node,
	    "alias '*%s' is not allowed; write the value out (or quote it, "
	    "if the '*' is meant)",
	    str_safe(y->arena, (const char *)event->data.alias.anchor, 60));
	node->text = "";
	node->quoted = true;
	node_place(y, node);
	return 0;
}

static int
document_begin(struct yaml *y, const yaml_event_t *event)
{
	if (y->has_document) {
		problems_add(y->problems, y->file,
		    (uint32_t)event->start_mark.line + 1, 1,
		    "a second document begins here; a file holds one");
		return -1;
	}
	y->has_document = true;
	return 0;
}

/* 0: go on; 1: the end; -1: no further. */
static int
event_take(struct yaml *y, const yaml_event_t *event)
{
	const yaml_mark_t *mark = &event->start_mark;

	if (y->nodes > LIMIT_YAML_NODES) {
		problems_add(y->problems, y->file, (uint32_t)mark->line + 1,
		    (uint32_t)mark->column + 1, "more than %d values",
		    LIMIT_YAML_NODES);
		return -1;
	}
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		return document_begin(y, event);
	case YAML_ALIAS_EVENT:
		return alias_add(y, event);
	case YAML_SCALAR_EVENT:
		scalar_add(y, event);
		return 0;
	case YAML_SEQUENCE_START_EVENT:
		marks_refuse(y, mark, event->data.sequence_start.anchor,
		    event->data.sequence_start.tag);
		return level_begin(y, node_new(y, NODE_LIST, mark));
	case YAML_MAPPING_START_EVENT:
		marks_refuse(y, mark, event->data.mapping_start.anchor,
		    event->data.mapping_start.tag);
		return level_begin(y, node_new(y, NODE_MAP, mark));
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		level_end(y);
		return 0;
	case YAML_STREAM_END_EVENT:
		return 1;
	default:
		return 0;
	}
}

/* Line and column, from 1, of a byte of the text. */
static void
place_of(const char *text, size_t at, uint32_t *line, uint32_t *column)
{
	*line = *column = 1;
	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)text[i] & 0xc0) != 0x80) {
			++*column;
		}
	}
}

static void
syntax_fault(struct yaml *y, const yaml_parser_t *parser, const char *text)
{
	uint32_t line = (uint32_t)parser->problem_mark.line + 1;
	uint32_t column = (uint32_t)parser->problem_mark.column + 1;
	const char *what = parser->problem, *hint = "";

	if (parser->error == YAML_READER_ERROR)
		place_of(text, parser->problem_offset, &line, &column);
	if (what == NULL)
		what = "it cannot be read";
	if (y->has_tab && strstr(what, "start any token") != NULL)
		hint = "; indent with spaces, not tabs";
	else if (strstr(what, "mapping values are not allowed") != NULL)
		hint = "; a text with ': ' in it must be quoted";
	problems_add(y->problems, y->file, line, column,
	    "this is not YAML: %s%s%s%s", what,
	    parser->context == NULL ? "" : " ",
	    parser->context == NULL ? "" : parser->context, hint);
}

static int
events_read(struct yaml *y, yaml_parser_t *parser, const char *text)
{
	int done = 0;

	while (done == 0) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event)) {
			syntax_fault(y, parser, text);
			return -1;
		}
		done = event_take(y, &event);
		yaml_event_delete(&event);
	}
	return done == 1 ? 0 : -1;
}

static bool
is_text(struct yaml *y, const char *text, size_t n)
{
	const char *p = text, *end = text + n;
	uint32_t line, column;

	if (n > LIMIT_YAML_BYTES) {
		problems_add(y->problems, y->file, 0, 0,
		    "has %zu bytes, more than the %ld that are allowed", n,
		    LIMIT_YAML_BYTES);
		return false;
	}
	if (utf8_is_valid(text, n))
		return true;
	while (p < end) {
		const char *before = p;

		utf8_next(&p, end);
		if (!utf8_is_valid(before, (size_t)(p - before))) {
			p = before;
			break;
		}
	}
	place_of(text, (size_t)(p - text), &line, &column);
	problems_add(y->problems, y->file, line, column,
	    *p == '\0' ? "byte %zu is a NUL, which no text holds"
		       : "byte %zu is not UTF-8; save the file as UTF-8",
	    (size_t)(p - text));
	return false;
}

static bool
has_tab_indent(const char *text, size_t n)
{
	bool at_start = true;

	for (size_t i = 0; i < n; i++) {
		if (at_start && text[i] == '\t')
			return true;
		at_start = text[i] == '\n' || (at_start && text[i] == ' ');
	}
	return false;
}

int
yaml_parse(struct arena *arena, struct problems *problems, const char *file,
    const char *text, size_t n, struct node **root)
{
	struct yaml y = { .arena = arena, .problems = problems, .file = file };
	yaml_parser_t parser;
	int result;

	if (!is_text(&y, text, n))
		return -1;
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	y.has_tab = has_tab_indent(text, n);
	if (!yaml_parser_initialize(&parser))
		fatal("out of memory");
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, n);
	result = events_read(&y, &parser, text);
	yaml_parser_delete(&parser);
	if (result == 0)
		*root = y.root;
	return result;
}

/* One byte more than allowed is enough to see that it is too big. */
static int
file_read(const char *file, struct buf *to)
{
	FILE *f = fopen(file, "re");
	int cause;

	if (f == NULL)
		return -1;
	while (to->len <= LIMIT_YAML_BYTES) {
		char *end = buf_reserve(to, 4096);
		size_t n = fread(end, 1, 4096, f);

		if (n == 0)
			break;
		to->len += n;
	}
	cause = ferror(f) ? errno : 0;
	fclose(f);
	errno = cause;
	return cause == 0 ? 0 : -1;
}

int
yaml_load(struct arena *arena, struct problems *problems, const char *file,
    struct node **root)
{
	struct buf text;
	struct stat st;
	int result = -1;

	/* To open a pipe would wait for whoever writes into it. */
	buf_init(&text, LIMIT_YAML_BYTES + 2 * 4096);
	if (stat(file, &st) == 0 && !S_ISREG(st.st_mode))
		problems_add(problems, file, 0, 0,
		    "cannot be read: it is %s, a regular file is expected",
		    S_ISDIR(st.st_mode)    ? "a folder"
		    : S_ISFIFO(st.st_mode) ? "a pipe"
					   : "a device or socket");
	else if (file_read(file, &text) == -1)
		problems_add(problems, file, 0, 0, "cannot be read: %s",
		    strerror(errno));
	else
		result = yaml_parse(
		    arena, problems, file, buf_cstr(&text), text.len, root);
	buf_fini(&text);
	return result;
}
