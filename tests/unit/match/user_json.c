#include "check.h"
#include "cases.h"

static const char *
fault(const char *text)
{
	struct user_conf u = { 0 };
	struct json *j = case_json(text);
	struct err e = { 0 };
	int failure = user_from_json(arena, j, &u, &e);

	json_free(j);
	/* Untouched on failure. */
	CHECK(failure == 0 || !u.present);
	return failure == 0 ? NULL : arena_strdup(arena, e.text);
}

static void
names_of_the_configuration(void)
{
	struct user_conf u = { 0 };
	struct json *j;

	arena_begin();
	j = case_json("{'email':'a@b.example','skills':['C',{'name':'Linux',"
		      "'years':8},{'name':'Rust','want':true}],'locations':"
		      "['Berlin','remote'],'experience':'senior','salary':"
		      "{'min':75000,'currency':'EUR','per':'month'},'block':"
		      "{'companies':['Initech'],'words':['unpaid']},"
		      "'job_types':['full-time']}");
	CHECK_INT(user_from_json(arena, j, &u, NULL), 0);
	json_free(j);
	CHECK_INT(u.nskills, 3);
	CHECK_INT(u.skills[1].years, 8);
	CHECK(u.skills[2].want && !u.skills[1].want);
	CHECK_STR(u.locations[1], "remote");
	CHECK_INT(u.experience, EXP_SENIOR);
	CHECK_INT(u.salary.period, PAY_MONTH);
	CHECK_STR(u.block_words[0], "unpaid");
	CHECK_STR(u.job_types[0], "full-time");
}

static void
names_of_a_row(void)
{
	struct user_conf u = { 0 };
	struct json *j;

	arena_begin();
	j = case_json("{'username':'ada','skills':null,'preferred_locations':"
		      "['Bonn'],'experience_level':'mid','prefer_remote_jobs':"
		      "true,'salary':null}");
	CHECK_INT(user_from_json(arena, j, &u, NULL), 0);
	json_free(j);
	CHECK_STR(u.name, "ada");
	CHECK_INT(u.nlocations, 2);
	CHECK_STR(u.locations[1], "remote");
	CHECK_INT(u.experience, EXP_MID);
}

static void
faults_are_said(void)
{
	arena_begin();
	CHECK_STR(fault("{}"), NULL);
	CHECK(strstr(fault("[]"), "object expected") != NULL);
	CHECK(strstr(fault("{'skills':'C'}"), "skills") != NULL);
	CHECK(strstr(fault("{'skills':[1]}"), "skills") != NULL);
	CHECK(strstr(fault("{'skills':['']}"), "skills") != NULL);
	CHECK(strstr(fault("{'skills':[{'name':'C','years':-1}]}"), "years") !=
	      NULL);
	CHECK(strstr(fault("{'locations':[7]}"), "locations") != NULL);
	CHECK(strstr(fault("{'experience':'guru'}"), "experience") != NULL);
	CHECK(strstr(fault("{'salary':5}"), "salary") != NULL);
	CHECK(strstr(fault("{'salary':{'min':-5}}"), "salary") != NULL);
	CHECK(
	    strstr(fault("{'salary':{'min':5,'per':'aeon'}}"), "aeon") != NULL);
	CHECK(strstr(fault("{'job_types':['slave']}"), "slave") != NULL);
	/* What would hide everything is refused. */
	CHECK(strstr(fault("{'block':{'words':['']}}"), "every job") != NULL);
	CHECK(strstr(fault("{'block':{'words':[' ']}}"), "every job") != NULL);
	CHECK(strstr(fault("{'block':{'companies':[' ']}}"), "every job") !=
	      NULL);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(names_of_the_configuration), TEST(names_of_a_row),
    TEST(faults_are_said))
