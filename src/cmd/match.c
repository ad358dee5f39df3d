/*
 * careerd match list | explain
 */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/session.h"
#include "cmd/table.h"

static const struct table_column list_columns[] = {
	{ "score", "SCORE", 0, TABLE_RIGHT },
	{ "job_id", "JOB", 0, TABLE_RIGHT },
	{ "title", "TITLE", 16, TABLE_LEFT },
	{ "company", "COMPANY", 10, TABLE_LEFT },
	{ "place", "PLACE", 8, TABLE_LEFT },
	{ "pay", "PAY", 8, TABLE_LEFT },
	{ "why", "WHY", 0, TABLE_BELOW },
};

static int
match_list(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	struct json *matches = NULL;
	int64_t limit = 20, user;
	int ret;

	(void)argc, (void)argv;
	if (cmd_number(c, "--limit", 1, 10000, 20, &limit, &err) == -1)
		return cmd_fail(&err);
	ret = session_begin(&s, c, DB_SERVICE);
	if (ret == 0) {
		if (session_user(&s, c, &user, &err) == 0)
			matches = store_matches(s.db, user, (int)limit, &err);
		if (matches == NULL)
			ret = cmd_fail(&err);
		else
			table_print(stdout, table_style(c, stdout), matches,
			    list_columns,
			    sizeof(list_columns) / sizeof(list_columns[0]));
		json_free(matches);
	}
	session_end(&s);
	return ret;
}

static void
words_print(const char *title, const struct json *words)
{
	if (json_size(words) == 0)
		return;
	printf("%-12s", title);
	for (size_t i = 0; i < json_size(words); i++)
		printf("%s%s", i > 0 ? ", " : "", json_text(json_at(words, i)));
	printf("\n");
}

/* The sum, part by part, and the words that made it. */
static void
match_print(const struct json *match)
{
	const struct json *parts = json_get(match, "parts");
	const struct json *evidence = json_get(match, "evidence");
	const char *held = json_get_text(match, "held_back_by");
	struct json *part;
	const char *name;

	printf("%s at %s\n", json_get_text(match, "title"),
	    json_get_text(match, "company") == NULL
		? "an unnamed employer"
		: json_get_text(match, "company"));
	printf("%-12s%lld of 100\n", "score",
	    (long long)json_get_i64(match, "score", 0));
	for (size_t i = 0; json_member(parts, i, &name, &part); i++)
		printf("  %-10s%lld of %lld\n", name,
		    (long long)json_get_i64(part, "points", 0),
		    (long long)json_get_i64(part, "of", 0));
	if (json_get_text(match, "why") != NULL)
		printf("%-12s%s\n", "why", json_get_text(match, "why"));
	words_print("matched", json_get(evidence, "matched"));
	words_print("missing", json_get(evidence, "missing"));
	words_print("preferred", json_get(evidence, "preferred"));
	words_print("negated", json_get(evidence, "negated"));
	if (held != NULL)
		printf("%-12s%s\n", "held back", held);
	else
		printf("%-12s%s\n", "offered",
		    json_get_text(match, "offered_at") == NULL
			? "not yet: it may come with the next briefing"
			: json_get_text(match, "offered_at"));
}

static int
match_explain(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	struct json *match = NULL;
	int64_t id, user;
	int ret;

	if (argc != 1 || str_to_i64(argv[0], 1, INT64_MAX, &id) == -1)
		return cmd_usage(
		    c, "match explain takes the number of one job");
	ret = session_begin(&s, c, DB_SERVICE);
	if (ret == 0) {
		if (session_user(&s, c, &user, &err) == 0)
			match = store_match(s.db, user, id, &err);
		if (match == NULL)
			ret = cmd_fail(&err);
		else if (c->json)
			table_show(stdout, TABLE_JSON, match, NULL, 0);
		else
			match_print(match);
		json_free(match);
	}
	session_end(&s);
	return ret;
}

static const struct cmd_option list_options[] = {
	{ "--limit", "N", "at most N matches (20)" },
	{ NULL, NULL, NULL },
};

static const struct cmd_verb verbs[] = {
	{ "list", NULL, "the jobs that suit you best, and why", list_options,
	    match_list },
	{ "explain", "JOB", "why a job was offered, or what held it back", NULL,
	    match_explain },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_match = { "match", "jobs that suit a person", verbs,
	NULL };
