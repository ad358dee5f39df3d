/*
 * The way of a mail: RENDER and SEND from store to notify and their answers
 * back. notify has one at a time, so that its death leaves one question open
 * and not many; the others wait here.
 */
#include <unistd.h>
#include "hub/hub_int.h"

/* The id inside a RENDER or SEND, which must be that of its frame. */
static int
asked_read(struct hub *h, struct frame *f, struct err *e)
{
	struct render render;
	struct send send;
	struct wire w;
	int64_t id;

	wire_init(&w, h->arena, f->body, f->len);
	if (f->type == MSG_RENDER) {
		render_get(&w, &render);
		id = render.id;
	} else {
		send_get(&w, &send);
		id = send.id;
	}
	if (get_end(&w, "mail", e) == -1)
		return -1;
	if (id != f->id || f->nfd != 1 || !body_is_sealed(f->fd[0]))
		return err_set(e, ERR_DATA, "mail: not what its frame says");
	return 0;
}

int
mail_asked(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	enum flight_kind kind =
	    f->type == MSG_RENDER ? FLIGHT_RENDER : FLIGHT_SEND;
	struct flight *flight;

	(void)s;
	if (asked_read(h, f, e) == -1)
		return -1;
	if (flight_find(&h->flights, kind, f->id) != NULL)
		return err_set(
		    e, ERR_DATA, "mail %lld is in flight", (long long)f->id);
	flight = flight_new(&h->flights, kind, f->id, FLIGHT_WAITS_NOTIFY);
	(void)buf_add(&flight->asked, f->body, f->len);
	flight->fd = frame_take_fd(f, 0);
	flight_push(&h->flights.for_notify, flight);
	mails_pump(h);
	return 0;
}

void
mails_pump(struct hub *h)
{
	struct slot *s = hub_slot(h, ROLE_NOTIFY);
	struct flight *f;

	if (!slot_is_up(s) || s->state != SLOT_UP || s->flight != NULL)
		return;
	f = flight_pop(&h->flights.for_notify);
	if (f == NULL)
		return;
	(void)chan_send(s->child.chan,
	    f->kind == FLIGHT_RENDER ? MSG_RENDER : MSG_SEND, f->id, &f->asked,
	    &f->fd, 1, NULL);
	close(f->fd);
	f->fd = -1;
	s->flight = f;
	flight_move(&h->flights, f, FLIGHT_AT_NOTIFY);
}

/* The answer goes to store as it came; the next one may go to notify. */
static int
answered(struct hub *h, struct slot *s, struct frame *f, int64_t id,
    enum flight_kind kind, struct err *e)
{
	struct flight *flight = s->flight;

	if (flight == NULL || flight->kind != kind || flight->id != f->id ||
	    id != f->id)
		return err_set(e, ERR_DATA, "mail: it does not hold %lld",
		    (long long)f->id);
	if (!flight->orphan)
		say_store(
		    h, f->type, f->id, f->body, f->len, frame_take_fd(f, 0));
	s->flight = NULL;
	flight_end(&h->flights, flight);
	mails_pump(h);
	return 0;
}

int
mail_rendered(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	struct rendered rendered;
	struct wire w;

	wire_init(&w, h->arena, f->body, f->len);
	rendered_get(&w, &rendered);
	if (get_end(&w, "rendered", e) == -1)
		return -1;
	if (f->nfd != (rendered.ok ? 1 : 0) ||
	    (rendered.ok && !body_is_sealed(f->fd[0])))
		return err_set(e, ERR_DATA, "rendered: no sealed mail");
	return answered(h, s, f, rendered.id, FLIGHT_RENDER, e);
}

int
mail_sent(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	struct sent sent;
	struct wire w;

	wire_init(&w, h->arena, f->body, f->len);
	sent_get(&w, &sent);
	if (get_end(&w, "sent", e) == -1)
		return -1;
	if (sent.result == SEND_LOST || f->nfd != 0)
		return err_set(e, ERR_DATA, "sent: not what it may say");
	return answered(h, s, f, sent.id, FLIGHT_SEND, e);
}

void
mails_notify_died(struct hub *h, struct slot *s)
{
	struct flight *f = s->flight;
	struct rendered rendered = { .reason = "the mailing process died" };
	struct sent sent = { .result = SEND_UNKNOWN,
		.reason = "the mailing process died while it was sending" };

	s->flight = NULL;
	if (f == NULL)
		return;
	buf_reset(&h->out);
	if (f->kind == FLIGHT_RENDER) {
		rendered.id = f->id;
		rendered_put(&h->out, &rendered);
	} else {
		sent.id = f->id;
		sent_put(&h->out, &sent);
	}
	if (!f->orphan)
		say_store(h, f->kind == FLIGHT_RENDER ? MSG_RENDERED : MSG_SENT,
		    f->id, h->out.data, h->out.len, -1);
	flight_end(&h->flights, f);
}
