/*
 * What the service manager is told; without one these calls do nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
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

/*
 * sd_notify(3) waits when the manager does not read; the corridor may not.
 * True if it was said, or if there is nobody to say it to.
 */
static bool
send_now(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	size_t n = path == NULL ? 0 : strlen(path);
	ssize_t sent;
	int fd;

	if (n == 0 || n >= sizeof(sa.sun_path))
		return true;
	memcpy(sa.sun_path, path, n);
	if (sa.sun_path[0] == '@')
		sa.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		return false;
	sent = sendto(fd, state, strlen(state), MSG_DONTWAIT | MSG_NOSIGNAL,
	    (const struct sockaddr *)&sa,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	(void)close(fd);
	return sent != -1 || errno != EAGAIN;
}

bool
systemd_say(struct hub *h, const char *state)
{
	char text[128];

	if (h->opt->foreground)
		return true;
	/* The manager wants to know when the reload began. */
	if (str_eq(state, "RELOADING=1")) {
		(void)snprintf(text, sizeof(text),
		    "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
		    clock_mono_ms() * 1000);
		state = text;
	}
	return send_now(state);
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
	h->told_ready = systemd_say(h, "READY=1");
}

void
systemd_watch(struct hub *h, int64_t now_ms)
{
	if (h->watchdog_ms == 0 || now_ms - h->watched_ms < h->watchdog_ms)
		return;
	h->watched_ms = now_ms;
	(void)systemd_say(h, "WATCHDOG=1");
}
