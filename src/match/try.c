/*
 * The judgements of this room for "careerd try".
 */
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "match/match_int.h"

/* A posting, a person, and what is worked out of them. */
#define TRY_BYTES (64L * 1024 * 1024)

/* Kept between calls: the table is the same for each. */
static struct vocabulary *common;

static const struct vocabulary *
vocabulary_common(void)
{
	if (common == NULL)
		common = vocabulary_new(NULL, 0);
	return common;
}

static struct json *
failed(const struct err *e)
{
	struct json *object = json_object();

	json_set(object, "error", json_string(e->text));
	return object;
}

static struct json *
answer(struct json *result)
{
	struct json *object = json_object();

	json_set(object, "result", result);
	return object;
}

static struct json *
try_skills(struct arena *arena, const struct json *in, struct err *e)
{
	const char *text = json_get_text(in, "text");
	struct json *array;
	struct skill_hit *hits;
	size_t n;

	if (text == NULL) {
		err_set(e, ERR_DATA, "text: a text expected");
		return NULL;
	}
	hits = skills_scan(vocabulary_common(), arena, text, strlen(text), &n);
	array = json_array();
	for (size_t i = 0; i < n; i++) {
		struct json *hit = json_object();

		json_set(hit, "skill", json_string(hits[i].skill));
		json_set(
		    hit, "section", json_string(section_name(hits[i].section)));
		json_set(hit, "negated", json_bool(hits[i].negated));
		json_set(hit, "start", json_int(hits[i].start));
		json_set(hit, "end", json_int(hits[i].end));
		json_append(array, hit);
	}
	return array;
}

static int
posting_read(struct arena *arena, const struct json *in, const char *key,
    struct posting *to, struct err *e)
{
	memset(to, 0, sizeof(*to));
	if (!json_is_object(json_get(in, key)))
		return err_set(e, ERR_DATA, "%s: a posting expected", key);
	if (posting_from_json(arena, json_get(in, key), to, e) != 0)
		return err_prefix(e, "%s", key);
	/* A source is filled in by the database; here it may be given. */
	if (to->source == NULL)
		to->source = arena_strdup(
		    arena, json_get_text(json_get(in, key), "source"));
	if (to->location == NULL)
		to->location = arena_strdup(
		    arena, json_get_text(json_get(in, key), "location"));
	return 0;
}

static struct json *
try_same(struct arena *arena, const struct json *in, struct err *e)
{
	struct posting a, b;
	struct identity x, y;
	struct json *result;
	const char *rule;

	if (posting_read(arena, in, "a", &a, e) != 0 ||
	    posting_read(arena, in, "b", &b, e) != 0)
		return NULL;
	identity_make(arena, &a, &x);
	identity_make(arena, &b, &y);
	rule = identity_same(&x, &y);
	result = json_object();
	json_set(result, "same", json_bool(rule != NULL));
	json_set(result, "rule", json_string(rule));
	return result;
}

/* "now" is read as postings' dates are. */
static int
now_read(
    struct arena *arena, const struct json *in, int64_t *now_ms, struct err *e)
{
	struct posting p = { 0 };
	struct json *o;
	int failure;

	*now_ms = clock_wall_ms();
	if (json_get_text(in, "now") == NULL)
		return 0;
	o = json_object();
	json_set(o, "posted_date", json_string(json_get_text(in, "now")));
	failure = posting_from_json(arena, o, &p, e);
	json_free(o);
	if (failure != 0 || !p.posted.present)
		return err_set(e, ERR_DATA, "now: an ISO 8601 time expected");
	*now_ms = p.posted.ms;
	return 0;
}

static struct json *
try_fit(struct arena *arena, const struct json *in, struct err *e)
{
	struct vocabulary *v;
	struct user_conf user;
	struct posting job;
	struct skill_hit *hits;
	struct fit fit;
	struct json *result;
	const char **names;
	int64_t now_ms;
	size_t n;

	if (user_from_json(arena, json_get(in, "user"), &user, e) != 0 ||
	    posting_read(arena, in, "job", &job, e) != 0 ||
	    now_read(arena, in, &now_ms, e) != 0)
		return NULL;
	names = arena_array(arena, user.nskills + 1, sizeof(*names));
	for (size_t i = 0; i < user.nskills; i++)
		names[i] = user.skills[i].name;
	v = vocabulary_new(names, user.nskills);
	hits = posting_skills(v, arena, &job, &n);
	fit_score(arena, v, &user, &job, hits, n, now_ms, &fit);
	result = json_object();
	json_set(result, "score", json_int(fit.score));
	json_set(result, "parts", fit_parts_json(&fit));
	json_set(result, "evidence", fit_evidence_json(&fit));
	json_set(result, "held_back_by", json_string(fit.held_back_by));
	vocabulary_free(v);
	return result;
}

struct json *
match_try(const char *kind, const struct json *in)
{
	struct arena *arena = arena_new(TRY_BYTES);
	struct json *result = NULL;
	struct err e = { 0 };

	if (str_eq(kind, "skills"))
		result = try_skills(arena, in, &e);
	else if (str_eq(kind, "same"))
		result = try_same(arena, in, &e);
	else if (str_eq(kind, "fit"))
		result = try_fit(arena, in, &e);
	else
		err_set(&e, ERR_USAGE, "no judgement is called %s", kind);
	arena_free(arena);
	return result == NULL ? failed(&e) : answer(result);
}
