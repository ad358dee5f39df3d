/*
 * Problems: what is wrong with the operator's text, and where.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "conf/conf_int.h"

void
problems_init(struct problems *problems, struct arena *arena)
{
	*problems = (struct problems){ .arena = arena };
}

static void
problem_append(struct problems *problems, struct problem problem)
{
	if (problems->n == problems->size) {
		size_t size = problems->size == 0 ? 16 : problems->size * 2;
		struct problem *list =
		    arena_array(problems->arena, size, sizeof(*list));

		if (problems->n > 0)
			memcpy(
			    list, problems->list, problems->n * sizeof(*list));
		problems->list = list;
		problems->size = size;
	}
	problems->list[problems->n++] = problem;
}

static void PRINTF_LIKE(5, 0)
    problem_add(struct problems *problems, const char *file, uint32_t line,
	uint32_t column, const char *format, va_list args)
{
	struct problem problem = {
		.file = file, .line = line, .column = column
	};
	char *text = NULL;

	if (problems->n > LIMIT_PROBLEMS)
		return;
	if (problems->n == LIMIT_PROBLEMS) {
		problem.line = problem.column = 0;
		problem.text = "there are more faults, which are not listed";
		problem_append(problems, problem);
		return;
	}
	if (vasprintf(&text, format, args) == -1)
		fatal("out of memory");
	problem.text = arena_strdup(problems->arena, text);
	free(text);
	problem_append(problems, problem);
}

void
problems_add(struct problems *problems, const char *file, uint32_t line,
    uint32_t column, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	problem_add(problems, file, line, column, format, args);
	va_end(args);
}

void
fault(struct problems *problems, const struct node *at, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	problem_add(problems, at->file, at->line, at->column, format, args);
	va_end(args);
}

/* Files keep the order in which they first had a fault. */
static size_t
file_rank(const struct problems *problems, const char *file)
{
	for (size_t i = 0; i < problems->n; i++)
		if (str_eq(problems->list[i].file, file))
			return i;
	return problems->n;
}

static bool
is_before(const struct problem *a, size_t rank_a, const struct problem *b,
    size_t rank_b)
{
	if (rank_a != rank_b)
		return rank_a < rank_b;
	if (a->line != b->line)
		return a->line < b->line;
	return a->column < b->column;
}

void
problems_sort(struct problems *problems)
{
	size_t ranks[LIMIT_PROBLEMS + 1];

	for (size_t i = 0; i < problems->n; i++)
		ranks[i] = file_rank(problems, problems->list[i].file);
	/* The last one may say that there are more: it stays the last. */
	for (size_t i = 1; i < problems->n && i < LIMIT_PROBLEMS; i++) {
		struct problem moved = problems->list[i];
		size_t rank = ranks[i], at = i;

		while (at > 0 && is_before(&moved, rank,
				     &problems->list[at - 1], ranks[at - 1])) {
			problems->list[at] = problems->list[at - 1];
			ranks[at] = ranks[at - 1];
			at--;
		}
		problems->list[at] = moved;
		ranks[at] = rank;
	}
}

static void
problem_print_json(const struct problem *problem, FILE *to, struct arena *arena)
{
	struct json *o = json_object();

	json_set(o, "file", json_string(problem->file));
	json_set(o, "line",
	    problem->line == 0 ? json_null() : json_int(problem->line));
	json_set(o, "column",
	    problem->column == 0 ? json_null() : json_int(problem->column));
	json_set(o, "text", json_string(problem->text));
	fprintf(to, "%s\n", json_dump(arena, o));
	json_free(o);
}

/* The text is ours, but quotes words of the file. */
static void
problem_print(const struct problem *problem, FILE *to, struct arena *arena)
{
	const char *text = str_safe(arena, problem->text, LIMIT_FIELD_BYTES);

	if (problem->line == 0)
		fprintf(to, "%s: %s\n", problem->file, text);
	else
		fprintf(to, "%s:%u:%u: %s\n", problem->file, problem->line,
		    problem->column, text);
}

void
problems_print(const struct problems *problems, FILE *to, bool as_json)
{
	for (size_t i = 0; i < problems->n; i++)
		if (as_json)
			problem_print_json(
			    &problems->list[i], to, problems->arena);
		else
			problem_print(&problems->list[i], to, problems->arena);
}

const char *
did_you_mean(
    struct arena *arena, const char *word, const char *const *words, size_t n)
{
	const char *near = str_nearest(word, words, n);

	if (near == NULL)
		return "";
	return arena_printf(arena, " (did you mean '%s'?)", near);
}
