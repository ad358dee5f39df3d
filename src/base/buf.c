#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BYTES 256

void
buf_init(struct buf *b, size_t limit_bytes)
{
	memset(b, 0, sizeof(*b));
	b->limit = limit_bytes;
}

void
buf_fini(struct buf *b)
{
	free(b->data);
	buf_init(b, b->limit);
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
	b->over = false;
	if (b->data != NULL)
		b->data[0] = '\0';
}

char *
buf_reserve(struct buf *b, size_t size)
{
	size_t want, next;

	if (size > b->limit - b->len) {
		b->over = true;
		return NULL;
	}
	want = b->len + size + 1;
	if (want > b->size) {
		next = b->size == 0 ? FIRST_BYTES : b->size;
		while (next < want)
			next = next > SIZE_MAX / 2 ? want : next * 2;
		b->data = xrealloc(b->data, next);
		b->size = next;
		b->data[b->len] = '\0';
	}
	return b->data + b->len;
}

int
buf_add(struct buf *b, const void *from, size_t n)
{
	char *to = buf_reserve(b, n);

	if (to == NULL)
		return -1;
	if (n > 0)
		memcpy(to, from, n);
	b->len += n;
	b->data[b->len] = '\0';
	return 0;
}

int
buf_str(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_char(struct buf *b, char c)
{
	return buf_add(b, &c, 1);
}

int
buf_printf(struct buf *b, const char *format, ...)
{
	char text[256], *to;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (n < 0)
		fatal("buf: format \"%s\" cannot be printed", format);
	if ((size_t)n < sizeof(text))
		return buf_add(b, text, (size_t)n);
	to = buf_reserve(b, (size_t)n);
	if (to == NULL)
		return -1;
	va_start(ap, format);
	vsnprintf(to, (size_t)n + 1, format, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

const char *
buf_cstr(const struct buf *b)
{
	return b->data == NULL ? "" : b->data;
}

char *
buf_take(struct buf *b)
{
	char *data = b->data == NULL ? xstrdup("") : b->data;

	b->data = NULL;
	b->len = b->size = 0;
	return data;
}
