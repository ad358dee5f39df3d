/*
 * Between the files that read facts in running text: a description is cut
 * into clauses (facts.c), in which pay (facts_pay.c), years of experience
 * (facts_years.c) and degrees (facts_degree.c) are looked for where a word
 * gives cause.
 */
#ifndef EXTRACT_FACTS_INT_H
#define EXTRACT_FACTS_INT_H

#include "extract/value_pay.h"

#define CLAUSE_MAX 500 /* bytes; longer ones are cut at a blank */

/* What a clause gives cause to look for. */
#define CAUSE_PAY    0x1
#define CAUSE_YEARS  0x2
#define CAUSE_DEGREE 0x4
#define CAUSE_DIGIT  0x8
/* In a short line it may be the heading of a section. */
#define CAUSE_WISH 0x10
#define CAUSE_NEED 0x20
#define CAUSE_FIRM 0x40

/* What the heading before a clause is about. */
enum section {
	SECTION_NONE,
	SECTION_PAY,
	SECTION_NEED,
	SECTION_WISH,
	SECTION_FIRM
};

/* The lists of facts.def. */
enum words {
#define X(name, list) WORDS_##name,
#include "extract/facts.def"
#undef X
	WORDS__MAX
};

struct clause {
	size_t at; /* where it begins in the text */
	enum section section;
	char folded[CLAUSE_MAX + 1];
	bool upper[CLAUSE_MAX + 1];
	struct pay_token tokens[PAY_TOKENS_MAX + PAY_LOOK_AHEAD];
	size_t n;                       /* of tokens */
	uint64_t marks[PAY_TOKENS_MAX]; /* lists with a phrase there */
};

struct fact_reader {
	struct arena *arena;
	const char *country;
	struct facts *to;
	size_t pay_at;    /* where the pay was found */
	bool pay_is_sure; /* a word says that it is pay */
	int years_rank;   /* how much what was found is worth */
	bool degree_sure; /* it is of a clause that is no wish */
};

void facts_pay(struct fact_reader *, const struct clause *);
void facts_years(struct fact_reader *, const struct clause *);
void facts_degree(struct fact_reader *, const struct clause *);

/* Find the phrases of all lists in the tokens. */
void clause_mark(struct clause *);
/* Does a phrase of the list begin at token i? */
static inline bool
clause_has_at(const struct clause *c, size_t i, enum words list)
{
	return i < c->n && (c->marks[i] >> list & 1) != 0;
}
/* In the tokens from, up to until: the first place, or until. */
size_t clause_find(
    const struct clause *, size_t from, size_t until, enum words list);

#endif
