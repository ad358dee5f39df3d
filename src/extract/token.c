/*
 * Markup cut into tags and text (HTML standard 13.2.5, the states that make
 * a difference to what is read). Comments, declarations and processing
 * instructions are passed over.
 */
#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "extract/dom.h"
#include "extract/value_int.h"

#define SPACE     1 /* white space */
#define ENDS_TAG  2 /* a tag's name ends before it */
#define ENDS_ATTR 4 /* an attribute's name ends before it */

static const uint8_t classes[256] = {
	['\t'] = SPACE | ENDS_TAG | ENDS_ATTR,
	['\n'] = SPACE | ENDS_TAG | ENDS_ATTR,
	['\f'] = SPACE | ENDS_TAG | ENDS_ATTR,
	['\r'] = SPACE | ENDS_TAG | ENDS_ATTR,
	[' '] = SPACE | ENDS_TAG | ENDS_ATTR,
	['/'] = ENDS_TAG | ENDS_ATTR,
	['>'] = ENDS_TAG | ENDS_ATTR,
	['='] = ENDS_ATTR,
};

#define IS(c, class) ((classes[(unsigned char)(c)] & (class)) != 0)

static bool
is_letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* XML names may begin with more than HTML's. */
static bool
begins_name(const struct tokenizer *t, char c)
{
	return is_letter(c) || (t->is_xml && (c == '_' || c == ':' ||
						 (unsigned char)c >= 0x80));
}

void
tokenizer_init(struct tokenizer *t, const struct dom *dom)
{
	*t = (struct tokenizer){ .arena = dom->arena,
		.source = dom->source,
		.p = dom->source,
		.end = dom->source + dom->n,
		.is_xml = dom->is_xml };
	t->attrs =
	    arena_array(dom->arena, LIMIT_DOM_ATTRIBUTES, sizeof(t->attrs[0]));
}

void
tokenizer_skip_newline(struct tokenizer *t)
{
	if (t->p < t->end && *t->p == '\r')
		t->p++;
	if (t->p < t->end && *t->p == '\n')
		t->p++;
}

static const char *
find(const char *p, const char *end, const char *needle)
{
	size_t n = strlen(needle);

	for (;;) {
		p = memchr(p, needle[0], (size_t)(end - p));
		if (p == NULL || (size_t)(end - p) < n)
			return NULL;
		if (memcmp(p, needle, n) == 0)
			return p;
		p++;
	}
}

/* Behind the next needle, or the end. */
static const char *
behind(const char *p, const char *end, const char *needle)
{
	p = find(p, end, needle);
	return p == NULL ? end : p + strlen(needle);
}

/*
 * References in an attribute are decoded unless they lack their semicolon
 * before '=' or a letter, where old URLs have a parameter of that name.
 */
static void
decode_value(struct tokenizer *t, struct attr *a)
{
	const char *p = a->value, *end = p + a->value_len;
	char *to = arena_alloc(t->arena, a->value_len + 1), *out = to;

	while (p < end) {
		size_t made, used = 0;
		char text[ENTITY_BYTES];

		if (*p == '&')
			used = entity_decode(p, end, text, &made);
		if (used > 0 && p[used - 1] != ';' && p + used < end &&
		    (p[used] == '=' || is_letter(p[used]) ||
			(p[used] >= '0' && p[used] <= '9')))
			used = 0;
		if (used == 0) {
			*out++ = *p++;
			continue;
		}
		/* No reference is shorter than what it stands for. */
		memcpy(out, text, made);
		out += made;
		p += used;
	}
	a->value = to;
	a->value_len = (uint32_t)(out - to);
}

/* Behind '='; the value goes to *a. */
static const char *
attribute_value(struct tokenizer *t, const char *p, struct attr *a)
{
	const char *close;

	while (p < t->end && IS(*p, SPACE))
		p++;
	if (p < t->end && (*p == '"' || *p == '\'')) {
		close = memchr(p + 1, *p, (size_t)(t->end - p - 1));
		if (close == NULL)
			close = t->end;
		a->value = p + 1;
		p = close < t->end ? close + 1 : t->end;
	} else {
		a->value = p;
		while (p < t->end && !IS(*p, SPACE) && *p != '>')
			p++;
		close = p;
	}
	a->value_len = (uint32_t)(close - a->value);
	if (memchr(a->value, '&', a->value_len) != NULL)
		decode_value(t, a);
	return p;
}

/* At the first character of an attribute's name. */
static const char *
attribute(struct tokenizer *t, const char *p, struct attr *a)
{
	uint8_t lower = t->is_xml ? 0 : 32;
	uint32_t hash = 2166136261U;

	a->name = p;
	do {
		uint8_t c = (uint8_t)*p++;

		if (c >= 'A' && c <= 'Z')
			c |= lower;
		hash = (hash ^ c) * 16777619U;
	} while (p < t->end && !IS(*p, ENDS_ATTR));
	a->name_len = (uint32_t)(p - a->name);
	a->hash = hash;
	a->value = p;
	a->value_len = 0;
	while (p < t->end && IS(*p, SPACE))
		p++;
	if (p < t->end && *p == '=')
		p = attribute_value(t, p + 1, a);
	return p;
}

/* Attributes up to and with '>'; NULL if that is missing. */
static const char *
attributes(struct tokenizer *t, const char *p, struct token *to)
{
	struct attr unwanted;

	to->nattrs = 0;
	to->attrs = t->attrs;
	to->self_closing = false;
	while (p < t->end && *p != '>') {
		if (IS(*p, SPACE) || *p == '/') {
			to->self_closing = *p++ == '/';
			continue;
		}
		to->self_closing = false;
		if (to->nattrs < LIMIT_DOM_ATTRIBUTES)
			p = attribute(t, p, &t->attrs[to->nattrs++]);
		else
			p = attribute(t, p, &unwanted);
	}
	return p < t->end ? p + 1 : NULL;
}

/* At the first character of a tag's name. */
static const char *
tag_name(struct tokenizer *t, const char *p, struct token *to)
{
	uint8_t lower = t->is_xml ? 0 : 32;
	uint32_t hash = 2166136261U;

	to->text = p;
	while (p < t->end && !IS(*p, ENDS_TAG)) {
		uint8_t c = (uint8_t)*p++;

		if (c >= 'A' && c <= 'Z')
			c |= lower;
		hash = (hash ^ c) * 16777619U;
	}
	to->len = (uint32_t)(p - to->text);
	to->hash = hash;
	return p;
}

/* Behind the comment whose content begins at p. */
static const char *
behind_comment(const struct tokenizer *t, const char *p)
{
	const char *end = t->end;

	if (t->is_xml)
		return behind(p, end, "-->");
	if (p < end && *p == '>')
		return p + 1;
	if (end - p > 1 && p[0] == '-' && p[1] == '>')
		return p + 2;
	while ((p = find(p, end, "--")) != NULL) {
		if (end - p > 2 && p[2] == '>')
			return p + 3;
		if (end - p > 3 && p[2] == '!' && p[3] == '>')
			return p + 4;
		p++;
	}
	return end;
}

/* At "<!"; a CDATA section is text, all else is passed over. */
static bool
declaration(struct tokenizer *t, struct token *to)
{
	const char *p = t->p + 2, *close;

	if (t->end - p >= 2 && p[0] == '-' && p[1] == '-') {
		t->p = behind_comment(t, p + 2);
		return false;
	}
	if ((t->is_xml || t->cdata) && t->end - p >= 7 &&
	    memcmp(p, "[CDATA[", 7) == 0) {
		close = find(p + 7, t->end, "]]>");
		to->kind = TOKEN_TEXT;
		to->raw = true;
		to->text = p + 7;
		to->len = (uint32_t)((close == NULL ? t->end : close) - p - 7);
		t->p = close == NULL ? t->end : close + 3;
		return true;
	}
	/* An internal subset may hold '>'. */
	close = memchr(p, '>', (size_t)(t->end - p));
	if (t->is_xml && close != NULL &&
	    memchr(p, '[', (size_t)(close - p)) != NULL)
		t->p = behind(behind(p, t->end, "]"), t->end, ">");
	else
		t->p = close == NULL ? t->end : close + 1;
	return false;
}

/* At '<': true if a token begins here, else t->p stands behind something. */
static bool
markup(struct tokenizer *t, struct token *to)
{
	const char *p = t->p + 1;

	if (p == t->end)
		return false;
	if (*p == '!')
		return declaration(t, to);
	if (*p == '?') {
		t->p = behind(p, t->end, t->is_xml ? "?>" : ">");
		return false;
	}
	if (*p == '/' && p + 1 < t->end && !begins_name(t, p[1])) {
		t->p = behind(p, t->end, ">");
		return false;
	}
	to->kind = *p == '/' ? TOKEN_END : TOKEN_START;
	p = tag_name(t, p + (*p == '/'), to);
	if (!t->is_xml)
		to->tag = token_tag(to);
	p = attributes(t, p, to);
	t->p = p == NULL ? t->end : p;
	/* A tag that is cut off is none in HTML. */
	return p != NULL || t->is_xml;
}

/* Does markup begin at this '<'? Otherwise it is text. */
static bool
begins_markup(const struct tokenizer *t, const char *p)
{
	return p + 1 < t->end && (begins_name(t, p[1]) || p[1] == '/' ||
				     p[1] == '!' || p[1] == '?');
}

void
token_next(struct tokenizer *t, struct token *to)
{
	const char *p;

	to->raw = false;
	for (;;) {
		to->begin = t->p;
		to->tag = TAG_NONE;
		if (t->p == t->end) {
			to->kind = TOKEN_EOF;
			return;
		}
		p = t->p;
		while (p != NULL && !(*p == '<' && begins_markup(t, p)))
			p = p + 1 < t->end
				? memchr(p + 1, '<', (size_t)(t->end - p - 1))
				: NULL;
		if (p == NULL)
			p = t->end;
		if (p > t->p) {
			to->kind = TOKEN_TEXT;
			to->text = t->p;
			to->len = (uint32_t)(p - t->p);
			t->p = p;
			return;
		}
		if (markup(t, to))
			return;
	}
}

/* The next "</name" or "<name" from p on that is a tag, or NULL. */
static const char *
find_tag(const char *p, const char *end, const char *begin, const char *name,
    size_t len)
{
	size_t n = strlen(begin);

	for (; (p = find(p, end, begin)) != NULL; p++) {
		if ((size_t)(end - p) < n + len)
			return NULL;
		if (strncasecmp(p + n, name, len) == 0 &&
		    (p + n + len == end || IS(p[n + len], ENDS_TAG)))
			return p;
	}
	return NULL;
}

/*
 * Where a script ends. Behind "<!--" a "<script" has an end of its own, up to
 * "-->": old pages hide scripts that write scripts in this way.
 */
static const char *
script_end(const char *p, const char *end)
{
	const char *hide, *show = p, *close;

	for (;; p = show + 3) {
		close = find_tag(p, end, "</", "script", 6);
		hide = close == NULL ? NULL : find(p, close, "<!--");
		if (hide == NULL)
			return close;
		if (show != NULL && show < hide + 2)
			show = find(hide + 2, end, "-->");
		p = hide + 4;
		while (show == NULL || show > close) {
			if (find_tag(p, close, "<", "script", 6) == NULL)
				return close;
			p = close + 2;
			close = find_tag(p, end, "</", "script", 6);
			if (close == NULL)
				return NULL;
		}
	}
}

void
token_raw(struct tokenizer *t, const char *name, uint32_t len, struct token *to)
{
	const char *p, *end = t->end;
	struct token tag;

	to->kind = TOKEN_TEXT;
	to->begin = to->text = t->p;
	if (len == 6 && strncasecmp(name, "script", 6) == 0)
		p = script_end(t->p, end);
	else
		p = find_tag(t->p, end, "</", name, len);
	if (p == NULL)
		p = end;
	to->len = (uint32_t)(p - t->p);
	if (p < end)
		p = attributes(t, p + 2 + len, &tag);
	t->p = p == NULL ? end : p;
}
