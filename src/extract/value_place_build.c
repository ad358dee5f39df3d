/*
 * What places, and what scope of remote work, the parts of a location make.
 * A part may mean several things ("CA", "Georgia", "New York"): its
 * neighbours decide, then the sizes of cities.
 */
#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "base/str.h"
#include "extract/value_place.h"

struct builder {
	struct arena *arena;
	struct location *to;
	size_t room;
	size_t states[4]; /* segments that are mere states, by country */
	struct draft draft;
	bool in_scope; /* the segment's places are where work is open to */
	const char *scopes[LIMIT_LIST_ITEMS];
	size_t nscopes;
	size_t places_before;
};

/* ---- what is found goes into the location ---- */

static void
scope_add(struct builder *b, const char *scope)
{
	for (size_t i = 0; i < b->nscopes; i++)
		if (strcmp(b->scopes[i], scope) == 0)
			return;
	if (b->nscopes < LIMIT_LIST_ITEMS)
		b->scopes[b->nscopes++] = scope;
}

static void
place_add(struct builder *b, const struct place *p)
{
	struct location *to = b->to;

	for (size_t i = 0; i < to->nplaces; i++)
		if (str_eq(to->places[i].city, p->city) &&
		    str_eq(to->places[i].region, p->region) &&
		    str_eq(to->places[i].country, p->country))
			return;
	if (to->nplaces < b->room)
		to->places[to->nplaces++] = *p;
}

/* The scope "US-GA", "DE" of a draft without a city. */
static void
draft_to_scope(struct builder *b, const struct draft *d)
{
	const char *country = d->country;

	if (d->city != NULL || country[0] == '\0')
		return;
	if (d->region_code[0] != '\0')
		scope_add(b,
		    arena_printf(b->arena, "%s-%s", country, d->region_code));
	else
		scope_add(b, arena_strdup(b->arena, country));
}

static const char *
text_or_null(struct builder *b, const char *text)
{
	return text[0] != '\0' ? arena_strdup(b->arena, text) : NULL;
}

/* "MI", "NRW", "CDMX": no word to repair. */
static bool
is_abbreviation(const struct part *p)
{
	size_t n = strspn(p->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ.");

	return p->is_code || (n <= 5 && p->text[n] == '\0');
}

/* The words from the n-th blank on; NULL if there are not so many. */
static const char *
words_from(const char *text, size_t n)
{
	for (; n > 0 && text != NULL; n--) {
		text = strchr(text, ' ');
		text += text != NULL;
	}
	return text;
}

/* A large city whose name is n bytes at s, as a part; NULL if it is none. */
static const struct part *
large_city(struct arena *a, const char *s, size_t n)
{
	char key[PLACE_KEY_MAX];
	struct part *p;

	if (value_place_key(s, n, key) == 0)
		return NULL;
	p = arena_alloc(a, sizeof(*p));
	place_find(key, &p->name);
	p->text = arena_strndup(a, s, n);
	p->key = arena_strdup(a, key);
	return part_city_size(p) >= PLACE_LARGE_CITY ? p : NULL;
}

/* "New Berlin" is not Berlin. */
static bool
is_new_name(const char *text, const char *city)
{
	static const char *const news[] = { "new ", "nueva ", "nuevo ", "nova ",
		"novo ", "san ", "santa ", "port ", "fort " };

	for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++) {
		size_t n = strlen(news[i]);
		if ((size_t)(city - text) >= n &&
		    strncasecmp(city - n, news[i], n) == 0)
			return true;
	}
	return false;
}

/*
 * A large city in a name that nobody knows, at its end or its beginning:
 * "Genesis Santa Monica", "Houston Galleria".
 */
static const struct part *
city_within(struct arena *a, const char *text)
{
	const struct part *found = NULL;
	size_t words = 1;

	for (const char *s = text; (s = strchr(s, ' ')) != NULL; s++)
		words++;
	for (size_t n = words < 4 ? words - 1 : 3; n > 0; n--) {
		const char *tail = words_from(text, words - n);
		const char *head_end = words_from(text, n);

		if (!is_new_name(text, tail))
			found = large_city(a, tail, strlen(tail));
		if (found == NULL)
			found =
			    large_city(a, text, (size_t)(head_end - text) - 1);
		if (found != NULL)
			return found;
	}
	return NULL;
}

static void
draft_close(struct builder *b)
{
	struct draft d = b->draft;
	struct place p = { 0 };

	memset(&b->draft, 0, sizeof(b->draft));
	if (!d.is_open)
		return;
	if (b->in_scope) {
		draft_to_scope(b, &d);
		return;
	}
	if (d.city != NULL && !d.is_known && d.country[0] == '\0' &&
	    d.region == NULL && d.city->key != NULL) {
		const struct part *within = city_within(b->arena, d.city->text);
		if (within != NULL)
			d.city = within;
	}
	if (d.city != NULL) {
		p.city = d.city->short_for != NULL
			     ? d.city->short_for
			     : place_repair_case(b->arena, d.city->text);
		if (d.country[0] == '\0')
			str_copy(d.country, part_likely_country(d.city),
			    sizeof(d.country));
	}
	if (d.region_code[0] != '\0')
		p.region = arena_strdup(b->arena, d.region_code);
	else if (d.region != NULL)
		p.region = is_abbreviation(d.region)
			       ? d.region->text
			       : place_repair_case(b->arena, d.region->text);
	p.country = text_or_null(b, d.country);
	if (p.city != NULL || p.region != NULL || p.country != NULL)
		place_add(b, &p);
}

/* ---- a part by itself ---- */

/* Does the company of other states make a state of this name? */
static const struct place_reading *
company_region(const struct builder *b, const struct part *p)
{
	for (int i = 0; i < 4; i++) {
		const struct place_reading *r =
		    part_find(p, PLACE_REGION, place_coded[i]);
		if (r != NULL && b->states[i] >= 2)
			return r;
	}
	return NULL;
}

/* A code alone: a state of the US rather than a country, with exceptions. */
static const struct place_reading *
alone_code(const struct part *p)
{
	const struct place_reading *us = part_find(p, PLACE_REGION, "US");
	const struct place_reading *country = part_find(p, PLACE_COUNTRY, NULL);

	if (us != NULL && strcmp(p->key, "de") != 0 &&
	    strcmp(p->key, "in") != 0)
		return us;
	if (country != NULL)
		return country;
	return part_find(p, PLACE_REGION, NULL);
}

/* What a part means when nothing around it says more; NULL: as a city. */
static const struct place_reading *
alone_reading(const struct builder *b, const struct part *p)
{
	const struct place_reading *country, *region, *company;

	if (p->short_for != NULL)
		return NULL;
	company = company_region(b, p);
	if (company != NULL)
		return company;
	/* "UK", "USA" are in the table of names, "DE" is a code. */
	country = part_find(p, PLACE_COUNTRY, NULL);
	if (p->is_code && (country == NULL || country->by_code))
		return alone_code(p);
	region = part_find(p, PLACE_REGION, NULL);
	for (int i = 0; i < 4 && region != NULL && region->region[0] == '\0';
	     i++)
		if (part_find(p, PLACE_REGION, place_coded[i]) != NULL)
			region = part_find(p, PLACE_REGION, place_coded[i]);
	/* Georgia is more often the state. */
	if (country != NULL)
		return region != NULL && region->region[0] != '\0' &&
			       !part_is_city(p)
			   ? region
			   : country;
	if (region == NULL)
		return NULL;
	if (!part_is_city(p) || b->in_scope)
		return region;
	return region->region[0] != '\0' && part_city_size(p) < PLACE_METROPOLIS
		   ? region
		   : NULL;
}

/* Countries that are one city. */
static bool
is_city_state(const struct place_reading *r)
{
	return strcmp(r->country, "SG") == 0 || strcmp(r->country, "HK") == 0 ||
	       strcmp(r->country, "MO") == 0;
}

/* "LA" among cities is no Louisiana. */
static bool
is_los_angeles(const struct builder *b, const struct part *p)
{
	return p->is_code && strcmp(p->key, "la") == 0 && !b->in_scope;
}

static void
draft_begin(struct builder *b, struct part *p)
{
	const struct place_reading *r = alone_reading(b, p);
	struct draft *d = &b->draft;

	draft_close(b);
	d->is_open = true;
	d->first = p;
	if (is_los_angeles(b, p)) {
		p->short_for = "Los Angeles";
		p->short_region = "CA";
		r = NULL;
		memcpy(d->country, "US", 3);
	}
	if (r == NULL) {
		draft_set_city(d, p);
	} else if (r->kind == PLACE_REGION) {
		draft_set_region(d, p, r);
	} else {
		draft_set_country(d, r);
		if (is_city_state(r) && !b->in_scope && !p->is_code)
			d->city = p;
	}
}

/* Is the next part a country by name, so that this one is its region? */
static bool
country_follows(const struct segment *s, size_t at)
{
	const struct place_reading *r;

	if (at + 1 >= s->nparts)
		return false;
	r = part_find(&s->parts[at + 1], PLACE_COUNTRY, NULL);
	return r != NULL && !r->by_code;
}

/* "SF, LA": Los Angeles behind a city, unless that lies in Louisiana. */
static bool
is_los_angeles_behind(const struct draft *d, const struct part *p)
{
	return p->is_code && strcmp(p->key, "la") == 0 && d->is_known &&
	       d->country[0] == '\0' &&
	       part_find_city(d->city, "US", "LA") == NULL;
}

/* A part behind a city: its region, its country, or something new. */
static bool
take_behind_city(struct builder *b, const struct segment *s, size_t at)
{
	const struct part *p = &s->parts[at];
	struct draft *d = &b->draft;
	const struct place_reading *r = draft_best_behind(d, p);

	if (is_los_angeles_behind(d, p))
		return false;
	/* "Berlin, BE, DE", "Ciudad de Mexico, CDMX" */
	if (d->region == NULL && d->country[0] == '\0' &&
	    ((p->is_code && at + 1 < s->nparts &&
		 part_find(&s->parts[at + 1], PLACE_COUNTRY,
		     part_likely_country(d->city)) != NULL &&
		 part_find_city(d->city, r != NULL ? r->country : "",
		     r != NULL ? r->region : "") == NULL) ||
		strcmp(p->key, "cdmx") == 0)) {
		d->region = p;
		return true;
	}
	if (r != NULL && r->kind == PLACE_COUNTRY) {
		draft_set_country(d, r);
		return true;
	}
	/* "Milano, MI": a code of Italy that the US have, too. */
	if (r != NULL && p->is_code && d->is_known && r->by_code &&
	    part_find_city(d->city, r->country, r->region) == NULL &&
	    strcmp(part_likely_country(d->city), "IT") == 0) {
		d->region = p;
		return true;
	}
	if (r != NULL) {
		draft_set_region(d, p, r);
		return true;
	}
	/* "Cluj-Napoca, CJ, Romania" */
	if (d->region == NULL && d->country[0] == '\0' &&
	    country_follows(s, at) && p->before == ',' &&
	    (p->is_code || !part_is_city(p))) {
		d->region = p;
		return true;
	}
	return false;
}

static void
part_take(struct builder *b, struct segment *s, size_t at)
{
	struct part *p = &s->parts[at];
	struct draft *d = &b->draft;

	if (p->area != NULL && part_find(p, PLACE_COUNTRY, NULL) == NULL) {
		if (s->is_remote)
			scope_add(b, p->area);
		return;
	}
	if (b->in_scope && part_is_unknown(p))
		return;
	/* "Hong Kong, China" */
	if (d->is_open && d->country_stated &&
	    part_find(p, PLACE_COUNTRY, "CN") != NULL &&
	    (strcmp(d->country, "HK") == 0 || strcmp(d->country, "MO") == 0))
		return;
	if (d->is_open && d->city != NULL) {
		if (take_behind_city(b, s, at))
			return;
		/* "Mitte, Berlin": what nobody knows was no city. */
		if (!d->is_known && d->country[0] == '\0' && part_is_city(p)) {
			draft_set_city(d, p);
			return;
		}
		/* "St. Louis, MO - South Grand" */
		if (part_is_unknown(p))
			return;
	} else if (d->is_open &&
		   ((!b->in_scope && draft_reconsider(d, p)) ||
		       draft_take_country(d, p) || draft_take_region(d, p) ||
		       (!b->in_scope && draft_take_city(d, p)))) {
		return;
	} else if (d->is_open && part_is_unknown(p)) {
		return;
	}
	/* "ON, AB, BC": each a region of the country before. */
	if (b->in_scope && d->is_open && d->country_stated) {
		struct draft next = *d;
		const struct place_reading *r =
		    part_find(p, PLACE_REGION, d->country);
		if (r != NULL && d->region != NULL) {
			next.region = NULL;
			draft_close(b);
			*d = next;
			draft_set_region(d, p, r);
			return;
		}
	}
	draft_begin(b, p);
}

static void
work_set(struct location *to, const struct segment *s)
{
	/* The freest that is offered. */
	static const int freedom[REMOTE__MAX] = {
		[REMOTE_REMOTE] = 3, [REMOTE_HYBRID] = 2, [REMOTE_ONSITE] = 1
	};
	enum remote said = s->is_remote   ? REMOTE_REMOTE
			   : s->is_hybrid ? REMOTE_HYBRID
			   : s->is_onsite ? REMOTE_ONSITE
					  : REMOTE_NONE;

	if (freedom[said] > freedom[to->remote])
		to->remote = said;
}

static void
segment_build(struct builder *b, struct segment *s)
{
	size_t before = b->nscopes, first = segment_places_before(s);

	work_set(b->to, s);
	if (first > 0) {
		struct segment places = *s, scope = *s;
		places.nparts = first;
		scope.parts += first;
		scope.nparts -= first;
		scope.work_at = 0;
		if (!segment_is_wide(&places)) {
			segment_build(b, &places);
			segment_build(b, &scope);
			return;
		}
	}
	b->in_scope = s->is_remote && segment_is_wide(s) && !segment_is_city(s);
	if (b->in_scope)
		segment_merge_district(s);
	for (size_t i = 0; i < s->nparts; i++)
		part_take(b, s, i);
	draft_close(b);
	if (s->is_anywhere && b->nscopes == before && b->in_scope)
		scope_add(b, "worldwide");
}

/* Segments that are a state and nothing else, counted by country. */
static void
states_count(struct builder *b, const struct segment *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct part *p = s[i].parts;
		if (s[i].nparts != 1 || p->is_code || part_is_city(p) ||
		    part_find(p, PLACE_COUNTRY, NULL) != NULL)
			continue;
		for (int k = 0; k < 4; k++)
			b->states[k] +=
			    part_find(p, PLACE_REGION, place_coded[k]) != NULL;
	}
}

/*
 * A city that the table does not know, or knows in several countries, is in
 * the country of its company, if that is one.
 */
static void
company_country(struct location *to)
{
	const char *country = NULL;
	size_t agreeing = 0;

	for (size_t i = 0; i < to->nplaces; i++) {
		const char *its = to->places[i].country;
		if (its == NULL)
			continue;
		if (country != NULL && strcmp(country, its) != 0)
			return;
		country = its;
		agreeing++;
	}
	for (size_t i = 0; agreeing >= 2 && i < to->nplaces; i++)
		if (to->places[i].country == NULL)
			to->places[i].country = country;
}

static const char *
scopes_join(struct builder *b)
{
	size_t size = 1;
	char *text, *to;

	if (b->nscopes == 0)
		return NULL;
	for (size_t i = 0; i < b->nscopes; i++)
		size += strlen(b->scopes[i]) + 1;
	text = to = arena_alloc(b->arena, size);
	for (size_t i = 0; i < b->nscopes; i++) {
		size_t n = strlen(b->scopes[i]);
		if (i > 0)
			*to++ = ',';
		memcpy(to, b->scopes[i], n);
		to += n;
	}
	return text;
}

void
places_build(struct arena *a, struct segment *s, size_t n, struct location *to)
{
	struct builder b = { .arena = a, .to = to, .room = LIMIT_LIST_ITEMS };

	to->places = arena_array(a, LIMIT_LIST_ITEMS, sizeof(*to->places));
	segments_join_codes(s, n);
	segments_spread(s, n);
	states_count(&b, s, n);
	for (size_t i = 0; i < n; i++)
		segment_build(&b, &s[i]);
	company_country(to);
	to->scope = scopes_join(&b);
}
