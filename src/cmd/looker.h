/*
 * Pages looked at for a new definition: fetched with the manners of a run,
 * judged by a jailed extract worker.
 */
#ifndef CMD_LOOKER_H
#define CMD_LOOKER_H

#include "base/buf.h"
#include "base/json.h"
#include "cmd/dryrun.h"
#include "msg/request.h"

struct looker;

/* Of the options source and target (whose manners hold), user_agent, now_ms,
 * page and page_url, say and context are used; they must live as long. */
struct looker *looker_open(
    struct arena *, const struct dryrun_options *, struct err *);
void looker_close(struct looker *);

struct looked {
	struct fetched fetched; /* of the last address that it moved to */
	bool is_forbidden;      /* by robots.txt */
	struct buf body;        /* as it came */
	struct json *page;      /* what extract_look says; NULL: no page */
};
/*
 * Fetch an address (or take the saved page) and look at it. 0 whatever came
 * of it; -1 and err when a worker failed. What looked_free takes is the
 * caller's in any case.
 */
int looker_look(
    struct looker *, const char *url, struct looked *, struct err *);
void looked_free(struct looked *);

#endif
