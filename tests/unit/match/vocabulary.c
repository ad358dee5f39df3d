#include "check.h"
#include "cases.h"
#include "match/vocabulary_int.h"

static void
names_are_found(void)
{
	struct vocabulary *v = vocabulary_new(NULL, 0);

	CHECK(vocabulary_size(v) >= 1500);
	CHECK_STR(vocabulary_find(v, "k8s"), "Kubernetes");
	CHECK_STR(vocabulary_find(v, "postgres"), "PostgreSQL");
	CHECK_STR(vocabulary_find(v, "c"), "C");
	CHECK_STR(vocabulary_find(v, "c++"), "C++");
	CHECK_STR(vocabulary_find(v, "c#"), "C#");
	CHECK_STR(vocabulary_find(v, " Node JS "), "Node.js");
	CHECK_STR(vocabulary_find(v, ".net"), ".NET");
	CHECK_STR(vocabulary_find(v, "JS"), "JavaScript");
	CHECK_STR(vocabulary_find(v, "Java"), "Java");
	CHECK_STR(vocabulary_find(v, "S/4HANA"), "SAP S/4HANA");
	CHECK_STR(vocabulary_find(v, "ci cd"), "CI/CD");
	CHECK_STR(vocabulary_find(v, "basket weaving"), NULL);
	CHECK_STR(vocabulary_find(v, ""), NULL);
	CHECK_STR(vocabulary_find(v, NULL), NULL);
	CHECK_STR(vocabulary_find(v, "requirements"), NULL);
	vocabulary_free(v);
	vocabulary_free(NULL);
}

/* Every name of the table leads back to itself, every parent exists. */
static void
table_is_sound(void)
{
	struct vocabulary *v = vocabulary_new(NULL, 0);

	for (size_t i = 0; i < skills_rows; i++) {
		const char *parent = skills_table[i][2];

		if (vocabulary_index(v, skills_table[i][0]) != (int)i)
			printf("name lost: %s\n", skills_table[i][0]);
		CHECK_INT(vocabulary_index(v, skills_table[i][0]), i);
		CHECK(skills_table[i][1][0] != '\0');
		if (parent[0] != '\0')
			CHECK_STR(vocabulary_find(v, parent), parent);
		CHECK(!vocabulary_implies(v, v->skills[i].parent, (int)i));
	}
	vocabulary_free(v);
}

static void
users_add_names(void)
{
	const char *const extra[] = { "Basket weaving=weaving;baskets", "Java",
		"PostgreSQL=Elephant", "", " ", "機械学習" };
	const char *text = "baskets and 機械学習の経験";
	struct vocabulary *v = vocabulary_new(extra, 6);
	size_t n;

	arena_begin();
	CHECK_STR(vocabulary_find(v, "WEAVING"), "Basket weaving");
	CHECK_STR(vocabulary_find(v, "Java"), "Java");
	CHECK_STR(vocabulary_find(v, "elephant"), "PostgreSQL");
	CHECK_INT(vocabulary_size(v), skills_rows + 2);
	skills_scan(v, arena, text, strlen(text), &n);
	CHECK_INT(n, 2);
	vocabulary_free(v);
}

static void
many_names(void)
{
	static const char *names[10000];
	struct vocabulary *v;
	size_t n;

	arena_begin();
	for (int i = 0; i < 10000; i++)
		names[i] = arena_printf(arena, "skill%d of many", i);
	v = vocabulary_new(names, 10000);
	CHECK_INT(vocabulary_size(v), skills_rows + 10000);
	CHECK_STR(vocabulary_find(v, "Skill9999 of many"), "skill9999 of many");
	skills_scan(v, arena, "skill77 of many", 15, &n);
	CHECK_INT(n, 1);
	vocabulary_free(v);
}

static void
names_within_names(void)
{
	const char *const extra[] = { "alpha", "alpha beta", "alpha beta gamma",
		"beta gamma" };
	struct vocabulary *v = vocabulary_new(extra, 4);
	struct skill_hit *hits;
	size_t n;

	arena_begin();
	hits = skills_scan(v, arena, "alpha beta gamma", 16, &n);
	CHECK_INT(n, 1);
	CHECK_STR(hits[0].skill, "alpha beta gamma");
	hits = skills_scan(v, arena, "alpha beta, beta gamma", 22, &n);
	CHECK_INT(n, 2);
	CHECK_STR(hits[0].skill, "alpha beta");
	vocabulary_free(v);
}

static void
parents(void)
{
	struct vocabulary *v = vocabulary_new(NULL, 0);
	int boot = vocabulary_index(v, "Spring Boot");

	CHECK(vocabulary_implies(v, boot, vocabulary_index(v, "Java")));
	CHECK(!vocabulary_implies(v, vocabulary_index(v, "Java"), boot));
	CHECK(!vocabulary_implies(
	    v, vocabulary_index(v, "JavaScript"), vocabulary_index(v, "Java")));
	CHECK(!vocabulary_implies(v, -1, boot));
	vocabulary_free(v);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(names_are_found), TEST(table_is_sound), TEST(users_add_names),
    TEST(many_names), TEST(names_within_names), TEST(parents))
