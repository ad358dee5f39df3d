/*
 * Between the files that read dates: a text is cut into tokens
 * (value_date.c), in which days (value_date_shape.c), times
 * (value_date_time.c) and relative times (value_ago.c) are found.
 */
#ifndef EXTRACT_VALUE_DATE_H
#define EXTRACT_VALUE_DATE_H

#include "extract/value_int.h"

/* What no posting says; 9999 stands for "no end". */
#define DATE_YEAR_MIN 1900
#define DATE_YEAR_MAX 2199

enum date_token_kind { DATE_END, DATE_NUMBER, DATE_WORD, DATE_SIGN };
struct date_token {
	enum date_token_kind kind;
	bool glued;       /* no blank before it */
	char sign;        /* of DATE_SIGN */
	int digits;       /* of DATE_NUMBER */
	int64_t number;   /* 10^18 if it has more than 18 digits */
	const char *text; /* folded; digits and words */
	size_t n;
};
/* A text cut into tokens, with END tokens enough to look ahead. */
struct date_reader {
	const struct date_token *tokens;
	size_t ntokens;
	int64_t now_ms;
	value_offset *offset;
	const void *zone;
	enum day_order order;
};
enum date_reading { DATE_NOTHING, DATE_FOUND, DATE_REFUSED };

struct date_time {
	int64_t ms; /* of the day; 24:00 is allowed */
	bool has_offset;
	int32_t offset_s;
	bool us_zone; /* offset_s is of winter, America's rule decides */
};

struct date_found {
	int year, month, day; /* year 0: not said */
	bool approx;          /* the day was not said */
	bool has_time;
	struct date_time time;
	size_t n; /* tokens read */
};

/* Is the token this word? */
bool date_is(const struct date_token *, const char *word);
bool date_is_sign(const struct date_token *, char sign);
/* The token's number in a list "a=1 b=2"; -1 if it is not in it. */
int date_lookup(const struct date_token *, const char *list);
/* 1 to 12, or 0. */
int date_month(const struct date_token *);
/* A time of day, with its zone, at t; *n tokens were read. */
enum date_reading date_time_read(
    const struct date_token *t, struct date_time *to, size_t *n);
/* An offset or the name of a zone at t; *n is 0 if there is none. */
enum date_reading date_zone_read(
    const struct date_token *t, struct date_time *to, size_t *n);
/* "3 days ago", "gestern": at the token with that index. */
enum date_reading date_ago_read(
    const struct date_reader *, size_t at, struct instant *to);
/* The local day of an instant, in days since 1970-01-01. */
int64_t date_local_day(const struct date_reader *, int64_t utc_ms);
/* The instant of a local time, first pass of two, gaps as before them. */
int64_t date_utc(const struct date_reader *, int64_t local_ms);
void date_set_day(int64_t days, bool approx, struct instant *to);
/* A day in figures or with its month's name, at the token with that index. */
enum date_reading date_shape_read(
    const struct date_reader *, size_t at, struct date_found *to);

#endif
