/*
 * How a dry run comes to a page: robots.txt, the pace, redirects, and what
 * extract reads in it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "base/utf8.h"
#include "cmd/dryrun_int.h"
#include "msg/mailbox.h"

#define AGENT "careerd"
/* For a worker to answer after its own time-outs have passed. */
#define SLACK_MS 5000
/* A page of plain text stands nowhere if the file does not say it. */
#define NOWHERE "https://saved.invalid/"

/* What to ask for. */
struct wanted {
	enum request_kind kind;
	const char *method, *url, *body, *body_type;
	const struct page_position *at; /* of a list, or NULL */
};

static int
fault_set(struct run_dry *run, const struct err *e)
{
	run->fault = *e;
	return -1;
}

/* ---- what extract reads ---- */

static void
page_describe(const struct run_dry *run, const struct wanted *wanted,
    const struct fetched *fetched, struct page *to)
{
	const struct target *target = run->options->target;

	*to = (struct page){ .id = run->asked,
		.source = run->options->source->name,
		.target = target->key,
		.kind = wanted->kind,
		.url = fetched->url,
		.content_type = fetched->content_type,
		.params = target->params,
		.nparams = target->nparams,
		.now_ms = run->options->now_ms };
	if (wanted->at != NULL) {
		to->page_number = wanted->at->number;
		to->page_offset = wanted->at->offset;
	}
}

/* Extract is not believed: what is no list of postings is none. */
static void
output_lost(struct page_read *to)
{
	to->n = 0;
	to->extracted.result = EXTRACT_CRASHED;
	to->extracted.reason = "the postings read in the page are damaged";
}

static void
output_read(struct run_dry *run, enum request_kind kind, int fd,
    struct page_read *to, struct err *e)
{
	size_t n;
	const char *bytes = body_seal(fd, e) == -1 ? NULL : body_map(fd, &n, e);
	struct wire w;

	if (bytes == NULL)
		return;
	wire_init(&w, run->arena, bytes, n);
	if (kind == REQUEST_ROBOTS) {
		robots_get(&w, &to->robots);
	} else {
		to->n = get_count(&w, 1, LIMIT_PAGE_POSTINGS);
		to->postings =
		    arena_array(run->arena, to->n, sizeof(*to->postings));
		for (size_t i = 0; i < to->n && !w.bad; i++)
			posting_get(&w, &to->postings[i]);
	}
	if (get_end(&w, "postings", e) == -1)
		output_lost(to);
	body_unmap(bytes, n);
}

/* The worker died or span: what hub would make of it. */
static void
extract_lost(struct page_read *to, const struct err *e)
{
	to->extracted = (struct extracted){ .total = -1 };
	to->extracted.result =
	    e->kind == ERR_TEMP ? EXTRACT_TIMEOUT : EXTRACT_CRASHED;
	to->extracted.reason = e->kind == ERR_TEMP
				   ? "reading the page takes too long"
				   : "the process that read the page died";
}

static int
page_extract(struct run_dry *run, const struct wanted *wanted, int body_fd,
    struct page_read *to)
{
	struct peer_question q = { .type = MSG_PAGE,
		.answer = MSG_EXTRACTED,
		.id = run->asked,
		.nfd = 2,
		.wall_ms = LIMIT_PAGE_WALL_MS,
		.cpu_ms = LIMIT_PAGE_CPU_MS };
	struct err e = { 0 };
	struct frame answer;
	struct page page;
	struct buf body;
	struct wire w;

	buf_init(&body, LIMIT_FRAME_BYTES);
	page_describe(run, wanted, &to->fetched, &page);
	page_put(&body, &page);
	q.body = &body;
	q.fds[0] = body_fd;
	q.fds[1] = body_empty("postings", &e);
	if (q.fds[1] == -1) {
		buf_fini(&body);
		return fault_set(run, &e);
	}
	if (peer_ask(run->extract, &q, &answer, &e) == -1) {
		extract_lost(to, &e);
	} else {
		wire_init(&w, run->arena, answer.body, answer.len);
		extracted_get(&w, &to->extracted);
		frame_close_fds(&answer);
		if (w.bad)
			extract_lost(to, &e);
		else if (to->extracted.result == EXTRACT_OK)
			output_read(run, wanted->kind, q.fds[1], to, &e);
	}
	close(q.fds[1]);
	buf_fini(&body);
	return 0;
}

/* ---- what fetch brings ---- */

/* Mailboxes have neither a pace nor robots.txt. */
static bool
is_web(const char *url)
{
	return str_starts(url, "http:") || str_starts(url, "https:");
}

static int64_t
pace_ms(struct run_dry *run)
{
	int64_t now = clock_mono_ms();
	int64_t gap = run->options->source->limits.gap_ms;
	int64_t wait = run->last_ms == 0 ? 0 : run->last_ms + gap - now;

	wait = wait < 0 ? 0 : wait;
	run->last_ms = now + wait;
	return wait;
}

static int
page_fetch(struct run_dry *run, const struct wanted *wanted, int *fd,
    struct page_read *to)
{
	const struct source *source = run->options->source;
	const struct target *target = run->options->target;
	struct grant grant = { .id = ++run->asked,
		.source = source->name,
		.target = target->key,
		.kind = wanted->kind,
		.method = wanted->method,
		.url = wanted->url,
		.body = wanted->body,
		.body_type = wanted->body_type,
		.headers = source->headers,
		.nheaders = source->nheaders,
		.delay_ms = is_web(wanted->url) ? pace_ms(run) : 0,
		.timeout_ms = source->limits.timeout_ms,
		.max_bytes = source->limits.max_bytes,
		.allow_private = source->allow_private,
		.params = target->params,
		.nparams = target->nparams,
		.empty_status = wanted->kind == REQUEST_LIST
				    ? source->expect.empty_status
				    : 0 };
	struct peer_question q = { .type = MSG_GRANT,
		.answer = MSG_FETCHED,
		.id = grant.id,
		.wall_ms = grant.delay_ms + grant.timeout_ms + SLACK_MS };
	struct err e = { 0 };
	struct frame answer;
	struct buf body;
	struct wire w;
	int result;

	buf_init(&body, LIMIT_FRAME_BYTES);
	grant_put(&body, &grant);
	q.body = &body;
	result = peer_ask(run->fetch, &q, &answer, &e);
	buf_fini(&body);
	if (result == -1)
		return fault_set(run, &e);
	wire_init(&w, run->arena, answer.body, answer.len);
	fetched_get(&w, &to->fetched);
	*fd = frame_take_fd(&answer, 0);
	frame_close_fds(&answer);
	if (!w.bad && (to->fetched.result != FETCH_OK || *fd != -1))
		return 0;
	err_set(&e, ERR_BUG, "fetch: its answer cannot be read");
	return fault_set(run, &e);
}

/* ---- robots.txt ---- */

static bool robots_allow(struct run_dry *, const char *url);

/* Redirects are asked anew, up to LIMIT_REDIRECTS times. */
static int
page_follow(struct run_dry *run, struct wanted wanted, int *fd, int *moves,
    struct page_read *to)
{
	*fd = -1;
	for (*moves = 0;; ++*moves) {
		if (*fd != -1)
			close(*fd);
		*fd = -1;
		if (wanted.kind != REQUEST_ROBOTS &&
		    !robots_allow(run, wanted.url))
			return -1;
		if (page_fetch(run, &wanted, fd, to) == -1)
			return -1;
		if (to->fetched.result != FETCH_MOVED ||
		    to->fetched.location == NULL || *moves == LIMIT_REDIRECTS)
			return 0;
		if (!source_may_request(
			run->options->source, to->fetched.location)) {
			to->fetched.reason =
			    "it redirects to a host that follow: does not name";
			return 0;
		}
		wanted.url = to->fetched.location;
		/* These want the body there, too (RFC 9110, 15.4). */
		if (to->fetched.status == 307 || to->fetched.status == 308)
			continue;
		wanted.method = "GET";
		wanted.body = wanted.body_type = NULL;
	}
}

static void
robots_learn(struct run_dry *run, struct robots_known *to)
{
	struct wanted wanted = { .kind = REQUEST_ROBOTS,
		.method = "GET",
		.url =
		    arena_printf(run->arena, "%s/robots.txt", to->authority) };
	struct page_read read = { 0 };
	int fd, moves;

	to->state = ROBOTS_DISALLOW_ALL;
	if (page_follow(run, wanted, &fd, &moves, &read) == -1)
		return;
	to->state = robots_verdict(&read.fetched, moves);
	if (to->state == ROBOTS_DISALLOW_ALL) {
		to->fetch = read.fetched.result;
		to->status = read.fetched.status;
		to->reason = arena_printf(run->arena,
		    "robots.txt could not be fetched, so nothing is: %s",
		    read.fetched.reason);
	}
	if (read.fetched.result == FETCH_OK) {
		if (page_extract(run, &wanted, fd, &read) == 0 &&
		    read.extracted.result == EXTRACT_OK)
			to->rules = read.robots;
		else
			to->state = ROBOTS_DISALLOW_ALL;
	}
	if (fd != -1)
		close(fd);
}

static struct robots_known *
robots_of(struct run_dry *run, const char *authority)
{
	struct robots_known *known;

	for (size_t i = 0; i < run->nrobots; i++)
		if (str_eq(run->robots[i].authority, authority))
			return &run->robots[i];
	if (run->nrobots == ROBOTS_MAX)
		return NULL;
	known = &run->robots[run->nrobots];
	known->authority = authority;
	robots_learn(run, known);
	run->nrobots++;
	return known;
}

static bool
robots_allow(struct run_dry *run, const char *url)
{
	struct robots_known *known;
	struct err e = { 0 };
	struct url parts;

	if (run->options->source->robots_ignore || !is_web(url))
		return true;
	if (url_parse(run->arena, url, &parts, &e) == -1) {
		fault_set(run, &e);
		return false;
	}
	known = robots_of(run, url_authority(run->arena, &parts));
	if (known != NULL && known->reason != NULL) {
		run->facts.fetch = known->fetch;
		run->facts.status = known->status;
		run->facts.fetch_reason = known->reason;
		run->is_robots_unknown = true;
	}
	if (known == NULL || known->state == ROBOTS_DISALLOW_ALL)
		return false;
	return known->state == ROBOTS_ALLOW_ALL ||
	       robots_allows(&known->rules, AGENT, url);
}

/* ---- pages ---- */

static const char *
extension(const struct run_dry *run, enum request_kind kind)
{
	switch (run->options->source->list.format) {
	case FORMAT_JSON:
		return "json";
	case FORMAT_FEED:
		return "xml";
	case FORMAT_TEXT:
		return "txt";
	case FORMAT_MAIL:
		return kind == REQUEST_LIST ? "eml" : "html";
	default:
		return "html";
	}
}

static int
page_save(struct run_dry *run, enum request_kind kind, int fd)
{
	const char *path =
	    arena_printf(run->arena, "%s/%s-%03d.%s", run->options->save_dir,
		request_kind_name(kind), ++run->saved, extension(run, kind));
	struct err e = { 0 };
	size_t n = 0;
	const char *bytes = body_map(fd, &n, &e);
	FILE *f = bytes == NULL ? NULL : fopen(path, "we");
	bool is_written = f != NULL && fwrite(bytes, 1, n, f) == n;

	if (f != NULL && fclose(f) != 0)
		is_written = false;
	if (bytes != NULL && !is_written)
		err_errno(&e, ERR_IO, "%s", path);
	if (bytes != NULL)
		body_unmap(bytes, n);
	return is_written ? 0 : fault_set(run, &e);
}

static int
page_bring(
    struct run_dry *run, const struct wanted *wanted, struct page_read *to)
{
	int fd, moves, result;

	result = page_follow(run, *wanted, &fd, &moves, to);
	if (result == 0 && to->fetched.result == FETCH_OK) {
		if (run->options->save_dir != NULL)
			result = page_save(run, wanted->kind, fd);
		if (result == 0)
			result = page_extract(run, wanted, fd, to);
	}
	if (fd != -1)
		close(fd);
	return result;
}

int
page_bring_bytes(
    struct run_dry *run, const char *url, int *fd, struct page_read *to)
{
	struct wanted wanted = {
		.kind = REQUEST_LIST, .method = "GET", .url = url
	};
	int moves;

	return page_follow(run, wanted, fd, &moves, to);
}

/* A page that somebody saved, as if it had come. */
static int
page_saved(
    struct run_dry *run, const struct wanted *wanted, struct page_read *to)
{
	const struct dryrun_options *o = run->options;
	bool is_detail = wanted->kind == REQUEST_DETAIL;
	const struct view *view =
	    is_detail ? &o->source->detail : &o->source->list;
	const char *page = is_detail ? o->detail : o->page;
	size_t n = is_detail ? o->detail_bytes : o->page_bytes;
	struct err e = { 0 };
	int fd = body_make("page", page, n, &e);
	int result;

	if (fd == -1)
		return fault_set(run, &e);
	run->asked++;
	to->fetched = (struct fetched){ .result = FETCH_OK,
		.status = 200,
		.reason = "",
		.url = o->page_url != NULL && !is_detail ? o->page_url
							 : wanted->url };
	/* Programs save in UTF-8 and leave the page to say so. */
	if (o->page_type != NULL && !is_detail)
		to->fetched.content_type = o->page_type;
	else if (utf8_is_valid(page, n))
		to->fetched.content_type =
		    view->format == FORMAT_JSON   ? "application/json; "
						    "charset=utf-8"
		    : view->format == FORMAT_FEED ? "application/xml; "
						    "charset=utf-8"
						  : "text/html; charset=utf-8";
	result = page_extract(run, wanted, fd, to);
	close(fd);
	return result;
}

int
page_bring_list(
    struct run_dry *run, const struct list_place *place, struct page_read *to)
{
	const struct dryrun_options *o = run->options;
	const struct view *view = &o->source->list;
	struct wanted wanted = { .kind = REQUEST_LIST,
		.method = view->method,
		.url = place->url,
		.body_type = view->body_type,
		.at = &place->at };
	struct err e = { 0 };

	if (wanted.url == NULL)
		wanted.url = page_url(run->arena, o->source, o->target,
		    &place->at, place->cursor, &e);
	if (view->body != NULL && wanted.url != NULL)
		wanted.body = page_body(run->arena, o->source, o->target,
		    &place->at, place->cursor, &e);
	if (e.kind != ERR_NONE && o->page == NULL)
		return fault_set(run, &e);
	if (o->page != NULL) {
		if (wanted.url == NULL)
			wanted.url = NOWHERE;
		return page_saved(run, &wanted, to);
	}
	if (page_bring(run, &wanted, to) == 0)
		return 0;
	if (run->fault.kind != ERR_NONE)
		return -1;
	if (run->is_robots_unknown) {
		run->facts.failed_pages++;
		return -1;
	}
	if (run->facts.list_pages == 0) {
		run->facts.robots_refused = true;
		return -1;
	}
	run->facts.failed_pages++;
	run->facts.fetch = FETCH_REFUSED;
	run->facts.fetch_reason = "robots.txt forbids the next page";
	return -1;
}

/* What a mailbox holds, in the arena. */
static const char *
listing_read(struct run_dry *run, int fd)
{
	struct err e = { 0 };
	size_t n = 0;
	const char *bytes = body_map(fd, &n, &e), *copy = NULL;

	if (bytes == NULL) {
		fault_set(run, &e);
	} else {
		copy = arena_strndup(run->arena, bytes, n);
		body_unmap(bytes, n);
	}
	return copy;
}

const char *
page_bring_mailbox(struct run_dry *run)
{
	struct wanted wanted = { .kind = REQUEST_MAILBOX,
		.method = "GET",
		.url = run->options->target->mailbox };
	const char *listing = NULL;
	struct page_read read = { 0 };
	int fd = -1;

	if (page_fetch(run, &wanted, &fd, &read) == -1)
		return NULL;
	if (read.fetched.result == FETCH_LISTED && fd != -1) {
		listing = listing_read(run, fd);
	} else {
		run->facts.failed_pages++;
		run->facts.fetch = read.fetched.result;
		run->facts.fetch_reason = read.fetched.reason;
	}
	if (fd != -1)
		close(fd);
	return listing;
}

int
page_bring_mail(struct run_dry *run, const char *position, struct page_read *to)
{
	struct wanted wanted = { .kind = REQUEST_LIST,
		.method = "GET",
		.url = mailbox_mail(
		    run->arena, run->options->target->mailbox, position) };

	return page_bring(run, &wanted, to);
}

int
page_bring_detail(
    struct run_dry *run, const struct posting *posting, struct page_read *to)
{
	const struct view *view = &run->options->source->detail;
	struct wanted wanted = { .kind = REQUEST_DETAIL,
		.method = view->method,
		.url = posting->detail_url,
		.body = posting->detail_body,
		.body_type = view->body_type };

	if (run->options->page != NULL)
		return page_saved(run, &wanted, to);
	return page_bring(run, &wanted, to);
}
