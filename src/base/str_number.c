/*
 * Numbers, durations and sizes as text.
 */
#include "base/str.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

struct unit {
	const char *name;
	int64_t factor;
};

/* A month is 30 days and a year 365: spans for rules, not dates. */
static const struct unit durations[] = { { "ms", 1 }, { "s", SECOND_MS },
	{ "sec", SECOND_MS }, { "second", SECOND_MS }, { "m", MINUTE_MS },
	{ "min", MINUTE_MS }, { "minute", MINUTE_MS }, { "h", HOUR_MS },
	{ "hour", HOUR_MS }, { "d", DAY_MS }, { "day", DAY_MS },
	{ "w", 7 * DAY_MS }, { "week", 7 * DAY_MS }, { "month", 30 * DAY_MS },
	{ "y", 365 * DAY_MS }, { "year", 365 * DAY_MS }, { "millisecond", 1 } };

static const struct unit sizes[] = { { "", 1 }, { "b", 1 }, { "byte", 1 },
	{ "kb", 1000 }, { "mb", 1000000 }, { "gb", 1000000000 },
	{ "kib", 1024 }, { "mib", 1024 * 1024 },
	{ "gib", 1024 * 1024 * 1024 } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

int
str_to_i64(const char *text, int64_t min, int64_t max, int64_t *to)
{
	const char *p = text;
	char *end;
	long long value;
	int saved = errno;

	if (*p == '-')
		p++;
	if (*p < '0' || *p > '9')
		return -1;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno != 0 || *end != '\0' || value < min || value > max) {
		errno = saved;
		return -1;
	}
	errno = saved;
	*to = value;
	return 0;
}

int
str_to_double(const char *text, double *to)
{
	size_t n = strlen(text);
	const char *p = text;
	char *end;
	double value;

	/* strtod alone would also take " 1", "0x1p3", "inf" and "nan". */
	if (n == 0 || strspn(text, "0123456789+-.eE") != n)
		return -1;
	if (*p == '-')
		p++;
	if (*p < '0' || *p > '9')
		return -1;
	value = strtod(text, &end);
	if (*end != '\0' || !isfinite(value))
		return -1;
	*to = value;
	return 0;
}

/* The unit that text is, letter case and a plural s set aside. */
static const struct unit *
unit_find(const struct unit *units, size_t n, const char *text)
{
	size_t length = strlen(text);

	for (size_t i = 0; i < n; i++) {
		size_t m = strlen(units[i].name);
		if (str_eq_ci(units[i].name, text))
			return &units[i];
		if (m >= 3 && length == m + 1 &&
		    (text[m] == 's' || text[m] == 'S') &&
		    strncasecmp(units[i].name, text, m) == 0)
			return &units[i];
	}
	return NULL;
}

/* Digits, perhaps a fraction, perhaps blanks, a unit: 0, or -1. */
static int
quantity(const char *text, const struct unit *units, size_t n, int64_t *to)
{
	size_t digits = strspn(text, "0123456789.");
	const struct unit *unit;
	char number[32];
	int64_t whole;
	double value;

	if (digits == 0 || digits >= sizeof(number))
		return -1;
	memcpy(number, text, digits);
	number[digits] = '\0';
	text += digits;
	text += strspn(text, " ");
	unit = unit_find(units, n, text);
	if (unit == NULL)
		return -1;
	if (str_to_i64(number, 0, INT64_MAX, &whole) == 0)
		return __builtin_mul_overflow(whole, unit->factor, to) ? -1 : 0;
	if (str_to_double(number, &value) == -1)
		return -1;
	value = round(value * (double)unit->factor);
	if (value >= 9.2e18)
		return -1;
	*to = (int64_t)value;
	return 0;
}

int
str_to_duration_ms(const char *text, int64_t *to, struct err *e)
{
	if (quantity(text, durations, COUNT(durations), to) == 0)
		return 0;
	err_set(e, ERR_DATA, "\"%.60s\" is no duration", text);
	return err_hint(
	    e, "write a number and a unit: 250ms, 90s, 5m, 6h, 2d, 30 days");
}

int
str_to_bytes(const char *text, int64_t *to, struct err *e)
{
	if (quantity(text, sizes, COUNT(sizes), to) == 0)
		return 0;
	err_set(e, ERR_DATA, "\"%.60s\" is no size", text);
	return err_hint(
	    e, "write a number and perhaps a unit: 2000, 512KiB, 16MiB, 1GB");
}

/* n in the largest of the units that divides it without rest. */
static char *
print_quantity(
    struct arena *a, int64_t n, const struct unit *units, size_t count)
{
	size_t i = 0;

	while (i + 1 < count && (n == 0 || n % units[i].factor != 0))
		i++;
	return arena_printf(
	    a, "%lld%s", (long long)(n / units[i].factor), units[i].name);
}

char *
str_duration(struct arena *a, int64_t ms)
{
	static const struct unit units[] = { { "d", DAY_MS }, { "h", HOUR_MS },
		{ "m", MINUTE_MS }, { "s", SECOND_MS }, { "ms", 1 } };

	if (ms == 0)
		return arena_strdup(a, "0s");
	return print_quantity(a, ms, units, COUNT(units));
}

char *
str_bytes(struct arena *a, int64_t bytes)
{
	static const struct unit units[] = { { "GiB", 1024 * 1024 * 1024 },
		{ "GB", 1000000000 }, { "MiB", 1024 * 1024 }, { "MB", 1000000 },
		{ "KiB", 1024 }, { "kB", 1000 }, { "", 1 } };

	return print_quantity(a, bytes, units, COUNT(units));
}
