#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "extract/css_int.h"

/* Where :nth-child was counted last: the next one is seldom far. */
struct place {
	const struct node *node;
	int32_t index;
};

struct run {
	const struct css *css;
	const struct node *scope, *anchor;
	struct place *places;
	size_t steps;
	bool over;
};

static bool list_matches(
    struct run *, const struct css_complex *, const struct node *);

static bool
step(struct run *r)
{
	if (++r->steps > LIMIT_CSS_STEPS)
		r->over = true;
	return !r->over;
}

static const struct node *
element_parent(const struct node *n)
{
	n = n->parent;
	return n != NULL && n->type == NODE_ELEMENT ? n : NULL;
}

static const struct node *
sibling(const struct node *n, bool forward)
{
	do
		n = forward ? n->next : n->prev;
	while (n != NULL && n->type != NODE_ELEMENT);
	return n;
}

static bool
same_text(const char *a, const char *b, size_t n, bool fold)
{
	return fold ? strncasecmp(a, b, n) == 0 : memcmp(a, b, n) == 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

/* Is word one of the words in text, that blanks part? */
static bool
has_word(const char *text, size_t n, const struct css_text *word, bool fold)
{
	const char *end = text + n, *begin;

	while (text < end) {
		while (text < end && is_space(*text))
			text++;
		begin = text;
		while (text < end && !is_space(*text))
			text++;
		if ((size_t)(text - begin) == word->len && word->len > 0 &&
		    same_text(begin, word->p, word->len, fold))
			return true;
	}
	return false;
}

static bool
has_substring(const struct attr *a, const struct css_text *what, bool fold)
{
	for (uint32_t i = 0; i + what->len <= a->value_len; i++)
		if (same_text(a->value + i, what->p, what->len, fold))
			return true;
	return false;
}

static const struct attr *
attr_find(const struct run *r, const struct node *n,
    const struct css_text *name, uint32_t hash)
{
	for (size_t i = 0; i < n->nattrs; i++) {
		const struct attr *a = &n->attrs[i];

		if (a->hash == hash && a->name_len == name->len &&
		    same_text(a->name, name->p, name->len, !r->css->is_xml))
			return a;
	}
	return NULL;
}

static bool
attr_matches(
    const struct run *r, const struct css_simple *x, const struct node *n)
{
	const struct attr *a = attr_find(r, n, &x->name, x->hash);
	const struct css_text *v = &x->value;

	if (a == NULL || x->op == '\0')
		return a != NULL;
	switch (x->op) {
	case '=':
		return a->value_len == v->len &&
		       same_text(a->value, v->p, v->len, x->fold);
	case '~':
		return has_word(a->value, a->value_len, v, x->fold);
	case '|':
		return a->value_len >= v->len &&
		       same_text(a->value, v->p, v->len, x->fold) &&
		       (a->value_len == v->len || a->value[v->len] == '-');
	case '^':
		return v->len > 0 && a->value_len >= v->len &&
		       same_text(a->value, v->p, v->len, x->fold);
	case '$':
		return v->len > 0 && a->value_len >= v->len &&
		       same_text(a->value + a->value_len - v->len, v->p, v->len,
			   x->fold);
	default:
		return v->len > 0 && has_substring(a, v, x->fold);
	}
}

static bool
id_matches(
    const struct run *r, const struct css_simple *x, const struct node *n)
{
	static const struct css_text id = { "id", 2 };
	const struct attr *a;

	if (n->nattrs == 0)
		return false;
	a = attr_find(r, n, &id, name_hash("id", 2, false));
	return a != NULL && a->value_len == x->name.len &&
	       memcmp(a->value, x->name.p, x->name.len) == 0;
}

static bool
class_matches(
    const struct run *r, const struct css_simple *x, const struct node *n)
{
	static const struct css_text class = { "class", 5 };
	const struct attr *a =
	    attr_find(r, n, &class, name_hash("class", 5, false));

	return a != NULL && has_word(a->value, a->value_len, &x->name, false);
}

static bool
counts(struct run *r, const struct css_simple *x, const struct node *n,
    const struct node *sibling_of)
{
	if (x->of_type)
		return n->hash == sibling_of->hash && n->len == sibling_of->len;
	return x->of == NULL || list_matches(r, x->of, n);
}

/* The place of n among those siblings that count, from 1. */
static int32_t
nth_index(struct run *r, const struct css_simple *x, const struct node *n)
{
	struct place *known = &r->places[x->cache];
	const struct node *at = n;
	int32_t index = 1;

	while ((at = sibling(at, x->from_end)) != NULL && step(r)) {
		/* What counts for one type does not for another. */
		if (at == known->node && !x->of_type) {
			index += known->index;
			break;
		}
		index += counts(r, x, at, n);
	}
	known->node = n;
	known->index = index;
	return index;
}

static bool
nth_matches(struct run *r, const struct css_simple *x, const struct node *n)
{
	int32_t index, past;

	if (x->of != NULL && !list_matches(r, x->of, n))
		return false;
	/* first-child and last-child need no counting. */
	if (x->a == 0 && x->b == 1 && !x->of_type && x->of == NULL)
		return sibling(n, x->from_end) == NULL;
	index = nth_index(r, x, n);
	past = index - x->b;
	if (x->a == 0)
		return past == 0;
	return past % x->a == 0 && past / x->a >= 0;
}

static bool
is_empty(const struct node *n)
{
	for (n = n->first; n != NULL; n = n->next)
		if (n->type == NODE_ELEMENT || n->len > 0)
			return false;
	return true;
}

/* One relative selector of :has(), over what it can reach. */
static bool
reaches(struct run *r, const struct css_complex *x, const struct node *n)
{
	char first = x->compounds[x->n - 2].combinator;
	const struct css_complex one = { .compounds = x->compounds, .n = x->n };
	const struct node *top = n, *at;

	if (first == ' ' || first == '>') {
		for (at = node_after(n, n); at != NULL && step(r);
		     at = node_after(at, top))
			if (at->type == NODE_ELEMENT &&
			    list_matches(r, &one, at))
				return true;
		return false;
	}
	for (top = sibling(n, true); top != NULL; top = sibling(top, true)) {
		for (at = top; at != NULL && step(r); at = node_after(at, top))
			if (at->type == NODE_ELEMENT &&
			    list_matches(r, &one, at))
				return true;
		if (first == '+')
			break;
	}
	return false;
}

static bool
has_matches(struct run *r, const struct css_simple *x, const struct node *n)
{
	const struct node *outer = r->anchor;
	bool found = false;

	r->anchor = n;
	for (const struct css_complex *c = x->of; c != NULL && !found;
	     c = c->next)
		found = reaches(r, c, n);
	r->anchor = outer;
	return found;
}

static bool
contains(struct run *r, const struct css_simple *x, const struct node *n)
{
	struct buf text;
	bool found;

	buf_init(&text, LIMIT_PAGE_BYTES);
	node_text_raw(n, &text);
	r->steps += text.len / 8;
	found = text.len > 0 &&
		memmem(text.data, text.len, x->value.p, x->value.len) != NULL;
	buf_fini(&text);
	return found;
}

static bool
simple_matches(struct run *r, const struct css_simple *x, const struct node *n)
{
	switch (x->kind) {
	case CSS_ID:
		return id_matches(r, x, n);
	case CSS_CLASS:
		return class_matches(r, x, n);
	case CSS_ATTR:
		return attr_matches(r, x, n);
	case CSS_NTH:
		return nth_matches(r, x, n);
	case CSS_NOT:
		return !list_matches(r, x->of, n);
	case CSS_IS:
		return list_matches(r, x->of, n);
	case CSS_HAS:
		return has_matches(r, x, n);
	case CSS_CONTAINS:
		return contains(r, x, n);
	case CSS_EMPTY:
		return is_empty(n);
	case CSS_ROOT:
		return element_parent(n) == NULL;
	case CSS_SCOPE:
		return n == r->scope || (r->scope->type == NODE_DOCUMENT &&
					    n->parent == r->scope);
	case CSS_LINK:
		return (n->tag == TAG_A || n->tag == TAG_AREA) &&
		       node_attr(n, "href") != NULL;
	default:
		return n == r->anchor;
	}
}

static inline bool
compound_matches(
    struct run *r, const struct css_compound *c, const struct node *n)
{
	if (c->tag.p != NULL &&
	    (n->hash != c->tag_hash || n->len != c->tag.len ||
		!same_text(n->text, c->tag.p, n->len, !r->css->is_xml)))
		return false;
	if ((n->classes & c->classes) != c->classes)
		return false;
	for (const struct css_simple *x = c->simples; x != NULL; x = x->next)
		if (!simple_matches(r, x, n))
			return false;
	return true;
}

/* Compound i at n, and those to its left where they must be. */
static bool
matches_from(
    struct run *r, const struct css_complex *x, size_t i, const struct node *n)
{
	char join;

	if (!step(r) || !compound_matches(r, &x->compounds[i], n))
		return false;
	join = x->compounds[i].combinator;
	if (join == '\0')
		return true;
	if (join == '>' || join == '+') {
		n = join == '>' ? element_parent(n) : sibling(n, false);
		return n != NULL && matches_from(r, x, i + 1, n);
	}
	for (;;) {
		n = join == ' ' ? element_parent(n) : sibling(n, false);
		if (n == NULL)
			return false;
		if (matches_from(r, x, i + 1, n))
			return true;
	}
}

static bool
list_matches(
    struct run *r, const struct css_complex *list, const struct node *n)
{
	for (; list != NULL; list = list->next)
		if (matches_from(r, list, 0, n))
			return true;
	return false;
}

/* Does n answer the selector, and with which attribute? */
static bool
answers(struct run *r, const struct node *n, struct css_found *to)
{
	for (const struct css_complex *x = r->css->list; x != NULL;
	     x = x->next) {
		if (x->self || !matches_from(r, x, 0, n))
			continue;
		to->node = n;
		to->attr = NULL;
		if (x->attr == NULL)
			return true;
		to->attr = node_attr(n, x->attr);
		if (to->attr != NULL)
			return true;
	}
	return false;
}

static void
add(struct arena *arena, struct css_found **to, size_t *n, size_t *size,
    const struct css_found *found)
{
	struct css_found *more;

	if (*n == *size) {
		*size = *size == 0 ? 4 : 4 * *size;
		more = arena_array(arena, *size, sizeof(*more));
		if (*n > 0)
			memcpy(more, *to, *n * sizeof(*more));
		*to = more;
	}
	(*to)[(*n)++] = *found;
}

/* "@name" takes the attribute of the element that is asked, if it is one. */
static bool
answers_itself(
    const struct css *css, const struct node *top, struct css_found *to)
{
	for (const struct css_complex *x = css->list; x != NULL; x = x->next) {
		if (!x->self || top->type != NODE_ELEMENT)
			continue;
		to->node = top;
		to->attr = node_attr(top, x->attr);
		if (to->attr != NULL)
			return true;
	}
	return false;
}

int
css_select(const struct css *css, struct arena *arena, const struct node *top,
    size_t max, struct css_found **to, size_t *n)
{
	struct place places[LIMIT_CSS_COMPOUNDS] = { { 0 } };
	struct run r = { .css = css, .scope = top, .places = places };
	const struct node *at = top;
	struct css_found found;
	size_t size = 0;

	if (css->ncaches > LIMIT_CSS_COMPOUNDS)
		r.places = arena_array(arena, css->ncaches, sizeof(places[0]));
	*n = 0;
	*to = NULL;
	if (answers_itself(css, top, &found))
		add(arena, to, n, &size, &found);
	while (*n < max && (at = node_after(at, top)) != NULL)
		if (at->type == NODE_ELEMENT && answers(&r, at, &found))
			add(arena, to, n, &size, &found);
	if (*n == 0 && !r.over && top->type == NODE_ELEMENT &&
	    answers(&r, top, &found))
		add(arena, to, n, &size, &found);
	return r.over ? -1 : 0;
}
