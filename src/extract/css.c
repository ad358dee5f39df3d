#include "extract/css.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "extract/css_int.h"

struct parser {
	struct arena *arena;
	const char *begin, *p, *end;
	struct css *css;
	int depth;
	struct err *e;
};

static struct css_complex *selector_list(struct parser *, bool relative);

/* Characters before the present place: people count those, not bytes. */
static size_t
characters(const struct parser *s)
{
	size_t n = 0;

	for (const char *p = s->begin; p < s->p; p++)
		n += ((unsigned char)*p & 0xc0) != 0x80;
	return n;
}

static int
fail(struct parser *s, const char *what)
{
	return err_set(
	    s->e, ERR_DATA, "%s at character %zu", what, characters(s) + 1);
}

static int
unexpected(struct parser *s)
{
	char what[32];
	const char *p = s->p;

	if (p == s->end)
		return fail(s, "unexpected end");
	utf8_next(&p, s->end);
	snprintf(
	    what, sizeof(what), "unexpected '%.*s'", (int)(p - s->p), s->p);
	return fail(s, what);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* True if there was any. */
static bool
skip_space(struct parser *s)
{
	const char *begin = s->p;

	while (is_space(*s->p))
		s->p++;
	return s->p > begin;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (unsigned char)c >= 0x80;
}

static bool
is_escape(const char *p)
{
	return p[0] == '\\' && p[1] != '\0' && p[1] != '\n' && p[1] != '\r' &&
	       p[1] != '\f';
}

static bool
at_ident(const struct parser *s)
{
	const char *p = s->p;

	if (p[0] == '-')
		return is_name_start(p[1]) || p[1] == '-' || is_escape(p + 1);
	return is_name_start(*p) || is_escape(p);
}

static int
hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if ((c | 32) >= 'a' && (c | 32) <= 'f')
		return (c | 32) - 'a' + 10;
	return -1;
}

/* At a backslash that escapes something; the character goes to *to. */
static void
escape(struct parser *s, char **to)
{
	uint32_t c = 0;
	int digits = 0;

	s->p++;
	if (hex_digit(*s->p) < 0) {
		/* The rest of a longer character is copied as it comes. */
		*(*to)++ = *s->p++;
		return;
	}
	for (; digits < 6 && hex_digit(*s->p) >= 0; digits++)
		c = c << 4 | (uint32_t)hex_digit(*s->p++);
	if (s->p[0] == '\r' && s->p[1] == '\n')
		s->p++;
	if (is_space(*s->p))
		s->p++;
	if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		c = 0xfffd;
	*to += utf8_put(*to, c);
}

/* A name; to is decoded. Its characters may continue with digits and '-'. */
static int
ident(struct parser *s, struct css_text *to)
{
	char *out;

	if (!at_ident(s)) {
		unexpected(s);
		return -1;
	}
	/* An escape is never shorter than what it stands for, but "\0" is. */
	out = arena_alloc(s->arena, 2 * (size_t)(s->end - s->p) + 4);
	to->p = out;
	while (is_name_start(*s->p) || is_digit(*s->p) || *s->p == '-' ||
	       is_escape(s->p)) {
		if (*s->p == '\\')
			escape(s, &out);
		else
			*out++ = *s->p++;
	}
	to->len = (uint32_t)(out - to->p);
	return 0;
}

static int
string(struct parser *s, struct css_text *to)
{
	char quote = *s->p++;
	char *out = arena_alloc(s->arena, 2 * (size_t)(s->end - s->p) + 4);

	to->p = out;
	while (*s->p != quote) {
		if (*s->p == '\0')
			return fail(s, "string without an end");
		if (*s->p == '\n' || *s->p == '\r' || *s->p == '\f')
			return fail(s, "line break in a string");
		if (is_escape(s->p))
			escape(s, &out);
		else if (*s->p == '\\')
			s->p += 1 + (s->p[1] != '\0');
		else
			*out++ = *s->p++;
	}
	s->p++;
	to->len = (uint32_t)(out - to->p);
	return 0;
}

static struct css_simple *
simple_new(struct parser *s, enum css_kind kind)
{
	struct css_simple *x = arena_alloc(s->arena, sizeof(*x));

	x->kind = kind;
	return x;
}

/* ---- attributes ---- */

/* Their values in HTML are compared without regard to ASCII case. */
static bool
folds_by_itself(const struct css_text *name)
{
	static const char words[] =
	    " accept accept-charset align alink axis bgcolor charset checked "
	    "clear codetype color compact declare defer dir direction disabled "
	    "enctype face frame hreflang http-equiv lang language link media "
	    "method multiple nohref noresize noshade nowrap readonly rel rev "
	    "rules scope scrolling selected shape target text type valign "
	    "valuetype vlink ";
	char word[20];

	if (name->len + 3 > sizeof(word))
		return false;
	snprintf(word, sizeof(word), " %.*s ", (int)name->len, name->p);
	return str_find_ci(words, word) != NULL;
}

/* Behind the name: an operator, a value and perhaps " i". */
static int
attr_value(struct parser *s, struct css_simple *x)
{
	if (*s->p != '\0' && strchr("~|^$*", *s->p) != NULL && s->p[1] == '=')
		x->op = *s->p++;
	else
		x->op = '=';
	if (*s->p != '=')
		return unexpected(s);
	s->p++;
	skip_space(s);
	if (*s->p == '"' || *s->p == '\'') {
		if (string(s, &x->value) != 0)
			return -1;
	} else if (ident(s, &x->value) != 0) {
		return -1;
	}
	skip_space(s);
	x->fold = !s->css->is_xml && folds_by_itself(&x->name);
	if ((*s->p | 32) == 'i' || (*s->p | 32) == 's') {
		x->fold = (*s->p | 32) == 'i';
		s->p++;
		skip_space(s);
	}
	return 0;
}

/* Behind '['. */
static struct css_simple *
attribute(struct parser *s)
{
	struct css_simple *x = simple_new(s, CSS_ATTR);

	skip_space(s);
	if (ident(s, &x->name) != 0)
		return NULL;
	if (s->css->is_xml && *s->p == ':') {
		/* xml:lang and the like: one name to us */
		struct css_text rest;

		s->p++;
		if (ident(s, &rest) != 0)
			return NULL;
		x->name.p = arena_printf(s->arena, "%.*s:%.*s",
		    (int)x->name.len, x->name.p, (int)rest.len, rest.p);
		x->name.len += rest.len + 1;
	}
	x->hash = name_hash(x->name.p, x->name.len, !s->css->is_xml);
	skip_space(s);
	if (*s->p != ']' && attr_value(s, x) != 0)
		return NULL;
	if (*s->p != ']') {
		unexpected(s);
		return NULL;
	}
	s->p++;
	return x;
}

/* ---- pseudo-classes ---- */

static const struct {
	const char *name;
	enum css_kind kind;
	int32_t a, b; /* CSS_NTH without argument */
	bool has_argument, from_end, of_type;
} pseudos[] = {
	{ "first-child", CSS_NTH, 0, 1, false, false, false },
	{ "last-child", CSS_NTH, 0, 1, false, true, false },
	{ "first-of-type", CSS_NTH, 0, 1, false, false, true },
	{ "last-of-type", CSS_NTH, 0, 1, false, true, true },
	{ "nth-child", CSS_NTH, 0, 0, true, false, false },
	{ "nth-last-child", CSS_NTH, 0, 0, true, true, false },
	{ "nth-of-type", CSS_NTH, 0, 0, true, false, true },
	{ "nth-last-of-type", CSS_NTH, 0, 0, true, true, true },
	{ "not", CSS_NOT, 0, 0, true, false, false },
	{ "is", CSS_IS, 0, 0, true, false, false },
	{ "where", CSS_IS, 0, 0, true, false, false },
	{ "matches", CSS_IS, 0, 0, true, false, false },
	{ "has", CSS_HAS, 0, 0, true, false, false },
	{ "contains", CSS_CONTAINS, 0, 0, true, false, false },
	{ "-soup-contains", CSS_CONTAINS, 0, 0, true, false, false },
	{ "empty", CSS_EMPTY, 0, 0, false, false, false },
	{ "root", CSS_ROOT, 0, 0, false, false, false },
	{ "scope", CSS_SCOPE, 0, 0, false, false, false },
	{ "link", CSS_LINK, 0, 0, false, false, false },
	{ "any-link", CSS_LINK, 0, 0, false, false, false },
	/* Both of these are two conditions; see pseudo(). */
	{ "only-child", CSS_NTH, 0, 1, false, false, false },
	{ "only-of-type", CSS_NTH, 0, 1, false, false, true },
};
#define NPSEUDOS (sizeof(pseudos) / sizeof(pseudos[0]))

static size_t
pseudo_find(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < NPSEUDOS; i++)
		if (strlen(pseudos[i].name) == n &&
		    strncasecmp(pseudos[i].name, p, n) == 0)
			break;
	return i;
}

static int
number(struct parser *s, int32_t *to)
{
	int32_t value = 0;

	if (!is_digit(*s->p))
		return unexpected(s);
	for (; is_digit(*s->p); s->p++)
		if (value < 100000000)
			value = value * 10 + (*s->p - '0');
	*to = value;
	return 0;
}

static bool
word(struct parser *s, const char *text)
{
	size_t n = strlen(text);

	if (strncasecmp(s->p, text, n) != 0 || is_name_start(s->p[n]) ||
	    is_digit(s->p[n]) || s->p[n] == '-')
		return false;
	s->p += n;
	return true;
}

/* an+b: "odd", "even", "3", "-n+2", "2n + 1". */
static int
nth(struct parser *s, struct css_simple *x)
{
	int32_t sign = 1;

	skip_space(s);
	if (word(s, "odd") || word(s, "even")) {
		x->a = 2;
		x->b = (s->p[-1] | 32) == 'd';
		return 0;
	}
	if (*s->p == '+' || *s->p == '-')
		sign = *s->p++ == '-' ? -1 : 1;
	x->a = 1;
	if ((*s->p | 32) != 'n' && number(s, &x->a) != 0)
		return -1;
	x->a *= sign;
	if ((*s->p | 32) != 'n') {
		x->b = x->a;
		x->a = 0;
		return 0;
	}
	s->p++;
	skip_space(s);
	if (*s->p != '+' && *s->p != '-')
		return 0;
	sign = *s->p++ == '-' ? -1 : 1;
	skip_space(s);
	if (number(s, &x->b) != 0)
		return -1;
	x->b *= sign;
	return 0;
}

/* The text in the brackets of :contains(). */
static int
contained(struct parser *s, struct css_simple *x)
{
	const char *close;

	if (*s->p == '"' || *s->p == '\'')
		return string(s, &x->value);
	close = strchr(s->p, ')');
	if (close == NULL || close == s->p)
		return unexpected(s);
	x->value.p = s->p;
	x->value.len = (uint32_t)(close - s->p);
	while (is_space(x->value.p[x->value.len - 1]))
		x->value.len--;
	s->p = close;
	return 0;
}

/* Behind '(', up to and with ')'. */
static int
argument(struct parser *s, struct css_simple *x)
{
	int result = 0;

	if (++s->depth > LIMIT_CSS_NESTING)
		return fail(s, "nested too deep");
	skip_space(s);
	if (x->kind == CSS_NTH) {
		result = nth(s, x);
		skip_space(s);
		if (result == 0 && !x->of_type && word(s, "of")) {
			x->of = selector_list(s, false);
			result = x->of == NULL ? -1 : 0;
		}
	} else if (x->kind == CSS_CONTAINS) {
		result = contained(s, x);
	} else {
		x->of = selector_list(s, x->kind == CSS_HAS);
		result = x->of == NULL ? -1 : 0;
	}
	if (result != 0)
		return -1;
	s->depth--;
	skip_space(s);
	if (*s->p != ')')
		return unexpected(s);
	s->p++;
	return 0;
}

static struct css_simple *
nth_from(struct parser *s, size_t i)
{
	struct css_simple *x = simple_new(s, pseudos[i].kind);

	x->a = pseudos[i].a;
	x->b = pseudos[i].b;
	x->from_end = pseudos[i].from_end;
	x->of_type = pseudos[i].of_type;
	if (x->kind == CSS_NTH)
		x->cache = s->css->ncaches++;
	return x;
}

/* Behind ':'. */
static struct css_simple *
pseudo(struct parser *s)
{
	struct css_text name = { 0 };
	struct css_simple *x;
	const char *at = s->p;
	size_t i;

	if (ident(s, &name) != 0)
		return NULL;
	i = pseudo_find(name.p, name.len);
	if (i == NPSEUDOS) {
		s->p = at;
		fail(s, "unknown pseudo-class");
		return NULL;
	}
	x = nth_from(s, i);
	if (strncasecmp(name.p, "only-", 5) == 0) {
		x->next = nth_from(s, i);
		x->next->from_end = true;
	}
	if (pseudos[i].has_argument) {
		if (*s->p != '(') {
			unexpected(s);
			return NULL;
		}
		s->p++;
		if (argument(s, x) != 0)
			return NULL;
	}
	return x;
}

/* ---- compounds ---- */

/* "tt:city" or "tt|city" in XML; a known pseudo-class is none. */
static int
prefixed_name(struct parser *s, struct css_text *tag)
{
	const char *at = s->p + 1;
	struct css_text local;
	size_t n = 0;

	if (*s->p != ':' && *s->p != '|')
		return 0;
	while (is_name_start(at[n]) || is_digit(at[n]) || at[n] == '-')
		n++;
	if (n == 0 || (*s->p == ':' && pseudo_find(at, n) < NPSEUDOS))
		return 0;
	s->p++;
	if (ident(s, &local) != 0)
		return -1;
	tag->p = arena_printf(s->arena, "%.*s:%.*s", (int)tag->len, tag->p,
	    (int)local.len, local.p);
	tag->len += local.len + 1;
	return 0;
}

static int
type(struct parser *s, struct css_compound *c)
{
	if (*s->p == '*') {
		s->p++;
		return 0;
	}
	if (ident(s, &c->tag) != 0)
		return -1;
	if (s->css->is_xml && prefixed_name(s, &c->tag) != 0)
		return -1;
	c->tag_hash = name_hash(c->tag.p, c->tag.len, !s->css->is_xml);
	return 0;
}

/* The next condition of a compound; *to is NULL where it ends. */
static int
simple(struct parser *s, struct css_compound *c, struct css_simple **to)
{
	*to = NULL;
	switch (*s->p) {
	case '#':
	case '.':
		*to = simple_new(s, *s->p == '#' ? CSS_ID : CSS_CLASS);
		s->p++;
		if (ident(s, &(*to)->name) != 0)
			return -1;
		if ((*to)->kind == CSS_CLASS)
			c->classes |=
			    class_bits((*to)->name.p, (*to)->name.len);
		return 0;
	case '[':
		s->p++;
		*to = attribute(s);
		return *to == NULL ? -1 : 0;
	case ':':
		s->p++;
		*to = pseudo(s);
		return *to == NULL ? -1 : 0;
	default:
		return 0;
	}
}

static int
compound(struct parser *s, struct css_compound *c)
{
	struct css_simple **to = &c->simples;
	bool any = false;

	if (*s->p == '*' || at_ident(s)) {
		if (type(s, c) != 0)
			return -1;
		any = true;
	}
	for (;;) {
		if (simple(s, c, to) != 0)
			return -1;
		if (*to == NULL)
			break;
		any = true;
		while (*to != NULL)
			to = &(*to)->next;
	}
	return any ? 0 : unexpected(s);
}

/* The combinator here, or '\0' where the selector ends. */
static char
combinator(struct parser *s)
{
	bool space = skip_space(s);
	char c = *s->p;

	if (c == '>' || c == '+' || c == '~') {
		s->p++;
		skip_space(s);
		return c;
	}
	return space && c != '\0' && c != ',' && c != ')' ? ' ' : '\0';
}

/* "@name" behind a selector, or alone. */
static int
taken_attribute(struct parser *s, struct css_complex *x)
{
	const char *begin = ++s->p;

	while (is_name_start(*s->p) || is_digit(*s->p) || *s->p == '-' ||
	       *s->p == ':' || *s->p == '.')
		s->p++;
	if (s->p == begin)
		return unexpected(s);
	x->attr = arena_strndup(s->arena, begin, (size_t)(s->p - begin));
	skip_space(s);
	return 0;
}

static int
complex(struct parser *s, struct css_complex *x, bool relative)
{
	struct css_compound parts[LIMIT_CSS_COMPOUNDS] = { { 0 } };
	char joins[LIMIT_CSS_COMPOUNDS] = { 0 }, join = '\0';
	size_t n = 0;

	skip_space(s);
	if (relative) {
		parts[n++].simples = simple_new(s, CSS_ANCHOR);
		join = combinator(s);
		joins[0] = join == '\0' ? ' ' : join;
	}
	do {
		if (n == LIMIT_CSS_COMPOUNDS)
			return fail(s, "too many compounds");
		if (compound(s, &parts[n]) != 0)
			return -1;
		join = combinator(s);
		/* "h4 @href" is "h4@href": a blank joins nothing there. */
		if (join == ' ' && *s->p == '@')
			join = '\0';
		joins[n++] = join;
	} while (join != '\0');
	x->n = n;
	x->compounds = arena_array(s->arena, n, sizeof(x->compounds[0]));
	for (size_t i = 0; i < n; i++) {
		x->compounds[i] = parts[n - 1 - i];
		x->compounds[i].combinator =
		    i + 1 < n ? joins[n - 2 - i] : '\0';
	}
	return 0;
}

static struct css_complex *
selector_list(struct parser *s, bool relative)
{
	struct css_complex *list = NULL, **to = &list;

	for (;;) {
		*to = arena_alloc(s->arena, sizeof(**to));
		skip_space(s);
		if (s->depth == 0 && *s->p == '@')
			(*to)->self = true;
		else if (complex(s, *to, relative) != 0)
			return NULL;
		if (s->depth == 0 && *s->p == '@' &&
		    taken_attribute(s, *to) != 0)
			return NULL;
		if (*s->p != ',')
			return list;
		s->p++;
		to = &(*to)->next;
	}
}

struct css *
css_new(struct arena *arena, const char *text, bool is_xml, size_t *at,
    struct err *e)
{
	struct parser s = { .arena = arena,
		.begin = text,
		.p = text,
		.end = text + strlen(text),
		.e = e };
	bool good = false;

	s.css = arena_alloc(arena, sizeof(*s.css));
	s.css->is_xml = is_xml;
	if (strlen(text) > LIMIT_CSS_BYTES) {
		fail(&s, "longer than 4096 bytes");
	} else if (!utf8_is_valid(text, strlen(text))) {
		fail(&s, "malformed UTF-8");
	} else {
		s.css->list = selector_list(&s, false);
		good = s.css->list != NULL;
		if (good && s.p != s.end)
			good = unexpected(&s) == 0;
	}
	if (at != NULL)
		*at = (size_t)(s.p - text);
	return good ? s.css : NULL;
}
