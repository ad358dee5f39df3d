/*
 * How the text of a location falls into segments ("Berlin; Remote - EU") and
 * parts ("Berlin", "Germany"). Words that say how people work, streets, post
 * codes and offices are taken out on the way.
 */
#include <string.h>
#include "base/limits.h"
#include "base/utf8.h"
#include "extract/value_place.h"

/* A list of as many places as a posting may have, and no more. */
#define TEXT_MAX (LIMIT_LIST_ITEMS * 40)

struct reader {
	struct arena *arena;
	struct word *words;
	size_t nwords;
};

/* Separators from the weakest to the strongest. */
static const char strengths[] = " -D,)(o/;";

static char
stronger(char a, char b)
{
	return strchr(strengths, a) > strchr(strengths, b) ? a : b;
}

/* A separator at s (*n bytes), or 0 if a word begins there. */
static char
separator_at(const char *s, size_t *n)
{
	static const char *const signs[] = { "\xe2\x80\xa2", "\xc2\xb7",
		"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92", "\xc2\xa0",
		"\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x8b",
		"\xef\xbc\x8c" };
	static const char means[] = ";;DDD --\1,";

	*n = 1;
	switch (*s) {
	case ';':
	case '|':
	case '\n':
		return ';';
	case '/':
	case ',':
	case '-':
		return *s;
	case ':':
		return ',';
	case '&':
	case '+':
		return 'o';
	case '(':
	case '[':
		return '(';
	case ')':
	case ']':
		return ')';
	case '"':
	case '*':
	case '_':
	case '\t':
	case '\r':
	case ' ':
		return ' ';
	}
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		*n = strlen(signs[i]);
		if (strncmp(s, signs[i], *n) == 0)
			return means[i] == '\1' ? ' ' : means[i];
	}
	return 0;
}

/*
 * The separators from s on, as the strongest of them. A '-' with a blank on
 * either side is a dash; inside brackets everything is a comma.
 */
static const char *
separators_read(const char *s, int *depth, char *before)
{
	bool blank = false, hyphen = false;
	size_t n;
	char found;

	*before = ' ';
	while (*s != '\0' && (found = separator_at(s, &n)) != 0) {
		blank |= found == ' ';
		hyphen |= found == '-';
		if (found == '(')
			(*depth)++;
		else if (found == ')' && *depth > 0)
			(*depth)--;
		else if (*depth > 0 && strchr("o/;", found) != NULL)
			found = ',';
		*before = stronger(*before, found);
		s += n;
	}
	if (*before == '-' && hyphen && blank)
		*before = 'D';
	return s;
}

/* "or", "and" between two places; not "Trinidad and Tobago", not Oregon. */
static bool
is_conjunction(const struct word *w, const char *behind)
{
	char next[PLACE_KEY_MAX];
	size_t n = strcspn(behind, " ,;|/-()");

	if (!place_word_in(w->key, "or and oder und ou et y o"))
		return false;
	if (w->n == 2 && w->text[0] == 'O' && w->text[1] == 'R')
		return !(w->before == ',' || *behind == '\0' ||
			 (*behind >= '0' && *behind <= '9'));
	if (value_place_key(behind, n, next) == 0)
		return true;
	return !place_word_in(next,
	    "tobago herzegovina barbuda nevis principe "
	    "caicos wear hove labrador the futuna miquelon "
	    "cunha");
}

static void
words_read(struct reader *r, const char *text, size_t n)
{
	char *copy = arena_strndup(r->arena, text, n);
	const char *s = copy;
	int depth = 0;
	char before = ';', more;

	r->words = arena_array(r->arena, n + 1, sizeof(*r->words));
	s = separators_read(s, &depth, &more);
	before = more == '(' ? '(' : ';';
	while (*s != '\0') {
		struct word *w = &r->words[r->nwords];
		char key[PLACE_KEY_MAX];
		size_t length = 0, skip;

		while (
		    s[length] != '\0' && separator_at(s + length, &skip) == 0)
			length++;
		w->text = s;
		w->n = length;
		w->before = before;
		value_place_key(s, length, key);
		w->key = arena_strdup(r->arena, key);
		s = separators_read(s + length, &depth, &before);
		if (is_conjunction(w, s)) {
			/* "Berlin (or Remote)": an alternative all the same. */
			if (depth == 0 || w->before == '(')
				before = stronger(before, 'o');
			else
				before = stronger(before, ',');
			if (w->before == ';')
				before = ';';
			continue;
		}
		r->nwords++;
	}
}

enum work { WORK_NONE, WORK_REMOTE, WORK_ANYWHERE, WORK_HYBRID, WORK_ONSITE };

static const struct {
	const char *words;
	enum work work;
} work_phrases[] = {
	{ "partially remote", WORK_HYBRID },
	{ "partly remote", WORK_HYBRID },
	{ "hybrid remote", WORK_HYBRID },
	{ "remote hybrid", WORK_HYBRID },
	{ "hybrid", WORK_HYBRID },
	{ "hybride", WORK_HYBRID },
	{ "hibrido", WORK_HYBRID },
	{ "hibrida", WORK_HYBRID },
	{ "ibrido", WORK_HYBRID },
	{ "no remote", WORK_ONSITE },
	{ "not remote", WORK_ONSITE },
	{ "on site", WORK_ONSITE },
	{ "onsite", WORK_ONSITE },
	{ "in office", WORK_ONSITE },
	{ "office based", WORK_ONSITE },
	{ "in person", WORK_ONSITE },
	{ "vor ort", WORK_ONSITE },
	{ "sur site", WORK_ONSITE },
	{ "presentiel", WORK_ONSITE },
	{ "presencial", WORK_ONSITE },
	{ "work from anywhere", WORK_ANYWHERE },
	{ "anywhere", WORK_ANYWHERE },
	{ "worldwide", WORK_ANYWHERE },
	{ "weltweit", WORK_ANYWHERE },
	{ "work from home", WORK_REMOTE },
	{ "working from home", WORK_REMOTE },
	{ "wfh", WORK_REMOTE },
	{ "home based", WORK_REMOTE },
	{ "homebased", WORK_REMOTE },
	{ "home office", WORK_REMOTE },
	{ "homeoffice", WORK_REMOTE },
	{ "home working", WORK_REMOTE },
	{ "teletravail", WORK_REMOTE },
	{ "teletrabajo", WORK_REMOTE },
	{ "teletrabalho", WORK_REMOTE },
	{ "telelavoro", WORK_REMOTE },
	{ "telecommute", WORK_REMOTE },
	{ "telework", WORK_REMOTE },
	{ "a distance", WORK_REMOTE },
	{ "a distancia", WORK_REMOTE },
	{ "trabalho remoto", WORK_REMOTE },
	{ "trabajo remoto", WORK_REMOTE },
	{ "da remoto", WORK_REMOTE },
	{ "remote", WORK_REMOTE },
	{ "remotely", WORK_REMOTE },
	{ "remoto", WORK_REMOTE },
	{ "remota", WORK_REMOTE },
	{ "ortsunabhangig", WORK_REMOTE },
	{ "mobiles arbeiten", WORK_REMOTE },
	{ "zdalnie", WORK_REMOTE },
	{ "praca zdalna", WORK_REMOTE },
	{ "virtual", WORK_REMOTE },
	{ "distributed", WORK_REMOTE },
};

/* How many words from w on are the phrase; 0 if they are not. */
static size_t
phrase_length(const struct word *w, const struct word *end, const char *phrase)
{
	size_t n = 0;

	while (*phrase != '\0') {
		size_t length = strcspn(phrase, " ");
		if (w + n >= end || strlen(w[n].key) != length ||
		    memcmp(w[n].key, phrase, length) != 0 ||
		    (n > 0 && w[n].before != ' ' && w[n].before != '-'))
			return 0;
		n++;
		phrase += length + (phrase[length] == ' ');
	}
	return n;
}

/* What beside the words above says nothing of where. */
static const char fillers[] =
    "only based within in the from for candidates applicants residents must "
    "be located eligible ok okay possible friendly first fully 100% option "
    "optional optionally available preferred position positions role roles job "
    "jobs work working across throughout any location locations anywhere of a "
    "an to full time within deutschlandweit bundesweit moglich nur en au aus "
    "im desde partout remote-first s";

static void
work_note(struct segment *to, enum work work)
{
	to->is_remote |= work == WORK_REMOTE || work == WORK_ANYWHERE;
	to->is_anywhere |= work == WORK_ANYWHERE;
	to->is_hybrid |= work == WORK_HYBRID;
	to->is_onsite |= work == WORK_ONSITE;
}

/* Take the words of work out of a segment; then what merely fills. */
static void
work_take(struct word *w, struct word *end, struct segment *to)
{
	for (struct word *at = w; at < end;) {
		size_t n = 0;
		for (size_t i = 0; n == 0 && i < sizeof(work_phrases) /
						     sizeof(work_phrases[0]);
		     i++) {
			n = phrase_length(at, end, work_phrases[i].words);
			if (n > 0)
				work_note(to, work_phrases[i].work);
		}
		for (size_t i = 0; i < n; i++)
			at[i].removed = true;
		at += n > 0 ? n : 1;
	}
	/* "Europe only" is Europe. */
	if (end - w > 1 && strcmp(end[-1].key, "only") == 0)
		end[-1].removed = true;
	if (!to->is_remote && !to->is_hybrid && !to->is_onsite)
		return;
	for (struct word *at = w; at < end; at++)
		at->removed |= place_word_in(at->key, fillers) &&
			       !(at->text[0] >= 'A' && at->text[0] <= 'Z' &&
				   at->n == 2 && at->text[1] <= 'Z');
}

static void
location_read(struct arena *a, const char *text, struct location *to)
{
	struct reader r = { .arena = a };
	struct segment *segments;
	size_t n = 0, length;

	length = utf8_cut(text, strlen(text), TEXT_MAX);
	words_read(&r, text, length);
	segments = arena_array(a, r.nwords + 1, sizeof(*segments));
	for (size_t at = 0; at < r.nwords;) {
		struct word *w = &r.words[at++];
		while (
		    at < r.nwords && strchr("o/;", r.words[at].before) == NULL)
			at++;
		segments[n].joint = n == 0 ? ';' : w->before;
		work_take(w, &r.words[at], &segments[n]);
		segment_parts(a, w, &r.words[at], &segments[n]);
		n++;
	}
	places_build(a, segments, n, to);
}

static bool
has_city(const struct location *l)
{
	for (size_t i = 0; i < l->nplaces; i++)
		if (l->places[i].city != NULL)
			return true;
	return false;
}

void
value_location(struct arena *a, const char *text, struct location *to)
{
	struct location other = { 0 };

	*to = (struct location){ 0 };
	if (text == NULL)
		return;
	location_read(a, text, to);
	if (has_city(to) || strchr(text, '-') == NULL)
		return;
	text = place_from_dashes(a, text);
	if (text == NULL)
		return;
	location_read(a, text, &other);
	if (has_city(&other))
		*to = other;
}
