/*
 * The end, in order: store stops granting and takes what is still coming,
 * then those who fetch, read and send, then the database under them.
 */
#include "base/clock.h"
#include "hub/hub_int.h"

/* Of the 30 s that a drain may take, counted from its beginning. */
#define STORE_MS   24000
#define WORKERS_MS 27000
#define CLUSTER_MS 30000

/* STOP, or an end at once for one that could not hear it. */
static void
stop(struct hub *h, struct slot *s)
{
	if (s->state == SLOT_ENDING || s->state == SLOT_GONE)
		return;
	if (!slot_has_process(s)) {
		slot_set_state(h, s, SLOT_GONE);
		return;
	}
	if (slot_is_up(s))
		(void)chan_send(
		    s->child.chan, MSG_STOP, 0, NULL, NULL, 0, NULL);
	else
		slot_kill(h, s, "stopped before it was ready");
	slot_set_state(h, s, SLOT_ENDING);
}

static bool
is_of(enum hub_phase phase, enum role role)
{
	if (phase == HUB_DRAIN_STORE)
		return role == ROLE_STORE;
	if (phase == HUB_DRAIN_CLUSTER)
		return role == ROLE_CLUSTER;
	return role != ROLE_STORE && role != ROLE_CLUSTER;
}

static void
phase_begin(struct hub *h, enum hub_phase phase)
{
	h->phase = phase;
	for (size_t i = 0; i < h->nslots; i++) {
		if (is_of(phase, h->slots[i].role))
			stop(h, &h->slots[i]);
	}
}

/* True when all of the phase are gone; after its time they are killed. */
static bool
phase_is_over(struct hub *h, bool late)
{
	bool over = true;

	for (size_t i = 0; i < h->nslots; i++) {
		struct slot *s = &h->slots[i];

		if (!is_of(h->phase, s->role) || !slot_has_process(s))
			continue;
		over = false;
		if (late)
			slot_kill(h, s, "did not end in time");
	}
	return over;
}

void
drain_begin(struct hub *h, const char *why)
{
	if (h->phase != HUB_SERVING)
		return;
	if (why != NULL)
		log_info("draining: %s", why);
	(void)systemd_say(h, "STOPPING=1");
	h->drain_ms = clock_mono_ms();
	phase_begin(h, HUB_DRAIN_STORE);
}

void
drain_step(struct hub *h, int64_t now_ms)
{
	static const int64_t most_ms[] = {
		[HUB_DRAIN_STORE] = STORE_MS,
		[HUB_DRAIN_WORKERS] = WORKERS_MS,
		[HUB_DRAIN_CLUSTER] = CLUSTER_MS,
	};

	while (h->phase != HUB_SERVING && h->phase != HUB_DONE) {
		bool late = now_ms - h->drain_ms > most_ms[h->phase];

		if (!phase_is_over(h, late))
			return;
		if (h->phase == HUB_DRAIN_STORE)
			phase_begin(h, HUB_DRAIN_WORKERS);
		else if (h->phase == HUB_DRAIN_WORKERS)
			phase_begin(h, HUB_DRAIN_CLUSTER);
		else
			h->phase = HUB_DONE;
	}
}
