/*
 * The corridor: who is alive, what is in flight, what may go where. No
 * network, no SQL, no foreign bytes: bodies pass as descriptors.
 */
#ifndef HUB_HUB_H
#define HUB_HUB_H

#include "base/err.h"
#include "conf/conf.h"
#include "msg/event.h"

struct hub_options {
	const char *config_path; /* as given with -c, for reloads; or NULL */
	bool foreground;         /* "once": end when nothing is due */
	const char *only_source, *only_task; /* foreground only */
	/* Foreground: shown each event; NULL: they go to the log. */
	void (*show)(const struct event *, void *context);
	void *context;
	/* Foreground: what store said last, or NULL if nobody asks. */
	struct account *last;
};

/*
 * Start the workers, keep them alive, route their frames, until SIGTERM or
 * SIGINT (drained within 30 s) or, in the foreground, until nothing is due.
 * The exit code: 0, or what of sysexits tells why.
 */
int hub_run(const struct conf *, const struct hub_options *);

/* The table of processes that a running hub left in run_dir, as JSON. */
struct json *hub_status(const struct conf *, struct err *);

#endif
