/*
 * Same job? The rules of identity, in their order.
 */
#include <ctype.h>
#include <string.h>
#include "base/sha256.h"
#include "base/str.h"
#include "base/url.h"
#include "match/match_int.h"

/*
 * Of 64 slots: texts that share seven tenths of their runs of words. Boards
 * add a sentence or a closing section; other openings of one team share
 * about half.
 */
#define SAME_TEXT_SLOTS 45
/* Bands of the sketch in keys: texts of nine tenths miss all once in 10^4. */
#define BANDS      8
#define BAND_SLOTS 4
#define KEY_CITIES 2
#define CITY_BYTES 100

/* ---- what is compared ---- */

/* A value that names a requisition, not "see opening", "n/a" or "5/28/26". */
static bool
is_requisition(const char *value)
{
	size_t n = value == NULL ? 0 : strlen(value);
	size_t zeros = n == 0 ? 0 : strspn(value, "0-. ");
	bool date = n > 0 && strspn(value, "0123456789/.") == n &&
		    strcspn(value, "/.") < n;

	return n >= 2 && n <= 64 && zeros < n && !date &&
	       strcspn(value, "0123456789") < n;
}

/* Letters and digits of a metadata name, in lower case. */
static void
name_squeeze(const char *name, char *to, size_t size)
{
	size_t n = 0;

	for (; *name != '\0' && n + 1 < size; name++)
		if (isalnum((unsigned char)*name))
			to[n++] = (char)tolower((unsigned char)*name);
	to[n] = '\0';
}

static const char *
metadata_find(const struct posting *p, const char *const *names, size_t nnames)
{
	char name[64];

	for (size_t i = 0; i < nnames; i++)
		for (size_t k = 0; k < p->nmetadata; k++) {
			if (!is_requisition(p->metadata[k].value))
				continue;
			name_squeeze(p->metadata[k].name, name, sizeof(name));
			if (str_eq(name, names[i]))
				return p->metadata[k].value;
		}
	return NULL;
}

static void
requisition_read(
    struct arena *arena, const struct posting *p, struct identity *to)
{
	static const char *const names[] = { "requisitionid", "requisition",
		"reqid", "requisitionnumber", "jobrequisitionid", "jobreqid",
		"jobrequisition", "requisitioncode", "referencenumber",
		"reference", "referenceid", "refnr", "jobreference",
		"refnumber", "ref" };
	static const char *const openings[] = { "internaljobid", "openingid" };
	const char *found;

	found = metadata_find(p, names, sizeof(names) / sizeof(names[0]));
	if (found == NULL)
		found = board_requisition(arena, p->url);
	if (found == NULL)
		found = board_requisition(arena, p->apply_url);
	if (is_requisition(found))
		to->requisition =
		    str_lower(arena, str_fold_space(arena, found));
	found =
	    metadata_find(p, openings, sizeof(openings) / sizeof(openings[0]));
	to->opening = arena_strdup(arena, found);
}

void
identity_make(struct arena *arena, const struct posting *p, struct identity *to)
{
	struct words places;
	struct title title;

	memset(to, 0, sizeof(*to));
	to->source = arena_strdup(arena, p->source);
	to->external_id = arena_strdup(arena, p->external_id);
	to->url = p->url == NULL ? NULL : url_canonical(arena, p->url);
	to->company_key = employer_key(arena, p->company);
	place_words(arena, p, &places);
	title_read(arena, p->title, &places, &title);
	to->title_key = title.key;
	to->level = title.level;
	to->discipline = title.discipline;
	to->place_key = place_key(arena, p);
	to->board_id = board_id_of(arena, p);
	requisition_read(arena, p, to);
	to->has_sketch = sketch_make(p->description, to->sketch);
}

/* ---- keys ---- */

struct keys {
	int64_t *to;
	size_t n, max;
};

/* A key of up to four texts; kind keeps those of one rule together. */
static void
key_add(struct keys *k, char kind, const char *a, const char *b, const char *c)
{
	const char *parts[] = { a, b, c };
	uint64_t h;
	struct {
		uint64_t hashes[3];
		uint64_t kind;
	} all = { .kind = (uint64_t)kind };

	for (size_t i = 0; i < 3; i++)
		if (parts[i] != NULL)
			all.hashes[i] = hash64(parts[i], strlen(parts[i]));
	h = hash64(&all, sizeof(all));
	if (k->n < k->max)
		k->to[k->n++] = (int64_t)h;
}

/* Employer, title and one band of the sketch. */
static void
band_add(struct keys *k, const struct identity *id, size_t band)
{
	struct {
		uint64_t employer, title, kind;
		uint32_t slots[BAND_SLOTS];
	} all = { .kind = 'b' + ((uint64_t)band << 8) };

	all.employer = hash64(id->company_key, strlen(id->company_key));
	all.title = hash64(id->title_key, strlen(id->title_key));
	memcpy(all.slots, id->sketch + band * BAND_SLOTS, sizeof(all.slots));
	if (k->n < k->max)
		k->to[k->n++] = (int64_t)hash64(&all, sizeof(all));
}

static void
keys_by_title(struct keys *k, const struct identity *id)
{
	char city[CITY_BYTES];
	size_t i;

	for (i = 0; i < KEY_CITIES; i++) {
		if (!place_city(id->place_key, i, city, sizeof(city)))
			break;
		key_add(k, 'p', id->company_key, id->title_key, city);
	}
	if (i == 0)
		key_add(k, 'p', id->company_key, id->title_key, "");
	for (i = 0; id->has_sketch && i < BANDS; i++)
		band_add(k, id, i);
}

size_t
identity_keys(const struct identity *id, int64_t *keys, size_t max)
{
	struct keys k = { .to = keys, .max = max };
	bool employer = id->company_key[0] != '\0';

	if (id->source != NULL && id->external_id != NULL)
		key_add(&k, 'x', id->source, id->external_id, NULL);
	if (id->board_id != NULL)
		key_add(&k, 'i', id->board_id, NULL, NULL);
	if (url_is_specific(id->url))
		key_add(&k, 'u', id->url, NULL, NULL);
	if (employer && id->requisition != NULL)
		key_add(&k, 'r', id->company_key, id->requisition, NULL);
	if (employer && id->opening != NULL)
		key_add(&k, 'o', id->company_key, id->opening, NULL);
	if (employer && id->title_key[0] != '\0')
		keys_by_title(&k, id);
	return k.n;
}

/* ---- the rules ---- */

static bool
both_eq(const char *a, const char *b)
{
	return a != NULL && b != NULL && str_eq(a, b);
}

static bool
both_differ(const char *a, const char *b)
{
	return a != NULL && b != NULL && !str_eq(a, b);
}

/* One board counts its postings: two numbers of one board differ. */
static bool
boards_differ(const struct identity *a, const struct identity *b)
{
	size_t n;

	if (!both_differ(a->board_id, b->board_id))
		return false;
	n = strcspn(a->board_id, ":");
	return strncmp(a->board_id, b->board_id, n + 1) == 0;
}

static bool
hosts_eq(const char *a, const char *b)
{
	const char *x = strstr(a, "://"), *y = strstr(b, "://");
	size_t n, m;

	if (x == NULL || y == NULL)
		return false;
	n = strcspn(x + 3, "/?");
	m = strcspn(y + 3, "/?");
	return n == m && memcmp(x + 3, y + 3, n) == 0;
}

/* Both say where they stand, in one place, and it is not the same spot. */
static bool
postings_differ(const struct identity *a, const struct identity *b)
{
	if (both_eq(a->source, b->source) &&
	    both_differ(a->external_id, b->external_id))
		return true;
	return both_differ(a->url, b->url) && url_is_specific(a->url) &&
	       url_is_specific(b->url) && hosts_eq(a->url, b->url);
}

static const char *
same_title(const struct identity *a, const struct identity *b)
{
	if (a->title_key[0] == '\0' || !str_eq(a->title_key, b->title_key))
		return NULL;
	if (a->has_sketch && b->has_sketch)
		return sketch_agree(a->sketch, b->sketch) >= SAME_TEXT_SLOTS
			   ? "same-text"
			   : NULL;
	if (boards_differ(a, b) || postings_differ(a, b) ||
	    !place_same(a->place_key, b->place_key))
		return NULL;
	return "same-place";
}

const char *
identity_same(const struct identity *a, const struct identity *b)
{
	bool one_source = both_eq(a->source, b->source);

	if (one_source && both_eq(a->external_id, b->external_id))
		return "same-posting";
	if (both_eq(a->board_id, b->board_id))
		return "same-board-id";
	/* A source that tells two ids apart gave the URL of their list. */
	if (both_eq(a->url, b->url) && url_is_specific(a->url) &&
	    !(one_source && both_differ(a->external_id, b->external_id)))
		return "same-url";
	if (a->company_key[0] == '\0' ||
	    !str_eq(a->company_key, b->company_key))
		return NULL;
	if (both_eq(a->opening, b->opening))
		return "same-requisition";
	if (both_differ(a->opening, b->opening))
		return NULL;
	if (both_eq(a->requisition, b->requisition))
		return "same-requisition";
	if (both_differ(a->requisition, b->requisition))
		return NULL;
	if (a->level != b->level || !str_eq(a->discipline, b->discipline))
		return NULL;
	return same_title(a, b);
}

/* ---- kept with a job ---- */

void
identity_put(struct buf *b, const struct identity *id)
{
	put_str(b, id->source);
	put_str(b, id->external_id);
	put_str(b, id->url);
	put_text(b, id->company_key);
	put_text(b, id->title_key);
	put_str(b, id->requisition);
	put_str(b, id->opening);
	put_str(b, id->board_id);
	put_u32(b, id->level);
	put_text(b, id->discipline);
	put_text(b, id->place_key);
	put_bool(b, id->has_sketch);
	for (size_t i = 0; id->has_sketch && i < SKETCH_SLOTS; i++)
		put_u32(b, id->sketch[i]);
}

void
identity_get(struct wire *w, struct identity *to)
{
	memset(to, 0, sizeof(*to));
	to->source = get_str_opt(w);
	to->external_id = get_str_opt(w);
	to->url = get_str_opt(w);
	to->company_key = get_str(w);
	to->title_key = get_str(w);
	to->requisition = get_str_opt(w);
	to->opening = get_str_opt(w);
	to->board_id = get_str_opt(w);
	to->level = get_u32(w);
	to->discipline = get_str(w);
	to->place_key = get_str(w);
	to->has_sketch = get_bool(w);
	for (size_t i = 0; to->has_sketch && i < SKETCH_SLOTS; i++)
		to->sketch[i] = get_u32(w);
}
