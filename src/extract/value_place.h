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
/* What stands between ';', '|', '/' and "or". */
struct segment {
	struct part *parts;
	size_t nparts;
	char joint; /* what stands before it: ';', '/', 'o', or 0 */
	bool is_remote, is_hybrid, is_onsite;
	bool is_anywhere;
};
void places_build(
    struct arena *, struct segment *, size_t n, struct location *to);

#endif
