/*
 * The addresses of a definition: patterns by which its boards are known.
 *
 *	"{tenant}.breezy.hr"                       a label of the host
 *	jobs.lever.co/{site}                       a part of the path
 *	x.example/[locale]/jobs?for={board}        /en-US/ or nothing; a query
 *	not jobs.lever.co/api                      none of ours
 *	{ at: "jobs.eu.lever.co/{site}", host: api.eu.lever.co }
 *	{ holds: "*.cdn.example", host: "{page.host}" }    any page that loads
 *							   such an address
 *
 * What is behind the path of a pattern is free. "*" stands for one label or
 * one part of a path, whatever it is.
 */
#include <string.h>
#include "conf/conf_int.h"

#define NOT    "not "
#define LOCALE "[locale]"
#define AT     "at"
#define HOLDS  "holds"

const char *const address_page_names[ADDRESS_PAGE_NAMES] = { "page.host",
	"page.label", "page.domain", "page.first", "page.second" };

/* An address while it is read. */
struct draft {
	const struct reader *reader;
	const struct source_own *own;
	const struct node *node; /* of the pattern */
	struct address *to;
};

static bool
refuse(const struct draft *d, const char *what)
{
	fault(d->reader->problems, d->node,
	    "'%s' is no pattern of addresses: %s",
	    str_safe(d->reader->arena, d->node->text, 100), what);
	return false;
}

static bool
is_param(const struct source_own *own, const char *name)
{
	for (size_t i = 0; i < own->nparams; i++)
		if (str_eq(own->params[i].name, name))
			return true;
	return false;
}

/* ---- the pattern ---- */

static bool
part_parse(const struct draft *d, const char *text, struct address_part *to)
{
	struct arena *arena = d->reader->arena;
	const char *open = strchr(text, '{'), *close;

	*to = (struct address_part){ .kind = PART_LITERAL, .before = text };
	if (str_eq(text, "*")) {
		to->kind = PART_ANY;
		return true;
	}
	if (str_eq(text, LOCALE)) {
		to->kind = PART_LOCALE;
		return true;
	}
	if (open == NULL)
		return text[0] != '\0' ||
		       refuse(d, "between two marks there is nothing");
	close = strchr(open, '}');
	if (close == NULL || close == open + 1 || strchr(close, '{') != NULL)
		return refuse(d, "a part holds one {name} at most");
	to->kind = PART_VALUE;
	to->before = arena_strndup(arena, text, (size_t)(open - text));
	to->name = arena_strndup(arena, open + 1, (size_t)(close - open - 1));
	to->after = close + 1;
	return true;
}

/* The parts of text between marks; NULL after a complaint. */
static struct address_part *
parts_parse(
    const struct draft *d, const char *text, const char *mark, size_t *n)
{
	struct arena *arena = d->reader->arena;
	struct address_part *parts =
	    arena_array(arena, ADDRESS_PARTS, sizeof(*parts));

	for (*n = 0; *text != '\0'; ++*n) {
		size_t length = strcspn(text, mark);

		if (*n == ADDRESS_PARTS) {
			refuse(d, "it has too many parts");
			return NULL;
		}
		if (!part_parse(
			d, arena_strndup(arena, text, length), &parts[*n]))
			return NULL;
		text += length;
		text += *text == '\0' ? 0 : 1;
	}
	return parts;
}

static bool
host_parse(const struct draft *d, char *host)
{
	struct address *to = d->to;
	char *colon = strrchr(host, ':');
	int64_t port = 0;
	size_t literals = 0;

	if (colon != NULL) {
		if (str_to_i64(colon + 1, 1, 65535, &port) == -1)
			return refuse(d, "its port is no number");
		*colon = '\0';
	}
	to->port = (int)port;
	to->labels = parts_parse(d, host, ".", &to->nlabels);
	if (to->labels == NULL)
		return false;
	for (size_t i = 0; i < to->nlabels; i++)
		if (to->labels[i].kind == PART_LITERAL)
			literals++;
		else if (to->labels[i].kind == PART_LOCALE)
			return refuse(d, "[locale] stands in paths only");
	/* "{x}.com" would be everybody. */
	if (literals < 2)
		return refuse(d, "two labels of the host at least are fixed");
	return true;
}

static bool
query_parse(const struct draft *d, const char *text)
{
	struct arena *arena = d->reader->arena;
	struct address *to = d->to;
	const char *equals;

	to->query = arena_array(arena, ADDRESS_PARTS, sizeof(*to->query));
	while (*text != '\0') {
		size_t length = strcspn(text, "&");
		char *pair = arena_strndup(arena, text, length);

		equals = strchr(pair, '=');
		if (equals == NULL || equals == pair ||
		    to->nquery == ADDRESS_PARTS)
			return refuse(d, "behind '?' stands name=value");
		to->query[to->nquery].name =
		    arena_strndup(arena, pair, (size_t)(equals - pair));
		if (!part_parse(d, equals + 1, &to->query[to->nquery].value))
			return false;
		to->nquery++;
		text += length;
		text += *text == '\0' ? 0 : 1;
	}
	return true;
}

static bool
pattern_parse(const struct draft *d, const char *text)
{
	struct arena *arena = d->reader->arena;
	size_t host = strcspn(text, "/?"), path;

	if (strstr(text, "://") != NULL)
		return refuse(d, "it begins with the host, without https://");
	if (strpbrk(text, "# \t") != NULL)
		return refuse(d, "it holds a blank or '#'");
	if (!host_parse(d, arena_strndup(arena, text, host)))
		return false;
	text += host;
	path = strcspn(text, "?");
	d->to->path = parts_parse(d,
	    arena_strndup(arena, text + (path > 0), path > 0 ? path - 1 : 0),
	    "/", &d->to->npath);
	if (d->to->path == NULL)
		return false;
	text += path;
	return *text == '\0' || query_parse(d, text + 1);
}

/* The more of an address a pattern fixes, the sooner it is believed. */
static int
part_weight(const struct address_part *part)
{
	switch (part->kind) {
	case PART_LITERAL:
		return 4;
	case PART_VALUE:
		return part->before[0] != '\0' || part->after[0] != '\0' ? 2
									 : 1;
	default:
		return part->kind == PART_ANY;
	}
}

static void
weigh(struct address *to)
{
	for (size_t i = 0; i < to->nlabels; i++)
		to->weight += part_weight(&to->labels[i]);
	for (size_t i = 0; i < to->npath; i++)
		to->weight += part_weight(&to->path[i]);
	for (size_t i = 0; i < to->nquery; i++)
		to->weight += 1 + part_weight(&to->query[i].value);
}

/* ---- what it says of parameters ---- */

static bool
is_captured(const struct address *a, const char *name)
{
	for (size_t i = 0; i < a->nlabels; i++)
		if (str_eq(a->labels[i].name, name))
			return true;
	for (size_t i = 0; i < a->npath; i++)
		if (str_eq(a->path[i].name, name))
			return true;
	for (size_t i = 0; i < a->nquery; i++)
		if (str_eq(a->query[i].value.name, name))
			return true;
	return false;
}

static bool
is_set(const struct address *a, const char *name)
{
	for (size_t i = 0; i < a->nsets; i++)
		if (str_eq(a->sets[i].name, name))
			return true;
	return false;
}

/* What is known of a page that holds an address: its own. */
static bool
is_of_page(const struct address *a, const char *name)
{
	for (size_t i = 0; a->is_held && i < ADDRESS_PAGE_NAMES; i++)
		if (str_eq(address_page_names[i], name))
			return true;
	return false;
}

struct used {
	const struct draft *draft;
	const struct node *node; /* of a set's value */
	const char *name;        /* asked for: is it used? */
	bool is_found;
};

static void
used_check(void *context, const char *name)
{
	struct used *used = context;

	if (used->name != NULL)
		used->is_found = used->is_found || str_eq(used->name, name);
	else if (!is_captured(used->draft->to, name) &&
		 !is_of_page(used->draft->to, name))
		fault(used->draft->reader->problems, used->node,
		    "{%s} does not stand in %s",
		    str_safe(used->draft->reader->arena, name, 60),
		    used->draft->node->text);
}

static bool
is_used(const struct draft *d, const char *name)
{
	struct used used = { .draft = d, .name = name };

	for (size_t i = 0; i < d->to->nsets; i++)
		template_names(
		    d->reader->arena, d->to->sets[i].value, used_check, &used);
	return used.is_found;
}

static const char *
nearest(const struct draft *d, const char *name)
{
	struct arena *arena = d->reader->arena;
	const char **names =
	    arena_array(arena, d->own->nparams + 1, sizeof(*names));

	for (size_t i = 0; i < d->own->nparams; i++)
		names[i] = d->own->params[i].name;
	return did_you_mean(arena, name, names, d->own->nparams);
}

static void
name_check(const struct draft *d, const struct address_part *part)
{
	if (part->name != NULL && !is_param(d->own, part->name) &&
	    !is_used(d, part->name))
		fault(d->reader->problems, d->node,
		    "{%s} is no parameter of this source%s",
		    str_safe(d->reader->arena, part->name, 60),
		    nearest(d, part->name));
}

static void
names_check(const struct draft *d)
{
	const struct address *a = d->to;

	for (size_t i = 0; i < a->nlabels; i++)
		name_check(d, &a->labels[i]);
	for (size_t i = 0; i < a->npath; i++)
		name_check(d, &a->path[i]);
	for (size_t i = 0; i < a->nquery; i++)
		name_check(d, &a->query[i].value);
	for (size_t i = 0; i < d->own->nparams; i++) {
		const struct param_info *param = &d->own->params[i];

		if (param->required && !is_set(a, param->name) &&
		    !is_captured(a, param->name))
			fault(d->reader->problems, d->node,
			    "the pattern does not say {%s}, which is required",
			    param->name);
	}
}

/* The keys of a mapping beside the pattern. */
static void
sets_read(const struct draft *d, const struct node *map)
{
	struct arena *arena = d->reader->arena;
	struct address *to = d->to;

	to->sets = arena_array(arena, map->n, sizeof(*to->sets));
	for (size_t i = 0; i < map->n; i++) {
		const struct node *key = map->keys[i];
		struct used used = { .draft = d, .node = map->items[i] };
		const char *value;
		struct err e = { 0 };
		size_t at;

		if (key->kind != NODE_SCALAR || map->items[i] == d->node ||
		    !read_text(d->reader, map->items[i], &value))
			continue;
		if (!is_param(d->own, key->text))
			fault(d->reader->problems, key,
			    "'%s' is no parameter of this source%s",
			    str_safe(arena, key->text, 60),
			    nearest(d, key->text));
		else if (template_check(value, &at, &e) == -1)
			fault(d->reader->problems, map->items[i],
			    "%s (character %zu)", e.text, at + 1);
		else
			to->sets[to->nsets++] =
			    (struct pair){ key->text, value };
		template_names(arena, value, used_check, &used);
	}
}

static void
address_read(const struct reader *r, const struct source_own *own,
    const struct node *node, struct address *to)
{
	const struct node *held =
	    node->kind == NODE_MAP ? node_get(node, HOLDS) : NULL;
	const struct node *at = held != NULL             ? held
				: node->kind == NODE_MAP ? node_get(node, AT)
							 : node;
	struct draft d = { .reader = r, .own = own, .node = at, .to = to };
	const char *text;

	if (at == NULL) {
		fault(r->problems, node,
		    "expected at: or holds: and a pattern beside the "
		    "parameters");
		return;
	}
	if (!read_text(r, at, &text))
		return;
	to->is_held = held != NULL;
	to->is_not = str_starts(text, NOT);
	text += to->is_not ? strlen(NOT) : 0;
	if (!pattern_parse(&d, text))
		return;
	weigh(to);
	if (node->kind == NODE_MAP)
		sets_read(&d, node);
	if (!to->is_not)
		names_check(&d);
}

void
top_addresses(const struct reader *r, const struct node *node, void *part)
{
	struct source_own *own = ((struct source_part *)part)->own;
	size_t n = node->kind == NODE_LIST ? node->n : 1;

	own->addresses = arena_array(r->arena, n, sizeof(*own->addresses));
	for (size_t i = 0; i < n; i++)
		address_read(r, own,
		    node->kind == NODE_LIST ? node->items[i] : node,
		    &own->addresses[own->naddresses++]);
}
