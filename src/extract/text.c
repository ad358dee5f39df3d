/*
 * HTML to plain text in one pass over its bytes, without a tree: this is
 * where sources that give descriptions as HTML spend their time.
 */
#include <endian.h>
#include <string.h>
#include <strings.h>
#include "base/utf8.h"
#include "extract/value_int.h"

enum byte_kind { PLAIN, WHITE, MARKUP, ENTITY, LEAD };

/*
 * LEAD begins the characters that stand for a blank or for nothing: U+00A0,
 * U+00AD, U+2000 to U+200D, U+202F, U+205F, U+2060, U+3000 and U+FEFF.
 */
static const uint8_t kinds[256] = {
	/* clang-format off */
	WHITE, WHITE, WHITE, WHITE, WHITE, WHITE, WHITE, WHITE,
	WHITE, WHITE, WHITE, WHITE, WHITE, WHITE, WHITE, WHITE,
	WHITE, WHITE, WHITE, WHITE, WHITE, WHITE, WHITE, WHITE,
	WHITE, WHITE, WHITE, WHITE, WHITE, WHITE, WHITE, WHITE,
	WHITE, /* control characters and the blank */
	/* clang-format on */
	['<'] = MARKUP,
	['&'] = ENTITY,
	[0xc2] = LEAD,
	[0xe2] = LEAD,
	[0xe3] = LEAD,
	[0xef] = LEAD,
};

enum tag_kind {
	TAG_INLINE,
	TAG_LINE,      /* begins and ends a line */
	TAG_PARAGRAPH, /* an empty line before and behind */
	TAG_LIST,
	TAG_ITEM,
	TAG_BREAK,
	TAG_CELL,
	TAG_PRE,
	TAG_DROP,    /* with all that is in it, if it ends anywhere */
	TAG_DROP_RAW /* the same; unended, it swallows the rest */
};

/* In the order of their names; longer names are cut at eight letters. */
static const struct tag {
	char name[9];
	uint8_t kind;
} tags[] = {
	{ "address", TAG_LINE },
	{ "article", TAG_LINE },
	{ "aside", TAG_LINE },
	{ "audio", TAG_DROP },
	{ "blockquo", TAG_PARAGRAPH },
	{ "br", TAG_BREAK },
	{ "canvas", TAG_DROP },
	{ "caption", TAG_LINE },
	{ "center", TAG_LINE },
	{ "datalist", TAG_DROP },
	{ "dd", TAG_LINE },
	{ "details", TAG_LINE },
	{ "dialog", TAG_LINE },
	{ "dir", TAG_LIST },
	{ "div", TAG_LINE },
	{ "dl", TAG_LINE },
	{ "dt", TAG_LINE },
	{ "fieldset", TAG_LINE },
	{ "figcapti", TAG_LINE },
	{ "figure", TAG_LINE },
	{ "footer", TAG_LINE },
	{ "form", TAG_LINE },
	{ "h1", TAG_PARAGRAPH },
	{ "h2", TAG_PARAGRAPH },
	{ "h3", TAG_PARAGRAPH },
	{ "h4", TAG_PARAGRAPH },
	{ "h5", TAG_PARAGRAPH },
	{ "h6", TAG_PARAGRAPH },
	{ "head", TAG_DROP },
	{ "header", TAG_LINE },
	{ "hr", TAG_PARAGRAPH },
	{ "iframe", TAG_DROP },
	{ "legend", TAG_LINE },
	{ "li", TAG_ITEM },
	{ "main", TAG_LINE },
	{ "math", TAG_DROP },
	{ "menu", TAG_LIST },
	{ "nav", TAG_LINE },
	{ "noscript", TAG_DROP },
	{ "object", TAG_DROP },
	{ "ol", TAG_LIST },
	{ "optgroup", TAG_LINE },
	{ "option", TAG_LINE },
	{ "p", TAG_PARAGRAPH },
	{ "pre", TAG_PRE },
	{ "script", TAG_DROP_RAW },
	{ "section", TAG_LINE },
	{ "select", TAG_LINE },
	{ "style", TAG_DROP_RAW },
	{ "summary", TAG_LINE },
	{ "svg", TAG_DROP },
	{ "table", TAG_LINE },
	{ "tbody", TAG_LINE },
	{ "td", TAG_CELL },
	{ "template", TAG_DROP },
	{ "textarea", TAG_DROP },
	{ "tfoot", TAG_LINE },
	{ "th", TAG_CELL },
	{ "thead", TAG_LINE },
	{ "title", TAG_DROP },
	{ "tr", TAG_LINE },
	{ "ul", TAG_LIST },
	{ "video", TAG_DROP },
};
#define NTAGS (sizeof(tags) / sizeof(tags[0]))
_Static_assert(NTAGS <= 64, "struct text has a bit for each tag");

struct text {
	char *out, *to;
	int want;    /* line ends due before the next character */
	bool bullet; /* "- " is due, too */
	int pre;
	uint64_t unended;           /* tags known to end nowhere behind */
	bool no_close, no_quote[2]; /* no '>', '"', '\'' is left */
	bool no_comment_end;        /* no "-->" either */
};

static uint64_t
name_key(const char *name, size_t n)
{
	uint64_t key = 0;

	for (size_t i = 0; i < 8; i++)
		key = key << 8 | (i < n ? (uint8_t)name[i] | 0x20 : 0);
	return key;
}

/* The place in tags of a name of n letters, -1 if it is not there. */
static int
tag_find(const char *name, size_t n)
{
	uint64_t key = name_key(name, n);
	size_t low = 0, high = NTAGS;

	while (low < high) {
		size_t middle = (low + high) / 2;
		uint64_t have;

		memcpy(&have, tags[middle].name, sizeof(have));
		have = be64toh(have);
		if (have == key)
			return (int)middle;
		if (have < key)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

/* A bullet that the page itself wrote at s, and how long it is. */
static size_t
bullet_length(const char *s, const char *end)
{
	static const char *const bullets[] = { "-", "*", "\xe2\x80\xa2",
		"\xc2\xb7", "\xe2\x80\x93", "\xe2\x97\x8f", "\xe2\x96\xaa" };

	for (size_t i = 0; i < sizeof(bullets) / sizeof(bullets[0]); i++) {
		size_t n = strlen(bullets[i]);
		if ((size_t)(end - s) <= n || memcmp(s, bullets[i], n) != 0)
			continue;
		if (kinds[(uint8_t)s[n]] == WHITE ||
		    ((size_t)(end - s) > n + 1 &&
			memcmp(s + n, "\xc2\xa0", 2) == 0))
			return n;
	}
	return 0;
}

/* Line ends and bullet that are due, now that a character comes. */
static void
text_begin(struct text *t)
{
	while (t->to > t->out && t->to[-1] == ' ')
		t->to--;
	if (t->to > t->out)
		for (; t->want > 0; t->want--)
			*t->to++ = '\n';
	t->want = 0;
	if (t->bullet) {
		*t->to++ = '-';
		*t->to++ = ' ';
		t->bullet = false;
	}
}

static inline void
text_blank(struct text *t)
{
	if (t->want == 0 && !t->bullet && t->to > t->out && t->to[-1] != ' ' &&
	    t->to[-1] != '\n')
		*t->to++ = ' ';
}

static inline void
text_break(struct text *t, int lines)
{
	if (!t->bullet && t->want < lines)
		t->want = lines;
}

static void
text_item(struct text *t, bool is_end)
{
	t->want = 1;
	t->bullet = !is_end;
}

/* One white character, a line end where lines are kept. */
static inline void
text_white(struct text *t, char c)
{
	if (t->pre > 0 && c == '\n' && !t->bullet) {
		if (t->want < 2)
			t->want++;
		return;
	}
	text_blank(t);
}

/* Bytes of the blank or invisible character at s; 0 if it is another. */
static size_t
text_lead(const char *s, const char *end, bool *is_blank)
{
	const uint8_t *b = (const uint8_t *)s;
	size_t n = (size_t)(end - s);

	*is_blank = true;
	if (n >= 2 && b[0] == 0xc2) {
		*is_blank = b[1] == 0xa0;
		return b[1] == 0xa0 || b[1] == 0xad ? 2 : 0;
	}
	if (n < 3)
		return 0;
	if (b[0] == 0xe2 && b[1] == 0x80) {
		*is_blank = b[2] <= 0x8a || b[2] >= 0xa8;
		return b[2] <= 0x8d || b[2] == 0xaf || b[2] == 0xa8 ||
			       b[2] == 0xa9
			   ? 3
			   : 0;
	}
	if (b[0] == 0xe2 && b[1] == 0x81) {
		*is_blank = b[2] == 0x9f;
		return b[2] == 0x9f || b[2] == 0xa0 ? 3 : 0;
	}
	if (b[0] == 0xe3)
		return b[1] == 0x80 && b[2] == 0x80 ? 3 : 0;
	*is_blank = false;
	return b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf ? 3 : 0;
}

static const char *
text_entity(struct text *t, const char *s, const char *end)
{
	char decoded[ENTITY_BYTES];
	size_t ndecoded, n = entity_decode(s, end, decoded, &ndecoded);
	bool is_blank;

	if (n == 0) {
		decoded[0] = '&';
		ndecoded = n = 1;
	}
	if (kinds[(uint8_t)decoded[0]] == WHITE) {
		text_white(t, decoded[0]);
	} else if (kinds[(uint8_t)decoded[0]] == LEAD &&
		   text_lead(decoded, decoded + ndecoded, &is_blank) > 0) {
		if (is_blank)
			text_blank(t);
	} else {
		if (t->want > 0 || t->bullet)
			text_begin(t);
		memcpy(t->to, decoded, ndecoded);
		t->to += ndecoded;
	}
	return s + n;
}

/* Behind the '>' of the tag whose name ends at s; '>' in quotes is no end. */
static const char *
tag_end(struct text *t, const char *s, const char *end)
{
	bool is_value = false;

	for (; s < end; s++) {
		if (*s == '>')
			return s + 1;
		if (is_value && (*s == '"' || *s == '\'')) {
			bool *none = &t->no_quote[*s == '"'];
			const char *close =
			    *none ? NULL
				  : memchr(s + 1, *s, (size_t)(end - s) - 1);
			if (close == NULL)
				*none = true;
			else
				s = close;
		}
		if (kinds[(uint8_t)*s] != WHITE)
			is_value = *s == '=';
	}
	return NULL;
}

/* Where the element ends whose start tag ends at s; NULL if nowhere. */
static const char *
element_end(const char *s, const char *end, const char *name, size_t n)
{
	while ((s = memmem(s, (size_t)(end - s), "</", 2)) != NULL) {
		s += 2;
		if ((size_t)(end - s) <= n)
			return NULL;
		if (strncasecmp(s, name, n) == 0 &&
		    (s[n] == '>' || s[n] == '/' ||
			kinds[(uint8_t)s[n]] == WHITE))
			return s + n;
	}
	return NULL;
}

static const char *
text_drop(struct text *t, int tag, const char *s, const char *end,
    const char *name, size_t n)
{
	uint64_t bit = UINT64_C(1) << tag;
	const char *close = NULL, *behind;

	if (!(t->unended & bit))
		close = element_end(s, end, name, n);
	if (close == NULL) {
		t->unended |= bit;
		return tags[tag].kind == TAG_DROP_RAW ? end : s;
	}
	behind = tag_end(t, close, end);
	return behind != NULL ? behind : end;
}

static void
text_tag(struct text *t, enum tag_kind kind, bool is_end)
{
	switch (kind) {
	case TAG_LINE:
		text_break(t, 1);
		break;
	case TAG_LIST:
		t->bullet = false;
		text_break(t, 1);
		break;
	case TAG_PARAGRAPH:
		text_break(t, 2);
		break;
	case TAG_ITEM:
		text_item(t, is_end);
		break;
	case TAG_BREAK:
		text_break(t, t->want < 2 ? t->want + 1 : 2);
		break;
	case TAG_CELL:
		text_blank(t);
		break;
	case TAG_PRE:
		text_break(t, 2);
		t->pre += is_end ? (t->pre > 0 ? -1 : 0) : 1;
		break;
	case TAG_INLINE:
	case TAG_DROP:
	case TAG_DROP_RAW:
		break;
	}
}

/* A comment, a declaration or a processing instruction. */
static const char *
text_declaration(struct text *t, const char *s, const char *end)
{
	const char *close;

	if ((size_t)(end - s) >= 4 && memcmp(s, "<!--", 4) == 0) {
		close = t->no_comment_end
			    ? NULL
			    : memmem(s + 2, (size_t)(end - s) - 2, "-->", 3);
		t->no_comment_end = close == NULL;
		if (close != NULL)
			return close + 3;
	}
	close = memchr(s, '>', (size_t)(end - s));
	return close != NULL ? close + 1 : end;
}

/* What begins with the '<' at s; NULL if it is only that character. */
static const char *
text_markup(struct text *t, const char *s, const char *end)
{
	const char *name = s + 1, *stop, *behind;
	bool is_end = name < end && *name == '/';
	size_t n = 0;
	int tag;

	if (name < end && (*name == '!' || *name == '?'))
		return text_declaration(t, s, end);
	name += is_end;
	stop = name;
	while (
	    stop < end && (((*stop | 0x20) >= 'a' && (*stop | 0x20) <= 'z') ||
			      (stop > name && *stop >= '0' && *stop <= '9')))
		stop++;
	n = (size_t)(stop - name);
	if (n == 0 || t->no_close)
		return NULL;
	behind = tag_end(t, stop, end);
	if (behind == NULL) {
		t->no_close = true;
		return NULL;
	}
	tag = tag_find(name, n);
	if (tag < 0)
		return behind;
	if (tags[tag].kind >= TAG_DROP)
		return is_end ? behind
			      : text_drop(t, tag, behind, end, name, n);
	text_tag(t, tags[tag].kind, is_end);
	return behind;
}

/* Plain characters from s on, with the single blanks between them. */
static const char *
text_run(struct text *t, const char *s, const char *end)
{
	char *to;

	if (t->want > 0 || t->bullet) {
		bool is_item = t->bullet;
		size_t own;

		text_begin(t);
		if (is_item && (own = bullet_length(s, end)) > 0)
			return s + own;
	}
	to = t->to;
	for (; s < end; s++) {
		if (kinds[(uint8_t)*s] == PLAIN)
			*to++ = *s;
		else if (*s == ' ' && end - s > 1 &&
			 kinds[(uint8_t)s[1]] == PLAIN) {
			*to++ = ' ';
			*to++ = *++s;
		} else
			break;
	}
	t->to = to;
	return s;
}

static const char *
text_literal(struct text *t, const char *s)
{
	if (t->want > 0 || t->bullet)
		text_begin(t);
	*t->to++ = *s;
	return s + 1;
}

static const char *
text_step(struct text *t, const char *s, const char *end)
{
	const char *behind;
	bool is_blank;
	size_t n;

	switch ((enum byte_kind)kinds[(uint8_t)*s]) {
	case PLAIN:
		return text_run(t, s, end);
	case WHITE:
		text_white(t, *s);
		return s + 1;
	case MARKUP:
		behind = text_markup(t, s, end);
		return behind != NULL ? behind : text_literal(t, s);
	case ENTITY:
		return text_entity(t, s, end);
	case LEAD:
		n = text_lead(s, end, &is_blank);
		if (n == 0 && (t->want > 0 || t->bullet))
			return text_run(t, s, end);
		if (n == 0)
			return text_literal(t, s);
		if (is_blank)
			text_blank(t);
		return s + n;
	}
	return s + 1;
}

char *
value_html_text(struct arena *a, const char *html, size_t n)
{
	/* "&nGt;" is shorter by one byte than what it stands for. */
	char *out = arena_alloc(a, n + n / 5 + 8);
	struct text t = { .out = out, .to = out };
	const char *s = html, *end = html + n;

	while (s < end)
		s = text_step(&t, s, end);
	while (t.to > out && (t.to[-1] == ' ' || t.to[-1] == '\n'))
		t.to--;
	*t.to = '\0';
	return out;
}

char *
value_unescape(struct arena *a, const char *text, size_t n)
{
	char *out = arena_alloc(a, n + n / 5 + 8), *to = out;
	const char *s = text, *end = text + n;

	while (s < end) {
		const char *next = memchr(s, '&', (size_t)(end - s));
		size_t run = (size_t)((next != NULL ? next : end) - s);
		size_t nread, ndecoded;
		char decoded[ENTITY_BYTES];

		memcpy(to, s, run);
		to += run;
		s += run;
		if (next == NULL)
			break;
		nread = entity_decode(s, end, decoded, &ndecoded);
		if (nread == 0) {
			*to++ = *s++;
			continue;
		}
		memcpy(to, decoded, ndecoded);
		to += ndecoded;
		s += nread;
	}
	*to = '\0';
	return out;
}
