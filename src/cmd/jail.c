#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "base/clock.h"
#include "cmd/jail.h"
#include "proc/proc.h"

#define BIRTH_MS   10000
#define SLICE_MS   50
#define ANSWER_MAX LIMIT_OUTPUT_BYTES

struct jail {
	struct child child;
	bool is_alive;
	int64_t asked;
};

/* CPU milliseconds of another process; 0 if it is gone. */
static int64_t
child_cpu_ms(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &t) == -1)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/*
 * Wait for a frame of one type. 1: there; 0: the worker ended or was out of
 * its time (*why says which).
 */
static int
await(struct jail *j, enum msg_type type, int64_t wall_ms, struct frame *frame,
    const char **why)
{
	struct pollfd p = { .fd = chan_fd(j->child.chan), .events = POLLIN };
	int64_t end = clock_mono_ms() + wall_ms;
	int64_t cpu_end = child_cpu_ms(j->child.pid) + LIMIT_PAGE_CPU_MS;
	struct err err = { 0 };

	for (;;) {
		int got = chan_recv(j->child.chan, frame, &err);
		if (got == 1 && frame->type == type)
			return 1;
		if (got == 1)
			frame_close_fds(frame);
		if (got == -1) {
			*why = "the parser died on it";
			return 0;
		}
		if (clock_mono_ms() > end ||
		    (type != MSG_READY &&
			child_cpu_ms(j->child.pid) > cpu_end)) {
			*why = "it takes too long";
			return 0;
		}
		if (got == 0 && chan_flush(j->child.chan, &err) == 0)
			poll(&p, 1, SLICE_MS);
	}
}

static void
stop(struct jail *j)
{
	if (!j->is_alive)
		return;
	kill(j->child.pid, SIGKILL);
	while (waitpid(j->child.pid, NULL, 0) == -1 && errno == EINTR)
		;
	chan_free(j->child.chan);
	j->is_alive = false;
}

static int
start(struct jail *j, struct err *err)
{
	struct setup setup = { .root = "" };
	struct frame frame;
	const char *why = "";
	struct buf body;
	int ret = -1;

	if (proc_spawn(ROLE_EXTRACT, &j->child, err) == -1)
		return -1;
	j->is_alive = true;
	buf_init(&body, LIMIT_FRAME_BYTES);
	setup_put(&body, &setup);
	if (await(j, MSG_READY, BIRTH_MS, &frame, &why) == 0)
		err_set(err, ERR_UNAVAILABLE, "extract: %s", why);
	else if (chan_send(j->child.chan, MSG_SETUP, 0, &body, NULL, 0, err) ==
		     0 &&
		 chan_send(
		     j->child.chan, MSG_SETUP_END, 0, NULL, NULL, 0, err) == 0)
		ret = 0;
	buf_fini(&body);
	if (ret == -1)
		stop(j);
	return ret;
}

struct jail *
jail_open(struct err *err)
{
	struct jail *j = xcalloc(1, sizeof(*j));

	if (start(j, err) == 0)
		return j;
	free(j);
	return NULL;
}

void
jail_close(struct jail *j)
{
	if (j == NULL)
		return;
	stop(j);
	free(j);
}

static struct json *
fault(const char *why)
{
	struct json *o = json_object();

	json_set(o, "error", json_string(why));
	return o;
}

static struct json *
answer_read(int fd)
{
	struct err err = { 0 };
	struct json *answer = NULL;
	const char *text;
	size_t n;

	text = body_map(fd, &n, &err);
	if (text != NULL) {
		answer = json_parse(text, n, &err);
		body_unmap(text, n);
	}
	return answer == NULL ? fault(err.text) : answer;
}

/* The question in one memfd, room for the answer in another. */
static struct json *
ask(struct jail *j, const struct json *question, struct err *err)
{
	struct arena *a = arena_new(ANSWER_MAX);
	char *text = json_dump(a, question);
	int fds[2] = { -1, -1 };
	struct json *answer = NULL;
	const char *why = "";
	struct frame frame;

	fds[0] = body_make("question", text, strlen(text), err);
	fds[1] = fds[0] == -1 ? -1 : body_empty("answer", err);
	if (fds[1] == -1 || chan_send(j->child.chan, MSG_TRY, ++j->asked, NULL,
				fds, 2, err) == -1)
		goto out;
	if (await(j, MSG_TRIED, LIMIT_PAGE_WALL_MS, &frame, &why) == 1) {
		frame_close_fds(&frame);
		answer = answer_read(fds[1]);
	} else {
		answer = fault(why);
		stop(j);
	}
out:
	for (int i = 0; i < 2; i++)
		if (fds[i] != -1)
			close(fds[i]);
	arena_free(a);
	return answer;
}

struct json *
jail_ask(
    struct jail *j, const char *kind, const struct json *in, struct err *err)
{
	struct json *question = json_object(), *answer;

	json_set(question, "kind", json_string(kind));
	json_set(question, "in", json_ref((struct json *)in));
	if (!j->is_alive && start(j, err) == -1)
		answer = NULL;
	else
		answer = ask(j, question, err);
	json_free(question);
	return answer;
}
