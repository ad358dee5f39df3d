/*
 * Facts that a description says in running text. One pass over its bytes cuts
 * it into clauses; only those with a word or sign that gives cause are read
 * closer.
 */
#include <string.h>
#include <strings.h>
#include "base/utf8.h"
#include "extract/facts_int.h"

/* A heading of this length at most, and what it is good for. */
#define HEADING_MAX  60
#define HEADING_HOLD 25
#define FIRM_HOLD    8
/* Clauses read closer, all in all: descriptions have ten or twenty. */
#define CLOSER_MAX 200
#define OVERLAP    80

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c & 0x80) != 0;
}

/* ---- causes ---- */

#define WORD(text, cause, whole)                           \
	{                                                  \
		(text), sizeof(text) - 1, (cause), (whole) \
	}

/* Words, or beginnings of words, in the order of their first letters. */
static const struct {
	const char *text;
	size_t len;
	unsigned cause;
	bool whole; /* the word is no longer */
} words[] = {
	WORD("abitur", CAUSE_DEGREE, false),
	WORD("about", CAUSE_FIRM, false),
	WORD("abschluss", CAUSE_DEGREE, false),
	WORD("anforderung", CAUSE_NEED, false),
	WORD("ba", CAUSE_DEGREE, true),
	WORD("bachelor", CAUSE_DEGREE, false),
	WORD("base", CAUSE_PAY, true),
	WORD("bezahlung", CAUSE_PAY, false),
	WORD("bonus", CAUSE_WISH, false),
	WORD("bring", CAUSE_NEED, false),
	WORD("brutto", CAUSE_PAY, false),
	WORD("bs", CAUSE_DEGREE, true),
	WORD("bsc", CAUSE_DEGREE, true),
	WORD("btech", CAUSE_DEGREE, true),
	WORD("college", CAUSE_DEGREE, true),
	WORD("comp", CAUSE_PAY, true),
	WORD("compensation", CAUSE_PAY, false),
	WORD("degree", CAUSE_DEGREE, true),
	WORD("degrees", CAUSE_DEGREE, true),
	WORD("desirable", CAUSE_WISH, false),
	WORD("diplom", CAUSE_DEGREE, false),
	WORD("doctor", CAUSE_DEGREE, false),
	WORD("earn", CAUSE_PAY, true),
	WORD("earnings", CAUSE_PAY, true),
	WORD("education", CAUSE_NEED, false),
	WORD("entgelt", CAUSE_PAY, false),
	WORD("entlohnung", CAUSE_PAY, false),
	WORD("erste", CAUSE_YEARS, false),
	WORD("eur", CAUSE_PAY, true),
	WORD("euro", CAUSE_PAY, true),
	WORD("experience", CAUSE_NEED, false),
	WORD("gbp", CAUSE_PAY, true),
	WORD("ged", CAUSE_DEGREE, true),
	WORD("gehalt", CAUSE_PAY, false),
	WORD("good", CAUSE_WISH, true),
	WORD("grundgehalt", CAUSE_PAY, false),
	WORD("hauptschul", CAUSE_DEGREE, false),
	WORD("high", CAUSE_DEGREE, true),
	WORD("hochschul", CAUSE_DEGREE, false),
	WORD("hourly", CAUSE_PAY, false),
	WORD("income", CAUSE_PAY, true),
	WORD("jahr", CAUSE_YEARS, false),
	WORD("jahres", CAUSE_PAY, false),
	WORD("jd", CAUSE_DEGREE, true),
	WORD("juris", CAUSE_DEGREE, false),
	WORD("j\xc3\xa4hrig", CAUSE_YEARS, false),
	WORD("langj", CAUSE_YEARS, false),
	WORD("lohn", CAUSE_PAY, false),
	WORD("looking", CAUSE_NEED, false),
	WORD("master", CAUSE_DEGREE, false),
	WORD("mba", CAUSE_DEGREE, true),
	WORD("mehrere", CAUSE_YEARS, false),
	WORD("mehrj", CAUSE_YEARS, false),
	WORD("monats", CAUSE_PAY, false),
	WORD("ms", CAUSE_DEGREE, true),
	WORD("msc", CAUSE_DEGREE, true),
	WORD("must", CAUSE_NEED, true),
	WORD("nice", CAUSE_WISH, true),
	WORD("ote", CAUSE_PAY, true),
	WORD("our", CAUSE_FIRM, true),
	WORD("paid", CAUSE_PAY, true),
	WORD("pay", CAUSE_PAY, true),
	WORD("ph", CAUSE_DEGREE, true),
	WORD("phd", CAUSE_DEGREE, true),
	WORD("plus", CAUSE_WISH, true),
	WORD("preferred", CAUSE_WISH, false),
	WORD("profil", CAUSE_NEED, false),
	WORD("qualifi", CAUSE_NEED, false),
	WORD("rate", CAUSE_PAY, true),
	WORD("realschul", CAUSE_DEGREE, false),
	WORD("remuneration", CAUSE_PAY, false),
	WORD("require", CAUSE_NEED, false),
	WORD("salar", CAUSE_PAY, false),
	WORD("secondary", CAUSE_DEGREE, true),
	WORD("skills", CAUSE_NEED, false),
	WORD("studien", CAUSE_DEGREE, false),
	WORD("studium", CAUSE_DEGREE, false),
	WORD("stunden", CAUSE_PAY, false),
	WORD("university", CAUSE_DEGREE, true),
	WORD("uns", CAUSE_FIRM, true),
	WORD("usd", CAUSE_PAY, true),
	WORD("verdien", CAUSE_PAY, false),
	WORD("verg\xc3\xbct", CAUSE_PAY, false),
	WORD("vorteil", CAUSE_WISH, false),
	WORD("wage", CAUSE_PAY, false),
	WORD("who", CAUSE_FIRM, true),
	WORD("w\xc3\xbcnschenswert", CAUSE_WISH, false),
	WORD("year", CAUSE_YEARS, false),
	WORD("yoe", CAUSE_YEARS, true),
	WORD("yr", CAUSE_YEARS, false),
};
#define NWORDS (sizeof(words) / sizeof(words[0]))

enum byte_kind { OTHER, LETTER, HIGH, DIGIT, BLANK, SIGN };

/* Where words with a first letter begin, and which beginnings of three
 * letters they have, so that most words are passed over at once. */
#define CODES 28
static struct {
	uint8_t first[27];
	uint8_t starts[CODES * CODES * CODES / 8];
	bool filled;
} index_of;
static uint8_t kinds[256];
static uint8_t codes[256]; /* 1 to 26: letters, 27: others, 0: none */

static inline size_t
start_of(uint8_t a, uint8_t b, uint8_t c)
{
	return ((size_t)a * CODES + b) * CODES + c;
}

static void
start_add(size_t start)
{
	index_of.starts[start / 8] |= (uint8_t)(1 << start % 8);
}

static void
kinds_fill(void)
{
	for (int c = 'a'; c <= 'z'; c++) {
		kinds[c] = kinds[c - 32] = LETTER;
		codes[c] = codes[c - 32] = (uint8_t)(c - 'a' + 1);
	}
	for (int c = '0'; c <= '9'; c++)
		kinds[c] = DIGIT;
	memset(kinds + 0x80, HIGH, 0x80);
	memset(codes + 0x80, CODES - 1, 0x80);
	for (const char *sign = "$\n.!?;"; *sign != '\0'; sign++)
		kinds[(uint8_t)*sign] = SIGN;
	kinds[' '] = BLANK;
}

static void
word_index(const char *text, size_t len, bool whole)
{
	uint8_t a = codes[(uint8_t)text[0]], b = codes[(uint8_t)text[1]];

	if (len > 2 || whole)
		start_add(
		    start_of(a, b, len > 2 ? codes[(uint8_t)text[2]] : 0));
	else
		for (uint8_t c = 0; c < CODES; c++)
			start_add(start_of(a, b, c));
}

static void
index_fill(void)
{
	size_t at = 0;

	kinds_fill();
	for (int c = 'a'; c <= 'z'; c++) {
		index_of.first[c - 'a'] = (uint8_t)at;
		for (; at < NWORDS && words[at].text[0] == c; at++)
			word_index(
			    words[at].text, words[at].len, words[at].whole);
	}
	index_of.first[26] = NWORDS;
	/* "B.S.", "M.A." */
	for (const char *p = "bsbamsma"; *p != '\0'; p += 2)
		start_add(
		    start_of(codes[(uint8_t)p[0]], 0, codes[(uint8_t)p[1]]));
	index_of.filled = true;
}

/* By its first three letters, or as an ending of a compound. */
static inline bool
may_be_cause(const char *p, size_t n)
{
	size_t start = start_of(codes[(uint8_t)p[0]], codes[(uint8_t)p[1]],
	    p[1] == '\0' ? 0 : codes[(uint8_t)p[2]]);

	return (index_of.starts[start / 8] >> start % 8 & 1) != 0 ||
	       (p[n - 1] == 'm' && n > 7);
}

static unsigned
cause_of(const char *p, size_t n)
{
	char c = *p | 0x20;
	unsigned cause = 0;

	/* "B.S.", "M.A." */
	if (n == 1)
		return p[1] == '.' && (c == 'b' || c == 'm') &&
			       ((p[2] | 0x20) == 's' || (p[2] | 0x20) == 'a')
			   ? CAUSE_DEGREE
			   : 0;
	/* "Jurastudium", "Bauingenieurstudium". */
	if (n > 7 && memcmp(p + n - 6, "tudium", 6) == 0)
		return CAUSE_DEGREE;
	for (size_t i = index_of.first[c - 'a'];
	     i < index_of.first[c - 'a' + 1]; i++) {
		size_t len = words[i].len;

		if ((words[i].whole ? n == len : n >= len) &&
		    strncasecmp(p, words[i].text, len) == 0)
			cause |= words[i].cause;
	}
	/* "high" alone is said of much. */
	if (n == 4 && (cause & CAUSE_DEGREE) != 0 && c == 'h' &&
	    strncasecmp(p + n, " school", 7) != 0)
		return 0;
	return cause;
}

/* ---- clauses ---- */

static bool
is_currency_sign(const char *p, const char *end)
{
	return *p == '$' ||
	       (end - p > 2 && memcmp(p, "\xe2\x82\xac", 3) == 0) ||
	       (end - p > 1 && memcmp(p, "\xc2\xa3", 2) == 0);
}

/* Does a sentence end at the sign at p? Abbreviations are short. */
static bool
ends_sentence(const char *begin, const char *p, const char *end)
{
	const char *word = p;

	if ((*p != '.' && *p != '!' && *p != '?') || end - p < 3 ||
	    p[1] != ' ' || (p[2] >= 'a' && p[2] <= 'z'))
		return *p == ';';
	while (word > begin && is_letter(word[-1]))
		word--;
	return *p != '.' || p - word > 3 ||
	       (p > begin && (p[-1] == ')' || (p[-1] >= '0' && p[-1] <= '9')));
}

static bool
is_bullet(const char *p, const char *end)
{
	return end - p > 2 && (memcmp(p, "\xe2\x80\xa2", 3) == 0 ||
				  memcmp(p, "\xe2\x97\x8f", 3) == 0);
}

/* U+00A0 parts words as a blank does. */
static bool
is_hard_blank(const char *p, const char *end)
{
	return (end - p > 1 && memcmp(p, "\xc2\xa0", 2) == 0) ||
	       (*p == '\xa0' && p[-1] == '\xc2');
}

struct span {
	const char *p;
	size_t n;
	unsigned causes;
};

/* Behind the word of which p is no ASCII letter: other letters go on. */
static const char *
word_go_on(const char *p, const char *end)
{
	while (
	    p < end && (kinds[(uint8_t)*p] == LETTER ||
			   (kinds[(uint8_t)*p] == HIGH &&
			       !is_hard_blank(p, end) && !is_bullet(p, end))))
		p++;
	return p;
}

/* Behind the word at p; its causes are added. The text ends with a NUL. */
static const char *
word_pass(const char *p, const char *end, unsigned *causes)
{
	const char *begin = p;

	do
		p++;
	while (kinds[(uint8_t)*p] == LETTER);
	if (kinds[(uint8_t)*p] == HIGH)
		p = word_go_on(p, end);
	if (may_be_cause(begin, (size_t)(p - begin)))
		*causes |= cause_of(begin, (size_t)(p - begin));
	return p;
}

/* Does a clause that began at `begin` end at the sign or letter at p? */
static bool
ends_at(const char *begin, const char *p, const char *end)
{
	if (kinds[(uint8_t)*p] == HIGH)
		return p > begin && is_bullet(p, end);
	return *p == '\n' || ends_sentence(begin, p, end);
}

/* Up to where the clause that begins at p goes. */
static const char *
clause_pass(const char *p, const char *end, unsigned *causes)
{
	const char *begin = p;

	while (p < end) {
		enum byte_kind kind = (enum byte_kind)kinds[(uint8_t)*p];

		if (kind == LETTER) {
			p = word_pass(p, end, causes);
		} else if (kind == BLANK) {
			if (p[1] == ' ' || p - begin >= CLAUSE_MAX - 50)
				break;
			p++;
		} else if (kind == DIGIT) {
			*causes |= CAUSE_DIGIT;
			p++;
		} else if (kind == OTHER) {
			p++;
		} else {
			if (ends_at(begin, p, end))
				break;
			if (is_currency_sign(p, end))
				*causes |= CAUSE_PAY;
			p++;
		}
	}
	return p;
}

/* The clause that begins at *at, which moves behind it; false at the end. */
static bool
clause_next(const char **at, const char *end, struct span *to)
{
	const char *p = *at;

	while (p < end && (*p == ' ' || *p == '\n' || *p == '\t'))
		p++;
	*to = (struct span){ .p = p };
	p = clause_pass(p, end, &to->causes);
	to->n = (size_t)(p - to->p);
	*at = p < end && !is_bullet(p, end) ? p + 1 : p;
	/* What is cut for its length is read on a little before the cut. */
	if (to->n >= CLAUSE_MAX - 50 && p < end && *p == ' ') {
		p -= OVERLAP;
		while (*p != ' ')
			p++;
		*at = p;
	}
	return to->n > 0 || p < end;
}

static void
clause_fold(struct clause *c, const char *p, size_t n)
{
	const char *end = p + n;
	size_t len = 0;

	while (p < end) {
		bool is_upper = *p >= 'A' && *p <= 'Z';
		char to[5];
		size_t more = value_fold_char(utf8_next(&p, end), to);

		if (len + more >= sizeof(c->folded))
			break;
		memcpy(c->folded + len, to, more);
		for (size_t i = 0; i < more; i++)
			c->upper[len + i] = is_upper;
		len += more;
	}
	c->folded[len] = '\0';
	/* Readers look ahead: what lies behind must be empty. */
	memset(c->tokens, 0, (c->n + PAY_LOOK_AHEAD) * sizeof(c->tokens[0]));
	c->n = pay_tokens_read(c->folded, c->upper, c->tokens);
}

/* ---- headings ---- */

/* "About us" and "Who we are", not "About you" and "Who you are". */
static bool
is_of_firm(const char *p, size_t n)
{
	static const char *const parts[] = { " us", " we ", "our story",
		"the company", "\u00dcber uns", "wir sind" };
	char text[HEADING_MAX + 1];

	memcpy(text, p, n);
	text[n] = '\0';
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strcasestr(text, parts[i]) != NULL)
			return strcasestr(text, " you") == NULL;
	return false;
}

/* What a short line is a heading for; SECTION_NONE if for nothing known. */
static enum section
section_of(const struct span *s)
{
	if ((s->causes & CAUSE_WISH) != 0)
		return SECTION_WISH;
	if ((s->causes & CAUSE_PAY) != 0)
		return SECTION_PAY;
	if ((s->causes & CAUSE_FIRM) != 0 && is_of_firm(s->p, s->n))
		return SECTION_FIRM;
	return (s->causes & (CAUSE_NEED | CAUSE_FIRM)) != 0 ? SECTION_NEED
							    : SECTION_NONE;
}

static bool
ends_as_heading(const char *p, size_t n)
{
	while (n > 0 && p[n - 1] == ' ')
		n--;
	return n > 0 && p[n - 1] == ':';
}

static void
read_closer(struct fact_reader *r, struct clause *c, const struct span *s)
{
	clause_fold(c, s->p, s->n);
	clause_mark(c);
	if ((s->causes & CAUSE_PAY) != 0 && (s->causes & CAUSE_DIGIT) != 0)
		facts_pay(r, c);
	if ((s->causes & CAUSE_YEARS) != 0)
		facts_years(r, c);
	if ((s->causes & CAUSE_DEGREE) != 0)
		facts_degree(r, c);
}

void
value_facts(struct arena *arena, const char *text, const char *country,
    struct facts *to)
{
	struct fact_reader r = { .arena = arena, .country = country, .to = to };
	struct clause *c = arena_alloc(arena, sizeof(*c));
	const char *at = text, *end = text + strlen(text);
	size_t closer = 0, held = 0;
	struct span s;

	if (!index_of.filled)
		index_fill();
	*to = (struct facts){ 0 };
	c->section = SECTION_NONE;
	c->n = PAY_TOKENS_MAX; /* the first clause empties all */
	while (clause_next(&at, end, &s) && closer < CLOSER_MAX) {
		bool is_short = s.n > 0 && s.n <= HEADING_MAX &&
				(s.causes & CAUSE_DIGIT) == 0;
		enum section section = is_short ? section_of(&s) : SECTION_NONE;

		if (section != SECTION_NONE ||
		    (is_short && ends_as_heading(s.p, s.n))) {
			c->section = section;
			held = 0;
		} else if (++held > HEADING_HOLD ||
			   (held > FIRM_HOLD && c->section == SECTION_FIRM)) {
			c->section = SECTION_NONE;
		}
		if (c->section == SECTION_PAY)
			s.causes |= CAUSE_PAY;
		if ((s.causes & (CAUSE_YEARS | CAUSE_DEGREE)) == 0 &&
		    (s.causes & (CAUSE_PAY | CAUSE_DIGIT)) !=
			(CAUSE_PAY | CAUSE_DIGIT))
			continue;
		c->at = (size_t)(s.p - text);
		read_closer(&r, c, &s);
		closer++;
	}
}
