/*
 * What the files of hub share: the table of processes, the table of what is
 * in flight, and the state of the corridor itself.
 */
#ifndef HUB_HUB_INT_H
#define HUB_HUB_INT_H

#include <poll.h>
#include "base/json.h"
#include "base/log.h"
#include "hub/hub.h"
#include "msg/mail.h"
#include "msg/page.h"
#include "msg/request.h"
#include "proc/proc.h"

/* ---- flights: what a worker was asked and has not answered ---- */

enum flight_kind { FLIGHT_PAGE, FLIGHT_RENDER, FLIGHT_SEND, FLIGHT__MAX };

enum flight_stage {
	FLIGHT_WAITS_FETCH,   /* fetch is not there */
	FLIGHT_AT_FETCH,      /* granted */
	FLIGHT_WAITS_EXTRACT, /* body is here, no worker is idle */
	FLIGHT_AT_EXTRACT,
	FLIGHT_WAITS_NOTIFY,
	FLIGHT_AT_NOTIFY,
	FLIGHT_STAGE__MAX
};

struct flight {
	struct flight *bucket_next; /* same bucket, or the free list */
	struct flight *next;        /* the queue it waits in */
	enum flight_kind kind;
	enum flight_stage stage;
	int64_t id;
	bool orphan;        /* store died: the answer interests nobody */
	uint32_t deaths;    /* of workers that held it */
	int fd;             /* body of the page, data or bytes of the mail */
	struct buf asked;   /* GRANT, RENDER or SEND as store said it */
	struct buf fetched; /* FETCHED as fetch said it */
};

struct flight_queue {
	struct flight *first, **last;
	size_t n;
};

struct flights {
	struct flight **buckets;
	size_t size; /* of buckets, a power of two */
	size_t n, at[FLIGHT_STAGE__MAX];
	struct flight *free;
	struct flight_queue for_extract, for_notify;
};

void flights_init(struct flights *);
void flights_fini(struct flights *);
/* A flight of that kind and id, orphans apart; NULL if there is none. */
struct flight *flight_find(struct flights *, enum flight_kind, int64_t id);
struct flight *flight_find_orphan(
    struct flights *, enum flight_kind, int64_t id);
struct flight *flight_new(
    struct flights *, enum flight_kind, int64_t id, enum flight_stage);
/* The one place where a stage changes, so that the counts are right. */
void flight_move(struct flights *, struct flight *, enum flight_stage);
/* Forget it: closes its descriptor; it must not be in a queue. */
void flight_end(struct flights *, struct flight *);
void flight_queue_init(struct flight_queue *);
void flight_push(struct flight_queue *, struct flight *);
void flight_push_front(struct flight_queue *, struct flight *);
struct flight *flight_pop(struct flight_queue *);
/* Each flight of a stage; the callback may end it. */
void flights_each(struct flights *, enum flight_stage,
    void (*each)(void *context, struct flight *), void *context);

/* ---- slots: one for each process ---- */

enum slot_state {
	SLOT_WAITING, /* no process; to be born at birth_ms */
	SLOT_BORN,    /* READY has not come yet */
	SLOT_UP,
	SLOT_ENDING, /* STOP was said */
	SLOT_GONE    /* ended for good: draining */
};

struct slot {
	enum role role;
	enum slot_state state;
	struct child child; /* chan NULL when there is none */
	int64_t since_ms;   /* wall time of the last change of state */
	int64_t birth_ms;   /* monotonic: when to be born, or was */
	int64_t heard_ms;   /* monotonic: last frame from it */
	int64_t pinged_ms;
	uint32_t failures; /* in a row, for the back-off */
	uint32_t restarts;
	int last_exit; /* exit code of the last death, 0 if by a signal */
	char last_death[160];
	const char *verdict; /* why hub killed it, or NULL */
	bool timed_out;      /* the verdict is about the page's time */
	bool has_served;     /* cluster: its server was up */
	bool closed; /* its channel ended: nothing more is read or sent */
	struct flight *flight; /* extract, notify: what it holds */
	int output_fd;         /* extract: where the postings go */
	int64_t given_ms;
	int64_t given_cpu_ms; /* at the first look after it was given, or -1 */
};

/* ---- troubles of the daemon itself ---- */

#define TROUBLES_MAX 8

struct trouble {
	char object[40]; /* what it is about; "" if the place is free */
	char text[600];  /* why, and what a person should do */
	int64_t since_ms, begun_ms; /* wall, monotonic */
};

enum hub_phase {
	HUB_SERVING,
	HUB_DRAIN_STORE,
	HUB_DRAIN_WORKERS,
	HUB_DRAIN_CLUSTER,
	HUB_DONE
};

struct hub {
	const struct conf *conf;
	struct arena *conf_arena; /* of a reloaded conf; NULL: caller's */
	const struct hub_options *opt;
	enum hub_phase phase;
	int exit_code;
	int64_t begun_ms, started_wall_ms, drain_ms;
	int signal_fd, lock_fd;
	struct slot *slots;
	size_t nslots;
	struct pollfd *polls;
	struct flights flights;
	struct arena *arena; /* reset at each frame */
	struct buf out;      /* frames being made */
	struct account account;
	bool has_account;
	char *conninfo; /* of the embedded cluster, NULL until it is up */
	struct trouble troubles[TROUBLES_MAX];
	struct run check; /* fd -1: no reload is being checked */
	struct buf check_output;
	int64_t check_ms;
	bool reload_wanted;
	bool told_ready; /* since the start or the last reload */
	int64_t watchdog_ms, watched_ms; /* 0: nobody watches */
	bool dirty;                      /* hub.json is behind */
	int64_t written_ms;
	char *status_path;
	uint64_t pages;
};

/* hub.c */
struct slot *hub_slot(struct hub *, enum role); /* the first of that role */
bool hub_is_embedded(const struct hub *);
/* As configured; in the foreground, where events are shown, only trouble. */
enum log_level hub_log_level(const struct hub *);

/* children.c */
void slots_init(struct hub *);
void slots_fini(struct hub *);
/* How long to wait before the next birth after so many failures in a row. */
int64_t slot_back_off_ms(uint32_t failures);
bool slot_has_process(const struct slot *);
bool slot_is_up(const struct slot *);
void slot_set_state(struct hub *, struct slot *, enum slot_state);
const char *slot_state_name(enum slot_state);
/* Give birth to those whose time it is. */
void slots_bear(struct hub *, int64_t now_ms);
/* Kill it for a reason (constant text); its death comes by SIGCHLD. */
void slot_kill(struct hub *, struct slot *, const char *why);
/* Reap whoever ended. */
void slots_reap(struct hub *);
/* Pings, limits of pages, the silent. */
void slots_watch(struct hub *, int64_t now_ms);
/* When slots_bear or slots_watch has something to do next. */
int64_t slots_next_ms(const struct hub *, int64_t now_ms);
/* CPU milliseconds a process has used; -1 if it is gone. */
int64_t process_cpu_ms(pid_t);

/* route.c */
/* Read what a worker says; frames that it may not say end it. */
void route_read(struct hub *, struct slot *);
/* All that a dead one left behind. */
void route_read_last(struct hub *, struct slot *);

/* pages.c: the way of a page. Handlers return -1 for a frame that may not be.
 */
int page_granted(struct hub *, struct slot *, struct frame *, struct err *);
int page_fetched(struct hub *, struct slot *, struct frame *, struct err *);
int page_extracted(struct hub *, struct slot *, struct frame *, struct err *);
/* An answer to store; takes fd (or -1) over. */
void say_store(struct hub *, enum msg_type, int64_t id, const void *body,
    size_t n, int fd);
/* Hand waiting pages to idle workers; grants to fetch when it is back. */
void pages_pump(struct hub *);
void pages_fetch_up(struct hub *);
void pages_fetch_died(struct hub *);
void pages_extract_died(struct hub *, struct slot *);

/* mails.c: the way of a mail */
int mail_asked(struct hub *, struct slot *, struct frame *, struct err *);
int mail_rendered(struct hub *, struct slot *, struct frame *, struct err *);
int mail_sent(struct hub *, struct slot *, struct frame *, struct err *);
void mails_pump(struct hub *);
void mails_notify_died(struct hub *, struct slot *);

/* flight.c: store died */
void flights_orphan_all(struct hub *);

/* configure.c: a role's slice of the configuration */
int slot_configure(struct hub *, struct slot *, struct err *);

/* drain.c */
void drain_begin(struct hub *, const char *why);
void drain_step(struct hub *, int64_t now_ms);

/* reload.c */
void reload_begin(struct hub *);
void reload_read(struct hub *);
void reload_watch(struct hub *, int64_t now_ms);

/* notify_systemd.c */
void systemd_init(struct hub *);
void systemd_ready(struct hub *);
/* False if the manager does not read just now. */
bool systemd_say(struct hub *, const char *state);
void systemd_watch(struct hub *, int64_t now_ms);

/* events.c */
int event_take(struct hub *, struct slot *, struct frame *, struct err *);
void event_log(const struct event *);

/* trouble.c: begun again it changes its text and keeps its beginning */
void lack_begin(struct hub *, const char *object, const char *text);
void lack_end(struct hub *, const char *object);
/* In the foreground none is waited for without end. */
void troubles_watch(struct hub *, int64_t now_ms);
struct json *troubles_json(const struct hub *, struct arena *);

/* status.c: hub.json in run_dir, of a daemon only */
int status_open(struct hub *, struct err *);
void status_write(struct hub *, int64_t now_ms);
void status_close(struct hub *);

#endif
