/*
 * POSIX TZ texts such as "CET-1CEST,M3.5.0,M10.5.0/3", in the extended form
 * of RFC 8536 section 3.3.1 (times from -167 to 167 hours).
 */
#include "plan/plan_int.h"

struct text {
	const char *p, *end;
};

static bool
take(struct text *t, char c)
{
	if (t->p == t->end || *t->p != c)
		return false;
	t->p++;
	return true;
}

static bool
number(struct text *t, int max, int *to)
{
	const char *begin = t->p;
	int value = 0;

	while (t->p < t->end && *t->p >= '0' && *t->p <= '9') {
		value = value * 10 + (*t->p++ - '0');
		if (value > max)
			return false;
	}
	*to = value;
	return t->p > begin;
}

/* [+-]hh[:mm[:ss]] in seconds. */
static bool
clock_time(struct text *t, int max_hours, int32_t *to)
{
	int hours, minutes = 0, seconds = 0;
	bool negative = take(t, '-');

	if (!negative)
		take(t, '+');
	if (!number(t, max_hours, &hours))
		return false;
	if (take(t, ':') && !number(t, 59, &minutes))
		return false;
	if (take(t, ':') && !number(t, 59, &seconds))
		return false;
	*to = hours * 3600 + minutes * 60 + seconds;
	if (negative)
		*to = -*to;
	return true;
}

static bool
is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* "CET" or "<+0330>"; the name itself is not needed. */
static bool
abbreviation(struct text *t)
{
	const char *begin = t->p;

	if (take(t, '<')) {
		while (t->p < t->end && *t->p != '>')
			t->p++;
		return take(t, '>');
	}
	while (t->p < t->end && is_letter(*t->p))
		t->p++;
	return t->p - begin >= 3;
}

static bool
date(struct text *t, struct rule_date *to)
{
	*to = (struct rule_date){ .at_s = 2 * 3600 };
	if (take(t, 'M')) {
		to->kind = RULE_WEEK;
		if (!number(t, 12, &to->month) || !take(t, '.') ||
		    !number(t, 5, &to->week) || !take(t, '.') ||
		    !number(t, 6, &to->day) || to->month < 1 || to->week < 1)
			return false;
	} else if (take(t, 'J')) {
		to->kind = RULE_JULIAN;
		if (!number(t, 365, &to->day) || to->day < 1)
			return false;
	} else {
		to->kind = RULE_DAY;
		if (!number(t, 365, &to->day))
			return false;
	}
	return !take(t, '/') || clock_time(t, 167, &to->at_s);
}

bool
zone_rule_parse(const char *text, size_t n, struct zone_rule *to)
{
	struct text t = { text, text + n };
	int32_t west;

	*to = (struct zone_rule){ .present = true };
	if (!abbreviation(&t) || !clock_time(&t, 24, &west))
		return false;
	to->standard = -west;
	if (t.p == t.end)
		return true;
	to->has_dst = true;
	to->daylight = to->standard + 3600;
	if (!abbreviation(&t))
		return false;
	if (t.p < t.end && *t.p != ',') {
		if (!clock_time(&t, 24, &west))
			return false;
		to->daylight = -west;
	}
	return take(&t, ',') && date(&t, &to->start) && take(&t, ',') &&
	       date(&t, &to->end) && t.p == t.end;
}

static bool
is_leap(int year)
{
	return civil_is_date(year, 2, 29);
}

static int64_t
week_date(int year, const struct rule_date *d)
{
	int64_t first = civil_to_days(year, d->month, 1);
	int64_t day = first + (d->day - civil_weekday(first) + 7) % 7;

	day += 7 * (d->week - 1);
	int64_t next = d->month == 12 ? civil_to_days(year + 1, 1, 1)
				      : civil_to_days(year, d->month + 1, 1);
	return day >= next ? day - 7 : day;
}

/* When a rule falls in a year, in UTC; offset is the one before it. */
static int64_t
rule_instant(int year, const struct rule_date *d, int32_t offset)
{
	int64_t day = civil_to_days(year, 1, 1);

	if (d->kind == RULE_WEEK)
		day = week_date(year, d);
	else if (d->kind == RULE_DAY)
		day += d->day;
	else
		day += d->day - 1 + (is_leap(year) && d->day >= 60);
	return day * DAY_S + d->at_s - offset;
}

static int
utc_year(int64_t utc_s)
{
	int64_t days = utc_s / DAY_S - (utc_s % DAY_S < 0);
	int year, month, day;

	civil_from_days(days, &year, &month, &day);
	return year;
}

int32_t
zone_rule_offset(const struct zone_rule *r, int64_t utc_s)
{
	int year = utc_year(utc_s);
	int64_t latest = INT64_MIN;
	int32_t offset = r->standard;

	if (!r->has_dst)
		return r->standard;
	/* Rules may reach into neighbouring years by up to a week. At one
	 * instant the start wins: that is how "always daylight" is written. */
	for (int y = year - 1; y <= year + 1; y++) {
		int64_t start = rule_instant(y, &r->start, r->standard);
		int64_t end = rule_instant(y, &r->end, r->daylight);

		if (end <= utc_s && end > latest) {
			latest = end;
			offset = r->standard;
		}
		if (start <= utc_s && start >= latest) {
			latest = start;
			offset = r->daylight;
		}
	}
	return offset;
}

int64_t
zone_rule_next(const struct zone_rule *r, int64_t utc_s)
{
	int year = utc_year(utc_s);
	int64_t next = INT64_MAX;

	if (!r->has_dst)
		return next;
	for (int y = year - 1; y <= year + 2; y++) {
		int64_t start = rule_instant(y, &r->start, r->standard);
		int64_t end = rule_instant(y, &r->end, r->daylight);

		if (start > utc_s && start < next)
			next = start;
		if (end > utc_s && end < next)
			next = end;
	}
	return next;
}
