/*
 * A worker that a command speaks to in hub's place, one question at a time.
 */
#ifndef CMD_PEER_H
#define CMD_PEER_H

#include "base/err.h"
#include "msg/setup.h"
#include "msg/source.h"
#include "proc/proc.h"

struct peer;

/* What a peer is told of the world. */
struct peer_conf {
	const struct setup *setup;
	const struct source *source; /* or NULL */
	const struct pair *secrets;  /* name and text */
	size_t nsecrets;
};

/* Born and configured; NULL and err if it is not to be had. */
struct peer *peer_open(enum role, const struct peer_conf *, struct err *);
void peer_close(struct peer *);
/*
 * Ask and wait for the answer of that type, which lies in *to until the next
 * question; its descriptors are the caller's. ERR_UNAVAILABLE when the worker
 * died, ERR_TEMP when wall_ms or (if not 0) cpu_ms passed: it is then over.
 */
struct peer_question {
	enum msg_type type, answer;
	int64_t id;
	const struct buf *body;
	int fds[LIMIT_FRAME_FDS];
	int nfd;
	int64_t wall_ms, cpu_ms;
};
int peer_ask(struct peer *, const struct peer_question *, struct frame *to,
    struct err *);

#endif
