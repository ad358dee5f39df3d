/*
 * careerd status: one screen for the operator.
 */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/session.h"
#include "cmd/source_list.h"
#include "cmd/table.h"
#include "hub/hub.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct table_column process_columns[] = {
	{ "role", "PROCESS", 0, TABLE_LEFT },
	{ "pid", "PID", 0, TABLE_RIGHT },
	{ "state", "STATE", 0, TABLE_LEFT },
	{ "since", "SINCE", 0, TABLE_LEFT },
	{ "restarts", "RESTARTS", 0, TABLE_RIGHT },
	{ "last_death", "LAST DEATH", 12, TABLE_LEFT },
	{ "in_flight", "IN HAND", 0, TABLE_RIGHT },
};

static const struct table_column source_columns[] = {
	{ "key", "SOURCE", 16, TABLE_LEFT },
	{ "state", "STATE", 0, TABLE_LEFT },
	{ "open_jobs", "OPEN", 0, TABLE_RIGHT },
	{ "last_good_text", "LAST GOOD", 0, TABLE_LEFT },
	{ "next_text", "NEXT", 0, TABLE_LEFT },
};

static const struct table_column trouble_columns[] = {
	{ "since", "SINCE", 0, TABLE_LEFT },
	{ "object", "NEEDS A PERSON", 0, TABLE_LEFT },
	{ "text", "WHY", 0, TABLE_BELOW },
};

struct answers {
	struct json *hub;      /* NULL: no daemon runs */
	struct json *database; /* NULL: database_error says why */
	struct json *sources;
	struct err database_error;
};

/* What can be had is shown, whatever else is broken. */
static void
ask(const struct cmd_context *c, struct session *s, int began,
    struct answers *to)
{
	struct err ignored = { 0 };
	struct conf places = { 0 };

	/* A faulty configuration hides no daemon that runs on its last one. */
	if (s->conf == NULL)
		conf_paths(s->arena, &places);
	to->hub = hub_status(s->conf != NULL ? s->conf : &places, &ignored);
	if (began != 0) {
		err_set(&to->database_error, ERR_UNAVAILABLE,
		    "cannot be asked, see above");
		return;
	}
	to->database = store_status(s->db, &to->database_error);
	if (to->database != NULL)
		to->sources = store_sources(s->db, &to->database_error);
	source_rows_dress(s->arena, to->sources, table_style(c, stdout));
}

static void
answers_free(struct answers *a)
{
	json_free(a->hub);
	json_free(a->database);
	json_free(a->sources);
}

static void
daemon_print(enum table_style style, const struct json *hub)
{
	if (hub == NULL) {
		printf("The daemon is not running. HINT: careerd serve, or "
		       "systemctl start careerd\n\n");
		return;
	}
	printf("careerd %s is %s since %s, pid %lld; %lld pages read\n\n",
	    json_get_text(hub, "version"), json_get_text(hub, "state"),
	    json_get_text(hub, "since"), (long long)json_get_i64(hub, "pid", 0),
	    (long long)json_get_i64(hub, "pages", 0));
	table_print(stdout, style, json_get(hub, "processes"), process_columns,
	    COUNT(process_columns));
	printf("\n");
}

static void
mail_print(const struct json *database)
{
	const struct json *mail = json_get(database, "mail");
	const char *state, *last = json_get_text(database, "last_mail");
	struct json *n;

	printf("Mail: ");
	if (json_size(mail) == 0)
		printf("none yet");
	for (size_t i = 0; json_member(mail, i, &state, &n); i++)
		printf("%s%lld %s", i > 0 ? ", " : "",
		    (long long)json_i64(n, 0), state);
	printf("%s%s\n", last == NULL ? "" : "; last sent ",
	    last == NULL ? "" : last);
}

/* "3 runs", "1 run": the name of the member is the plural. */
static void
count_print(const struct json *queue, const char *name, const char *behind)
{
	int64_t n = json_get_i64(queue, name, 0);

	printf("%lld %.*s%s", (long long)n,
	    (int)strlen(name) - (n == 1 ? 1 : 0), name, behind);
}

static void
database_print(enum table_style style, const struct answers *a)
{
	const struct json *jobs = json_get(a->database, "jobs");
	const struct json *queue = json_get(a->database, "queue");

	table_print(
	    stdout, style, a->sources, source_columns, COUNT(source_columns));
	printf("\nJobs: %lld open, %lld closed, %lld new in 24 hours\n",
	    (long long)json_get_i64(jobs, "open", 0),
	    (long long)json_get_i64(jobs, "closed", 0),
	    (long long)json_get_i64(jobs, "new_today", 0));
	printf("Queue: ");
	count_print(queue, "runs", ", ");
	count_print(queue, "requests", ", ");
	count_print(queue, "tasks", "\n");
	mail_print(a->database);
	printf("Database: PostgreSQL %s, %.1f MiB\n",
	    json_get_text(a->database, "server"),
	    (double)json_get_i64(a->database, "database_bytes", 0) / 1048576);
}

/* What the daemon stands on first: the rest may follow from it. */
static void
troubles_print(enum table_style style, const struct answers *a)
{
	const struct json *parts[] = { json_get(a->hub, "troubles"),
		json_get(a->database, "troubles") };
	struct json *all = json_array();

	for (size_t i = 0; i < COUNT(parts); i++)
		for (size_t k = 0; k < json_size(parts[i]); k++)
			json_append(all, json_ref(json_at(parts[i], k)));
	if (json_size(all) > 0) {
		printf("\n");
		table_print(stdout, style, all, trouble_columns,
		    COUNT(trouble_columns));
	} else if (a->database != NULL) {
		printf("Nothing needs a person.\n");
	}
	json_free(all);
}

/* Processes, sources and the rest as one object. */
static void
json_print(const struct answers *a)
{
	struct arena *arena = arena_new(64UL * 1024 * 1024);
	struct json *o = json_object();

	json_set(o, "running", json_bool(a->hub != NULL));
	json_set(o, "daemon", a->hub == NULL ? json_null() : json_ref(a->hub));
	json_set(o, "processes",
	    a->hub == NULL ? json_array()
			   : json_ref(json_get(a->hub, "processes")));
	json_set(o, "database",
	    a->database == NULL ? json_null() : json_ref(a->database));
	json_set(o, "sources",
	    a->sources == NULL ? json_array() : json_ref(a->sources));
	json_set(o, "database_error",
	    json_string(a->database == NULL ? a->database_error.text : NULL));
	printf("%s\n", json_dump(arena, o));
	json_free(o);
	arena_free(arena);
}

static int
status(const struct cmd_context *c, int argc, char **argv)
{
	struct answers answers = { 0 };
	struct session s;
	int began, ret;

	(void)argc, (void)argv;
	began = session_begin(&s, c, DB_SERVICE);
	ask(c, &s, began, &answers);
	if (c->json)
		json_print(&answers);
	else {
		daemon_print(table_style(c, stdout), answers.hub);
		if (answers.database != NULL && answers.sources != NULL)
			database_print(table_style(c, stdout), &answers);
		else
			printf("Database: %s\n", answers.database_error.text);
		troubles_print(table_style(c, stdout), &answers);
	}
	ret = began != 0 ? began
	      : answers.database_error.kind != ERR_NONE
		  ? err_exit_code(answers.database_error.kind)
		  : 0;
	answers_free(&answers);
	session_end(&s);
	return ret;
}

static const struct cmd_verb verbs[] = {
	{ NULL, NULL,
	    "processes, sources, queue, mail, database, what needs a person",
	    NULL, status },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_status = { "status", "everything on one screen", verbs,
	NULL };
