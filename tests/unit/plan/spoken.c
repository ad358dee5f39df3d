/* Instants and outcomes as people say them. */
#include <string.h>
#include "check.h"
#include "plan/plan.h"

static int64_t
at(int y, int mo, int d, int h, int mi)
{
	struct civil c = { y, mo, d, h, mi, 0 };

	return civil_to_ms(&c);
}

static void
days(void)
{
	struct arena *a = arena_new(16UL << 20);
	struct err e = { 0 };
	struct zone *z = zone_load(a, "Europe/Berlin", &e);
	/* A Tuesday, 00:30 there, 23:30 of Monday in UTC. */
	int64_t now = at(2026, 11, 23, 23, 30);

	CHECK_STR(spoken_day(a, z, now - 1000, now), "today");
	CHECK_STR(spoken_day(a, z, now - 3600000, now), "yesterday");
	CHECK_STR(spoken_day(a, z, at(2026, 11, 22, 10, 0), now), "Sunday");
	CHECK_STR(spoken_day(a, z, at(2026, 11, 18, 10, 0), now), "Wednesday");
	CHECK_STR(
	    spoken_day(a, z, at(2026, 11, 17, 10, 0), now), "17 November");
	CHECK_STR(spoken_day(a, z, at(2025, 3, 9, 10, 0), now), "9 March 2025");
	CHECK_STR(spoken_minute(a, z, now, now), "Tue 24 Nov, 00:30");
	CHECK_STR(spoken_minute(a, z, at(2025, 7, 1, 6, 5), now),
	    "Tue 1 Jul 2025, 08:05");
	arena_free(a);
}

static void
outcomes(void)
{
	for (enum outcome o = 0; o < OUTCOME__MAX; o++)
		CHECK(strlen(outcome_words(o)) > 5);
	CHECK_STR(outcome_words(OUTCOME_THROTTLED), "asks for fewer requests");
	CHECK(outcome_saw_a_part(OUTCOME_TRUNCATED));
	CHECK(!outcome_saw_a_part(OUTCOME_BLOCKED));
}

TESTS(TEST(days), TEST(outcomes))
