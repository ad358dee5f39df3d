/*
 * careerd source shipped: the definitions that come with the program, what
 * each must be told, and what its owner asks for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/source_int.h"
#include "cmd/table.h"
#include "conf/conf.h"

static const struct table_column columns[] = {
	{ "name", "SOURCE", 0, TABLE_LEFT },
	{ "told", "PARAMETERS", 0, TABLE_LEFT },
	{ "asks", "ITS OWNER ASKS", 0, TABLE_LEFT },
	{ "about", "", 0, TABLE_BELOW },
};

/* Part after part, with commas. */
static const char *
listed(struct arena *arena, const char *list, const char *part)
{
	return list == NULL ? part : arena_printf(arena, "%s, %s", list, part);
}

static struct json *
param_json(const struct param_info *param)
{
	struct json *o = json_object();

	json_set(o, "name", json_string(param->name));
	json_set(o, "required", json_bool(param->required));
	json_set(o, "default", json_string(param->default_value));
	json_set(o, "help", json_string(param->help));
	return o;
}

/* Parameters: those that must be given first, others in brackets. */
static void
params_set(struct arena *arena, const struct source *source, struct json *to)
{
	const struct param_info *params;
	size_t n = conf_source_params(source, &params);
	struct json *list = json_array();
	const char *told = NULL;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < n; i++) {
			if (params[i].required != (pass == 0))
				continue;
			json_append(list, param_json(&params[i]));
			told = listed(arena, told,
			    pass == 0
				? params[i].name
				: arena_printf(arena, "[%s]", params[i].name));
		}
	json_set(to, "params", list);
	json_set(to, "told", json_string(told));
}

static struct json *
credentials_json(const struct auth *auth)
{
	struct json *list = json_array();

	for (size_t i = 0; i < auth->nparts; i++)
		if (auth->parts[i].credential != NULL)
			json_append(
			    list, json_string(auth->parts[i].credential));
	return list;
}

/* "to be named (Remotive), 6h between runs, 4 requests a day" */
static const char *
asks_text(struct arena *arena, const struct source *source)
{
	const struct limits *limits = &source->limits;
	const char *text = NULL;

	if (!source->enabled)
		text = "shipped off";
	if (source->auth.nparts > 0)
		text = listed(arena, text, "a key");
	if (source->attribution != NULL)
		text = listed(arena, text,
		    arena_printf(
			arena, "to be named (%s)", source->attribution));
	if (limits->min_interval_ms > 0)
		text = listed(arena, text,
		    arena_printf(arena, "%s between runs",
			str_duration(arena, limits->min_interval_ms)));
	if (limits->per_day > 0)
		text = listed(arena, text,
		    arena_printf(arena, "%lld requests a day",
			(long long)limits->per_day));
	if (source->robots_ignore)
		text = listed(arena, text, "robots.txt is passed over");
	return text;
}

static struct json *
source_json(struct arena *arena, const struct source *source)
{
	struct json *o = json_object();

	json_set(o, "name", json_string(source->name));
	params_set(arena, source, o);
	json_set(o, "asks", json_string(asks_text(arena, source)));
	json_set(o, "about", json_string(source->about));
	json_set(o, "homepage", json_string(source->homepage));
	json_set(o, "terms", json_string(source->terms));
	json_set(o, "attribution", json_string(source->attribution));
	json_set(o, "enabled", json_bool(source->enabled));
	json_set(o, "credentials", credentials_json(&source->auth));
	json_set(o, "gap_ms", json_int(source->limits.gap_ms));
	json_set(
	    o, "min_interval_ms", json_int(source->limits.min_interval_ms));
	json_set(o, "per_day", json_int(source->limits.per_day));
	json_set(o, "robots_ignored", json_bool(source->robots_ignore));
	json_set(o, "robots_reason", json_string(source->robots_reason));
	return o;
}

static int
name_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
cmd_source_shipped(const struct cmd_context *c, int argc, char **argv)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct conf roots = { .root = conf_root(arena) };
	struct json *list = json_array();
	struct problems problems;
	const char **names;
	size_t n = conf_shipped_names(arena, &roots, &names);

	(void)argc, (void)argv;
	problems_init(&problems, arena);
	qsort(names, n, sizeof(*names), name_compare);
	for (size_t i = 0; i < n; i++) {
		const struct source *source = conf_source_load(arena,
		    conf_shipped_path(arena, &roots, names[i]), &problems);

		if (source != NULL)
			json_append(list, source_json(arena, source));
	}
	problems_print(&problems, stderr, false);
	table_print(stdout, table_style(c, stdout), list, columns,
	    sizeof(columns) / sizeof(columns[0]));
	json_free(list);
	arena_free(arena);
	return problems.n == 0 ? 0 : err_exit_code(ERR_CONFIG);
}
