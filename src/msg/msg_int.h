/*
 * What the files of msg share among themselves.
 */
#ifndef MSG_MSG_INT_H
#define MSG_MSG_INT_H

#include <stddef.h>
#include <stdint.h>
#include "msg/posting.h"
#include "msg/source.h"
#include "msg/wire.h"

/* The word of a value in a list of n words; "?" outside of it. */
const char *word_of(const char *const *words, size_t n, uint32_t value);
/* The index of a word, or fallback when it is none (or NULL). */
uint32_t word_find(
    const char *const *words, size_t n, const char *word, uint32_t fallback);
#define WORDS(list) (list), sizeof(list) / sizeof((list)[0])

void pairs_put(struct buf *, const struct pair *, size_t n);
struct pair *pairs_get(struct wire *, size_t *n);
void salary_put(struct buf *, const struct salary *);
void salary_get(struct wire *, struct salary *to);

/* Room for n elements in the wire's arena; NULL (and bad) if there is none. */
void *wire_array(struct wire *, size_t n, size_t size);

void text_at_put(struct buf *, const struct text_at *);
void text_at_get(struct wire *, struct text_at *to);

/* condition.c */
void conditions_put(struct buf *, const struct condition *, size_t n);
struct condition *conditions_get(struct wire *, size_t *n);

#endif
