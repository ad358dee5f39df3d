/*
 * The skills and phrases of the tables as one automaton over tokens.
 */
#include <stdlib.h>
#include <string.h>
#include "base/str.h"
#include "match/vocabulary_int.h"

#define NAME_TOKENS 16
/* Longer names of users are left out: no text would hold them. */
#define EXTRA_NAME_BYTES 200
/* The aliases of the table, with room. */
#define TABLE_BYTES (1024 * 1024)

static const char *const cue_names[CUE__MAX] = { "", "required-before",
	"required-after", "preferred-before", "preferred-after",
	"preferred-either", "negated-before", "negated-after", "but", "plain",
	"hint-before", "hint-after", "presence" };

static const char *const section_names[SECTION__MAX] = { "none", "required",
	"preferred", "about", "benefits" };

const char *
section_name(enum section section)
{
	return section_names[section];
}

/* ---- the automaton ---- */

static uint64_t
edge_key(uint32_t node, enum gap gap, uint64_t hash)
{
	uint64_t k = hash ^ ((uint64_t)node << 8 | (uint64_t)gap) *
				UINT64_C(0x9e3779b97f4a7c15);

	k ^= k >> 32;
	k *= UINT64_C(0xd6e8feb86659fd93);
	k ^= k >> 32;
	return k == 0 ? 1 : k;
}

static struct edge *
edge_slot(struct edge *edges, size_t size, uint64_t key)
{
	size_t i = key & (size - 1);

	while (edges[i].key != 0 && edges[i].key != key)
		i = (i + 1) & (size - 1);
	return &edges[i];
}

const struct edge *
vocabulary_edge(
    const struct vocabulary *v, uint32_t node, enum gap gap, uint64_t hash)
{
	const struct edge *e = edge_slot(v->edges, v->edges_size,
	    edge_key(node, node == 0 ? GAP_JOIN : gap, hash));

	return e->key == 0 ? NULL : e;
}

static void
edges_grow(struct vocabulary *v)
{
	size_t size = v->edges_size * 2;
	struct edge *edges = xcalloc(size, sizeof(*edges));

	for (size_t i = 0; i < v->edges_size; i++)
		if (v->edges[i].key != 0)
			*edge_slot(edges, size, v->edges[i].key) = v->edges[i];
	free(v->edges);
	v->edges = edges;
	v->edges_size = size;
}

static struct edge *
edge_make(struct vocabulary *v, uint32_t node, enum gap gap, uint64_t hash)
{
	uint64_t key = edge_key(node, gap, hash);
	struct edge *e;

	if (v->nedges * 2 >= v->edges_size)
		edges_grow(v);
	e = edge_slot(v->edges, v->edges_size, key);
	if (e->key == 0) {
		*e = (struct edge){ key, ++v->nnodes, -1 };
		v->nedges++;
	}
	return e;
}

static int
entry_new(struct vocabulary *v)
{
	if (v->entries == NULL || v->nentries == v->entries_size) {
		v->entries_size = v->entries_size * 2 + 64;
		v->entries =
		    xrealloc(v->entries, v->entries_size * sizeof(*v->entries));
	}
	v->entries[v->nentries] =
	    (struct entry){ -1, NAME_ANY, NULL, HEADING_NONE, CUE_NONE };
	return (int)v->nentries++;
}

/*
 * The entry of a name's path, made if need be; NULL for a name without
 * letters. A name with '/' or '&' in it may be written with a blank too;
 * slashes says how this path has it.
 */
static struct entry *
path_make(struct vocabulary *v, const char *name, bool slashes)
{
	struct token tokens[NAME_TOKENS];
	struct edge *e = NULL;
	uint32_t node = 0;
	size_t at = 0, n;

	n = tokens_read(
	    &v->alphabet, name, strlen(name), &at, tokens, NAME_TOKENS);
	for (size_t i = 0; i < n; i++) {
		enum gap gap = i == 0 ? GAP_JOIN : tokens[i].gap;

		if (!slashes)
			gap = GAP_JOIN;
		if (i == 0)
			v->first[(tokens[0].hash >> 6) & 1023] |=
			    UINT64_C(1) << (tokens[0].hash & 63);
		e = edge_make(v, node, gap, tokens[i].hash);
		node = e->node;
	}
	if (e == NULL)
		return NULL;
	if (e->entry < 0) {
		/* entry_new does not move edges. */
		e->entry = entry_new(v);
	}
	return &v->entries[e->entry];
}

/* ---- skills ---- */

static void
name_add(
    struct vocabulary *v, int skill, const char *name, enum rule_of_name rule)
{
	struct entry *e;

	if (*name == '=' || *name == '~') {
		rule = *name == '=' ? NAME_CASE : NAME_CONTEXT;
		name++;
	}
	for (int slashes = 0; slashes < 2; slashes++) {
		e = path_make(v, name, slashes != 0);
		if (e == NULL || e->skill >= 0)
			continue; /* the first that takes a name keeps it */
		e->skill = skill;
		e->rule = rule;
		e->spelling = name;
	}
}

static enum rule_of_name
rule_parse(const char *word)
{
	if (str_eq(word, "case"))
		return NAME_CASE;
	return str_eq(word, "context") ? NAME_CONTEXT : NAME_ANY;
}

/* Names divided by ';', copied since the table's are not ended. */
static void
aliases_add(struct vocabulary *v, int skill, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, ";");

		name_add(v, skill, arena_strndup(v->arena, list, n), NAME_ANY);
		list += n;
		list += *list == ';';
	}
}

static int
skill_add(struct vocabulary *v, const char *name, const char *category)
{
	v->skills[v->nskills] = (struct skill){ name, category, -1, 0 };
	return (int)v->nskills++;
}

static void
skills_add(struct vocabulary *v)
{
	int64_t count;

	/* Names before aliases: an alias never takes another's name. */
	for (size_t i = 0; i < skills_rows; i++) {
		int skill =
		    skill_add(v, skills_table[i][0], skills_table[i][1]);

		if (str_to_i64(skills_table[i][5], 0, 10000, &count) == 0)
			v->skills[skill].per_10k = (uint32_t)count;
		name_add(v, skill, skills_table[i][0],
		    rule_parse(skills_table[i][3]));
	}
	for (size_t i = 0; i < skills_rows; i++) {
		aliases_add(v, (int)i, skills_table[i][4]);
		v->skills[i].parent = vocabulary_index(v, skills_table[i][2]);
	}
}

/* "Name" or "Name=alias;alias" of a user. */
static void
extra_add(struct vocabulary *v, const char *extra)
{
	const char *name, *aliases = strchr(extra, '=');
	int skill;

	name = aliases == NULL
		   ? arena_strdup(v->arena, extra)
		   : arena_strndup(v->arena, extra, (size_t)(aliases - extra));
	skill = vocabulary_index(v, name);
	if (skill < 0) {
		skill = skill_add(v, name, "own");
		name_add(v, skill, name, NAME_ANY);
	}
	if (aliases != NULL)
		aliases_add(v, skill, aliases + 1);
}

/* ---- phrases ---- */

static int
heading_parse(const char *word)
{
	if (*word == '\0')
		return HEADING_NONE;
	for (int i = SECTION_REQUIRED; i < SECTION__MAX; i++)
		if (str_eq(word, section_names[i]))
			return i;
	return HEADING_OTHER;
}

static void
phrases_add(struct vocabulary *v)
{
	for (size_t i = 0; i < phrases_rows; i++)
		for (int slashes = 0; slashes < 2; slashes++) {
			struct entry *e =
			    path_make(v, phrases_table[i][0], slashes != 0);

			if (e == NULL)
				continue;
			e->heading = heading_parse(phrases_table[i][1]);
			for (int c = 0; c < CUE__MAX; c++)
				if (str_eq(phrases_table[i][2], cue_names[c]))
					e->cue = (enum cue)c;
		}
}

static void
conjunctions_add(struct vocabulary *v)
{
	static const char *const words[] = { "and", "or", "und", "oder", "et",
		"ou", "y", "e", "sowie", "bzw", "plus", "as", "well", "also" };
	struct token token;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t at = 0;

		tokens_read(
		    &v->alphabet, words[i], strlen(words[i]), &at, &token, 1);
		v->conjunctions[v->nconjunctions++] = token.hash;
	}
}

/* ---- the whole ---- */

struct vocabulary *
vocabulary_new(const char *const *extra, size_t n)
{
	struct vocabulary *v = xcalloc(1, sizeof(*v));

	v->arena = arena_new(TABLE_BYTES + n * 4 * EXTRA_NAME_BYTES);
	v->edges_size = 32768;
	v->edges = xcalloc(v->edges_size, sizeof(*v->edges));
	v->skills = xcalloc(skills_rows + n, sizeof(*v->skills));
	v->scratch = xcalloc(1, sizeof(*v->scratch));
	alphabet_init(&v->alphabet);
	skills_add(v);
	phrases_add(v);
	conjunctions_add(v);
	v->probe = entry_new(v);
	v->entries[v->probe].skill = 0;
	for (size_t i = 0; i < n; i++)
		if (!str_is_empty(extra[i]) &&
		    strlen(extra[i]) <= EXTRA_NAME_BYTES)
			extra_add(v, extra[i]);
	return v;
}

void
vocabulary_free(struct vocabulary *v)
{
	if (v == NULL)
		return;
	free(v->scratch->hits);
	free(v->scratch);
	free(v->skills);
	free(v->entries);
	free(v->edges);
	arena_free(v->arena);
	free(v);
}

size_t
vocabulary_size(const struct vocabulary *v)
{
	return v->nskills;
}

int
vocabulary_index(const struct vocabulary *v, const char *name)
{
	struct token tokens[NAME_TOKENS];
	const struct edge *e = NULL;
	uint32_t node = 0;
	size_t at = 0, n, size = name == NULL ? 0 : strlen(name);

	if (size == 0)
		return -1;
	n = tokens_read(&v->alphabet, name, size, &at, tokens, NAME_TOKENS);
	if (at < size)
		return -1;
	for (size_t i = 0; i < n; i++) {
		e = vocabulary_edge(v, node, tokens[i].gap, tokens[i].hash);
		if (e == NULL)
			return -1;
		node = e->node;
	}
	return e == NULL || e->entry < 0 ? -1 : v->entries[e->entry].skill;
}

const char *
vocabulary_find(const struct vocabulary *v, const char *name)
{
	int skill = vocabulary_index(v, name);

	return skill < 0 ? NULL : v->skills[skill].name;
}

const struct skill *
vocabulary_skill(const struct vocabulary *v, const char *name)
{
	int skill = vocabulary_index(v, name);

	return skill < 0 ? NULL : &v->skills[skill];
}

bool
vocabulary_implies(const struct vocabulary *v, int skill, int ancestor)
{
	for (int i = 0; i < PARENTS_MAX && skill >= 0; i++) {
		if (skill == ancestor)
			return true;
		skill = v->skills[skill].parent;
	}
	return false;
}
