/*
 * Subcommands: one file each, each a table of contents.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include "base/err.h"
#include "base/json.h"

struct cmd_context {
	const char *config_path; /* -c, or NULL */
	const char *user;        /* --user or $CAREERD_USER, or NULL */
	bool json;               /* --json */
};

struct cmd_option {
	const char *name;  /* "--source" */
	const char *value; /* "S", or NULL for a flag */
	const char *help;
};

struct cmd_verb {
	const char *verb; /* NULL: the command has none */
	const char *args; /* "FILE..." for usage */
	const char *help;
	const struct cmd_option *options; /* ended by a NULL name, or NULL */
	/* argv[0] is the first argument behind the verb */
	int (*run)(const struct cmd_context *, int argc, char **argv);
};

struct cmd {
	const char *name;
	const char *help;
	const struct cmd_verb *verbs; /* ended by a NULL help */
	const char *more;             /* longer help text, or NULL */
};

extern const struct cmd *const commands[]; /* ended by NULL */

#endif
