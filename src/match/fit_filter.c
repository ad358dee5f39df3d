/*
 * What keeps a job from a person, each rule by its name.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "match/fit_int.h"

#define CITY_BYTES 200
#define DAY_MS     86400000LL

/* ---- place ---- */

/* Is the part at wanted, m bytes, one of the parts of the item? */
static bool
item_has(const char *item, size_t n, const char *wanted, size_t m)
{
	const char *end = item + n;

	while (item < end) {
		size_t size = strcspn(item, ",;");

		if (size == m && memcmp(item, wanted, m) == 0)
			return true;
		item += size + 1;
	}
	return false;
}

/* Is all that the person wrote ("berlin", "de") said of the job's item? */
static bool
place_holds(const char *wanted, const char *item, size_t n)
{
	while (*wanted != '\0' && *wanted != ';') {
		size_t m = strcspn(wanted, ",;");

		if (!item_has(item, n, wanted, m))
			return false;
		wanted += m;
		wanted += *wanted == ',';
	}
	return true;
}

/* "Berlin, Germany" of a person and "Berlin" of a job fit as well. */
static bool
places_meet(const char *wanted, const char *places)
{
	char item[CITY_BYTES];

	while (*places != '\0') {
		size_t n = strcspn(places, ";");

		if (place_holds(wanted, places, n))
			return true;
		if (n < sizeof(item)) {
			memcpy(item, places, n);
			item[n] = '\0';
			if (place_same(wanted, item))
				return true;
		}
		places += n;
		places += *places == ';';
	}
	return false;
}

enum place_fit
place_judge(const struct job_view *job, const struct person *person)
{
	for (size_t i = 0; i < person->nplaces; i++)
		if (places_meet(person->places[i], job->places))
			return job->remote && person->wants_remote
				   ? PLACE_REMOTE
				   : PLACE_FITS;
	if (job->remote)
		return job->places[0] == '\0' ? PLACE_REMOTE
					      : PLACE_REMOTE_ABROAD;
	return job->places[0] == '\0' ? PLACE_UNKNOWN : PLACE_OTHER;
}

/* ---- pay ---- */

enum pay_fit
pay_judge(const struct job_view *job, const struct person *person)
{
	const char *asked = person->conf->salary.currency;
	const char *paid = job->posting->salary.currency;
	double floor = person->floor.min;

	if (floor <= 0 || job->pay.max <= 0)
		return PAY_UNKNOWN;
	if (asked != NULL && (paid == NULL || !str_eq_ci(asked, paid)))
		return PAY_OTHER_CURRENCY;
	if (job->pay.min >= floor)
		return PAY_ABOVE;
	return job->pay.max >= floor ? PAY_REACHES : PAY_BELOW;
}

/* ---- the rules ---- */

static const char *
company_rule(struct arena *arena, const struct job_view *job,
    const struct person *person)
{
	const char *company = job->posting->company;
	const char *key = employer_key(arena, company);

	for (size_t i = 0; i < person->conf->nblock_companies; i++) {
		const char *blocked = person->conf->block_companies[i];
		const char *other = employer_key(arena, blocked);

		if ((other[0] != '\0' && str_eq(key, other)) ||
		    employer_begins(arena, company, blocked))
			return arena_printf(
			    arena, "blocked company: %s", blocked);
	}
	return NULL;
}

static const char *
word_rule(struct arena *arena, const struct vocabulary *v,
    const struct job_view *job, const struct person *person)
{
	for (size_t i = 0; i < person->conf->nblock_words; i++) {
		const char *word = person->conf->block_words[i];

		/* A blank line blocks nothing. */
		if (str_is_empty(word))
			continue;
		if (text_says(v, job->posting->title, word) ||
		    text_says(v, job->posting->description, word))
			return arena_printf(arena, "blocked word: %s", word);
	}
	return NULL;
}

static const char *
type_rule(struct arena *arena, const struct job_view *job,
    const struct person *person)
{
	if (person->conf->njob_types == 0 || job->job_type == JOB_TYPE_NONE)
		return NULL;
	for (size_t i = 0; i < person->conf->njob_types; i++)
		if (job_type_parse(person->conf->job_types[i]) == job->job_type)
			return NULL;
	return arena_printf(
	    arena, "job type: %s", job_type_name(job->job_type));
}

/* The language codes of those that the vocabulary has as skills. */
static const char *
tongue_of(const char *code)
{
	static const char *const pairs[][2] = { { "en", "English" },
		{ "de", "German" }, { "fr", "French" }, { "es", "Spanish" },
		{ "it", "Italian" }, { "pt", "Portuguese" }, { "nl", "Dutch" },
		{ "pl", "Polish" }, { "cs", "Czech" }, { "ru", "Russian" },
		{ "uk", "Ukrainian" }, { "tr", "Turkish" }, { "ar", "Arabic" },
		{ "he", "Hebrew" }, { "zh", "Mandarin" }, { "ja", "Japanese" },
		{ "ko", "Korean" }, { "hi", "Hindi" }, { "vi", "Vietnamese" },
		{ "th", "Thai" }, { "sv", "Swedish" }, { "no", "Norwegian" },
		{ "nb", "Norwegian" }, { "da", "Danish" }, { "fi", "Finnish" },
		{ "hu", "Hungarian" }, { "ro", "Romanian" },
		{ "el", "Greek" } };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (str_eq(code, pairs[i][0]))
			return pairs[i][1];
	return NULL;
}

/* Only who lists languages is asked for them; the locale's counts too. */
static const char *
language_rule(struct arena *arena, const struct vocabulary *v,
    const struct job_view *job, const struct person *person)
{
	const char *code = job->posting->language;
	const char *tongue = code == NULL ? NULL : tongue_of(code);
	const char *locale = person->conf->locale;

	if (tongue == NULL || !person->lists_tongue ||
	    (locale != NULL && strncmp(locale, code, 2) == 0) ||
	    person_meets(person, vocabulary_index(v, tongue)) == MEETS_HAS)
		return NULL;
	return arena_printf(
	    arena, "language: written in %s, which you do not list", tongue);
}

static const char *
place_rule(struct arena *arena, const struct job_view *job,
    const struct person *person)
{
	const struct posting *p = job->posting;
	const char *where = p->location;

	if (person->nplaces == 0 && !person->wants_remote)
		return NULL;
	if (place_judge(job, person) != PLACE_OTHER)
		return NULL;
	if (p->nplaces > 0 && p->places[0].city != NULL)
		where = p->places[0].city;
	return arena_printf(arena, "place: %s",
	    where != NULL && where[0] != '\0' ? where : job->places);
}

static const char *
salary_rule(struct arena *arena, const struct job_view *job,
    const struct person *person)
{
	if (job->posting->salary.predicted ||
	    pay_judge(job, person) != PAY_BELOW)
		return NULL;
	return arena_printf(arena, "salary floor: pay %s",
	    pay_text(arena, &job->posting->salary));
}

const char *
fit_held_back(struct arena *arena, const struct vocabulary *v,
    const struct job_view *job, const struct person *person, int score,
    int64_t now_ms)
{
	const char *rule;

	if (job->posting->closes.present && job->posting->closes.ms < now_ms &&
	    !(job->posting->closes.date_only &&
		job->posting->closes.ms + DAY_MS > now_ms))
		return "closed";
	if ((rule = company_rule(arena, job, person)) != NULL ||
	    (rule = word_rule(arena, v, job, person)) != NULL ||
	    (rule = type_rule(arena, job, person)) != NULL ||
	    (rule = language_rule(arena, v, job, person)) != NULL ||
	    (rule = place_rule(arena, job, person)) != NULL ||
	    (rule = salary_rule(arena, job, person)) != NULL)
		return rule;
	if (score < LIMIT_MATCH_SCORE)
		return arena_printf(
		    arena, "low score: %d, below %d", score, LIMIT_MATCH_SCORE);
	return NULL;
}
