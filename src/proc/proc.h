/*
 * A process born, locked and spoken to. Workers are this same binary,
 * re-executed as "careerd worker ROLE" with their channel as descriptor 3.
 */
#ifndef PROC_PROC_H
#define PROC_PROC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "msg/setup.h"
#include "msg/source.h"
#include "msg/types.h"

/* ---- channel: frames over AF_UNIX SOCK_SEQPACKET ---- */

struct chan;

struct frame {
	enum msg_type type;
	int64_t id;
	const void *body; /* valid until the next chan_recv on the channel */
	size_t len;
	int fd[LIMIT_FRAME_FDS]; /* the receiver's to close; -1 if none */
	int nfd;
};

/* Takes the descriptor over and makes it non-blocking. */
struct chan *chan_new(int fd);
void chan_free(struct chan *);
int chan_fd(const struct chan *);
/*
 * Send or queue a frame. Descriptors are duplicated into the queue, so the
 * caller keeps and closes its own. body may be NULL. -1: the peer is gone
 * (ERR_UNAVAILABLE), or the body is over LIMIT_FRAME_BYTES (ERR_BUG).
 */
int chan_send(struct chan *, enum msg_type, int64_t id, const struct buf *body,
    const int *fds, int nfd, struct err *);

/*
 * The same for nouns that may outgrow a frame (a source with thousands of
 * targets): the body is then a sealed memfd, the frame itself is empty.
 */
int chan_send_any(struct chan *, enum msg_type, int64_t id,
    const struct buf *body, struct err *);
/* A secret: its text goes beside the frame, so that no buffer keeps it. */
int chan_send_secret(
    struct chan *, const char *name, const char *text, struct err *);
/*
 * Send, but always queued until chan_flush, and fd (or -1) is taken over.
 * n is at most LIMIT_FRAME_BYTES.
 */
void chan_give(struct chan *, enum msg_type, int64_t id, const void *body,
    size_t n, int fd);
/*
 * For a process that passes many frames on: several are received with one
 * system call. Then poll does not tell of all that is there: read until
 * chan_recv says 0, or ask chan_has_input. Call it before the first chan_recv.
 */
void chan_batch(struct chan *);
bool chan_has_input(const struct chan *);  /* received, not handed out yet */
bool chan_has_output(const struct chan *); /* wants POLLOUT */
size_t chan_queued(const struct chan *);   /* frames waiting */
int chan_flush(struct chan *, struct err *);
/*
 * 1: a frame; 0: nothing now; -1: end of file (ERR_UNAVAILABLE) or a bad
 * frame (ERR_DATA). Never blocks.
 */
int chan_recv(struct chan *, struct frame *, struct err *);
void frame_close_fds(struct frame *);
/* Take descriptor i out of the frame: the caller's to close; -1 if none. */
int frame_take_fd(struct frame *, int i);

/* ---- bodies: sealed memfds ---- */

/* A sealed memfd holding n bytes; -1 and err on failure. */
int body_make(const char *name, const void *, size_t n, struct err *);
/* An empty memfd to be written by another. */
int body_empty(const char *name, struct err *);
/* Seal against writing, growing and shrinking; -1 if a writer remains. */
int body_seal(int fd, struct err *);
bool body_is_sealed(int fd);
/*
 * The bytes of a body, mapped or, if they are few, copied; *n their number.
 * NULL on failure, "" if empty. Only sealed ones: nobody can cut them short
 * under the reader. No NUL ends it. They go back by body_unmap.
 */
const char *body_map(int fd, size_t *n, struct err *);
void body_unmap(const char *, size_t n);

/*
 * Make a directory, and those above it that are missing, with mode; one that
 * is there already is left as it is.
 */
int directory_make(const char *path, unsigned int mode, struct err *);

/* ---- birth ---- */

struct child {
	pid_t pid;
	enum role role;
	struct chan *chan;
};

/*
 * Path of this binary, for re-execution; valid until the next call. When the
 * file was replaced since, a name that still leads to what runs.
 */
const char *proc_self(void);
/*
 * Fork and re-exec as a worker: "careerd worker ROLE", its channel is
 * descriptor 3, a session of its own (so that Ctrl-C and signals to the
 * group reach hub alone), standard output joined to standard error, nothing
 * else inherited. *to is filled; the pid is the caller's to reap.
 */
int proc_spawn(enum role, struct child *to, struct err *);
/*
 * Run this binary with arguments (those behind its name, NULL-ended) to its
 * end. Standard output goes to out; what passes its limit is dropped.
 * *exit_status is the exit code, or 128 + the signal. -1 when it could not
 * be started or was killed after timeout_ms.
 */
int proc_run(const char *const *argv, struct buf *out, int timeout_ms,
    int *exit_status, struct err *);

/* The same in steps, for one who has a loop: poll fd for reading. */
struct run {
	pid_t pid;
	int fd; /* its standard output; -1 before and after */
};
int run_begin(struct run *, const char *const *argv, struct err *);
/* Read what is there. 1: more may come; 0: end of file, so run_end. */
int run_read(struct run *, struct buf *out);
/* Close, reap (with kill: SIGKILL first); the exit status as above. */
int run_end(struct run *, bool kill);

/* ---- the worker's side ---- */

struct worker {
	enum role role;
	struct chan *chan;
	struct arena *conf_arena; /* holds setup and sources */
	struct setup setup;
	struct source **sources;
	size_t nsources;
	struct secret *secrets;
	size_t nsecrets;
	bool stopping;
};
struct secret {
	const char *name, *text;
};

/*
 * Open descriptor 3 as the channel, init the log, lock_basic, ignore SIGINT
 * (hub decides) and SIGPIPE. extract and fetch die with their parent, the
 * others by end of file. Then the role initialises its libraries and calls
 * worker_ready, which says READY.
 */
int worker_begin(struct worker *, enum role, struct err *);
int worker_ready(struct worker *, struct err *);
/*
 * Block until SETUP_END: setup, sources and secrets are filled. Then locks
 * that need them can be set. -1 when the hub is gone.
 */
int worker_configure(struct worker *, struct err *);
/*
 * Frames that every worker answers alike: PING, STOP (sets stopping), and a
 * reload (SETUP ... SETUP_END: returns 2 when a new configuration is in
 * force). 0: the frame is the role's own business; 1: done.
 */
int worker_common(struct worker *, struct frame *, struct err *);
const struct source *worker_source(const struct worker *, const char *name);
const char *worker_secret(const struct worker *, const char *name);
/*
 * Send with a body built by put functions; fds as in chan_send. Waits until
 * the frame is out (hub always reads), so nothing stays queued.
 */
int worker_say(struct worker *, enum msg_type, int64_t id,
    const struct buf *body, const int *fds, int nfd, struct err *);

/* ---- locks ---- */

/*
 * The jail of extract (architecture.md): rlimits, Landlock, seccomp. Only
 * reading and writing descriptors it was given remains; a forbidden call is
 * EPERM, or SIGSYS where nothing harmless would ask. Initialise libraries
 * before. Sanitizer builds and valgrind, which need more than the program
 * does, get a wider jail: no limit on memory, and only the worst calls are
 * refused. -1 when a wall could not be put up: do not go on.
 */
int jail_enter(struct err *);
/* True in a sanitizer build or under valgrind: the walls are wider. */
bool jail_is_wide(void);
/*
 * For the other workers: no_new_privs, not dumpable, and Landlock down to
 * the paths given (NULL-ended lists), where the kernel has it; the log says
 * which ABI is in force.
 */
int lock_paths(const char *const *read, const char *const *write, struct err *);
/* No new privileges, not dumpable, no core: what every process begins with. */
void lock_basic(void);
/* The kernel's Landlock ABI; 0 if it has none or the jail is wide. */
int lock_landlock_abi(void);

/* ---- the embedded cluster (data.md) ---- */

struct cluster;

/*
 * Join the cluster in state_dir: init it if it is new, start it if nobody
 * has, take the shared lock. say() is told what takes long or is done
 * unusually. On success *conninfo is in the arena: for the login role
 * careerd. NULL and err otherwise.
 */
struct cluster *cluster_join(struct arena *, const char *state_dir,
    const char *run_dir, void (*say)(const char *text), const char **conninfo,
    struct err *);
/* As cluster_join's conninfo, for the superuser: roles and psql only. */
const char *cluster_admin_conninfo(const struct cluster *, struct arena *);
/* True if the server process is alive and answers. */
bool cluster_is_up(const struct cluster *);
/* Start it again after it died. */
int cluster_restart(struct cluster *, struct err *);
/* SQL that makes the four roles of data.md where they are missing. */
extern const char cluster_roles_sql[];
/* Give the lock up; the last one stops the server. */
void cluster_leave(struct cluster *);
/* The worker that keeps it running for a daemon: "careerd worker cluster". */
int cluster_main(void);

#endif
