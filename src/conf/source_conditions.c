/*
 * keep and drop: which postings of a source are wanted at all.
 */
#include <math.h>
#include <string.h>
#include "conf/conf_int.h"

#define AGE_MIN_MS (60LL * 1000)
#define AGE_MAX_MS (20LL * 366 * 24 * 3600 * 1000)

/* ---- one test ---- */

static const struct {
	const char *words;
	enum test_kind kind;
} comparisons[] = {
	{ "<=", TEST_AT_MOST },
	{ ">=", TEST_AT_LEAST },
	{ "<", TEST_LESS },
	{ ">", TEST_MORE },
	{ "under ", TEST_LESS },
	{ "at most ", TEST_AT_MOST },
	{ "at least ", TEST_AT_LEAST },
	{ "over ", TEST_MORE },
};

/* "60000", "60,000" or "60k". */
static bool
number_read(const struct reader *r, const char *text, double *to)
{
	char *copy = arena_strdup(r->arena, text + strspn(text, " ")), *end;
	double factor = 1;
	size_t n = 0;

	for (const char *p = copy; *p != '\0'; p++)
		if (*p != ',' || p[1] == '\0')
			copy[n++] = *p;
	copy[n] = '\0';
	end = copy + n;
	if (n > 1 && (end[-1] == 'k' || end[-1] == 'K')) {
		end[-1] = '\0';
		factor = 1000;
	}
	if (str_to_double(copy, to) == -1 || !isfinite(*to))
		return false;
	*to *= factor;
	return true;
}

/* Fields whose values are numbers: pay, and what the file makes of its own. */
static bool
has_number(const char *field)
{
	return str_eq(field, "salary") || field_type_find(field) == NULL;
}

static bool
has_date(const char *field)
{
	const struct field_type *type = field_type_find(field);

	return type == NULL || type->as == AS_DATE;
}

static void
comparison_read(const struct reader *r, const struct node *node,
    const char *field, size_t which, struct condition_test *to)
{
	const char *number = node->text + strlen(comparisons[which].words);

	to->kind = comparisons[which].kind;
	if (!number_read(r, number, &to->number))
		fault(r->problems, node,
		    "expected a number behind '%s', found "
		    "'%s'",
		    comparisons[which].words, str_safe(r->arena, number, 60));
	else if (!has_number(field))
		fault(r->problems, node,
		    "%s is no number; numbers are those of salary and of "
		    "fields of the file's own",
		    field);
}

static void
age_read(const struct reader *r, const struct node *node, const char *field,
    struct condition_test *to)
{
	struct err e = { 0 };

	to->kind = node->text[0] == 'o' ? TEST_OLDER : TEST_NEWER;
	if (str_to_duration_ms(
		node->text + strlen("older than "), &to->age_ms, &e) == -1 ||
	    to->age_ms < AGE_MIN_MS || to->age_ms > AGE_MAX_MS)
		fault(r->problems, node,
		    "expected an age such as 'older than 30d', found %s",
		    node_found(r->arena, node));
	else if (!has_date(field))
		fault(r->problems, node, "%s is no date", field);
}

static void
test_read(const struct reader *r, const struct node *node, const char *field,
    struct condition_test *to)
{
	const char *text;

	if (!read_text(r, node, &text))
		return;
	*to = (struct condition_test){ .kind = TEST_WORDS,
		.text = text_at(node) };
	if (str_eq(text, "present") || str_eq(text, "absent")) {
		to->kind = text[0] == 'p' ? TEST_PRESENT : TEST_ABSENT;
		return;
	}
	if (text[0] == '/' && strrchr(text, '/') > text) {
		to->kind = TEST_RE;
		return;
	}
	if (str_starts(text, "older than ") ||
	    str_starts(text, "newer than ")) {
		age_read(r, node, field, to);
		return;
	}
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]);
	     i++) {
		if (!str_starts(text, comparisons[i].words))
			continue;
		comparison_read(r, node, field, i, to);
		return;
	}
}

/* ---- conditions ---- */

static const char *
field_suggestion(
    const struct reader *r, const struct source *source, const char *name)
{
	const struct view *list = &source->list;
	size_t n = 0;
	const char **words = arena_array(
	    r->arena, list->nfields + field_types_count, sizeof(*words));

	for (size_t i = 0; i < list->nfields; i++)
		words[n++] = list->fields[i].name.text;
	for (size_t i = 0; i < field_types_count; i++)
		words[n++] = field_types[i].name;
	return did_you_mean(r->arena, name, words, n);
}

/* Formats that know their fields may bring more than the posting's own. */
static bool
may_have(const struct view *view, const char *name)
{
	return view->present &&
	       (has_field(view, name) || view->format == FORMAT_FEED ||
		   view->format == FORMAT_JOBPOSTING);
}

static void
condition_read(const struct reader *r, const struct node *key,
    const struct node *node, bool is_drop, struct source *source)
{
	struct condition *to = &source->conditions[source->nconditions];
	size_t n = node->kind == NODE_LIST ? node->n : 1;

	if (field_type_find(key->text) == NULL &&
	    !may_have(&source->list, key->text) &&
	    !may_have(&source->detail, key->text)) {
		fault(r->problems, key, "there is no field '%s'%s",
		    str_safe(r->arena, key->text, 60),
		    field_suggestion(r, source, key->text));
		return;
	}
	if (n == 0 || n > LIMIT_TESTS) {
		fault(r->problems, node, "expected 1 to %d alternatives",
		    LIMIT_TESTS);
		return;
	}
	*to = (struct condition){ .is_drop = is_drop, .field = text_at(key) };
	to->tests = arena_array(r->arena, n, sizeof(*to->tests));
	to->ntests = n;
	for (size_t i = 0; i < n; i++)
		test_read(r, node->kind == NODE_LIST ? node->items[i] : node,
		    key->text, &to->tests[i]);
	if (has_field(&source->detail, key->text))
		to->time = JUDGE_LAST;
	else if (may_have(&source->detail, key->text))
		to->time = JUDGE_IF_PRESENT;
	source->nconditions++;
}

static void
conditions_read(
    const struct reader *r, const struct node *node, void *part, bool is_drop)
{
	struct source *source = &((struct source_part *)part)->own->source;

	if (!is_map(r, node))
		return;
	if (source->conditions == NULL)
		source->conditions = arena_array(
		    r->arena, LIMIT_CONDITIONS, sizeof(*source->conditions));
	for (size_t i = 0; i < node->n; i++) {
		if (node->keys[i]->kind != NODE_SCALAR)
			continue;
		if (source->nconditions == LIMIT_CONDITIONS) {
			fault(r->problems, node->keys[i],
			    "more than %d conditions", LIMIT_CONDITIONS);
			return;
		}
		condition_read(
		    r, node->keys[i], node->items[i], is_drop, source);
	}
}

void
top_keep(const struct reader *r, const struct node *node, void *part)
{
	conditions_read(r, node, part, false);
}

void
top_drop(const struct reader *r, const struct node *node, void *part)
{
	conditions_read(r, node, part, true);
}
