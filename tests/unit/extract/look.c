/*
 * A look at a page: the cards and fields that are guessed, where it leads,
 * and what is no list of jobs.
 */
#include "base/limits.h"
#include "check.h"
#include "extract/extract.h"

#define NOW_MS INT64_C(1795521600000) /* 2026-11-24 */

static struct json *
look(const char *html)
{
	struct arena *arena = arena_new(LIMIT_PAGE_MEMORY_BYTES);
	struct page page = { .url = "https://acme.example/careers",
		.content_type = "text/html; charset=utf-8",
		.now_ms = NOW_MS };
	struct json *answer = extract_look(arena, &page, html, strlen(html));

	arena_free(arena);
	return answer;
}

/* "li.job 3: title=h3 url=a@href", or "-". */
static char *
cards_text(const struct json *answer)
{
	static char text[2000];
	const struct json *cards = json_get(answer, "cards");
	const struct json *fields = json_get(cards, "fields");
	size_t n;

	if (!json_is_object(cards))
		return strcpy(text, "-");
	n = (size_t)snprintf(text, sizeof(text),
	    "%s %lld%s:", json_get_text(cards, "jobs"),
	    (long long)json_get_i64(cards, "found", 0),
	    json_get_true(cards, "linkless") ? " linkless" : "");
	for (size_t i = 0; i < json_size(fields); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, " %s=%s",
		    json_get_text(json_at(fields, i), "field"),
		    json_get_text(json_at(fields, i), "selector"));
	return text;
}

#define NAV                                                          \
	"<nav><ul><li><a href=/>Home</a><li><a href=/jobs/>Jobs</a>" \
	"<li><a href=/about>About</a><li><a href=/blog>Blog</a></ul></nav>"
#define CARD(n, title, place)                                              \
	"<li class='job odd'><h3><a href='/jobs/" n "'>" title "</a></h3>" \
	"<span class='job-place'>" place "</span>"                         \
	"<time datetime='2026-11-0" n "'>some days ago</time></li>"

static const struct {
	const char *html, *cards;
} pages[] = {
	/* a list with classes, beside a menu and a footer */
	{ NAV "<main><ul class=list>" CARD("1", "Senior Engineer",
	      "Berlin, Germany") CARD("2", "Office Manager", "Hamburg, Germany")
		CARD("3", "Accountant", "Remote") CARD("4", "Miller",
		    "Paris, France") "</ul></main>"
				     "<footer><a href=/jobs/5>Data Analyst</a>"
				     "<a href=/jobs/6>Data Engineer</a><a "
				     "href=/jobs/7>Tester</a>"
				     "</footer>",
	    "li.job 4: title=a posted_date=time@datetime "
	    "location=.job-place url=a@href" },
	/* a table without classes */
	{ "<table><tr><th>Role<th>City<th>Type</tr>"
	  "<tr><td><a href=/vacancies/a-1>Nurse</a><td>Leeds, UK<td>Part-time"
	  "<tr><td><a href=/vacancies/b-2>Driver</a><td>York, UK<td>Full-time"
	  "<tr><td><a href=/vacancies/c-3>Teacher</a><td>Hull, UK<td>Full-time"
	  "</table>",
	    "tbody > tr:has(a[href]) 3: title=a location=td:nth-child(2) "
	    "job_type=td:nth-child(3) url=a@href" },
	/* links that are cards, in sections */
	{ "<section class=team><h2>Engineering</h2>"
	  "<a class=opening href=/jobs/11><p class=opening-title>C Developer"
	  "</p><p>Oslo, Norway</p></a>"
	  "<a class=opening href=/jobs/12><p class=opening-title>Java "
	  "Developer</p><p>Bergen, Norway</p></a></section>"
	  "<section class=team><h2>Sales</h2><a class=opening href=/jobs/13>"
	  "<p class=opening-title>Key Account Manager</p><p>Oslo, Norway</p>"
	  "</a></section>",
	    "a.opening 3: title=.opening-title location=p:nth-child(2) "
	    "url=@href" },
	/* names that a build tool made, and an id on each card */
	{ "<div class=JobCard_card__x7Yz2 data-job-id=9001><h2>"
	  "<a href=/p/senior-dev-9001>Senior Developer</a></h2><div "
	  "class=JobCard_company__aB1cD>Initech</div></div>"
	  "<div class=JobCard_card__x7Yz2 data-job-id=9007><h2>"
	  "<a href=/p/ui-designer-9007>UI Designer</a></h2><div "
	  "class=JobCard_company__aB1cD>Globex</div></div>"
	  "<div class=JobCard_card__x7Yz2 data-job-id=9011><h2>"
	  "<a href=/p/head-of-sales-9011>Head of Sales</a></h2><div "
	  "class=JobCard_company__aB1cD>Hooli</div></div>",
	    "div[data-job-id] 3: title=a "
	    "company=[class*=\"JobCard_company__\"] external_id=@data-job-id "
	    "url=a@href" },
	/* employers are told by where their names lead; numbers that pass */
	{ "<div class=entry data-track-id=Zx81 data-urn=job:71><h4>"
	  "<a href=/job/71>Plumber</a></h4><p><a href=/company/globex>Globex"
	  "</a></p></div>"
	  "<div class=entry data-track-id=Qp02 data-urn=job:90><h4>"
	  "<a href=/job/90>Sales Assistant</a></h4><p><a href=/company/hooli>"
	  "Hooli</a></p></div>"
	  "<div class=entry data-track-id=Lk77 data-urn=job:12><h4>"
	  "<a href=/job/12>Data Engineer</a></h4><p><a href=/company/acme-1>"
	  "Acme</a></p></div>",
	    "div.entry 3: title=a company=p a external_id=@data-urn "
	    "url=a@href" },
	/* jobs without pages of their own */
	{ "<div><h3>Welder</h3><p>We make things of steel.</p></div>"
	  "<div><h3>Sales Manager</h3><p>Graz, Austria</p></div>"
	  "<div><h3>Software Developer</h3><p>Linz, Austria</p></div>"
	  "<div><h3>Technician</h3><p>Wels, Austria</p></div>",
	    "div:has(> h3) 4 linkless: title=h3 location=p" },
	/* none of these is a list of jobs */
	{ NAV "<p>We have no openings now.</p>", "-" },
	{ "<article><h2><a href=/2026/a-1>How we brew coffee</a></h2>"
	  "</article><article><h2><a href=/2026/b-2>Ten years of us</a></h2>"
	  "</article><article><h2><a href=/2026/c-3>A walk in the woods</a>"
	  "</h2></article>",
	    "-" },
	{ "", "-" },
};

static void
cards(void)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct json *answer = look(pages[i].html);

		CHECK_STR(cards_text(answer), pages[i].cards);
		json_free(answer);
	}
}

static void
head(void)
{
	struct json *answer = look(
	    "<html><head><title>Jobs at Acme</title>"
	    "<meta property=og:site_name content=' Acme  Ltd '>"
	    "<link rel='feed alternate' type=application/rss+xml href=/f.xml "
	    "title='Acme jobs'><link rel=stylesheet href=/s.css>"
	    "<link rel=alternate hreflang=de href=/de>"
	    "<script type=application/ld+json>[{\"@type\":\"JobPosting\","
	    "\"title\":\"A\"},{\"@type\":\"JobPosting\",\"title\":\"B\"}]"
	    "</script></head><body>text</body></html>");
	const struct json *feeds = json_get(answer, "feeds");

	CHECK_STR(json_get_text(answer, "kind"), "html");
	CHECK_STR(json_get_text(answer, "title"), "Jobs at Acme");
	CHECK_STR(json_get_text(answer, "site"), "Acme Ltd");
	CHECK_INT(json_get_i64(answer, "postings", 0), 2);
	CHECK_INT(json_size(feeds), 1);
	CHECK_STR(json_get_text(json_at(feeds, 0), "url"),
	    "https://acme.example/f.xml");
	CHECK_STR(json_get_text(json_at(feeds, 0), "title"), "Acme jobs");
	json_free(answer);
}

static void
addresses(void)
{
	static const char *const want[] = {
		"script https://cdn.example/embed.js?for=acme",
		"script https://acme.boards.example/",
		"script https://api.example/v1/acme",
		"script https://frames.example/acme",
		"frame https://jobs.example/acme",
		"link https://other.example/jobs/1",
	};
	struct json *answer = look(
	    "<script src='//cdn.example/embed.js?for=acme'></script>"
	    "<div id=b data-domain=acme.boards.example data-x=1.5></div>"
	    "<script>var a = \"https:\\/\\/api.example\\/v1\\/acme\"; // x\n"
	    "load('//frames.example/acme');</script>"
	    "<iframe src=https://jobs.example/acme></iframe>"
	    "<a href=https://other.example/jobs/1>a</a>"
	    "<a href=https://other.example/jobs/1>again</a>"
	    "<a href=/own>own</a><a href='mailto:a@b.example'>mail</a>");
	const struct json *list = json_get(answer, "addresses");
	char text[200];

	CHECK_INT(json_size(list), sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < json_size(list); i++) {
		snprintf(text, sizeof(text), "%s %s",
		    json_get_text(json_at(list, i), "by"),
		    json_get_text(json_at(list, i), "url"));
		CHECK_STR(text, want[i]);
	}
	json_free(answer);
}

static void
kinds(void)
{
	static const struct {
		const char *body, *kind;
	} cases[] = { { " \n", "empty" }, { "%PDF-1.7 x", "pdf" },
		{ "PK\003\004x", "file" }, { "\x89PNG\r\n", "file" },
		{ "\xef\xbb\xbf{\"a\": 1}", "json" }, { "[1]", "json" },
		{ "<?xml version='1.0'?><rss version='2.0'/>", "feed" },
		{ "<feed xmlns='http://www.w3.org/2005/Atom'/>", "feed" },
		{ "<?xml version='1.0'?><jobs><job/></jobs>", "xml" },
		{ "<?xml version='1.0'?><!DOCTYPE html><html/>", "html" },
		{ "no markup", "text" }, { "<p>markup", "html" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json *answer = look(cases[i].body);

		CHECK_STR(json_get_text(answer, "kind"), cases[i].kind);
		json_free(answer);
	}
}

/* Text repeated after a head. */
static char *
page_of(const char *head, const char *each, int n)
{
	size_t length = strlen(head), one = strlen(each);
	char *text = malloc(length + one * (size_t)n + 1), *p = text + length;

	memcpy(text, head, length);
	for (int i = 0; i < n; i++, p += one)
		memcpy(p, each, one);
	*p = '\0';
	return text;
}

/* What costs too much is left out, and nothing ends the worker. */
static void
hostile(void)
{
	static const struct {
		const char *head, *each;
		int n;
	} cases[] = {
		{ "", "<div class='a b c d e f'>", 100000 },
		{ "<ul>", "<li><a href=/jobs/1>Engineer</a>", 50000 },
		{ "<div ", "data-a=1 ", 20000 },
		{ "<a href=/jobs/1>", "Engineer in Berlin, Germany. ", 100000 },
		{ "<h2>Engineer</h2>", "<h2>Engineer", 50000 },
		{ "<script>", "'//a.example/b' ", 50000 },
		{ "<p class='", "x", 500000 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = page_of(cases[i].head, cases[i].each, cases[i].n);
		struct json *answer = look(text);

		CHECK_STR(json_get_text(answer, "kind"), "html");
		json_free(answer);
		free(text);
	}
}

TESTS(TEST(cards), TEST(head), TEST(addresses), TEST(kinds), TEST(hostile))
