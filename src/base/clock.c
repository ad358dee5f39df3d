#include "base/clock.h"

#include <stdlib.h>
#include <time.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

static int64_t (*wall_source)(void);

static int64_t
clock_ms(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t) == -1)
		fatal("clock %d cannot be read", (int)id);
	return (int64_t)t.tv_sec * SECOND_MS + t.tv_nsec / 1000000;
}

int64_t
clock_wall_ms(void)
{
	return wall_source != NULL ? wall_source() : clock_ms(CLOCK_REALTIME);
}

void
clock_set_source(int64_t (*source)(void))
{
	wall_source = source;
}

int64_t
clock_mono_ms(void)
{
	return clock_ms(CLOCK_MONOTONIC);
}

int64_t
clock_cpu_ms(void)
{
	return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/*
 * Years are counted from 1 March, so that a leap day is the last of its
 * year, and in eras of 400 years, which all have 146097 days. 719468 is the
 * number of days from 0000-03-01 to 1970-01-01.
 */
int64_t
civil_to_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = floor_div(y, 400);
	int64_t year_of_era = y - era * 400;
	int64_t day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
			     year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468;
}

void
civil_from_days(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = floor_div(z, 146097);
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t m = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

int
civil_weekday(int64_t days)
{
	int64_t w = (days + 4) % 7; /* 1970-01-01 was a Thursday */

	return (int)(w < 0 ? w + 7 : w);
}

bool
civil_is_date(int year, int month, int day)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (month < 1 || month > 12 || day < 1)
		return false;
	return day <= lengths[month - 1] + (month == 2 && leap);
}

int64_t
civil_to_ms(const struct civil *t)
{
	return civil_to_days(t->year, t->month, t->day) * DAY_MS +
	       t->hour * HOUR_MS + t->minute * MINUTE_MS +
	       t->second * SECOND_MS;
}

void
civil_from_ms(int64_t ms, struct civil *to)
{
	int64_t days = floor_div(ms, DAY_MS);
	int64_t rest = ms - days * DAY_MS;

	civil_from_days(days, &to->year, &to->month, &to->day);
	to->hour = (int)(rest / HOUR_MS);
	to->minute = (int)(rest / MINUTE_MS % 60);
	to->second = (int)(rest / SECOND_MS % 60);
}

char *
clock_iso(struct arena *a, int64_t ms)
{
	int fraction = (int)(ms - floor_div(ms, SECOND_MS) * SECOND_MS);
	struct civil t;

	civil_from_ms(ms, &t);
	if (fraction == 0)
		return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.year,
		    t.month, t.day, t.hour, t.minute, t.second);
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", t.year,
	    t.month, t.day, t.hour, t.minute, t.second, fraction);
}

char *
clock_rfc5322(struct arena *a, int64_t ms)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	struct civil t;

	civil_from_ms(ms, &t);
	return arena_printf(a, "%s, %d %s %04d %02d:%02d:%02d +0000",
	    days[civil_weekday(floor_div(ms, DAY_MS))], t.day,
	    months[t.month - 1], t.year, t.hour, t.minute, t.second);
}

char *
clock_relative(struct arena *a, int64_t ms, int64_t now_ms)
{
	static const struct {
		int64_t from_ms, unit_ms;
		const char *name;
	} units[] = {
		{ 730 * DAY_MS, 365 * DAY_MS, "year" },
		{ 60 * DAY_MS, 30 * DAY_MS, "month" },
		{ 14 * DAY_MS, 7 * DAY_MS, "week" },
		{ DAY_MS, DAY_MS, "day" },
		{ HOUR_MS, HOUR_MS, "hour" },
		{ MINUTE_MS, MINUTE_MS, "minute" },
	};
	bool past = ms <= now_ms;
	int64_t distance, n;

	if (__builtin_sub_overflow(now_ms, ms, &distance) ||
	    distance == INT64_MIN)
		distance = INT64_MAX;
	if (distance < 0)
		distance = -distance;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (distance < units[i].from_ms)
			continue;
		n = distance / units[i].unit_ms;
		return arena_printf(a, "%s%lld %s%s%s", past ? "" : "in ",
		    (long long)n, units[i].name, n == 1 ? "" : "s",
		    past ? " ago" : "");
	}
	return arena_strdup(a, "just now");
}
