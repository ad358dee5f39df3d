/*
 * Tables: what is listed, for people, for pipes, and as JSON.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cmd/cmd_int.h"
#include "cmd/table.h"

#define GAP          2 /* blanks between columns */
#define BELOW_INDENT 8 /* of what stands under a row */
#define WIDTH_LEAST  20
#define WIDTH_MOST   1000
#define CELL_BYTES   4000
#define SAFE_GROWTH  4 /* what str_safe makes of a byte: \\xNN */
#define PATH_BYTES   64
#define TABLE_BYTES  (256UL * 1024 * 1024)
#define ELLIPSIS     "\xe2\x80\xa6"
#define HEADING      "\033[1m"
#define HEADING_OVER "\033[0m"

int
table_width(FILE *to)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t width;

	if (columns != NULL &&
	    str_to_i64(columns, WIDTH_LEAST, WIDTH_MOST, &width) == 0)
		return (int)width;
	if (ioctl(fileno(to), TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= WIDTH_LEAST)
		return size.ws_col;
	return 80;
}

bool
table_has_colour(FILE *to)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(fileno(to)) && (no == NULL || no[0] == '\0') &&
	       !str_eq(term, "dumb");
}

enum table_style
table_style(const struct cmd_context *c, FILE *to)
{
	if (c->json)
		return TABLE_JSON;
	return c->table || isatty(fileno(to)) ? TABLE_TERMINAL : TABLE_TABS;
}

/* ---- cells ---- */

static const struct json *
value_at(const struct json *object, const char *path)
{
	char key[PATH_BYTES];
	const char *dot;

	while ((dot = strchr(path, '.')) != NULL &&
	       (size_t)(dot - path) < sizeof(key)) {
		str_copy(key, path, (size_t)(dot - path) + 1);
		object = json_get(object, key);
		path = dot + 1;
	}
	return json_get(object, path);
}

static const char *value_text(struct arena *, const struct json *);

static const char *
list_text(struct arena *arena, const struct json *list)
{
	struct buf text;
	const char *copy;

	buf_init(&text, CELL_BYTES);
	for (size_t i = 0; i < json_size(list); i++) {
		if (i > 0)
			buf_str(&text, ", ");
		buf_str(&text, value_text(arena, json_at(list, i)));
	}
	copy = arena_strndup(arena, buf_cstr(&text), text.len);
	buf_fini(&text);
	return copy;
}

static const char *
value_text(struct arena *arena, const struct json *value)
{
	if (value == NULL || json_is_null(value))
		return "";
	if (json_is_string(value))
		return json_text(value);
	if (json_is_bool(value))
		return json_true(value) ? "yes" : "no";
	if (json_is_int(value))
		return arena_printf(
		    arena, "%lld", (long long)json_i64(value, 0));
	if (json_is_number(value))
		return arena_printf(arena, "%.15g", json_double(value, 0));
	if (json_is_array(value))
		return list_text(arena, value);
	return json_dump(arena, value);
}

static const char *
cell_text(struct arena *arena, const struct json *row,
    const struct table_column *column)
{
	const char *text = str_fold_space(
	    arena, value_text(arena, value_at(row, column->key)));
	size_t n = strlen(text) * SAFE_GROWTH;

	return str_safe(arena, text, n < CELL_BYTES ? n : CELL_BYTES);
}

/* The longest beginning of text that takes at most width columns. */
static size_t
fitting(const char *text, int width)
{
	const char *p = text, *end = text + strlen(text);

	while (p < end) {
		const char *before = p;

		utf8_next(&p, end);
		if (utf8_width(text, (size_t)(p - text)) > width)
			return (size_t)(before - text);
	}
	return (size_t)(end - text);
}

static int
width_of(const char *text)
{
	return utf8_width(text, strlen(text));
}

static void
cell_print(
    FILE *to, const char *text, int width, enum table_align align, bool is_last)
{
	int own = width_of(text), used = own;
	size_t n = strlen(text);

	if (own > width) {
		n = fitting(text, width - 1);
		used = utf8_width(text, n) + 1;
	}
	if (align == TABLE_RIGHT)
		fprintf(to, "%*s", width - used, "");
	fwrite(text, 1, n, to);
	if (own > width)
		fputs(ELLIPSIS, to);
	if (align == TABLE_LEFT && !is_last)
		fprintf(to, "%*s", width - used, "");
	fputs(is_last ? "\n" : "  ", to);
}

/* ---- the styles ---- */

/* Characters that a terminal would act on; JSON has an escape for them. */
static bool
is_risky(uint32_t c)
{
	return c == 0x7f || (c >= 0x80 && c < 0xa0) || c == 0x61c ||
	       c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

static void
json_print(FILE *to, struct arena *arena, const struct json *row)
{
	const char *text = json_dump(arena, row);
	const char *p = text, *end = text + strlen(text);

	while (p < end) {
		const char *before = p;
		uint32_t c = utf8_next(&p, end);

		if (is_risky(c))
			fprintf(to, "\\u%04x", c);
		else
			fwrite(before, 1, (size_t)(p - before), to);
	}
	fputc('\n', to);
}

static void
tabs_print(FILE *to, struct arena *arena, const struct json *row,
    const struct table_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(to, "%s%s", i == 0 ? "" : "\t",
		    cell_text(arena, row, &columns[i]));
	fputc('\n', to);
}

/* Take from the widest column that may shrink until all fit. */
static void
widths_shrink(
    int *widths, const struct table_column *columns, size_t n, int room)
{
	int total = -GAP;

	for (size_t i = 0; i < n; i++)
		total += columns[i].align == TABLE_BELOW ? 0 : widths[i] + GAP;
	while (total > room) {
		size_t widest = n;

		for (size_t i = 0; i < n; i++)
			if (columns[i].align != TABLE_BELOW &&
			    columns[i].min > 0 && widths[i] > columns[i].min &&
			    (widest == n || widths[i] > widths[widest]))
				widest = i;
		if (widest == n)
			return;
		widths[widest]--;
		total--;
	}
}

static int *
widths_make(struct arena *arena, const char *const *cells, size_t nrows,
    const struct table_column *columns, size_t n)
{
	int *widths = arena_array(arena, n, sizeof(*widths));

	for (size_t i = 0; i < n; i++) {
		widths[i] = width_of(columns[i].title);
		for (size_t r = 0; r < nrows; r++) {
			int width = width_of(cells[r * n + i]);

			widths[i] = width > widths[i] ? width : widths[i];
		}
	}
	return widths;
}

/* The cells of one row, the headings among them; sentences under it. */
static void
row_print(FILE *to, const char *const *cells, const int *widths,
    const struct table_column *columns, size_t n)
{
	size_t last = n;

	for (size_t i = 0; i < n; i++)
		if (columns[i].align != TABLE_BELOW)
			last = i;
	for (size_t i = 0; i < n; i++)
		if (columns[i].align != TABLE_BELOW)
			cell_print(to, cells[i], widths[i], columns[i].align,
			    i == last);
	for (size_t i = 0; i < n; i++)
		if (columns[i].align == TABLE_BELOW && cells[i][0] != '\0')
			text_fold(to, cells[i], BELOW_INDENT, table_width(to));
}

static void
terminal_print(FILE *to, struct arena *arena, const struct json *rows,
    const struct table_column *columns, size_t n)
{
	size_t nrows = json_size(rows);
	const char **cells = arena_array(arena, nrows * n, sizeof(*cells));
	const char **titles = arena_array(arena, n, sizeof(*titles));
	bool colour = table_has_colour(to);
	int *widths;

	for (size_t r = 0; r < nrows; r++)
		for (size_t i = 0; i < n; i++)
			cells[r * n + i] =
			    cell_text(arena, json_at(rows, r), &columns[i]);
	widths = widths_make(arena, cells, nrows, columns, n);
	widths_shrink(widths, columns, n, table_width(to));
	for (size_t i = 0; i < n; i++)
		titles[i] =
		    columns[i].align == TABLE_BELOW ? "" : columns[i].title;
	fputs(colour ? HEADING : "", to);
	row_print(to, titles, widths, columns, n);
	fputs(colour ? HEADING_OVER : "", to);
	for (size_t r = 0; r < nrows; r++)
		row_print(to, cells + r * n, widths, columns, n);
}

void
table_print(FILE *to, enum table_style style, const struct json *rows,
    const struct table_column *columns, size_t ncolumns)
{
	struct arena *arena = arena_new(TABLE_BYTES);

	if (style == TABLE_TERMINAL && json_size(rows) == 0)
		fputs("None.\n", to);
	else if (style == TABLE_TERMINAL)
		terminal_print(to, arena, rows, columns, ncolumns);
	for (size_t i = 0; style != TABLE_TERMINAL && i < json_size(rows);
	     i++) {
		if (style == TABLE_JSON)
			json_print(to, arena, json_at(rows, i));
		else
			tabs_print(
			    to, arena, json_at(rows, i), columns, ncolumns);
		arena_reset(arena);
	}
	arena_free(arena);
}

void
table_show(FILE *to, enum table_style style, const struct json *object,
    const struct table_column *columns, size_t ncolumns)
{
	struct arena *arena = arena_new(TABLE_BYTES);
	int widest = 0;

	if (style == TABLE_JSON) {
		json_print(to, arena, object);
		arena_free(arena);
		return;
	}
	for (size_t i = 0; i < ncolumns; i++)
		if (width_of(columns[i].title) > widest)
			widest = width_of(columns[i].title);
	for (size_t i = 0; i < ncolumns; i++) {
		const char *text = cell_text(arena, object, &columns[i]);

		if (text[0] == '\0' && style == TABLE_TERMINAL)
			continue;
		if (style == TABLE_TABS)
			fprintf(to, "%s\t%s\n", columns[i].title, text);
		else
			fprintf(to, "%s:%*s %s\n", columns[i].title,
			    widest - width_of(columns[i].title), "", text);
	}
	arena_free(arena);
}
