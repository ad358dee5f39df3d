#include <string.h>
#include "base/limits.h"
#include "extract/jsonpath_int.h"

/* What a function takes and gives decides where it may stand (RFC 9535 2.4). */
enum type { T_VALUE, T_NODES, T_LOGICAL };

static const struct {
	const char *name;
	enum jp_function function;
	enum type result;
	int nargs;
	enum type arg; /* all arguments of one function have one type */
} functions[] = {
	{ "length", JP_LENGTH, T_VALUE, 1, T_VALUE },
	{ "count", JP_COUNT, T_VALUE, 1, T_NODES },
	{ "match", JP_MATCH, T_LOGICAL, 2, T_VALUE },
	{ "search", JP_SEARCH, T_LOGICAL, 2, T_VALUE },
	{ "value", JP_VALUE, T_VALUE, 1, T_NODES },
};
#define NFUNCTIONS (sizeof(functions) / sizeof(functions[0]))

static enum type
result_of(const struct jp_operand *o)
{
	for (size_t i = 0; i < NFUNCTIONS; i++)
		if (functions[i].function == o->function)
			return functions[i].result;
	return T_VALUE;
}

static struct jp_operand *operand(struct jp_parser *);

static struct jp_expr *
expr_new(struct jp_parser *j, enum jp_expr_kind kind)
{
	struct jp_expr *x = arena_alloc(j->arena, sizeof(*x));

	x->kind = kind;
	return x;
}

static bool
has_value(const struct jp_operand *o)
{
	return o->kind == JP_LITERAL ||
	       (o->kind == JP_QUERY && o->query->singular) ||
	       (o->kind == JP_FUNCTION && result_of(o) == T_VALUE);
}

/* A literal pattern is compiled once, here. */
static void
compile_pattern(struct jp_parser *j, struct jp_operand *o)
{
	const struct jp_operand *pattern = o->args[1];

	if ((o->function == JP_MATCH || o->function == JP_SEARCH) &&
	    pattern->kind == JP_LITERAL && pattern->literal->type == J_STRING)
		o->re = re_new_iregexp(j->arena, pattern->literal->v.text,
		    pattern->literal->len, o->function == JP_MATCH);
}

/* At the bracket behind functions[f].name. */
static int
arguments(struct jp_parser *j, size_t f, struct jp_operand *o)
{
	j->p++;
	jp_skip_blanks(j);
	for (int i = 0; i < functions[f].nargs; i++) {
		struct jp_operand *arg;

		if (i > 0) {
			if (*j->p != ',')
				return jp_fail(j, "expected ','");
			j->p++;
			jp_skip_blanks(j);
		}
		arg = operand(j);
		if (arg == NULL)
			return -1;
		if (functions[f].arg == T_VALUE ? !has_value(arg)
						: arg->kind != JP_QUERY)
			return jp_fail(j, "%s() takes no such argument",
			    functions[f].name);
		o->args[i] = arg;
		jp_skip_blanks(j);
	}
	if (*j->p != ')')
		return jp_fail(j, "expected ')'");
	j->p++;
	compile_pattern(j, o);
	return 0;
}

/* A literal by the JSON reader's rules, which are RFC 9535's, too. */
static int
json_literal(struct jp_parser *j, size_t n, struct jp_operand *o)
{
	if (jdoc_parse(j->arena, j->p, n, JDOC_STRICT, &o->literal, NULL) !=
	    JDOC_OK)
		return jp_fail(j, "expected a value");
	j->p += n;
	return 0;
}

static int
string_literal(struct jp_parser *j, struct jp_operand *o)
{
	struct jnode *n = arena_alloc(j->arena, sizeof(*n));
	size_t len;

	if (jp_string(j, &n->v.text, &len) != 0)
		return -1;
	n->type = J_STRING;
	n->len = (uint32_t)len;
	o->literal = n;
	return 0;
}

/* true, false, null or the name of a function. */
static int
word(struct jp_parser *j, struct jp_operand *o)
{
	size_t n = strspn(j->p, "abcdefghijklmnopqrstuvwxyz_0123456789");

	if (j->p[n] != '(') {
		if ((n == 4 && strncmp(j->p, "true", n) == 0) ||
		    (n == 5 && strncmp(j->p, "false", n) == 0) ||
		    (n == 4 && strncmp(j->p, "null", n) == 0))
			return json_literal(j, n, o);
		return jp_fail(j, "expected a value, a query or a function");
	}
	o->kind = JP_FUNCTION;
	for (size_t i = 0; i < NFUNCTIONS; i++)
		if (strlen(functions[i].name) == n &&
		    strncmp(functions[i].name, j->p, n) == 0) {
			o->function = functions[i].function;
			j->p += n;
			return arguments(j, i, o);
		}
	return jp_fail(j, "unknown function '%.*s'", (int)n, j->p);
}

/* A literal, query or function. */
static struct jp_operand *
operand(struct jp_parser *j)
{
	struct jp_operand *o = arena_alloc(j->arena, sizeof(*o));
	int result;

	if (++j->depth > LIMIT_JSONPATH_NESTING) {
		jp_fail(j, "nested too deep");
		return NULL;
	}
	if (*j->p == '@' || *j->p == '$') {
		o->kind = JP_QUERY;
		o->query = arena_alloc(j->arena, sizeof(*o->query));
		o->query->absolute = *j->p++ == '$';
		result = jp_segments(j, o->query);
	} else if (*j->p == '"' || *j->p == '\'') {
		result = string_literal(j, o);
	} else if (*j->p == '-' || (*j->p >= '0' && *j->p <= '9')) {
		result = json_literal(j, strspn(j->p, "+-.eE0123456789"), o);
	} else {
		result = word(j, o);
	}
	j->depth--;
	return result == 0 ? o : NULL;
}

static bool
compare_operator(struct jp_parser *j, enum jp_compare *to)
{
	/* In the order of enum jp_compare. */
	static const char *const words[] = { "==", "!=", "<=", ">=", "<", ">" };

	for (size_t i = 0; i < 6; i++) {
		size_t n = strlen(words[i]);

		if (strncmp(j->p, words[i], n) == 0) {
			j->p += n;
			*to = (enum jp_compare)i;
			return true;
		}
	}
	return false;
}

static struct jp_expr *
failed(struct jp_parser *j, const char *text)
{
	jp_fail(j, "%s", text);
	return NULL;
}

/* A query or function that stands alone: does it exist, is it true? */
static struct jp_expr *
test(struct jp_parser *j, struct jp_operand *left)
{
	struct jp_expr *x;

	if (left->kind == JP_LITERAL)
		return failed(j, "expected a comparison");
	if (left->kind == JP_FUNCTION && result_of(left) == T_VALUE)
		return failed(j, "expected a comparison");
	x = expr_new(j, JP_TEST);
	x->left = left;
	return x;
}

static struct jp_expr *
comparison_or_test(struct jp_parser *j, bool may_compare)
{
	struct jp_operand *left = operand(j);
	struct jp_expr *x;
	enum jp_compare op;
	const char *after = j->p;

	if (left == NULL)
		return NULL;
	jp_skip_blanks(j);
	if (!may_compare || !compare_operator(j, &op)) {
		j->p = after;
		return test(j, left);
	}
	x = expr_new(j, JP_COMPARE);
	x->compare = op;
	x->left = left;
	jp_skip_blanks(j);
	x->right = operand(j);
	if (x->right == NULL)
		return NULL;
	if (!has_value(left) || !has_value(x->right))
		return failed(j, "only single values can be compared");
	return x;
}

static struct jp_expr *
in_brackets(struct jp_parser *j)
{
	struct jp_expr *x;

	j->p++;
	jp_skip_blanks(j);
	x = jp_logical_or(j);
	if (x == NULL)
		return NULL;
	jp_skip_blanks(j);
	if (*j->p != ')')
		return failed(j, "expected ')'");
	j->p++;
	return x;
}

static struct jp_expr *
basic(struct jp_parser *j)
{
	struct jp_expr *x;

	if (*j->p == '(')
		return in_brackets(j);
	if (*j->p != '!')
		return comparison_or_test(j, true);
	j->p++;
	jp_skip_blanks(j);
	x = expr_new(j, JP_NOT);
	x->a = *j->p == '(' ? in_brackets(j) : comparison_or_test(j, false);
	return x->a == NULL ? NULL : x;
}

/* True and *p moved behind it when, blanks apart, the operator stands here. */
static bool
accept(struct jp_parser *j, const char *op)
{
	const char *after = j->p;

	jp_skip_blanks(j);
	if (strncmp(j->p, op, 2) == 0) {
		j->p += 2;
		jp_skip_blanks(j);
		return true;
	}
	j->p = after;
	return false;
}

static struct jp_expr *
logical_and(struct jp_parser *j)
{
	struct jp_expr *x = basic(j), *both;

	while (x != NULL && accept(j, "&&")) {
		both = expr_new(j, JP_AND);
		both->a = x;
		both->b = basic(j);
		x = both->b == NULL ? NULL : both;
	}
	return x;
}

struct jp_expr *
jp_logical_or(struct jp_parser *j)
{
	struct jp_expr *x, *either;

	if (++j->depth > LIMIT_JSONPATH_NESTING)
		return failed(j, "nested too deep");
	x = logical_and(j);
	while (x != NULL && accept(j, "||")) {
		either = expr_new(j, JP_OR);
		either->a = x;
		either->b = logical_and(j);
		x = either->b == NULL ? NULL : either;
	}
	j->depth--;
	return x;
}
