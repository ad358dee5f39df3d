/*
 * "careerd worker cluster": keeps the server running for a daemon.
 */
#include <poll.h>
#include <stdlib.h>
#include "base/clock.h"
#include "base/log.h"
#include "msg/event.h"
#include "proc/cluster_int.h"

/* How often the server's life is looked at, and how often it must answer. */
#define LOOK_MS   1000
#define ANSWER_MS 10000

struct keeper {
	struct worker w;
	struct cluster *cluster;
	struct arena *arena;
	const char *conninfo;
	bool is_down, told;
	int64_t answered_ms;
};

static void
say_log(const char *text)
{
	log_info("%s", text);
}

static int
say_up(struct keeper *k, struct err *err)
{
	struct buf body;
	int result;

	buf_init(&body, LIMIT_FRAME_BYTES);
	put_str(&body, k->conninfo);
	result = worker_say(&k->w, MSG_CLUSTER_UP, 0, &body, NULL, 0, err);
	buf_fini(&body);
	return result;
}

/* Shown by status until the server is up again. */
static void
say_away(struct keeper *k, const char *why)
{
	struct buf body;

	buf_init(&body, LIMIT_FRAME_BYTES);
	event_put(&body, &(struct event){ .kind = EVENT_AWAY,
			     .object = "database server",
			     .outcome = "",
			     .reason = why });
	worker_say(&k->w, MSG_EVENT, 0, &body, NULL, 0, NULL);
	buf_fini(&body);
}

static bool
is_well(struct keeper *k)
{
	int64_t now = clock_mono_ms();
	bool ready;

	server_log_trim(k->cluster);
	if (server_find(k->cluster, &ready) == 0)
		return false;
	/* Restarting by itself, after one of its own died. */
	if (!ready)
		return true;
	if (now - k->answered_ms < ANSWER_MS)
		return true;
	if (server_answers(k->cluster))
		k->answered_ms = now;
	else
		log_warn("database server: alive, but does not answer");
	return true;
}

static int
look(struct keeper *k, struct err *err)
{
	struct err fault = { 0 };

	if (is_well(k))
		return 0;
	if (!k->is_down)
		log_warn("database server: died, starting it again");
	k->is_down = true;
	if (cluster_restart(k->cluster, &fault) == -1) {
		if (!k->told)
			log_error("%s", fault.text);
		say_away(k, fault.text);
		k->told = true;
		return 0;
	}
	k->is_down = k->told = false;
	log_info("database server: running again");
	return say_up(k, err);
}

/* Frames until a stop; -1 at the end of the channel. */
static int
serve_frames(struct keeper *k, struct err *err)
{
	struct frame f;
	int got;

	while ((got = chan_recv(k->w.chan, &f, err)) == 1) {
		got = worker_common(&k->w, &f, err);
		frame_close_fds(&f);
		if (got == -1)
			return -1;
	}
	return got;
}

static int
keep(struct keeper *k, struct err *err)
{
	struct pollfd p = { .fd = chan_fd(k->w.chan) };

	while (!k->w.stopping) {
		p.events = POLLIN;
		if (chan_has_output(k->w.chan))
			p.events |= POLLOUT;
		poll(&p, 1, LOOK_MS);
		if (chan_flush(k->w.chan, err) == -1 ||
		    serve_frames(k, err) == -1)
			return -1;
		if (p.revents == 0 && look(k, err) == -1)
			return -1;
	}
	return 0;
}

int
cluster_main(void)
{
	const char *state = getenv("CAREERD_STATE_DIR");
	struct keeper k = { 0 };
	struct err err = { 0 };
	int code = 0;

	if (worker_begin(&k.w, ROLE_CLUSTER, &err) == -1 ||
	    worker_ready(&k.w, &err) == -1 ||
	    worker_configure(&k.w, &err) == -1)
		return err_exit_code(err.kind);
	if (state == NULL) {
		log_error("no state directory was named");
		return err_exit_code(ERR_CONFIG);
	}
	k.arena = arena_new(LIMIT_FRAME_BYTES);
	k.cluster = cluster_join(k.arena, state, getenv("CAREERD_RUN_DIR"),
	    say_log, &k.conninfo, &err);
	if (k.cluster == NULL) {
		log_error("%s", err.text);
		say_away(&k, err.text);
		chan_flush(k.w.chan, NULL);
		arena_free(k.arena);
		return err_exit_code(err.kind);
	}
	k.answered_ms = clock_mono_ms();
	if (say_up(&k, &err) == 0)
		keep(&k, &err);
	cluster_leave(k.cluster);
	arena_free(k.arena);
	return code;
}
