/* Employers, titles and places as keys; the tables they rest on. */
#include "check.h"
#include "cases.h"

static const char *
title_key(const char *text, const char *location)
{
	struct posting p = { .title = text, .location = location };
	struct words places;
	struct title t;

	place_words(arena, &p, &places);
	title_read(arena, text, &places, &t);
	return t.key;
}

static uint32_t
level(const char *text)
{
	struct words places = { .n = 0 };
	struct title t;

	title_read(arena, text, &places, &t);
	return t.level;
}

static void
tables_are_sorted(void)
{
	for (size_t i = 1; i < title_words_rows; i++)
		CHECK(strcmp(title_words_table[i - 1][0],
			  title_words_table[i][0]) < 0);
	for (size_t i = 1; i < title_marks_rows; i++)
		CHECK(strcmp(title_marks_table[i - 1][0],
			  title_marks_table[i][0]) < 0);
	for (size_t i = 1; i < regions_rows; i++)
		CHECK(strcmp(regions_table[i - 1][0], regions_table[i][0]) < 0);
}

static void
employers(void)
{
	static const char *const equal[][2] = { { "SAP SE", "SAP" },
		{ "Acme Corp.", "Acme Corp" }, { "Acme, Inc.", "acme" },
		{ "Delta Ltd", "Delta Limited" },
		{ "  Acme  ,  Inc.  ", "Acme" },
		{ "Müller GmbH & Co. KG", "Muller" },
		{ "Foo Sp. z o.o.", "FOO" }, { "Bar s.r.o.", "Bar" },
		{ "Baz A/S", "Baz" }, { "Qux Pty Ltd", "QUX" },
		{ "Charles River Associates", "charlesriverassociates" },
		{ "Procter & Gamble", "Procter and Gamble" },
		{ "The Acme Company", "Acme" }, { "Booking.com", "Booking" },
		{ "株式会社メルカリ", "メルカリ" },
		{ "ООО Ромашка", "Ромашка" }, { "Grupo S.A. de C.V.", "Grupo" },
		{ "ＡＣＭＥ", "ACME" }, { "Nestle\xcc\x81", "Nestlé" } };

	arena_begin();
	for (size_t i = 0; i < sizeof(equal) / sizeof(equal[0]); i++)
		CHECK_STR(employer_key(arena, equal[i][0]),
		    employer_key(arena, equal[i][1]));
	CHECK(
	    !str_eq(employer_key(arena, "Koda"), employer_key(arena, "Škoda")));
	CHECK(
	    !str_eq(employer_key(arena, "Acme"), employer_key(arena, "Beta")));
	CHECK_STR(employer_key(arena, "日本電産"), "日本電産");
	CHECK_STR(employer_key(arena, NULL), "");
	CHECK_STR(employer_key(arena, " - "), "");
	CHECK_STR(employer_key(arena, "Confidential"), "");
	/* A form alone is a name. */
	CHECK_STR(employer_key(arena, "SE"), "se");
	CHECK(employer_begins(arena, "Initech Labs GmbH", "Initech Inc."));
	CHECK(!employer_begins(arena, "Initechnology", "Initech"));
	CHECK(!employer_begins(arena, "Acme", ""));
}

static void
titles(void)
{
	arena_begin();
	CHECK_STR(
	    title_key("Sr. Software Eng.", NULL), "senior software engineer");
	CHECK_STR(title_key("Software Engineer - Berlin", "Berlin, Germany"),
	    "software engineer");
	CHECK_STR(title_key("Software Engineer - Berlin", "Munich"),
	    "software engineer berlin");
	CHECK_STR(
	    title_key("Engineer (Remote - Germany)", "Remote"), "engineer");
	CHECK_STR(title_key("Engineer in Berlin", "Berlin"), "engineer");
	CHECK_STR(title_key("Account Manager (USA)", "New York, US"),
	    "account manager");
	CHECK_STR(title_key("C/C++ Developer", NULL), "c c++ developer");
	CHECK_STR(
	    title_key(".NET-Entwickler:in (m/w/d)", NULL), ".net entwickler");
	CHECK_STR(title_key("Planneur Junior – H/F – Stage", NULL),
	    "planneur junior stage");
	CHECK_STR(title_key("Developer (all genders)", NULL), "developer");
	CHECK_STR(title_key("R&D Lead", NULL), "r d lead");
	/* Nothing but noise stays what it is. */
	CHECK_STR(title_key("Remote", "Remote"), "remote");
	CHECK_STR(title_key("", NULL), "");
	CHECK_STR(title_key("!!!", NULL), "");
	CHECK_STR(title_key("Engineer, Part-Time", NULL), "engineer part time");
}

static void
levels(void)
{
	arena_begin();
	CHECK(level("Senior Engineer") != level("Engineer"));
	CHECK_INT(level("Engineer II"), level("Engineer 2"));
	CHECK(level("Engineer I") != level("Engineer II"));
	CHECK_INT(level("Member of Technical Staff"), 0);
	CHECK_INT(level("International Sales Representative"), 0);
	CHECK_INT(level("Internal Auditor"), 0);
	CHECK_INT(level("Lead Generation Specialist"), 0);
	CHECK_INT(level("Staff Accountant"), 0);
	CHECK_INT(level("Chief of Staff"), 0);
	CHECK_INT(
	    level_experience(level("Software Engineering Intern")), EXP_INTERN);
	CHECK_INT(level_experience(level("Sr. Staff Engineer")), EXP_PRINCIPAL);
	CHECK_INT(level_experience(level("Senior Engineer")), EXP_SENIOR);
	CHECK_INT(level_experience(level("Werkstudent IT")), EXP_INTERN);
	CHECK_INT(level_experience(level("Team Lead")), EXP_LEAD);
	CHECK_INT(level_experience(level("Engineer")), EXP_NONE);
	CHECK_INT(
	    level_experience(level("Member of Technical Staff")), EXP_NONE);
}

static const char *
key_of(const char *location)
{
	struct posting p = { .location = location };

	return place_key(arena, &p);
}

static void
places(void)
{
	struct posting p;

	arena_begin();
	CHECK(place_same(key_of("Cincinnati, OH"), key_of("Cincinnati")));
	CHECK(place_same(key_of("Remote"), key_of("Remote - US")));
	CHECK(place_same(key_of("Anywhere"), key_of("Work from anywhere")));
	CHECK(place_same(
	    key_of("Bethesda, MD"), key_of("Bethesda, Maryland, USA")));
	CHECK(place_same(key_of("Berlin; Paris"), key_of("Paris or Berlin")));
	CHECK(!place_same(key_of("Columbus, OH"), key_of("Columbus, GA")));
	CHECK(!place_same(key_of("Remote - Spain"), key_of("Remote - Poland")));
	CHECK(!place_same(key_of("Berlin"), key_of("Berlin; Paris")));
	CHECK(!place_same(key_of("Berlin"), key_of(NULL)));
	CHECK(place_same(key_of(NULL), key_of("")));
	p = case_posting("{'places':[{'city':'Berlin','region':'Berlin',"
			 "'country':'DE'}]}");
	CHECK_STR(place_key(arena, &p), "berlin,de");
	CHECK(place_same(place_key(arena, &p), key_of("Berlin, Germany")));
	p = case_posting("{'remote':'remote','places':[{'country':'US'}]}");
	CHECK_STR(place_key(arena, &p), "*,us");
	p = case_posting("{'remote':'remote'}");
	CHECK_STR(place_key(arena, &p), "*");
}

static void
hostile_lengths(void)
{
	char *long_text = arena_alloc(arena, 20001);
	struct posting p = {
		.title = long_text, .company = long_text, .location = long_text
	};
	struct identity id;

	for (size_t i = 0; i < 20000; i++)
		long_text[i] = "ab ,;(-/."[i % 9];
	identity_make(arena, &p, &id);
	CHECK(strlen(id.title_key) < 20000);
	memset(long_text, 'x', 20000);
	identity_make(arena, &p, &id);
	p.title = "\xff\xfe(\xc3";
	identity_make(arena, &p, &id);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(tables_are_sorted), TEST(employers), TEST(titles), TEST(levels),
    TEST(places), TEST(hostile_lengths))
