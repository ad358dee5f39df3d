/*
 * Instants as people say them.
 */
#include "plan/plan_int.h"

/* From here back a weekday would be ambiguous. */
#define WEEKDAYS_BACK 7

static const char *const weekdays[] = { "Sunday", "Monday", "Tuesday",
	"Wednesday", "Thursday", "Friday", "Saturday" };
static const char *const months[] = { "January", "February", "March", "April",
	"May", "June", "July", "August", "September", "October", "November",
	"December" };

static int64_t
day_of(const struct civil *local)
{
	return civil_to_days(local->year, local->month, local->day);
}

char *
spoken_day(struct arena *a, const struct zone *zone, int64_t ms, int64_t now_ms)
{
	struct civil then, now;
	int64_t ago;

	zone_local(zone, ms, &then);
	zone_local(zone, now_ms, &now);
	ago = day_of(&now) - day_of(&then);
	if (ago == 0)
		return arena_strdup(a, "today");
	if (ago == 1)
		return arena_strdup(a, "yesterday");
	if (ago > 1 && ago < WEEKDAYS_BACK)
		return arena_strdup(a, weekdays[civil_weekday(day_of(&then))]);
	if (then.year == now.year)
		return arena_printf(
		    a, "%d %s", then.day, months[then.month - 1]);
	return arena_printf(
	    a, "%d %s %d", then.day, months[then.month - 1], then.year);
}

char *
spoken_minute(
    struct arena *a, const struct zone *zone, int64_t ms, int64_t now_ms)
{
	struct civil then, now;
	const char *day;

	zone_local(zone, ms, &then);
	zone_local(zone, now_ms, &now);
	day = arena_printf(a, "%.3s %d %.3s",
	    weekdays[civil_weekday(day_of(&then))], then.day,
	    months[then.month - 1]);
	if (then.year != now.year)
		day = arena_printf(a, "%s %d", day, then.year);
	return arena_printf(a, "%s, %02d:%02d", day, then.hour, then.minute);
}
