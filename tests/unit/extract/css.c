#include "extract/css.h"

#include "base/limits.h"
#include "check.h"
#include "extract/jdoc.h"
#include "shared.h"

static struct arena *arena;

static void
begin(void)
{
	arena_free(arena);
	arena = arena_new(256 * 1024 * 1024);
}

/* Texts (or attribute values) of what matches, parted by '|'; or the error. */
static const char *
ask_in(const struct dom *dom, const char *selector)
{
	static struct buf out;
	static struct err e;
	struct css *css = css_new(arena, selector, dom->is_xml, NULL, &e);
	struct css_found *found;
	size_t n;

	buf_fini(&out);
	buf_init(&out, 1 << 20);
	if (css == NULL)
		return e.text;
	CHECK_INT(css_select(css, arena, dom->root, 1000, &found, &n), 0);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&out, '|');
		if (found[i].attr != NULL)
			buf_add(&out, found[i].attr->value,
			    found[i].attr->value_len);
		else
			buf_str(&out, node_text(arena, found[i].node, 1000));
	}
	return buf_cstr(&out);
}

static const char *
ask(const char *html, const char *selector)
{
	begin();
	return ask_in(dom_html(arena, html, strlen(html)), selector);
}

static const char cards[] =
    "<ul><li class='job new' id=a><h4><a href='/a?x=1&amp;y=2'>Baker</a></h4>"
    "<b>Oslo</b></li><li class=job id=b><h4><a href=/b>Cook &amp; Chef</a>"
    "</h4></li><li class='advert'>Buy</li></ul>";

static void
scrapers_usual(void)
{
	CHECK_STR(ask(cards, "li.job h4"), "Baker|Cook & Chef");
	CHECK_STR(ask(cards, "h4 a@href"), "/a?x=1&y=2|/b");
	CHECK_STR(ask(cards, "li@id"), "a|b");
	CHECK_STR(ask(cards, "b@id, h4 > a@href"), "/a?x=1&y=2|/b");
	CHECK_STR(ask(cards, "li:not(.job)"), "Buy");
	CHECK_STR(ask(cards, "li:contains('Chef') @id"), "b");
	CHECK_STR(ask(cards, "li:-soup-contains(Oslo)@id"), "a");
	CHECK_STR(ask(cards, "li:nth-child(1 of .job:not(.new))@id"), "b");
	CHECK_STR(ask(cards, "li:nth-child(even of .job)@id"), "b");
	CHECK_STR(ask(cards, "li:nth-last-child(2 of .job)@id"), "a");
	CHECK_STR(ask(cards, ":any-link"), "Baker|Cook & Chef");
}

static void
self(void)
{
	struct css_found *found;
	struct dom *dom;
	struct css *li, *id;
	size_t n;

	begin();
	dom = dom_html(arena, cards, strlen(cards));
	li = css_new(arena, "li", false, NULL, NULL);
	id = css_new(arena, "@id", false, NULL, NULL);
	CHECK_INT(css_select(li, arena, dom->root, 1, &found, &n), 0);
	CHECK_INT(n, 1);
	/* The item's own attribute, and the item where nothing in it is. */
	CHECK_INT(css_select(id, arena, found[0].node, 9, &found, &n), 0);
	CHECK_INT(n, 1);
	CHECK(strncmp(found[0].attr->value, "a", 1) == 0);
	CHECK_INT(css_select(li, arena, found[0].node, 9, &found, &n), 0);
	CHECK_INT(n, 1);
	/* A document has none, and is no element whatever stands beside. */
	li = css_new(arena, "@id, *", false, NULL, NULL);
	CHECK_INT(css_select(li, arena, dom->root, 9, &found, &n), 0);
	CHECK(n > 0 && found[0].node->type == NODE_ELEMENT);
	CHECK_STR(ask(cards, "@id, h4"), "Baker|Cook & Chef");
}

static void
faults(void)
{
	CHECK_STR(ask("", "h2 >> a"), "unexpected '>' at character 5");
	CHECK_STR(ask("", "gr\xc3\xbc\xc3\x9f\x65 >> a"),
	    "unexpected '>' at character 8");
	CHECK_STR(
	    ask("", "a:frist-child"), "unknown pseudo-class at character 3");
	CHECK_STR(ask("", "a@"), "unexpected end at character 3");
	CHECK_STR(ask("", ""), "unexpected end at character 1");
	CHECK_STR(ask("", "[a"), "unexpected end at character 3");
	CHECK_STR(ask("", ":is(a@href)"), "unexpected '@' at character 6");
}

static void
xml_names(void)
{
	const char feed[] = "<rss><item><tt:city>Oslo</tt:city><city>x</city>"
			    "<Media:Content url='u'/></item></rss>";
	struct dom *dom;

	begin();
	dom = dom_xml(arena, feed, strlen(feed));
	CHECK_STR(ask_in(dom, "item tt:city"), "Oslo");
	CHECK_STR(ask_in(dom, "tt|city"), "Oslo");
	CHECK_STR(ask_in(dom, "city"), "x");
	CHECK_STR(ask_in(dom, "Media:Content@url"), "u");
	CHECK_STR(ask_in(dom, "media:content@url"), "");
	CHECK_STR(ask_in(dom, "item > tt:city:first-child"), "Oslo");
}

/* Selectors that would take for ever are stopped. */
static void
bombs(void)
{
	struct css_found *found;
	struct css *css;
	struct dom *dom;
	struct buf html;
	size_t n;

	begin();
	buf_init(&html, 1 << 24);
	for (int i = 0; i < 400; i++)
		buf_str(&html, "<div>");
	for (int i = 0; i < 20000; i++)
		buf_str(&html, "<i></i>");
	dom = dom_html(arena, html.data, html.len);
	css = css_new(arena,
	    "div div div div div div div div div div div div i b", false, NULL,
	    NULL);
	CHECK_INT(css_select(css, arena, dom->root, 9, &found, &n), 0);
	css = css_new(arena,
	    "div div div div div div div div div div div div:not(:root) "
	    "u ~ i",
	    false, NULL, NULL);
	CHECK_INT(css_select(css, arena, dom->root, 9, &found, &n), -1);
	css = css_new(arena, "*:has(*:has(b))", false, NULL, NULL);
	CHECK_INT(css_select(css, arena, dom->root, 9, &found, &n), -1);
	css = css_new(arena, "i:nth-of-type(2n)", false, NULL, NULL);
	CHECK_INT(css_select(css, arena, dom->root, 90000, &found, &n), -1);
	css = css_new(arena, "i:nth-child(2n)", false, NULL, NULL);
	CHECK_INT(css_select(css, arena, dom->root, 90000, &found, &n), 0);
	CHECK_INT(n, 10000);
	buf_fini(&html);
}

/* ---- the shared vectors ---- */

static bool
selects(const struct dom *dom, const struct css *css, const struct jnode *want)
{
	struct css_found *found;
	size_t n;

	if (css_select(css, arena, dom->root, 1000, &found, &n) != 0 ||
	    n != want->len)
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *number =
		    node_attr_text(arena, found[i].node, "data-n");

		if (number == NULL ||
		    strtod(number, NULL) !=
			jnode_double(jnode_at(want, (int64_t)i)))
			return false;
	}
	return true;
}

static size_t
run_cases(const struct jnode *documents, const struct jnode *cases)
{
	size_t passed = 0;

	for (uint32_t i = 0; i < cases->len; i++) {
		const struct jnode *c = jnode_at(cases, i),
				   *doc = jnode_member(documents,
				       jnode_member(c, "doc")->v.text);
		const char *selector = jnode_member(c, "selector")->v.text;
		struct err e = { 0 };
		struct css *css = css_new(arena, selector, false, NULL, &e);

		if (css != NULL &&
		    selects(dom_html(arena, doc->v.text, doc->len), css,
			jnode_member(c, "expect")))
			passed++;
		else
			printf("css: %s: %s %s\n",
			    jnode_member(c, "id")->v.text, selector, e.text);
	}
	return passed;
}

static void
vectors(void)
{
	const struct jnode *root, *cases, *refused;
	size_t n, passed, right = 0;
	const char *text;

	begin();
	text = shared_read(arena, "suites/css-vectors.json", &n);
	if (text == NULL)
		SKIP("no css-vectors.json");
	CHECK_INT(jdoc_parse(arena, text, n, JDOC_STRICT, &root, NULL), 0);
	cases = jnode_member(root, "cases");
	passed = run_cases(jnode_member(root, "documents"), cases);
	refused = jnode_member(root, "refused");
	for (uint32_t i = 0; i < refused->len; i++) {
		text = jnode_member(jnode_at(refused, i), "selector")->v.text;
		/* "@name" alone is ours: the item's own attribute. */
		if (*text == '@' ||
		    css_new(arena, text, false, NULL, NULL) == NULL)
			right++;
		else
			printf("css: accepted: %s\n", text);
	}
	printf("table: css vectors: %zu of %u, refused %zu of %u\n", passed,
	    cases->len, right, refused->len);
	CHECK_INT(passed, cases->len);
	CHECK_INT(right, refused->len);
	begin();
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(scrapers_usual), TEST(self), TEST(faults), TEST(xml_names),
    TEST(bombs), TEST(vectors))
