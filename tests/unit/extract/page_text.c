/* Pages of plain text, cut by patterns. */
#include "reading.h"

#define HEAD "source: t\nurl: https://x.example/\nformat: text\n"

static const char page[] =
    "Jobs of the week\r\n"
    "Cook | Acme | Berlin | https://a.example/1\r\n"
    "   pay: 40000 EUR\r\n"
    "Baker &amp; Chef | Initech | | https://a.example/2\r\n"
    "page 2: https://x.example/p2\r\n"
    "2 of 1,204 jobs\r\n";

static void
groups_by_name(void)
{
	struct read r = { 0 };

	read_with(&r,
	    HEAD "jobs: '/^(?<title>.+) \\| (?<company>.+) \\| (?<location>.*)"
		 "\\| (?<url>\\S+)(?:\\n {3}pay: (?<salary>.+))?$/'\n",
	    page);
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].title, "Cook");
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[0].places[0].country, "DE");
	CHECK_STR(r.postings[0].url, "https://a.example/1");
	CHECK(r.postings[0].salary.min == 40000);
	CHECK_STR(r.postings[1].title, "Baker & Chef");
	CHECK(r.postings[1].location == NULL);
	CHECK(!r.postings[1].salary.present);
	CHECK_INT(r.extracted.nfills, 5);
	CHECK_STR(r.extracted.fills[0].name, "title");
	CHECK_INT(r.extracted.fills[0].found, 2);
	CHECK_INT(r.extracted.fills[4].found, 1);
	read_done(&r);
}

static void
fields(void)
{
	struct read r = { 0 };

	read_with(&r,
	    HEAD "jobs: '/^(.+?) \\| (?<who>.+?) \\| (.*?)\\| (.+)$/'\n"
		 "pages: { next: '/page \\d+: (\\S+)/', max: 9 }\n"
		 "expect: { total: '/of (.+) jobs/' }\n"
		 "fields:\n"
		 "  title: [ '/^(Cook)/', $1 ]\n"
		 "  company: $who\n"
		 "  location: { group: 3 }\n"
		 "  url: { path: '/https:\\S+/' }\n"
		 "  external_id: { re: '[0-9]+$', from: url }\n"
		 "  words: '/[a-z]{3,}/i'\n"
		 "  note: '{job.who} asks'\n",
	    page);
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].title, "Cook");
	CHECK_STR(r.postings[1].title, "Baker & Chef");
	CHECK_STR(r.postings[1].company, "Initech");
	CHECK_STR(r.postings[0].location, "Berlin");
	CHECK_STR(r.postings[1].external_id, "2");
	CHECK_STR(r.postings[0].metadata[0].value, "Acme");
	CHECK_STR(r.postings[0].metadata[1].value,
	    "Cook, Acme, Berlin, https, example");
	CHECK_STR(r.postings[0].metadata[2].value, "Acme asks");
	CHECK_STR(r.extracted.next, "https://x.example/p2");
	CHECK_INT(r.extracted.total, 1204);
	read_done(&r);
}

static void
detail(void)
{
	struct read r = { 0 };

	read_with(&r,
	    HEAD "jobs: '/(?<title>\\w+) (?<url>\\S+)/'\n"
		 "detail:\n  url: '{job.url}'\n  format: text\n  fields:\n"
		 "    company: '/^Company: (.+)/'\n"
		 "    description: '/---\\n(.*)/s'\n",
	    "Cook /1");
	CHECK_STR(r.postings[0].detail_url, "https://x.example/1");
	r.kind = REQUEST_DETAIL;
	read_page(&r, "x\nCompany: Acme\n---\nBoil.\n\nAnd fry.\n");
	CHECK_INT(r.n, 1);
	CHECK_STR(r.postings[0].company, "Acme");
	CHECK_STR(r.postings[0].description, "Boil.\n\nAnd fry.");
	r.kind = REQUEST_LIST;
	read_done(&r);
}

static void
odd_texts(void)
{
	static const char bytes[] = "Caf\xe9|/1\nB\xe4"
				    "cker|/2\n";
	struct read r = { 0 };

	CHECK(read_source(&r, HEAD "jobs: '/(?<title>\\w+)\\|(?<url>.*)/'\n"));
	read_page_n(&r, bytes, sizeof(bytes) - 1);
	CHECK_INT(r.n, 2);
	CHECK_STR(r.postings[0].title, "Caf\xc3\xa9");
	read_page(&r, "nothing");
	CHECK_INT(r.extracted.result, EXTRACT_OK);
	CHECK_INT(r.n, 0);
	read_page(&r, "<html><title>Access denied</title>");
	CHECK_INT(r.extracted.result, EXTRACT_WALL);
	/* Matches of nothing end, too. */
	CHECK(read_source(&r, HEAD "jobs: '/(?<title>x*)(?<url>)/'\n"));
	read_page(&r, "a\xc3\xa4xxb");
	CHECK_INT(r.extracted.items, 5);
	CHECK_INT(r.n, 0);
	read_done(&r);
}

/* One search that never ends, and many that each take long. */
static void
slow_patterns(void)
{
	static const char *const patterns[] = { "(a+)+[bc]", "a(?=.*[bc])",
		"(?<title>a)(?<url>b*?)(?=(a|aa)+$)" };
	struct read r = { 0 };
	size_t n = 1024 * 1024;
	char *text = malloc(n);

	memset(text, 'a', n);
	for (size_t i = 0; i < 3; i++) {
		char yaml[300];

		snprintf(yaml, sizeof(yaml),
		    HEAD "jobs: '/%s/'\nfields: { title: '/./', url: '/./' }\n",
		    patterns[i]);
		CHECK(read_source(&r, yaml));
		read_page_n(&r, text, n);
		CHECK_INT(r.extracted.result, EXTRACT_TOO_BIG);
		CHECK(r.extracted.cpu_us < 2000 * 1000 * check_slower());
	}
	free(text);
	read_done(&r);
}

static void
faults(void)
{
	struct read r = { 0 };

	CHECK(!read_source(
	    &r, HEAD "jobs: li\nfields: { title: '/a/', url: '/b/' }\n"));
	CHECK_STR(r.fault,
	    "4:7: 'li' is not a pattern: it stands between slashes, such as "
	    "/^Title: (.+)$/, with i, m, s or x behind, or names a group of "
	    "jobs, such as $1");
	CHECK(!read_source(
	    &r, HEAD "jobs: '/(a)/'\nfields: { title: $2, url: '/b/' }\n"));
	CHECK_STR(
	    r.fault, "5:18: '$2' is not a pattern: jobs has 1 groups only");
	CHECK(!read_source(
	    &r, HEAD "jobs: '/(a)/'\nfields: { title: $name, url: '/b/' }\n"));
	CHECK_STR(r.fault,
	    "5:18: '$name' is not a pattern: jobs has no group of that name");
	CHECK(!read_source(
	    &r, HEAD "jobs: '/(a)/'\nfields: { title: '/[/', url: '/b/' }\n"));
	CHECK_STR(r.fault,
	    "5:18: '/[/' is not a pattern: missing terminating ] for "
	    "character class at character 2");
	read_done(&r);
}

TESTS(TEST(groups_by_name), TEST(fields), TEST(detail), TEST(odd_texts),
    TEST(slow_patterns), TEST(faults))
