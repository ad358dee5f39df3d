#include "extract/xpath.h"

#include "check.h"

static struct arena *arena;

/* What it finds, parted by '|'. */
static const char *
ask(const struct dom *dom, const struct node *at, const char *expression)
{
	static struct buf out;
	static struct err e;
	struct xpath *x = xpath_new(expression, NULL, &e);
	struct xpath_doc *doc;
	struct xpath_found *found;
	size_t n = 0;
	int result;

	if (x == NULL)
		return e.text;
	doc = xpath_doc_new(arena, dom);
	result = xpath_select(x, doc, arena, at, 100, &found, &n);
	buf_fini(&out);
	buf_init(&out, 1 << 20);
	for (size_t i = 0; result == 0 && i < n; i++) {
		if (i > 0)
			buf_char(&out, '|');
		buf_str(&out, found[i].node == NULL
				  ? found[i].text
				  : node_text(arena, found[i].node, 1000));
	}
	xpath_doc_free(doc);
	xpath_free(x);
	return result == 0 ? buf_cstr(&out) : "over";
}

static struct dom *
html(const char *text)
{
	arena_free(arena);
	arena = arena_new(256 * 1024 * 1024);
	return dom_html(arena, text, strlen(text));
}

static void
finds(void)
{
	struct dom *dom =
	    html("<UL><LI Class=a>One &amp; <b>two</b><li>three<p "
		 "class='x y' class=z>four</UL>");
	const struct node *li = dom_find(dom->root, "li");

	CHECK_STR(ask(dom, dom->root, "//li"), "One & two|three four");
	CHECK_STR(ask(dom, dom->root, "/html/body/ul/li[2]/p/@class"), "x y");
	CHECK_STR(ask(dom, dom->root, "//li/@class"), "a");
	CHECK_STR(ask(dom, li, ".//b/text()"), "two");
	CHECK_STR(ask(dom, li, "."), "One & two");
	CHECK_STR(ask(dom, li, "following-sibling::li"), "three four");
	CHECK_STR(ask(dom, dom->root, "count(//li)"), "2");
	CHECK_STR(ask(dom, dom->root, "string(//b)"), "two");
	CHECK_STR(ask(dom, dom->root, "//li[2] = 'x'"), "");
	CHECK_STR(
	    ask(dom, dom->root, "//p/ancestor::*[1]/preceding-sibling::*"),
	    "One & two");
	CHECK_STR(ask(dom, dom->root, "//b | //p"), "two|four");
}

static void
faults(void)
{
	struct dom *dom = html("<p>");

	CHECK(strncmp(ask(dom, dom->root, "//p["), "Invalid expression at",
		  21) == 0);
	CHECK(strstr(ask(dom, dom->root, ""), "at character") != NULL);
	CHECK_STR(ask(dom, dom->root, "nothing(//p)"), "over");
	CHECK_STR(ask(dom, dom->root, "//x:p"), "over");
}

static void
names(void)
{
	const char text[] =
	    "<rss xmlns:tt='urn:t'><item><tt:City>Oslo</tt:City>"
	    "<un:declared>x</un:declared></item></rss>";
	struct dom *dom;

	arena_free(arena);
	arena = arena_new(1 << 22);
	dom = dom_xml(arena, text, strlen(text));
	CHECK_STR(ask(dom, dom->root, "//tt:City"), "Oslo");
	CHECK_STR(ask(dom, dom->root, "//*[local-name()='City']"), "Oslo");
	CHECK_STR(ask(dom, dom->root, "/rss/item/*[2]"), "x");
}

static void
bombs(void)
{
	struct buf text;
	struct dom *dom;

	buf_init(&text, 1 << 22);
	for (int i = 0; i < 6000; i++)
		buf_str(&text, "<i>x</i>");
	dom = html(text.data);
	CHECK_STR(
	    ask(dom, dom->root, "count(//*[count(//*)>count(preceding::*)])"),
	    "over");
	buf_reset(&text);
	for (int i = 0; i < 300; i++)
		buf_str(&text, "//*[");
	CHECK(strstr(ask(dom, dom->root, text.data), "character") != NULL);
	buf_fini(&text);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(finds), TEST(faults), TEST(names), TEST(bombs))
