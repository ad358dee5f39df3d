/*
 * careerd source list | shipped | check | test | new
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "cmd/check.h"
#include "cmd/cmd.h"
#include "cmd/dryrun.h"
#include "cmd/dryrun_show.h"
#include "cmd/source_int.h"
#include "cmd/source_list.h"
#include "cmd/table.h"

#define PARAMS_MAX   32
#define PAGES_MOST   1000
#define DETAILS_MOST 10000
#define DETAILS_SOME 3

static bool
is_path(const char *name)
{
	return strchr(name, '/') != NULL || str_ends(name, ".yaml") ||
	       str_ends(name, ".yml");
}

/*
 * The file of a source that is named by its path or as a shipped one; NULL,
 * and a problem, if it is neither.
 */
static const char *
file_of(struct arena *arena, const char *name, struct problems *problems)
{
	struct conf roots = { .root = conf_root(arena) };
	const char *shipped = conf_shipped_path(arena, &roots, name);
	const char **names, *near;
	size_t n;

	if (is_path(name) || access(name, F_OK) == 0)
		return name;
	if (shipped != NULL)
		return shipped;
	n = conf_shipped_names(arena, &roots, &names);
	near = str_nearest(name, names, n);
	problems_add(problems, name, 0, 0,
	    "there is no such file and no such source in %s/scrapers%s%s%s",
	    roots.root, near == NULL ? "" : " (did you mean '",
	    near == NULL ? "" : near, near == NULL ? "" : "'?)");
	return NULL;
}

/* ---- check ---- */

/* False if it cannot be read, or is none. */
static bool
file_check(struct arena *arena, const char *name, struct problems *problems)
{
	const char *file = file_of(arena, name, problems);
	struct source *source =
	    file == NULL ? NULL : conf_source_draft(arena, file, problems);

	if (source != NULL)
		check_selectors(source, problems);
	return file != NULL && access(file, R_OK) == 0;
}

/* Without files: those that are configured, as they are overridden. */
static int
configured_check(const struct cmd_context *c, struct arena *arena,
    struct problems *problems, size_t *n)
{
	struct err e = { 0 };
	struct conf *conf = conf_load(arena, c->config_path, problems, &e);

	if (conf == NULL)
		return cmd_fail(&e);
	for (size_t i = 0; i < conf->ndrafts; i++)
		check_selectors(conf->drafts[i], problems);
	*n = conf->nsources;
	return 0;
}

static int
source_check(const struct cmd_context *c, int argc, char **argv)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct problems problems;
	enum err_kind kind = argc == 0 ? ERR_CONFIG : ERR_DATA;
	size_t n = (size_t)argc;
	int ret = 0;

	problems_init(&problems, arena);
	for (int i = 0; i < argc; i++)
		if (!file_check(arena, argv[i], &problems))
			kind = ERR_NOINPUT;
	if (argc == 0)
		ret = configured_check(c, arena, &problems, &n);
	problems_sort(&problems);
	problems_print(&problems, c->json ? stdout : stderr, c->json);
	if (ret == 0 && problems.n > 0)
		ret = err_exit_code(kind);
	else if (ret == 0 && !c->json)
		printf("%zu source%s: right\n", n, n == 1 ? "" : "s");
	arena_free(arena);
	return ret;
}

/* ---- test ---- */

struct test {
	const struct cmd_context *context;
	struct arena *arena;
	struct problems problems;
	struct source *source;
	struct buf page, detail;
	struct progress progress;
};

void
progress_say(void *context, const char *text)
{
	struct progress *progress = context;

	if (!progress->is_terminal)
		return;
	fprintf(stderr, "\r\033[K%s",
	    str_safe(progress->arena, text, (size_t)table_width(stderr) - 1));
	fflush(stderr);
	progress->is_open = true;
}

void
progress_end(struct progress *progress)
{
	if (progress->is_open)
		fprintf(stderr, "\r\033[K");
	progress->is_open = false;
}

static int
params_read(struct test *test, struct pair *to, size_t *n, struct err *e)
{
	const char *text;

	for (*n = 0;
	     (text = cmd_value_at(test->context, "--param", *n)) != NULL;
	     ++*n) {
		const char *equals = strchr(text, '=');

		if (*n == PARAMS_MAX || equals == NULL || equals == text)
			return err_set(e, ERR_USAGE,
			    "--param: expected NAME=VALUE, found '%s'", text);
		to[*n].name =
		    arena_strndup(test->arena, text, (size_t)(equals - text));
		to[*n].value = equals + 1;
	}
	return 0;
}

/* The source with one target; its faults are said. 0, or the exit code. */
static int
source_load(struct test *test, const char *name)
{
	const char *file = file_of(test->arena, name, &test->problems);
	struct pair params[PARAMS_MAX];
	struct err e = { 0 };
	size_t n;

	if (file != NULL)
		test->source =
		    conf_source_load(test->arena, file, &test->problems);
	if (test->source == NULL ||
	    !check_selectors(test->source, &test->problems)) {
		problems_print(&test->problems, stderr, test->context->json);
		return err_exit_code(file == NULL ? ERR_NOINPUT : ERR_DATA);
	}
	if (params_read(test, params, &n, &e) == -1 ||
	    conf_source_fill(test->arena, test->source, params, n, &e) == -1) {
		if (n == 0)
			err_hint(&e,
			    "careerd source test %s --param NAME=VALUE", name);
		return cmd_fail(&e);
	}
	return 0;
}

int
page_load(const char *path, struct buf *to, struct err *e)
{
	FILE *f = str_eq(path, "-") ? stdin : fopen(path, "re");
	bool is_larger;
	size_t n;

	if (f == NULL)
		return err_errno(e, ERR_NOINPUT, "page %s", path);
	do {
		size_t room = (size_t)LIMIT_PAGE_BYTES - to->len;

		if (room > 4096)
			room = 4096;
		n = room == 0 ? 0 : fread(buf_reserve(to, room), 1, room, f);
		to->len += n;
	} while (n > 0);
	is_larger = to->len == (size_t)LIMIT_PAGE_BYTES && fgetc(f) != EOF;
	if (ferror(f))
		err_errno(e, ERR_IO, "page %s", path);
	else if (is_larger)
		err_set(e, ERR_DATA, "page %s: larger than %ld bytes", path,
		    LIMIT_PAGE_BYTES);
	if (f != stdin)
		fclose(f);
	return e->kind == ERR_NONE ? 0 : -1;
}

const struct conf *
conf_of(struct arena *arena, const struct cmd_context *c)
{
	static const struct conf none = { .user_agent = "careerd/" VERSION };
	struct problems unused;
	struct err e = { 0 };
	struct conf *conf;

	problems_init(&unused, arena);
	conf = conf_load(arena, c->config_path, &unused, &e);
	return conf == NULL ? &none : conf;
}

int
secrets_read(struct arena *arena, const struct conf *conf,
    struct dryrun_options *to, struct err *e)
{
	const struct auth *auth = &to->source->auth;
	struct pair *secrets =
	    arena_array(arena, auth->nparts, sizeof(*secrets));

	to->secrets = secrets;
	for (size_t i = 0; i < auth->nparts; i++) {
		const char *name = auth->parts[i].credential;
		char text[LIMIT_SECRET_BYTES];

		if (name == NULL)
			continue;
		if (conf_credential(conf, name, text, sizeof(text), e) == -1)
			return -1;
		secrets[to->nsecrets++] =
		    (struct pair){ name, arena_strdup(arena, text) };
		explicit_bzero(text, sizeof(text));
	}
	return 0;
}

/* Pages that stand in for the net. */
static int
saved_read(struct test *test, struct dryrun_options *to, struct err *e)
{
	const char *page = cmd_value(test->context, "--page");
	const char *detail = cmd_value(test->context, "--detail");

	if (detail != NULL && page == NULL)
		return err_set(
		    e, ERR_USAGE, "--detail goes with --page, its list");
	if (detail != NULL && !test->source->detail.present)
		return err_set(e, ERR_USAGE, "source %s has no detail",
		    test->source->name);
	if (page == NULL)
		return 0;
	if (page_load(page, &test->page, e) == -1)
		return -1;
	to->page = buf_cstr(&test->page);
	to->page_bytes = test->page.len;
	if (detail == NULL)
		return 0;
	if (page_load(detail, &test->detail, e) == -1)
		return -1;
	to->detail = buf_cstr(&test->detail);
	to->detail_bytes = test->detail.len;
	return 0;
}

static int
options_read(struct test *test, struct dryrun_options *to, struct err *e)
{
	const struct cmd_context *c = test->context;
	const struct conf *conf;
	int64_t pages, details;

	if (cmd_number(c, "--pages", 1, PAGES_MOST, PAGES_MOST, &pages, e) ==
		-1 ||
	    cmd_number(c, "--details", 0, DETAILS_MOST, DETAILS_SOME, &details,
		e) == -1)
		return -1;
	conf = conf_of(test->arena, c);
	*to = (struct dryrun_options){ .source = test->source,
		.target = &test->source->targets[0],
		.user_agent = conf->user_agent,
		.page_url = cmd_value(c, "--url"),
		.now_ms = clock_wall_ms(),
		.max_pages = (uint32_t)pages,
		.max_details = (uint32_t)details,
		.save_dir = cmd_value(c, "--save"),
		.say = progress_say,
		.context = &test->progress };
	if (to->save_dir != NULL && mkdir(to->save_dir, 0777) == -1 &&
	    errno != EEXIST)
		return err_errno(e, ERR_IO, "%s", to->save_dir);
	if (cmd_value(c, "--page") == NULL &&
	    secrets_read(test->arena, conf, to, e) == -1)
		return -1;
	return saved_read(test, to, e);
}

static int
test_run(struct test *test)
{
	struct dryrun_options options;
	struct err e = { 0 };
	struct dryrun run;

	int result = options_read(test, &options, &e);

	if (result == 0)
		result = dryrun(test->arena, &options, &run, &e);
	progress_end(&test->progress);
	if (result == -1)
		return cmd_fail(&e);
	return dryrun_show(
	    test->arena, &options, &run, table_style(test->context, stdout));
}

static int
source_test(const struct cmd_context *c, int argc, char **argv)
{
	struct test test = { .context = c,
		.arena = arena_new(LIMIT_CONF_BYTES * 4) };
	int ret;

	(void)argc;
	test.progress = (struct progress){ .arena = test.arena,
		.is_terminal = isatty(STDERR_FILENO) };
	problems_init(&test.problems, test.arena);
	buf_init(&test.page, LIMIT_PAGE_BYTES);
	buf_init(&test.detail, LIMIT_PAGE_BYTES);
	ret = source_load(&test, argv[0]);
	if (ret == 0)
		ret = test_run(&test);
	buf_fini(&test.page);
	buf_fini(&test.detail);
	arena_free(test.arena);
	return ret;
}

/* ---- the table of it ---- */

static const struct cmd_option test_options[] = {
	{ "--param", "NAME=VALUE", "fill a parameter; may be given often" },
	{ "--page", "SAVED",
	    "read this saved page (- for standard input) and touch no "
	    "network; details are not followed" },
	{ "--detail", "SAVED",
	    "with --page: the detail page of its first job" },
	{ "--url", "URL", "with --page: where the page is from" },
	{ "--pages", "N", "no more than so many pages of the list" },
	{ "--details", "N", "follow the details of so many jobs (3)" },
	{ "--save", "DIR", "keep each page that comes in DIR" },
	{ NULL, NULL, NULL },
};

static const struct cmd_option new_options[] = {
	{ "-o", "FILE", "write it there; a file that is there is kept" },
	{ "--page", "SAVED",
	    "look at this saved page (- for standard input) and touch no "
	    "network" },
	{ "--private", NULL,
	    "private addresses and ports other than 80 and 443 may be "
	    "reached, also later" },
	{ "--untried", NULL,
	    "do not run it; a board known by its address needs no network "
	    "then" },
	{ NULL, NULL, NULL },
};

static const struct cmd_option enable_options[] = {
	{ "--afresh", NULL,
	    "forget what was usual: as many jobs as the next run shows, and as "
	    "many of their fields, are right" },
	{ NULL, NULL, NULL },
};

static const struct cmd_verb verbs[] = {
	{ "list", NULL, "the health of each source, and what needs to be done",
	    NULL, cmd_source_list },
	{ "shipped", NULL,
	    "list the definitions that come with the program, what each must "
	    "be told and what its owner asks for",
	    NULL, cmd_source_shipped },
	{ "enable", "SOURCE...",
	    "switch sources on again, by name or all that is listed of one",
	    enable_options, cmd_source_enable },
	{ "disable", "SOURCE...",
	    "switch sources off, whatever careerd.yaml says", NULL,
	    cmd_source_disable },
	{ "check", "[FILE...]",
	    "check source files, or all that are configured, whole", NULL,
	    source_check },
	{ "test", "FILE",
	    "run a source file, or a shipped one by name, once and print what "
	    "it finds; nothing is stored",
	    test_options, source_test },
	{ "new", "URL",
	    "look at a page and write a definition for it, or the lines for "
	    "careerd.yaml if a shipped one reads it",
	    new_options, cmd_source_new },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_source = {
	"source", "where job postings are looked for", verbs,
	"A source is a file of one screen: careerd help sources. Those that\n"
	"are shipped are in scrapers/; which are used stands in careerd.yaml.\n"
};
