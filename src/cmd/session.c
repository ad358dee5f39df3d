#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <errno.h>
#include <unistd.h>
#include "base/str.h"
#include "cmd/session.h"

#define ARENA_BYTES (256UL * 1024 * 1024)

static void
say(const char *text)
{
	fprintf(stderr, "careerd: %s\n", text);
}

int
session_join(struct session *s, const struct cmd_context *c)
{
	struct err err = { 0 };
	int exit_code = 0;

	memset(s, 0, sizeof(*s));
	s->arena = arena_new(ARENA_BYTES);
	s->conf = cmd_conf(c, s->arena, &exit_code);
	if (s->conf == NULL)
		return exit_code;
	if (!str_eq(s->conf->database, "embedded")) {
		s->conninfo = s->conf->database;
		return 0;
	}
	s->cluster = cluster_join(s->arena, s->conf->state_dir,
	    s->conf->run_dir, say, &s->conninfo, &err);
	return s->cluster == NULL ? cmd_fail(&err) : 0;
}

/* A command never changes the schema by itself: the daemon or a person does. */
static int
schema_check(struct session *s, struct err *err)
{
	struct migration_state state;
	struct json *list = NULL;
	char *dir = arena_printf(s->arena, "%s/sql", s->conf->root);

	if (migrate_status(s->conninfo, dir, s->arena, &state, &list, err) ==
	    -1)
		return -1;
	json_free(list);
	if (state.is_newer)
		return err_set(err, ERR_CONFIG,
		    "database: its schema is newer than this program\n"
		    "HINT: use the newer careerd that made it");
	if (state.fault != NULL)
		return err_set(err, ERR_CONFIG, "database: %s", state.fault);
	if (state.applied < state.available)
		return err_set(err, ERR_CONFIG,
		    "database: schema is at %d, this program needs %d\n"
		    "HINT: careerd migrate up (careerd once and careerd serve "
		    "do it by themselves)",
		    state.applied, state.available);
	return 0;
}

int
session_begin(struct session *s, const struct cmd_context *c, enum db_role role)
{
	struct err err = { 0 };
	int ret = session_join(s, c);

	if (ret != 0)
		return ret;
	if (schema_check(s, &err) == -1)
		return cmd_fail(&err);
	s->db = db_open(s->conninfo, role, c->name, &err);
	return s->db == NULL ? cmd_fail(&err) : 0;
}

void
session_end(struct session *s)
{
	if (s->db != NULL)
		db_close(s->db);
	if (s->cluster != NULL)
		cluster_leave(s->cluster);
	arena_free(s->arena);
}

int
session_user(struct session *s, const struct cmd_context *c, int64_t *id,
    struct err *err)
{
	const char *email = c->user;

	if (email == NULL && s->conf->user.present)
		email = s->conf->user.email;
	return store_user_find(s->db, email, id, err);
}
