/*
 * Dates as boards write them. A text is cut into numbers, words and signs;
 * the first place where a date begins decides. What has the shape of a date
 * but is none (30 February) refuses the whole text.
 */
#include <math.h>
#include <string.h>
#include "base/clock.h"
#include "extract/value_date.h"

#define TEXT_MAX   400
#define TOKENS_MAX 64
#define LOOK_AHEAD 16
#define DAY_MS     INT64_C(86400000)

bool
date_is(const struct date_token *t, const char *word)
{
	return t->kind == DATE_WORD && strncmp(t->text, word, t->n) == 0 &&
	       word[t->n] == '\0';
}

bool
date_is_sign(const struct date_token *t, char sign)
{
	return t->kind == DATE_SIGN && t->sign == sign;
}

int
date_lookup(const struct date_token *t, const char *list)
{
	const char *value;
	int number = 0;

	if (t->kind != DATE_WORD)
		return -1;
	value = table_value(list, ' ', t->text, t->n);
	if (value == NULL)
		return -1;
	for (; *value >= '0' && *value <= '9'; value++)
		number = number * 10 + (*value - '0');
	return number;
}

static bool
is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c & 0x80) != 0;
}

/* The token at s, which is moved behind it. */
static const char *
token_read(const char *s, struct date_token *to)
{
	to->text = s;
	if (*s >= '0' && *s <= '9') {
		to->kind = DATE_NUMBER;
		for (; *s >= '0' && *s <= '9'; s++)
			if (++to->digits <= 18)
				to->number = to->number * 10 + (*s - '0');
		if (to->digits > 18)
			to->number = INT64_C(1000000000000000000);
	} else if (is_word_byte(*s)) {
		to->kind = DATE_WORD;
		while (is_word_byte(*s) || (*s == '\'' && is_word_byte(s[1])))
			s++;
	} else {
		to->kind = DATE_SIGN;
		to->sign = *s++;
	}
	to->n = (size_t)(s - to->text);
	return s;
}

static size_t
tokens_read(const char *s, struct date_token *tokens)
{
	size_t n = 0;
	bool glued = false;

	while (n < TOKENS_MAX && *s != '\0') {
		if (*s == ' ') {
			glued = false;
			s++;
			continue;
		}
		tokens[n].glued = glued;
		s = token_read(s, &tokens[n++]);
		glued = true;
	}
	return n;
}

int64_t
date_local_day(const struct date_reader *r, int64_t utc_ms)
{
	int64_t local = utc_ms + (int64_t)r->offset(r->zone, utc_ms) * 1000;

	return local >= 0 ? local / DAY_MS : -((-local + DAY_MS - 1) / DAY_MS);
}

int64_t
date_utc(const struct date_reader *r, int64_t local_ms)
{
	/* The offset before any change of that day, then the one behind. */
	int64_t before = r->offset(r->zone, local_ms - DAY_MS) * INT64_C(1000);
	int64_t behind = r->offset(r->zone, local_ms + DAY_MS) * INT64_C(1000);

	if (r->offset(r->zone, local_ms - before) * INT64_C(1000) != before &&
	    r->offset(r->zone, local_ms - behind) * INT64_C(1000) == behind)
		return local_ms - behind;
	return local_ms - before;
}

void
date_set_day(int64_t days, bool approx, struct instant *to)
{
	to->ms = days * DAY_MS;
	to->date_only = true;
	to->approx = approx;
}

/* The n-th Sunday of a month (5: the last), as days. */
static int64_t
nth_sunday(int year, int month, int n)
{
	int64_t first = civil_to_days(year, month, 1);
	int64_t sunday = first + (7 - civil_weekday(first)) % 7 + (n - 1) * 7;

	return civil_is_date(year, month, (int)(sunday - first) + 1)
		   ? sunday
		   : sunday - 7;
}

/* Summer time in America: the rules since 1987 and since 2007. */
static bool
is_us_summer(int64_t day)
{
	int year, month, of_month;
	int64_t from, until;

	civil_from_days(day, &year, &month, &of_month);
	from = year < 2007 ? nth_sunday(year, 4, 1) : nth_sunday(year, 3, 2);
	until = year < 2007 ? nth_sunday(year, 10, 5) : nth_sunday(year, 11, 1);
	return day >= from && day < until;
}

/* Without a year: the nearest such day that is not after today. */
static bool
nearest_year(const struct date_reader *r, struct date_found *f)
{
	int64_t today = date_local_day(r, r->now_ms);
	int year, month, day;

	civil_from_days(today, &year, &month, &day);
	for (int back = 0; back <= 8; back++) {
		f->year = year - back;
		if (civil_is_date(f->year, f->month, f->day) &&
		    civil_to_days(f->year, f->month, f->day) <= today)
			return true;
	}
	return false;
}

static bool
found_finish(const struct date_reader *r, size_t at, struct date_found *f,
    struct instant *to)
{
	enum date_reading reading;
	struct date_time ignored;
	int64_t day;
	size_t n;

	if (f->year == 0 && !nearest_year(r, f))
		return false;
	day = civil_to_days(f->year, f->month, f->day);
	if (!f->has_time && !f->approx) {
		reading = date_time_read(r->tokens + at + f->n, &f->time, &n);
		if (reading == DATE_REFUSED)
			return false;
		f->has_time = reading == DATE_FOUND;
		/* XML Schema: a day may have an offset, too. */
		if (!f->has_time && r->tokens[at + f->n].glued &&
		    date_zone_read(r->tokens + at + f->n, &ignored, &n) ==
			DATE_REFUSED)
			return false;
	}
	date_set_day(day, f->approx, to);
	if (!f->has_time)
		return true;
	to->date_only = false;
	to->ms += f->time.ms;
	if (!f->time.has_offset)
		to->ms = date_utc(r, to->ms);
	else
		to->ms -=
		    (f->time.offset_s +
			(f->time.us_zone && is_us_summer(day) ? 3600 : 0)) *
		    INT64_C(1000);
	return true;
}

/* 20251120 is a day, not one of August 1970. */
static bool
day_number(double number, struct instant *to)
{
	int64_t n = number >= 1e7 && number < 1e8 ? (int64_t)number : 0;
	int year = (int)(n / 10000), month = (int)(n / 100 % 100),
	    day = (int)(n % 100);

	if (year < DATE_YEAR_MIN || year > DATE_YEAR_MAX ||
	    !civil_is_date(year, month, day))
		return false;
	date_set_day(civil_to_days(year, month, day), false, to);
	return true;
}

bool
value_epoch(double number, struct instant *to)
{
	/* Microseconds and nanoseconds are no milliseconds of any year. */
	double ms = number < 1e11   ? number * 1000
		    : number < 1e15 ? number
		    : number < 1e18 ? number / 1e3
				    : number / 1e6;

	if (day_number(number, to))
		return true;
	/* Also refuses what is not a number. */
	if (!(number > 0) ||
	    !(ms < (double)(civil_to_days(DATE_YEAR_MAX + 1, 1, 1) * DAY_MS)))
		return false;
	*to = (struct instant){ .present = true, .ms = llround(ms) };
	return true;
}

/*
 * A text that is one number, or "/Date(1786703400000)/" as .NET writes it;
 * false if it is none.
 */
static bool
epoch_read(const struct date_token *t, struct instant *to)
{
	double number;

	if (date_is_sign(&t[0], '/') && date_is(&t[1], "date") &&
	    date_is_sign(&t[2], '(') && t[3].kind == DATE_NUMBER &&
	    t[3].digits <= 18)
		return value_epoch((double)t[3].number, to);
	if (t[0].kind != DATE_NUMBER || t[0].digits < 9 || t[0].digits > 18)
		return false;
	number = (double)t[0].number;
	if (date_is_sign(&t[1], '.') && t[2].kind == DATE_NUMBER &&
	    t[2].glued && t[2].digits <= 9 && t[3].kind == DATE_END)
		number += (double)t[2].number / pow(10, t[2].digits);
	else if (t[1].kind != DATE_END)
		return false;
	return value_epoch(number, to);
}

static bool
reader_run(const struct date_reader *r, struct instant *to)
{
	for (size_t at = 0; at < r->ntokens; at++) {
		struct date_found f = { 0 };
		enum date_reading reading = date_ago_read(r, at, to);

		if (reading == DATE_NOTHING) {
			reading = date_shape_read(r, at, &f);
			if (reading == DATE_FOUND)
				return found_finish(r, at, &f, to);
		}
		if (reading != DATE_NOTHING)
			return reading == DATE_FOUND;
	}
	return epoch_read(r->tokens, to);
}

bool
value_date_in(const char *text, int64_t now_ms, value_offset *offset,
    const void *zone, enum day_order order, struct instant *to)
{
	char folded[TEXT_MAX];
	struct date_token tokens[TOKENS_MAX + LOOK_AHEAD] = { 0 };
	struct date_reader r = { tokens, 0, now_ms, offset, zone, order };
	struct instant found = { 0 };
	int64_t first = civil_to_days(DATE_YEAR_MIN, 1, 1) * DAY_MS;
	int64_t behind = civil_to_days(DATE_YEAR_MAX + 1, 1, 1) * DAY_MS;

	if (text == NULL || now_ms < first || now_ms >= behind)
		return false;
	value_fold(text, strlen(text), folded, sizeof(folded));
	r.ntokens = tokens_read(folded, tokens);
	if (!reader_run(&r, &found) || found.ms < first || found.ms >= behind)
		return false;
	found.present = true;
	*to = found;
	return true;
}

static int32_t
fixed_offset(const void *zone, int64_t utc_ms)
{
	(void)utc_ms;
	return *(const int32_t *)zone;
}

bool
value_date(const char *text, int64_t now_ms, int32_t zone_offset_s,
    enum day_order order, struct instant *to)
{
	return value_date_in(
	    text, now_ms, fixed_offset, &zone_offset_s, order, to);
}
