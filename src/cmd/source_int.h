/*
 * Between the files of "careerd source".
 */
#ifndef CMD_SOURCE_INT_H
#define CMD_SOURCE_INT_H

#include "cmd/cmd.h"
#include "cmd/dryrun.h"

/* The line on a terminal that says what is going on. */
struct progress {
	struct arena *arena;
	bool is_terminal; /* else nothing is said */
	bool is_open;     /* something stands in the line */
};
/* A dry run's say; context is the struct progress. */
void progress_say(void *context, const char *text);
void progress_end(struct progress *);

/* A page that somebody saved, "-" being standard input. */
int page_load(const char *path, struct buf *to, struct err *);
/* The configuration, faults or not, for names and secrets; never NULL. */
const struct conf *conf_of(struct arena *, const struct cmd_context *);
/* Those that the source of the options names, into the options. */
int secrets_read(
    struct arena *, const struct conf *, struct dryrun_options *, struct err *);

/* The verbs that are files of their own. */
int cmd_source_shipped(const struct cmd_context *, int argc, char **argv);
int cmd_source_new(const struct cmd_context *, int argc, char **argv);

#endif
