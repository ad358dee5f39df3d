/*
 * Years of experience that a text asks for.
 */
#include <string.h>
#include "extract/facts_int.h"

/* More than that is the age of a firm, or of a person. */
#define YEARS_MAX 25
#define BEFORE    8
#define BEHIND    14

static int
word_number(const struct pay_token *t)
{
	static const char *const words[] = { "zero null",
		"one ein eine einem eins", "two zwei", "three drei",
		"four vier", "five funf", "six sechs", "seven sieben",
		"eight acht", "nine neun", "ten zehn" };

	if (t->kind == PAY_NUMBER)
		return t->number >= 0 && t->number < 100 ? (int)t->number : -1;
	for (int i = 0; i <= 10; i++)
		if (pay_is_any(t, words[i]))
			return i;
	if (pay_is(t, "twelve") || pay_is(t, "zwolf"))
		return 12;
	return pay_is(t, "fifteen") ? 15 : -1;
}

/* The numbers that end right before token at: "3", "3+", "3 - 5", "five (5)".
 */
struct span_of_years {
	int min, max; /* -1: open */
	bool plus;
	size_t from; /* its first token */
};

static bool
numbers_before(const struct clause *c, size_t at, struct span_of_years *to)
{
	const struct pay_token *t = c->tokens;
	size_t i = at;
	int last;

	*to = (struct span_of_years){ .min = -1, .max = -1 };
	/* "3 - years", "3+ years", "(3) years" */
	while (i > 0 &&
	       (pay_is_sign(&t[i - 1], '+') || pay_is_sign(&t[i - 1], ')') ||
		   pay_is_sign(&t[i - 1], '-') ||
		   clause_has_at(c, i - 1, WORDS_AND_MORE))) {
		i--;
		to->plus |= pay_is_sign(&t[i], '+') || pay_is(&t[i], "plus");
	}
	if (i == 0 || (last = word_number(&t[i - 1])) < 0)
		return false;
	i--;
	to->min = last;
	to->from = i;
	while (i > 0 && pay_is_sign(&t[i - 1], '('))
		i--;
	if (i < to->from && i > 0 && word_number(&t[i - 1]) == last)
		to->from = --i;
	/* The lower end of a range. */
	if (i >= 2 && (pay_is_sign(&t[i - 1], '-') || pay_is(&t[i - 1], "to") ||
			  pay_is(&t[i - 1], "bis") || pay_is(&t[i - 1], "or") ||
			  pay_is(&t[i - 1], "and"))) {
		size_t low = i - 2 - (i >= 3 && pay_is_sign(&t[i - 2], '+'));
		int first = word_number(&t[low]);

		if (first >= 0 && first < last) {
			to->max =
			    to->plus || pay_is(&t[i - 1], "and") ? -1 : last;
			to->min = first;
			to->from = low;
			return true;
		}
	}
	if (i > 0 && pay_is_sign(&t[i - 1], '+'))
		to->plus = true;
	return true;
}

/* Years that are those of the firm, a contract, a person's age. */
static bool
is_other_span(const struct clause *c, const struct span_of_years *s, size_t at)
{
	size_t from = s->from > 4 ? s->from - 4 : 0;

	if (s->from > 0 && clause_has_at(c, s->from - 1, WORDS_SPAN_AFTER) &&
	    !(s->from > 1 && clause_has_at(c, s->from - 2, WORDS_SEEK)))
		return true;
	for (size_t i = from; i < s->from; i++)
		if (clause_has_at(c, i, WORDS_SPAN_BEHIND))
			return true;
	for (size_t i = at + 1; i < at + 3 && i < c->n; i++)
		if (clause_has_at(c, i, WORDS_OTHER_YEARS))
			return true;
	from = s->from > 10 ? s->from - 10 : 0;
	if (clause_find(c, from, s->from, WORDS_OURS) < s->from &&
	    clause_find(c, 0, s->from, WORDS_YOURS) == s->from)
		return true;
	return c->section == SECTION_FIRM;
}

/* Is it said that they are asked for, or what for? */
static bool
is_asked(const struct clause *c, const struct span_of_years *s, size_t at)
{
	size_t from = s->from > BEFORE ? s->from - BEFORE : 0;
	size_t until = at + BEHIND < c->n ? at + BEHIND : c->n;

	if (clause_find(c, at, until, WORDS_EXPERIENCE) < until ||
	    clause_find(c, from, s->from, WORDS_EXPERIENCE) < s->from)
		return true;
	if (s->plus || s->max >= 0)
		return true;
	from = s->from > 3 ? s->from - 3 : 0;
	return clause_find(c, from, s->from, WORDS_ASK) < s->from ||
	       c->section == SECTION_NEED;
}

static void
years_take(struct fact_reader *r, const struct clause *c, bool is_word, int min,
    int max)
{
	struct years *to = &r->to->years;
	/* Numbers in what is asked for, then in wishes, then words. */
	int rank = is_word ? 1 : c->section == SECTION_WISH ? 2 : 3;

	if (to->present && rank <= r->years_rank)
		return;
	*to = (struct years){ .present = true, .min = min, .max = max };
	r->years_rank = rank;
}

/* German has words for it: "mehrjaehrige", "erste" experience. */
static bool
by_words(struct fact_reader *r, const struct clause *c, size_t i)
{
	static const struct {
		enum words words;
		int min, max;
	} spans[] = {
		{ WORDS_SEVERAL, 3, -1 },
		{ WORDS_MANY, 5, -1 },
		{ WORDS_FIRST, 0, 2 },
	};
	size_t until = i + 7 < c->n ? i + 7 : c->n;

	for (size_t k = 0; k < sizeof(spans) / sizeof(spans[0]); k++) {
		if (!clause_has_at(c, i, spans[k].words))
			continue;
		if (clause_find(c, i, until, WORDS_EXPERIENCE) == until ||
		    c->section == SECTION_FIRM ||
		    clause_find(c, i > 6 ? i - 6 : 0, i, WORDS_OUR_OWN) < i)
			return false;
		years_take(r, c, true, spans[k].min, spans[k].max);
		return true;
	}
	return false;
}

static bool
is_at_most(const struct clause *c, size_t from)
{
	return from > 1 && clause_has_at(c, from - 2, WORDS_AT_MOST);
}

void
facts_years(struct fact_reader *r, const struct clause *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct span_of_years s;

		if (by_words(r, c, i))
			continue;
		if (!clause_has_at(c, i, WORDS_YEAR) ||
		    !numbers_before(c, i, &s) || s.min > YEARS_MAX ||
		    is_other_span(c, &s, i) || !is_asked(c, &s, i))
			continue;
		if (s.max < 0 && is_at_most(c, s.from))
			years_take(r, c, false, -1, s.min);
		else
			years_take(r, c, false, s.min, s.max);
	}
}
