/*
 * When a source is due: intervals run on elapsed time, days and cron lines
 * on the clock of a zone.
 */
#include <string.h>
#include "base/sha256.h"
#include "plan/plan_int.h"

/* A cron line may name 29 February: eight years may lie between two. */
#define LOOK_AHEAD_DAYS (9 * 366)
#define ALL_HOURS       0xffffffu

static int64_t
interval_next(const struct every *every, const char *key, int64_t after_ms)
{
	int64_t step = every->interval_ms;
	int64_t spread = (int64_t)(hash64(key, strlen(key)) % (uint64_t)step);
	int64_t past = (after_ms - spread) % step;

	if (past < 0)
		past += step;
	return after_ms - past + step;
}

static bool
day_matches(const struct every *every, const struct civil *date, int64_t day)
{
	uint32_t weekday = 1u << civil_weekday(day);

	if (every->kind == EVERY_DAY_AT)
		return (every->weekdays & weekday) != 0;
	if ((every->cron_month & 1u << date->month) == 0)
		return false;
	bool of_month = (every->cron_day & 1u << date->day) != 0;
	bool of_week = (every->cron_weekday & weekday) != 0;
	/* cron(8): with both fields restricted, either will do. */
	if (every->cron_any_day || every->cron_any_weekday)
		return of_month && of_week;
	return of_month || of_week;
}

static void
keep_earliest(const struct zone *zone, const struct civil *local,
    bool second_pass, int64_t after_ms, int64_t *best)
{
	int64_t at;

	if (zone_instant(zone, local, second_pass, &at) && at > after_ms &&
	    at < *best)
		*best = at;
}

/* The earliest instant after after_ms that lies in this local date. */
static int64_t
day_next(const struct every *every, const struct zone *zone,
    const struct civil *date, int64_t after_ms)
{
	int64_t best = INT64_MAX;
	struct civil local = *date;

	local.second = 0;
	if (every->kind == EVERY_DAY_AT) {
		local.hour = (int)every->minute / 60;
		local.minute = (int)every->minute % 60;
		keep_earliest(zone, &local, false, after_ms, &best);
		return best;
	}
	for (int m = 0; m < 24 * 60; m++) {
		if ((every->cron_hour & 1u << m / 60) == 0 ||
		    (every->cron_minute & UINT64_C(1) << m % 60) == 0)
			continue;
		local.hour = m / 60;
		local.minute = m % 60;
		keep_earliest(zone, &local, false, after_ms, &best);
		/* "Every hour" means real hours: both passes of one. */
		if (every->cron_hour == ALL_HOURS)
			keep_earliest(zone, &local, true, after_ms, &best);
	}
	return best;
}

static int64_t
calendar_next(
    const struct every *every, const struct zone *zone, int64_t after_ms)
{
	struct civil local;
	int64_t today, best = INT64_MAX, last;

	zone_local(zone, after_ms, &local);
	today = civil_to_days(local.year, local.month, local.day);
	last = today + LOOK_AHEAD_DAYS;
	/* Near a gap a time of one date may come later than some of the next
	 * (02:30 becomes 03:30), so one more day is looked at. */
	for (int64_t day = today - 1; day <= last; day++) {
		struct civil date = { 0 };
		int64_t at;

		civil_from_days(day, &date.year, &date.month, &date.day);
		if (!day_matches(every, &date, day))
			continue;
		at = day_next(every, zone, &date, after_ms);
		if (at < best)
			best = at;
		if (best != INT64_MAX && last > day + 1)
			last = day + 1;
	}
	return best;
}

int64_t
every_next(const struct every *every, const struct zone *zone, const char *key,
    int64_t after_ms)
{
	if (every->kind == EVERY_INTERVAL)
		return interval_next(every, key, after_ms);
	return calendar_next(every, zone, after_ms);
}
