/*
 * A growing run of bytes that gets its ceiling at birth. Adding more than
 * the ceiling fails, leaves the content as it was and marks the buffer, so
 * that a caller may add many times and ask once.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"

struct buf {
	char *data; /* ended by a NUL that len does not count, or NULL */
	size_t len;
	size_t size;
	size_t limit;
	bool over; /* something did not fit */
};

void buf_init(struct buf *, size_t limit_bytes);
void buf_fini(struct buf *);
/* Empty it, keep its memory. */
void buf_reset(struct buf *);
/* Each returns 0, or -1 when the limit was met. */
int buf_add(struct buf *, const void *, size_t);
int buf_str(struct buf *, const char *);
int buf_char(struct buf *, char);
int buf_printf(struct buf *, const char *format, ...) PRINTF_LIKE(2, 3);
/* Room for size more bytes to be written at data + len; NULL if over. */
char *buf_reserve(struct buf *, size_t size);
/* The content as a string that is never NULL. */
const char *buf_cstr(const struct buf *);
/* Take the memory out (free() it); the buffer is empty afterwards. */
char *buf_take(struct buf *);

#endif
