#include "reading.h"

static const char cards[] = "source: cards\n"
			    "url: https://x.example/jobs/\n"
			    "format: html\n"
			    "jobs: li.job\n"
			    "pages: { next: a.next, max: 10 }\n"
			    "fields:\n"
			    "  external_id: \"@data-id\"\n"
			    "  title: h4\n"
			    "  url: \"h4 a@href\"\n"
			    "  company: .//b[1]\n"
			    "  location: span.place\n"
			    "  posted_date: { path: time, as: date }\n"
			    "  apply_url: { path: a.apply, as: url }\n"
			    "expect: { total: \".count\" }\n"
			    "detail:\n"
			    "  url: \"{job.url}\"\n"
			    "  format: html\n"
			    "  fields:\n"
			    "    description: { path: \"#text\", as: html }\n"
			    "    requirements: { path: ul.need, as: list }\n"
			    "    salary: { path: dd.pay, as: salary }\n";

static const char list[] =
    "<!doctype html><html><head><title>Jobs</title>"
    "<script>var x = '<li class=job>';</script></head><body>"
    "<p class=count>1-2 of 1,204 jobs</p><ul>"
    "<li class='job new' data-id=7><h4><a href='/j/7?a=1&amp;b=2'>Baker"
    "<br>Nights</a></h4><b>Acme</b><span class=place>Oslo, Norway</span>"
    "<time datetime=2025-11-20>last week</time><a class=apply href=/go>Go</a>"
    "<li class=job data-id=8><h4><a href=8>Cook &amp; Chef</a></h4>"
    "<b> B  Ltd </b><!-- <b>no</b> --><time>20 Nov 2025</time>"
    "<li class=advert>Buy"
    "</ul><a class=next href='?page=2'>More</a></body></html>";

static void
postings(void)
{
	struct read r = { 0 };

	read_with(&r, cards, list);
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].external_id, "7");
	CHECK_STR(r.postings[0].title, "Baker Nights");
	CHECK_STR(r.postings[0].url, "https://x.example/j/7?a=1&b=2");
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[0].location, "Oslo, Norway");
	CHECK_STR(r.postings[0].apply_url, "https://x.example/go");
	CHECK_STR(r.postings[0].detail_url, "https://x.example/j/7?a=1&b=2");
	CHECK_INT(r.postings[0].posted.ms, INT64_C(1763596800000));
	CHECK_STR(r.postings[1].title, "Cook & Chef");
	CHECK_STR(r.postings[1].url, "https://x.example/jobs/8");
	CHECK_STR(r.postings[1].company, "B Ltd");
	CHECK_INT(r.postings[1].posted.ms, INT64_C(1763596800000));
	CHECK_INT(r.extracted.total, 1204);
	CHECK_STR(r.extracted.next, "https://x.example/jobs/?page=2");
	read_done(&r);
}

static void
detail(void)
{
	struct read r = { .kind = REQUEST_DETAIL };

	read_with(&r, cards,
	    "<html><body><div id=text><h2>Work</h2><p>Bake <b>bread</b>."
	    "<script>x()</script><ul><li>Ovens<li>Flour</ul></div>"
	    "<ul class=need><li>Strong arms<li>No &lt;fear&gt;</ul>"
	    "<dl><dt>Pay<dd class=pay>\xe2\x82\xac"
	    "50,000 - \xe2\x82\xac"
	    "60,000 a year</dl>");
	CHECK_INT(r.n, 1);
	CHECK(r.postings[0].title == NULL);
	CHECK_STR(
	    r.postings[0].description, "Work\n\nBake bread.\n- Ovens\n- Flour");
	CHECK(strncmp(r.postings[0].description_html, "<h2>Work</h2><p>Bake",
		  20) == 0);
	CHECK_INT(r.postings[0].nrequirements, 2);
	CHECK_STR(r.postings[0].requirements[1], "No <fear>");
	CHECK(r.postings[0].salary.min == 50000);
	CHECK_STR(r.postings[0].salary.currency, "EUR");
	read_done(&r);
}

static void
base_and_charset(void)
{
	struct read r = { .content_type = "text/html; charset=iso-8859-1" };

	read_with(&r, cards,
	    "<base href='https://cdn.example/de/'><ul><li class=job data-id=1>"
	    "<h4><a href=b>B\xe4"
	    "cker</a></h4></ul>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].title, "B\xc3\xa4"
				       "cker");
	CHECK_STR(r.postings[0].url, "https://cdn.example/de/b");
	read_done(&r);
}

static void
walls(void)
{
	struct read r = { 0 };

	read_with(&r, cards, "<html><div class=g-recaptcha></div>");
	CHECK_INT(r.extracted.result, EXTRACT_WALL);
	CHECK(strstr(r.extracted.reason, "captcha") != NULL);
	read_page(&r, "");
	CHECK_STR(r.extracted.reason, "empty body");
	read_page(&r, "%PDF-1.7 ...");
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FORMAT);
	/* A page without jobs that is honest. */
	read_page(&r, "<p>No jobs today. <input type=password>");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.extracted.items, 0);
	/* Items of which none is a posting. */
	read_page(&r, "<ul><li class=job>captcha");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.extracted.refused, 1);
	/* A detail page behind a door. */
	r.kind = REQUEST_DETAIL;
	read_page(&r, "<form><input type=password></form>");
	CHECK_INT(r.extracted.result, EXTRACT_LOGIN);
	CHECK_INT(r.extracted.postings, 0);
	read_page(&r, "<div id=text>Work</div><input type=password>");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	read_done(&r);
}

/* A page that holds no jobs, by what it says it is. */
static void
pages_that_are_none(void)
{
	static const struct {
		const char *page;
		enum extract_result want;
	} v[] = {
		{ "<title>Page not found | Acme</title><p>Oops",
		    EXTRACT_NOT_FOUND },
		{ "<title>Acme</title><h1 class=x>404 <small>Nothing here"
		  "</small></h1>",
		    EXTRACT_NOT_FOUND },
		{ "<title>Seite nicht gefunden</title>", EXTRACT_NOT_FOUND },
		{ "<h1>This job board is no longer active</h1>",
		    EXTRACT_NOT_FOUND },
		{ "<title>acme.example</title><p>This domain is for sale! "
		  "Make an offer",
		    EXTRACT_PARKED },
		{ "<title>Sign in - Acme</title><form><input "
		  "type=\"password\"></form>",
		    EXTRACT_LOGIN },
		{ "<title>Attention Required! | Cloudflare</title>",
		    EXTRACT_WALL },
		{ "<h1>Please enable JavaScript and cookies</h1>",
		    EXTRACT_WALL },
		/* Honest and empty. */
		{ "<title>Careers</title><h1>No open positions</h1>",
		    EXTRACT_OK },
		{ "<title>Jobs at 14045 Acme Road</title>", EXTRACT_OK },
		{ "<title>Careers</title><a href=/login>Log in</a><input "
		  "type=password>",
		    EXTRACT_OK },
		/* With jobs, whatever else it says. */
		{ "<title>404 Group: Sign in</title><ul><li class=job "
		  "data-id=1><h4><a href=b>Cook</a></h4></ul>",
		    EXTRACT_OK },
		/* Not closed, with nothing behind. */
		{ "<title>Not found", EXTRACT_NOT_FOUND },
		{ "<title", EXTRACT_OK },
		{ "<h1><b", EXTRACT_OK },
	};
	struct read r = { 0 };

	read_with(&r, cards, "<p>");
	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		read_page(&r, v[i].page);
		if (r.extracted.result != v[i].want)
			printf("%s: %s\n", v[i].page, r.extracted.reason);
		CHECK_INT(r.extracted.result, v[i].want);
	}
	read_page(&r, "<title>Page not found | Acme</title>");
	CHECK_STR(r.extracted.reason,
	    "an HTML page without postings: it says 'Page not found | Acme'");
	read_done(&r);
}

/* Tables without tbody, cells without end tags, a form across rows. */
static void
tables(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: t\nurl: https://x.example/\nformat: html\n"
	    "jobs: table > tbody > tr:has(td)\n"
	    "fields: { title: \"td:nth-child(2)\", url: \"a@href\", "
	    "closes_date: { path: \"td:last-child\", as: date } }\n",
	    "<table><form><tr><th>Ref<th>Title<th>Closes"
	    "<tr><td><a href=/1>A-1</a><td>Archivist<td>3 May 2026"
	    "<tr><td><a href=/2>A-2</a><td>Binder<td>9 May 2026</table>");
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[1].title, "Binder");
	CHECK_STR(r.postings[1].url, "https://x.example/2");
	CHECK_INT(r.postings[0].closes.ms, INT64_C(1777766400000));
	read_done(&r);
}

static void
fill_with(struct buf *to, const char *text, int times)
{
	buf_reset(to);
	for (int i = 0; i < times; i++)
		buf_str(to, text);
}

/* Pages made to hurt: each is read or refused, quickly. */
static void
hostile(void)
{
	static const struct {
		const char *text;
		int times;
	} pages[] = { { "<div>", 300000 }, { "<b><p>", 200000 },
		{ "</p>", 300000 }, { "<table>", 200000 },
		{ "<a href=x>", 200000 }, { "<", 4000000 }, { "<!--", 4000000 },
		{ "<svg><title>", 100000 }, { "<td><table><tr>", 100000 },
		{ "&amp;&#x41;&", 1000000 },
		{ "<li class=job><h4>x</h4><a href=/1>", 19000 },
		{ "<select><option>", 200000 }, { "<p a b c d e f>", 500000 },
		{ "</a></b></li></table></form>", 200000 },
		{ "<template>", 100000 }, { "<button><form>", 100000 } };
	struct read r = { 0 };
	struct buf page;

	buf_init(&page, 1 << 25);
	CHECK(read_source(&r, cards));
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		fill_with(&page, pages[i].text, pages[i].times);
		read_page_n(&r, page.data, page.len);
		CHECK(r.extracted.result == EXTRACT_OK ||
		      r.extracted.result == EXTRACT_TOO_BIG);
		if (r.extracted.cpu_us > 2000000)
			printf("%s: %lld us\n", pages[i].text,
			    (long long)r.extracted.cpu_us);
		read_done(&r);
		CHECK(read_source(&r, cards));
	}
	/* Twenty thousand attributes on one tag. */
	fill_with(&page, "<i", 1);
	for (int i = 0; i < 20000; i++)
		buf_printf(&page, " a%d=b", i);
	read_page_n(&r, page.data, page.len);
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	buf_fini(&page);
	read_done(&r);
}

static void
nul_and_cut(void)
{
	struct read r = { 0 };
	size_t n = strlen(list);

	CHECK(read_source(&r, cards));
	for (size_t i = 0; i < n; i++) {
		char *cut = malloc(i + 1);

		/* The sanitizer sees a read behind the end. */
		memcpy(cut, list, i);
		read_page_n(&r, cut, i);
		free(cut);
		CHECK(r.n <= 2);
	}
	read_page_n(&r, "<ul><li class=job><h4><a href=/1>A\0B</a></h4>", 46);
	CHECK_STR(r.postings[0].title, "A\xef\xbf\xbd"
				       "B");
	read_done(&r);
}

TESTS(TEST(postings), TEST(detail), TEST(base_and_charset), TEST(walls),
    TEST(pages_that_are_none), TEST(tables), TEST(hostile), TEST(nul_and_cut))
