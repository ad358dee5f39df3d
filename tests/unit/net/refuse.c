/*
 * What is refused before anything goes out, and the words it is refused with.
 */
#include "check.h"
#include "base/str.h"
#include "base/url.h"
#include "net/net.h"

static struct net *net;
static struct arena *arena;
static int refused;

static void
begin(void)
{
	struct err e;

	arena = arena_new((size_t)1 << 20);
	CHECK_INT(net_init(&e), 0);
	net = net_new("careerd/0.1", &e);
	CHECK(net != NULL);
}

static void
done(void *context, const struct grant *grant, const struct fetched *f,
    const void *data, size_t n)
{
	(void)context;
	(void)grant;
	(void)f;
	(void)data;
	(void)n;
}

static const struct grant plain = { .source = "test",
	.target = "test",
	.kind = REQUEST_LIST,
	.method = "GET",
	.url = "http://example.org/",
	.timeout_ms = 1000 };

/* The reason has that part, and nothing is under way. */
static void
refuses(const struct grant *g, const char *part)
{
	struct err e = { 0 };
	bool ok = net_fetch(net, g, done, NULL, &e) == -1 &&
		  e.text[0] != '\0' && strstr(e.text, part) != NULL;

	if (!ok)
		printf("%s: %s, not: %s\n", g->url, e.text, part);
	CHECK(ok);
	CHECK_INT(net_running(net), 0);
	refused++;
}

static void
refuses_url(const char *url, const char *part)
{
	struct grant g = plain;

	g.url = url;
	refuses(&g, part);
}

/* All that libcurl speaks, and what browsers and handlers know. */
static const char *const schemes[] = { "file", "ftp", "ftps", "gopher",
	"gophers", "dict", "imap", "imaps", "ldap", "ldaps", "mqtt", "pop3",
	"pop3s", "rtmp", "rtmpe", "rtmps", "rtmpt", "rtmpte", "rtmpts", "rtsp",
	"scp", "sftp", "smb", "smbs", "smtp", "smtps", "telnet", "tftp", "ws",
	"wss", "javascript", "data", "blob", "about", "jar", "netdoc", "php",
	"phar", "expect", "view-source", "mailto", "unix", "h2", "httpx" };

static void
other_schemes(void)
{
	struct grant g = plain;

	/* An intranet may be scraped, but over the web alone. */
	g.allow_private = true;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		const char *const forms[] = { "://127.0.0.1/etc/passwd",
			":///etc/passwd", ":127.0.0.1" };

		for (size_t k = 0; k < 3; k++) {
			g.url = arena_printf(
			    arena, "%s%s", schemes[i], strchr(forms[k], ':'));
			refuses(&g, "not http: or https:");
			CHECK(url_resolve(arena, "http://a.example/", g.url) ==
			      NULL);
		}
	}
	refuses_url("//example.org/", "no scheme");
	refuses_url("example.org", "no scheme");
	refuses_url("/etc/passwd", "no scheme");
	refuses_url("", "no scheme");
	refuses_url("http:example.org", "no // behind its scheme");
	refuses_url(" file:///etc/passwd", "not http: or https:");
	refuses_url("\tfile:///etc/passwd", "control character");
	refuses_url("fi\nle:///etc/passwd", "control character");
}

static void
user_names(void)
{
	static const char *const urls[] = { "http://user:pass@example.org/",
		"http://user@example.org/", "http://@example.org/",
		"http://:@example.org/", "http://example.org@127.0.0.1/",
		"http://example.org:80@127.0.0.1/", "http://a@b@example.org/",
		"https://example.org%2f@127.0.0.1/" };

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		refuses_url(urls[i], "has a user name in it");
}

static void
backslashes(void)
{
	static const char *const urls[] = { "http://127.0.0.1\\@example.org/",
		"http:\\\\example.org/", "http://example.org\\",
		"http://example.org/a\\..\\b", "http://example.org\\.evil/",
		"\\\\example.org\\c$" };

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++)
		refuses_url(urls[i], "has a backslash in it");
}

static void
hosts(void)
{
	refuses_url("http://", "no host");
	refuses_url("http:///x", "no host");
	refuses_url("http://:80/", "no host");
	refuses_url("http://exa\rmple.org/", "control character");
	refuses_url("http://exa\x7fmple.org/", "control character");
	refuses_url("http://[::1", "");
	refuses_url("http://[::1%25lo]/", "");
	refuses_url("http://exa mple.org/", "");
	refuses_url("http://a%00b/", "");
	refuses_url("http://256.256.256.256/", "");
	refuses_url("http://1.2.3.4.5/", "");
}

static void
ports(void)
{
	static const int numbers[] = { 1, 21, 22, 23, 25, 53, 110, 143, 389,
		445, 631, 2375, 3306, 5432, 6379, 8000, 8080, 8443, 9200, 11211,
		65535 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		refuses_url(
		    arena_printf(arena, "http://example.org:%d/", numbers[i]),
		    "is neither 80 nor 443; allow_private: true permits it");
	refuses_url("http://example.org:0/", "port 0");
	refuses_url("http://example.org:65536/", "bad port");
	refuses_url("http://example.org:99999999999/", "bad port");
	refuses_url("http://example.org:-80/", "bad port");
	refuses_url("http://example.org:80a/", "bad port");
	refuses_url("http://example.org:8 0/", "bad port");
}

static void
what_a_source_may_not_set(void)
{
	struct pair bad[] = { { "X-A", "b\r\nX-C: d" }, { "X A", "b" },
		{ "Host", "other" }, { "Content-Length", "5" }, { "", "x" },
		{ "X-A:", "b" }, { "transfer-encoding", "chunked" },
		{ "Connection", "X-A" }, { "X-A", "b\nHost: c" } };
	struct grant g = plain;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		g.headers = &bad[i];
		g.nheaders = 1;
		refuses(&g, "header '");
	}
	g.nheaders = 0;
	g.method = "DELETE";
	refuses(&g, "method 'DELETE' is not GET or POST");
	g.method = "CONNECT";
	refuses(&g, "is not GET or POST");
	g.method = "GET /x HTTP/1.1\r\nX: ";
	refuses(&g, "is not GET or POST");
}

static void
the_end(void)
{
	printf("table: refused before anything goes out, each with its reason: "
	       "%d (%zu schemes in 3 forms, user names, backslashes, ports, "
	       "hosts, headers, methods)\n",
	    refused, sizeof(schemes) / sizeof(schemes[0]));
	net_free(net);
	arena_free(arena);
}

TESTS(TEST(begin), TEST(other_schemes), TEST(user_names), TEST(backslashes),
    TEST(hosts), TEST(ports), TEST(what_a_source_may_not_set), TEST(the_end))
