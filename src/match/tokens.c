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

		a->fold[c] = (uint8_t)(upper ? c + 32 : c);
		if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			a->kind[c] = KIND_WORD;
		else if (c >= 0x80)
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

	*bytes = size < n ? size : n;
	*alone = false;
	if (*bytes < 2)
		return KIND_WORD;
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

/* The gap between two tokens, as its characters pass by. */
struct between {
	bool space, dash, dot, slash, amp, comma, colon, stop;
};

static enum gap
gap_of(const struct between *b, bool *dashed)
{
	*dashed = b->dash && b->space;
	if (b->stop || (b->dot && b->space))
		return GAP_STOP;
	if (b->colon)
		return GAP_COLON;
	if (b->comma || *dashed)
		return GAP_COMMA;
	if (b->slash)
		return b->amp || b->dash ? GAP_COMMA : GAP_SLASH;
	return b->amp ? GAP_AMP : GAP_JOIN;
}

static void
between_add(struct between *b, enum kind kind)
{
	b->space |= kind == KIND_SPACE;
	b->dash |= kind == KIND_DASH;
	b->dot |= kind == KIND_DOT;
	b->slash |= kind == KIND_SLASH;
	b->amp |= kind == KIND_AMP;
	b->comma |= kind == KIND_COMMA || kind == KIND_OTHER ||
		    kind == KIND_QUOTE || kind == KIND_SIGN;
	b->colon |= kind == KIND_COLON;
	b->stop |= kind == KIND_STOP;
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
		while (i < r->n && a->kind[p[i]] == KIND_WORD)
			h = (h ^ a->fold[p[i++]]) * FNV_PRIME;
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

/* Whether a word begins at r->at; if not, what stands there goes to b. */
static bool
word_begins(struct reader *r, struct between *b)
{
	const struct alphabet *a = r->alphabet;
	const uint8_t *p = (const uint8_t *)r->text + r->at;
	enum kind kind = (enum kind)a->kind[*p];
	size_t bytes = 1;
	bool alone;

	if (kind == KIND_LEAD)
		kind = lead_read(p, r->n - r->at, &bytes, &alone);
	if (kind == KIND_WORD)
		return true;
	/* ".NET": a dot that follows no word and begins one. */
	if (kind == KIND_DOT && is_word_byte(a, r->text, r->n, r->at + 1) &&
	    (r->at == 0 || !is_word_byte(a, r->text, r->n, r->at - 1)) &&
	    (p[1] | 0x20) >= 'a')
		return true;
	if (kind != KIND_SKIP)
		between_add(b, kind);
	r->at += bytes;
	return false;
}

size_t
tokens_read(const struct alphabet *a, const char *text, size_t n, size_t *at,
    struct token *to, size_t max)
{
	struct reader r = { a, text, n, *at };
	struct between b = { .stop = true };
	size_t count = 0;

	while (r.at < n && text[r.at] != '\n' && count < max) {
		if (!word_begins(&r, &b))
			continue;
		struct token *t = &to[count];

		token_read(&r, t);
		t->gap = gap_of(&b, &t->dashed);
		memset(&b, 0, sizeof(b));
		if (skip_address(&r, t))
			b.comma = true;
		else
			count++;
	}
	if (r.at < n && text[r.at] == '\n')
		r.at++;
	*at = r.at;
	return count;
}
