/*
 * Between the outbox and what fills it.
 */
#ifndef STORE_OUTBOX_INT_H
#define STORE_OUTBOX_INT_H

#include "store/store_int.h"
#include "store/digest_int.h"

struct due_mail {
	int64_t id, attempt, resends, deadline_ms, created_ms;
	const char *recipient, *to_name, *template, *message_id, *data;
	bool is_rendered;
	const char *time_zone;
	int64_t quiet_start, quiet_end; /* -1: none */
};
/* Mails that may go now, at most max, in the transaction's arena. */
int due_mails(
    struct tx *, struct due_mail *to, size_t max, size_t *n, struct err *);
/* The end of its reader's quiet hours; now if it is not quiet. */
int64_t quiet_end_of(struct tx *, const struct due_mail *);
/* The named zone; UTC, with a warning, if there is none. */
const struct zone *zone_or_utc(struct arena *, const char *name);
/* Occurrences that have come become digests (semantics 1.1, 1.2). */
int briefings_plan(struct store *, struct err *);

#endif
