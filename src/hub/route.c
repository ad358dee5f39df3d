/*
 * What may go where. A frame that its sender may not say, or that is
 * malformed, ends its sender and nobody else.
 */
#include <signal.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/str.h"
#include "hub/hub_int.h"

/* Frames read from one worker before the others have their turn. */
#define FRAMES_A_TURN 32

typedef int route_handler(
    struct hub *, struct slot *, struct frame *, struct err *);

static int
is_ready(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	(void)f;
	if (s->state != SLOT_BORN)
		return err_set(e, ERR_DATA, "it was ready before");
	if (slot_configure(h, s, e) == -1)
		return -1;
	slot_set_state(h, s, SLOT_UP);
	if (s->role == ROLE_FETCH)
		pages_fetch_up(h);
	else if (s->role == ROLE_EXTRACT)
		pages_pump(h);
	else if (s->role == ROLE_NOTIFY)
		mails_pump(h);
	return 0;
}

/* The answer to a ping: that it was heard is all there is to it. */
static int
is_alive(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	(void)h;
	(void)s;
	(void)f;
	(void)e;
	return 0;
}

static int
cluster_said_up(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	struct slot *store = hub_slot(h, ROLE_STORE);
	struct wire w;
	bool changed;

	wire_init(&w, h->arena, f->body, f->len);
	const char *conninfo = get_str(&w);
	if (get_end(&w, "CLUSTER_UP", e) == -1)
		return -1;
	/* Again from the same worker: the server died under it. */
	if (s->has_served) {
		s->restarts++;
		str_copy(
		    s->last_death, "the server died", sizeof(s->last_death));
	}
	s->has_served = true;
	lack_end(h, "database server");
	changed = !str_eq(h->conninfo, conninfo);
	free(h->conninfo);
	h->conninfo = xstrdup(conninfo);
	if (changed && slot_is_up(store))
		return slot_configure(h, store, e);
	return 0;
}

static int
account_taken(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	struct account account;
	struct wire w;

	(void)s;
	wire_init(&w, h->arena, f->body, f->len);
	account_get(&w, &account);
	if (get_end(&w, "ACCOUNT", e) == -1)
		return -1;
	h->account = account;
	if (h->opt->last != NULL)
		*h->opt->last = account;
	h->has_account = true;
	h->dirty = true;
	if (h->opt->foreground && h->phase == HUB_SERVING &&
	    account.in_flight == 0 && account.due == 0)
		drain_begin(h, NULL);
	return 0;
}

static route_handler *const handlers[MSG__MAX] = {
	[MSG_READY] = is_ready,
	[MSG_PONG] = is_alive,
	[MSG_EVENT] = event_take,
	[MSG_GRANT] = page_granted,
	[MSG_FETCHED] = page_fetched,
	[MSG_EXTRACTED] = page_extracted,
	[MSG_ACCOUNT] = account_taken,
	[MSG_RENDER] = mail_asked,
	[MSG_RENDERED] = mail_rendered,
	[MSG_SEND] = mail_asked,
	[MSG_SENT] = mail_sent,
	[MSG_CLUSTER_UP] = cluster_said_up,
};

static int
route_frame(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	if (!msg_may_come_from(f->type, s->role) || handlers[f->type] == NULL)
		return err_set(e, ERR_DATA, "it may not say that");
	if (s->state == SLOT_BORN && f->type != MSG_READY)
		return err_set(e, ERR_DATA, "it is not ready");
	arena_reset(h->arena);
	return handlers[f->type](h, s, f, e);
}

static void
is_closed(struct hub *h, struct slot *s, const struct err *e)
{
	s->closed = true;
	if (e->kind == ERR_UNAVAILABLE) {
		/* Whoever closed its channel is ending, or should be. */
		if (slot_has_process(s))
			(void)kill(s->child.pid, SIGKILL);
		return;
	}
	log_warn("%s: bad frame: %s", role_name(s->role), e->text);
	slot_kill(h, s, "bad frame");
}

/* 1: a frame was read; 0: nothing more for now. */
static int
read_one(struct hub *h, struct slot *s)
{
	struct frame f;
	struct err e;
	int rc = chan_recv(s->child.chan, &f, &e);

	if (rc == 0)
		return 0;
	if (rc == -1) {
		is_closed(h, s, &e);
		return 0;
	}
	s->heard_ms = clock_mono_ms();
	rc = route_frame(h, s, &f, &e);
	frame_close_fds(&f);
	if (rc == 0)
		return 1;
	(void)err_prefix(&e, "%s", msg_name(f.type));
	e.kind = ERR_DATA;
	is_closed(h, s, &e);
	return 0;
}

void
route_read(struct hub *h, struct slot *s)
{
	for (int i = 0; !s->closed; i++) {
		/* What was received must be read: poll knows nothing of it. */
		if (i >= FRAMES_A_TURN && !chan_has_input(s->child.chan))
			return;
		if (read_one(h, s) == 0)
			return;
	}
}

void
route_read_last(struct hub *h, struct slot *s)
{
	int pauses = 0;

	/* A batch that was not full says "nothing now" once: ask again. */
	while (s->child.chan != NULL && s->verdict == NULL && pauses < 2) {
		if (read_one(h, s) == 1)
			pauses = 0;
		else
			pauses++;
	}
}
