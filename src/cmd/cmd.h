/*
 * Subcommands: one file each, each a table of contents.
 *
 * A command's options are checked against its table and taken out of argv
 * wherever they stand; run() finds them with cmd_value and cmd_flag, and
 * argv holds only what is left behind the verb.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include "base/err.h"
#include "base/json.h"
#include "conf/conf.h"

struct cmd_value {
	const char *name;  /* "--source" */
	const char *value; /* "" for a flag */
};

struct cmd_context {
	const char *config_path; /* -c, or NULL */
	const char *user;        /* --user or $CAREERD_USER, or NULL */
	bool json;               /* --json */
	bool table;              /* --table */
	const char *name;        /* "job list", for messages */
	const struct cmd_value *values;
	size_t nvalues;
};

struct cmd_option {
	const char *name;  /* "--source" */
	const char *value; /* "S", or NULL for a flag */
	const char *help;
};

struct cmd_verb {
	const char *verb; /* NULL: the command has none */
	const char *args; /* "FILE...", or NULL: takes no arguments */
	const char *help;
	const struct cmd_option *options; /* ended by a NULL name, or NULL */
	/* argv[0] is the first argument behind the verb; the exit code */
	int (*run)(const struct cmd_context *, int argc, char **argv);
};

struct cmd {
	const char *name;
	const char *help;
	const struct cmd_verb *verbs; /* ended by a NULL help */
	const char *more;             /* longer help text, or NULL */
};

extern const struct cmd *const commands[]; /* ended by NULL; in main.c */

/* Each in its own file. */
extern const struct cmd cmd_serve, cmd_once, cmd_status, cmd_config, cmd_source,
    cmd_run, cmd_job, cmd_search, cmd_match, cmd_digest, cmd_mail, cmd_migrate,
    cmd_psql, cmd_try, cmd_help, cmd_version;

/*
 * Find the command and the verb, check options and arguments, run it. The
 * exit code: what run() gave, or 64 when the command line is wrong.
 */
int cmd_main(int argc, char **argv);

/* The value of an option as last given, or NULL; is a flag set? */
const char *cmd_value(const struct cmd_context *, const char *name);
bool cmd_flag(const struct cmd_context *, const char *name);
/* All values of one that may be given often: the i-th, or NULL. */
const char *cmd_value_at(
    const struct cmd_context *, const char *name, size_t i);
/*
 * A numeric option within [min, max], fallback if not given; -1 with err
 * (ERR_USAGE) when it is no such number.
 */
int cmd_number(const struct cmd_context *, const char *name, int64_t min,
    int64_t max, int64_t fallback, int64_t *to, struct err *);

/* Say e on stderr as "careerd: text"; its exit code. */
int cmd_fail(const struct err *);
/* The same for a wrong command line; adds how it is used. Returns 64. */
int cmd_usage(const struct cmd_context *, const char *format, ...)
    PRINTF_LIKE(2, 3);
/* "careerd help TOPIC" and "--help": text on stdout. 0, or 64 if unknown. */
int cmd_help_topic(const char *command, const char *verb);

/*
 * The configuration, whole and right; its faults go to stderr. NULL, and
 * *exit_code says with which code to end.
 */
struct conf *cmd_conf(
    const struct cmd_context *, struct arena *, int *exit_code);

#endif
