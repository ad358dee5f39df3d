/*
 * The grammar of "every:" (sources.md): a duration, "DAYS at HH:MM [ZONE]",
 * or five cron fields and an optional zone.
 */
#include <string.h>
#include "base/str.h"
#include "plan/plan_int.h"

#define WORDS_MAX    16
#define INTERVAL_MIN 1000
#define INTERVAL_MAX (366 * DAY_MS)
#define ALL_WEEKDAYS 0x7fu
#define EXPECTED                                                        \
	"expected a duration (6h), days and a time (mon..fri at 07:00 " \
	"Europe/Berlin), or five cron fields"

static const char *const weekday_names[] = { "sunday", "monday", "tuesday",
	"wednesday", "thursday", "friday", "saturday" };
static const char *const month_names[] = { "january", "february", "march",
	"april", "may", "june", "july", "august", "september", "october",
	"november", "december" };

/* A cron field: what it is called and what it may hold. */
struct cron_field {
	const char *name;
	int min, max;
	const char *const *names; /* of min, min + 1, ...; or NULL */
	int nnames;
};
static const struct cron_field cron_fields[] = {
	{ "minute", 0, 59, NULL, 0 },
	{ "hour", 0, 23, NULL, 0 },
	{ "day of the month", 1, 31, NULL, 0 },
	{ "month", 1, 12, month_names, 12 },
	{ "weekday", 0, 7, weekday_names, 7 },
};

/* Text cut at white space. */
struct words {
	char *word[WORDS_MAX];
	int n;
};

static int
split(struct arena *a, const char *text, struct words *to, struct err *e)
{
	char *copy = str_fold_space(a, text), *save = NULL;

	to->n = 0;
	for (char *w = strtok_r(copy, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save)) {
		if (to->n == WORDS_MAX)
			return err_set(
			    e, ERR_CONFIG, "too many words; " EXPECTED);
		to->word[to->n++] = w;
	}
	if (to->n == 0)
		return err_set(e, ERR_CONFIG, "is empty; " EXPECTED);
	return 0;
}

/* A name in full or its first three letters; -1 if it is none. */
static int
name_index(const char *word, const char *const *names, int n)
{
	for (int i = 0; i < n; i++) {
		const char *name = names[i];

		if (str_eq_ci(word, name) ||
		    (strlen(word) == 3 && strncasecmp(word, name, 3) == 0))
			return i;
	}
	return -1;
}

static int
zone_word(struct arena *a, const char *name, struct every *to, struct err *e)
{
	struct arena *scratch = arena_new((size_t)1 << 20);
	struct zone *zone = zone_load(scratch, name, e);

	arena_free(scratch);
	if (zone == NULL) {
		if (e != NULL)
			e->kind = ERR_CONFIG;
		return -1;
	}
	to->zone = arena_strdup(a, name);
	return 0;
}

/* ---- days and a time ---- */

static int
weekday_word(const char *word, struct err *e)
{
	int day = name_index(word, weekday_names, 7);

	if (day == -1)
		err_set(e, ERR_CONFIG,
		    "'%s' is not a day; expected day, mon, tue, wed, thu, fri, "
		    "sat, sun, or a range such as mon..fri",
		    word);
	return day;
}

/* "mon", "mon..fri" or "sat..mon" added to the set. */
static int
weekday_range(char *word, uint32_t *set, struct err *e)
{
	char *dots = strstr(word, "..");
	int first, last;

	if (str_eq_ci(word, "day") || str_eq_ci(word, "daily")) {
		*set |= ALL_WEEKDAYS;
		return 0;
	}
	if (dots != NULL)
		*dots = '\0';
	first = weekday_word(word, e);
	last = dots == NULL ? first : weekday_word(dots + 2, e);
	if (first == -1 || last == -1)
		return -1;
	for (int day = first;; day = (day + 1) % 7) {
		*set |= 1u << day;
		if (day == last)
			return 0;
	}
}

static int
time_word(const char *word, uint32_t *minute, struct err *e)
{
	char hours[3] = "";
	const char *colon = strchr(word, ':');
	int64_t h, m;

	if (colon != NULL && colon - word >= 1 && colon - word <= 2) {
		str_copy(hours, word, (size_t)(colon - word) + 1);
		if (strlen(colon + 1) == 2 && word[0] != '+' &&
		    colon[1] != '+' && str_to_i64(hours, 0, 23, &h) == 0 &&
		    str_to_i64(colon + 1, 0, 59, &m) == 0) {
			*minute = (uint32_t)(h * 60 + m);
			return 0;
		}
	}
	return err_set(e, ERR_CONFIG,
	    "'%s' is not a time of day; expected HH:MM, 00:00 to 23:59", word);
}

static int
parse_days(
    struct arena *a, struct words *w, int at, struct every *to, struct err *e)
{
	to->kind = EVERY_DAY_AT;
	if (at == 0)
		return err_set(e, ERR_CONFIG, "no day before 'at'; " EXPECTED);
	for (int i = 0; i < at; i++) {
		char *save = NULL;

		for (char *d = strtok_r(w->word[i], ",", &save); d != NULL;
		     d = strtok_r(NULL, ",", &save))
			if (weekday_range(d, &to->weekdays, e) != 0)
				return -1;
	}
	if (at + 1 >= w->n)
		return err_set(
		    e, ERR_CONFIG, "no time after 'at'; expected HH:MM");
	if (time_word(w->word[at + 1], &to->minute, e) != 0)
		return -1;
	if (at + 3 < w->n)
		return err_set(e, ERR_CONFIG,
		    "'%s' is left over; expected one time zone after the time",
		    w->word[at + 3]);
	return at + 2 < w->n ? zone_word(a, w->word[at + 2], to, e) : 0;
}

/* ---- cron ---- */

static int
cron_value(const struct cron_field *f, const char *word, int *to, struct err *e)
{
	int64_t value;
	int named =
	    f->names == NULL ? -1 : name_index(word, f->names, f->nnames);

	if (named != -1) {
		*to = f->min + named;
		return 0;
	}
	if (word[0] == '+' || str_to_i64(word, f->min, f->max, &value) != 0)
		return err_set(e, ERR_CONFIG,
		    "'%s' is not a %s; expected %d to %d%s", word, f->name,
		    f->min, f->max, f->names == NULL ? "" : " or a name");
	*to = (int)value;
	return 0;
}

/* One element: "*", "5", "1-5", "*\/10", "8-18/2". */
static int
cron_element(
    const struct cron_field *f, char *word, uint64_t *set, struct err *e)
{
	char *slash = strchr(word, '/'), *dash;
	int first = f->min, last = f->max;
	int64_t step = 1;

	if (slash != NULL) {
		*slash = '\0';
		if (str_to_i64(slash + 1, 1, f->max, &step) != 0)
			return err_set(e, ERR_CONFIG,
			    "'%s' is not a step of a %s; expected 1 to %d",
			    slash + 1, f->name, f->max);
	}
	dash = strchr(word, '-');
	if (strcmp(word, "*") != 0) {
		if (dash != NULL)
			*dash = '\0';
		if (cron_value(f, word, &first, e) != 0)
			return -1;
		if (dash == NULL && slash == NULL)
			last = first;
		else if (dash != NULL && cron_value(f, dash + 1, &last, e) != 0)
			return -1;
	}
	if (first > last)
		return err_set(e, ERR_CONFIG,
		    "the range %d-%d of the %s runs backwards", first, last,
		    f->name);
	for (int64_t v = first; v <= last; v += step)
		*set |= UINT64_C(1) << v;
	return 0;
}

static int
cron_set(const struct cron_field *f, char *word, uint64_t *set, struct err *e)
{
	char *rest = word, *comma;

	*set = 0;
	do {
		comma = strchr(rest, ',');
		if (comma != NULL)
			*comma = '\0';
		if (cron_element(f, rest, set, e) != 0)
			return -1;
		rest = comma + 1;
	} while (comma != NULL);
	return 0;
}

/* "0 0 30 2 *" would wait for ever. */
static bool
cron_has_a_day(const struct every *every)
{
	static const uint32_t longest[] = { 0, 31, 29, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };

	if (!every->cron_any_weekday)
		return every->cron_any_day || every->cron_weekday != 0;
	for (uint32_t m = 1; m <= 12; m++)
		if ((every->cron_month & 1u << m) != 0 &&
		    (every->cron_day & ((2u << longest[m]) - 1)) != 0)
			return true;
	return false;
}

static int
parse_cron(struct arena *a, struct words *w, struct every *to, struct err *e)
{
	uint64_t set[5];

	to->kind = EVERY_CRON;
	if (w->n > 6)
		return err_set(e, ERR_CONFIG,
		    "'%s' is left over; expected five cron fields and a zone",
		    w->word[6]);
	to->cron_any_day = w->word[2][0] == '*';
	to->cron_any_weekday = w->word[4][0] == '*';
	for (int i = 0; i < 5; i++)
		if (cron_set(&cron_fields[i], w->word[i], &set[i], e) != 0)
			return -1;
	to->cron_minute = set[0];
	to->cron_hour = (uint32_t)set[1];
	to->cron_day = (uint32_t)set[2];
	to->cron_month = (uint32_t)set[3];
	/* 7 is Sunday too. */
	to->cron_weekday = (uint32_t)(set[4] | set[4] >> 7) & ALL_WEEKDAYS;
	if (!cron_has_a_day(to))
		return err_set(
		    e, ERR_CONFIG, "no month of this cron line has such a day");
	return w->n == 6 ? zone_word(a, w->word[5], to, e) : 0;
}

/* ---- all ---- */

static int
parse_interval(const char *text, struct every *to, struct err *e)
{
	struct err why;

	to->kind = EVERY_INTERVAL;
	if (str_to_duration_ms(text, &to->interval_ms, &why) != 0)
		return err_set(
		    e, ERR_CONFIG, "'%s' is not a schedule; " EXPECTED, text);
	if (to->interval_ms < INTERVAL_MIN || to->interval_ms > INTERVAL_MAX)
		return err_set(e, ERR_CONFIG,
		    "'%s' is out of range; expected 1s to 366 days", text);
	return 0;
}

int
every_parse(struct arena *a, const char *text, struct every *to, struct err *e)
{
	struct every every = { .zone = "UTC" };
	struct words w;
	int result;

	if (split(a, text, &w, e) != 0)
		return -1;
	int at = 0;
	while (at < w.n && !str_eq_ci(w.word[at], "at"))
		at++;
	if (at < w.n)
		result = parse_days(a, &w, at, &every, e);
	else if (w.n >= 5)
		result = parse_cron(a, &w, &every, e);
	else
		result = parse_interval(str_fold_space(a, text), &every, e);
	if (result != 0)
		return -1;
	every.text = arena_strdup(a, text);
	*to = every;
	return 0;
}
