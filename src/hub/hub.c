/*
 * The corridor's loop. hub_run is its table of contents.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/str.h"
#include "hub/hub_int.h"

/* The longest sleep; every timer is looked at after it. */
#define SLEEP_MOST_MS 1000
/* One frame's worth of nouns; a source of many targets is not among them. */
#define ARENA_BYTES (16L * 1024 * 1024)

struct slot *
hub_slot(struct hub *h, enum role role)
{
	size_t i = 0;

	while (i + 1 < h->nslots && h->slots[i].role != role)
		i++;
	return &h->slots[i];
}

bool
hub_is_embedded(const struct hub *h)
{
	return str_eq(h->conf->database, "embedded");
}

enum log_level
hub_log_level(const struct hub *h)
{
	struct setup setup;

	conf_setup(h->conf, ROLE_HUB, &setup);
	if (h->opt->show != NULL && setup.log_level == LOG_LEVEL_INFO)
		return LOG_LEVEL_WARN;
	return (enum log_level)setup.log_level;
}

static int
signals_open(struct hub *h, sigset_t *old, struct err *e)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, old);
	sigdelset(&set, SIGPIPE);
	h->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (h->signal_fd == -1)
		return err_errno(e, ERR_OS, "no descriptor for signals");
	return 0;
}

/* The first asks for an orderly end, the second does not wait for it. */
static void
end_wanted(struct hub *h, const char *why)
{
	if (h->phase != HUB_SERVING) {
		log_warn("told twice: not waiting");
		h->phase = HUB_DONE;
		return;
	}
	if (h->opt->foreground)
		h->exit_code = err_exit_code(ERR_TEMP);
	drain_begin(h, why);
}

static void
signals_read(struct hub *h)
{
	struct signalfd_siginfo info;

	while (
	    read(h->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			slots_reap(h);
		else if (info.ssi_signo == SIGHUP && !h->opt->foreground)
			reload_begin(h);
		else
			end_wanted(h, strsignal((int)info.ssi_signo));
	}
}

static int
hub_init(struct hub *h, sigset_t *old, struct err *e)
{
	h->signal_fd = h->lock_fd = h->check.fd = -1;
	h->begun_ms = clock_mono_ms();
	h->started_wall_ms = clock_wall_ms();
	h->dirty = true;
	log_init(role_name(ROLE_HUB), hub_log_level(h));
	h->arena = arena_new(ARENA_BYTES);
	buf_init(&h->out, LIMIT_FRAME_BYTES);
	buf_init(&h->check_output, 0);
	flights_init(&h->flights);
	if (signals_open(h, old, e) == -1 || status_open(h, e) == -1)
		return -1;
	lock_basic();
	(void)setenv("CAREERD_STATE_DIR", h->conf->state_dir, 1);
	(void)setenv("CAREERD_RUN_DIR", h->conf->run_dir, 1);
	slots_init(h);
	systemd_init(h);
	return 0;
}

static void
hub_fini(struct hub *h, const sigset_t *old)
{
	if (h->check.fd != -1)
		(void)run_end(&h->check, true);
	slots_fini(h);
	flights_fini(&h->flights);
	status_close(h);
	if (h->signal_fd != -1)
		(void)close(h->signal_fd);
	buf_fini(&h->check_output);
	buf_fini(&h->out);
	arena_free(h->arena);
	arena_free(h->conf_arena);
	free(h->conninfo);
	sigprocmask(SIG_SETMASK, old, NULL);
}

static int
sleep_ms(const struct hub *h, int64_t now_ms)
{
	int64_t ms = slots_next_ms(h, now_ms) - now_ms;

	if (ms > SLEEP_MOST_MS)
		ms = SLEEP_MOST_MS;
	if (h->watchdog_ms > 0 && ms > h->watchdog_ms)
		ms = h->watchdog_ms;
	return ms < 0 ? 0 : (int)ms;
}

/* The slots first, so that polls[i] belongs to slots[i]. */
static size_t
polls_fill(struct hub *h)
{
	size_t n = h->nslots;

	for (size_t i = 0; i < n; i++) {
		struct slot *s = &h->slots[i];
		struct chan *c = s->closed ? NULL : s->child.chan;

		h->polls[i].fd = c == NULL ? -1 : chan_fd(c);
		h->polls[i].events = POLLIN;
		if (c != NULL && chan_has_output(c))
			h->polls[i].events |= POLLOUT;
	}
	h->polls[n++] = (struct pollfd){ .fd = h->signal_fd, .events = POLLIN };
	h->polls[n++] = (struct pollfd){ .fd = h->check.fd, .events = POLLIN };
	return n;
}

/* What a turn had to say goes out together. */
static void
outputs_flush(struct hub *h)
{
	for (size_t i = 0; i < h->nslots; i++) {
		struct slot *s = &h->slots[i];

		if (s->child.chan != NULL && !s->closed &&
		    chan_has_output(s->child.chan))
			(void)chan_flush(s->child.chan, NULL);
	}
}

static void
slot_serve(struct hub *h, struct slot *s, short revents)
{
	if ((revents & (POLLIN | POLLHUP | POLLERR)) != 0 &&
	    s->child.chan != NULL)
		route_read(h, s);
}

static void
hub_turn(struct hub *h)
{
	size_t n = polls_fill(h);
	int64_t now_ms;

	if (poll(h->polls, n, sleep_ms(h, clock_mono_ms())) == -1 &&
	    errno != EINTR)
		fatal("hub: poll: %s", strerror(errno));
	for (size_t i = 0; i < h->nslots; i++)
		slot_serve(h, &h->slots[i], h->polls[i].revents);
	if (h->polls[h->nslots].revents != 0)
		signals_read(h);
	if (h->polls[h->nslots + 1].revents != 0)
		reload_read(h);
	now_ms = clock_mono_ms();
	slots_watch(h, now_ms);
	reload_watch(h, now_ms);
	slots_bear(h, now_ms);
	troubles_watch(h, now_ms);
	drain_step(h, now_ms);
	systemd_ready(h);
	systemd_watch(h, now_ms);
	status_write(h, now_ms);
	outputs_flush(h);
}

int
hub_run(const struct conf *conf, const struct hub_options *opt)
{
	struct hub h = { .conf = conf, .opt = opt };
	struct err e;
	sigset_t old;

	if (hub_init(&h, &old, &e) == -1) {
		log_error("%s", e.text);
		h.exit_code = err_exit_code(e.kind);
	} else {
		log_info("serving; landlock ABI %d", lock_landlock_abi());
		slots_bear(&h, clock_mono_ms());
		while (h.phase != HUB_DONE)
			hub_turn(&h);
		log_info("ended");
	}
	hub_fini(&h, &old);
	return h.exit_code;
}
