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
	    "html(head body(svg(path title('a')) b(p)))");
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

/* ---- html5lib's tests of tree construction ---- */

static int
by_name(const void *a, const void *b)
{
	const struct attr *x = a, *y = b;
	size_t n = x->name_len < y->name_len ? x->name_len : y->name_len;
	int order = strncasecmp(x->name, y->name, n);

	return order != 0 ? order : (int)x->name_len - (int)y->name_len;
}

static void
add_lower(struct buf *to, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_char(to, p[i] >= 'A' && p[i] <= 'Z' ? p[i] | 32 : p[i]);
}

static void
dump_attrs(const struct node *n, int depth, struct buf *to)
{
	struct attr *sorted =
	    arena_array(arena, n->nattrs + 1U, sizeof(*sorted));

	for (size_t i = 0; i < n->nattrs; i++)
		sorted[i] = n->attrs[i];
	qsort(sorted, n->nattrs, sizeof(*sorted), by_name);
	for (size_t i = 0; i < n->nattrs; i++) {
		if (i > 0 && by_name(&sorted[i - 1], &sorted[i]) == 0)
			continue;
		buf_printf(to, "| %*s", 2 * depth + 2, "");
		add_lower(to, sorted[i].name, sorted[i].name_len);
		buf_printf(to, "=\"%.*s\"\n", (int)sorted[i].value_len,
		    sorted[i].value);
	}
}

static void
dump(const struct node *n, int depth, struct buf *to)
{
	for (n = n->first; n != NULL; n = n->next) {
		buf_printf(to, "| %*s", 2 * depth, "");
		if (n->type == NODE_ELEMENT) {
			buf_char(to, '<');
			add_lower(to, n->text, n->len);
			buf_str(to, ">\n");
			dump_attrs(n, depth, to);
			dump(n, depth + 1, to);
			continue;
		}
		buf_char(to, '"');
		node_text_raw(n, to);
		for (; n->next != NULL && n->next->type == NODE_TEXT;
		     n = n->next)
			node_text_raw(n->next, to);
		buf_str(to, "\"\n");
	}
}

/* Lines of the wanted tree without those that we leave out. */
static char *
without_doctype(char *want)
{
	char *line = want;

	while (strncmp(line, "| <!DOCTYPE", 11) == 0)
		line = strchr(line, '\n') == NULL ? line + strlen(line)
						  : strchr(line, '\n') + 1;
	return line;
}

/* What compares: no fragments, scripts, comments, templates, namespaces. */
static bool
comparable(const char *test, const char *want)
{
	return strstr(test, "#document-fragment") == NULL &&
	       strstr(test, "#script-on") == NULL &&
	       strstr(want, "<!-- ") == NULL && strstr(want, "<?") == NULL &&
	       strstr(want, "svg ") == NULL && strstr(want, "math ") == NULL &&
	       strstr(want, "content\n") == NULL;
}

static void
run_test(char *test, int *right, int *all)
{
	char *errors = strstr(test, "#errors\n"),
	     *want = strstr(test, "#document\n");
	struct buf got;
	size_t n;

	if (errors == NULL || want == NULL || !comparable(test, want))
		return;
	errors[errors > test ? -1 : 0] = '\0';
	want = without_doctype(want + strlen("#document\n"));
	n = strlen(want);
	while (n > 0 && want[n - 1] == '\n')
		n--;
	buf_init(&got, 1 << 20);
	dump(dom_html(arena, test, strlen(test))->root, 0, &got);
	(*all)++;
	*right += got.len == n + 1 && strncmp(got.data, want, n) == 0;
	buf_fini(&got);
}

static void
run_file(const char *name, int *right, int *all)
{
	char *at, *next;
	size_t n;

	at = shared_read(arena,
	    arena_printf(arena,
		"corpus/suites/html5lib-tests/tree-construction/%s", name),
	    &n);
	for (; at != NULL; at = next) {
		at = strstr(at, "#data\n");
		if (at == NULL)
			break;
		at += strlen("#data\n");
		next = strstr(at, "\n#data\n");
		if (next != NULL)
			*next++ = '\0';
		run_test(at, right, all);
	}
}

/*
 * What is not built as there is what this reader does not do: elements that
 * end crosswise are not split. The number may only grow.
 */
static void
html5lib(void)
{
	static const char *const names[] = { "blocks.dat", "entities01.dat",
		"entities02.dat", "inbody01.dat", "main-element.dat",
		"tables01.dat", "tests1.dat", "tests2.dat", "tests3.dat",
		"tests5.dat", "tests6.dat", "tests7.dat", "tests8.dat",
		"tests14.dat", "tests15.dat", "tests16.dat", "tests17.dat",
		"tests18.dat", "tests19.dat", "tests20.dat", "tests24.dat",
		"tests25.dat", "void-in-phrasing.dat", "webkit01.dat" };
	int right = 0, all = 0;

	arena_free(arena);
	arena = arena_new(256 * 1024 * 1024);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		run_file(names[i], &right, &all);
	if (all == 0)
		SKIP("no html5lib-tests");
	printf("html5lib trees: %d of %d\n", right, all);
	CHECK(right >= 680);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(implied), TEST(tables), TEST(crosswise), TEST(not_markup),
    TEST(attributes), TEST(texts), TEST(xml), TEST(html5lib))
