#include <time.h>
#include <unistd.h>
#include "check.h"
#include "plan/plan.h"

static struct arena *arena;

static struct zone *
zone_of(const char *name)
{
	struct err e;
	struct zone *zone;

	if (arena == NULL)
		arena = arena_new((size_t)64 << 20);
	zone = zone_load(arena, name, &e);
	if (zone == NULL)
		printf("%s\n", e.text);
	CHECK(zone != NULL);
	return zone;
}

static int64_t
instant(const char *zone, int y, int mo, int d, int h, int mi, bool second)
{
	struct civil local = { y, mo, d, h, mi, 0 };
	int64_t ms;

	return zone_instant(zone_of(zone), &local, second, &ms) ? ms : -1;
}

static int64_t
utc(int y, int mo, int d, int h, int mi)
{
	struct civil c = { y, mo, d, h, mi, 0 };

	return civil_to_ms(&c);
}

/* Those on which PostgreSQL, glibc and zoneinfo disagree. */
static void
gaps_and_overlaps(void)
{
	static const struct {
		const char *zone;
		int local[5], want[5];
	} v[] = {
		{ "Europe/Berlin", { 2026, 3, 29, 2, 30 },
		    { 2026, 3, 29, 1, 30 } },
		{ "Europe/Berlin", { 2026, 10, 25, 2, 30 },
		    { 2026, 10, 25, 0, 30 } },
		{ "America/New_York", { 2026, 3, 8, 2, 30 },
		    { 2026, 3, 8, 7, 30 } },
		{ "America/New_York", { 2026, 11, 1, 1, 30 },
		    { 2026, 11, 1, 5, 30 } },
		{ "Europe/Dublin", { 2026, 3, 29, 1, 30 },
		    { 2026, 3, 29, 1, 30 } },
		{ "Europe/Dublin", { 2026, 10, 25, 1, 30 },
		    { 2026, 10, 25, 0, 30 } },
		{ "Australia/Lord_Howe", { 2026, 10, 4, 2, 15 },
		    { 2026, 10, 3, 15, 45 } },
		{ "Australia/Lord_Howe", { 2026, 4, 5, 1, 45 },
		    { 2026, 4, 4, 14, 45 } },
		{ "America/Santiago", { 2026, 9, 6, 0, 0 },
		    { 2026, 9, 6, 4, 0 } },
		{ "America/Santiago", { 2026, 4, 4, 23, 30 },
		    { 2026, 4, 5, 2, 30 } },
		{ "Africa/Cairo", { 2026, 4, 24, 0, 0 },
		    { 2026, 4, 23, 22, 0 } },
		{ "Africa/Cairo", { 2026, 10, 29, 23, 30 },
		    { 2026, 10, 29, 20, 30 } },
		{ "Antarctica/Troll", { 2026, 3, 29, 1, 30 },
		    { 2026, 3, 29, 1, 30 } },
		{ "Asia/Kolkata", { 2026, 3, 29, 8, 0 },
		    { 2026, 3, 29, 2, 30 } },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		const int *l = v[i].local, *w = v[i].want;
		int64_t got =
		    instant(v[i].zone, l[0], l[1], l[2], l[3], l[4], false);

		if (got != utc(w[0], w[1], w[2], w[3], w[4]))
			printf("%s %d-%d-%d %d:%d\n", v[i].zone, l[0], l[1],
			    l[2], l[3], l[4]);
		CHECK_INT(got, utc(w[0], w[1], w[2], w[3], w[4]));
	}
}

static void
missing_dates(void)
{
	CHECK_INT(instant("Pacific/Apia", 2011, 12, 30, 8, 0, false), -1);
	CHECK_INT(instant("Pacific/Apia", 2011, 12, 30, 0, 0, true), -1);
	CHECK_INT(instant("Pacific/Apia", 2011, 12, 30, 23, 59, false), -1);
	CHECK_INT(instant("Pacific/Apia", 2011, 12, 31, 0, 0, false),
	    utc(2011, 12, 30, 10, 0));
	CHECK_INT(instant("Pacific/Apia", 2011, 12, 29, 23, 59, false),
	    utc(2011, 12, 30, 9, 59));
	CHECK_INT(instant("Pacific/Kwajalein", 1993, 8, 21, 12, 0, false), -1);
}

static void
second_passes(void)
{
	CHECK_INT(instant("Europe/Berlin", 2026, 10, 25, 2, 30, true),
	    utc(2026, 10, 25, 1, 30));
	/* In a gap both passes are the one instant. */
	CHECK_INT(instant("Europe/Berlin", 2026, 3, 29, 2, 30, true),
	    utc(2026, 3, 29, 1, 30));
	CHECK_INT(instant("Europe/Berlin", 2026, 7, 1, 12, 0, true),
	    utc(2026, 7, 1, 10, 0));
}

/* Beyond the last transition of the file its footer holds. */
static void
far_future(void)
{
	CHECK_INT(instant("Europe/Berlin", 2150, 7, 1, 12, 0, false),
	    utc(2150, 7, 1, 10, 0));
	CHECK_INT(instant("Europe/Berlin", 2150, 1, 1, 12, 0, false),
	    utc(2150, 1, 1, 11, 0));
	CHECK_INT(instant("Australia/Sydney", 2099, 1, 1, 0, 0, false),
	    utc(2098, 12, 31, 13, 0));
	CHECK_INT(
	    zone_offset(zone_of("America/Nuuk"), utc(2090, 7, 1, 0, 0)), -3600);
	CHECK_INT(
	    zone_offset(zone_of("Europe/Dublin"), utc(2090, 1, 1, 0, 0)), 0);
	CHECK_INT(
	    zone_offset(zone_of("Europe/Dublin"), utc(2090, 7, 1, 0, 0)), 3600);
}

static void
local_times(void)
{
	struct civil c;

	zone_local(zone_of("Asia/Kolkata"), utc(2026, 1, 1, 0, 0), &c);
	CHECK_INT(c.hour, 5);
	CHECK_INT(c.minute, 30);
	zone_local(zone_of("America/New_York"), -1, &c);
	CHECK_INT(c.year, 1969);
	CHECK_INT(c.hour, 18);
	CHECK_INT(c.second, 59);
	CHECK_INT(zone_offset(zone_of("UTC"), 0), 0);
	/* Before the first transition: local mean time. */
	CHECK_INT(
	    zone_offset(zone_of("Europe/Berlin"), utc(1800, 1, 1, 0, 0)), 3208);
}

/* Every change of every zone, 1970 to 2037, against another reader. */
static void
against_zoneinfo(void)
{
	char line[200], name[64], last[64] = "", first[32];
	struct zone *zone = NULL;
	long count = 0;
	FILE *f;

	if (access("tests/unit/plan/zone_vectors.py", R_OK) != 0)
		SKIP("zone_vectors.py is not here");
	f = popen("/usr/bin/python3 tests/unit/plan/zone_vectors.py", "r");
	CHECK(f != NULL);
	while (fgets(line, sizeof(line), f) != NULL) {
		struct civil c;
		long long second, got1 = -1, got2 = -1;
		int64_t ms;

		if (sscanf(line, "%63s %d %d %d %d %d %d %31s %lld", name,
			&c.year, &c.month, &c.day, &c.hour, &c.minute,
			&c.second, first, &second) != 9)
			CHECK(false);
		if (strcmp(name, last) != 0)
			zone = zone_of(name);
		snprintf(last, sizeof(last), "%s", name);
		bool is_there = zone_instant(zone, &c, false, &ms);
		if (is_there)
			got1 = ms / 1000;
		if (is_there && zone_instant(zone, &c, true, &ms))
			got2 = ms / 1000;
		if (is_there != (strcmp(first, "none") != 0) ||
		    (is_there &&
			(got1 != strtoll(first, NULL, 10) || got2 != second)))
			printf("%s got %lld %lld\n", line, got1, got2);
		CHECK_INT(is_there, strcmp(first, "none") != 0);
		if (is_there) {
			CHECK_INT(got1, strtoll(first, NULL, 10));
			CHECK_INT(got2, second);
		}
		count++;
	}
	CHECK_INT(pclose(f), 0);
	CHECK(count > 50000);
}

/* ---- bad files ---- */

struct file {
	uint8_t data[400];
	size_t n;
};

static void
add(struct file *f, const void *data, size_t n)
{
	memcpy(f->data + f->n, data, n);
	f->n += n;
}

static void
add_header(
    struct file *f, char version, uint8_t leap, uint8_t times, uint8_t types)
{
	uint8_t h[44] = { 'T', 'Z', 'i', 'f' };

	h[4] = (uint8_t)version;
	h[31] = leap;
	h[35] = times;
	h[39] = types;
	h[43] = 4;
	add(f, h, sizeof(h));
}

/* A zone of one hour, from 1970 on of two, with a footer. */
static struct file
small_file(const char *footer)
{
	struct file f = { { 0 }, 0 };
	static const uint8_t hour1[6] = { 0, 0, 0x0e, 0x10, 0, 0 };
	static const uint8_t hour2[6] = { 0, 0, 0x1c, 0x20, 1, 0 };
	static const uint8_t epoch[8] = { 0 };

	add_header(&f, '2', 0, 0, 1);
	add(&f, hour1, 6);
	add(&f, "ABC", 4);
	add_header(&f, '2', 0, 1, 2);
	add(&f, epoch, 8);
	add(&f, "\1", 1);
	add(&f, hour1, 6);
	add(&f, hour2, 6);
	add(&f, "ABC", 4);
	add(&f, footer, strlen(footer));
	return f;
}

static int32_t
small_offset(const char *footer, int64_t at_ms)
{
	struct file f = small_file(footer);
	struct err e;
	struct arena *a = arena_new(65536);
	struct zone *zone = zone_parse(a, f.data, f.n, &e);
	int32_t offset = zone == NULL ? -99 : zone_offset(zone, at_ms);

	arena_free(a);
	return offset;
}

static void
footers(void)
{
	int64_t june = utc(2030, 6, 15, 12, 0);

	CHECK_INT(small_offset("\n\n", june), 7200);
	CHECK_INT(small_offset("\n\n", -1), 3600);
	CHECK_INT(small_offset("\nABC-3\n", june), 10800);
	CHECK_INT(small_offset("\n<+0330>-3:30\n", june), 12600);
	CHECK_INT(small_offset("\nABC-1DEF,M3.5.0,M10.5.0/3\n", june), 7200);
	CHECK_INT(small_offset("\nABC-1DEF,J60/2,J300\n", june), 7200);
	CHECK_INT(small_offset("\nABC-1DEF,59,299/25\n", june), 7200);
	/* Always daylight: RFC 8536 section 3.3.1. */
	CHECK_INT(small_offset("\nEST5EDT,0/0,J365/25\n", june), -14400);
	CHECK_INT(
	    small_offset("\nEST5EDT,0/0,J365/25\n", utc(2030, 1, 1, 4, 30)),
	    -14400);
	CHECK_INT(small_offset("\nXXX3<+02>-2,M9.1.0/-1,M4.1.0/167:59:59\n",
		      utc(2030, 12, 31, 23, 0)),
	    7200);
}

static void
bad_footers(void)
{
	static const char *const bad[] = { "", "\n", "\nABC", "\nAB-1\n",
		"\nABC\n", "\nABC-1DEF\n", "\nABC-1DEF,M13.1.0,M1.1.0\n",
		"\nABC-1DEF,M3.6.0,M1.1.0\n", "\nABC-1DEF,M3.1.7,M1.1.0\n",
		"\nABC-1DEF,J0,J5\n", "\nABC-1DEF,J366,J5\n",
		"\nABC-1DEF,366,5\n", "\nABC-1DEF,M3.1.0/168,J5\n",
		"\nABC-25\n", "\nABC-1:60\n", "\n<ABC-1\n", "\nABC-1DEF,J5\n",
		"\nABC-1DEF,J5,J6 \n", "\nABC-99999999999999999999\n" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (small_offset(bad[i], 0) != -99)
			printf("accepted: %s\n", bad[i]);
		CHECK_INT(small_offset(bad[i], 0), -99);
	}
}

static void
bad_files(void)
{
	struct file good = small_file("\nABC-1\n"), f;
	struct arena *a = arena_new((size_t)1 << 20);
	struct err e;

	CHECK(zone_parse(a, good.data, good.n, &e) != NULL);
	for (size_t n = 0; n < good.n; n++)
		CHECK(zone_parse(a, good.data, n, &e) == NULL);
	/* No byte of the headers may lead out of the file. */
	for (size_t i = 0; i < good.n; i++)
		for (int value = 0; value < 256; value += 15) {
			struct zone *zone;

			f = good;
			f.data[i] = (uint8_t)value;
			zone = zone_parse(a, f.data, f.n, &e);
			if (zone != NULL)
				zone_offset(zone, utc(2030, 1, 1, 0, 0));
			arena_reset(a);
		}
	f = good;
	f.data[4] = 0;
	CHECK(zone_parse(a, f.data, f.n, &e) == NULL);
	CHECK_STR(e.text, "a TZif file of version 1");
	f = good;
	f.data[54 + 31] = 1;
	CHECK(zone_parse(a, f.data, f.n, &e) == NULL);
	CHECK_STR(e.text, "a zone that counts leap seconds");
	arena_free(a);
}

static void
names(void)
{
	static const char *const bad[] = { "", "/etc/passwd",
		"../../etc/passwd", "Europe/../../etc/passwd",
		"Europe/Berlin\n", "Europe/Nowhere", "Europe", "zone.tab",
		"a b" };
	struct arena *a = arena_new((size_t)1 << 20);
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(zone_load(a, bad[i], &e) == NULL);
	zone_load(a, "Europe/Nowhere", &e);
	CHECK(strstr(e.text, "unknown time zone 'Europe/Nowhere'") != NULL);
	static const char *const near[][2] = { { "Europe/Berln",
						   "Europe/Berlin" },
		{ "berlin", "Europe/Berlin" },
		{ "New_York", "America/New_York" },
		{ "Asia/Calcuta", "Asia/Calcutta" },
		{ "Kolkatta", "Asia/Kolkata" } };
	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
		zone_load(a, near[i][0], &e);
		if (strstr(e.text, near[i][1]) == NULL)
			printf("%s: %s\n", near[i][0], e.text);
		CHECK(strstr(e.text, near[i][1]) != NULL);
	}
	arena_free(a);
}

static void
done(void)
{
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(gaps_and_overlaps), TEST(missing_dates), TEST(second_passes),
    TEST(far_future), TEST(local_times), TEST(against_zoneinfo), TEST(footers),
    TEST(bad_footers), TEST(bad_files), TEST(names), TEST(done))
