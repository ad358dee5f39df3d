#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/limits.h"
#include "base/utf8.h"
#include "cmd/dryrun_int.h"
#include "cmd/looker.h"

struct looker {
	struct run_dry run;
	struct dryrun unused;
};

struct looker *
looker_open(
    struct arena *arena, const struct dryrun_options *options, struct err *e)
{
	struct looker *l = xcalloc(1, sizeof(*l));

	l->run = (struct run_dry){
		.arena = arena, .options = options, .to = &l->unused
	};
	if (workers_begin(&l->run, e) == 0)
		return l;
	looker_close(l);
	return NULL;
}

void
looker_close(struct looker *l)
{
	if (l == NULL)
		return;
	workers_end(&l->run);
	free(l);
}

static int
body_keep(int fd, struct buf *to, struct err *e)
{
	size_t n = 0;
	const char *bytes = body_map(fd, &n, e);

	if (bytes == NULL)
		return -1;
	buf_add(to, bytes, n);
	body_unmap(bytes, n);
	return 0;
}

/* The worker's answer; what it says is read with suspicion elsewhere. */
static int
answer_read(int fd, struct json **to, struct err *e)
{
	size_t n = 0;
	const char *text = body_seal(fd, e) == -1 ? NULL : body_map(fd, &n, e);

	if (text == NULL)
		return -1;
	*to = json_parse(text, n, e);
	body_unmap(text, n);
	return *to == NULL ? -1 : 0;
}

static int
ask(struct looker *l, int body_fd, struct looked *to, struct err *e)
{
	struct peer_question q = { .type = MSG_LOOK,
		.answer = MSG_LOOKED,
		.id = ++l->run.asked,
		.nfd = 2,
		.wall_ms = LIMIT_PAGE_WALL_MS,
		.cpu_ms = LIMIT_PAGE_CPU_MS };
	struct page page = { .id = q.id,
		.source = "",
		.target = "",
		.kind = REQUEST_LIST,
		.url = to->fetched.url,
		.content_type = to->fetched.content_type,
		.now_ms = l->run.options->now_ms };
	struct frame answer;
	struct buf body;
	int result = -1;

	buf_init(&body, LIMIT_FRAME_BYTES);
	page_put(&body, &page);
	q.body = &body;
	q.fds[0] = body_fd;
	q.fds[1] = body_empty("look", e);
	if (q.fds[1] != -1)
		result = peer_ask(l->run.extract, &q, &answer, e);
	buf_fini(&body);
	if (result == 0) {
		frame_close_fds(&answer);
		result = answer_read(q.fds[1], &to->page, e);
	}
	if (q.fds[1] != -1)
		close(q.fds[1]);
	return result;
}

/* Programs save in UTF-8 and leave the page to say so. */
static int
saved_take(struct looker *l, const char *url, int *fd, struct looked *to,
    struct err *e)
{
	const struct dryrun_options *o = l->run.options;

	to->fetched = (struct fetched){ .result = FETCH_OK,
		.status = 200,
		.reason = "",
		.url = url,
		.content_type = utf8_is_valid(o->page, o->page_bytes)
				    ? "text/html; charset=utf-8"
				    : NULL };
	*fd = body_make("page", o->page, o->page_bytes, e);
	return *fd == -1 ? -1 : 0;
}

static int
net_take(struct looker *l, const char *url, int *fd, struct looked *to,
    struct err *e)
{
	struct page_read read = { 0 };

	l->run.is_robots_unknown = false;
	if (page_bring_bytes(&l->run, url, fd, &read) == 0) {
		to->fetched = read.fetched;
		return 0;
	}
	if (l->run.fault.kind != ERR_NONE) {
		*e = l->run.fault;
		return -1;
	}
	to->fetched = (struct fetched){ .result = FETCH_REFUSED,
		.url = url,
		.reason = "robots.txt forbids it" };
	to->is_forbidden = !l->run.is_robots_unknown;
	if (l->run.is_robots_unknown) {
		to->fetched.result = l->run.facts.fetch;
		to->fetched.status = l->run.facts.status;
		to->fetched.reason = l->run.facts.fetch_reason;
	}
	return 0;
}

int
looker_look(struct looker *l, const char *url, struct looked *to, struct err *e)
{
	int fd = -1, result;

	*to = (struct looked){ .page = NULL };
	buf_init(&to->body, LIMIT_PAGE_BYTES);
	result = l->run.options->page != NULL ? saved_take(l, url, &fd, to, e)
					      : net_take(l, url, &fd, to, e);
	if (result == 0 && fd != -1 && to->fetched.result == FETCH_OK) {
		result = body_keep(fd, &to->body, e);
		if (result == 0)
			result = ask(l, fd, to, e);
	}
	if (fd != -1)
		close(fd);
	return result;
}

void
looked_free(struct looked *looked)
{
	json_free(looked->page);
	buf_fini(&looked->body);
}
