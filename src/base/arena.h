/*
 * Memory that follows a unit of work: one arena per page, posting or mail,
 * reset at its end. Nothing in it is freed singly. Going over the ceiling
 * given at birth is not fatal: allocation then returns NULL when the arena
 * was made with ARENA_SOFT, and ends the program otherwise.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include "base/err.h"

struct arena;

/* A new arena that may hold up to limit_bytes; over it is fatal. */
struct arena *arena_new(size_t limit_bytes);
/* The same, but going over the limit returns NULL from every call below. */
struct arena *arena_new_soft(size_t limit_bytes);
/* Give all memory back; NULL is allowed. */
void arena_free(struct arena *);
/* Forget everything that was allocated; keeps a block for the next unit. */
void arena_reset(struct arena *);
/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *);

/* Memory aligned for any type, zeroed. */
void *arena_alloc(struct arena *, size_t size);
/* An array of count elements, zeroed; the product may not overflow. */
void *arena_array(struct arena *, size_t count, size_t size);
/* Copies, ended by NUL; arena_strdup of NULL is NULL. */
char *arena_strdup(struct arena *, const char *);
char *arena_strndup(struct arena *, const char *, size_t length);
char *arena_printf(struct arena *, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
