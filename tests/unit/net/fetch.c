#include "check.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "net/net.h"
#include "net/server.h"

#define SCRIPT "tests/unit/net/http_server.py"

static struct server server;
static struct net *net;
static struct arena *arena;

/* What came of the last exchange. */
static struct fetched got;
static char body[1 << 20];
static size_t body_bytes;
static bool has_body;
static int ended;

static void
begin(void)
{
	struct err e;

	server = server_start(SCRIPT, "");
	CHECK(server.port > 0);
	arena = arena_new((size_t)64 << 20);
	CHECK_INT(net_init(&e), 0);
	net = net_new("careerd/0.1 (+https://example.org)", &e);
	CHECK(net != NULL);
}

static void
done(void *context, const struct grant *grant, const struct fetched *f,
    const void *data, size_t n)
{
	(void)context;
	CHECK_INT(f->id, grant->id);
	CHECK_STR(f->url, grant->url);
	got = *f;
	got.reason = arena_strdup(arena, f->reason);
	got.location = arena_strdup(arena, f->location);
	got.content_type = arena_strdup(arena, f->content_type);
	got.etag = arena_strdup(arena, f->etag);
	got.last_modified = arena_strdup(arena, f->last_modified);
	got.retry_after = arena_strdup(arena, f->retry_after);
	got.body_hash = arena_strdup(arena, f->body_hash);
	has_body = data != NULL;
	body_bytes = n;
	if (data != NULL && n < sizeof(body)) {
		memcpy(body, data, n);
		body[n] = '\0';
	}
	ended++;
}

static struct grant
grant_of(const char *path)
{
	return (struct grant){ .id = 7,
		.source = "test",
		.target = "test",
		.kind = REQUEST_LIST,
		.method = "GET",
		.url = arena_printf(
		    arena, "http://127.0.0.1:%d%s", server.port, path),
		.timeout_ms = 10000,
		.max_bytes = 1 << 19,
		.allow_private = true };
}

static void
wait_for(int count)
{
	int64_t end = clock_mono_ms() + 20000;
	struct err e;

	while (ended < count && clock_mono_ms() < end)
		CHECK_INT(net_poll(net, -1, false, 100, &e), 0);
	CHECK_INT(ended, count);
}

/* One exchange to its end. */
static enum fetch_result
fetched(struct grant grant)
{
	struct err e;

	ended = 0;
	if (net_fetch(net, &grant, done, NULL, &e) == -1) {
		printf("%s\n", e.text);
		CHECK(false);
	}
	wait_for(1);
	CHECK_INT(net_running(net), 0);
	return got.result;
}

static enum fetch_result
at(const char *path)
{
	return fetched(grant_of(path));
}

static bool
because(const char *part)
{
	if (strstr(got.reason, part) != NULL)
		return true;
	printf("the reason is: %s\n", got.reason);
	return false;
}

static void
a_page(void)
{
	uint8_t hash[SHA256_BYTES];

	CHECK_INT(at("/ok"), FETCH_OK);
	CHECK_INT(got.status, 200);
	CHECK_STR(body, "hello, page");
	CHECK_STR(got.reason, "");
	CHECK_STR(got.content_type, "text/plain; charset=utf-8");
	CHECK_STR(got.etag, "\"v1\"");
	CHECK_STR(got.last_modified, "Tue, 24 Nov 2026 08:00:00 GMT");
	CHECK_STR(got.retry_after, NULL);
	CHECK_INT(got.bytes, 11);
	CHECK(got.wire_bytes > 100 && got.wire_bytes < 300);
	sha256_of("hello, page", 11, hash);
	CHECK_STR(got.body_hash, str_hex(arena, hash, sizeof(hash)));
	CHECK_INT(at("/empty"), FETCH_OK);
	CHECK(!has_body);
	CHECK_INT(got.bytes, 0);
	CHECK_INT(at("/204"), FETCH_OK);
	CHECK_INT(got.status, 204);
	CHECK_INT(at("/nul"), FETCH_OK);
	CHECK_INT(body_bytes, 3);
	CHECK_INT(at("/no-length"), FETCH_OK);
	CHECK_INT(body_bytes, 11);
	CHECK_INT(at("/too-much"), FETCH_OK);
	CHECK_STR(body, "hello");
	CHECK_INT(at("/hints"), FETCH_OK);
	CHECK_STR(got.etag, NULL);
}

static void
what_is_sent(void)
{
	struct pair headers[] = { { "X-Board", "a b" }, { "X-Empty", "" } };
	struct grant g = grant_of("/echo");

	g.headers = headers;
	g.nheaders = 2;
	CHECK_INT(fetched(g), FETCH_OK);
	CHECK(str_starts(body, "GET /echo HTTP/1.1\r\n"));
	CHECK(strstr(body, "User-Agent: careerd/0.1 (+https://example.org)"));
	CHECK(strstr(body, "Accept-Encoding: gzip, deflate, br\r\n"));
	CHECK(strstr(body, "X-Board: a b\r\n"));
	CHECK(strstr(body, "X-Empty:\r\n"));
	g.method = "POST";
	g.body = "{\"a\":1}";
	g.body_type = "application/json";
	CHECK_INT(fetched(g), FETCH_OK);
	CHECK(str_starts(body, "POST /echo HTTP/1.1\r\n"));
	CHECK(strstr(body, "Content-Type: application/json\r\n"));
	CHECK(strstr(body, "Expect") == NULL);
	CHECK(str_ends(body, "\r\n\r\n{\"a\":1}") ||
	      str_ends(body, "\r\n{\"a\":1}"));
	/* And nothing of it again with the next. */
	CHECK_INT(at("/echo"), FETCH_OK);
	CHECK(str_starts(body, "GET /echo HTTP/1.1\r\n"));
	CHECK(strstr(body, "X-Board") == NULL);
	CHECK(strstr(body, "Content-") == NULL);
	net_user_agent(net, "other/1");
	CHECK_INT(at("/echo"), FETCH_OK);
	CHECK(strstr(body, "User-Agent: other/1\r\n"));
}

static void
unchanged(void)
{
	struct grant g = grant_of("/304");

	g.etag = "\"v1\"";
	g.last_modified = "Tue, 24 Nov 2026 08:00:00 GMT";
	CHECK_INT(fetched(g), FETCH_UNCHANGED);
	CHECK_INT(got.status, 304);
	CHECK(!has_body);
	g.etag = "\"v2\"";
	CHECK_INT(fetched(g), FETCH_OK);
	/* The same bytes, though the server does not know. */
	g = grant_of("/ok");
	g.body_hash = got.body_hash;
	CHECK_INT(fetched(g), FETCH_UNCHANGED);
	CHECK_INT(got.status, 200);
	CHECK_STR(got.etag, "\"v1\"");
	g.body_hash = "00";
	CHECK_INT(fetched(g), FETCH_OK);
	/* Nobody asked whether. */
	CHECK_INT(at("/always-304"), FETCH_STATUS);
}

static void
redirects(void)
{
	CHECK_INT(at("/moved"), FETCH_MOVED);
	CHECK_INT(got.status, 302);
	CHECK(str_starts(got.location, "http://127.0.0.1:"));
	CHECK(strstr(got.location, "/there?q=1") != NULL);
	CHECK_INT(at("/moved-far"), FETCH_MOVED);
	CHECK_STR(got.location, "https://else.example/x");
	CHECK_INT(at("/moved-bytes"), FETCH_MOVED);
	CHECK(str_ends(got.location, "/caf%E9"));
	CHECK_INT(at("/moved-file"), FETCH_REFUSED);
	CHECK(because("redirects to what is no web address: file:///etc"));
	CHECK_INT(at("/moved-long"), FETCH_REFUSED);
	CHECK_INT(at("/moved-nowhere"), FETCH_STATUS);
	CHECK_INT(got.status, 302);
}

/* A connection that its server drops just when it is used again is no fault
 * of the page, however often it happens to one handle. */
static void
dropped_when_reused(void)
{
	for (int i = 0; i < 16; i++)
		CHECK_INT(at("/once"), FETCH_OK);
}

static void
statuses(void)
{
	CHECK_INT(at("/404"), FETCH_STATUS);
	CHECK_INT(got.status, 404);
	CHECK_STR(got.reason, "HTTP status 404: not here");
	CHECK_STR(body, "not here");
	/* Its title says what a page is; control characters do no harm. */
	CHECK_INT(at("/403-page"), FETCH_STATUS);
	CHECK_STR(got.reason, "HTTP status 403: Just a moment...");
	CHECK_INT(at("/403-bare"), FETCH_STATUS);
	CHECK_STR(got.reason, "HTTP status 403");
	CHECK_INT(at("/403-rude"), FETCH_STATUS);
	CHECK(strchr(got.reason, '\033') == NULL && strlen(got.reason) < 200);
	CHECK_INT(at("/429"), FETCH_STATUS);
	CHECK_STR(got.retry_after, "120");
	CHECK_INT(at("/500"), FETCH_STATUS);
	CHECK(!has_body);
	/* Too long to be worth reading. */
	CHECK_INT(at("/404-big"), FETCH_STATUS);
	CHECK_INT(got.status, 404);
	CHECK(!has_body);
	CHECK_INT(at("/404-huge"), FETCH_STATUS);
	CHECK(!has_body);
}

/* A source may say that a status is how its board says "no jobs". */
static void
statuses_that_are_answers(void)
{
	struct grant grant = grant_of("/404");

	grant.empty_status = 410;
	CHECK_INT(fetched(grant), FETCH_STATUS);
	grant.empty_status = 404;
	CHECK_INT(fetched(grant), FETCH_OK);
	CHECK_INT(got.status, 404);
	CHECK_STR(got.reason, "");
	CHECK_STR(body, "not here");
	grant.body_hash = arena_strdup(arena, got.body_hash);
	CHECK_INT(fetched(grant), FETCH_UNCHANGED);
}

static void
encodings(void)
{
	static const char *const good[] = { "/gzip", "/deflate",
		"/gzip-chunked" };

	for (size_t i = 0; i < 3; i++) {
		CHECK_INT(at(good[i]), FETCH_OK);
		CHECK_STR(body, "hello, page");
	}
	CHECK_INT(at("/br"), FETCH_OK);
	CHECK_STR(body, "hello");
	CHECK_INT(got.bytes, 5);
	CHECK_INT(at("/gzip-twice"), FETCH_BROKEN);
	CHECK(because("encoded otherwise than once"));
	CHECK_INT(at("/gzip-two-fields"), FETCH_BROKEN);
	CHECK_INT(at("/gzip-transfer"), FETCH_BROKEN);
	CHECK_INT(at("/zstd"), FETCH_BROKEN);
	CHECK_INT(at("/gzip-junk"), FETCH_BROKEN);
}

static void
too_big(void)
{
	struct grant g = grant_of("/bomb");

	CHECK_INT(fetched(g), FETCH_TOO_BIG);
	CHECK(because("more than 524288 bytes"));
	g.max_bytes = LIMIT_PAGE_BYTES;
	CHECK_INT(fetched(g), FETCH_TOO_BIG);
	CHECK(because("more than 100 times"));
	CHECK(got.bytes <= LIMIT_PAGE_BYTES);
	g.url = grant_of("/bomb-chunked").url;
	CHECK_INT(fetched(g), FETCH_TOO_BIG);
	CHECK_INT(at("/flood"), FETCH_TOO_BIG);
	CHECK(because("more than 524288 bytes"));
	CHECK_INT(at("/announced"), FETCH_TOO_BIG);
	CHECK_INT(got.bytes, 0);
	CHECK_INT(at("/headers-many"), FETCH_TOO_BIG);
	CHECK(because("more than 65536 bytes of headers"));
	CHECK_INT(at("/header-long"), FETCH_TOO_BIG);
	CHECK_INT(at("/hints-for-ever"), FETCH_TOO_BIG);
	enum fetch_result result = at("/header-very-long");
	if (result != FETCH_TOO_BIG)
		printf("%s\n", got.reason);
	CHECK_INT(result, FETCH_TOO_BIG);
}

static void
broken(void)
{
	static const char *const paths[] = { "/cut", "/cut-chunked",
		"/bad-chunk", "/no-http" };

	for (size_t i = 0; i < 4; i++) {
		CHECK_INT(at(paths[i]), FETCH_BROKEN);
		CHECK(*got.reason != '\0');
	}
	CHECK_INT(at("/nothing"), FETCH_BROKEN);
	CHECK(because("Empty reply"));
	CHECK_INT(at("/reset"), FETCH_CONNECT);
	CHECK_INT(at("/odd-fields"), FETCH_OK);
	CHECK_STR(got.etag, NULL);
	CHECK_STR(got.content_type, NULL);
}

static void
slow(void)
{
	struct grant g = grant_of("/stall");
	int64_t begin_ms = clock_mono_ms();

	g.timeout_ms = 400;
	CHECK_INT(fetched(g), FETCH_TIMEOUT);
	g.url = grant_of("/drip").url;
	CHECK_INT(fetched(g), FETCH_TIMEOUT);
	CHECK(clock_mono_ms() - begin_ms < 3000);
	CHECK(got.took_ms >= 390);
}

static void
robots_are_cut(void)
{
	struct grant g = grant_of("/robots.txt");

	g.kind = REQUEST_ROBOTS;
	g.max_bytes = LIMIT_ROBOTS_BYTES;
	CHECK_INT(fetched(g), FETCH_OK);
	CHECK_STR(got.reason, "");
	CHECK(body_bytes > LIMIT_ROBOTS_BYTES);
	CHECK(body_bytes <= LIMIT_ROBOTS_BYTES + 4);
	g.url = grant_of("/flood").url;
	CHECK_INT(fetched(g), FETCH_OK);
}

static void
nobody_there(void)
{
	struct server tls = server_start(SCRIPT, "tls");
	struct grant g = grant_of("/");

	g.url = "http://127.0.0.1:1/";
	CHECK_INT(fetched(g), FETCH_CONNECT);
	/* No answer is none, too. */
	g.url = "http://nowhere.invalid/";
	g.timeout_ms = 3000;
	CHECK_INT(fetched(g), FETCH_DNS);
	CHECK(because("esolv"));
	if (tls.port > 0) {
		g.url =
		    arena_printf(arena, "https://127.0.0.1:%d/ok", tls.port);
		CHECK_INT(fetched(g), FETCH_TLS);
		CHECK(because("certificate"));
	}
	server_stop(&tls);
}

static void
private_addresses(void)
{
	static const char *const urls[] = { "http://127.0.0.1/",
		"http://localhost/", "http://[::1]/", "http://10.1.2.3/",
		"http://[::ffff:127.0.0.1]/", "http://2130706433/",
		"http://0x7f.1/", "http://017700000001/", "http://127.1/",
		"http://169.254.169.254/latest", "http://192.168.0.1/",
		"http://100.64.0.1/", "https://0.0.0.0/", "http://[fe80::1]/",
		"http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/" };
	struct grant g = grant_of("/");

	g.allow_private = false;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		g.url = urls[i];
		if (fetched(g) != FETCH_REFUSED)
			printf("%s\n", g.url);
		CHECK_INT(got.result, FETCH_REFUSED);
		CHECK(because("is not a public address"));
	}
	g.url = urls[0];
	fetched(g);
	CHECK(because("127.0.0.1 is not a public address: "));
	CHECK(because("allow_private: true permits it"));
	/* Not even then: there clouds keep the secrets of a machine. */
	g.allow_private = true;
	g.url = "http://169.254.169.254/latest";
	CHECK_INT(fetched(g), FETCH_REFUSED);
	g.url = "http://[fe80::1]/";
	CHECK_INT(fetched(g), FETCH_REFUSED);
	CHECK(because("link local"));
}

/* A connection that one source may have is not there for another. */
static void
kept_connections(void)
{
	struct server web = server_start(SCRIPT, "80");
	struct grant g = grant_of("/");
	enum fetch_result first, second;

	g.url = "http://127.0.0.1/ok";
	if (web.port == 0) {
		server_stop(&web);
		SKIP("port 80 is not ours to listen on");
	}
	first = fetched(g);
	g.allow_private = false;
	second = fetched(g);
	server_stop(&web);
	CHECK_INT(first, FETCH_OK);
	CHECK_INT(second, FETCH_REFUSED);
}

/* ---- many ---- */

static struct grant many[300];
static int good;

static void
count_good(void *context, const struct grant *grant, const struct fetched *f,
    const void *data, size_t n)
{
	(void)context;
	if (f->result == FETCH_OK && n >= 7000 &&
	    memcmp(data, strstr(grant->url, "/page/"), 7) == 0)
		good++;
	ended++;
}

static void
side_by_side(void)
{
	struct err e;

	ended = good = 0;
	for (int i = 0; i < 300; i++) {
		many[i] = grant_of(arena_printf(arena, "/page/%d", i));
		many[i].id = i;
	}
	for (int i = 0; i < 300; i += 30) {
		for (int k = i; k < i + 30; k++)
			CHECK_INT(
			    net_fetch(net, &many[k], count_good, NULL, &e), 0);
		CHECK_INT(net_running(net), 30);
		wait_for(i + 30);
	}
	CHECK_INT(good, 300);
}

static void
connections_are_kept(void)
{
	char first[32];

	CHECK_INT(at("/peer"), FETCH_OK);
	snprintf(first, sizeof(first), "%.20s", body);
	CHECK_INT(at("/ok"), FETCH_OK);
	/* The same port of ours, so the same connection. */
	CHECK_INT(at("/peer"), FETCH_OK);
	CHECK_STR(body, first);
}

static void
another_descriptor_wakes(void)
{
	int pipes[2];
	int64_t begin_ms = clock_mono_ms();
	struct err e;

	CHECK_INT(pipe(pipes), 0);
	CHECK_INT((int)write(pipes[1], "x", 1), 1);
	CHECK_INT(net_poll(net, pipes[0], false, 5000, &e), 0);
	CHECK(clock_mono_ms() - begin_ms < 1000);
	CHECK_INT(net_poll(net, pipes[1], true, 5000, &e), 0);
	CHECK(clock_mono_ms() - begin_ms < 1000);
	close(pipes[0]);
	close(pipes[1]);
	begin_ms = clock_mono_ms();
	CHECK_INT(net_poll(net, -1, false, 100, &e), 0);
	CHECK(clock_mono_ms() - begin_ms >= 90);
}

static void
the_end(void)
{
	struct grant g = grant_of("/stall");
	struct err e;

	/* What is under way is dropped. */
	CHECK_INT(net_fetch(net, &g, done, NULL, &e), 0);
	CHECK_INT(net_poll(net, -1, false, 50, &e), 0);
	net_free(net);
	net_free(NULL);
	server_stop(&server);
	arena_free(arena);
}

TESTS(TEST(begin), TEST(a_page), TEST(what_is_sent), TEST(unchanged),
    TEST(redirects), TEST(dropped_when_reused), TEST(statuses),
    TEST(statuses_that_are_answers), TEST(encodings), TEST(too_big),
    TEST(broken), TEST(slow), TEST(robots_are_cut), TEST(nobody_there),
    TEST(private_addresses), TEST(kept_connections), TEST(side_by_side),
    TEST(connections_are_kept), TEST(another_descriptor_wakes), TEST(the_end))
