#include "reading.h"

static const char greenhouse[] =
    "source: greenhouse\n"
    "params: { board: { default: acme } }\n"
    "url: https://boards.example/v1/boards/{board}/jobs?content=true\n"
    "format: json\n"
    "jobs: $.jobs[*]\n"
    "fields:\n"
    "  external_id: $.id\n"
    "  title:       $.title\n"
    "  company:     [ $.company_name, \"{board}\" ]\n"
    "  location:    [ $.location.name, \"$.offices[*].name\" ]\n"
    "  url:         $.absolute_url\n"
    "  description: { path: $.content, as: escaped-html }\n"
    "  posted_date: { path: [ $.first_published, $.updated_at ], as: date }\n"
    "  salary: { path: \"{job.pay.currency} {job.pay.min} - {job.pay.max} "
    "per year\", as: salary }\n"
    "  tags:        \"$.tags[*]\"\n"
    "  team:        \"$.departments[*].name\"\n"
    "expect:\n"
    "  total: $.meta.total\n";

static const char board[] =
    "{\"jobs\":[{\"id\":12345678901234567890,\"title\":\" Baker &amp; Cook\","
    "\"company_name\":\"\",\"location\":{\"name\":\"Berlin, Germany\"},"
    "\"absolute_url\":\"https://boards.example/acme/jobs/1\","
    "\"content\":\"&lt;p&gt;Bread &amp;amp; more&lt;/p&gt;&lt;ul&gt;"
    "&lt;li&gt;Ovens&lt;/li&gt;&lt;/ul&gt;\","
    "\"updated_at\":\"2025-11-01T08:00:00-05:00\","
    "\"pay\":{\"currency\":\"EUR\",\"min\":50000,\"max\":60000},"
    "\"tags\":[\"food\",\"early\",\"Food\"],"
    "\"departments\":[{\"name\":\"Ovens\"},{\"name\":\"Shops\"}]},"
    "{\"id\":2,\"title\":\"Cook\",\"company_name\":\"Acme Ltd\","
    "\"location\":{\"name\":null},"
    "\"offices\":[{\"name\":\"Oslo, Norway\"},{\"name\":\"Paris, France\"}],"
    "\"absolute_url\":\"/acme/jobs/2\",\"pay\":{\"min\":null}},"
    "{\"id\":3,\"title\":\"\"}],"
    "\"meta\":{\"total\":3}}";

static void
postings(void)
{
	struct read r = { 0 };

	read_with(&r, greenhouse, board);
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_STR(r.extracted.reason, "");
	CHECK_INT(r.extracted.items, 3);
	CHECK_INT(r.extracted.refused, 1);
	CHECK_INT(r.extracted.total, 3);
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].external_id, "12345678901234567890");
	CHECK_STR(r.postings[0].title, "Baker & Cook");
	CHECK_STR(r.postings[0].company, "acme");
	CHECK_STR(r.postings[0].location, "Berlin, Germany");
	CHECK_STR(r.postings[0].url, "https://boards.example/acme/jobs/1");
	CHECK(strstr(r.postings[0].description, "Bread & more") != NULL);
	CHECK(strstr(r.postings[0].description, "- Ovens") != NULL);
	CHECK_STR(r.postings[0].description_html,
	    "<p>Bread &amp; more</p><ul><li>Ovens</li></ul>");
	CHECK_INT(r.postings[0].posted.ms, INT64_C(1762002000000));
	CHECK_INT(r.postings[0].ntags, 2);
	CHECK_INT(r.postings[0].nmetadata, 1);
	CHECK_STR(r.postings[0].metadata[0].value, "Ovens, Shops");
	CHECK_STR(r.postings[1].company, "Acme Ltd");
	CHECK_STR(r.postings[1].location, "Oslo, Norway; Paris, France");
	CHECK_STR(r.postings[1].url, "https://x.example/acme/jobs/2");
	read_done(&r);
}

static void
typed(void)
{
	struct read r = { 0 };

	read_with(&r, greenhouse, board);
	CHECK(r.postings[0].salary.present);
	CHECK(r.postings[0].salary.min == 50000);
	CHECK(r.postings[0].salary.max == 60000);
	CHECK_STR(r.postings[0].salary.currency, "EUR");
	CHECK(!r.postings[1].salary.present);
	CHECK_INT(r.postings[0].nplaces, 1);
	CHECK_STR(r.postings[0].places[0].city, "Berlin");
	CHECK_STR(r.postings[0].places[0].country, "DE");
	CHECK_INT(r.postings[1].nplaces, 2);
	CHECK_STR(r.postings[1].places[1].country, "FR");
	read_done(&r);
}

static uint32_t
fill_of(const struct read *r, const char *name)
{
	for (size_t i = 0; i < r->extracted.nfills; i++)
		if (strcmp(r->extracted.fills[i].name, name) == 0)
			return r->extracted.fills[i].found;
	return 99;
}

static void
fills_and_fingerprint(void)
{
	struct read r = { 0 };
	uint64_t first;

	read_with(&r, greenhouse, board);
	first = r.extracted.fingerprint;
	CHECK_INT(fill_of(&r, "title"), 2);
	CHECK_INT(fill_of(&r, "description"), 1);
	CHECK_INT(fill_of(&r, "team"), 1);
	read_page(&r, board);
	CHECK(r.extracted.fingerprint == first);
	read_page(&r, "{\"jobs\":[{\"id\":2,\"title\":\"Cook\"}]}");
	CHECK_INT(r.n, 1);
	CHECK(r.extracted.fingerprint != first);
	read_page(&r, "{\"jobs\":[]}");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.extracted.items, 0);
	CHECK_INT(r.extracted.total, -1);
	read_done(&r);
}

static const char workday[] =
    "source: workday\n"
    "params: { tenant: { default: acme }, site: { default: Careers } }\n"
    "request:\n"
    "  method: POST\n"
    "  url: https://{tenant}.jobs.example/wday/{tenant}/{site}/jobs\n"
    "  json: { limit: 20, offset: \"{page.offset}\" }\n"
    "format: json\n"
    "jobs: $.jobPostings[*]\n"
    "pages: { offset: 20, until: empty, max: 100 }\n"
    "fields:\n"
    "  external_id: \"$.bulletFields[0]\"\n"
    "  title:  $.title\n"
    "  url:    { path: $.externalPath, as: url, base: "
    "\"https://{tenant}.jobs.example/{site}\" }\n"
    "  location: $.locationsText\n"
    "  posted_date: { path: $.postedOn, as: date }\n"
    "detail:\n"
    "  url: https://{tenant}.jobs.example/wday/{site}{job.externalPath}\n"
    "  format: json\n"
    "  fields:\n"
    "    description: { path: $.info.text, as: html }\n";

static void
detail(void)
{
	struct read r = { 0 };

	read_with(&r, workday,
	    "{\"total\":1,\"jobPostings\":[{\"title\":\"Fitter\","
	    "\"externalPath\":\"/job/Oslo/Fitter_R-1\","
	    "\"locationsText\":\"Oslo\",\"postedOn\":\"Posted 3 Days Ago\","
	    "\"bulletFields\":[\"R-1\"]}]}");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].external_id, "R-1");
	CHECK_STR(r.postings[0].url,
	    "https://acme.jobs.example/Careers/job/Oslo/Fitter_R-1");
	CHECK_STR(r.postings[0].detail_url,
	    "https://acme.jobs.example/wday/Careers/job/Oslo/Fitter_R-1");
	CHECK(r.postings[0].posted.present);
	CHECK_INT(r.postings[0].posted.ms / 86400000,
	    INT64_C(1764000000000) / 86400000 - 3);
	r.kind = REQUEST_DETAIL;
	read_page(&r, "{\"info\":{\"text\":\"<p>Weld<br>it</p>\"}}");
	CHECK_INT(r.n, 1);
	CHECK(r.postings[0].title == NULL);
	CHECK_STR(r.postings[0].description_html, "<p>Weld<br>it</p>");
	CHECK_STR(r.postings[0].description, "Weld\nit");
	read_done(&r);
}

/* What is posted for a detail is written as its kind needs it. */
static void
posted_detail(void)
{
	static const char head[] =
	    "source: t\nurl: https://x.example/\nformat: json\njobs: $[*]\n"
	    "params: { board: { default: a&b } }\n"
	    "fields: { external_id: $.id, title: $.t }\n"
	    "detail:\n  fields: { description: $.d }\n  request:\n"
	    "    url: https://x.example/job\n    ";
	static const char page[] = "[{\"id\":7,\"t\":\"\\\"Cook\\\" & Co\"},"
				   "{\"id\":8,\"t\":\"\"}]";
	char yaml[600];
	struct read r = { 0 };

	snprintf(yaml, sizeof(yaml), "%s%s", head,
	    "json: { v: { id: '{job.id}', n: 1, b: '{board}', t: '{job.t}' } "
	    "}\n");
	read_with(&r, yaml, page);
	CHECK_STR(r.source->detail.method, "POST");
	CHECK_STR(r.postings[0].detail_url, "https://x.example/job");
	CHECK_STR(r.postings[0].detail_body,
	    "{\"v\":{\"id\":\"7\",\"n\":1,\"b\":\"a&b\","
	    "\"t\":\"\\\"Cook\\\" & Co\"}}");
	snprintf(yaml, sizeof(yaml), "%s%s", head,
	    "body: 'id={job.id}&b={board}&t={job.t}'\n");
	read_with(&r, yaml, page);
	CHECK_STR(
	    r.postings[0].detail_body, "id=7&b=a%26b&t=%22Cook%22%20%26%20Co");
	/* A body with a hole in it is not sent. */
	snprintf(yaml, sizeof(yaml), "%s%s", head, "body: '{job.x}'\n");
	read_with(&r, yaml, page);
	CHECK(r.postings[0].detail_url == NULL);
	read_done(&r);
}

static void
rules(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: t\nurl: https://x.example/\nformat: json\njobs: $[*]\n"
	    "fields:\n"
	    "  external_id: $.id\n"
	    "  url: https://x.example/{job.id}\n"
	    "  title: { re: \"^(.+) \\\\(\", from: name }\n"
	    "  name: $.name\n"
	    "  remote: { path: $.r, as: remote, map: { \"true\": remote, "
	    "\"false\": \"\" } }\n"
	    "  job_type: { path: $.type, as: job-type, default: full-time }\n"
	    "  tags: { path: $.words, as: list, split: ',' }\n"
	    "  hot: { path: $.hot, as: bool }\n"
	    "  kind: { const: sample }\n",
	    "[{\"id\":\"a b\",\"name\":\"Cook (m/f)\",\"r\":true,"
	    "\"words\":\"x, y,,x\",\"hot\":\"Yes\"},"
	    "{\"id\":2,\"name\":\"Chef (x)\",\"r\":false,\"type\":\"Part "
	    "time\"}]");
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].title, "Cook");
	CHECK_STR(r.postings[0].url, "https://x.example/a%20b");
	CHECK_INT(r.postings[0].remote, REMOTE_REMOTE);
	CHECK_INT(r.postings[1].remote, REMOTE_NONE);
	CHECK_INT(r.postings[0].job_type, JOB_FULL_TIME);
	CHECK_INT(r.postings[1].job_type, JOB_PART_TIME);
	CHECK_INT(r.postings[0].ntags, 2);
	CHECK_STR(r.postings[0].tags[1], "y");
	CHECK_INT(r.postings[0].nmetadata, 3);
	read_done(&r);
}

/* A field may come from one that comes from another. */
static void
from_field_to_field(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: t\nurl: https://x.example/\nformat: json\njobs: $[*]\n"
	    "fields:\n"
	    "  external_id: { re: '[0-9]+', from: code }\n"
	    "  code: { re: 'id=(.+)$', from: line }\n"
	    "  line: { from: all }\n"
	    "  all: $.x\n"
	    "  title: $.t\n",
	    "[{\"t\":\"Cook\",\"x\":\"a 5 id=x-77\"},{\"t\":\"Chef\"}]");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].external_id, "77");
	CHECK_STR(r.postings[0].metadata[0].value, "x-77");
	read_done(&r);
}

static void
paging(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: t\nurl: \"https://x.example/?c={page.cursor}\"\n"
	    "format: json\njobs: $.j[*]\n"
	    "pages: { cursor: $.next, until: $.last, max: 9 }\n"
	    "fields: { title: $.t, url: $.u }\n",
	    "{\"j\":[],\"next\":\"abc==\",\"last\":false}");
	CHECK_STR(r.extracted.next, "abc==");
	CHECK(!r.extracted.until);
	read_page(&r, "{\"j\":[],\"next\":null,\"last\":true}");
	CHECK(r.extracted.next == NULL);
	CHECK(r.extracted.until);
	read_done(&r);
}

static void
no_json(void)
{
	struct read r = { 0 };

	read_with(&r, greenhouse, "");
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FORMAT);
	CHECK_STR(r.extracted.reason, "empty body");
	read_page(&r, " \n ");
	CHECK_STR(r.extracted.reason, "empty body");
	read_page(&r, "<!DOCTYPE html><title>Just a moment...</title>");
	CHECK_INT(r.extracted.result, EXTRACT_WALL);
	CHECK_STR(
	    r.extracted.reason, "an HTML page instead of JSON: challenge");
	read_page(&r, "<html><form><input type=\"password\"></form>");
	CHECK_INT(r.extracted.result, EXTRACT_LOGIN);
	CHECK_STR(r.extracted.reason, "an HTML page instead of JSON: log-in");
	read_page(&r, "<html><p>Hello");
	CHECK_INT(r.extracted.result, EXTRACT_HTML);
	CHECK_STR(r.extracted.reason, "an HTML page instead of JSON");
	read_page(&r, "<html><title>Seite nicht gefunden</title>");
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FOUND);
	read_page(&r, "<html>buy this domain");
	CHECK_INT(r.extracted.result, EXTRACT_PARKED);
	read_page(&r, "busy, come again");
	CHECK_STR(r.extracted.reason, "not JSON");
	read_page(&r, "{\"jobs\":[{\"id\":1,\"title\":\"Coo");
	CHECK_INT(r.extracted.result, EXTRACT_MALFORMED);
	CHECK_STR(r.extracted.reason, "JSON: byte 29: cut off");
	read_done(&r);
}

/* "No jobs" and "could not look" are not the same. */
static void
no_list(void)
{
	struct read r = { 0 };

	read_with(&r, greenhouse, "{\"jobs\":null}");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.extracted.items, 0);
	read_page(&r, "{\"status\":404,\"error\":\"Job board not found\"}");
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FOUND);
	CHECK_STR(
	    r.extracted.reason, "JSON without 'jobs': Job board not found");
	read_page(&r, "[]");
	CHECK_INT(r.extracted.result, EXTRACT_NOT_FORMAT);
	CHECK_STR(r.extracted.reason, "JSON without 'jobs'");
	read_done(&r);
}

static void
odd_bytes(void)
{
	struct read r = { 0 };
	static const char utf16[] =
	    "\xff\xfe{\0\"\0j\0o\0b\0s\0\"\0:\0[\0]\0}\0";

	read_with(&r, greenhouse,
	    ")]}',\n{\"jobs\":[{\"id\":1,\"title\":\"B\xe4"
	    "cker\","
	    "\"absolute_url\":\"https://x.example/1\"}]}");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_STR(r.postings[0].title, "B\xef\xbf\xbd"
				       "cker");
	r.content_type = "application/json; charset=iso-8859-1";
	read_page(&r, "{\"jobs\":[{\"id\":1,\"title\":\"B\xe4"
		      "cker\"}]}");
	CHECK_STR(r.postings[0].title, "B\xc3\xa4"
				       "cker");
	r.content_type = NULL;
	read_page_n(&r, utf16, sizeof(utf16) - 1);
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	read_page_n(&r, "{\"jobs\":[\0]}", 12);
	CHECK_INT(r.extracted.result, EXTRACT_MALFORMED);
	read_done(&r);
}

static void
too_much(void)
{
	struct read r = { 0 };
	struct buf body;

	buf_init(&body, 1 << 24);
	buf_str(&body, "{\"jobs\":[0");
	for (int i = 0; i < LIMIT_PAGE_POSTINGS; i++)
		buf_str(&body, ",{}");
	buf_str(&body, "]}");
	read_with(&r, greenhouse, body.data);
	CHECK_INT(r.extracted.result, EXTRACT_TOO_BIG);
	buf_reset(&body);
	for (int i = 0; i < 3000; i++)
		buf_str(&body, "{\"jobs\":[");
	read_page(&r, body.data);
	CHECK_INT(r.extracted.result, EXTRACT_MALFORMED);
	buf_fini(&body);
	read_done(&r);
}

static void
selector_faults(void)
{
	struct read r = { 0 };

	CHECK(!read_source(&r,
	    "source: t\nurl: https://x.example/\nformat: json\njobs: $.j[*\n"
	    "fields:\n  title: $.t\n  url: $.u\n"));
	CHECK_STR(r.fault,
	    "4:7: '$.j[*' is not a JSONPath: expected ',' or ']' at "
	    "character 6");
	CHECK(!read_source(&r,
	    "source: t\nurl: https://x.example/\nformat: html\njobs: li\n"
	    "fields:\n  title: h2 >> a\n  url: a\n"));
	CHECK_STR(r.fault,
	    "6:10: 'h2 >> a' is not a CSS selector: unexpected '>' at "
	    "character 5");
	CHECK(!read_source(&r,
	    "source: t\nurl: https://x.example/\nformat: html\njobs: //li[\n"
	    "fields:\n  title: h2\n  url: a\n"));
	CHECK(strncmp(r.fault, "4:7: '//li[' is not an XPath: ", 30) == 0);
	CHECK(!read_source(&r,
	    "source: t\nurl: https://x.example/\nformat: json\njobs: $[*]\n"
	    "fields:\n  title: { re: '(a' }\n  url: $.u\n"));
	CHECK(strstr(r.fault, "'(a' is not a regular expression: ") != NULL);
	read_done(&r);
}

/* Lists of alternatives taken whole, the document's own words, places. */
static void
whole(void)
{
	struct read r = { 0 };

	read_with(&r,
	    "source: t\nurl: https://x.example/\nformat: json\njobs: "
	    "$.jobs[*]\n"
	    "fields:\n"
	    "  external_id: $.id\n"
	    "  title: $.name\n"
	    "  company: $$.name\n"
	    "  description:\n"
	    "    path: [ $.intro, '<h3>{job.head}</h3>', '$.parts[*].text' ]\n"
	    "    all: true\n"
	    "  location: { path: [ $.place, '$.more[*]' ], all: true }\n"
	    "  posted_date: { path: $.at, as: date, order: day-first }\n"
	    "  closes_date: { path: $.until, as: date, order: month-first }\n"
	    "  url: { path: '/at/{job.id}', re: '^(.+)/1', as: url }\n"
	    "  tags: { re: '^([A-Z])', path: '$.more[*].name' }\n"
	    "  benefits: { path: $.perks, as: html }\n"
	    "  team: [ $.team, $.kind ]\n"
	    "  second: '{job.more.1.name}'\n"
	    "  fifth: '{job.more.4.name}{job.more.x.name}'\n",
	    "{\"name\":\"Acme\",\"jobs\":[{\"id\":1,\"name\":\"Cook\","
	    "\"perks\":\"<p>Yours:</p><ul><li>A desk</li><li>Tea &amp; "
	    "cake</li></ul>\",\"team\":{\"id\":null,\"name\":[\"\"]},"
	    "\"kind\":\"cook\","
	    "\"intro\":\"<p>One</p>\",\"head\":\"Two\",\"parts\":["
	    "{\"text\":\"<p>Three</p>\"},{\"text\":null},"
	    "{\"text\":\"<p>Four</p>\"}],"
	    "\"place\":{\"city\":\"Halifax\",\"state\":\"England\","
	    "\"country\":\"United Kingdom\"},"
	    "\"more\":[{\"name\":\"Lyon\",\"countryCode\":\"FR\"},"
	    "{\"name\":\"Remote\"},{\"city\":\"Oslo\",\"country\":null}],"
	    "\"at\":\"03/04/2026\",\"until\":\"03/04/2026\"},"
	    "{\"id\":2,\"name\":\"Chef\",\"parts\":[],\"more\":[],"
	    "\"place\":{}}]}");
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[1].company, "Acme");
	CHECK_STR(r.postings[0].description, "One\n\nTwo\n\nThree\n\nFour");
	CHECK(r.postings[1].description == NULL);
	CHECK_STR(r.postings[0].location,
	    "Halifax, England, United Kingdom; Lyon, FR; Remote; Oslo");
	CHECK_INT(r.postings[0].nplaces, 3);
	CHECK_STR(r.postings[0].places[0].city, "Halifax");
	CHECK_STR(r.postings[0].places[1].country, "FR");
	CHECK_INT(r.postings[0].remote, REMOTE_REMOTE);
	CHECK(r.postings[1].location == NULL);
	CHECK_STR(r.postings[0].url, "https://x.example/at");
	CHECK(r.postings[1].url == NULL);
	CHECK_INT(r.postings[0].ntags, 2);
	CHECK_STR(r.postings[0].tags[1], "R");
	CHECK_INT(r.postings[0].nbenefits, 3);
	CHECK_STR(r.postings[0].benefits[0], "Yours:");
	CHECK_STR(r.postings[0].benefits[2], "Tea & cake");
	CHECK_INT(r.postings[0].nmetadata, 2);
	CHECK_STR(r.postings[0].metadata[0].value, "cook");
	CHECK_STR(r.postings[0].metadata[1].value, "Remote");
	CHECK_INT(r.postings[0].posted.ms, INT64_C(1775174400000));
	CHECK_INT(r.postings[0].closes.ms, INT64_C(1772582400000));
	read_done(&r);
}

TESTS(TEST(postings), TEST(typed), TEST(fills_and_fingerprint), TEST(detail),
    TEST(posted_detail), TEST(rules), TEST(from_field_to_field), TEST(whole),
    TEST(paging), TEST(no_json), TEST(no_list), TEST(odd_bytes), TEST(too_much),
    TEST(selector_faults))
