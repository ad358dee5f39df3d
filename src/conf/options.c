/*
 * careerd.yaml by its table: defaults, the file, the environment.
 */
#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include "conf/option_types.h"

/* A member that is not of its option's type does not compile. */
#define X(key, type, member, fallback, sample, min, max, reload, help) \
	_Static_assert(_Generic(&((struct conf *)0)->member,           \
			   option_ctype_##type * : 1, default : 0),    \
	    key);
#include "conf/options.def"
#undef X

enum {
#define T(name, ctype, word, kind, fn) TYPE_##name,
	OPTION_TYPES(T)
#undef T
	    TYPE__MAX
};

#define T(name, ctype, word, kind, fn) \
	static const char type_word_##name[] = word;
OPTION_TYPES(T)
#undef T

static const struct {
	enum node_kind env_kind; /* SCALAR: the text; else read as YAML */
	bool (*read)(const struct reader *, const struct option *,
	    const struct node *, void *member);
} types[TYPE__MAX] = {
#define T(name, ctype, word, kind, fn) [TYPE_##name] = { NODE_##kind, fn },
	OPTION_TYPES(T)
#undef T
};

const struct option options[] = {
#define X(key, type, member, fallback, sample, min, max, reload, help)         \
	{ { key, type_word_##type, fallback, sample, help, reload }, min, max, \
		offsetof(struct conf, member), TYPE_##type },
#include "conf/options.def"
#undef X
};
const size_t options_count = sizeof(options) / sizeof(options[0]);

size_t
conf_options(const struct option_info **to)
{
	static struct option_info infos[sizeof(options) / sizeof(options[0])];

	for (size_t i = 0; i < options_count; i++)
		infos[i] = options[i].info;
	*to = infos;
	return options_count;
}

char *
conf_option_env(struct arena *arena, const char *key)
{
	char *name = arena_printf(arena, "CAREERD_%s", key);

	for (char *p = name; *p != '\0'; p++)
		*p = *p == '.' ? '_' : (char)toupper((unsigned char)*p);
	return name;
}

static const struct option *
option_find(const char *key)
{
	for (size_t i = 0; i < options_count; i++)
		if (strcmp(options[i].info.key, key) == 0)
			return &options[i];
	return NULL;
}

const struct node *
option_node(const struct conf_own *own, const char *key)
{
	return own->values[option_find(key) - options].node;
}

bool
option_is_given(const struct conf_own *own, const char *key)
{
	const struct option_value *value =
	    &own->values[option_find(key) - options];

	return value->node != NULL && !str_eq(value->origin, "default");
}

static void
option_set(const struct reader *r, struct conf_own *own,
    const struct option *option, const struct node *node, const char *origin)
{
	char *member = (char *)&own->conf + option->offset;

	own->values[option - options] =
	    (struct option_value){ .node = node, .origin = origin };
	types[option->type].read(r, option, node, member);
}

static void
defaults_set(const struct reader *r, struct conf_own *own)
{
	for (size_t i = 0; i < options_count; i++) {
		const char *text = options[i].info.default_text;
		struct node *node;

		if (text == NULL)
			continue;
		node = node_scalar(r->arena, text, NULL);
		node->file = "default";
		option_set(r, own, &options[i], node, "default");
	}
}

/* Keys that may stand below a prefix; *n of them. */
static const char **
words_below(struct arena *arena, const char *prefix, size_t *n)
{
	const char **words =
	    arena_array(arena, options_count + 1, sizeof(*words));

	*n = 0;
	for (size_t i = 0; i < options_count; i++) {
		const char *rest = options[i].info.key + strlen(prefix);
		const char *word;

		if (!str_starts(options[i].info.key, prefix))
			continue;
		word = arena_strndup(arena, rest, strcspn(rest, "."));
		if (*n == 0 || !str_eq(words[*n - 1], word))
			words[(*n)++] = word;
	}
	if (prefix[0] != '\0' &&
	    option_find(arena_strndup(arena, prefix, strlen(prefix) - 1)))
		words[(*n)++] = "url";
	return words;
}

/* "database: { url: ... }" is "database: ..." written with more room. */
static const struct option *
option_below(struct arena *arena, const char *prefix, const char *key)
{
	if (prefix[0] != '\0' && str_eq(key, "url"))
		return option_find(
		    arena_strndup(arena, prefix, strlen(prefix) - 1));
	return option_find(arena_printf(arena, "%s%s", prefix, key));
}

static bool
is_group(const char *prefix)
{
	for (size_t i = 0; i < options_count; i++)
		if (str_starts(options[i].info.key, prefix))
			return true;
	return false;
}

/* Groups nest three deep in options.def, and this no deeper. */
static void
file_read(const struct reader *r, struct conf_own *own, const struct node *map,
    const char *prefix)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct node *key = map->keys[i], *node = map->items[i];
		const struct option *option;
		const char *below;

		if (key->kind != NODE_SCALAR)
			continue;
		option = option_below(r->arena, prefix, key->text);
		below = arena_printf(r->arena, "%s%s.", prefix, key->text);
		if (is_group(below) &&
		    (option == NULL || node->kind == NODE_MAP)) {
			if (!node_is_null(node) && is_map(r, node))
				file_read(r, own, node, below);
		} else if (option != NULL) {
			option_set(r, own, option, node,
			    arena_printf(
				r->arena, "%s:%u", node->file, node->line));
		} else {
			size_t n;
			const char **words = words_below(r->arena, prefix, &n);

			unknown_key(r, key, words, n);
		}
	}
}

static struct node *
env_node(const struct reader *r, const struct option *option, const char *name,
    const char *text)
{
	const char *file = arena_printf(r->arena, "$%s", name);
	struct node *node = NULL;

	if (types[option->type].env_kind == NODE_SCALAR) {
		node = node_scalar(r->arena, text, NULL);
		node->file = file;
		return node;
	}
	/* "C, Rust" is a list without its brackets. */
	if (types[option->type].env_kind == NODE_LIST && text[0] != '[')
		text = arena_printf(r->arena, "[%s]", text);
	yaml_parse(r->arena, r->problems, file, text, strlen(text), &node);
	return node;
}

static void
env_read(const struct reader *r, struct conf_own *own)
{
	for (size_t i = 0; i < options_count; i++) {
		char *name = conf_option_env(r->arena, options[i].info.key);
		const char *text = getenv(name);
		struct node *node;

		if (text == NULL || text[0] == '\0')
			continue;
		node = env_node(
		    r, &options[i], name, arena_strdup(r->arena, text));
		if (node != NULL)
			option_set(r, own, &options[i], node, "environment");
	}
}

void
options_read(
    const struct reader *r, struct conf_own *own, const struct node *root)
{
	own->values =
	    arena_array(r->arena, options_count, sizeof(*own->values));
	defaults_set(r, own);
	if (root != NULL && is_map(r, root))
		file_read(r, own, root, "");
	env_read(r, own);
}
