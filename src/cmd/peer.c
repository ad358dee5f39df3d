#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "cmd/peer.h"

#define BIRTH_MS 10000
/* How often the CPU time of the worker is looked at. */
#define SLICE_MS 50

struct peer {
	struct child child;
};

/* CPU milliseconds of another process; 0 if it is gone. */
static int64_t
cpu_ms_of(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) == -1)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
await(struct peer *peer, const struct peer_question *q, struct frame *to,
    struct err *e)
{
	struct chan *chan = peer->child.chan;
	int64_t end_ms = clock_mono_ms() + q->wall_ms;
	int64_t cpu_end_ms = cpu_ms_of(peer->child.pid) + q->cpu_ms;

	for (;;) {
		struct pollfd p = { .fd = chan_fd(chan), .events = POLLIN };
		int got = chan_recv(chan, to, e);

		if (got == -1)
			return err_set(e, ERR_UNAVAILABLE,
			    "the %s process died", role_name(peer->child.role));
		if (got == 1 && to->type == q->answer && to->id == q->id)
			return 0;
		if (got == 1) {
			frame_close_fds(to);
			continue;
		}
		if (clock_mono_ms() > end_ms ||
		    (q->cpu_ms > 0 && cpu_ms_of(peer->child.pid) > cpu_end_ms))
			return err_set(e, ERR_TEMP,
			    "the %s process took too long",
			    role_name(peer->child.role));
		if (chan_flush(chan, e) == -1)
			return -1;
		if (chan_has_output(chan))
			p.events |= POLLOUT;
		poll(&p, 1, SLICE_MS);
	}
}

int
peer_ask(struct peer *peer, const struct peer_question *q, struct frame *to,
    struct err *e)
{
	if (chan_send(peer->child.chan, q->type, q->id, q->body, q->fds, q->nfd,
		e) == -1)
		return -1;
	return await(peer, q, to, e);
}

static int
say_all(struct chan *chan, const struct peer_conf *conf, struct err *e)
{
	struct buf body;
	int result;

	buf_init(&body, LIMIT_CONF_BYTES);
	setup_put(&body, conf->setup);
	result = chan_send(chan, MSG_SETUP, 0, &body, NULL, 0, e);
	if (result == 0 && conf->source != NULL) {
		buf_reset(&body);
		source_put(&body, conf->source);
		result = chan_send_any(chan, MSG_SOURCE, 0, &body, e);
	}
	for (size_t i = 0; result == 0 && i < conf->nsecrets; i++)
		result = chan_send_secret(
		    chan, conf->secrets[i].name, conf->secrets[i].value, e);
	if (result == 0)
		result = chan_send(chan, MSG_SETUP_END, 0, NULL, NULL, 0, e);
	buf_fini(&body);
	return result;
}

struct peer *
peer_open(enum role role, const struct peer_conf *conf, struct err *e)
{
	struct peer_question birth = { .answer = MSG_READY,
		.wall_ms = BIRTH_MS };
	struct peer *peer = xcalloc(1, sizeof(*peer));
	struct frame ready;

	if (proc_spawn(role, &peer->child, e) == -1) {
		free(peer);
		return NULL;
	}
	if (await(peer, &birth, &ready, e) == 0) {
		frame_close_fds(&ready);
		if (say_all(peer->child.chan, conf, e) == 0)
			return peer;
	}
	peer_close(peer);
	return NULL;
}

void
peer_close(struct peer *peer)
{
	if (peer == NULL)
		return;
	kill(peer->child.pid, SIGKILL);
	while (waitpid(peer->child.pid, NULL, 0) == -1 && errno == EINTR)
		;
	chan_free(peer->child.chan);
	free(peer);
}
