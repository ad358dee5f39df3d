#include "check.h"
#include "cases.h"

static void
ids_in_urls(void)
{
	static const char *const cases[][2] = {
		{ "https://boards.greenhouse.io/flexport/jobs/5850324?gh_jid="
		  "5850324",
		    "greenhouse:5850324" },
		{ "https://careers.toasttab.com/jobs?gh_jid=8079182",
		    "greenhouse:8079182" },
		{ "https://boards.greenhouse.io/embed/job_app?for=gemini&"
		  "token=8076862",
		    "greenhouse:8076862" },
		{ "https://jobs.lever.co/acme/7F02BC74-65e8-4b62-a2dc-"
		  "aee2fa8a3894",
		    "uuid:7f02bc74-65e8-4b62-a2dc-aee2fa8a3894" },
		{ "https://jobs.ashbyhq.com/notion/7f02bc74-65e8-4b62-a2dc-"
		  "aee2fa8a3894/application",
		    "uuid:7f02bc74-65e8-4b62-a2dc-aee2fa8a3894" },
		{ "https://www.notion.so/careers?ashby_jid=7f02bc74-65e8-4b62-"
		  "a2dc-aee2fa8a3894",
		    "uuid:7f02bc74-65e8-4b62-a2dc-aee2fa8a3894" },
		{ "https://acme.wd5.myworkdayjobs.com/en-US/Ext/job/Bonn/"
		  "Dev_R-12345-1",
		    "workday:acme:r-12345" },
		{ "https://acme.wd5.myworkdayjobs.com/Ext/job/Bonn/"
		  "Dev_JR0042",
		    "workday:acme:jr0042" },
		{ "https://de.linkedin.com/jobs/view/dev-at-acme-3912345678",
		    "linkedin:3912345678" },
		{ "https://uk.indeed.com/viewjob?jk=8a6b2c", "indeed:8a6b2c" },
		{ "https://acme.jobs.personio.de/job/123456",
		    "personio:acme.jobs.personio.de:123456" },
		{ "https://acme.example/careers", NULL },
		{ "https://acme.example/7f02bc74-65e8-4b62-a2dc-aee2fa8a3894/"
		  "job/12",
		    NULL },
		{ "ftp://boards.greenhouse.io/x/jobs/5850324", NULL },
		{ "", NULL }
	};

	arena_begin();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(board_id(arena, cases[i][0]), cases[i][1]);
	CHECK_STR(board_id(arena, NULL), NULL);
}

static void
ids_of_shipped_sources(void)
{
	struct posting p = { .source = "greenhouse",
		.external_id = "5850324",
		.url = "https://acme.example/jobs/x" };

	arena_begin();
	CHECK_STR(board_id_of(arena, &p), "greenhouse:5850324");
	p.source = "acme";
	CHECK_STR(board_id_of(arena, &p), NULL);
	p.apply_url = "https://boards.greenhouse.io/acme/jobs/5850325";
	CHECK_STR(board_id_of(arena, &p), "greenhouse:5850325");
}

static void
specific_urls(void)
{
	arena_begin();
	CHECK(!url_is_specific("https://acme.example/"));
	CHECK(!url_is_specific("https://acme.example/careers"));
	CHECK(!url_is_specific("https://acme.example/Jobs?lang=en"));
	CHECK(url_is_specific("https://acme.example/jobs/cook-bonn"));
	CHECK(url_is_specific("https://acme.example/jobs?id=7"));
	CHECK(!url_is_specific(NULL));
	CHECK_STR(board_requisition(
		      arena, "https://acme.wd1.myworkdayjobs.com/x/job/A_R-7"),
	    "R-7");
	CHECK_STR(
	    board_requisition(arena, "https://a.example/x?reqId=77"), "77");
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(ids_in_urls), TEST(ids_of_shipped_sources), TEST(specific_urls))
