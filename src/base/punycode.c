/*
 * RFC 3492, with the parameters and the names of its section 5 and 6.
 */
#include "base/base_int.h"

#define BASE         36
#define TMIN         1
#define TMAX         26
#define SKEW         38
#define DAMP         700
#define INITIAL_BIAS 72
#define INITIAL_N    0x80

static uint32_t
adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (k = 0; delta > (BASE - TMIN) * TMAX / 2; k += BASE)
		delta /= BASE - TMIN;
	return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static uint32_t
threshold(uint32_t k, uint32_t bias)
{
	if (k <= bias + TMIN)
		return TMIN;
	return k >= bias + TMAX ? TMAX : k - bias;
}

static char
digit(uint32_t value)
{
	return (char)(value < 26 ? 'a' + value : '0' + value - 26);
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0' + 26;
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		return (c | 0x20) - 'a';
	return -1;
}

/* Write delta as a number of variable length; the new length or -1. */
static int
put_delta(uint32_t delta, uint32_t bias, char *to, size_t size, size_t at)
{
	uint32_t q = delta, k, t;

	for (k = BASE;; k += BASE) {
		if (at >= size)
			return -1;
		t = threshold(k, bias);
		if (q < t)
			break;
		to[at++] = digit(t + (q - t) % (BASE - t));
		q = (q - t) / (BASE - t);
	}
	to[at++] = digit(q);
	return (int)at;
}

static uint32_t
least_from(const uint32_t *from, size_t n, uint32_t low)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < n; i++)
		if (from[i] >= low && from[i] < least)
			least = from[i];
	return least;
}

int
punycode_encode(const uint32_t *from, size_t n, char *to, size_t size)
{
	uint32_t next = INITIAL_N, bias = INITIAL_BIAS, delta = 0, handled,
		 basic;
	size_t at = 0;
	int end;

	for (size_t i = 0; i < n; i++) {
		if (from[i] >= INITIAL_N)
			continue;
		if (at >= size)
			return -1;
		to[at++] = (char)from[i];
	}
	handled = basic = (uint32_t)at;
	if (basic > 0 && at < size)
		to[at++] = '-';
	else if (basic > 0)
		return -1;
	while (handled < n) {
		uint32_t m = least_from(from, n, next), step;
		if (__builtin_mul_overflow(m - next, handled + 1, &step) ||
		    __builtin_add_overflow(delta, step, &delta))
			return -1;
		next = m;
		for (size_t i = 0; i < n; i++) {
			if (from[i] < next && ++delta == 0)
				return -1;
			if (from[i] != next)
				continue;
			end = put_delta(delta, bias, to, size, at);
			if (end == -1)
				return -1;
			at = (size_t)end;
			bias = adapt(delta, handled + 1, handled == basic);
			delta = 0;
			handled++;
		}
		delta++;
		next++;
	}
	return (int)at;
}

/* Add the number that begins at *at to *i; -1 if it is none. */
static int
get_delta(const char *from, size_t n, size_t *at, uint32_t bias, uint32_t *i)
{
	uint32_t w = 1, k, t, part;
	int value;

	for (k = BASE;; k += BASE) {
		value = *at < n ? digit_value(from[(*at)++]) : -1;
		if (value == -1)
			return -1;
		if (__builtin_mul_overflow((uint32_t)value, w, &part) ||
		    __builtin_add_overflow(*i, part, i))
			return -1;
		t = threshold(k, bias);
		if ((uint32_t)value < t)
			return 0;
		if (__builtin_mul_overflow(w, BASE - t, &w))
			return -1;
	}
}

int
punycode_decode(const char *from, size_t n, uint32_t *to, size_t size)
{
	uint32_t next = INITIAL_N, bias = INITIAL_BIAS, i = 0, before;
	size_t basic = n, at, count = 0;

	while (basic > 0 && from[basic - 1] != '-')
		basic--;
	at = basic;
	for (size_t j = 0; j + 1 < basic; j++) {
		if (count >= size || (unsigned char)from[j] >= INITIAL_N)
			return -1;
		to[count++] = (unsigned char)from[j];
	}
	while (at < n) {
		before = i;
		if (get_delta(from, n, &at, bias, &i) == -1 || count >= size)
			return -1;
		bias = adapt(i - before, (uint32_t)count + 1, before == 0);
		if (__builtin_add_overflow(
			next, i / (uint32_t)(count + 1), &next) ||
		    next > 0x10ffff)
			return -1;
		i %= (uint32_t)(count + 1);
		for (size_t j = count; j > i; j--)
			to[j] = to[j - 1];
		to[i++] = next;
		count++;
	}
	return (int)count;
}
