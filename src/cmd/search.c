/*
 * careerd search QUERY
 */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/session.h"
#include "cmd/table.h"

static const struct table_column columns[] = {
	{ "id", "ID", 0, TABLE_RIGHT },
	{ "title", "TITLE", 16, TABLE_LEFT },
	{ "company", "COMPANY", 10, TABLE_LEFT },
	{ "place", "PLACE", 8, TABLE_LEFT },
	{ "headline", "WHERE IT SAYS SO", 0, TABLE_BELOW },
};

/* The words of the command line as one query. */
static char *
query_of(struct arena *arena, int argc, char **argv)
{
	char *query = arena_strdup(arena, argv[0]);

	for (int i = 1; i < argc; i++)
		query = arena_printf(arena, "%s %s", query, argv[i]);
	return query;
}

static int
search(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	struct json *hits;
	int64_t limit = 20;
	int ret;

	if (argc == 0 || (argc == 1 && str_is_empty(argv[0])))
		return cmd_usage(c, "search takes what to look for");
	if (cmd_number(c, "--limit", 1, 1000, 20, &limit, &err) == -1)
		return cmd_fail(&err);
	ret = session_begin(&s, c, DB_SERVICE);
	if (ret == 0) {
		hits = store_search(
		    s.db, query_of(s.arena, argc, argv), (int)limit, &err);
		if (hits == NULL)
			ret = cmd_fail(&err);
		else if (json_size(hits) == 0 && !c->json)
			fprintf(stderr, "No stored job says so. HINT: careerd "
					"status tells how many there are\n");
		else
			table_print(stdout, table_style(c, stdout), hits,
			    columns, sizeof(columns) / sizeof(columns[0]));
		json_free(hits);
	}
	session_end(&s);
	return ret;
}

static const struct cmd_option options[] = {
	{ "--limit", "N", "at most N jobs (20)" },
	{ NULL, NULL, NULL },
};

static const struct cmd_verb verbs[] = {
	{ NULL, "QUERY...", "full text over the stored jobs, best first",
	    options, search },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_search = { "search", "full text over the stored jobs",
	verbs,
	"Words are joined by 'and'; \"a phrase\" in quotes, OR between two, "
	"and\n"
	"a minus before a word that must not be there:\n"
	"    careerd search 'postgres remote -java'\n" };
