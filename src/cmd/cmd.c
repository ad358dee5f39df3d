/*
 * The command line taken apart: command, verb, options, arguments.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/cmd_int.h"

#define WORDS_MAX 64

/* What is known of the command line so far. */
struct line {
	struct cmd_context context;
	const struct cmd *cmd;
	const struct cmd_verb *verb;
	char **args; /* what is left: neither options nor their values */
	int nargs;
	struct cmd_value *values;
	bool wants_help, wants_version;
	bool is_ended; /* "--" was met */
};

const struct cmd_option global_options[] = {
	{ "-c", "FILE", "read this careerd.yaml" },
	{ "--user", "EMAIL", "whose data; default: the only user" },
	{ "--json", NULL, "JSON, one object a line" },
	{ "--table", NULL, "an aligned table also where there is no terminal" },
	{ "--help", NULL, "how a command is used" },
	{ NULL, NULL, NULL },
};

const char *
cmd_value_at(const struct cmd_context *c, const char *name, size_t i)
{
	for (size_t k = 0; k < c->nvalues; k++)
		if (strcmp(c->values[k].name, name) == 0 && i-- == 0)
			return c->values[k].value;
	return NULL;
}

const char *
cmd_value(const struct cmd_context *c, const char *name)
{
	for (size_t k = c->nvalues; k > 0; k--)
		if (strcmp(c->values[k - 1].name, name) == 0)
			return c->values[k - 1].value;
	return NULL;
}

bool
cmd_flag(const struct cmd_context *c, const char *name)
{
	return cmd_value(c, name) != NULL;
}

int
cmd_number(const struct cmd_context *c, const char *name, int64_t min,
    int64_t max, int64_t fallback, int64_t *to, struct err *e)
{
	const char *text = cmd_value(c, name);

	*to = fallback;
	if (text == NULL || str_to_i64(text, min, max, to) == 0)
		return 0;
	return err_set(e, ERR_USAGE,
	    "%s: expected a whole number from %" PRId64 " to %" PRId64
	    ", found '%s'",
	    name, min, max, text);
}

/* Texts may quote what came from outside. */
static void
say(const char *text)
{
	struct arena *arena = arena_new(1024UL * 1024);
	const char *line = text;

	fprintf(stderr, "careerd: ");
	while (*line != '\0') {
		size_t n = strcspn(line, "\n");

		fprintf(stderr, "%s\n",
		    str_safe(arena, arena_strndup(arena, line, n), 4000));
		line += n + (line[n] == '\n');
	}
	arena_free(arena);
}

int
cmd_fail(const struct err *e)
{
	say(e->text);
	return err_exit_code(e->kind);
}

int
cmd_usage(const struct cmd_context *c, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) == -1)
		fatal("out of memory");
	va_end(args);
	say(text);
	free(text);
	if (c->name != NULL)
		fprintf(stderr, "Try: careerd help %s\n", c->name);
	else
		fprintf(stderr, "Try: careerd help\n");
	return err_exit_code(ERR_USAGE);
}

/* The names of a list of things, for the nearest of them. */
static const char *
nearest_command(const char *word)
{
	const char *words[WORDS_MAX];
	size_t n = 0;

	while (n < WORDS_MAX && commands[n] != NULL) {
		words[n] = commands[n]->name;
		n++;
	}
	return str_nearest(word, words, n);
}

static const char *
nearest_verb(const struct cmd *cmd, const char *word)
{
	const char *words[WORDS_MAX];
	size_t n = 0;

	for (const struct cmd_verb *v = cmd->verbs;
	     v->help != NULL && n < WORDS_MAX; v++)
		if (v->verb != NULL)
			words[n++] = v->verb;
	return str_nearest(word, words, n);
}

static const char *
nearest_option(const struct line *line, const char *word)
{
	const char *words[WORDS_MAX];
	size_t n = 0;

	for (const struct cmd_option *o = global_options; o->name != NULL; o++)
		words[n++] = o->name;
	for (const struct cmd_option *o = line->verb->options;
	     o != NULL && o->name != NULL && n < WORDS_MAX; o++)
		words[n++] = o->name;
	return str_nearest(word, words, n);
}

static int
unknown(const struct line *line, const char *what, const char *word,
    const char *near)
{
	if (near == NULL)
		return cmd_usage(&line->context, "unknown %s '%s'", what, word);
	return cmd_usage(&line->context, "unknown %s '%s' (did you mean '%s'?)",
	    what, word, near);
}

static bool
is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0' &&
	       !(word[1] >= '0' && word[1] <= '9');
}

static const struct cmd_option *
option_find(const struct cmd_option *options, const char *name)
{
	for (; options != NULL && options->name != NULL; options++)
		if (strcmp(options->name, name) == 0)
			return options;
	return NULL;
}

/* "--name=value" cut in two; "-cFILE" too. */
static const char *
option_split(char *word, char **value)
{
	char *equals = strchr(word, '=');

	*value = NULL;
	if (str_starts(word, "--") && equals != NULL) {
		*equals = '\0';
		*value = equals + 1;
	} else if (str_starts(word, "-c") && word[2] != '\0') {
		*value = word + 2;
		return "-c";
	}
	return word;
}

static void
option_set(struct line *line, const char *name, const char *value)
{
	struct cmd_context *c = &line->context;

	if (strcmp(name, "-c") == 0)
		c->config_path = value;
	else if (strcmp(name, "--user") == 0)
		c->user = value;
	else if (strcmp(name, "--json") == 0)
		c->json = true;
	else if (strcmp(name, "--table") == 0)
		c->table = true;
	else if (strcmp(name, "--help") == 0)
		line->wants_help = true;
	else
		line->values[c->nvalues++] = (struct cmd_value){ name, value };
}

/*
 * Take the option at argv[*i]; *i is moved to its last word. 0, 64, or -1
 * when it is none that is known.
 */
static int
option_take(struct line *line, const struct cmd_option *options, int argc,
    char **argv, int *i)
{
	char *copy = xstrdup(argv[*i]), *value;
	const char *name = option_split(copy, &value);
	const struct cmd_option *option = option_find(global_options, name);
	int ret = 0;

	if (strcmp(name, "-h") == 0)
		option = option_find(global_options, "--help");
	if (option == NULL)
		option = option_find(options, name);
	if (option == NULL) {
		free(copy);
		return -1;
	}
	/* Values are parts of argv, which lives as long as the program. */
	if (value != NULL)
		value = argv[*i] + (value - copy);
	if (option->value == NULL && value != NULL)
		ret = cmd_usage(
		    &line->context, "%s takes no value", option->name);
	else if (option->value != NULL && value == NULL && *i + 1 == argc)
		ret = cmd_usage(
		    &line->context, "%s needs %s", option->name, option->value);
	else if (option->value != NULL && value == NULL)
		value = argv[++*i];
	if (ret == 0)
		option_set(line, option->name, value == NULL ? "" : value);
	free(copy);
	return ret;
}

/* Words up to the command, or up to the verb: options of all commands only. */
static int
word_find(struct line *line, int argc, char **argv, int *i)
{
	for (; *i < argc && is_option(argv[*i]); ++*i) {
		int ret;

		if (strcmp(argv[*i], "--version") == 0 && line->cmd == NULL) {
			line->wants_version = true;
			continue;
		}
		ret = option_take(line, NULL, argc, argv, i);
		if (ret == -1)
			break;
		if (ret != 0)
			return ret;
	}
	return 0;
}

static int
command_find(struct line *line, const char *word)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, word) == 0)
			line->cmd = commands[i];
	if (line->cmd == NULL)
		return unknown(line, "command", word, nearest_command(word));
	line->context.name = line->cmd->name;
	return 0;
}

/* The verb at argv[*i], if the command has verbs; *i is moved behind it. */
static int
verb_find(struct line *line, int argc, char **argv, int *i)
{
	const char *word = *i < argc && !is_option(argv[*i]) ? argv[*i] : NULL;
	const struct cmd_verb *plain = NULL;
	static char name[64];

	for (const struct cmd_verb *v = line->cmd->verbs; v->help != NULL;
	     v++) {
		if (v->verb == NULL)
			plain = v;
		else if (str_eq(v->verb, word))
			line->verb = v;
	}
	if (line->verb != NULL) {
		++*i;
		snprintf(name, sizeof(name), "%s %s", line->cmd->name,
		    line->verb->verb);
		line->context.name = name;
		return 0;
	}
	line->verb = plain;
	if (plain != NULL || line->wants_help)
		return 0;
	if (word != NULL)
		return unknown(
		    line, "verb", word, nearest_verb(line->cmd, word));
	cmd_help_print(stderr, line->cmd, NULL);
	return err_exit_code(ERR_USAGE);
}

static int
rest_take(struct line *line, int argc, char **argv, int i)
{
	for (; i < argc; i++) {
		int ret;

		if (!line->is_ended && strcmp(argv[i], "--") == 0) {
			line->is_ended = true;
			continue;
		}
		if (line->is_ended || !is_option(argv[i])) {
			line->args[line->nargs++] = argv[i];
			continue;
		}
		ret = option_take(line, line->verb->options, argc, argv, &i);
		if (ret == -1)
			return unknown(line, "option", argv[i],
			    nearest_option(line, argv[i]));
		if (ret != 0)
			return ret;
	}
	return 0;
}

/* "JOB [NOTE]", "[FILE...]", "-- ARGUMENTS": how many arguments may come. */
static int
args_check(const struct line *line)
{
	const char *p = line->verb->args == NULL ? "" : line->verb->args;
	bool is_endless = strstr(p, "...") != NULL || strchr(p, '-') != NULL;
	int least = 0, most = 0;

	for (bool optional = false; *p != '\0';) {
		size_t n = strcspn(p, " ");

		optional = optional || p[0] == '[';
		if (!str_starts(p, "-")) {
			least += optional ? 0 : 1;
			most++;
		}
		if (n > 0 && p[n - 1] == ']')
			optional = false;
		p += n + strspn(p + n, " ");
	}
	if (line->nargs < least)
		return cmd_usage(&line->context, "%s needs %s",
		    line->context.name, line->verb->args);
	if (line->nargs > most && !is_endless)
		return cmd_usage(&line->context,
		    "%s does not know what to do with '%s'", line->context.name,
		    line->args[most]);
	return 0;
}

static int
line_run(struct line *line, int argc, char **argv)
{
	int i = 1, ret = word_find(line, argc, argv, &i);

	if (ret != 0)
		return ret;
	if (line->wants_version)
		return cmd_version.verbs[0].run(&line->context, 0, argv);
	if (i == argc && line->wants_help)
		return cmd_help_topic(NULL, NULL);
	if (i == argc) {
		cmd_help_print(stderr, NULL, NULL);
		return err_exit_code(ERR_USAGE);
	}
	if (is_option(argv[i]))
		return unknown(line, "option", argv[i], NULL);
	ret = command_find(line, argv[i++]);
	if (ret == 0)
		ret = word_find(line, argc, argv, &i);
	if (ret != 0 || line->cmd == NULL)
		return ret;
	ret = verb_find(line, argc, argv, &i);
	if (ret == 0 && line->verb != NULL)
		ret = rest_take(line, argc, argv, i);
	if (ret != 0)
		return ret;
	if (line->wants_help)
		return cmd_help_topic(line->cmd->name,
		    line->verb == NULL ? NULL : line->verb->verb);
	if (line->verb == NULL)
		return err_exit_code(ERR_USAGE);
	ret = args_check(line);
	if (ret != 0)
		return ret;
	return line->verb->run(&line->context, line->nargs, line->args);
}

/* What could not be written was not done (a full disk, a closed pipe). */
static int
output_check(int ret)
{
	struct err e = { 0 };

	if (fflush(stdout) == 0 && !ferror(stdout))
		return ret;
	err_errno(&e, ERR_IO, "standard output");
	return ret == 0 ? cmd_fail(&e) : ret;
}

int
cmd_main(int argc, char **argv)
{
	const char *user = getenv("CAREERD_USER");
	struct line line = { 0 };
	int ret;

	if (user != NULL && user[0] != '\0')
		line.context.user = user;
	line.args = xcalloc((unsigned long)argc + 1, sizeof(*line.args));
	line.values = xcalloc((unsigned long)argc + 1, sizeof(*line.values));
	line.context.values = line.values;
	ret = output_check(line_run(&line, argc, argv));
	free(line.args);
	free(line.values);
	return ret;
}

struct conf *
cmd_conf(const struct cmd_context *c, struct arena *arena, int *exit_code)
{
	struct problems problems;
	struct err e = { 0 };
	struct conf *conf;

	problems_init(&problems, arena);
	conf = conf_load(arena, c->config_path, &problems, &e);
	if (conf == NULL) {
		*exit_code = cmd_fail(&e);
		return NULL;
	}
	if (problems.n > 0) {
		problems_print(&problems, stderr, c->json);
		*exit_code = err_exit_code(ERR_CONFIG);
		return NULL;
	}
	return conf;
}
