/*
 * careerd job list | show
 */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/session.h"
#include "cmd/table.h"

static const struct table_column list_columns[] = {
	{ "id", "ID", 0, TABLE_RIGHT },
	{ "title", "TITLE", 16, TABLE_LEFT },
	{ "company", "COMPANY", 10, TABLE_LEFT },
	{ "place", "PLACE", 8, TABLE_LEFT },
	{ "pay", "PAY", 8, TABLE_LEFT },
	{ "posted", "POSTED", 0, TABLE_LEFT },
	{ "sources", "SOURCES", 8, TABLE_LEFT },
};

static const struct table_column show_columns[] = {
	{ "id", "ID", 0, TABLE_LEFT },
	{ "title", "Title", 0, TABLE_LEFT },
	{ "company", "Company", 0, TABLE_LEFT },
	{ "place", "Places", 0, TABLE_LEFT },
	{ "remote", "Remote", 0, TABLE_LEFT },
	{ "pay", "Pay", 0, TABLE_LEFT },
	{ "job_type", "Type", 0, TABLE_LEFT },
	{ "experience_level", "Level", 0, TABLE_LEFT },
	{ "posted", "Posted", 0, TABLE_LEFT },
	{ "closed_at", "Closed", 0, TABLE_LEFT },
	{ "reposts", "Reposts", 0, TABLE_LEFT },
	{ "url", "URL", 0, TABLE_LEFT },
	{ "apply_url", "Apply", 0, TABLE_LEFT },
};

static const struct table_column sighting_columns[] = {
	{ "source", "SOURCE", 0, TABLE_LEFT },
	{ "external_id", "ID THERE", 12, TABLE_LEFT },
	{ "rule", "MERGED BY", 0, TABLE_LEFT },
	{ "first_seen", "FIRST SEEN", 0, TABLE_LEFT },
	{ "last_seen", "LAST SEEN", 0, TABLE_LEFT },
	{ "url", "URL", 20, TABLE_LEFT },
};

#define LINE_SHOWN_BYTES 65536
#define COUNT(array)     (sizeof(array) / sizeof((array)[0]))

static int
job_list(const struct cmd_context *c, int argc, char **argv)
{
	struct job_filter filter = { .source = cmd_value(c, "--source"),
		.company = cmd_value(c, "--company"),
		.with_closed = cmd_flag(c, "--closed") };
	struct err err = { 0 };
	struct session s;
	struct json *jobs;
	int64_t limit = 50;
	int ret;

	(void)argc, (void)argv;
	if (cmd_number(c, "--limit", 1, 1000000, 50, &limit, &err) == -1)
		return cmd_fail(&err);
	filter.limit = (int)limit;
	ret = session_begin(&s, c, DB_SERVICE);
	if (ret == 0) {
		jobs = store_jobs(s.db, &filter, &err);
		if (jobs == NULL)
			ret = cmd_fail(&err);
		else
			table_print(stdout, table_style(c, stdout), jobs,
			    list_columns, COUNT(list_columns));
		json_free(jobs);
	}
	session_end(&s);
	return ret;
}

/* Line by line, fit for a terminal. */
static void
text_print(const char *text)
{
	struct arena *arena = arena_new(4L * LINE_SHOWN_BYTES);

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		char *line = arena_strndup(
		    arena, text, n < LINE_SHOWN_BYTES ? n : LINE_SHOWN_BYTES);
		printf("%s\n", str_safe(arena, line, LINE_SHOWN_BYTES));
		arena_reset(arena);
		text += n + (text[n] == '\n');
	}
	arena_free(arena);
}

static void
job_print(const struct cmd_context *c, const struct json *job)
{
	enum table_style style = table_style(c, stdout);
	const char *description = json_get_text(job, "description");

	table_show(stdout, style, job, show_columns, COUNT(show_columns));
	printf("\n");
	table_print(stdout, style, json_get(job, "sightings"), sighting_columns,
	    COUNT(sighting_columns));
	if (description == NULL)
		return;
	printf("\n");
	text_print(description);
}

static int
job_show(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	struct json *job;
	int64_t id;
	int ret;

	if (argc != 1 || str_to_i64(argv[0], 1, INT64_MAX, &id) == -1)
		return cmd_usage(c, "job show takes the number of one job");
	ret = session_begin(&s, c, DB_SERVICE);
	if (ret == 0) {
		job = store_job(s.db, id, &err);
		if (job == NULL)
			ret = cmd_fail(&err);
		else if (c->json)
			table_show(stdout, TABLE_JSON, job, NULL, 0);
		else
			job_print(c, job);
		json_free(job);
	}
	session_end(&s);
	return ret;
}

static const struct cmd_option list_options[] = {
	{ "--source", "S", "only jobs that this source shows" },
	{ "--company", "WORD", "only employers whose name holds this" },
	{ "--closed", NULL, "closed jobs too" },
	{ "--limit", "N", "at most N jobs (50)" },
	{ NULL, NULL, NULL },
};

static const struct cmd_verb verbs[] = {
	{ "list", NULL, "open jobs, those found last first", list_options,
	    job_list },
	{ "show", "JOB", "one job: places, URLs, sightings, what merged them",
	    NULL, job_show },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_job = { "job", "stored jobs", verbs, NULL };
