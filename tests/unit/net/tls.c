/*
 * HTTPS against a server that tells of its own connections: HTTP/2, what is
 * encoded, how many connections are made, and whose certificates are taken.
 */
#include "check.h"
#include "base/clock.h"
#include "base/str.h"
#include "net/alone.h"
#include "net/net.h"
#include "net/server.h"

enum site { GOOD, OLD_HTTP, EXPIRED, SELF, OTHER, UNKNOWN, SITES };

static const char *no_server = "the first test has not run";
static struct server server;
static struct net *net;
static struct arena *arena;
static char folder[] = "/tmp/tls-test-XXXXXX";
static int ports[SITES];

/* ---- exchanges ---- */

struct exchange {
	struct grant grant;
	struct fetched got;
	const char *body;
	bool ended;
};
static struct exchange x, many[30];

static void
done(void *context, const struct grant *grant, const struct fetched *f,
    const void *data, size_t n)
{
	struct exchange *of = context;

	(void)grant;
	of->got = *f;
	of->got.reason = arena_strdup(arena, f->reason);
	of->body = data == NULL ? "" : arena_strndup(arena, data, n);
	of->ended = true;
}

static void
exchange_begin(struct exchange *to, enum site site, const char *path)
{
	struct err e;

	*to = (struct exchange){ .grant = { .source = "test",
				     .target = "test",
				     .kind = REQUEST_LIST,
				     .method = "GET",
				     .url = arena_printf(arena,
					 "https://127.0.0.1:%d%s", ports[site],
					 path),
				     .timeout_ms = 10000,
				     .allow_private = true } };
	CHECK_INT(net_fetch(net, &to->grant, done, to, &e), 0);
}

static void
exchange_end(struct exchange *of)
{
	int64_t end_ms = clock_mono_ms() + 20000;
	struct err e;

	while (!of->ended && clock_mono_ms() < end_ms)
		CHECK_INT(net_poll(net, -1, false, 100, &e), 0);
	CHECK(of->ended);
}

static const char *
body_of(enum site site, const char *path)
{
	exchange_begin(&x, site, path);
	exchange_end(&x);
	if (x.got.result != FETCH_OK)
		printf("%s: %s\n", path, x.got.reason);
	CHECK_INT(x.got.result, FETCH_OK);
	return x.body;
}

/* ---- a network and an authority of our own ---- */

static void
net_anew(void)
{
	struct err e;

	net_free(net);
	net = net_new("careerd/0.1", &e);
	CHECK(net != NULL);
}

static const char *
file_text(const char *name)
{
	FILE *file = fopen(arena_printf(arena, "%s/%s", folder, name), "r");
	char *text = arena_alloc(arena, 65536);
	size_t n;

	CHECK(file != NULL);
	n = fread(text, 1, 65535, file);
	text[n] = '\0';
	fclose(file);
	return text;
}

static void
need_server(void)
{
	if (no_server != NULL)
		SKIP(no_server);
}

static void
begin(void)
{
	struct err e;

	arena = arena_new((size_t)64 << 20);
	CHECK(mkdtemp(folder) != NULL);
	no_server = alone_begin();
	need_server();
	server = server_start("tests/unit/net/h2_server.py", folder);
	if (server.port == 0)
		no_server = "python3-h2 or openssl is not there";
	else if (!alone_replace(
		     "/etc/ssl/certs/ca-certificates.crt", file_text("ca.pem")))
		no_server = "ca-certificates.crt cannot be replaced for a test";
	need_server();
	CHECK_INT(sscanf(file_text("ports"), "%d %d %d %d %d %d", &ports[0],
		      &ports[1], &ports[2], &ports[3], &ports[4], &ports[5]),
	    SITES);
	CHECK_INT(net_init(&e), 0);
	net_anew();
}

/* ---- the tests ---- */

static void
one_connection_for_all(void)
{
	need_server();
	CHECK_STR(body_of(GOOD, "/"), "h2 connection 1 request 1 full");
	for (int i = 2; i <= 50; i++)
		CHECK_STR(body_of(GOOD, "/"),
		    arena_printf(arena, "h2 connection 1 request %d full", i));
	CHECK_STR(
	    body_of(OLD_HTTP, "/"), "http/1.1 connection 1 request 1 full");
	for (int i = 2; i <= 50; i++)
		CHECK_STR(body_of(OLD_HTTP, "/"),
		    arena_printf(
			arena, "http/1.1 connection 1 request %d full", i));
}

/* What is asked at the same time goes over it side by side. */
static void
side_by_side(void)
{
	need_server();
	for (int i = 0; i < 30; i++)
		exchange_begin(&many[i], GOOD, "/");
	for (int i = 0; i < 30; i++) {
		exchange_end(&many[i]);
		CHECK(str_starts(many[i].body, "h2 connection 1 request "));
	}
}

static void
encodings(void)
{
	static const enum site sites[] = { GOOD, OLD_HTTP };

	need_server();
	for (size_t i = 0; i < 2; i++) {
		const char *big = body_of(sites[i], "/big");

		CHECK(strstr(body_of(sites[i], "/gzip"), "connection 1 "));
		CHECK(strstr(body_of(sites[i], "/br"), "connection 1 "));
		CHECK_INT(strlen(big), 100000);
		CHECK_INT(strspn(big, "x"), 100000);
	}
}

/* A second connection to a host goes on with the session of the first,
 * whichever handle asks. */
static void
sessions_are_resumed(void)
{
	need_server();
	exchange_begin(&many[0], OLD_HTTP, "/later");
	CHECK_STR(
	    body_of(OLD_HTTP, "/"), "http/1.1 connection 2 request 1 resumed");
	exchange_end(&many[0]);
	(void)body_of(OLD_HTTP, "/bye");
	(void)body_of(OLD_HTTP, "/bye");
	CHECK_STR(
	    body_of(OLD_HTTP, "/"), "http/1.1 connection 3 request 1 resumed");
}

static void
certificates(void)
{
	static const struct {
		enum site site;
		const char *reason;
	} bad[] = {
		{ EXPIRED, "certificate has expired" },
		{ SELF, "self-signed certificate" },
		{ OTHER, "no alternative certificate subject name matches" },
		{ UNKNOWN, "unable to get local issuer certificate" },
	};

	need_server();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		exchange_begin(&x, bad[i].site, "/");
		exchange_end(&x);
		CHECK_INT(x.got.result, FETCH_TLS);
		CHECK_STR(x.body, "");
		if (strstr(x.got.reason, bad[i].reason) == NULL)
			printf("%s\n", x.got.reason);
		CHECK(strstr(x.got.reason, bad[i].reason) != NULL);
	}
}

/* Nothing of ours asks for less, whatever the environment says. */
static void
the_environment_changes_nothing(void)
{
	need_server();
	setenv(
	    "SSL_CERT_FILE", arena_printf(arena, "%s/nobody.pem", folder), 1);
	setenv(
	    "CURL_CA_BUNDLE", arena_printf(arena, "%s/nobody.pem", folder), 1);
	net_anew();
	exchange_begin(&x, UNKNOWN, "/");
	exchange_end(&x);
	CHECK_INT(x.got.result, FETCH_TLS);
}

static void
the_end(void)
{
	if (no_server == NULL)
		printf("table: HTTPS: h2 by ALPN, 50 pages over one "
		       "connection, 30 at once over it, gzip and brotli, "
		       "sessions resumed; expired, self-signed, foreign and "
		       "unknown certificates refused\n");
	net_free(net);
	if (server.pid != 0)
		server_stop(&server);
	(void)alone_run(arena_printf(arena, "rm -r %s", folder));
	arena_free(arena);
}

TESTS(TEST(begin), TEST(one_connection_for_all), TEST(side_by_side),
    TEST(encodings), TEST(sessions_are_resumed), TEST(certificates),
    TEST(the_environment_changes_nothing), TEST(the_end))
