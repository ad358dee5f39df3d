/*
 * What commands list, made visible: an aligned table on a terminal, lines
 * separated by tabs in a pipe, one JSON object a line with --json.
 */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stdbool.h>
#include <stdio.h>
#include "base/json.h"
#include "cmd/cmd.h"

/* BELOW: a sentence, folded under its row on a terminal. */
enum table_align { TABLE_LEFT, TABLE_RIGHT, TABLE_BELOW };
enum table_style { TABLE_JSON, TABLE_TABS, TABLE_TERMINAL };

struct table_column {
	const char *key;   /* of the objects; "pay.min" goes deeper */
	const char *title; /* above it, on a terminal */
	/*
	 * How narrow it may become on a narrow terminal: 0 keeps its natural
	 * width, else it shrinks (widest first) down to min columns.
	 */
	int min;
	enum table_align align;
};

/* --json, else --table or a terminal's table, else tabs. */
enum table_style table_style(const struct cmd_context *, FILE *);
/*
 * Print an array of objects; on a terminal "None." if it is empty. JSON prints
 * whole objects with all their keys; the others the columns alone: null is
 * empty, lists are joined by ", ", objects are JSON. Foreign text is made safe
 * for terminals in any style.
 */
void table_print(FILE *, enum table_style, const struct json *rows,
    const struct table_column *, size_t ncolumns);
/* One object as "title: value" lines, or as one line of JSON. */
void table_show(FILE *, enum table_style, const struct json *object,
    const struct table_column *, size_t ncolumns);
/* Columns of the terminal: $COLUMNS, what it says, else 80. */
int table_width(FILE *);
/* Colours are wanted: a terminal, and no NO_COLOR. */
bool table_has_colour(FILE *);

#endif
