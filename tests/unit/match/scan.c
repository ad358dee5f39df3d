/* Skills in texts: names, context, sections, negation, spans. */
#include <stdlib.h>
#include "check.h"
#include "cases.h"
#include "base/limits.h"
#include "match/vocabulary_int.h"

static struct vocabulary *v;

static void
begin(void)
{
	arena_begin();
	if (v == NULL)
		v = vocabulary_new(NULL, 0);
}

/*
 * Hits as "Java! C++:required Kafka:preferred": '!' is negated, a section is
 * written where it is not none.
 */
static const char *
scan(const char *text)
{
	const char *all = "";
	struct skill_hit *hits;
	size_t n;

	hits = skills_scan(v, arena, text, strlen(text), &n);
	for (size_t i = 0; i < n; i++)
		all = arena_printf(arena, "%s%s%s%s%s%s", all, i > 0 ? " " : "",
		    hits[i].skill, hits[i].negated ? "!" : "",
		    hits[i].section != SECTION_NONE ? ":" : "",
		    hits[i].section != SECTION_NONE
			? section_name(hits[i].section)
			: "");
	return all;
}

static void
names_and_aliases(void)
{
	begin();
	CHECK_STR(scan("We run k8s, Postgres and NodeJS."),
	    "Kubernetes PostgreSQL Node.js");
	CHECK_STR(
	    scan("node.js / Node JS / node-js"), "Node.js Node.js Node.js");
	CHECK_STR(scan("C++, C# and ASP.NET on .NET"), "C++ C# ASP.NET .NET");
	CHECK_STR(scan("CI/CD, TCP/IP, PL/SQL"), "CI/CD TCP/IP PL/SQL");
	CHECK_STR(scan("C/C++"), "C++");
	CHECK_STR(scan("JavaScript is not Java"), "JavaScript Java!");
	CHECK_STR(scan("Python's ecosystem"), "Python");
	CHECK_STR(scan("PYTHON, python and Python3"), "Python Python Python");
	CHECK_STR(scan("machine\xc2\xa0learning"), "Machine Learning");
	CHECK_STR(scan("Java-Kenntnisse"), "Java");
}

static void
no_words_inside_words(void)
{
	begin();
	CHECK_STR(scan("Pythonic javanese scalable gogo"), "");
	CHECK_STR(
	    scan("See https://java.example/python and go@rust.example"), "");
	CHECK_STR(scan("www.python.example"), "");
	CHECK_STR(scan("example.net"), "");
	CHECK_STR(scan(""), "");
	CHECK_STR(scan("International team"), "");
}

static void
short_names_need_context(void)
{
	begin();
	CHECK_STR(scan("C, R and Go"), "");
	CHECK_STR(scan("Python, R and Go"), "Python R Go");
	CHECK_STR(scan("programming in C"), "C");
	CHECK_STR(scan("Experience with Go or Rust"), "Go Rust");
	CHECK_STR(scan("Go developer wanted"), "Go");
	CHECK_STR(scan("Go above and beyond. Let's go. Go to market."), "");
	/* Other case than it is written: in a list only. */
	CHECK_STR(scan("docker, aws and react"), "Docker AWS React");
	CHECK_STR(scan("SQL, access to data, excel in it"), "SQL");
	CHECK_STR(scan("Docker c/ Podman"), "Docker Podman");
	CHECK_STR(scan("C-level people with vitamin C in series C"), "");
	CHECK_STR(scan("Our R&D team, the R. J. Smith group"), "");
	CHECK_STR(scan("You excel at work. Excel in what you do."), "");
	CHECK_STR(scan("Good knowledge of Excel and Word"), "Excel Word");
	CHECK_STR(scan("the rest of us"), "");
	CHECK_STR(scan("REST APIs, GraphQL"), "REST GraphQL");
	CHECK_STR(scan("In Spring, we move. Silver Spring, MD."), "");
	CHECK_STR(scan("Java, Spring and Hibernate"), "Java Spring Hibernate");
	CHECK_STR(scan("Swift response, rust on iron, a dart"), "");
	CHECK_STR(scan("iOS apps with Swift"), "iOS Swift");
	CHECK_STR(scan("Flutter and Dart"), "Flutter Dart");
	CHECK_STR(scan("react quickly, node by node"), "");
	CHECK_STR(scan("Skills:\n- Python\n- C\n- R\n"),
	    "Python:required C:required R:required");
}

static void
headings_rule_what_follows(void)
{
	begin();
	CHECK_STR(scan("About us\nWe love Python.\n\nRequirements\n- SQL\n"
		       "- Java\n\nNice to have\n- Kafka\n\nBenefits\n- Linux "
		       "laptops\n\nYour tasks\n- Docker\n"),
	    "Python:about SQL:required Java:required Kafka:preferred "
	    "Linux:benefits Docker");
	CHECK_STR(scan("**What you'll bring:**\n* SQL\n**Bonus points:**\n"
		       "* Kafka"),
	    "SQL:required Kafka:preferred");
	CHECK_STR(scan("Requirements: SQL. Nice to have: Kafka."),
	    "SQL:required Kafka:preferred");
	CHECK_STR(scan("Dein Profil\n- SQL\nWir bieten\n- Linux\n"
		       "Deine Aufgaben\n- Java"),
	    "SQL:required Linux:benefits Java");
	/* A phrase in a sentence is no heading. */
	CHECK_STR(scan("The benefits of SQL are many.\nJava"), "SQL Java");
	/* One bullet's own word rules that bullet. */
	CHECK_STR(scan("Requirements\n- Preferred: Kafka\n- SQL"),
	    "Kafka:preferred SQL:required");
}

static void
phrases_in_sentences(void)
{
	begin();
	CHECK_STR(scan("Kafka is a plus."), "Kafka:preferred");
	CHECK_STR(scan("Kafka preferred, not required."), "Kafka:preferred");
	CHECK_STR(
	    scan("Kafka is not required but preferred."), "Kafka:preferred");
	CHECK_STR(scan("SQL is required; Kafka is nice to have."),
	    "SQL:required Kafka:preferred");
	CHECK_STR(scan("Ideally you know Kafka. You know SQL."),
	    "Kafka:preferred SQL");
	CHECK_STR(scan("Nice to have\n- Kafka\n- SQL is a must"),
	    "Kafka:preferred SQL:required");
	CHECK_STR(scan("Kafka (optional), SQL"), "Kafka:preferred SQL");
	CHECK_STR(scan("Kafka von Vorteil, SQL zwingend erforderlich"),
	    "Kafka:preferred SQL:required");
	CHECK_STR(scan("Idealerweise Kafka"), "Kafka:preferred");
}

static void
negation(void)
{
	begin();
	CHECK_STR(scan("Java is not needed."), "Java!");
	CHECK_STR(scan("No security clearance is required."),
	    "Security clearance!:required");
	CHECK_STR(scan("No clearance required, Python is."),
	    "Security clearance!:required Python");
	CHECK_STR(scan("You do not need Java, but SQL."), "Java! SQL");
	CHECK_STR(scan("No PHP, Java or Perl here."), "PHP! Java! Perl!");
	CHECK_STR(scan("Not only Java but SQL"), "Java SQL");
	CHECK_STR(
	    scan("including but not limited to Python and SQL"), "Python SQL");
	CHECK_STR(scan("Kotlin, not Java"), "Kotlin Java!");
	CHECK_STR(scan("Keine Java-Kenntnisse erforderlich"), "Java!:required");
	CHECK_STR(scan("Java nicht notwendig"), "Java!");
	CHECK_STR(scan("There is no limit. Java is used."), "Java");
	CHECK_STR(scan("Works without Java"), "Java!");
}

static void
spans_are_bytes(void)
{
	const char *text = "Größe: C++ und Köln; PostgreSQL";
	struct skill_hit *hits;
	size_t n;

	begin();
	hits = skills_scan(v, arena, text, strlen(text), &n);
	CHECK_INT(n, 2);
	CHECK_INT(memcmp(text + hits[0].start, "C++", 3), 0);
	CHECK_INT(hits[0].end - hits[0].start, 3);
	CHECK_INT(memcmp(text + hits[1].start, "PostgreSQL", 10), 0);
	CHECK_INT(hits[1].end, strlen(text));
}

static void
invisible_characters(void)
{
	begin();
	CHECK_STR(scan("Py\xe2\x80\x8bthon and Kuber\xc2\xadnetes"),
	    "Python Kubernetes");
	CHECK_STR(scan("\xe2\x80\xaePython\xe2\x80\xac"), "Python");
	CHECK_STR(scan("Pythonの経験"), "Python");
	CHECK_STR(scan("\xff\xfePython\xc3"), "Python");
	CHECK_STR(scan("Python \xff SQL"), "Python SQL");
}

static void
large_texts(void)
{
	size_t size = 1024 * 1024, n;
	char *text;

	begin();
	text = arena_alloc(arena, size + 1);
	for (size_t i = 0; i < size; i++)
		text[i] = "Python, "[i % 8];
	CHECK(skills_scan(v, arena, text, size, &n) != NULL);
	CHECK_INT(n, LIMIT_SKILL_HITS);
	memset(text, 'x', size);
	skills_scan(v, arena, text, size, &n);
	CHECK_INT(n, 0);
	memset(text, ':', size);
	skills_scan(v, arena, text, size, &n);
	CHECK_INT(n, 0);
}

static void
whole_postings(void)
{
	struct posting p;
	struct skill_hit *hits;
	size_t n;

	begin();
	p = case_posting("{'description':'Knows SQL','requirements':"
			 "['Python','R'],'tags':['C','k8s','basket weaving']}");
	hits = posting_skills(v, arena, &p, &n);
	CHECK_INT(n, 4);
	CHECK_STR(hits[0].skill, "SQL");
	CHECK_STR(hits[1].skill, "Python");
	CHECK_INT(hits[1].section, SECTION_REQUIRED);
	CHECK_STR(hits[2].skill, "C");
	CHECK_STR(hits[3].skill, "Kubernetes");
}

static void
phrases_of_people(void)
{
	begin();
	CHECK(text_says(v, "This is unpaid work.", "unpaid"));
	CHECK(!text_says(v, "International team", "intern"));
	CHECK(text_says(v, "An intern, welcome", "Intern"));
	CHECK(!text_says(v, "No clearance is required.", "clearance"));
	CHECK(text_says(v, "Clearance is required.", "clearance"));
	CHECK(text_says(v, "No clearance is required.\nTop Secret clearance.",
	    "clearance"));
	CHECK(text_says(v, "We do door-to-door sales", "door to door"));
	CHECK(!text_says(v, "Anything", ""));
	CHECK(!text_says(v, "Anything", " - "));
	CHECK(!text_says(v, NULL, "x"));
	vocabulary_free(v);
	v = NULL;
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(names_and_aliases), TEST(no_words_inside_words),
    TEST(short_names_need_context), TEST(headings_rule_what_follows),
    TEST(phrases_in_sentences), TEST(negation), TEST(spans_are_bytes),
    TEST(invisible_characters), TEST(large_texts), TEST(whole_postings),
    TEST(phrases_of_people))
