/*
 * The lists of the user's block: skills, places, what is blocked.
 */
#include <string.h>
#include "conf/option_types.h"

static void
skill_name(const struct reader *r, const struct node *node, void *to)
{
	read_text(r, node, &((struct skill_wish *)to)->name);
}

static void
skill_years(const struct reader *r, const struct node *node, void *to)
{
	int64_t years;

	if (read_i64(r, node, 0, 80, &years))
		((struct skill_wish *)to)->years = (uint32_t)years;
}

static void
skill_want(const struct reader *r, const struct node *node, void *to)
{
	read_bool(r, node, &((struct skill_wish *)to)->want);
}

static const struct key skill_keys[] = {
	{ "name", skill_name },
	{ "years", skill_years },
	{ "want", skill_want },
};

static bool
skill_read(const struct reader *r, const struct node *node,
    struct skill_wish *to, const struct skill_wish *before, size_t nbefore)
{
	size_t faults = r->problems->n;

	if (node->kind == NODE_MAP) {
		read_map(r, node, skill_keys, 3, to);
		if (node_get(node, "name") == NULL)
			fault(r->problems, node, "this skill has no name");
	} else if (node->kind == NODE_LIST) {
		fault(r->problems, node,
		    "expected a skill, or { name: ..., years: ... }, found a "
		    "list");
	} else {
		read_text(r, node, &to->name);
	}
	for (size_t i = 0; to->name != NULL && i < nbefore; i++)
		if (str_eq_ci(before[i].name, to->name))
			fault(r->problems, node, "skill '%s' stands here twice",
			    str_safe(r->arena, to->name, 60));
	return r->problems->n == faults;
}

/* The items of a list, or the one value that stands in its place. */
static struct node *const *
items_of(const struct reader *r, const struct node *node, size_t *n)
{
	struct node **one;

	if (node->kind == NODE_LIST) {
		*n = node->n;
		return node->items;
	}
	one = nodes_new(r->arena, 1, NULL, 0);
	one[0] = arena_alloc(r->arena, sizeof(**one));
	*one[0] = *node;
	*n = 1;
	return one;
}

static bool
is_short(const struct reader *r, const struct node *node, size_t n)
{
	if (n <= LIMIT_LIST_ITEMS)
		return true;
	fault(r->problems, node, "a list of %zu; %d are the most", n,
	    LIMIT_LIST_ITEMS);
	return false;
}

bool
option_skills(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	struct user_conf *user = member;
	size_t n, faults = r->problems->n;
	struct node *const *items = items_of(r, node, &n);
	struct skill_wish *skills;

	(void)option;
	if (!is_short(r, node, n))
		return false;
	skills = arena_array(r->arena, n, sizeof(*skills));
	for (size_t i = 0; i < n; i++)
		skill_read(r, items[i], &skills[i], skills, i);
	if (r->problems->n > faults)
		return false;
	user->skills = skills;
	user->nskills = n;
	return true;
}

bool
option_locations(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	struct user_conf *user = member;

	(void)option;
	return is_short(r, node, node->n) &&
	       read_texts(r, node, &user->locations, &user->nlocations);
}

bool
option_companies(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	struct user_conf *user = member;

	(void)option;
	return is_short(r, node, node->n) &&
	       read_texts(
		   r, node, &user->block_companies, &user->nblock_companies);
}

bool
option_words(const struct reader *r, const struct option *option,
    const struct node *node, void *member)
{
	struct user_conf *user = member;
	size_t n;
	struct node *const *items = items_of(r, node, &n);
	bool ok = is_short(r, node, n);

	(void)option;
	for (size_t i = 0; i < n; i++) {
		if (items[i]->kind != NODE_SCALAR ||
		    !str_is_empty(items[i]->text))
			continue;
		fault(r->problems, items[i],
		    "an empty word would block every job");
		ok = false;
	}
	return ok &&
	       read_texts(r, node, &user->block_words, &user->nblock_words);
}
