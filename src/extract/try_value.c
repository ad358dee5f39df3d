/*
 * Judgements of "careerd try" about typed values: JSON in, JSON out, the
 * keys are those of cli.md.
 */
#include <math.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "extract/value_int.h"

#define TRY_ARENA_BYTES (1024L * 1024)
#define DAY_MS          INT64_C(86400000)

static const void *(*zone_find)(const char *name);
static value_offset *zone_offset_of;

void
extract_try_zones(const void *(*find)(const char *name), value_offset *offset)
{
	zone_find = find;
	zone_offset_of = offset;
}

static int32_t
utc_offset(const void *zone, int64_t utc_ms)
{
	(void)zone;
	(void)utc_ms;
	return 0;
}

static struct json *
try_error(const char *text)
{
	struct json *out = json_object();

	json_set(out, "error", json_string(text));
	return out;
}

static struct json *
try_result(struct json *result)
{
	struct json *out = json_object();

	json_set(out, "result", result);
	return out;
}

static struct json *
instant_json(const struct instant *at, const void *zone, value_offset *offset)
{
	struct arena *a = arena_new(TRY_ARENA_BYTES);
	struct json *out = json_object();
	int64_t local = at->ms;

	if (at->date_only) {
		json_set(out, "utc", json_null());
	} else {
		json_set(out, "utc", json_string(clock_iso(a, at->ms)));
		local += (int64_t)offset(zone, at->ms) * 1000;
	}
	/* Only the day of the local time is shown. */
	json_set(out, "date",
	    json_string(arena_strndup(a, clock_iso(a, local), 10)));
	json_set(out, "approx", json_bool(at->approx));
	arena_free(a);
	return out;
}

static bool
day_order_parse(const char *hint, enum day_order *to)
{
	*to = DAY_ORDER_NONE;
	if (hint == NULL)
		return true;
	if (str_eq_ci(hint, "dmy"))
		*to = DAY_ORDER_DMY;
	else if (str_eq_ci(hint, "mdy"))
		*to = DAY_ORDER_MDY;
	return *to != DAY_ORDER_NONE;
}

/* The present moment: "now" of the input, else the clock. */
static bool
now_parse(const struct json *in, int64_t *now_ms)
{
	const char *text = json_get_text(in, "now");
	struct instant at;

	*now_ms = clock_wall_ms();
	if (text == NULL)
		return true;
	if (!value_date(text, *now_ms, 0, DAY_ORDER_NONE, &at))
		return false;
	*now_ms = at.ms;
	return true;
}

struct json *
try_date(const struct json *in)
{
	const struct json *text = json_get(in, "text");
	const char *name = json_get_text(in, "zone");
	value_offset *offset = utc_offset;
	const void *zone = NULL;
	enum day_order order;
	struct instant at = { 0 };
	int64_t now_ms;

	if (!json_is_string(text) && !json_is_number(text) &&
	    !json_is_null(text))
		return try_error("text: a string or a number is expected");
	if (!day_order_parse(json_get_text(in, "hint"), &order))
		return try_error("hint: dmy or mdy is expected");
	if (!now_parse(in, &now_ms))
		return try_error("now: not a date");
	if (name != NULL && !str_eq_ci(name, "UTC")) {
		zone = zone_find != NULL ? zone_find(name) : NULL;
		if (zone == NULL)
			return try_error("zone: not known");
		offset = zone_offset_of;
	}
	if (json_is_number(text) ? !value_epoch(json_double(text, 0), &at)
				 : !value_date_in(json_text(text), now_ms,
				       offset, zone, order, &at))
		return try_result(json_null());
	return try_result(instant_json(&at, zone, offset));
}

/* A whole number is written without ".0". */
static struct json *
number_json(double value)
{
	if (value == floor(value) && fabs(value) < 1e15)
		return json_int((int64_t)value);
	return json_real(value);
}

struct json *
try_salary(const struct json *in)
{
	struct json *out;
	struct pay pay;

	if (!json_is_string(json_get(in, "text")))
		return try_error("text: a string is expected");
	if (!value_pay(
		json_get_text(in, "text"), json_get_text(in, "country"), &pay))
		return try_result(json_null());
	out = json_object();
	json_set(out, "min", pay.has_min ? number_json(pay.min) : json_null());
	json_set(out, "max", pay.has_max ? number_json(pay.max) : json_null());
	json_set(out, "currency", json_string(pay.currency));
	json_set(out, "period",
	    json_string(pay.once ? "once" : pay_period_name(pay.period)));
	json_set(out, "predicted", json_bool(pay.predicted));
	return try_result(out);
}

static struct json *
facts_salary(const struct salary *s)
{
	struct json *out;

	if (!s->present)
		return json_null();
	out = json_object();
	json_set(out, "min", s->min > 0 ? number_json(s->min) : json_null());
	json_set(out, "max", s->max > 0 ? number_json(s->max) : json_null());
	json_set(out, "currency", json_string(s->currency));
	json_set(out, "period", json_string(pay_period_name(s->period)));
	return out;
}

static struct json *
facts_years(const struct years *y)
{
	struct json *out;

	if (!y->present)
		return json_null();
	out = json_object();
	json_set(out, "min", y->min >= 0 ? json_int(y->min) : json_null());
	json_set(out, "max", y->max >= 0 ? json_int(y->max) : json_null());
	return out;
}

static struct json *
facts_degree(const struct facts *f)
{
	struct json *out;

	if (f->degree == DEGREE_NONE)
		return json_null();
	out = json_object();
	json_set(out, "least", json_string(degree_name(f->degree)));
	json_set(out, "required", json_bool(f->degree_required));
	return out;
}

struct json *
try_facts(const struct json *in)
{
	const char *text = json_get_text(in, "text");
	const char *title = json_get_text(in, "title");
	struct facts f = { .salary = { 0 } };
	struct arena *a;
	struct json *out;

	if (text == NULL && title == NULL)
		return try_error("text or title: a string is expected");
	a = arena_new(LIMIT_JAIL_BYTES);
	value_facts(
	    a, text == NULL ? "" : text, json_get_text(in, "country"), &f);
	out = json_object();
	json_set(out, "salary", facts_salary(&f.salary));
	json_set(out, "years", facts_years(&f.years));
	json_set(out, "degree", facts_degree(&f));
	json_set(out, "language", json_string(value_language(text)));
	arena_free(a);
	return try_result(out);
}

static struct json *
place_json(const struct place *p)
{
	struct json *out = json_object();

	json_set(out, "city", json_string(p->city));
	json_set(out, "region", json_string(p->region));
	json_set(out, "country", json_string(p->country));
	return out;
}

struct json *
try_location(const struct json *in)
{
	struct arena *a;
	struct json *out, *places;
	struct location l;

	if (!json_is_string(json_get(in, "text")))
		return try_error("text: a string is expected");
	a = arena_new(LIMIT_JAIL_BYTES);
	out = json_object();
	places = json_array();
	value_location(a, json_get_text(in, "text"), &l);
	for (size_t i = 0; i < l.nplaces; i++)
		json_append(places, place_json(&l.places[i]));
	json_set(out, "places", places);
	json_set(out, "remote", json_string(remote_name(l.remote)));
	json_set(out, "scope", json_string(l.scope));
	arena_free(a);
	return try_result(out);
}
