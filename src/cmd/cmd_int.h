/*
 * Inside cmd: what the framework, help and the man pages share.
 */
#ifndef CMD_CMD_INT_H
#define CMD_CMD_INT_H

#include <stdio.h>
#include "cmd/cmd.h"

/* Options that stand with every command; ended by a NULL name. */
extern const struct cmd_option global_options[];

/* Columns of text for people. */
#define TEXT_WIDTH 78

/* Help on a command and a verb of it, or on all (NULL). */
void cmd_help_print(FILE *, const struct cmd *, const struct cmd_verb *);
/* "careerd source test [OPTIONS] FILE": how a verb is called. */
void usage_print(FILE *, const struct cmd *, const struct cmd_verb *);

/* prose.c: words folded at width columns, each line behind indent blanks. */
void text_fold(FILE *, const char *text, int indent, int width);
/* Text with what roff would take for its own made harmless. */
void roff_text(FILE *, const char *, size_t);
/* Parts that end in NULL, as if they were one text. */
void prose_print(FILE *, const char *const *parts, bool as_roff);

/* topics.c: what no table holds, as prose. */
struct topic {
	const char *name, *help;
	/* C makes no promise beyond 4095 characters in one. */
	const char *const *parts;
};
extern const struct topic topics[]; /* ended by a NULL name */
const char *const *topic_parts(const char *name);

/* man.c: a page as roff; -1 if there is none of that name. */
int man_print(FILE *, const char *page);
extern const char *const man_pages[]; /* ended by NULL */

#endif
