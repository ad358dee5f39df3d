/*
 * HTTP-date (RFC 9110 section 5.6.7): the form that is sent today and the
 * two obsolete ones that must be read.
 */
#include <string.h>
#include "base/str.h"
#include "plan/plan_int.h"

/* Two-digit years from here on are of the twentieth century. */
#define PIVOT_YEAR 70

static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri",
	"Sat", "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
	"Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

/* The index of the word that p begins with, moved behind it; -1: none. */
static int
take_name(const char **p, const char *const *names, int n)
{
	size_t length = 0;

	while (((*p)[length] | 0x20) >= 'a' && ((*p)[length] | 0x20) <= 'z')
		length++;
	for (int i = 0; i < n; i++)
		if (strlen(names[i]) == length &&
		    strncasecmp(*p, names[i], length) == 0) {
			*p += length;
			return i;
		}
	return -1;
}

static bool
take_digits(const char **p, int count, int *to)
{
	*to = 0;
	for (int i = 0; i < count; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return false;
		*to = *to * 10 + (**p - '0');
	}
	return true;
}

static bool
take_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

static bool
take_month(const char **p, int *month)
{
	*month = take_name(p, months, 12) + 1;
	return *month > 0;
}

static bool
take_time(const char **p, struct civil *to)
{
	return take_digits(p, 2, &to->hour) && take_char(p, ':') &&
	       take_digits(p, 2, &to->minute) && take_char(p, ':') &&
	       take_digits(p, 2, &to->second);
}

/* After "Sun, " or "Sunday, ": "06 Nov 1994" or "06-Nov-94". */
static bool
take_date(const char **p, struct civil *to)
{
	int century;

	if (!take_digits(p, 2, &to->day))
		return false;
	if (take_char(p, '-')) {
		if (!take_month(p, &to->month) || !take_char(p, '-') ||
		    !take_digits(p, 2, &to->year))
			return false;
		if (**p >= '0' && **p <= '9') {
			/* "06-Nov-1994" is sent as well. */
			century = to->year;
			if (!take_digits(p, 2, &to->year))
				return false;
			to->year += century * 100;
		} else {
			to->year += to->year < PIVOT_YEAR ? 2000 : 1900;
		}
		return true;
	}
	return take_char(p, ' ') && take_month(p, &to->month) &&
	       take_char(p, ' ') && take_digits(p, 4, &to->year);
}

/* asctime(3), after "Sun ": "Nov  6 08:49:37 1994". */
static bool
take_asctime(const char **p, struct civil *to)
{
	if (!take_month(p, &to->month) || !take_char(p, ' '))
		return false;
	if (!take_digits(p, take_char(p, ' ') ? 1 : 2, &to->day))
		return false;
	return take_char(p, ' ') && take_time(p, to) && take_char(p, ' ') &&
	       take_digits(p, 4, &to->year);
}

bool
http_date_parse(const char *text, int64_t *ms)
{
	struct civil c = { 0 };
	const char *p = text + strspn(text, " \t");

	if (take_name(&p, days, 14) == -1)
		return false;
	if (take_char(&p, ',')) {
		if (!take_char(&p, ' ') || !take_date(&p, &c) ||
		    !take_char(&p, ' ') || !take_time(&p, &c) ||
		    !take_char(&p, ' ') ||
		    (strncasecmp(p, "GMT", 3) != 0 &&
			strncasecmp(p, "UTC", 3) != 0))
			return false;
		p += 3;
	} else if (!take_char(&p, ' ') || !take_asctime(&p, &c)) {
		return false;
	}
	if (p[strspn(p, " \t")] != '\0' ||
	    !civil_is_date(c.year, c.month, c.day) || c.hour > 23 ||
	    c.minute > 59 || c.second > 60)
		return false;
	*ms = civil_to_ms(&c);
	return true;
}
