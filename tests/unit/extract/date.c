/* Dates: grammar, refusals, zones, and the conformance vectors. */
#include <math.h>
#include "base/clock.h"
#include "extract/value_int.h"
#include "plan/plan.h"
#include "vectors.h"

/* 2026-08-14T10:30:00Z, a Friday. */
#define NOW INT64_C(1786703400000)
#define DAY INT64_C(86400000)

static struct arena *arena;

/* "2026-08-14", "2026-08-14T10:30:00Z", "~..." if approximate, "-". */
static const char *
read_as(const char *text, int64_t now_ms, int32_t offset, enum day_order order)
{
	struct instant got = { 0 };
	char *iso;

	if (arena == NULL)
		arena = arena_new(1024L * 1024);
	arena_reset(arena);
	if (!value_date(text, now_ms, offset, order, &got))
		return "-";
	iso = clock_iso(arena, got.ms);
	if (got.date_only)
		iso = arena_strndup(arena, iso, 10);
	return arena_printf(arena, "%s%s", got.approx ? "~" : "", iso);
}

static const char *
of(const char *text)
{
	return read_as(text, NOW, 0, DAY_ORDER_NONE);
}

static void
iso_8601(void)
{
	CHECK_STR(of("2026-06-16T04:19:59+02:00"), "2026-06-16T02:19:59Z");
	CHECK_STR(of("2026-06-16 04:19:59.978Z"), "2026-06-16T04:19:59.978Z");
	CHECK_STR(of("2026-06-16T04:19"), "2026-06-16T04:19:00Z");
	CHECK_STR(of("2026-06-16T04:19:59,5-0330"), "2026-06-16T07:49:59.500Z");
	CHECK_STR(of("2026-06-16T04+02"), "2026-06-16T02:00:00Z");
	CHECK_STR(of("20260616T041959Z"), "2026-06-16T04:19:59Z");
	CHECK_STR(of("20260616041959"), "2026-06-16T04:19:59Z");
	CHECK_STR(of("2026-06-16T24:00:00Z"), "2026-06-17T00:00:00Z");
	CHECK_STR(of("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
	CHECK_STR(of("2026-W01-1"), "2025-12-29");
	CHECK_STR(of("2026-W53-4"), "2026-12-31");
	CHECK_STR(of("2025-W53-1"), "-");
	CHECK_STR(of("2024-366"), "2024-12-31");
	CHECK_STR(of("2026-366"), "-");
	CHECK_STR(of("2026-06"), "~2026-06-01");
	CHECK_STR(of("2026-06-16Z"), "2026-06-16");
	CHECK_STR(of("2026-06-16+02:00"), "2026-06-16");
	CHECK_STR(
	    of("2026-06-16T04:19:59[Europe/Berlin]"), "2026-06-16T04:19:59Z");
}

static void
names(void)
{
	CHECK_STR(of("Thu, 01 Jan 04 19:48:21 GMT"), "2004-01-01T19:48:21Z");
	CHECK_STR(of("Sunday, 06-Nov-94 08:49:37 GMT"), "1994-11-06T08:49:37Z");
	CHECK_STR(of("Sun Nov  6 08:49:37 1994"), "1994-11-06T08:49:37Z");
	CHECK_STR(of("Thu Aug 30 17:26:16 CEST 2012"), "2012-08-30T15:26:16Z");
	CHECK_STR(of("Thu Aug 30 2012 17:26:16 GMT+0200 (CEST)"),
	    "2012-08-30T15:26:16Z");
	CHECK_STR(of("July 13, 2026 at 5:00 p.m. ET"), "2026-07-13T21:00:00Z");
	CHECK_STR(of("January 13, 2026 5 PM ET"), "2026-01-13T22:00:00Z");
	CHECK_STR(of("14. M\xc3\xa4rz 2026, 9:30 Uhr"), "2026-03-14T09:30:00Z");
	CHECK_STR(
	    of("le 3 ao\xc3\xbbt 2026 \xc3\xa0 14h05"), "2026-08-03T14:05:00Z");
	CHECK_STR(of("5 de agosto del 2026"), "2026-08-05");
	CHECK_STR(of("3-Aug-2026"), "2026-08-03");
	CHECK_STR(of("2026-Aug-03"), "2026-08-03");
	CHECK_STR(of("AUG 3 '26"), "2026-08-03");
	CHECK_STR(of("August 2026"), "~2026-08-01");
	CHECK_STR(of("2026\xe5\xb9\xb4"
		     "8\xe6\x9c\x88"
		     "5\xe6\x97\xa5"),
	    "2026-08-05");
	CHECK_STR(of("Aug 20"), "2025-08-20");
	CHECK_STR(of("29 Feb"), "2024-02-29");
	CHECK_STR(of("30 Feb"), "-");
	CHECK_STR(of("31 June 2026"), "-");
}

static void
digits(void)
{
	CHECK_STR(of("14.08.2026"), "2026-08-14");
	CHECK_STR(of("14. 8. 2026 12:00"), "2026-08-14T12:00:00Z");
	CHECK_STR(of("24.12."), "2025-12-24");
	CHECK_STR(of("13/08/2026"), "2026-08-13");
	CHECK_STR(of("08-13-2026"), "2026-08-13");
	CHECK_STR(of("08/08/2026"), "2026-08-08");
	CHECK_STR(of("07/08/2026"), "-");
	CHECK_STR(read_as("07/08/26", NOW, 0, DAY_ORDER_DMY), "2026-08-07");
	CHECK_STR(read_as("07/08/26", NOW, 0, DAY_ORDER_MDY), "2026-07-08");
	CHECK_STR(read_as("12/25/26", NOW, 0, DAY_ORDER_DMY), "2026-12-25");
	CHECK_STR(of("13/45/2020"), "-");
	CHECK_STR(of("14-08-26"), "-");
	CHECK_STR(of("1.2.3"), "-");
	CHECK_STR(of("192.168.10.12"), "-");
	CHECK_STR(of("3.500.000"), "-");
}

static void
epoch(void)
{
	struct instant got;

	CHECK_STR(of("1781591433"), "2026-06-16T06:30:33Z");
	CHECK_STR(of("1778529611285"), "2026-05-11T20:00:11.285Z");
	CHECK_STR(of("1601535600.25"), "2020-10-01T07:00:00.250Z");
	CHECK_STR(of("0"), "-");
	CHECK_STR(of("-1781591433"), "-");
	CHECK_STR(of("99999999999999999999999999"), "-");
	CHECK(value_epoch(1, &got) && got.ms == 1000);
	CHECK(value_epoch(99999999999.0, &got) == false);
	CHECK(value_epoch(1e11, &got) && got.ms == 100000000000);
	CHECK(!value_epoch(0, &got) && !value_epoch(-5, &got));
	/* Microseconds, nanoseconds, and a day written as a number. */
	CHECK(value_epoch(1.7e15, &got) && got.ms == INT64_C(1700000000000));
	CHECK(value_epoch(1.7e18, &got) && got.ms == INT64_C(1700000000000));
	CHECK(!value_epoch(253402300799000, &got));
	CHECK(value_epoch(20251120, &got) && got.date_only);
	CHECK_INT(got.ms, INT64_C(1763596800000));
	CHECK(value_epoch(20251320, &got) && !got.date_only);
	CHECK(!value_epoch(1e300, &got) && !value_epoch(1e17, &got));
	CHECK(!value_epoch((double)NAN, &got));
}

static void
relative(void)
{
	CHECK_STR(of("Posted 3 Days Ago"), "2026-08-11");
	CHECK_STR(of("30+ days ago"), "~2026-07-15");
	CHECK_STR(of("vor \xc3\xbc"
		     "ber 30 Tagen"),
	    "~2026-07-15");
	CHECK_STR(of("il y a plus d'un mois"), "~2026-07-14");
	CHECK_STR(of("hace una semana"), "~2026-08-07");
	CHECK_STR(of("h\xc3\xa1 2 dias"), "2026-08-12");
	CHECK_STR(of("3 giorni fa"), "2026-08-11");
	CHECK_STR(of("2 dagen geleden"), "2026-08-12");
	CHECK_STR(of("avant-hier"), "2026-08-12");
	CHECK_STR(of("the day before yesterday"), "2026-08-12");
	CHECK_STR(of("last week"), "~2026-08-07");
	CHECK_STR(of("a few hours ago"), "~2026-08-14T07:30:00Z");
	CHECK_STR(of("15 min ago"), "~2026-08-14T10:15:00Z");
	CHECK_STR(of("2y ago"), "~2024-08-14");
	CHECK_STR(of("3mo"), "~2026-05-14");
	CHECK_STR(of("just posted"), "~2026-08-14T10:30:00Z");
	CHECK_STR(of("yesterday at 14:05"), "2026-08-13T14:05:00Z");
	CHECK_STR(of("Heute, 9:30 Uhr"), "2026-08-14T09:30:00Z");
	CHECK_STR(of("closes in 5 days"), "2026-08-19");
	CHECK_STR(of("5 days left"), "2026-08-19");
	CHECK_STR(of("99999 days ago"), "-");
	CHECK_STR(of("99999999999999999999 years ago"), "-");
	CHECK_STR(of("4000 years ago"), "-");
	CHECK_STR(of("-1 days ago"), "-");
	CHECK_STR(of("Posted -3 days ago"), "-");
	CHECK_STR(of("\xe2\x88\x92"
		     "1 day ago"),
	    "-");
	CHECK_STR(of("Oslo - 2 days ago"), "2026-08-12");
	CHECK_STR(of("1-2 days ago"), "2026-08-12");
}

static void
refused(void)
{
	static const char *const texts[] = { "", " ", "N/A", "-", "ASAP",
		"Open until filled", "2026", "0000-00-00", "0001-01-01",
		"9999-12-31", "9999-12-31T23:59:59Z", "2026-02-30",
		"2013-01-27-01", "2013-01-28T09:00:00+00:xx",
		"2026-08-14T25:00:00Z", "2026-08-14T10:61:00Z",
		"Sun, 16 Dec 2012 1:2:3:4 GMT", "Sun, 99 Jun 2009 12:00:00 GMT",
		"3 days", "40 hours per week", "24/7", "$50,000",
		"Hier bewerben", "13/45/2020", "2026-08-14 13:00 PM",
		"2026-08-14 0:30 am", "\xff\xfe", "\xe5\xb9\xb4", "1",
		"12345678", "99999999" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(of(texts[i]), "-") != 0) {
			printf("'%s' is %s\n", texts[i], of(texts[i]));
			CHECK(!"refused");
		}
	CHECK(!value_date(NULL, NOW, 0, DAY_ORDER_NONE, NULL));
	CHECK_STR(read_as("today", INT64_MAX, 0, DAY_ORDER_NONE), "-");
	CHECK_STR(read_as("today", INT64_MIN, 0, DAY_ORDER_NONE), "-");
}

/* Berlin in 2026: winter +1, summer +2 from 03-29 to 10-25, both at 01:00Z. */
static int32_t
berlin(const void *zone, int64_t utc_ms)
{
	(void)zone;
	return utc_ms >= INT64_C(1774746000000) &&
		       utc_ms < INT64_C(1792890000000)
		   ? 7200
		   : 3600;
}

static int64_t
in_berlin(const char *text)
{
	struct instant got = { 0 };

	CHECK(value_date_in(text, NOW, berlin, NULL, DAY_ORDER_NONE, &got));
	return got.ms;
}

static void
zones(void)
{
	CHECK_STR(read_as("2026-06-12 21:30", NOW, 7200, DAY_ORDER_NONE),
	    "2026-06-12T19:30:00Z");
	CHECK_STR(read_as("today", NOW + 12 * 3600000, 7200, DAY_ORDER_NONE),
	    "2026-08-15");
	CHECK_INT(in_berlin("2026-06-12 12:00"),
	    civil_to_days(2026, 6, 12) * DAY + 10 * 3600000);
	CHECK_INT(in_berlin("2026-01-12 12:00"),
	    civil_to_days(2026, 1, 12) * DAY + 11 * 3600000);
	/* A time that does not exist has the offset before the gap. */
	CHECK_INT(in_berlin("2026-03-29 02:30"),
	    civil_to_days(2026, 3, 29) * DAY + 90 * 60000);
	/* Of a time that comes twice the first is meant. */
	CHECK_INT(in_berlin("2026-10-25 02:30"),
	    civil_to_days(2026, 10, 25) * DAY + 30 * 60000);
	CHECK_INT(in_berlin("2026-10-25 03:00"),
	    civil_to_days(2026, 10, 25) * DAY + 120 * 60000);
}

static void
any_bytes(void)
{
	static const char alphabet[] = "0123456789/-.:+ ,TZ()'ago days vor "
				       "Jan\xc3\xa4\xe5\xb9\xb4\x01\xff";
	uint64_t seed = 7;

	for (int round = 0; round < 100000; round++) {
		char text[40];
		struct instant got;
		size_t n;

		for (n = 0; n < sizeof(text) - 1; n++) {
			seed =
			    seed * 6364136223846793005u + 1442695040888963407u;
			text[n] =
			    alphabet[(seed >> 33) % (sizeof(alphabet) - 1)];
			if ((seed >> 20) % 30 == 0)
				break;
		}
		text[n] = '\0';
		if (value_date(text, NOW, (int32_t)(seed % 50000),
			(enum day_order)(seed % 3), &got))
			CHECK(got.present && got.ms > -DAY * 40000 &&
			      got.ms < DAY * 90000);
	}
}

static struct arena *zone_arena;

static const void *
find_zone(const char *name)
{
	struct err e;

	return zone_load(zone_arena, name, &e);
}

static int32_t
offset_of(const void *zone, int64_t utc_ms)
{
	return zone_offset(zone, utc_ms);
}

/* Days that a coarse text may be off by. */
static int64_t
granularity_days(const struct json *c)
{
	const char *name = json_get_text(c, "granularity");

	if (name == NULL)
		return json_get_true(c, "at_least_old") ? 1 : 0;
	return strcmp(name, "month") == 0 ? 31 : 7;
}

static bool
agrees(const struct json *c, const struct json *got)
{
	const char *want = json_get_text(c, "expect");
	const char *utc = json_get_text(got, "utc");
	struct instant a, b;
	bool is_date;
	double tolerance_s;

	if (want == NULL || json_is_null(got))
		return want == NULL && json_is_null(got);
	is_date = strcmp(json_get_text(c, "kind"), "date") == 0;
	if (is_date != (utc == NULL) ||
	    json_get_true(c, "approx") != json_get_true(got, "approx"))
		return false;
	CHECK(value_date(want, NOW, 0, DAY_ORDER_NONE, &a));
	CHECK(value_date(is_date ? json_get_text(got, "date") : utc, NOW, 0,
	    DAY_ORDER_NONE, &b));
	tolerance_s = json_double(json_get(c, "tolerance_s"), 0) +
		      (double)granularity_days(c) * 86400;
	return fabs((double)(a.ms - b.ms)) <= tolerance_s * 1000;
}

static void
vectors(void)
{
	struct json *all = vectors_load("date-vectors.json");
	const struct json *cases = json_get(all, "cases");
	size_t right = 0, exact = 0;

	zone_arena = arena_new(8L * 1024 * 1024);
	extract_try_zones(find_zone, offset_of);
	for (size_t i = 0; i < json_size(cases); i++) {
		const struct json *c = json_at(cases, i);
		struct json *out = try_date(c);
		const struct json *got = json_get(out, "result");
		const char *want = json_get_text(c, "expect");
		const char *utc = json_get_text(got, "utc");

		if (agrees(c, got))
			right++;
		else
			printf("%s\n", json_get_text(c, "id"));
		exact += want != NULL &&
			 (utc != NULL ? strcmp(utc, want) == 0
				      : strcmp(json_get_text(got, "date"),
					    want) == 0);
		json_free(out);
	}
	printf("table: date vectors: %zu of %zu (%zu to the letter)\n", right,
	    json_size(cases), exact);
	CHECK_INT(right, json_size(cases));
	extract_try_zones(NULL, NULL);
	arena_free(zone_arena);
	json_free(all);
}

static void
judgement(void)
{
	struct err e;
	static const char text[] = "{\"text\": 5, \"zone\": \"X/Y\"}";
	struct json *in = json_parse(text, strlen(text), &e);
	struct json *out = try_date(in);

	CHECK_STR(json_get_text(out, "error"), "zone: not known");
	json_free(out);
	json_set(in, "zone", json_string("UTC"));
	out = try_date(in);
	CHECK_STR(json_get_text(json_get(out, "result"), "utc"),
	    "1970-01-01T00:00:05Z");
	json_free(out);
	json_set(in, "hint", json_string("ymd"));
	out = try_date(in);
	CHECK(json_get_text(out, "error") != NULL);
	json_free(out);
	json_free(in);
}

TESTS(TEST(iso_8601), TEST(names), TEST(digits), TEST(epoch), TEST(relative),
    TEST(refused), TEST(zones), TEST(any_bytes), TEST(judgement), TEST(vectors))
