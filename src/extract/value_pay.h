/*
 * Between the files that read salaries: a text is cut into tokens and
 * amounts (value_money.c), spans of time are found (value_period.c), and
 * value_salary.c decides which amounts are the pay.
 */
#ifndef EXTRACT_VALUE_PAY_H
#define EXTRACT_VALUE_PAY_H

#include "extract/value_int.h"

#define PAY_TOKENS_MAX 256
#define PAY_LOOK_AHEAD 16

enum pay_token_kind { PAY_END, PAY_NUMBER, PAY_WORD, PAY_SIGN };
struct pay_token {
	enum pay_token_kind kind;
	bool glued;    /* no blank before it */
	bool upper;    /* a word in capitals */
	bool breaks;   /* begins another part: a bullet, '|' or ';' */
	double number; /* of PAY_NUMBER, separators understood */
	const char *text;
	size_t n;
};

/* Cut folded text; the array has room for END tokens behind. */
size_t pay_tokens_read(const char *folded, const bool *upper,
    struct pay_token tokens[PAY_TOKENS_MAX + PAY_LOOK_AHEAD]);
bool pay_is(const struct pay_token *, const char *word);
bool pay_is_sign(const struct pay_token *, char sign);
/* Is the token one of the words of a list "a b c"? */
bool pay_is_any(const struct pay_token *, const char *list);
/* Do these words stand here, one after the other? How many, or 0. */
size_t pay_phrase(const struct pay_token *, const char *phrase);
size_t pay_phrases(
    const struct pay_token *, const char *const *phrases, size_t count);
#define PAY_PHRASES(t, list) \
	pay_phrases((t), (list), sizeof(list) / sizeof((list)[0]))

struct amount {
	double value;
	double scale;         /* 1000 for "k", 0 if it has none */
	bool is_lpa;          /* lakh per annum */
	const char *currency; /* constant, or NULL */
	bool is_bare;         /* the currency is a bare '$', "kr", ... */
	bool plus;            /* "100k+" */
};
/* The amount that begins at token at; tokens read, or 0. */
size_t amount_read(const struct pay_token *tokens, size_t at,
    const char *country, struct amount *to);
/* A currency's sign, name or code at t; tokens read, or 0. */
size_t currency_read(const struct pay_token *t, const char *country,
    const char **code, bool *is_bare);

/* "per hour", "/yr", "p.a.", "monatlich" at t; tokens read, or 0. */
size_t period_read(const struct pay_token *t, enum pay_period *to);
/* Is the token a span of time that people work: hours, days, weeks? */
bool period_is_unit(const struct pay_token *t);

#endif
