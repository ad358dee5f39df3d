#include "check.h"
#include "plan/plan.h"

#define MINUTE (60 * (int64_t)1000)
#define DAY    (1440 * MINUTE)

static void
mails(void)
{
	static const int want[] = { 5, 5, 15, 30, 60, 120, 240, 240, 240 };

	for (int n = 0; n < 9; n++)
		CHECK_INT(backoff_mail_ms(n, 0), want[n] * MINUTE);
	CHECK_INT(backoff_mail_ms(1000000, 0), 240 * MINUTE);
	CHECK_INT(backoff_mail_ms(1, 0.2), 6 * MINUTE);
	CHECK_INT(backoff_mail_ms(1, -0.2), 4 * MINUTE);
}

static void
requests(void)
{
	CHECK_INT(backoff_fetch_ms(0, 0), 2000);
	CHECK_INT(backoff_fetch_ms(1, 0), 8000);
	CHECK_INT(backoff_fetch_ms(2, 0), 32000);
	CHECK_INT(backoff_fetch_ms(3, 0), 128000);
	CHECK_INT(backoff_fetch_ms(4, 0), 512000);
	CHECK_INT(backoff_fetch_ms(5, 0), 15 * MINUTE);
	CHECK_INT(backoff_fetch_ms(1000, 0), 15 * MINUTE);
	CHECK_INT(backoff_fetch_ms(1, 0.5), 12000);
}

static void
workers(void)
{
	CHECK_INT(backoff_spawn_ms(0), 0);
	CHECK_INT(backoff_spawn_ms(1), 0);
	CHECK_INT(backoff_spawn_ms(2), 100);
	CHECK_INT(backoff_spawn_ms(3), 200);
	CHECK_INT(backoff_spawn_ms(10), 25600);
	CHECK_INT(backoff_spawn_ms(11), 30000);
	CHECK_INT(backoff_spawn_ms(1000000), 30000);
}

static int64_t
date_ms(int y, int mo, int d, int h, int mi, int s)
{
	struct civil c = { y, mo, d, h, mi, s };

	return civil_to_ms(&c);
}

static void
retry_after(void)
{
	int64_t now = date_ms(1994, 11, 6, 8, 49, 0);

	CHECK_INT(retry_after_ms("120", now), 120000);
	CHECK_INT(retry_after_ms(" 120 ", now), 120000);
	CHECK_INT(retry_after_ms("0", now), 0);
	CHECK_INT(retry_after_ms("1000000000000", now), DAY);
	CHECK_INT(retry_after_ms("99999999999999999999999999", now), DAY);
	CHECK_INT(retry_after_ms("86401", now), DAY);
	CHECK_INT(retry_after_ms("Sun, 06 Nov 1994 08:49:37 GMT", now), 37000);
	CHECK_INT(retry_after_ms("Sun, 06 Nov 1994 08:48:37 GMT", now), 0);
	CHECK_INT(retry_after_ms("Mon, 06 Nov 2094 08:48:37 GMT", now), DAY);
	CHECK_INT(retry_after_ms("-5", now), -1);
	CHECK_INT(retry_after_ms("1.5", now), -1);
	CHECK_INT(retry_after_ms("120 seconds", now), -1);
	CHECK_INT(retry_after_ms("", now), -1);
	CHECK_INT(retry_after_ms("soon", now), -1);
}

static void
dates(void)
{
	static const struct {
		const char *text;
		int c[6];
	} v[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", { 1994, 11, 6, 8, 49, 37 } },
		{ "Sunday, 06-Nov-94 08:49:37 GMT",
		    { 1994, 11, 6, 8, 49, 37 } },
		{ "Sun Nov  6 08:49:37 1994", { 1994, 11, 6, 8, 49, 37 } },
		{ "Sun Nov 16 08:49:37 1994", { 1994, 11, 16, 8, 49, 37 } },
		{ "Tuesday, 01-Jan-30 00:00:00 GMT", { 2030, 1, 1, 0, 0, 0 } },
		{ "Sun, 06-Nov-1994 08:49:37 GMT", { 1994, 11, 6, 8, 49, 37 } },
		{ "sun, 06 nov 1994 08:49:37 gmt", { 1994, 11, 6, 8, 49, 37 } },
		{ "Sun, 06 Nov 1994 08:49:37 UTC", { 1994, 11, 6, 8, 49, 37 } },
		{ " Thu, 29 Feb 2024 23:59:60 GMT ", { 2024, 3, 1, 0, 0, 0 } },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		const int *c = v[i].c;
		int64_t ms = -1;

		if (!http_date_parse(v[i].text, &ms))
			printf("refused: %s\n", v[i].text);
		CHECK_INT(ms, date_ms(c[0], c[1], c[2], c[3], c[4], c[5]));
	}
}

static void
no_dates(void)
{
	static const char *const bad[] = { "", "Sun", "Sun,", "0",
		"06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
		"Sun, 31 Feb 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 24:49:37 GMT",
		"Sun, 06 Nov 1994 08:60:37 GMT",
		"Sun, 06 Nov 1994 08:49:61 GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT",
		"Son, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 GMTX", "Sun Nov 6 08:49:37 1994",
		"Sun, 06  Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t ms = 7;

		if (http_date_parse(bad[i], &ms))
			printf("accepted: %s\n", bad[i]);
		CHECK_INT(ms, 7);
	}
}

TESTS(TEST(mails), TEST(requests), TEST(workers), TEST(retry_after),
    TEST(dates), TEST(no_dates))
