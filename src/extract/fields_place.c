/*
 * Places of a posting: texts and objects that name them.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "extract/extract_int.h"

void
posting_add_location(struct filler *f, const char *text)
{
	struct posting *p = f->posting;
	struct arena *arena = f->r->scratch;
	struct location found = { 0 };
	struct place *places;

	/* What no posting may hold would only be copied again and again. */
	if (p->location != NULL && strlen(p->location) > LIMIT_FIELD_BYTES)
		return;
	p->location = p->location == NULL
			  ? text
			  : arena_printf(arena, "%s; %s", p->location, text);
	value_location(arena, text, &found);
	if (p->remote == REMOTE_NONE)
		p->remote = found.remote;
	if (found.nplaces > LIMIT_LIST_ITEMS - p->nplaces)
		found.nplaces = LIMIT_LIST_ITEMS - p->nplaces;
	if (found.nplaces == 0)
		return;
	places =
	    arena_array(arena, p->nplaces + found.nplaces, sizeof(*places));
	if (p->nplaces > 0)
		memcpy(places, p->places, p->nplaces * sizeof(*places));
	for (size_t i = 0; i < found.nplaces; i++) {
		bool known = false;

		for (size_t k = 0; k < p->nplaces && !known; k++)
			known =
			    str_eq(places[k].city, found.places[i].city) &&
			    str_eq(places[k].region, found.places[i].region) &&
			    str_eq(places[k].country, found.places[i].country);
		if (!known)
			places[p->nplaces++] = found.places[i];
	}
	p->places = places;
}

/* Names that interfaces give the parts of a place, its own name last. */
static const char *const place_names[][9] = {
	{ "city", "addressLocality", "locality", "municipality", "ort", "town",
	    "name", "label", NULL },
	{ "region", "state", "province", "addressRegion", "state_name",
	    "administrative_area", NULL },
	{ "country", "country_name", "addressCountry", "land", "countryCode",
	    "country_code", NULL },
};

static const char *
place_part(struct arena *arena, const struct jnode *place, size_t part)
{
	const char *const *name = place_names[part];

	for (; *name != NULL; name++) {
		const struct jnode *n = jnode_member(place, *name);
		const char *text = NULL;

		if (n != NULL && !jnode_is_container(n))
			text = jnode_text(arena, n);
		if (!str_is_empty(text))
			return str_fold_space(arena, text);
	}
	return NULL;
}

/* "City, Region, Country" of an object with members for them, or NULL. */
static const char *
place_text(struct filler *f, const struct value *v)
{
	struct arena *arena = f->r->scratch;
	const char *text = NULL, *last = NULL;

	if (v->json == NULL || v->json->type != J_OBJECT)
		return NULL;
	for (size_t i = 0; i < 3; i++) {
		const char *part = place_part(arena, v->json, i);

		/* A city state is said once. */
		if (part == NULL || str_eq_ci(part, last))
			continue;
		text = text == NULL ? part
				    : arena_printf(arena, "%s, %s", text, part);
		last = part;
	}
	return text;
}

void
posting_set_location(
    struct filler *f, const struct field *field, const struct values *v)
{
	struct posting *p = f->posting;
	struct values all = *v;

	values_flatten(f->r, &all);
	p->location = NULL;
	p->places = NULL;
	p->nplaces = 0;
	for (size_t i = 0; i < all.n && i < LIMIT_LIST_ITEMS; i++) {
		const char *text = place_text(f, &all.at[i]);

		if (text == NULL)
			text = field_text(f, field, &all.at[i]);
		/* The same place twice is one. */
		if (text != NULL &&
		    (p->location == NULL || !str_eq(p->location, text)))
			posting_add_location(f, text);
	}
}
