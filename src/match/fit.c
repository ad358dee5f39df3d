/*
 * Right job? A score that is the sum of its named parts, and the evidence.
 */
#include <string.h>
#include "base/str.h"
#include "match/fit_int.h"

/*
 * What the parts weigh, of 100 when all apply. A part that does not apply
 * (no floor is set, the title names no skill) gives its weight to the rest.
 */
#define WEIGHT_SKILLS    50
#define WEIGHT_TITLE     10
#define WEIGHT_SENIORITY 12
#define WEIGHT_PLACE     14
#define WEIGHT_SALARY    7
#define WEIGHT_FRESH     7

/* One or two rare skills are evidence enough for all the points. */
#define SKILLS_WEIGHT_FULL 2.0
/* A skill that the person would like to use is worth half of one had. */
#define WANT_SHARE 0.5
/* Silence of a job about what the person asks: some points, not many. */
#define SILENCE_SHARE 0.4
#define DAY_MS        86400000LL
/* Newest: full points; a month old: none. */
#define FRESH_DAYS 30

struct meeting {
	struct arena *arena;
	const struct vocabulary *v;
	const struct job_view *job;
	const struct person *person;
	int64_t now_ms;
	struct fit *fit;
};

/* ---- evidence ---- */

static void
list_add(const char *const *list, size_t *n, const char *name)
{
	((const char **)list)[(*n)++] = name;
}

/* The heaviest first, so that sentences name what matters. */
static void
skills_sort(struct job_skill *skills, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i;
		     k > 0 && skills[k - 1].weight < skills[k].weight; k--) {
			struct job_skill swap = skills[k];

			skills[k] = skills[k - 1];
			skills[k - 1] = swap;
		}
}

/* Share of the skills part, 0 to 1, and the four lists. */
static double
skills_judge(const struct meeting *m)
{
	struct fit *fit = m->fit;
	size_t n = m->job->nskills;
	const char **lists = arena_array(m->arena, 4 * (n + 1), sizeof(*lists));
	double has = 0, all = 0;

	fit->matched = lists;
	fit->missing = lists + n + 1;
	fit->preferred = lists + 2 * (n + 1);
	fit->negated = lists + 3 * (n + 1);
	skills_sort(m->job->skills, n);
	for (size_t i = 0; i < n; i++) {
		const struct job_skill *s = &m->job->skills[i];
		const char *name = m->v->skills[s->skill].name;
		enum meets meets = person_meets(m->person, s->skill);

		if (s->negated) {
			list_add(fit->negated, &fit->nnegated, name);
			continue;
		}
		if (meets == MEETS_HAS) {
			has += s->weight;
			all += s->weight;
			list_add(fit->matched, &fit->nmatched, name);
			continue;
		}
		if (!person_misses(m->v, m->person, s->skill))
			continue;
		all += s->weight;
		has += meets == MEETS_WANTS ? s->weight * WANT_SHARE : 0;
		if (s->section == SECTION_PREFERRED)
			list_add(fit->preferred, &fit->npreferred, name);
		else if (s->section != SECTION_ABOUT)
			list_add(fit->missing, &fit->nmissing, name);
	}
	return has / (all > SKILLS_WEIGHT_FULL ? all : SKILLS_WEIGHT_FULL);
}

/* ---- the other parts: a share of 0 to 1, or -1 if they do not apply ---- */

static double
title_judge(const struct meeting *m)
{
	double has = 0;

	if (m->job->ntitle_skills == 0)
		return -1;
	for (size_t i = 0; i < m->job->ntitle_skills; i++) {
		enum meets meets =
		    person_meets(m->person, m->job->title_skills[i]);

		has += meets == MEETS_HAS     ? 1
		       : meets == MEETS_WANTS ? WANT_SHARE
					      : 0;
	}
	return has / (double)m->job->ntitle_skills;
}

static double
seniority_judge(const struct meeting *m)
{
	/* How far above (first row) or below the person's level the job is. */
	static const double above[] = { 1, 0.6, 0.2, 0, 0, 0, 0 };
	static const double below[] = { 1, 0.5, 0.1, 0, 0, 0, 0 };
	int wanted = (int)m->person->conf->experience;
	int offered = (int)m->job->experience;

	if (wanted == EXP_NONE)
		return -1;
	if (offered == EXP_NONE)
		return SILENCE_SHARE;
	return offered >= wanted ? above[offered - wanted]
				 : below[wanted - offered];
}

static double
place_share(const struct meeting *m)
{
	if (m->person->nplaces == 0 && !m->person->wants_remote)
		return -1;
	switch (place_judge(m->job, m->person)) {
	case PLACE_FITS:
	case PLACE_REMOTE:
		return 1;
	case PLACE_REMOTE_ABROAD:
		return 0.6;
	case PLACE_UNKNOWN:
		return SILENCE_SHARE;
	default:
		return 0;
	}
}

static double
salary_share(const struct meeting *m)
{
	const struct yearly *pay = &m->job->pay;
	double floor = m->person->floor.min;
	bool predicted = m->job->posting->salary.predicted;

	if (floor <= 0)
		return -1;
	switch (pay_judge(m->job, m->person)) {
	case PAY_ABOVE:
		return predicted ? 0.6 : 1;
	case PAY_REACHES:
		if (predicted)
			return 0.5;
		return pay->min > 0 ? 0.5 + 0.5 * (pay->max - floor) /
						(pay->max - pay->min)
				    : 0.75;
	case PAY_BELOW:
		return 0;
	default:
		return SILENCE_SHARE;
	}
}

static double
fresh_share(const struct meeting *m)
{
	const struct instant *posted = &m->job->posting->posted;
	double days;

	if (!posted->present)
		return SILENCE_SHARE;
	days = (double)(m->now_ms - posted->ms) / DAY_MS - 1;
	if (days <= 0)
		return 1;
	return days >= FRESH_DAYS - 1 ? 0 : 1 - days / (FRESH_DAYS - 1);
}

/* ---- the sum ---- */

/* Parts of 100 points in proportion to the weights of those that apply. */
static void
parts_add(struct fit *fit, const char *const *names, const double *shares,
    const int *weights, size_t n)
{
	int total = 0, sum = 0, given = 0;

	for (size_t i = 0; i < n; i++)
		total += shares[i] < 0 ? 0 : weights[i];
	for (size_t i = 0; i < n; i++) {
		struct fit_part *part;

		if (shares[i] < 0)
			continue;
		sum += weights[i];
		part = &fit->parts[fit->nparts++];
		part->name = names[i];
		part->of = (100 * sum + total / 2) / total - given;
		part->points = (int)(shares[i] * part->of + 0.5);
		given += part->of;
		fit->score += part->points;
	}
}

void
fit_score(struct arena *arena, const struct vocabulary *v,
    const struct user_conf *user, const struct posting *posting,
    const struct skill_hit *hits, size_t nhits, int64_t now_ms, struct fit *to)
{
	static const char *const names[] = { "skills", "title", "seniority",
		"place", "salary", "fresh" };
	static const int weights[] = { WEIGHT_SKILLS, WEIGHT_TITLE,
		WEIGHT_SENIORITY, WEIGHT_PLACE, WEIGHT_SALARY, WEIGHT_FRESH };
	struct job_view job;
	struct person person;
	struct meeting m = { arena, v, &job, &person, now_ms, to };

	memset(to, 0, sizeof(*to));
	job_view_make(arena, v, posting, hits, nhits, &job);
	person_make(arena, v, user, &person);
	const double shares[] = { skills_judge(&m), title_judge(&m),
		seniority_judge(&m), place_share(&m), salary_share(&m),
		fresh_share(&m) };

	parts_add(to, names, shares, weights, 6);
	to->held_back_by =
	    fit_held_back(arena, v, &job, &person, to->score, now_ms);
	to->why = fit_why(arena, v, &job, &person, to);
}

/* ---- as stored and shown ---- */

struct json *
fit_parts_json(const struct fit *fit)
{
	struct json *object = json_object();

	for (size_t i = 0; i < fit->nparts; i++) {
		struct json *part = json_object();

		json_set(part, "points", json_int(fit->parts[i].points));
		json_set(part, "of", json_int(fit->parts[i].of));
		json_set(object, fit->parts[i].name, part);
	}
	return object;
}

static struct json *
names_json(const char *const *names, size_t n)
{
	struct json *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_append(array, json_string(names[i]));
	return array;
}

struct json *
fit_evidence_json(const struct fit *fit)
{
	struct json *object = json_object();

	json_set(object, "matched", names_json(fit->matched, fit->nmatched));
	json_set(object, "missing", names_json(fit->missing, fit->nmissing));
	json_set(
	    object, "preferred", names_json(fit->preferred, fit->npreferred));
	json_set(object, "negated", names_json(fit->negated, fit->nnegated));
	json_set(object, "why", json_string(fit->why));
	return object;
}
