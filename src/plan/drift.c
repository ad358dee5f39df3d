/*
 * Fields that are no longer found. A board seldom says that its pages have
 * changed: a selector matches nothing from one day to the next. How often a
 * field is found in good runs is remembered, and a run that finds it far less
 * often than chance allows has drifted.
 */
#include <math.h>
#include <string.h>
#include "base/str.h"
#include "plan/plan_int.h"

/* Found less than a quarter as often as usual, */
#define COLLAPSE_PART 0.25
/* and so seldom that chance does it once in a thousand runs. */
#define COLLAPSE_CHANCE 0.0011
/* Even what every posting had may be missing in one of ten. */
#define USUAL_MOST 0.9
/* Postings behind a usual rate; beyond it old ones count half. */
#define LEARN_POSTINGS 2000
/* A page of fewer may lack a field by chance. */
#define LOST_FROM_POSTINGS 3

static bool
names(const struct view *view, const char *field)
{
	for (size_t i = 0; i < view->nfields; i++)
		if (str_eq(view->fields[i].name.text, field))
			return true;
	return false;
}

/* Does the detail view bring it? Some formats bring fields unasked. */
static bool
is_of_detail(const struct source *source, const char *field)
{
	const struct view *detail = &source->detail;

	return detail->present &&
	       (detail->format == FORMAT_JOBPOSTING || names(detail, field));
}

double
fill_expected(const struct source *source, const char *name, bool of_detail)
{
	const struct expect *e = &source->expect;

	for (size_t i = 0; i < e->nfills; i++)
		if (str_eq(e->fills[i].name, name) &&
		    is_of_detail(source, name) == of_detail)
			return e->fills[i].least;
	return -1;
}

/* How likely is it to find at most k in n, each with probability p? */
static double
chance_of(int64_t k, int64_t n, double p)
{
	double sum = 0, of = (double)n;

	for (int64_t i = 0; i <= k; i++) {
		double at = (double)i;

		sum +=
		    exp(lgamma(of + 1) - lgamma(at + 1) - lgamma(of - at + 1) +
			at * log(p) + (of - at) * log(1 - p));
	}
	return sum;
}

bool
fill_has_collapsed(const struct fill_fact *f)
{
	double usual;

	if (f->usual <= 0 || f->of <= 0)
		return false;
	/* Half an observation more each way: 3 of 3 is not always. */
	usual = ((double)f->usual_found + 0.5) / ((double)f->usual + 1);
	if ((double)f->found >= usual * COLLAPSE_PART * (double)f->of)
		return false;
	usual = usual > USUAL_MOST ? USUAL_MOST : usual;
	return chance_of(f->found, f->of, usual) <= COLLAPSE_CHANCE;
}

void
fill_learn(const struct fill_fact *f, int64_t *usual_found, int64_t *usual)
{
	*usual_found = f->usual_found + f->found;
	*usual = f->usual + f->of;
	while (*usual > LEARN_POSTINGS) {
		*usual_found /= 2;
		*usual /= 2;
	}
}

const char *
page_lost_field(const struct source *source, const struct extracted *page)
{
	static const char *const needed[] = { "external_id", "url", "title" };

	if (page->postings < LOST_FROM_POSTINGS)
		return NULL;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (!names(&source->list, needed[i]))
			continue;
		for (size_t k = 0; k < page->nfills; k++)
			if (page->fills[k].found == 0 &&
			    str_eq(page->fills[k].name, needed[i]))
				return needed[i];
	}
	return NULL;
}
