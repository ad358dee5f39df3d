/*
 * What the service manager is told; without one these calls do nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>
#include "base/clock.h"
#include "base/str.h"
#include "hub/hub_int.h"

/* A worker that does not come up shall not keep the unit from starting. */
#define READY_MOST_MS 45000

void
systemd_init(struct hub *h)
{
	uint64_t usec = 0;

	if (sd_watchdog_enabled(0, &usec) > 0)
		h->watchdog_ms = (int64_t)(usec / 1000 / 3);
}

void
systemd_say(struct hub *h, const char *state)
{
	char text[128];

	if (h->opt->foreground)
		return;
	/* The manager wants to know when the reload began. */
	if (str_eq(state, "RELOADING=1")) {
		(void)snprintf(text, sizeof(text),
		    "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
		    clock_mono_ms() * 1000);
		state = text;
	}
	(void)sd_notify(0, state);
}

static bool
all_are_up(const struct hub *h)
{
	for (size_t i = 0; i < h->nslots; i++) {
		if (h->slots[i].state != SLOT_UP)
			return false;
	}
	return true;
}

void
systemd_ready(struct hub *h)
{
	if (h->told_ready)
		return;
	if (!all_are_up(h) && clock_mono_ms() - h->begun_ms < READY_MOST_MS)
		return;
	h->told_ready = true;
	systemd_say(h, "READY=1");
}

void
systemd_watch(struct hub *h, int64_t now_ms)
{
	if (h->watchdog_ms == 0 || now_ms - h->watched_ms < h->watchdog_ms)
		return;
	h->watched_ms = now_ms;
	systemd_say(h, "WATCHDOG=1");
}
