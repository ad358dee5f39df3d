/*
 * A job as fit sees it: skills once each with their weight, level, places,
 * pay by the year.
 */
#include <math.h>
#include <string.h>
#include "base/str.h"
#include "match/fit_int.h"

/* Hours, days, weeks and months that a year of work has. */
#define YEAR_HOURS  2080
#define YEAR_DAYS   260
#define YEAR_WEEKS  52
#define YEAR_MONTHS 12
/* Amounts without a period: from here on nobody is paid so by the month. */
#define YEARLY_FROM 15000
/* "$1.00 - $250,000": a lower end that small is there to fill a field. */
#define RANGE_MOST 20

/* Rarity: 2 for a skill that no description had, near 0 for all have it. */
static double
rarity(const struct skill *s)
{
	double w = 2 * log(10000.0 / (s->per_10k + 1)) / log(10000.0);

	if (str_eq(s->category, "soft"))
		w *= 0.25;
	else if (str_eq(s->category, "tongue"))
		w *= 0.5;
	return w < 0.05 ? 0.05 : w;
}

static double
section_factor(enum section section)
{
	static const double factors[SECTION__MAX] = {
		[SECTION_NONE] = 0.8,
		[SECTION_REQUIRED] = 1,
		[SECTION_PREFERRED] = 0.4,
		[SECTION_ABOUT] = 0.15,
		[SECTION_BENEFITS] = 0,
	};

	return factors[section];
}

static struct job_skill *
skill_find(struct job_view *job, int skill)
{
	for (size_t i = 0; i < job->nskills; i++)
		if (job->skills[i].skill == skill)
			return &job->skills[i];
	return NULL;
}

/*
 * Several mentions of one skill: the one that asks most counts, and a
 * negation unless another mention requires it.
 */
static void
hit_merge(struct job_view *job, int skill, const struct skill_hit *hit)
{
	struct job_skill *s = skill_find(job, skill);
	double old, new;

	if (s == NULL) {
		s = &job->skills[job->nskills++];
		*s = (struct job_skill){ skill, hit->section, hit->negated, 0 };
		return;
	}
	if (hit->negated) {
		s->negated |= s->section != SECTION_REQUIRED;
		return;
	}
	old = s->negated ? 0 : section_factor(s->section);
	new = section_factor(hit->section);
	if (s->negated && hit->section == SECTION_REQUIRED)
		s->negated = false;
	if (new > old)
		s->section = hit->section;
}

static void
skills_read(struct arena *arena, const struct vocabulary *v,
    const struct skill_hit *hits, size_t nhits, struct job_view *job)
{
	job->skills = arena_array(arena, nhits + 1, sizeof(*job->skills));
	for (size_t i = 0; i < nhits; i++) {
		int skill = vocabulary_index(v, hits[i].skill);

		if (skill >= 0 && hits[i].section != SECTION_BENEFITS)
			hit_merge(job, skill, &hits[i]);
	}
	for (size_t i = 0; i < job->nskills; i++) {
		struct job_skill *s = &job->skills[i];

		s->weight =
		    rarity(&v->skills[s->skill]) * section_factor(s->section);
	}
}

static void
title_skills_read(struct arena *arena, const struct vocabulary *v,
    const char *title, struct job_view *job)
{
	struct skill_hit *hits;
	size_t n;
	int *to;

	if (title == NULL)
		return;
	hits = skills_scan(v, arena, title, strlen(title), &n);
	to = arena_array(arena, n + 1, sizeof(*to));
	for (size_t i = 0; i < n; i++)
		to[i] = vocabulary_index(v, hits[i].skill);
	job->title_skills = to;
	job->ntitle_skills = n;
}

/* ---- place ---- */

/* The key without its remote items; true if it had one. */
static bool
remote_take(struct arena *arena, const char *key, const char **rest)
{
	char *to = arena_alloc(arena, strlen(key) + 1), *p = to;
	bool remote = false;

	*rest = to;
	while (*key != '\0') {
		size_t n = strcspn(key, ";"), skip = 0;

		if (*key == '*') {
			remote = true;
			skip = key[1] == ',' ? 2 : 1;
		}
		if (n > skip) {
			if (p > to)
				*p++ = ';';
			memcpy(p, key + skip, n - skip);
			p += n - skip;
		}
		key += n;
		key += *key == ';';
	}
	*p = '\0';
	return remote;
}

static void
place_read(struct arena *arena, const struct vocabulary *v,
    const struct posting *p, struct job_view *job)
{
	struct posting by_text = { .location = p->location };
	const char *unused;

	job->remote = remote_take(arena, place_key(arena, p), &job->places);
	/* A board that says nothing in its field may say so in its text. */
	if (p->remote == REMOTE_NONE && p->location != NULL)
		job->remote |=
		    remote_take(arena, place_key(arena, &by_text), &unused);
	job->remote |= p->remote == REMOTE_REMOTE;
	if (p->remote == REMOTE_ONSITE || p->remote == REMOTE_HYBRID)
		job->remote = false;
	/* Called remote, with presence asked for in the text. */
	if (job->remote && text_has_cue(v, p->description, CUE_PRESENCE)) {
		job->remote = false;
		job->remote_denied = true;
	}
}

/* ---- pay ---- */

static struct yearly
pay_yearly(const struct salary *s)
{
	static const double factors[PAY__MAX] = {
		[PAY_HOUR] = YEAR_HOURS,
		[PAY_DAY] = YEAR_DAYS,
		[PAY_WEEK] = YEAR_WEEKS,
		[PAY_MONTH] = YEAR_MONTHS,
		[PAY_YEAR] = 1,
	};
	struct yearly y = { 0, 0 };
	double factor = factors[s->period], max = s->max, min = s->min;

	if (!s->present)
		return y;
	if (max <= 0)
		max = min;
	if (min < max / RANGE_MOST)
		min = 0;
	if (s->period == PAY_NONE && max >= YEARLY_FROM)
		factor = 1;
	y.min = min * factor;
	y.max = max * factor;
	return y;
}

void
job_view_make(struct arena *arena, const struct vocabulary *v,
    const struct posting *p, const struct skill_hit *hits, size_t nhits,
    struct job_view *job)
{
	struct words places = { .n = 0 };
	struct title title;

	memset(job, 0, sizeof(*job));
	job->posting = p;
	job->has_text = !str_is_empty(p->description);
	skills_read(arena, v, hits, nhits, job);
	title_skills_read(arena, v, p->title, job);
	title_read(arena, p->title, &places, &title);
	job->experience = p->experience != EXP_NONE
			      ? p->experience
			      : level_experience(title.level);
	job->job_type = p->job_type;
	if (job->job_type == JOB_TYPE_NONE && title.level & UINT32_C(1)
								<< LEVEL_INTERN)
		job->job_type = JOB_INTERNSHIP;
	place_read(arena, v, p, job);
	job->pay = pay_yearly(&p->salary);
}

/* ---- the person ---- */

/* Who has a skill has its parents as well. */
static void
skill_learn(const struct vocabulary *v, const struct skill_wish *wish,
    struct person *to)
{
	uint8_t meets = wish->want ? MEETS_WANTS : MEETS_HAS;
	int skill = vocabulary_index(v, wish->name);

	if (skill < 0)
		return;
	to->nskills++;
	to->lists_soft |= str_eq(v->skills[skill].category, "soft");
	to->lists_tongue |= str_eq(v->skills[skill].category, "tongue");
	for (int i = 0; i < PARENTS_MAX && skill >= 0; i++) {
		if (to->meets[skill] < meets)
			to->meets[skill] = meets;
		skill = v->skills[skill].parent;
	}
}

void
person_make(struct arena *arena, const struct vocabulary *v,
    const struct user_conf *conf, struct person *to)
{
	memset(to, 0, sizeof(*to));
	to->conf = conf;
	to->meets = arena_alloc(arena, v->nskills + 1);
	for (size_t i = 0; i < conf->nskills; i++)
		skill_learn(v, &conf->skills[i], to);
	to->places =
	    arena_array(arena, conf->nlocations + 1, sizeof(*to->places));
	for (size_t i = 0; i < conf->nlocations; i++) {
		struct posting p = { .location = conf->locations[i] };

		to->wants_remote |= remote_take(
		    arena, place_key(arena, &p), &to->places[to->nplaces]);
		to->nplaces += to->places[to->nplaces][0] != '\0';
	}
	to->floor = pay_yearly(&conf->salary);
	if (to->floor.min <= 0)
		to->floor.min = to->floor.max;
}

enum meets
person_meets(const struct person *person, int skill)
{
	return skill < 0 ? MEETS_NOT : (enum meets)person->meets[skill];
}

bool
person_misses(
    const struct vocabulary *v, const struct person *person, int skill)
{
	const char *category = v->skills[skill].category;

	/* Nobody lists teamwork; who does is measured by it. */
	if (str_eq(category, "soft"))
		return person->lists_soft;
	return !str_eq(category, "tongue") || person->lists_tongue;
}
