/* robots.txt: the grammar, the limits, and conformance with plan's half. */
#include "base/limits.h"
#include "extract/extract.h"
#include "plan/plan.h"
#include "vectors.h"

static struct arena *arena;

static struct robots *
parsed(const char *text, size_t n)
{
	if (arena == NULL)
		arena = arena_new(64L * 1024 * 1024);
	arena_reset(arena);
	return robots_parse(arena, text, n);
}

static struct robots *
of(const char *text)
{
	return parsed(text, strlen(text));
}

static void
groups(void)
{
	struct robots *r = of("Allow: /early\n"
			      "User-agent: One\nSitemap: x\nuser-AGENT : two \n"
			      "Disallow: /a # why\n\nAllow:/b\n"
			      "User-agent: *\nDisallow:\n"
			      "User-agent: three\nDisallow: /c\n");

	CHECK_INT(r->ngroups, 3);
	CHECK_INT(r->groups[0].nagents, 2);
	CHECK_STR(r->groups[0].agents[0], "one");
	CHECK_STR(r->groups[0].agents[1], "two");
	CHECK_INT(r->groups[0].nrules, 2);
	CHECK_STR(r->groups[0].rules[0].pattern, "/a");
	CHECK(!r->groups[0].rules[0].allow);
	CHECK_STR(r->groups[0].rules[1].pattern, "/b");
	CHECK(r->groups[0].rules[1].allow);
	CHECK_INT(r->groups[1].nrules, 0);
	CHECK_STR(r->groups[1].agents[0], "*");
	CHECK_STR(r->groups[2].agents[0], "three");
	CHECK_INT(r->groups[2].crawl_delay_ms, -1);
}

static void
agents(void)
{
	struct robots *r = of("User-agent: FooBot/2.1\nUser-agent: Foo Bar\n"
			      "User agent: no\nUser-agent\nDisallow: /\n");

	CHECK_INT(r->ngroups, 1);
	CHECK_INT(r->groups[0].nagents, 2);
	CHECK_STR(r->groups[0].agents[0], "foobot");
	CHECK_STR(r->groups[0].agents[1], "foo");
}

static void
patterns(void)
{
	struct robots *r = of("user-agent: a\ndisallow: /%62%c3%a4%2a%7E%\n"
			      "disallow: /\xe3\x83\x84*$\nallow: /%zz%4\n");

	CHECK_INT(r->groups[0].nrules, 3);
	CHECK_STR(r->groups[0].rules[0].pattern, "/b%C3%A4%2A~%");
	CHECK_STR(r->groups[0].rules[1].pattern, "/%E3%83%84*$");
	CHECK_STR(r->groups[0].rules[2].pattern, "/%zz%4");
	r = parsed("user-agent: a\ndisallow: /\0x y\n", 30);
	CHECK_STR(r->groups[0].rules[0].pattern, "/%00x%20y");
}

static int64_t
delay(const char *value)
{
	char text[200];

	snprintf(text, sizeof(text),
	    "Crawl-delay: 9\nUser-agent: a\nCrawl-delay: %s\nDisallow: /\n",
	    value);
	return of(text)->groups[0].crawl_delay_ms;
}

static void
delays(void)
{
	CHECK_INT(delay("10"), 10000);
	CHECK_INT(delay("0.5"), 500);
	CHECK_INT(delay("1.2345 # often"), 1234);
	CHECK_INT(delay("0"), 0);
	CHECK_INT(delay("-1"), -1);
	CHECK_INT(delay("ten"), -1);
	CHECK_INT(delay("5s"), -1);
	CHECK_INT(delay(""), -1);
	CHECK_INT(delay("99999999999999999999"), 86400000);
	CHECK_INT(delay("2\ncrawl-delay: 1"), 2000);
}

static void
line_ends(void)
{
	static const char *const texts[] = {
		"\xef\xbb\xbfUser-agent: a\rDisallow: /x\r",
		"User-agent: a\r\n\r\nDisallow: /x\r\n",
		"User-agent: a\n\n\nDisallow: /x",
	};

	for (size_t i = 0; i < 3; i++) {
		struct robots *r = of(texts[i]);
		CHECK_INT(r->ngroups, 1);
		CHECK_INT(r->groups[0].nrules, 1);
		CHECK_STR(r->groups[0].rules[0].pattern, "/x");
	}
	CHECK_INT(of("")->ngroups, 0);
	CHECK_INT(of("User-agent: a\n\xef\xbb\xbf"
		     "Disallow: /x\n")
		      ->groups[0]
		      .nrules,
	    0);
}

/* A rule that ends with the last byte allowed counts; a cut one does not. */
static void
limit(void)
{
	static const char rule[] = "Disallow: /last";
	size_t size = LIMIT_ROBOTS_BYTES + 4000, at;
	char *text = malloc(size);

	for (int over = -1; over <= 1; over++) {
		struct robots *r;

		memset(text, '#', size);
		memcpy(text, "User-agent: a\n", 14);
		at = LIMIT_ROBOTS_BYTES + (size_t)over - strlen(rule);
		text[at - 1] = '\n';
		memcpy(text + at, rule, strlen(rule));
		text[at + strlen(rule)] = '\n';
		memcpy(text + at + strlen(rule) + 1, "Disallow: /b\n", 13);
		r = parsed(text, size);
		CHECK_INT(r->ngroups, 1);
		CHECK_INT(r->groups[0].nrules, over <= 0 ? 1 : 0);
	}
	free(text);
}

/* UTF-8 of code points below 256 back to bytes; their number. */
static size_t
latin1(const char *from, char *to)
{
	size_t n = 0;

	for (; *from != '\0'; from++) {
		unsigned char c = (unsigned char)*from;
		if (c >= 0x80)
			c = (unsigned char)(c << 6 |
					    ((unsigned char)*++from & 0x3f));
		to[n++] = (char)c;
	}
	return n;
}

static void
vectors(void)
{
	struct json *all = vectors_load("robots-vectors.json");
	const struct json *cases = json_get(all, "cases");
	size_t right = 0, asked = 0;

	for (size_t i = 0; i < json_size(cases); i++) {
		const struct json *c = json_at(cases, i);
		const char *text = json_get_text(c, "robots");
		char *copy = malloc(strlen(text) + 1);
		size_t n = strlen(text);
		bool got;

		memcpy(copy, text, n);
		if (json_get_text(c, "robots_encoding") != NULL)
			n = latin1(text, copy);
		if (!json_get_true(c, "google_only")) {
			got = robots_allows(parsed(copy, n),
			    json_get_text(c, "agent"), json_get_text(c, "url"));
			asked++;
			if (got == json_get_true(c, "rfc9309"))
				right++;
			else
				printf("%s\n", json_get_text(c, "id"));
		}
		free(copy);
	}
	json_free(all);
	printf("table: robots vectors: %zu of %zu\n", right, asked);
	CHECK_INT(right, asked);
}

TESTS(TEST(groups), TEST(agents), TEST(patterns), TEST(delays), TEST(line_ends),
    TEST(limit), TEST(vectors))
