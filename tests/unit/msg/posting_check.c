#include "check.h"
#include <math.h>
#include "base/limits.h"
#include "msg/posting.h"

static struct arena *arena;

static struct posting
good(void)
{
	arena_free(arena);
	arena = arena_new(16L * 1024 * 1024);
	return (struct posting){
		.url = "https://a.example/jobs/1",
		.title = "Engineer",
		.company = "Acme",
	};
}

static char *
long_text(size_t n)
{
	char *text = arena_alloc(arena, n + 1);

	memset(text, 'x', n);
	return text;
}

static void
good_posting_is_left_alone(void)
{
	struct posting p = good();
	struct err e;

	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK_STR(p.title, "Engineer");
	CHECK_INT(p.nwarnings, 0);
}

static void
what_cannot_be_mended_is_refused(void)
{
	struct err e;
	struct posting p = good();

	p.title = " \n";
	CHECK_INT(posting_check(arena, &p, &e), -1);
	CHECK_STR(e.text, "posting has no title");
	p = good();
	p.url = NULL;
	CHECK_INT(posting_check(arena, &p, &e), -1);
	p.url = "javascript:alert(1)";
	CHECK_INT(posting_check(arena, &p, &e), -1);
	p.url = "/jobs/1";
	CHECK_INT(posting_check(arena, &p, &e), -1);
}

static void
what_acts_on_terminals_is_left_out(void)
{
	struct posting p = good();
	struct err e;

	p.title = "\033[31mC\xe2\x80\xae developer";
	p.company = "\x07";
	p.description = "One\n\ttwo\033c";
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK_STR(p.title, "[31mC developer");
	CHECK(p.company == NULL);
	CHECK_STR(p.description, "One\n\ttwoc");
}

static void
long_texts_are_cut(void)
{
	struct posting p = good();
	struct err e;
	char *title = long_text(LIMIT_TITLE_BYTES + 1);

	/* A character of two bytes straddles the limit. */
	title[LIMIT_TITLE_BYTES - 1] = (char)0xc3;
	title[LIMIT_TITLE_BYTES] = (char)0xa4;
	p.title = title;
	p.description = long_text(LIMIT_DESCRIPTION_BYTES + 5);
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK_INT(strlen(p.title), LIMIT_TITLE_BYTES - 1);
	CHECK_INT(strlen(p.description), LIMIT_DESCRIPTION_BYTES);
	CHECK_INT(p.nwarnings, 2);
	CHECK_STR(p.warnings[0], "title: cut to 1000 of 1001 bytes");
}

static void
bad_urls_beside_are_dropped(void)
{
	struct posting p = good();
	struct err e;

	p.apply_url = "mailto:jobs@acme.example";
	p.detail_url = "https://user:pw@a.example/";
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK(p.apply_url == NULL);
	CHECK(p.detail_url == NULL);
	CHECK_INT(p.nwarnings, 2);
}

static void
bodies_are_whole_or_not_sent(void)
{
	char body[LIMIT_FIELD_BYTES + 2];
	struct posting p = good();
	struct err e;

	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	p.detail_url = "https://a.example/";
	p.detail_body = body + 1;
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK(p.detail_url != NULL);
	p.detail_body = body;
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK(p.detail_url == NULL);
	CHECK(p.detail_body == NULL);
	CHECK_INT(p.nwarnings, 1);
}

static void
values_out_of_range_are_dropped(void)
{
	struct place places[] = { { "Berlin", "", "Germany" },
		{ "X", NULL, "AT" } };
	struct posting p = good();
	struct err e;

	p.places = places;
	p.nplaces = 2;
	p.language = "EN";
	p.salary = (struct salary){ .present = true, .min = NAN };
	p.posted = (struct instant){ .present = true, .ms = INT64_MAX };
	p.closes = (struct instant){ .present = true, .ms = 1795000000000 };
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK(p.places[0].country == NULL);
	CHECK(p.places[0].region == NULL);
	CHECK_STR(p.places[1].country, "AT");
	CHECK(p.language == NULL);
	CHECK(!p.salary.present);
	CHECK(!p.posted.present);
	CHECK(p.closes.present);
	CHECK_INT(p.nwarnings, 4);
}

static void
salaries_are_ranges(void)
{
	struct posting p = good();
	struct err e;

	p.salary = (struct salary){ .present = true, .min = 5, .max = 4 };
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK(!p.salary.present);
	p.salary = (struct salary){ .present = true, .min = 5 };
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK(p.salary.present);
	p.salary.currency = "euros";
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK(p.salary.currency == NULL);
}

static void
lists_are_cut(void)
{
	const char *tags[LIMIT_LIST_ITEMS + 10];
	struct pair metadata[LIMIT_LIST_ITEMS + 1];
	struct posting p = good();
	struct err e;

	for (size_t i = 0; i < LIMIT_LIST_ITEMS + 10; i++)
		tags[i] = "t";
	tags[3] = long_text(LIMIT_FIELD_BYTES + 1);
	for (size_t i = 0; i < LIMIT_LIST_ITEMS + 1; i++)
		metadata[i] = (struct pair){ "n", "v" };
	p.tags = tags;
	p.ntags = LIMIT_LIST_ITEMS + 10;
	p.metadata = metadata;
	p.nmetadata = LIMIT_LIST_ITEMS + 1;
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK_INT(p.ntags, LIMIT_LIST_ITEMS);
	CHECK_INT(strlen(p.tags[3]), LIMIT_FIELD_BYTES);
	CHECK_STR(p.tags[4], "t");
	CHECK_INT(p.nmetadata, LIMIT_LIST_ITEMS);
	CHECK_INT(p.nwarnings, 3);
}

static void
detail_wins_where_it_speaks(void)
{
	struct pair of_list[] = { { "team", "A" }, { "path", "/x" } };
	struct pair of_detail[] = { { "team", "B" } };
	const char *const warnings[] = { "w" };
	struct place place = { "Wien", NULL, "AT" };
	struct posting list = good();
	struct posting detail = { .description = "Text",
		.company = "",
		.places = &place,
		.nplaces = 1,
		.job_type = JOB_CONTRACT,
		.metadata = of_detail,
		.nmetadata = 1,
		.warnings = warnings,
		.nwarnings = 1 };

	list.metadata = of_list;
	list.nmetadata = 2;
	list.warnings = warnings;
	list.nwarnings = 1;
	posting_merge(arena, &list, &detail);
	CHECK_STR(list.title, "Engineer");
	CHECK_STR(list.company, "Acme");
	CHECK_STR(list.description, "Text");
	CHECK_STR(list.places[0].city, "Wien");
	CHECK_INT(list.job_type, JOB_CONTRACT);
	CHECK_INT(list.nmetadata, 2);
	CHECK_STR(list.metadata[0].name, "path");
	CHECK_STR(list.metadata[1].value, "B");
	CHECK_INT(list.nwarnings, 2);
}

static void
detail_may_bring_everything(void)
{
	const char *const list[] = { "a", "b" };
	struct posting all = { .external_id = "9",
		.url = "https://b.example/",
		.apply_url = "https://c.example/",
		.title = "Detail",
		.location = "Wien",
		.description_html = "<p>",
		.language = "de",
		.remote = REMOTE_HYBRID,
		.salary = { .present = true, .min = 5 },
		.experience = EXP_LEAD,
		.requirements = list,
		.nrequirements = 2,
		.benefits = list,
		.nbenefits = 1,
		.tags = list,
		.ntags = 2,
		.posted = { .present = true, .ms = 1 },
		.closes = { .present = true, .ms = 2 } };
	struct posting p = good();

	posting_merge(arena, &p, &all);
	CHECK_STR(p.title, "Detail");
	CHECK_STR(p.company, "Acme");
	CHECK_STR(p.language, "de");
	CHECK_INT(p.remote, REMOTE_HYBRID);
	CHECK(p.salary.min == 5);
	CHECK_INT(p.experience, EXP_LEAD);
	CHECK_INT(p.nrequirements, 2);
	CHECK_INT(p.nbenefits, 1);
	CHECK_STR(p.tags[1], "b");
	CHECK_INT(p.posted.ms, 1);
	CHECK_INT(p.closes.ms, 2);
}

/* With any room that is left: no crash, and nothing half done passes. */
static void
check_in_room(size_t room)
{
	struct arena *small = arena_new_soft(room);
	struct pair metadata[] = { { "n", "v" } };
	const char *const warnings[] = { "w" };
	const char *tags[] = { NULL, "t" };
	struct posting p = good(), detail = { .metadata = metadata,
		.nmetadata = 1,
		.warnings = warnings,
		.nwarnings = 1 };
	struct err e;

	tags[0] = long_text(LIMIT_FIELD_BYTES + 1);
	p.title = long_text(LIMIT_TITLE_BYTES + 1);
	p.language = "EN";
	p.tags = tags;
	p.ntags = 2;
	posting_merge(small, &p, &detail);
	if (posting_check(small, &p, &e) == 0)
		CHECK_INT(strlen(p.title), LIMIT_TITLE_BYTES);
	arena_free(small);
}

static void
full_arena_is_survived(void)
{
	for (size_t room = 0; room < 6000; room += 40)
		check_in_room(room);
	CHECK(true);
}

static void
counts_are_cut(void)
{
	struct place places[LIMIT_LIST_ITEMS + 1] = { { NULL, NULL, NULL } };
	const char *warnings[LIMIT_LIST_ITEMS + 1];
	struct posting p = good();
	struct err e;

	for (size_t i = 0; i < LIMIT_LIST_ITEMS + 1; i++)
		warnings[i] = "w";
	p.places = places;
	p.nplaces = LIMIT_LIST_ITEMS + 1;
	p.warnings = warnings;
	p.nwarnings = LIMIT_LIST_ITEMS + 1;
	p.apply_url = "https://a.example/apply";
	CHECK_INT(posting_check(arena, &p, &e), 0);
	CHECK_INT(p.nplaces, LIMIT_LIST_ITEMS);
	CHECK_INT(p.nwarnings, LIMIT_LIST_ITEMS);
	CHECK_STR(p.apply_url, "https://a.example/apply");
}

static bool
same_hash(const struct posting *a, const struct posting *b)
{
	uint8_t ha[32], hb[32];

	posting_hash(a, ha);
	posting_hash(b, hb);
	return memcmp(ha, hb, sizeof(ha)) == 0;
}

static void
hash_sees_what_a_person_sees(void)
{
	struct posting a = good(), b = a;
	struct pair metadata[] = { { "views", "17" } };
	struct place place = { "Wien", NULL, "AT" };
	const char *tag = "c";

	CHECK(same_hash(&a, &b));
	b.metadata = metadata;
	b.nmetadata = 1;
	CHECK(same_hash(&a, &b));
	b.posted = (struct instant){ .present = true, .approx = true };
	CHECK(same_hash(&a, &b));
	b.description = "new";
	CHECK(!same_hash(&a, &b));
	b = a;
	b.salary = (struct salary){ .present = true, .min = 1 };
	CHECK(!same_hash(&a, &b));
	b = a;
	b.places = &place;
	b.nplaces = 1;
	CHECK(!same_hash(&a, &b));
	b = a;
	b.tags = &tag;
	b.ntags = 1;
	CHECK(!same_hash(&a, &b));
	b = a;
	b.closes = (struct instant){ .present = true, .ms = 86400000 };
	CHECK(!same_hash(&a, &b));
	a.closes = (struct instant){ .present = true, .ms = 86400001 };
	CHECK(same_hash(&a, &b));
	b = a;
	b.company = NULL;
	b.title = "EngineerAcme";
	CHECK(!same_hash(&a, &b));
}

static void
no_memory_is_kept(void)
{
	arena_free(arena);
	arena = NULL;
	CHECK(true);
}

/* Pay that was read in a text takes no place of pay that a field gave. */
static void
merge_pay(void)
{
	struct posting list = { .salary = { .present = true, .max = 10 } };
	struct posting detail = {
		.salary = { .present = true, .max = 20, .in_text = true }
	};

	arena_free(arena);
	arena = arena_new(1 << 20);
	posting_merge(arena, &list, &detail);
	CHECK(list.salary.max == 10);
	list.salary.predicted = true;
	posting_merge(arena, &list, &detail);
	CHECK(list.salary.max == 20);
	detail.salary = (struct salary){ .present = true, .max = 30 };
	posting_merge(arena, &list, &detail);
	CHECK(list.salary.max == 30);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(good_posting_is_left_alone), TEST(what_cannot_be_mended_is_refused),
    TEST(what_acts_on_terminals_is_left_out), TEST(long_texts_are_cut),
    TEST(bad_urls_beside_are_dropped), TEST(bodies_are_whole_or_not_sent),
    TEST(values_out_of_range_are_dropped), TEST(salaries_are_ranges),
    TEST(lists_are_cut), TEST(detail_wins_where_it_speaks),
    TEST(detail_may_bring_everything), TEST(full_arena_is_survived),
    TEST(counts_are_cut), TEST(hash_sees_what_a_person_sees),
    TEST(no_memory_is_kept), TEST(merge_pay))
