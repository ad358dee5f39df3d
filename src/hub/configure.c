/*
 * Each role is told what it may know, and no more.
 */
#include <string.h>
#include "base/str.h"
#include "hub/hub_int.h"

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

/* -1 only if it could not be sent; one that is missing is said. */
static int
say_secret(struct hub *h, struct slot *s, const char *credential,
    const char *name, struct err *e)
{
	char text[LIMIT_SECRET_BYTES];
	struct err why;
	int rc;

	if (conf_credential(h->conf, credential, text, sizeof(text), &why) ==
	    -1) {
		log_error("%s", why.text);
		return 0;
	}
	rc = chan_send_secret(s->child.chan, name, text, e);
	explicit_bzero(text, sizeof(text));
	return rc;
}

/* Was the credential of this part told already? */
static bool
is_told(const struct hub *h, const struct auth_part *part)
{
	for (size_t i = 0; i < h->conf->nsources; i++) {
		const struct auth *auth = &h->conf->sources[i].auth;

		for (size_t k = 0; k < auth->nparts; k++) {
			if (&auth->parts[k] == part)
				return false;
			if (h->conf->sources[i].enabled &&
			    str_eq(auth->parts[k].credential, part->credential))
				return true;
		}
	}
	return false;
}

static int
say_tokens(struct hub *h, struct slot *s, struct err *e)
{
	for (size_t i = 0; i < h->conf->nsources; i++) {
		const struct source *source = &h->conf->sources[i];

		for (size_t k = 0; k < source->auth.nparts; k++) {
			const struct auth_part *part = &source->auth.parts[k];

			if (source->enabled && part->credential != NULL &&
			    !is_told(h, part) &&
			    say_secret(h, s, part->credential, part->credential,
				e) == -1)
				return -1;
		}
	}
	return 0;
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
	if (s->role == ROLE_NOTIFY && h->conf->smtp_password != NULL &&
	    say_secret(h, s, h->conf->smtp_password, "smtp", e) == -1)
		return -1;
	if (s->role == ROLE_FETCH && say_tokens(h, s, e) == -1)
		return -1;
	return chan_send(s->child.chan, MSG_SETUP_END, 0, NULL, NULL, 0, e);
}
