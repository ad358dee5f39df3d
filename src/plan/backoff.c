/*
 * How long to wait before the next attempt.
 */
#include <string.h>
#include "plan/plan_int.h"

#define MINUTE_MS        (60 * (int64_t)1000)
#define FETCH_FIRST_MS   2000
#define FETCH_MAX_MS     (15 * MINUTE_MS)
#define SPAWN_FIRST_MS   100
#define SPAWN_MAX_MS     30000
#define RETRY_AFTER_MAX  DAY_MS
#define RETRY_DIGITS_MAX 15

static int64_t
jittered(int64_t ms, double jitter)
{
	return ms + (int64_t)((double)ms * jitter);
}

int64_t
backoff_mail_ms(int attempt, double jitter)
{
	static const int minutes[] = { 5, 15, 30, 60, 120, 240 };
	int last = sizeof(minutes) / sizeof(minutes[0]) - 1;
	int i = attempt < 1 ? 0 : attempt - 1;

	return jittered(minutes[i > last ? last : i] * MINUTE_MS, jitter);
}

int64_t
backoff_fetch_ms(int attempt, double jitter)
{
	int64_t ms = FETCH_FIRST_MS;

	for (int i = 0; i < attempt && ms < FETCH_MAX_MS; i++)
		ms *= 4;
	return jittered(ms > FETCH_MAX_MS ? FETCH_MAX_MS : ms, jitter);
}

int64_t
backoff_spawn_ms(int deaths_in_a_row)
{
	int64_t ms = SPAWN_FIRST_MS;

	if (deaths_in_a_row <= 1)
		return 0;
	for (int i = 2; i < deaths_in_a_row && ms < SPAWN_MAX_MS; i++)
		ms *= 2;
	return ms > SPAWN_MAX_MS ? SPAWN_MAX_MS : ms;
}

int64_t
retry_after_ms(const char *text, int64_t now_ms)
{
	int64_t seconds = 0, at;
	size_t digits;

	while (*text == ' ' || *text == '\t')
		text++;
	digits = strspn(text, "0123456789");
	if (digits > 0) {
		if (text[digits + strspn(text + digits, " \t")] != '\0')
			return -1;
		for (size_t i = 0; i < digits && i < RETRY_DIGITS_MAX; i++)
			seconds = seconds * 10 + (text[i] - '0');
		at = seconds * 1000;
		if (digits > RETRY_DIGITS_MAX)
			at = RETRY_AFTER_MAX;
	} else {
		if (!http_date_parse(text, &at))
			return -1;
		at = at < now_ms ? 0 : at - now_ms;
	}
	return at > RETRY_AFTER_MAX ? RETRY_AFTER_MAX : at;
}
