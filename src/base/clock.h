/*
 * Time: int64 milliseconds everywhere. The wall clock is read through one
 * settable function; intervals use the monotonic clock. Where the database
 * decides (semantics 1.3), its own careerd.clock() is asked instead.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_wall_ms(void);
/* Tests: every later clock_wall_ms() returns what source() does. */
void clock_set_source(int64_t (*source)(void));
/* Milliseconds of CLOCK_MONOTONIC. */
int64_t clock_mono_ms(void);
/* CPU milliseconds of this process. */
int64_t clock_cpu_ms(void);

/* The proleptic Gregorian calendar. */
struct civil {
	int year, month, day; /* month and day from 1 */
	int hour, minute, second;
};
int64_t civil_to_days(int year, int month, int day); /* since 1970-01-01 */
void civil_from_days(int64_t days, int *year, int *month, int *day);
int civil_weekday(int64_t days); /* 0 Sunday ... 6 Saturday */
bool civil_is_date(int year, int month, int day);
int64_t civil_to_ms(const struct civil *); /* read as UTC */
void civil_from_ms(int64_t ms, struct civil *to);

/* "2026-11-24T08:30:00Z" (milliseconds only when they are not 0). */
char *clock_iso(struct arena *, int64_t ms);
/* RFC 5322 date in UTC: "Tue, 24 Nov 2026 08:30:00 +0000". */
char *clock_rfc5322(struct arena *, int64_t ms);
/* "3 days ago", "in 2 hours", "just now": for people. */
char *clock_relative(struct arena *, int64_t ms, int64_t now_ms);

#endif
