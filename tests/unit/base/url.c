/*
 * URLs: what is read, refused and resolved.
 */
#include "base/json.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "check.h"
#include "shared.h"

static struct arena *arena;

static const char *
parsed(const char *text)
{
	struct err err = { 0 };
	struct url u;

	if (url_parse(arena, text, &u, &err) == 0)
		return url_text(arena, &u);
	CHECK_INT(err.kind, ERR_DATA);
	CHECK(str_starts(err.text, "URL"));
	return NULL;
}

static void
parsing(void)
{
	static const char *const cases[][2] = {
		{ " HTTP://Example.ORG:80/a/../b?q=1#f ",
		    "http://example.org/b?q=1" },
		{ "https://example.org", "https://example.org/" },
		{ "https://example.org?q", "https://example.org/?q" },
		{ "https://ex.org:8443/\xc3\xa9 x",
		    "https://ex.org:8443/%C3%A9%20x" },
		{ "https://ex.org/caf\xe9", "https://ex.org/caf%E9" },
		{ "http://h/a?b c'd\\e", "http://h/a?b%20c%27d%5Ce" },
		{ "http://h/?", "http://h/?" },
		{ "http://h./", "http://h./" },
		{ "http://b\xc3\xbc"
		  "cher.example/",
		    "http://xn--bcher-kva.example/" },
		{ "http://B\xc3\x9c"
		  "CHER.example/",
		    "http://xn--bcher-kva.example/" },
		{ "http://XN--BCHER-KVA.example/",
		    "http://xn--bcher-kva.example/" },
		{ "http://0x7f.1/", "http://127.0.0.1/" },
		{ "http://2130706433/", "http://127.0.0.1/" },
		{ "http://017700000001/", "http://127.0.0.1/" },
		{ "http://127.1./", "http://127.0.0.1/" },
		{ "http://%31%32%37.0.0.1/", "http://127.0.0.1/" },
		{ "http://\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97\xe3\x80\x82"
		  "1/",
		    "http://127.0.0.1/" },
		{ "http://[::FFFF:127.0.0.1]/", "http://[::ffff:7f00:1]/" },
		{ "http://[1:0:0:2:0:0:0:3]:8/", "http://[1:0:0:2::3]:8/" },
		{ "http://[1:2:3:4:5:6:0:0]/", "http://[1:2:3:4:5:6::]/" },
	};

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_STR(parsed(cases[i][0]), cases[i][1]);
		CHECK_STR(parsed(cases[i][1]), cases[i][1]);
	}
	arena_free(arena);
}

static void
parts(void)
{
	struct url u;

	arena = arena_new(1 << 20);
	CHECK_INT(url_parse(arena, "HTTPS://H.x:444/p?q#f", &u, NULL), 0);
	CHECK_STR(u.scheme, "https");
	CHECK_STR(u.host, "h.x");
	CHECK_INT(u.port, 444);
	CHECK_STR(u.path, "/p");
	CHECK_STR(u.query, "q");
	CHECK_STR(u.fragment, "f");
	CHECK_STR(url_authority(arena, &u), "https://h.x:444");
	CHECK_INT(url_parse(arena, "http://h.x:/", &u, NULL), 0);
	CHECK_INT(u.port, 80);
	CHECK(u.query == NULL && u.fragment == NULL);
	CHECK_STR(url_authority(arena, &u), "http://h.x");
	CHECK_INT(url_parse(arena, "http://u:p@h.x/", &u, NULL), -1);
	CHECK(u.has_userinfo);
	arena_free(arena);
}

static void
refused(void)
{
	static const char *const bad[] = { "", "x", "ftp://a.b/", "file:///etc",
		"javascript:alert(1)", "http:", "http://", "http:///x",
		"http:/x", "http:x", "http://a b/", "http://u@h/",
		"http://u:p@h/", "http://@h/", "http://a\\@b/", "http:\\\\a\\b",
		"http://h/a\\b", "http://h:0/", "http://h:65536/",
		"http://h:x/", "http://h:-1/", "http://a..b/", "http://.a/",
		"http://./", "http://[::1/", "http://::1/", "http://[1.2.3.4]/",
		"http://[fe80::1%25eth0]/", "http://[::1]x/",
		"http://256.1.1.1/", "http://1.2.3.4.5/", "http://1.2.3.08/",
		"http://4294967296/", "http://a.0x1g.1/", "http://a\r\nb/",
		"http://h/\x01", "http://h/a\tb", "http://a%00b/",
		"http://a%2fb/", "http://a%40b/", "http://a<b>/",
		"http://\xff/", "http://a\xe2\x80\xae/", "http://xn--/",
		"http://xn--a-/", "http://xn--pokxncvks/",
		"http://\xe2\x93\x96.com/", "http://e\xcc\x81.com/",
		"gopher://x/", "1http://x/", "://x" };

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (parsed(bad[i]) != NULL)
			printf("taken: '%s'\n", bad[i]);
		CHECK(parsed(bad[i]) == NULL);
	}
	arena_free(arena);
}

static void
lengths(void)
{
	char text[LIMIT_URL_BYTES + 10] = "http://h/";

	arena = arena_new(1 << 20);
	memset(text + 9, 'a', LIMIT_URL_BYTES - 9);
	CHECK_STR(parsed(text), text);
	memset(text + 9, '"', LIMIT_URL_BYTES - 9);
	CHECK(parsed(text) == NULL); /* %22 each: three times as long */
	memset(text + 9, 'a', LIMIT_URL_BYTES - 8);
	CHECK(parsed(text) == NULL);
	memset(text + 7, 'a', 63);
	memcpy(text + 70, ".b/", 4);
	CHECK_STR(parsed(text), text);
	memset(text + 7, 'a', 64);
	memcpy(text + 71, ".b/", 4);
	CHECK(parsed(text) == NULL); /* a label of 64 */
	for (int i = 0; i < 300; i++)
		text[7 + i] = i % 2 == 0 ? 'a' : '.';
	text[307] = '\0';
	CHECK(parsed(text) == NULL);
	arena_free(arena);
}

static void
resolving(void)
{
	static const char *const cases[][3] = {
		{ "http://a/b/c/d?q", "g", "http://a/b/c/g" },
		{ "http://a/b/c/d?q", "../g", "http://a/b/g" },
		{ "http://a/b/c/d?q", "../../../g", "http://a/g" },
		{ "http://a/b/c/d?q", "/g?x", "http://a/g?x" },
		{ "http://a/b/c/d?q", "?y", "http://a/b/c/d?y" },
		{ "http://a/b/c/d?q", "#s", "http://a/b/c/d?q#s" },
		{ "http://a/b/c/d?q#r", "", "http://a/b/c/d?q" },
		{ "http://a/b/c/d?q", "//h/g", "http://h/g" },
		{ "http://a/b/c/d?q", "./", "http://a/b/c/" },
		{ "http://a/b/c/d", "x:y", NULL },
		{ "http://a/b/c/d", "./x:y", "http://a/b/c/x:y" },
		{ "http://a/b", "mailto:x@y", NULL },
		{ "http://a/b", "javascript:void(0)", NULL },
		{ "http://a/b", "data:text/html,x", NULL },
		{ "http://a/b", "\\\\evil\\x", NULL },
		{ "http://a/b", "//u:p@h/", NULL },
		{ "https://a/b", "http://c/d", "http://c/d" },
		{ "https://a/b", " \n/jobs/\n1\t", "https://a/jobs/1" },
		{ "https://a/b", "https:///c", "https://c/" },
		{ "https://a/b", "https:c", "https://a/c" },
		{ "https://a/b", "http:c", "http://c/" },
		{ "not a base", "g", NULL },
		{ "not a base", "http://a/b", "http://a/b" },
		{ NULL, "http://a/b#c", "http://a/b#c" },
		{ NULL, "/b", NULL },
	};

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(
		    url_resolve(arena, cases[i][0], cases[i][1]), cases[i][2]);
	arena_free(arena);
}

static void
memory_that_ends(void)
{
	struct arena *a;
	struct url u;

	for (size_t limit = 0; limit < 300; limit++) {
		a = arena_new_soft(limit);
		url_parse(a, "http://b\xc3\xbc.c/d?e#f", &u, NULL);
		url_resolve(a, "http://a.b/c/d", "../e?f#g");
		url_canonical(a, "http://a.b/c/d?utm_x=1&y=2");
		url_redact(a, "smtp://u:p@h/");
		url_escape(a, "a b", "");
		arena_free(a);
	}
}

/* Whatever comes in: what is taken is taken again, unchanged. */
static void
noise(void)
{
	static const char *const bits[] = { "http://", "https:", "/", "//", "?",
		"#", ":", "@", ".", "..", "%2e", "%", "%00", "a", "Z", "0x7f",
		"1", "[", "]", "::", "xn--", "\xc3\xbc", "\xff", " ", "\t", "&",
		"=", "\xe3\x80\x82", "80", "utm_x=1", "\"", "'", "+", "-" };
	unsigned int seed = 3;

	arena = arena_new(1 << 20);
	for (int round = 0; round < 50000; round++) {
		char text[200] = "http://h";
		const char *once, *canonical;
		size_t n = round % 3 == 0 ? 0 : round % 3 == 1 ? 7 : 8;
		for (int i = round % 12; i >= 0; i--) {
			seed = seed * 1103515245 + 12345;
			n += str_copy(text + n,
			    bits[(seed >> 16) % (sizeof(bits) / sizeof(*bits))],
			    sizeof(text) - n);
		}
		once = url_resolve(arena, "https://b.c/d/e?f", text);
		canonical = url_canonical(arena, once);
		if (once != NULL) {
			CHECK_STR(url_resolve(arena, NULL, once), once);
			CHECK(canonical != NULL && parsed(once) != NULL);
			CHECK_STR(url_canonical(arena, canonical), canonical);
		}
		arena_reset(arena);
	}
	arena_free(arena);
}

/* What WHATWG accepts and we refuse, on purpose. */
static bool
is_refused_on_purpose(const char *input, const char *href)
{
	/* Userinfo, be it empty, and backslashes. */
	if (strpbrk(input, "\\@") != NULL)
		return true;
	/* Control characters that are not line ends. */
	for (const char *p = input; *p != '\0'; p++)
		if ((*p > 0 && *p < ' ' && strchr("\t\r\n", *p) == NULL) ||
		    *p == 0x7f)
			return true;
	/* Port 0, and names that nothing can look up. */
	return strstr(href, ":0/") != NULL || strstr(href, "//./") != NULL ||
	       strstr(href, "../") != NULL;
}

static bool
is_http(const char *url)
{
	return str_starts(url, "http:") || str_starts(url, "https:");
}

/* 1 right, 0 wrong, -1 refused on purpose, -2 about other schemes. */
static int
whatwg_case(const struct json *test)
{
	const char *input = json_get_text(test, "input");
	const char *base = json_get_text(test, "base");
	const char *href = json_get_text(test, "href"), *got;

	if (input == NULL || (href != NULL && !is_http(href)) ||
	    (href == NULL && base == NULL && !is_http(input)))
		return -2;
	got = url_resolve(arena, base, input);
	if (got == NULL && href != NULL)
		return is_refused_on_purpose(input, href) ||
			       (base != NULL && strchr(base, '@') != NULL)
			   ? -1
			   : 0;
	if (got == NULL || href == NULL || strcmp(got, href) == 0)
		return got == href || (got != NULL && href != NULL);
	/* An empty fragment is none for us, a difference that does not show. */
	return href[strlen(href) - 1] == '#' &&
	       strncmp(got, href, strlen(href) - 1) == 0;
}

static struct json *
whatwg_cases(void)
{
	size_t n;
	char *text = shared_read(
	    arena, "corpus/suites/url/url/tests/urltestdata.json", &n);

	if (text == NULL)
		return NULL;
	/* Lone surrogates and NUL are no JSON for us. */
	for (char *p = text; (p = strcasestr(p, "\\ud8")) != NULL;)
		memcpy(p, "\\uFFFD", 6);
	for (char *p = text; (p = strstr(p, "\\u0000")) != NULL;)
		memcpy(p, "\\u0001", 6);
	return json_parse(text, n, NULL);
}

static void
whatwg(void)
{
	size_t counts[3] = { 0 };
	struct json *tests, *test;
	int verdict;

	arena = arena_new(1 << 26);
	tests = whatwg_cases();
	if (tests == NULL) {
		arena_free(arena);
		SKIP("the WHATWG vectors are not here");
	}
	for (size_t i = 0; i < json_size(tests); i++) {
		test = json_at(tests, i);
		verdict = whatwg_case(test);
		if (verdict >= -1)
			counts[verdict + 1]++;
		if (verdict == 0)
			printf("  '%s' on '%s' is '%s', not '%s'\n",
			    json_get_text(test, "input"),
			    json_get_text(test, "base"),
			    url_resolve(arena, json_get_text(test, "base"),
				json_get_text(test, "input")),
			    json_get_text(test, "href"));
	}
	printf("WHATWG http(s) cases: %zu right, %zu wrong, "
	       "%zu refused on purpose\n",
	    counts[2], counts[1], counts[0]);
	json_free(tests);
	arena_free(arena);
	CHECK(counts[1] == 0 && counts[2] > 300);
}

static void
parameters_taken_away(void)
{
	static const char *const cases[][3] = {
		{ "https://a/b?key=1&x=2", "key", "https://a/b?x=2" },
		{ "https://a/b?x=2&key=1#key=1", "key",
		    "https://a/b?x=2#key=1" },
		{ "https://a/b?key=1", "key", "https://a/b" },
		{ "https://a/b?key&keys=2&key=", "key", "https://a/b?keys=2" },
		{ "https://a/key=1", "key", "https://a/key=1" },
		{ "https://a/?&&key=1&&", "key", "https://a/?&&&" },
		{ "", "key", "" },
	};
	struct arena *a = arena_new(1 << 20);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(url_without_param(a, cases[i][0], cases[i][1]),
		    cases[i][2]);
	arena_free(a);
}

static void
tracking_taken_away(void)
{
	static const char *const cases[][2] = {
		{ "https://a/b?utm_source=x&id=7&utm_medium=y#apply",
		    "https://a/b?id=7#apply" },
		{ "https://A/b/?z=1&a=2&fbclid=3", "https://A/b/?z=1&a=2" },
		{ "https://a/b?utm_source=x", "https://a/b" },
		{ "https://a/b?gh_jid=123456&gh_src=abc",
		    "https://a/b?gh_jid=123456" },
		{ "https://a/b?source=4711&ref=mail",
		    "https://a/b?source=4711" },
		{ "https://a/b#?utm_source=x", "https://a/b#?utm_source=x" },
		{ "https://a/b?", "https://a/b" },
	};
	struct arena *a = arena_new(1 << 20);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(url_without_tracking(a, cases[i][0]), cases[i][1]);
	arena_free(a);
}

TESTS(TEST(tracking_taken_away), TEST(parameters_taken_away), TEST(parsing),
    TEST(parts), TEST(refused), TEST(lengths), TEST(resolving),
    TEST(memory_that_ends), TEST(noise), TEST(whatwg))
