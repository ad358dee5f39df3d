/*
 * The program runs itself: as "worker ROLE" it is a worker that answers
 * questions, with other arguments a command.
 */
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "msg/event.h"
#include "proc/proc.h"

/* ---- the worker's side ---- */

static int64_t
count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int64_t n = 0;

	while (d != NULL && readdir(d) != NULL)
		n++;
	if (d != NULL)
		closedir(d);
	return n - 3; /* ".", ".." and the directory itself */
}

/* What it knows, as an EVENT, whose fields are as good as any. */
static void
tell(struct worker *w)
{
	const char *secret = worker_secret(w, "smtp");
	struct event v = { .kind = EVENT_WELL,
		.object = w->setup.root,
		.outcome = secret == NULL ? "" : secret,
		.count = (int64_t)w->nsources,
		.total = count_fds() };
	struct buf b;
	struct err e;

	if (w->nsources > 0)
		v.pages = (int64_t)w->sources[0]->ntargets;
	v.found = worker_source(w, "two") != NULL;
	v.added = worker_source(w, "three") != NULL;
	v.changed = prctl(PR_GET_DUMPABLE);
	v.merged = getpgrp() == getpid();
	buf_init(&b, LIMIT_FRAME_BYTES);
	event_put(&b, &v);
	(void)worker_say(w, MSG_EVENT, 0, &b, NULL, 0, &e);
	buf_fini(&b);
}

static int
serve(struct worker *w)
{
	struct pollfd p = { .fd = chan_fd(w->chan), .events = POLLIN };
	struct frame f;
	struct err e;
	int rc;

	while (!w->stopping) {
		rc = chan_recv(w->chan, &f, &e);
		if (rc == -1)
			return e.kind == ERR_UNAVAILABLE ? 0 : 70;
		if (rc == 0) {
			(void)poll(&p, 1, -1);
			continue;
		}
		rc = worker_common(w, &f, &e);
		if (rc == -1)
			return 70;
		if (rc == 2)
			tell(w);
		if (rc == 0 && f.type == MSG_GRANT)
			abort();
		frame_close_fds(&f);
	}
	return 9;
}

static int
as_worker(const char *role)
{
	static struct worker w;
	struct err e;
	int rc;

	if (worker_begin(&w, role_parse(role), &e) == -1 ||
	    worker_ready(&w, &e) == -1 || worker_configure(&w, &e) == -1)
		return 70;
	tell(&w);
	rc = serve(&w);
	arena_free(w.conf_arena);
	chan_free(w.chan);
	return rc;
}

static int
as_command(char **argv)
{
	if (strcmp(argv[1], "say") == 0) {
		printf("%s\n", argv[2]);
		return 5;
	}
	if (strcmp(argv[1], "flood") == 0) {
		for (int i = 0; i < 10000; i++)
			printf("0123456789");
		return 0;
	}
	if (strcmp(argv[1], "hang") == 0)
		(void)poll(NULL, 0, -1);
	if (strcmp(argv[1], "die") == 0)
		(void)raise(SIGKILL);
	return 70;
}

/* ---- the tests ---- */

static struct child kid;

static int
wait_frame(struct frame *f)
{
	struct pollfd p = { .fd = chan_fd(kid.chan), .events = POLLIN };
	struct err e;
	int rc;

	while ((rc = chan_recv(kid.chan, f, &e)) == 0) {
		if (poll(&p, 1, 20000) != 1)
			return -2;
	}
	return rc;
}

static void
say_source(const char *name, size_t ntargets)
{
	struct target *targets = xcalloc(ntargets + 1, sizeof(*targets));
	struct source s = {
		.name = name, .targets = targets, .ntargets = ntargets
	};
	struct buf b;
	struct err e;

	for (size_t i = 0; i < ntargets; i++)
		targets[i].key = "a-name-that-has-twenty-and-more-bytes";
	buf_init(&b, LIMIT_CONF_BYTES);
	source_put(&b, &s);
	CHECK_INT(chan_send_any(kid.chan, MSG_SOURCE, 0, &b, &e), 0);
	buf_fini(&b);
	free(targets);
}

static void
say_conf(const char *root, size_t ntargets, const char *secret)
{
	struct setup setup = { .root = root, .log_level = 3 };
	struct buf b;
	struct err e;
	int fd;

	buf_init(&b, LIMIT_FRAME_BYTES);
	setup_put(&b, &setup);
	CHECK_INT(chan_send(kid.chan, MSG_SETUP, 0, &b, NULL, 0, &e), 0);
	say_source("one", ntargets);
	say_source("two", 1);
	if (secret != NULL) {
		fd = body_make("secret", secret, strlen(secret), &e);
		buf_reset(&b);
		put_str(&b, "smtp");
		CHECK_INT(
		    chan_send(kid.chan, MSG_SECRET, 0, &b, &fd, 1, &e), 0);
		close(fd);
	}
	CHECK_INT(chan_send(kid.chan, MSG_SETUP_END, 0, NULL, NULL, 0, &e), 0);
	while (chan_has_output(kid.chan))
		CHECK_INT(chan_flush(kid.chan, &e), 0);
	buf_fini(&b);
}

static void
expect_event(struct event *v, struct arena *arena)
{
	struct frame f;
	struct wire w;

	CHECK_INT(wait_frame(&f), 1);
	CHECK_INT(f.type, MSG_EVENT);
	wire_init(&w, arena, f.body, f.len);
	event_get(&w, v);
	CHECK_INT(get_end(&w, "event", NULL), 0);
}

static void
start(struct event *v, struct arena *arena)
{
	struct frame f;
	struct err e;

	CHECK_INT(proc_spawn(ROLE_NOTIFY, &kid, &e), 0);
	CHECK_INT(wait_frame(&f), 1);
	CHECK_INT(f.type, MSG_READY);
	say_conf("/root/one", 3, "s3cret");
	expect_event(v, arena);
}

static int
end(void)
{
	int status = -1;

	chan_free(kid.chan);
	kid.chan = NULL;
	CHECK(waitpid(kid.pid, &status, 0) == kid.pid);
	return status;
}

static void
worker_is_born_and_told(void)
{
	struct arena *arena = arena_new(65536);
	struct event v;

	start(&v, arena);
	CHECK_STR(v.object, "/root/one");
	CHECK_STR(v.outcome, "s3cret");
	CHECK_INT(v.count, 2);
	CHECK_INT(v.pages, 3);
	CHECK_INT(v.found, 1);
	CHECK_INT(v.added, 0);
	CHECK_INT(v.merged, 1);
	/* 0, 1, 2 and the channel: nothing else came along. */
	CHECK_INT(v.total, 4);
	if (!jail_is_wide())
		CHECK_INT(v.changed, 0);
	CHECK_INT(end(), 0);
	arena_free(arena);
}

static void
worker_answers_and_reloads(void)
{
	struct arena *arena = arena_new(65536);
	struct event v;
	struct frame f;
	struct err e;

	start(&v, arena);
	CHECK_INT(chan_send(kid.chan, MSG_PING, 5, NULL, NULL, 0, &e), 0);
	CHECK_INT(wait_frame(&f), 1);
	CHECK_INT(f.type, MSG_PONG);
	CHECK_INT(f.id, 5);
	/* A source that outgrows a frame, and no secret any more. */
	say_conf("/root/two", 20000, NULL);
	expect_event(&v, arena);
	CHECK_STR(v.object, "/root/two");
	CHECK_STR(v.outcome, "");
	CHECK_INT(v.pages, 20000);
	CHECK_INT(chan_send(kid.chan, MSG_STOP, 0, NULL, NULL, 0, &e), 0);
	CHECK_INT(wait_frame(&f), -1);
	CHECK_INT(WEXITSTATUS(end()), 9);
	arena_free(arena);
}

static void
sources_before_setup_are_refused(void)
{
	struct frame f;
	struct err e;

	CHECK_INT(proc_spawn(ROLE_NOTIFY, &kid, &e), 0);
	CHECK_INT(wait_frame(&f), 1);
	say_source("one", 1);
	CHECK_INT(wait_frame(&f), -1);
	CHECK_INT(WEXITSTATUS(end()), 70);
}

/*
 * With descriptor 0 closed, socketpair() gives 0 and 3 once 3 is free: the
 * child's end already has the number it must have, and would be closed by
 * exec if it were not for the branch that clears FD_CLOEXEC.
 */
static void
channel_that_is_3_already_stays_open(void)
{
	int in = dup(STDIN_FILENO), saved = -1;
	struct frame f;
	struct err e;
	int rc;

	if (fcntl(3, F_GETFD) != -1 && in != 3)
		saved = dup(3);
	if (in == 3)
		in = fcntl(3, F_DUPFD_CLOEXEC, 10);
	close(STDIN_FILENO);
	close(3);
	rc = proc_spawn(ROLE_NOTIFY, &kid, &e);
	int parents = rc == 0 ? chan_fd(kid.chan) : -1;
	int got = rc == 0 ? wait_frame(&f) : -1;
	if (rc == 0)
		(void)end();
	(void)dup2(in, STDIN_FILENO);
	close(in);
	if (saved != -1)
		(void)dup2(saved, 3);
	if (saved != -1)
		close(saved);
	CHECK_INT(rc, 0);
	CHECK_INT(parents, 0);
	CHECK_INT(got, 1);
	CHECK_INT(f.type, MSG_READY);
}

static void
channel_elsewhere_becomes_3(void)
{
	struct frame f;
	struct err e;

	CHECK_INT(proc_spawn(ROLE_FETCH, &kid, &e), 0);
	CHECK_INT(wait_frame(&f), 1);
	CHECK_INT(f.type, MSG_READY);
	(void)end();
}

static void
commands_run_to_their_end(void)
{
	struct buf out;
	struct err e;
	int status = -1;

	buf_init(&out, 100);
	CHECK_INT(proc_run((const char *const[]){ "say", "a b", NULL }, &out,
		      20000, &status, &e),
	    0);
	CHECK_INT(status, 5);
	CHECK_STR(buf_cstr(&out), "a b\n");
	buf_reset(&out);
	CHECK_INT(proc_run((const char *const[]){ "flood", NULL }, &out, 20000,
		      &status, &e),
	    0);
	CHECK_INT(status, 0);
	CHECK(out.len <= 100 && out.over);
	CHECK_INT(proc_run((const char *const[]){ "die", NULL }, &out, 20000,
		      &status, &e),
	    0);
	CHECK_INT(status, 128 + SIGKILL);
	buf_fini(&out);
}

static void
commands_that_hang_are_killed(void)
{
	int64_t begun = clock_mono_ms();
	struct buf out;
	struct err e;
	int status = -1;

	buf_init(&out, 100);
	CHECK_INT(proc_run((const char *const[]){ "hang", NULL }, &out, 100,
		      &status, &e),
	    -1);
	CHECK_INT(e.kind, ERR_TEMP);
	CHECK(clock_mono_ms() - begun < 10000);
	buf_fini(&out);
}

static void
own_path_is_known(void)
{
	CHECK(access(proc_self(), X_OK) == 0);
}

int
main(int argc, char **argv)
{
	static const struct check_test tests[] = {
		TEST(own_path_is_known),
		TEST(worker_is_born_and_told),
		TEST(worker_answers_and_reloads),
		TEST(sources_before_setup_are_refused),
		TEST(channel_that_is_3_already_stays_open),
		TEST(channel_elsewhere_becomes_3),
		TEST(commands_run_to_their_end),
		TEST(commands_that_hang_are_killed),
	};

	if (argc > 2 && strcmp(argv[1], "worker") == 0)
		return as_worker(argv[2]);
	if (argc > 1)
		return as_command(argv);
	return check_run(tests, sizeof(tests) / sizeof(tests[0]));
}
