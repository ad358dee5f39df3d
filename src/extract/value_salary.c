/*
 * Which amounts of a text are the pay: the first range or amount that is no
 * bonus, no equity and no turnover. Nothing is converted or multiplied.
 */
#include <math.h>
#include <string.h>
#include "base/utf8.h"
#include "extract/value_pay.h"

#define TEXT_MAX 1000
/* How far around an amount words bear on it. */
#define NEAR 4
/* No pay in any currency: a number of something else. */
#define PAY_MAX 1e12

struct pay_text {
	const struct pay_token *tokens;
	size_t ntokens;
	const char *country;
};

/* What is read at one place of the text. */
struct offer {
	size_t from, to; /* its tokens */
	struct amount low, high;
	bool is_range;
	bool is_from, is_up_to;
	enum pay_period period;
	bool period_is_near; /* said right behind the amount */
};

static size_t
part_start(const struct pay_text *p, size_t at)
{
	while (at > 0 && !p->tokens[at].breaks)
		at--;
	return at;
}

static size_t
part_end(const struct pay_text *p, size_t at)
{
	do
		at++;
	while (at < p->ntokens && !p->tokens[at].breaks);
	return at < p->ntokens ? at : p->ntokens;
}

/* Does one of the phrases end right before token at? */
static bool
ends_before(const struct pay_text *p, size_t at, const char *const *phrases,
    size_t count)
{
	size_t first = part_start(p, at);

	if (at > first && pay_is_sign(&p->tokens[at - 1], ':'))
		at--;
	for (size_t back = 1; back <= NEAR && at - first >= back; back++)
		if (pay_phrases(&p->tokens[at - back], phrases, count) == back)
			return true;
	return false;
}
#define ENDS_BEFORE(p, at, list) \
	ends_before((p), (at), (list), sizeof(list) / sizeof((list)[0]))

static bool
has_from_before(const struct pay_text *p, size_t at)
{
	static const char *const words[] = { "from", "starting at",
		"starting from", "starts at", "at least", "minimum",
		"minimum of", "min", "more than", "over", "above", "ab", "von",
		"mindestens", "mind", "uber", "ueber", "mehr als",
		"a partir de", "a partir d", "des", "plus de", "desde",
		"mas de", "mais de", "da", "a partire da", "vanaf", "od", "fra",
		"from around", "fran", "minst", "ot" };

	if (at > 0 && !p->tokens[at].breaks &&
	    pay_is_sign(&p->tokens[at - 1], '>'))
		return true;
	return ENDS_BEFORE(p, at, words);
}

static bool
has_up_to_before(const struct pay_text *p, size_t at)
{
	static const char *const words[] = { "up to", "upto", "until", "under",
		"below", "less than", "no more than", "max", "maximum",
		"maximum of", "maximal", "bis zu", "bis", "hochstens",
		"jusqu'a", "jusqu'au", "moins de", "hasta", "ate", "fino a",
		"tot", "az", "do", "op til", "upp till", "opp til", "inntil" };

	if (at > 0 && !p->tokens[at].breaks &&
	    pay_is_sign(&p->tokens[at - 1], '<'))
		return true;
	return ENDS_BEFORE(p, at, words);
}

static bool
has_between_before(const struct pay_text *p, size_t at)
{
	static const char *const words[] = { "between", "zwischen", "entre",
		"mezi", "miedzy", "mellan", "mellom", "mellem", "tra", "fra",
		"tussen", "from", "von", "de", "od" };

	return ENDS_BEFORE(p, at, words);
}

static size_t
open_end_length(const struct pay_token *t)
{
	static const char *const words[] = { "and up", "and above", "or more",
		"or above", "and more", "plus", "minimum", "min", "oder mehr",
		"und mehr", "et plus", "ou plus", "o mas", "y mas", "ou mais",
		"\xe4\xbb\xa5 \xe4\xb8\x8a" };

	return PAY_PHRASES(t, words);
}

/* Words between the two ends of a range. */
static size_t
connector_length(const struct pay_token *t, bool between)
{
	static const char *const words[] = { "to", "bis zu", "bis", "a", "au",
		"al", "az", "do", "ate", "tot", "til", "till", "thru",
		"through", "up to", "hasta", "jusqu'a", "t" };
	static const char *const ands[] = { "and", "und", "et", "y", "e", "i",
		"en", "och", "og", "a" };
	size_t n = 0;

	if (pay_is(t, "t") && pay_is_sign(&t[1], '/') && pay_is(&t[2], "m"))
		return 3;
	while (n < 3 && (pay_is_sign(&t[n], '-') || pay_is_sign(&t[n], '~') ||
			    pay_is_sign(&t[n], '>') ||
			    (t[n].kind == PAY_SIGN && t[n].n > 1)))
		n++;
	/* U+301C and the ellipsis. */
	if (n == 0 && pay_is_any(t, "\xe3\x80\x9c \xe2\x80\xa6"))
		n = 1;
	if (n > 0)
		return n;
	if (between && (n = PAY_PHRASES(t, ands)) > 0)
		return n;
	return pay_is(t, "t") ? 0 : PAY_PHRASES(t, words);
}

/* "brutto", "gross", "net": said of an amount, without weight here. */
static size_t
kind_length(const struct pay_token *t)
{
	return pay_is_any(t, "brutto bruto brut gross net netto neto bruta "
			     "brutos bruts lordi lordo base")
		   ? 1
		   : 0;
}

/* Period and kind behind one end, as in "25 EUR/h brutto". */
static size_t
attributes_read(const struct pay_token *t, enum pay_period *period)
{
	size_t n = 0, more;
	enum pay_period said;

	for (int i = 0; i < 3 && !t[n].breaks; i++) {
		more = period_read(&t[n], &said);
		if (more > 0 && *period == PAY_NONE)
			*period = said;
		if (more == 0)
			more = kind_length(&t[n]);
		if (more == 0)
			break;
		n += more;
	}
	return n;
}

/* "a" and others lead to a period ("a year") and join ("5000 a 7000"). */
static size_t
second_read(const struct pay_text *p, struct offer *o, size_t at)
{
	const struct pay_token *t = p->tokens;
	bool between = has_between_before(p, o->from);
	size_t n = connector_length(&t[at], between), more;

	/* "45/50 k" */
	if (n == 0 && pay_is_sign(&t[at], '/') && o->low.currency == NULL &&
	    o->low.scale == 0 && t[at + 1].kind == PAY_NUMBER &&
	    amount_read(t, at + 1, p->country, &o->high) > 0 &&
	    o->high.scale > 0)
		n = 1;
	if (n == 0)
		return 0;
	for (size_t i = 0; i <= n; i++)
		if (at + i >= p->ntokens || t[at + i].breaks)
			return 0;
	more = amount_read(t, at + n, p->country, &o->high);
	return more > 0 ? n + more : 0;
}

/* Hundredths of cents at most: 259.6 thousand is 259600 to the last bit. */
static double
amount_total(const struct amount *a)
{
	double total = a->scale > 0 ? a->value * a->scale : a->value;

	return round(total * 10000) / 10000;
}

/* The k of "$40 - $60k" holds for both ends, if that makes a range. */
static void
share_scale(struct offer *o)
{
	struct amount *low = &o->low, *high = &o->high;

	if (low->scale == 0 && high->scale > 0 && low->value < 1000 &&
	    low->value * high->scale <= high->value * high->scale)
		low->scale = high->scale;
	/* "$100k - 120" */
	if (high->scale == 0 && low->scale > 0 && high->value < 1000 &&
	    high->value < amount_total(low))
		high->scale = low->scale;
	low->is_lpa |= high->is_lpa;
	if (low->currency == NULL ||
	    (low->is_bare && !high->is_bare && high->currency != NULL)) {
		low->currency = high->currency;
		low->is_bare = high->is_bare;
	}
}

static bool
offer_read(const struct pay_text *p, size_t at, struct offer *o)
{
	const struct pay_token *t = p->tokens;
	size_t n, more;
	enum pay_period period = PAY_NONE;

	*o = (struct offer){ .from = at };
	n = amount_read(t, at, p->country, &o->low);
	if (n == 0)
		return false;
	/* A minus, unless it is a dash between words. */
	if (at > 0 && pay_is_sign(&t[at - 1], '-') && t[at].glued &&
	    (at == 1 || (!t[at - 1].glued && t[at - 2].kind != PAY_WORD)))
		return false;
	o->to = at + n;
	more = attributes_read(&t[o->to], &period);
	n = second_read(p, o, o->to + more);
	if (n == 0 && more > 0) {
		n = second_read(p, o, o->to);
		if (n > 0) {
			more = 0;
			period = PAY_NONE;
		}
	}
	if (n > 0) {
		o->is_range = true;
		o->to += more + n;
		share_scale(o);
	}
	o->period = period;
	if (o->is_range)
		attributes_read(&t[o->to], &o->period);
	o->period_is_near = o->period != PAY_NONE;
	o->is_up_to = !o->is_range && has_up_to_before(p, at);
	o->is_from = !o->is_range && !o->is_up_to &&
		     (o->low.plus || has_from_before(p, at) ||
			 open_end_length(&t[o->to]) > 0);
	if (o->low.is_lpa) {
		o->period = PAY_YEAR;
		o->period_is_near = true;
	}
	return true;
}

/* Here ends what is said of the amount before. */
static bool
is_stop(const struct pay_token *t)
{
	return t->kind == PAY_END || t->breaks || pay_is_sign(t, '+') ||
	       pay_is_sign(t, ',') || pay_is_sign(t, '(') ||
	       pay_is_sign(t, '&') ||
	       pay_is_any(t,
		   "plus and with including includes incl inkl excluding "
		   "excl und et y mit avec con or oder zzgl");
}

static bool
is_bonus_word(const struct pay_token *t)
{
	return pay_is_any(t, "bonus bonuses commission commissions stipend "
			     "stipends equity allowance relocation referral "
			     "retention options rsu rsus gratuity voucher "
			     "signing prime primes bono bonos pramie praemie "
			     "provision reimbursement reward") ||
	       pay_phrase(t, "sign on") > 0 || pay_phrase(t, "one time") > 0 ||
	       pay_phrase(t, "lump sum") > 0;
}

/* Money that is no pay: of the firm, its customers, its investors. */
static bool
is_business_word(const struct pay_token *t)
{
	return pay_is_any(t, "raised raise raising funding funded revenue "
			     "revenues volume loss losses arr gmv valuation "
			     "valued saves saved saving savings budget budgets "
			     "fund funds backed investment investments "
			     "investors series turnover umsatz sales market "
			     "assets aum donated processed transactions "
			     "finanzierung kapital users customers");
}

typedef bool word_test(const struct pay_token *);

static bool
word_near(const struct pay_text *p, const struct offer *o, word_test *is_word,
    bool behind_only)
{
	size_t first = part_start(p, o->from);

	for (size_t i = 0; i < NEAR; i++) {
		if (o->to + i >= p->ntokens || is_stop(&p->tokens[o->to + i]))
			break;
		if (is_word(&p->tokens[o->to + i]))
			return true;
	}
	if (behind_only)
		return false;
	for (size_t i = 1; i <= NEAR && o->from - first >= i; i++) {
		const struct pay_token *t = &p->tokens[o->from - i];
		if (is_word(t))
			return true;
		if (t->kind == PAY_NUMBER || is_stop(t))
			break;
	}
	return false;
}

/* "20 hours per week", said beside the pay: tokens to pass over. */
static size_t
working_time_length(const struct pay_token *t)
{
	enum pay_period ignored;

	if (t->kind != PAY_NUMBER || !period_is_unit(&t[1]))
		return 0;
	return 2 + period_read(&t[2], &ignored);
}

/* A period further behind in the part, or before the amount. */
static enum pay_period
period_around(const struct pay_text *p, const struct offer *o)
{
	const struct pay_token *t = p->tokens;
	enum pay_period period;
	size_t end = part_end(p, o->from), at = o->to;

	while (at < end && !pay_is_sign(&t[at], '+') &&
	       !pay_is(&t[at], "plus") && !is_bonus_word(&t[at])) {
		size_t pass = working_time_length(&t[at]);
		if (pass == 0 && period_read(&t[at], &period) > 0)
			return period;
		at += pass > 0 ? pass : 1;
	}
	for (at = part_start(p, o->from); at < o->from; at++)
		if (period_read(&t[at], &period) > 0)
			return period;
	/* "$20 - $25 | Hourly" */
	if (end < p->ntokens && period_read(&t[end], &period) > 0 &&
	    part_end(p, end) - end <= 2)
		return period;
	return PAY_NONE;
}

/* A currency anywhere in the part: "Salary (EUR): 50,000". */
static const char *
currency_around(const struct pay_text *p, const struct offer *o)
{
	size_t end = part_end(p, o->from);
	const char *code;
	bool is_bare;

	for (size_t at = part_start(p, o->from); at < end; at++)
		if (currency_read(&p->tokens[at], p->country, &code, &is_bare) >
			0 &&
		    (is_bare || p->tokens[at].upper ||
			(p->tokens[at].text[0] & 0x80) != 0))
			return code;
	return NULL;
}

/* Is a number that names no currency pay all the same? */
static bool
is_plain_pay(const struct pay_text *p, const struct offer *o)
{
	double most = amount_total(o->is_range ? &o->high : &o->low);

	if (o->low.value == 401 || o->low.value == 403)
		return false;
	if (o->period_is_near)
		return true;
	if (o->low.scale >= 1e3)
		return most >= 1e4;
	/* The text is nothing else, and no year either. */
	return o->from == 0 && o->to == p->ntokens && most >= 1000 &&
	       !(o->low.value >= 1900 && most <= 2100);
}

static bool
is_pay(const struct pay_text *p, struct offer *o)
{
	double most = amount_total(o->is_range ? &o->high : &o->low);
	double least = amount_total(&o->low);

	if (o->low.scale >= 1e9 || o->high.scale >= 1e9 ||
	    fmax(most, least) > PAY_MAX)
		return false;
	/* 0 and 1 are what forms want to have filled in. */
	if (most <= 1 && least <= 1 && o->low.scale == 0)
		return false;
	if ((!o->period_is_near || o->low.scale >= 1e6) &&
	    word_near(p, o, is_business_word, false))
		return false;
	if (o->low.currency == NULL)
		o->low.currency = currency_around(p, o);
	return o->low.currency != NULL || is_plain_pay(p, o);
}

static void
offer_finish(const struct pay_text *p, struct offer *o, struct pay *to)
{
	double low = amount_total(&o->low);
	double high = o->is_range ? amount_total(&o->high) : low;

	to->has_min = !o->is_up_to;
	to->has_max = !o->is_from && !(o->is_range && o->high.plus);
	to->min = to->has_min ? fmin(low, high) : 0;
	to->max = to->has_max ? fmax(low, high) : 0;
	to->currency = o->low.currency;
	to->period = o->period != PAY_NONE ? o->period : period_around(p, o);
}

/* Estimates of the board; "Employer est." is the employer's word. */
static bool
is_predicted(const struct pay_text *p)
{
	for (size_t i = 0; i < p->ntokens; i++)
		if (p->tokens[i].kind == PAY_WORD &&
		    strchr("epg", *p->tokens[i].text) != NULL &&
		    pay_is_any(&p->tokens[i],
			"est estimate estimated estimates estimation predicted "
			"geschatzt geschaetzt estime estimee estimado "
			"estimada") &&
		    !(i > 0 && pay_is(&p->tokens[i - 1], "employer")))
			return true;
	return false;
}

/* Where an amount may begin: at a number, or some signs before one. */
#define SIGNS_MAX 8

static size_t
near_number(const struct pay_text *p, size_t at)
{
	size_t number = at;

	while (number < p->ntokens && p->tokens[number].kind != PAY_NUMBER)
		number++;
	if (number == p->ntokens)
		return number;
	return number - at > SIGNS_MAX ? number - SIGNS_MAX : at;
}

static bool
text_read(const struct pay_text *p, struct pay *to)
{
	struct offer once = { 0 }, o;
	bool has_once = false;

	for (size_t at = 0; (at = near_number(p, at)) < p->ntokens;) {
		if (!offer_read(p, at, &o)) {
			at++;
			continue;
		}
		at = o.to;
		if (!is_pay(p, &o))
			continue;
		if (!word_near(p, &o, is_bonus_word, false)) {
			offer_finish(p, &o, to);
			return true;
		}
		if (!has_once)
			once = o;
		has_once = true;
	}
	if (!has_once)
		return false;
	offer_finish(p, &once, to);
	to->once = once.period == PAY_NONE;
	if (to->once)
		to->period = PAY_NONE;
	return true;
}

/* Folded, and which bytes were capitals. */
static void
fold_with_case(const char *text, char *folded, bool *upper)
{
	const char *s = text, *end = text + strlen(text);
	size_t n = 0;

	while (s < end) {
		bool is_upper = *s >= 'A' && *s <= 'Z';
		char to[5];
		size_t more = value_fold_char(utf8_next(&s, end), to);
		if (n + more >= TEXT_MAX)
			break;
		memcpy(folded + n, to, more);
		for (size_t i = 0; i < more; i++)
			upper[n + i] = is_upper;
		n += more;
	}
	folded[n] = '\0';
}

bool
value_pay(const char *text, const char *country, struct pay *to)
{
	char folded[TEXT_MAX];
	bool upper[TEXT_MAX];
	struct pay_token tokens[PAY_TOKENS_MAX + PAY_LOOK_AHEAD] = { 0 };
	struct pay_text p = { tokens, 0, country };
	struct pay found = { 0 };

	if (text == NULL)
		return false;
	fold_with_case(text, folded, upper);
	p.ntokens = pay_tokens_read(folded, upper, tokens);
	if (!text_read(&p, &found))
		return false;
	found.predicted = is_predicted(&p);
	*to = found;
	return true;
}

bool
value_salary(
    struct arena *a, const char *text, const char *country, struct salary *to)
{
	struct pay pay;

	/* What is paid once is no salary. */
	if (!value_pay(text, country, &pay) || pay.once)
		return false;
	to->present = true;
	to->min = pay.min;
	to->max = pay.max;
	to->currency = arena_strdup(a, pay.currency);
	to->period = pay.period;
	to->predicted = pay.predicted;
	return true;
}
