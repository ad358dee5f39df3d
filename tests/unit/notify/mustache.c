/*
 * Mustache: what a template author meets, bad templates with their place,
 * and the specification's own cases where they are at hand.
 */
#include "base/json.h"
#include "base/str.h"
#include "check.h"
#include "notify/notify.h"
#include "shared.h"

static const struct json *partials;

static const char *
partial_of(void *context, const char *name)
{
	(void)context;
	return json_get_text(partials, name);
}

static char *
render(const char *template, const char *data, enum mustache_escape escape)
{
	struct err err = { 0 };
	struct json *j = json_parse(data, strlen(data), &err);
	struct buf out;
	char *text;

	CHECK(j != NULL);
	buf_init(&out, 1 << 20);
	if (mustache_render(
		template, j, escape, partial_of, NULL, &out, &err) == -1)
		buf_printf(&out, "error %s", err.text);
	json_free(j);
	text = buf_take(&out);
	return text == NULL ? strdup("") : text;
}

static void
expect(const char *template, const char *data, const char *want)
{
	char *got = render(template, data, MUSTACHE_HTML);

	CHECK_STR(got, want);
	free(got);
}

static void
values(void)
{
	expect("{{a}}, {{{a}}}, {{&a}}", "{\"a\":\"<b> & 'c'\"}",
	    "&lt;b&gt; &amp; &#39;c&#39;, <b> & 'c', <b> & 'c'");
	expect("{{a.b.c}}|{{a.x.c}}|{{nothing}}", "{\"a\":{\"b\":{\"c\":7}}}",
	    "7||");
	expect("{{#l}}{{.}};{{/l}}", "{\"l\":[1,2.5,\"x\"]}", "1;2.5;x;");
	expect("{{^l}}none{{/l}}{{^s}}empty{{/s}}", "{\"l\":[],\"s\":\"\"}",
	    "noneempty");
}

static void
plain_is_not_escaped(void)
{
	char *got = render("{{a}}", "{\"a\":\"R&D <x>\"}", MUSTACHE_PLAIN);

	CHECK_STR(got, "R&D <x>");
	free(got);
}

static void
lines_that_stand_alone(void)
{
	expect("a\n  {{#l}}\n- {{.}}\n  {{/l}}\nb\n", "{\"l\":[1,2]}",
	    "a\n- 1\n- 2\nb\n");
	expect("a {{! note }}\nb", "{}", "a \nb");
	expect("{{=<% %>=}}\n<%a%> {{a}}", "{\"a\":1}", "1 {{a}}");
}

static void
faults_have_a_place(void)
{
	expect("a\n  {{#x}}", "{}", "error 2:3: section 'x' is never closed");
	expect("{{/x}}", "{}", "error 1:1: nothing is open that closes 'x'");
	expect("{{#a}}{{/b}}", "{}",
	    "error 1:7: another section is open than 'b'");
	expect("x {{a", "{}", "error 1:3: tag is not closed by '}}'");
	expect("{{=a=}}", "{}",
	    "error 1:1: delimiters are not two words in "
	    "'a'");
	expect("{{}}", "{}", "error 1:1: tag without a name '{{'");
}

static void
partial_without_end(void)
{
	struct err err = { 0 };
	struct json *j = json_parse("{\"p\":\"x{{>p}}\"}", 15, &err);
	char *got;

	partials = j;
	got = render("{{>p}}", "{}", MUSTACHE_HTML);
	CHECK(strstr(got, "includes itself without end") != NULL);
	free(got);
	partials = NULL;
	json_free(j);
}

static void
names_are_checked(void)
{
	struct err err = { 0 };
	const char *text = "{\"name\":\"A\",\"jobs\":[{\"title\":\"T\"}]}";
	struct json *j = json_parse(text, strlen(text), &err);
	struct mustache_place at;

	CHECK_INT(mustache_check("{{name}}{{#jobs}}{{title}} {{name}}{{/jobs}}",
		      j, NULL, NULL, &at, &err),
	    0);
	CHECK_INT(mustache_check("{{#jobs}}\n {{titel}}{{/jobs}}", j, NULL,
		      NULL, &at, &err),
	    -1);
	CHECK_STR(
	    err.text, "unknown name 'titel'\nHINT: did you mean 'title'?");
	CHECK_INT(at.line, 2);
	CHECK_INT(at.column, 2);
	json_free(j);
}

static int
spec_case(const struct json *test)
{
	struct err err = { 0 };
	const char *want = json_get_text(test, "expected");
	struct buf out;
	int ok;

	partials = json_get(test, "partials");
	buf_init(&out, 1 << 20);
	ok = mustache_render(json_get_text(test, "template"),
		 json_get(test, "data"), MUSTACHE_HTML, partial_of, NULL, &out,
		 &err) == 0 &&
	     strcmp(buf_cstr(&out), want) == 0;
	if (!ok)
		printf("  %s: \"%s\", not \"%s\" %s\n",
		    json_get_text(test, "name"), buf_cstr(&out), want,
		    err.text);
	buf_fini(&out);
	partials = NULL;
	return ok;
}

static void
specification(void)
{
	static const char *const modules[] = { "comments", "delimiters",
		"interpolation", "inverted", "partials", "sections" };
	struct arena *arena = arena_new(1 << 24);
	size_t passed = 0, all = 0, n = 0;

	for (size_t i = 0; i < 6; i++) {
		struct err err = { 0 };
		char *text = shared_read(arena,
		    arena_printf(arena,
			"corpus/suites/mustache-spec/specs/%s.json",
			modules[i]),
		    &n);
		struct json *j, *tests;
		if (text == NULL)
			break;
		j = json_parse(text, n, &err);
		CHECK(j != NULL);
		tests = json_get(j, "tests");
		for (size_t k = 0; k < json_size(tests); k++, all++)
			passed += (size_t)spec_case(json_at(tests, k));
		json_free(j);
	}
	arena_free(arena);
	if (all == 0)
		SKIP("the Mustache specification is not here");
	printf("mustache specification: %zu of %zu\n", passed, all);
	CHECK_INT(passed, all);
	CHECK_INT(all, 136);
}

TESTS(TEST(values), TEST(plain_is_not_escaped), TEST(lines_that_stand_alone),
    TEST(faults_have_a_place), TEST(partial_without_end),
    TEST(names_are_checked), TEST(specification))
