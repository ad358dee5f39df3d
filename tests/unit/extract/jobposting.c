#include "reading.h"

static const char plain[] =
    "source: acme\nurl: https://acme.example/careers\nformat: jobposting\n";

#define LD(json) "<script type=\"application/ld+json\">" json "</script>"

static const char full[] = "<html><head>" LD(
    "{\"@context\":\"https://schema.org/\",\"@type\":\"JobPosting\","
    "\"title\":\"Baker\",\"description\":\"<p>Bake</p>\","
    "\"identifier\":{\"@type\":\"PropertyValue\",\"name\":\"Acme\","
    "\"value\":\"B-7\"},\"datePosted\":\"2025-11-20\","
    "\"validThrough\":\"2025-12-31T00:00\",\"employmentType\":[\"FULL_TIME\","
    "\"CONTRACTOR\"],\"hiringOrganization\":{\"@type\":\"Organization\","
    "\"name\":\"Acme &amp; Sons\",\"sameAs\":\"https://acme.example\"},"
    "\"jobLocation\":[{\"@type\":\"Place\",\"address\":{\"@type\":"
    "\"PostalAddress\",\"addressLocality\":\"Berlin\",\"addressRegion\":"
    "\"Berlin\",\"addressCountry\":\"Germany\"}},{\"@type\":\"Place\","
    "\"address\":{\"addressLocality\":\"Oslo\",\"addressCountry\":"
    "{\"@type\":\"Country\",\"name\":\"NO\"}}}],"
    "\"jobLocationType\":\"TELECOMMUTE\",\"baseSalary\":{\"@type\":"
    "\"MonetaryAmount\",\"currency\":\"EUR\",\"value\":{\"@type\":"
    "\"QuantitativeValue\",\"minValue\":40000,\"maxValue\":\"50000\","
    "\"unitText\":\"YEAR\"}},\"url\":\"/jobs/baker\",}") "</head></html>";

static void
linked_data(void)
{
	struct read r = { .url = "https://acme.example/careers" };

	read_with(&r, plain, full);
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].external_id, "B-7");
	CHECK_STR(r.postings[0].title, "Baker");
	CHECK_STR(r.postings[0].company, "Acme & Sons");
	CHECK_STR(r.postings[0].url, "https://acme.example/jobs/baker");
	CHECK_STR(r.postings[0].description, "Bake");
	CHECK_INT(r.postings[0].job_type, JOB_FULL_TIME);
	CHECK_INT(r.postings[0].remote, REMOTE_REMOTE);
	CHECK_INT(r.postings[0].nplaces, 2);
	CHECK(r.postings[0].salary.min == 40000);
	CHECK(r.postings[0].salary.max == 50000);
	CHECK_INT(r.postings[0].salary.period, PAY_YEAR);
	CHECK(r.postings[0].posted.date_only);
	CHECK_INT(r.postings[0].closes.ms, INT64_C(1767139200000));
	read_done(&r);
}

static void
graphs_and_lists(void)
{
	struct read r = { .url = "https://acme.example/careers" };

	read_with(&r, plain,
	    LD("{\"@graph\":[{\"@type\":\"Organization\",\"@id\":\"#org\","
	       "\"name\":\"Acme\"},{\"@type\":[\"Thing\",\"JobPosting\"],"
	       "\"title\":\"A\",\"url\":\"/a\",\"hiringOrganization\":"
	       "{\"@id\":\"#org\"}}]}")
		LD("//<![CDATA[\n{\"@type\":\"ItemList\",\"itemListElement\":["
		   "{\"@type\":\"ListItem\",\"item\":{\"@type\":"
		   "\"http://schema.org/JobPosting\",\"title\":\"B\nb\","
		   "\"identifier\":12}},{\"@type\":\"ListItem\",\"item\":"
		   "{\"@type\":\"JobPosting\",\"title\":\"C\",\"jobLocation\":"
		   "\"Oslo, Norway\",\"baseSalary\":\"\"}}]}\n//]]>")
		    LD("[{\"@type\":\"JobPosting\",\"title\":\"D\",\"url\":"
		       "\"https://acme.example/"
		       "d\",\"employmentType\":\"Part-time\"}]") LD("{broken")
			LD(""));
	CHECK_INT(r.n, 4);
	CHECK_STR(r.postings[0].title, "A");
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[1].title, "B b");
	CHECK_STR(r.postings[1].external_id, "12");
	CHECK_STR(r.postings[1].url, "https://acme.example/careers");
	CHECK_STR(r.postings[2].external_id, "C, Oslo, Norway");
	CHECK_INT(r.postings[3].job_type, JOB_PART_TIME);
	read_done(&r);
}

static void
microdata(void)
{
	struct read r = { .url = "https://acme.example/careers" };

	read_with(&r, plain,
	    "<div itemscope itemtype='https://schema.org/JobPosting'>"
	    "<meta itemprop=datePosted content=2025-11-20>"
	    "<h1 itemprop=title>Forge &amp; Anvil</h1>"
	    "<a itemprop=url href=/jobs/smith>more</a>"
	    "<span itemprop=hiringOrganization itemscope "
	    "itemtype=http://schema.org/Organization><b itemprop=name>Acme</b>"
	    "</span><div itemprop=description><p>Hot</p><ul><li>Iron</ul></div>"
	    "<div itemprop=jobLocation itemscope "
	    "itemtype=http://schema.org/Place><div itemprop=address itemscope "
	    "itemtype=http://schema.org/PostalAddress>"
	    "<span itemprop=addressLocality>Paris</span>"
	    "<span itemprop=addressCountry>France</span></div></div></div>"
	    "<div itemscope itemtype=http://schema.org/JobPosting>"
	    "<b itemprop='name title'>Nurse</b>"
	    "<link itemprop=url href=/jobs/nurse></div>");
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].title, "Forge & Anvil");
	CHECK_STR(r.postings[0].url, "https://acme.example/jobs/smith");
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[0].description, "Hot\n- Iron");
	CHECK_STR(r.postings[0].location, "Paris, France");
	CHECK_STR(r.postings[1].title, "Nurse");
	read_done(&r);
}

/* Properties that lie elsewhere, and a circle of references. */
static void
itemref(void)
{
	struct read r = { .url = "https://acme.example/careers" };

	read_with(&r, plain,
	    "<div itemscope itemtype='https://schema.org/JobPosting' "
	    "itemref='pay none  org' id=job><a itemprop=title href=/1>Baker</a>"
	    "<a itemprop=url href=/1>more</a></div>"
	    "<p id=pay>since <b itemprop=datePosted>2025-11-20</b></p>"
	    "<div id=org itemprop=hiringOrganization itemscope itemref=job "
	    "itemtype=https://schema.org/Organization><b itemprop=name>Acme</b>"
	    "<a href=/ itemprop=name><img src=x></a></div>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].title, "Baker");
	CHECK_STR(r.postings[0].url, "https://acme.example/1");
	CHECK(r.postings[0].posted.present);
	CHECK_STR(r.postings[0].company, "Acme");
	read_done(&r);
}

/* Each item of it refers to all of them. */
static void
itemref_without_end(void)
{
	struct read r = { .url = "https://acme.example/careers" };
	struct buf page;

	buf_init(&page, 65536);
	buf_str(&page,
	    "<div itemscope itemtype='https://schema.org/JobPosting' "
	    "itemref=a><b itemprop=title>Baker</b>"
	    "<a itemprop=url href=/1>more</a></div><div id=a>");
	for (int i = 0; i < 190; i++)
		buf_str(&page, "<div itemprop=x itemscope><p itemprop=y "
			       "itemscope itemref=a></p></div>");
	read_with(&r, plain, buf_cstr(&page));
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].title, "Baker");
	read_done(&r);
	buf_fini(&page);
}

/* What pages get wrong in JSON and browsers would refuse. */
static void
sloppy_json(void)
{
	static const char *const pages[] = {
		LD("{\"@type\":\"JobPosting\",\"title\":\"A\",\"url\":\"/a\","
		   "\"description\":\"one\ntwo\tthree\"}"),
		LD("<!-- for the machine -->\n{\"@type\":\"JobPosting\","
		   "\"title\":\"A\",\"url\":\"/a\"}"),
		LD("<!--\n{\"@type\":\"JobPosting\",\"title\":\"A\","
		   "\"url\":\"/a\"}\n-->"),
		LD("{\"@type\":\"JobPosting\", // kind\n\"title\":\"A\","
		   "\"url\":\"/a\",\"baseSalary\": ,\"industry\":}"),
		LD("{\"@type\":\"JobPosting\",\"title\":\"A\",\"url\":\"/a\","
		   "\"description\":\"it\\'s C:\\dir\"};"),
		LD("{&quot;@type&quot;:&quot;JobPosting&quot;,&quot;title&quot;"
		   ":&quot;A&quot;,&quot;url&quot;:&quot;/a&quot;}"),
		LD("{\"@type\":\"JobPosting\",\"title\":\"A\",\"url\":"
		   "\"/a\"}}"),
		LD("\xef\xbb\xbf{\"@type\":\"JobPosting\",\r\n\"title\":"
		   "\"A\",\r\n\"url\":\"/a\"}"),
	};
	struct read r = { .url = "https://acme.example/careers" };

	CHECK(read_source(&r, plain));
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		read_page(&r, pages[i]);
		CHECK_INT(r.n, 1);
		CHECK_STR(r.postings[0].title, "A");
		CHECK_STR(r.postings[0].url, "https://acme.example/a");
	}
	read_done(&r);
}

static void
detail(void)
{
	struct read r = { .kind = REQUEST_DETAIL,
		.url = "https://x.example/b" };

	read_with(&r,
	    "source: t\nurl: https://x.example/\nformat: html\njobs: li\n"
	    "fields: { url: a@href, title: h9 }\n"
	    "detail:\n  url: \"{job.url}\"\n  format: jobposting\n"
	    "  fields:\n    benefits: { path: ul.perks, as: list }\n",
	    LD("{\"@type\":\"JobPosting\",\"title\":\"A\","
	       "\"url\":\"https://x.example/a\"}")
		LD("{\"@type\":\"JobPosting\",\"title\":\"B\","
		   "\"url\":\"https://x.example/b\"}") "<ul "
						       "class=perks><li>Tea<li>"
						       "Cake</ul>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].title, "B");
	CHECK_INT(r.postings[0].nbenefits, 2);
	/* Without data there is still one answer. */
	read_page(&r, "<p>gone</p>");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.n, 1);
	CHECK(r.postings[0].title == NULL);
	/* The list needs no title, since the detail has one. */
	r.kind = REQUEST_LIST;
	read_page(&r, "<ul><li><a href=/a>x</a><li>y</ul>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].detail_url, "https://x.example/a");
	CHECK_INT(r.extracted.refused, 1);
	read_done(&r);
}

static void
nothing_there(void)
{
	struct read r = { 0 };

	read_with(&r, plain, "<html><body><p>Come again</p></body></html>");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.extracted.items, 0);
	read_page(&r, LD("{\"@type\":\"JobPosting\",\"title\":"));
	CHECK_INT(r.extracted.result, EXTRACT_MALFORMED);
	read_page(&r, "<div class=captcha>");
	CHECK_INT(r.extracted.result, EXTRACT_WALL);
	read_page(&r, "{\"@type\":\"JobPosting\",\"title\":\"Pure\"}");
	CHECK_INT(r.n, 1);
	read_done(&r);
}

TESTS(TEST(linked_data), TEST(graphs_and_lists), TEST(microdata), TEST(itemref),
    TEST(itemref_without_end), TEST(sloppy_json), TEST(detail),
    TEST(nothing_there))
