/*
 * careerd help [TOPIC]: all of it comes from tables and topics.c.
 */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "cmd/cmd_int.h"

#define HELP_INDENT 6

static const struct cmd *
command_find(const char *name)
{
	for (size_t i = 0; commands[i] != NULL; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static const struct cmd_verb *
verb_find(const struct cmd *cmd, const char *name)
{
	for (const struct cmd_verb *v = cmd->verbs; v->help != NULL; v++)
		if (str_eq(v->verb, name))
			return v;
	return NULL;
}

void
usage_print(FILE *to, const struct cmd *cmd, const struct cmd_verb *verb)
{
	fprintf(to, "careerd %s", cmd->name);
	if (verb->verb != NULL)
		fprintf(to, " %s", verb->verb);
	if (verb->options != NULL)
		fprintf(to, " [OPTIONS]");
	if (verb->args != NULL)
		fprintf(to, " %s", verb->args);
}

static void
options_print(FILE *to, const struct cmd_option *options)
{
	for (; options != NULL && options->name != NULL; options++) {
		fprintf(to, "    %s%s%s\n", options->name,
		    options->value == NULL ? "" : " ",
		    options->value == NULL ? "" : options->value);
		text_fold(to, options->help, 8, TEXT_WIDTH);
	}
}

static void
verb_print(FILE *to, const struct cmd *cmd, const struct cmd_verb *verb)
{
	fputs("  ", to);
	usage_print(to, cmd, verb);
	fputc('\n', to);
	text_fold(to, verb->help, HELP_INDENT, TEXT_WIDTH);
	options_print(to, verb->options);
}

static void
overview_print(FILE *to)
{
	fprintf(to, "careerd looks for work while its user sleeps.\n\n"
		    "  careerd [-c FILE] [--user EMAIL] [--json] COMMAND\n\n"
		    "Commands:\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		fprintf(
		    to, "  %-12s %s\n", commands[i]->name, commands[i]->help);
	fprintf(to, "\nTopics:\n");
	for (const struct topic *t = topics; t->name != NULL; t++)
		fprintf(to, "  %-12s %s\n", t->name, t->help);
	fprintf(to, "\nOptions with every command:\n");
	for (const struct cmd_option *o = global_options; o->name != NULL; o++)
		fprintf(to, "  %s%s%-*s %s\n", o->name,
		    o->value == NULL ? "" : " ",
		    (int)(o->value == NULL ? 12 - strlen(o->name)
					   : 11 - strlen(o->name)),
		    o->value == NULL ? "" : o->value, o->help);
	fprintf(to,
	    "\ncareerd help COMMAND says more; careerd config sample shows "
	    "how to begin.\n");
}

void
cmd_help_print(FILE *to, const struct cmd *cmd, const struct cmd_verb *verb)
{
	if (cmd == NULL) {
		overview_print(to);
		return;
	}
	fprintf(to, "careerd %s: %s\n\n", cmd->name, cmd->help);
	for (const struct cmd_verb *v = cmd->verbs; v->help != NULL; v++)
		if (verb == NULL || v == verb)
			verb_print(to, cmd, v);
	if (cmd->more != NULL)
		fprintf(to, "\n%s", cmd->more);
}

static void
config_keys_print(FILE *to)
{
	const struct option_info *infos;
	size_t n = conf_options(&infos);
	struct arena *arena = arena_new(1024UL * 1024);

	for (size_t i = 0; i < n; i++) {
		const struct option_info *info = &infos[i];

		fprintf(to, "  %s (%s)%s%s\n", info->key, info->type,
		    info->default_text == NULL ? "" : ", default ",
		    info->default_text == NULL ? "" : info->default_text);
		text_fold(to, info->help, HELP_INDENT, TEXT_WIDTH);
		fprintf(to, "      %s%s\n", conf_option_env(arena, info->key),
		    info->reloadable ? "" : "; needs a restart");
	}
	arena_free(arena);
}

static void
source_keys_print(FILE *to)
{
	const struct source_key_info *infos;
	size_t n = conf_source_keys(&infos);
	const char *section = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct source_key_info *info = &infos[i];

		if (!str_eq(section, info->section))
			fprintf(to, "\n%s%s:\n",
			    info->section[0] == '\0' ? "Keys" : "Below ",
			    info->section);
		section = info->section;
		fprintf(to, "  %s (%s)%s%s\n", info->key, info->type,
		    info->default_text == NULL ? "" : ", default ",
		    info->default_text == NULL ? "" : info->default_text);
		text_fold(to, info->help, HELP_INDENT, TEXT_WIDTH);
	}
}

static void
exit_codes_print(FILE *to)
{
	static const enum err_kind kinds[] = {
#define X(name, code, word, meaning) ERR_##name,
#include "base/err.def"
#undef X
	};
	static const char *const meanings[] = {
#define X(name, code, word, meaning) meaning,
#include "base/err.def"
#undef X
	};

	fprintf(to, "  %-4d %s\n", 0, "all went well");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		fprintf(to, "  %-4d %s: %s\n", err_exit_code(kinds[i]),
		    err_word(kinds[i]), meanings[i]);
}

static bool
topic_print(FILE *to, const char *name)
{
	const char *const *parts = topic_parts(name);

	if (str_eq(name, "careerd.yaml"))
		config_keys_print(to);
	else if (str_eq(name, "exit-codes"))
		exit_codes_print(to);
	else if (parts == NULL)
		return false;
	else
		prose_print(to, parts, false);
	if (str_eq(name, "sources"))
		source_keys_print(to);
	return true;
}

int
cmd_help_topic(const char *command, const char *verb)
{
	const struct cmd *cmd = command == NULL ? NULL : command_find(command);
	const struct cmd_verb *found = NULL;

	if (command != NULL && cmd == NULL)
		return topic_print(stdout, command) ? 0
						    : err_exit_code(ERR_USAGE);
	if (cmd != NULL && verb != NULL)
		found = verb_find(cmd, verb);
	if (verb != NULL && found == NULL)
		return err_exit_code(ERR_USAGE);
	cmd_help_print(stdout, cmd, found);
	return 0;
}

static const char *
nearest_topic(const char *word)
{
	const char *words[64];
	size_t n = 0;

	for (size_t i = 0; commands[i] != NULL && n < 50; i++)
		words[n++] = commands[i]->name;
	for (const struct topic *t = topics; t->name != NULL && n < 64; t++)
		words[n++] = t->name;
	return str_nearest(word, words, n);
}

static int
man(const struct cmd_context *c, const char *page)
{
	if (man_print(stdout, page == NULL ? man_pages[0] : page) == 0)
		return 0;
	return cmd_usage(c, "there is no page '%s'; there are %s, %s and %s",
	    page, man_pages[0], man_pages[1], man_pages[2]);
}

static int
help(const struct cmd_context *c, int argc, char **argv)
{
	const char *topic = argc > 0 ? argv[0] : NULL;
	const char *verb = argc > 1 ? argv[1] : NULL;
	const char *near;
	int ret;

	if (cmd_flag(c, "--man"))
		return man(c, topic);
	ret = cmd_help_topic(topic, verb);
	if (ret == 0)
		return 0;
	if (verb != NULL && command_find(topic) != NULL)
		return cmd_usage(c, "%s has no '%s'", topic, verb);
	near = nearest_topic(topic);
	return cmd_usage(c, "there is no help on '%s'%s%s%s", topic,
	    near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
	    near == NULL ? "" : "'?)");
}

static const struct cmd_option options[] = {
	{ "--man", NULL,
	    "print a man page as roff: careerd, careerd.yaml or "
	    "careerd-source" },
	{ NULL, NULL, NULL },
};

static const struct cmd_verb verbs[] = {
	{ NULL, "[TOPIC] [VERB]", "say how a command or a file is used",
	    options, help },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_help = { "help", "how commands and files are used", verbs,
	"To read a man page: careerd help --man careerd-source | man -l -"
	"\n" };
