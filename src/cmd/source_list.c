/*
 * careerd source list: the health of each source, and what to do about it.
 */
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "cmd/session.h"
#include "cmd/source_list.h"
#include "plan/plan.h"

static const struct table_column columns[] = {
	{ "key", "SOURCE", 16, TABLE_LEFT },
	{ "state", "STATE", 0, TABLE_LEFT },
	{ "last_good_text", "LAST GOOD", 0, TABLE_LEFT },
	{ "trend_text", "TREND", 0, TABLE_LEFT },
	{ "found", "FOUND", 0, TABLE_RIGHT },
	{ "open_jobs", "OPEN", 0, TABLE_RIGHT },
	{ "next_text", "NEXT", 0, TABLE_LEFT },
	{ "note", "NOTE", 0, TABLE_BELOW },
};

/* ---- what is made of a row ---- */

static const char *
state_of(const struct json *row)
{
	const char *outcome = json_get_text(row, "outcome");

	if (!json_get_true(row, "configured"))
		return "left out";
	if (!json_get_true(row, "enabled"))
		return "disabled";
	if (outcome != NULL)
		return outcome;
	return json_get_true(row, "running") ? "running" : "new";
}

static bool
is_active(const struct json *row)
{
	return json_get_true(row, "configured") &&
	       json_get_true(row, "enabled");
}

/* Seconds from now, as people say it; NULL if the key is null. */
static const char *
relative(struct arena *a, const struct json *row, const char *key, bool ago)
{
	const struct json *s = json_get(row, key);
	int64_t ms = json_i64(s, 0) * 1000;

	if (!json_is_int(s))
		return NULL;
	return clock_relative(a, ago ? -ms : ms, 0);
}

static const char *
last_good_text(struct arena *a, const struct json *row)
{
	const char *text = relative(a, row, "last_good_ago_s", true);

	return text == NULL && json_get_text(row, "outcome") != NULL ? "never"
								     : text;
}

static const char *
next_text(struct arena *a, const struct json *row)
{
	if (!is_active(row))
		return NULL;
	if (json_get_true(row, "running"))
		return "runs now";
	if (!json_is_int(json_get(row, "next_due_in_s")) ||
	    json_get_i64(row, "next_due_in_s", 0) <= 0)
		return "due now";
	return relative(a, row, "next_due_in_s", false);
}

static bool
is_whole(const struct json *run)
{
	return outcome_is_complete(
	    outcome_parse(json_get_text(run, "outcome")));
}

/* Whole runs as bars up to the highest of them, the others as "!". */
static const char *
trend_bars(struct arena *a, const struct json *trend)
{
	static const char *const bars[] = { "\xe2\x96\x81", "\xe2\x96\x82",
		"\xe2\x96\x83", "\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86",
		"\xe2\x96\x87", "\xe2\x96\x88" };
	int64_t most = 1;
	char *text = arena_strdup(a, "");

	for (size_t i = 0; i < json_size(trend); i++) {
		int64_t n = json_get_i64(json_at(trend, i), "found", 0);

		if (is_whole(json_at(trend, i)) && n > most)
			most = n;
	}
	for (size_t i = 0; i < json_size(trend); i++) {
		const struct json *run = json_at(trend, i);
		int64_t n = json_get_i64(run, "found", 0);

		text = arena_printf(
		    a, "%s%s", text, is_whole(run) ? bars[n * 7 / most] : "!");
	}
	return text;
}

/* The same in numbers, for pipes. */
static const char *
trend_numbers(struct arena *a, const struct json *trend)
{
	char *text = arena_strdup(a, "");

	for (size_t i = 0; i < json_size(trend); i++) {
		const struct json *run = json_at(trend, i);
		int64_t n = json_get_i64(run, "found", 0);

		text = is_whole(run)
			   ? arena_printf(a, "%s%s%lld", text, i > 0 ? " " : "",
				 (long long)n)
			   : arena_printf(a, "%s%s!", text, i > 0 ? " " : "");
	}
	return text;
}

static const char *
remedy_of(struct arena *a, const struct json *row)
{
	const char *key = json_get_text(row, "key");
	const char *outcome = json_get_text(row, "outcome");

	if (!json_get_true(row, "configured"))
		return "It is no longer in careerd.yaml.";
	if (!json_get_true(row, "enabled"))
		return arena_printf(a, "careerd source enable %s", key);
	if (outcome == NULL)
		return "";
	return outcome_remedy(a, outcome_parse(outcome), key);
}

/* "HTTP status 429. Nothing yet: ..." */
static const char *
note_of(struct arena *a, const struct json *row, const char *remedy)
{
	const char *outcome = json_get_text(row, "outcome");
	const char *reason = json_get_text(row, "reason");
	bool is_bad = is_active(row) && outcome != NULL &&
		      !outcome_is_complete(outcome_parse(outcome));
	const char *why = "";

	if (is_bad && reason != NULL)
		why = arena_printf(a, "%s. ", reason);
	else if (!is_active(row) && json_get_true(row, "configured"))
		why = "Switched off. ";
	if (json_get_true(row, "robots_ignored"))
		why = arena_printf(a, "%srobots.txt is ignored. ", why);
	if (*why == '\0' && *remedy == '\0')
		return NULL;
	return arena_printf(a, "%s%s", why, remedy);
}

void
source_rows_dress(struct arena *a, struct json *rows, enum table_style style)
{
	for (size_t i = 0; i < json_size(rows); i++) {
		struct json *row = json_at(rows, i);
		const struct json *trend = json_get(row, "trend");
		const char *remedy = remedy_of(a, row);

		json_set(row, "remedy",
		    json_string(*remedy == '\0' ? NULL : remedy));
		if (style == TABLE_JSON)
			continue;
		json_set(row, "state", json_string(state_of(row)));
		json_set(
		    row, "last_good_text", json_string(last_good_text(a, row)));
		json_set(row, "next_text", json_string(next_text(a, row)));
		json_set(row, "trend_text",
		    json_string(style == TABLE_TERMINAL
				    ? trend_bars(a, trend)
				    : trend_numbers(a, trend)));
		json_set(row, "note", json_string(note_of(a, row, remedy)));
	}
}

/* ---- the command ---- */

int
cmd_source_list(const struct cmd_context *c, int argc, char **argv)
{
	enum table_style style = table_style(c, stdout);
	struct err err = { 0 };
	struct session s;
	struct json *sources;
	int ret = session_begin(&s, c, DB_SERVICE);

	(void)argc, (void)argv;
	if (ret == 0) {
		sources = store_sources(s.db, &err);
		source_rows_dress(s.arena, sources, style);
		if (sources == NULL)
			ret = cmd_fail(&err);
		else if (json_size(sources) == 0 && !c->json)
			printf("No source is configured. HINT: add one under "
			       "sources: in careerd.yaml, e.g. "
			       "greenhouse: { board: [gitlab] }\n");
		else
			table_print(stdout, style, sources, columns,
			    sizeof(columns) / sizeof(columns[0]));
		json_free(sources);
	}
	session_end(&s);
	return ret;
}

/* ---- the switch ---- */

/* Targets by the name of their source or by their key. */
static size_t
targets_find(struct session *s, const char *word, struct source_switch *w,
    const char **keys, const char **names)
{
	size_t found = 0;

	for (size_t i = 0; i < s->conf->nsources; i++) {
		const struct source *source = &s->conf->sources[i];

		for (size_t t = 0; t < source->ntargets; t++) {
			const char *key = source->targets[t].key;

			if (!str_eq(word, source->name) && !str_eq(word, key))
				continue;
			keys[w->n] = key;
			names[w->n++] = source->name;
			found++;
		}
	}
	return found;
}

static size_t
targets_count(const struct conf *conf)
{
	size_t n = 0;

	for (size_t i = 0; i < conf->nsources; i++)
		n += conf->sources[i].ntargets;
	return n;
}

static int
unknown_target(struct session *s, const char *word, struct err *err)
{
	size_t n = 0, most = targets_count(s->conf) + s->conf->nsources;
	const char **words = arena_array(s->arena, most + 1, sizeof(*words));
	const char *near;

	for (size_t i = 0; i < s->conf->nsources; i++) {
		const struct source *source = &s->conf->sources[i];

		words[n++] = source->name;
		for (size_t t = 0; t < source->ntargets; t++)
			words[n++] = source->targets[t].key;
	}
	near = str_nearest(word, words, n);
	return err_set(err, ERR_NOINPUT,
	    "there is no source '%s' in careerd.yaml%s%s%s",
	    str_safe(s->arena, word, 100),
	    near == NULL ? "" : " (did you mean '", near == NULL ? "" : near,
	    near == NULL ? "" : "'?)");
}

/* What its own file switches off, only the file can switch on. */
static int
file_check(struct session *s, const struct source_switch *w, struct err *err)
{
	for (size_t i = 0; i < s->conf->nsources && w->on; i++) {
		const struct source *source = &s->conf->sources[i];

		for (size_t k = 0; k < w->n; k++)
			if (!source->enabled &&
			    str_eq(w->names[k], source->name))
				return err_set(err, ERR_CONFIG,
				    "source %s is off in its file: %s\nHINT: "
				    "to have it nevertheless, write under "
				    "sources: in careerd.yaml: %s: { enabled: "
				    "true }",
				    source->name,
				    source->about == NULL ? "it does not say "
							    "why"
							  : source->about,
				    source->name);
	}
	return 0;
}

static int
switch_all(struct session *s, int argc, char **argv, struct source_switch *w,
    struct err *err)
{
	size_t most = targets_count(s->conf) * (size_t)argc + 1;
	const char **keys = arena_array(s->arena, most, sizeof(*keys));
	const char **names = arena_array(s->arena, most, sizeof(*names));

	for (int i = 0; i < argc; i++)
		if (targets_find(s, argv[i], w, keys, names) == 0)
			return unknown_target(s, argv[i], err);
	w->keys = keys;
	w->names = names;
	if (file_check(s, w, err) == -1 ||
	    store_source_switch(s->db, w, err) == -1)
		return -1;
	for (size_t i = 0; i < w->n; i++)
		printf("%s: %s%s\n", keys[i], w->on ? "enabled" : "disabled",
		    w->afresh ? "; what its next run shows is usual from "
				"then on"
			      : "");
	return 0;
}

static int
switch_run(const struct cmd_context *c, int argc, char **argv, bool on)
{
	struct source_switch w = { .on = on,
		.afresh = on && cmd_flag(c, "--afresh") };
	struct err err = { 0 };
	struct session s;
	int ret = session_begin(&s, c, DB_SERVICE);

	if (ret == 0 && switch_all(&s, argc, argv, &w, &err) == -1)
		ret = cmd_fail(&err);
	session_end(&s);
	return ret;
}

int
cmd_source_enable(const struct cmd_context *c, int argc, char **argv)
{
	return switch_run(c, argc, argv, true);
}

int
cmd_source_disable(const struct cmd_context *c, int argc, char **argv)
{
	return switch_run(c, argc, argv, false);
}
