/*
 * Segments of a location as wholes: is one where remote work is open to, or
 * a place? What does one say of its neighbour?
 */
#include <string.h>
#include "extract/value_place.h"

/* A name of a region that has a code, where it is more than a city's. */
static bool
is_state_name(const struct part *p)
{
	for (int i = 0; i < 4; i++)
		if (part_find(p, PLACE_REGION, place_coded[i]) != NULL)
			return strcmp(place_coded[i], "BR") != 0 ||
			       part_city_size(p) < PLACE_METROPOLIS;
	return false;
}

/* May the part be where remote work is open to, rather than a city? */
static bool
is_wide(const struct part *p)
{
	if (p->area != NULL || part_find(p, PLACE_COUNTRY, NULL) != NULL)
		return true;
	if (p->short_for != NULL)
		return false;
	return is_state_name(p) ||
	       (!part_is_city(p) && part_find(p, PLACE_REGION, NULL) != NULL);
}

/* "Gruendau (Remote)": a city that nobody knows. */
static bool
is_name_before(const struct segment *s, size_t at)
{
	const char *text = s->parts[at].text;

	return at < s->work_at && *text >= 'A' && *text <= 'Z' &&
	       strlen(text) > 3 && strchr(text, ' ') == NULL;
}

/* Are all parts countries, regions or areas, or nothing known? */
bool
segment_is_wide(const struct segment *s)
{
	for (size_t i = 0; i < s->nparts; i++) {
		const struct part *p = &s->parts[i];
		if (part_is_unknown(p) && p->area == NULL ? is_name_before(s, i)
							  : !is_wide(p))
			return false;
	}
	return true;
}

/* "New York, NY": a city, though both parts could be states. */
bool
segment_is_city(const struct segment *s)
{
	for (size_t i = 0; i + 1 < s->nparts; i++) {
		const struct part *p = &s->parts[i], *next = &s->parts[i + 1];
		const struct place_reading *r;
		if (strcmp(next->key, "dc") == 0)
			continue;
		for (size_t k = 0; k < next->name.n; k++) {
			r = &next->name.readings[k];
			if (r->kind == PLACE_REGION && r->region[0] != '\0' &&
			    part_find_city(p, r->country, r->region) != NULL)
				return true;
		}
	}
	return false;
}

/* "Remote Washington, DC" is the district as a whole. */
void
segment_merge_district(struct segment *s)
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

/*
 * "Berlin, Remote - Germany": parts behind the word are its scope, if they
 * stand behind a dash or in brackets; those before it are places. Their
 * number, or 0.
 */
size_t
segment_places_before(const struct segment *s)
{
	if (!s->is_remote || s->work_at == 0 || s->work_at >= s->nparts ||
	    (s->parts[s->work_at].before != 'D' &&
		s->parts[s->work_at].before != '('))
		return 0;
	for (size_t i = 0; i < s->nparts; i++) {
		const struct part *p = &s->parts[i];
		bool wide = p->area != NULL || part_is_unknown(p) || is_wide(p);
		if (i >= s->work_at && !wide)
			return 0;
	}
	return s->work_at;
}

/* Does a segment only say "remote"? */
static bool
is_bare_remote(const struct segment *s)
{
	return s->is_remote && !s->is_anywhere && s->nparts == 0;
}

/* Does remote work of a segment hold for its neighbour, too? */
static bool
is_spread(const struct segment *from, const struct segment *to, char joint)
{
	return from->is_remote && !to->is_remote && to->nparts > 0 &&
	       segment_is_wide(to) &&
	       (joint == '/' || (joint == 'o' && from->nparts > 0)) &&
	       (from->nparts == 0 ? is_bare_remote(from)
				  : segment_is_wide(from));
}

/* "Remote/US", "Remote in Canada or United States", "US/Canada Remote". */
void
segments_spread(struct segment *s, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (is_spread(&s[i], &s[i + 1], s[i + 1].joint))
			s[i + 1].is_remote = true;
		else if (is_spread(&s[i + 1], &s[i], s[i + 1].joint))
			s[i].is_remote = true;
	}
}

/* "Curitiba/PR": a code that completes the city before it. */
void
segments_join_codes(struct segment *s, size_t n)
{
	for (size_t i = n; i-- > 1;) {
		struct segment *to = &s[i - 1], *from = &s[i];
		const struct part *code = from->parts;

		if (from->joint != '/' || from->nparts != 1 || !code->is_code ||
		    to->nparts == 0)
			continue;
		for (size_t k = 0; k < code->name.n; k++) {
			const struct place_reading *r = &code->name.readings[k];
			if (r->kind != PLACE_REGION ||
			    part_find_city(&to->parts[to->nparts - 1],
				r->country, r->region) == NULL)
				continue;
			to->parts[to->nparts] = *code;
			to->parts[to->nparts++].before = 'D';
			from->nparts = 0;
			break;
		}
	}
}
