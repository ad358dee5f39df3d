/*
 * The processes: birth, back-off, pings and death.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/str.h"
#include "hub/hub_int.h"

/* The first restart comes at once, the last ones twice a minute. */
#define BACK_OFF_FIRST_MS 100
#define BACK_OFF_MOST_MS  30000
/* Who lived so long did not die of what was there at birth. */
#define LIVED_LONG_MS 20000
#define PING_EVERY_MS 10000
#define SILENT_MS     60000
/* A database server may recover for minutes before its keeper speaks. */
#define SILENT_CLUSTER_MS 600000
/* How often the CPU of a page is looked at. */
#define LOOK_MS 100
/* More workers than this help nobody (style: few processes, named cores). */
#define EXTRACT_MOST 64
/* In the foreground nobody waits for a service that does not come. */
#define FOREGROUND_FAILURES 3

static size_t
extract_count(const struct conf *conf)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = conf->extract_workers;

	if (n == 0)
		n = cores > 0 ? (size_t)cores : 1;
	return n > EXTRACT_MOST ? EXTRACT_MOST : n;
}

static void
slot_add(struct hub *h, enum role role)
{
	struct slot *s = &h->slots[h->nslots++];

	s->role = role;
	s->state = SLOT_WAITING;
	s->child.pid = -1;
	s->output_fd = -1;
	s->since_ms = clock_wall_ms();
}

void
slots_init(struct hub *h)
{
	size_t n = extract_count(h->conf);

	h->slots = xcalloc(n + 4, sizeof(*h->slots));
	h->polls = xcalloc(n + 4 + 2, sizeof(*h->polls));
	if (hub_is_embedded(h))
		slot_add(h, ROLE_CLUSTER);
	slot_add(h, ROLE_STORE);
	slot_add(h, ROLE_FETCH);
	slot_add(h, ROLE_NOTIFY);
	for (size_t i = 0; i < n; i++)
		slot_add(h, ROLE_EXTRACT);
}

static void
slot_close(struct slot *s)
{
	chan_free(s->child.chan);
	s->child.chan = NULL;
	if (s->output_fd != -1)
		close(s->output_fd);
	s->output_fd = -1;
}

void
slots_fini(struct hub *h)
{
	for (size_t i = 0; i < h->nslots; i++) {
		struct slot *s = &h->slots[i];

		if (s->child.pid > 0) {
			(void)kill(s->child.pid, SIGKILL);
			(void)waitpid(s->child.pid, NULL, 0);
		}
		slot_close(s);
	}
	free(h->slots);
	free(h->polls);
	h->slots = NULL;
	h->nslots = 0;
}

int64_t
slot_back_off_ms(uint32_t failures)
{
	int64_t ms = BACK_OFF_FIRST_MS;

	if (failures == 0)
		return 0;
	while (--failures > 0 && ms < BACK_OFF_MOST_MS)
		ms *= 2;
	return ms > BACK_OFF_MOST_MS ? BACK_OFF_MOST_MS : ms;
}

bool
slot_has_process(const struct slot *s)
{
	return s->child.pid > 0;
}

bool
slot_is_up(const struct slot *s)
{
	return s->child.chan != NULL && !s->closed &&
	       (s->state == SLOT_UP || s->state == SLOT_ENDING);
}

static const char *const state_words[] = {
	[SLOT_WAITING] = "waiting",
	[SLOT_BORN] = "starting",
	[SLOT_UP] = "up",
	[SLOT_ENDING] = "ending",
	[SLOT_GONE] = "gone",
};

const char *
slot_state_name(enum slot_state state)
{
	return state_words[state];
}

void
slot_set_state(struct hub *h, struct slot *s, enum slot_state state)
{
	s->state = state;
	s->since_ms = clock_wall_ms();
	h->dirty = true;
}

/* store needs a server, and so waits for the cluster when it is ours. */
static bool
may_be_born(const struct hub *h, const struct slot *s)
{
	if (s->state != SLOT_WAITING || h->phase >= HUB_DRAIN_WORKERS)
		return false;
	/* What was told to end is not missed. */
	if (h->phase != HUB_SERVING &&
	    (s->role == ROLE_STORE || s->role == ROLE_CLUSTER))
		return false;
	if (s->role == ROLE_STORE && hub_is_embedded(h))
		return h->conninfo != NULL;
	return true;
}

/* Codes of faults that trying again does not mend (sysexits). */
static bool
is_final(int exit_code)
{
	return exit_code == err_exit_code(ERR_CONFIG) ||
	       exit_code == err_exit_code(ERR_PERM) ||
	       exit_code == err_exit_code(ERR_DATA) ||
	       exit_code == err_exit_code(ERR_NOINPUT);
}

static void
give_up_if_hopeless(struct hub *h, struct slot *s)
{
	bool final = is_final(s->last_exit);

	if (!h->opt->foreground || h->phase != HUB_SERVING ||
	    s->role == ROLE_EXTRACT)
		return;
	if (!final && s->failures < FOREGROUND_FAILURES)
		return;
	h->exit_code = final ? s->last_exit : err_exit_code(ERR_UNAVAILABLE);
	drain_begin(h, "a process does not start");
}

static void
slot_failed(struct hub *h, struct slot *s)
{
	s->failures++;
	s->birth_ms = clock_mono_ms() + slot_back_off_ms(s->failures);
	slot_set_state(h, s, SLOT_WAITING);
	give_up_if_hopeless(h, s);
}

static void
slot_bear(struct hub *h, struct slot *s, int64_t now_ms)
{
	struct err e;

	if (proc_spawn(s->role, &s->child, &e) == -1) {
		log_error("%s", e.text);
		str_copy(s->last_death, e.text, sizeof(s->last_death));
		s->child.pid = -1;
		slot_failed(h, s);
		return;
	}
	chan_batch(s->child.chan);
	s->birth_ms = s->heard_ms = s->pinged_ms = now_ms;
	s->verdict = NULL;
	s->timed_out = s->closed = s->has_served = false;
	slot_set_state(h, s, SLOT_BORN);
	log_debug("%s: born as %d", role_name(s->role), (int)s->child.pid);
}

void
slots_bear(struct hub *h, int64_t now_ms)
{
	for (size_t i = 0; i < h->nslots; i++) {
		struct slot *s = &h->slots[i];

		if (may_be_born(h, s) && now_ms >= s->birth_ms)
			slot_bear(h, s, now_ms);
	}
}

void
slot_kill(struct hub *h, struct slot *s, const char *why)
{
	(void)h;
	if (!slot_has_process(s))
		return;
	if (s->verdict == NULL)
		s->verdict = why;
	(void)kill(s->child.pid, SIGKILL);
}

static void
death_describe(struct slot *s, int status)
{
	char how[64];

	s->last_exit = WIFEXITED(status) ? WEXITSTATUS(status) : 0;

	if (WIFSIGNALED(status))
		(void)snprintf(how, sizeof(how), "signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	else
		(void)snprintf(
		    how, sizeof(how), "exit %d", WEXITSTATUS(status));
	(void)snprintf(s->last_death, sizeof(s->last_death), "%s%s%s",
	    s->verdict == NULL ? "" : s->verdict,
	    s->verdict == NULL ? "" : ", ", how);
}

/* What the dead one held is decided here, by its role. */
static void
death_settle(struct hub *h, struct slot *s)
{
	if (s->role == ROLE_STORE) {
		flights_orphan_all(h);
		h->has_account = false;
	} else if (s->role == ROLE_FETCH) {
		pages_fetch_died(h);
	} else if (s->role == ROLE_EXTRACT) {
		pages_extract_died(h, s);
	} else if (s->role == ROLE_NOTIFY) {
		mails_notify_died(h, s);
	}
}

static void
slot_died(struct hub *h, struct slot *s, int status)
{
	bool expected = s->state == SLOT_ENDING || s->state == SLOT_GONE;
	int64_t now_ms = clock_mono_ms();

	/* What it said before it died counts; nothing is given to it now. */
	s->closed = true;
	if (s->verdict == NULL)
		route_read_last(h, s);
	slot_close(s);
	s->child.pid = -1;
	death_describe(s, status);
	death_settle(h, s);
	if (expected || h->phase >= HUB_DRAIN_WORKERS) {
		slot_set_state(h, s, SLOT_GONE);
		return;
	}
	if (now_ms - s->birth_ms >= LIVED_LONG_MS)
		s->failures = 0;
	s->restarts++;
	slot_failed(h, s);
	if (h->phase == HUB_SERVING)
		log_warn("%s: died (%s), again in %lld ms", role_name(s->role),
		    s->last_death, (long long)(s->birth_ms - now_ms));
	else
		log_warn("%s: died (%s)", role_name(s->role), s->last_death);
}

void
slots_reap(struct hub *h)
{
	for (size_t i = 0; i < h->nslots; i++) {
		struct slot *s = &h->slots[i];
		int status;

		if (slot_has_process(s) &&
		    waitpid(s->child.pid, &status, WNOHANG) == s->child.pid)
			slot_died(h, s, status);
	}
}

/*
 * Not from /proc: that of a process that is not dumpable may be hidden (and
 * is, in the system unit). The clock needs no rights.
 */
int64_t
process_cpu_ms(pid_t pid)
{
	struct timespec t;
	clockid_t id;

	if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &t) == -1)
		return -1;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
watch_page(struct hub *h, struct slot *s, int64_t now_ms)
{
	int64_t cpu_ms;

	/* Most pages are done before anyone looks. */
	if (s->verdict != NULL || now_ms - s->given_ms < LOOK_MS)
		return;
	cpu_ms = process_cpu_ms(s->child.pid);
	if (s->given_cpu_ms == -1)
		s->given_cpu_ms = cpu_ms;
	if (cpu_ms - s->given_cpu_ms > LIMIT_PAGE_CPU_MS) {
		s->timed_out = true;
		slot_kill(h, s, "page over its CPU limit");
	} else if (now_ms - s->given_ms > LIMIT_PAGE_WALL_MS) {
		s->timed_out = true;
		slot_kill(h, s, "page over its time limit");
	}
}

static void
watch_silence(struct hub *h, struct slot *s, int64_t now_ms)
{
	int64_t most_ms =
	    s->role == ROLE_CLUSTER ? SILENT_CLUSTER_MS : SILENT_MS;

	if (now_ms - s->heard_ms > most_ms) {
		slot_kill(h, s, "does not answer");
		return;
	}
	if (now_ms - s->pinged_ms < PING_EVERY_MS)
		return;
	s->pinged_ms = now_ms;
	if (slot_is_up(s))
		(void)chan_send(
		    s->child.chan, MSG_PING, 0, NULL, NULL, 0, NULL);
}

void
slots_watch(struct hub *h, int64_t now_ms)
{
	for (size_t i = 0; i < h->nslots; i++) {
		struct slot *s = &h->slots[i];

		if (!slot_has_process(s) || s->child.chan == NULL)
			continue;
		if (s->role == ROLE_EXTRACT && s->flight != NULL)
			watch_page(h, s, now_ms);
		watch_silence(h, s, now_ms);
	}
}

static int64_t
slot_next_ms(const struct hub *h, const struct slot *s, int64_t now_ms)
{
	if (s->state == SLOT_WAITING)
		return may_be_born(h, s) ? s->birth_ms : INT64_MAX;
	if (!slot_has_process(s))
		return INT64_MAX;
	if (s->role == ROLE_EXTRACT && s->flight != NULL)
		return now_ms + LOOK_MS;
	return s->pinged_ms + PING_EVERY_MS;
}

int64_t
slots_next_ms(const struct hub *h, int64_t now_ms)
{
	int64_t next = INT64_MAX;

	for (size_t i = 0; i < h->nslots; i++) {
		int64_t ms = slot_next_ms(h, &h->slots[i], now_ms);

		if (ms < next)
			next = ms;
	}
	return next;
}
