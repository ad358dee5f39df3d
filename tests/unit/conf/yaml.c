/*
 * The YAML reader: places, refusals, and what is too much.
 */
#include <time.h>
#include "base/clock.h"
#include "faults.h"

static struct node *
parse(struct arena *arena, const char *text, size_t n, const char **faults)
{
	struct problems problems;
	struct node *root = NULL;

	problems_init(&problems, arena);
	yaml_parse(arena, &problems, "t.yaml", text, n, &root);
	problems_sort(&problems);
	*faults = faults_text(arena, &problems);
	return root;
}

static void
nodes_have_places(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	static const char text[] = "\xef\xbb\xbf"
				   "a: x\nb:\n  - 'y z'\n  - { c: 1 }\n";
	const char *faults;
	struct node *root = parse(arena, text, strlen(text), &faults);
	struct node *b = node_get(root, "b"), *c;

	CHECK_STR(faults, "");
	CHECK_INT(root->n, 2);
	CHECK_STR(node_get(root, "a")->text, "x");
	CHECK_INT(node_get(root, "a")->line, 1);
	CHECK_INT(node_get(root, "a")->column, 4);
	CHECK_INT(b->kind, NODE_LIST);
	CHECK(b->items[0]->quoted);
	c = node_get(b->items[1], "c");
	CHECK_INT(c->line, 4);
	CHECK_INT(c->column, 10);
	CHECK(!c->quoted);
	CHECK(node_get(root, "none") == NULL);
	arena_free(arena);
}

/* Columns count characters, not bytes. */
static void
columns_are_characters(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	static const char text[] = "{ \xc3\xbc: 1, b: 2 }\n";
	const char *faults;
	struct node *root = parse(arena, text, strlen(text), &faults);

	CHECK_INT(node_get(root, "b")->column, 12);
	arena_free(arena);
}

static const struct bad refused[] = {
	{ "a: &x 1\nb: *x\n",
	    "1:4: anchor '&x' is not allowed; write the value out where it is "
	    "needed\n2:4: alias '*x' is not allowed; write the value out (or "
	    "quote it, if the '*' is meant)" },
	{ "a: !!str 1\n",
	    "1:4: tag 'tag:yaml.org,2002:str' is not allowed; quote a value "
	    "that is to be text" },
	{ "a: 1\nb: 2\na: 3\nb: 4\n",
	    "3:1: key 'a' stands here twice; the first is in line 1\n4:1: key "
	    "'b' stands here twice; the first is in line 2" },
	{ "[a]: 1\n", "1:1: a key must be a word, not a list or a mapping" },
	{ "a: 1\n---\nb: 2\n",
	    "2:1: a second document begins here; a file holds one" },
	{ "a: \"x\\0y\"\n", "1:4: a NUL character is not allowed" },
	{ "a:\n\tb: 1\n",
	    "2:1: this is not YAML: found character that cannot start any "
	    "token while scanning for the next token; indent with spaces, not "
	    "tabs" },
	{ "a: b: c\n",
	    "1:5: this is not YAML: mapping values are not allowed in this "
	    "context; a text with ': ' in it must be quoted" },
	{ "a: [1, 2\nb: 3\n",
	    "2:2: this is not YAML: did not find expected ',' or ']' while "
	    "parsing a flow sequence" },
	{ "a: ok\nb: \xc3\x28\n",
	    "2:4: byte 9 is not UTF-8; save the file as UTF-8" },
	{ "a: \x01\n",
	    "1:4: this is not YAML: control characters are not allowed" },
};

static void
bad_texts_are_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena *arena = arena_new(LIMIT_CONF_BYTES);
		const char *faults;

		parse(arena, refused[i].text, strlen(refused[i].text), &faults);
		CHECK_STR(faults, refused[i].faults);
		arena_free(arena);
	}
}

static void
nul_byte_is_refused(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;

	parse(arena, "a: \0b", 5, &faults);
	CHECK_STR(faults, "1:4: byte 3 is a NUL, which no text holds");
	arena_free(arena);
}

/*
 * The text many times over; refused at once. A reader without limits takes
 * ten to seventeen seconds for some of them; valgrind takes five for all.
 */
static const char *
refused_fast(struct arena *arena, const char *head, const char *part, size_t n)
{
	struct buf text;
	const char *faults;
	int64_t begin = clock_mono_ms();

	buf_init(&text, 4L * LIMIT_YAML_BYTES);
	buf_str(&text, head);
	for (size_t i = 0; i < n; i++)
		buf_str(&text, part);
	parse(arena, buf_cstr(&text), text.len, &faults);
	buf_fini(&text);
	CHECK(clock_mono_ms() - begin < 5000);
	return faults;
}

static void
too_much_is_refused_fast(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);

	CHECK_STR(refused_fast(arena, "a: ", "[", 90000),
	    "1:67: nested deeper than 64 levels");
	CHECK_STR(refused_fast(arena, "", "- ", 90000),
	    "1:129: nested deeper than 64 levels");
	CHECK(strstr(refused_fast(arena, "", "- &a x\n", 50000),
		  "there are more faults, which are not listed") != NULL);
	CHECK_STR(refused_fast(arena, "", "- x\n", 60000),
	    "50001:3: more than 50000 values");
	CHECK_STR(refused_fast(arena, "a: ", "xy", 600000),
	    "has 1200003 bytes, more than the 1048576 that are allowed");
	CHECK(
	    strstr(refused_fast(arena, "", "k: 1\n", 20000), "twice") != NULL);
	arena_free(arena);
}

static void
printed_nodes_read_back(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	static const char text[] =
	    "{ a: [x, 'y, z', \"1\"], b: { c: \"l\\n\\\"q\\\"\" }, d: [], e: "
	    "{}, f: 1, g: '', h: \"a: b\", i: '#x' }";
	const char *faults;
	struct buf out;
	struct node *root = parse(arena, text, strlen(text), &faults);
	struct json *json = node_json(root);
	const char *before = json_dump(arena, json);

	json_free(json);
	buf_init(&out, 10000);
	node_print(root, &out);
	root = parse(arena, buf_cstr(&out), out.len, &faults);
	CHECK_STR(faults, "");
	json = node_json(root);
	CHECK_STR(json_dump(arena, json), before);
	json_free(json);
	buf_fini(&out);
	arena_free(arena);
}

TESTS(TEST(nodes_have_places), TEST(columns_are_characters),
    TEST(bad_texts_are_refused), TEST(nul_byte_is_refused),
    TEST(too_much_is_refused_fast), TEST(printed_nodes_read_back))
