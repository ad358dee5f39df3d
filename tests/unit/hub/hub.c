/*
 * The way of pages and mails, and what becomes of them when a worker fails.
 */
#include "parts.h"

static struct event told;

static void
show(const struct event *v, void *context)
{
	(void)context;
	if (v->kind == EVENT_MATCHED)
		told = *v;
}

static int
run_case(const char *name)
{
	struct hub_options opt = { .foreground = true, .show = show };
	struct conf conf = conf_of();

	told = (struct event){ .kind = EVENT_WELL };
	(void)setenv(CASE, name, 1);
	(void)setenv(MARK, mark, 1);
	(void)unlink(mark);
	return hub_run(&conf, &opt);
}

static void
pages_and_mails_go_their_way(void)
{
	CHECK_INT(run_case("all-well"), 0);
	CHECK_INT(told.kind, EVENT_MATCHED);
	CHECK_INT(told.pages, 45);
	CHECK_INT(told.unchanged_pages, 5);
	CHECK_INT(told.merged, 5);
	CHECK_INT(told.closed, 5);
}

static void
death_of_fetch_loses_what_it_held(void)
{
	CHECK_INT(run_case("fetch-dies"), 0);
	CHECK(told.found > 0);
	CHECK_INT(told.pages + told.unchanged_pages + told.found, 50);
	CHECK_INT(told.closed, 5);
}

static void
page_that_crashes_is_given_up(void)
{
	CHECK_INT(run_case("extract-crashes"), 0);
	CHECK_INT(told.added, 1);
	CHECK_INT(told.pages, 44);
}

static void
page_that_spins_is_given_up(void)
{
	int64_t begun = clock_mono_ms();

	CHECK_INT(run_case("extract-spins"), 0);
	CHECK_INT(told.changed, 1);
	CHECK_INT(told.pages, 44);
	CHECK(clock_mono_ms() - begun >= 2LL * LIMIT_PAGE_CPU_MS);
}

static void
lies_of_extract_end_it_alone(void)
{
	CHECK_INT(run_case("extract-lies"), 0);
	CHECK_INT(told.added, 1);
	CHECK_INT(told.pages, 44);
	CHECK_INT(run_case("extract-grants"), 0);
	CHECK_INT(told.added, 1);
	CHECK_INT(told.pages, 44);
}

static void
death_of_notify_leaves_one_mail_unknown(void)
{
	CHECK_INT(run_case("notify-dies"), 0);
	CHECK_INT(told.merged, 5);
	CHECK_INT(told.closed, 4);
	CHECK_INT(told.count, 1);
}

static void
death_of_store_begins_anew(void)
{
	CHECK_INT(run_case("store-dies"), 0);
	CHECK_INT(told.pages + told.unchanged_pages, 50);
	CHECK_INT(told.found, 0);
}

static void
store_that_cannot_work_ends_the_foreground(void)
{
	CHECK_INT(run_case("store-babbles"), 69);
	CHECK_INT(told.kind, EVENT_WELL);
	CHECK_INT(run_case("store-refuses"), 78);
}

static void
lies_of_fetch_lose_what_it_held(void)
{
	CHECK_INT(run_case("wrong-id"), 0);
	CHECK_INT(told.found, 50);
	CHECK_INT(told.closed, 5);
}

int
main(int argc, char **argv)
{
	static const struct check_test tests[] = {
		TEST(pages_and_mails_go_their_way),
		TEST(death_of_fetch_loses_what_it_held),
		TEST(page_that_crashes_is_given_up),
		TEST(page_that_spins_is_given_up),
		TEST(lies_of_extract_end_it_alone),
		TEST(death_of_notify_leaves_one_mail_unknown),
		TEST(death_of_store_begins_anew),
		TEST(store_that_cannot_work_ends_the_foreground),
		TEST(lies_of_fetch_lose_what_it_held),
		TEST(nothing_is_left_behind),
	};
	int part = play_part(argc, argv);

	if (part != -1)
		return part;
	if (!test_directory_make())
		return 1;
	return check_run(tests, sizeof(tests) / sizeof(tests[0]));
}
