/*
 * JSON that a page carries for its own scripts: in an element of its own, in
 * an attribute, assigned to a variable or handed to JSON.parse.
 */
#include <string.h>
#include "base/str.h"
#include "base/utf8.h"
#include "extract/extract_int.h"

/*
 * Places in a script where JSON may begin that are tried, and matches of a
 * pattern: each may cost a walk over all of the page.
 */
#define TRIES_MAX 16

/* What is looked for, and why the last try was none. */
struct search {
	struct reading *r;
	int tries;
	enum jdoc_result result;
	struct err e;
};

/* ---- JavaScript around it ---- */

static const char *
skip(const char *p, const char *end, const char *word)
{
	size_t n = strlen(word);

	return (size_t)(end - p) >= n && memcmp(p, word, n) == 0 ? p + n : p;
}

/* Blanks, and what hides a script from readers of old or of XML. */
static const char *
skip_blanks(const char *p, const char *end)
{
	static const char *const hides[] = { "<!--", "//<![CDATA[",
		"/*<![CDATA[*/", "<![CDATA[" };
	const char *before;

	do {
		before = p;
		p += blank_prefix(p, (size_t)(end - p));
		for (size_t i = 0; i < sizeof(hides) / sizeof(hides[0]); i++)
			p = skip(p, end, hides[i]);
	} while (p != before);
	return p;
}

/* Bytes up to the bracket that closes the first one; 0 if there is none. */
static size_t
balanced(const char *text, size_t n)
{
	size_t depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		char c = text[i];

		if (c == '"')
			quoted = !quoted;
		else if (quoted)
			i += c == '\\';
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* Two or four hex digits at p, or -1. */
static int32_t
hex(const char *p, const char *end, int digits)
{
	int32_t value = 0;

	if (end - p < digits)
		return -1;
	for (int i = 0; i < digits; i++) {
		char c = p[i];

		if (c >= '0' && c <= '9')
			value = value << 4 | (c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			value = value << 4 | ((c | 32) - 'a' + 10);
		else
			return -1;
	}
	return value;
}

/* What stands behind a backslash; the place behind it. */
static const char *
unescape(const char *p, const char *end, char **to)
{
	static const char from[] = "bfnrtv0", into[] = "\b\f\n\r\t\v ";
	const char *known = memchr(from, *p, sizeof(from) - 1);
	int digits = *p == 'u' ? 4 : *p == 'x' ? 2 : 0;
	int32_t c = digits == 0 ? -1 : hex(p + 1, end, digits), low;

	if (c < 0) {
		if (*p != '\n')
			*(*to)++ = known == NULL ? *p : into[known - from];
		return p + 1;
	}
	p += 1 + digits;
	if (c >= 0xd800 && c < 0xdc00 && end - p > 2 && p[0] == '\\' &&
	    p[1] == 'u' && (low = hex(p + 2, end, 4)) >= 0xdc00 &&
	    low < 0xe000) {
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		p += 6;
	}
	if (c == 0 || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	*to += utf8_put(*to, (uint32_t)c);
	return p;
}

/* A string of JavaScript decoded, up to its quote (0: any) or the end. */
static const char *
string_decode(
    struct arena *arena, const char *p, const char *end, char quote, size_t *n)
{
	char *text = arena_alloc(arena, (size_t)(end - p) + 1), *to = text;

	while (p < end && *p != quote &&
	       (quote != '\0' || (*p != '"' && *p != '\'' && *p != '`'))) {
		if (*p != '\\' || p + 1 == end)
			*to++ = *p++;
		else
			p = unescape(p + 1, end, &to);
	}
	*n = (size_t)(to - text);
	return text;
}

/* ---- JSON in it ---- */

/* Is there memory to decode and parse n bytes? */
static bool
has_room(struct search *s, size_t n)
{
	size_t nodes = n < LIMIT_JDOC_NODES ? n : LIMIT_JDOC_NODES;

	if (arena_used(s->r->arena) + 2 * n + nodes * sizeof(struct jnode) <
	    LIMIT_PAGE_MEMORY_BYTES)
		return true;
	s->result = JDOC_TOO_BIG;
	err_set(&s->e, ERR_DATA, "it needs too much memory");
	return false;
}

/* What begins here with a bracket, cut where that is closed. */
static bool
bracket_read(struct search *s, const char *p, const char *end)
{
	const char *inner = skip_blanks(p + 1, end), *text = p;
	struct arena *arena = s->r->arena;
	size_t n = (size_t)(end - p);

	s->tries++;
	if (!has_room(s, n))
		return false;
	/* The inside of a string: {\"jobs\": ... */
	if (inner < end && *inner == '\\')
		text = string_decode(arena, p, end, '\0', &n);
	n = balanced(text, n);
	if (n == 0) {
		s->result = JDOC_MALFORMED;
		err_set(&s->e, ERR_DATA, "its last bracket is missing");
		return false;
	}
	s->result =
	    jdoc_parse(arena, text, n, JDOC_LENIENT, &s->r->json, &s->e);
	return s->result == JDOC_OK;
}

static bool
begins_json(const char *p, const char *end)
{
	return p < end && (*p == '{' || *p == '[');
}

/* JSON, or a string with JSON in it, that begins right here. */
static bool
json_read(struct search *s, const char *p, const char *end)
{
	const char *text;
	size_t n;

	p = skip_blanks(p, end);
	text = skip(p, end, "JSON.parse(");
	if (text != p)
		p = skip_blanks(text, end);
	if (begins_json(p, end))
		return bracket_read(s, p, end);
	if (p == end || strchr("\"'`", *p) == NULL ||
	    !begins_json(skip_blanks(p + 1, end), end) ||
	    !has_room(s, (size_t)(end - p)))
		return false;
	text = string_decode(s->r->arena, p + 1, end, *p, &n);
	return bracket_read(s, skip_blanks(text, text + n), text + n);
}

static bool
is_empty(const struct jnode *json)
{
	return jnode_is_container(json) && json->len == 0;
}

/* The first JSON that is assigned or handed over in a script. */
static bool
script_read(struct search *s, const char *p, const char *end)
{
	const struct jnode *empty = NULL;

	if (json_read(s, p, end))
		return true;
	for (; p < end && s->tries < TRIES_MAX; p++) {
		if ((*p != '=' && *p != '(') || !json_read(s, p + 1, end))
			continue;
		if (!is_empty(s->r->json))
			return true;
		/* "x = x || {}" may prepare for what is to come. */
		empty = s->r->json;
	}
	s->r->json = empty;
	return empty != NULL;
}

/* Some write JSON with HTML's entities where there is no HTML. */
static bool
text_read(struct search *s, const char *text, size_t n)
{
	if (script_read(s, text, text + n))
		return true;
	if (memmem(text, n, "&quot;", 6) == NULL)
		return false;
	text = value_unescape(s->r->arena, text, n);
	return script_read(s, text, text + strlen(text));
}

/* ---- where it is ---- */

static bool
node_read(struct search *s, const struct node *node)
{
	struct reading *r = s->r;
	const char *text;
	struct buf buf;
	size_t n;
	bool found;

	if (node->first != NULL && node->first->raw)
		return text_read(s, node->first->text, node->first->len);
	buf_init(&buf, LIMIT_PAGE_BYTES);
	node_text_raw(node, &buf);
	text = arena_strndup(r->arena, buf_cstr(&buf), buf.len);
	n = buf.len;
	buf_fini(&buf);
	found = text_read(s, text, n);
	if (found || blank_prefix(text, n) < n)
		return found;
	/* In a comment, as some hide it in an element of no other content. */
	text = node_inner(r->dom, node, &n);
	return text_read(s, text, n);
}

static bool
selector_read(struct search *s, const struct selector *selector)
{
	struct item document = { .node = s->r->dom->root };
	struct values found;

	selector_run(s->r, selector, &document, TRIES_MAX, &found);
	for (size_t i = 0; i < found.n; i++) {
		const struct value *v = &found.at[i];

		s->tries = 0;
		if (v->node != NULL ? node_read(s, v->node)
				    : text_read(s, v->text, strlen(v->text)))
			return true;
	}
	if (found.n > 0 && s->e.kind == ERR_NONE)
		err_set(&s->e, ERR_DATA, "there is none in it");
	return false;
}

/* From group 1 on, or from behind a match without groups. */
static bool
pattern_read(struct search *s, const struct selector *selector)
{
	size_t offsets[2 * (LIMIT_RE_GROUPS + 1)], at = 0;
	const char *text = s->r->dom->source;
	size_t n = s->r->dom->n, from;

	for (int i = 0; i < TRIES_MAX && at <= n; i++) {
		int found = re_find(selector->re, text, n, at, offsets);

		if (found == -1)
			return reading_fail(s->r, EXTRACT_TOO_BIG,
			    "the pattern '%s' takes too long on this page",
			    selector->text);
		if (found == 0)
			return false;
		from = offsets[1];
		if (re_groups(selector->re) > 0 && offsets[2] != RE_UNSET)
			from = offsets[2];
		s->tries = 0;
		if (text_read(s, text + from, n - from))
			return true;
		if (s->e.kind == ERR_NONE)
			err_set(&s->e, ERR_DATA, "there is none behind it");
		at = re_behind(text, n, offsets);
	}
	return false;
}

static bool
script_open(struct reading *r)
{
	const struct selector *selector = &r->plan->script;
	struct search s = { .r = r };
	enum extract_result result;
	const char *what;

	if (!reading_open_html(r))
		return false;
	if (selector->kind == SELECT_RE ? pattern_read(&s, selector)
					: selector_read(&s, selector))
		return true;
	if (s.result == JDOC_TOO_BIG)
		return reading_fail(r, EXTRACT_TOO_BIG, "JSON in '%s': %s",
		    selector->text, s.e.text);
	if (s.e.kind != ERR_NONE)
		return reading_fail(r, EXTRACT_MALFORMED, "JSON in '%s': %s",
		    selector->text, s.e.text);
	result = wall_look(r, true, &what);
	return reading_fail(r,
	    result == EXTRACT_OK ? EXTRACT_NOT_FORMAT : result,
	    "the page has no '%s'%s%s", selector->text,
	    result == EXTRACT_OK ? "" : ": ", what);
}

const struct format_reader reader_script = {
	.name = "script",
	.selects = SELECT_JSONPATH,
	.open = script_open,
	.find_items = json_items,
};
