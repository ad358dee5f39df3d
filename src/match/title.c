/*
 * Titles: one spelling for one title, and what it says of seniority and
 * discipline.
 */
#include <string.h>
#include "base/str.h"
#include "match/match_int.h"

static const char *const level_names[LEVEL__MAX] = { "intern", "trainee",
	"graduate", "junior", "mid", "senior", "staff", "principal", "lead",
	"manager", "head", "director", "vp", "chief", "deputy", "associate",
	"assistant", "one", "two", "three", "four", "five", "six" };

/* The letters of (m/w/d), (f/m/x), H/F and their like. */
static bool
is_gender_letter(const char *word)
{
	return word[0] != '\0' && word[1] == '\0' &&
	       strchr("mwdfxhgi", word[0]) != NULL;
}

/* How many words at i say that any gender may apply. */
static size_t
gender_words(const struct words *w, size_t i)
{
	size_t n = 0;

	while (i + n < w->n && is_gender_letter(w->at[i + n].text) &&
	       (n == 0 || w->at[i + n].slashed))
		n++;
	return n >= 2 ? n : 0;
}

static const char *
numeral(const char *word)
{
	static const char *const roman[] = { "i", "ii", "iii", "iv", "v",
		"vi" };
	static const char *const digits[] = { "1", "2", "3", "4", "5", "6" };

	for (size_t i = 0; i < sizeof(roman) / sizeof(roman[0]); i++)
		if (str_eq(word, roman[i]))
			return digits[i];
	return NULL;
}

static bool
is_number_ref(const char *word)
{
	size_t digits = strspn(word, "0123456789");

	return digits >= 4 && word[digits] == '\0';
}

/* What a word may be for a part of the title that says nothing. */
enum use { USE_WORD, USE_NOISE, USE_REMOTE, USE_PLACE };

struct piece {
	const char *text;
	uint16_t segment;
	enum use use;
};
struct pieces {
	struct piece at[WORDS_MAX * 2];
	size_t n;
};

static enum use
use_of(const char *name)
{
	if (str_eq(name, "noise"))
		return USE_NOISE;
	if (str_eq(name, "remote"))
		return USE_REMOTE;
	return str_eq(name, "place") ? USE_PLACE : USE_WORD;
}

static void
piece_add(struct pieces *to, const char *text, uint16_t segment, enum use use)
{
	if (to->n < sizeof(to->at) / sizeof(to->at[0]))
		to->at[to->n++] = (struct piece){ text, segment, use };
}

/* The words that a table row stands for, one by one. */
static void
pieces_of_row(struct arena *arena, struct pieces *to, const char *text,
    uint16_t segment, enum use use)
{
	while (*text != '\0') {
		size_t n = strcspn(text, " ");

		piece_add(to, arena_strndup(arena, text, n), segment, use);
		text += n;
		text += *text == ' ';
	}
}

static bool
words_have(const struct words *words, const char *text)
{
	for (size_t i = 0; i < words->n; i++)
		if (str_eq(words->at[i].text, text))
			return true;
	return false;
}

/* Words that repeat a place of the posting, or name a region of it. */
static size_t
place_run(const struct words *w, size_t i, const struct words *places)
{
	const char *const *row;
	size_t taken = 0;

	row = words_find(w, i, 4, regions_table[0], regions_rows, 2, &taken);
	if (row != NULL && words_have(places, row[1]))
		return taken;
	return words_have(places, w->at[i].text);
}

static void
pieces_make(struct arena *arena, const struct words *w,
    const struct words *places, struct pieces *to)
{
	const char *const *row;
	size_t n;

	to->n = 0;
	for (size_t i = 0; i < w->n; i += n) {
		uint16_t segment = w->at[i].segment;

		n = gender_words(w, i);
		if (n > 0)
			continue;
		row = words_find(
		    w, i, 3, title_words_table[0], title_words_rows, 3, &n);
		if (row != NULL) {
			if (!str_eq(row[1], "-"))
				pieces_of_row(
				    arena, to, row[1], segment, use_of(row[2]));
			continue;
		}
		n = place_run(w, i, places);
		if (n > 0) {
			for (size_t k = 0; k < n; k++)
				piece_add(
				    to, w->at[i + k].text, segment, USE_PLACE);
			continue;
		}
		n = 1;
		if (i > 0 && numeral(w->at[i].text) != NULL)
			piece_add(
			    to, numeral(w->at[i].text), segment, USE_WORD);
		else
			piece_add(to, w->at[i].text, segment,
			    is_number_ref(w->at[i].text) ? USE_NOISE
							 : USE_WORD);
	}
}

static bool
has_remote(const struct pieces *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->at[i].use == USE_REMOTE)
			return true;
	return false;
}

/*
 * True if the segment that begins at i consists of words that say nothing;
 * a country is one where the title speaks of remote work.
 */
static bool
segment_is_idle(const struct pieces *p, size_t i, bool remote, size_t *end)
{
	bool idle = true;
	size_t k;

	for (k = i; k < p->n && p->at[k].segment == p->at[i].segment; k++)
		if (p->at[k].use == USE_WORD &&
		    !(remote && region_code(p->at[k].text) != NULL))
			idle = false;
	*end = k;
	return idle;
}

/* "Engineer in Berlin", "Engineer Remote": the end of a segment. */
static size_t
tail_cut(const struct pieces *p, size_t from, size_t end)
{
	size_t cut = end;

	while (cut > from && p->at[cut - 1].use == USE_PLACE &&
	       !str_eq(p->at[cut - 1].text, "in"))
		cut--;
	if (cut > from + 1 && cut < end && str_eq(p->at[cut - 1].text, "in"))
		return cut - 1;
	cut = end;
	while (cut > from + 1 && p->at[cut - 1].use == USE_REMOTE)
		cut--;
	return cut;
}

static void
pieces_keep(struct pieces *p, struct words *to)
{
	bool remote = has_remote(p);
	size_t end, cut;

	to->n = 0;
	for (size_t i = 0; i < p->n; i = end) {
		if (segment_is_idle(p, i, remote, &end))
			continue;
		cut = tail_cut(p, i, end);
		for (size_t k = i; k < cut && to->n < WORDS_MAX; k++)
			to->at[to->n++].text = p->at[k].text;
	}
	/* All of it said nothing: then that is the title. */
	if (to->n == 0)
		for (size_t i = 0; i < p->n && to->n < WORDS_MAX; i++)
			to->at[to->n++].text = p->at[i].text;
}

static uint32_t
level_bit(const char *name)
{
	for (uint32_t i = 0; i < LEVEL__MAX; i++)
		if (str_eq(name, level_names[i]))
			return UINT32_C(1) << i;
	return 0;
}

/* Sorted and without doubles, joined by " + ". */
static const char *
discipline_join(struct arena *arena, const char **names, size_t n)
{
	struct buf b;
	char *text;

	buf_init(&b, 4096);
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && strcmp(names[k - 1], names[k]) > 0;
		     k--) {
			const char *swap = names[k];

			names[k] = names[k - 1];
			names[k - 1] = swap;
		}
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !str_eq(names[i], names[i - 1])) {
			if (b.len > 0)
				buf_str(&b, " + ");
			buf_str(&b, names[i]);
		}
	text = arena_strdup(arena, buf_cstr(&b));
	buf_fini(&b);
	return text;
}

/* "6-month contract", "4 days a week": numbers that are no rank. */
static bool
counts_time(const struct words *w, size_t i)
{
	static const char *const units[] = { "day", "days", "month", "months",
		"week", "weeks", "hour", "hours", "h", "hr", "hrs", "year",
		"years", "shift", "shifts", "tage", "monate", "stunden",
		"wochen" };

	for (size_t k = 0; i < w->n && k < sizeof(units) / sizeof(units[0]);
	     k++)
		if (str_eq(w->at[i].text, units[k]))
			return true;
	return false;
}

static void
marks_read(struct arena *arena, const struct words *w, struct title *to)
{
	const char *names[WORDS_MAX];
	size_t n = 0, taken;

	to->level = 0;
	for (size_t i = 0; i < w->n; i += taken) {
		const char *const *row;

		taken = 1;
		row = words_find(
		    w, i, 4, title_marks_table[0], title_marks_rows, 3, &taken);
		if (row == NULL)
			continue;
		if (!counts_time(w, i + taken) ||
		    level_bit(row[1]) < UINT32_C(1) << LEVEL_ONE)
			to->level |= level_bit(row[1]);
		if (row[2][0] != '\0')
			names[n++] = row[2];
	}
	to->discipline = n == 0 ? "" : discipline_join(arena, names, n);
}

void
title_read(struct arena *arena, const char *text, const struct words *places,
    struct title *to)
{
	struct words words, kept;
	struct pieces pieces;

	words_split(arena, text, &words);
	pieces_make(arena, &words, places, &pieces);
	pieces_keep(&pieces, &kept);
	to->key = words_join(arena, &kept, 0, kept.n);
	marks_read(arena, &kept, to);
}

enum experience
level_experience(uint32_t level)
{
	static const struct {
		enum level level;
		enum experience experience;
	} order[] = { { LEVEL_INTERN, EXP_INTERN },
		{ LEVEL_PRINCIPAL, EXP_PRINCIPAL },
		{ LEVEL_STAFF, EXP_PRINCIPAL }, { LEVEL_CHIEF, EXP_PRINCIPAL },
		{ LEVEL_VP, EXP_PRINCIPAL }, { LEVEL_DIRECTOR, EXP_PRINCIPAL },
		{ LEVEL_HEAD, EXP_LEAD }, { LEVEL_LEAD, EXP_LEAD },
		{ LEVEL_SENIOR, EXP_SENIOR }, { LEVEL_TRAINEE, EXP_INTERN },
		{ LEVEL_GRADUATE, EXP_JUNIOR }, { LEVEL_JUNIOR, EXP_JUNIOR },
		{ LEVEL_MID, EXP_MID }, { LEVEL_SIX, EXP_SENIOR },
		{ LEVEL_FIVE, EXP_SENIOR }, { LEVEL_FOUR, EXP_SENIOR },
		{ LEVEL_THREE, EXP_SENIOR }, { LEVEL_TWO, EXP_MID },
		{ LEVEL_ONE, EXP_JUNIOR } };

	uint32_t ranks = level >> LEVEL_ONE;

	/* "Assistant I/II/III" begins at the lowest. */
	if ((ranks & (ranks - 1)) != 0)
		level &= ((UINT32_C(1) << LEVEL_ONE) - 1) |
			 ((ranks & (~ranks + 1)) << LEVEL_ONE);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (level & UINT32_C(1) << order[i].level)
			return order[i].experience;
	return EXP_NONE;
}

enum experience
title_experience(struct arena *arena, const char *text)
{
	struct title title;
	struct words none = { .n = 0 };

	title_read(arena, text, &none, &title);
	return level_experience(title.level);
}
