/*
 * Alert mails that come through "mail receive": kept for the sources whose
 * mailbox is "received", until they are too old to be read.
 */
#ifndef CMD_RECEIVED_H
#define CMD_RECEIVED_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/buf.h"
#include "conf/conf.h"

/* The first source that reads what this sender writes, or NULL. */
const struct source *received_source(const struct conf *, const char *from);
/* Put a mail where such sources find it, and throw out what is too old. */
int received_put(
    struct arena *, const struct conf *, const struct buf *mail, struct err *);

#endif
