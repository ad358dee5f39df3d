#include "extract/jdoc.h"

#include <string.h>
#ifdef __x86_64__
#include <emmintrin.h>
#endif
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"

/* Zeros behind the copied text, so that 16 bytes may be read at its end. */
#define PADDING_BYTES 32

struct reader {
	struct arena *arena;
	char *start, *p, *end; /* *end is NUL */
	struct jnode *next;    /* where the next node goes */
	struct jnode *open[LIMIT_JDOC_DEPTH];
	size_t depth;
	bool lenient;
	bool endless; /* no "-->" is left */
	enum jdoc_result result;
	const char *fault;
};

static bool
fail(struct reader *r, enum jdoc_result result, const char *fault)
{
	r->result = result;
	r->fault = fault;
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Behind "<!--": JSON that it hides, or words to be passed over. */
static void
skip_remark(struct reader *r)
{
	char *close;

	if (r->endless ||
	    strchr("{[\"/", r->p[strspn(r->p, " \t\r\n")]) != NULL)
		return;
	close = strstr(r->p, "-->");
	if (close == NULL)
		r->endless = true;
	else
		r->p = close + 3;
}

/* Comments and wrappers that pages put round JSON-LD; true if one was there. */
static bool
skip_comment(struct reader *r)
{
	static const char *const wrappers[] = { "<!--", "-->", "<![CDATA[",
		"]]>" };
	char *close;

	if (r->p[0] == '/' && r->p[1] == '*') {
		close = strstr(r->p + 2, "*/");
		r->p = close == NULL ? r->end : close + 2;
		return true;
	}
	if (r->p[0] == '/' && r->p[1] == '/') {
		/* "//<![CDATA[ {...} //]]>" may all stand on one line. */
		r->p += 2;
		for (size_t i = 0; i < 4; i++)
			if (str_starts(r->p, wrappers[i]))
				return true;
		r->p += strcspn(r->p, "\n");
		return true;
	}
	for (size_t i = 0; i < 4; i++)
		if (str_starts(r->p, wrappers[i])) {
			r->p += strlen(wrappers[i]);
			if (i == 0)
				skip_remark(r);
			return true;
		}
	return false;
}

static inline void
skip_blanks(struct reader *r)
{
	do {
		while (is_blank(*r->p))
			r->p++;
	} while (
	    r->lenient &&
	    (*r->p == '/' || *r->p == '<' || *r->p == '-' || *r->p == ']') &&
	    skip_comment(r));
}

static inline struct jnode *
node_new(struct reader *r, enum jtype type)
{
	struct jnode *n = r->next++;

	n->type = type;
	return n;
}

/* Four hex digits at p, or -1. */
static int32_t
hex4(const char *p)
{
	int32_t value = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];
		int digit;

		if (c >= '0' && c <= '9')
			digit = c - '0';
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			digit = (c | 32) - 'a' + 10;
		else
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* r->p is behind "\u"; the character goes to *to. */
static bool
unicode_escape(struct reader *r, char **to)
{
	int32_t c = hex4(r->p), low;

	if (c < 0)
		return fail(r, JDOC_MALFORMED, "bad \\u escape");
	r->p += 4;
	if (c >= 0xd800 && c < 0xdc00 && r->p[0] == '\\' && r->p[1] == 'u') {
		low = hex4(r->p + 2);
		if (low >= 0xdc00 && low < 0xe000) {
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			r->p += 6;
		}
	}
	if (c == 0 || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	*to += utf8_put(*to, (uint32_t)c);
	return true;
}

/* r->p is behind a backslash. */
static bool
escape(struct reader *r, char **to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	char c = *r->p++;
	const char *found;

	if (c == 'u')
		return unicode_escape(r, to);
	found = c == '\0' ? NULL : memchr(from, c, sizeof(from) - 1);
	if (found == NULL && r->lenient && c == '\'') {
		*(*to)++ = '\'';
		return true;
	}
	if (found == NULL) {
		r->p--;
		if (r->lenient && c != '\0') {
			/* A backslash that is just that. */
			*(*to)++ = '\\';
			return true;
		}
		return fail(r, JDOC_MALFORMED, "unknown escape in a string");
	}
	*(*to)++ = into[found - from];
	return true;
}

/* Length of the well-formed multi-byte character at p, or 0. */
static inline int
multibyte(const unsigned char *p)
{
	if (p[0] < 0xc2 || (p[1] & 0xc0) != 0x80)
		return 0;
	if (p[0] < 0xe0)
		return 2;
	if ((p[2] & 0xc0) != 0x80)
		return 0;
	if (p[0] < 0xf0) {
		if ((p[0] == 0xe0 && p[1] < 0xa0) ||
		    (p[0] == 0xed && p[1] > 0x9f))
			return 0;
		return 3;
	}
	if ((p[3] & 0xc0) != 0x80 || p[0] > 0xf4 ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return 4;
}

/*
 * Bytes from p on that need no attention: neither quote, backslash, control
 * character nor part of a multi-byte character. They are copied to `to`
 * unless it is p itself.
 */
#ifdef __x86_64__
static inline size_t
plain_run(const char *p, char *to)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'),
		      blank = _mm_set1_epi8(' ');

	for (size_t n = 0;; n += 16) {
		__m128i v = _mm_loadu_si128((const void *)(p + n));
		/* Signed: bytes from 0x80 on count as less than a blank. */
		unsigned mask = (unsigned)_mm_movemask_epi8(
		    _mm_or_si128(_mm_cmplt_epi8(v, blank),
			_mm_or_si128(_mm_cmpeq_epi8(v, quote),
			    _mm_cmpeq_epi8(v, slash))));

		if (mask != 0) {
			size_t more = (size_t)__builtin_ctz(mask);

			if (to != p)
				memmove(to + n, p + n, more);
			return n + more;
		}
		if (to != p)
			_mm_storeu_si128((void *)(to + n), v);
	}
}
#else
static inline size_t
plain_run(const char *p, char *to)
{
	size_t n = 0;

	for (;; n++) {
		unsigned char c = (unsigned char)p[n];

		if (c < ' ' || c >= 0x80 || c == '"' || c == '\\')
			return n;
		to[n] = (char)c;
	}
}
#endif

/* What plain_run stopped at; false at an error, *done at the end quote. */
static inline bool
odd_byte(struct reader *r, char **to, bool *done)
{
	unsigned char c = (unsigned char)*r->p;

	if (c == '"') {
		r->p++;
		*done = true;
		return true;
	}
	if (c == '\\') {
		r->p++;
		return escape(r, to);
	}
	while ((c = (unsigned char)*r->p) >= 0x80) {
		int n = multibyte((const unsigned char *)r->p);

		if (n == 0)
			return fail(r, JDOC_NOT_UTF8, "malformed UTF-8");
		for (int i = 0; i < n; i++)
			*(*to)++ = *r->p++;
	}
	if (c >= ' ')
		return true;
	if (r->p == r->end)
		return fail(r, JDOC_MALFORMED, "string without an end");
	if (!r->lenient)
		return fail(r, JDOC_MALFORMED, "control character in a string");
	*(*to)++ = c == 0 ? ' ' : (char)c;
	r->p++;
	return true;
}

/* r->p is behind the first quote; the decoded text takes its place. */
static bool
read_string(struct reader *r, struct jnode *n)
{
	char *begin = r->p, *to = r->p;
	bool done = false;

	while (!done) {
		size_t run = plain_run(r->p, to);

		r->p += run;
		to += run;
		if (!odd_byte(r, &to, &done))
			return false;
	}
	*to = '\0';
	n->v.text = begin;
	n->len = (uint32_t)(to - begin);
	return true;
}

static inline bool
digits(char **p)
{
	char *from = *p;

	while (**p >= '0' && **p <= '9')
		(*p)++;
	return *p > from;
}

static bool
read_number(struct reader *r)
{
	struct jnode *n = node_new(r, J_NUMBER);
	char *p = r->p;
	bool good;

	if (*p == '-')
		p++;
	if (*p == '0') {
		p++;
		good = true;
	} else {
		good = digits(&p);
	}
	if (good && *p == '.') {
		p++;
		good = digits(&p);
	}
	if (good && (*p | 32) == 'e') {
		p++;
		if (*p == '+' || *p == '-')
			p++;
		good = digits(&p);
	}
	if (!good) {
		r->p = p;
		return fail(r, JDOC_MALFORMED, "expected a value");
	}
	n->v.text = r->p;
	n->len = (uint32_t)(p - r->p);
	r->p = p;
	return true;
}

static bool
read_word(struct reader *r)
{
	static const struct {
		const char *word;
		enum jtype type;
	} words[] = { { "true", J_TRUE }, { "false", J_FALSE },
		{ "null", J_NULL } };

	for (size_t i = 0; i < 3; i++) {
		size_t n = strlen(words[i].word);

		if (strncmp(r->p, words[i].word, n) == 0) {
			node_new(r, words[i].type);
			r->p += n;
			return true;
		}
	}
	return fail(r, JDOC_MALFORMED, "expected a value");
}

static bool
read_key(struct reader *r)
{
	if (*r->p != '"')
		return fail(r, JDOC_MALFORMED, "expected '\"' or '}'");
	r->p++;
	if (!read_string(r, node_new(r, J_KEY)))
		return false;
	skip_blanks(r);
	if (*r->p != ':')
		return fail(r, JDOC_MALFORMED, "expected ':'");
	r->p++;
	skip_blanks(r);
	return true;
}

static bool
open_container(struct reader *r)
{
	struct jnode *n = node_new(r, *r->p == '{' ? J_OBJECT : J_ARRAY);

	if (r->depth == LIMIT_JDOC_DEPTH)
		return fail(r, JDOC_MALFORMED, "nested too deep");
	r->open[r->depth++] = n;
	r->p++;
	skip_blanks(r);
	return true;
}

static inline bool
closes(const struct reader *r)
{
	char want = r->open[r->depth - 1]->type == J_OBJECT ? '}' : ']';

	return *r->p == want;
}

static inline void
close_container(struct reader *r)
{
	struct jnode *n = r->open[--r->depth];

	n->v.span = (size_t)(r->next - n);
	r->p++;
}

/* After a value: close what ends here, up to the comma before the next. */
static bool
read_between(struct reader *r)
{
	while (r->depth > 0) {
		r->open[r->depth - 1]->len++;
		skip_blanks(r);
		if (*r->p == ',') {
			r->p++;
			skip_blanks(r);
			if (!r->lenient || !closes(r))
				return true;
		}
		if (!closes(r))
			return fail(r, JDOC_MALFORMED,
			    r->open[r->depth - 1]->type == J_OBJECT
				? "expected ',' or '}'"
				: "expected ',' or ']'");
		close_container(r);
	}
	return true;
}

static bool
read_scalar(struct reader *r)
{
	char c = *r->p;

	if (c == '"') {
		r->p++;
		return read_string(r, node_new(r, J_STRING));
	}
	if (c == '-' || (c >= '0' && c <= '9'))
		return read_number(r);
	return read_word(r);
}

/* Templates of pages write "value": , when they have none. */
static bool
lacks_value(const struct reader *r)
{
	return r->lenient && r->depth > 0 &&
	       r->open[r->depth - 1]->type == J_OBJECT &&
	       (*r->p == ',' || *r->p == '}');
}

static bool
read_document(struct reader *r)
{
	bool is_whole;

	skip_blanks(r);
	is_whole = *r->p == '{' || *r->p == '[';
	do {
		if (r->depth > 0 && r->open[r->depth - 1]->type == J_OBJECT &&
		    !read_key(r))
			return false;
		if (*r->p == '{' || *r->p == '[') {
			if (!open_container(r))
				return false;
			if (!closes(r))
				continue;
			close_container(r);
		} else if (lacks_value(r)) {
			node_new(r, J_NULL);
		} else if (!read_scalar(r)) {
			return false;
		}
		if (!read_between(r))
			return false;
	} while (r->depth > 0);
	skip_blanks(r);
	if (r->lenient && *r->p == ';') {
		r->p++;
		skip_blanks(r);
	}
	/* Scripts go on behind it. */
	if (r->p != r->end && !(r->lenient && is_whole))
		return fail(r, JDOC_MALFORMED, "text after the end");
	return true;
}

/*
 * An upper bound of the nodes: each has a comma, colon or bracket before it,
 * but for the first. Inside strings they count too, which is cheaper than
 * finding out.
 */
static size_t
count_nodes(const char *p, size_t n)
{
	size_t count = 2, i = 0;
#ifdef __x86_64__
	const __m128i comma = _mm_set1_epi8(','), colon = _mm_set1_epi8(':'),
		      bit = _mm_set1_epi8(32), brace = _mm_set1_epi8('{');
	__m128i sum = _mm_setzero_si128();

	for (; i + 16 <= n; i += 16) {
		__m128i v = _mm_loadu_si128((const void *)(p + i));
		/* '[' | 32 is '{'. */
		__m128i hit = _mm_or_si128(_mm_cmpeq_epi8(v, comma),
		    _mm_or_si128(_mm_cmpeq_epi8(v, colon),
			_mm_cmpeq_epi8(_mm_or_si128(v, bit), brace)));

		hit = _mm_and_si128(hit, _mm_set1_epi8(1));
		sum =
		    _mm_add_epi64(sum, _mm_sad_epu8(hit, _mm_setzero_si128()));
	}
	count += (size_t)_mm_cvtsi128_si64(sum) +
		 (size_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(sum, sum));
#endif
	for (; i < n; i++)
		count += p[i] == ',' || p[i] == ':' || (p[i] | 32) == '{';
	return count;
}

/* The same without what stands in strings, for texts full of commas. */
static size_t
count_nodes_exactly(const char *p, size_t n)
{
	size_t count = 2;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"')
			quoted = !quoted;
		else if (quoted)
			i += p[i] == '\\';
		else
			count +=
			    p[i] == ',' || p[i] == ':' || (p[i] | 32) == '{';
	}
	return count;
}

/* Copy the text and make room for the nodes; false when there is none. */
static bool
reader_init(struct reader *r, const char *text, size_t n)
{
	size_t nodes = count_nodes(text, n);

	if (nodes > LIMIT_JDOC_NODES)
		nodes = count_nodes_exactly(text, n);
	if (nodes > LIMIT_JDOC_NODES || n > UINT32_MAX)
		return false;
	r->next = arena_array(r->arena, nodes, sizeof(struct jnode));
	r->start = arena_alloc(r->arena, n + PADDING_BYTES);
	if (r->next == NULL || r->start == NULL)
		return false;
	memcpy(r->start, text, n);
	r->p = r->start;
	r->end = r->start + n;
	return true;
}

enum jdoc_result
jdoc_parse(struct arena *arena, const char *text, size_t n, enum jdoc_mode mode,
    const struct jnode **root, struct err *e)
{
	struct reader r;
	const struct jnode *first;

	r.arena = arena;
	r.depth = 0;
	r.lenient = mode == JDOC_LENIENT;
	r.endless = false;
	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		n -= 3;
	}
	if (!reader_init(&r, text, n)) {
		err_set(e, ERR_DATA, "more than %d values", LIMIT_JDOC_NODES);
		return JDOC_TOO_BIG;
	}
	first = r.next;
	if (!read_document(&r)) {
		err_set(e, ERR_DATA, "byte %zu: %s", (size_t)(r.p - r.start),
		    r.p >= r.end ? "cut off" : r.fault);
		return r.result;
	}
	*root = first;
	return JDOC_OK;
}
