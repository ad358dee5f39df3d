/*
 * What mails are encoded in: transfer encodings, encoded words, lines that
 * flow. All of it is forgiving: what is malformed stands as it is.
 */
#include <string.h>
#include <strings.h>
#include "base/buf.h"
#include "base/str.h"
#include "extract/charset.h"
#include "extract/mime_int.h"

/* An encoded word has 75 bytes at most (RFC 2047 section 2); some have more. */
#define WORD_BYTES 2000
/* A header once its words are decoded. */
#define WORDS_BYTES (256 * 1024)

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Two digits behind the sign at p, or -1. */
static int
hex_byte(const char *p, const char *end)
{
	int high, low;

	if (end - p < 3)
		return -1;
	high = hex_digit(p[1]);
	low = hex_digit(p[2]);
	return high == -1 || low == -1 ? -1 : high * 16 + low;
}

/* Behind the line end (or the end) that follows the '=' at p, or NULL. */
static const char *
soft_break(const char *p, const char *end)
{
	p++;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < end && *p == '\r')
		p++;
	if (p == end)
		return end;
	return *p == '\n' ? p + 1 : NULL;
}

struct mime_span
mime_quoted(struct arena *arena, struct mime_span in)
{
	char *out = arena_alloc(arena, in.n + 1);
	const char *p = in.p, *end = in.p + in.n;
	size_t n = 0;

	while (p < end) {
		int byte = *p == '=' ? hex_byte(p, end) : -1;
		const char *next = *p == '=' ? soft_break(p, end) : NULL;

		if (byte != -1) {
			out[n++] = (char)byte;
			p += 3;
		} else if (next != NULL) {
			p = next;
		} else {
			out[n++] = *p++;
		}
	}
	return (struct mime_span){ out, n };
}

struct mime_span
mime_percent(struct arena *arena, struct mime_span in)
{
	char *out = arena_alloc(arena, in.n + 1);
	const char *p = in.p, *end = in.p + in.n;
	size_t n = 0;

	while (p < end) {
		int byte = *p == '%' ? hex_byte(p, end) : -1;

		out[n++] = byte == -1 ? *p : (char)byte;
		p += byte == -1 ? 1 : 3;
	}
	/* It is a name of something: one that ends early is another. */
	return (struct mime_span){ out, strlen(out) };
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

char *
mime_base64(struct arena *arena, const char *in, size_t n, size_t *nout)
{
	char *out = arena_alloc(arena, n / 4 * 3 + 4);
	unsigned int bits = 0, have = 0;

	*nout = 0;
	for (size_t i = 0; i < n; i++) {
		int digit = base64_digit(in[i]);

		/* Some programs encode piece by piece. */
		if (in[i] == '=')
			have = 0;
		if (digit == -1)
			continue;
		bits = bits << 6 | (unsigned int)digit;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[(*nout)++] = (char)(bits >> have & 0xff);
		}
	}
	return out;
}

/* ---- encoded words ---- */

struct word {
	struct mime_span charset, text;
	char encoding;
	const char *end;
};

/* "=?charset*language?encoding?text?=" at p. */
static bool
word_at(const char *p, struct word *to)
{
	size_t left = strnlen(p, WORD_BYTES);
	const char *end = p + left, *mark;

	if (left < 8 || p[0] != '=' || p[1] != '?')
		return false;
	p += 2;
	mark = memchr(p, '?', (size_t)(end - p));
	if (mark == NULL || mark == p || end - mark < 5 || mark[2] != '?')
		return false;
	to->charset = (struct mime_span){ p, (size_t)(mark - p) };
	to->encoding = mark[1];
	to->text.p = mark + 3;
	mark = memmem(to->text.p, (size_t)(end - to->text.p), "?=", 2);
	if (mark == NULL || strchr("bBqQ", to->encoding) == NULL)
		return false;
	to->text.n = (size_t)(mark - to->text.p);
	to->end = mark + 2;
	mark = memchr(p, '*', to->charset.n);
	if (mark != NULL)
		to->charset.n = (size_t)(mark - p);
	return true;
}

static struct mime_span
word_decode(struct arena *arena, const struct word *word)
{
	struct mime_span out;
	char *spaced;

	if (word->encoding == 'B' || word->encoding == 'b') {
		out.p = mime_base64(arena, word->text.p, word->text.n, &out.n);
		return out;
	}
	spaced = arena_strndup(arena, word->text.p, word->text.n);
	for (size_t i = 0; i < word->text.n; i++)
		if (spaced[i] == '_')
			spaced[i] = ' ';
	return mime_quoted(arena, (struct mime_span){ spaced, word->text.n });
}

/* Bytes of one charset, as they gather, and what they are made into. */
struct words {
	struct arena *arena;
	struct mime_span charset; /* none: plain text */
	struct buf bytes, text;
};

static void
words_flush(struct words *w)
{
	const char *type = NULL, *text;
	size_t n = w->bytes.len;

	if (n == 0)
		return;
	if (w->charset.n > 0)
		type = arena_printf(w->arena, "text/plain; charset=%.*s",
		    (int)w->charset.n, w->charset.p);
	text =
	    charset_read(w->arena, buf_cstr(&w->bytes), &n, type, CHARSET_XML);
	if (text != NULL)
		buf_add(&w->text, text, n);
	buf_reset(&w->bytes);
}

/* A character may be cut between two words of one charset. */
static void
words_add(struct words *w, struct mime_span charset, struct mime_span bytes)
{
	if (charset.n != w->charset.n ||
	    (charset.n > 0 &&
		strncasecmp(charset.p, w->charset.p, charset.n) != 0))
		words_flush(w);
	w->charset = charset;
	buf_add(&w->bytes, bytes.p, bytes.n);
}

const char *
mime_words(struct arena *arena, const char *value)
{
	struct words w = { .arena = arena };
	const struct mime_span none = { NULL, 0 };
	struct word word;
	char *copy;

	buf_init(&w.bytes, WORDS_BYTES);
	buf_init(&w.text, WORDS_BYTES);
	while (*value != '\0') {
		if (word_at(value, &word)) {
			words_add(&w, word.charset, word_decode(arena, &word));
			/* Blanks between two words are no text. */
			value = word.end + strspn(word.end, " \t");
			if (value[0] != '=' || value[1] != '?')
				value = word.end;
		} else {
			size_t n = 1 + strcspn(value + 1, "=");

			words_add(&w, none, (struct mime_span){ value, n });
			value += n;
		}
	}
	words_flush(&w);
	copy = arena_strndup(arena, buf_cstr(&w.text), w.text.len);
	buf_fini(&w.bytes);
	buf_fini(&w.text);
	return copy;
}

/* ---- lines that flow ---- */

/* One line taken apart: how deep it is quoted, what it says. */
struct flow_line {
	size_t depth;
	struct mime_span text;
	bool flows;
};

static struct flow_line
flow_line_read(struct mime_span line)
{
	struct flow_line to = { .text = line };

	while (to.text.n > 0 && *to.text.p == '>') {
		to.depth++;
		to.text.p++;
		to.text.n--;
	}
	/* Stuffed, so that it is taken for nothing else. */
	if (to.text.n > 0 && *to.text.p == ' ') {
		to.text.p++;
		to.text.n--;
	}
	/* "-- " begins the signature and flows nowhere. */
	to.flows = to.text.n > 0 && to.text.p[to.text.n - 1] == ' ' &&
		   !(to.text.n == 3 && memcmp(to.text.p, "-- ", 3) == 0);
	return to;
}

const char *
mime_flowed(struct arena *arena, const char *text, size_t *n, bool delsp)
{
	const char *p = text, *end = text + *n;
	/* Two bytes more for each line: '>' and a blank, which it had. */
	char *out = arena_alloc(arena, 2 * *n + 1), *to = out;
	struct flow_line before = { 0 };

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		const char *stop = eol == NULL ? end : eol;
		struct flow_line line;

		if (stop > p && stop[-1] == '\r')
			stop--;
		line =
		    flow_line_read((struct mime_span){ p, (size_t)(stop - p) });
		p = eol == NULL ? end : eol + 1;
		if (before.flows && before.depth != line.depth)
			*to++ = '\n';
		if (!before.flows || before.depth != line.depth)
			for (size_t i = 0; i < line.depth; i++)
				*to++ = '>';
		if (line.flows && delsp)
			line.text.n--;
		memcpy(to, line.text.p, line.text.n);
		to += line.text.n;
		if (!line.flows)
			*to++ = '\n';
		before = line;
	}
	*n = (size_t)(to - out);
	return out;
}
