/*
 * Inside the embedded cluster: where its files are, as whom the server runs,
 * and the server itself. Nothing here speaks SQL over a connection.
 */
#ifndef PROC_CLUSTER_INT_H
#define PROC_CLUSTER_INT_H

#include "proc/proc.h"

/* How a process comes to run as the user that PostgreSQL accepts. */
enum cluster_way {
	WAY_SELF,     /* it is that user already */
	WAY_USER,     /* root gives itself up for that user */
	WAY_NAMESPACE /* root maps that user onto the folder's owner */
};

struct cluster_user {
	enum cluster_way way;
	uid_t uid; /* as which it runs; inside the namespace, if any */
	gid_t gid;
	uid_t outer_uid; /* to whom its files belong, seen from here */
	gid_t outer_gid;
	const char *name; /* of uid */
};

struct cluster {
	struct arena *arena;
	const char *state_dir, *run_dir;
	const char *home; /* data/ and the log are in it, mode 0700 */
	const char *data, *log;
	const char *socket_dir;
	const char *bin; /* folder of initdb and postgres */
	struct cluster_user user;
	int lock_fd, start_fd;
	void (*say)(const char *text);
};

/* What the child of cluster_as does; its result is the exit code. */
typedef int cluster_task(const struct cluster *, const void *argument);

/* Fork, become the server's user, run task there; its exit code, or -1. */
int cluster_as(
    const struct cluster *, cluster_task *, const void *argument, struct err *);
/* In a child: become that user. -1 and errno. */
int cluster_become(const struct cluster_user *);
/* In a child of that user: exec argv with clean signals and environment,
 * input (or /dev/null) as standard input and the log as its output. */
void cluster_exec(const struct cluster *, const char *const *argv, int input)
    __attribute__((noreturn));

/* Fill home, data, log and user; make home if it is new. */
int cluster_place(struct cluster *, struct err *);
/* Fill bin: of the version that made data, or the newest. */
int cluster_find_bin(struct cluster *, struct err *);
/* A folder for the socket that is short enough and not another's. */
int cluster_socket_dir(struct cluster *, struct err *);
/* initdb, roles and the database, if data is not there yet. */
int cluster_init(struct cluster *, struct err *);
/* The settings and maps of this start. */
int cluster_configure(struct cluster *, struct err *);

/* Process id of the running server, 0 if there is none; *ready if it takes
 * connections; fills socket_dir from what it says of itself. */
pid_t server_find(struct cluster *, bool *ready);
/* Start it detached and wait until it is ready. */
int server_start(struct cluster *, struct err *);
/* Stop it: fast, then at once. */
void server_stop(struct cluster *);
/* True if something answers on the socket. */
bool server_answers(const struct cluster *);
/* The last lines of its log, which tell why it does not run; of the arena. */
const char *server_log_end(const struct cluster *);
/* A log that has grown too large is emptied into its .old. */
void server_log_trim(const struct cluster *);

#endif
