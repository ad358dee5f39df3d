/*
 * The keys at the top of a source file.
 */
#include <string.h>
#include "conf/conf_int.h"
#include "plan/plan.h"

#define NAME_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-_"
#define NAME_BYTES 64

static struct source *
source_of(void *part)
{
	return &((struct source_part *)part)->own->source;
}

struct text_at
text_at(const struct node *node)
{
	return (struct text_at){ .text = node->text,
		.line = node->line,
		.column = node->column,
		.file = node->file };
}

void
top_source(const struct reader *r, const struct node *node, void *part)
{
	const char *name;

	if (!read_text(r, node, &name))
		return;
	if (strspn(name, NAME_CHARS) != strlen(name) || name[0] == '-' ||
	    name[0] == '_' || strlen(name) > NAME_BYTES)
		fault(r->problems, node,
		    "'%s' is no name for a source: small letters, digits, '-' "
		    "and '_', %d at most, a letter or digit first",
		    str_safe(r->arena, name, NAME_BYTES), NAME_BYTES);
	else
		source_of(part)->name = name;
}

void
top_about(const struct reader *r, const struct node *node, void *part)
{
	read_text(r, node, &source_of(part)->about);
}

void
top_homepage(const struct reader *r, const struct node *node, void *part)
{
	read_text(r, node, &source_of(part)->homepage);
}

void
top_terms(const struct reader *r, const struct node *node, void *part)
{
	read_text(r, node, &source_of(part)->terms);
}

void
top_attribution(const struct reader *r, const struct node *node, void *part)
{
	read_text(r, node, &source_of(part)->attribution);
}

void
top_enabled(const struct reader *r, const struct node *node, void *part)
{
	read_bool(r, node, &source_of(part)->enabled);
}

void
param_required(const struct reader *r, const struct node *node, void *part)
{
	read_bool(r, node, &((struct param_info *)part)->required);
}

void
param_default(const struct reader *r, const struct node *node, void *part)
{
	struct param_info *param = part;

	if (node->kind != NODE_SCALAR)
		fault(r->problems, node, "expected a text, found %s",
		    node_found(r->arena, node));
	else
		param->default_value = node->text;
}

void
param_help(const struct reader *r, const struct node *node, void *part)
{
	read_text(r, node, &((struct param_info *)part)->help);
}

static void
param_read(const struct reader *r, const struct node *key,
    const struct node *node, struct param_info *to)
{
	to->name = key->text;
	if (key->text[0] == '\0' ||
	    strspn(key->text, NAME_CHARS) != strlen(key->text))
		fault(r->problems, key,
		    "'%s' is no name for a parameter: small letters, digits, "
		    "'-' and '_'",
		    str_safe(r->arena, key->text, NAME_BYTES));
	if (is_source_key(key->text))
		fault(r->problems, key,
		    "a parameter cannot be called '%s', which is a key of "
		    "source files",
		    key->text);
	if (node_is_null(node))
		return;
	read_section(r, node, SECTION_KEYS_PARAM, to);
	if (to->required && to->default_value != NULL)
		fault(r->problems, node,
		    "parameter '%s' is required and has a default; it can be "
		    "one only",
		    str_safe(r->arena, key->text, NAME_BYTES));
}

void
top_params(const struct reader *r, const struct node *node, void *part)
{
	struct source_own *own = ((struct source_part *)part)->own;

	if (!is_map(r, node))
		return;
	own->params = arena_array(r->arena, node->n, sizeof(*own->params));
	for (size_t i = 0; i < node->n; i++)
		if (node->keys[i]->kind == NODE_SCALAR)
			param_read(r, node->keys[i], node->items[i],
			    &own->params[own->nparams++]);
}

void
top_every(const struct reader *r, const struct node *node, void *part)
{
	struct source *source = source_of(part);
	struct err e = { 0 };
	const char *text;

	((struct source_part *)part)->own->every_node = node;
	if (read_text(r, node, &text) &&
	    every_parse(r->arena, text, &source->every, &e) == -1)
		fault(r->problems, node, "every: %s", e.text);
}

void
top_allow_private(const struct reader *r, const struct node *node, void *part)
{
	read_bool(r, node, &source_of(part)->allow_private);
}

void
top_robots(const struct reader *r, const struct node *node, void *part)
{
	static const char *const words[] = { "obey", "ignore" };
	size_t at;

	((struct source_part *)part)->own->robots_node = node;
	if (read_word(r, node, words, 2, &at))
		source_of(part)->robots_ignore = at == 1;
}

void
top_reason(const struct reader *r, const struct node *node, void *part)
{
	read_text(r, node, &source_of(part)->robots_reason);
}

const char *
header_owner(const char *name)
{
	static const struct pair owned[] = {
		{ "host", "the URL does" },
		{ "content-length", "the body does" },
		{ "content-type", "the headers of a request with a body do" },
		{ "transfer-encoding", "the body does" },
		{ "accept-encoding", "the program does" },
		{ "connection", "the program does" },
		{ "user-agent", "contact: in careerd.yaml does" },
		{ "if-none-match", "the program does" },
		{ "if-modified-since", "the program does" },
		{ "authorization", "auth does, with a secret that has a name" },
		{ "cookie", "cookies are not kept" },
	};

	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++)
		if (str_eq_ci(owned[i].name, name))
			return owned[i].value;
	return NULL;
}

/* A token of RFC 9110 section 5.6.2. */
bool
is_header_name(const char *text)
{
	return text[0] != '\0' &&
	       strspn(text,
		   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		   "0123456789!#$%&'*+-.^_`|~") == strlen(text);
}

static bool
header_check(const struct reader *r, const struct node *key,
    const struct node *node, const char *value)
{
	const char *owner = header_owner(key->text);

	if (!is_header_name(key->text))
		fault(r->problems, key, "'%s' is no name of a header",
		    str_safe(r->arena, key->text, NAME_BYTES));
	else if (owner != NULL)
		fault(r->problems, key, "header %s cannot be set here: %s",
		    key->text, owner);
	else if (strpbrk(value, "\r\n") != NULL)
		fault(r->problems, node, "a header is one line");
	else
		return true;
	return false;
}

void
top_headers(const struct reader *r, const struct node *node, void *part)
{
	struct source *source = source_of(part);
	struct pair *headers;
	size_t n = source->nheaders;

	if (!is_map(r, node))
		return;
	headers = arena_array(r->arena, n + node->n, sizeof(*headers));
	if (n > 0)
		memcpy(headers, source->headers, n * sizeof(*headers));
	for (size_t i = 0; i < node->n; i++) {
		const char *value;

		if (node->keys[i]->kind != NODE_SCALAR ||
		    !read_text(r, node->items[i], &value) ||
		    !header_check(r, node->keys[i], node->items[i], value))
			continue;
		headers[n++] = (struct pair){ node->keys[i]->text, value };
	}
	source->headers = headers;
	source->nheaders = n;
}
