/*
 * The worker as hub sees it: this program runs itself as "worker fetch".
 */
#include "check.h"
#include <poll.h>
#include <sys/wait.h>
#include "base/clock.h"
#include "fetch/fetch.h"
#include "msg/request.h"
#include "net/server.h"
#include "proc/proc.h"

static struct server server;
static struct child child;
static struct arena *arena;

/* ---- hub's side ---- */

static void
say(enum msg_type type, int64_t id, const struct buf *body)
{
	struct err e;

	CHECK_INT(chan_send(child.chan, type, id, body, NULL, 0, &e), 0);
	while (chan_has_output(child.chan))
		CHECK_INT(chan_flush(child.chan, &e), 0);
}

static void
hear(struct frame *f)
{
	struct pollfd p = { .fd = chan_fd(child.chan), .events = POLLIN };
	struct err e;
	int got;

	while ((got = chan_recv(child.chan, f, &e)) == 0)
		CHECK_INT(poll(&p, 1, 15000), 1);
	CHECK_INT(got, 1);
}

/* What the worker is told of sources, or NULL. */
static const struct source *told;

static void
say_setup(const char *user_agent)
{
	struct setup setup = {
		.root = ".", .log_level = 1, .user_agent = user_agent
	};
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	setup_put(&b, &setup);
	say(MSG_SETUP, 0, &b);
	if (told != NULL) {
		buf_reset(&b);
		source_put(&b, told);
		say(MSG_SOURCE, 0, &b);
	}
	say(MSG_SETUP_END, 0, NULL);
	buf_fini(&b);
}

static void
bear(void)
{
	struct frame f;
	struct err e;

	CHECK_INT(proc_spawn(ROLE_FETCH, &child, &e), 0);
	hear(&f);
	CHECK_INT(f.type, MSG_READY);
	say_setup("careerd/test");
}

/* Its exit code, once it ended by itself. */
static int
ending(void)
{
	int64_t end_ms = clock_mono_ms() + 10000;
	int status = 0;

	while (waitpid(child.pid, &status, WNOHANG) == 0) {
		if (clock_mono_ms() > end_ms) {
			kill(child.pid, SIGKILL);
			waitpid(child.pid, &status, 0);
			break;
		}
		usleep(5000);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
begin(void)
{
	arena = arena_new((size_t)16 << 20);
	server = server_start("tests/unit/net/http_server.py", "");
	CHECK(server.port > 0);
	bear();
}

static struct grant
grant_of(int64_t id, const char *path)
{
	return (struct grant){ .id = id,
		.source = "test",
		.target = "test",
		.kind = REQUEST_LIST,
		.method = "GET",
		.url = arena_printf(
		    arena, "http://127.0.0.1:%d%s", server.port, path),
		.timeout_ms = 5000,
		.max_bytes = 1 << 20,
		.allow_private = true };
}

static void
grant(const struct grant *g)
{
	struct buf b;

	buf_init(&b, LIMIT_FRAME_BYTES);
	grant_put(&b, g);
	say(MSG_GRANT, g->id, &b);
	buf_fini(&b);
}

/* The next answer; its body as text, NULL if there is none. */
static const char *
answer(struct fetched *to)
{
	const char *body, *copy;
	struct frame f;
	struct wire w;
	struct err e;
	size_t n;

	hear(&f);
	CHECK_INT(f.type, MSG_FETCHED);
	wire_init(&w, arena, f.body, f.len);
	fetched_get(&w, to);
	CHECK_INT(get_end(&w, "fetched", &e), 0);
	CHECK_INT(to->id, f.id);
	if (f.nfd == 0)
		return NULL;
	CHECK(body_is_sealed(f.fd[0]));
	body = body_map(f.fd[0], &n, &e);
	CHECK(body != NULL);
	CHECK_INT(n, to->bytes);
	copy = arena_strndup(arena, body, n);
	body_unmap(body, n);
	frame_close_fds(&f);
	return copy;
}

static const char *
fetch(struct grant g, struct fetched *to)
{
	grant(&g);
	return answer(to);
}

/* ---- the tests ---- */

static void
pages(void)
{
	struct fetched f;
	struct grant g = grant_of(1, "/ok");

	CHECK_STR(fetch(g, &f), "hello, page");
	CHECK_INT(f.result, FETCH_OK);
	CHECK_INT(f.id, 1);
	CHECK_STR(f.etag, "\"v1\"");
	g.body_hash = f.body_hash;
	CHECK_STR(fetch(g, &f), NULL);
	CHECK_INT(f.result, FETCH_UNCHANGED);
	CHECK_STR(fetch(grant_of(2, "/empty"), &f), "");
	CHECK_INT(f.result, FETCH_OK);
	CHECK_STR(fetch(grant_of(3, "/404"), &f), "not here");
	CHECK_INT(f.result, FETCH_STATUS);
	CHECK_STR(fetch(grant_of(4, "/moved"), &f), NULL);
	CHECK_INT(f.result, FETCH_MOVED);
	CHECK(strstr(f.location, "/there?q=1") != NULL);
	CHECK_STR(fetch(grant_of(5, "/cut"), &f), NULL);
	CHECK_INT(f.result, FETCH_BROKEN);
}

static void
refusals(void)
{
	struct fetched f;
	struct grant g = grant_of(1, "/ok");

	g.allow_private = false;
	CHECK_STR(fetch(g, &f), NULL);
	CHECK_INT(f.result, FETCH_REFUSED);
	CHECK(strstr(f.reason, "is neither 80 nor 443") != NULL);
	g.url = "http://localhost/";
	CHECK_STR(fetch(g, &f), NULL);
	CHECK_INT(f.result, FETCH_REFUSED);
	CHECK(strstr(f.reason, "is not a public address") != NULL);
	g.url = "file:///etc/passwd";
	CHECK_STR(fetch(g, &f), NULL);
	CHECK_INT(f.result, FETCH_REFUSED);
	CHECK_STR(f.url, "file:///etc/passwd");
}

static void
delays(void)
{
	struct grant late = grant_of(1, "/ok"), soon = grant_of(2, "/ok"),
		     now = grant_of(3, "/ok");
	int64_t begin_ms = clock_mono_ms();
	struct fetched f;

	late.delay_ms = 600;
	soon.delay_ms = 300;
	grant(&late);
	grant(&soon);
	grant(&now);
	answer(&f);
	CHECK_INT(f.id, 3);
	answer(&f);
	CHECK_INT(f.id, 2);
	CHECK(clock_mono_ms() - begin_ms >= 299);
	answer(&f);
	CHECK_INT(f.id, 1);
	CHECK(clock_mono_ms() - begin_ms >= 599);
	CHECK(clock_mono_ms() - begin_ms < 3000);
}

static void
many(void)
{
	bool seen[64] = { false };
	struct fetched f;

	for (int i = 0; i < 64; i++) {
		struct grant g =
		    grant_of(i, arena_printf(arena, "/page/%d", i));
		grant(&g);
	}
	for (int i = 0; i < 64; i++) {
		const char *body = answer(&f), *path = strstr(f.url, "/page/");

		CHECK(f.id >= 0 && f.id < 64 && !seen[f.id]);
		seen[f.id] = true;
		CHECK(strncmp(body, path, strlen(path)) == 0);
	}
}

static void
common_frames(void)
{
	struct fetched f;
	struct frame frame;
	const char *body;

	say(MSG_PING, 5, NULL);
	hear(&frame);
	CHECK_INT(frame.type, MSG_PONG);
	CHECK_INT(frame.id, 5);
	body = fetch(grant_of(1, "/echo"), &f);
	CHECK(strstr(body, "User-Agent: careerd/test\r\n") != NULL);
	say_setup("careerd/reloaded");
	body = fetch(grant_of(2, "/echo"), &f);
	CHECK(strstr(body, "User-Agent: careerd/reloaded\r\n") != NULL);
}

static void
a_bad_grant(void)
{
	struct fetched f;
	struct buf b;

	buf_init(&b, 100);
	buf_str(&b, "no grant at all");
	say(MSG_GRANT, 77, &b);
	buf_fini(&b);
	CHECK_STR(answer(&f), NULL);
	CHECK_INT(f.id, 77);
	CHECK_INT(f.result, FETCH_REFUSED);
	CHECK_STR(fetch(grant_of(1, "/ok"), &f), "hello, page");
}

/* What is under way ends, what waits is not begun. */
static void
stop(void)
{
	struct grant waits = grant_of(2, "/ok"), g = grant_of(1, "/later");
	struct fetched f;
	struct frame frame;
	struct err e;

	waits.delay_ms = 5000;
	grant(&waits);
	grant(&g);
	/* An answer to another tells that it is under way. */
	fetch(grant_of(3, "/ok"), &f);
	CHECK_INT(f.id, 3);
	say(MSG_STOP, 0, NULL);
	CHECK_STR(answer(&f), "hello, page");
	CHECK_INT(f.id, 1);
	CHECK_INT(ending(), 0);
	CHECK_INT(chan_recv(child.chan, &frame, &e), -1);
	chan_free(child.chan);
}

static void
hub_is_gone(void)
{
	struct grant g = grant_of(1, "/stall");

	bear();
	grant(&g);
	usleep(50000);
	chan_free(child.chan);
	CHECK_INT(ending(), 0);
}

/* ---- mailboxes ---- */

static void
command(const char *text)
{
	pid_t pid = fork();

	if (pid == 0)
		execl("/bin/sh", "sh", "-c", text, NULL);
	waitpid(pid, NULL, 0);
}

static char home[] = "/tmp/fetch-worker-XXXXXX";

static struct grant
grant_mail(enum request_kind kind, const char *url)
{
	return (struct grant){ .id = 1,
		.source = "alerts",
		.target = "alerts",
		.kind = kind,
		.method = "GET",
		.url = url };
}

/*
 * Once it is locked the worker can open its mailboxes and no other: for new
 * ones, and for files that take another's place, it begins anew.
 */
static void
mailboxes(void)
{
	struct target target = { .key = "alerts" };
	struct source source = { .name = "alerts",
		.list = { .present = true,
		    .method = "GET",
		    .format = FORMAT_MAIL },
		.mails.age_ms = INT64_C(86400000),
		.targets = &target,
		.ntargets = 1 };
	const char *box, *mbox;
	struct fetched f;

	CHECK(mkdtemp(home) != NULL);
	command(arena_printf(arena,
	    "cd %s && mkdir -p box/new other/new && echo hello >box/new/1.a && "
	    "printf 'From x\\nMessage-ID: <1@x>\\n\\nhi\\n' >mbox",
	    home));
	box = arena_printf(arena, "maildir:%s/box", home);
	mbox = arena_printf(arena, "mbox:%s/mbox", home);
	target.mailbox = box;
	told = &source;
	bear();
	CHECK_STR(fetch(grant_mail(REQUEST_MAILBOX, box), &f), "1.a\n");
	CHECK_INT(f.result, FETCH_LISTED);
	CHECK_STR(
	    fetch(grant_mail(REQUEST_LIST, arena_printf(arena, "%s#1.a", box)),
		&f),
	    "hello\n");
	CHECK_INT(f.result, FETCH_OK);
	/* A reload that names another one. */
	target.mailbox = mbox;
	say_setup("careerd/test");
	if (lock_landlock_abi() > 0) {
		CHECK_INT(ending(), 0);
		chan_free(child.chan);
		bear();
	}
	CHECK_STR(fetch(grant_mail(REQUEST_MAILBOX, mbox), &f), "<1@x>\n");
	command(
	    arena_printf(arena, "cd %s && cp mbox new && mv new mbox", home));
	if (lock_landlock_abi() > 0) {
		CHECK_INT(ending(), 0);
	} else {
		say(MSG_STOP, 0, NULL);
		CHECK_INT(ending(), 0);
	}
	chan_free(child.chan);
	command(arena_printf(arena, "rm -r %s", home));
	told = NULL;
}

static void
the_end(void)
{
	server_stop(&server);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	static const struct check_test tests[] = { TEST(begin), TEST(pages),
		TEST(refusals), TEST(delays), TEST(many), TEST(common_frames),
		TEST(a_bad_grant), TEST(stop), TEST(hub_is_gone),
		TEST(mailboxes), TEST(the_end) };

	if (argc > 2 && strcmp(argv[1], "worker") == 0)
		return fetch_main();
	return check_run(tests, sizeof(tests) / sizeof(tests[0]));
}
