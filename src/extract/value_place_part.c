/*
 * The parts of a segment: runs of words between commas, dashes and brackets,
 * rid of streets, post codes and offices, and looked up in the table.
 */
#include <string.h>
#include "extract/value_place.h"

struct span {
	struct word *words;
	size_t n;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_office_word(const char *key)
{
	return place_word_in(key,
	    "office offices headquarters headquarter hq "
	    "campus hub buro buero bureau oficina standort "
	    "location site area metro metropolitan greater "
	    "region bay near locations cbd downtown central");
}

/* Parts that name nothing. */
static bool
is_no_place(const char *key)
{
	return place_word_in(key,
	    "locations location multiple various flexible "
	    "tbd tba unspecified none null other all any "
	    "nationwide statewide unknown national regional "
	    "several different mehrere diverse undefined "
	    "office offices headquarters hq field city "
	    "country state main saale multi hybrid "
	    "sites countries cities options full part time "
	    "permanent corporate talent pool travel position "
	    "timezone zone general based medical roles field");
}

static bool
is_nowhere(const struct span *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (!is_no_place(s->words[i].key) && s->words[i].n > 1)
			return false;
	return true;
}

static bool
is_street_word(const char *key)
{
	return place_word_in(key,
	    "street st str road rd avenue ave av blvd "
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
	return place_word_in(w->key,
		   "n s e w ne nw se sw north south east west "
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

/* "9e", "2nd": of a city; "cedex" of the French post. */
static bool
is_district(const struct word *w)
{
	size_t digits = strspn(w->key, "0123456789");

	return strcmp(w->key, "cedex") == 0 ||
	       (digits > 0 &&
		   place_word_in(w->key + digits, "e er eme st nd rd th"));
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
	    place_word_in(w[1].key, "rue avenue boulevard place calle via quai "
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
	return place_word_in(
	    w[0].key, "rue avenue boulevard place calle via quai");
}

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
	while (s->n > 0 && (is_post_code(&s->words[s->n - 1]) ||
			       is_district(&s->words[s->n - 1])))
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
			       place_word_in(s->words[0].key, "in at near")))
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
	return place_word_in(key,
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
		/* "austin tx" */
		if (n == 1 && tail.words->n == 2 && to->name.n == 0 &&
		    tail.words->text[0] >= 'a' && tail.words->text[1] >= 'a')
			place_find_code(
			    tail.words->text, tail.words->n, &to->name);
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
		/* "Berlin-Mitte" */
		if (is_known(&second) || !has_kind(&first, PLACE_CITY))
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
	if (strlen(whole.key) < 2 || is_nowhere(&s))
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
void
segment_parts(
    struct arena *a, struct word *w, struct word *end, struct segment *to)
{
	struct parts parts = { 0 };
	struct span s = { w, 0 };
	bool said = false;

	parts.size = 3 * (size_t)(end - w) + 1;
	parts.parts = arena_array(a, parts.size, sizeof(*parts.parts));
	for (; w < end; w++) {
		bool cut = w->removed ||
			   (w->before != ' ' && w->before != '-') ||
			   (w > s.words && w[-1].removed);
		if (cut && s.n > 0)
			span_parts(a, s, &parts, 0);
		if (w->removed && !said) {
			said = true;
			to->work_at = parts.n;
		}
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
