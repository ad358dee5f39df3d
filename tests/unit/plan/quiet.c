#include "check.h"
#include "plan/plan.h"

#define MINUTE (60 * (int64_t)1000)

static struct arena *arena;

static void
begin(void)
{
	arena = arena_new((size_t)64 << 20);
}

/* When quiet ends for a UTC time, as text; "now" if it is not quiet. */
static const char *
quiet(const char *name, const char *start_end, int mo, int d, int h, int mi)
{
	struct civil c = { 2026, mo, d, h, mi, 0 };
	struct err e;
	struct zone *zone = zone_load(arena, name, &e);
	unsigned h1, m1, h2, m2;
	int64_t now = civil_to_ms(&c), until;

	CHECK_INT(sscanf(start_end, "%u:%u-%u:%u", &h1, &m1, &h2, &m2), 4);
	until = quiet_until(zone, h1 * 60 + m1, h2 * 60 + m2, now);
	return until == now ? "now" : clock_iso(arena, until);
}

static void
plain_days(void)
{
	CHECK_STR(quiet("UTC", "13:00-15:00", 7, 1, 12, 59), "now");
	CHECK_STR(
	    quiet("UTC", "13:00-15:00", 7, 1, 13, 0), "2026-07-01T15:00:00Z");
	CHECK_STR(
	    quiet("UTC", "13:00-15:00", 7, 1, 14, 59), "2026-07-01T15:00:00Z");
	CHECK_STR(quiet("UTC", "13:00-15:00", 7, 1, 15, 0), "now");
	CHECK_STR(quiet("UTC", "08:00-08:00", 7, 1, 8, 0), "now");
	CHECK_STR(
	    quiet("UTC", "00:00-23:59", 7, 1, 23, 58), "2026-07-01T23:59:00Z");
}

static void
across_midnight(void)
{
	const char *q = "22:00-07:00";

	CHECK_STR(
	    quiet("Europe/Berlin", q, 7, 1, 20, 0), "2026-07-02T05:00:00Z");
	CHECK_STR(
	    quiet("Europe/Berlin", q, 7, 2, 4, 59), "2026-07-02T05:00:00Z");
	CHECK_STR(quiet("Europe/Berlin", q, 7, 2, 5, 0), "now");
	CHECK_STR(quiet("Europe/Berlin", q, 7, 1, 19, 59), "now");
	CHECK_STR(
	    quiet("UTC", "22:00-00:00", 7, 1, 23, 0), "2026-07-02T00:00:00Z");
	/* Quiet but for a minute. */
	CHECK_STR(
	    quiet("UTC", "07:01-07:00", 7, 1, 7, 1), "2026-07-02T07:00:00Z");
	CHECK_STR(quiet("UTC", "07:01-07:00", 7, 1, 7, 0), "now");
}

/* Berlin, 25 October 2026: 02:00 to 03:00 comes twice, from 00:00Z on. */
static void
overlaps(void)
{
	/* It ends with the second pass of its end. */
	CHECK_STR(quiet("Europe/Berlin", "22:00-02:30", 10, 25, 0, 29),
	    "2026-10-25T01:30:00Z");
	CHECK_STR(quiet("Europe/Berlin", "22:00-02:30", 10, 25, 0, 45),
	    "2026-10-25T01:30:00Z");
	CHECK_STR(quiet("Europe/Berlin", "22:00-02:30", 10, 25, 1, 30), "now");
	/* It begins with the first pass of its start. */
	CHECK_STR(quiet("Europe/Berlin", "02:15-02:45", 10, 25, 0, 15),
	    "2026-10-25T01:45:00Z");
	CHECK_STR(quiet("Europe/Berlin", "02:15-02:45", 10, 25, 0, 50),
	    "2026-10-25T01:45:00Z");
	/* One quiet time may end within the next. */
	CHECK_STR(quiet("Europe/Berlin", "02:45-02:30", 10, 25, 0, 0),
	    "2026-10-26T01:30:00Z");
}

/* Berlin, 29 March 2026: 02:00 to 03:00 is missing, at 01:00Z. */
static void
gaps(void)
{
	CHECK_STR(quiet("Europe/Berlin", "22:00-02:30", 3, 29, 0, 59),
	    "2026-03-29T01:30:00Z");
	CHECK_STR(quiet("Europe/Berlin", "22:00-02:30", 3, 29, 1, 29),
	    "2026-03-29T01:30:00Z");
	CHECK_STR(quiet("Europe/Berlin", "22:00-02:30", 3, 29, 1, 30), "now");
	CHECK_STR(quiet("Europe/Berlin", "02:30-04:00", 3, 29, 1, 30),
	    "2026-03-29T02:00:00Z");
	/* The clock shows 03:05. */
	CHECK_STR(quiet("Europe/Berlin", "02:30-04:00", 3, 29, 1, 5),
	    "2026-03-29T02:00:00Z");
	CHECK_STR(quiet("Europe/Berlin", "02:30-04:00", 3, 29, 0, 59), "now");
	CHECK_STR(quiet("Europe/Berlin", "02:30-03:10", 3, 29, 1, 5),
	    "2026-03-29T01:10:00Z");
}

static void
missing_date(void)
{
	struct err e;
	struct zone *zone = zone_load(arena, "Pacific/Apia", &e);
	struct civil c = { 2011, 12, 30, 9, 0, 0 }; /* 29 December, 23:00 */
	int64_t now = civil_to_ms(&c);

	CHECK_STR(clock_iso(arena, quiet_until(zone, 22 * 60, 7 * 60, now)),
	    "2011-12-30T17:00:00Z");
}

/* No instant that the wall clock calls quiet is ever let through. */
static void
every_quarter_of_a_year(void)
{
	static const uint32_t ends[][2] = { { 1320, 420 }, { 150, 240 },
		{ 135, 165 }, { 0, 60 }, { 1410, 30 } };
	static const char *const names[] = { "Europe/Berlin",
		"Australia/Lord_Howe", "America/Santiago", "Antarctica/Troll",
		"Africa/Casablanca" };
	struct civil c = { 2026, 1, 1, 0, 0, 0 };
	struct err e;

	for (size_t z = 0; z < 5; z++) {
		struct zone *zone = zone_load(arena, names[z], &e);

		for (size_t i = 0; i < 5; i++)
			for (int q = 0; q < 365 * 96; q += 1 + q % 3) {
				int64_t now = civil_to_ms(&c) + q * 15 * MINUTE;
				uint32_t s = ends[i][0], t = ends[i][1], m;
				struct civil local;
				int64_t until = quiet_until(zone, s, t, now);

				zone_local(zone, now, &local);
				m = (uint32_t)(local.hour * 60 + local.minute);
				bool is_in =
				    s < t ? m >= s && m < t : m >= s || m < t;
				CHECK(!is_in || until > now);
				CHECK(until - now <= 26 * 60 * MINUTE);
				CHECK_INT(
				    quiet_until(zone, s, t, until), until);
			}
	}
}

static void
local_days(void)
{
	struct err e;
	struct zone *zone = zone_load(arena, "Pacific/Auckland", &e);
	struct civil c = { 2026, 7, 1, 12, 30, 0 },
		     want = { 2026, 7, 1, 20, 0, 0 };
	int64_t at;

	CHECK_STR(local_date(arena, zone, civil_to_ms(&c)), "2026-07-02");
	CHECK(local_minute(zone, civil_to_ms(&c), 8 * 60, &at));
	CHECK_INT(at, civil_to_ms(&want));
}

static void
done(void)
{
	arena_free(arena);
}

TESTS(TEST(begin), TEST(plain_days), TEST(across_midnight), TEST(overlaps),
    TEST(gaps), TEST(missing_date), TEST(every_quarter_of_a_year),
    TEST(local_days), TEST(done))
