/*
 * Sources in careerd.yaml: which file, which parameters, what is put over it.
 */
#include "faults.h"

/* Definitions beside careerd.yaml. */
#define BOARD                                                            \
	"source: board\n"                                                \
	"params: { board: { required: true, help: its name }, q: {} }\n" \
	"every: 6h\n"                                                    \
	"url: https://x.example/{board}?at={page.offset}\n"              \
	"format: json\njobs: $.jobs[*]\n"                                \
	"pages: { offset: 20, max: 5 }\n"                                \
	"fields: { title: $.t, url: $.u, company: '{board}' }\n"         \
	"limits: { rate: 1 per 4s, min_interval: 1h }\n"                 \
	"detail: { url: '{job.url}', fields: { description: $.d } }\n"
#define PAGE                                                   \
	"source: page\nparams: { page: { required: true } }\n" \
	"url: '{page}'\nformat: jobposting\n"

static struct conf *
load(struct arena *arena, const char *sources, const char **faults)
{
	struct problems problems;
	struct err e = { 0 };
	struct conf *conf;
	const char *path;

	file_write(arena, "board.yaml", BOARD);
	file_write(arena, "page.yaml", PAGE);
	path = file_write(arena, "careerd.yaml",
	    arena_printf(arena, "sources:\n%s\n", sources));
	problems_init(&problems, arena);
	conf = conf_load(arena, path, &problems, &e);
	CHECK(conf != NULL);
	*faults = faults_text(arena, &problems);
	return conf;
}

static const char *
keys_of(struct arena *arena, const struct source *source)
{
	const char *text = "";

	for (size_t i = 0; i < source->ntargets; i++)
		text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : " ",
		    source->targets[i].key);
	return text;
}

/* What stands in careerd.yaml, and the keys of the targets it makes. */
static const struct bad targets[] = {
	{ "  ./board.yaml: { board: a }", "board/a" },
	{ "  board.yaml: { board: [a, b, c], q: C++ }",
	    "board/a/C++ board/b/C++ board/c/C++" },
	{ "  ./board.yaml: [ { board: a, q: x }, { board: b } ]",
	    "board/a/x board/b" },
	{ "  ./page.yaml: { page: https://a.example/jobs }", "page" },
	{ "  ./page.yaml: { page: [https://a.example, https://b.example] }",
	    "page/https://a.example page/https://b.example" },
	{ "  ./board.yaml: { board: a, source: other }", "other/a" },
};

static void
parameters_make_targets(void)
{
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct arena *arena = arena_new(LIMIT_CONF_BYTES);
		const char *faults;
		struct conf *conf = load(arena, targets[i].text, &faults);

		CHECK_STR(faults, "");
		CHECK_INT(conf->nsources, 1);
		CHECK_STR(keys_of(arena, &conf->sources[0]), targets[i].faults);
		arena_free(arena);
	}
}

static const struct bad refused[] = {
	{ "  ./board.yaml: {}", "2:3: board needs board: its name" },
	{ "  ./board.yaml:", "2:3: board needs board: its name" },
	{ "  ./board.yaml: { borad: a }",
	    "2:19: 'borad' is neither a parameter of ./board.yaml nor a key of "
	    "sources (did you mean 'board'?)" },
	{ "  ./board.yaml: { board: a, evry: 3h }",
	    "2:29: 'evry' is neither a parameter of ./board.yaml nor a key of "
	    "sources (did you mean 'every'?)" },
	{ "  ./board.yaml: { board: [] }", "2:26: the list is empty" },
	{ "  ./board.yaml: { board: [a, {b: c}] }",
	    "2:30: expected a text, found a mapping" },
	{ "  ./board.yaml: { board: [a, b], q: [x, y] }",
	    "2:37: only one parameter can be a list; write several sets: [ { "
	    "... }, { ... } ]" },
	{ "  ./board.yaml: { board: [a, b, a] }",
	    "2:3: the same parameters stand here twice (board/a)" },
	{ "  ./board.yaml: [ { board: a, every: 3h } ]",
	    "2:31: a list holds parameters only; 'every' is for all of them" },
	{ "  ./board.yaml: yes",
	    "2:17: expected a mapping (key: value), found 'yes'" },
	{ "  ./board.yaml: { board: \"a\\nb\" }",
	    "2:26: the value holds a character that cannot be sent" },
	{ "  ./board.yaml: { board: a, every: 30m }",
	    "2:36: every is shorter than limits.min_interval (1h)" },
	{ "  ./board.yaml: { board: a, pages: ~ }",
	    "4:6: {page.offset} is used, but pages does not count so" },
	{ "  ./board.yaml: { board: a, fields: { title: ~ } }",
	    "8:9: fields has no title" },
	{ "  ./board.yaml: { board: a }\n  ./page.yaml: { page: https://x, "
	  "source: board }",
	    "3:3: a source named 'board' stands above already; give this one "
	    "another name with source: NAME" },
	{ "  bord: {}", NULL },
	{ "  ./none.yaml: {}", NULL },
};

static void
wrong_entries_are_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena *arena = arena_new(LIMIT_CONF_BYTES);
		const char *faults;

		load(arena, refused[i].text, &faults);
		CHECK(faults[0] != '\0');
		if (refused[i].faults != NULL)
			CHECK_STR(faults, refused[i].faults);
		arena_free(arena);
	}
}

static void
keys_are_put_over_the_file(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct conf *conf = load(arena,
	    "  ./board.yaml:\n"
	    "    board: a\n"
	    "    every: 12h\n"
	    "    url: http://127.0.0.1:8080/{board}\n"
	    "    pages: ~\n"
	    "    detail: null\n"
	    "    allow_private: true\n"
	    "    limits: { rate: unlimited }\n"
	    "    fields: { company: $.c, salary: $.s }\n"
	    "    headers: { X-A: b }\n",
	    &faults);
	const struct source *source;

	CHECK_STR(faults, "");
	source = &conf->sources[0];
	CHECK_INT(source->every.interval_ms, 12 * 3600000);
	CHECK_STR(source->list.url.text, "http://127.0.0.1:8080/{board}");
	CHECK_INT(source->pages.kind, PAGES_NONE);
	CHECK(!source->detail.present);
	CHECK_INT(source->limits.gap_ms, 0);
	CHECK_INT(source->limits.min_interval_ms, 3600000);
	CHECK_INT(source->list.nfields, 4);
	CHECK_INT(source->nheaders, 1);
	arena_free(arena);
}

/* Another way through the pages replaces the old one, a number joins it. */
static void
pages_are_replaced_or_joined(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct conf *conf = load(
	    arena, "  ./board.yaml: { board: a, pages: { max: 9 } }", &faults);

	CHECK_STR(faults, "");
	CHECK_INT(conf->sources[0].pages.kind, PAGES_OFFSET);
	CHECK_INT(conf->sources[0].pages.max, 9);
	conf = load(arena,
	    "  ./board.yaml: { board: a, url: 'https://y.example/{board}', "
	    "pages: { next: $.n, max: 9 } }",
	    &faults);
	CHECK_STR(faults, "");
	CHECK_INT(conf->sources[0].pages.kind, PAGES_NEXT);
	arena_free(arena);
}

/* Faults name the file in which the wrong text stands. */
static void
faults_name_their_file(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct problems problems;
	struct err e = { 0 };
	const char *path;

	file_write(arena, "broken.yaml",
	    "source: x\nurl: https://x/\nformat: feed\nevry: 1h\n");
	path = file_write(arena, "careerd.yaml",
	    "sources:\n  ./broken.yaml: { limits: { rate: fast } }\nlgo: x\n");
	problems_init(&problems, arena);
	conf_load(arena, path, &problems, &e);
	CHECK_INT(problems.n, 3);
	CHECK(str_ends(problems.list[0].file, "/careerd.yaml"));
	CHECK_INT(problems.list[0].line, 2);
	CHECK(str_ends(problems.list[1].file, "/careerd.yaml"));
	CHECK_INT(problems.list[1].line, 3);
	CHECK(str_ends(problems.list[2].file, "/broken.yaml"));
	CHECK_INT(problems.list[2].line, 4);
	arena_free(arena);
}

TESTS(TEST(parameters_make_targets), TEST(wrong_entries_are_refused),
    TEST(keys_are_put_over_the_file), TEST(pages_are_replaced_or_joined),
    TEST(faults_name_their_file))
