/*
 * Nodes as data: found by key, printed back, made into JSON.
 */
#include <string.h>
#include "conf/conf_int.h"

struct node **
nodes_new(struct arena *arena, size_t n, struct node *const *from, size_t have)
{
	struct node **nodes = arena_array(arena, n, sizeof(struct node *));

	for (size_t i = 0; i < have; i++)
		nodes[i] = from[i];
	return nodes;
}

struct node *
node_get(const struct node *map, const char *key)
{
	if (map == NULL || map->kind != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (map->keys[i]->kind == NODE_SCALAR &&
		    strcmp(map->keys[i]->text, key) == 0)
			return map->items[i];
	return NULL;
}

bool
node_is_null(const struct node *node)
{
	return node->kind == NODE_SCALAR && !node->quoted &&
	       (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
		   strcmp(node->text, "null") == 0);
}

struct node *
node_scalar(struct arena *arena, const char *text, const struct node *at)
{
	struct node *node = arena_alloc(arena, sizeof(*node));

	node->kind = NODE_SCALAR;
	node->text = text;
	if (at != NULL) {
		node->file = at->file;
		node->line = at->line;
		node->column = at->column;
	}
	return node;
}

/* Plain words that YAML or a reader of ours would not take as they are. */
static bool
wants_quotes(const struct node *node)
{
	const char *text = node->text;
	size_t n = strlen(text);

	if (n == 0)
		return true;
	if (node->quoted && (node_is_null(&(struct node){ .text = text }) ||
				strspn(text, "0123456789.-") == n))
		return true;
	if (strchr(" -?:,[]{}#&*!|>'\"%@`", text[0]) != NULL ||
	    text[n - 1] == ' ' || text[n - 1] == ':')
		return true;
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 127 ||
		    strchr(",[]{}", *p) != NULL || (*p == ':' && p[1] == ' ') ||
		    (*p == ' ' && p[1] == '#'))
			return true;
	return false;
}

static void
quoted_print(const char *text, struct buf *to)
{
	buf_char(to, '"');
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			buf_printf(to, "\\%c", c);
		else if (c == '\n')
			buf_str(to, "\\n");
		else if (c < ' ' || c == 127)
			buf_printf(to, "\\x%02x", c);
		else
			buf_char(to, *p);
	}
	buf_char(to, '"');
}

/* Depth is bounded by LIMIT_YAML_DEPTH. */
void
node_print(const struct node *node, struct buf *to)
{
	bool is_map = node->kind == NODE_MAP;

	if (node->kind == NODE_SCALAR) {
		if (wants_quotes(node))
			quoted_print(node->text, to);
		else
			buf_str(to, node->text);
		return;
	}
	buf_str(to, is_map ? "{" : "[");
	for (size_t i = 0; i < node->n; i++) {
		buf_str(to, i == 0 ? (is_map ? " " : "") : ", ");
		if (is_map) {
			node_print(node->keys[i], to);
			buf_str(to, ": ");
		}
		node_print(node->items[i], to);
	}
	buf_str(to, is_map ? (node->n > 0 ? " }" : "}") : "]");
}

/* JSON's own grammar of numbers, so that "007" and "1e5x" stay text. */
static bool
is_json_number(const char *p)
{
	if (*p == '-')
		p++;
	if (*p == '0')
		p++;
	else if (*p >= '1' && *p <= '9')
		p += strspn(p, "0123456789");
	else
		return false;
	if (*p == '.') {
		size_t n = strspn(p + 1, "0123456789");

		if (n == 0)
			return false;
		p += 1 + n;
	}
	return *p == '\0';
}

static struct json *
scalar_json(const struct node *node)
{
	const char *text = node->text;
	int64_t i;
	double d;

	if (node->quoted)
		return json_string(text);
	if (node_is_null(node))
		return json_null();
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		return json_bool(text[0] == 't');
	if (!is_json_number(text))
		return json_string(text);
	if (str_to_i64(text, INT64_MIN, INT64_MAX, &i) == 0)
		return json_int(i);
	if (str_to_double(text, &d) == 0)
		return json_real(d);
	return json_string(text);
}

struct json *
node_json(const struct node *node)
{
	struct json *json;

	if (node->kind == NODE_SCALAR)
		return scalar_json(node);
	json = node->kind == NODE_MAP ? json_object() : json_array();
	for (size_t i = 0; i < node->n; i++) {
		if (node->kind == NODE_LIST)
			json_append(json, node_json(node->items[i]));
		else if (node->keys[i]->kind == NODE_SCALAR)
			json_set(json, node->keys[i]->text,
			    node_json(node->items[i]));
	}
	return json;
}
