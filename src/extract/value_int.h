/*
 * What the files that read typed values share: folded text, tables made
 * from .tsv files, and the judgements of "careerd try".
 */
#ifndef EXTRACT_VALUE_INT_H
#define EXTRACT_VALUE_INT_H

#include "extract/extract.h"

/* ---- tables of facts (places.tsv, entities.tsv) ---- */

/*
 * Rows stand in the order of their first cell, which is the beginning of
 * the names in the others. The row for the n bytes of key, or NULL.
 */
const char *const *table_row(const char *const *cells, size_t width,
    size_t rows, const char *key, size_t n);
/*
 * The value of a name in a cell "NAME=VALUE,NAME=VALUE" (the comma is
 * separator): where it begins, or NULL.
 */
const char *table_value(
    const char *cell, char separator, const char *name, size_t n);

/* ---- entities ---- */

#define ENTITY_BYTES 12
/*
 * The character reference that begins at s, which points at its '&': its
 * UTF-8 in to, *ndecoded bytes; returns the bytes read, 0 if it is none.
 */
size_t entity_decode(
    const char *s, const char *end, char to[ENTITY_BYTES], size_t *ndecoded);

/* ---- folded text ---- */

/*
 * Lower case, Latin letters without accents (sz is ss), dashes and quotes of
 * every kind as '-' and '\'', Unicode's spaces as ' ', invisible characters
 * dropped. Other characters stay. What does not fit is cut; returns the
 * length, and to is always ended.
 */
size_t value_fold(const char *text, size_t n, char *to, size_t size);
/* The same for one character, at most 4 bytes and no NUL; returns how many. */
size_t value_fold_char(uint32_t character, char to[5]);

/* ---- dates ---- */

/* As value_date, where the offset of local times depends on the day. */
bool value_date_in(const char *text, int64_t now_ms, value_offset *offset,
    const void *zone, enum day_order, struct instant *to);
/* Numbers below 10^11 are seconds since the epoch, others milliseconds. */
bool value_epoch(double number, struct instant *to);

/* ---- salaries ---- */

struct pay {
	bool has_min, has_max;
	double min, max;
	const char *currency; /* constant, or NULL */
	enum pay_period period;
	bool once; /* a stipend or sign-on bonus, no wage */
	bool predicted;
};
bool value_pay(const char *text, const char *country, struct pay *to);

/* ---- "careerd try" ---- */

struct json *try_date(const struct json *in);
struct json *try_salary(const struct json *in);
struct json *try_location(const struct json *in);
struct json *try_facts(const struct json *in);

#endif
