/*
 * The card that repeats: every selector a person might write for elements
 * with a link in them is a candidate; what its elements have in common
 * decides.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"
#include "extract/look_int.h"

#define SAMPLE      40
#define TRIED_WHOLE 40
#define SURE_ENOUGH 0.35

struct tally {
	uint32_t stamp; /* of the key it counts for */
	uint32_t members, single, distinct;
	uint32_t last, url;
	bool is_many;
};

struct rated {
	struct cards cards;
	uint64_t urls; /* fingerprint of what it leads to */
	uint32_t texts;
	double score;
	bool is_made_up;
	int rank; /* of its kind: what a person would write first */
};

struct search {
	struct look *look;
	struct keys keys;
	struct tally *tallies;
	uint32_t *seen;  /* by URL: the key it was met in */
	uint32_t *texts; /* by spot: elements with text of their own so far */
	uint8_t *facts;  /* by spot: 0 not asked, 1 none, 2 some */
	struct rated *rated;
	size_t nrated;
};

/* ---- the link of each card ---- */

static bool
is_title(const char *text)
{
	size_t n = strlen(text);

	return n >= 3 && n <= 150;
}

static void
links_tally(struct search *s, const struct key *key, uint32_t stamp)
{
	struct look *look = s->look;

	for (uint32_t m = 0; m < key->n; m++) {
		const struct spot *spot = &look->spots[key->spots[m]];

		for (uint32_t i = 0; i < spot->nlinks; i++) {
			const struct link *link = &look->links[spot->link + i];
			struct tally *t = &s->tallies[link->shape];

			if (t->stamp != stamp)
				*t = (struct tally){ .stamp = stamp };
			if (t->last != m + 1) {
				t->last = m + 1;
				t->url = link->url;
				t->is_many = false;
				t->members++;
				t->single++;
				t->distinct += s->seen[link->url] != stamp;
				s->seen[link->url] = stamp;
			} else if (link->url != t->url && !t->is_many) {
				t->is_many = true;
				t->single--;
			}
		}
		look->work += spot->nlinks;
	}
}

/* The first link of a shape in a card, one with a title if there is one. */
static uint32_t
link_in(struct look *look, uint32_t spot, uint32_t shape)
{
	const struct spot *at = &look->spots[spot];
	uint32_t first = NAME_NONE;

	for (uint32_t i = at->link; i < at->link + at->nlinks; i++) {
		if (look->links[i].shape != shape)
			continue;
		if (is_title(look->links[i].text))
			return i;
		if (first == NAME_NONE)
			first = i;
	}
	return first;
}

/* How much of what a kind of links is called are professions. */
static double
shape_titles(struct search *s, const struct key *key, uint32_t shape)
{
	struct look *look = s->look;
	uint32_t n = key->n < SAMPLE ? key->n : SAMPLE, named = 0;

	for (uint32_t m = 0; m < n; m++) {
		uint32_t link = link_in(look, key->spots[m], shape);

		named +=
		    link != NAME_NONE && look_names_job(look->links[link].text);
		look->work += 500;
	}
	return (double)named / n;
}

/* The kind of links that leads to the jobs; false if there is none. */
static bool
shape_choose(struct search *s, const struct key *key, uint32_t *shape)
{
	struct look *look = s->look;
	const struct spot *spot;
	double best = 0;

	/* Most cards have it, so one of the first two has. */
	for (uint32_t m = 0; m < 2 && m < key->n; m++) {
		spot = &look->spots[key->spots[m]];
		for (uint32_t i = 0; i < spot->nlinks; i++) {
			uint32_t is = look->links[spot->link + i].shape;
			const struct tally *t = &s->tallies[is];
			double score;

			if (t->members * 3 < key->n * 2 ||
			    t->distinct * 5 < t->members * 4 ||
			    t->single * 10 < t->members * 7)
				continue;
			score = (double)(t->members + t->single + t->distinct) /
				key->n;
			score += 2 * shape_titles(s, key, is);
			score += look_speaks_of_jobs(look_path(
				     look, &look->links[spot->link + i]))
				     ? 1
				     : 0;
			if (score > best) {
				best = score;
				*shape = is;
			}
		}
	}
	return best > 0;
}

/* ---- what speaks for it ---- */

static const struct node *
heading_in(struct look *look, uint32_t spot)
{
	for (uint32_t i = spot; i < look->spots[spot].end; i++) {
		enum tag tag = look->spots[i].node->tag;

		if (tag >= TAG_H1 && tag <= TAG_H6)
			return look->spots[i].node;
	}
	return NULL;
}

static bool
card_names_job(struct look *look, uint32_t spot, uint32_t link)
{
	const struct node *heading = heading_in(look, spot);

	if (heading != NULL && look_names_job(look_text(look, heading, 150)))
		return true;
	return is_title(look->links[link].text) &&
	       look_names_job(look->links[link].text);
}

/* A place, a date or a wage stands in it, apart from the link. */
static bool
card_has_facts(struct search *s, uint32_t spot)
{
	struct look *look = s->look;

	for (uint32_t i = spot + 1; i < look->spots[spot].end; i++) {
		const struct node *node = look->spots[i].node;

		if (s->facts[i] == 0 && look_has_text(node))
			s->facts[i] =
			    (look_facts(look, look_text(look, node, 100)) &
				(IS_PLACE | IS_DATE | IS_SALARY)) != 0
				? 2
				: 1;
		if (s->facts[i] == 2)
			return true;
	}
	return false;
}

static double
facts_share(struct search *s, const struct key *key)
{
	uint32_t n = key->n < SAMPLE ? key->n : SAMPLE, found = 0;

	for (uint32_t m = 0; m < n; m++)
		found += card_has_facts(s, key->spots[m]);
	return (double)found / n;
}

static double
sure_of(const struct cards *c, bool class_speaks)
{
	double size = c->n >= 5 ? 1 : c->n >= 3 ? 0.6 : 0.2;
	double titles = c->titles * 1.5 > 1 ? 1 : c->titles * 1.5;

	return 0.35 * titles + 0.25 * c->paths + 0.1 * class_speaks +
	       0.2 * c->facts + 0.1 * size;
}

static bool
is_nested(const struct look *look, const struct key *key)
{
	for (uint32_t m = 1; m < key->n; m++)
		if (key->spots[m] < look->spots[key->spots[m - 1]].end)
			return true;
	return false;
}

static void
links_take(
    struct search *s, const struct key *key, uint32_t shape, struct rated *to)
{
	struct look *look = s->look;
	struct cards *c = &to->cards;
	uint32_t named = 0, paths = 0;

	c->spots = arena_array(look->arena, key->n, sizeof(*c->spots));
	c->links = arena_array(look->arena, key->n, sizeof(*c->links));
	for (uint32_t m = 0; m < key->n; m++) {
		uint32_t link = link_in(look, key->spots[m], shape);

		if (link == NAME_NONE)
			continue;
		c->spots[c->n] = key->spots[m];
		c->links[c->n++] = link;
		to->urls = to->urls * 31 + look->links[link].url + 1;
		to->texts += s->texts[look->spots[key->spots[m]].end] -
			     s->texts[key->spots[m]];
		if (m >= SAMPLE)
			continue;
		named += card_names_job(look, key->spots[m], link);
		paths +=
		    look_speaks_of_jobs(look_path(look, &look->links[link]));
		look->work += 1000;
	}
	c->titles = (double)named / (c->n < SAMPLE ? c->n : SAMPLE);
	c->paths = (double)paths / (c->n < SAMPLE ? c->n : SAMPLE);
	c->example = look->urls.texts[look->links[c->links[0]].url];
}

/* The class, or what follows the last '.', '#' or '>' of a selector. */
static bool
selector_is_made_up(const char *selector)
{
	const char *p = selector + strcspn(selector, ".#"), *end;
	char word[64];

	if (*p == '\0' || strchr(selector, '[') != NULL)
		return false;
	end = p + 1 + strcspn(p + 1, " .#>[:");
	snprintf(word, sizeof(word), "%.*s", (int)(end - p - 1), p + 1);
	return look_is_made_up(word);
}

/* What a person would write first, if it does. */
static int
selector_rank(const char *selector)
{
	const char *name =
	    selector + strspn(selector, "abcdefghijklmnopqrstuvwxyz0123456789");

	if (strstr(selector, ":has(") != NULL)
		return 5;
	if (strstr(selector, "href*=") != NULL)
		return 4;
	if (strchr(selector, ' ') != NULL)
		return strchr(selector, '>') != NULL ? 2 : 3;
	return *name == '[' ? 1 : 0;
}

/* A longer list is more likely to be the list. */
static void
rated_score(struct rated *to)
{
	struct cards *c = &to->cards;
	double size = 0;

	for (size_t n = c->n; n > 1 && size < 6; n /= 2)
		size++;
	c->sure = sure_of(c, look_speaks_of_jobs(c->selector));
	to->rank = selector_rank(c->selector);
	to->score = c->sure + size / 60 - (to->is_made_up ? 0.03 : 0);
}

static void
key_rate(struct search *s, uint32_t number)
{
	const struct key *key = &s->keys.list[number];
	struct rated *to = &s->rated[s->nrated];
	struct look *look = s->look;
	uint32_t shape = NAME_NONE;

	if (key->n < 2 || is_nested(look, key))
		return;
	links_tally(s, key, number + 1);
	if (!shape_choose(s, key, &shape))
		return;
	*to = (struct rated){ .is_made_up = false };
	to->cards.selector = s->keys.names.texts[number];
	links_take(s, key, shape, to);
	to->is_made_up = selector_is_made_up(to->cards.selector);
	rated_score(to);
	s->nrated++;
}

static int
rated_compare(const void *a, const void *b)
{
	const struct rated *x = a, *y = b;

	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return strcmp(x->cards.selector, y->cards.selector);
}

/* ---- the choice ---- */

/* Of those that lead to the same jobs, the one that holds most of them. */
static bool
is_fuller(const struct rated *a, const struct rated *b)
{
	if (a->texts != b->texts)
		return a->texts > b->texts;
	if (a->is_made_up != b->is_made_up)
		return b->is_made_up;
	if (a->rank != b->rank)
		return a->rank < b->rank;
	return a->score > b->score;
}

/* Does the selector find these cards and no others? Else what would. */
static bool
selector_settle(struct look *look, struct cards *c, bool is_last_resort)
{
	const char *ways[] = { c->selector,
		arena_printf(look->arena, "%s:has(a[href])", c->selector),
		arena_printf(look->arena, "main %s", c->selector) };

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t n = 0;

		if (look_select(look, ways[i], look->r->dom->root, &n) == NULL)
			continue;
		/* Of very long lists only the first part was looked at. */
		if (n == c->n ||
		    (is_last_resort && n >= c->n && n * 3 <= c->n * 4) ||
		    (n > c->n && look->nlinks == LIMIT_LOOK_LINKS)) {
			c->selector = ways[i];
			c->matches = (uint32_t)n;
			return true;
		}
	}
	return false;
}

/* Neither a menu nor news: titles of jobs, or facts of them. */
static bool
is_enough(const struct look *look, const struct cards *c)
{
	if (look->links_are == LOOK_TITLES)
		return c->titles > 0.6 && c->facts > 0.5;
	return c->sure >= SURE_ENOUGH && (c->titles >= 0.2 || c->facts >= 0.2);
}

static bool
choose(struct search *s, struct cards *to)
{
	struct rated *list = s->rated;

	qsort(list, s->nrated, sizeof(*list), rated_compare);
	if (s->nrated > TRIED_WHOLE)
		s->nrated = TRIED_WHOLE;
	for (size_t i = 0; i < s->nrated; i++) {
		struct key key = { .spots = list[i].cards.spots,
			.n = (uint32_t)list[i].cards.n };

		list[i].cards.facts = facts_share(s, &key);
		rated_score(&list[i]);
	}
	qsort(list, s->nrated, sizeof(*list), rated_compare);
	for (size_t round = 0; round < 2; round++) {
		for (size_t i = 0; i < s->nrated; i++) {
			struct rated *best = &list[i];

			for (size_t k = 0; k < s->nrated; k++)
				if (list[k].urls == list[i].urls &&
				    is_fuller(&list[k], best) &&
				    selector_settle(
					s->look, &list[k].cards, round == 1))
					best = &list[k];
			if (!selector_settle(s->look, &best->cards, round == 1))
				continue;
			*to = best->cards;
			return is_enough(s->look, to);
		}
	}
	return false;
}

static bool
search_run(struct look *look, bool with_asides, struct cards *to)
{
	struct search s = { .look = look };

	s.tallies =
	    arena_array(look->arena, look->shapes.n + 1, sizeof(*s.tallies));
	s.seen = arena_array(look->arena, look->urls.n + 1, sizeof(*s.seen));
	s.texts = arena_array(look->arena, look->n + 1, sizeof(*s.texts));
	s.facts = arena_array(look->arena, look->n + 1, sizeof(*s.facts));
	for (uint32_t i = 0; i < look->n; i++)
		s.texts[i + 1] =
		    s.texts[i] + (i > 0 && look_has_text(look->spots[i].node));
	look_keys(look, with_asides, &s.keys);
	s.rated =
	    arena_array(look->arena, s.keys.names.n + 1, sizeof(*s.rated));
	for (uint32_t i = 0;
	     i < s.keys.names.n && look->work <= LIMIT_LOOK_STEPS; i++)
		key_rate(&s, i);
	return choose(&s, to);
}

bool
look_cards(struct look *look, enum look_links links_are, struct cards *to)
{
	look_page(look, links_are);
	return look->nlinks > 1 &&
	       (search_run(look, false, to) || search_run(look, true, to));
}
