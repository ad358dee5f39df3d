/*
 * The worker that talks to the net. It sends nothing without a grant, and
 * nothing before its grant's time.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"
#include "fetch/fetch_int.h"

#define POLL_MS 1000
/* A frame once it is read: lists of short texts take some times as much. */
#define GRANT_BYTES (16L * LIMIT_FRAME_BYTES)

/* ---- grants ---- */

static struct job *
job_take(struct fetch *f)
{
	struct job *job = f->spare;

	if (job != NULL) {
		f->spare = job->next;
		return job;
	}
	job = xcalloc(1, sizeof(*job));
	job->fetch = f;
	job->arena = arena_new(GRANT_BYTES);
	job->older = f->newest;
	f->newest = job;
	return job;
}

static void
job_give_back(struct fetch *f, struct job *job)
{
	arena_reset(job->arena);
	job->next = f->spare;
	f->spare = job;
}

static void
fetched_say(
    struct fetch *f, const struct fetched *fetched, const void *body, size_t n)
{
	struct err err = { 0 };
	struct buf frame;
	int fd = -1;

	buf_init(&frame, LIMIT_FRAME_BYTES);
	fetched_put(&frame, fetched);
	if (body != NULL)
		fd = body_make("page", body, n, &err);
	if ((body != NULL && fd == -1) ||
	    worker_say(&f->worker, MSG_FETCHED, fetched->id, &frame, &fd,
		fd == -1 ? 0 : 1, &err) == -1)
		log_error("request %lld: %s", (long long)fetched->id, err.text);
	if (fd != -1)
		close(fd);
	buf_fini(&frame);
}

void
job_answer(
    struct job *job, const struct fetched *fetched, const void *body, size_t n)
{
	bool wanted = fetched->result == FETCH_OK ||
		      fetched->result == FETCH_LISTED ||
		      fetched->result == FETCH_STATUS;

	if (fetched->result == FETCH_OK && body == NULL)
		body = "";
	fetched_say(job->fetch, fetched, wanted ? body : NULL, n);
	job_give_back(job->fetch, job);
}

static void
on_done(void *context, const struct grant *grant, const struct fetched *fetched,
    const void *body, size_t n)
{
	struct fetched told = *fetched;

	(void)grant;
	auth_scrub(context, &told);
	job_answer(context, &told, body, n);
}

void
job_end(struct job *job, const struct fetched *how)
{
	struct fetched fetched = *how;

	fetched.id = job->grant.id;
	fetched.url = job->grant.url;
	job_answer(job, &fetched, NULL, 0);
}

/* Refused before anything was sent. */
static void
refuse(struct job *job, const struct err *err)
{
	struct fetched fetched = { .result = FETCH_REFUSED,
		.reason = err->text };

	job_end(job, &fetched);
}

void
job_wait(struct job *job)
{
	struct fetch *f = job->fetch;
	struct job **at = &f->waiting;

	while (*at != NULL && (*at)->begin_ms <= job->begin_ms)
		at = &(*at)->next;
	job->next = *at;
	*at = job;
}

/* Send it, or ask for the token first that it is sent with. */
static void
job_begin(struct job *job)
{
	struct err err = { 0 };
	int result;

	if (is_mail(&job->grant)) {
		mail_begin(job);
		return;
	}
	result = auth_apply(job, &err);
	if (result == 0)
		result =
		    net_fetch(job->fetch->net, &job->sent, on_done, job, &err);
	else if (result == 1)
		result = token_ask(job, &err);
	if (result == -1)
		refuse(job, &err);
}

/* Begin what is due; the milliseconds until the next one. */
static int
waiting_begin(struct fetch *f)
{
	int64_t now = clock_mono_ms();
	struct job *job;

	while ((job = f->waiting) != NULL && job->begin_ms <= now) {
		f->waiting = job->next;
		job_begin(job);
	}
	if (job == NULL || job->begin_ms - now > POLL_MS)
		return POLL_MS;
	return (int)(job->begin_ms - now);
}

/* ---- frames ---- */

static void
on_grant(struct fetch *f, const struct frame *frame)
{
	struct job *job = job_take(f);
	struct err err = { 0 };
	struct wire wire;

	wire_init(&wire, job->arena, frame->body, frame->len);
	grant_get(&wire, &job->grant);
	if (get_end(&wire, "grant", &err) == -1) {
		log_error("%s", err.text);
		job->grant.id = frame->id;
		job->grant.url = "";
		refuse(job, &err);
		return;
	}
	job->begin_ms = clock_mono_ms() + job->grant.delay_ms;
	job_wait(job);
}

/* End in good order, to be born anew, when files would fail from now on. */
static void
watches_check(struct fetch *f)
{
	const char *path;

	if (f->worker.stopping || lock_landlock_abi() == 0)
		return;
	path = watches_moved(&f->watches);
	if (path == NULL)
		return;
	log_info("%s was replaced: starting anew", path);
	f->worker.stopping = true;
}

/* A reload may name mailboxes that the locks do not let us open. */
static void
reload_check(struct fetch *f)
{
	net_user_agent(f->net, f->worker.setup.user_agent);
	tokens_forget(f);
	if (lock_landlock_abi() == 0 || watches_cover(&f->watches, &f->worker))
		return;
	log_info("there are new mailboxes: starting anew");
	f->worker.stopping = true;
}

static int
frames_take(struct fetch *f, struct err *err)
{
	struct frame frame;
	int got;

	while ((got = chan_recv(f->worker.chan, &frame, err)) == 1) {
		int common = worker_common(&f->worker, &frame, err);
		if (common == -1)
			return -1;
		if (common == 2)
			reload_check(f);
		if (common == 0 && frame.type == MSG_GRANT)
			on_grant(f, &frame);
		frame_close_fds(&frame);
	}
	return got;
}

/* Told to stop: what waits is not begun; what is under way ends. */
static bool
is_drained(struct fetch *f)
{
	return f->worker.stopping && net_running(f->net) == 0 &&
	       !chan_has_output(f->worker.chan);
}

static int
loop(struct fetch *f, struct err *err)
{
	struct chan *chan = f->worker.chan;

	while (!is_drained(f)) {
		int timeout_ms =
		    f->worker.stopping ? POLL_MS : waiting_begin(f);
		if (net_poll(f->net, chan_fd(chan), chan_has_output(chan),
			timeout_ms, err) == -1 ||
		    chan_flush(chan, err) == -1)
			return -1;
		/* hub is gone: so is all reason to go on. */
		if (frames_take(f, err) == -1)
			return err->kind == ERR_UNAVAILABLE ? 0 : -1;
		watches_check(f);
	}
	return 0;
}

/* What name resolution and TLS read, and mailboxes; nothing is written. */
static int
lock(struct fetch *f, struct err *err)
{
	static const char *const system[] = { "/etc/host.conf", "/etc/gai.conf",
		"/etc/services", "/etc/protocols", "/etc/ld.so.cache",
		"/etc/localtime", "/etc/ssl/certs", "/etc/ssl/openssl.cnf",
		"/usr/lib", "/usr/share", "/usr/local/share/ca-certificates",
		"/lib", "/lib64", "/run/systemd/resolve", "/run/resolvconf",
		"/run/nscd", "/dev/urandom" };
	static const char *const write[] = { NULL };
	size_t n = sizeof(system) / sizeof(system[0]);
	const char **read;
	int result;

	watches_begin(&f->watches, &f->worker);
	read = xcalloc(n + f->watches.n + 1, sizeof(*read));
	memcpy(read, system, sizeof(system));
	for (size_t i = 0; i < f->watches.n; i++)
		read[n++] = f->watches.at[i].path;
	result = lock_paths(read, write, err);
	free(read);
	return result;
}

static void
jobs_free(struct fetch *f)
{
	struct job *job;

	while ((job = f->newest) != NULL) {
		f->newest = job->older;
		arena_free(job->arena);
		free(job);
	}
}

int
fetch_main(void)
{
	struct fetch f = { 0 };
	struct err err = { 0 };
	int ret = -1;

	if (worker_begin(&f.worker, ROLE_FETCH, &err) == 0 &&
	    net_init(&err) == 0 && worker_ready(&f.worker, &err) == 0 &&
	    worker_configure(&f.worker, &err) == 0 &&
	    (f.net = net_new(f.worker.setup.user_agent, &err)) != NULL &&
	    lock(&f, &err) == 0)
		ret = loop(&f, &err);
	if (ret == -1)
		log_error("%s", err.text);
	net_free(f.net);
	jobs_free(&f);
	tokens_forget(&f);
	watches_end(&f.watches);
	chan_free(f.worker.chan);
	arena_free(f.worker.conf_arena);
	return ret == 0 ? 0 : err_exit_code(err.kind);
}
