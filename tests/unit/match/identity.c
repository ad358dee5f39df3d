#include "check.h"
#include "cases.h"
#include "base/buf.h"

static const char *
same(const struct posting *a, const struct posting *b)
{
	struct identity x, y;
	const char *rule;

	identity_make(arena, a, &x);
	identity_make(arena, b, &y);
	rule = identity_same(&x, &y);
	/* Order never matters. */
	CHECK_STR(identity_same(&y, &x), rule);
	return rule;
}

static const char *
same_json(const char *a, const char *b)
{
	struct posting x = case_posting(a), y = case_posting(b);

	return same(&x, &y);
}

/* Two titles at one employer, in one place, with one text. */
static const char *
same_titles(const char *a, const char *b)
{
	struct posting x = {
		.title = a, .company = "Acme", .location = "Bonn"
	};
	struct posting y = x;

	y.title = b;
	x.description = y.description = case_text(1);
	return same(&x, &y);
}

static void
one_source_and_id(void)
{
	arena_begin();
	CHECK_STR(same_json("{'source':'s','external_id':'1','title':'A'}",
		      "{'source':'s','external_id':'1','title':'B'}"),
	    "same-posting");
	CHECK_STR(same_json("{'source':'s','external_id':'1','title':'A'}",
		      "{'source':'t','external_id':'1','title':'A'}"),
	    NULL);
}

static void
one_url(void)
{
	arena_begin();
	CHECK_STR(same_json("{'url':'https://Acme.example/jobs/dev-role?"
			    "utm_source=x&b=1&a=22#top','title':'Dev'}",
		      "{'url':'https://acme.example/jobs/dev-role?a=22&b=1',"
		      "'title':'Developer wanted'}"),
	    "same-url");
	/* Every ?jk= was one posting once. */
	CHECK_STR(same_json("{'url':'https://indeed.com/viewjob?jk=aa11',"
			    "'title':'A','company':'Acme'}",
		      "{'url':'https://indeed.com/viewjob?jk=bb22',"
		      "'title':'B','company':'Acme'}"),
	    NULL);
	CHECK_STR(same_json("{'url':'https://x.example/viewjob?jk=aa11',"
			    "'title':'A','company':'Acme','location':'Bonn'}",
		      "{'url':'https://x.example/viewjob?jk=bb22',"
		      "'title':'A','company':'Acme','location':'Bonn'}"),
	    NULL);
}

static void
a_list_is_no_posting(void)
{
	arena_begin();
	CHECK_STR(same_json("{'url':'https://acme.example/careers',"
			    "'title':'Cook','company':'Acme'}",
		      "{'url':'https://acme.example/careers#/job/2',"
		      "'title':'Waiter','company':'Acme'}"),
	    NULL);
	CHECK_STR(
	    same_json("{'source':'s','external_id':'1','title':'Cook',"
		      "'url':'https://acme.example/x-y-z','company':'Acme'}",
		"{'source':'s','external_id':'2','title':'Waiter',"
		"'url':'https://acme.example/x-y-z','company':'Acme'}"),
	    NULL);
}

static void
board_ids_win(void)
{
	arena_begin();
	CHECK_STR(same_json("{'title':'Sales Engineer I','company':'samsara',"
			    "'url':'https://www.samsara.example/roles/7311761"
			    "?gh_jid=7311761'}",
		      "{'title':'Sales Engineer II','company':'Samsara',"
		      "'url':'https://boards.greenhouse.io/samsara/jobs/"
		      "7311761'}"),
	    "same-board-id");
	CHECK_STR(same_json("{'title':'A','company':'Acme','location':'Bonn',"
			    "'url':'https://boards.greenhouse.io/a/jobs/"
			    "4000001'}",
		      "{'title':'A','company':'Acme','location':'Bonn',"
		      "'url':'https://boards.greenhouse.io/a/jobs/4000002'}"),
	    NULL);
}

static void
requisitions(void)
{
	struct posting a, b;

	arena_begin();
	CHECK_STR(
	    same_json("{'title':'Driver','company':'Acme GmbH',"
		      "'location':'Bonn','metadata':{'Requisition ID':'R-7'}}",
		"{'title':'Delivery driver','company':'Acme',"
		"'location':'Köln','metadata':{'requisition_id':'r-7'}}"),
	    "same-requisition");
	/* Two requisitions of one title, one text: two jobs. */
	a = case_posting("{'title':'Driver','company':'Acme','location':'Bonn',"
			 "'metadata':{'requisition_id':'R-7'}}");
	b = case_posting("{'title':'Driver','company':'Acme','location':'Bonn',"
			 "'metadata':{'requisition_id':'R-8'}}");
	a.description = b.description = case_text(1);
	CHECK_STR(same(&a, &b), NULL);
	/* "see opening" is no requisition. */
	CHECK_STR(same_json("{'title':'A','company':'Acme',"
			    "'metadata':{'requisition_id':'see opening id'}}",
		      "{'title':'B','company':'Acme',"
		      "'metadata':{'requisition_id':'see opening id'}}"),
	    NULL);
	CHECK_STR(same_json("{'title':'A','company':'Acme',"
			    "'metadata':{'requisition_id':'5/28/26'}}",
		      "{'title':'B','company':'Acme',"
		      "'metadata':{'requisition_id':'5/28/26'}}"),
	    NULL);
	CHECK_STR(same_json("{'title':'A','company':'Acme',"
			    "'metadata':{'internal_job_id':'4242'}}",
		      "{'title':'Senior A','company':'Acme',"
		      "'metadata':{'internal_job_id':'4242'}}"),
	    "same-requisition");
}

static void
twelve_cities_are_one_job(void)
{
	struct posting a, b;

	arena_begin();
	a = case_posting(
	    "{'title':'Nurse','company':'SAP SE','location':'Berlin'}");
	b = case_posting(
	    "{'title':'Nurse (m/w/d)','company':'SAP','location':'Munich'}");
	a.description = b.description = case_text(2);
	CHECK_STR(same(&a, &b), "same-text");
	b.description = case_text(3);
	CHECK_STR(same(&a, &b), NULL);
	/* Without a text nothing says that it is one opening. */
	a.description = b.description = NULL;
	CHECK_STR(same(&a, &b), NULL);
	b.location = "Berlin, Germany";
	CHECK_STR(same(&a, &b), "same-place");
}

static void
never_across_these(void)
{
	arena_begin();
	CHECK_STR(
	    same_titles("Software Engineer", "Software Engineer"), "same-text");
	CHECK_STR(
	    same_titles("Senior Software Engineer", "Junior Software Engineer"),
	    NULL);
	CHECK_STR(
	    same_titles("Senior Software Engineer", "Software Engineer"), NULL);
	CHECK_STR(same_titles("Engineer I", "Engineer II"), NULL);
	CHECK_STR(same_titles("Engineer II", "Engineer III"), NULL);
	CHECK_STR(same_titles("Product Manager", "Project Manager"), NULL);
	CHECK_STR(same_titles("C++ Developer", "C# Developer"), NULL);
	CHECK_STR(same_titles("C Developer", "C++ Developer"), NULL);
	CHECK_STR(same_titles("C Developer", "C# Developer"), NULL);
	CHECK_STR(same_titles("Java Developer", "JavaScript Developer"), NULL);
	CHECK_STR(same_titles("Frontend Engineer", "Backend Engineer"), NULL);
}

static void
one_title_in_many_spellings(void)
{
	arena_begin();
	CHECK_STR(same_titles("Sr. Engineer", "Senior Engineer"), "same-text");
	CHECK_STR(same_titles("Engineer - Bonn", "Engineer"), "same-text");
	CHECK_STR(
	    same_titles("Engineer (m/f/d)", "ENGINEER [Urgent]"), "same-text");
	CHECK_STR(same_titles("Engineer, Payments", "Engineer - Payments"),
	    "same-text");
	CHECK_STR(
	    same_titles("Engineer II", "Engineer 2 (Remote)"), "same-text");
	CHECK_STR(
	    same_titles("Entwickler/in (w/m/d)", "Entwickler*in"), "same-text");
	CHECK_STR(same_titles("Full-Stack Developer", "Fullstack Developer"),
	    "same-text");
}

static void
unknown_employers_never_meet(void)
{
	arena_begin();
	CHECK_STR(same_json("{'title':'Cook','location':'Bonn'}",
		      "{'title':'Cook','location':'Bonn'}"),
	    NULL);
	CHECK_STR(same_json("{'title':'Cook','location':'Bonn',"
			    "'company':'Confidential'}",
		      "{'title':'Cook','location':'Bonn',"
		      "'company':'confidential'}"),
	    NULL);
	CHECK_STR(same_json("{}", "{}"), NULL);
}

/* Do two postings share a key? */
static bool
keys_meet(const struct posting *a, const struct posting *b)
{
	struct identity x, y;
	int64_t p[16], q[16];
	size_t n, m;

	identity_make(arena, a, &x);
	identity_make(arena, b, &y);
	n = identity_keys(&x, p, 16);
	m = identity_keys(&y, q, 16);
	CHECK(n <= 16 && m <= 16);
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m; k++)
			if (p[i] == q[k])
				return true;
	return false;
}

static void
candidates_share_a_key(void)
{
	struct posting a, b;

	arena_begin();
	a = case_posting("{'title':'Nurse','company':'Acme Inc.',"
			 "'location':'Berlin, Germany','source':'s',"
			 "'external_id':'1','url':'https://a.example/nurse-1',"
			 "'metadata':{'reqid':'R-1','internal_job_id':'77'}}");
	b = case_posting("{'title':'Nurse','company':'Acme',"
			 "'location':'Munich','source':'t'}");
	CHECK(!keys_meet(&a, &b));
	a.description = b.description = case_text(4);
	CHECK(keys_meet(&a, &b));
	b.description = NULL;
	b.location = "Berlin";
	CHECK(keys_meet(&a, &b));
	b = case_posting("{'title':'B','company':'ACME','source':'t',"
			 "'metadata':{'requisition':'r-1'}}");
	CHECK(keys_meet(&a, &b));
	b = case_posting(
	    "{'title':'B','url':'https://A.example/nurse-1?utm_medium=m'}");
	CHECK(keys_meet(&a, &b));
}

static void
kept_without_its_text(void)
{
	struct posting p;
	struct identity a, b;
	struct buf buf;
	struct wire w;

	arena_begin();
	p = case_posting("{'title':'Senior Nurse','company':'Acme Inc.',"
			 "'location':'Berlin','source':'s','external_id':'1',"
			 "'url':'https://jobs.lever.co/acme/"
			 "7f02bc74-65e8-4b62-a2dc-aee2fa8a3894'}");
	p.description = case_text(5);
	identity_make(arena, &p, &a);
	buf_init(&buf, 65536);
	identity_put(&buf, &a);
	CHECK(buf.len < 700);
	wire_init(&w, arena, buf.data, buf.len);
	identity_get(&w, &b);
	CHECK_INT(get_end(&w, "identity", NULL), 0);
	CHECK_STR(b.title_key, a.title_key);
	CHECK_STR(b.board_id, a.board_id);
	CHECK_INT(memcmp(a.sketch, b.sketch, sizeof(a.sketch)), 0);
	CHECK_STR(identity_same(&a, &b), "same-posting");
	/* Cut short it is bad, not a crash. */
	wire_init(&w, arena, buf.data, buf.len / 2);
	identity_get(&w, &b);
	CHECK(w.bad);
	buf_fini(&buf);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(one_source_and_id), TEST(one_url), TEST(a_list_is_no_posting),
    TEST(board_ids_win), TEST(requisitions), TEST(twelve_cities_are_one_job),
    TEST(never_across_these), TEST(one_title_in_many_spellings),
    TEST(unknown_employers_never_meet), TEST(candidates_share_a_key),
    TEST(kept_without_its_text))
