/*
 * Degrees that a text asks for: the lowest that will do.
 */
#include <string.h>
#include "extract/facts_int.h"

static const struct {
	enum words words;
	enum degree degree;
} degrees[] = {
	{ WORDS_SCHOOL_DEGREE, DEGREE_SCHOOL },
	{ WORDS_ASSOCIATE_DEGREE, DEGREE_ASSOCIATE },
	{ WORDS_BACHELOR_DEGREE, DEGREE_BACHELOR },
	{ WORDS_MASTER_DEGREE, DEGREE_MASTER },
	{ WORDS_DOCTOR_DEGREE, DEGREE_DOCTOR },
};
/* Of themselves they are less than a degree, beside one they are no more. */

/* "BS" may be anything unless it goes on as a degree does. */
static bool
goes_on(const struct clause *c, size_t i)
{
	return clause_has_at(c, i, WORDS_DEGREE_GOES_ON);
}

/* "B.S. in", "BS/MS", "MSc": letters, with signs between or without. */
static enum degree
by_letters(const struct clause *c, size_t i)
{
	const struct pay_token *t = &c->tokens[i];
	char last = '\0';

	if (t->kind != PAY_WORD || (*t->text != 'b' && *t->text != 'm'))
		return DEGREE_NONE;
	if (t->n == 3 && clause_has_at(c, i, WORDS_BSC))
		last = !t->upper || goes_on(c, i + 1) ? 's' : '\0';
	else if (t->n == 2 && t->upper && goes_on(c, i + 1))
		last = t->text[1];
	else if (t->n == 2 && t->upper && pay_is_sign(&t[1], ',') &&
		 clause_has_at(c, i + 2, WORDS_LETTERS))
		last = t->text[1];
	else if (t->n == 1 && t->upper && pay_is_sign(&t[1], '.') &&
		 t[2].glued && t[2].kind == PAY_WORD && t[2].n <= 2)
		last = *t[2].text;
	if (last != 's' && last != 'a')
		return DEGREE_NONE;
	return *t->text == 'b' ? DEGREE_BACHELOR : DEGREE_MASTER;
}

/* "degree in", "relevant degree": no more is said than that. */
static bool
is_any_degree(const struct clause *c, size_t i)
{
	size_t from = i > 4 ? i - 4 : 0;

	if (!clause_has_at(c, i, WORDS_DEGREE))
		return false;
	if (clause_has_at(c, i + 1, WORDS_OF))
		return false;
	/* "360-degree view" */
	if (c->tokens[i].glued && clause_find(c, from, i, WORDS_ONE_YEAR) == i)
		return false;
	/* "master's degree" has been read, and so has "law degree (JD)". */
	if (clause_find(c, from, i, WORDS_DEGREE_READ) < i)
		return false;
	return clause_has_at(c, i + 1, WORDS_DEGREE_IN) ||
	       clause_find(c, from, i, WORDS_DEGREE_KIND) < i;
}

static enum degree
degree_at(const struct clause *c, size_t i)
{
	for (size_t k = 0; k < sizeof(degrees) / sizeof(degrees[0]); k++)
		if (clause_has_at(c, i, degrees[k].words))
			return degrees[k].degree;
	if (is_any_degree(c, i))
		return DEGREE_BACHELOR;
	return by_letters(c, i);
}

/* Degrees that are spoken of, but not asked for. */
static bool
is_no_demand(const struct clause *c)
{
	return c->section == SECTION_FIRM ||
	       clause_find(c, 0, c->n, WORDS_NO_DEMAND) < c->n;
}

/* An apprenticeship will do as well. */
static bool
has_apprenticeship(const struct clause *c)
{
	size_t at = clause_find(c, 0, c->n, WORDS_LEHRE);
	size_t from = at > 4 ? at - 4 : 0;

	return at < c->n && (clause_find(c, at, at + 4 < c->n ? at + 4 : c->n,
				 WORDS_OR_AND) < at + 4 ||
				clause_find(c, from, at, WORDS_OR) < at);
}

/* Is the degree at token at only wished for, or may experience stand in? */
static bool
is_wish(const struct clause *c, size_t at)
{
	size_t from = at > 6 ? at - 6 : 0;
	size_t until = at + 30 < c->n ? at + 30 : c->n;
	size_t near = at + 10 < until ? at + 10 : until, i = from;

	if (c->section == SECTION_WISH)
		return true;
	if (clause_find(c, at, near, WORDS_MUST) < near &&
	    clause_find(c, at, near, WORDS_NOT_REQUIRED) == near)
		return false;
	for (; (i = clause_find(c, i, until, WORDS_WISH)) < until; i++)
		/* "or equivalent fields", "(PhD is a plus)" are no such. */
		if (!clause_has_at(c, i, WORDS_EQUIVALENT) &&
		    !(clause_has_at(c, i, WORDS_PLUS) && i > at + 3 &&
			clause_find(c, i > 4 ? i - 4 : 0, i, WORDS_HIGHER) < i))
			return true;
	return false;
}

const char *
degree_name(enum degree degree)
{
	static const char *const names[DEGREE__MAX] = { NULL, "school",
		"associate", "bachelor", "master", "doctor" };

	return degree < DEGREE__MAX ? names[degree] : NULL;
}

void
facts_degree(struct fact_reader *r, const struct clause *c)
{
	enum degree lowest = DEGREE_NONE;
	size_t at = 0;
	bool is_needed;

	for (size_t i = 0; i < c->n; i++) {
		enum degree degree = degree_at(c, i);

		if (degree != DEGREE_NONE &&
		    (lowest == DEGREE_NONE || degree < lowest)) {
			lowest = degree;
			at = i;
		}
	}
	if (lowest == DEGREE_NONE &&
	    clause_find(c, 0, c->n, WORDS_DIPLOMA) < c->n)
		lowest = DEGREE_ASSOCIATE;
	if (lowest == DEGREE_NONE || is_no_demand(c) ||
	    (lowest >= DEGREE_BACHELOR && has_apprenticeship(c)))
		return;
	is_needed = !is_wish(c, at);
	/* What must be goes before what may be; then the lowest. */
	if (r->to->degree != DEGREE_NONE &&
	    (r->degree_sure > is_needed ||
		(r->degree_sure == is_needed && lowest >= r->to->degree)))
		return;
	r->to->degree = lowest;
	r->to->degree_required = is_needed;
	r->degree_sure = is_needed;
}
