/*
 * The command line: what is found, what is refused, with which exit code.
 */
#include "base/str.h"
#include "cmd/cmd.h"
#include "check.h"

/* What the command that ran was given. */
static struct {
	int calls, argc;
	char name[64], first[64], config[64], user[64];
	char source[64], twice[2][64];
	bool json, flag;
	int64_t limit;
	int number;
} got;

static void
keep(char to[64], const char *from)
{
	str_copy(to, from == NULL ? "-" : from, 64);
}

static int
spy(const struct cmd_context *c, int argc, char **argv)
{
	struct err e = { 0 };

	got.calls++;
	got.argc = argc;
	got.json = c->json;
	got.flag = cmd_flag(c, "--closed");
	keep(got.name, c->name);
	keep(got.first, argc > 0 ? argv[0] : NULL);
	keep(got.config, c->config_path);
	keep(got.user, c->user);
	keep(got.source, cmd_value(c, "--source"));
	keep(got.twice[0], cmd_value_at(c, "--source", 0));
	keep(got.twice[1], cmd_value_at(c, "--source", 1));
	got.number = cmd_number(c, "--limit", 1, 99, 7, &got.limit, &e);
	return got.number == 0 ? 0 : cmd_fail(&e);
}

static const struct cmd_option options[] = {
	{ "--source", "S", "only it" },
	{ "--closed", NULL, "closed too" },
	{ "--limit", "N", "so many" },
	{ NULL, NULL, NULL },
};
static const struct cmd_verb job_verbs[] = {
	{ "list", NULL, "list them", options, spy },
	{ "show", "JOB [NOTE]", "show one", NULL, spy },
	{ NULL, NULL, NULL, NULL, NULL },
};
static const struct cmd_verb psql_verbs[] = {
	{ NULL, "[-- ARGUMENTS]", "psql", NULL, spy },
	{ NULL, NULL, NULL, NULL, NULL },
};
static const struct cmd_verb check_verbs[] = {
	{ NULL, "FILE...", "check them", NULL, spy },
	{ NULL, NULL, NULL, NULL, NULL },
};
static const struct cmd job = { "job", "jobs", job_verbs, NULL };
static const struct cmd psql = { "psql", "the database", psql_verbs, NULL };
static const struct cmd check = { "check", "files", check_verbs, NULL };
const struct cmd *const commands[] = { &job, &psql, &check, NULL };

/* Words parted by blanks as a command line; stderr goes to a file. */
static int
run(const char *line, char *said, size_t size)
{
	char *argv[32] = { NULL }, *copy = strdup(line), *save = NULL;
	FILE *old = stderr, *f = tmpfile();
	int argc = 0, ret;
	size_t n;

	memset(&got, 0, sizeof(got));
	for (char *w = strtok_r(copy, " ", &save); w != NULL;
	     w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	stderr = f;
	ret = cmd_main(argc, argv);
	stderr = old;
	rewind(f);
	n = fread(said, 1, size - 1, f);
	said[n] = '\0';
	fclose(f);
	free(copy);
	return ret;
}

static void
options_stand_anywhere(void)
{
	static const char *const lines[] = {
		"careerd -c f --user u --json job list --source s --closed",
		"careerd job -c f list --source=s --json --closed --user=u",
		"careerd job list --closed --source s --json --user u -cf",
	};
	char said[1000];

	for (size_t i = 0; i < 3; i++) {
		CHECK_INT(run(lines[i], said, sizeof(said)), 0);
		CHECK_STR(said, "");
		CHECK_INT(got.calls, 1);
		CHECK_STR(got.name, "job list");
		CHECK_STR(got.config, "f");
		CHECK_STR(got.user, "u");
		CHECK_STR(got.source, "s");
		CHECK(got.json && got.flag);
		CHECK_INT(got.limit, 7);
		CHECK_INT(got.argc, 0);
	}
}

static void
arguments_are_what_is_left(void)
{
	char said[1000];

	CHECK_INT(run("careerd job show --json 12", said, sizeof(said)), 0);
	CHECK_INT(got.argc, 1);
	CHECK_STR(got.first, "12");
	CHECK_INT(run("careerd job show -5 note", said, sizeof(said)), 0);
	CHECK_STR(got.first, "-5");
	CHECK_INT(run("careerd psql -- -c x", said, sizeof(said)), 0);
	CHECK_INT(got.argc, 2);
	CHECK_STR(got.first, "-c");
	CHECK_STR(got.config, "-");
	CHECK_INT(run("careerd check a b c - d", said, sizeof(said)), 0);
	CHECK_INT(got.argc, 5);
}

static void
options_may_be_given_often(void)
{
	char said[1000];

	CHECK_INT(run("careerd job list --source a --source b", said, 1000), 0);
	CHECK_STR(got.source, "b");
	CHECK_STR(got.twice[0], "a");
	CHECK_STR(got.twice[1], "b");
}

static const struct {
	const char *line, *said;
} refused[] = {
	{ "careerd jbo", "careerd: unknown command 'jbo' (did you mean "
			 "'job'?)\nTry: careerd help\n" },
	{ "careerd xyzzy",
	    "careerd: unknown command 'xyzzy'\nTry: careerd help\n" },
	{ "careerd job lits", "careerd: unknown verb 'lits' (did you mean "
			      "'list'?)\nTry: careerd help job\n" },
	{ "careerd job list --sorce x",
	    "careerd: unknown option '--sorce' (did you mean '--source'?)\n"
	    "Try: careerd help job list\n" },
	{ "careerd job list --source", "careerd: --source needs S\n"
				       "Try: careerd help job list\n" },
	{ "careerd job list --closed=yes", "careerd: --closed takes no value\n"
					   "Try: careerd help job list\n" },
	{ "careerd job list more",
	    "careerd: job list does not know what to do with 'more'\n"
	    "Try: careerd help job list\n" },
	{ "careerd job show", "careerd: job show needs JOB [NOTE]\n"
			      "Try: careerd help job show\n" },
	{ "careerd job show 1 2 3",
	    "careerd: job show does not know what to do with '3'\n"
	    "Try: careerd help job show\n" },
	{ "careerd check", "careerd: check needs FILE...\n"
			   "Try: careerd help check\n" },
	{ "careerd --bogus job list",
	    "careerd: unknown option '--bogus'\nTry: careerd help\n" },
	{ "careerd job list --limit 100",
	    "careerd: --limit: expected a whole number from 1 to 99, found "
	    "'100'\n" },
};

static void
wrong_lines_are_refused(void)
{
	char said[2000];

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		CHECK_INT(run(refused[i].line, said, sizeof(said)), 64);
		CHECK_STR(said, refused[i].said);
	}
	CHECK_INT(run("careerd", said, sizeof(said)), 64);
	CHECK(strstr(said, "Commands:") != NULL);
	CHECK_INT(run("careerd job", said, sizeof(said)), 64);
	CHECK(strstr(said, "careerd job list") != NULL);
}

static void
errors_have_exit_codes(void)
{
	struct err e = { .kind = ERR_CONFIG, .text = "a\nHINT: b\x1b" };
	char said[200];
	FILE *old = stderr, *f = tmpfile();
	size_t n;

	stderr = f;
	CHECK_INT(cmd_fail(&e), 78);
	stderr = old;
	rewind(f);
	n = fread(said, 1, sizeof(said) - 1, f);
	said[n] = '\0';
	fclose(f);
	CHECK_STR(said, "careerd: a\nHINT: b\\x1b\n");
}

TESTS(TEST(options_stand_anywhere), TEST(arguments_are_what_is_left),
    TEST(options_may_be_given_often), TEST(wrong_lines_are_refused),
    TEST(errors_have_exit_codes))
