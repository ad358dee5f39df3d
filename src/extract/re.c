#include "extract/re.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include "base/buf.h"
#include "base/limits.h"
#include "extract/watch.h"

/* "\p{Script_Extensions=...}" is longer than any I-Regexp may write. */
#define PROPERTY_BYTES 16

/* Of a pattern that costs too much, what is told of it. */
#define SPENT_BYTES 200

struct re {
	pcre2_code *code;
	const char *pattern;
	size_t n;
	unsigned groups;
};

/*
 * PCRE2 counts its steps anew at each place where a match may begin; so each
 * of them first looks whether the search as a whole took too long.
 */
#define WATCH "(?C1)(?:"
static struct watch watch;

/* What patterns may still take of a page, and which one took the last. */
static int64_t page_left_us = INT64_MAX;
static char spent[SPENT_BYTES];

/* Kept for life: PCRE2 grows the match data's own heap and reuses it. */
static pcre2_match_data *match_data;
static pcre2_match_context *match_context, *page_context;

static int
watch_look(pcre2_callout_block *unused, void *nothing)
{
	(void)unused;
	(void)nothing;
	return watch_is_over(&watch) ? PCRE2_ERROR_CALLOUT : 0;
}

static pcre2_match_context *
context_new(uint32_t match_limit)
{
	pcre2_match_context *c = pcre2_match_context_create(NULL);

	if (c == NULL)
		fatal("re: out of memory");
	pcre2_set_match_limit(c, match_limit);
	pcre2_set_depth_limit(c, LIMIT_RE_DEPTH);
	pcre2_set_heap_limit(c, LIMIT_RE_HEAP_BYTES / 1024);
	pcre2_set_callout(c, watch_look, NULL);
	return c;
}

void
re_warm_up(void)
{
	if (match_data != NULL)
		return;
	match_data = pcre2_match_data_create(LIMIT_RE_GROUPS + 1, NULL);
	if (match_data == NULL)
		fatal("re: out of memory");
	match_context = context_new(LIMIT_RE_MATCH);
	page_context = context_new(LIMIT_RE_PAGE_MATCH);
}

/* Compiled patterns lie in the arena that asked for them. */
static void *
arena_take(size_t n, void *arena)
{
	return arena_alloc(arena, n);
}

static void
arena_leave(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

static pcre2_code *
compile(struct arena *arena, const char *pattern, size_t n, uint32_t options,
    int *code, PCRE2_SIZE *at)
{
	pcre2_general_context *g =
	    pcre2_general_context_create(arena_take, arena_leave, arena);
	pcre2_compile_context *c;
	pcre2_code *compiled;

	*code = PCRE2_ERROR_NOMEMORY;
	*at = 0;
	if (g == NULL)
		return NULL;
	c = pcre2_compile_context_create(g);
	if (c == NULL)
		return NULL;
	/* One more for ours. */
	pcre2_set_parens_nest_limit(c, LIMIT_RE_NESTING + 1);
	compiled = pcre2_compile((PCRE2_SPTR)pattern, n,
	    PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | options, code, at,
	    c);
	return compiled;
}

/* NULL if what is right by itself is not so with more round it. */
static pcre2_code *
watched(struct arena *arena, const char *pattern, size_t n, uint32_t options)
{
	struct buf text;
	pcre2_code *code;
	PCRE2_SIZE at;
	int fault;

	buf_init(&text, LIMIT_RE_BYTES + 2 * sizeof(WATCH));
	buf_str(&text, WATCH);
	buf_add(&text, pattern, n);
	/* A comment may stand at its end. */
	buf_str(&text, options & PCRE2_EXTENDED ? "\n)" : ")");
	code = compile(arena, text.data, text.len, options, &fault, &at);
	buf_fini(&text);
	return code;
}

static struct re *
re_make(struct arena *arena, const char *pattern, size_t n, uint32_t options,
    size_t *at, struct err *e)
{
	struct re *re;
	PCRE2_UCHAR text[256];
	PCRE2_SIZE where = 0;
	pcre2_code *code = NULL;
	uint32_t groups = 0;
	int fault = 0;

	if (at != NULL)
		*at = 0;
	if (n > LIMIT_RE_BYTES) {
		err_set(e, ERR_DATA, "pattern is longer than %d bytes",
		    LIMIT_RE_BYTES);
		return NULL;
	}
	code = compile(arena, pattern, n, options, &fault, &where);
	if (code == NULL) {
		pcre2_get_error_message(fault, text, sizeof(text));
		err_set(e, ERR_DATA, "%s at character %zu", (char *)text,
		    (size_t)where + 1);
		if (at != NULL)
			*at = where;
		return NULL;
	}
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
	if (groups > LIMIT_RE_GROUPS) {
		err_set(e, ERR_DATA, "pattern has more than %d groups",
		    LIMIT_RE_GROUPS);
		return NULL;
	}
	re = arena_alloc(arena, sizeof(*re));
	re->code = watched(arena, pattern, n, options);
	if (re->code == NULL)
		re->code = code;
	re->groups = groups;
	re->pattern = arena_strndup(arena, pattern, n);
	re->n = n;
	return re;
}

struct re *
re_new(struct arena *arena, const char *pattern, size_t n, size_t *at,
    struct err *e)
{
	return re_make(arena, pattern, n, 0, at, e);
}

unsigned
re_groups(const struct re *re)
{
	return re->groups;
}

unsigned
re_group_named(const struct re *re, const char *name)
{
	int group =
	    pcre2_substring_number_from_name(re->code, (PCRE2_SPTR)name);

	return group > 0 ? (unsigned)group : 0;
}

const char *
re_group_name(const struct re *re, unsigned group)
{
	uint32_t count = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(re->code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(re->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(re->code, PCRE2_INFO_NAMETABLE, &table);
	/* Two bytes of number, then the name and a NUL. */
	for (uint32_t i = 0; i < count; i++, table += size)
		if ((unsigned)(table[0] << 8 | table[1]) == group)
			return (const char *)table + 2;
	return NULL;
}

/* ---- "/pattern/flags" ---- */

#define FLAGS "imsx"

bool
re_is_literal(const char *text)
{
	const char *end = strrchr(text, '/');

	/* Two slashes at its beginning make it an XPath. */
	return text[0] == '/' && text[1] != '/' && end > text + 1 &&
	       strspn(end + 1, FLAGS) == strlen(end + 1);
}

struct re *
re_new_literal(struct arena *arena, const char *text, bool lines, size_t *at,
    struct err *e)
{
	static const uint32_t options[] = { PCRE2_CASELESS, PCRE2_MULTILINE,
		PCRE2_DOTALL, PCRE2_EXTENDED };
	const char *end = strrchr(text, '/');
	uint32_t chosen = lines ? PCRE2_MULTILINE : 0;

	for (const char *p = end + 1; *p != '\0'; p++)
		chosen |= options[strchr(FLAGS, *p) - FLAGS];
	return re_make(
	    arena, text + 1, (size_t)(end - text) - 1, chosen, at, e);
}

void
re_page_begin(void)
{
	page_left_us = LIMIT_PATTERN_CPU_MS * INT64_C(1000);
	spent[0] = '\0';
}

void
re_page_end(void)
{
	page_left_us = INT64_MAX;
}

const char *
re_page_spent(void)
{
	return page_left_us > 0 ? NULL : spent;
}

/* As pcre2_match; no more is begun when nothing is left of the page's. */
static int
match(
    const struct re *re, const char *text, size_t n, size_t from, bool is_page)
{
	bool is_counted = page_left_us < INT64_MAX;
	int count;

	if (page_left_us <= 0)
		return PCRE2_ERROR_CALLOUT;
	re_warm_up();
	watch_begin(&watch, is_page ? LIMIT_RE_PAGE_CPU_US : LIMIT_RE_CPU_US);
	count = pcre2_match(re->code, (PCRE2_SPTR)text, n, from,
	    is_page ? PCRE2_NO_UTF_CHECK : 0, match_data,
	    is_page ? page_context : match_context);
	if (is_counted)
		page_left_us -= watch_used_us(&watch);
	if (page_left_us <= 0)
		snprintf(spent, sizeof(spent), "%.*s", (int)re->n, re->pattern);
	return count;
}

int
re_find(const struct re *re, const char *text, size_t n, size_t from,
    size_t *offsets)
{
	const PCRE2_SIZE *found;
	int count = match(re, text, n, from, true);

	if (count == PCRE2_ERROR_NOMATCH)
		return 0;
	/* "\K" in a lookahead can put the end before the start. */
	found = pcre2_get_ovector_pointer(match_data);
	if (count < 0 || found[1] < found[0])
		return -1;
	for (size_t i = 0; i < 2 * ((size_t)re->groups + 1); i++)
		offsets[i] = found[i] == PCRE2_UNSET ? RE_UNSET : found[i];
	return 1;
}

bool
re_search(const struct re *re, const char *text, size_t n, unsigned group,
    size_t *from, size_t *to)
{
	PCRE2_SIZE *found;

	if (group > re->groups || match(re, text, n, 0, false) < 0)
		return false;
	found = pcre2_get_ovector_pointer(match_data);
	if (found[2 * group] == PCRE2_UNSET ||
	    found[2 * group + 1] < found[2 * group])
		return false;
	*from = found[2 * group];
	*to = found[2 * group + 1];
	return true;
}

size_t
re_behind(const char *text, size_t n, const size_t *offsets)
{
	size_t at = offsets[1];

	if (offsets[1] > offsets[0])
		return at;
	for (at++; at < n && (text[at] & 0xc0) == 0x80; at++)
		;
	return at;
}

/* ---- I-Regexp to PCRE2 ---- */

struct translator {
	const char *p, *end;
	struct buf to;
	bool may_repeat; /* what was written last may take a quantifier */
	int depth;
};

/* At "p{" or "P{" behind a backslash. */
static bool
property(struct translator *t)
{
	const char *close = memchr(t->p, '}', (size_t)(t->end - t->p));

	if (close == NULL || t->p[1] != '{' || close - t->p > PROPERTY_BYTES)
		return false;
	buf_char(&t->to, '\\');
	buf_add(&t->to, t->p, (size_t)(close + 1 - t->p));
	t->p = close + 1;
	return true;
}

/* Behind a backslash, in and outside of a class. */
static bool
escape(struct translator *t)
{
	if (t->p == t->end)
		return false;
	if (*t->p == 'p' || *t->p == 'P')
		return property(t);
	if (*t->p == '\0' || strchr("()*+-.?[\\]^nrt{|}", *t->p) == NULL)
		return false;
	buf_char(&t->to, '\\');
	buf_char(&t->to, *t->p++);
	return true;
}

/* Behind '['. */
static bool class(struct translator *t)
{
	bool any = false;

	buf_char(&t->to, '[');
	if (t->p < t->end && *t->p == '^')
		buf_char(&t->to, *t->p++);
	while (t->p < t->end && *t->p != ']') {
		char c = *t->p++;

		any = true;
		if (c == '\\') {
			if (!escape(t))
				return false;
		} else if (c == '[') {
			return false;
		} else {
			buf_char(&t->to, c);
		}
	}
	if (t->p == t->end || !any)
		return false;
	buf_char(&t->to, *t->p++);
	return true;
}

/* At a quantifier: "*", "+", "?", "{2}", "{2,}" or "{2,3}". */
static bool
quantifier(struct translator *t)
{
	const char *begin = t->p++;

	if (!t->may_repeat)
		return false;
	if (*begin == '{') {
		const char *digits = t->p;

		while (t->p < t->end && *t->p >= '0' && *t->p <= '9')
			t->p++;
		if (t->p == digits)
			return false;
		if (t->p < t->end && *t->p == ',')
			t->p++;
		while (t->p < t->end && *t->p >= '0' && *t->p <= '9')
			t->p++;
		if (t->p == t->end || *t->p++ != '}')
			return false;
	}
	buf_add(&t->to, begin, (size_t)(t->p - begin));
	t->may_repeat = false;
	return true;
}

static bool
atom(struct translator *t)
{
	char c = *t->p++;

	t->may_repeat = true;
	switch (c) {
	case '.':
		return buf_str(&t->to, "[^\\n\\r]") == 0;
	case '\\':
		return escape(t);
	case '[':
		return class(t);
	case '(':
		t->depth++;
		t->may_repeat = false;
		return buf_str(&t->to, "(?:") == 0;
	case ')':
		return t->depth-- > 0 && buf_char(&t->to, c) == 0;
	case '|':
		t->may_repeat = false;
		return buf_char(&t->to, c) == 0;
	case '^':
	case '$':
		/* Plain characters to RFC 9485, anchors to its users. */
		t->may_repeat = false;
		return buf_str(&t->to, c == '^' ? "\\A" : "\\z") == 0;
	case ']':
	case '}':
		return false;
	default:
		return buf_char(&t->to, c) == 0;
	}
}

static bool
translate(struct translator *t)
{
	while (t->p < t->end) {
		bool good = *t->p != '\0' && strchr("*+?{", *t->p) != NULL
				? quantifier(t)
				: atom(t);

		if (!good)
			return false;
	}
	return t->depth == 0;
}

struct re *
re_new_iregexp(struct arena *arena, const char *pattern, size_t n, bool whole)
{
	struct translator t = { .p = pattern, .end = pattern + n };
	struct re *re = NULL;

	/* A full stop takes eight bytes. */
	buf_init(&t.to, 8 * (size_t)LIMIT_RE_BYTES);
	buf_str(&t.to, whole ? "\\A(?:" : "(?:");
	if (translate(&t) && buf_str(&t.to, whole ? ")\\z" : ")") == 0)
		re = re_new(arena, t.to.data, t.to.len, NULL, NULL);
	if (re != NULL) {
		re->pattern = arena_strndup(arena, pattern, n);
		re->n = n;
	}
	buf_fini(&t.to);
	return re;
}
