#include "check.h"
#include "base/str.h"
#include "plan/plan.h"

#define HOUR (3600 * (int64_t)1000)

static struct arena *arena;

static struct every
parsed(const char *text)
{
	struct every every;
	struct err e;

	if (every_parse(arena, text, &every, &e) != 0) {
		printf("%s: %s\n", text, e.text);
		CHECK(false);
	}
	return every;
}

/* The first due instant after a UTC time, as text. */
static const char *
next(const char *text, int y, int mo, int d, int h, int mi)
{
	struct civil c = { y, mo, d, h, mi, 0 };
	struct every every = parsed(text);
	struct err e;
	struct zone *zone = zone_load(arena, every.zone, &e);

	return clock_iso(
	    arena, every_next(&every, zone, "key", civil_to_ms(&c)));
}

static const char *
fault(const char *text)
{
	struct every every;
	struct err *e = arena_alloc(arena, sizeof(*e));

	if (every_parse(arena, text, &every, e) == 0)
		return "no fault";
	CHECK_INT(e->kind, ERR_CONFIG);
	return e->text;
}

static bool
faults(const char *text, const char *part)
{
	const char *got = fault(text);

	if (strstr(got, part) != NULL)
		return true;
	printf("%s: %s\n", text, got);
	return false;
}

static void
begin(void)
{
	arena = arena_new((size_t)256 << 20);
}

static void
intervals(void)
{
	struct every six = parsed("6h");
	int64_t first, second, at = 1790000000000;

	CHECK_INT(six.kind, EVERY_INTERVAL);
	CHECK_INT(six.interval_ms, 6 * HOUR);
	CHECK_STR(six.text, "6h");
	CHECK_STR(six.zone, "UTC");
	first = every_next(&six, NULL, "a/b", at);
	second = every_next(&six, NULL, "a/b", first);
	CHECK(first > at && first <= at + 6 * HOUR);
	CHECK_INT(second, first + 6 * HOUR);
	CHECK_INT(every_next(&six, NULL, "a/b", first - 1), first);
	/* Sources are spread, each always to the same place. */
	CHECK_INT(every_next(&six, NULL, "a/b", at), first);
	CHECK(every_next(&six, NULL, "a/c", at) != first);
	CHECK_INT(parsed(" 30 min ").interval_ms, HOUR / 2);
	CHECK_INT(parsed("2d").interval_ms, 48 * HOUR);
	/* Before the epoch too. */
	CHECK(every_next(&six, NULL, "a/b", -1) >= 0);
	CHECK(every_next(&six, NULL, "a/b", -1) <= 6 * HOUR);
}

static void
days(void)
{
	struct every e = parsed("mon..fri at 07:00");

	CHECK_INT(e.kind, EVERY_DAY_AT);
	CHECK_INT(e.weekdays, 0x3e);
	CHECK_INT(e.minute, 420);
	CHECK_STR(e.zone, "UTC");
	CHECK_INT(parsed("sat..mon at 0:05").weekdays, 0x43);
	CHECK_INT(parsed("mon,thu at 07:00").weekdays, 0x12);
	CHECK_INT(parsed("Monday, Thursday AT 07:00").weekdays, 0x12);
	CHECK_INT(parsed("day at 23:59").weekdays, 0x7f);
	CHECK_STR(parsed("day at 06:30 Europe/Berlin").zone, "Europe/Berlin");
	/* 2026-11-27 is a Friday. */
	CHECK_STR(next("mon..fri at 07:00", 2026, 11, 27, 6, 59),
	    "2026-11-27T07:00:00Z");
	CHECK_STR(next("mon..fri at 07:00", 2026, 11, 27, 7, 0),
	    "2026-11-30T07:00:00Z");
	CHECK_STR(next("day at 06:30 Europe/Berlin", 2026, 7, 1, 4, 30),
	    "2026-07-02T04:30:00Z");
	CHECK_STR(next("day at 00:30 Pacific/Auckland", 2026, 7, 1, 12, 0),
	    "2026-07-01T12:30:00Z");
	CHECK_STR(next("day at 23:30 America/New_York", 2026, 7, 1, 3, 0),
	    "2026-07-01T03:30:00Z");
}

static void
days_when_clocks_change(void)
{
	/* The gap moves it on, the overlap takes the first pass once. */
	CHECK_STR(next("day at 02:30 Europe/Berlin", 2026, 3, 28, 12, 0),
	    "2026-03-29T01:30:00Z");
	CHECK_STR(next("day at 02:30 Europe/Berlin", 2026, 10, 24, 12, 0),
	    "2026-10-25T00:30:00Z");
	CHECK_STR(next("day at 02:30 Europe/Berlin", 2026, 10, 25, 0, 30),
	    "2026-10-26T01:30:00Z");
	/* A date that does not exist has no occurrence. */
	CHECK_STR(next("day at 08:00 Pacific/Apia", 2011, 12, 29, 18, 0),
	    "2011-12-30T18:00:00Z");
	CHECK_STR(next("day at 08:00 Pacific/Apia", 2011, 12, 29, 17, 0),
	    "2011-12-29T18:00:00Z");
	CHECK_STR(next("fri at 08:00 Pacific/Apia", 2011, 12, 24, 0, 0),
	    "2012-01-05T18:00:00Z");
}

static void
cron(void)
{
	struct every e = parsed("*/15 8-18/2 * * mon-fri Europe/Berlin");

	CHECK_INT(e.kind, EVERY_CRON);
	CHECK(e.cron_minute == 0x200040008001);
	CHECK_INT(e.cron_hour, 0x55500 & 0x7ffff);
	CHECK(e.cron_any_day && !e.cron_any_weekday);
	CHECK_INT(e.cron_weekday, 0x3e);
	CHECK_STR(e.zone, "Europe/Berlin");
	CHECK_INT(parsed("0 0 * * 7").cron_weekday, 1);
	CHECK_INT(parsed("0 0 * * 5-7").cron_weekday, 0x61);
	CHECK_INT(parsed("0 0 * jan,Jul *").cron_month, 0x82);
	CHECK_STR(
	    next("30 6 * * *", 2026, 11, 27, 6, 30), "2026-11-28T06:30:00Z");
	CHECK_STR(
	    next("0 12 1 * *", 2026, 11, 27, 6, 30), "2026-12-01T12:00:00Z");
	CHECK_STR(
	    next("0 12 29 2 *", 2096, 3, 1, 0, 0), "2104-02-29T12:00:00Z");
	/* Day and weekday: either. The 13th of November 2026 is a Friday. */
	CHECK_STR(
	    next("0 0 13 * fri", 2026, 11, 6, 0, 0), "2026-11-13T00:00:00Z");
	CHECK_STR(
	    next("0 0 13 * fri", 2026, 12, 11, 0, 0), "2026-12-13T00:00:00Z");
	CHECK_STR(
	    next("*/20 * * * *", 2026, 1, 1, 10, 59), "2026-01-01T11:00:00Z");
}

static void
cron_when_clocks_change(void)
{
	/* Every real hour, also the one that comes twice or never. */
	CHECK_STR(next("0 * * * * Europe/Berlin", 2026, 10, 25, 0, 0),
	    "2026-10-25T01:00:00Z");
	CHECK_STR(next("0 * * * * Europe/Berlin", 2026, 3, 29, 0, 0),
	    "2026-03-29T01:00:00Z");
	/* Named hours once. */
	CHECK_STR(next("30 2 * * * Europe/Berlin", 2026, 10, 25, 0, 30),
	    "2026-10-26T01:30:00Z");
	CHECK_STR(next("30 2 * * * Europe/Berlin", 2026, 3, 29, 0, 0),
	    "2026-03-29T01:30:00Z");
}

static void
faults_are_named(void)
{
	CHECK(faults("", "is empty; expected a duration"));
	CHECK(faults("often", "'often' is not a schedule; expected"));
	CHECK(faults("0s", "out of range"));
	CHECK(faults("500 days", "out of range; expected 1s to 366 days"));
	CHECK(faults("mun at 07:00", "'mun' is not a day"));
	CHECK(faults("mon..fru at 07:00", "'fru' is not a day"));
	CHECK(faults("day at 7", "'7' is not a time of day"));
	CHECK(faults("day at 24:00", "'24:00' is not a time of day"));
	CHECK(faults("day at 07:60", "'07:60' is not a time"));
	CHECK(faults("day at 7:5", "'7:5' is not a time"));
	CHECK(faults("day at -1:30", "'-1:30' is not a time"));
	CHECK(faults("day at", "no time after 'at'"));
	CHECK(faults("at 07:00", "no day before 'at'"));
	CHECK(faults("day at 07:00 Europe/Berlin x", "'x' is left over"));
	CHECK(
	    faults("day at 07:00 Mars/Base", "unknown time zone 'Mars/Base'"));
	CHECK(faults("60 * * * *", "'60' is not a minute; expected 0 to 59"));
	CHECK(faults("* 24 * * *", "'24' is not a hour"));
	CHECK(faults("* * 0 * *", "'0' is not a day of the month"));
	CHECK(faults("* * * foo *", "'foo' is not a month"));
	CHECK(faults("* * * * 8", "'8' is not a weekday"));
	CHECK(faults("*/0 * * * *", "'0' is not a step"));
	CHECK(faults("5-2 * * * *", "runs backwards"));
	CHECK(faults("1,,2 * * * *", "'' is not a minute"));
	CHECK(
	    faults("0 0 30 2 *", "no month of this cron line has such a day"));
	CHECK(faults("* * * * * UTC x", "'x' is left over"));
	CHECK(faults("* * * * * Nowhere", "unknown time zone"));
	CHECK(faults("1 2 3 4 5 6 7 8 9 a b c d e f g h", "too many words"));
}

static void
done(void)
{
	arena_free(arena);
}

TESTS(TEST(begin), TEST(intervals), TEST(days), TEST(days_when_clocks_change),
    TEST(cron), TEST(cron_when_clocks_change), TEST(faults_are_named),
    TEST(done))
