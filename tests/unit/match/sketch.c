#include "check.h"
#include "cases.h"

static void
near_and_far(void)
{
	uint32_t a[SKETCH_SLOTS], b[SKETCH_SLOTS];
	const char *text, *more;

	arena_begin();
	text = case_text(1);
	CHECK(sketch_make(text, a));
	CHECK(sketch_make(text, b));
	CHECK_INT(sketch_agree(a, b), SKETCH_SLOTS);
	/* A sentence more at the end. */
	more = arena_printf(arena, "%s Please apply through our portal.", text);
	CHECK(sketch_make(more, b));
	CHECK(sketch_agree(a, b) > 50);
	CHECK(sketch_make(case_text(9), b));
	CHECK(sketch_agree(a, b) < 10);
}

static void
layout_does_not_count(void)
{
	uint32_t a[SKETCH_SLOTS], b[SKETCH_SLOTS];
	const char *text = "We\xe2\x80\x99re looking for people who like to "
			   "build good things, write tests and read what "
			   "others wrote before they write themselves.";
	const char *other = "WE'RE  looking\nfor people - who like\xc2\xa0to "
			    "build good things; write tests and read what "
			    "others wrote before they write the\xc2\xadmselves";

	CHECK(sketch_make(text, a));
	CHECK(sketch_make(other, b));
	CHECK_INT(sketch_agree(a, b), SKETCH_SLOTS);
}

static void
too_little_to_judge(void)
{
	uint32_t a[SKETCH_SLOTS];

	arena_begin();
	CHECK(!sketch_make(NULL, a));
	CHECK(!sketch_make("", a));
	CHECK(!sketch_make("A good job for a good cook.", a));
	/* What a board cuts off is no text. */
	CHECK(!sketch_make(arena_printf(arena, "%s...", case_text(1)), a));
	CHECK(!sketch_make(
	    arena_printf(arena, "%s\xe2\x80\xa6 ", case_text(1)), a));
}

static void
scripts_without_blanks(void)
{
	uint32_t a[SKETCH_SLOTS], b[SKETCH_SLOTS];

	CHECK(sketch_make("私たちは世界中の人々が使う製品を作る会社です。"
			  "経験のある方を探しています。",
	    a));
	CHECK(sketch_make("私たちは世界中の人々が使う製品を作る会社です。"
			  "経験のない方も探しています。",
	    b));
	CHECK(sketch_agree(a, b) > 30);
	CHECK(sketch_agree(a, b) < SKETCH_SLOTS);
	/* Broken bytes are bytes. */
	CHECK(!sketch_make("\xe3\x81", a));
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(near_and_far), TEST(layout_does_not_count),
    TEST(too_little_to_judge), TEST(scripts_without_blanks))
