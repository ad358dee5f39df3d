/*
 * What people read of a job, made of what is stored: its place, its pay,
 * when it was posted. Stored rows stay as they are; these are added.
 */
#include <math.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "store/shown_int.h"

#define PLACES_SHOWN 3

/* "70k", "1.5k", "45" */
static char *
amount_text(struct arena *a, double amount, bool thousands)
{
	if (!thousands)
		return arena_printf(
		    a, amount == floor(amount) ? "%.0f" : "%.2f", amount);
	amount /= 1000;
	return arena_printf(
	    a, amount == floor(amount) ? "%.0f" : "%.1f", amount);
}

/* "70–85k EUR a year", "from 45 EUR an hour (estimated)"; NULL if unknown. */
static char *
pay_text(struct arena *a, const struct json *salary)
{
	double min = json_double(json_get(salary, "min"), 0);
	double max = json_double(json_get(salary, "max"), 0);
	const char *currency = json_get_text(salary, "currency");
	const char *period = json_get_text(salary, "period");
	bool thousands =
	    (min == 0 || min >= 10000) && (max == 0 || max >= 10000);
	char *range, *text;

	if (min <= 0 && max <= 0)
		return NULL;
	if (min > 0 && max > 0 && min != max)
		range = arena_printf(a, "%s\xe2\x80\x93%s",
		    amount_text(a, min, thousands),
		    amount_text(a, max, thousands));
	else
		range = arena_printf(a, "%s%s",
		    min == max ? ""
		    : min > 0  ? "from "
			       : "up to ",
		    amount_text(a, min > 0 ? min : max, thousands));
	text = arena_printf(a, "%s%s%s%s", range, thousands ? "k" : "",
	    currency == NULL ? "" : " ", currency == NULL ? "" : currency);
	if (period != NULL)
		text = arena_printf(a, "%s %s %s", text,
		    str_eq(period, "hour") ? "an" : "a", period);
	if (json_get_true(salary, "predicted"))
		text = arena_printf(a, "%s (estimated)", text);
	return text;
}

/* "Berlin, DE", "Ontario, CA", "DE" */
static char *
place_text(struct arena *a, const struct json *place)
{
	const char *city = json_get_text(place, "city");
	const char *region = json_get_text(place, "region");
	const char *country = json_get_text(place, "country");
	const char *name = city != NULL ? city : region;

	if (name == NULL)
		return country == NULL ? NULL : arena_strdup(a, country);
	if (country == NULL)
		return arena_strdup(a, name);
	return arena_printf(a, "%s, %s", name, country);
}

/* The first places, "+N more" behind them; the source's words if none. */
static char *
places_text(struct arena *a, const struct json *job)
{
	const struct json *places = json_get(job, "places");
	const char *location = json_get_text(job, "location");
	const char *remote = json_get_text(job, "remote");
	char *text = NULL;
	size_t n = json_size(places), shown = 0;

	for (size_t i = 0; i < n && shown < PLACES_SHOWN; i++) {
		char *one = place_text(a, json_at(places, i));
		if (one == NULL)
			continue;
		text =
		    text == NULL ? one : arena_printf(a, "%s; %s", text, one);
		shown++;
	}
	if (text != NULL && n > shown)
		text = arena_printf(a, "%s +%zu more", text, n - shown);
	if (text == NULL && location != NULL)
		return arena_strdup(a, location);
	if (remote != NULL && !str_eq(remote, "onsite"))
		text = text == NULL ? arena_strdup(a, remote)
				    : arena_printf(a, "%s, %s", text, remote);
	return text;
}

void
shown_job(struct json *job, int64_t now_ms)
{
	struct arena *a = arena_new(1024UL * 1024);
	const struct json *posted = json_get(job, "posted_ms");

	json_set(job, "place", json_string(places_text(a, job)));
	json_set(job, "pay", json_string(pay_text(a, json_get(job, "salary"))));
	json_set(job, "posted",
	    json_string(json_is_number(posted)
			    ? clock_relative(a, json_i64(posted, 0), now_ms)
			    : NULL));
	arena_free(a);
}

void
shown_jobs(struct json *jobs, int64_t now_ms)
{
	for (size_t i = 0; i < json_size(jobs); i++)
		shown_job(json_at(jobs, i), now_ms);
}

struct json *
shown_ask(
    struct db *db, const char *sql, const struct args *args, struct err *err)
{
	struct json *answer = db_ask_json(db, sql, args, err);

	if (answer == NULL)
		return NULL;
	if (json_is_array(answer))
		shown_jobs(answer, db_now_ms(db));
	else
		shown_job(answer, db_now_ms(db));
	return answer;
}
