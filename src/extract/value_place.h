/*
 * Between the files that read locations: what names and codes may mean
 * (value_place.c), how a text falls into parts (value_location.c), and what
 * places and scopes the parts make (value_place_build.c).
 */
#ifndef EXTRACT_VALUE_PLACE_H
#define EXTRACT_VALUE_PLACE_H

#include "extract/value_int.h"

/* Longer names of places are none that the table has. */
#define PLACE_KEY_MAX  64
#define PLACE_READINGS 16

enum place_kind { PLACE_COUNTRY, PLACE_REGION, PLACE_CITY };
/* One thing that a name may mean. */
struct place_reading {
	enum place_kind kind;
	bool by_code;       /* "CA", not its name */
	char country[3];    /* ISO 3166-1 alpha-2 */
	char region[4];     /* code in US, CA, AU and BR, else "" */
	uint32_t thousands; /* of people, of a city */
};
struct place_name {
	struct place_reading readings[PLACE_READINGS];
	size_t n;
};

/*
 * The key of a name in the table: folded, without dots and apostrophes,
 * '-' as blank, no "the", "saint" as "st". Returns its length, 0 if it is
 * too long.
 */
size_t value_place_key(const char *text, size_t n, char to[PLACE_KEY_MAX]);
/* Add what a key, or a code as written, may mean. */
void place_find(const char *key, struct place_name *to);
void place_find_code(const char *text, size_t n, struct place_name *to);
/* "EMEA" for "emea", "worldwide" for "global": NULL if it is no such area. */
const char *place_area(const char *key);
/* "New York" for "nyc"; also gives the region, if it has a code there. */
const char *place_short(const char *key, const char **region);
/* As people write names: "bangalore" and "BERLIN" repaired. */
char *place_repair_case(struct arena *, const char *);

/* Is the key one of the words of a list "a b c"? */
bool place_word_in(const char *key, const char *list);

struct word {
	const char *text; /* as written */
	size_t n;
	const char *key; /* folded, without dots */
	char before;     /* separator; ' ' is none */
	bool removed;    /* said how people work, names no place */
};

/* A piece of the text that names one thing. */
struct part {
	char *text;   /* cleaned, as written */
	char before;  /* the separator before it: ',', 'D' (dash), '(' ... */
	bool is_code; /* two or three letters, perhaps a code */
	const char *key;
	const char *area;
	const char *short_for, *short_region;
	struct place_name name;
};
/* Thousands of people; such a city outweighs a state of its name. */
#define PLACE_METROPOLIS 3000
/* Thousands of people; such a city is no part of another. */
#define PLACE_LARGE_CITY 100

/* The countries whose regions have codes in the table. */
#define PLACE_CODED 4
extern const char place_coded[PLACE_CODED][3];

/* Of what a part may mean: of a kind, in a country if one is given. */
const struct place_reading *part_find(
    const struct part *, enum place_kind, const char *country);
/* The city of that name in a country and a region, if they are given. */
const struct place_reading *part_find_city(
    const struct part *, const char *country, const char *region);
bool part_is_city(const struct part *);
bool part_is_unknown(const struct part *);
/* Thousands of people of the largest city of that name. */
uint32_t part_city_size(const struct part *);
/* The country of a city that is far larger than its namesakes, or "". */
const char *part_likely_country(const struct part *);

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
void draft_set_country(struct draft *, const struct place_reading *);
void draft_set_region(
    struct draft *, const struct part *, const struct place_reading *);
void draft_set_city(struct draft *, const struct part *);
/* The reading that best follows the draft's city; NULL if none does. */
const struct place_reading *draft_best_behind(
    const struct draft *, const struct part *);
/* Each takes the part into a draft without a city, if it belongs there. */
bool draft_take_city(struct draft *, const struct part *);
bool draft_reconsider(struct draft *, const struct part *);
bool draft_take_region(struct draft *, const struct part *);
bool draft_take_country(struct draft *, const struct part *);

/* What stands between ';', '|', '/' and "or". */
struct segment {
	struct part *parts;
	size_t nparts;
	char joint; /* what stands before it: ';', '/', 'o', or 0 */
	bool is_remote, is_hybrid, is_onsite;
	bool is_anywhere;
	size_t work_at; /* so many parts stand before "remote" and the like */
};
/* Cut the words [w, end) into the parts of a segment. */
void segment_parts(
    struct arena *, struct word *w, struct word *end, struct segment *to);
/* Are all its parts countries, regions or areas, or nothing known? */
bool segment_is_wide(const struct segment *);
/* "New York, NY": a city, though both parts could be states. */
bool segment_is_city(const struct segment *);
/* "Remote Washington, DC" is the district as a whole. */
void segment_merge_district(struct segment *);
/* "Berlin, Remote - Germany": how many parts are places, if not all. */
size_t segment_places_before(const struct segment *);
/* "Remote/US": what is said of a segment holds for its neighbour, too. */
void segments_spread(struct segment *, size_t n);
/* "Curitiba/PR": a code that completes the city before it. */
void segments_join_codes(struct segment *, size_t n);
void places_build(
    struct arena *, struct segment *, size_t n, struct location *to);

/*
 * "Lebanon, OR, USA" for "USA-OR-Lebanon" and the like; NULL if the text is
 * none of that kind.
 */
char *place_from_dashes(struct arena *, const char *text);

#endif
