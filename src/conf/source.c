/*
 * Source definitions: one file each, with what careerd.yaml puts over it.
 */
#include <string.h>
#include "conf/conf_int.h"
#include "plan/plan.h"

#define GAP_MS     2000
#define TIMEOUT_MS 60000
/* One may be a page that changed while it was read. */
#define MISSED_RUNS 2

static void
defaults_set(const struct reader *r, struct source *source, const char *file)
{
	struct err e = { 0 };

	source->file = file;
	source->enabled = true;
	source->list.present = true;
	source->list.method = "GET";
	source->expect.min_jobs = -1;
	source->expect.missed_runs = MISSED_RUNS;
	mails_default(source);
	source->limits = (struct limits){
		.gap_ms = GAP_MS,
		.concurrency = 1,
		.timeout_ms = TIMEOUT_MS,
		.max_bytes = LIMIT_PAGE_BYTES,
	};
	if (every_parse(r->arena, "24h", &source->every, &e) == -1)
		fatal("every: %s", e.text);
}

/* Enough for its selectors to be looked at? */
static bool
is_draft(const struct source_own *own)
{
	const struct source *source = &own->source;
	const struct view *list = &source->list;

	/* Fields of a text may name groups of the pattern for its jobs. */
	return own->has_format &&
	       (list->jobs.text != NULL ||
		   (list->format != FORMAT_TEXT && !list->is_text_part));
}

/* Fields without a rule were complained about already. */
static void
fields_drop_empty(struct view *view)
{
	size_t n = 0;

	for (size_t i = 0; i < view->nfields; i++)
		if (view->fields[i].nrules > 0)
			view->fields[n++] = view->fields[i];
	view->nfields = n;
}

/*
 * All but the targets; NULL if there were faults. *draft is what could be
 * read in any case, if that is enough for a look at its selectors.
 */
static struct source_own *
definition_read(const struct reader *r, const char *file,
    const struct node *root, struct source **draft)
{
	struct source_own *own = arena_alloc(r->arena, sizeof(*own));
	struct source_part part = {
		.own = own, .view = &own->source.list, .node = root
	};
	size_t faults = r->problems->n;

	if (root == NULL) {
		problems_add(r->problems, file, 0, 0,
		    "is empty; a source has at least source, url and format");
		return NULL;
	}
	own->root = root;
	defaults_set(r, &own->source, file);
	read_section(r, root, SECTION_KEYS_TOP, &part);
	if (root->kind == NODE_MAP)
		source_check(r, own);
	if (r->problems->n == faults) {
		*draft = &own->source;
		return own;
	}
	fields_drop_empty(&own->source.list);
	fields_drop_empty(&own->source.detail);
	if (is_draft(own))
		*draft = &own->source;
	return NULL;
}

static bool
needs_params(const struct source_own *own)
{
	for (size_t i = 0; i < own->nparams; i++)
		if (own->params[i].required)
			return true;
	return false;
}

/* A file's document, alone; *draft as above. */
static struct source *
definition_alone(const struct reader *r, const char *file,
    const struct node *root, bool is_whole, struct source **draft)
{
	struct source_own *own = NULL;

	/* Of a broken document a part may have been read: it says enough. */
	if (is_whole || root != NULL)
		own = definition_read(r, file, root, draft);
	if (!is_whole)
		own = NULL;
	if (own != NULL && !needs_params(own))
		source_targets(r, own, root, NULL, 0);
	problems_sort(r->problems);
	return own == NULL ? NULL : &own->source;
}

struct source *
conf_source_parse(struct arena *arena, const char *file, const char *text,
    size_t n, struct problems *problems)
{
	struct reader r = { .arena = arena, .problems = problems };
	struct node *root = NULL;
	struct source *draft = NULL;
	size_t faults = problems->n;
	bool is_whole;

	file = arena_strdup(arena, file);
	is_whole = yaml_parse(arena, problems, file, text, n, &root) == 0 &&
		   problems->n == faults;
	if (!is_whole && root == NULL) {
		problems_sort(problems);
		return NULL;
	}
	return definition_alone(&r, file, root, is_whole, &draft);
}

static struct source *
source_load(struct arena *arena, const char *path, struct problems *problems,
    struct source **draft)
{
	struct reader r = { .arena = arena, .problems = problems };
	struct node *root = NULL;
	size_t faults = problems->n;
	bool is_whole;

	path = arena_strdup(arena, path);
	is_whole = yaml_load(arena, problems, path, &root) == 0 &&
		   problems->n == faults;
	if (!is_whole && root == NULL)
		return NULL;
	return definition_alone(&r, path, root, is_whole, draft);
}

struct source *
conf_source_load(
    struct arena *arena, const char *path, struct problems *problems)
{
	struct source *draft = NULL;

	return source_load(arena, path, problems, &draft);
}

struct source *
conf_source_draft(
    struct arena *arena, const char *path, struct problems *problems)
{
	struct source *draft = NULL;

	source_load(arena, path, problems, &draft);
	return draft;
}

size_t
conf_source_params(const struct source *source, const struct param_info **to)
{
	const struct source_own *own = (const struct source_own *)source;

	*to = own->params;
	return own->nparams;
}

/* Parameters of a command line as the mapping that a file would have. */
static struct node *
params_node(struct arena *arena, const struct pair *params, size_t n)
{
	struct node *map = node_scalar(arena, NULL, NULL);

	map->kind = NODE_MAP;
	map->n = n;
	map->file = "parameters";
	map->keys = nodes_new(arena, n, NULL, 0);
	map->items = nodes_new(arena, n, NULL, 0);
	for (size_t i = 0; i < n; i++) {
		map->keys[i] = node_scalar(
		    arena, arena_strdup(arena, params[i].name), map);
		map->items[i] = node_scalar(
		    arena, arena_strdup(arena, params[i].value), map);
	}
	return map;
}

static const char **
param_names(struct arena *arena, const struct source_own *own)
{
	const char **names = arena_array(arena, own->nparams, sizeof(*names));

	for (size_t i = 0; i < own->nparams; i++)
		names[i] = own->params[i].name;
	return names;
}

static bool
is_param(const struct source_own *own, const char *name)
{
	for (size_t i = 0; i < own->nparams; i++)
		if (str_eq(own->params[i].name, name))
			return true;
	return false;
}

int
conf_source_fill(struct arena *arena, struct source *source,
    const struct pair *params, size_t nparams, struct err *e)
{
	struct source_own *own = (struct source_own *)source;
	const struct node *set = params_node(arena, params, nparams);
	struct problems problems;
	struct reader r = { .arena = arena, .problems = &problems };

	for (size_t i = 0; i < nparams; i++)
		if (!is_param(own, params[i].name))
			return err_set(e, ERR_USAGE,
			    "source %s has no parameter '%s'%s", source->name,
			    params[i].name,
			    did_you_mean(arena, params[i].name,
				param_names(arena, own), own->nparams));
	problems_init(&problems, arena);
	source->ntargets = 0;
	source->targets = NULL;
	source_targets(&r, own, set, &set, 1);
	if (problems.n > 0)
		return err_set(
		    e, ERR_USAGE, "source %s", problems.list[0].text);
	return 0;
}

/* ---- entries of careerd.yaml ---- */

/* An entry taken apart: what are parameters, what replaces keys. */
struct entry {
	const struct reader *reader;
	const struct node *key;
	struct node *root;             /* of the definition; a copy */
	const struct node *definition; /* as it was in its file */
};

static bool
is_param_node(const struct node *definition, const char *name)
{
	return node_get(node_get(definition, "params"), name) != NULL;
}

static void
node_drop(struct node *map, const char *name)
{
	for (size_t i = 0; i < map->n; i++) {
		if (map->keys[i]->kind != NODE_SCALAR ||
		    strcmp(map->keys[i]->text, name) != 0)
			continue;
		for (map->n--; i < map->n; i++) {
			map->keys[i] = map->keys[i + 1];
			map->items[i] = map->items[i + 1];
		}
		return;
	}
}

/* A copy of a mapping with room for more. */
static struct node *
node_copy(struct arena *arena, const struct node *map, size_t more)
{
	struct node *copy = arena_alloc(arena, sizeof(*copy));

	*copy = *map;
	copy->keys = nodes_new(arena, map->n + more, map->keys, map->n);
	copy->items = nodes_new(arena, map->n + more, map->items, map->n);
	return copy;
}

static void
node_set(struct node *map, struct node *key, struct node *value)
{
	node_drop(map, key->text);
	map->keys[map->n] = key;
	map->items[map->n++] = value;
}

/* The keys of over go into base, one level deep; null takes one away. */
static struct node *
node_merge(
    struct arena *arena, const struct node *base, const struct node *over)
{
	struct node *copy = node_copy(arena, base, over->n);

	for (size_t i = 0; i < over->n; i++) {
		if (over->keys[i]->kind != NODE_SCALAR)
			continue;
		if (node_is_null(over->items[i]))
			node_drop(copy, over->keys[i]->text);
		else
			node_set(copy, over->keys[i], over->items[i]);
	}
	return copy;
}

/* Another way to go on through pages replaces the old one whole. */
static bool
is_merged(const char *key, const struct node *base, const struct node *over)
{
	static const char *const ways[] = { "next", "offset", "number",
		"cursor" };

	if (base == NULL || base->kind != NODE_MAP || over->kind != NODE_MAP)
		return false;
	for (size_t i = 0; str_eq(key, "pages") && i < 4; i++)
		if (node_get(over, ways[i]) != NULL)
			return false;
	return !str_eq(key, "detail") && !str_eq(key, "auth");
}

static void
entry_override(struct entry *entry, struct node *key, struct node *value)
{
	struct arena *arena = entry->reader->arena;
	const struct node *base = node_get(entry->root, key->text);

	if (node_is_null(value)) {
		node_drop(entry->root, key->text);
		return;
	}
	/* The address stands in one of the two. */
	if (str_eq(key->text, "url"))
		node_drop(entry->root, "request");
	if (str_eq(key->text, "request"))
		node_drop(entry->root, "url");
	if (is_merged(key->text, base, value))
		value = node_merge(arena, base, value);
	node_set(entry->root, key, value);
}

static void
entry_key_unknown(const struct entry *entry, const struct node *key)
{
	struct arena *arena = entry->reader->arena;
	const struct node *params = node_get(entry->definition, "params");
	const struct source_key_info *infos;
	size_t ninfos = conf_source_keys(&infos), n = 0;
	size_t nparams = params == NULL ? 0 : params->n;
	const char **words =
	    arena_array(arena, nparams + ninfos, sizeof(*words));

	for (size_t i = 0; i < nparams; i++)
		if (params->keys[i]->kind == NODE_SCALAR)
			words[n++] = params->keys[i]->text;
	for (size_t i = 0; i < ninfos; i++)
		if (infos[i].section[0] == '\0')
			words[n++] = infos[i].key;
	fault(entry->reader->problems, key,
	    "'%s' is neither a parameter of %s nor a key of sources%s",
	    str_safe(arena, key->text, 60),
	    str_safe(arena, entry->key->text, 200),
	    did_you_mean(arena, key->text, words, n));
}

/* The mapping's parameters; its other keys go over the definition. */
static const struct node *
entry_map(struct entry *entry, const struct node *map, bool only_params)
{
	struct node *params = node_copy(entry->reader->arena, map, 0);

	params->n = 0;
	for (size_t i = 0; i < map->n; i++) {
		struct node *key = map->keys[i];

		if (key->kind != NODE_SCALAR)
			continue;
		if (is_param_node(entry->definition, key->text))
			node_set(params, key, map->items[i]);
		else if (!is_source_key(key->text))
			entry_key_unknown(entry, key);
		else if (only_params)
			fault(entry->reader->problems, key,
			    "a list holds parameters only; '%s' is for all "
			    "of them",
			    key->text);
		else
			entry_override(entry, key, map->items[i]);
	}
	return params;
}

/* Sets of parameters of an entry; NULL if it is nothing such. */
static const struct node **
entry_sets(struct entry *entry, const struct node *value, size_t *n)
{
	const struct reader *r = entry->reader;
	const struct node **sets;

	*n = value->kind == NODE_LIST ? value->n : 1;
	sets = arena_array(r->arena, *n + 1, sizeof(const struct node *));
	if (node_is_null(value)) {
		*n = 0;
	} else if (value->kind == NODE_LIST && *n > 0) {
		for (size_t i = 0; i < *n; i++) {
			if (!is_map(r, value->items[i]))
				return NULL;
			sets[i] = entry_map(entry, value->items[i], true);
		}
	} else if (is_map(r, value)) {
		sets[0] = entry_map(entry, value, false);
	} else {
		return NULL;
	}
	return sets;
}

static bool
is_path(const char *name)
{
	return strchr(name, '/') != NULL || str_ends(name, ".yaml") ||
	       str_ends(name, ".yml");
}

static const char *
entry_file(
    const struct reader *r, const struct conf *conf, const struct node *key)
{
	const char *path, **names;
	size_t n;

	if (is_path(key->text)) {
		path = path_beside(r->arena, key->file, key->text);
		if (path_is_file(path))
			return path;
		fault(r->problems, key, "there is no file %s",
		    str_safe(r->arena, path, 200));
		return NULL;
	}
	path = conf_shipped_path(r->arena, conf, key->text);
	n = conf_shipped_names(r->arena, conf, &names);
	if (path == NULL)
		fault(r->problems, key,
		    "there is no shipped source '%s'%s; an own file is named "
		    "by its path, such as ./%s.yaml",
		    str_safe(r->arena, key->text, 60),
		    did_you_mean(r->arena, key->text, names, n),
		    str_safe(r->arena, key->text, 60));
	return path;
}

struct source *
source_entry(const struct reader *r, const struct conf *conf,
    const struct node *key, const struct node *value, struct source **draft)
{
	struct entry entry = { .reader = r, .key = key };
	const char *file = entry_file(r, conf, key);
	size_t nsets, faults = r->problems->n;
	const struct node **sets;
	struct source_own *own;
	struct node *root = NULL;

	if (file == NULL || yaml_load(r->arena, r->problems, file, &root) == -1)
		return NULL;
	if (root == NULL || root->kind != NODE_MAP) {
		definition_read(r, file, root, draft);
		return NULL;
	}
	entry.definition = root;
	entry.root =
	    node_copy(r->arena, root, value->kind == NODE_MAP ? value->n : 0);
	sets = entry_sets(&entry, value, &nsets);
	own = definition_read(r, file, entry.root, draft);
	if (own == NULL || sets == NULL || r->problems->n > faults)
		return NULL;
	source_targets(r, own, key, sets, nsets);
	return r->problems->n > faults ? NULL : &own->source;
}
