/*
 * What people may want to see while work goes on; hub prints it in the
 * foreground and writes it to the log as a daemon.
 */
#ifndef MSG_EVENT_H
#define MSG_EVENT_H

#include "msg/wire.h"

enum event_kind {
	EVENT_RUN_BEGIN, /* object: target key */
	EVENT_PAGE,      /* a page of it was stored */
	EVENT_WAIT,      /* reason; took_ms: to be waited before it goes on */
	EVENT_RUN_END,   /* outcome and reason are set */
	EVENT_MATCHED,   /* count: matches made, object: whose */
	EVENT_MAIL,      /* object: to whom; outcome: sent, retry, ... */
	EVENT_TROUBLE,   /* reason says what needs a person */
	EVENT_WELL,      /* the trouble about object is over */
	EVENT_AWAY,      /* object, on which all stands, is away: reason */
	EVENT_BACK,      /* object is back */
	EVENT__MAX
};

enum outcome {
	OUTCOME_OK,
	OUTCOME_UNCHANGED,
	OUTCOME_PARTIAL,
	OUTCOME_EMPTY,
	OUTCOME_SUSPICIOUS,
	OUTCOME_TRUNCATED,
	OUTCOME_THROTTLED,
	OUTCOME_BLOCKED,
	OUTCOME_DRIFTED,
	OUTCOME_GONE,
	OUTCOME_FAILED,
	OUTCOME__MAX
};
const char *outcome_name(enum outcome);
enum outcome outcome_parse(const char *); /* OUTCOME__MAX if unknown */

struct event {
	enum event_kind kind;
	const char *object;
	const char *outcome;                           /* word, or "" */
	const char *reason;                            /* "" if none */
	int64_t pages, unchanged_pages;                /* of the run so far */
	int64_t found, added, changed, merged, closed; /* postings, jobs */
	int64_t dropped; /* postings that keep and drop left out */
	int64_t refused; /* that lack a title or a usable address */
	int64_t count, total, took_ms;
};

/* store's account to hub: when all is 0 a foreground run is done. */
struct account {
	int64_t in_flight;   /* requests, renderings, sendings under way */
	int64_t due;         /* work that is due and not yet begun */
	int64_t done;        /* units done since birth */
	int64_t failed;      /* runs or mails that ended badly since birth */
	int64_t next_due_ms; /* wall time of the next work, 0 if none */
};

void event_put(struct buf *, const struct event *);
void event_get(struct wire *, struct event *to);
void account_put(struct buf *, const struct account *);
void account_get(struct wire *, struct account *to);

#endif
