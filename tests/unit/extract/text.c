/* HTML to text, and entities. */
#include "check.h"
#include "extract/value_int.h"

static struct arena *arena;

static const char *
text_of(const char *html)
{
	if (arena == NULL)
		arena = arena_new(64L * 1024 * 1024);
	arena_reset(arena);
	return value_html_text(arena, html, strlen(html));
}

static const char *
unescaped(const char *text)
{
	if (arena == NULL)
		arena = arena_new(64L * 1024 * 1024);
	arena_reset(arena);
	return value_unescape(arena, text, strlen(text));
}

static void
plain_text(void)
{
	CHECK_STR(text_of(""), "");
	CHECK_STR(text_of("  a  b \n\t c "), "a b c");
	CHECK_STR(text_of("a <b>bold</b> and <i>x</i>y"), "a bold and xy");
	CHECK_STR(text_of("1 < 2 & 3 > 2"), "1 < 2 & 3 > 2");
	CHECK_STR(text_of("a&nbsp;&nbsp;b\xc2\xa0 c"), "a b c");
	CHECK_STR(text_of("Stra\xc3\x9f"
			  "e"),
	    "Stra\xc3\x9f"
	    "e");
	CHECK_STR(text_of("zero\xe2\x80\x8bwidth\xe2\x80\x83"
			  "blank"),
	    "zerowidth blank");
	CHECK_STR(text_of("it\xe2\x80\x99s \xe2\x80\x9cso\xe2\x80\x9d"),
	    "it\xe2\x80\x99s \xe2\x80\x9cso\xe2\x80\x9d");
}

static void
blocks(void)
{
	CHECK_STR(text_of("<p>one</p><p>two</p>"), "one\n\ntwo");
	CHECK_STR(text_of("<div>one</div><div>two</div>"), "one\ntwo");
	CHECK_STR(text_of("one<br>two<br/>three"), "one\ntwo\nthree");
	CHECK_STR(text_of("a<br><br><br><br>b"), "a\n\nb");
	CHECK_STR(text_of("<p>a</p><p>&nbsp;</p><p></p><p>b</p>"), "a\n\nb");
	CHECK_STR(text_of("x<h2>Head</h2>y"), "x\n\nHead\n\ny");
	CHECK_STR(text_of("<table><tr><td>a</td><td>b</td></tr>"
			  "<tr><td>c</td></tr></table>"),
	    "a b\nc");
	CHECK_STR(text_of("<pre>a  b\nc\n\n\n\nd</pre>"), "a b\nc\n\nd");
	CHECK_STR(text_of("word<div>line </div> tail"), "word\nline\ntail");
}

static void
lists(void)
{
	CHECK_STR(text_of("<p>Must:</p><ul><li>C</li><li>SQL</li></ul><p>x"),
	    "Must:\n- C\n- SQL\n\nx");
	CHECK_STR(
	    text_of("<ul><li><p>a</p></li><li><p>b</p></li></ul>"), "- a\n- b");
	CHECK_STR(text_of("<ul><li>a<li>b</ul>c"), "- a\n- b\nc");
	CHECK_STR(text_of("<ul><li></li><li> </li><li>a</li></ul>"), "- a");
	CHECK_STR(text_of("<ul><li>a<ul><li>b</li></ul></li><li>c</ul>"),
	    "- a\n- b\n- c");
	CHECK_STR(text_of("<li>\xe2\x80\xa2 own</li><li>- dash</li>"),
	    "- own\n- dash");
	CHECK_STR(text_of("<li><div class=i></div><div>t</div></li>"), "- t");
}

static void
dropped(void)
{
	CHECK_STR(text_of("<head><title>t</title></head><body>x"), "x");
	CHECK_STR(text_of("a<script>if (1 < 2) '</b>'</script>b"), "ab");
	CHECK_STR(text_of("a<STYLE type='x'>p > a {}</STYLE >b"), "ab");
	CHECK_STR(text_of("a<!-- <p>no --> b<!doctype x>"), "a b");
	CHECK_STR(text_of("a<!-->b"), "ab");
	CHECK_STR(text_of("a<?php echo 1 ?>b"), "ab");
	CHECK_STR(text_of("a<svg><title>q</title></svg>b"), "ab");
	CHECK_STR(text_of("a<svg>b"), "ab");
	CHECK_STR(text_of("a<script>b"), "a");
	CHECK_STR(text_of("a<a href=\"x>y\" title='>'>b</a>c"), "abc");
	CHECK_STR(text_of("it's <a title=it's>b</a>"), "it's b");
	CHECK_STR(text_of("<a href=\"open>b</a> c"), "b c");
	CHECK_STR(text_of("unended <b"), "unended <b");
	CHECK_STR(text_of("</p"), "</p");
	CHECK_STR(text_of("a<custom-element>b</custom-element>"), "ab");
}

static void
entities(void)
{
	CHECK_STR(
	    unescaped("&lt;p&gt;a &amp;amp; b&lt;/p&gt;"), "<p>a &amp; b</p>");
	CHECK_STR(unescaped("&quot;&apos;&#39;&#x27;&#X41;"), "\"'''A");
	CHECK_STR(unescaped("&euro;&nbsp;&hellip;&Uuml;&uuml;"),
	    "\xe2\x82\xac\xc2\xa0\xe2\x80\xa6\xc3\x9c\xc3\xbc");
	CHECK_STR(unescaped("&notit; &notin; &copy 1 &amp"),
	    "\xc2\xacit; \xe2\x88\x89 \xc2\xa9 1 &");
	CHECK_STR(unescaped("&#128; &#150;"), "\xe2\x82\xac \xe2\x80\x93");
	CHECK_STR(unescaped("&#0; &#xD800; &#x110000; &#99999999999;"),
	    "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd");
	CHECK_STR(unescaped("& &; &# &#; &#x; &x &unknown; R&D AT&T"),
	    "& &; &# &#; &#x; &x &unknown; R&D AT&T");
	CHECK_STR(unescaped("&nGt;&nGt;&nGt;"),
	    "\xe2\x89\xab\xe2\x83\x92\xe2\x89\xab\xe2\x83\x92\xe2\x89\xab"
	    "\xe2\x83\x92");
	CHECK_STR(
	    unescaped("&CounterClockwiseContourIntegral;"), "\xe2\x88\xb3");
	CHECK_STR(unescaped("&zwnj;&AElig;&zscr;"),
	    "\xe2\x80\x8c\xc3\x86\xf0\x9d\x93\x8f");
	CHECK_STR(text_of("&lt;b&gt; &#10; x&ensp;y &shy;z"), "<b> x y z");
}

/* Nothing may be read behind the end, whatever the bytes are. */
static void
any_bytes(void)
{
	static const char *const pieces[] = { "<", ">", "</", "<!--", "-->",
		"&", "&#", "&#x", ";", "&lt", "&n", "<li>", "</li>", "<p>",
		"<ul>", "<script", "</script>", "<svg>", "=\"", "'", "\xc2",
		"\xe2\x80", "\xef\xbb", "a", " ", "\n", "<pre>", "\xa0", "nGt;",
		"&nGt;", "<br>" };
	const size_t npieces = sizeof(pieces) / sizeof(pieces[0]);
	uint64_t seed = 1;

	for (int round = 0; round < 20000; round++) {
		char text[96];
		size_t n = 0;
		char *exact;
		struct arena *a = arena_new(1024L * 1024);

		for (;;) {
			const char *piece;
			seed =
			    seed * 6364136223846793005u + 1442695040888963407u;
			piece = pieces[(seed >> 33) % npieces];
			if (n + strlen(piece) > sizeof(text))
				break;
			memcpy(text + n, piece, strlen(piece));
			n += strlen(piece);
		}
		exact = malloc(n);
		memcpy(exact, text, n);
		CHECK(strlen(value_html_text(a, exact, n)) <= n + n / 5 + 8);
		CHECK(strlen(value_unescape(a, exact, n)) <= n + n / 5 + 8);
		free(exact);
		arena_free(a);
	}
}

/* Each of these would take minutes if anything looked twice at the rest. */
static void
linear_time(void)
{
	static const char *const pieces[] = { "<svg>", "<a b=\"", "<!--", "<a",
		"&nosuch", "<li>", "&#1", "</", "<script>", "<x y='", "<head>",
		"<template><title>", "\xe2\x80\xa2" };
	const size_t size = 4L * 1024 * 1024;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct arena *a = arena_new(64L * 1024 * 1024);
		size_t n = strlen(pieces[i]), used = 0;
		char *text = malloc(size);

		for (; used + n <= size; used += n)
			memcpy(text + used, pieces[i], n);
		CHECK(value_html_text(a, text, used) != NULL);
		CHECK(value_unescape(a, text, used) != NULL);
		free(text);
		arena_free(a);
	}
}

static void
fold(void)
{
	char to[64];

	static const char text[] = "\xc3\x89"
				   "COLE \xe2\x80\x93 Stra\xc3\x9f"
				   "e\xc2\xa0"
				   "1";

	value_fold(text, strlen(text), to, sizeof(to));
	CHECK_STR(to, "ecole - strasse 1");
	CHECK_INT(value_fold("\xff\xfe"
			     "a",
		      3, to, sizeof(to)),
	    7);
	CHECK_INT(value_fold("abcdef", 6, to, 4), 3);
	CHECK_STR(to, "abc");
	CHECK_INT(value_fold("ab\xc5\x81\xc5\x81", 6, to, sizeof(to)), 4);
	CHECK_STR(to, "abll");
}

TESTS(TEST(plain_text), TEST(blocks), TEST(lists), TEST(dropped),
    TEST(entities), TEST(any_bytes), TEST(linear_time), TEST(fold))
