/*
 * A posting as people and other programs read it (sources.md, "Fields").
 */
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "msg/msg_int.h"

/* Absent values are null, never "". */
static struct json *
text_json(const char *text)
{
	return json_string(text == NULL || text[0] == '\0' ? NULL : text);
}

static struct json *
list_json(const char *const *list, size_t n)
{
	struct json *array = json_array();

	for (size_t i = 0; i < n; i++)
		json_append(array, json_string(list[i]));
	return array;
}

static struct json *
places_json(const struct posting *p)
{
	struct json *array = json_array();

	for (size_t i = 0; i < p->nplaces; i++) {
		struct json *place = json_object();

		json_set(place, "city", text_json(p->places[i].city));
		json_set(place, "region", text_json(p->places[i].region));
		json_set(place, "country", text_json(p->places[i].country));
		json_append(array, place);
	}
	return array;
}

/* Whole amounts as integers: 75000, not 75000.0. */
static struct json *
amount_json(double amount)
{
	if (amount <= 0)
		return json_null();
	if (amount < 1e15 && amount == (double)(int64_t)amount)
		return json_int((int64_t)amount);
	return json_real(amount);
}

static struct json *
salary_json(const struct salary *s)
{
	struct json *object;

	if (!s->present)
		return json_null();
	object = json_object();
	json_set(object, "min", amount_json(s->min));
	json_set(object, "max", amount_json(s->max));
	json_set(object, "currency", text_json(s->currency));
	json_set(object, "period",
	    s->period == PAY_NONE ? json_null()
				  : json_string(pay_period_name(s->period)));
	json_set(object, "predicted", json_bool(s->predicted));
	return object;
}

static struct json *
instant_json(const struct instant *at, struct arena *arena)
{
	struct civil c;

	if (!at->present)
		return json_null();
	if (!at->date_only)
		return json_string(clock_iso(arena, at->ms));
	civil_from_ms(at->ms, &c);
	return json_string(
	    arena_printf(arena, "%04d-%02d-%02d", c.year, c.month, c.day));
}

static struct json *
metadata_json(const struct posting *p)
{
	struct json *object = json_object();

	for (size_t i = 0; i < p->nmetadata; i++)
		json_set(object, p->metadata[i].name,
		    text_json(p->metadata[i].value));
	return object;
}

struct json *
posting_json(const struct posting *p, struct arena *arena)
{
	struct json *o = json_object();

	json_set(o, "source", text_json(p->source));
	json_set(o, "external_id", text_json(p->external_id));
	json_set(o, "url", text_json(p->url));
	json_set(o, "apply_url", text_json(p->apply_url));
	json_set(o, "title", text_json(p->title));
	json_set(o, "company", text_json(p->company));
	json_set(o, "places", places_json(p));
	json_set(o, "remote", text_json(remote_name(p->remote)));
	json_set(o, "description", text_json(p->description));
	json_set(o, "description_html", text_json(p->description_html));
	json_set(o, "salary", salary_json(&p->salary));
	json_set(o, "job_type", text_json(job_type_name(p->job_type)));
	json_set(
	    o, "experience_level", text_json(experience_name(p->experience)));
	json_set(
	    o, "requirements", list_json(p->requirements, p->nrequirements));
	json_set(o, "benefits", list_json(p->benefits, p->nbenefits));
	json_set(o, "tags", list_json(p->tags, p->ntags));
	json_set(o, "language", text_json(p->language));
	json_set(o, "posted_date", instant_json(&p->posted, arena));
	json_set(o, "closes_date", instant_json(&p->closes, arena));
	json_set(o, "metadata", metadata_json(p));
	json_set(o, "warnings", list_json(p->warnings, p->nwarnings));
	return o;
}

/* ---- the reverse ---- */

struct reader {
	struct arena *arena;
	struct err *e;
	bool failed; /* e says about which key */
};

static void
fail(struct reader *r, const char *key, const char *wanted)
{
	if (!r->failed)
		err_set(r->e, ERR_DATA, "%s: %s expected", key, wanted);
	r->failed = true;
}

/* Text, or a number written as one (ids often are); NULL when absent. */
static const char *
read_text(struct reader *r, const struct json *object, const char *key)
{
	const struct json *v = json_get(object, key);
	const char *text = json_text(v);

	if (text != NULL)
		return text[0] == '\0' ? NULL : arena_strdup(r->arena, text);
	if (json_is_int(v))
		return arena_printf(
		    r->arena, "%lld", (long long)json_i64(v, 0));
	if (v != NULL && !json_is_null(v))
		fail(r, key, "text");
	return NULL;
}

static const char *const *
read_list(
    struct reader *r, const struct json *object, const char *key, size_t *n)
{
	const struct json *v = json_get(object, key);
	const char **list;

	*n = 0;
	if (v == NULL || json_is_null(v))
		return NULL;
	if (!json_is_array(v)) {
		fail(r, key, "a list of texts");
		return NULL;
	}
	list = arena_array(r->arena, json_size(v) + 1, sizeof(*list));
	for (size_t i = 0; list != NULL && i < json_size(v); i++) {
		const char *text = json_text(json_at(v, i));

		if (text == NULL)
			fail(r, key, "a list of texts");
		else
			list[(*n)++] = arena_strdup(r->arena, text);
	}
	return list;
}

static struct place *
read_places(struct reader *r, const struct json *object, size_t *n)
{
	const struct json *v = json_get(object, "places");
	struct place *places;

	*n = 0;
	if (v == NULL || json_is_null(v))
		return NULL;
	if (!json_is_array(v)) {
		fail(r, "places", "a list");
		return NULL;
	}
	places = arena_array(r->arena, json_size(v) + 1, sizeof(*places));
	for (size_t i = 0; places != NULL && i < json_size(v); i++) {
		const struct json *at = json_at(v, i);

		places[i].city = read_text(r, at, "city");
		places[i].region = read_text(r, at, "region");
		places[i].country = read_text(r, at, "country");
		*n = i + 1;
	}
	return places;
}

static double
read_amount(struct reader *r, const struct json *object, const char *key)
{
	const struct json *v = json_get(object, key);

	if (v != NULL && !json_is_null(v) && !json_is_number(v))
		fail(r, key, "a number");
	return json_double(v, 0);
}

static void
read_salary(struct reader *r, const struct json *object, struct salary *to)
{
	const struct json *v = json_get(object, "salary");
	const char *period;

	if (v == NULL || json_is_null(v))
		return;
	if (!json_is_object(v)) {
		fail(r, "salary", "an object");
		return;
	}
	to->present = true;
	to->min = read_amount(r, v, "min");
	to->max = read_amount(r, v, "max");
	to->currency = read_text(r, v, "currency");
	to->predicted = json_get_true(v, "predicted");
	period = read_text(r, v, "period");
	to->period = pay_period_parse(period);
	if (period != NULL && to->period == PAY_NONE)
		fail(r, "period", "hour, day, week, month or year");
}

/* The next n characters as a number, *text moved behind them. */
static bool
digits(const char **text, int n, int most, int *to)
{
	int value = 0;

	for (; n > 0; n--) {
		if (**text < '0' || **text > '9')
			return false;
		value = value * 10 + (*(*text)++ - '0');
	}
	*to = value;
	return value <= most;
}

static bool
sign(const char **text, char wanted)
{
	if (**text != wanted)
		return false;
	(*text)++;
	return true;
}

/* Milliseconds east of UTC behind a time: "", "Z", "+02:00", "-0530". */
static bool
zone_ms(const char *text, int64_t *to)
{
	bool west = text[0] == '-';
	int hours, minutes;

	*to = 0;
	if (str_eq(text, "") || str_eq_ci(text, "Z"))
		return true;
	if ((!sign(&text, '+') && !sign(&text, '-')) ||
	    !digits(&text, 2, 23, &hours))
		return false;
	(void)sign(&text, ':');
	if (!digits(&text, 2, 59, &minutes) || text[0] != '\0')
		return false;
	*to = (hours * 60 + minutes) * 60000LL;
	if (west)
		*to = -*to;
	return true;
}

/* "08:30:00", a fraction that is passed over, and a zone. */
static bool
time_parse(const char *text, struct civil *c, int64_t *zone)
{
	if (!digits(&text, 2, 23, &c->hour) || !sign(&text, ':') ||
	    !digits(&text, 2, 59, &c->minute) || !sign(&text, ':') ||
	    !digits(&text, 2, 60, &c->second))
		return false;
	if (sign(&text, '.'))
		text += strspn(text, "0123456789");
	return zone_ms(text, zone);
}

/* "2026-11-24", or with a time behind it. */
static bool
iso_parse(const char *text, struct instant *to)
{
	struct civil c = { .year = 0 };
	int64_t zone = 0;

	if (!digits(&text, 4, 9999, &c.year) || !sign(&text, '-') ||
	    !digits(&text, 2, 12, &c.month) || !sign(&text, '-') ||
	    !digits(&text, 2, 31, &c.day) ||
	    !civil_is_date(c.year, c.month, c.day))
		return false;
	*to = (struct instant){ .present = true };
	to->date_only = text[0] == '\0';
	if (!to->date_only && ((!sign(&text, 'T') && !sign(&text, ' ')) ||
				  !time_parse(text, &c, &zone)))
		return false;
	to->ms = civil_to_ms(&c) - zone;
	return true;
}

static void
read_instant(struct reader *r, const struct json *object, const char *key,
    struct instant *to)
{
	const char *text = read_text(r, object, key);

	if (text != NULL && !iso_parse(text, to))
		fail(r, key, "an ISO 8601 date");
}

static struct pair *
read_metadata(struct reader *r, const struct json *object, size_t *n)
{
	const struct json *v = json_get(object, "metadata");
	const char *key;
	struct json *value;
	struct pair *pairs;

	*n = 0;
	if (v == NULL || json_is_null(v))
		return NULL;
	if (!json_is_object(v)) {
		fail(r, "metadata", "an object");
		return NULL;
	}
	pairs = arena_array(r->arena, json_size(v) + 1, sizeof(*pairs));
	for (size_t i = 0; pairs && json_member(v, i, &key, &value); i++) {
		const char *text = json_text(value);

		if (json_is_null(value))
			continue;
		pairs[*n].name = arena_strdup(r->arena, key);
		pairs[(*n)++].value = text != NULL
					  ? arena_strdup(r->arena, text)
					  : json_dump(r->arena, value);
	}
	return pairs;
}

/* The word of a closed set; 0 when absent. */
static uint32_t
read_word(const char *word, uint32_t value, struct reader *r, const char *key)
{
	if (word != NULL && value == 0)
		fail(r, key, "one of its known words");
	return value;
}

static void
read_words(struct reader *r, const struct json *in, struct posting *to)
{
	const char *remote = read_text(r, in, "remote");
	const char *type = read_text(r, in, "job_type");
	const char *level = read_text(r, in, "experience_level");

	to->remote = read_word(remote, remote_parse(remote), r, "remote");
	to->job_type = read_word(type, job_type_parse(type), r, "job_type");
	to->experience =
	    read_word(level, experience_parse(level), r, "experience_level");
}

int
posting_from_json(struct arena *arena, const struct json *in,
    struct posting *to, struct err *e)
{
	struct reader r = { .arena = arena, .e = e };
	struct posting p = { .source = NULL };

	if (!json_is_object(in))
		return err_set(e, ERR_DATA, "a posting is a JSON object");
	p.source = read_text(&r, in, "source");
	p.external_id = read_text(&r, in, "external_id");
	p.url = read_text(&r, in, "url");
	p.apply_url = read_text(&r, in, "apply_url");
	p.title = read_text(&r, in, "title");
	p.company = read_text(&r, in, "company");
	p.location = read_text(&r, in, "location");
	p.places = read_places(&r, in, &p.nplaces);
	p.description = read_text(&r, in, "description");
	p.description_html = read_text(&r, in, "description_html");
	p.language = read_text(&r, in, "language");
	read_words(&r, in, &p);
	read_salary(&r, in, &p.salary);
	p.requirements = read_list(&r, in, "requirements", &p.nrequirements);
	p.benefits = read_list(&r, in, "benefits", &p.nbenefits);
	p.tags = read_list(&r, in, "tags", &p.ntags);
	read_instant(&r, in, "posted_date", &p.posted);
	read_instant(&r, in, "closes_date", &p.closes);
	p.metadata = read_metadata(&r, in, &p.nmetadata);
	p.warnings = read_list(&r, in, "warnings", &p.nwarnings);
	if (r.failed)
		return -1;
	*to = p;
	return 0;
}
