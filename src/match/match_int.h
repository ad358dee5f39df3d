/*
 * What the files of this room share.
 */
#ifndef MATCH_MATCH_INT_H
#define MATCH_MATCH_INT_H

#include <stddef.h>
#include "base/buf.h"
#include "match/match.h"
#include "msg/wire.h"

/* Tables made of the .tsv files; rows of strings, sorted where it says so. */
extern const char *const legal_forms_table[][3]; /* sorted */
extern const size_t legal_forms_rows;
extern const char *const title_words_table[][3]; /* sorted */
extern const size_t title_words_rows;
extern const char *const title_marks_table[][3]; /* sorted */
extern const size_t title_marks_rows;
extern const char *const regions_table[][2]; /* sorted */
extern const size_t regions_rows;
extern const char *const skills_table[][6];
extern const size_t skills_rows;
extern const char *const phrases_table[][3];
extern const size_t phrases_rows;

/* Row of a sorted table of width cells whose first cell is key, or NULL. */
const char *const *table_find(
    const char *const *table, size_t rows, size_t width, const char *key);

/* ---- words ---- */

/* More words of a title, an employer or a place are cut off. */
#define WORDS_MAX 64

struct word {
	const char *text;
	uint16_t segment; /* counted from 0; brackets and dashes divide */
	bool slashed;     /* glued to the word before it by '/', '|' or '*' */
	bool bracket;     /* stands in (), [] or {} */
};
struct words {
	struct word at[WORDS_MAX];
	size_t n;
};
/*
 * The words of a short text, folded. Dots and apostrophes inside words go
 * ("s.r.o." is sro), "c++", "c#" and ".net" stay whole, German endings such
 * as "/in" go.
 */
void words_split(struct arena *, const char *text, struct words *);
/* The words [from, to) joined by one blank, in the arena. */
char *words_join(struct arena *, const struct words *, size_t from, size_t to);
/*
 * The longest run of words at i, at most longest, that is a first cell of a
 * sorted table of width cells: its row, and how many words it took.
 */
const char *const *words_find(const struct words *, size_t i, size_t longest,
    const char *const *table, size_t rows, size_t width, size_t *taken);

/* ---- parts of an identity ---- */

/* "sap" for "SAP SE"; "" if the name says nothing ("Confidential"). */
const char *employer_key(struct arena *, const char *company);
/* True if name begins with the words of prefix ("Initech Labs", "Initech"). */
bool employer_begins(struct arena *, const char *name, const char *prefix);

/* Bits of identity.level. */
enum level {
	LEVEL_INTERN,
	LEVEL_TRAINEE,
	LEVEL_GRADUATE,
	LEVEL_JUNIOR,
	LEVEL_MID,
	LEVEL_SENIOR,
	LEVEL_STAFF,
	LEVEL_PRINCIPAL,
	LEVEL_LEAD,
	LEVEL_MANAGER,
	LEVEL_HEAD,
	LEVEL_DIRECTOR,
	LEVEL_VP,
	LEVEL_CHIEF,
	LEVEL_DEPUTY,
	LEVEL_ASSOCIATE,
	LEVEL_ASSISTANT,
	LEVEL_ONE,
	LEVEL_TWO,
	LEVEL_THREE,
	LEVEL_FOUR,
	LEVEL_FIVE,
	LEVEL_SIX,
	LEVEL__MAX
};
struct title {
	const char *key;        /* normalised */
	uint32_t level;         /* bits */
	const char *discipline; /* "" if none */
};
/* places are the words that a title may repeat; see place_words. */
void title_read(struct arena *, const char *text, const struct words *places,
    struct title *);
/* What the level bits say in the words of data.md. */
enum experience level_experience(uint32_t level);

/*
 * Places as a key: items divided by ';', parts of an item by ','; '*' for
 * remote, with where it is open to behind it. "" if nothing is known.
 */
const char *place_key(struct arena *, const struct posting *);
/* True if two keys may mean the same places. */
bool place_same(const char *a, const char *b);
/* The first part of the i-th item, at most size - 1 bytes; false: no such. */
bool place_city(const char *key, size_t i, char *to, size_t size);
/* All words of a posting's places, countries as words and as codes. */
void place_words(struct arena *, const struct posting *, struct words *);
/* The code of a folded country or state ("germany": "de"), or NULL. */
const char *region_code(const char *folded);

/* "greenhouse:4012345" if the URL is a posting of a hosted board, or NULL. */
const char *board_id(struct arena *, const char *url);
/* The same from the posting's URLs, source and external id. */
const char *board_id_of(struct arena *, const struct posting *);
/* A requisition that a URL carries ("R-12345" of Workday), or NULL. */
const char *board_requisition(struct arena *, const char *url);
/* True if a canonical URL names one posting rather than a list of them. */
bool url_is_specific(const char *canonical);

#define SKETCH_SLOTS 64
/* False if the text has too few words to be compared. */
bool sketch_make(const char *text, uint32_t to[SKETCH_SLOTS]);
/* How many slots agree, 0 to 64. */
int sketch_agree(
    const uint32_t a[SKETCH_SLOTS], const uint32_t b[SKETCH_SLOTS]);

#endif
