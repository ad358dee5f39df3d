/*
 * What the JSONPath parser makes and the evaluator walks.
 */
#ifndef EXTRACT_JSONPATH_INT_H
#define EXTRACT_JSONPATH_INT_H

#include "extract/jsonpath.h"
#include "extract/re.h"

enum jp_selector_kind {
	JP_NAME,
	JP_WILDCARD,
	JP_INDEX, /* start */
	JP_SLICE,
	JP_FILTER
};

struct jp_selector {
	struct jp_selector *next;
	enum jp_selector_kind kind;
	const char *name;
	size_t name_len;
	int64_t start, end, step;
	bool has_start, has_end;
	struct jp_expr *filter;
};

struct jp_segment {
	struct jp_segment *next;
	bool descendant;
	struct jp_selector *selectors;
};

struct jp_query {
	bool absolute; /* begins with '$', not '@' */
	bool singular; /* can give at most one node */
	struct jp_segment *segments;
};

enum jp_function { JP_LENGTH, JP_COUNT, JP_MATCH, JP_SEARCH, JP_VALUE };

enum jp_operand_kind { JP_LITERAL, JP_QUERY, JP_FUNCTION };

struct jp_operand {
	enum jp_operand_kind kind;
	const struct jnode *literal;
	struct jp_query *query;
	enum jp_function function;
	struct jp_operand *args[2];
	struct re *re; /* of MATCH and SEARCH when the pattern is a literal */
};

enum jp_expr_kind { JP_OR, JP_AND, JP_NOT, JP_COMPARE, JP_TEST };
enum jp_compare { JP_EQ, JP_NE, JP_LE, JP_GE, JP_LT, JP_GT };

struct jp_expr {
	enum jp_expr_kind kind;
	struct jp_expr *a, *b;
	enum jp_compare compare;
	struct jp_operand *left, *right; /* TEST: left alone */
};

struct jsonpath {
	struct jp_query *query;
};

/* jsonpath_filter.c: the parser of what stands behind '?'. */
struct jp_parser {
	struct arena *arena;
	const char *begin, *p;
	int depth;
	struct err *e;
};

/* Sets the error at the present place; returns -1. */
int jp_fail(struct jp_parser *, const char *format, ...) PRINTF_LIKE(2, 3);
void jp_skip_blanks(struct jp_parser *);
int jp_segments(struct jp_parser *, struct jp_query *);
/* A string literal at *p; decoded text of *n bytes in the arena. */
int jp_string(struct jp_parser *, const char **text, size_t *n);
struct jp_expr *jp_logical_or(struct jp_parser *);

#endif
