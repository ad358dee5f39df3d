/*
 * The sentence that tells a person why.
 */
#include <string.h>
#include "base/str.h"
#include "match/fit_int.h"

#define WHY_BYTES  4000
#define WHY_SKILLS 3

static void
clause(struct buf *b, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	if (b->len > 0)
		buf_str(b, "; ");
	buf_str(b, text);
}

/* "Kubernetes", "Kubernetes and Helm", "Kubernetes, Helm, Go and 2 more". */
static const char *
names_text(struct arena *arena, const char *const *names, size_t n)
{
	size_t shown = n > WHY_SKILLS ? WHY_SKILLS : n;
	const char *text = "";

	for (size_t i = 0; i < shown; i++) {
		const char *join = i == 0                         ? ""
				   : i + 1 == shown && n == shown ? " and "
								  : ", ";

		text = arena_printf(arena, "%s%s%s", text, join, names[i]);
	}
	if (n > shown)
		text = arena_printf(arena, "%s and %zu more", text, n - shown);
	return text;
}

static const char *
skills_text(struct arena *arena, const struct job_view *job,
    const struct person *person, const struct fit *fit)
{
	size_t all = fit->nmatched + fit->nmissing;

	if (!job->has_text && all == 0)
		return "no description to judge by";
	if (person->nskills == 0)
		return "you list no skills to compare";
	if (all + fit->npreferred == 0)
		return "names no skill that we know";
	return arena_printf(arena, "%zu of %zu %s%s%s%s", fit->nmatched, all,
	    all == 1 ? "skill" : "skills", fit->nmatched == 0 ? "" : ": ",
	    names_text(arena, fit->matched, fit->nmatched),
	    job->has_text ? "" : ", by the title and tags alone");
}

static const char *
missing_text(struct arena *arena, const struct vocabulary *v,
    const struct person *person, const struct fit *fit)
{
	const char **names =
	    arena_array(arena, 2 * fit->nmissing + 2, sizeof(*names));
	const char **wanted = names + fit->nmissing + 1;
	size_t n = 0, nwanted = 0;
	const char *asks = "", *wants = "";

	for (size_t i = 0; i < fit->nmissing; i++) {
		int skill = vocabulary_index(v, fit->missing[i]);

		if (person_meets(person, skill) == MEETS_WANTS)
			wanted[nwanted++] = fit->missing[i];
		else
			names[n++] = fit->missing[i];
	}
	if (n > 0)
		asks = arena_printf(arena, "asks for %s, which you do not list",
		    names_text(arena, names, n));
	if (nwanted > 0)
		wants = arena_printf(arena, "%swould let you use %s",
		    n > 0 ? "; " : "", names_text(arena, wanted, nwanted));
	return arena_printf(arena, "%s%s", asks, wants);
}

/* The place as the job writes it: the one that suits, or the first. */
static const char *
place_name(const struct posting *p)
{
	if (p->nplaces > 0 && p->places[0].city != NULL)
		return p->places[0].city;
	return str_is_empty(p->location) ? NULL : p->location;
}

/* The person's own words for the place that suits. */
static const char *
place_wanted(struct arena *arena, const struct job_view *job,
    const struct person *person)
{
	struct person one = *person;

	for (size_t i = 0; i < person->conf->nlocations; i++) {
		struct posting p = { .location = person->conf->locations[i] };
		const char *key = place_key(arena, &p);

		one.places = &key;
		one.nplaces = 1;
		if (key[0] != '*' && place_judge(job, &one) == PLACE_FITS)
			return person->conf->locations[i];
	}
	return place_name(job->posting);
}

static const char *
place_text(struct arena *arena, const struct job_view *job,
    const struct person *person)
{
	const char *name = place_name(job->posting);

	if (person->nplaces == 0 && !person->wants_remote)
		return NULL;
	if (job->remote_denied && place_judge(job, person) != PLACE_FITS)
		return "called remote, but the text asks for presence";
	switch (place_judge(job, person)) {
	case PLACE_FITS:
		return arena_printf(
		    arena, "%s fits", place_wanted(arena, job, person));
	case PLACE_REMOTE:
		return person->wants_remote ? "remote fits" : "remote";
	case PLACE_REMOTE_ABROAD:
		return name == NULL
			   ? "remote"
			   : arena_printf(arena, "remote, open to %s", name);
	case PLACE_UNKNOWN:
		return "no place stated";
	default:
		return name == NULL ? NULL
				    : arena_printf(arena,
					  "%s is not among your places", name);
	}
}

/* "85k" for 85,000 of a year, else the amount. */
static const char *
amount_text(struct arena *arena, double amount, bool thousands)
{
	if (thousands && amount >= 1000)
		return arena_printf(arena, "%.*f",
		    amount / 1000 == (double)(int64_t)(amount / 1000) ? 0 : 1,
		    amount / 1000);
	return arena_printf(
	    arena, "%.*f", amount == (double)(int64_t)amount ? 0 : 2, amount);
}

const char *
pay_text(struct arena *arena, const struct salary *s)
{
	static const char *const periods[PAY__MAX] = { "", " an hour", " a day",
		" a week", " a month", "" };
	double least = s->min > 0 ? s->min : s->max;
	bool k = least >= 10000;
	bool range = s->min > 0 && s->max > s->min;

	return arena_printf(arena, "%s%s%s%s%s%s%s",
	    s->min > 0 || s->max <= 0 ? "" : "up to ",
	    amount_text(arena, least, k), range ? "\xe2\x80\x93" : "",
	    range ? amount_text(arena, s->max, k) : "", k ? "k" : "",
	    s->currency == NULL ? "" : arena_printf(arena, " %s", s->currency),
	    periods[s->period]);
}

static const char *
salary_text(struct arena *arena, const struct job_view *job,
    const struct person *person)
{
	const struct salary *s = &job->posting->salary;
	const char *pay = s->predicted ? "pay, as the board guesses," : "pay";

	if (person->floor.min <= 0)
		return NULL;
	switch (pay_judge(job, person)) {
	case PAY_ABOVE:
		return arena_printf(arena, "%s %s is above your floor", pay,
		    pay_text(arena, s));
	case PAY_REACHES:
		return arena_printf(
		    arena, "%s %s reaches your floor", pay, pay_text(arena, s));
	case PAY_BELOW:
		return arena_printf(arena, "%s %s is below your floor", pay,
		    pay_text(arena, s));
	case PAY_OTHER_CURRENCY:
		return arena_printf(arena,
		    "%s %s is in another currency than your floor", pay,
		    pay_text(arena, s));
	default:
		return "no pay stated";
	}
}

static const char *
level_text(struct arena *arena, const struct job_view *job,
    const struct person *person)
{
	enum experience wanted = person->conf->experience;

	if (wanted == EXP_NONE || job->experience == EXP_NONE ||
	    wanted == job->experience)
		return NULL;
	return arena_printf(arena, "for %s level, and yours is %s",
	    experience_name(job->experience), experience_name(wanted));
}

const char *
fit_why(struct arena *arena, const struct vocabulary *v,
    const struct job_view *job, const struct person *person,
    const struct fit *fit)
{
	struct buf b;
	const char *why;

	buf_init(&b, WHY_BYTES);
	clause(&b, skills_text(arena, job, person, fit));
	if (person->nskills > 0)
		clause(&b, missing_text(arena, v, person, fit));
	clause(&b, level_text(arena, job, person));
	clause(&b, place_text(arena, job, person));
	clause(&b, salary_text(arena, job, person));
	why = arena_strdup(arena, buf_cstr(&b));
	buf_fini(&b);
	return why;
}
