/*
 * careerd migrate status | up | down
 */
#include <stdio.h>
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/session.h"
#include "cmd/table.h"

static const struct table_column columns[] = {
	{ "number", "NUMBER", 0, TABLE_RIGHT },
	{ "name", "NAME", 0, TABLE_LEFT },
	{ "state", "STATE", 0, TABLE_LEFT },
	{ "applied_at", "APPLIED", 0, TABLE_LEFT },
};

static void
say(const char *text)
{
	printf("%s\n", text);
}

static int
migrate_list(const struct cmd_context *c, int argc, char **argv)
{
	struct migration_state state;
	struct err err = { 0 };
	struct json *list = NULL;
	struct session s;
	int ret = session_join(&s, c);

	(void)argc, (void)argv;
	if (ret == 0 && migrate_status(s.conninfo,
			    arena_printf(s.arena, "%s/sql", s.conf->root),
			    s.arena, &state, &list, &err) == -1)
		ret = cmd_fail(&err);
	else if (ret == 0) {
		table_print(stdout, table_style(c, stdout), list, columns,
		    sizeof(columns) / sizeof(columns[0]));
		if (state.fault != NULL) {
			err_set(&err, ERR_CONFIG, "%s", state.fault);
			ret = cmd_fail(&err);
		} else if (state.is_newer) {
			err_set(&err, ERR_CONFIG,
			    "the schema is newer than this program");
			ret = cmd_fail(&err);
		}
	}
	json_free(list);
	session_end(&s);
	return ret;
}

typedef int migrate_way(const char *conninfo, const char *sql_dir, int number,
    void (*said)(const char *), struct err *);

static int
migrate(const struct cmd_context *c, const char *text, migrate_way *way)
{
	struct err err = { 0 };
	struct session s;
	int64_t number = 0;
	int ret;

	if (text != NULL && str_to_i64(text, 0, 9999, &number) == -1)
		return cmd_usage(
		    c, "'%s' is not the number of a migration", text);
	ret = session_join(&s, c);
	if (ret == 0 &&
	    way(s.conninfo, arena_printf(s.arena, "%s/sql", s.conf->root),
		(int)number, say, &err) == -1)
		ret = cmd_fail(&err);
	session_end(&s);
	return ret;
}

static int
up(const struct cmd_context *c, int argc, char **argv)
{
	return migrate(c, argc > 0 ? argv[0] : NULL, migrate_up);
}

static int
down(const struct cmd_context *c, int argc, char **argv)
{
	if (argc != 1)
		return cmd_usage(c,
		    "migrate down takes the number to go down to; 0 removes "
		    "everything that is stored");
	return migrate(c, argv[0], migrate_down);
}

static const struct cmd_verb verbs[] = {
	{ "status", NULL, "which migrations are applied", NULL, migrate_list },
	{ "up", "[N]", "apply what is missing, up to N", NULL, up },
	{ "down", "N", "take migrations back down to N (0: all data goes)",
	    NULL, down },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_migrate = { "migrate", "the schema of the database", verbs,
	NULL };
