#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd/jail.h"
#include "cmd/peer.h"

struct jail {
	struct peer *peer; /* NULL after it died of a question */
	int64_t asked;
};

static int
start(struct jail *j, struct err *err)
{
	static const struct setup setup = { .root = "" };

	if (j->peer == NULL)
		j->peer = peer_open(
		    ROLE_EXTRACT, &(struct peer_conf){ .setup = &setup }, err);
	return j->peer == NULL ? -1 : 0;
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
	peer_close(j->peer);
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

	if (body_seal(fd, &err) == -1)
		return fault(err.text);
	text = body_map(fd, &n, &err);
	if (text != NULL) {
		answer = json_parse(text, n, &err);
		body_unmap(text, n);
	}
	return answer == NULL ? fault(err.text) : answer;
}

/* The question in one memfd, room for the answer in another. */
static struct json *
ask(struct jail *j, const char *text, struct err *err)
{
	struct peer_question q = { .type = MSG_TRY,
		.answer = MSG_TRIED,
		.id = ++j->asked,
		.wall_ms = LIMIT_PAGE_WALL_MS,
		.cpu_ms = LIMIT_PAGE_CPU_MS,
		.nfd = 2 };
	struct json *answer = NULL;
	struct frame frame;

	q.fds[0] = body_make("question", text, strlen(text), err);
	if (q.fds[0] == -1)
		return NULL;
	q.fds[1] = body_empty("answer", err);
	if (q.fds[1] != -1 && peer_ask(j->peer, &q, &frame, err) == 0) {
		frame_close_fds(&frame);
		answer = answer_read(q.fds[1]);
	} else if (q.fds[1] != -1) {
		answer = fault(err->text);
		peer_close(j->peer);
		j->peer = NULL;
	}
	close(q.fds[0]);
	if (q.fds[1] != -1)
		close(q.fds[1]);
	return answer;
}

struct json *
jail_ask(
    struct jail *j, const char *kind, const struct json *in, struct err *err)
{
	struct arena *a;
	struct json *question, *answer;

	if (start(j, err) == -1)
		return NULL;
	a = arena_new(LIMIT_OUTPUT_BYTES);
	question = json_object();
	json_set(question, "kind", json_string(kind));
	json_set(question, "in", json_ref((struct json *)in));
	answer = ask(j, json_dump(a, question), err);
	json_free(question);
	arena_free(a);
	return answer;
}
