/*
 * A text as tokens: runs of letters and digits with what divides them. "c++",
 * "c#" and ".net" are one token, "node.js" two that are joined.
 */
#include <string.h>
#include "match/vocabulary_int.h"

#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

enum kind {
	KIND_OTHER,
	KIND_WORD,
	KIND_SIGN, /* + and #, which end words */
	KIND_SPACE,
	KIND_LINE,
	KIND_DASH,
	KIND_DOT,
	KIND_SLASH,
	KIND_AMP,
	KIND_COMMA,
	KIND_COLON,
	KIND_STOP,
	KIND_QUOTE,
	KIND_LEAD, /* not ASCII */
	KIND_SKIP
};

static void
kinds_set(struct alphabet *a, const char *bytes, enum kind kind)
{
	for (; *bytes != '\0'; bytes++)
		a->kind[(uint8_t)*bytes] = (uint8_t)kind;
}

void
alphabet_init(struct alphabet *a)
{
	memset(a->kind, KIND_OTHER, sizeof(a->kind));
	for (int c = 0; c < 256; c++) {
		bool upper = c >= 'A' && c <= 'Z';

		a->fold[c] = 0;
		if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			a->kind[c] = KIND_WORD;
			a->fold[c] = (uint8_t)(upper ? c + 32 : c);
		} else if (c >= 0x80)
			a->kind[c] = KIND_LEAD;
	}
	kinds_set(a, "+#", KIND_SIGN);
	kinds_set(a, " \t\r\v\f", KIND_SPACE);
	kinds_set(a, "\n", KIND_LINE);
	kinds_set(a, "-_", KIND_DASH);
	kinds_set(a, ".", KIND_DOT);
	kinds_set(a, "/", KIND_SLASH);
	kinds_set(a, "&", KIND_AMP);
	kinds_set(a, ",()[]{}\"<>|*=~`", KIND_COMMA);
	kinds_set(a, ":", KIND_COLON);
	kinds_set(a, ";!?", KIND_STOP);
	kinds_set(a, "'", KIND_QUOTE);
}

/*
 * A character that is not ASCII: how many bytes, and what it is to words.
 * KIND_STOP is a bullet; *alone a character that is a token by itself, as
 * Chinese, Japanese and Korean ones are.
 */
static enum kind
lead_read(const uint8_t *p, size_t n, size_t *bytes, bool *alone)
{
	size_t size = p[0] < 0xc0 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

	*bytes = 1;
	*alone = false;
	for (size_t i = 1; i < size; i++)
		if (i >= n || (p[i] & 0xc0) != 0x80)
			return KIND_COMMA; /* malformed: a byte that divides */
	if (size < 2)
		return KIND_COMMA;
	*bytes = size;
	if (p[0] == 0xc2)
		return p[1] == 0xad   ? KIND_SKIP
		       : p[1] == 0xa0 ? KIND_SPACE
		       : p[1] == 0xb7 ? KIND_STOP
				      : KIND_COMMA;
	if (p[0] == 0xef && *bytes == 3 && p[1] == 0xbb && p[2] == 0xbf)
		return KIND_SKIP;
	if (p[0] == 0xe2 && *bytes == 3) {
		if (p[1] == 0x80 && p[2] == 0x99)
			return KIND_QUOTE;
		if (p[1] == 0x80 && p[2] >= 0x80 && p[2] <= 0x8a)
			return KIND_SPACE;
		/* Zero width, and marks of writing direction. */
		if ((p[1] == 0x80 && ((p[2] >= 0x8b && p[2] <= 0x8f) ||
					 (p[2] >= 0xaa && p[2] <= 0xae))) ||
		    (p[1] == 0x81 && p[2] >= 0xa0 && p[2] <= 0xaf))
			return KIND_SKIP;
		if (p[1] == 0x80 && p[2] >= 0x90 && p[2] <= 0x92)
			return KIND_DASH; /* hyphens */
		if (p[1] == 0x80 && p[2] <= 0xa7 && p[2] >= 0xa2)
			return KIND_STOP; /* bullets */
		return p[1] == 0x80 ? KIND_COMMA : KIND_STOP;
	}
	*alone = p[0] >= 0xe3 && p[0] <= 0xed;
	return KIND_WORD;
}

/* What was seen between two tokens: a bit for each kind. */
#define SEEN(kind) (1U << (kind))
#define SEEN_COMMA                                                \
	(SEEN(KIND_COMMA) | SEEN(KIND_OTHER) | SEEN(KIND_QUOTE) | \
	    SEEN(KIND_SIGN))

static enum gap
gap_of(uint32_t seen, bool *dashed)
{
	bool space = seen & SEEN(KIND_SPACE);

	*dashed = false;
	if (seen == SEEN(KIND_SPACE))
		return GAP_JOIN;
	*dashed = space && (seen & SEEN(KIND_DASH));
	if ((seen & SEEN(KIND_STOP)) || (space && (seen & SEEN(KIND_DOT))))
		return GAP_STOP;
	if (seen & SEEN(KIND_COLON))
		return GAP_COLON;
	if ((seen & SEEN_COMMA) || *dashed)
		return GAP_COMMA;
	if (seen & SEEN(KIND_SLASH))
		return seen & (SEEN(KIND_AMP) | SEEN(KIND_DASH)) ? GAP_COMMA
								 : GAP_SLASH;
	return seen & SEEN(KIND_AMP) ? GAP_AMP : GAP_JOIN;
}

static inline bool
is_word_byte(const struct alphabet *a, const char *text, size_t n, size_t i)
{
	return i < n && (a->kind[(uint8_t)text[i]] == KIND_WORD ||
			    (uint8_t)text[i] >= 0xc3);
}

/* "'s" at i, and the word ends behind it. */
static bool
is_genitive(const struct alphabet *a, const char *text, size_t n, size_t i)
{
	return i < n && (text[i] | 0x20) == 's' &&
	       !is_word_byte(a, text, n, i + 1);
}

struct reader {
	const struct alphabet *alphabet;
	const char *text;
	size_t n, at;
};

/* A letter beyond ASCII: the small ones of Latin-1 stand for the capitals. */
static uint64_t
hash_lead(uint64_t h, const uint8_t *p, size_t bytes)
{
	bool upper = p[0] == 0xc3 && bytes == 2 && p[1] >= 0x80 && p[1] <= 0x9e;

	h = (h ^ p[0]) * FNV_PRIME;
	for (size_t i = 1; i < bytes; i++)
		h = (h ^ (upper ? p[i] | 0x20 : p[i])) * FNV_PRIME;
	return h;
}

/* The token that begins at r->at, which stands on a word's first byte. */
static void
token_read(struct reader *r, struct token *to)
{
	const struct alphabet *a = r->alphabet;
	const uint8_t *p = (const uint8_t *)r->text;
	size_t i = r->at, bytes;
	uint64_t h = FNV_START;
	bool alone;

	to->start = (uint32_t)i;
	if (p[i] == '.')
		h = (h ^ p[i++]) * FNV_PRIME;
	for (;;) {
		for (uint8_t c; i < r->n && (c = a->fold[p[i]]) != 0; i++)
			h = (h ^ c) * FNV_PRIME;
		to->end = (uint32_t)i;
		if (i >= r->n)
			break;
		if (a->kind[p[i]] == KIND_SIGN) {
			h = (h ^ p[i++]) * FNV_PRIME;
			to->end = (uint32_t)i;
			continue;
		}
		bytes = 1;
		alone = false;
		enum kind kind = (enum kind)a->kind[p[i]];

		if (kind == KIND_LEAD)
			kind = lead_read(p + i, r->n - i, &bytes, &alone);
		if (kind == KIND_QUOTE && i > to->start) {
			if (is_genitive(a, r->text, r->n, i + bytes)) {
				i += bytes + 1;
				break;
			}
			if (!is_word_byte(a, r->text, r->n, i + bytes))
				break;
		} else if (kind == KIND_WORD) {
			if (alone && i > to->start)
				break;
			h = hash_lead(h, p + i, bytes);
			to->end = (uint32_t)(i + bytes);
		} else if (kind != KIND_SKIP) {
			break;
		}
		i += bytes;
		if (alone)
			break;
	}
	to->hash = h;
	r->at = i;
}

/* A URL or an address of mail is not language: "see java.com/python". */
static bool
skip_address(struct reader *r, const struct token *t)
{
	const char *p = r->text + r->at;
	size_t left = r->n - r->at;
	bool www = t->end - t->start == 3 &&
		   strncasecmp(r->text + t->start, "www", 3) == 0;

	if (!(left > 3 && memcmp(p, "://", 3) == 0) &&
	    !(left > 1 && p[0] == '@' &&
		r->alphabet->kind[(uint8_t)p[1]] == KIND_WORD) &&
	    !(www && left > 1 && p[0] == '.'))
		return false;
	while (r->at < r->n && r->text[r->at] != '\n' &&
	       r->alphabet->kind[(uint8_t)r->text[r->at]] != KIND_SPACE)
		r->at++;
	return true;
}

/*
 * Whether a word begins at r->at; if not, what stands there is added to
 * *seen and passed by.
 */
static bool
word_begins(struct reader *r, uint32_t *seen)
{
	const struct alphabet *a = r->alphabet;
	const uint8_t *p = (const uint8_t *)r->text + r->at;
	enum kind kind = (enum kind)a->kind[*p];
	size_t bytes = 1;
	bool alone;

	if (kind == KIND_WORD)
		return true;
	if (kind == KIND_LEAD) {
		kind = lead_read(p, r->n - r->at, &bytes, &alone);
		if (kind == KIND_WORD)
			return true;
	}
	/* ".NET": a dot that follows no word and begins one. */
	if (kind == KIND_DOT && is_word_byte(a, r->text, r->n, r->at + 1) &&
	    (r->at == 0 || !is_word_byte(a, r->text, r->n, r->at - 1)) &&
	    (p[1] | 0x20) >= 'a')
		return true;
	if (kind != KIND_SKIP)
		*seen |= SEEN(kind);
	r->at += bytes;
	return false;
}

size_t
tokens_read(const struct alphabet *a, const char *text, size_t n, size_t *at,
    struct token *to, size_t max)
{
	struct reader r = { a, text, n, *at };
	uint32_t seen = SEEN(KIND_STOP);
	size_t count = 0;

	while (r.at < n && text[r.at] != '\n' && count < max) {
		struct token *t = &to[count];

		if (!word_begins(&r, &seen))
			continue;
		token_read(&r, t);
		t->gap = gap_of(seen, &t->dashed);
		seen = 0;
		if (r.at < n &&
		    (a->kind[(uint8_t)text[r.at]] == KIND_COLON ||
			text[r.at] == '@' || text[r.at] == '.') &&
		    skip_address(&r, t))
			seen = SEEN(KIND_COMMA);
		else
			count++;
	}
	if (r.at < n && text[r.at] == '\n')
		r.at++;
	*at = r.at;
	return count;
}
