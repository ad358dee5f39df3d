/*
 * Selectors for cards: all that a person might write for an element with a
 * link in it, each with the elements it is written for.
 */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "extract/look_int.h"

/* A card has few links, a list of cards many. */
#define LINKS_IN_CARD 40
#define LEVELS        4
#define CLASSES_USED  6

struct gather {
	struct look *look;
	struct keys *to;
	size_t room; /* of the list */
	uint32_t *headings[6];
};

static void key_add(struct gather *s, uint32_t spot, const char *format, ...)
    PRINTF_LIKE(3, 4);

static void
key_add(struct gather *s, uint32_t spot, const char *format, ...)
{
	char text[300];
	uint32_t number;
	struct key *key;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	number = names_number(&s->to->names, text, true);
	if (number >= s->room) {
		struct key *more =
		    arena_array(s->look->arena, s->room * 2, sizeof(*more));

		memcpy(more, s->to->list, s->room * sizeof(*more));
		s->to->list = more;
		s->room *= 2;
	}
	key = &s->to->list[number];
	if (key->n > 0 && key->spots[key->n - 1] == spot)
		return;
	if (key->n == key->size) {
		uint32_t size = key->size == 0 ? 4 : key->size * 2;
		uint32_t *more =
		    arena_array(s->look->arena, size, sizeof(*more));

		if (key->n > 0)
			memcpy(more, key->spots, key->n * sizeof(*more));
		key->spots = more;
		key->size = size;
	}
	key->spots[key->n++] = spot;
	s->look->work += 16;
}

static void
classes_add(struct gather *s, uint32_t spot, const char *tag)
{
	const char *classes[CLASSES_USED];
	size_t n = look_classes(
	    s->look, s->look->spots[spot].node, classes, CLASSES_USED);

	for (size_t i = 0; i < n; i++) {
		size_t stable;

		if (!look_is_word(classes[i]))
			continue;
		key_add(s, spot, "%s.%s", tag, classes[i]);
		stable = look_stable_part(classes[i]);
		if (stable > 0)
			key_add(s, spot, "%s[class*=\"%.*s\"]", tag,
			    (int)stable, classes[i]);
	}
}

/* Attributes that tests and scripts of the page know the cards by. */
static void
attributes_add(struct gather *s, uint32_t spot, const char *tag)
{
	static const char *const named[] = { "data-testid", "data-test",
		"data-test-id", "data-qa", "data-cy", "data-automation",
		"data-automation-id", "data-role", "data-component", "data-ui",
		"itemtype", "role" };
	const struct node *node = s->look->spots[spot].node;
	struct arena *arena = s->look->arena;
	size_t others = 0;

	for (uint16_t i = 0; i < node->nattrs; i++) {
		const struct attr *a = &node->attrs[i];
		const char *name = str_lower(
		    arena, arena_strndup(arena, a->name, a->name_len));
		const char *value =
		    arena_strndup(arena, a->value, a->value_len);
		bool is_named = false;

		for (size_t k = 0; k < sizeof(named) / sizeof(named[0]); k++)
			is_named = is_named || str_eq(named[k], name);
		if (is_named && a->value_len > 0 && a->value_len < 100 &&
		    strpbrk(value, "\"\\\n\r\f") == NULL)
			key_add(s, spot, "%s[%s=\"%s\"]", tag, name, value);
		else if (str_starts(name, "data-") && look_is_word(name) &&
			 others++ < 4)
			key_add(s, spot, "%s[%s]", tag, name);
	}
}

/* By what is round it: "#jobs li", ".openings > tr". */
static void
ancestors_add(struct gather *s, uint32_t spot, const char *tag)
{
	struct look *look = s->look;
	uint32_t up = look->spots[spot].parent;

	for (int level = 1; up != 0 && level <= LEVELS; level++) {
		const struct node *node = look->spots[up].node;
		const char *mark = level == 1 ? " > " : " ";
		const char *classes[CLASSES_USED], *id;
		size_t n = look_classes(look, node, classes, CLASSES_USED);

		id = node_attr_text(look->arena, node, "id");
		if (id != NULL && look_is_word(id))
			key_add(s, spot, "#%s%s%s", id, mark, tag);
		for (size_t i = 0; i < n && i < 3; i++)
			if (look_is_word(classes[i]))
				key_add(
				    s, spot, ".%s%s%s", classes[i], mark, tag);
		if (node->tag == TAG_MAIN || node->tag == TAG_UL ||
		    node->tag == TAG_OL || node->tag == TAG_TBODY)
			key_add(
			    s, spot, "%s%s%s", look_tag(look, node), mark, tag);
		up = look->spots[up].parent;
	}
}

/* Headings of each level before each spot. */
static void
headings_count(struct gather *s)
{
	struct look *look = s->look;

	for (int level = 0; level < 6; level++) {
		uint32_t *n = arena_array(
		    look->arena, look->n + 1, sizeof(s->headings[0][0]));

		for (uint32_t i = 0; i < look->n; i++)
			n[i + 1] = n[i] + (look->spots[i].node->tag ==
					      (uint16_t)(TAG_H1 + level));
		s->headings[level] = n;
	}
}

static bool
has_child(const struct node *node, enum tag tag)
{
	for (node = node->first; node != NULL; node = node->next)
		if (node->type == NODE_ELEMENT && node->tag == tag)
			return true;
	return false;
}

/* Where nothing has a class, one heading in each may tell. */
static void
headings_add(struct gather *s, uint32_t spot, const char *tag)
{
	const struct spot *at = &s->look->spots[spot];

	for (int level = 0; level < 6; level++) {
		if (s->headings[level][at->end] -
			s->headings[level][spot + 1] !=
		    1)
			continue;
		key_add(s, spot, "%s:has(h%d)", tag, level + 1);
		if (has_child(at->node, TAG_H1 + level))
			key_add(s, spot, "%s:has(> h%d)", tag, level + 1);
	}
}

/* A link below a path that speaks of jobs is a card, if a poor one. */
static void
path_add(struct gather *s, uint32_t spot)
{
	struct look *look = s->look;
	const struct spot *at = &look->spots[spot];
	const char *path, *end;

	if (at->node->tag != TAG_A || at->nlinks != 1)
		return;
	path = look_path(look, &look->links[at->link]);
	end = path + strcspn(path, "?#");
	while (end > path && end[-1] != '/')
		end--;
	if (end - path < 4 || end - path > 60)
		return;
	path = arena_strndup(look->arena, path, (size_t)(end - path));
	if (look_speaks_of_jobs(path) && strpbrk(path, "\"\\") == NULL)
		key_add(s, spot, "a[href*=\"%s\"]", path);
}

void
look_keys(struct look *look, bool with_asides, struct keys *to)
{
	struct gather gather = { .look = look, .to = to, .room = 1024 };
	struct gather *s = &gather;

	names_init(&to->names, look->arena);
	to->list = arena_array(look->arena, s->room, sizeof(*to->list));
	headings_count(s);
	for (uint32_t i = 1; i < look->n; i++) {
		const struct spot *spot = &look->spots[i];
		const char *tag;

		if (spot->nlinks == 0 || spot->nlinks > LINKS_IN_CARD ||
		    (spot->aside && !with_asides) ||
		    look->work > LIMIT_LOOK_STEPS)
			continue;
		tag = look_tag(look, spot->node);
		if (!look_is_word(tag))
			continue;
		classes_add(s, i, tag);
		attributes_add(s, i, tag);
		ancestors_add(s, i, tag);
		path_add(s, i);
		headings_add(s, i, tag);
		if (spot->node->tag == TAG_ARTICLE)
			key_add(s, i, "article");
	}
}
