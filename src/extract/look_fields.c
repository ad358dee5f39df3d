/*
 * Which column of cards is which field: what stands in it, or what it is
 * called, says so.
 */
#include <string.h>
#include "base/str.h"
#include "extract/look_int.h"

#define CLASSES_USED 4

/* Does the selector, run as a source runs it, find these texts? */
static bool
found_holds(struct fields *f, const struct found *c)
{
	struct look *look = f->look;
	size_t wrong = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct node *card = look->spots[f->cards->spots[i]].node;
		size_t n = 0;
		struct css_found *at = look_select(look, c->selector, card, &n);

		if (at == NULL)
			return false;
		if (c->cells[i].text == NULL)
			wrong += n > 0;
		else
			wrong += n == 0 ||
				 (at[0].attr == NULL &&
				     at[0].node !=
					 look->spots[c->cells[i].spot].node);
	}
	return wrong * 10 <= f->n;
}

/* ---- which column is a field ---- */

static double
tidiness(const struct found *c)
{
	return (c->is_markup ? 0.2 : 0) - (double)strlen(c->selector) / 300 -
	       (strstr(c->selector, "nth-") != NULL ? 0.1 : 0);
}

static double
title_score(const struct fields *f, const struct found *c)
{
	double fill = (double)c->n / (double)f->n;
	double score = 2 * c->job + c->in_link + tidiness(c);

	if (fill < 0.8 || c->length < 4 || c->length > 150 ||
	    c->selector[0] == '@' || c->date > 0.5 ||
	    (c->about != NULL && !str_eq(c->about, "title")) ||
	    (c->place > 0.7 && c->job < 0.3))
		return 0;
	score += c->is_heading ? 1.2 : 0;
	score += str_eq(c->about, "title") ? 1 : 0;
	score += c->distinct > 0.5 ? 0.5 : 0;
	return score + fill;
}

/* A share that speaks for a field, or its name, or both. */
static double
share_score(const struct found *c, const char *field, double share)
{
	bool is_named = str_eq(c->about, field);

	if (c->about != NULL && !is_named)
		share -= 0.3;
	/* The same sentence in each card is no fact of a job. */
	if (c->n > 3 && c->distinct * (double)c->n < 1.5 && c->length > 25)
		share -= 0.5;
	return share < (is_named ? 0.2 : 0.6)
		   ? 0
		   : share + (is_named ? 1 : 0) + tidiness(c);
}

static double
location_score(const struct fields *f, const struct found *c)
{
	if (c->length > 80 || c->selector[0] == '@' || c->job > 0.5 ||
	    c->date > 0.5 || c->n * 4 < f->n)
		return 0;
	return share_score(c, "location", c->place);
}

static double
date_score(const struct fields *f, const struct found *c)
{
	if (c->n * 4 < f->n || c->selector[0] == '@')
		return 0;
	return c->date < 0.7
		   ? 0
		   : share_score(c, "posted_date", c->date) +
			 (str_eq(c->selector, "time@datetime") ? 1 : 0);
}

static double
salary_score(const struct fields *f, const struct found *c)
{
	if (c->length > 100 || c->selector[0] == '@' || c->date > 0.5 ||
	    c->n * 10 < f->n)
		return 0;
	return share_score(c, "salary", c->salary);
}

static double
type_score(const struct fields *f, const struct found *c)
{
	if (c->length > 40 || c->selector[0] == '@' || c->job > 0.5 ||
	    c->n * 4 < f->n)
		return 0;
	return share_score(c, "job_type", c->type);
}

/* Only what is called so, or leads to one: no text looks like a company. */
static double
company_score(const struct fields *f, const struct found *c)
{
	bool is_named = str_eq(c->about, "company");

	if ((!is_named && c->to_company < 0.8) || c->length > 80 ||
	    c->n * 2 < f->n || c->selector[0] == '@')
		return 0;
	return is_named + c->to_company + tidiness(c) - c->place - c->date -
	       c->job;
}

static double
department_score(const struct fields *f, const struct found *c)
{
	if (!str_eq(c->about, "department") || c->length > 80 ||
	    c->n * 2 < f->n || c->selector[0] == '@')
		return 0;
	return 1 + tidiness(c);
}

static double
description_score(const struct fields *f, const struct found *c)
{
	if (c->length < 60 || c->n * 2 < f->n || c->selector[0] == '@')
		return 0;
	return (str_eq(c->about, "description") ? 1 : 0) + c->length / 300 +
	       tidiness(c);
}

/* Numbers of the visit or of the page, not of the job. */
static bool
is_passing(const char *attribute)
{
	static const char *const words[] = { "track", "impression", "session",
		"index", "position", "time", "search", "request", "click" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(attribute, words[i]) != NULL)
			return true;
	return false;
}

static double
id_score(const struct fields *f, const struct found *c)
{
	if (is_passing(c->selector))
		return 0;
	if (c->selector[0] != '@' || c->n < f->n || c->distinct < 1 ||
	    c->counts || strpbrk(c->cells[0].text, "0123456789") == NULL ||
	    strchr(c->cells[0].text, '{') != NULL)
		return 0;
	return 1 + (strstr(c->selector, "id") != NULL ? 1 : 0) +
	       (look_speaks_of_jobs(c->selector) ? 1 : 0);
}

static const struct {
	const char *field;
	double (*score)(const struct fields *, const struct found *);
	const char *why;
} kinds[] = {
	{ "title", title_score, "headings, links and words of professions" },
	{ "posted_date", date_score, "dates" },
	{ "salary", salary_score, "amounts of money" },
	{ "location", location_score, "places" },
	{ "job_type", type_score, "kinds of employment" },
	{ "company", company_score, "its name or its link says so" },
	{ "department", department_score, "its name says so" },
	{ "description", description_score, "the longest text" },
	{ "external_id", id_score, "each card has another" },
};

/* A text is one field only. */
static bool
is_taken(const struct fields *f, const struct found *c)
{
	size_t same = 0;

	if (c->selector[0] == '@')
		return false;
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->nused; k++)
			same += c->cells[i].text != NULL &&
				f->used[k * f->n + i] == c->cells[i].spot;
	return same * 2 > c->n;
}

static void
column_take(struct fields *f, const struct found *c, size_t kind)
{
	struct column *to = &f->to[f->nto++];
	size_t i = 0;

	*to = (struct column){ .field = kinds[kind].field,
		.selector = c->selector,
		.found = c->n,
		.job = c->job,
		.why = kinds[kind].why };
	while (c->cells[i].text == NULL)
		i++;
	to->example = c->cells[i].text;
	for (i = 0; i < f->n; i++)
		f->used[f->nused * f->n + i] =
		    c->cells[i].text == NULL ? NAME_NONE : c->cells[i].spot;
	f->nused++;
}

static void
kind_choose(struct fields *f, size_t kind)
{
	const struct found *refused[8] = { NULL };
	size_t nrefused = 0;

	while (nrefused < sizeof(refused) / sizeof(refused[0])) {
		const struct found *best = NULL;
		double most = 0;

		for (uint32_t i = 0; i < f->names.n; i++) {
			const struct found *c = &f->list[i];
			double score = kinds[kind].score(f, c);
			bool is_refused = false;

			for (size_t k = 0; k < nrefused; k++)
				is_refused = is_refused || refused[k] == c;
			if (score <= most || is_refused || is_taken(f, c))
				continue;
			most = score;
			best = c;
		}
		if (best == NULL)
			return;
		if (found_holds(f, best)) {
			column_take(f, best, kind);
			return;
		}
		refused[nrefused++] = best;
	}
}

/* ---- the link ---- */

static bool
link_holds(struct fields *f, const char *selector)
{
	struct look *look = f->look;
	size_t right = 0;

	for (size_t i = 0; i < f->n; i++) {
		const struct link *link = &look->links[f->cards->links[i]];
		const struct node *card = look->spots[f->cards->spots[i]].node;
		size_t n = 0;
		struct css_found *at = look_select(look, selector, card, &n);

		if (at == NULL)
			return false;
		/* Another link to the same address will do. */
		for (uint32_t k = 0; n > 0 && k < look->nlinks; k++)
			if (look->spots[look->links[k].spot].node ==
			    at[0].node) {
				right += look->links[k].url == link->url;
				break;
			}
	}
	return right * 20 >= f->n * 19;
}

static const char *
link_selector(struct fields *f)
{
	struct look *look = f->look;
	const struct link *first = &look->links[f->cards->links[0]];
	const struct node *node = look->spots[first->spot].node;
	const char *classes[CLASSES_USED], *text, *url, *path, *end;
	uint32_t up = look->spots[first->spot].parent;
	size_t n = look_classes(look, node, classes, CLASSES_USED);

	if (first->spot == f->cards->spots[0] && link_holds(f, "@href"))
		return "@href";
	if (link_holds(f, "a@href"))
		return "a@href";
	for (size_t i = 0; i < n; i++) {
		text = arena_printf(look->arena, "a.%s@href", classes[i]);
		if (look_is_word(classes[i]) && link_holds(f, text))
			return text;
	}
	text = arena_printf(
	    look->arena, "%s a@href", look_tag(look, look->spots[up].node));
	if (link_holds(f, text))
		return text;
	n = look_classes(look, look->spots[up].node, classes, CLASSES_USED);
	for (size_t i = 0; i < n; i++) {
		text = arena_printf(look->arena, ".%s a@href", classes[i]);
		if (look_is_word(classes[i]) && link_holds(f, text))
			return text;
	}
	url = look->urls.texts[first->url];
	path = strstr(url, "://") + 3;
	path += strcspn(path, "/?#");
	end = path + strcspn(path + (*path == '/'), "/?#") + 2;
	if (*path != '/' || end > path + strlen(path))
		return NULL;
	text = arena_printf(
	    look->arena, "a[href*=\"%.*s\"]@href", (int)(end - path), path);
	return link_holds(f, text) ? text : NULL;
}

size_t
look_fields(
    struct look *look, const struct cards *cards, struct column to[LOOK_FIELDS])
{
	struct fields f = { .look = look, .cards = cards, .to = to };
	const char *url;

	look_columns(&f);
	f.used = arena_array(look->arena, f.n * LOOK_FIELDS, sizeof(*f.used));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		kind_choose(&f, i);
	url = look->links_are == LOOK_TITLES ? NULL : link_selector(&f);
	if (url != NULL)
		to[f.nto++] = (struct column){ .field = "url",
			.selector = url,
			.found = f.n,
			.example = cards->example,
			.why = "the link of each card" };
	return f.nto;
}
