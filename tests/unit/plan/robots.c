#include "check.h"
#include "base/buf.h"
#include "plan/plan.h"

/*
 * Rules are written as "agent agent: +/allowed -/not ~delay_s; next group".
 */
static struct robots_rule rules[64];
static const char *agents[64];
static struct robots_group groups[16];
static char copy[4096];

static struct robots
rules_of(const char *text)
{
	struct robots r = { groups, 0 };
	size_t nrules = 0, nagents = 0;
	char *group_save = NULL, *save = NULL;

	snprintf(copy, sizeof(copy), "%s", text);
	for (char *g = strtok_r(copy, ";", &group_save); g != NULL;
	     g = strtok_r(NULL, ";", &group_save)) {
		struct robots_group *to = &groups[r.ngroups++];

		*to = (struct robots_group){ .agents = agents + nagents,
			.rules = rules + nrules,
			.crawl_delay_ms = -1 };
		for (char *w = strtok_r(g, " ", &save); w != NULL;
		     w = strtok_r(NULL, " ", &save)) {
			if (*w == '~') {
				to->crawl_delay_ms = atol(w + 1) * 1000;
			} else if (*w == '+' || *w == '-') {
				rules[nrules++] =
				    (struct robots_rule){ *w == '+', w + 1 };
				to->nrules++;
			} else {
				if (w[strlen(w) - 1] == ':')
					w[strlen(w) - 1] = '\0';
				agents[nagents++] = w;
				to->nagents++;
			}
		}
	}
	return r;
}

static bool
allows(const char *text, const char *url)
{
	struct robots r = rules_of(text);
	char full[400];

	snprintf(full, sizeof(full), "https://example.org%s", url);
	return robots_allows(&r, "careerd", full);
}

static void
longest_rule_wins(void)
{
	CHECK(allows("", "/a"));
	CHECK(!allows("*: -/", "/a"));
	CHECK(allows("*: -/ +/a", "/a/b"));
	CHECK(!allows("*: +/a -/a/b", "/a/b"));
	CHECK(allows("*: -/a +/a", "/a"));
	CHECK(allows("*: +/a -/a", "/a"));
	CHECK(!allows("*: +/page -/*.htm", "/page.htm"));
	CHECK(allows("*: -", "/a"));
	CHECK(!allows("*: +/p -/", "/"));
	CHECK(allows("*: -/A", "/a"));
}

/* RFC 9309 section 5.2: "the most octets", not the most characters. */
static void
octets_are_counted(void)
{
	CHECK(!allows("*: +/abcdef -/%E3%83%84", "/%e3%83%84"));
	CHECK(!allows("*: -/%E3%83%84 +/*x", "/\xe3\x83\x84x"));
}

static void
wildcards(void)
{
	CHECK(!allows("*: -/*.php", "/a/b.php?x=1"));
	CHECK(allows("*: -/*.php$", "/a/b.php?x=1"));
	CHECK(!allows("*: -/*.php$", "/a/b.php"));
	CHECK(!allows("*: -/*.php$", "/.php/.php"));
	CHECK(!allows("*: -/a*b*c", "/a1b2c3"));
	CHECK(allows("*: -/a*b*c", "/a1c2b3"));
	CHECK(!allows("*: -/a**b", "/ab"));
	CHECK(!allows("*: -*", "/"));
	CHECK(!allows("*: -/$", "/"));
	CHECK(allows("*: -/$", "/a"));
	CHECK(!allows("*: -/*$", "/anything"));
	CHECK(allows("*: -/ab*b$", "/ab"));
	CHECK(!allows("*: -/ab*b$", "/abb"));
	CHECK(allows("*: -a", "/a"));
	CHECK(!allows("*: -/?", "/?q=1"));
	CHECK(!allows("*: -/*?", "/x?q=1"));
}

static void
specials_stand_for_themselves(void)
{
	CHECK(!allows("*: -/a-%2A", "/a-*"));
	CHECK(!allows("*: -/a-%2A", "/a-%2a"));
	CHECK(allows("*: -/a-%2A", "/a-b"));
	CHECK(!allows("*: -/a-%24", "/a-$"));
	CHECK(!allows("*: -/a$b", "/a$b"));
	CHECK(!allows("*: -/a$b$", "/a%24b"));
	CHECK(allows("*: -/a$b$", "/a$bc"));
}

static void
encodings(void)
{
	CHECK(!allows("*: -/foo/bar/baz", "/foo/bar/%62%61%7A"));
	CHECK(!allows("*: -/a~b", "/a%7Eb"));
	CHECK(allows("*: -/a/b", "/a%2Fb"));
	CHECK(!allows("*: -/a%2Fb", "/a%2fb"));
	CHECK(!allows("*: -/%E3%83%84", "/\xe3\x83\x84"));
	CHECK(!allows("*: -/a%20b", "/a b"));
	CHECK(!allows("*: -/a%", "/a%"));
	CHECK(!allows("*: -/a%zz", "/a%zz"));
	CHECK(!allows("*: -/a%2", "/a%2"));
}

static void
groups_of_agents(void)
{
	const char *two = "foobot: -/foo; *: -/all; careerd foobot: -/both; "
			  "CareerD: +/both/x";

	CHECK(allows(two, "/all"));
	CHECK(allows(two, "/foo"));
	CHECK(!allows(two, "/both"));
	CHECK(allows(two, "/both/x"));
	struct robots r = rules_of(two);
	CHECK(!robots_allows(&r, "FooBot/2.1", "http://h/foo"));
	CHECK(!robots_allows(&r, "foobot", "http://h/both/x"));
	CHECK(!robots_allows(&r, "other", "http://h/all"));
	CHECK(robots_allows(&r, "other", "http://h/foo"));
	CHECK(!robots_allows(&r, "", "http://h/all"));
	/* A group without rules is one all the same. */
	CHECK(allows("*: -/; careerd:", "/a"));
}

static void
paths_of_urls(void)
{
	struct robots r = rules_of("*: -/x -/?");

	CHECK(!robots_allows(&r, "a", "http://h/x"));
	CHECK(!robots_allows(&r, "a", "http://h:8080/x"));
	CHECK(!robots_allows(&r, "a", "//h/x"));
	CHECK(!robots_allows(&r, "a", "/x"));
	CHECK(!robots_allows(&r, "a", "http://h?q"));
	CHECK(robots_allows(&r, "a", "http://h#/x"));
	CHECK(robots_allows(&r, "a", "http://h/a#/x"));
	CHECK(robots_allows(&r, "a", "http://h"));
	CHECK(robots_allows(&r, "a", "http://h/a?u=http://h/x"));
	CHECK(robots_allows(&r, "a", "/a?u=http://h/x"));
}

static void
robots_txt_itself(void)
{
	CHECK(allows("*: -/", "/robots.txt"));
	CHECK(!allows("*: -/", "/robots.txt?x"));
	CHECK(!allows("*: -/", "/a/robots.txt"));
}

static void
hostile(void)
{
	struct buf url, pattern;
	struct robots r = rules_of("*: -/x");

	/* Many asterisks over a long address end soon. */
	buf_init(&url, 1 << 20);
	buf_init(&pattern, 1 << 20);
	buf_str(&url, "http://h/");
	for (int i = 0; i < 7900; i++)
		buf_char(&url, 'a');
	buf_char(&pattern, '/');
	for (int i = 0; i < 8000; i++)
		buf_str(&pattern, "*a");
	buf_str(&pattern, "*b");
	rules[0].pattern = pattern.data;
	for (int i = 0; i < 100; i++)
		CHECK(robots_allows(&r, "a", url.data));
	/* What is too long to judge is not asked for. */
	rules[0].pattern = "/x";
	for (int i = 0; i < 30000; i++)
		buf_char(&url, 'a');
	CHECK(!robots_allows(&r, "a", url.data));
	buf_fini(&url);
	buf_fini(&pattern);
}

static void
crawl_delays(void)
{
	struct robots r =
	    rules_of("*: ~9 -/a; careerd: ~2; careerd: ~5; b: -/");

	CHECK_INT(robots_crawl_delay_ms(&r, "careerd"), 5000);
	CHECK_INT(robots_crawl_delay_ms(&r, "other"), 9000);
	CHECK_INT(robots_crawl_delay_ms(&r, "b"), -1);
}

static void
verdicts(void)
{
	static const struct {
		enum fetch_result result;
		int status, redirects;
		enum robots_state want;
	} v[] = {
		{ FETCH_OK, 200, 0, ROBOTS_RULES },
		{ FETCH_OK, 204, 0, ROBOTS_RULES },
		{ FETCH_OK, 200, 5, ROBOTS_RULES },
		{ FETCH_OK, 200, 6, ROBOTS_DISALLOW_ALL },
		{ FETCH_UNCHANGED, 304, 0, ROBOTS_RULES },
		{ FETCH_MOVED, 301, 6, ROBOTS_DISALLOW_ALL },
		{ FETCH_MOVED, 301, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_STATUS, 400, 0, ROBOTS_ALLOW_ALL },
		{ FETCH_STATUS, 401, 0, ROBOTS_ALLOW_ALL },
		{ FETCH_STATUS, 403, 0, ROBOTS_ALLOW_ALL },
		{ FETCH_STATUS, 404, 5, ROBOTS_ALLOW_ALL },
		{ FETCH_STATUS, 404, 6, ROBOTS_DISALLOW_ALL },
		{ FETCH_STATUS, 410, 0, ROBOTS_ALLOW_ALL },
		{ FETCH_STATUS, 429, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_STATUS, 500, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_STATUS, 503, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_STATUS, 304, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_TIMEOUT, 0, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_DNS, 0, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_TLS, 0, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_CONNECT, 0, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_BROKEN, 200, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_BROKEN, 404, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_REFUSED, 0, 0, ROBOTS_DISALLOW_ALL },
		{ FETCH_LOST, 0, 0, ROBOTS_DISALLOW_ALL },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		struct fetched f = { .result = v[i].result,
			.status = v[i].status };

		CHECK_INT(robots_verdict(&f, v[i].redirects), v[i].want);
	}
}

TESTS(TEST(longest_rule_wins), TEST(octets_are_counted), TEST(wildcards),
    TEST(specials_stand_for_themselves), TEST(encodings),
    TEST(groups_of_agents), TEST(paths_of_urls), TEST(robots_txt_itself),
    TEST(hostile), TEST(crawl_delays), TEST(verdicts))
