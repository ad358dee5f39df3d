/*
 * What places, and what scope of remote work, the parts of a location make.
 * A part may mean several things ("CA", "Georgia", "New York"): its
 * neighbours decide, then the sizes of cities.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "extract/value_place.h"

/* A city is meant if it is so many times as large as its namesakes. */
#define FAR_LARGER 3
/* Thousands of people; such a city outweighs a state of its name. */
#define METROPOLIS 3000
/* Thousands of people; such a city is no region of another. */
#define LARGE_CITY 100

/* A place while its parts come. */
struct draft {
	const struct part *city; /* NULL if only region or country are known */
	const struct part *region;
	char country[3];     /* stated, or of the region; "" if not known */
	char region_code[4]; /* "" where regions have none */
	bool country_stated;
	bool is_open;             /* something was put into it */
	bool is_known;            /* the city is in the table */
	const struct part *first; /* which may mean something else, too */
};

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

static const char coded_countries[4][3] = { "US", "CA", "AU", "BR" };

static const struct place_reading *
find_kind(const struct part *p, enum place_kind kind, const char *country)
{
	for (size_t i = 0; i < p->name.n; i++)
		if (p->name.readings[i].kind == kind &&
		    (country == NULL ||
			strcmp(p->name.readings[i].country, country) == 0))
			return &p->name.readings[i];
	return NULL;
}

/* The city of a part in a country and, if it has a code, a region. */
static const struct place_reading *
find_city(const struct part *p, const char *country, const char *region)
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

static bool
is_city(const struct part *p)
{
	return p->short_for != NULL || find_city(p, NULL, NULL) != NULL;
}

static uint32_t
city_size(const struct part *p)
{
	const struct place_reading *r = find_city(p, NULL, NULL);

	return r != NULL ? r->thousands : 0;
}

/* The country of a city that is far larger than its namesakes, or "". */
static const char *
likely_country(const struct part *p)
{
	const struct place_reading *largest = find_city(p, NULL, NULL);

	if (largest == NULL)
		return "";
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
	if (d.city != NULL) {
		p.city = d.city->short_for != NULL
			     ? d.city->short_for
			     : place_repair_case(b->arena, d.city->text);
		if (d.country[0] == '\0')
			str_copy(d.country, likely_country(d.city),
			    sizeof(d.country));
	}
	if (d.region_code[0] != '\0')
		p.region = arena_strdup(b->arena, d.region_code);
	else if (d.region != NULL)
		p.region = d.region->is_code
			       ? d.region->text
			       : place_repair_case(b->arena, d.region->text);
	p.country = text_or_null(b, d.country);
	if (p.city != NULL || p.region != NULL || p.country != NULL)
		place_add(b, &p);
}

/* ---- what a part may be to the draft ---- */

static void
draft_set_country(struct draft *d, const struct place_reading *r)
{
	memcpy(d->country, r->country, sizeof(d->country));
	d->country_stated = true;
}

static void
draft_set_region(
    struct draft *d, const struct part *p, const struct place_reading *r)
{
	d->region = p;
	memcpy(d->region_code, r->region, sizeof(d->region_code));
	if (d->country[0] == '\0')
		memcpy(d->country, r->country, sizeof(d->country));
}

static void
draft_set_city(struct draft *d, const struct part *p)
{
	d->city = p;
	d->is_known = is_city(p);
	d->is_open = true;
}

/* How well a reading fits behind the city of the draft; 0 not at all. */
static int
fit_behind_city(
    const struct draft *d, const struct part *p, const struct place_reading *r)
{
	bool in_country = find_city(d->city, r->country, NULL) != NULL;

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
	if (find_city(d->city, r->country, r->region) != NULL)
		return 10;
	/* "Feira - BA" is the habit of Brazil, "Paris, TX" that of the US. */
	if (r->by_code && strcmp(r->country, "BR") == 0)
		return p->before == 'D' && !d->is_known ? 6 : 1;
	if (r->by_code)
		return strcmp(r->country, "US") == 0 ? 5 : 4;
	return d->is_known && is_city(p) ? 0 : 5;
}

/*
 * Is a part behind a city another city? "Hamburg, Berlin" are two, though
 * Berlin is a state, too; "Getafe, Madrid" is one.
 */
static bool
is_second_city(
    const struct draft *d, const struct part *p, const struct place_reading *r)
{
	const struct place_reading *city = find_city(p, NULL, NULL);

	if (r->kind != PLACE_REGION || r->region[0] != '\0' || city == NULL ||
	    city->thousands < LARGE_CITY || strcmp(d->city->key, p->key) == 0)
		return false;
	return strcmp(r->country, "DE") == 0 || strcmp(r->country, "AT") == 0 ||
	       city_size(d->city) * FAR_LARGER > city->thousands;
}

/* The reading of a part that best follows the city of the draft. */
static const struct place_reading *
best_behind_city(const struct draft *d, const struct part *p)
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
static bool
draft_take_city(struct draft *d, const struct part *p)
{
	if (d->city != NULL || d->country[0] == '\0')
		return false;
	/* "India - Hyderabad", "US, CA, San Francisco" */
	if (find_city(p, d->country,
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
static bool
draft_reconsider(struct draft *d, const struct part *p)
{
	if (d->city != NULL || d->first == NULL || d->country_stated ||
	    !is_city(d->first))
		return false;
	for (size_t i = 0; i < p->name.n; i++) {
		const struct place_reading *r = &p->name.readings[i];
		if (r->kind != PLACE_REGION || r->region[0] == '\0' ||
		    find_city(d->first, r->country, r->region) == NULL)
			continue;
		memset(d->country, 0, sizeof(d->country));
		draft_set_city(d, d->first);
		draft_set_region(d, p, r);
		return true;
	}
	return false;
}

/* A region behind its country: "US, CA". */
static bool
draft_take_region(struct draft *d, const struct part *p)
{
	const struct place_reading *r;

	if (d->city != NULL || d->region != NULL || !d->country_stated)
		return false;
	r = find_kind(p, PLACE_REGION, d->country);
	if (r == NULL)
		return false;
	draft_set_region(d, p, r);
	return true;
}

/* "Illinois, USA", "Georgia, USA", "CA - Canada": a country behind. */
static bool
draft_take_country(struct draft *d, const struct part *p)
{
	const struct place_reading *r = NULL, *own;

	if (d->city != NULL || d->first == NULL)
		return false;
	for (size_t i = 0; i < p->name.n && r == NULL; i++) {
		const struct place_reading *c = &p->name.readings[i];
		if (c->kind != PLACE_COUNTRY)
			continue;
		own = find_kind(d->first, PLACE_REGION, c->country);
		if (own == NULL)
			own = find_kind(d->first, PLACE_COUNTRY, c->country);
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
			 find_kind(d->first, PLACE_COUNTRY, c->country) == NULL)
			draft_set_region(d, d->first, own);
		d->country_stated = true;
		d->first = NULL;
	}
	return r != NULL;
}

/* ---- a part by itself ---- */

/* Does the company of other states make a state of this name? */
static const struct place_reading *
company_region(const struct builder *b, const struct part *p)
{
	for (int i = 0; i < 4; i++) {
		const struct place_reading *r =
		    find_kind(p, PLACE_REGION, coded_countries[i]);
		if (r != NULL && b->states[i] >= 2)
			return r;
	}
	return NULL;
}

/* A code alone: a state of the US rather than a country, with exceptions. */
static const struct place_reading *
alone_code(const struct part *p)
{
	const struct place_reading *us = find_kind(p, PLACE_REGION, "US");
	const struct place_reading *country = find_kind(p, PLACE_COUNTRY, NULL);

	if (us != NULL && strcmp(p->key, "de") != 0 &&
	    strcmp(p->key, "in") != 0)
		return us;
	if (country != NULL)
		return country;
	return find_kind(p, PLACE_REGION, NULL);
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
	country = find_kind(p, PLACE_COUNTRY, NULL);
	if (p->is_code && (country == NULL || country->by_code))
		return alone_code(p);
	region = find_kind(p, PLACE_REGION, NULL);
	for (int i = 0; i < 4 && region != NULL && region->region[0] == '\0';
	     i++)
		if (find_kind(p, PLACE_REGION, coded_countries[i]) != NULL)
			region = find_kind(p, PLACE_REGION, coded_countries[i]);
	/* Georgia is more often the state. */
	if (country != NULL)
		return region != NULL && region->region[0] != '\0' &&
			       !is_city(p)
			   ? region
			   : country;
	if (region == NULL)
		return NULL;
	if (!is_city(p) || b->in_scope)
		return region;
	return region->region[0] != '\0' && city_size(p) < METROPOLIS ? region
								      : NULL;
}

/* Countries that are one city. */
static bool
is_city_state(const struct place_reading *r)
{
	return strcmp(r->country, "SG") == 0 || strcmp(r->country, "HK") == 0 ||
	       strcmp(r->country, "MO") == 0;
}

static void
draft_begin(struct builder *b, const struct part *p)
{
	const struct place_reading *r = alone_reading(b, p);
	struct draft *d = &b->draft;

	draft_close(b);
	d->is_open = true;
	d->first = p;
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
	r = find_kind(&s->parts[at + 1], PLACE_COUNTRY, NULL);
	return r != NULL && !r->by_code;
}

/* A part behind a city: its region, its country, or something new. */
static bool
take_behind_city(struct builder *b, const struct segment *s, size_t at)
{
	const struct part *p = &s->parts[at];
	struct draft *d = &b->draft;
	const struct place_reading *r = best_behind_city(d, p);

	if (r != NULL && r->kind == PLACE_COUNTRY) {
		draft_set_country(d, r);
		return true;
	}
	/* "Milano, MI": a code of Italy that the US have, too. */
	if (r != NULL && p->is_code && d->is_known && r->by_code &&
	    find_city(d->city, r->country, r->region) == NULL &&
	    strcmp(likely_country(d->city), "IT") == 0) {
		d->region = p;
		return true;
	}
	if (r != NULL) {
		draft_set_region(d, p, r);
		return true;
	}
	/* "Cluj-Napoca, CJ, Romania" */
	if (d->region == NULL && d->country[0] == '\0' &&
	    country_follows(s, at) && (p->is_code || !is_city(p))) {
		d->region = p;
		return true;
	}
	return false;
}

static bool
is_unknown(const struct part *p)
{
	return p->name.n == 0 && p->short_for == NULL;
}

static void
part_take(struct builder *b, const struct segment *s, size_t at)
{
	const struct part *p = &s->parts[at];
	struct draft *d = &b->draft;

	if (p->area != NULL && find_kind(p, PLACE_COUNTRY, NULL) == NULL) {
		if (s->is_remote)
			scope_add(b, p->area);
		return;
	}
	if (b->in_scope && is_unknown(p))
		return;
	if (d->is_open && d->city != NULL) {
		if (take_behind_city(b, s, at))
			return;
		/* "Mitte, Berlin": what nobody knows was no city. */
		if (!d->is_known && d->country[0] == '\0' && is_city(p)) {
			draft_set_city(d, p);
			return;
		}
		/* "St. Louis, MO - South Grand" */
		if (is_unknown(p))
			return;
	} else if (d->is_open &&
		   ((!b->in_scope && draft_reconsider(d, p)) ||
		       draft_take_country(d, p) || draft_take_region(d, p) ||
		       (!b->in_scope && draft_take_city(d, p)))) {
		return;
	} else if (d->is_open && is_unknown(p)) {
		return;
	}
	/* "ON, AB, BC": each a region of the country before. */
	if (b->in_scope && d->is_open && d->country_stated) {
		struct draft next = *d;
		const struct place_reading *r =
		    find_kind(p, PLACE_REGION, d->country);
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

/* ---- segments ---- */

/* Are all parts countries, regions or areas, or nothing known? */
static bool
is_scope_only(const struct segment *s)
{
	for (size_t i = 0; i < s->nparts; i++) {
		const struct part *p = &s->parts[i];
		bool wide = p->area != NULL ||
			    find_kind(p, PLACE_COUNTRY, NULL) != NULL ||
			    find_kind(p, PLACE_REGION, NULL) != NULL;
		if (p->short_for != NULL || (!wide && is_city(p)))
			return false;
		/* "Berlin (Remote)", "Madrid - Remote": a city. */
		if (is_city(p) && p->area == NULL &&
		    find_kind(p, PLACE_COUNTRY, NULL) == NULL &&
		    !(s->nparts > 0 && find_kind(p, PLACE_REGION, "US")) &&
		    !find_kind(p, PLACE_REGION, "CA") &&
		    !find_kind(p, PLACE_REGION, "AU") &&
		    !find_kind(p, PLACE_REGION, "BR"))
			return false;
	}
	return true;
}

/* "New York, NY": a city, though both parts could be states. */
static bool
is_city_and_state(const struct segment *s)
{
	for (size_t i = 0; i + 1 < s->nparts; i++) {
		const struct part *p = &s->parts[i], *next = &s->parts[i + 1];
		const struct place_reading *r;
		if (strcmp(next->key, "dc") == 0)
			continue;
		for (size_t k = 0; k < next->name.n; k++) {
			r = &next->name.readings[k];
			if (r->kind == PLACE_REGION && r->region[0] != '\0' &&
			    find_city(p, r->country, r->region) != NULL)
				return true;
		}
	}
	return false;
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

/* "Remote Washington, DC" is the district as a whole. */
static void
district_merge(struct segment *s)
{
	for (size_t i = 0; i + 1 < s->nparts; i++) {
		if (strcmp(s->parts[i].key, "washington") != 0 ||
		    strcmp(s->parts[i + 1].key, "dc") != 0)
			continue;
		memmove(&s->parts[i], &s->parts[i + 1],
		    (s->nparts - i - 1) * sizeof(s->parts[0]));
		s->nparts--;
	}
}

static void
segment_build(struct builder *b, struct segment *s)
{
	size_t before = b->nscopes;

	work_set(b->to, s);
	b->in_scope = s->is_remote && is_scope_only(s) && !is_city_and_state(s);
	if (b->in_scope)
		district_merge(s);
	for (size_t i = 0; i < s->nparts; i++)
		part_take(b, s, i);
	draft_close(b);
	if (s->is_anywhere && b->nscopes == before && b->in_scope)
		scope_add(b, "worldwide");
}

/* Does a segment only say "remote"? */
static bool
is_bare_remote(const struct segment *s)
{
	return s->is_remote && !s->is_anywhere && s->nparts == 0;
}

/*
 * "Remote/US", "Remote in Canada or United States": the remote work of one
 * segment is that of its neighbour, too.
 */
static void
remote_spread(struct segment *s, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		struct segment *a = &s[i], *c = &s[i + 1];
		if (c->joint == '/' && is_bare_remote(a) && !c->is_remote &&
		    c->nparts > 0 && is_scope_only(c))
			c->is_remote = true;
		else if (c->joint == '/' && is_bare_remote(c) &&
			 !a->is_remote && a->nparts > 0 && is_scope_only(a))
			a->is_remote = true;
		else if (c->joint == 'o' && a->is_remote && a->nparts > 0 &&
			 is_scope_only(a) && !c->is_remote && c->nparts > 0 &&
			 is_scope_only(c))
			c->is_remote = true;
	}
}

/* Segments that are a state and nothing else, counted by country. */
static void
states_count(struct builder *b, const struct segment *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct part *p = s[i].parts;
		if (s[i].nparts != 1 || p->is_code || is_city(p) ||
		    find_kind(p, PLACE_COUNTRY, NULL) != NULL)
			continue;
		for (int k = 0; k < 4; k++)
			b->states[k] += find_kind(p, PLACE_REGION,
					    coded_countries[k]) != NULL;
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
	remote_spread(s, n);
	states_count(&b, s, n);
	for (size_t i = 0; i < n; i++)
		segment_build(&b, &s[i]);
	company_country(to);
	to->scope = scopes_join(&b);
}
