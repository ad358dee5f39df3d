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

struct word {
	const char *text; /* as written */
	size_t n;
	const char *key; /* folded, without dots */
	char before;     /* separator; ' ' is none */
	bool removed;    /* said how people work, names no place */
};

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

static bool
is_one_of(const char *key, const char *list)
{
	size_t n = strlen(key);

	for (const char *s = list; n > 0 && (s = strstr(s, key)) != NULL; s++)
		if ((s == list || s[-1] == ' ') &&
		    (s[n] == ' ' || s[n] == '\0'))
			return true;
	return false;
}

/* "or", "and" between two places; not "Trinidad and Tobago", not Oregon. */
static bool
is_conjunction(const struct word *w, const char *behind)
{
	char next[PLACE_KEY_MAX];
	size_t n = strcspn(behind, " ,;|/-()");

	if (!is_one_of(w->key, "or and oder und ou et y"))
		return false;
	if (w->n == 2 && w->text[0] == 'O' && w->text[1] == 'R')
		return !(w->before == ',' || *behind == '\0' ||
			 (*behind >= '0' && *behind <= '9'));
	if (value_place_key(behind, n, next) == 0)
		return true;
	return !is_one_of(next, "tobago herzegovina barbuda nevis principe "
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

/* ---- how people work ---- */

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
	{ "worldwide remote", WORK_ANYWHERE },
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
	if (!to->is_remote && !to->is_hybrid && !to->is_onsite)
		return;
	for (struct word *at = w; at < end; at++)
		at->removed |= is_one_of(at->key, fillers) &&
			       !(at->text[0] >= 'A' && at->text[0] <= 'Z' &&
				   at->n == 2 && at->text[1] <= 'Z');
}

/* ---- parts ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_office_word(const char *key)
{
	return is_one_of(key, "office offices headquarters headquarter hq "
			      "campus hub buro buero bureau oficina standort "
			      "location site area metro metropolitan greater "
			      "region bay near");
}

/* Parts that name nothing. */
static bool
is_no_place(const char *key)
{
	return is_one_of(key, "locations location multiple various flexible "
			      "tbd tba unspecified none null other all any "
			      "nationwide statewide unknown national regional "
			      "several different mehrere diverse undefined "
			      "office offices headquarters hq field city "
			      "country state");
}

static bool
is_street_word(const char *key)
{
	return is_one_of(key, "street st str road rd avenue ave av blvd "
			      "boulevard drive dr lane ln highway hwy way "
			      "parkway pkwy place pl plaza court ct circle cir "
			      "square sq terrace ter trail trl expressway "
			      "expy turnpike pike route rte row crescent "
			      "close broadway");
}

/* Directions and the like behind the name of a street. */
static bool
is_street_tail(const struct word *w)
{
	return is_one_of(w->key, "n s e w ne nw se sw north south east west "
				 "suite ste unit floor fl apt room rm bldg "
				 "building level") ||
	       *w->text == '#' || is_digit(*w->text);
}

/* "70112", "78701-1234", "EC1A", "1BB", "M5V", "9": digits in capitals. */
static bool
is_post_code(const struct word *w)
{
	bool has_digit = false;

	for (size_t i = 0; i < w->n; i++) {
		if (is_digit(w->text[i]))
			has_digit = true;
		else if (w->text[i] < 'A' || w->text[i] > 'Z')
			return false;
	}
	return has_digit && w->n <= 10;
}

/* "St" of a street and not of a saint: something stands before it. */
static size_t
street_length(const struct word *w, size_t n)
{
	size_t end = 0;

	if (n == 0 || !is_digit(*w[0].text))
		return 0;
	for (size_t i = 2; i < n && end == 0; i++)
		if (is_street_word(w[i].key))
			end = i + 1;
	while (end > 0 && end < n && is_street_tail(&w[end]))
		end++;
	return end;
}

/* German and French streets: "Hauptstr. 5", "12 rue de Rivoli". */
static bool
is_foreign_street(const struct word *w, size_t n)
{
	static const char *const ends[] = { "strasse", "str", "platz", "allee",
		"weg", "gasse", "straat", "gatan", "plein" };
	size_t last = n - 1, length;

	if (n >= 2 && is_digit(*w[0].text) &&
	    is_one_of(w[1].key, "rue avenue boulevard place calle via quai "
				"chemin allee cours"))
		return true;
	if (n < 2 || !is_digit(*w[last].text))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		length = strlen(w[last - 1].key);
		if (length >= strlen(ends[i]) &&
		    strcmp(w[last - 1].key + length - strlen(ends[i]),
			ends[i]) == 0)
			return true;
	}
	return is_one_of(w[0].key, "rue avenue boulevard place calle via quai");
}

struct span {
	struct word *words;
	size_t n;
};

static void
span_drop(struct span *s, size_t n)
{
	s->words += n;
	s->n -= n;
}

/* Without street, post code and the word office; may become empty. */
static void
span_clean(struct span *s)
{
	size_t street = street_length(s->words, s->n);

	span_drop(s, street);
	if (s->n > 0 && is_foreign_street(s->words, s->n))
		s->n = 0;
	while (s->n > 0 && is_post_code(&s->words[s->n - 1]))
		s->n--;
	/* "10115 Berlin", "1012 AB Amsterdam" */
	if (s->n > 1 && s->words[0].n >= 4 && is_post_code(&s->words[0]) &&
	    is_digit(*s->words[0].text)) {
		bool dutch = s->words[0].n == 4 && s->words[1].n == 2 &&
			     s->n > 2 && s->words[1].text[1] <= 'Z';
		span_drop(s, dutch ? 2 : 1);
	}
	while (s->n > 0 && is_office_word(s->words[s->n - 1].key))
		s->n--;
	while (s->n > 1 && (is_office_word(s->words[0].key) ||
			       is_one_of(s->words[0].key, "in at near")))
		span_drop(s, 1);
	/* A number that nothing explained: no name of a place. */
	if (s->n > 0 && is_digit(*s->words[0].text))
		s->n = 0;
}

static bool
is_code_word(const struct word *w)
{
	size_t letters = 0;

	for (size_t i = 0; i < w->n; i++)
		if (w->text[i] >= 'A' && w->text[i] <= 'Z')
			letters++;
		else if (w->text[i] != '.')
			return false;
	return letters == 2 || letters == 3;
}

/* The text of words as written, blanks folded. */
static char *
span_text(struct arena *a, const struct span *s)
{
	size_t n = 0;
	char *text, *to;

	for (size_t i = 0; i < s->n; i++)
		n += s->words[i].n + 1;
	text = to = arena_alloc(a, n + 1);
	for (size_t i = 0; i < s->n; i++) {
		if (i > 0)
			*to++ = s->words[i].before == '-' ? '-' : ' ';
		memcpy(to, s->words[i].text, s->words[i].n);
		to += s->words[i].n;
	}
	while (to > text && (to[-1] == '.' || to[-1] == '\'') &&
	       memchr(text, '.', (size_t)(to - text) - 1) == NULL)
		to--;
	*to = '\0';
	return text;
}

/* Two letters are a code, not Ho in Ghana. */
static void
cities_drop(struct place_name *name)
{
	size_t n = 0;

	for (size_t i = 0; i < name->n; i++)
		if (name->readings[i].kind != PLACE_CITY)
			name->readings[n++] = name->readings[i];
	name->n = n;
}

/* What a run of words means; part->name.n is 0 if nobody knows. */
static void
span_look_up(struct arena *a, const struct span *s, struct part *to)
{
	char key[PLACE_KEY_MAX];

	memset(to, 0, sizeof(*to));
	to->text = span_text(a, s);
	to->before = s->n > 0 ? s->words[0].before : ' ';
	value_place_key(to->text, strlen(to->text), key);
	to->key = arena_strdup(a, key);
	to->area = place_area(key);
	to->short_for = place_short(key, &to->short_region);
	if (to->short_for != NULL)
		value_place_key(to->short_for, strlen(to->short_for), key);
	place_find(key, &to->name);
	if (s->n == 1 && s->words[0].n == 2 && to->short_for == NULL)
		cities_drop(&to->name);
	if (s->n == 1 && (is_code_word(&s->words[0]) ||
			     (s->words[0].n == 2 && to->before == ','))) {
		to->is_code = true;
		place_find_code(s->words[0].text, s->words[0].n, &to->name);
	}
}

static bool
has_kind(const struct part *p, enum place_kind kind)
{
	for (size_t i = 0; i < p->name.n; i++)
		if (p->name.readings[i].kind == kind)
			return true;
	return false;
}

static bool
is_known(const struct part *p)
{
	return p->name.n > 0 || p->area != NULL || p->short_for != NULL;
}

/* What cannot stand alone as the rest of a name. */
static bool
is_dangling(const char *key)
{
	return is_one_of(key,
		   "new south north west east st san santa la el los "
		   "las port fort mount lake de of du del di da el "
		   "saint great old nueva nuevo") ||
	       *key == '\0';
}

struct parts {
	struct part *parts;
	size_t n, size;
};

static struct part *
parts_add(struct parts *to, const struct part *p)
{
	if (to->n == to->size)
		return NULL;
	to->parts[to->n] = *p;
	return &to->parts[to->n++];
}

/*
 * The words at the end that name a country or region by themselves: "Texas
 * USA" of "Austin Texas USA". Their number, 0 if there are none.
 */
static size_t
tail_length(struct arena *a, const struct span *s, struct part *to)
{
	for (size_t n = s->n > 4 ? 4 : s->n - 1; n > 0; n--) {
		struct span tail = { s->words + s->n - n, n };

		if (is_dangling(s->words[s->n - n - 1].key))
			continue;
		span_look_up(a, &tail, to);
		if (has_kind(to, PLACE_COUNTRY) || has_kind(to, PLACE_REGION) ||
		    to->area != NULL)
			return n;
	}
	return 0;
}

static void span_parts(struct arena *, struct span, struct parts *, int);

/* "GA Los Angeles": the code ends the place before. */
static bool
head_split(struct arena *a, struct span *s, struct parts *to)
{
	struct span head = { s->words, 1 }, rest = { s->words + 1, s->n - 1 };
	struct part first, second;

	if (s->n < 2)
		return false;
	span_look_up(a, &head, &first);
	span_look_up(a, &rest, &second);
	if (first.name.n == 0 || !is_known(&second) ||
	    (!first.is_code && !has_kind(&first, PLACE_COUNTRY)))
		return false;
	parts_add(to, &first);
	if (second.before == ' ')
		second.before = ',';
	parts_add(to, &second);
	return true;
}

/* "UK-London", "Berlin-Mitte": at the first '-' if its head is known. */
static bool
hyphen_split(struct arena *a, struct span *s, struct parts *to, int depth)
{
	for (size_t i = 1; i < s->n; i++) {
		struct span head = { s->words, i };
		struct span rest = { s->words + i, s->n - i };
		struct part first, second;

		if (s->words[i].before != '-')
			continue;
		span_look_up(a, &head, &first);
		span_look_up(a, &rest, &second);
		if (!is_known(&first) && !is_known(&second))
			continue;
		rest.words->before = 'D';
		span_parts(a, head, to, depth + 1);
		span_parts(a, rest, to, depth + 1);
		return true;
	}
	return false;
}

/* The parts that a run of words names, one as a rule. */
static void
span_parts(struct arena *a, struct span s, struct parts *to, int depth)
{
	struct part whole, tail;
	size_t n;

	span_clean(&s);
	if (s.n == 0 || s.n > 12)
		return;
	span_look_up(a, &s, &whole);
	if (is_known(&whole) || depth > 8) {
		parts_add(to, &whole);
		return;
	}
	if (strlen(whole.key) < 2 || is_no_place(s.words[s.n - 1].key))
		return;
	if (head_split(a, &s, to) || hyphen_split(a, &s, to, depth))
		return;
	n = tail_length(a, &s, &tail);
	if (n > 0) {
		struct span head = { s.words, s.n - n };
		span_parts(a, head, to, depth + 1);
		tail.before = ',';
		parts_add(to, &tail);
		return;
	}
	/* A sentence is no name. */
	if (s.n <= 6)
		parts_add(to, &whole);
}

/* The words [w, end) cut at commas, dashes, brackets and words taken out. */
static void
segment_parts(
    struct arena *a, struct word *w, struct word *end, struct segment *to)
{
	struct parts parts = { 0 };
	struct span s = { w, 0 };

	parts.size = 3 * (size_t)(end - w) + 1;
	parts.parts = arena_array(a, parts.size, sizeof(*parts.parts));
	for (; w < end; w++) {
		bool cut = w->removed ||
			   (w->before != ' ' && w->before != '-') ||
			   (w > s.words && w[-1].removed);
		if (cut && s.n > 0)
			span_parts(a, s, &parts, 0);
		if (cut) {
			s.words = w->removed ? w + 1 : w;
			s.n = 0;
		}
		s.n += !w->removed;
	}
	if (s.n > 0)
		span_parts(a, s, &parts, 0);
	to->parts = parts.parts;
	to->nparts = parts.n;
}

void
value_location(struct arena *a, const char *text, struct location *to)
{
	struct reader r = { .arena = a };
	struct segment *segments;
	size_t n = 0, length;

	*to = (struct location){ 0 };
	if (text == NULL)
		return;
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
