#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/utf8.h"
#include "extract/jsonpath_int.h"

/* Compiling a pattern that a document holds costs about as many steps. */
#define PATTERN_STEPS 1000

struct eval {
	struct arena *arena;
	const struct jnode *root;
	size_t steps;
	bool over;
};

struct list {
	const struct jnode **at;
	size_t n, size;
};

/* A value in a filter: a node, a number that was made, or nothing. */
struct value {
	const struct jnode *node;
	bool is_number;
	double number;
};

static bool expr_true(
    struct eval *, const struct jp_expr *, const struct jnode *);

static bool
step(struct eval *v)
{
	if (++v->steps > LIMIT_JSONPATH_STEPS)
		v->over = true;
	return !v->over;
}

static void
list_add(struct eval *v, struct list *l, const struct jnode *n)
{
	if (!step(v))
		return;
	if (l->n == l->size) {
		l->size = l->size == 0 ? 8 : 2 * l->size;
		l->at = xrealloc(l->at, l->size * sizeof(struct jnode *));
	}
	l->at[l->n++] = n;
}

/* ---- segments and selectors ---- */

/* Call for each child of an array or object, in order. */
static void
select_children(struct eval *v, const struct jp_selector *s,
    const struct jnode *n, struct list *to)
{
	const struct jnode *child = n + 1;

	if (!jnode_is_container(n))
		return;
	for (uint32_t i = 0; i < n->len && !v->over; i++) {
		if (n->type == J_OBJECT)
			child++;
		if (s->kind == JP_WILDCARD || expr_true(v, s->filter, child))
			list_add(v, to, child);
		child = jnode_next(child);
	}
}

static int64_t
clamp(int64_t i, int64_t low, int64_t high)
{
	return i < low ? low : i > high ? high : i;
}

/* RFC 9535 section 2.3.4.2.2, over an index of the elements. */
static void
select_slice(struct eval *v, const struct jp_selector *s, const struct jnode *n,
    struct list *to)
{
	int64_t len = n->len, step_by = s->step, from, until;
	const struct jnode **elements, *child = n + 1;

	if (n->type != J_ARRAY || step_by == 0 || len == 0)
		return;
	from = s->has_start ? s->start : step_by > 0 ? 0 : len - 1;
	until = s->has_end ? s->end : step_by > 0 ? len : -len - 1;
	from = from < 0 ? from + len : from;
	until = until < 0 ? until + len : until;
	elements = xcalloc((size_t)len, sizeof(struct jnode *));
	for (int64_t i = 0; i < len && step(v); i++) {
		elements[i] = child;
		child = jnode_next(child);
	}
	if (step_by > 0) {
		from = clamp(from, 0, len);
		until = clamp(until, 0, len);
		for (int64_t i = from; i < until && !v->over; i += step_by)
			list_add(v, to, elements[i]);
	} else {
		from = clamp(from, -1, len - 1);
		until = clamp(until, -1, len - 1);
		for (int64_t i = from; i > until && !v->over; i += step_by)
			list_add(v, to, elements[i]);
	}
	free(elements);
}

static void
select_one(struct eval *v, const struct jp_selector *s, const struct jnode *n,
    struct list *to)
{
	const struct jnode *found = NULL;

	switch (s->kind) {
	case JP_NAME:
		found = jnode_get(n, s->name, s->name_len);
		break;
	case JP_INDEX:
		found = jnode_at(n, s->start);
		break;
	case JP_SLICE:
		select_slice(v, s, n, to);
		break;
	default:
		select_children(v, s, n, to);
	}
	if (found != NULL)
		list_add(v, to, found);
}

static void
select_all(struct eval *v, const struct jp_segment *s, const struct jnode *n,
    struct list *to)
{
	for (const struct jp_selector *x = s->selectors; x != NULL; x = x->next)
		select_one(v, x, n, to);
}

/* Nodes lie in the order of the text, so descendants are a run of them. */
static void
select_descendants(struct eval *v, const struct jp_segment *s,
    const struct jnode *n, struct list *to)
{
	const struct jnode *end = jnode_next(n);

	for (; n < end && step(v); n++)
		if (jnode_is_container(n))
			select_all(v, s, n, to);
}

static void
run(struct eval *v, const struct jp_query *q, const struct jnode *current,
    struct list *to)
{
	struct list from = { 0 };

	list_add(v, to, q->absolute ? v->root : current);
	for (const struct jp_segment *s = q->segments; s != NULL; s = s->next) {
		struct list swap = from;

		from = *to;
		*to = swap;
		to->n = 0;
		for (size_t i = 0; i < from.n && !v->over; i++)
			if (s->descendant)
				select_descendants(v, s, from.at[i], to);
			else
				select_all(v, s, from.at[i], to);
	}
	free(from.at);
}

/* A singular query without a list. */
static const struct jnode *
run_singular(
    const struct eval *v, const struct jp_query *q, const struct jnode *current)
{
	const struct jnode *n = q->absolute ? v->root : current;
	const struct jp_segment *s = q->segments;

	for (; s != NULL && n != NULL; s = s->next)
		n = s->selectors->kind == JP_NAME
			? jnode_get(
			      n, s->selectors->name, s->selectors->name_len)
			: jnode_at(n, s->selectors->start);
	return n;
}

/* ---- filters ---- */

static struct value operand_value(
    struct eval *, const struct jp_operand *, const struct jnode *);

static double
characters(const struct jnode *n)
{
	double count = 0;

	for (uint32_t i = 0; i < n->len; i++)
		count += ((unsigned char)n->v.text[i] & 0xc0) != 0x80;
	return count;
}

static struct value
number(double d)
{
	return (struct value){ .is_number = true, .number = d };
}

static struct value
function_value(
    struct eval *v, const struct jp_operand *o, const struct jnode *current)
{
	struct value none = { 0 }, of;
	struct list l = { 0 };

	if (o->function == JP_LENGTH) {
		of = operand_value(v, o->args[0], current);
		if (of.node != NULL && of.node->type == J_STRING)
			return number(characters(of.node));
		if (of.node != NULL && jnode_is_container(of.node))
			return number(of.node->len);
		return none;
	}
	run(v, o->args[0]->query, current, &l);
	of = none;
	if (o->function == JP_COUNT)
		of = number((double)l.n);
	else if (l.n == 1)
		of.node = l.at[0];
	free(l.at);
	return of;
}

static struct value
operand_value(
    struct eval *v, const struct jp_operand *o, const struct jnode *current)
{
	struct value to = { 0 };

	step(v);
	switch (o->kind) {
	case JP_LITERAL:
		to.node = o->literal;
		return to;
	case JP_QUERY:
		to.node = run_singular(v, o->query, current);
		return to;
	default:
		return function_value(v, o, current);
	}
}

static bool
is_numeric(struct value x)
{
	return x.is_number || (x.node != NULL && x.node->type == J_NUMBER);
}

static double
as_double(struct value x)
{
	return x.is_number ? x.number : jnode_double(x.node);
}

static bool
is_equal(struct value a, struct value b)
{
	if (a.is_number || b.is_number)
		return is_numeric(a) && is_numeric(b) &&
		       as_double(a) == as_double(b);
	if (a.node == NULL || b.node == NULL)
		return a.node == b.node;
	return jnode_equal(a.node, b.node);
}

static bool
is_less(struct value a, struct value b)
{
	size_t n;
	int order;

	if (is_numeric(a) && is_numeric(b))
		return as_double(a) < as_double(b);
	if (a.node == NULL || b.node == NULL || a.node->type != J_STRING ||
	    b.node->type != J_STRING)
		return false;
	/* The order of UTF-8's bytes is that of its characters. */
	n = a.node->len < b.node->len ? a.node->len : b.node->len;
	order = memcmp(a.node->v.text, b.node->v.text, n);
	return order < 0 || (order == 0 && a.node->len < b.node->len);
}

static bool
compare(struct eval *v, const struct jp_expr *x, const struct jnode *current)
{
	struct value a = operand_value(v, x->left, current),
		     b = operand_value(v, x->right, current);

	switch (x->compare) {
	case JP_EQ:
		return is_equal(a, b);
	case JP_NE:
		return !is_equal(a, b);
	case JP_LT:
		return is_less(a, b);
	case JP_GT:
		return is_less(b, a);
	case JP_LE:
		return is_less(a, b) || is_equal(a, b);
	default:
		return is_less(b, a) || is_equal(a, b);
	}
}

static bool
matches(struct eval *v, const struct jp_operand *o, const struct jnode *current)
{
	struct value text = operand_value(v, o->args[0], current), pattern;
	struct re *re = o->re;
	struct arena *own = NULL;
	size_t from, to;
	bool found;

	if (text.node == NULL || text.node->type != J_STRING)
		return false;
	if (re == NULL) {
		pattern = operand_value(v, o->args[1], current);
		if (pattern.node == NULL || pattern.node->type != J_STRING)
			return false;
		v->steps += PATTERN_STEPS;
		own = arena_new(LIMIT_RE_COMPILED_BYTES);
		re = re_new_iregexp(own, pattern.node->v.text,
		    pattern.node->len, o->function == JP_MATCH);
	}
	v->steps += text.node->len / 16;
	found = re != NULL &&
		re_search(re, text.node->v.text, text.node->len, 0, &from, &to);
	arena_free(own);
	return found;
}

static bool
test_true(
    struct eval *v, const struct jp_operand *o, const struct jnode *current)
{
	struct list l = { 0 };
	bool any;

	if (o->kind == JP_FUNCTION)
		return matches(v, o, current);
	if (o->query->singular)
		return run_singular(v, o->query, current) != NULL;
	run(v, o->query, current, &l);
	any = l.n > 0;
	free(l.at);
	return any;
}

static bool
expr_true(struct eval *v, const struct jp_expr *x, const struct jnode *current)
{
	if (!step(v))
		return false;
	switch (x->kind) {
	case JP_OR:
		return expr_true(v, x->a, current) ||
		       expr_true(v, x->b, current);
	case JP_AND:
		return expr_true(v, x->a, current) &&
		       expr_true(v, x->b, current);
	case JP_NOT:
		return !expr_true(v, x->a, current);
	case JP_COMPARE:
		return compare(v, x, current);
	default:
		return test_true(v, x->left, current);
	}
}

int
jsonpath_select(const struct jsonpath *path, struct arena *arena,
    const struct jnode *root, const struct jnode *const **to, size_t *n)
{
	struct eval v = { .arena = arena, .root = root };
	const struct jnode **found, *one;
	struct list l = { 0 };

	if (path->query->singular) {
		one = run_singular(&v, path->query, root);
		found = arena_array(arena, 1, sizeof(struct jnode *));
		found[0] = one;
		*to = found;
		*n = one != NULL;
		return 0;
	}
	run(&v, path->query, root, &l);
	if (!v.over) {
		found = arena_array(arena, l.n, sizeof(struct jnode *));
		if (l.n > 0)
			memcpy(found, l.at, l.n * sizeof(struct jnode *));
		*to = found;
		*n = l.n;
	}
	free(l.at);
	return v.over ? -1 : 0;
}

const char *
jsonpath_missing(
    const struct jsonpath *path, struct arena *arena, const struct jnode *root)
{
	const struct jp_segment *s = path->query->segments;
	const struct jnode *n = root;

	for (; s != NULL; s = s->next) {
		const struct jp_selector *name = s->selectors;

		if (s->descendant || name->next != NULL ||
		    name->kind != JP_NAME || n->type == J_NULL)
			return NULL;
		n = jnode_get(n, name->name, name->name_len);
		if (n == NULL)
			return arena_strndup(arena, name->name, name->name_len);
	}
	return NULL;
}
