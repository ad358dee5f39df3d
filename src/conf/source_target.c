/*
 * Targets: a source runs once for each set of its parameters.
 */
#include <stdlib.h>
#include <string.h>
#include "conf/conf_int.h"

#define VALUE_BYTES 1000

/* Targets as they are made, and what complaints refer to. */
struct targets {
	const struct reader *reader;
	struct source_own *own;
	const struct node *at;
	size_t size;
	bool has_many_sets;
};

/* One value for each parameter; NULL: not given. */
struct values {
	const char **text;
	const struct node *many; /* the one that is a list */
	size_t many_at;
};

static bool
value_check(const struct targets *t, const struct node *node)
{
	if (node->kind != NODE_SCALAR || str_is_empty(node->text)) {
		fault(t->reader->problems, node, "expected a text, found %s",
		    node_found(t->reader->arena, node));
		return false;
	}
	for (const char *p = node->text; *p != '\0'; p++) {
		if ((unsigned char)*p >= ' ' && *p != 127)
			continue;
		fault(t->reader->problems, node,
		    "the value holds a character that cannot be sent");
		return false;
	}
	if (strlen(node->text) > VALUE_BYTES) {
		fault(t->reader->problems, node,
		    "the value is longer than %d bytes", VALUE_BYTES);
		return false;
	}
	return true;
}

static bool
value_take(const struct targets *t, struct values *values, size_t i,
    const struct node *node)
{
	if (node->kind != NODE_LIST) {
		values->text[i] = node->text;
		return value_check(t, node);
	}
	if (node->n == 0) {
		fault(t->reader->problems, node, "the list is empty");
		return false;
	}
	if (values->many != NULL) {
		fault(t->reader->problems, node,
		    "only one parameter can be a list; write several sets: "
		    "[ { ... }, { ... } ]");
		return false;
	}
	for (size_t k = 0; k < node->n; k++)
		if (!value_check(t, node->items[k]))
			return false;
	values->many = node;
	values->many_at = i;
	return true;
}

static bool
is_complete(const struct targets *t, const struct values *values)
{
	const struct source_own *own = t->own;
	bool ok = true;

	for (size_t i = 0; i < own->nparams; i++) {
		const struct param_info *param = &own->params[i];
		bool is_many = values->many != NULL && values->many_at == i;

		if (!param->required || values->text[i] != NULL || is_many)
			continue;
		ok = false;
		fault(t->reader->problems, t->at, "%s needs %s%s%s",
		    own->source.name, param->name,
		    param->help == NULL ? "" : ": ",
		    param->help == NULL ? "" : param->help);
	}
	return ok;
}

static bool
is_address(const char *text)
{
	return strstr(text, "://") != NULL || is_mailbox(text);
}

/* "greenhouse/stripe": what was given, but no addresses unless they vary. */
static const char *
target_key(const struct targets *t, const struct values *values)
{
	struct arena *arena = t->reader->arena;
	const char *key = t->own->source.name;

	for (size_t i = 0; i < t->own->nparams; i++) {
		const char *text = values->text[i];
		bool varies = t->has_many_sets ||
			      (values->many != NULL && values->many_at == i);

		if (text != NULL && (varies || !is_address(text)))
			key = arena_printf(arena, "%s/%s", key, text);
	}
	return key;
}

static void
target_add(struct targets *t, const struct values *values)
{
	struct source *source = &t->own->source;
	struct arena *arena = t->reader->arena;
	struct target *target;

	if (source->ntargets == t->size) {
		size_t size = t->size == 0 ? 4 : t->size * 2;
		struct target *list = arena_array(arena, size, sizeof(*list));

		if (t->size > 0)
			memcpy(list, source->targets, t->size * sizeof(*list));
		source->targets = list;
		t->size = size;
	}
	target = &source->targets[source->ntargets++];
	target->key = target_key(t, values);
	target->nparams = t->own->nparams;
	target->params =
	    arena_array(arena, target->nparams, sizeof(*target->params));
	for (size_t i = 0; i < target->nparams; i++) {
		const struct param_info *param = &t->own->params[i];
		const char *text = values->text[i];

		if (text == NULL)
			text = param->default_value;
		target->params[i] = (struct pair){
			.name = param->name,
			.value = text == NULL ? "" : text,
		};
	}
	mailbox_resolve(t->reader, source, t->at, target);
}

static const struct node *
set_get(const struct node *set, const char *name)
{
	return set == NULL ? NULL : node_get(set, name);
}

/* One set: one target, or as many as its list has values. */
static void
set_add(struct targets *t, const struct node *set)
{
	struct arena *arena = t->reader->arena;
	struct values values = { 0 };
	bool ok = true;

	values.text = arena_array(arena, t->own->nparams, sizeof(*values.text));
	for (size_t i = 0; i < t->own->nparams; i++) {
		const struct node *node = set_get(set, t->own->params[i].name);

		if (node == NULL || value_take(t, &values, i, node))
			continue;
		/* It was given, if wrongly. */
		values.text[i] = "";
		ok = false;
	}
	if (!is_complete(t, &values) || !ok)
		return;
	if (values.many == NULL) {
		target_add(t, &values);
		return;
	}
	for (size_t k = 0; k < values.many->n; k++) {
		values.text[values.many_at] = values.many->items[k]->text;
		target_add(t, &values);
	}
}

static int
key_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two of one key would be one run. */
static void
keys_check(const struct targets *t)
{
	const struct source *source = &t->own->source;
	struct arena *arena = t->reader->arena;
	const char **keys = arena_array(arena, source->ntargets, sizeof(*keys));

	for (size_t i = 0; i < source->ntargets; i++)
		keys[i] = source->targets[i].key;
	qsort(keys, source->ntargets, sizeof(*keys), key_compare);
	for (size_t i = 1; i < source->ntargets; i++) {
		if (!str_eq(keys[i - 1], keys[i]))
			continue;
		fault(t->reader->problems, t->at,
		    "the same parameters stand here twice (%s)",
		    str_safe(arena, keys[i], 100));
		return;
	}
}

void
source_targets(const struct reader *r, struct source_own *own,
    const struct node *at, const struct node *const *sets, size_t nsets)
{
	struct targets t = {
		.reader = r, .own = own, .at = at, .has_many_sets = nsets > 1
	};

	if (nsets == 0)
		set_add(&t, NULL);
	for (size_t i = 0; i < nsets && own->source.ntargets <= LIMIT_TARGETS;
	     i++)
		set_add(&t, sets[i]);
	if (own->source.ntargets > LIMIT_TARGETS)
		fault(r->problems, at, "more than %d sets of parameters",
		    LIMIT_TARGETS);
	else
		keys_check(&t);
}
