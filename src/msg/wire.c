#include <endian.h>
#include <string.h>
#include "base/limits.h"
#include "base/utf8.h"
#include "msg/msg_int.h"

/* The length that stands for NULL. */
#define NO_STRING UINT32_MAX

void
put_u8(struct buf *to, uint8_t value)
{
	buf_add(to, &value, sizeof(value));
}

void
put_u32(struct buf *to, uint32_t value)
{
	uint32_t wire = htole32(value);

	buf_add(to, &wire, sizeof(wire));
}

void
put_i64(struct buf *to, int64_t value)
{
	uint64_t wire = htole64((uint64_t)value);

	buf_add(to, &wire, sizeof(wire));
}

void
put_double(struct buf *to, double value)
{
	int64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	put_i64(to, bits);
}

void
put_bool(struct buf *to, bool value)
{
	put_u8(to, value ? 1 : 0);
}

/* Most text is ASCII: eight bytes at a time, since every page passes here. */
static bool
is_ascii(const char *s, size_t n)
{
	uint64_t all = 0, eight;

	for (; n >= sizeof(eight); n -= sizeof(eight), s += sizeof(eight)) {
		memcpy(&eight, s, sizeof(eight));
		all |= eight;
	}
	for (; n > 0; n--)
		all |= (uint64_t)(uint8_t)*s++;
	return (all & 0x8080808080808080u) == 0;
}

static void
put_mended(struct buf *to, const char *s, size_t n)
{
	/* The worst case: each byte becomes the three of U+FFFD. */
	struct arena *arena = arena_new(4 * n + 4096);

	put_str(to, utf8_mend(arena, s, n));
	arena_free(arena);
}

void
put_str(struct buf *to, const char *s)
{
	size_t n;

	if (s == NULL) {
		put_u32(to, NO_STRING);
		return;
	}
	n = strlen(s);
	if (!is_ascii(s, n) && !utf8_is_valid(s, n)) {
		put_mended(to, s, n);
		return;
	}
	put_bytes(to, s, n);
}

void
put_text(struct buf *to, const char *s)
{
	put_str(to, s == NULL ? "" : s);
}

void
put_bytes(struct buf *to, const void *bytes, size_t n)
{
	if (n >= NO_STRING) {
		to->over = true;
		return;
	}
	put_u32(to, (uint32_t)n);
	buf_add(to, bytes, n);
}

void
put_strs(struct buf *to, const char *const *list, size_t n)
{
	put_u32(to, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		put_text(to, list[i]);
}

void
wire_init(struct wire *w, struct arena *arena, const void *bytes, size_t n)
{
	w->p = bytes;
	w->end = w->p + (w->p == NULL ? 0 : n);
	w->arena = arena;
	w->bad = false;
}

/* Take n bytes off the wire into to; zeros once it is bad. */
static void
take(struct wire *w, void *to, size_t n)
{
	if (w->bad || (size_t)(w->end - w->p) < n) {
		w->bad = true;
		memset(to, 0, n);
		return;
	}
	memcpy(to, w->p, n);
	w->p += n;
}

uint8_t
get_u8(struct wire *w)
{
	uint8_t value;

	take(w, &value, sizeof(value));
	return value;
}

uint32_t
get_u32(struct wire *w)
{
	uint32_t value;

	take(w, &value, sizeof(value));
	return le32toh(value);
}

int64_t
get_i64(struct wire *w)
{
	uint64_t value;

	take(w, &value, sizeof(value));
	return (int64_t)le64toh(value);
}

double
get_double(struct wire *w)
{
	int64_t bits = get_i64(w);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

bool
get_bool(struct wire *w)
{
	uint8_t value = get_u8(w);

	if (value > 1)
		w->bad = true;
	return value == 1;
}

/* The bytes behind a length that was read, or NULL. */
static const uint8_t *
take_bytes(struct wire *w, size_t n)
{
	const uint8_t *bytes = w->p;

	if (w->bad || (size_t)(w->end - w->p) < n) {
		w->bad = true;
		return NULL;
	}
	w->p += n;
	return bytes;
}

static const char *
take_string(struct wire *w, size_t n)
{
	const char *bytes = (const char *)take_bytes(w, n);
	char *copy;

	if (bytes == NULL)
		return NULL;
	if (memchr(bytes, 0, n) != NULL ||
	    (!is_ascii(bytes, n) && !utf8_is_valid(bytes, n))) {
		w->bad = true;
		return NULL;
	}
	copy = arena_strndup(w->arena, bytes, n);
	if (copy == NULL)
		w->bad = true;
	return copy;
}

const char *
get_str(struct wire *w)
{
	const char *s = get_str_opt(w);

	if (s == NULL) {
		w->bad = true;
		return "";
	}
	return s;
}

const char *
get_str_opt(struct wire *w)
{
	uint32_t n = get_u32(w);

	if (w->bad || n == NO_STRING)
		return NULL;
	return take_string(w, n);
}

const void *
get_bytes(struct wire *w, size_t *n)
{
	uint32_t length = get_u32(w);
	const uint8_t *bytes = take_bytes(w, length);

	*n = bytes == NULL ? 0 : length;
	return bytes;
}

const char *const *
get_strs(struct wire *w, size_t *n)
{
	const char **list;

	*n = 0;
	size_t count = get_count(w, sizeof(uint32_t), LIMIT_WIRE_ITEMS);
	list = wire_array(w, count, sizeof(*list));
	if (list == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++)
		list[i] = get_str(w);
	*n = w->bad ? 0 : count;
	return list;
}

size_t
get_count(struct wire *w, size_t min_bytes, size_t max)
{
	uint32_t count = get_u32(w);

	if (w->bad)
		return 0;
	if (count > max || count > (size_t)(w->end - w->p) / min_bytes) {
		w->bad = true;
		return 0;
	}
	return count;
}

uint32_t
get_enum(struct wire *w, uint32_t limit)
{
	uint32_t value = get_u8(w);

	if (value >= limit) {
		w->bad = true;
		return 0;
	}
	return value;
}

int
get_end(struct wire *w, const char *what, struct err *e)
{
	if (w->bad)
		return err_set(e, ERR_DATA, "%s: malformed message", what);
	if (w->p != w->end) {
		w->bad = true;
		return err_set(e, ERR_DATA, "%s: %zu bytes left over", what,
		    (size_t)(w->end - w->p));
	}
	return 0;
}

void *
wire_array(struct wire *w, size_t n, size_t size)
{
	void *array;

	if (w->bad || n == 0)
		return NULL;
	array = arena_array(w->arena, n, size);
	if (array == NULL)
		w->bad = true;
	return array;
}

void
pairs_put(struct buf *to, const struct pair *pairs, size_t n)
{
	put_u32(to, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		put_text(to, pairs[i].name);
		put_text(to, pairs[i].value);
	}
}

struct pair *
pairs_get(struct wire *w, size_t *n)
{
	struct pair *pairs;

	*n = 0;
	size_t count = get_count(w, 2 * sizeof(uint32_t), LIMIT_WIRE_ITEMS);
	pairs = wire_array(w, count, sizeof(*pairs));
	if (pairs == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		pairs[i].name = get_str(w);
		pairs[i].value = get_str(w);
	}
	*n = w->bad ? 0 : count;
	return pairs;
}
