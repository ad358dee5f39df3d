/*
 * The shapes of days: year first, figures, names of months. What has such a
 * shape and is no day is refused, not tried as something else.
 */
#include <string.h>
#include "base/clock.h"
#include "extract/value_date.h"

static const char months[] =
    "jan=1 january=1 januar=1 jaen=1 janner=1 janvier=1 janv=1 enero=1 ene=1 "
    "gennaio=1 gen=1 janeiro=1 januari=1 "
    "feb=2 february=2 februar=2 fevrier=2 fevr=2 fev=2 febrero=2 febbraio=2 "
    "fevereiro=2 februari=2 "
    "mar=3 march=3 marz=3 maerz=3 mrz=3 mars=3 marzo=3 marco=3 maart=3 mrt=3 "
    "apr=4 april=4 avril=4 avr=4 abril=4 abr=4 aprile=4 "
    "may=5 mai=5 mayo=5 maggio=5 mag=5 maio=5 mei=5 maj=5 "
    "jun=6 june=6 juni=6 juin=6 junio=6 giugno=6 giu=6 junho=6 "
    "jul=7 july=7 juli=7 juillet=7 juil=7 julio=7 luglio=7 lug=7 julho=7 "
    "aug=8 august=8 aout=8 agosto=8 ago=8 augustus=8 augusti=8 "
    "sep=9 sept=9 september=9 septembre=9 septiembre=9 setiembre=9 "
    "settembre=9 set=9 setembro=9 "
    "oct=10 october=10 okt=10 oktober=10 octobre=10 octubre=10 ottobre=10 "
    "ott=10 outubro=10 out=10 "
    "nov=11 november=11 novembre=11 noviembre=11 novembro=11 "
    "dec=12 december=12 dez=12 dezember=12 decembre=12 dic=12 diciembre=12 "
    "dicembre=12 dezembro=12 ";

int
date_month(const struct date_token *t)
{
	int month = date_lookup(t, months);

	return month > 0 ? month : 0;
}

static bool
is_number(const struct date_token *t, int min_digits, int max_digits)
{
	return t->kind == DATE_NUMBER && t->digits >= min_digits &&
	       t->digits <= max_digits;
}

/* A number of up to max_digits glued to what stands before it. */
static bool
is_glued_number(const struct date_token *t, int min_digits, int max_digits)
{
	return t->glued && is_number(t, min_digits, max_digits);
}

static enum date_reading
found_set(struct date_found *f, int64_t year, int64_t month, int64_t day)
{
	f->year = (int)year;
	f->month = (int)month;
	f->day = (int)day;
	if (year < DATE_YEAR_MIN || year > DATE_YEAR_MAX ||
	    !civil_is_date((int)year, (int)month, (int)day))
		return DATE_REFUSED;
	return DATE_FOUND;
}

static enum date_reading
found_set_days(struct date_found *f, int64_t days)
{
	int year, month, day;

	civil_from_days(days, &year, &month, &day);
	return found_set(f, year, month, day);
}

/* Two digits as RFC 2822 section 4.3 has them. */
static int64_t
full_year(const struct date_token *t)
{
	if (t->digits != 2)
		return t->number;
	return t->number < 50 ? 2000 + t->number : 1900 + t->number;
}

/* "2026-W33-5" or "2026-W33" at t (ISO 8601): days of the week from Monday. */
static enum date_reading
week_read(const struct date_token *t, struct date_found *to)
{
	int64_t week, day = 1, jan4, monday;
	int64_t year = t[0].number;

	if (!is_glued_number(&t[3], 2, 2) || year < DATE_YEAR_MIN ||
	    year > DATE_YEAR_MAX)
		return DATE_REFUSED;
	week = t[3].number;
	to->n = 4;
	to->approx = true;
	if (date_is_sign(&t[4], '-') && is_glued_number(&t[5], 1, 1)) {
		day = t[5].number;
		to->n = 6;
		to->approx = false;
	}
	jan4 = civil_to_days((int)year, 1, 4);
	monday = jan4 - (civil_weekday(jan4) + 6) % 7 + (week - 1) * 7;
	/* A year has 53 weeks only if its last Thursday lies in the 53rd. */
	if (week < 1 || week > 53 || day < 1 || day > 7 ||
	    (week == 53 && monday + 3 >= civil_to_days((int)year + 1, 1, 1)))
		return DATE_REFUSED;
	return found_set_days(to, monday + day - 1);
}

static enum date_reading
ordinal_read(const struct date_token *t, struct date_found *to)
{
	int64_t year = t[0].number, first;

	if (year < DATE_YEAR_MIN || year > DATE_YEAR_MAX)
		return DATE_REFUSED;
	first = civil_to_days((int)year, 1, 1);
	to->n = 3;
	if (t[2].number < 1 ||
	    first + t[2].number > civil_to_days((int)year + 1, 1, 1))
		return DATE_REFUSED;
	return found_set_days(to, first + t[2].number - 1);
}

/* Is there one more part, so that this is no date? */
static bool
has_more_parts(const struct date_token *t, char separator)
{
	return date_is_sign(t, separator) && t->glued && t[1].glued &&
	       t[1].kind != DATE_END && t[1].kind != DATE_SIGN;
}

/* "2026-08-05", "2026/8/5", "2026-226", "2026-08" and others at t. */
static enum date_reading
year_sign_read(const struct date_token *t, struct date_found *to)
{
	char sign = t[1].sign;
	int month;

	if (!t[1].glued || (sign != '-' && sign != '/' && sign != '.'))
		return DATE_NOTHING;
	if (sign == '-' && date_is(&t[2], "w") && t[2].glued)
		return week_read(t, to);
	if (sign == '-' && is_glued_number(&t[2], 3, 3) &&
	    !has_more_parts(&t[3], sign))
		return ordinal_read(t, to);
	month = t[2].glued ? date_month(&t[2]) : 0;
	if (month == 0 && is_glued_number(&t[2], 1, 2))
		month = t[2].number < 13 ? (int)t[2].number : 99;
	if (month == 0 || (!t[2].glued && sign != '.'))
		return DATE_NOTHING;
	if (has_more_parts(&t[3], sign) && is_number(&t[4], 1, 2)) {
		to->n = 5;
		if (has_more_parts(&t[5], sign))
			return DATE_REFUSED;
		return found_set(to, t[0].number, month, t[4].number);
	}
	if (has_more_parts(&t[3], sign))
		return DATE_REFUSED;
	if (sign == '.' || t[2].digits == 1)
		return DATE_NOTHING;
	to->n = 3;
	to->approx = true;
	return found_set(to, t[0].number, month, 1);
}

/* The bytes of U+5E74, U+6708 and U+65E5: year, month and day. */
#define CJK_YEAR  "\xe5\xb9\xb4"
#define CJK_MONTH "\xe6\x9c\x88"
#define CJK_DAY   "\xe6\x97\xa5"

/* Dates that begin with their year. */
static enum date_reading
year_first_read(const struct date_token *t, struct date_found *to)
{
	if (!is_number(&t[0], 4, 4))
		return DATE_NOTHING;
	if (t[1].kind == DATE_SIGN)
		return year_sign_read(t, to);
	if (date_month(&t[1]) > 0 && is_number(&t[2], 1, 2)) {
		to->n = 3;
		return found_set(
		    to, t[0].number, date_month(&t[1]), t[2].number);
	}
	if (date_is(&t[1], CJK_YEAR) && is_number(&t[2], 1, 2) &&
	    date_is(&t[3], CJK_MONTH) && is_number(&t[4], 1, 2) &&
	    t[5].kind == DATE_WORD &&
	    strncmp(t[5].text, CJK_DAY, strlen(CJK_DAY)) == 0) {
		to->n = 6;
		return found_set(to, t[0].number, t[2].number, t[4].number);
	}
	return DATE_NOTHING;
}

/* "20260814", "20260814T103000Z", "20260814103000". */
static enum date_reading
basic_date_read(const struct date_token *t, struct date_found *to)
{
	int64_t date = t->number, time = 0;
	int64_t hour, minute, second;

	if (t->kind != DATE_NUMBER || t->glued ||
	    (t->digits != 8 && t->digits != 12 && t->digits != 14))
		return DATE_NOTHING;
	to->n = 1;
	for (int i = t->digits; i > 8; i--) {
		time = i == t->digits ? t->number : time;
		date /= 10;
	}
	if (found_set(to, date / 10000, date / 100 % 100, date % 100) !=
	    DATE_FOUND)
		return DATE_NOTHING;
	if (t->digits == 8)
		return DATE_FOUND;
	time = t->digits == 14 ? t->number % 1000000 : t->number % 10000 * 100;
	hour = time / 10000;
	minute = time / 100 % 100;
	second = time % 100;
	if (hour > 23 || minute > 59 || second > 59)
		return DATE_NOTHING;
	to->has_time = true;
	to->time.ms = ((hour * 60 + minute) * 60 + second) * 1000;
	return DATE_FOUND;
}

/* Which of the two is the day? */
static enum date_reading
day_month_set(struct date_found *to, const struct date_token *first,
    const struct date_token *second, int64_t year, enum day_order order)
{
	int64_t a = first->number, b = second->number;

	if (a > 12 && b <= 12)
		order = DAY_ORDER_DMY;
	else if (b > 12 && a <= 12)
		order = DAY_ORDER_MDY;
	else if (order == DAY_ORDER_NONE && a != b)
		return DATE_REFUSED;
	if (order == DAY_ORDER_MDY)
		return found_set(to, year, a, b);
	return found_set(to, year, b, a);
}

/* "25/12/2025", "14.08.26", "14. 8. 2026", "13-08-2026" at t. */
static enum date_reading
numbers_read(const struct date_reader *r, const struct date_token *t,
    struct date_found *to)
{
	char sign = t[1].sign;
	bool loose;
	enum day_order order = r->order;

	if (!is_number(&t[0], 1, 2) || t[1].kind != DATE_SIGN || !t[1].glued ||
	    (sign != '/' && sign != '-' && sign != '.'))
		return DATE_NOTHING;
	loose = sign == '.';
	if (!is_number(&t[2], 1, 2) || !date_is_sign(&t[3], sign) ||
	    !t[3].glued || (!loose && !t[2].glued))
		return DATE_NOTHING;
	if ((!is_number(&t[4], 4, 4) && !is_number(&t[4], 2, 2)) ||
	    (!t[4].glued && !loose)) {
		if (!loose || t[4].kind != DATE_END || t > r->tokens)
			return DATE_NOTHING;
		/* "24.12." alone. */
		to->n = 4;
		to->month = (int)t[2].number;
		to->day = (int)t[0].number;
		return DATE_FOUND;
	}
	to->n = 5;
	if (has_more_parts(&t[5], sign) || (t > r->tokens && t[0].glued))
		return DATE_REFUSED;
	/* "14-08-26" may begin with its year: only a hint tells. */
	if (sign == '-' && t[4].digits == 2 && order == DAY_ORDER_NONE)
		return DATE_REFUSED;
	if (sign == '.' && order == DAY_ORDER_NONE)
		return found_set(
		    to, full_year(&t[4]), t[2].number, t[0].number);
	return day_month_set(to, &t[0], &t[2], full_year(&t[4]), order);
}

/* A year behind a month name: "2026", "'26", "de 2026"; tokens or 0. */
static size_t
year_behind(const struct date_token *t, bool two_digits, int64_t *year)
{
	size_t n = 0;

	while (
	    n < 2 && (date_is_sign(&t[n], ',') || date_is_sign(&t[n], '.') ||
			 date_is_sign(&t[n], '-') || date_is_sign(&t[n], '/') ||
			 date_is(&t[n], "de") || date_is(&t[n], "del")))
		n++;
	if (date_is_sign(&t[n], '\'') && is_glued_number(&t[n + 1], 2, 2)) {
		*year = full_year(&t[n + 1]);
		return n + 2;
	}
	if (!is_number(&t[n], 4, 4) && !(two_digits && is_number(&t[n], 2, 2)))
		return 0;
	/* "Aug 4 10:30": the time comes first. */
	if (date_is_sign(&t[n + 1], ':') && t[n + 1].glued)
		return 0;
	*year = full_year(&t[n]);
	return n + 1;
}

static size_t
ordinal_length(const struct date_token *t)
{
	if (date_is_sign(t, '.'))
		return 1;
	return t->glued &&
	       date_lookup(t, "st=1 nd=1 rd=1 th=1 er=1 e=1 eme=1 o=1 "
			      "\xc2\xba=1 \xc2\xaa=1") > 0;
}

/* A day and a month are known; what follows may be the year. */
static enum date_reading
named_finish(const struct date_token *t, bool two_digits, struct date_found *to,
    int64_t day, int month)
{
	int64_t year = 0;
	size_t n = year_behind(t + to->n, two_digits, &year), time_n;
	enum date_reading reading;

	to->day = (int)day;
	to->month = month;
	if (n > 0) {
		to->n += n;
		return found_set(to, year, month, day);
	}
	/* asctime(3): "Sun Jan  4 16:29:06 2004". */
	reading = date_time_read(t + to->n, &to->time, &time_n);
	if (reading == DATE_REFUSED)
		return DATE_REFUSED;
	if (reading == DATE_FOUND &&
	    year_behind(t + to->n + time_n, false, &year) > 0) {
		to->n += time_n + 1;
		to->has_time = true;
		return found_set(to, year, month, day);
	}
	return DATE_FOUND;
}

/* "4 Aug 2026", "2nd of March 2026", "1er septembre", "06-Nov-94". */
static enum date_reading
day_first_read(const struct date_token *t, struct date_found *to)
{
	size_t n = 1;
	int month;

	if (!is_number(&t[0], 1, 2))
		return DATE_NOTHING;
	n += ordinal_length(&t[n]);
	if (date_is_sign(&t[n], '-') || date_is_sign(&t[n], '/') ||
	    date_is(&t[n], "of") || date_is(&t[n], "de"))
		n++;
	month = date_month(&t[n]);
	if (month == 0)
		return DATE_NOTHING;
	to->n = n + 1;
	return named_finish(t, true, to, t[0].number, month);
}

/* "July 13, 2026", "Aug 4", "August 2026". */
static enum date_reading
month_first_read(const struct date_token *t, struct date_found *to)
{
	int month = date_month(&t[0]);
	size_t n = 1;
	int64_t year;

	if (month == 0)
		return DATE_NOTHING;
	if (date_is_sign(&t[n], '.') || date_is_sign(&t[n], '-'))
		n++;
	if (is_number(&t[n], 1, 2)) {
		to->n = n + 1 + ordinal_length(&t[n + 1]);
		return named_finish(t,
		    date_is_sign(&t[to->n], ',') ||
			date_is_sign(&t[to->n], '-'),
		    to, t[n].number, month);
	}
	n = year_behind(&t[1], false, &year);
	if (n == 0)
		return DATE_NOTHING;
	to->n = n + 1;
	to->approx = true;
	return found_set(to, year, month, 1);
}

enum date_reading
date_shape_read(const struct date_reader *r, size_t at, struct date_found *to)
{
	const struct date_token *t = r->tokens + at;
	enum date_reading reading = year_first_read(t, to);

	if (reading == DATE_NOTHING)
		reading = basic_date_read(t, to);
	if (reading == DATE_NOTHING)
		reading = numbers_read(r, t, to);
	if (reading == DATE_NOTHING)
		reading = day_first_read(t, to);
	if (reading == DATE_NOTHING)
		reading = month_first_read(t, to);
	return reading;
}
