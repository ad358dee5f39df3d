/*
 * Each role is told what it may know, and no more.
 */
#include <string.h>
#include <unistd.h>
#include "base/str.h"
#include "hub/hub_int.h"

/* A password or token; longer ones are a mistake. */
#define SECRET_BYTES 8192

static int
say_setup(struct hub *h, struct slot *s, struct err *e)
{
	struct setup setup = { .foreground = false };
	struct buf body;
	int rc;

	conf_setup(h->conf, (int)s->role, &setup);
	setup.foreground = h->opt->foreground;
	setup.log_level = hub_log_level(h);
	setup.only_source = h->opt->only_source;
	setup.only_task = h->opt->only_task;
	if (s->role == ROLE_STORE && hub_is_embedded(h))
		setup.conninfo = h->conninfo;
	buf_init(&body, LIMIT_FRAME_BYTES);
	setup_put(&body, &setup);
	rc = chan_send(s->child.chan, MSG_SETUP, 0, &body, NULL, 0, e);
	buf_fini(&body);
	return rc;
}

static int
say_sources(struct hub *h, struct slot *s, struct err *e)
{
	struct buf body;
	int rc = 0;

	buf_init(&body, LIMIT_CONF_BYTES);
	for (size_t i = 0; i < h->conf->nsources && rc == 0; i++) {
		buf_reset(&body);
		source_put(&body, &h->conf->sources[i]);
		rc = chan_send_any(s->child.chan, MSG_SOURCE, 0, &body, e);
	}
	buf_fini(&body);
	return rc;
}

/* The text goes beside the frame, so that no buffer of ours keeps it. */
static int
say_secret(struct slot *s, const char *name, const char *text, struct err *e)
{
	int fd = body_make("secret", text, strlen(text), e), rc;
	struct buf body;

	if (fd == -1)
		return -1;
	buf_init(&body, LIMIT_FRAME_BYTES);
	put_str(&body, name);
	rc = chan_send(s->child.chan, MSG_SECRET, 0, &body, &fd, 1, e);
	buf_fini(&body);
	close(fd);
	return rc;
}

static int
say_smtp_password(struct hub *h, struct slot *s, struct err *e)
{
	char text[SECRET_BYTES];
	struct err why;
	int rc;

	if (h->conf->smtp_password == NULL)
		return 0;
	if (conf_credential(h->conf, h->conf->smtp_password, text, sizeof(text),
		&why) == -1) {
		log_error("%s", why.text);
		return 0;
	}
	rc = say_secret(s, "smtp", text, e);
	explicit_bzero(text, sizeof(text));
	return rc;
}

static bool
knows_sources(enum role role)
{
	return role == ROLE_STORE || role == ROLE_FETCH || role == ROLE_EXTRACT;
}

int
slot_configure(struct hub *h, struct slot *s, struct err *e)
{
	if (say_setup(h, s, e) == -1)
		return -1;
	if (knows_sources(s->role) && say_sources(h, s, e) == -1)
		return -1;
	if (s->role == ROLE_NOTIFY && say_smtp_password(h, s, e) == -1)
		return -1;
	return chan_send(s->child.chan, MSG_SETUP_END, 0, NULL, NULL, 0, e);
}
