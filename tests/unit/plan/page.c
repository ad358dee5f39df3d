#include "check.h"
#include "plan/plan.h"

static struct source source;
static struct page_position at, to;
static const char *url;

static enum page_step
step(enum paging kind, enum until until, struct extracted page, int64_t seen)
{
	source = (struct source){ .pages = { .kind = kind,
				      .from = 1,
				      .step = 20,
				      .until = until,
				      .max = 5 } };
	url = "not set";
	return page_next(&source, &page, &at, seen, false, &to, &url);
}

static void
one_page_only(void)
{
	struct extracted page = { .items = 20, .total = 500 };

	CHECK_INT(step(PAGES_NONE, UNTIL_EMPTY, page, 20), PAGE_END);
}

static void
numbers_and_offsets(void)
{
	struct extracted page = { .items = 20, .total = -1 };

	at = (struct page_position){ 0, 1, 0 };
	CHECK_INT(step(PAGES_NUMBER, UNTIL_EMPTY, page, 20), PAGE_NEXT);
	CHECK_INT(to.index, 1);
	CHECK_INT(to.number, 2);
	CHECK_STR(url, NULL);
	at = (struct page_position){ 3, 0, 60 };
	CHECK_INT(step(PAGES_OFFSET, UNTIL_EMPTY, page, 80), PAGE_NEXT);
	CHECK_INT(to.index, 4);
	CHECK_INT(to.offset, 80);
	page.items = 0;
	CHECK_INT(step(PAGES_OFFSET, UNTIL_EMPTY, page, 60), PAGE_END);
}

static void
links_and_cursors(void)
{
	struct extracted page = {
		.items = 20, .total = -1, .next = "https://h/2"
	};

	at = (struct page_position){ 0 };
	CHECK_INT(step(PAGES_NEXT, UNTIL_EMPTY, page, 20), PAGE_NEXT);
	CHECK_STR(url, "https://h/2");
	CHECK_INT(step(PAGES_CURSOR, UNTIL_EMPTY, page, 20), PAGE_NEXT);
	CHECK_STR(url, NULL);
	page.next = NULL;
	CHECK_INT(step(PAGES_NEXT, UNTIL_EMPTY, page, 20), PAGE_END);
	CHECK_INT(step(PAGES_CURSOR, UNTIL_TOTAL, page, 20), PAGE_END);
	page.next = "";
	CHECK_INT(step(PAGES_CURSOR, UNTIL_EMPTY, page, 20), PAGE_END);
	page.next = "https://h/2";
	page.items = 0;
	CHECK_INT(step(PAGES_NEXT, UNTIL_EMPTY, page, 20), PAGE_END);
}

static void
totals(void)
{
	struct extracted page = { .items = 20, .total = 45 };

	at = (struct page_position){ 1, 2, 0 };
	CHECK_INT(step(PAGES_NUMBER, UNTIL_TOTAL, page, 40), PAGE_NEXT);
	CHECK_INT(step(PAGES_NUMBER, UNTIL_TOTAL, page, 45), PAGE_END);
	CHECK_INT(step(PAGES_NUMBER, UNTIL_TOTAL, page, 60), PAGE_END);
	/* A page that gives nothing although there should be more. */
	page.items = 0;
	CHECK_INT(step(PAGES_NUMBER, UNTIL_TOTAL, page, 40), PAGE_TRUNCATED);
	/* A total of 0 after the first page says nothing. */
	page = (struct extracted){ .items = 20, .total = 0 };
	CHECK_INT(step(PAGES_NUMBER, UNTIL_TOTAL, page, 40), PAGE_NEXT);
	page.items = 0;
	CHECK_INT(step(PAGES_NUMBER, UNTIL_TOTAL, page, 40), PAGE_END);
	at.index = 0;
	CHECK_INT(step(PAGES_NUMBER, UNTIL_TOTAL, page, 0), PAGE_END);
	page = (struct extracted){ .items = 0, .total = -1 };
	CHECK_INT(step(PAGES_NUMBER, UNTIL_TOTAL, page, 0), PAGE_END);
}

static void
marks(void)
{
	struct extracted page = { .items = 20, .total = -1, .until = true };

	at = (struct page_position){ 1, 2, 0 };
	CHECK_INT(step(PAGES_NUMBER, UNTIL_SELECTOR, page, 40), PAGE_END);
	page.until = false;
	CHECK_INT(step(PAGES_NUMBER, UNTIL_SELECTOR, page, 40), PAGE_NEXT);
	page.items = 0;
	CHECK_INT(step(PAGES_NUMBER, UNTIL_SELECTOR, page, 40), PAGE_TRUNCATED);
	at.index = 0;
	CHECK_INT(step(PAGES_NUMBER, UNTIL_SELECTOR, page, 0), PAGE_END);
}

static void
stops(void)
{
	struct extracted page = { .items = 20, .total = -1 };

	at = (struct page_position){ 4, 5, 0 };
	CHECK_INT(step(PAGES_NUMBER, UNTIL_EMPTY, page, 100), PAGE_TRUNCATED);
	at.index = 3;
	CHECK_INT(page_next(&source, &page, &at, 80, true, &to, &url),
	    PAGE_TRUNCATED);
	CHECK_INT(
	    page_next(&source, &page, &at, 80, false, &to, &url), PAGE_NEXT);
}

static void
first(void)
{
	source = (struct source){ .pages = { PAGES_OFFSET, .from = 7 } };
	page_first(&source, &to);
	CHECK_INT(to.offset, 7);
	CHECK_INT(to.number, 0);
	CHECK_INT(to.index, 0);
	source.pages.kind = PAGES_NUMBER;
	page_first(&source, &to);
	CHECK_INT(to.number, 7);
	CHECK_INT(to.offset, 0);
}

static void
addresses(void)
{
	struct arena *a = arena_new((size_t)1 << 20);
	struct pair params[] = { { "board", "a b/c" } };
	struct target target = { "s/a", params, 1, NULL };
	struct err e;
	char *text;

	source = (struct source){
		.list = { .url = { .text =
				       "https://h/"
				       "{board}?o={page.offset}&n={page.number}"
				       "&c={page.cursor}" } }
	};
	at = (struct page_position){ 2, 3, 40 };
	text = page_url(a, &source, &target, &at, "x&y", &e);
	CHECK_STR(text, "https://h/a%20b/c?o=40&n=3&c=x%26y");
	text = page_url(a, &source, &target, &at, NULL, &e);
	CHECK_STR(text, "https://h/a%20b/c?o=40&n=3&c=");
	source.list.url.text = "https://h/{bord}";
	CHECK(page_url(a, &source, &target, &at, NULL, &e) == NULL);
	CHECK(strstr(e.text, "bord") != NULL);
	arena_free(a);
}

/* A first page of its own is not the list's end, though it has no job. */
static void
first_page_apart(void)
{
	struct arena *a = arena_new((size_t)1 << 20);
	struct target target = { .key = "s" };
	struct extracted page = { .next = "17", .total = -1 };
	struct err e;

	source = (struct source){
		.list = { .url = { .text = "https://h/of/{page.cursor}"
					   "?r={page.offset}-{page.last}" } },
		.pages = { .kind = PAGES_CURSOR,
		    .first = { .text = "https://h/find" },
		    .step = 150,
		    .max = 3 },
	};
	page_first(&source, &at);
	CHECK_STR(
	    page_url(a, &source, &target, &at, NULL, &e), "https://h/find");
	CHECK_INT(
	    page_next(&source, &page, &at, 0, false, &to, &url), PAGE_NEXT);
	CHECK_STR(page_url(a, &source, &target, &to, "17", &e),
	    "https://h/of/17?r=0-149");
	CHECK_INT(
	    page_next(&source, &page, &to, 0, false, &at, &url), PAGE_END);
	page.next = "";
	page_first(&source, &at);
	CHECK_INT(
	    page_next(&source, &page, &at, 0, false, &to, &url), PAGE_END);
	arena_free(a);
}

static void
bodies(void)
{
	struct arena *a = arena_new((size_t)1 << 20);
	struct pair params[] = { { "word", "say \"no\" & go" } };
	struct target target = { "s/a", params, 1, NULL };
	struct err e;

	at = (struct page_position){ 2, 3, 40 };
	source = (struct source){
		.list = { .body = "{{\"o\":{page.offset},\"w\":\"{word}\"}}",
		    .body_type = "application/json" }
	};
	CHECK_STR(page_body(a, &source, &target, &at, NULL, &e),
	    "{\"o\":40,\"w\":\"say \\\"no\\\" & go\"}");
	source.list.body = "w={word}&n={page.number}";
	source.list.body_type = "application/x-www-form-urlencoded";
	CHECK_STR(page_body(a, &source, &target, &at, NULL, &e),
	    "w=say%20%22no%22%20%26%20go&n=3");
	source.list.body_type = "text/plain";
	CHECK_STR(page_body(a, &source, &target, &at, NULL, &e),
	    "w=say \"no\" & go&n=3");
	arena_free(a);
}

TESTS(TEST(one_page_only), TEST(numbers_and_offsets), TEST(links_and_cursors),
    TEST(totals), TEST(marks), TEST(stops), TEST(first), TEST(addresses),
    TEST(first_page_apart), TEST(bodies))
