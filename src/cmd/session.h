/*
 * What a command that asks the database needs: the configuration, the
 * embedded cluster (joined, if that is the database) and a connection.
 */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "base/arena.h"
#include "cmd/cmd.h"
#include "conf/conf.h"
#include "proc/proc.h"
#include "store/store.h"

struct session {
	struct arena *arena;
	struct conf *conf;
	struct cluster *cluster; /* NULL with a server of one's own */
	const char *conninfo;
	struct db *db;
};

/*
 * Load the configuration, join the cluster and connect; the schema must be
 * up to date. 0, or the exit code, and what was wrong is said. In either
 * case session_end is due.
 */
int session_begin(struct session *, const struct cmd_context *, enum db_role);
/* The same without the connection: for migrate and psql. */
int session_join(struct session *, const struct cmd_context *);
void session_end(struct session *);
/* Whose data: --user, $CAREERD_USER, the configured user, the only one. */
int session_user(
    struct session *, const struct cmd_context *, int64_t *id, struct err *);

#endif
