/* Scores, what holds a job back, and the sentence that says why. */
#include <stdlib.h>
#include "check.h"
#include "cases.h"
#include "base/buf.h"
#include "base/limits.h"

#define NOW_MS 1795507200000LL /* 2026-11-24 */

static const struct vocabulary *
vocabulary(void)
{
	static struct vocabulary *v;

	if (v == NULL)
		v = vocabulary_new(NULL, 0);
	return v;
}

static struct user_conf
case_user(const char *text)
{
	struct user_conf u = { 0 };
	struct json *j = case_json(text);
	struct err e = { 0 };

	if (user_from_json(arena, j, &u, &e) != 0)
		printf("%s\n", e.text);
	CHECK(u.present);
	json_free(j);
	return u;
}

static struct fit
fit_posting(const struct user_conf *u, const struct posting *p)
{
	struct skill_hit *hits;
	struct fit fit;
	size_t n;
	int sum = 0, of = 0;

	hits = posting_skills(vocabulary(), arena, p, &n);
	fit_score(arena, vocabulary(), u, p, hits, n, NOW_MS, &fit);
	/* The score is the sum of its parts, always. */
	for (size_t i = 0; i < fit.nparts; i++) {
		CHECK(fit.parts[i].points >= 0);
		CHECK(fit.parts[i].points <= fit.parts[i].of);
		sum += fit.parts[i].points;
		of += fit.parts[i].of;
	}
	CHECK_INT(sum, fit.score);
	CHECK_INT(of, 100);
	return fit;
}

static struct fit
fit_of(const char *user, const char *job)
{
	struct user_conf u = case_user(user);
	struct posting p = case_posting(job);

	return fit_posting(&u, &p);
}

static const char *
held(const char *user, const char *job)
{
	return fit_of(user, job).held_back_by;
}

#define ADA                                                                    \
	"{'skills':['Erlang','PostgreSQL','Linux',{'name':'Rust','want':true}" \
	"],'locations':['Berlin','remote'],'experience':'senior','salary':"    \
	"{'min':65000,'currency':'EUR','per':'year'},'block':{'companies':"    \
	"['Initech'],'words':['unpaid','clearance']}}"

#define GOOD                                                                  \
	"'title':'Senior Erlang Developer','company':'Acme','location':"      \
	"'Berlin, Germany','posted_date':'2026-11-24','salary':{'min':70000," \
	"'max':85000,'currency':'EUR','period':'year'}"

static void
both_ends(void)
{
	struct fit fit;

	arena_begin();
	fit = fit_of(ADA, "{" GOOD ",'description':'Requirements:\\n- Erlang\\n"
			  "- PostgreSQL\\n- Linux'}");
	CHECK_INT(fit.score, 100);
	CHECK_STR(fit.held_back_by, NULL);
	fit = fit_of(ADA,
	    "{'title':'SAP Intern','company':'Acme','location':'Munich',"
	    "'description':'SAP and Excel.','posted_date':'2026-01-01',"
	    "'salary':{'min':10,'max':12,'currency':'EUR','period':'hour'}}");
	CHECK_INT(fit.score, 0);
	CHECK(fit.held_back_by != NULL);
}

static void
sentence(void)
{
	struct fit fit;

	arena_begin();
	fit = fit_of(ADA, "{" GOOD ",'description':'Requirements:\\n- Erlang\\n"
			  "- Kubernetes\\n- Linux\\nNice to have:\\n- Java'}");
	CHECK_STR(fit.why, "2 of 3 skills: Erlang and Linux; asks for "
			   "Kubernetes, which you do not list; "
			   "Berlin fits; pay 70\xe2\x80\x93"
			   "85k EUR is above your floor");
	CHECK_INT(fit.nmatched, 2);
	CHECK_STR(fit.matched[0], "Erlang");
	CHECK_INT(fit.nmissing, 1);
	CHECK_STR(fit.missing[0], "Kubernetes");
	CHECK_INT(fit.npreferred, 1);
	CHECK_STR(fit.preferred[0], "Java");
	fit =
	    fit_of(ADA, "{'title':'Dev','description':'Rust is required. Java "
			"is not needed.'}");
	CHECK(strstr(fit.why, "would let you use Rust") != NULL);
	CHECK_INT(fit.nnegated, 1);
	CHECK_STR(fit.negated[0], "Java");
}

static void
no_description_is_no_pass(void)
{
	struct fit fit;

	arena_begin();
	fit = fit_of(ADA, "{'title':'Developer','location':'Berlin',"
			  "'posted_date':'2026-11-24'}");
	CHECK_STR(fit.parts[0].name, "skills");
	CHECK_INT(fit.parts[0].points, 0);
	CHECK(strstr(fit.why, "no description to judge by") != NULL);
	CHECK(fit.score < 50);
	fit = fit_of(ADA, "{'title':'Developer','description':'  \\n '}");
	CHECK(strstr(fit.why, "no description") != NULL);
}

/* A missing skill that is asked for never raises the score. */
static void
missing_skills_never_help(void)
{
	static const char *const more[] = { "Kubernetes", "SAP ABAP", "C++",
		"Haskell", "Terraform", "Figma", "COBOL", "Photoshop", "Scala",
		"Kafka", "Azure", "Tableau", "PHP" };
	struct user_conf u;
	struct posting p;
	const char *text = "";
	uint32_t x = 7;

	arena_begin();
	u = case_user(ADA);
	p = case_posting("{" GOOD "}");
	for (int round = 0; round < 40; round++) {
		int before = 101;

		text = round % 3 == 0 ? "Erlang is required.\n"
		       : round % 3 == 1
			   ? "Nice to have: Erlang, Linux\nRequirements:\n"
			   : "About us:\nWe use Linux.\n";
		for (int i = 0; i < 8; i++) {
			struct fit fit;

			p.description = text;
			fit = fit_posting(&u, &p);
			CHECK(fit.score <= before);
			before = fit.score;
			x = x * 1664525U + 1013904223U;
			text = arena_printf(arena, "%s\n- %s is required.",
			    text, more[(x >> 16) % 13]);
		}
	}
}

static void
rare_skills_say_more(void)
{
	const char *user = "{'skills':['Erlang','Python']}";
	struct fit rare, common;

	arena_begin();
	rare = fit_of(
	    user, "{'description':'Required: Erlang, Java, SQL, Docker, AWS'}");
	common = fit_of(
	    user, "{'description':'Required: Python, Java, SQL, Docker, AWS'}");
	CHECK(rare.score > common.score);
	/* Required above nice to have. */
	rare = fit_of(user, "{'description':'Erlang is required. Scala is nice "
			    "to have. Docker and SQL.'}");
	common = fit_of(user, "{'description':'Scala is required. Erlang is "
			      "nice to have. Docker and SQL.'}");
	CHECK(rare.score > common.score);
}

static void
kin_of_skills(void)
{
	struct fit fit;

	arena_begin();
	fit = fit_of("{'skills':['Spring Boot']}",
	    "{'description':'Java is required.'}");
	CHECK_INT(fit.nmatched, 1);
	fit =
	    fit_of("{'skills':['JS']}", "{'description':'Java is required.'}");
	CHECK_INT(fit.nmatched, 0);
	/* Nobody lists teamwork. */
	fit = fit_of("{'skills':['Java']}",
	    "{'description':'Java and teamwork are required.'}");
	CHECK_INT(fit.nmissing, 0);
}

static void
filters(void)
{
	arena_begin();
	CHECK_STR(held(ADA, "{'title':'X','company':'Initech GmbH'}"),
	    "blocked company: Initech");
	CHECK_STR(held(ADA, "{'title':'X','company':'Initech Labs'}"),
	    "blocked company: Initech");
	CHECK_STR(held(ADA, "{'title':'X','description':'This is UNPAID.'}"),
	    "blocked word: unpaid");
	CHECK_STR(held("{'skills':['Erlang'],'block':{'words':['intern']}}",
		      "{'title':'International Erlang Work','description':"
		      "'Erlang','posted_date':'2026-11-24'}"),
	    NULL);
	CHECK(str_starts(
	    held("{'skills':['Erlang']}", "{'title':'Cook'}"), "low score: "));
}

static void
words_that_do_not_block(void)
{
	struct user_conf u;
	struct posting p;
	const char *blank[] = { "", " ", "\t" };

	arena_begin();
	CHECK_STR(held(ADA, "{" GOOD ",'description':'Erlang, PostgreSQL and "
			    "Linux. No clearance is required.'}"),
	    NULL);
	CHECK_STR(held(ADA, "{" GOOD ",'description':'Erlang, PostgreSQL and "
			    "Linux. An active clearance is required.'}"),
	    "blocked word: clearance");
	/* A blank line among the words hides nothing. */
	u = case_user(ADA);
	u.block_words = blank;
	u.nblock_words = 3;
	u.block_companies = blank;
	u.nblock_companies = 3;
	p = case_posting("{" GOOD "}");
	p.description = "Erlang, PostgreSQL and Linux.";
	CHECK_STR(fit_posting(&u, &p).held_back_by, NULL);
}

static void
types_and_languages(void)
{
	const char *user = "{'skills':['Erlang','Linux','English'],"
			   "'job_types':['full-time'],'locale':'en_GB'}";

	arena_begin();
	CHECK_STR(held(user, "{'title':'X','job_type':'contract'}"),
	    "job type: contract");
	CHECK_STR(held(user, "{'title':'Erlang Intern','description':"
			     "'Erlang, Linux'}"),
	    "job type: internship");
	CHECK_STR(held(user, "{'title':'X','language':'ja'}"),
	    "language: written in Japanese, which you do not list");
	CHECK_STR(held(user, "{'title':'Erlang','language':'en','description':"
			     "'Erlang, Linux','posted_date':'2026-11-24'}"),
	    NULL);
	/* Who lists no language is not asked for one. */
	CHECK_STR(held("{'skills':['Erlang']}",
		      "{'title':'Erlang','language':'ja','description':"
		      "'Erlang','posted_date':'2026-11-24'}"),
	    NULL);
}

static void
place_and_remote(void)
{
	struct fit fit;

	arena_begin();
	CHECK_STR(held(ADA, "{'title':'X','location':'Munich, Germany'}"),
	    "place: Munich, Germany");
	CHECK_STR(held("{'skills':['Erlang'],'locations':['Germany']}",
		      "{'title':'Erlang','places':[{'city':'Munich',"
		      "'country':'DE'}],'description':'Erlang'}"),
	    NULL);
	fit = fit_of(ADA, "{'title':'X','remote':'remote','location':'Munich',"
			  "'description':'Erlang'}");
	CHECK_STR(fit.held_back_by, NULL);
	/* "Remote" with presence five days a week is not remote. */
	fit = fit_of(ADA,
	    "{'title':'X','remote':'remote','location':'Munich',"
	    "'description':'Erlang. You are on site five days a week.'}");
	CHECK_STR(fit.held_back_by, "place: Munich");
	CHECK(strstr(fit.why, "called remote") != NULL);
	/* The flag may stand in the location alone. */
	fit = fit_of(ADA, "{'title':'X','location':'Remote - EU',"
			  "'description':'Erlang'}");
	CHECK_STR(fit.held_back_by, NULL);
	/* Unknown is not elsewhere. */
	CHECK(strstr(fit_of(ADA, "{'title':'X','description':'Erlang'}").why,
		  "no place stated") != NULL);
}

/* A posting that was put away and looked at again is judged the same. */
static void
the_second_look(void)
{
	struct user_conf u;
	struct posting p, again;
	struct buf b;
	struct wire w;
	struct fit first, second;

	arena_begin();
	u = case_user(ADA);
	p = case_posting(
	    "{'title':'X','remote':'remote','description':'Erlang',"
	    "'url':'https://a.example/x-y-1'}");
	first = fit_posting(&u, &p);
	buf_init(&b, 1 << 20);
	posting_put(&b, &p);
	wire_init(&w, arena, b.data, b.len);
	posting_get(&w, &again);
	second = fit_posting(&u, &again);
	buf_fini(&b);
	CHECK_INT(second.score, first.score);
	CHECK_STR(second.why, first.why);
}

static void
pay(void)
{
	arena_begin();
	CHECK_STR(held(ADA, "{'title':'X','salary':{'min':40000,'max':50000,"
			    "'currency':'EUR','period':'year'}}"),
	    "salary floor: pay 40\xe2\x80\x93"
	    "50k EUR");
	/* 40 an hour is more than 65,000 a year. */
	CHECK(strstr(fit_of(ADA,
			 "{'title':'X','salary':{'min':40,'max':45,'currency':"
			 "'EUR','period':'hour'}}")
			 .why,
		  "40\xe2\x80\x93"
		  "45 EUR an hour is above") != NULL);
	/* What a board guesses holds nothing back, and is called a guess. */
	CHECK(strstr(held(ADA, "{'title':'X','salary':{'min':40000,'max':50000,"
			       "'currency':'EUR','period':'year','predicted':"
			       "true}}"),
		  "low score") != NULL);
	CHECK(strstr(fit_of(ADA,
			 "{'title':'X','salary':{'min':70000,'currency':'EUR',"
			 "'period':'year','predicted':true}}")
			 .why,
		  "as the board guesses") != NULL);
	/* Another currency is not compared. */
	CHECK(strstr(fit_of(ADA, "{'title':'X','salary':{'min':1000,'currency':"
				 "'USD','period':'month'}}")
			 .why,
		  "another currency") != NULL);
	/* "$1.00 - $250,000" says nothing of the lower end. */
	CHECK(strstr(fit_of(ADA, "{'title':'X','salary':{'min':1,'max':250000,"
				 "'currency':'EUR','period':'year'}}")
			 .why,
		  "reaches your floor") != NULL);
	/* 500 without a period is not 500,000 a year, nor 500 a year. */
	CHECK(strstr(fit_of(ADA, "{'title':'X','salary':{'min':500,'currency':"
				 "'EUR'}}")
			 .why,
		  "no pay stated") != NULL);
}

static void
closed_and_old(void)
{
	struct fit fit, old;

	arena_begin();
	CHECK_STR(
	    held(ADA, "{'title':'X','closes_date':'2026-11-01'}"), "closed");
	fit = fit_of(ADA, "{'title':'X','posted_date':'2026-11-24'}");
	old = fit_of(ADA, "{'title':'X','posted_date':'2026-09-01'}");
	CHECK(fit.score > old.score);
	CHECK_INT(old.parts[old.nparts - 1].points, 0);
	CHECK_STR(old.parts[old.nparts - 1].name, "fresh");
}

static void
as_json(void)
{
	struct fit fit;
	struct json *j;

	arena_begin();
	fit = fit_of(ADA, "{" GOOD ",'description':'Erlang'}");
	j = fit_parts_json(&fit);
	CHECK_INT(
	    json_get_i64(json_get(j, "skills"), "of", 0), fit.parts[0].of);
	json_free(j);
	j = fit_evidence_json(&fit);
	CHECK_STR(json_text(json_at(json_get(j, "matched"), 0)), "Erlang");
	CHECK_STR(json_get_text(j, "why"), fit.why);
	CHECK_INT(json_size(json_get(j, "negated")), 0);
	json_free(j);
	vocabulary_free((struct vocabulary *)vocabulary());
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(both_ends), TEST(sentence), TEST(no_description_is_no_pass),
    TEST(missing_skills_never_help), TEST(rare_skills_say_more),
    TEST(kin_of_skills), TEST(filters), TEST(words_that_do_not_block),
    TEST(types_and_languages), TEST(place_and_remote), TEST(the_second_look),
    TEST(pay), TEST(closed_and_old), TEST(as_json))
