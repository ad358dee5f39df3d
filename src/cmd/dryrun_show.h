/*
 * What a dry run found, for people and programs.
 */
#ifndef CMD_DRYRUN_SHOW_H
#define CMD_DRYRUN_SHOW_H

#include "cmd/dryrun.h"
#include "cmd/table.h"

/*
 * Postings as a table, then how often each field was there, then what was
 * not there and how the run ended; as JSON the postings alone, with the end on
 * stderr. The exit code: 0, or what the outcome asks for.
 */
int dryrun_show(struct arena *, const struct dryrun_options *,
    const struct dryrun *, enum table_style);

/* dryrun_missed.c: what matched nothing, with its place in the file. */
void missed_show(FILE *, struct arena *, const struct dryrun_options *,
    const struct dryrun *);

#endif
