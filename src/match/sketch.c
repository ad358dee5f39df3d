/*
 * A sketch of a text: the smallest hashes of its runs of three words, one
 * for each of 64 ranges of the hash (one-permutation hashing, Li, Owen and
 * Zhang 2012), empty ranges borrowing from others (Shrivastava and Li 2014).
 * The share of slots that agree estimates how much two texts share.
 */
#include <string.h>
#include "match/match_int.h"

#define SHINGLE_WORDS 3
/* Fewer words are a teaser at most: nothing to judge by. */
#define SKETCH_WORDS 20
#define EMPTY        UINT32_MAX

/* The hash before a word's first byte. */
#define NO_WORD 0

enum { BYTE_OTHER, BYTE_LETTER, BYTE_SKIP, BYTE_LEAD };

/* What a byte is to a word. */
static uint8_t
byte_kind(uint8_t c)
{
	if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
		return BYTE_LETTER;
	if (c == '\'')
		return BYTE_SKIP;
	return c >= 0x80 ? BYTE_LEAD : BYTE_OTHER;
}

/*
 * Two steps a byte, where a multiplication would take five; the shingle's
 * hash mixes well enough for both.
 */
static inline uint64_t
word_add(uint64_t h, uint8_t c)
{
	return (h << 9 | h >> 55) ^ c;
}

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	x ^= x >> 32;
	x *= UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

struct shingles {
	uint32_t *to;
	uint64_t before, previous; /* the two words before */
	size_t words;
};

static void
shingle_add(struct shingles *s, uint64_t word)
{
	uint64_t h;

	if (++s->words >= SHINGLE_WORDS) {
		h = mix(s->before * 3 + s->previous * 5 + word * 7);
		if ((uint32_t)h < s->to[h >> 58])
			s->to[h >> 58] = (uint32_t)h;
	}
	s->before = s->previous;
	s->previous = word;
}

/*
 * Bytes at p that are not ASCII: how many, and what they are. Typographic
 * marks and blanks divide words, invisible ones and apostrophes do not;
 * Chinese, Japanese and Korean characters are a word each.
 */
static int
lead_kind(const uint8_t *p, size_t n, bool *alone)
{
	*alone = false;
	if (p[0] == 0xc2 && n >= 2)
		return p[1] == 0xad ? BYTE_SKIP : BYTE_OTHER;
	if (p[0] == 0xe2 && n >= 3 && p[1] == 0x80) {
		if (p[2] == 0x99 || (p[2] >= 0x8b && p[2] <= 0x8f))
			return BYTE_SKIP;
		return BYTE_OTHER;
	}
	if (p[0] == 0xe2)
		return BYTE_OTHER;
	*alone = p[0] >= 0xe3 && p[0] <= 0xed;
	return BYTE_LETTER;
}

static size_t
lead_bytes(uint8_t c)
{
	return c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Empty slots borrow, so that short texts can be compared as well. */
static void
densify(uint32_t *to)
{
	uint32_t full[SKETCH_SLOTS];

	memcpy(full, to, sizeof(full));
	for (size_t i = 0; i < SKETCH_SLOTS; i++) {
		size_t k = i;

		for (uint64_t n = 1; full[k] == EMPTY && n < 4096; n++)
			k = mix(i * 1000003 + n) % SKETCH_SLOTS;
		to[i] = full[k] + (uint32_t)(k != i) * (uint32_t)i;
	}
}

/* A board that shows the beginning of a text only ends it so. */
static bool
is_teaser(const char *text, size_t n)
{
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\n'))
		n--;
	return (n >= 3 && memcmp(text + n - 3, "...", 3) == 0) ||
	       (n >= 3 && memcmp(text + n - 3, "\xe2\x80\xa6", 3) == 0);
}

static void
shingles_read(struct shingles *s, const uint8_t *p, const uint8_t *end)
{
	uint64_t h = NO_WORD;
	bool alone;

	while (p < end) {
		size_t n = 1;
		int kind = byte_kind(*p);

		alone = false;
		if (kind == BYTE_LETTER) {
			/* Digits have the bit that makes letters small. */
			h = word_add(h, *p++ | 0x20);
			continue;
		}
		if (kind == BYTE_LEAD) {
			n = lead_bytes(*p);
			if (n > (size_t)(end - p))
				n = (size_t)(end - p);
			kind = lead_kind(p, n, &alone);
		}
		if ((kind == BYTE_OTHER || alone) && h != NO_WORD) {
			shingle_add(s, h);
			h = NO_WORD;
		}
		if (kind == BYTE_LETTER)
			for (size_t i = 0; i < n; i++)
				h = word_add(h, p[i]);
		if (alone) {
			shingle_add(s, h);
			h = NO_WORD;
		}
		p += n;
	}
	if (h != NO_WORD)
		shingle_add(s, h);
}

bool
sketch_make(const char *text, uint32_t to[SKETCH_SLOTS])
{
	struct shingles s = { .to = to };
	size_t n;

	memset(to, 0xff, SKETCH_SLOTS * sizeof(*to));
	n = text == NULL ? 0 : strlen(text);
	if (n > 0 && !is_teaser(text, n))
		shingles_read(
		    &s, (const uint8_t *)text, (const uint8_t *)text + n);
	if (s.words < SKETCH_WORDS) {
		memset(to, 0, SKETCH_SLOTS * sizeof(*to));
		return false;
	}
	densify(to);
	return true;
}

int
sketch_agree(const uint32_t a[SKETCH_SLOTS], const uint32_t b[SKETCH_SLOTS])
{
	int agree = 0;

	for (size_t i = 0; i < SKETCH_SLOTS; i++)
		agree += a[i] == b[i];
	return agree;
}
