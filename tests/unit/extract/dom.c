#include "extract/dom.h"

#include <strings.h>
#include "base/limits.h"
#include "check.h"
#include "shared.h"

static struct arena *arena;

static const struct dom *
html(const char *text)
{
	arena_free(arena);
	arena = arena_new(256 * 1024 * 1024);
	return dom_html(arena, text, strlen(text));
}

/* The tree in one line: "html(head body(p'text'))". */
static void
draw(const struct node *n, struct buf *to)
{
	for (n = n->first; n != NULL; n = n->next) {
		if (to->len > 0 && to->data[to->len - 1] != '(')
			buf_char(to, ' ');
		if (n->type == NODE_TEXT) {
			buf_char(to, '\'');
			node_text_raw(n, to);
			buf_char(to, '\'');
			continue;
		}
		for (uint32_t i = 0; i < n->len; i++)
			buf_char(to, n->text[i] >= 'A' && n->text[i] <= 'Z'
					 ? n->text[i] | 32
					 : n->text[i]);
		if (n->first == NULL)
			continue;
		buf_char(to, '(');
		draw(n, to);
		buf_char(to, ')');
	}
}

static const char *
tree(const char *text)
{
	static struct buf to;

	buf_fini(&to);
	buf_init(&to, 1 << 20);
	draw(html(text)->root, &to);
	return buf_cstr(&to);
}

static void
implied(void)
{
	CHECK_STR(tree(""), "html(head body)");
	CHECK_STR(tree("x"), "html(head body('x'))");
	CHECK_STR(tree("<title>a&lt;b<b></title>x"),
	    "html(head(title('a<b<b>')) body('x'))");
	CHECK_STR(tree("<!doctype html><p>a<p>b<div>c</div>"),
	    "html(head body(p('a') p('b') div('c')))");
	CHECK_STR(tree("<ul><li>a<li>b<ul><li>c</ul><li>d</ul>"),
	    "html(head body(ul(li('a') li('b' ul(li('c'))) li('d'))))");
	CHECK_STR(tree("<dl><dt>a<dd>b<dt>c</dl>"),
	    "html(head body(dl(dt('a') dd('b') dt('c'))))");
	CHECK_STR(tree("<select><option>a<option>b</select>"),
	    "html(head body(select(option('a') option('b'))))");
	CHECK_STR(tree("a</p>b"), "html(head body('a' p 'b'))");
	CHECK_STR(tree("<head><link></head><meta><p>x</body>y"),
	    "html(head(link meta) body(p('x' 'y')))");
}

static void
tables(void)
{
	CHECK_STR(tree("<table><tr><td>a<td>b<tr><th>c</table>"),
	    "html(head body(table(tbody(tr(td('a') td('b')) tr(th('c'))))))");
	CHECK_STR(tree("<table><td>a</table>"),
	    "html(head body(table(tbody(tr(td('a'))))))");
	CHECK_STR(tree("<table>x<tr><td>a</table>"),
	    "html(head body('x' table(tbody(tr(td('a'))))))");
	CHECK_STR(tree("<table><tr><td><table><tr><td>a</table>b</table>c"),
	    "html(head body(table(tbody(tr(td(table(tbody(tr(td('a')))) "
	    "'b')))) 'c'))");
	/* Rows without a table, as answers to scripts bring them. */
	CHECK_STR(tree("<tr><td>a<td>b<tr><td>c"),
	    "html(head body(tr(td('a') td('b')) tr(td('c'))))");
}

static void
crosswise(void)
{
	CHECK_STR(tree("<b>a<p>b</b>c</p>d"),
	    "html(head body(b('a' p('b' 'c')) 'd'))");
	CHECK_STR(
	    tree("<a href=1>x<a href=2>y"), "html(head body(a('x') a('y')))");
	CHECK_STR(tree("<div><span>a</div>b</span>"),
	    "html(head body(div(span('a')) 'b'))");
	CHECK_STR(tree("<h1>a</h2>b"), "html(head body(h1('a') 'b'))");
}

static void
not_markup(void)
{
	CHECK_STR(
	    tree("a < b <3 </ x> c"), "html(head body('a < b <3 ' ' c'))");
	CHECK_STR(tree("a<!-- <b> -->c<?php x ?>d<!x>e"),
	    "html(head body('a' 'c' 'd' 'e'))");
	CHECK_STR(tree("<script>if (a<b) '</scr' + '<p>'</script>x"),
	    "html(head(script('if (a<b) '</scr' + '<p>'')) body('x'))");
	CHECK_STR(tree("<p>a<textarea><b>&amp;</textarea>"),
	    "html(head body(p('a' textarea('<b>&'))))");
	CHECK_STR(tree("<style></STYLE\n>x"), "html(head(style) body('x'))");
	CHECK_STR(tree("<svg><path/><title>a<b></title></svg><p>"),
	    "html(head body(svg(path title('a' b)) p))");
}

/* Svg and math are no HTML, but have islands of it. */
static void
foreign(void)
{
	CHECK_STR(tree("<svg><g><div>a</svg>b"),
	    "html(head body(svg(g) div('a' 'b')))");
	CHECK_STR(tree("<svg><foreignObject><div>a<p>b</div></foreignObject>"
		       "<path/></svg>c"),
	    "html(head body(svg(foreignobject(div('a' p('b'))) path) 'c'))");
	CHECK_STR(tree("<svg></p>a"), "html(head body(svg p 'a'))");
	CHECK_STR(tree("<math><mi><p>a</math>b"),
	    "html(head body(math(mi(p('a' 'b')))))");
}

/* Without a doctype a table does not end a paragraph. */
static void
quirks(void)
{
	CHECK_STR(tree("<p><table></table>"), "html(head body(p(table)))");
	CHECK_STR(tree("<!-- x --> <!DOCTYPE html><p><table></table>"),
	    "html(head body(p table))");
	CHECK_STR(tree("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 "
		       "Transitional//EN\" \"http://www.w3.org/TR/html4/"
		       "loose.dtd\"><p><table></table>"),
	    "html(head body(p table))");
	CHECK_STR(tree("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2//EN\">"
		       "<p><table></table>"),
	    "html(head body(p(table)))");
}

static void
forms(void)
{
	CHECK_STR(tree("<select><option>a<select><option>b"),
	    "html(head body(select(option('a')) option('b')))");
	CHECK_STR(tree("<select><option>a<input>b"),
	    "html(head body(select(option('a')) input 'b'))");
	CHECK_STR(tree("<table><input type=HIDDEN><tr><td>a<input></table>"),
	    "html(head body(table(input tbody(tr(td('a' input))))))");
	CHECK_STR(tree("<table><colgroup> x</table>"),
	    "html(head body(' x' table(colgroup)))");
}

/* What stands in scripts, comments and texts that keep their lines. */
static void
hidden(void)
{
	CHECK_STR(tree("<body><script><!-- w('<script>a</script>') --></script>"
		       "b"),
	    "html(head body(script('<!-- w('<script>a</script>') -->') 'b'))");
	CHECK_STR(tree("<body><script><!-- a </script>b<!--> --></script>"),
	    "html(head body(script('<!-- a ') 'b' ' -->'))");
	CHECK_STR(tree("<body>a<!-- <b> --!>c<!-->d<!--->e<!-- f"),
	    "html(head body('a' 'c' 'd' 'e'))");
	CHECK_STR(tree("<pre>\n\na</pre><textarea>\r\nb</textarea>"),
	    "html(head body(pre('\na') textarea('b')))");
	CHECK_STR(tree("a<b class=x"), "html(head body('a'))");
	CHECK_STR(tree("<template><p>a"), "html(head(template(p('a'))) body)");
}

static void
attributes(void)
{
	const struct node *a =
	    dom_find(html("<a HREF='?a=1&amp;b=2&copy=3' href=no x=a&lt;b y "
			  "title = \"Q&A\" data-x=/1/>t</a>")
			 ->root,
		"a");

	CHECK_STR(node_attr_text(arena, a, "href"), "?a=1&b=2&copy=3");
	CHECK_STR(node_attr_text(arena, a, "x"), "a<b");
	CHECK_STR(node_attr_text(arena, a, "y"), "");
	CHECK_STR(node_attr_text(arena, a, "title"), "Q&A");
	CHECK_STR(node_attr_text(arena, a, "data-x"), "/1/");
	CHECK(node_attr_text(arena, a, "z") == NULL);
}

static void
texts(void)
{
	const struct dom *dom =
	    html("<div>\n <p>One&nbsp;two<br>three</p><ul><li>a<li>b</ul>"
		 "<script>no()</script>c <b>d</b>e&#x41;&unknown;</div>");
	const struct node *div = dom_find(dom->root, "div");
	size_t n;
	const char *inner = node_inner(dom, dom_find(div, "p"), &n);

	CHECK_STR(
	    node_text(arena, div, 1000), "One two three a b c deA&unknown;");
	CHECK(n == 21 && strncmp(inner, "One&nbsp;two<br>three", n) == 0);
	CHECK(strlen(node_text(arena, div, 8)) <= 8);
}

static void
xml(void)
{
	const char text[] = "<?xml version='1.0'?><a:r xmlns:a='u'><B/><b>x"
			    "<![CDATA[<y>&amp;]]></b><c>&lt;</a:r>";
	struct buf to;

	arena_free(arena);
	arena = arena_new(1 << 22);
	buf_init(&to, 1000);
	draw(dom_xml(arena, text, strlen(text))->root, &to);
	CHECK_STR(to.data, "a:r(b b('x' '<y>&amp;') c('<'))");
	buf_fini(&to);
}

TESTS(TEST(implied), TEST(tables), TEST(crosswise), TEST(not_markup),
    TEST(foreign), TEST(quirks), TEST(forms), TEST(hidden), TEST(attributes),
    TEST(texts), TEST(xml))
