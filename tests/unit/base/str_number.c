/*
 * Numbers, durations and sizes: what is read, what is refused.
 */
#include "base/str.h"
#include "check.h"

static void
integers(void)
{
	static const char *const bad[] = { "", " 1", "1 ", "+1", "-", "--1",
		"1x", "0x10", "1.0", "9223372036854775808",
		"-9223372036854775809", "999999999999999999999999",
		"\xc2\xb9" };
	int64_t n = 5;

	CHECK_INT(str_to_i64("0", 0, 9, &n), 0);
	CHECK_INT(n, 0);
	CHECK_INT(str_to_i64("-17", INT64_MIN, 0, &n), 0);
	CHECK_INT(n, -17);
	CHECK_INT(str_to_i64("010", 0, 100, &n), 0);
	CHECK_INT(n, 10);
	CHECK_INT(str_to_i64("9223372036854775807", 0, INT64_MAX, &n), 0);
	CHECK_INT(n, INT64_MAX);
	CHECK_INT(str_to_i64("-9223372036854775808", INT64_MIN, 0, &n), 0);
	CHECK_INT(str_to_i64("10", 0, 9, &n), -1);
	CHECK_INT(str_to_i64("-1", 0, 9, &n), -1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_INT(str_to_i64(bad[i], INT64_MIN, INT64_MAX, &n), -1);
	CHECK_INT(n, INT64_MIN);
}

static void
reals(void)
{
	static const char *const bad[] = { "", " 1", "1 ", "+1", "-", ".5",
		"0x1p3", "inf", "nan", "1e", "1e999", "1,5", "1.2.3", "1e5x" };
	double d = 0;

	CHECK(str_to_double("1.5", &d) == 0 && d == 1.5);
	CHECK(str_to_double("-0.25", &d) == 0 && d == -0.25);
	CHECK(str_to_double("1e3", &d) == 0 && d == 1000);
	CHECK(str_to_double("7", &d) == 0 && d == 7);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_INT(str_to_double(bad[i], &d), -1);
}

static void
durations(void)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = { { "250ms", 250 }, { "90s", 90000 }, { "5m", 300000 },
		{ "5 min", 300000 }, { "6h", 21600000 }, { "2d", 172800000 },
		{ "1 day", 86400000 }, { "30 days", INT64_C(2592000000) },
		{ "2 years", INT64_C(63072000000) }, { "1w", 604800000 },
		{ "3 weeks", 1814400000 }, { "1 month", INT64_C(2592000000) },
		{ "0s", 0 }, { "1.5h", 5400000 }, { "2 Hours", 7200000 } };
	static const char *const bad[] = { "", "5", "s", "-5s", "5 s s", "5ss",
		"5x", "1e3s", "1..5s", ".s", "999999999999y", "5 ds", "1h30m",
		"99999999999999999999999999999999999s", "0.5e3s" };
	struct err e = { 0 };
	int64_t ms;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK_INT(str_to_duration_ms(good[i].text, &ms, &e), 0);
		CHECK_INT(ms, good[i].ms);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_INT(str_to_duration_ms(bad[i], &ms, &e), -1);
	CHECK_INT(e.kind, ERR_DATA);
	CHECK(strstr(e.text, "\nHINT: ") != NULL);
}

static void
sizes(void)
{
	static const struct {
		const char *text;
		int64_t bytes;
	} good[] = { { "2000", 2000 }, { "0", 0 }, { "16MiB", 16777216 },
		{ "512KiB", 524288 }, { "1GiB", 1073741824 }, { "2kB", 2000 },
		{ "3 MB", 3000000 }, { "1GB", 1000000000 }, { "1.5KiB", 1536 },
		{ "10 bytes", 10 }, { "10B", 10 } };
	static const char *const bad[] = { "", "MiB", "-1", "1 TiB", "1K",
		"9999999999GiB", "1 0" };
	struct err e = { 0 };
	int64_t n;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CHECK_INT(str_to_bytes(good[i].text, &n, &e), 0);
		CHECK_INT(n, good[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_INT(str_to_bytes(bad[i], &n, &e), -1);
}

static void
printed_and_read_again(void)
{
	static const int64_t values[] = { 0, 1, 999, 1000, 1024, 1536, 60000,
		90000, 3600000, 86400000, 604800000, 1048576, 1000000,
		1073741824, 1000000000, 123456789, INT64_MAX };
	struct arena *a = arena_new(1 << 16);
	int64_t n;

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		CHECK_INT(
		    str_to_duration_ms(str_duration(a, values[i]), &n, NULL),
		    0);
		CHECK_INT(n, values[i]);
		CHECK_INT(str_to_bytes(str_bytes(a, values[i]), &n, NULL), 0);
		CHECK_INT(n, values[i]);
	}
	CHECK_STR(str_duration(a, 21600000), "6h");
	CHECK_STR(str_duration(a, 90000), "90s");
	CHECK_STR(str_duration(a, 0), "0s");
	CHECK_STR(str_bytes(a, 16777216), "16MiB");
	CHECK_STR(str_bytes(a, 2000), "2kB");
	CHECK_STR(str_bytes(a, 7), "7");
	CHECK_STR(str_bytes(a, 0), "0");
	arena_free(a);
}

TESTS(TEST(integers), TEST(reals), TEST(durations), TEST(sizes),
    TEST(printed_and_read_again))
