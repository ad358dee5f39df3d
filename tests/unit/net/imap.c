/*
 * Mailboxes over IMAP: lists, mails, and servers that do not behave.
 */
#include <fcntl.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/net.h"
#include "net/server.h"
#include "check.h"

#define NOW_MS INT64_C(1795510800000) /* 2026-11-24T09:00Z */
#define ASKS   16

static struct server server;
static struct net *net;
static struct arena *arena;
static char log_path[] = "/tmp/imap-test-XXXXXX";
static const char *password = "secret";

/* One question and its answer. */
struct asked {
	struct imap_ask ask;
	struct grant grant;
	struct fetched got;
	const char *body;
	bool is_done;
};

static void
begin(void)
{
	struct err err;
	int fd = mkstemp(log_path);

	CHECK(fd != -1);
	close(fd);
	arena = arena_new(256UL * 1024 * 1024);
	server = server_start("tests/unit/net/imap_server.py", log_path);
	CHECK(server.port > 0);
	CHECK_INT(net_init(&err), 0);
	net = net_new("careerd/test", &err);
	CHECK(net != NULL);
}

static void
on_done(void *context, const struct grant *grant, const struct fetched *fetched,
    const void *body, size_t n)
{
	struct asked *a = context;

	CHECK(grant == &a->grant);
	CHECK(!a->is_done);
	a->is_done = true;
	a->got = *fetched;
	a->got.reason = arena_strdup(arena, fetched->reason);
	a->got.body_hash = arena_strdup(arena, fetched->body_hash);
	a->body = body == NULL ? NULL : arena_strndup(arena, body, n);
	CHECK_INT(fetched->bytes, n);
}

/* A list if position is NULL. */
static struct asked *
ask_begin(const char *folder, const char *position)
{
	static const char *const from[] = { "a@x.example", "@y.example",
		"b@x.example" };
	struct asked *a = arena_alloc(arena, sizeof(*a));
	struct mailbox *box = arena_alloc(arena, sizeof(*box));
	struct err err = { 0 };

	CHECK_INT(mailbox_parse(arena,
		      arena_printf(arena, "imap://ada@127.0.0.1:%d/%s",
			  server.port, folder),
		      box, &err),
	    0);
	a->grant = (struct grant){ .id = 5, .url = "x", .timeout_ms = 5000 };
	a->ask = (struct imap_ask){ .grant = &a->grant,
		.box = box,
		.password = password,
		.position = position,
		.since_ms = NOW_MS - 30LL * 86400000,
		.from = from,
		.nfrom = 3 };
	if (net_imap(net, &a->ask, on_done, a, &err) == -1) {
		a->is_done = true;
		a->got = (struct fetched){ .result = FETCH_REFUSED,
			.reason = arena_strdup(arena, err.text) };
	}
	return a;
}

static void
ask_wait(const struct asked *a)
{
	int64_t end_ms = clock_mono_ms() + 20000;
	struct err err;

	while (!a->is_done && clock_mono_ms() < end_ms)
		CHECK_INT(net_poll(net, -1, false, 100, &err), 0);
	CHECK(a->is_done);
}

static const struct asked *
ask(const char *folder, const char *position)
{
	struct asked *a = ask_begin(folder, position);

	ask_wait(a);
	return a;
}

static void
refused(const struct asked *a, enum fetch_result result, const char *why)
{
	CHECK_INT(a->got.result, result);
	if (strstr(a->got.reason, why) == NULL)
		CHECK_STR(a->got.reason, why);
	CHECK_STR(a->body, NULL);
}

/* What the server heard since the last time. */
static const char *
heard(void)
{
	char text[8192];
	int fd = open(log_path, O_RDWR);
	ssize_t n = read(fd, text, sizeof(text));

	CHECK(n >= 0);
	CHECK_INT(ftruncate(fd, 0), 0);
	close(fd);
	return arena_strndup(arena, text, (size_t)n);
}

static void
a_list(void)
{
	const struct asked *a = ask("Jobs", NULL);

	CHECK_STR(a->got.reason, "");
	CHECK_INT(a->got.result, FETCH_LISTED);
	CHECK_STR(a->body, "7.12\n7.7\n7.3\n");
	CHECK(strstr(heard(),
		  "EXAMINE \"Jobs\"\n"
		  "UID SEARCH SINCE 25-Oct-2026 OR FROM \"a@x.example\" OR "
		  "FROM \"y.example\" FROM \"b@x.example\"\n") != NULL);
	CHECK_STR(ask("empty", NULL)->body, "");
}

static void
mails(void)
{
	const struct asked *a = ask("Jobs", "7.3");

	CHECK_INT(a->got.result, FETCH_OK);
	CHECK_STR(a->body, "Subject: three\r\n\r\nc1 OK done\r\nc2 OK done\r\n"
			   "* 1 FETCH (BODY[] {5}\r\n)\r\n");
	CHECK_INT(strlen(a->got.body_hash), 64);
	a = ask("Jobs", "7.12");
	CHECK_INT(a->got.result, FETCH_OK);
	CHECK_STR(a->body, "");
	/* One that was deleted, and one of a folder made anew. */
	refused(ask("Jobs", "7.99"), FETCH_UNCHANGED, "");
	refused(ask("anew", "7.3"), FETCH_UNCHANGED, "");
	CHECK_INT(ask("anew", "8.3")->got.result, FETCH_OK);
	refused(ask("nil", "7.3"), FETCH_UNCHANGED, "");
	CHECK_STR(ask("quoted", "7.3")->body, "Subject: \"q\"");
	CHECK_STR(
	    ask("trickle", "7.7")->body, "Subject: seven\r\n\r\nhello\r\n");
	/* None of it marks a mail as read. */
	CHECK(strstr(heard(), "SELECT") == NULL);
}

static size_t
count(const char *text, const char *word)
{
	size_t n = 0;

	while ((text = strstr(text, word)) != NULL) {
		text++;
		n++;
	}
	return n;
}

static void
many_over_one_connection(void)
{
	struct asked *a[ASKS];
	const char *log;

	heard();
	for (int i = 0; i < ASKS; i++)
		a[i] = ask_begin("one", i % 4 == 3 ? NULL : "7.7");
	CHECK_INT(net_running(net), ASKS);
	for (int i = 0; i < ASKS; i++) {
		ask_wait(a[i]);
		CHECK_INT(
		    a[i]->got.result, i % 4 == 3 ? FETCH_LISTED : FETCH_OK);
	}
	CHECK_INT(net_running(net), 0);
	log = heard();
	CHECK_INT(count(log, "AUTHENTICATE"), 1);
	CHECK_INT(count(log, "UID FETCH"), 12);
	CHECK_INT(count(log, "UID SEARCH"), 4);
}

static void
names_of_folders(void)
{
	heard();
	ask("A%20%22b%22%5Cc", NULL);
	ask("Gr\xc3\xb6\xc3\x9f"
	    "e&\xf0\x9f\x98\x80",
	    NULL);
	CHECK(strstr(heard(), "EXAMINE \"A \\\"b\\\"\\\\c\"\n") != NULL);
	ask("Gr\xc3\xb6\xc3\x9f"
	    "e&\xf0\x9f\x98\x80",
	    NULL);
	CHECK(strstr(heard(), "EXAMINE \"Gr&APYA3w-e&-&2D3eAA-\"\n") != NULL);
}

static void
refusals(void)
{
	const struct asked *a;

	password = "wrong";
	refused(
	    ask("x1", NULL), FETCH_REFUSED, "the server does not let 'ada' in");
	password = NULL;
	refused(ask("x2", NULL), FETCH_REFUSED, "has no password");
	password = "a\r\nb";
	refused(ask("x3", NULL), FETCH_REFUSED, "has no password");
	password = "secret";
	refused(ask("Jobs", "7"), FETCH_REFUSED, "no mail of the mailbox");
	refused(ask("Jobs", "7.0"), FETCH_REFUSED, "no mail of the mailbox");
	refused(ask("Jobs", "7.1:*"), FETCH_REFUSED, "no mail of the mailbox");
	a = ask("none", NULL);
	refused(a, FETCH_REFUSED, "folder 'none': NO [NONEXISTENT] no such");
	CHECK(strchr(a->got.reason, '\x1b') == NULL);
	refused(
	    ask("refuses", NULL), FETCH_BROKEN, "the server says: NO too busy");
}

static void
bad_servers(void)
{
	struct asked *big, *other;

	refused(ask("garbage", NULL), FETCH_BROKEN, "is no IMAP");
	refused(ask("endless", NULL), FETCH_BROKEN, "is no IMAP");
	refused(ask("hangs%20up", "7.7"), FETCH_CONNECT, "closed");
	/* The one that is too big is told; the others come all the same. */
	big = ask_begin("big", "7.7");
	other = ask_begin("big", "7.3");
	ask_wait(big);
	ask_wait(other);
	refused(big, FETCH_TOO_BIG,
	    "a mail of 52428800 bytes, where 10485760 are allowed");
	CHECK_INT(other->got.result, FETCH_OK);
	refused(ask("liar", "7.7"), FETCH_TOO_BIG, "a mail of ");
}

static void
silence(void)
{
	struct asked *a = ask_begin("silent", NULL);
	int64_t begin_ms = clock_mono_ms();

	a->grant.timeout_ms = 300;
	ask_wait(a);
	refused(a, FETCH_TIMEOUT, "no answer in time");
	CHECK(clock_mono_ms() - begin_ms < 3000);
}

static void
a_large_mailbox(void)
{
	const struct asked *a = ask("many", NULL);

	CHECK_INT(a->got.result, FETCH_LISTED);
	CHECK(strncmp(a->body, "7.30000\n7.29999\n", 16) == 0);
	CHECK_INT(count(a->body, "\n"), LIMIT_MAILBOX_MAILS);
}

static void
nobody_listens(void)
{
	int port = server.port;

	server.port = 1;
	refused(ask("x", NULL), FETCH_CONNECT, "");
	server.port = port;
}

static void
the_end(void)
{
	/* with a question under way */
	ask_begin("silent", NULL);
	net_free(net);
	server_stop(&server);
	unlink(log_path);
	arena_free(arena);
}

TESTS(TEST(begin), TEST(a_list), TEST(mails), TEST(many_over_one_connection),
    TEST(names_of_folders), TEST(refusals), TEST(bad_servers), TEST(silence),
    TEST(a_large_mailbox), TEST(nobody_listens), TEST(the_end))
