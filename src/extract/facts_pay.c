/*
 * Pay in running text. Which amounts a text has is value_pay's to say; here
 * it is decided which of them are the pay of the job at all.
 */
#include <string.h>
#include "extract/facts_int.h"

/* Words that say what an amount is, up to so many tokens before it. */
#define REACH 25
/* So many tokens behind an amount tell of it. */
#define BEHIND 14
/* Ranges that lie closer than this belong together: levels, zones. */
#define TOGETHER_BYTES 600
#define TOGETHER_RATIO 3

/* Money that people get or move, but not for their work. */

/* Currencies of which a year's pay has six digits at most. */
static bool
is_dear(const char *currency)
{
	static const char codes[] = "USD EUR GBP CAD AUD CHF NZD SGD ILS SEK "
				    "NOK DKK PLN BRL RON AED QAR SAR MYR";

	return currency == NULL || strstr(codes, currency) != NULL;
}

/* Is it a wage, and of which period if that is not said? */
static bool
is_plausible(struct pay *pay, bool is_sure)
{
	double most = pay->has_max ? pay->max : pay->min;

	if (!is_dear(pay->currency))
		return most >= 1000;
	if (pay->period == PAY_NONE && is_sure) {
		pay->period = most >= 12000              ? PAY_YEAR
			      : most <= 250 && most >= 5 ? PAY_HOUR
			      : most >= 500 && most < 12000 &&
				      pay->currency != NULL &&
				      strcmp(pay->currency, "EUR") == 0
				  ? PAY_MONTH
				  : PAY_NONE;
	}
	switch (pay->period) {
	case PAY_HOUR:
		return most >= 5 && most <= 1000;
	case PAY_DAY:
		return most >= 40 && most <= 5000;
	case PAY_WEEK:
		return most >= 100 && most <= 20000;
	case PAY_MONTH:
		return most >= 300 && most <= 100000;
	case PAY_YEAR:
		return most >= 8000 && most <= 5000000;
	default:
		return false;
	}
}

/* Behind an amount, before anything else is said. */
static bool
is_other_behind(const struct clause *c, size_t at)
{
	for (size_t i = at; i < at + 4 && i < c->n; i++) {
		if (c->tokens[i].kind == PAY_SIGN &&
		    !pay_is_sign(&c->tokens[i], '/') &&
		    !pay_is_sign(&c->tokens[i], '-'))
			return false;
		if (clause_has_at(c, i, WORDS_STOP))
			return false;
		if (clause_has_at(c, i, WORDS_OTHER_MONEY))
			return true;
	}
	return false;
}

/* What the nearest word before an amount says of it. */
enum kind_of_money { MONEY_UNKNOWN, MONEY_PAY, MONEY_OTHER };

static enum kind_of_money
kind_before(const struct clause *c, size_t at, size_t *word)
{
	for (size_t i = at; i-- > 0 && at - i <= REACH;) {
		*word = i;
		if (clause_has_at(c, i, WORDS_OTHER_MONEY))
			return MONEY_OTHER;
		if (clause_has_at(c, i, WORDS_PAY))
			return MONEY_PAY;
	}
	return MONEY_UNKNOWN;
}

/* A pay word right behind the amount: "2000 EUR Bruttogehalt". */
static bool
is_pay_behind(const struct clause *c, size_t at)
{
	for (size_t i = at; i < at + 3 && i < c->n; i++) {
		if (c->tokens[i].kind == PAY_NUMBER || c->tokens[i].breaks)
			return false;
		if (clause_has_at(c, i, WORDS_PAY))
			return true;
	}
	return false;
}

static bool
same_kind(const struct salary *a, const struct pay *b)
{
	double most = b->has_max ? b->max : b->min;
	double had = a->max > 0 ? a->max : a->min;

	return a->period == b->period && most <= had * TOGETHER_RATIO &&
	       had <= most * TOGETHER_RATIO &&
	       (a->currency == NULL || b->currency == NULL ||
		   strcmp(a->currency, b->currency) == 0);
}

static void
salary_set(struct fact_reader *r, const struct pay *pay)
{
	struct salary *to = &r->to->salary;

	to->present = true;
	to->min = pay->has_min ? pay->min : 0;
	to->max = pay->has_max ? pay->max : 0;
	to->currency = arena_strdup(r->arena, pay->currency);
	to->period = pay->period;
	to->predicted = false;
}

/* Levels and zones make one range. */
static void
salary_widen(struct salary *to, const struct pay *pay)
{
	if (pay->has_min && to->min > 0 && pay->min < to->min)
		to->min = pay->min;
	if (pay->has_max && to->max > 0 && pay->max > to->max)
		to->max = pay->max;
}

static void
offer_take(struct fact_reader *r, const struct clause *c, const struct pay *pay,
    bool is_sure)
{
	struct salary *to = &r->to->salary;

	if (!to->present || (is_sure && !r->pay_is_sure)) {
		salary_set(r, pay);
		r->pay_at = c->at;
		r->pay_is_sure = is_sure;
		return;
	}
	if (is_sure == r->pay_is_sure && c->at - r->pay_at < TOGETHER_BYTES &&
	    same_kind(to, pay)) {
		salary_widen(to, pay);
		r->pay_at = c->at;
	}
}

/* An amount and the range that it begins, if it does. */
struct money {
	size_t from, to; /* tokens */
	struct amount low, high;
	bool is_range;
};

static bool
money_read(const struct fact_reader *r, const struct clause *c, size_t at,
    struct money *to)
{
	size_t n = amount_read(c->tokens, at, r->country, &to->low), second;

	if (n == 0)
		return false;
	to->from = at;
	to->to = at + n;
	to->is_range = false;
	for (size_t i = at + n; i < at + n + 3 && i + 1 < c->n; i++) {
		if (!clause_has_at(c, i, WORDS_JOINT))
			continue;
		second = amount_read(c->tokens, i + 1, r->country, &to->high);
		to->is_range = second > 0;
		if (second > 0)
			to->to = i + 1 + second;
		break;
	}
	return true;
}

/* The text from one token on as value_pay reads it, or the amount alone. */
static bool
pay_read(const struct fact_reader *r, const struct clause *c, size_t from,
    const struct money *m, struct pay *to)
{
	const struct pay_token *last = &c->tokens[m->to - 1];
	const char *begin = c->tokens[m->from].text;
	size_t until = m->to + BEHIND < c->n ? m->to + BEHIND : c->n;
	bool found = value_pay(
	    arena_strndup(r->arena, c->tokens[from].text,
		(size_t)(c->tokens[until - 1].text + c->tokens[until - 1].n -
			 c->tokens[from].text)),
	    r->country, to);

	if (!found && m->low.currency == NULL)
		found = value_pay(arena_strndup(r->arena, begin,
				      (size_t)(last->text + last->n - begin)),
		    r->country, to);
	if (!found || to->once)
		return false;
	/* "$80,000 - $100,000+": how far it goes is worth to know. */
	if (m->is_range && to->has_min && !to->has_max) {
		to->has_max = true;
		to->max = m->high.scale > 0 ? m->high.value * m->high.scale
					    : m->high.value;
		to->has_max = to->max > to->min;
	}
	return true;
}

/* A range of this size stands in a job's text for hardly anything else. */
static bool
looks_like_pay(const struct money *m, struct pay *pay)
{
	if (!m->is_range || pay->currency == NULL || !is_dear(pay->currency) ||
	    !pay->has_min || !pay->has_max || pay->min < 15000 ||
	    pay->max > 1000000 || pay->max > 4 * pay->min)
		return false;
	if (pay->period == PAY_NONE)
		pay->period = PAY_YEAR;
	return pay->period == PAY_YEAR;
}

static void
money_judge(struct fact_reader *r, const struct clause *c,
    const struct money *m, size_t last, bool is_first)
{
	size_t word = m->from;
	enum kind_of_money kind = kind_before(c, m->from, &word);
	bool is_sure;
	struct pay pay;

	if (is_other_behind(c, m->to))
		return;
	if (kind != MONEY_PAY &&
	    (is_pay_behind(c, m->to) ||
		(kind == MONEY_UNKNOWN && c->section == SECTION_PAY)))
		kind = MONEY_PAY;
	is_sure = kind == MONEY_PAY;
	if (word < last || !is_sure)
		word = m->from;
	if (!pay_read(r, c, word, m, &pay))
		return;
	/* Behind the first, parts of it are told more often than others. */
	if (!is_first && !m->is_range)
		return;
	if (is_plausible(&pay, is_sure)
		? is_sure ||
		      (pay.currency != NULL &&
			  (kind == MONEY_UNKNOWN || pay.period == PAY_HOUR))
		: kind != MONEY_OTHER && looks_like_pay(m, &pay))
		offer_take(r, c, &pay, is_sure);
}

/* Could the number at i be an amount, by what stands round it? */
static bool
may_be_money(const struct clause *c, size_t i)
{
	const struct pay_token *t = &c->tokens[i];
	const struct pay_token *next = &t[1], *before = i > 0 ? &t[-1] : NULL;

	if (t->kind != PAY_NUMBER)
		return false;
	if (t->number >= 1000 ||
	    (before != NULL && before->glued && before->kind == PAY_SIGN))
		return t->number >= 1000 || pay_is_sign(before, '$');
	/* "45 - 50 EUR", "$40", "45k", "12 EUR" */
	return (before != NULL &&
		   (pay_is_sign(before, '$') ||
		       (before->kind == PAY_WORD && before->n < 4))) ||
	       (next->kind == PAY_WORD && next->n < 6) ||
	       pay_is_sign(next, '-') || pay_is_sign(next, '$') ||
	       clause_has_at(c, i + 1, WORDS_JOINT);
}

/* Amounts begin at a number, or at a sign or two before one. */
static size_t
near_number(const struct clause *c, size_t at)
{
	size_t number = at;

	while (number < c->n && !may_be_money(c, number))
		number++;
	if (number == c->n)
		return number;
	return number - at > 3 ? number - 3 : at;
}

void
facts_pay(struct fact_reader *r, const struct clause *c)
{
	size_t last = 0;
	bool is_first = true;

	for (size_t at = 0; (at = near_number(c, at)) < c->n;) {
		struct money m;

		if (!money_read(r, c, at, &m)) {
			at++;
			continue;
		}
		at = m.to;
		if ((m.low.currency == NULL && m.low.scale == 0 &&
			m.low.value < 1000 &&
			!(m.is_range && m.high.currency != NULL)) ||
		    m.low.scale >= 1e6)
			continue;
		money_judge(r, c, &m, last, is_first);
		last = m.to;
		is_first = false;
	}
}
