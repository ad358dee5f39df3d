/*
 * The calendar against the C library's, and times as text.
 */
#include <time.h>
#include "base/clock.h"
#include "check.h"

#define DAY INT64_C(86400000)

static void
against_gmtime(void)
{
	/* About every 5th day of the years 1 to 9999, at odd hours. */
	for (int64_t s = INT64_C(-62135596800); s < INT64_C(253402300800);
	     s += 432000 + 12347) {
		time_t t = s;
		struct civil c;
		struct tm tm;
		gmtime_r(&t, &tm);
		civil_from_ms(s * 1000 + 999, &c);
		CHECK_INT(c.year, tm.tm_year + 1900);
		CHECK_INT(c.month, tm.tm_mon + 1);
		CHECK_INT(c.day, tm.tm_mday);
		CHECK_INT(c.hour, tm.tm_hour);
		CHECK_INT(c.minute, tm.tm_min);
		CHECK_INT(c.second, tm.tm_sec);
		CHECK_INT(civil_to_ms(&c), s * 1000);
		CHECK_INT(civil_weekday(civil_to_days(c.year, c.month, c.day)),
		    tm.tm_wday);
	}
}

static void
every_day_there_and_back(void)
{
	for (int64_t d = -800000; d < 800000; d++) {
		int y, m, day;
		civil_from_days(d, &y, &m, &day);
		CHECK(civil_is_date(y, m, day));
		CHECK_INT(civil_to_days(y, m, day), d);
	}
}

static void
dates_that_are_none(void)
{
	CHECK(civil_is_date(2024, 2, 29));
	CHECK(civil_is_date(2000, 2, 29));
	CHECK(!civil_is_date(1900, 2, 29));
	CHECK(!civil_is_date(2025, 2, 29));
	CHECK(!civil_is_date(2025, 4, 31));
	CHECK(!civil_is_date(2025, 13, 1));
	CHECK(!civil_is_date(2025, 0, 1));
	CHECK(!civil_is_date(2025, 1, 0));
	CHECK(!civil_is_date(2025, 1, 32));
}

static void
printed(void)
{
	struct arena *a = arena_new(10000);
	int64_t ms = civil_to_days(2026, 11, 24) * DAY + 30600000;

	CHECK_STR(clock_iso(a, ms), "2026-11-24T08:30:00Z");
	CHECK_STR(clock_iso(a, ms + 7), "2026-11-24T08:30:00.007Z");
	CHECK_STR(clock_iso(a, 0), "1970-01-01T00:00:00Z");
	CHECK_STR(clock_iso(a, -1), "1969-12-31T23:59:59.999Z");
	CHECK_STR(clock_rfc5322(a, ms), "Tue, 24 Nov 2026 08:30:00 +0000");
	CHECK_STR(clock_rfc5322(a, -DAY), "Wed, 31 Dec 1969 00:00:00 +0000");
	arena_free(a);
}

static void
relative(void)
{
	struct arena *a = arena_new(10000);
	int64_t now = 1000 * DAY;

	CHECK_STR(clock_relative(a, now, now), "just now");
	CHECK_STR(clock_relative(a, now - 59999, now), "just now");
	CHECK_STR(clock_relative(a, now + 59999, now), "just now");
	CHECK_STR(clock_relative(a, now - 60000, now), "1 minute ago");
	CHECK_STR(clock_relative(a, now + 7200000, now), "in 2 hours");
	CHECK_STR(clock_relative(a, now - 3 * DAY, now), "3 days ago");
	CHECK_STR(clock_relative(a, now - 13 * DAY, now), "13 days ago");
	CHECK_STR(clock_relative(a, now - 15 * DAY, now), "2 weeks ago");
	CHECK_STR(clock_relative(a, now - 70 * DAY, now), "2 months ago");
	CHECK_STR(clock_relative(a, now + 800 * DAY, now), "in 2 years");
	CHECK(clock_relative(a, INT64_MIN, INT64_MAX) != NULL);
	CHECK(clock_relative(a, INT64_MAX, INT64_MIN) != NULL);
	arena_free(a);
}

static int64_t
fixed(void)
{
	return 42;
}

static void
reading(void)
{
	int64_t mono = clock_mono_ms(), cpu = clock_cpu_ms();

	CHECK(clock_wall_ms() / 1000 >= time(NULL) - 1);
	clock_set_source(fixed);
	CHECK_INT(clock_wall_ms(), 42);
	clock_set_source(NULL);
	CHECK(clock_wall_ms() != 42);
	CHECK(clock_mono_ms() >= mono);
	CHECK(clock_cpu_ms() >= cpu);
}

TESTS(TEST(against_gmtime), TEST(every_day_there_and_back),
    TEST(dates_that_are_none), TEST(printed), TEST(relative), TEST(reading))
