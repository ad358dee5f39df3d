/*
 * Addresses of definitions: which patterns are right, and which board an
 * address belongs to.
 */
#include <sys/stat.h>
#include "faults.h"

#define HEAD                                                       \
	"source: acme\nparams: { name: { required: true }, host: " \
	"{ default: a } }\n"
#define TAIL "url: https://x.example/{name}\nformat: feed\n"

static const struct bad refused[] = {
	{ "addresses: https://x.example/{name}\n",
	    "3:12: 'https://x.example/{name}' is no pattern of addresses: it "
	    "begins with the host, without https://" },
	{ "addresses: '{name}.com'\n",
	    "3:12: '{name}.com' is no pattern of addresses: two labels of the "
	    "host at least are fixed" },
	{ "addresses: x.example/{nme}\n",
	    "3:12: {nme} is no parameter of this source (did you mean "
	    "'name'?)\n"
	    "3:12: the pattern does not say {name}, which is required" },
	{ "addresses: [ x.example/jobs, 'x.example/{name}/{host' ]\n",
	    "3:14: the pattern does not say {name}, which is required\n"
	    "3:30: 'x.example/{name}/{host' is no pattern of addresses: a part "
	    "holds one {name} at most" },
	{ "addresses: { host: b }\n",
	    "3:12: expected at: or holds: and a pattern beside the "
	    "parameters" },
	{ "addresses: { at: 'x.example/{name}', hots: b }\n",
	    "3:38: 'hots' is no parameter of this source (did you mean "
	    "'host'?)" },
	{ "addresses: { at: 'x.example/{name}', host: '{other}' }\n",
	    "3:44: {other} does not stand in x.example/{name}" },
	{ "addresses: x.example:http/{name}\n",
	    "3:12: 'x.example:http/{name}' is no pattern of addresses: its "
	    "port is no number" },
	{ "addresses: x.example/{name}?for\n",
	    "3:12: 'x.example/{name}?for' is no pattern of addresses: behind "
	    "'?' stands name=value" },
	{ "addresses: '[locale].x.example/{name}'\n",
	    "3:12: '[locale].x.example/{name}' is no pattern of addresses: "
	    "[locale] stands in paths only" },
};

static void
bad_patterns(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena *arena = arena_new(LIMIT_CONF_BYTES);
		const char *text =
		    arena_printf(arena, HEAD "%s" TAIL, refused[i].text);
		struct problems problems;

		problems_init(&problems, arena);
		CHECK(conf_source_parse(arena, "x.yaml", text, strlen(text),
			  &problems) == NULL);
		CHECK_STR(faults_text(arena, &problems), refused[i].faults);
		arena_free(arena);
	}
}

/* A root with definitions of our own. */
static struct boards *
boards(struct arena *arena)
{
	static bool is_made;
	const char *path;

	if (!is_made) {
		path = file_write(arena, "unused", "");
		path = arena_strndup(
		    arena, path, strlen(path) - strlen("/unused"));
		setenv("CAREERD_ROOT", path, 1);
		CHECK(
		    mkdir(arena_printf(arena, "%s/scrapers", path), 0777) == 0);
		is_made = true;
	}
	file_write(arena, "scrapers/acme.yaml",
	    HEAD "addresses:\n"
		 " - boards.acme.example/{name}\n"
		 " - boards.acme.example/embed?for={name}\n"
		 " - not boards.acme.example/embed\n"
		 " - '{name}.at.acme.example'\n"
		 " - not jobs.at.acme.example\n"
		 " - '*.pod.acme.example/[locale]/{name}'\n"
		 " - api.acme.example/v1/{name}.json\n"
		 " - local.acme.example:8080/{name}\n"
		 " - { at: '{name}.eu.acme.example', host: '{name}.eu' }\n"
		 " - { at: 'r.acme.example/{a}/{b}', name: '{a}/{b}' }\n"
		 " - { holds: '*.acme-cdn.example', name: '{page.label}', "
		 "host: '{page.domain}' }\n"
		 " - { holds: not w.acme-cdn.example }\n"
		 " - { holds: path.acme-cdn.example, name: "
		 "'{page.first}/{page.second}', host: '{page.host}' }\n" TAIL);
	file_write(arena, "scrapers/all.yaml",
	    "source: all\nurl: https://all.example/feed\nformat: feed\n"
	    "params: { words: {} }\n"
	    "addresses: [ all.example, 'all.example/search?q={words}' ]\n");
	file_write(arena, "scrapers/broken.yaml", "source: [\n");
	return conf_boards(arena);
}

static const char *
text_of(struct arena *arena, const struct board *board)
{
	const char *text = board->source->name;

	for (size_t i = 0; i < board->nparams; i++)
		text = arena_printf(arena, "%s %s=%s", text,
		    board->params[i].name, board->params[i].value);
	return text;
}

/* "acme name=x host=y", or "-". */
static const char *
board_text(
    struct arena *arena, const struct boards *boards, const char *address)
{
	struct board board;

	return conf_board_find(arena, boards, address, &board)
		   ? text_of(arena, &board)
		   : "-";
}

static void
addresses(void)
{
	static const struct {
		const char *address, *board;
	} cases[] = {
		{ "https://boards.acme.example/lumen", "acme name=lumen" },
		{ "boards.acme.example/lumen", "acme name=lumen" },
		{ "//boards.acme.example/lumen", "acme name=lumen" },
		{ "HTTP://BOARDS.acme.EXAMPLE:80//LumeN//jobs/7/?a=b#c",
		    "acme name=LumeN" },
		{ "https://boards.acme.example./lumen?x", "acme name=lumen" },
		{ "https://boards.acme.example/Lumen%20Works%2fEU",
		    "acme name=Lumen Works/EU" },
		{ "https://boards.acme.example:8443/lumen", "-" },
		{ "http://local.acme.example:8080/lumen", "acme name=lumen" },
		{ "https://boards.acme.example/", "-" },
		{ "https://boards.acme.example", "-" },
		{ "https://boards.acme.example/robots.txt", "-" },
		{ "https://boards.acme.example/%00", "-" },
		{ "https://boards.acme.example/%ff", "-" },
		{ "https://boards.acme.example/Embed/job?token=1", "-" },
		{ "https://boards.acme.example/embed/js?b=c&FOR=lumen",
		    "acme name=lumen" },
		{ "https://boards.acme.example/embed?for=", "-" },
		{ "https://lumen.at.acme.example/p/1", "acme name=lumen" },
		{ "https://www.at.acme.example/p/1", "-" },
		{ "https://jobs.at.acme.example/lumen", "-" },
		{ "https://at.acme.example/lumen", "-" },
		{ "https://a.lumen.at.acme.example/", "-" },
		{ "https://lumen.at.acme.example.evil.example/", "-" },
		{ "https://user@lumen.at.acme.example/", "-" },
		{ "https://x.pod.acme.example/en-US/Site/job/1",
		    "acme name=Site" },
		{ "https://x.pod.acme.example/Site", "acme name=Site" },
		{ "https://x.pod.acme.example/de/Site", "acme name=Site" },
		{ "https://x.pod.acme.example/en-US", "-" },
		{ "https://x.pod.acme.example/zh-Hans-CN/a", "acme name=a" },
		{ "https://x.pod.acme.example/US/job", "acme name=US" },
		{ "https://api.acme.example/v1/Lumen.JSON", "acme name=Lumen" },
		{ "https://api.acme.example/v1/.json", "-" },
		{ "https://lumen.eu.acme.example/x",
		    "acme name=lumen host=lumen.eu" },
		{ "https://r.acme.example/a/b/c", "acme name=a/b" },
		{ "https://r.acme.example/a", "-" },
		{ "https://all.example/x", "all" },
		{ "https://all.example/search?q=c+dev%2B", "all words=c dev+" },
		{ "ftp://boards.acme.example/lumen", "-" },
		{ "mailto:jobs@acme.example", "-" },
		{ "", "-" },
	};
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct boards *list = boards(arena);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_STR(
		    board_text(arena, list, cases[i].address), cases[i].board);
	arena_free(arena);
}

/* Boards at the employer's own address, known by what they load. */
static void
held(void)
{
	static const struct {
		const char *held, *page, *board;
	} cases[] = {
		{ "https://a.acme-cdn.example/x.js",
		    "https://jobs.lumen.example/en?x",
		    "acme name=jobs host=lumen.example" },
		{ "https://w.acme-cdn.example/x.js",
		    "https://jobs.lumen.example/", "-" },
		{ "https://path.acme-cdn.example/",
		    "https://lumen.example/us/en/x",
		    "acme name=us/en host=lumen.example" },
		{ "https://path.acme-cdn.example/", "https://lumen.example/us",
		    "acme host=lumen.example" },
		{ "https://boards.acme.example/lumen",
		    "https://jobs.lumen.example/", "-" },
		{ "https://a.acme-cdn.example/", "", "-" },
	};
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct boards *list = boards(arena);
	struct board board;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool is_there = conf_board_held(
		    arena, list, cases[i].held, cases[i].page, &board);

		CHECK_STR(
		    is_there ? text_of(arena, &board) : "-", cases[i].board);
	}
	CHECK_STR(board_text(arena, list, "https://a.acme-cdn.example/"), "-");
	arena_free(arena);
}

static void
employers(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct boards *list = boards(arena);
	struct board board;

	CHECK(conf_board_find(arena, list, "boards.acme.example/x", &board));
	CHECK(conf_board_is_employers(&board));
	CHECK(conf_board_find(arena, list, "all.example", &board));
	CHECK(!conf_board_is_employers(&board));
	arena_free(arena);
}

TESTS(TEST(bad_patterns), TEST(addresses), TEST(held), TEST(employers))
