#include "reading.h"

static const char plain[] =
    "source: f\nurl: https://x.example/jobs.rss\nformat: feed\n";

static const char rss[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
    "xmlns:tt=\"https://teamtailor.com/locations\" "
    "xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">"
    "<channel><title>Jobs</title><link>https://x.example/</link>"
    "<item><title>Acme: Baker &amp;amp; Cook</title>"
    "<link>https://x.example/j/1?a=1&amp;b=2</link>"
    "<guid isPermaLink=\"false\">id-1</guid>"
    "<pubDate>Thu, 20 Nov 2025 08:00:00 +0000</pubDate>"
    "<description>short</description>"
    "<content:encoded><![CDATA[<p>Bake &amp; <b>cook</b></p>]]>"
    "</content:encoded>"
    "<dc:creator>Acme GmbH</dc:creator><category>Food</category>"
    "<category><![CDATA[Night & day]]></category>"
    "<tt:city>Oslo</tt:city><region>Anywhere</region></item>"
    "<item><title><![CDATA[Bolt: Chef]]></title>"
    "<guid>https://x.example/j/2</guid>"
    "<description>&lt;p&gt;Hot&lt;br&gt;plates&lt;/p&gt;</description>"
    "</item></channel></rss>";

static void
rss_defaults(void)
{
	struct read r = { 0 };

	read_with(&r, plain, rss);
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].external_id, "id-1");
	CHECK_STR(r.postings[0].title, "Acme: Baker & Cook");
	CHECK_STR(r.postings[0].url, "https://x.example/j/1?a=1&b=2");
	CHECK_STR(r.postings[0].company, "Acme GmbH");
	CHECK_STR(r.postings[0].description, "Bake & cook");
	CHECK_STR(
	    r.postings[0].description_html, "<p>Bake &amp; <b>cook</b></p>");
	CHECK_INT(r.postings[0].posted.ms, INT64_C(1763625600000));
	CHECK_INT(r.postings[0].ntags, 2);
	CHECK_STR(r.postings[0].tags[1], "Night & day");
	CHECK_STR(r.postings[1].title, "Bolt: Chef");
	CHECK_STR(r.postings[1].url, "https://x.example/j/2");
	CHECK_STR(r.postings[1].description, "Hot\nplates");
	read_done(&r);
}

static void
rss_fields(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: f\nurl: https://x.example/jobs.rss\nformat: feed\n"
	    "fields:\n"
	    "  company: { re: \"^([^:]+): (.+)$\", group: 1, from: title }\n"
	    "  title:   { re: \"^([^:]+): (.+)$\", group: 2, from: title }\n"
	    "  location: [ tt:city, region ]\n"
	    "  area: region\n"
	    "  first: ./category[1]\n"
	    "  ns: ./tt:city\n",
	    rss);
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[0].title, "Baker & Cook");
	CHECK_STR(r.postings[0].location, "Oslo");
	CHECK_INT(r.postings[0].nmetadata, 3);
	CHECK_STR(r.postings[0].metadata[0].value, "Anywhere");
	CHECK_STR(r.postings[0].metadata[1].value, "Food");
	CHECK_STR(r.postings[0].metadata[2].value, "Oslo");
	CHECK_STR(r.postings[1].company, "Bolt");
	CHECK_STR(r.postings[1].title, "Chef");
	read_done(&r);
}

static void
atom(void)
{
	struct read r = { 0 };

	read_with(&r, plain,
	    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Jobs</title>"
	    "<entry><title type=\"html\">Cook &amp;amp; Chef</title>"
	    "<id>urn:1</id><link rel=\"self\" href=\"/self\"/>"
	    "<link rel=\"alternate\" href=\"/j/1\"/>"
	    "<updated>2025-11-21T00:00:00Z</updated>"
	    "<published>2025-11-20T08:00:00Z</published>"
	    "<author><name>Acme</name></author>"
	    "<category term=\"food\" label=\"Food\"/>"
	    "<content type=\"xhtml\"><div><p>A</p><p>B</p></div></content>"
	    "</entry></feed>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].external_id, "urn:1");
	CHECK_STR(r.postings[0].title, "Cook & Chef");
	CHECK_STR(r.postings[0].url, "https://x.example/j/1");
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[0].tags[0], "Food");
	CHECK_INT(r.postings[0].posted.ms, INT64_C(1763625600000));
	CHECK(strncmp(r.postings[0].description, "A\n", 2) == 0);
	read_done(&r);
}

static void
rdf(void)
{
	struct read r = { 0 };

	read_with(&r, plain,
	    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
	    " xmlns=\"http://purl.org/rss/1.0/\"><channel rdf:about=\"u\">"
	    "<items><rdf:Seq/></items></channel>"
	    "<item rdf:about=\"https://x.example/3\"><title>Smith</title>"
	    "<link>https://x.example/3</link>"
	    "<dc:date>2025-11-20</dc:date></item></rdf:RDF>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].external_id, "https://x.example/3");
	CHECK_STR(r.postings[0].title, "Smith");
	CHECK(r.postings[0].posted.date_only);
	read_done(&r);
}

static void
json_feed(void)
{
	struct read r = { 0 };

	read_with(&r, plain,
	    "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":["
	    "{\"id\":\"9\",\"url\":\"https://x.example/9\",\"title\":\"Nurse\","
	    "\"content_html\":\"<p>Care</p>\",\"tags\":[\"health\"],"
	    "\"authors\":[{\"name\":\"Clinic\"}],"
	    "\"date_published\":\"2025-11-20T08:00:00Z\"}]}");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].external_id, "9");
	CHECK_STR(r.postings[0].company, "Clinic");
	CHECK_STR(r.postings[0].description_html, "<p>Care</p>");
	CHECK_STR(r.postings[0].tags[0], "health");
	read_page(&r, "{\"a\":1}");
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FORMAT);
	read_done(&r);
}

/* Prefixes are what the document says they are. */
static void
namespaces(void)
{
	struct read r = { 0 };

	read_with(&r, plain,
	    "<r:RDF xmlns:r=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
	    "xmlns:f=\"http://purl.org/rss/1.0/\" "
	    "xmlns:d=\"http://purl.org/dc/elements/1.1/\" "
	    "xmlns:o=\"https://x.example/own\">"
	    "<f:item><o:title>wrong</o:title><f:title>Cook</f:title>"
	    "<f:link>https://x.example/1</f:link><d:creator>Acme</d:creator>"
	    "<d:date>2025-11-20</d:date></f:item></r:RDF>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].title, "Cook");
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK(r.postings[0].posted.present);
	read_page(&r,
	    "<rss xmlns:a10=\"http://www.w3.org/2005/Atom\"><channel><item>"
	    "<title>Chef</title><link>/2</link><a10:author><a10:name>Bolt"
	    "</a10:name></a10:author><a10:updated>2025-11-20T08:00:00Z"
	    "</a10:updated></item></channel></rss>");
	CHECK_STR(r.postings[0].company, "Bolt");
	CHECK_INT(r.postings[0].posted.ms, INT64_C(1763625600000));
	read_done(&r);
}

static void
authors(void)
{
	static const struct {
		const char *author, *company;
	} cases[] = {
		{ "jobs@acme.example (Acme Inc.)", "Acme Inc." },
		{ "Acme Inc. (jobs@acme.example)", "Acme Inc." },
		{ "Acme &lt;jobs@acme.example&gt;", "Acme" },
		{ "jobs@acme.example", NULL },
		{ "@", NULL },
		{ "(@)", NULL },
	};
	struct read r = { 0 };
	char page[300];

	CHECK(read_source(&r, plain));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(page, sizeof(page),
		    "<rss><channel><item><title>A</title><link>/1</link>"
		    "<author>%s</author></item></channel></rss>",
		    cases[i].author);
		read_page(&r, page);
		CHECK_STR(r.postings[0].company, cases[i].company);
	}
	read_done(&r);
}

/* xml:base, base64, markup in titles, links that are none. */
static void
atom_habits(void)
{
	struct read r = { 0 };

	read_with(&r, plain,
	    "<feed xmlns=\"http://www.w3.org/2005/Atom\" "
	    "xml:base=\"https://y.example/a/\"><entry xml:base=\"b/\">"
	    "<id>1</id><title type=\"html\">&lt;b>Senior&lt;/b> C "
	    "&lt;T></title>"
	    "<link href=\"\"/><link href=\"j/1\"/>"
	    "<content type=\"application/octet-stream\">\n"
	    "PHA+SGk8L3A+\n</content></entry></feed>");
	CHECK_STR(r.postings[0].title, "Senior C");
	CHECK_STR(r.postings[0].url, "https://y.example/a/b/j/1");
	CHECK_STR(r.postings[0].description_html, "<p>Hi</p>");
	read_page(&r, "<rss><channel><item><title>List&lt;T> &amp; co</title>"
		      "<guid isPermaLink=\"false\">https://x.example/1</guid>"
		      "</item></channel></rss>");
	CHECK_STR(r.postings[0].title, "List<T> & co");
	CHECK_STR(r.postings[0].url, NULL);
	read_done(&r);
}

/* Markup escaped once more than needed, and text that only looks like it. */
static void
escaped_again(void)
{
	static const struct {
		const char *description, *text, *html;
	} cases[] = {
		{ "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\n\nTwo",
		    "<p>One</p><p>Two</p>" },
		{ "&amp;lt;p&amp;gt;A &amp;amp;amp; B&amp;lt;/p&amp;gt;",
		    "A & B", "<p>A &amp; B</p>" },
		{ "<![CDATA[&lt;ul&gt;&lt;li&gt;One&lt;/ul&gt;]]>", "- One",
		    "<ul><li>One</ul>" },
		{ "&lt;code&gt;&amp;lt;br /&gt;&lt;/code&gt;", "<br />",
		    "<code>&lt;br /></code>" },
		{ "vector&amp;lt;int&amp;gt; &amp;amp; a &amp;lt; b",
		    "vector<int> & a < b", NULL },
	};
	struct read r = { 0 };
	char page[400];

	CHECK(read_source(&r, plain));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(page, sizeof(page),
		    "<rss><channel><item><title>A</title><link>/1</link>"
		    "<description>%s</description></item></channel></rss>",
		    cases[i].description);
		read_page(&r, page);
		CHECK_STR(r.postings[0].description, cases[i].text);
		CHECK_STR(r.postings[0].description_html, cases[i].html);
	}
	read_done(&r);
}

/* A list in the depth of a document that is no feed. */
static void
deep_list(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: f\nurl: https://x.example/xml\nformat: feed\n"
	    "jobs: job\nfields: { external_id: id, title: name }\n",
	    "<export><meta><id>0</id></meta><group><job><id>1</id><name>A"
	    "</name></job></group><group><job><id>2</id><name>B</name></job>"
	    "</group></export>");
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[1].title, "B");
	read_done(&r);
}

/* XML that is no feed, whose fields the source names. */
static void
other_xml(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: f\nurl: https://x.example/xml\nformat: feed\n"
	    "fields:\n  external_id: id\n  title: name\n"
	    "  location: office\n  company: subcompany\n"
	    "  url: https://x.example/job/{job.external_id}\n"
	    "  description: { path: jobDescription > value, as: html }\n",
	    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><workzag-jobs>"
	    "<position><id>5</id><name>K\xf6"
	    "chin</name><office>Bonn, Germany"
	    "</office><jobDescriptions><jobDescription><name>Job</name><value>"
	    "<![CDATA[<p>One</p>]]></value></jobDescription><jobDescription>"
	    "<name>You</name><value><![CDATA[<p>Two</p>]]></value>"
	    "</jobDescription></jobDescriptions></position></workzag-jobs>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].title, "K\xc3\xb6"
				       "chin");
	CHECK_STR(r.postings[0].url, "https://x.example/job/5");
	CHECK_STR(r.postings[0].description_html, "<p>One</p>\n<p>Two</p>");
	read_done(&r);
}

static void
no_feed(void)
{
	struct read r = { 0 };

	read_with(&r, plain, "<!doctype html><title>Access Denied</title>");
	CHECK_INT(r.extracted.result, EXTRACT_WALL);
	CHECK_STR(r.extracted.reason,
	    "an HTML page instead of a feed: access denied");
	read_page(&r, "<catalog><thing/></catalog>");
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FORMAT);
	read_page(&r, "oops");
	CHECK_STR(r.extracted.reason, "not a feed");
	/* A bomb of entities, and a file that should be read in. */
	read_page(&r,
	    "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"ha\">"
	    "<!ENTITY b \"&a;&a;&a;\">]><rss><channel><item><title>&b;</title>"
	    "</item></channel></rss>");
	CHECK_INT(r.extracted.result, EXTRACT_MALFORMED);
	read_page(&r,
	    "<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>"
	    "<rss><channel><item><title>&x;</title></item></channel></rss>");
	CHECK_INT(r.extracted.result, EXTRACT_MALFORMED);
	/* An innocent DOCTYPE. */
	read_page(&r,
	    "<!DOCTYPE rss PUBLIC \"-//Netscape//DTD RSS 0.91//EN\" \"x\">"
	    "<rss><channel><item><title>A&nbsp;B &x;</title><link>/1</link>"
	    "</item></channel></rss>");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].title, "A B &x;");
	read_done(&r);
}

/* What is cut off or not well-formed is read as far as it goes. */
static void
broken(void)
{
	struct read r = { 0 };
	size_t n = strlen(rss);

	CHECK(read_source(&r, plain));
	for (size_t i = 0; i < n; i++) {
		char *cut = malloc(i + 1);

		memcpy(cut, rss, i);
		read_page_n(&r, cut, i);
		free(cut);
	}
	read_page(&r,
	    "<rss><channel><item><title>A & B < C</title><link>/1</link>"
	    "<item><title>No end<link>/2</link></item></channel>");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_STR(r.postings[0].title, "A & B < C");
	read_done(&r);
}

/* A selector for jobs says which of a feed's items they are. */
static void
some_items(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: f\nurl: https://x.example/jobs.rss\nformat: feed\n"
	    "jobs: 'item:has(> category)'\n",
	    rss);
	CHECK_INT(r.extracted.items, 1);
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].external_id, "id-1");
	CHECK_STR(r.postings[0].description, "Bake & cook");
	read_with(&r,
	    "source: f\nurl: https://x.example/jobs.json\nformat: feed\n"
	    "jobs: $.items[?@.tags]\n",
	    "{\"version\":\"https://jsonfeed.org/version/1.1\","
	    "\"items\":[{\"id\":\"1\",\"title\":\"Cook\",\"tags\":"
	    "[\"a\"]},{\"id\":\"2\",\"title\":\"Baker\"}]}");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].title, "Cook");
	read_done(&r);
}

TESTS(TEST(rss_defaults), TEST(rss_fields), TEST(some_items), TEST(atom),
    TEST(rdf), TEST(json_feed), TEST(namespaces), TEST(authors),
    TEST(atom_habits), TEST(escaped_again), TEST(deep_list), TEST(other_xml),
    TEST(no_feed), TEST(broken))
