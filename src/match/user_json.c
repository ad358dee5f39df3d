/*
 * A person out of JSON: as in careerd.yaml, or as a users row has it.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "match/match_int.h"

#define YEARS_MAX 80

/* The member under either of two names. */
static const struct json *
member(const struct json *o, const char *key, const char *other)
{
	const struct json *v = json_get(o, key);

	return v != NULL && !json_is_null(v) ? v : json_get(o, other);
}

static bool
is_absent(const struct json *v)
{
	return v == NULL || json_is_null(v);
}

static int
strings_read(struct arena *arena, const struct json *v, const char *what,
    const char *const **to, size_t *n, struct err *e)
{
	const char **list;

	*n = 0;
	*to = NULL;
	if (is_absent(v))
		return 0;
	if (!json_is_array(v))
		return err_set(e, ERR_DATA, "%s: a list expected", what);
	list = arena_array(arena, json_size(v) + 1, sizeof(*list));
	for (size_t i = 0; i < json_size(v); i++) {
		const char *text = json_text(json_at(v, i));

		if (text == NULL)
			return err_set(e, ERR_DATA, "%s: texts expected", what);
		list[(*n)++] = arena_strdup(arena, text);
	}
	*to = list;
	return 0;
}

static int
skill_read(struct arena *arena, const struct json *v, struct skill_wish *to,
    struct err *e)
{
	const char *name =
	    json_is_object(v) ? json_get_text(v, "name") : json_text(v);
	int64_t years = json_get_i64(v, "years", 0);

	if (str_is_empty(name))
		return err_set(
		    e, ERR_DATA, "skills: a name expected, or {name, years}");
	if (years < 0 || years > YEARS_MAX)
		return err_set(
		    e, ERR_DATA, "skills: years of %s out of range", name);
	to->name = arena_strdup(arena, name);
	to->years = (uint32_t)years;
	to->want = json_get_true(v, "want");
	return 0;
}

static int
skills_read(struct arena *arena, const struct json *v, struct user_conf *to,
    struct err *e)
{
	if (is_absent(v))
		return 0;
	if (!json_is_array(v))
		return err_set(e, ERR_DATA, "skills: a list expected");
	to->skills = arena_array(arena, json_size(v) + 1, sizeof(*to->skills));
	for (size_t i = 0; i < json_size(v); i++)
		if (skill_read(arena, json_at(v, i), &to->skills[to->nskills++],
			e) != 0)
			return -1;
	return 0;
}

static int
salary_read(
    struct arena *arena, const struct json *v, struct salary *to, struct err *e)
{
	const char *period;

	if (is_absent(v))
		return 0;
	if (!json_is_object(v))
		return err_set(
		    e, ERR_DATA, "salary: an object with min expected");
	to->present = true;
	to->min = json_double(json_get(v, "min"), 0);
	to->max = json_double(json_get(v, "max"), 0);
	to->currency = arena_strdup(arena, json_get_text(v, "currency"));
	period = json_text(member(v, "per", "period"));
	to->period = period == NULL ? PAY_YEAR : pay_period_parse(period);
	if (to->period == PAY_NONE)
		return err_set(e, ERR_DATA,
		    "salary: per is %s, not hour, day, week, month or year",
		    period);
	if (to->min < 0 || to->max < 0)
		return err_set(e, ERR_DATA, "salary: below zero");
	return 0;
}

static int
experience_read(const struct json *v, struct user_conf *to, struct err *e)
{
	const char *word = json_text(v);

	if (is_absent(v))
		return 0;
	to->experience = word == NULL ? EXP_NONE : experience_parse(word);
	if (to->experience == EXP_NONE)
		return err_set(e, ERR_DATA,
		    "experience: intern, junior, mid, senior, lead or "
		    "principal expected");
	return 0;
}

/* "remote" among the places where a row has a flag for it. */
static void
remote_add(struct arena *arena, struct user_conf *to)
{
	const char **list =
	    arena_array(arena, to->nlocations + 1, sizeof(*list));

	for (size_t i = 0; i < to->nlocations; i++) {
		if (str_eq_ci(to->locations[i], "remote"))
			return;
		list[i] = to->locations[i];
	}
	list[to->nlocations++] = "remote";
	to->locations = list;
}

/* A word that blocks everything is a mistake, said where it is made. */
static int
block_check(const struct user_conf *to, struct err *e)
{
	for (size_t i = 0; i < to->nblock_words; i++)
		if (str_is_empty(to->block_words[i]))
			return err_set(e, ERR_DATA,
			    "block: an empty word would hide every job");
	for (size_t i = 0; i < to->nblock_companies; i++)
		if (str_is_empty(to->block_companies[i]))
			return err_set(e, ERR_DATA,
			    "block: an empty company would hide every job");
	return 0;
}

static int
types_check(const struct user_conf *to, struct err *e)
{
	for (size_t i = 0; i < to->njob_types; i++)
		if (job_type_parse(to->job_types[i]) == JOB_TYPE_NONE)
			return err_set(e, ERR_DATA,
			    "job_types: %s is none; full-time, part-time, "
			    "contract, temporary, internship or volunteer "
			    "expected",
			    to->job_types[i]);
	return 0;
}

int
user_from_json(struct arena *arena, const struct json *o, struct user_conf *to,
    struct err *e)
{
	const struct json *block = json_get(o, "block");
	struct user_conf u = { .present = true };

	if (!json_is_object(o))
		return err_set(e, ERR_DATA, "user: an object expected");
	u.email = arena_strdup(arena, json_get_text(o, "email"));
	u.name = arena_strdup(arena, json_text(member(o, "name", "username")));
	u.time_zone = arena_strdup(arena, json_get_text(o, "time_zone"));
	u.locale = arena_strdup(arena, json_get_text(o, "locale"));
	if (skills_read(arena, json_get(o, "skills"), &u, e) != 0 ||
	    strings_read(arena, member(o, "locations", "preferred_locations"),
		"locations", &u.locations, &u.nlocations, e) != 0 ||
	    experience_read(
		member(o, "experience", "experience_level"), &u, e) != 0 ||
	    salary_read(arena, json_get(o, "salary"), &u.salary, e) != 0 ||
	    strings_read(arena, json_get(block, "companies"),
		"block: companies", &u.block_companies, &u.nblock_companies,
		e) != 0 ||
	    strings_read(arena, json_get(block, "words"), "block: words",
		&u.block_words, &u.nblock_words, e) != 0 ||
	    strings_read(arena, json_get(o, "job_types"), "job_types",
		&u.job_types, &u.njob_types, e) != 0 ||
	    block_check(&u, e) != 0 || types_check(&u, e) != 0)
		return -1;
	if (json_get_true(o, "prefer_remote_jobs"))
		remote_add(arena, &u);
	*to = u;
	return 0;
}
