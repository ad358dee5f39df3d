/*
 * careerd config check | show | sample
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "cmd/check.h"
#include "cmd/cmd.h"
#include "conf/conf.h"

/* What is right and will yet surprise. */
static void
notes_print(const struct conf *conf)
{
	if (conf->nsources == 0)
		printf("Note: nothing will be looked at; add a source under "
		       "sources:\n");
	if (!conf->user.present)
		printf("Note: nobody gets mail; say who under user:\n");
	else if (conf->smtp_url == NULL && conf->maildir == NULL)
		printf("Note: no mail can be sent; say how under mail: "
		       "(smtp or maildir)\n");
}

static int
config_check(const struct cmd_context *c, int argc, char **argv)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct problems problems;
	struct err e = { 0 };
	struct conf *conf;
	int ret = 0;

	(void)argc, (void)argv;
	problems_init(&problems, arena);
	conf = conf_load(arena, c->config_path, &problems, &e);
	if (conf == NULL) {
		ret = cmd_fail(&e);
		goto out;
	}
	for (size_t i = 0; i < conf->ndrafts; i++)
		check_selectors(conf->drafts[i], &problems);
	check_templates(conf, &problems);
	problems_sort(&problems);
	problems_print(&problems, c->json ? stdout : stderr, c->json);
	if (problems.n > 0)
		ret = err_exit_code(ERR_CONFIG);
	else if (!c->json)
		printf("%s: right, %zu source%s\n",
		    conf->file == NULL ? "no careerd.yaml" : conf->file,
		    conf->nsources, conf->nsources == 1 ? "" : "s");
	if (problems.n == 0 && !c->json)
		notes_print(conf);
out:
	arena_free(arena);
	return ret;
}

static int
config_show(const struct cmd_context *c, int argc, char **argv)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	int ret = 0;
	struct conf *conf = cmd_conf(c, arena, &ret);

	(void)argc, (void)argv;
	if (conf != NULL)
		conf_show(conf, stdout, c->json);
	arena_free(arena);
	return ret;
}

static int
config_sample(const struct cmd_context *c, int argc, char **argv)
{
	(void)c, (void)argc, (void)argv;
	conf_print_sample(stdout);
	return 0;
}

static const struct cmd_verb verbs[] = {
	{ "check", NULL,
	    "check configuration, sources and templates whole; each fault "
	    "with file, line and column",
	    NULL, config_check },
	{ "show", NULL, "print what is in force, and where each value is from",
	    NULL, config_show },
	{ "sample", NULL,
	    "print a careerd.yaml with all its keys to begin with", NULL,
	    config_sample },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_config = { "config", "check and show the configuration",
	verbs,
	"careerd config sample > careerd.yaml is how to begin. A daemon reads\n"
	"the file again at SIGHUP, and takes it over only if check is content."
	"\n" };
