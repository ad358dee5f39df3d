/*
 * The worker that renders and sends. It sees the data of one mail at a time
 * and reaches SMTP hosts, its templates and a Maildir, nothing else.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/log.h"
#include "base/str.h"
#include "net/net.h"
#include "notify/notify.h"
#include "proc/proc.h"

/* Shorter than the lease that store takes for a sending (semantics 1.5.19). */
#define SEND_TIMEOUT_MS 45000
#define IDLE_POLL_MS    5000

struct notify {
	struct worker worker;
	struct smtp *smtp;
	struct arena *arena; /* of one mail */
	char shipped[4096];
	struct template_dirs dirs;
};

static void
rendered_say(struct notify *n, const struct rendered *r, int fd)
{
	struct err err = { 0 };
	struct buf body;

	buf_init(&body, LIMIT_FRAME_BYTES);
	rendered_put(&body, r);
	if (worker_say(&n->worker, MSG_RENDERED, r->id, &body, &fd,
		fd == -1 ? 0 : 1, &err) == -1)
		log_error("rendered mail %lld: %s", (long long)r->id, err.text);
	buf_fini(&body);
}

static int
render_mail(struct notify *n, const struct render *r, const char *text,
    size_t bytes, struct rendered *to, struct err *err)
{
	struct mail_headers h = { .from_name = n->worker.setup.mail_from_name,
		.from_address = n->worker.setup.mail_from,
		.to_name = r->to_name,
		.to_address = r->to_address,
		.message_id = r->message_id,
		.unsubscribe = r->unsubscribe,
		.date_ms = r->date_ms };
	struct json *data = json_parse(text, bytes, err);
	struct mail_parts parts;
	struct buf mime;
	int fd = -1;

	buf_init(&mime, 2 * LIMIT_MAIL_BYTES);
	if (data != NULL &&
	    mail_render(n->arena, &n->dirs, r->template, data, &parts, err) ==
		0 &&
	    mail_compose(&h, &parts, &mime, err) == 0) {
		to->subject = parts.subject;
		fd = body_make("mail", mime.data, mime.len, err);
	}
	buf_fini(&mime);
	json_free(data);
	return fd;
}

static void
on_render(struct notify *n, struct frame *frame)
{
	struct rendered answer = { .reason = "", .subject = "" };
	struct err err = { 0 };
	struct render r;
	struct wire w;
	size_t bytes = 0;
	const char *text = NULL;
	int fd = -1;

	wire_init(&w, n->arena, frame->body, frame->len);
	render_get(&w, &r);
	if (get_end(&w, "render", &err) == 0 && frame->nfd == 1)
		text = body_map(frame->fd[0], &bytes, &err);
	answer.id = frame->id;
	if (text != NULL) {
		fd = render_mail(n, &r, text, bytes, &answer, &err);
		body_unmap(text, bytes);
	} else if (err.kind == ERR_NONE)
		err_set(&err, ERR_BUG, "render without its data");
	answer.ok = fd != -1;
	answer.reason = answer.ok ? "" : err.text;
	rendered_say(n, &answer, fd);
	if (fd != -1)
		close(fd);
}

static void
send_mail(struct notify *n, const struct send *s, const char *mime,
    size_t bytes, struct sent *to)
{
	struct err err = { 0 };

	if (n->worker.setup.maildir != NULL) {
		if (maildir_deliver(
			n->worker.setup.maildir, mime, bytes, &err) == 0) {
			to->result = SEND_OK;
			to->reason = "delivered into the maildir";
		} else {
			to->result = SEND_RELAY;
			to->reason = arena_strdup(n->arena, err.text);
		}
	} else if (n->smtp == NULL) {
		to->result = SEND_RELAY;
		to->reason = "no way to send mail is configured: set mail.smtp "
			     "or mail.maildir";
	} else
		smtp_send(
		    n->smtp, n->arena, s, mime, bytes, SEND_TIMEOUT_MS, to);
}

static void
on_send(struct notify *n, struct frame *frame)
{
	struct sent answer = { .result = SEND_LOST, .reason = "" };
	struct err err = { 0 };
	struct send s;
	struct wire w;
	struct buf body;
	size_t bytes = 0;
	const char *mime = NULL;

	wire_init(&w, n->arena, frame->body, frame->len);
	send_get(&w, &s);
	if (get_end(&w, "send", &err) == 0 && frame->nfd == 1)
		mime = body_map(frame->fd[0], &bytes, &err);
	if (mime != NULL) {
		send_mail(n, &s, mime, bytes, &answer);
		body_unmap(mime, bytes);
	} else
		answer.reason = err.text;
	answer.id = frame->id;
	buf_init(&body, LIMIT_FRAME_BYTES);
	sent_put(&body, &answer);
	if (worker_say(&n->worker, MSG_SENT, frame->id, &body, NULL, 0, &err) ==
	    -1)
		log_error("sent mail %lld: %s", (long long)frame->id, err.text);
	buf_fini(&body);
}

/* Settings into a connection and folders; again after a reload. */
static int
apply_setup(struct notify *n, struct err *err)
{
	const struct setup *setup = &n->worker.setup;

	smtp_free(n->smtp);
	n->smtp = NULL;
	snprintf(n->shipped, sizeof(n->shipped), "%s/templates", setup->root);
	n->dirs.shipped = n->shipped;
	n->dirs.own = setup->templates;
	if (setup->smtp_url == NULL)
		return 0;
	n->smtp = smtp_new(setup->smtp_url, setup->smtp_user,
	    worker_secret(&n->worker, "smtp"), err);
	return n->smtp == NULL ? -1 : 0;
}

/* Folders are made before the lock, which needs them to be there. */
static int
lock(const struct notify *n, struct err *err)
{
	const char *read[] = { n->shipped, "/etc", "/usr/lib", "/usr/share",
		"/lib", "/run/systemd/resolve", "/dev/urandom", NULL, NULL };
	const char *maildir = n->worker.setup.maildir;
	const char *write[] = { maildir, NULL };
	struct err trouble;

	/* Delivery says what is wrong with it, where a person sees it. */
	if (maildir != NULL && maildir_make(maildir, &trouble) == -1)
		log_warn("%s", trouble.text);
	if (n->dirs.own != NULL)
		read[7] = n->dirs.own;
	return lock_paths(read, write, err);
}

static int
frame_take(struct notify *n, struct frame *frame, struct err *err)
{
	int common = worker_common(&n->worker, frame, err);

	if (common == 2)
		return apply_setup(n, err);
	if (common != 0)
		return common == -1 ? -1 : 0;
	if (frame->type == MSG_RENDER)
		on_render(n, frame);
	else if (frame->type == MSG_SEND)
		on_send(n, frame);
	frame_close_fds(frame);
	arena_reset(n->arena);
	return 0;
}

static int
loop(struct notify *n, struct err *err)
{
	struct chan *chan = n->worker.chan;
	struct pollfd p = { .fd = chan_fd(chan) };
	struct frame frame;
	int got;

	while (!n->worker.stopping || chan_has_output(chan)) {
		p.events =
		    (short)(POLLIN | (chan_has_output(chan) ? POLLOUT : 0));
		if (poll(&p, 1, IDLE_POLL_MS) == 0 && n->smtp != NULL)
			smtp_idle(n->smtp);
		if (chan_flush(chan, err) == -1)
			return -1;
		while ((got = chan_recv(chan, &frame, err)) == 1)
			if (frame_take(n, &frame, err) == -1)
				return -1;
		if (got == -1)
			return err->kind == ERR_UNAVAILABLE ? 0 : -1;
	}
	return 0;
}

int
notify_main(void)
{
	struct notify n = { 0 };
	struct err err = { 0 };

	n.arena = arena_new(64UL * 1024 * 1024);
	if (worker_begin(&n.worker, ROLE_NOTIFY, &err) == -1 ||
	    net_init(&err) == -1 || worker_ready(&n.worker, &err) == -1 ||
	    worker_configure(&n.worker, &err) == -1 ||
	    apply_setup(&n, &err) == -1 || lock(&n, &err) == -1 ||
	    loop(&n, &err) == -1) {
		/* without its hub there is nobody to tell */
		if (err.kind == ERR_UNAVAILABLE)
			return 0;
		log_error("%s", err.text);
		return err_exit_code(err.kind);
	}
	smtp_free(n.smtp);
	arena_free(n.arena);
	return 0;
}
