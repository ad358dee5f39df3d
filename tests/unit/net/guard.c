/*
 * What an attacker's page or name server can make fetch dial: nothing but
 * public addresses. Counted are the SYNs, in a network of our own where every
 * address answers.
 */
#include "check.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "net/alone.h"
#include "net/net.h"
#include "net/server.h"

#define PUBLIC "93.184.215.14"
#define BATCH  64

/* One or more of each range that IANA lists as special, and of those that
 * stand for such an IPv4 address. */
static const char *const special[] = { "0.0.0.0", "0.1.2.3", "10.0.0.1",
	"100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254",
	"172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.0.8", "192.0.0.9",
	"192.0.0.170", "192.0.2.1", "192.31.196.1", "192.52.193.1",
	"192.88.99.1", "192.168.0.1", "192.175.48.1", "198.18.0.1",
	"198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
	"240.0.0.1", "255.255.255.255", "::", "::1", "::8.8.8.8",
	"::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::10.0.0.1",
	"64:ff9b::169.254.169.254", "64:ff9b:1::192.168.0.1",
	"64:ff9b:1:a00:0:100::", "64:ff9b:1:abcd::1", "100::1", "100:0:0:1::1",
	"2001::1", "2001:0:4136:e378:8000:63bf:f5ff:fffe",
	"2001:0:7f00:1:8000:63bf:3fff:fdd2", "2001:1::1", "2001:1::2",
	"2001:1::3", "2001:2::1", "2001:3::1", "2001:4:112::1", "2001:10::1",
	"2001:20::1", "2001:30::1", "2001:db8::1", "2002:a00:1::1",
	"2002:7f00:1::", "2002:a9fe:a9fe::1", "2620:4f:8000::1", "3fff::1",
	"5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
	"4000::1", "2a00:1450::5efe:10.0.0.1" };

/* A name or an address as others may write it: %s is the host. */
static const char *const around[] = { "http://%s/", "https://%s/",
	"http://%s:80/", "http://%s:00080/", "http://%s./", "http:%s/",
	"http:///%s/", "http://" PUBLIC "@%s/", "http://" PUBLIC ":80@%s/",
	"http://%s\\@" PUBLIC "/", "http://%s#@" PUBLIC "/",
	"http://%s?@" PUBLIC "/", "http:\\\\%s/", "http://%s%2f@" PUBLIC "/",
	"http://\t%s/", "//%s/" };

static const char *no_network = "the first test has not run";
static struct server server;
static struct net *net;
static struct arena *arena;
static int syns = -1;

/* ---- cases ---- */

struct attack {
	const char *url;
	struct grant grant;
	enum fetch_result result;
	const char *location;
	bool ended;
};
static struct attack attacks[BATCH];
static size_t nattacks, cases, refusals;

static void
done(void *context, const struct grant *grant, const struct fetched *f,
    const void *data, size_t n)
{
	struct attack *a = context;

	(void)grant;
	(void)data;
	(void)n;
	a->result = f->result;
	a->location = arena_strdup(arena, f->location);
	a->ended = true;
}

static void
attack_begin(struct attack *a, const char *url, bool allow_private)
{
	struct err e;

	a->grant = (struct grant){ .source = "test",
		.target = "test",
		.kind = REQUEST_LIST,
		.method = "GET",
		.url = url,
		.timeout_ms = 5000,
		.allow_private = allow_private };
	a->ended = false;
	a->location = NULL;
	if (net_fetch(net, &a->grant, done, a, &e) == -1) {
		a->result = FETCH_REFUSED;
		a->ended = true;
	}
}

static void
wait_for_all(void)
{
	int64_t end_ms = clock_mono_ms() + 20000;
	struct err e;

	while (net_running(net) > 0 && clock_mono_ms() < end_ms)
		CHECK_INT(net_poll(net, -1, false, 100, &e), 0);
	CHECK_INT(net_running(net), 0);
}

/* A reference may lead back to the public server, which is no harm. */
static bool
is_kept_out(const struct attack *a)
{
	if (a->result == FETCH_REFUSED || a->result == FETCH_DNS ||
	    str_starts(a->url, "http://" PUBLIC "/"))
		return true;
	printf("%s: %s\n", a->url, fetch_result_name(a->result));
	return false;
}

/* All that were added, and nobody may have been let in. */
static void
flush_attacks(void)
{
	size_t n = nattacks;

	nattacks = 0;
	for (size_t i = 0; i < n; i++)
		attack_begin(&attacks[i], attacks[i].url, false);
	wait_for_all();
	for (size_t i = 0; i < n; i++) {
		CHECK(is_kept_out(&attacks[i]));
		refusals += attacks[i].result == FETCH_REFUSED;
	}
}

static void
add(const char *url)
{
	attacks[nattacks++].url = url;
	cases++;
	if (nattacks == BATCH)
		flush_attacks();
}

/* The public server says: go there. */
static void
add_redirect(const char *url)
{
	struct attack a;
	const char *to = url_escape(arena, url, "");

	attack_begin(
	    &a, arena_printf(arena, "http://" PUBLIC "/to?%s", to), false);
	wait_for_all();
	if (a.result == FETCH_MOVED) {
		add(a.location);
		return;
	}
	if (a.result != FETCH_REFUSED)
		printf("%s: %s\n", url, fetch_result_name(a.result));
	CHECK_INT(a.result, FETCH_REFUSED);
	cases++;
	refusals++;
}

/* ---- how addresses are written ---- */

static const char *
percent(const char *text)
{
	struct buf b;
	const char *copy;

	buf_init(&b, 1000);
	for (; *text != '\0'; text++)
		buf_printf(&b, "%%%02X", (unsigned char)*text);
	copy = arena_strdup(arena, buf_cstr(&b));
	buf_fini(&b);
	return copy;
}

static const char *
put_into(const char *form, const char *host)
{
	const char *hole = strstr(form, "%s");

	return arena_printf(
	    arena, "%.*s%s%s", (int)(hole - form), form, host, hole + 2);
}

/* Letters and digits as East Asia has them (U+FF01 and on), full width. */
static const char *
full_width(const char *text, bool dots)
{
	struct buf b;
	const char *copy;

	buf_init(&b, 1000);
	for (; *text != '\0'; text++) {
		if (*text == '.')
			buf_str(&b, dots ? "\xe3\x80\x82" : ".");
		else if (dots || strchr("[]:", *text) != NULL)
			buf_char(&b, *text);
		else
			buf_printf(&b, "\xef%c%c", *text < 0x60 ? 0xbc : 0xbd,
			    (*text < 0x60 ? *text - 0x20 : *text - 0x60) +
				0x80);
	}
	copy = arena_strdup(arena, buf_cstr(&b));
	buf_fini(&b);
	return copy;
}

static void
each_v4(uint32_t n, void (*with)(const char *))
{
	uint32_t a = n >> 24, b = n >> 16 & 255, c = n >> 8 & 255, d = n & 255;
	uint32_t high = n >> 16, low = n & 0xffff;
	const char *dotted = arena_printf(arena, "%u.%u.%u.%u", a, b, c, d);
	const char *const hosts[] = { dotted, arena_printf(arena, "%u", n),
		arena_printf(arena, "0x%x", n), arena_printf(arena, "0%o", n),
		arena_printf(arena, "0x%X.0x%x.0X%x.0x%02x", a, b, c, d),
		arena_printf(arena, "0%o.0%o.0%o.%04o", a, b, c, d),
		arena_printf(arena, "%u.%u", a, n & 0xffffff),
		arena_printf(arena, "%u.%u.%u", a, b, low),
		arena_printf(arena, "0x%x.%u.0%o", a, b, low),
		arena_printf(arena, "%llu", (1ULL << 32) + n),
		arena_printf(arena, "[::ffff:%s]", dotted),
		arena_printf(arena, "[::ffff:%x:%x]", high, low),
		arena_printf(arena, "[0:0:0:0:0:FFFF:%s]", dotted),
		arena_printf(arena, "[::%s]", dotted),
		arena_printf(arena, "[64:ff9b::%s]", dotted),
		arena_printf(arena, "[64:ff9b:1::%s]", dotted),
		arena_printf(arena, "[2002:%x:%x::1]", high, low),
		arena_printf(arena, "[2001:0:4136:e378:8000:63bf:%x:%x]",
		    ~high & 0xffff, ~low & 0xffff),
		percent(dotted), full_width(dotted, false),
		full_width(dotted, true),
		arena_printf(arena, "%u%%2e%u%%2E%u.%u", a, b, c, d),
		arena_printf(arena, "%u.%u.%u.%u\xc2\xad", a, b, c, d) };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		with(arena_printf(arena, "http://%s/", hosts[i]));
	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++)
		with(put_into(around[i], dotted));
}

static const char *
text_upper(const char *text)
{
	char *copy = arena_strdup(arena, text);

	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p -= 'a' - 'A';
	return copy;
}

static void
each_v6(const struct in6_addr *address, void (*with)(const char *))
{
	const uint8_t *p = address->s6_addr;
	char text[INET6_ADDRSTRLEN];
	const char *full;

	inet_ntop(AF_INET6, p, text, sizeof(text));
	full = arena_printf(arena,
	    "%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x:%02x%02x", p[0], p[1],
	    p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11]);
	const char *const hosts[] = { arena_printf(arena,
					  "[%s:%02x%02x:%02x%02x]", full, p[12],
					  p[13], p[14], p[15]),
		arena_printf(arena, "[%s:%u.%u.%u.%u]", full, p[12], p[13],
		    p[14], p[15]),
		arena_printf(arena, "[%s:%X:%X]", text_upper(full),
		    p[12] << 8 | p[13], p[14] << 8 | p[15]),
		arena_printf(arena, "%%5B%s%%5D", text), text,
		arena_printf(arena, "[%s%%25lo]", text),
		arena_printf(arena, "[%s%%lo]", text),
		arena_printf(arena, "[%s", text),
		arena_printf(arena, "[ %s]", text),
		arena_printf(arena, "[[%s]]", text),
		arena_printf(arena, "[%s]", percent(text)),
		full_width(arena_printf(arena, "[%s]", text), false) };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		with(arena_printf(arena, "http://%s/", hosts[i]));
	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++)
		with(put_into(around[i], arena_printf(arena, "[%s]", text)));
}

static void
each_address(void (*with)(const char *))
{
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		struct in6_addr v6;
		struct in_addr v4;

		if (inet_pton(AF_INET, special[i], &v4) == 1) {
			each_v4(ntohl(v4.s_addr), with);
		} else {
			CHECK_INT(inet_pton(AF_INET6, special[i], &v6), 1);
			each_v6(&v6, with);
		}
		flush_attacks();
		arena_reset(arena);
	}
}

/* ---- names ---- */

static const char *
name_of(const char *kind, const char *address, size_t number)
{
	uint8_t bytes[16];
	size_t n = inet_pton(AF_INET, address, bytes) == 1 ? 4 : 16;

	if (n == 16)
		CHECK_INT(inet_pton(AF_INET6, address, bytes), 1);
	return arena_printf(arena, "%s-%s-%zu.attack.test", kind,
	    str_hex(arena, bytes, n), number);
}

/* The URLs of a name, each with a number of its own. */
static void
each_name(const char *kind, const char *address, void (*with)(const char *))
{
	size_t n = sizeof(around) / sizeof(around[0]);

	for (size_t i = 0; i < n + 5; i++) {
		const char *name = name_of(kind, address, i);
		const char *const others[] = { percent(name),
			full_width(name, false), full_width(name, true),
			text_upper(name),
			arena_printf(arena, "%s.", text_upper(name)) };

		with(i < n ? put_into(around[i], name)
			   : arena_printf(arena, "http://%s/", others[i - n]));
	}
	flush_attacks();
}

static void
names(const char *kind, void (*with)(const char *))
{
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		each_name(kind, special[i], with);
		arena_reset(arena);
	}
}

/* The first answer is public, and is followed. */
static void
lure(const char *url)
{
	struct attack a;

	attack_begin(&a, url, false);
	wait_for_all();
	CHECK(a.result == FETCH_OK || a.result == FETCH_REFUSED ||
	      a.result == FETCH_DNS || a.result == FETCH_CONNECT);
}

/* ---- counting ---- */

/* SYNs since the last look, but for those to public addresses. */
static int
syns_inside(int *outside)
{
	char to[INET6_ADDRSTRLEN];
	int n = 0;

	*outside = 0;
	CHECK_INT(syn_lost(syns), 0);
	while (syn_next(syns, to))
		if (str_starts(to, "93.184.215.")) {
			++*outside;
		} else {
			printf("a SYN to %s\n", to);
			n++;
		}
	return n;
}

static long
active_opens(void)
{
	char head[1000], line[1000];
	FILE *file = fopen("/proc/thread-self/net/snmp", "r");
	long opens = -1;

	CHECK(file != NULL);
	while (fgets(head, sizeof(head), file) != NULL)
		if (str_starts(head, "Tcp:") &&
		    fgets(line, sizeof(line), file) != NULL)
			CHECK_INT(
			    sscanf(line, "Tcp: %*d %*d %*d %*d %ld", &opens),
			    1);
	fclose(file);
	return opens;
}

static long opens_before;

static void
none_came_in(const char *way)
{
	int outside, inside = syns_inside(&outside);
	long opens = active_opens();

	if (inside > 0)
		printf("%s: %d SYNs\n", way, inside);
	CHECK_INT(inside, 0);
	/* The kernel's own count of connections that were begun. */
	CHECK_INT(opens - opens_before, outside);
	opens_before = opens;
}

static void
need_network(void)
{
	if (no_network != NULL)
		SKIP(no_network);
}

static void
net_anew(void)
{
	struct err e;

	net_free(net);
	net = net_new("careerd/0.1", &e);
	CHECK(net != NULL);
}

/* ---- the tests ---- */

static void
begin(void)
{
	struct err e;

	arena = arena_new((size_t)64 << 20);
	no_network = alone_begin();
	if (no_network == NULL &&
	    !alone_replace("/etc/resolv.conf",
		"nameserver 127.0.0.53\noptions timeout:2 attempts:1\n"))
		no_network = "/etc/resolv.conf cannot be replaced for a test";
	need_network();
	(void)alone_replace("/etc/nsswitch.conf", "hosts: dns\n");
	syns = syn_open();
	CHECK(syns != -1);
	server = server_start("tests/unit/net/guard_server.py", "");
	CHECK_INT(server.port, 80);
	CHECK_INT(net_init(&e), 0);
	net_anew();
}

/* Every address answers, and each SYN is seen. */
static void
the_count_counts(void)
{
	static const char *const urls[] = {
		"http://" PUBLIC "/", "http://127.0.0.1/", "http://10.0.0.1/",
		"http://[fd00::1]/", "http://[::ffff:192.168.0.1]/",
		"http://a-0a000002-1.attack.test/",
		"http://cname-fd000000000000000000000000000002-1.attack.test/"
	};
	char to[INET6_ADDRSTRLEN];
	size_t n = sizeof(urls) / sizeof(urls[0]);

	need_network();
	opens_before = active_opens();
	for (size_t i = 0; i < n; i++) {
		struct attack a;

		attack_begin(&a, urls[i], i > 0);
		wait_for_all();
		if (a.result != FETCH_OK)
			printf(
			    "%s: %s\n", urls[i], fetch_result_name(a.result));
		CHECK_INT(a.result, FETCH_OK);
		CHECK(syn_next(syns, to));
	}
	CHECK(!syn_next(syns, to));
	CHECK_INT(active_opens() - opens_before, (long)n);
	opens_before = active_opens();
	net_anew();
}

static void
addresses(void)
{
	need_network();
	each_address(add);
	none_came_in("direct");
	each_address(add_redirect);
	none_came_in("redirect");
}

static void
lying_names(void)
{
	static const char *const kinds[] = { "a", "cname", "mixed" };

	need_network();
	for (size_t i = 0; i < 3; i++) {
		names(kinds[i], add);
		none_came_in(kinds[i]);
	}
	names("a", add_redirect);
	none_came_in("redirect to a name");
}

/* A name that moves in once it is known: before the second look libcurl has
 * forgotten the first answer and its connections. */
static void
rebinding(void)
{
	need_network();
	names("rebind", lure);
	none_came_in("rebinding, first look");
	net_anew();
	names("rebind", add);
	none_came_in("rebinding");
}

/* The proxy that a variable names would hide where it all goes. */
static void
proxies_of_the_environment(void)
{
	static const char *const names[] = { "http_proxy", "https_proxy",
		"HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY" };
	struct attack a;
	int outside;

	need_network();
	for (size_t i = 0; i < 6; i++)
		setenv(names[i], "http://127.0.0.1:80/", 1);
	net_anew();
	attack_begin(&a, "http://" PUBLIC "/", false);
	wait_for_all();
	CHECK_INT(a.result, FETCH_OK);
	attack_begin(&a, "https://" PUBLIC "/", false);
	wait_for_all();
	CHECK_INT(a.result, FETCH_CONNECT);
	CHECK_INT(syns_inside(&outside), 0);
	CHECK_INT(outside, 2);
}

static void
the_table(void)
{
	need_network();
	printf("table: SSRF: %zu cases (%zu special addresses, up to 40 "
	       "notations, direct, by redirect, DNS, CNAME, mixed answer, "
	       "rebinding), 0 SYNs; %zu refused by name, the others named "
	       "nothing\n",
	    cases, sizeof(special) / sizeof(special[0]), refusals);
	net_free(net);
	server_stop(&server);
	arena_free(arena);
}

TESTS(TEST(begin), TEST(the_count_counts), TEST(addresses), TEST(lying_names),
    TEST(rebinding), TEST(proxies_of_the_environment), TEST(the_table))
