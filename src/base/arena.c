#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#endif

#define FIRST_BLOCK_BYTES   4096
#define LARGEST_BLOCK_BYTES (1024 * 1024)

/*
 * A block's bytes from `used` on are always zero, so that handing them out
 * is an addition: calloc makes them so, and reset clears what was used.
 */
struct block {
	struct block *next;
	size_t size;
	size_t used;
	max_align_t data[];
};

struct arena {
	struct block *head; /* the one that is being filled */
	size_t used;
	size_t limit;
	size_t next_block_bytes;
	bool soft;
};

/* The sanitizer sees bytes that were not handed out as out of bounds. */
#ifdef SANITIZED
#define GAP_BYTES _Alignof(max_align_t)
static void
hide(const void *p, size_t n)
{
	ASAN_POISON_MEMORY_REGION(p, n);
}

static void
show(const void *p, size_t n)
{
	ASAN_UNPOISON_MEMORY_REGION(p, n);
}
#else
#define GAP_BYTES 0
static inline void
hide(const void *p, size_t n)
{
	(void)p;
	(void)n;
}

static inline void
show(const void *p, size_t n)
{
	(void)p;
	(void)n;
}
#endif

static struct arena *
arena_make(size_t limit_bytes, bool soft)
{
	struct arena *a = xcalloc(1, sizeof(*a));

	a->limit = limit_bytes;
	a->next_block_bytes = FIRST_BLOCK_BYTES;
	a->soft = soft;
	return a;
}

struct arena *
arena_new(size_t limit_bytes)
{
	return arena_make(limit_bytes, false);
}

struct arena *
arena_new_soft(size_t limit_bytes)
{
	return arena_make(limit_bytes, true);
}

static void
block_free(struct block *b)
{
	show(b->data, b->size);
	free(b);
}

void
arena_free(struct arena *a)
{
	struct block *b, *next;

	if (a == NULL)
		return;
	for (b = a->head; b != NULL; b = next) {
		next = b->next;
		block_free(b);
	}
	free(a);
}

void
arena_reset(struct arena *a)
{
	struct block *b, *next;

	a->used = 0;
	if (a->head == NULL)
		return;
	for (b = a->head->next; b != NULL; b = next) {
		next = b->next;
		block_free(b);
	}
	b = a->head;
	b->next = NULL;
	show(b->data, b->used);
	memset(b->data, 0, b->used);
	hide(b->data, b->size);
	b->used = 0;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}

static void *
over(struct arena *a, size_t size)
{
	if (!a->soft)
		fatal("arena: %zu more bytes go over its limit of %zu", size,
		    a->limit);
	return NULL;
}

static struct block *
block_new(struct arena *a, size_t size)
{
	struct block *b = calloc(1, sizeof(*b) + size);

	if (b == NULL) {
		over(a, size);
		return NULL;
	}
	b->size = size;
	hide(b->data, size);
	return b;
}

/* A new block with room for size bytes; size is within the limit. */
static struct block *
grow(struct arena *a, size_t size)
{
	struct block *b;

	if (size > a->next_block_bytes / 2) {
		/* A block of its own, behind the one that is being filled. */
		b = block_new(a, size + GAP_BYTES);
		if (b == NULL)
			return NULL;
		if (a->head == NULL) {
			a->head = b;
		} else {
			b->next = a->head->next;
			a->head->next = b;
		}
		return b;
	}
	b = block_new(a, a->next_block_bytes);
	if (b == NULL)
		return NULL;
	if (a->next_block_bytes < LARGEST_BLOCK_BYTES)
		a->next_block_bytes *= 2;
	b->next = a->head;
	a->head = b;
	return b;
}

static inline void *
take(struct arena *a, size_t size, size_t align)
{
	struct block *b = a->head;
	size_t at = 0;
	char *p;

	if (size > a->limit - a->used)
		return over(a, size);
	if (b != NULL)
		at = (b->used + align - 1) & ~(align - 1);
	if (b == NULL || at > b->size || size + GAP_BYTES > b->size - at) {
		b = grow(a, size);
		if (b == NULL)
			return NULL;
		at = 0;
	}
	p = (char *)b->data + at;
	b->used = at + size + GAP_BYTES;
	a->used += size;
	show(p, size);
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return take(a, size, _Alignof(max_align_t));
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return over(a, SIZE_MAX);
	return arena_alloc(a, bytes);
}

char *
arena_strndup(struct arena *a, const char *s, size_t length)
{
	char *to;

	if (length == SIZE_MAX)
		return over(a, length);
	to = take(a, length + 1, 1);
	if (to != NULL && length > 0)
		memcpy(to, s, length);
	return to;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	if (s == NULL)
		return NULL;
	return arena_strndup(a, s, strlen(s));
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	char text[256], *to;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (n < 0)
		fatal("arena: format \"%s\" cannot be printed", format);
	if ((size_t)n < sizeof(text))
		return arena_strndup(a, text, (size_t)n);
	to = take(a, (size_t)n + 1, 1);
	if (to == NULL)
		return NULL;
	va_start(ap, format);
	vsnprintf(to, (size_t)n + 1, format, ap);
	va_end(ap);
	return to;
}
