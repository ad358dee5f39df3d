/*
 * careerd source list: each source with how its last run ended.
 */
#include <stdio.h>
#include "cmd/cmd.h"
#include "cmd/session.h"
#include "cmd/source_int.h"
#include "cmd/table.h"

static const struct table_column columns[] = {
	{ "key", "SOURCE", 16, TABLE_LEFT },
	{ "outcome", "OUTCOME", 0, TABLE_LEFT },
	{ "found", "FOUND", 0, TABLE_RIGHT },
	{ "open_jobs", "OPEN", 0, TABLE_RIGHT },
	{ "since", "SINCE", 0, TABLE_LEFT },
	{ "last_good", "LAST GOOD", 0, TABLE_LEFT },
	{ "next_due", "NEXT", 0, TABLE_LEFT },
	{ "robots_ignored", "ROBOTS IGNORED", 0, TABLE_LEFT },
	{ "attribution", "NAMED", 0, TABLE_LEFT },
	{ "reason", "REASON", 20, TABLE_LEFT },
};

int
cmd_source_list(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	struct json *sources;
	int ret = session_begin(&s, c, DB_SERVICE);

	(void)argc, (void)argv;
	if (ret == 0) {
		sources = store_sources(s.db, &err);
		if (sources == NULL)
			ret = cmd_fail(&err);
		else if (json_size(sources) == 0 && !c->json)
			printf("No source is configured. HINT: add one under "
			       "sources: in careerd.yaml, e.g. "
			       "greenhouse: { board: [gitlab] }\n");
		else
			table_print(stdout, table_style(c, stdout), sources,
			    columns, sizeof(columns) / sizeof(columns[0]));
		json_free(sources);
	}
	session_end(&s);
	return ret;
}
