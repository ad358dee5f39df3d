/*
 * Conditions on fields: what keep and drop ask of a posting, tested while its
 * page is at hand.
 */
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "base/utf8.h"
#include "extract/extract_int.h"

/* Texts of one field: the items of a list, parts of all its places. */
#define TEXTS_MAX (4 * LIMIT_LIST_ITEMS)

struct test_plan {
	const struct condition_test *test;
	struct re *re;
	const char *words;     /* folded */
	struct location place; /* of a condition on location */
};

struct condition_plan {
	const struct condition *condition;
	const struct slot *slot; /* NULL: metadata */
	struct test_plan *tests; /* as many as the condition's */
};

/* ---- compiling ---- */

/* Letters folded, hyphens and blanks alike: "Full-Time" is "full time". */
static const char *
words_fold(struct arena *arena, const char *text)
{
	char *folded = str_fold_space(arena, text);

	folded = utf8_fold(arena, folded);
	for (char *p = folded; *p != '\0'; p++)
		if (*p == '-' || *p == '_')
			*p = ' ';
	return folded;
}

static int
test_compile(struct extractor *x, const struct condition_plan *plan,
    const struct condition_test *test, struct test_plan *to, struct err *e)
{
	to->test = test;
	if (test->kind == TEST_WORDS) {
		to->words = words_fold(x->arena, test->text.text);
		if (plan->slot != NULL && plan->slot->kind == SLOT_LOCATION)
			value_location(x->arena, test->text.text, &to->place);
	} else if (test->kind == TEST_RE) {
		if (!re_is_literal(test->text.text))
			return err_set(e, ERR_DATA,
			    "behind its last slash only i, m, s and x may "
			    "stand");
		to->re =
		    re_new_literal(x->arena, test->text.text, false, NULL, e);
		if (to->re == NULL)
			return -1;
	}
	return 0;
}

const struct condition_test *
conditions_compile(struct extractor *x, struct err *e)
{
	const struct source *source = x->source;

	x->conditions =
	    arena_array(x->arena, source->nconditions, sizeof(*x->conditions));
	for (size_t i = 0; i < source->nconditions; i++) {
		struct condition_plan *plan = &x->conditions[i];
		const struct condition *c = &source->conditions[i];

		plan->condition = c;
		plan->slot = slot_find(c->field.text);
		plan->tests =
		    arena_array(x->arena, c->ntests, sizeof(*plan->tests));
		for (size_t k = 0; k < c->ntests; k++)
			if (test_compile(x, plan, &c->tests[k], &plan->tests[k],
				e) == -1)
				return &c->tests[k];
	}
	return NULL;
}

/* ---- the values of a field ---- */

struct texts {
	struct arena *arena;
	const char *raw[TEXTS_MAX];
	const char *folded[TEXTS_MAX]; /* NULL: not yet */
	size_t n;
};

static void
text_add(struct texts *to, const char *text)
{
	if (!str_is_empty(text) && to->n < TEXTS_MAX)
		to->raw[to->n++] = text;
}

static void
location_texts(const struct posting *p, struct texts *to)
{
	text_add(to, p->location);
	for (size_t i = 0; i < p->nplaces; i++) {
		text_add(to, p->places[i].city);
		text_add(to, p->places[i].region);
		text_add(to, p->places[i].country);
	}
	text_add(to, remote_name(p->remote));
}

static const char *
date_text(struct arena *arena, const struct instant *at)
{
	return at->present ? arena_strndup(arena, clock_iso(arena, at->ms), 10)
			   : NULL;
}

static void
metadata_texts(const struct posting *p, const char *name, struct texts *to)
{
	for (size_t i = 0; i < p->nmetadata; i++)
		if (str_eq(p->metadata[i].name, name))
			text_add(to, p->metadata[i].value);
}

static void
list_texts(const struct posting *p, const struct slot *slot, struct texts *to)
{
	const char *const *list;
	size_t n;

	memcpy(&list, (const char *)p + slot->offset, sizeof(list));
	memcpy(&n, (const char *)p + slot->count_offset, sizeof(n));
	for (size_t i = 0; i < n; i++)
		text_add(to, list[i]);
}

static void
field_texts(const struct condition_plan *plan, const struct posting *p,
    struct texts *to)
{
	const struct slot *slot = plan->slot;
	const void *at;

	if (slot == NULL) {
		metadata_texts(p, plan->condition->field.text, to);
		return;
	}
	at = (const char *)p + slot->offset;
	switch (slot->kind) {
	case SLOT_LOCATION:
		location_texts(p, to);
		break;
	case SLOT_JOB_TYPE:
		text_add(to, job_type_name(p->job_type));
		break;
	case SLOT_EXPERIENCE:
		text_add(to, experience_name(p->experience));
		break;
	case SLOT_REMOTE:
		text_add(to, remote_name(p->remote));
		break;
	case SLOT_SALARY:
		text_add(to, p->salary.currency);
		break;
	case SLOT_LIST:
		list_texts(p, slot, to);
		break;
	case SLOT_DATE:
		text_add(to, date_text(to->arena, at));
		break;
	default:
		text_add(to, *(const char *const *)at);
	}
}

/* ---- testing ---- */

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
	       (unsigned char)c >= 0x80;
}

/* As whole words: "java" does not stand in "javascript". */
static bool
has_words(const char *text, const char *words)
{
	size_t n = strlen(words);

	for (const char *p = text; (p = strstr(p, words)) != NULL; p++)
		if ((p == text || !is_word_byte(p[-1]) ||
			!is_word_byte(words[0])) &&
		    (!is_word_byte(p[n]) || !is_word_byte(words[n - 1])))
			return true;
	return false;
}

static bool
texts_have_words(struct texts *texts, const char *words)
{
	for (size_t i = 0; i < texts->n; i++) {
		if (texts->folded[i] == NULL)
			texts->folded[i] =
			    words_fold(texts->arena, texts->raw[i]);
		if (has_words(texts->folded[i], words))
			return true;
	}
	return false;
}

static bool
texts_match(const struct texts *texts, const struct re *re)
{
	size_t from, to;

	for (size_t i = 0; i < texts->n; i++)
		if (re_search(re, texts->raw[i], strlen(texts->raw[i]), 0,
			&from, &to))
			return true;
	return false;
}

/* A part that the condition does not name may be any. */
static bool
is_part(const char *wanted, const char *has)
{
	return wanted == NULL || str_eq(wanted, has);
}

static bool
is_there(const struct posting *p, const struct location *wanted)
{
	for (size_t i = 0; i < p->nplaces; i++)
		for (size_t k = 0; k < wanted->nplaces; k++)
			if (is_part(
				wanted->places[k].city, p->places[i].city) &&
			    is_part(wanted->places[k].region,
				p->places[i].region) &&
			    is_part(wanted->places[k].country,
				p->places[i].country))
				return true;
	return false;
}

/* Pay by its upper end, as if paid by the year. */
static bool
salary_number(const struct salary *s, double *to)
{
	static const double a_year[PAY__MAX] = { [PAY_NONE] = 1,
		[PAY_HOUR] = 2080,
		[PAY_DAY] = 260,
		[PAY_WEEK] = 52,
		[PAY_MONTH] = 12,
		[PAY_YEAR] = 1 };

	*to = (s->max > 0 ? s->max : s->min) * a_year[s->period];
	return s->present;
}

static bool
text_number(const struct texts *texts, double *to)
{
	int64_t count;

	if (texts->n == 0)
		return false;
	if (str_to_double(texts->raw[0], to) == 0)
		return true;
	count = value_count(texts->raw[0]);
	*to = (double)count;
	return count >= 0;
}

static bool
compares(const struct condition_plan *plan, const struct posting *p,
    const struct texts *texts, const struct condition_test *test)
{
	double number;

	if (plan->slot != NULL ? !salary_number(&p->salary, &number)
			       : !text_number(texts, &number))
		return false;
	switch (test->kind) {
	case TEST_LESS:
		return number < test->number;
	case TEST_AT_MOST:
		return number <= test->number;
	case TEST_AT_LEAST:
		return number >= test->number;
	default:
		return number > test->number;
	}
}

static bool
is_aged(struct reading *r, const struct condition_plan *plan,
    const struct posting *p, const struct texts *texts,
    const struct condition_test *test)
{
	int64_t now_ms = r->page->now_ms;
	struct instant at = { 0 };

	if (plan->slot != NULL)
		memcpy(&at, (const char *)p + plan->slot->offset, sizeof(at));
	else if (texts->n > 0)
		value_date(texts->raw[0], now_ms, 0, DAY_ORDER_NONE, &at);
	if (!at.present)
		return false;
	return test->kind == TEST_OLDER ? at.ms < now_ms - test->age_ms
					: at.ms > now_ms - test->age_ms;
}

static bool
is_met(struct reading *r, const struct condition_plan *plan,
    const struct posting *p, struct texts *texts, const struct test_plan *test)
{
	switch (test->test->kind) {
	case TEST_PRESENT:
		return true;
	case TEST_ABSENT:
		return false;
	case TEST_WORDS:
		return is_there(p, &test->place) ||
		       texts_have_words(texts, test->words);
	case TEST_RE:
		return texts_match(texts, test->re);
	case TEST_NEWER:
	case TEST_OLDER:
		return is_aged(r, plan, p, texts, test->test);
	default:
		return compares(plan, p, texts, test->test);
	}
}

void
conditions_test(struct reading *r, struct posting *p)
{
	const struct extractor *x = r->extractor;

	p->tested = p->met = 0;
	for (size_t i = 0; i < x->source->nconditions; i++) {
		const struct condition_plan *plan = &x->conditions[i];
		struct texts *texts;

		if (!posting_has(p, plan->condition->field.text))
			continue;
		p->tested |= UINT64_C(1) << i;
		texts = arena_alloc(r->scratch, sizeof(*texts));
		texts->arena = r->scratch;
		field_texts(plan, p, texts);
		for (size_t k = 0; k < plan->condition->ntests; k++)
			if (is_met(r, plan, p, texts, &plan->tests[k])) {
				p->met |= UINT64_C(1) << i;
				break;
			}
	}
}
