/*
 * The skeleton that every worker stands on: birth, configuration, and the
 * frames that all answer alike.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>
#include "base/log.h"
#include "base/str.h"
#include "proc/proc.h"

#define CHANNEL_FD 3
/*
 * Freed memory up to here stays with the worker: page after page needs the
 * same, and taking it from the kernel anew costs more than its use.
 */
#define KEEP_BYTES (4 * 1024 * 1024)

/* A configuration that is on its way: SETUP up to SETUP_END. */
struct coming {
	struct arena *arena; /* NULL: none is */
	struct setup setup;
	struct source **sources;
	size_t nsources, size;
	struct secret *secrets;
	size_t nsecrets, secrets_size;
};

static struct coming coming;

int
worker_begin(struct worker *w, enum role role, struct err *e)
{
	*w = (struct worker){ .role = role };
	log_init(role_name(role), LOG_LEVEL_INFO);
	(void)mallopt(M_MMAP_THRESHOLD, KEEP_BYTES);
	(void)mallopt(M_TRIM_THRESHOLD, KEEP_BYTES);
	if (fcntl(CHANNEL_FD, F_GETFD) == -1)
		return err_set(e, ERR_USAGE,
		    "worker %s: not started by careerd", role_name(role));
	(void)fcntl(CHANNEL_FD, F_SETFD, FD_CLOEXEC);
	lock_basic();
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	/* Writing over the limit shall be an error, not the end. */
	(void)signal(SIGXFSZ, SIG_IGN);
	/*
	 * These may be deep in foreign bytes when hub dies; what the others
	 * have in hand is better finished, and end of file tells them.
	 */
	if (role == ROLE_EXTRACT || role == ROLE_FETCH)
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	w->chan = chan_new(CHANNEL_FD);
	return 0;
}

int
worker_ready(struct worker *w, struct err *e)
{
	return worker_say(w, MSG_READY, 0, NULL, NULL, 0, e);
}

int
worker_say(struct worker *w, enum msg_type type, int64_t id,
    const struct buf *body, const int *fds, int nfd, struct err *e)
{
	struct pollfd p = { .fd = chan_fd(w->chan), .events = POLLOUT };

	if (chan_send(w->chan, type, id, body, fds, nfd, e) == -1)
		return -1;
	while (chan_has_output(w->chan)) {
		if (poll(&p, 1, -1) == -1 && errno != EINTR)
			return err_errno(e, ERR_OS, "channel: poll");
		if (chan_flush(w->chan, e) == -1)
			return -1;
	}
	return 0;
}

/* An array in the arena that doubles; the room left behind is small. */
static void *
grown(void *list, size_t n, size_t *size, size_t each)
{
	size_t wanted = *size == 0 ? 16 : 2 * *size;
	void *more;

	if (n < *size)
		return list;
	more = arena_array(coming.arena, wanted, each);
	if (n > 0)
		memcpy(more, list, n * each);
	*size = wanted;
	return more;
}

static int
setup_take(struct frame *f, struct err *e)
{
	struct wire w;

	arena_free(coming.arena);
	coming = (struct coming){ .arena = arena_new(LIMIT_CONF_BYTES) };
	wire_init(&w, coming.arena, f->body, f->len);
	setup_get(&w, &coming.setup);
	return get_end(&w, "SETUP", e);
}

static int
source_take_bytes(const void *bytes, size_t n, struct err *e)
{
	struct source *s;
	struct wire w;

	wire_init(&w, coming.arena, bytes, n);
	s = source_get(&w);
	if (get_end(&w, "SOURCE", e) == -1)
		return -1;
	coming.sources = grown(coming.sources, coming.nsources, &coming.size,
	    sizeof(struct source *));
	coming.sources[coming.nsources++] = s;
	return 0;
}

static int
source_take(struct frame *f, struct err *e)
{
	const char *bytes;
	size_t n;
	int rc;

	if (f->nfd == 0)
		return source_take_bytes(f->body, f->len, e);
	bytes = body_map(f->fd[0], &n, e);
	if (bytes == NULL)
		return -1;
	rc = source_take_bytes(bytes, n, e);
	body_unmap(bytes, n);
	return rc;
}

static int
secret_take(struct frame *f, struct err *e)
{
	struct secret *s;
	const char *text;
	struct wire w;
	size_t n;

	wire_init(&w, coming.arena, f->body, f->len);
	const char *name = get_str(&w);
	if (get_end(&w, "SECRET", e) == -1)
		return -1;
	text = body_map(f->fd[0], &n, e);
	if (text == NULL)
		return err_prefix(e, "secret %s", name);
	coming.secrets = grown(coming.secrets, coming.nsecrets,
	    &coming.secrets_size, sizeof(*coming.secrets));
	s = &coming.secrets[coming.nsecrets++];
	s->name = name;
	s->text = arena_strndup(coming.arena, text, n);
	body_unmap(text, n);
	return 0;
}

/* What was coming is in force; what was in force is forgotten. */
static int
conf_swap(struct worker *w)
{
	arena_free(w->conf_arena);
	w->conf_arena = coming.arena;
	w->setup = coming.setup;
	w->sources = coming.sources;
	w->nsources = coming.nsources;
	w->secrets = coming.secrets;
	w->nsecrets = coming.nsecrets;
	coming = (struct coming){ .arena = NULL };
	log_init(role_name(w->role), w->setup.log_level);
	return 2;
}

/* 0: not about configuration; 1: taken; 2: a new one is in force. */
static int
conf_take(struct worker *w, struct frame *f, struct err *e)
{
	int rc;

	if (f->type == MSG_SETUP)
		rc = setup_take(f, e);
	else if (f->type != MSG_SOURCE && f->type != MSG_SECRET &&
		 f->type != MSG_SETUP_END)
		return 0;
	else if (coming.arena == NULL)
		rc = err_set(e, ERR_BUG, "%s before SETUP", msg_name(f->type));
	else if (f->type == MSG_SOURCE)
		rc = source_take(f, e);
	else if (f->type == MSG_SECRET)
		rc = secret_take(f, e);
	else
		return conf_swap(w);
	frame_close_fds(f);
	return rc == -1 ? -1 : 1;
}

int
worker_common(struct worker *w, struct frame *f, struct err *e)
{
	if (f->type == MSG_PING) {
		frame_close_fds(f);
		return worker_say(w, MSG_PONG, f->id, NULL, NULL, 0, e) == -1
			   ? -1
			   : 1;
	}
	if (f->type == MSG_STOP) {
		frame_close_fds(f);
		w->stopping = true;
		return 1;
	}
	return conf_take(w, f, e);
}

int
worker_configure(struct worker *w, struct err *e)
{
	struct pollfd p = { .fd = chan_fd(w->chan), .events = POLLIN };
	struct frame f;

	for (;;) {
		int rc = chan_recv(w->chan, &f, e);

		if (rc == 0) {
			(void)poll(&p, 1, -1);
			continue;
		}
		if (rc == 1)
			rc = worker_common(w, &f, e);
		if (rc == 0) {
			frame_close_fds(&f);
			return err_set(e, ERR_BUG, "%s before SETUP_END",
			    msg_name(f.type));
		}
		if (rc == -1)
			return -1;
		if (rc == 2)
			return 0;
	}
}

const struct source *
worker_source(const struct worker *w, const char *name)
{
	for (size_t i = 0; i < w->nsources; i++) {
		if (str_eq(w->sources[i]->name, name))
			return w->sources[i];
	}
	return NULL;
}

const char *
worker_secret(const struct worker *w, const char *name)
{
	for (size_t i = 0; i < w->nsecrets; i++) {
		if (str_eq(w->secrets[i].name, name))
			return w->secrets[i].text;
	}
	return NULL;
}
