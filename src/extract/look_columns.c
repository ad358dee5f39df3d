/*
 * Columns of cards: every selector that finds a text in some of them.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/str.h"
#include "extract/look_int.h"

#define CLASSES_USED 4
#define TEXT_BYTES   300
#define KEY_BYTES    300

static struct found *
found_of(struct fields *f, const char *selector)
{
	uint32_t number = names_number(&f->names, selector, true);
	struct arena *arena = f->look->arena;

	if (number >= f->room) {
		struct found *more =
		    arena_array(arena, f->room * 2, sizeof(*more));

		memcpy(more, f->list, f->room * sizeof(*more));
		f->list = more;
		f->room *= 2;
	}
	if (f->list[number].cells == NULL) {
		f->list[number].selector = f->names.texts[number];
		f->list[number].cells =
		    arena_array(arena, f->n, sizeof(struct cell));
	}
	return &f->list[number];
}

static void cell_add(struct fields *f, size_t card, const struct cell *cell,
    const char *format, ...) PRINTF_LIKE(4, 5);

static void
cell_add(struct fields *f, size_t card, const struct cell *cell,
    const char *format, ...)
{
	char selector[KEY_BYTES];
	struct found *found;
	va_list args;

	va_start(args, format);
	vsnprintf(selector, sizeof(selector), format, args);
	va_end(args);
	found = found_of(f, selector);
	if (found->cells[card].text != NULL)
		return;
	found->cells[card] = *cell;
	found->n++;
	f->look->work += 16;
}

/* All the ways to name an element of a card. */
static void
element_add(struct fields *f, size_t card, uint32_t at, const struct cell *cell)
{
	struct look *look = f->look;
	const struct node *node = look->spots[at].node;
	const char *tag = look_tag(look, node), *classes[CLASSES_USED], *prop;
	uint32_t up = look->spots[at].parent;
	size_t n = look_classes(look, node, classes, CLASSES_USED);
	int number = look_child_number(node);

	if (!look_is_word(tag))
		return;
	cell_add(f, card, cell, "%s", tag);
	for (size_t i = 0; i < n; i++) {
		size_t stable = look_stable_part(classes[i]);

		if (look_is_word(classes[i]) && stable > 0)
			cell_add(f, card, cell, "[class*=\"%.*s\"]",
			    (int)stable, classes[i]);
		else if (look_is_word(classes[i]))
			cell_add(f, card, cell, ".%s", classes[i]);
	}
	for (uint16_t i = 0; i < node->nattrs; i++) {
		const struct attr *a = &node->attrs[i];
		const char *value =
		    arena_strndup(look->arena, a->value, a->value_len);

		prop = str_lower(look->arena,
		    arena_strndup(look->arena, a->name, a->name_len));
		if ((str_eq(prop, "itemprop") || str_starts(prop, "data-")) &&
		    look_is_word(prop) && look_is_word(value))
			cell_add(f, card, cell, "[%s=%s]", prop, value);
	}
	cell_add(f, card, cell, "%s:nth-child(%d)", tag, number);
	if (up == f->cards->spots[card])
		return;
	cell_add(
	    f, card, cell, "%s %s", look_tag(look, look->spots[up].node), tag);
	n = look_classes(look, look->spots[up].node, classes, CLASSES_USED);
	for (size_t i = 0; i < n; i++) {
		if (!look_is_word(classes[i]))
			continue;
		cell_add(f, card, cell, ".%s %s", classes[i], tag);
		cell_add(f, card, cell, ".%s > %s:nth-child(%d)", classes[i],
		    tag, number);
	}
	cell_add(f, card, cell, "%s:nth-child(%d) > %s:nth-child(%d)",
	    look_tag(look, look->spots[up].node),
	    look_child_number(look->spots[up].node), tag, number);
}

static void
time_add(struct fields *f, size_t card, uint32_t at)
{
	const struct node *node = f->look->spots[at].node;
	const char *text = node_attr_text(f->look->arena, node, "datetime");
	struct cell cell = { .text = text, .spot = at };

	if (str_is_empty(text))
		return;
	cell.facts = look_facts(f->look, text);
	cell_add(f, card, &cell, "time@datetime");
}

/* Numbers and names that the card itself bears. */
static void
attributes_add(struct fields *f, size_t card)
{
	struct look *look = f->look;
	uint32_t at = f->cards->spots[card];
	const struct node *node = look->spots[at].node;

	for (uint16_t i = 0; i < node->nattrs; i++) {
		const struct attr *a = &node->attrs[i];
		const char *name = str_lower(look->arena,
		    arena_strndup(look->arena, a->name, a->name_len));
		struct cell cell = { .spot = at,
			.text = arena_strndup(
			    look->arena, a->value, a->value_len) };

		if (look_is_word(name) &&
		    (str_starts(name, "data-") || str_eq(name, "id")) &&
		    !str_is_empty(cell.text) && a->value_len < 100)
			cell_add(f, card, &cell, "@%s", name);
	}
}

static void
card_read(struct fields *f, size_t card)
{
	struct look *look = f->look;
	uint32_t from = f->cards->spots[card];

	attributes_add(f, card);
	for (uint32_t i = from; i < look->spots[from].end; i++) {
		const struct node *node = look->spots[i].node;
		struct cell cell = { .spot = i };

		if (node->len == 4 && strncasecmp(node->text, "time", 4) == 0)
			time_add(f, card, i);
		if (i == from || (tag_flags(node->tag) & TAG_HIDDEN) != 0 ||
		    !look_has_text(node))
			continue;
		cell.text = look_text(look, node, TEXT_BYTES);
		if (str_is_empty(cell.text))
			continue;
		cell.facts = look_facts(look, cell.text);
		element_add(f, card, i, &cell);
	}
}

/* ---- what a column is like ---- */

/* Is it in, or does it hold, a link to a page about a company? */
static bool
leads_to_company(const struct look *look, uint32_t at)
{
	const struct spot *spot = &look->spots[at];

	while (
	    at != 0 && look->spots[at].node->tag != TAG_A && spot->nlinks != 1)
		at = look->spots[at].parent;
	if (at != 0 && look->spots[at].nlinks == 1)
		spot = &look->spots[at];
	return spot->nlinks == 1 && look_speaks_of_companies(look_path(
					look, &look->links[spot->link]));
}

/* "jobcard-1", "jobcard-2", ...: places in the list, not of a job. */
static bool
is_count(const struct fields *f, const struct found *c)
{
	int64_t last = -1, number;

	if (c->selector[0] != '@' || c->n < 2)
		return false;
	for (size_t i = 0; i < f->n; i++) {
		const char *p = c->cells[i].text, *digits;

		if (p == NULL)
			continue;
		digits = p + strlen(p);
		while (digits > p && digits[-1] >= '0' && digits[-1] <= '9')
			digits--;
		if (str_to_i64(digits, 0, 1000000, &number) == -1 ||
		    (last >= 0 && number != last + 1))
			return false;
		last = number;
	}
	return true;
}

static bool
is_in(const struct look *look, uint32_t inner, uint32_t outer)
{
	return inner >= outer && inner < look->spots[outer].end;
}

static void
found_measure(struct fields *f, struct found *c)
{
	const struct look *look = f->look;
	struct names texts;
	double n = (double)c->n;
	size_t length = 0;

	arena_reset(f->look->brief);
	names_init(&texts, f->look->brief);
	for (size_t i = 0; i < f->n; i++) {
		const struct cell *cell = &c->cells[i];
		uint32_t link = look->links[f->cards->links[i]].spot;
		enum tag tag;

		if (cell->text == NULL)
			continue;
		tag = look->spots[cell->spot].node->tag;
		names_number(&texts, cell->text, true);
		length += strlen(cell->text);
		c->place += (cell->facts & IS_PLACE) != 0;
		c->date += (cell->facts & IS_DATE) != 0;
		c->salary += (cell->facts & IS_SALARY) != 0;
		c->type += (cell->facts & IS_TYPE) != 0;
		c->job += (cell->facts & IS_JOB) != 0;
		c->in_link += is_in(look, cell->spot, link) ||
			      is_in(look, link, cell->spot);
		c->to_company += leads_to_company(look, cell->spot);
		c->is_heading = tag >= TAG_H1 && tag <= TAG_H6;
	}
	c->place /= n;
	c->date /= n;
	c->salary /= n;
	c->type /= n;
	c->job /= n;
	c->in_link /= n;
	c->to_company /= n;
	c->counts = is_count(f, c);
	c->length = (double)length / n;
	c->distinct = texts.n / n;
	c->about = look_field_of(c->selector);
	c->is_markup =
	    strpbrk(c->selector, ".[@") != NULL &&
	    !look_is_made_up(c->selector + strspn(c->selector, ".["));
}

void
look_columns(struct fields *f)
{
	struct look *look = f->look;

	f->n = f->cards->n < LOOK_CARDS ? f->cards->n : LOOK_CARDS;
	f->room = 1024;
	names_init(&f->names, look->arena);
	f->list = arena_array(look->arena, f->room, sizeof(*f->list));
	for (size_t i = 0; i < f->n && look->work <= 2 * LIMIT_LOOK_STEPS; i++)
		card_read(f, i);
	for (uint32_t i = 0; i < f->names.n; i++)
		found_measure(f, &f->list[i]);
}
