/*
 * The health of sources, as rows of a table.
 */
#ifndef CMD_SOURCE_LIST_H
#define CMD_SOURCE_LIST_H

#include "base/json.h"
#include "cmd/table.h"

/*
 * To rows of store_sources add remedy; unless they go out as JSON also what
 * tables show: state, last_good_text, next_text, trend_text and note, which
 * is the reason with what to do.
 */
void source_rows_dress(struct arena *, struct json *rows, enum table_style);

/* Verbs of cmd_source that ask the database. */
int cmd_source_list(const struct cmd_context *, int argc, char **argv);
int cmd_source_enable(const struct cmd_context *, int argc, char **argv);
int cmd_source_disable(const struct cmd_context *, int argc, char **argv);

#endif
