/* JSON that pages carry in their scripts. */
#include "reading.h"

#define HEAD                                                        \
	"source: t\nurl: https://x.example/jobs/\nformat: script\n" \
	"jobs: $.jobs[*]\nfields: { title: $.t, url: $.u }\n"

#define JOBS "{\"jobs\":[{\"t\":\"Cook\",\"u\":\"/1\"}]}"

/* The page, and the title that must come of it; NULL: the reason. */
static const struct {
	const char *script, *page, *title, *reason;
	enum extract_result result;
} pages[] = {
	{ "'#data'", "<script id=data type=application/json>" JOBS "</script>",
	    "Cook", NULL, EXTRACT_OK },
	{ "'#data'",
	    "<p>x<script id=data>\n//<![CDATA[\nwindow.a = window.a || {};\n"
	    "window.b = " JOBS ";\nvar c = {};\n//]]></script>",
	    "Cook", NULL, EXTRACT_OK },
	{ "'#data'", "<script id=data>var jobs = {\"jobs\":[]};</script>", NULL,
	    "", EXTRACT_OK },
	/* A bracket in a string ends nothing; nor does what follows. */
	{ "/window\\.X\\s*=\\s*/",
	    "<script>window.X = {\"jobs\":[{\"t\":\"Co}];\\\\\","
	    "\"u\":\"/1\"}]};window.Y = {\"a\": 1};</script>",
	    "Co}];\\", NULL, EXTRACT_OK },
	{ "/window\\.X = (\\{.*?\\});/s",
	    "<script>window.X = {\"jobs\":[{\"t\":\"Co};ok\",\n"
	    "\"u\":\"/1\"}]};</script>",
	    "Co};ok", NULL, EXTRACT_OK },
	{ "/JSON\\.parse/",
	    "<script>x = JSON.parse(\"{\\\"jobs\\\":[{\\\"t\\\":\\\"C\\u00f4"
	    "k \\\\\\\"1\\\\\\\"\\\",\\\"u\\\":\\\"\\/1\\\"}]}\")</script>",
	    "C\xc3\xb4k \"1\"", NULL, EXTRACT_OK },
	{ "'/payload: \"(.*?)\"/'",
	    "<script>f({payload: \"{\\\"jobs\\\":[{\\\"t\\\":\\\"Cook\\\","
	    "\\\"u\\\":\\\"\\x2f1\\\"}]}\"})</script>",
	    "Cook", NULL, EXTRACT_OK },
	{ "'#app@data-page'",
	    "<div id=app data-page='{&quot;jobs&quot;:[{&quot;t&quot;:"
	    "&quot;Cook&quot;,&quot;u&quot;:&quot;/1&quot;}]}'></div>",
	    "Cook", NULL, EXTRACT_OK },
	{ "'#data'",
	    "<script id=data>{&quot;jobs&quot;:[{&quot;t&quot;:"
	    "&quot;Cook&quot;,&quot;u&quot;:&quot;/1&quot;}]}</script>",
	    "Cook", NULL, EXTRACT_OK },
	{ "code#data", "<code id=data><!--" JOBS "--></code>", "Cook", NULL,
	    EXTRACT_OK },
	{ "code#data",
	    "<code id=data>{\"jobs\":[{\"t\":\"C &amp;amp; K\","
	    "\"u\":\"/1\"}]}</code>",
	    "C & K", NULL, EXTRACT_OK },
	/* Of several the first that holds JSON. */
	{ "script",
	    "<script>f(function() { return 1 })</script><script>g(" JOBS
	    ")</script>",
	    "Cook", NULL, EXTRACT_OK },
	{ "//script[@id='data']/text()", "<script id=data>" JOBS "</script>",
	    "Cook", NULL, EXTRACT_OK },
	{ "'#data'", "<script id=other>" JOBS "</script>", NULL,
	    "the page has no '#data'", EXTRACT_NOT_FORMAT },
	{ "'#data'", "<title>Just a moment...</title>", NULL,
	    "the page has no '#data': challenge", EXTRACT_WALL },
	{ "/window.X =/", "<p>none", NULL, "the page has no '/window.X =/'",
	    EXTRACT_NOT_FORMAT },
	{ "/window.X =/", "<script>window.X = f();</script>", NULL,
	    "JSON in '/window.X =/': there is none behind it",
	    EXTRACT_MALFORMED },
	{ "'#data'", "<script id=data>{\"jobs\":[{\"t\":\"C</script>", NULL,
	    "JSON in '#data': its last bracket is missing", EXTRACT_MALFORMED },
	{ "'#data'", "<script id=data>{jobs: []}</script>", NULL,
	    "JSON in '#data': byte 1: expected '\"' or '}'",
	    EXTRACT_MALFORMED },
	{ "'#data'", "<script id=data>{\"list\":[]}</script>", NULL,
	    "JSON without 'jobs'", EXTRACT_NOT_FORMAT },
};

static void
json_is_found(void)
{
	struct read r = { 0 };

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		char yaml[400];

		snprintf(
		    yaml, sizeof(yaml), HEAD "script: %s\n", pages[i].script);
		read_with(&r, yaml, pages[i].page);
		CHECK_INT(r.extracted.result, pages[i].result);
		CHECK_INT(r.n, pages[i].title != NULL);
		if (r.n == 1) {
			CHECK_STR(r.postings[0].title, pages[i].title);
			CHECK_STR(r.postings[0].url, "https://x.example/1");
		} else {
			CHECK_STR(r.extracted.reason, pages[i].reason);
		}
	}
	read_done(&r);
}

/* Paging and details may ask the markup as well as the JSON. */
static void
markup_and_json(void)
{
	struct read r = { 0 };

	read_with(&r,
	    HEAD "script: '#data'\n"
		 "pages: { next: 'a.next@href', max: 9 }\n"
		 "expect: { total: $.total }\n"
		 "detail:\n  url: '{job.url}'\n"
		 "  fields: { description: $.text, salary: .pay, team: h2 }\n",
	    "<script id=data>{\"total\":7,\"jobs\":[{\"t\":\"Cook\","
	    "\"u\":\"/1\"}]}</script><a class=next href=?p=2>more</a>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.extracted.next, "https://x.example/jobs/?p=2");
	CHECK_INT(r.extracted.total, 7);
	r.kind = REQUEST_DETAIL;
	read_page(&r, "<h2>Kitchen</h2><p class=pay>50000 EUR</p>"
		      "<script id=data>{\"text\":\"Boil\"}</script>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].description, "Boil");
	CHECK(r.postings[0].salary.min == 50000);
	CHECK_STR(r.postings[0].metadata[0].value, "Kitchen");
	r.kind = REQUEST_LIST;
	read_done(&r);
}

/* Many beginnings, none of which is JSON, cost no more than a few walks. */
static void
beginnings_without_end(void)
{
	static const char *const parts[] = { "x={", "x=\"{", "JSON.parse('[",
		"({\\\"" };
	struct read r = { 0 };
	size_t size = 4 * 1024 * 1024;
	char *page = malloc(size + 100);

	for (size_t i = 0; i < 4; i++) {
		size_t n = 0;

		n += (size_t)sprintf(page, "<script id=data>");
		while (n < size)
			n += (size_t)sprintf(page + n, "%s", parts[i]);
		CHECK(read_source(&r, HEAD "script: '#data'\n"));
		read_page_n(&r, page, n);
		CHECK_INT(r.extracted.result, EXTRACT_MALFORMED);
		CHECK(r.extracted.cpu_us < 1000 * 1000 * check_slower());
	}
	free(page);
	read_done(&r);
}

/* A pattern that would run for ever is stopped and named. */
static void
slow_pattern(void)
{
	struct read r = { 0 };
	size_t n = 1024 * 1024;
	char *page = malloc(n);

	memset(page, 'a', n);
	CHECK(read_source(&r, HEAD "script: '/(a+)+[bc]/'\n"));
	read_page_n(&r, page, n);
	CHECK_INT(r.extracted.result, EXTRACT_TOO_BIG);
	CHECK_STR(r.extracted.reason,
	    "the pattern '/(a+)+[bc]/' takes too long on this page");
	CHECK(r.extracted.cpu_us < 1000 * 1000 * check_slower());
	free(page);
	read_done(&r);
}

static void
faults(void)
{
	struct read r = { 0 };

	CHECK(!read_source(&r, HEAD "script: '/(/'\n"));
	CHECK_STR(r.fault,
	    "6:9: '/(/' is not a regular expression: missing closing "
	    "parenthesis at character 2");
	CHECK(!read_source(&r, HEAD "script: '#a >'\n"));
	CHECK_STR(r.fault,
	    "6:9: '#a >' is not a CSS selector: unexpected end at character "
	    "5");
	read_done(&r);
}

TESTS(TEST(json_is_found), TEST(markup_and_json), TEST(beginnings_without_end),
    TEST(slow_pattern), TEST(faults))
