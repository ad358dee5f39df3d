/*
 * The jailed worker: bodies come as descriptors, postings leave as such.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "extract/charset.h"
#include "extract/extract_int.h"
#include "proc/proc.h"

struct extract {
	struct worker worker;
	struct extractor **extractors; /* as many as worker.nsources */
	size_t n;
};

static void
note_fault(void *context, const char *file, uint32_t line, uint32_t column,
    const char *text)
{
	(void)context;
	log_warn("%s:%u:%u: %s", file, line, column, text);
}

static void
forget_sources(struct extract *x)
{
	for (size_t i = 0; i < x->n; i++)
		extractor_free(x->extractors[i]);
	free(x->extractors);
	x->extractors = NULL;
	x->n = 0;
}

/* Sources whose selectors are wrong stay NULL: their pages are refused. */
static void
compile_sources(struct extract *x)
{
	forget_sources(x);
	x->n = x->worker.nsources;
	x->extractors = xcalloc(x->n + 1, sizeof(struct extractor *));
	for (size_t i = 0; i < x->n; i++)
		x->extractors[i] =
		    extractor_new(x->worker.sources[i], note_fault, NULL);
}

static const struct extractor *
find_extractor(const struct extract *x, const char *name)
{
	for (size_t i = 0; i < x->n; i++)
		if (str_eq(x->worker.sources[i]->name, name))
			return x->extractors[i];
	return NULL;
}

static int
write_all(int fd, const char *p, size_t n, struct err *e)
{
	while (n > 0) {
		ssize_t written = write(fd, p, n);

		if (written == -1 && errno == EINTR)
			continue;
		if (written <= 0)
			return err_errno(e, ERR_IO, "output");
		p += written;
		n -= (size_t)written;
	}
	return 0;
}

static void
no_source(const struct page *page, struct extracted *to)
{
	*to = (struct extracted){ .id = page->id,
		.result = EXTRACT_NO_SOURCE,
		.reason = "the source is unknown here or its selectors are "
			  "wrong",
		.total = -1 };
}

/* Read the body beside the frame, write the output beside it. */
static int
read_page(struct extract *x, const struct frame *frame, struct arena *arena,
    struct extracted *to, struct err *e)
{
	const struct extractor *extractor;
	struct wire wire;
	struct page page;
	struct buf output;
	const char *body;
	size_t n;
	int result;

	wire_init(&wire, arena, frame->body, frame->len);
	page_get(&wire, &page);
	if (get_end(&wire, "page", e) != 0)
		return -1;
	if (frame->nfd < 2)
		return err_set(e, ERR_BUG, "page: comes without its body");
	page.id = frame->id;
	extractor = find_extractor(x, page.source);
	if (extractor == NULL && page.kind != REQUEST_ROBOTS) {
		no_source(&page, to);
		return 0;
	}
	body = body_map(frame->fd[0], &n, e);
	if (body == NULL)
		return -1;
	buf_init(&output, LIMIT_OUTPUT_BYTES);
	extract_page(extractor, arena, &page, body, n, &output, to);
	result = write_all(frame->fd[1], output.data, output.len, e);
	buf_fini(&output);
	body_unmap(body, n);
	return result;
}

static int
take_page(struct extract *x, const struct frame *frame, struct err *e)
{
	struct arena *arena = arena_new(LIMIT_PAGE_MEMORY_BYTES);
	struct extracted extracted;
	struct buf body;
	int result = read_page(x, frame, arena, &extracted, e);

	buf_init(&body, LIMIT_FRAME_BYTES);
	if (result == 0) {
		extracted_put(&body, &extracted);
		result = worker_say(
		    &x->worker, MSG_EXTRACTED, frame->id, &body, NULL, 0, e);
	}
	buf_fini(&body);
	arena_free(arena);
	return result;
}

/* The question {"kind", "in"} in one descriptor, its answer into the other. */
static char *
judge(struct arena *arena, const char *text, size_t n)
{
	struct err e = { 0 };
	struct json *question = json_parse(text, n, &e), *out;
	const char *kind = json_get_text(question, "kind");
	char *line;

	if (question == NULL || kind == NULL) {
		out = json_object();
		json_set(out, "error",
		    json_string(question == NULL ? e.text : "no kind given"));
	} else {
		out = extract_try(kind, json_get(question, "in"));
	}
	line = json_dump(arena, out);
	json_free(out);
	json_free(question);
	return line;
}

static int
take_question(struct extract *x, const struct frame *frame, struct err *e)
{
	struct arena *arena;
	const char *text;
	char *line;
	size_t n;
	int result;

	if (frame->nfd < 2)
		return err_set(e, ERR_BUG, "try: comes without its question");
	text = body_map(frame->fd[0], &n, e);
	if (text == NULL)
		return -1;
	arena = arena_new(LIMIT_PAGE_MEMORY_BYTES);
	line = judge(arena, text, n);
	result = write_all(frame->fd[1], line, strlen(line), e);
	arena_free(arena);
	body_unmap(text, n);
	if (result != 0)
		return -1;
	return worker_say(&x->worker, MSG_TRIED, frame->id, NULL, NULL, 0, e);
}

/* A page that no source reads yet. */
static int
take_look(struct extract *x, const struct frame *frame, struct err *e)
{
	struct arena *arena = arena_new(LIMIT_PAGE_MEMORY_BYTES);
	struct json *answer;
	struct wire wire;
	struct page page;
	const char *body, *line;
	size_t n;
	int result = -1;

	wire_init(&wire, arena, frame->body, frame->len);
	page_get(&wire, &page);
	if (get_end(&wire, "page", e) != 0)
		goto out;
	if (frame->nfd < 2) {
		err_set(e, ERR_BUG, "look: comes without its page");
		goto out;
	}
	body = body_map(frame->fd[0], &n, e);
	if (body == NULL)
		goto out;
	answer = extract_look(arena, &page, body, n);
	line = json_dump(arena, answer);
	result = write_all(frame->fd[1], line, strlen(line), e);
	json_free(answer);
	body_unmap(body, n);
	if (result == 0)
		result = worker_say(
		    &x->worker, MSG_LOOKED, frame->id, NULL, NULL, 0, e);
out:
	arena_free(arena);
	return result;
}

static int
take_frame(struct extract *x, struct frame *frame, struct err *e)
{
	int result = worker_common(&x->worker, frame, e);

	if (result == 2) {
		compile_sources(x);
		result = 0;
	} else if (result == 1) {
		result = 0;
	} else if (result == 0 && frame->type == MSG_PAGE) {
		result = take_page(x, frame, e);
	} else if (result == 0 && frame->type == MSG_TRY) {
		result = take_question(x, frame, e);
	} else if (result == 0 && frame->type == MSG_LOOK) {
		result = take_look(x, frame, e);
	}
	frame_close_fds(frame);
	return result;
}

/* Until end of file or STOP; -1 and err when something is wrong. */
static int
serve(struct extract *x, struct err *e)
{
	struct pollfd p = { .fd = chan_fd(x->worker.chan), .events = POLLIN };
	struct frame frame;
	int got;

	while (!x->worker.stopping) {
		got = chan_recv(x->worker.chan, &frame, e);
		if (got == -1)
			return e->kind == ERR_UNAVAILABLE ? 0 : -1;
		if (got == 1 && take_frame(x, &frame, e) != 0)
			return -1;
		if (got == 0)
			poll(&p, 1, -1);
	}
	return 0;
}

int
extract_main(void)
{
	struct extract x = { 0 };
	struct err e = { 0 };
	int result;

	if (worker_begin(&x.worker, ROLE_EXTRACT, &e) != 0)
		goto fail;
	charset_warm_up();
	re_warm_up();
	xpath_warm_up();
	if (jail_enter(&e) != 0 || worker_ready(&x.worker, &e) != 0)
		goto fail;
	if (worker_configure(&x.worker, &e) != 0)
		return e.kind == ERR_UNAVAILABLE ? 0 : err_exit_code(e.kind);
	compile_sources(&x);
	extract_time_pages();
	result = serve(&x, &e);
	forget_sources(&x);
	if (result == 0)
		return 0;
fail:
	log_error("%s", e.text);
	return err_exit_code(e.kind);
}
