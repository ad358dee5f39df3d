/*
 * A place while its parts come: what the next part is to it.
 */
#include <string.h>
#include "extract/value_place.h"

/* A city is meant if it is so many times as large as its namesakes. */
#define FAR_LARGER 3

const char place_coded[PLACE_CODED][3] = { "US", "CA", "AU", "BR" };

const struct place_reading *
part_find(const struct part *p, enum place_kind kind, const char *country)
{
	for (size_t i = 0; i < p->name.n; i++)
		if (p->name.readings[i].kind == kind &&
		    (country == NULL ||
			strcmp(p->name.readings[i].country, country) == 0))
			return &p->name.readings[i];
	return NULL;
}

/* The city of a part in a country and, if it has a code, a region. */
const struct place_reading *
part_find_city(const struct part *p, const char *country, const char *region)
{
	for (size_t i = 0; i < p->name.n; i++) {
		const struct place_reading *r = &p->name.readings[i];
		if (r->kind == PLACE_CITY &&
		    (country == NULL || strcmp(r->country, country) == 0) &&
		    (region == NULL || strcmp(r->region, region) == 0))
			return r;
	}
	return NULL;
}

bool
part_is_city(const struct part *p)
{
	return p->short_for != NULL || part_find_city(p, NULL, NULL) != NULL;
}

bool
part_is_unknown(const struct part *p)
{
	return p->name.n == 0 && p->short_for == NULL;
}

uint32_t
part_city_size(const struct part *p)
{
	const struct place_reading *r = part_find_city(p, NULL, NULL);

	return r != NULL ? r->thousands : 0;
}

/* The country of a city that is far larger than its namesakes, or "". */
const char *
part_likely_country(const struct part *p)
{
	const struct place_reading *largest = part_find_city(p, NULL, NULL);

	if (largest == NULL)
		return "";
	/* Boards are read most in America: its largest city needs no lead. */
	if (strcmp(largest->country, "US") == 0 &&
	    largest->thousands >= PLACE_LARGE_CITY)
		return largest->country;
	/* Readings stand in the order of their sizes. */
	for (size_t i = 0; i < p->name.n; i++) {
		const struct place_reading *r = &p->name.readings[i];
		if (r->kind == PLACE_CITY &&
		    strcmp(r->country, largest->country) != 0)
			return r->thousands * FAR_LARGER <= largest->thousands
				   ? largest->country
				   : "";
	}
	return largest->country;
}

void
draft_set_country(struct draft *d, const struct place_reading *r)
{
	memcpy(d->country, r->country, sizeof(d->country));
	d->country_stated = true;
}

void
draft_set_region(
    struct draft *d, const struct part *p, const struct place_reading *r)
{
	d->region = p;
	memcpy(d->region_code, r->region, sizeof(d->region_code));
	if (d->country[0] == '\0')
		memcpy(d->country, r->country, sizeof(d->country));
}

void
draft_set_city(struct draft *d, const struct part *p)
{
	d->city = p;
	d->is_known = part_is_city(p);
	d->is_open = true;
}

/* How well a reading fits behind the city of the draft; 0 not at all. */
static int
fit_behind_city(
    const struct draft *d, const struct part *p, const struct place_reading *r)
{
	bool in_country = part_find_city(d->city, r->country, NULL) != NULL;

	if (r->kind == PLACE_CITY ||
	    (d->country[0] != '\0' && strcmp(d->country, r->country) != 0))
		return 0;
	if (r->kind == PLACE_COUNTRY)
		return !r->by_code                 ? 9
		       : in_country                ? 8
		       : d->is_known               ? 1
		       : strcmp(p->key, "de") == 0 ? 6
						   : 2;
	if (d->region != NULL)
		return 0;
	if (r->region[0] == '\0')
		return in_country ? 7 : d->is_known ? 0 : 3;
	if (part_find_city(d->city, r->country, r->region) != NULL)
		return 10;
	/* "Feira - BA" is the habit of Brazil, "Paris, TX" that of the US. */
	if (r->by_code && strcmp(r->country, "BR") == 0)
		return p->before == 'D' && !d->is_known ? 6 : 1;
	if (r->by_code)
		return strcmp(r->country, "US") == 0 ? 5 : 4;
	return d->is_known && part_city_size(p) >= PLACE_METROPOLIS ? 0 : 5;
}

/*
 * Is a part behind a city another city? "Hamburg, Berlin" are two, though
 * Berlin is a state, too; "Getafe, Madrid" is one.
 */
static bool
is_second_city(
    const struct draft *d, const struct part *p, const struct place_reading *r)
{
	const struct place_reading *city = part_find_city(p, NULL, NULL);

	if (r->kind != PLACE_REGION || r->region[0] != '\0' || city == NULL ||
	    city->thousands < PLACE_LARGE_CITY ||
	    strcmp(d->city->key, p->key) == 0)
		return false;
	return !d->is_known || strcmp(r->country, "DE") == 0 ||
	       strcmp(r->country, "AT") == 0 ||
	       part_city_size(d->city) * FAR_LARGER > city->thousands;
}

/* The reading of a part that best follows the city of the draft. */
const struct place_reading *
draft_best_behind(const struct draft *d, const struct part *p)
{
	const struct place_reading *best = NULL;
	int best_fit = 0;

	for (size_t i = 0; i < p->name.n; i++) {
		const struct place_reading *r = &p->name.readings[i];
		int fit = fit_behind_city(d, p, r);
		if (fit > best_fit && !is_second_city(d, p, r)) {
			best_fit = fit;
			best = r;
		}
	}
	return best;
}

/* Is it a name that a state or country of the draft may have had first? */
bool
draft_take_city(struct draft *d, const struct part *p)
{
	if (d->city != NULL || d->country[0] == '\0')
		return false;
	/* "India - Hyderabad", "US, CA, San Francisco" */
	if (part_find_city(p, d->country,
		d->region_code[0] != '\0' ? d->region_code : NULL) != NULL ||
	    (p->name.n == 0 && p->area == NULL && p->short_for == NULL) ||
	    (p->short_for != NULL && strcmp(d->country, "US") == 0)) {
		draft_set_city(d, p);
		return true;
	}
	return false;
}

/*
 * "Washington, DC", "Ontario, CA": the first was taken for a state, but
 * there is such a city in what follows.
 */
bool
draft_reconsider(struct draft *d, const struct part *p)
{
	const struct place_reading *r;

	if (d->city != NULL || d->first == NULL || d->first->is_code)
		return false;
	/* "Indiana, PA": a code behind a name of a state. */
	r = part_find(p, PLACE_REGION, d->country);
	if (r != NULL && r->by_code && p->before == ',' && d->region != NULL &&
	    strcmp(r->region, d->region_code) != 0) {
		memset(d->country, 0, sizeof(d->country));
		draft_set_city(d, d->first);
		draft_set_region(d, p, r);
		return true;
	}
	/* "Italy, TX", but not "India, TN": Tamil Nadu has a code, too. */
	r = part_find(p, PLACE_REGION, "US");
	if (r != NULL && r->by_code && p->before == ',' && d->country_stated &&
	    strcmp(d->country, "IN") != 0 &&
	    part_find(p, PLACE_COUNTRY, d->country) == NULL &&
	    part_find(p, PLACE_REGION, d->country) == NULL) {
		d->country_stated = false;
		memset(d->country, 0, sizeof(d->country));
		draft_set_city(d, d->first);
		draft_set_region(d, p, r);
		return true;
	}
	for (size_t i = 0; i < p->name.n; i++) {
		r = &p->name.readings[i];
		if (r->kind != PLACE_REGION || r->region[0] == '\0' ||
		    part_find_city(d->first, r->country, r->region) == NULL ||
		    (d->country_stated && strcmp(d->country, r->country) == 0))
			continue;
		d->country_stated = false;
		memset(d->country, 0, sizeof(d->country));
		draft_set_city(d, d->first);
		draft_set_region(d, p, r);
		return true;
	}
	return false;
}

/* A region behind its country: "US, CA". */
bool
draft_take_region(struct draft *d, const struct part *p)
{
	const struct place_reading *r;

	if (d->city != NULL || d->region != NULL || !d->country_stated)
		return false;
	r = part_find(p, PLACE_REGION, d->country);
	/* "Brazil - Rio de Janeiro", "AE - Dubai": rather the city. */
	if (r == NULL || (part_find_city(p, d->country, NULL) != NULL &&
			     (r->region[0] == '\0' ||
				 part_city_size(p) >= PLACE_METROPOLIS)))
		return false;
	draft_set_region(d, p, r);
	return true;
}

/* "Illinois, USA", "Georgia, USA", "CA - Canada": a country behind. */
bool
draft_take_country(struct draft *d, const struct part *p)
{
	const struct place_reading *r = NULL, *own;

	if (d->city != NULL || d->first == NULL)
		return false;
	for (size_t i = 0; i < p->name.n && r == NULL; i++) {
		const struct place_reading *c = &p->name.readings[i];
		if (c->kind != PLACE_COUNTRY)
			continue;
		own = part_find(d->first, PLACE_REGION, c->country);
		if (own == NULL)
			own = part_find(d->first, PLACE_COUNTRY, c->country);
		if (own != NULL && (!c->by_code || !d->country_stated))
			r = c;
		if (r == NULL)
			continue;
		memset(d->region_code, 0, sizeof(d->region_code));
		d->region = NULL;
		memcpy(d->country, r->country, sizeof(d->country));
		if (own->kind == PLACE_REGION && !d->first->is_code)
			draft_set_region(d, d->first, own);
		else if (own->kind == PLACE_REGION &&
			 part_find(d->first, PLACE_COUNTRY, c->country) == NULL)
			draft_set_region(d, d->first, own);
		d->country_stated = true;
		d->first = NULL;
	}
	return r != NULL;
}
