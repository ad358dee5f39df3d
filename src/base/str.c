#include "base/str.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

size_t
str_copy(char *to, const char *from, size_t size)
{
	size_t n = strlen(from), part;

	if (size > 0) {
		part = n < size ? n : size - 1;
		memcpy(to, from, part);
		to[part] = '\0';
	}
	return n;
}

bool
str_is_empty(const char *s)
{
	const char *end;

	if (s == NULL)
		return true;
	for (end = s + strlen(s); s < end;)
		if (!utf8_is_space(utf8_next(&s, end)))
			return false;
	return true;
}

bool
str_eq(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	return strcmp(a, b) == 0;
}

bool
str_eq_ci(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return a == b;
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool
str_starts(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), m = strlen(suffix);

	return n >= m && memcmp(s + n - m, suffix, m) == 0;
}

const char *
str_find_ci(const char *text, const char *needle)
{
	char both[3] = { lower(needle[0]), needle[0], '\0' };
	size_t i;

	if (needle[0] == '\0')
		return text;
	if (both[0] >= 'a' && both[0] <= 'z')
		both[1] = (char)(both[0] - 32);
	while ((text = strpbrk(text, both)) != NULL) {
		for (i = 1; needle[i] != '\0'; i++)
			if (lower(text[i]) != lower(needle[i]))
				break;
		if (needle[i] == '\0')
			return text;
		text++;
	}
	return NULL;
}

char *
str_fold_space(struct arena *a, const char *s)
{
	size_t n = strlen(s);
	const char *end = s + n, *from;
	char *to = arena_alloc(a, n + 1), *q = to;
	bool pending = false;

	if (to == NULL)
		return NULL;
	while (s < end) {
		from = s;
		if (utf8_is_space(utf8_next(&s, end))) {
			pending = q > to;
			continue;
		}
		if (pending)
			*q++ = ' ';
		pending = false;
		memcpy(q, from, (size_t)(s - from));
		q += s - from;
	}
	*q = '\0';
	return to;
}

char *
str_lower(struct arena *a, const char *s)
{
	char *to = arena_strdup(a, s);

	for (char *p = to; p != NULL && *p != '\0'; p++)
		*p = lower(*p);
	return to;
}

#define NEAREST_LENGTH 40

static int
min3(int a, int b, int c)
{
	if (b < a)
		a = b;
	return c < a ? c : a;
}

/*
 * Edits between two words, a swap of neighbours counting as one (optimal
 * string alignment).
 */
static int
edit_distance(const char *a, const char *b)
{
	int rows[3][NEAREST_LENGTH + 1];
	int n = (int)strlen(a), m = (int)strlen(b);
	int *before = rows[0], *above = rows[1], *row = rows[2], *spare;

	for (int j = 0; j <= m; j++)
		above[j] = j;
	for (int i = 1; i <= n; i++) {
		row[0] = i;
		for (int j = 1; j <= m; j++) {
			bool same = lower(a[i - 1]) == lower(b[j - 1]);
			row[j] = min3(
			    above[j] + 1, row[j - 1] + 1, above[j - 1] + !same);
			if (i > 1 && j > 1 &&
			    lower(a[i - 1]) == lower(b[j - 2]) &&
			    lower(a[i - 2]) == lower(b[j - 1]))
				row[j] =
				    min3(row[j], before[j - 2] + 1, row[j]);
		}
		spare = before;
		before = above;
		above = row;
		row = spare;
	}
	return above[m];
}

const char *
str_nearest(const char *word, const char *const *list, size_t n)
{
	size_t length = strlen(word);
	int most = length < 3 ? 1 : length < 6 ? 2 : 3;
	const char *best = NULL;

	if (length == 0 || length > NEAREST_LENGTH)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		int distance;
		if (strlen(list[i]) > NEAREST_LENGTH)
			continue;
		distance = edit_distance(word, list[i]);
		/* Words that share no letter are not near. */
		if (distance > most || (size_t)distance >= length)
			continue;
		best = list[i];
		most = distance - 1;
	}
	return best;
}

/* Characters that act on a terminal or reorder what is read. */
static bool
is_unsafe(uint32_t c)
{
	return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x61c ||
	       c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xfeff ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* Bytes that may begin a character of those: most text has none of them. */
static bool
is_suspect(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0';
	     p++)
		if ((*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7f ||
		    *p == 0xc2 || *p == 0xd8 || *p == 0xe2 || *p == 0xef ||
		    *p == 0xf3)
			return true;
	return false;
}

const char *
str_clean(struct arena *a, const char *text)
{
	const char *p = text, *end = text + strlen(text);
	char *to, *q;

	if (!is_suspect(text))
		return text;
	q = to = arena_alloc(a, (size_t)(end - text) + 1);
	if (to == NULL)
		return NULL;
	while (p < end) {
		const char *from = p;
		uint32_t c = utf8_next(&p, end);

		if (c != '\n' && c != '\t' &&
		    (is_unsafe(c) || c == 0x200b || c == 0x2060))
			continue;
		memcpy(q, from, (size_t)(p - from));
		q += p - from;
	}
	*q = '\0';
	return q == to + (end - text) ? text : to;
}

char *
str_safe(struct arena *a, const char *s, size_t max_bytes)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = strlen(s), length = 0, cut = 0;
	const char *end = s + n, *p = s;
	char *to = arena_alloc(a, max_bytes + 1), *q;

	if (to == NULL)
		return NULL;
	while (p < end) {
		const char *from = p;
		uint32_t c = utf8_next(&p, end);
		bool broken = c == 0xfffd && p - from == 1;
		bool bad = broken || is_unsafe(c);
		size_t step = (size_t)(p - from) * (bad ? 4 : 1);
		if (length + step > max_bytes) {
			/* Back to the last place that leaves room for dots. */
			q = to + cut;
			n = max_bytes < 3 ? max_bytes : 3;
			memset(q, '.', n);
			q[n] = '\0';
			return to;
		}
		for (q = to + length; from < p; from++) {
			unsigned char byte = (unsigned char)*from;
			if (!bad) {
				*q++ = (char)byte;
				continue;
			}
			*q++ = '\\';
			*q++ = 'x';
			*q++ = hex[byte >> 4];
			*q++ = hex[byte & 15];
		}
		length += step;
		if (length + 3 <= max_bytes)
			cut = length;
	}
	to[length] = '\0';
	return to;
}

char *
str_base32(struct arena *a, const void *from, size_t n)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	const unsigned char *p = from;
	size_t size = n / 5 * 8 + (n % 5 * 8 + 4) / 5;
	char *to = arena_alloc(a, size + 1), *q = to;
	unsigned int bits = 0, held = 0;

	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		for (held += 8; held >= 5; held -= 5)
			*q++ = digits[bits >> (held - 5) & 31];
	}
	if (held > 0)
		*q++ = digits[bits << (5 - held) & 31];
	return to;
}

char *
str_base64(struct arena *a, const void *from, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = from;
	char *to = arena_alloc(a, (n + 2) / 3 * 4 + 1), *q = to;

	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < n; i += 3) {
		size_t held = n - i < 3 ? n - i : 3;
		unsigned int bits = (unsigned int)p[i] << 16;

		if (held > 1)
			bits |= (unsigned int)p[i + 1] << 8;
		if (held > 2)
			bits |= p[i + 2];
		for (size_t k = 0; k < 4; k++, bits <<= 6)
			*q++ = k > held ? '=' : digits[bits >> 18 & 63];
	}
	return to;
}

char *
str_hex(struct arena *a, const void *from, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *p = from;
	char *to = arena_array(a, n + 1, 2);

	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		to[2 * i] = digits[p[i] >> 4];
		to[2 * i + 1] = digits[p[i] & 15];
	}
	return to;
}

bool
str_has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 127)
			return true;
	return false;
}
