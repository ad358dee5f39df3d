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
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FORMAT);
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

TESTS(TEST(rss_defaults), TEST(rss_fields), TEST(atom), TEST(rdf),
    TEST(json_feed), TEST(other_xml), TEST(no_feed), TEST(broken))
