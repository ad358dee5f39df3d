/*
 * The man pages, from the same tables as help.
 */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "cmd/cmd_int.h"

const char *const man_pages[] = { "careerd", "careerd.yaml", "careerd-source",
	NULL };

static void
escaped(FILE *to, const char *text)
{
	roff_text(to, text, strlen(text));
}

static void
title(FILE *to, const char *name, int section, const char *line)
{
	fprintf(to,
	    ".TH \"%s\" %d \"\" \"careerd " VERSION "\"\n.nh\n.SH NAME\n", name,
	    section);
	escaped(to, name);
	fputs(" \\- ", to);
	escaped(to, line);
	fputc('\n', to);
}

/* A tagged paragraph: the tag in bold, then what it means. */
static void
item(FILE *to, const char *tag, const char *more, const char *text)
{
	fputs(".TP\n.B ", to);
	escaped(to, tag);
	if (more[0] != '\0') {
		fputs("\\fR ", to);
		escaped(to, more);
	}
	fputc('\n', to);
	escaped(to, text);
	fputc('\n', to);
}

static void
options_print(FILE *to, const struct cmd_option *options)
{
	if (options == NULL)
		return;
	fputs(".RS\n", to);
	for (; options->name != NULL; options++)
		item(to, options->name,
		    options->value == NULL ? "" : options->value,
		    options->help);
	fputs(".RE\n", to);
}

static void
commands_print(FILE *to)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		fputs(".SS ", to);
		escaped(to, commands[i]->name);
		fputc('\n', to);
		escaped(to, commands[i]->help);
		fputc('\n', to);
		for (const struct cmd_verb *v = commands[i]->verbs;
		     v->help != NULL; v++) {
			fputs(".TP\n.B ", to);
			usage_print(to, commands[i], v);
			fputc('\n', to);
			escaped(to, v->help);
			fputc('\n', to);
			options_print(to, v->options);
		}
		if (commands[i]->more != NULL) {
			fputs(".PP\n", to);
			escaped(to, commands[i]->more);
		}
	}
}

static void
exit_codes_print(FILE *to)
{
	fputs(".SH EXIT STATUS\n", to);
	item(to, "0", "", "all went well");
#define X(name, code, word, meaning) item(to, #code, word, meaning);
#include "base/err.def"
#undef X
}

static void
page_careerd(FILE *to)
{
	title(to, "careerd", 1, "look for work while its user sleeps");
	fputs(".SH SYNOPSIS\n.B careerd\n[\\fB\\-c\\fR FILE] "
	      "[\\fB\\-\\-user\\fR EMAIL] [\\fB\\-\\-json\\fR] COMMAND ...\n",
	    to);
	fputs(".SH DESCRIPTION\n", to);
	escaped(to,
	    "careerd reads job boards on a schedule, keeps what they show, "
	    "puts postings of one opening together, judges them for a person, "
	    "and mails what suits. Lists are tables on a terminal, lines "
	    "parted by tabs in a pipe, and one JSON object a line with "
	    "--json.\n");
	fputs(".SH OPTIONS\n", to);
	for (const struct cmd_option *o = global_options; o->name != NULL; o++)
		item(to, o->name, o->value == NULL ? "" : o->value, o->help);
	fputs(".SH COMMANDS\n", to);
	commands_print(to);
	fputs(".SH ENVIRONMENT\n", to);
	prose_print(to, topic_parts("environment"), true);
	fputs(".SH FILES\n", to);
	prose_print(to, topic_parts("files"), true);
	exit_codes_print(to);
	fputs(".SH SEE ALSO\n.BR careerd.yaml (5),\n.BR careerd-source (5)\n",
	    to);
}

static const char *
key_note(struct arena *arena, const char *type, const char *default_text)
{
	if (default_text == NULL)
		return arena_printf(arena, "(%s)", type);
	return arena_printf(arena, "(%s, default %s)", type, default_text);
}

static void
page_config(FILE *to)
{
	const struct option_info *infos;
	size_t n = conf_options(&infos);
	struct arena *arena = arena_new(1024UL * 1024);

	title(to, "careerd.yaml", 5, "configuration of careerd");
	fputs(".SH DESCRIPTION\n", to);
	prose_print(to, topic_parts("files"), true);
	escaped(to,
	    "Unknown, doubled and mistyped keys are errors; careerd config "
	    "check lists all of them. Keys that need a restart are said to.\n");
	fputs(".SH KEYS\n", to);
	for (size_t i = 0; i < n; i++)
		item(to, infos[i].key,
		    key_note(arena, infos[i].type, infos[i].default_text),
		    arena_printf(arena, "%s. %s%s.", infos[i].help,
			conf_option_env(arena, infos[i].key),
			infos[i].reloadable ? "" : "; needs a restart"));
	fputs(".SH ENVIRONMENT\n", to);
	prose_print(to, topic_parts("environment"), true);
	fputs(".SH EXAMPLE\n.nf\n", to);
	conf_print_sample(to);
	fputs(".fi\n.SH SEE ALSO\n.BR careerd (1),\n.BR careerd-source (5)\n",
	    to);
	arena_free(arena);
}

static void
page_source(FILE *to)
{
	const struct source_key_info *infos;
	size_t n = conf_source_keys(&infos);
	struct arena *arena = arena_new(1024UL * 1024);

	title(to, "careerd-source", 5, "where careerd finds job postings");
	fputs(".SH DESCRIPTION\n", to);
	prose_print(to, topic_parts("sources"), true);
	fputs(".SH KEYS\n", to);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && !str_eq(infos[i].section, infos[i - 1].section)) {
			fputs(".SS ", to);
			escaped(to, infos[i].section);
			fputc('\n', to);
		}
		item(to, infos[i].key,
		    key_note(arena, infos[i].type, infos[i].default_text),
		    infos[i].help);
	}
	fputs(".SH SEE ALSO\n.BR careerd (1),\n.BR careerd.yaml (5)\n", to);
	arena_free(arena);
}

int
man_print(FILE *to, const char *page)
{
	static void (*const print[])(
	    FILE *) = { page_careerd, page_config, page_source };

	for (size_t i = 0; man_pages[i] != NULL; i++) {
		if (strcmp(man_pages[i], page) == 0) {
			print[i](to);
			return 0;
		}
	}
	return -1;
}
