/*
 * The way of a page: GRANT from store to fetch, FETCHED back, PAGE to an
 * idle extract, EXTRACTED back, and then both answers to store.
 */
#include <unistd.h>
#include "base/clock.h"
#include "hub/hub_int.h"

/* Workers that may die of a page before it is given up. */
#define DEATHS_OF_A_PAGE 2

/* If store is gone its death is coming, and ends the flights. */
void
say_store(struct hub *h, enum msg_type type, int64_t id, const void *body,
    size_t n, int fd)
{
	struct slot *store = hub_slot(h, ROLE_STORE);

	if (slot_is_up(store))
		chan_give(store->child.chan, type, id, body, n, fd);
	else if (fd != -1)
		close(fd);
}

static void
grant_pass_on(struct hub *h, struct flight *f)
{
	struct slot *fetch = hub_slot(h, ROLE_FETCH);

	chan_give(fetch->child.chan, MSG_GRANT, f->id, f->asked.data,
	    f->asked.len, -1);
	flight_move(&h->flights, f, FLIGHT_AT_FETCH);
}

int
page_granted(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	struct grant grant;
	struct flight *flight;
	struct wire w;

	(void)s;
	wire_init(&w, h->arena, f->body, f->len);
	grant_get(&w, &grant);
	if (get_end(&w, "grant", e) == -1)
		return -1;
	if (grant.id != f->id || f->nfd != 0)
		return err_set(e, ERR_DATA, "grant: not what its frame says");
	if (flight_find(&h->flights, FLIGHT_PAGE, f->id) != NULL)
		return err_set(
		    e, ERR_DATA, "grant %lld is in flight", (long long)f->id);
	flight =
	    flight_new(&h->flights, FLIGHT_PAGE, f->id, FLIGHT_WAITS_FETCH);
	(void)buf_add(&flight->asked, f->body, f->len);
	if (slot_is_up(hub_slot(h, ROLE_FETCH)))
		grant_pass_on(h, flight);
	return 0;
}

static void
pass_on_one(void *context, struct flight *f)
{
	grant_pass_on(context, f);
}

void
pages_fetch_up(struct hub *h)
{
	flights_each(&h->flights, FLIGHT_WAITS_FETCH, pass_on_one, h);
}

int
page_fetched(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	struct flight *flight;
	struct fetched fetched;
	struct wire w;

	(void)s;
	wire_init(&w, h->arena, f->body, f->len);
	fetched_get(&w, &fetched);
	if (get_end(&w, "fetched", e) == -1)
		return -1;
	if (fetched.id != f->id || fetched.result == FETCH_LOST)
		return err_set(e, ERR_DATA, "fetched: not what it may say");
	/* Asked for by a store that died; the new one may ask the same. */
	flight = flight_find_orphan(&h->flights, FLIGHT_PAGE, f->id);
	if (flight != NULL && flight->stage == FLIGHT_AT_FETCH) {
		flight_end(&h->flights, flight);
		return 0;
	}
	flight = flight_find(&h->flights, FLIGHT_PAGE, f->id);
	if (flight == NULL || flight->stage != FLIGHT_AT_FETCH)
		return err_set(e, ERR_DATA, "fetched: nobody asked for %lld",
		    (long long)f->id);
	/* That it is sealed is seen by who maps it. */
	if ((fetched.result == FETCH_OK || fetched.result == FETCH_LISTED) &&
	    f->nfd != 1)
		return err_set(e, ERR_DATA, "fetched: no body");
	if (fetched.result != FETCH_OK) {
		say_store(h, MSG_FETCHED, f->id, f->body, f->len,
		    fetched.result == FETCH_LISTED ? frame_take_fd(f, 0) : -1);
		flight_end(&h->flights, flight);
		return 0;
	}
	flight->fd = frame_take_fd(f, 0);
	(void)buf_add(&flight->fetched, f->body, f->len);
	flight_move(&h->flights, flight, FLIGHT_WAITS_EXTRACT);
	flight_push(&h->flights.for_extract, flight);
	pages_pump(h);
	return 0;
}

static void
lose_one(void *context, struct flight *f)
{
	struct hub *h = context;
	struct fetched lost = { .id = f->id,
		.result = FETCH_LOST,
		.reason = "the fetching process died" };
	struct grant grant;
	struct wire w;

	if (!f->orphan) {
		wire_init(&w, h->arena, f->asked.data, f->asked.len);
		grant_get(&w, &grant);
		lost.url = grant.url;
		buf_reset(&h->out);
		fetched_put(&h->out, &lost);
		say_store(h, MSG_FETCHED, f->id, h->out.data, h->out.len, -1);
	}
	flight_end(&h->flights, f);
}

void
pages_fetch_died(struct hub *h)
{
	flights_each(&h->flights, FLIGHT_AT_FETCH, lose_one, h);
}

/* What extract must know, from what store granted and fetch brought. */
static void
page_make(struct hub *h, const struct flight *f)
{
	struct fetched fetched;
	struct grant grant;
	struct page page;
	struct wire w;

	wire_init(&w, h->arena, f->asked.data, f->asked.len);
	grant_get(&w, &grant);
	wire_init(&w, h->arena, f->fetched.data, f->fetched.len);
	fetched_get(&w, &fetched);
	page = (struct page){ .id = f->id,
		.source = grant.source,
		.target = grant.target,
		.kind = grant.kind,
		.url = fetched.url,
		.content_type = fetched.content_type,
		.params = grant.params,
		.nparams = grant.nparams,
		.page_number = grant.page_number,
		.page_offset = grant.page_offset,
		.now_ms = clock_wall_ms() };
	buf_reset(&h->out);
	page_put(&h->out, &page);
}

static int
page_give(struct hub *h, struct slot *s, struct flight *f, struct err *e)
{
	int fds[2];

	s->output_fd = body_empty("postings", e);
	if (s->output_fd == -1)
		return -1;
	page_make(h, f);
	fds[0] = f->fd;
	fds[1] = s->output_fd;
	flight_move(&h->flights, f, FLIGHT_AT_EXTRACT);
	s->flight = f;
	s->given_ms = clock_mono_ms();
	s->given_cpu_ms = -1;
	/* When it cannot be sent its worker is dying, and so it comes back. */
	(void)chan_send(s->child.chan, MSG_PAGE, f->id, &h->out, fds, 2, NULL);
	return 0;
}

static struct slot *
idle_extract(struct hub *h)
{
	for (size_t i = 0; i < h->nslots; i++) {
		struct slot *s = &h->slots[i];

		if (s->role == ROLE_EXTRACT && s->state == SLOT_UP &&
		    slot_is_up(s) && s->flight == NULL && s->verdict == NULL)
			return s;
	}
	return NULL;
}

void
pages_pump(struct hub *h)
{
	struct flight_queue *q = &h->flights.for_extract;
	struct slot *s;

	while (q->first != NULL && (s = idle_extract(h)) != NULL) {
		struct flight *f = flight_pop(q);

		if (page_give(h, s, f, NULL) == 0)
			continue;
		/* Out of descriptors: when a page ends there are some. */
		flight_push_front(q, f);
		return;
	}
}

/* Both answers to store, in their order; takes output_fd; the flight ends. */
static void
page_answer(struct hub *h, struct flight *f, const void *extracted, size_t n,
    int output_fd)
{
	say_store(h, MSG_FETCHED, f->id, f->fetched.data, f->fetched.len, -1);
	say_store(h, MSG_EXTRACTED, f->id, extracted, n, output_fd);
	flight_end(&h->flights, f);
}

int
page_extracted(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	struct flight *flight = s->flight;
	struct extracted x;
	struct wire w;

	wire_init(&w, h->arena, f->body, f->len);
	extracted_get(&w, &x);
	if (get_end(&w, "extracted", e) == -1)
		return -1;
	if (flight == NULL || flight->id != f->id || x.id != f->id)
		return err_set(e, ERR_DATA, "extracted: it does not hold %lld",
		    (long long)f->id);
	if (x.result == EXTRACT_CRASHED || x.result == EXTRACT_TIMEOUT ||
	    f->nfd != 0)
		return err_set(e, ERR_DATA, "extracted: not what it may say");
	/*
	 * The output goes on unsealed: store reads a copy of it, which is
	 * hostile whoever wrote it last, and to seal what another processor
	 * has just written the kernel asks every processor.
	 */
	s->flight = NULL;
	s->failures = 0;
	if (flight->orphan) {
		flight_end(&h->flights, flight);
		close(s->output_fd);
	} else {
		page_answer(h, flight, f->body, f->len, s->output_fd);
	}
	s->output_fd = -1;
	h->pages++;
	pages_pump(h);
	return 0;
}

static void
page_give_up(struct hub *h, struct slot *s, struct flight *f)
{
	struct extracted x = { .id = f->id,
		.result = s->timed_out ? EXTRACT_TIMEOUT : EXTRACT_CRASHED,
		.reason = s->last_death,
		.total = -1 };

	buf_reset(&h->out);
	extracted_put(&h->out, &x);
	page_answer(h, f, h->out.data, h->out.len, -1);
}

void
pages_extract_died(struct hub *h, struct slot *s)
{
	struct flight *f = s->flight;

	s->flight = NULL;
	if (f == NULL)
		return;
	if (f->orphan) {
		flight_end(&h->flights, f);
	} else if (++f->deaths < DEATHS_OF_A_PAGE) {
		flight_move(&h->flights, f, FLIGHT_WAITS_EXTRACT);
		flight_push_front(&h->flights.for_extract, f);
		pages_pump(h);
	} else {
		page_give_up(h, s, f);
	}
}
