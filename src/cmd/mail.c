/*
 * careerd mail test | receive | resume
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
#include "cmd/cmd.h"
#include "cmd/jail.h"
#include "cmd/received.h"
#include "cmd/session.h"
#include "net/net.h"
#include "notify/notify.h"

#define ARENA_BYTES     (64UL * 1024 * 1024)
#define SEND_TIMEOUT_MS 60000

/* ---- test ---- */

static const char *
via(const struct conf *conf)
{
	return conf->maildir != NULL ? conf->maildir : conf->smtp_url;
}

static int
test_compose(struct arena *a, const struct conf *conf, const char *to,
    struct buf *mime, struct err *err)
{
	struct template_dirs dirs = { conf->templates,
		arena_printf(a, "%s/templates", conf->root) };
	int64_t now = clock_wall_ms();
	const char *at = strrchr(conf->mail_from, '@');
	struct mail_headers headers = { .from_name = conf->mail_from_name,
		.from_address = conf->mail_from,
		.to_address = to,
		.message_id = arena_printf(a, "test.%lld.%d@%s", (long long)now,
		    (int)getpid(), at == NULL ? "localhost" : at + 1),
		.date_ms = now };
	struct json *data = json_object();
	struct mail_parts parts;
	int ret = -1;

	json_set(data, "via", json_string(url_redact(a, via(conf))));
	json_set(data, "date", json_string(clock_iso(a, now)));
	if (mail_render(a, &dirs, "test", data, &parts, err) == 0)
		ret = mail_compose(&headers, &parts, mime, err);
	json_free(data);
	return ret;
}

static int
smtp_deliver(struct arena *a, const struct conf *conf, const struct send *send,
    const struct buf *mime, struct err *err)
{
	char password[1024] = "";
	struct sent sent = { .reason = "" };
	struct smtp *smtp;

	if (conf->smtp_password != NULL &&
	    conf_credential(conf, conf->smtp_password, password,
		sizeof(password), err) == -1)
		return -1;
	if (net_init(err) == -1)
		return -1;
	smtp = smtp_new(conf->smtp_url, conf->smtp_user,
	    conf->smtp_password == NULL ? NULL : password, err);
	explicit_bzero(password, sizeof(password));
	if (smtp == NULL)
		return -1;
	smtp_send(smtp, a, send, mime->data, mime->len, SEND_TIMEOUT_MS, &sent);
	smtp_free(smtp);
	if (sent.result == SEND_OK)
		return 0;
	return err_set(err, sent.result == SEND_REFUSED ? ERR_DATA : ERR_TEMP,
	    "mail to %s: %s: %s", send->to, send_result_name(sent.result),
	    sent.reason);
}

static int
test_send(
    struct arena *a, const struct conf *conf, const char *to, struct err *err)
{
	struct send send = { .from = conf->mail_from, .to = to };
	struct buf mime;
	int ret = -1;

	if (conf->mail_from == NULL || via(conf) == NULL)
		return err_set(err, ERR_CONFIG,
		    "no way to send mail is configured\n"
		    "HINT: set mail.from, and mail.smtp or mail.maildir");
	buf_init(&mime, 2 * LIMIT_MAIL_BYTES);
	if (test_compose(a, conf, to, &mime, err) == 0)
		ret = conf->maildir != NULL
			  ? maildir_deliver(
				conf->maildir, mime.data, mime.len, err)
			  : smtp_deliver(a, conf, &send, &mime, err);
	buf_fini(&mime);
	return ret;
}

static int
mail_test(const struct cmd_context *c, int argc, char **argv)
{
	struct arena *a = arena_new(ARENA_BYTES);
	struct err err = { 0 };
	const char *to = argc > 0 ? argv[0] : c->user;
	struct conf *conf;
	int ret = 0;

	conf = cmd_conf(c, a, &ret);
	if (conf != NULL && to == NULL)
		to = conf->user.present ? conf->user.email : NULL;
	if (conf != NULL && to == NULL)
		ret = cmd_usage(c, "mail test needs an address to write to");
	else if (conf != NULL && test_send(a, conf, to, &err) == -1)
		ret = cmd_fail(&err);
	else if (conf != NULL)
		printf("A test mail to %s went out by %s.\n", to,
		    url_redact(a, via(conf)));
	arena_free(a);
	return ret;
}

/* ---- receive ---- */

static int
stdin_read(struct buf *to, struct err *err)
{
	char *room;
	ssize_t n;

	for (;;) {
		room = buf_reserve(to, 65536);
		if (room == NULL)
			return err_set(err, ERR_DATA,
			    "the message is larger than %ld bytes",
			    LIMIT_MAIL_IN_BYTES);
		n = read(STDIN_FILENO, room, 65536);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return err_errno(err, ERR_IO, "standard input");
		if (n == 0)
			return 0;
		to->len += (size_t)n;
	}
}

/* A bounce that is final (5.x.x, failed) suppresses its address. */
static int
bounce_take(struct session *s, const struct json *message, struct err *err)
{
	const char *address = json_get_text(message, "address");
	const char *status = json_get_text(message, "status");
	const char *action = json_get_text(message, "action");

	if (address == NULL)
		return err_set(err, ERR_DATA,
		    "the bounce does not say which address it is about");
	if (!str_starts(status == NULL ? "" : status, "5.") ||
	    !str_eq_ci(action, "failed")) {
		printf("A delay, not a failure: nothing is changed.\n");
		return 0;
	}
	if (store_bounce(s->db, address, json_get_text(message, "message_id"),
		arena_printf(s->arena, "bounce %s", status), err) == -1)
		return -1;
	printf("No more mail goes to %s (bounce %s).\n", address, status);
	return 0;
}

static int
unsubscribe_take(struct session *s, const struct json *message, struct err *err)
{
	const char *token = json_get_text(message, "token"), *address;

	if (store_unsubscribe(s->db, s->arena, token == NULL ? "" : token,
		&address, err) == -1)
		return -1;
	printf("No more mail goes to %s (unsubscribed).\n", address);
	return 0;
}

static int
message_take(struct session *s, const struct json *message, struct err *err)
{
	const char *kind = json_get_text(message, "kind");

	if (str_eq(kind, "bounce"))
		return bounce_take(s, message, err);
	if (str_eq(kind, "unsubscribe"))
		return unsubscribe_take(s, message, err);
	return err_set(err, ERR_DATA,
	    "the message is neither a bounce nor a wish to unsubscribe, and no "
	    "source that reads what is received names its sender");
}

/* An alert mail waits for its source, which needs no database for that. */
static int
alert_take(const struct cmd_context *c, const struct json *message,
    const struct buf *text, bool *is_alert)
{
	const char *from = json_get_text(message, "from");
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const struct source *source = NULL;
	struct err err = { 0 };
	struct conf *conf;
	int ret = 0;

	*is_alert = false;
	conf = cmd_conf(c, arena, &ret);
	if (conf != NULL)
		source = received_source(conf, from);
	if (source != NULL) {
		*is_alert = true;
		if (received_put(arena, conf, text, &err) == -1)
			ret = cmd_fail(&err);
		else
			printf("Kept for %s.\n", source->name);
	}
	arena_free(arena);
	return ret;
}

static int
answer_take(const struct cmd_context *c, const struct json *message,
    const struct buf *text)
{
	bool is_alert = false;
	struct err err = { 0 };
	struct session s;
	int ret = 0;

	if (str_eq(json_get_text(message, "kind"), "other"))
		ret = alert_take(c, message, text, &is_alert);
	if (ret != 0 || is_alert)
		return ret;
	ret = session_begin(&s, c, DB_SERVICE);
	if (ret == 0 && message_take(&s, message, &err) == -1)
		ret = cmd_fail(&err);
	session_end(&s);
	return ret;
}

/* The message is foreign: it is read in the jail. */
static struct json *
message_read(const struct buf *text, struct err *err)
{
	struct json *in = json_object(), *out;
	struct arena *a = arena_new(4UL * LIMIT_MAIL_IN_BYTES);
	struct jail *jail = jail_open(err);

	out = NULL;
	json_set(
	    in, "message", json_string(utf8_mend(a, text->data, text->len)));
	if (jail != NULL)
		out = jail_ask(jail, "message", in, err);
	jail_close(jail);
	json_free(in);
	arena_free(a);
	return out;
}

static int
mail_receive(const struct cmd_context *c, int argc, char **argv)
{
	struct json *answer = NULL;
	struct err err = { 0 };
	struct buf text;
	int ret;

	(void)argc, (void)argv;
	buf_init(&text, LIMIT_MAIL_IN_BYTES);
	if (stdin_read(&text, &err) == -1 ||
	    (answer = message_read(&text, &err)) == NULL) {
		buf_fini(&text);
		return cmd_fail(&err);
	}
	ret = answer_take(c, json_get(answer, "result"), &text);
	json_free(answer);
	buf_fini(&text);
	return ret;
}

/* ---- resume ---- */

static int
resume(struct session *s, const struct cmd_context *c, const char *address,
    struct err *err)
{
	const char *reason;

	if (address == NULL)
		address = c->user != NULL ? c->user : s->conf->user.email;
	if (address == NULL)
		return err_set(err, ERR_USAGE,
		    "mail resume needs the address that is to get mail again");
	if (store_resume(s->db, s->arena, address, &reason, err) == -1)
		return -1;
	if (reason == NULL)
		printf("Mail to %s was never stopped.\n", address);
	else
		printf("Mail goes to %s again (it was stopped: %s).\n", address,
		    reason);
	return 0;
}

static int
mail_resume(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	int ret = session_begin(&s, c, DB_SERVICE);

	if (ret == 0 && resume(&s, c, argc > 0 ? argv[0] : NULL, &err) == -1)
		ret = cmd_fail(&err);
	session_end(&s);
	return ret;
}

static const struct cmd_verb verbs[] = {
	{ "test", "[ADDRESS]", "send a test mail the way digests are sent",
	    NULL, mail_test },
	{ "receive", NULL,
	    "take one message on standard input: an alert mail, a bounce or "
	    "an unsubscribe",
	    NULL, mail_receive },
	{ "resume", "[ADDRESS]",
	    "send mail again to an address that unsubscribed or bounced", NULL,
	    mail_resume },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_mail = { "mail", "mail out and in", verbs,
	"mail receive is for a pipe or .forward of the address that mails "
	"come\n"
	"from: a bounce that is final, or a mail to the List-Unsubscribe\n"
	"address, stops further mail to its person. An alert mail is kept for\n"
	"the sources whose mailbox is received, if one of them names its\n"
	"sender. Nothing else is taken (exit 65), so that a mail server keeps\n"
	"or returns it.\n"
	"\n"
	"mail resume is the way back for who has unsubscribed, or whose "
	"address\n"
	"works again after a bounce: careerd status names such addresses.\n"
	"\n"
	"The operator (operator, else user.email) gets one mail when sources\n"
	"change between well and not well, with what to do: at most two a day\n"
	"of one source, sources that change together in one mail. Without an\n"
	"operator, or without mail.from, careerd status, careerd source list\n"
	"and the log say it.\n" };
