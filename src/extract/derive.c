/*
 * What no field of a source says, but the description does: pay, language,
 * years of experience and degrees.
 */
#include "base/str.h"
#include "extract/extract_int.h"

static bool
has_metadata(const struct posting *p, const char *name)
{
	for (size_t i = 0; i < p->nmetadata; i++)
		if (str_eq(p->metadata[i].name, name))
			return true;
	return false;
}

static void
add(struct filler *f, const char *name, const char *value)
{
	if (value != NULL && !has_metadata(f->posting, name))
		posting_add_metadata(f, name, value);
}

static void
derive_years(struct filler *f, const struct years *y)
{
	struct arena *a = f->r->scratch;

	if (!y->present)
		return;
	add(f, "years",
	    y->min < 0   ? arena_printf(a, "up to %d", y->max)
	    : y->max < 0 ? arena_printf(a, "%d+", y->min)
			 : arena_printf(a, "%d-%d", y->min, y->max));
}

static void
derive_degree(struct filler *f, const struct facts *facts)
{
	const char *name = degree_name(facts->degree);

	if (name != NULL && !facts->degree_required)
		name = arena_printf(f->r->scratch, "%s preferred", name);
	add(f, "degree", name);
}

void
posting_derive(struct filler *f)
{
	struct posting *p = f->posting;
	const char *country = p->nplaces > 0 ? p->places[0].country : NULL;
	struct facts facts;

	if (p->description == NULL)
		return;
	value_facts(f->r->scratch, p->description, country, &facts);
	/* What is advertised is better than what a board guesses. */
	if (facts.salary.present &&
	    (!p->salary.present || p->salary.predicted)) {
		p->salary = facts.salary;
		p->salary.in_text = true;
	}
	if (p->language == NULL)
		p->language = value_language(p->description);
	derive_years(f, &facts.years);
	derive_degree(f, &facts);
}
