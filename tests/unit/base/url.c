/*
 * URLs: what is refused, resolved, and when two addresses are one.
 */
#include "base/json.h"
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

	return url_parse(arena, text, &u, &err) == -1 ? NULL
						      : url_text(arena, &u);
}

static void
parsing(void)
{
	arena = arena_new(1 << 20);
	CHECK_STR(parsed(" HTTP://Example.ORG:80/a/../b?q=1#f "),
	    "http://example.org/b?q=1");
	CHECK_STR(parsed("https://example.org"), "https://example.org/");
	CHECK_STR(parsed("https://ex.org:8443/\xc3\xa9 x"),
	    "https://ex.org:8443/%C3%A9%20x");
	CHECK_STR(parsed("http://b\xc3\xbc"
			 "cher.example/"),
	    "http://xn--bcher-kva.example/");
	CHECK_STR(parsed("http://0x7f.1/"), "http://127.0.0.1/");
	CHECK_STR(parsed("http://2130706433/"), "http://127.0.0.1/");
	CHECK_STR(parsed("http://017700000001/"), "http://127.0.0.1/");
	CHECK_STR(
	    parsed("http://[::FFFF:127.0.0.1]/"), "http://[::ffff:127.0.0.1]/");
	arena_free(arena);
}

static void
refused(void)
{
	static const char *const bad[] = { "", "x", "ftp://a.b/", "file:///etc",
		"javascript:alert(1)", "http://", "http:///x", "http://a b/",
		"http://u@h/", "http://u:p@h/", "http://a\\@b/", "http://h:0/",
		"http://h:65536/", "http://h:x/", "http://a..b/",
		"http://[::1/", "http://[1.2.3.4]/", "http://256.1.1.1/",
		"http://1.2.3.4.5/", "http://a\r\nb/", "http://h/\x01",
		"http://a%00b/", "http://a<b>/", "gopher://x/" };

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (parsed(bad[i]) != NULL)
			printf("taken: '%s'\n", bad[i]);
		CHECK(parsed(bad[i]) == NULL);
	}
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
		{ "http://a/b/c/d?q", "//h/g", "http://h/g" },
		{ "https://a/b", "http://c/d", "http://c/d" },
		{ "http://a/b", "mailto:x@y", NULL },
		{ "http://a/b/c/d?q", "./", "http://a/b/c/" },
	};

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(
		    url_resolve(arena, cases[i][0], cases[i][1]), cases[i][2]);
	arena_free(arena);
}

static void
one_posting_one_url(void)
{
	const char *a = "https://Jobs.example/x/?b=2&utm_source=z&a=1#top";

	arena = arena_new(1 << 20);
	CHECK_STR(url_canonical(arena, a), "https://jobs.example/x?a=1&b=2");
	CHECK_STR(url_canonical(arena, "https://h/x?gh_jid=1&gh_src=9"),
	    "https://h/x?gh_jid=1");
	CHECK_STR(url_canonical(arena, "https://h/%7Ex/%c3%a9?trk=1"),
	    "https://h/~x/%C3%A9");
	CHECK(strcmp(url_canonical(arena, "https://h/v?jk=1"),
		  url_canonical(arena, "https://h/v?jk=2")) != 0);
	CHECK(url_canonical(arena, "not one") == NULL);
	CHECK(url_canonical(arena, NULL) == NULL);
	arena_free(arena);
}

static void
escapes_and_secrets(void)
{
	arena = arena_new(1 << 20);
	CHECK_STR(url_escape(arena, "a b/c&d", "/"), "a%20b/c%26d");
	CHECK_STR(url_redact(arena, "smtp://u:secret@h/x"), "smtp://***@h/x");
	CHECK_STR(url_redact(arena, "http://h/a@b"), "http://h/a@b");
	arena_free(arena);
}

/* 1 right, 0 wrong, -1 not ours to judge. */
static int
whatwg_case(const struct json *test)
{
	const char *input = json_get_text(test, "input");
	const char *href = json_get_text(test, "href");
	const char *got;

	if (input == NULL || json_get_text(test, "base") != NULL ||
	    strncasecmp(input, "http", 4) != 0 ||
	    strpbrk(input, "\\@\t\n\r") != NULL)
		return -1;
	got = parsed(input);
	if (got == NULL || href == NULL)
		return got == NULL && href == NULL;
	return strncmp(got, href, strcspn(href, "#")) == 0;
}

static void
whatwg(void)
{
	struct err err = { 0 };
	size_t n, right = 0, all = 0;
	struct json *tests;
	char *text;

	arena = arena_new(1 << 26);
	text = shared_read(
	    arena, "corpus/suites/url/url/tests/urltestdata.json", &n);
	if (text == NULL) {
		arena_free(arena);
		SKIP("the WHATWG vectors are not here");
	}
	/* lone surrogates and NUL are no JSON for us */
	for (char *p = text; (p = strcasestr(p, "\\ud")) != NULL; p++)
		p[2] = '0';
	for (char *p = text; (p = strstr(p, "\\u0000")) != NULL; p++)
		p[5] = '1';
	tests = json_parse(text, n, &err);
	CHECK(tests != NULL);
	for (size_t i = 0; i < json_size(tests); i++) {
		int verdict = whatwg_case(json_at(tests, i));
		all += verdict != -1;
		right += verdict == 1;
		if (verdict == 0)
			printf("  '%s' is '%s', not '%s'\n",
			    json_get_text(json_at(tests, i), "input"),
			    parsed(json_get_text(json_at(tests, i), "input")),
			    json_get_text(json_at(tests, i), "href"));
	}
	printf("table: WHATWG http(s) URLs: %zu of %zu\n", right, all);
	json_free(tests);
	arena_free(arena);
	CHECK(right * 100 >= all * 85);
}

TESTS(TEST(parsing), TEST(refused), TEST(resolving), TEST(one_posting_one_url),
    TEST(escapes_and_secrets), TEST(whatwg))
