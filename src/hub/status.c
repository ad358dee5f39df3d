/*
 * hub.json in the run directory: the table of processes as a running daemon
 * left it. It is written beside and renamed, so that a reader never sees
 * half of it; the lock beside it tells whether its writer lives.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "hub/hub_int.h"

#define STATUS_NAME  "hub.json"
#define LOCK_NAME    "hub.lock"
#define STATUS_BYTES (1024L * 1024)
/* Counts may lag so much behind; a change of state is never older. */
#define WRITE_EVERY_MS 1000

static char *
path_in(const char *directory, const char *name)
{
	size_t n = strlen(directory) + 1 + strlen(name) + 1;
	char *path = xmalloc(n);

	(void)snprintf(path, n, "%s/%s", directory, name);
	return path;
}

int
status_open(struct hub *h, struct err *e)
{
	const char *directory = h->conf->run_dir;
	char *path;
	int rc = 0;

	h->lock_fd = -1;
	if (h->opt->foreground)
		return 0;
	if (directory_make(directory, 0700, e) == -1)
		return -1;
	path = path_in(directory, LOCK_NAME);
	h->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (h->lock_fd == -1) {
		rc = err_errno(e, ERR_IO, "%s: cannot be opened", path);
	} else if (flock(h->lock_fd, LOCK_EX | LOCK_NB) == -1) {
		rc = err_set(
		    e, ERR_TEMP, "%s: another careerd serves here", directory);
		err_hint(e, "\"careerd status\" shows it; another one needs "
			    "a run directory of its own");
	} else {
		h->status_path = path_in(directory, STATUS_NAME);
	}
	free(path);
	return rc;
}

static size_t
held(const struct hub *h, const struct slot *s)
{
	if (s->role == ROLE_FETCH)
		return h->flights.at[FLIGHT_AT_FETCH];
	return s->flight != NULL;
}

static struct json *
slot_json(const struct hub *h, const struct slot *s, struct arena *arena)
{
	struct json *o = json_object();

	json_set(o, "role", json_string(role_name(s->role)));
	json_set(o, "pid",
	    slot_has_process(s) ? json_int(s->child.pid) : json_null());
	json_set(o, "state", json_string(slot_state_name(s->state)));
	json_set(o, "since", json_string(clock_iso(arena, s->since_ms)));
	json_set(o, "restarts", json_int(s->restarts));
	json_set(o, "last_death",
	    json_string(s->last_death[0] == '\0' ? NULL : s->last_death));
	json_set(o, "in_flight", json_int((int64_t)held(h, s)));
	return o;
}

static struct json *
flights_json(const struct flights *t)
{
	static const char *const names[FLIGHT_STAGE__MAX] = {
		[FLIGHT_WAITS_FETCH] = "waits_fetch",
		[FLIGHT_AT_FETCH] = "fetch",
		[FLIGHT_WAITS_EXTRACT] = "waits_extract",
		[FLIGHT_AT_EXTRACT] = "extract",
		[FLIGHT_WAITS_NOTIFY] = "waits_notify",
		[FLIGHT_AT_NOTIFY] = "notify",
	};
	struct json *o = json_object();

	for (size_t i = 0; i < FLIGHT_STAGE__MAX; i++)
		json_set(o, names[i], json_int((int64_t)t->at[i]));
	return o;
}

static struct json *
account_json(const struct hub *h)
{
	struct json *o;

	if (!h->has_account)
		return json_null();
	o = json_object();
	json_set(o, "in_flight", json_int(h->account.in_flight));
	json_set(o, "due", json_int(h->account.due));
	json_set(o, "done", json_int(h->account.done));
	json_set(o, "failed", json_int(h->account.failed));
	json_set(o, "next_due_ms", json_int(h->account.next_due_ms));
	return o;
}

static char *
status_text(const struct hub *h, struct arena *arena)
{
	struct json *o = json_object(), *list = json_array();
	char *text;

	json_set(o, "pid", json_int(getpid()));
	json_set(o, "version", json_string(VERSION));
	json_set(o, "state",
	    json_string(h->phase == HUB_SERVING ? "serving" : "draining"));
	json_set(o, "since", json_string(clock_iso(arena, h->started_wall_ms)));
	json_set(o, "pages", json_int((int64_t)h->pages));
	json_set(o, "in_flight", flights_json(&h->flights));
	json_set(o, "account", account_json(h));
	for (size_t i = 0; i < h->nslots; i++)
		json_append(list, slot_json(h, &h->slots[i], arena));
	json_set(o, "processes", list);
	json_set(o, "troubles", troubles_json(h, arena));
	text = json_dump(arena, o);
	json_free(o);
	return text;
}

static int
file_replace(const char *path, const char *text)
{
	char *beside = path_in(path, "");
	size_t n = strlen(text);
	int fd, rc = -1;

	/* "…/hub.json/" becomes "…/hub.json~". */
	beside[strlen(beside) - 1] = '~';
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd != -1) {
		rc = write(fd, text, n) == (ssize_t)n ? 0 : -1;
		(void)close(fd);
	}
	if (rc == 0)
		rc = rename(beside, path);
	free(beside);
	return rc;
}

void
status_write(struct hub *h, int64_t now_ms)
{
	char text[128];

	if (!h->dirty || h->status_path == NULL ||
	    now_ms - h->written_ms < WRITE_EVERY_MS)
		return;
	h->dirty = false;
	h->written_ms = now_ms;
	arena_reset(h->arena);
	if (file_replace(h->status_path, status_text(h, h->arena)) == -1)
		log_debug("%s: not written", h->status_path);
	(void)snprintf(text, sizeof(text),
	    "STATUS=%s, %zu in flight, %llu pages read",
	    h->phase == HUB_SERVING ? "serving" : "draining", h->flights.n,
	    (unsigned long long)h->pages);
	(void)systemd_say(h, text);
}

void
status_close(struct hub *h)
{
	if (h->status_path != NULL)
		(void)unlink(h->status_path);
	free(h->status_path);
	if (h->lock_fd != -1)
		(void)close(h->lock_fd);
}

static char *
file_read(const char *path)
{
	FILE *f = fopen(path, "re");
	struct buf text;
	char bytes[4096];
	size_t n;

	if (f == NULL)
		return NULL;
	buf_init(&text, STATUS_BYTES);
	while ((n = fread(bytes, 1, sizeof(bytes), f)) > 0)
		(void)buf_add(&text, bytes, n);
	(void)fclose(f);
	return buf_take(&text);
}

static bool
is_alive(const struct json *status)
{
	pid_t pid = (pid_t)json_get_i64(status, "pid", 0);

	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

struct json *
hub_status(const struct conf *conf, struct err *e)
{
	char *path = path_in(conf->run_dir, STATUS_NAME);
	char *text = file_read(path);
	struct json *status = NULL;

	if (text != NULL)
		status = json_parse(text, strlen(text), NULL);
	if (status != NULL && !is_alive(status)) {
		json_free(status);
		status = NULL;
	}
	if (status == NULL)
		err_set(e, ERR_UNAVAILABLE, "careerd: not running");
	free(text);
	free(path);
	return status;
}
