/*
 * Quiet hours and the local day (semantics, 1.4).
 */
#include "plan/plan_int.h"

/* Dates do not vanish in a row: two more are enough to find one. */
#define MISSING_DATES_MAX 3
/* One quiet time may end within the next at a change of the clock. */
#define CHAIN_MAX 4

static int64_t
local_day(const struct civil *local)
{
	return civil_to_days(local->year, local->month, local->day);
}

static bool
day_instant(const struct zone *zone, int64_t day, uint32_t minute,
    bool second_pass, int64_t *utc_ms)
{
	struct civil local = { .hour = (int)minute / 60,
		.minute = (int)minute % 60 };

	civil_from_days(day, &local.year, &local.month, &local.day);
	return zone_instant(zone, &local, second_pass, utc_ms);
}

/* End of the quiet time that begins in a local date. */
static int64_t
quiet_end(const struct zone *zone, uint32_t start, uint32_t end, int64_t day)
{
	int64_t at = INT64_MIN;

	if (end < start)
		day++;
	for (int i = 0; i < MISSING_DATES_MAX; i++)
		if (day_instant(zone, day + i, end, true, &at))
			break;
	return at;
}

/* Is the wall clock between the two? Then *day is where it began. */
static bool
clock_is_quiet(
    const struct civil *local, uint32_t start, uint32_t end, int64_t *day)
{
	uint32_t minute = (uint32_t)(local->hour * 60 + local->minute);

	*day = local_day(local);
	if (start < end)
		return minute >= start && minute < end;
	if (minute >= start)
		return true;
	(*day)--;
	return minute < end;
}

static int64_t
quiet_once(
    const struct zone *zone, uint32_t start, uint32_t end, int64_t now_ms)
{
	struct civil local;
	int64_t day, begin, until;

	zone_local(zone, now_ms, &local);
	/* A start inside a gap moves behind it, yet what is left of the hour
	 * as the clock shows it is quiet too: never shorter than asked. */
	if (clock_is_quiet(&local, start, end, &day)) {
		until = quiet_end(zone, start, end, day);
		if (until > now_ms)
			return until;
	}
	for (day = local_day(&local) - 1; day <= local_day(&local) + 1; day++)
		if (day_instant(zone, day, start, false, &begin) &&
		    begin <= now_ms) {
			until = quiet_end(zone, start, end, day);
			if (until > now_ms)
				return until;
		}
	return now_ms;
}

int64_t
quiet_until(
    const struct zone *zone, uint32_t start, uint32_t end, int64_t now_ms)
{
	int64_t at = now_ms;

	if (start == end)
		return now_ms;
	for (int i = 0; i < CHAIN_MAX; i++) {
		int64_t until = quiet_once(zone, start, end, at);

		if (until == at)
			break;
		at = until;
	}
	return at;
}

char *
local_date(struct arena *a, const struct zone *zone, int64_t now_ms)
{
	struct civil local;

	zone_local(zone, now_ms, &local);
	return arena_printf(
	    a, "%04d-%02d-%02d", local.year, local.month, local.day);
}

bool
local_minute(
    const struct zone *zone, int64_t now_ms, uint32_t minute, int64_t *utc_ms)
{
	struct civil local;

	zone_local(zone, now_ms, &local);
	return day_instant(zone, local_day(&local), minute, false, utc_ms);
}
