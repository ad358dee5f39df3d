/*
 * The real hub with workers that play a part: the program runs itself as
 * "worker ROLE", and the case in the environment says who misbehaves.
 */
#ifndef TESTS_UNIT_HUB_PARTS_H
#define TESTS_UNIT_HUB_PARTS_H

#include "check.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/str.h"
#include "hub/hub.h"
#include "msg/mail.h"
#include "msg/page.h"
#include "msg/request.h"
#include "proc/proc.h"

#define CASE "HUB_TEST_CASE"
#define MARK "HUB_TEST_MARK"

static bool
case_is(const char *name)
{
	return str_eq(getenv(CASE), name);
}

/* True once only, for all processes of a case. */
static bool
first_time(void)
{
	int fd =
	    open(getenv(MARK), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	if (fd != -1)
		close(fd);
	return fd != -1;
}

/* ---- the parts ---- */

static struct worker me;
static struct buf out;

static void
say(enum msg_type type, int64_t id, int fd)
{
	struct err e;

	if (worker_say(&me, type, id, &out, &fd, fd == -1 ? 0 : 1, &e) == -1)
		_exit(1);
	buf_reset(&out);
}

static void
play_fetch(struct frame *f, struct arena *arena)
{
	struct fetched r = { .id = f->id, .result = FETCH_OK, .status = 200 };
	struct grant grant;
	struct wire w;
	struct err e;
	int fd;

	if (f->type != MSG_GRANT)
		return;
	wire_init(&w, arena, f->body, f->len);
	grant_get(&w, &grant);
	if (case_is("fetch-dies") && f->id == 5 && first_time())
		_exit(3);
	if (case_is("store-dies") || case_is("drain"))
		(void)poll(NULL, 0, 20);
	if (case_is("drain-slowly"))
		(void)poll(NULL, 0, 1000);
	if (case_is("wrong-id"))
		r.id = f->id + 1;
	r.url = grant.url;
	if (f->id % 10 == 9)
		r.result = FETCH_UNCHANGED;
	fetched_put(&out, &r);
	fd = body_make("body", grant.url, strlen(grant.url), &e);
	say(MSG_FETCHED, f->id, r.result == FETCH_OK ? fd : -1);
	close(fd);
}

static void
play_extract(struct frame *f, struct arena *arena)
{
	struct extracted x = { .id = f->id, .total = -1, .postings = 1 };
	struct page page;
	struct wire w;
	struct err e;
	size_t n;

	if (f->type != MSG_PAGE)
		return;
	wire_init(&w, arena, f->body, f->len);
	page_get(&w, &page);
	if (case_is("extract-crashes") && f->id == 5)
		abort();
	if (case_is("extract-spins") && f->id == 5) {
		for (volatile uint64_t i = 0;; i++)
			;
	}
	if (case_is("extract-lies") && f->id == 5)
		x.id = 6;
	if (case_is("extract-grants") && f->id == 5)
		say(MSG_GRANT, 1, -1);
	const char *body = body_map(f->fd[0], &n, &e);
	/* The body is the URL, which is in the page, too. */
	if (body == NULL || n != strlen(page.url) ||
	    memcmp(body, page.url, n) != 0)
		_exit(4);
	if (write(f->fd[1], body, n) != (ssize_t)n)
		_exit(5);
	body_unmap(body, n);
	extracted_put(&out, &x);
	say(MSG_EXTRACTED, f->id, -1);
}

static void
play_notify(struct frame *f)
{
	struct rendered r = { .id = f->id, .ok = true, .subject = "s" };
	struct sent s = { .id = f->id, .result = SEND_OK };
	struct err e;
	int fd;

	if (f->type == MSG_RENDER) {
		fd = body_make("mail", "MIME", 4, &e);
		rendered_put(&out, &r);
		say(MSG_RENDERED, f->id, fd);
		close(fd);
	} else if (f->type == MSG_SEND) {
		if (case_is("notify-dies") && f->id == 2)
			_exit(6);
		sent_put(&out, &s);
		say(MSG_SENT, f->id, -1);
	}
}

/* store: asks for pages and mails, counts the answers, and tells them. */
static struct {
	int64_t pages, mails; /* asked for */
	int64_t answers, ok, unchanged, lost, crashed, timeout;
	int64_t rendered, sent, unknown;
	int64_t waits_extracted; /* the page whose second frame must be next */
} tally;

static void
grant_pages(int64_t from, int64_t to)
{
	char url[64];

	for (int64_t id = from; id < to; id++) {
		struct grant g = { .id = id,
			.source = "s",
			.target = "s/t",
			.method = "GET",
			.url = url };

		(void)snprintf(
		    url, sizeof(url), "https://a.example/%lld", (long long)id);
		grant_put(&out, &g);
		say(MSG_GRANT, id, -1);
		tally.pages++;
	}
}

static void
ask_mails(int64_t n)
{
	struct err e;
	int fd = body_make("data", "{}", 2, &e);

	for (int64_t id = 0; id < n; id++) {
		struct render r = { .id = id, .template = "digest" };
		struct send s = { .id = id, .from = "a@a", .to = "b@b" };

		render_put(&out, &r);
		say(MSG_RENDER, id, fd);
		send_put(&out, &s);
		say(MSG_SEND, id, fd);
		tally.mails += 2;
	}
	close(fd);
}

static void
take_fetched(struct frame *f, struct wire *w)
{
	struct fetched r;

	fetched_get(w, &r);
	if (w->bad || f->nfd != 0 || tally.waits_extracted != -1)
		_exit(20);
	if (r.result == FETCH_OK) {
		tally.waits_extracted = f->id;
		return;
	}
	tally.answers++;
	tally.unchanged += r.result == FETCH_UNCHANGED;
	tally.lost += r.result == FETCH_LOST;
}

static void
take_extracted(struct frame *f, struct wire *w)
{
	struct extracted x;
	char text[64];

	extracted_get(w, &x);
	if (w->bad || tally.waits_extracted != f->id)
		_exit(21);
	tally.waits_extracted = -1;
	tally.answers++;
	tally.crashed += x.result == EXTRACT_CRASHED;
	tally.timeout += x.result == EXTRACT_TIMEOUT;
	if (x.result != EXTRACT_OK) {
		if (f->nfd != 0)
			_exit(22);
		return;
	}
	if (pread(f->fd[0], text, sizeof(text), 0) < 18)
		_exit(23);
	tally.ok++;
}

static void
take_mail(struct frame *f, struct wire *w)
{
	struct rendered r;
	struct sent s;

	tally.answers++;
	if (f->type == MSG_RENDERED) {
		rendered_get(w, &r);
		tally.rendered += r.ok && f->nfd == 1;
		return;
	}
	sent_get(w, &s);
	tally.sent += s.result == SEND_OK;
	tally.unknown += s.result == SEND_UNKNOWN;
}

static void
tell_tally(void)
{
	struct event v = { .kind = EVENT_MATCHED,
		.object = "tally",
		.pages = tally.ok,
		.unchanged_pages = tally.unchanged,
		.found = tally.lost,
		.added = tally.crashed,
		.changed = tally.timeout,
		.merged = tally.rendered,
		.closed = tally.sent,
		.count = tally.unknown };

	event_put(&out, &v);
	say(MSG_EVENT, 0, -1);
}

static void
tell_account(void)
{
	struct account a = { .in_flight =
				 tally.pages + tally.mails - tally.answers };

	if (a.in_flight == 0)
		tell_tally();
	account_put(&out, &a);
	say(MSG_ACCOUNT, 0, -1);
}

static void
play_store(struct frame *f, struct arena *arena)
{
	struct wire w;

	wire_init(&w, arena, f->body, f->len);
	if (f->type == MSG_FETCHED)
		take_fetched(f, &w);
	else if (f->type == MSG_EXTRACTED)
		take_extracted(f, &w);
	else if (f->type == MSG_RENDERED || f->type == MSG_SENT)
		take_mail(f, &w);
	if (case_is("store-dies") && tally.answers == 3 && first_time())
		_exit(7);
	if (tally.pages + tally.mails == tally.answers)
		tell_account();
}

static void
begin_store(void)
{
	tally.waits_extracted = -1;
	if (case_is("store-refuses"))
		_exit(78);
	if (case_is("store-babbles"))
		say(MSG_FETCHED, 1, -1);
	if (case_is("daemon"))
		return;
	grant_pages(0, 50);
	ask_mails(5);
}

static void
play(struct frame *f, struct arena *arena)
{
	if (me.role == ROLE_FETCH)
		play_fetch(f, arena);
	else if (me.role == ROLE_EXTRACT)
		play_extract(f, arena);
	else if (me.role == ROLE_NOTIFY)
		play_notify(f);
	else if (me.role == ROLE_STORE)
		play_store(f, arena);
}

/* Leave a text beside the mark, for the test to see. */
static void
note(const char *name, const char *text)
{
	char path[128], beside[136];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s-%s", getenv(MARK), name);
	(void)snprintf(beside, sizeof(beside), "%s~", path);
	f = fopen(beside, "we");
	if (f == NULL)
		_exit(1);
	(void)fputs(text, f);
	(void)fclose(f);
	(void)rename(beside, path);
}

/* "careerd -c FILE config check --json": bad is what holds that word. */
static int
as_check(char **argv)
{
	FILE *f = fopen(argv[2], "re");
	char text[256] = "";

	if (f == NULL || fgets(text, sizeof(text), f) == NULL)
		return 70;
	(void)fclose(f);
	note("checked", argv[5]);
	if (strstr(text, "bad") == NULL)
		return 0;
	printf("{\"text\":\"this is bad\"}\n");
	return 78;
}

static int
as_worker(const char *role)
{
	struct arena *arena = arena_new(1024 * 1024);
	struct frame f;
	struct err e;

	if (worker_begin(&me, role_parse(role), &e) == -1 ||
	    worker_ready(&me, &e) == -1 || worker_configure(&me, &e) == -1)
		return 70;
	buf_init(&out, LIMIT_FRAME_BYTES);
	if (me.role == ROLE_STORE)
		begin_store();
	while (!me.stopping || tally.pages + tally.mails > tally.answers) {
		struct pollfd p = { .fd = chan_fd(me.chan), .events = POLLIN };
		int rc = chan_recv(me.chan, &f, &e);

		if (rc == -1)
			_exit(0);
		if (rc == 0)
			(void)poll(&p, 1, -1);
		else if ((rc = worker_common(&me, &f, &e)) == 0)
			play(&f, arena);
		else if (rc == 2 && me.role == ROLE_FETCH)
			note("agent", me.setup.user_agent);
		frame_close_fds(&f);
		arena_reset(arena);
	}
	if (me.role == ROLE_STORE && me.stopping)
		note("drained", tally.answers == 60 ? "all" : "not all");
	arena_free(arena);
	arena_free(me.conf_arena);
	chan_free(me.chan);
	buf_fini(&out);
	return 0;
}

/* ---- what the tests share ---- */

static char directory[] = "/tmp/careerd-hub-XXXXXX";
static char mark[64], config[64], run_dir[64];

static struct conf
conf_of(void)
{
	return (struct conf){ .database = "postgresql:///none",
		.root = "/",
		.state_dir = directory,
		.run_dir = run_dir,
		.owner = "test",
		.user_agent = "test",
		.log_level = "error",
		.extract_workers = 2,
		.max_in_flight = 64 };
}

/* Wait for a note and take it away; "" if it does not come. */
static const char *
note_take(const char *name, int within_ms)
{
	static char text[256];
	int64_t end = clock_mono_ms() + within_ms;
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s-%s", mark, name);
	text[0] = '\0';
	while ((f = fopen(path, "re")) == NULL && clock_mono_ms() < end)
		(void)poll(NULL, 0, 20);
	if (f == NULL)
		return text;
	(void)!fgets(text, sizeof(text), f);
	(void)fclose(f);
	(void)unlink(path);
	return text;
}

/* As a worker or a check, if that is what it was called as; else -1. */
static int
play_part(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "worker") == 0)
		return as_worker(argv[2]);
	if (argc == 6 && strcmp(argv[1], "-c") == 0)
		return as_check(argv);
	return -1;
}

static bool
test_directory_make(void)
{
	if (mkdtemp(directory) == NULL)
		return false;
	(void)snprintf(mark, sizeof(mark), "%s/mark", directory);
	(void)snprintf(config, sizeof(config), "%s/careerd.yaml", directory);
	(void)snprintf(run_dir, sizeof(run_dir), "%s/run", directory);
	return true;
}

static void
nothing_is_left_behind(void)
{
	char path[128];

	(void)unlink(mark);
	(void)unlink(config);
	(void)note_take("checked", 0);
	(void)note_take("agent", 0);
	(void)note_take("drained", 0);
	(void)snprintf(path, sizeof(path), "%s/hub.json", run_dir);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/hub.lock", run_dir);
	(void)unlink(path);
	(void)rmdir(run_dir);
	CHECK_INT(rmdir(directory), 0);
}

#endif
