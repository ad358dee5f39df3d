/*
 * careerd run list | show
 */
#include <stdio.h>
#include "base/clock.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/session.h"
#include "cmd/table.h"

static const struct table_column list_columns[] = {
	{ "id", "RUN", 0, TABLE_RIGHT },
	{ "source", "SOURCE", 16, TABLE_LEFT },
	{ "started_text", "STARTED", 0, TABLE_LEFT },
	{ "outcome", "OUTCOME", 0, TABLE_LEFT },
	{ "pages", "PAGES", 0, TABLE_RIGHT },
	{ "found", "FOUND", 0, TABLE_RIGHT },
	{ "added", "NEW", 0, TABLE_RIGHT },
	{ "changed", "CHANGED", 0, TABLE_RIGHT },
	{ "closed", "CLOSED", 0, TABLE_RIGHT },
	{ "took_text", "TOOK", 0, TABLE_RIGHT },
	{ "reason", "REASON", 0, TABLE_BELOW },
};

static const struct table_column show_columns[] = {
	{ "id", "Run", 0, TABLE_LEFT },
	{ "source", "Source", 0, TABLE_LEFT },
	{ "outcome", "Outcome", 0, TABLE_LEFT },
	{ "reason", "Reason", 0, TABLE_LEFT },
	{ "started", "Started", 0, TABLE_LEFT },
	{ "took_text", "Took", 0, TABLE_LEFT },
	{ "pages_text", "Pages", 0, TABLE_LEFT },
	{ "details_text", "Details", 0, TABLE_LEFT },
	{ "found_text", "Postings", 0, TABLE_LEFT },
	{ "new_text", "Of these", 0, TABLE_LEFT },
	{ "open_text", "Afterwards", 0, TABLE_LEFT },
	{ "fields_text", "Fields", 0, TABLE_LEFT },
	{ "cost_text", "Cost", 0, TABLE_LEFT },
};

static const struct table_column fate_columns[] = {
	{ "kind", "REQUEST", 0, TABLE_LEFT },
	{ "page", "PAGE", 0, TABLE_RIGHT },
	{ "fate", "FATE", 0, TABLE_LEFT },
	{ "status", "STATUS", 0, TABLE_RIGHT },
	{ "attempts", "TRIES", 0, TABLE_RIGHT },
	{ "items", "ITEMS", 0, TABLE_RIGHT },
	{ "took_text", "TOOK", 0, TABLE_RIGHT },
	{ "bytes_text", "SIZE", 0, TABLE_RIGHT },
	{ "url", "URL", 20, TABLE_LEFT },
	{ "reason", "REASON", 0, TABLE_BELOW },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
set(struct json *row, const char *key, const char *text)
{
	json_set(row, key, json_string(text));
}

static long long
number(const struct json *row, const char *key)
{
	return json_get_i64(row, key, 0);
}

/* "0.4 s", "3 min 20 s" */
static const char *
took(struct arena *a, const struct json *row)
{
	long long ms = number(row, "took_ms");

	if (!json_is_int(json_get(row, "took_ms")))
		return NULL;
	if (ms < 60000)
		return arena_printf(a, "%.1f s", (double)ms / 1000);
	return arena_printf(a, "%lld min %lld s", ms / 60000, ms / 1000 % 60);
}

/* "713 bytes", "1.9 KiB", "3.0 MiB" */
static const char *
size(struct arena *a, const struct json *row, const char *key)
{
	double n = (double)number(row, key);

	if (n < 1024)
		return arena_printf(a, "%.0f bytes", n);
	if (n < 1024 * 1024)
		return arena_printf(a, "%.1f KiB", n / 1024);
	return arena_printf(a, "%.1f MiB", n / 1024 / 1024);
}

static int
run_list(const struct cmd_context *c, int argc, char **argv)
{
	struct run_filter filter = { .source = argc > 0 ? argv[0] : NULL,
		.bad = cmd_flag(c, "--bad") };
	struct err err = { 0 };
	struct session s;
	struct json *runs = NULL;
	int64_t limit;
	int ret;

	if (cmd_number(c, "--limit", 1, 100000, 30, &limit, &err) == -1)
		return cmd_fail(&err);
	filter.limit = (int)limit;
	ret = session_begin(&s, c, DB_SERVICE);
	if (ret == 0 && (runs = store_runs(s.db, &filter, &err)) == NULL)
		ret = cmd_fail(&err);
	for (size_t i = 0; !c->json && i < json_size(runs); i++) {
		struct json *run = json_at(runs, i);

		set(run, "took_text", took(s.arena, run));
		set(run, "started_text",
		    clock_relative(s.arena,
			-json_get_i64(run, "started_ago_s", 0) * 1000, 0));
		if (json_get_text(run, "outcome") == NULL)
			set(run, "outcome", "running");
	}
	if (runs != NULL)
		table_print(stdout, table_style(c, stdout), runs, list_columns,
		    COUNT(list_columns));
	json_free(runs);
	session_end(&s);
	return ret;
}

/* ---- one run ---- */

/* "title 100%, salary 42% (63% in good runs)" */
static const char *
fields_text(struct arena *a, const struct json *run)
{
	const struct json *usual = json_get(run, "usual_fills");
	const char *name;
	struct json *pair;
	char *text = NULL;

	for (size_t i = 0; json_member(json_get(run, "fills"), i, &name, &pair);
	     i++) {
		const struct json *u = json_get(usual, name);
		double of = json_double(json_at(pair, 1), 0);
		double before = json_double(json_at(u, 1), 0);
		double now = of > 0 ? json_double(json_at(pair, 0), 0) / of : 0;

		text =
		    arena_printf(a, "%s%s%s %.0f%%", text == NULL ? "" : text,
			text == NULL ? "" : ", ", name, 100 * now);
		if (before <= 0)
			continue;
		before = json_double(json_at(u, 0), 0) / before;
		if (before - now > 0.05 || now - before > 0.05)
			text = arena_printf(
			    a, "%s (%.0f%% in good runs)", text, 100 * before);
	}
	return text;
}

static void
texts_add(struct arena *a, struct json *run)
{
	set(run, "took_text", took(a, run));
	if (json_get_text(run, "outcome") == NULL)
		set(run, "outcome", "running");
	set(run, "pages_text",
	    arena_printf(a,
		"%lld read or unchanged (%lld unchanged), %lld "
		"failed",
		number(run, "pages"), number(run, "unchanged_pages"),
		number(run, "failed_pages")));
	set(run, "details_text",
	    arena_printf(a, "%lld read, %lld failed", number(run, "details"),
		number(run, "failed_details")));
	set(run, "found_text",
	    arena_printf(a, "%lld of %lld items%s, %lld refused",
		number(run, "found"), number(run, "items"),
		json_is_int(json_get(run, "total"))
		    ? arena_printf(
			  a, " (the board says %lld)", number(run, "total"))
		    : "",
		number(run, "refused")));
	set(run, "new_text",
	    arena_printf(a,
		"%lld new jobs, %lld of known jobs (%lld posted "
		"again), %lld changed, %lld open again",
		number(run, "added"), number(run, "merged"),
		number(run, "reposted"), number(run, "changed"),
		number(run, "reopened")));
	set(run, "open_text",
	    arena_printf(a, "%lld open, %lld of them missing now, %lld closed",
		number(run, "open"), number(run, "missing"),
		number(run, "closed")));
	set(run, "fields_text", fields_text(a, run));
	set(run, "cost_text",
	    arena_printf(a,
		"%lld requests, %.1f s of waiting, %s, %lld ms "
		"of CPU to read",
		number(run, "requests"), (double)number(run, "fetch_ms") / 1000,
		size(a, run, "bytes"), number(run, "cpu_ms")));
}

static void
fates_print(struct arena *a, struct json *fates, enum table_style style)
{
	for (size_t i = 0; i < json_size(fates); i++) {
		struct json *fate = json_at(fates, i);

		set(fate, "took_text", took(a, fate));
		if (json_is_int(json_get(fate, "bytes")))
			set(fate, "bytes_text", size(a, fate, "bytes"));
	}
	table_print(stdout, style, fates, fate_columns, COUNT(fate_columns));
}

static void
run_print(const struct cmd_context *c, struct session *s, struct json *run)
{
	enum table_style style = table_style(c, stdout);
	struct json *fates = json_get(run, "fates");

	if (style != TABLE_JSON)
		texts_add(s->arena, run);
	table_show(stdout, style, run, show_columns, COUNT(show_columns));
	if (style == TABLE_JSON)
		return;
	printf("\n");
	if (json_size(fates) > 0)
		fates_print(s->arena, fates, style);
	else
		printf("What became of its requests is no longer kept.\n");
}

static int
run_show(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	struct json *run;
	int64_t id;
	int ret;

	(void)argc;
	if (str_to_i64(argv[0], 1, INT64_MAX, &id) == -1)
		return cmd_usage(c, "'%s' is not the number of a run", argv[0]);
	ret = session_begin(&s, c, DB_SERVICE);
	if (ret == 0) {
		run = store_run(s.db, id, &err);
		if (run == NULL)
			ret = cmd_fail(&err);
		else
			run_print(c, &s, run);
		json_free(run);
	}
	session_end(&s);
	return ret;
}

static const struct cmd_option list_options[] = {
	{ "--bad", NULL, "only those that could not look or did not see all" },
	{ "--limit", "N", "the latest N (30)" },
	{ NULL, NULL, NULL },
};

static const struct cmd_verb verbs[] = {
	{ "list", "[SOURCE]", "the latest runs of all sources, or of one",
	    list_options, run_list },
	{ "show", "RUN", "one run, and what became of each of its requests",
	    NULL, run_show },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_run = { "run", "what each look at a source came to", verbs,
	"What a run may come to is told in careerd help sources. Runs of a\n"
	"source are kept for the last 200, their requests for the last 10.\n" };
