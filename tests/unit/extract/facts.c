#include "extract/extract_int.h"
#include "reading.h"

static struct arena *arena;

static struct facts
facts_of(const char *text)
{
	struct facts facts;

	arena_free(arena);
	arena = arena_new(1 << 22);
	value_facts(arena, text, NULL, &facts);
	return facts;
}

static void
pay(void)
{
	static const struct {
		const char *text;
		double min, max;
		const char *currency;
		enum pay_period period;
	} cases[] = {
		{ "We offer a salary of $90,000 to $110,000, depending on you.",
		    90000, 110000, "USD", PAY_YEAR },
		{ "Compensation\n$45 - $55 an hour, plus tips", 45, 55, "USD",
		    PAY_HOUR },
		{ "Base salary: 95,000 - 120,000\nEquity: yes", 95000, 120000,
		    NULL, PAY_YEAR },
		{ "Pay range: $80k-100k+ plus bonus", 80000, 100000, "USD",
		    PAY_YEAR },
		{ "The range is \xc2\xa3"
		  "40,000 \xe2\x80\x93 \xc2\xa3"
		  "50,000.",
		    40000, 50000, "GBP", PAY_YEAR },
		{ "Zone A: $100,000 - $120,000 a year. Zone B: $90,000 - "
		  "$110,000 a year.",
		    90000, 120000, "USD", PAY_YEAR },
		{ "Ein Gehalt von 3.200 \xe2\x82\xac brutto im Monat", 3200, 0,
		    "EUR", PAY_MONTH },
		{ "Stundenlohn ab 15,50 \xe2\x82\xac", 15.5, 0, "EUR",
		    PAY_HOUR },
		{ "Jahresgehalt zwischen 60.000 EUR und 70.000 EUR", 60000,
		    70000, "EUR", PAY_YEAR },
		{ "2500\xe2\x82\xac Bruttogehalt", 2500, 2500, "EUR",
		    PAY_MONTH },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct facts f = facts_of(cases[i].text);

		if (!f.salary.present)
			printf("%s\n", cases[i].text);
		CHECK(f.salary.present);
		CHECK(f.salary.min == cases[i].min);
		CHECK(f.salary.max == cases[i].max);
		CHECK_STR(f.salary.currency, cases[i].currency);
		CHECK_INT(f.salary.period, cases[i].period);
	}
}

/* Money in a posting that nobody gets for the work. */
static void
other_money(void)
{
	static const char *const texts[] = { "",
		"We raised $40 million in our series B.",
		"Tuition reimbursement up to $5,250 per year",
		"A $10,000 sign-on bonus and a $2,500 relocation stipend",
		"Learning budget of 1.500 \xe2\x82\xac im Jahr",
		"401(k) match of up to $4,000 per year",
		"You will own a portfolio worth $200,000 to $300,000.",
		"Zuschuss von 50 \xe2\x82\xac pro Monat zum Deutschlandticket",
		"Serving 10,000 customers since 1998, call 555-1234",
		"Salary: competitive. Ref 20251120, room 401.", "$", "$$$ 1 $",
		"pay pay pay 99999999999999999999 pay",
		"\xe2\x82\xac\xe2\x82" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct facts f = facts_of(texts[i]);

		if (f.salary.present)
			printf("%s: %g\n", texts[i], f.salary.max);
		CHECK(!f.salary.present);
	}
}

static void
years(void)
{
	static const struct {
		const char *text;
		int min, max;
	} cases[] = {
		{ "5+ years of experience with databases", 5, -1 },
		{ "You have 3-5 years' experience in sales", 3, 5 },
		{ "At least four (4) years in a similar role", 4, -1 },
		{ "Minimum 7 years of work with patients", 7, -1 },
		{ "Nice to have:\n2+ years of Rust\nRequirements:\n6+ years of "
		  "C",
		    6, -1 },
		{ "less than 2 years of experience", -1, 2 },
		{ "mindestens zwei Jahre Berufserfahrung", 2, -1 },
		{ "Mehrj\xc3\xa4hrige Erfahrung im Vertrieb", 3, -1 },
		{ "Erste Berufserfahrung (2\xe2\x80\x93"
		  "4 Jahre) im Einkauf",
		    2, 4 },
		{ "10+\xc2\xa0years in tax law", 10, -1 },
	};
	static const char *const none[] = { "For 30 years we have built ships.",
		"We have over 20 years of experience in this market.",
		"You must be 18 years of age.", "a 4-year degree",
		"In the last 10 years we grew.", "Seit 25 Jahren am Markt",
		"About us\n15+ years of experience in print",
		"paid parental leave after 1 year", "year", "years years 5",
		"5" };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct facts f = facts_of(cases[i].text);

		if (!f.years.present)
			printf("%s\n", cases[i].text);
		CHECK(f.years.present);
		CHECK_INT(f.years.min, cases[i].min);
		CHECK_INT(f.years.max, cases[i].max);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		if (facts_of(none[i]).years.present)
			printf("%s\n", none[i]);
		CHECK(!facts_of(none[i]).years.present);
	}
}

static void
degrees(void)
{
	static const struct {
		const char *text;
		enum degree degree;
		bool required;
	} cases[] = {
		{ "Bachelor's degree in biology", DEGREE_BACHELOR, true },
		{ "B.S. or M.S. in physics", DEGREE_BACHELOR, true },
		{ "Master\xe2\x80\x99s degree in chemistry", DEGREE_MASTER,
		    true },
		{ "PhD in linguistics preferred", DEGREE_DOCTOR, false },
		{ "Degree in law or equivalent experience", DEGREE_BACHELOR,
		    false },
		{ "High school diploma or GED required", DEGREE_SCHOOL, true },
		{ "Preferred qualifications:\nMBA", DEGREE_MASTER, false },
		{ "Bachelor's degree required; a master's degree is a plus",
		    DEGREE_BACHELOR, true },
		{ "Abgeschlossenes Studium der Informatik", DEGREE_BACHELOR,
		    true },
		{ "Studium oder Ausbildung im Handel", DEGREE_NONE, false },
		{ "You will master the tools, with a high degree of care.",
		    DEGREE_NONE, false },
		{ "We don't require a degree.", DEGREE_NONE, false },
		{ "Scrum Master, MS Office, a 360-degree view, MSC Cruises",
		    DEGREE_NONE, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct facts f = facts_of(cases[i].text);

		if (f.degree != cases[i].degree)
			printf("%s\n", cases[i].text);
		CHECK_INT(f.degree, cases[i].degree);
		CHECK(f.degree_required == cases[i].required);
	}
}

static void
language(void)
{
	static const char *const texts[][2] = {
		{ "You will work with our team on the design of a new service.",
		    "en" },
		{ "Wir suchen f\xc3\xbcr unser Team in Bonn eine Person, die "
		  "mit uns an der Planung arbeitet.",
		    "de" },
		{ "Nous cherchons une personne pour notre \xc3\xa9quipe dans "
		  "la "
		  "ville, avec le go\xc3\xbbt du travail.",
		    "fr" },
		{ "Hled\u00e1me nov\u00e9ho kolegu do t\u00fdmu, kter\u00fd se "
		  "nebude b\u00e1t pr\u00e1ce. M\u00e1me pro n\u011bj "
		  "v\u0161e, co u n\u00e1s za t\u00edm je, a "
		  "nab\u00edz\u00edme pr\u00e1ci, kde je znalost k v\u011bci.",
		    "cs" },
		{ "\u041c\u044b \u0438\u0449\u0435\u043c "
		  "\u043d\u043e\u0432\u044b\u0445 "
		  "\u043b\u044e\u0434\u0435\u0439 \u0432 "
		  "\u043a\u043e\u043c\u0430\u043d\u0434\u0443 \u043d\u0430 "
		  "\u0431\u043e\u043b\u044c\u0448\u043e\u0439 "
		  "\u043f\u0440\u043e\u0435\u043a\u0442 \u0432 "
		  "\u043d\u0430\u0448\u0435\u043c "
		  "\u0433\u043e\u0440\u043e\u0434\u0435",
		    "ru" },
		{ "C++, SQL, Linux, Git", NULL },
		{ "", NULL },
		{ "!!! ??? 123", NULL },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK_STR(value_language(texts[i][0]), texts[i][1]);
}

/* What is derived never hides that a field of the source is missing. */
static void
in_postings(void)
{
	static const char yaml[] =
	    "source: j\nurl: https://x.example/\nformat: json\njobs: $[*]\n"
	    "fields:\n  external_id: $.id\n  title: $.t\n  salary: $.pay\n"
	    "  description: { path: $.d, as: html }\n";
	struct read r = { 0 };

	read_with(&r, yaml,
	    "[{\"id\":1,\"t\":\"A\",\"d\":\"<p>You have 5+ years of experience "
	    "and a degree in law.</p><p>Salary: $90,000 - $100,000</p>"
	    "<p>We work with you and for the team.</p>\"},"
	    "{\"id\":2,\"t\":\"B\",\"pay\":\"70000 EUR per year\",\"d\":"
	    "\"<p>Salary: $90,000 - $100,000</p>\"}]");
	CHECK_INT(r.n, 2);
	CHECK(r.postings[0].salary.present && r.postings[0].salary.in_text);
	CHECK(r.postings[0].salary.max == 100000);
	CHECK_STR(r.postings[0].language, "en");
	CHECK_INT(r.postings[0].nmetadata, 2);
	CHECK_STR(r.postings[0].metadata[0].name, "years");
	CHECK_STR(r.postings[0].metadata[0].value, "5+");
	CHECK_STR(r.postings[0].metadata[1].value, "bachelor");
	CHECK(r.postings[1].salary.max == 70000);
	CHECK(!r.postings[1].salary.in_text);
	for (size_t i = 0; i < r.extracted.nfills; i++)
		if (strcmp(r.extracted.fills[i].name, "salary") == 0)
			CHECK_INT(r.extracted.fills[i].found, 1);
	read_done(&r);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(pay), TEST(other_money), TEST(years), TEST(degrees), TEST(language),
    TEST(in_postings))
