/*
 * Tables in their three styles.
 */
#include "base/json.h"
#include "cmd/table.h"
#include "check.h"

static const struct table_column columns[] = {
	{ "id", "ID", 0, TABLE_RIGHT },
	{ "title", "TITLE", 8, TABLE_LEFT },
	{ "pay.min", "PAY", 0, TABLE_LEFT },
};

static struct json *
rows_of(const char *text)
{
	struct err e = { 0 };
	struct json *rows = json_parse(text, strlen(text), &e);

	CHECK(rows != NULL);
	return rows;
}

static void
check_print(enum table_style style, const char *json, const char *want)
{
	struct json *rows = rows_of(json);
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	table_print(f, style, rows, columns, 3);
	fclose(f);
	json_free(rows);
	CHECK_STR(text, want);
	free(text);
}

static void
aligned_on_a_terminal(void)
{
	setenv("COLUMNS", "80", 1);
	setenv("NO_COLOR", "1", 1);
	check_print(TABLE_TERMINAL,
	    "[{\"id\":7,\"title\":\"C\",\"pay\":{\"min\":50}},"
	    "{\"id\":123,\"title\":\"Ärztin\",\"pay\":null}]",
	    " ID  TITLE   PAY\n"
	    "  7  C       50\n"
	    "123  Ärztin  \n");
	check_print(TABLE_TERMINAL, "[]", "None.\n");
}

/* Wide characters take two columns. */
static void
wide_characters_are_measured(void)
{
	setenv("COLUMNS", "80", 1);
	check_print(TABLE_TERMINAL,
	    "[{\"id\":1,\"title\":\"開発者\"},{\"id\":2,\"title\":\"ab\"}]",
	    "ID  TITLE   PAY\n"
	    " 1  開発者  \n"
	    " 2  ab      \n");
}

static void
narrow_terminals_cut_what_may_shrink(void)
{
	setenv("COLUMNS", "20", 1);
	check_print(TABLE_TERMINAL,
	    "[{\"id\":1,\"title\":\"a title of some length\",\"pay\":"
	    "{\"min\":5}}]",
	    "ID  TITLE        PAY\n"
	    " 1  a title of…  5\n");
	check_print(TABLE_TERMINAL,
	    "[{\"id\":1,\"title\":\"開発者開発者開発者\",\"pay\":{\"min\":5}}]",
	    "ID  TITLE        PAY\n"
	    " 1  開発者開発…  5\n");
}

/* Nothing of a posting reaches the terminal as a command. */
static void
foreign_text_is_harmless(void)
{
	check_print(TABLE_TABS,
	    "[{\"id\":1,\"title\":\"a\\tb\\n\\u001b[31mc\\u202e\",\"pay\":"
	    "{\"min\":[1,\"x\",true]}}]",
	    "1\ta b \\x1b[31mc\\xe2\\x80\\xae\t1, x, yes\n");
	check_print(TABLE_JSON, "[{\"title\":\"\\u001b\\u009b\\u202eé\"}]",
	    "{\"title\":\"\\u001b\\u009b\\u202eé\"}\n");
}

static void
one_object_is_shown_in_lines(void)
{
	struct json *rows = rows_of("[{\"id\":7,\"title\":null}]");
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	table_show(f, TABLE_TERMINAL, json_at(rows, 0), columns, 3);
	table_show(f, TABLE_TABS, json_at(rows, 0), columns, 3);
	table_show(f, TABLE_JSON, json_at(rows, 0), columns, 3);
	fclose(f);
	json_free(rows);
	CHECK_STR(text,
	    "ID:    7\nID\t7\nTITLE\t\nPAY\t\n{\"id\":7,\"title\":null}\n");
	free(text);
}

static void
width_follows_the_environment(void)
{
	setenv("COLUMNS", "133", 1);
	CHECK_INT(table_width(stdin), 133);
	setenv("COLUMNS", "3", 1);
	CHECK(table_width(stdin) >= 20);
	CHECK_INT(table_style(&(struct cmd_context){ .json = true }, stdin),
	    TABLE_JSON);
	CHECK_INT(table_style(&(struct cmd_context){ .table = true }, stdin),
	    TABLE_TERMINAL);
}

TESTS(TEST(aligned_on_a_terminal), TEST(wide_characters_are_measured),
    TEST(narrow_terminals_cut_what_may_shrink), TEST(foreign_text_is_harmless),
    TEST(one_object_is_shown_in_lines), TEST(width_follows_the_environment))
