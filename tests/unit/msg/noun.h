/*
 * What holds for every noun: what was put can be got and put again to the
 * same bytes; no shorter frame and no longer one is accepted.
 */
#ifndef TESTS_UNIT_MSG_NOUN_H
#define TESTS_UNIT_MSG_NOUN_H

#include "check.h"
#include "base/limits.h"
#include "msg/wire.h"

/* Get a noun and put it into to (unless the wire is bad). */
typedef void noun_again(struct wire *, struct buf *to);

static inline int
noun_read(const void *bytes, size_t n, noun_again *again, struct buf *to)
{
	struct arena *arena = arena_new_soft(1024 * 1024);
	struct err e = { .kind = ERR_NONE };
	/* A copy of exactly that size, so that tools see reads behind it. */
	char *copy = xmalloc(n + 1);
	struct wire w;
	int rc;

	memcpy(copy, bytes, n);
	copy = xrealloc(copy, n == 0 ? 1 : n);
	wire_init(&w, arena, copy, n);
	again(&w, to);
	rc = get_end(&w, "noun", &e);
	free(copy);
	arena_free(arena);
	return rc;
}

static inline void
noun_check(const struct buf *b, noun_again *again)
{
	struct buf twice;
	char *longer = xmalloc(b->len + 1);
	int rc;

	buf_init(&twice, LIMIT_FRAME_BYTES);
	CHECK_INT(noun_read(b->data, b->len, again, &twice), 0);
	CHECK_INT(twice.len, b->len);
	CHECK(memcmp(twice.data, b->data, b->len) == 0);
	for (size_t n = 0; n < b->len; n++) {
		buf_reset(&twice);
		rc = noun_read(b->data, n, again, &twice);
		CHECK_INT(rc, -1);
	}
	memcpy(longer, b->data, b->len);
	longer[b->len] = 0;
	buf_reset(&twice);
	CHECK_INT(noun_read(longer, b->len + 1, again, &twice), -1);
	free(longer);
	buf_fini(&twice);
}

/* Every single byte set to 255 in turn: anything but a fault of memory. */
static inline void
noun_spoil(const struct buf *b, noun_again *again)
{
	char *copy = xmalloc(b->len);
	struct buf twice;

	buf_init(&twice, LIMIT_FRAME_BYTES);
	for (size_t i = 0; i < b->len; i++) {
		memcpy(copy, b->data, b->len);
		copy[i] = (char)0xff;
		buf_reset(&twice);
		(void)noun_read(copy, b->len, again, &twice);
	}
	buf_fini(&twice);
	free(copy);
}

#endif
