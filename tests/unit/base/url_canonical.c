/*
 * When two addresses are one, and what logs may show of them.
 */
#include "base/str.h"
#include "base/url.h"
#include "check.h"

static struct arena *arena;

static void
one_posting_one_url(void)
{
	static const char *const cases[][2] = {
		{ "https://Jobs.example/x/?b=2&utm_source=z&a=1#top",
		    "https://jobs.example/x?a=1&b=2" },
		{ "https://h/x?gh_jid=1&gh_src=9", "https://h/x?gh_jid=1" },
		{ "https://h:443/%7Ex/%c3%a9?trk=1", "https://h/~x/%C3%A9" },
		{ "https://h/"
		  "x?trkInfo=1&lever-origin[]=x&lever-source%5B%5D=LinkedIn",
		    "https://h/x" },
		{ "https://h/x?UTM_Medium=a&%75tm_term=b&fbclid=c",
		    "https://h/x" },
		{ "https://h", "https://h/" },
		{ "https://h/a//", "https://h/a" },
		{ "https://h/a?&&b&", "https://h/a?b" },
		{ "https://h/a?b=1&b=1&a", "https://h/a?a&b=1&b=1" },
		{ "https://h/a%2fb?c=%2f%zz", "https://h/a%2Fb?c=%2F%zz" },
		{ "https://h/a?ref=linkedin&source=indeed&src=x1",
		    "https://h/a" },
		{ "https://h/a?ref=REQ-1234", "https://h/a?ref=REQ-1234" },
		{ "https://h/#/jobs/1", "https://h/#/jobs/1" },
		{ "https://h/#!jobs/1", "https://h/#!jobs/1" },
		{ "https://h/#apply", "https://h/" },
		{ "http://2130706433/", "http://127.0.0.1/" },
		{ "not one", NULL },
		{ "ftp://h/", NULL },
		{ NULL, NULL },
	};

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *once = url_canonical(arena, cases[i][0]);
		CHECK_STR(once, cases[i][1]);
		CHECK_STR(url_canonical(arena, once), cases[i][1]);
	}
	arena_free(arena);
}

static void
two_postings_two_urls(void)
{
	static const char *const pairs[][2] = {
		{ "https://h/v?jk=1", "https://h/v?jk=2" },
		{ "https://h/v?gh_jid=1", "https://h/v?gh_jid=2" },
		{ "https://h/v?id=1", "https://h/v?id=2" },
		{ "https://h/v?jobId=1", "https://h/v?jobId=2" },
		{ "https://h/v?ref=10017", "https://h/v?ref=10018" },
		{ "https://h/v?anything=1", "https://h/v?anything=2" },
		{ "https://h/v/1", "https://h/v/2" },
		{ "https://h/v/A", "https://h/v/a" },
		{ "https://h/#/job/1", "https://h/#/job/2" },
		{ "https://h/a%2Fb", "https://h/a/b" },
	};

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		CHECK(!str_eq(url_canonical(arena, pairs[i][0]),
		    url_canonical(arena, pairs[i][1])));
	arena_free(arena);
}

static void
escapes(void)
{
	arena = arena_new(1 << 20);
	CHECK_STR(url_escape(arena, "a b/c&d", "/"), "a%20b/c%26d");
	CHECK_STR(url_escape(arena, "-._~AZaz09", ""), "-._~AZaz09");
	CHECK_STR(url_escape(arena, "\xc3\xbc\n%", ""), "%C3%BC%0A%25");
	CHECK_STR(url_escape(arena, "", ""), "");
	arena_free(arena);
}

static void
secrets(void)
{
	static const char *const cases[][2] = {
		{ "smtp://u:secret@h/x", "smtp://***@h/x" },
		{ "smtp://u:se@cret@h:25", "smtp://***@h:25" },
		{ "smtp://u:se/c?ret@h:25/x", "smtp://***@h:25/x" },
		{ "http://u@h/", "http://***@h/" },
		{ "http://h/a@b", "http://h/a@b" },
		{ "http://h:80/a@b", "http://h:80/a@b" },
		{ "http://h/a:b@c", "http://h/a:b@c" },
		{ "nothing: here@all", "nothing: here@all" },
		{ "", "" },
	};

	arena = arena_new(1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(url_redact(arena, cases[i][0]), cases[i][1]);
	arena_free(arena);
}

TESTS(TEST(one_posting_one_url), TEST(two_postings_two_urls), TEST(escapes),
    TEST(secrets))
