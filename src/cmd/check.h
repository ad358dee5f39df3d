/*
 * Checks that need more rooms than conf: selectors are compiled by extract,
 * templates read by notify. Faults become problems beside those of conf.
 */
#ifndef CMD_CHECK_H
#define CMD_CHECK_H

#include "cmd/cmd.h"
#include "conf/conf.h"

/* Compile all selectors of a source; true if they are right. */
bool check_selectors(const struct source *, struct problems *);
/* Every *.mustache of the user's own and of the shipped folder. */
void check_templates(const struct conf *, struct problems *);
/* The same before mails are sent: faults are said; 0, or the exit code. */
int check_mails(const struct conf *, const struct cmd_context *);

#endif
