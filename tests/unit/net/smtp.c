#include "check.h"
#include "base/clock.h"
#include "base/str.h"
#include "net/net.h"
#include "net/server.h"

#define SCRIPT "tests/unit/net/smtp_server.py"
#define MAIL                                                             \
	"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\n\r\n" \
	"one\r\n.two\r\n..\r\n.\r\nlast\r\n"

static struct server server;
static struct smtp *smtp;
static struct arena *arena;
static struct sent sent;

static char *
url_of(const char *format)
{
	char port[16];
	char *text = arena_strdup(arena, format);
	char *mark = strstr(text, "PORT");

	snprintf(port, sizeof(port), "%d", server.port);
	return arena_printf(
	    arena, "%.*s%s%s", (int)(mark - text), text, port, mark + 4);
}

static struct smtp *
relay(const char *format, const char *user, const char *password)
{
	struct err e;
	struct smtp *s = smtp_new(url_of(format), user, password, &e);

	if (s == NULL)
		printf("%s\n", e.text);
	CHECK(s != NULL);
	return s;
}

static void
begin(void)
{
	struct err e;

	server = server_start(SCRIPT, "");
	CHECK(server.port > 0);
	CHECK_INT(fgetc(server.out), '\n');
	arena = arena_new((size_t)64 << 20);
	CHECK_INT(net_init(&e), 0);
	smtp = relay("smtp://127.0.0.1:PORT", NULL, NULL);
}

static void
ask(const char *command, char *answer, size_t size)
{
	CHECK(dprintf(server.in, "%s\n", command) > 0);
	CHECK(fgets(answer, (int)size, server.out) != NULL);
}

/* Answer of the server at a stage from now on. */
static void
answer(const char *stage, const char *text)
{
	char line[100];

	ask(arena_printf(arena, "at %s %s", stage, text), line, sizeof(line));
	CHECK_STR(line, "set\n");
}

struct report {
	int connections, mails, bytes;
	char from[300], to[300];
	unsigned crc;
};

static struct report
report(void)
{
	struct report r;
	char line[900];

	ask("report", line, sizeof(line));
	CHECK_INT(sscanf(line, "%d %d %299s %299s %d %u", &r.connections,
		      &r.mails, r.from, r.to, &r.bytes, &r.crc),
	    6);
	return r;
}

static enum send_result
mail_to(struct smtp *s, const char *to, int timeout_ms)
{
	struct send send = { .id = 9, .from = "jobs@example.org", .to = to };

	smtp_send(s, arena, &send, MAIL, strlen(MAIL), timeout_ms, &sent);
	CHECK_INT(sent.id, 9);
	CHECK(sent.reason != NULL && strpbrk(sent.reason, "\r\n") == NULL);
	return sent.result;
}

static enum send_result
mail(void)
{
	return mail_to(smtp, "ada@example.org", 5000);
}

static void
a_mail(void)
{
	struct report r;

	CHECK_INT(mail(), SEND_OK);
	CHECK_INT(sent.code, 250);
	CHECK_STR(sent.status, "2.0.0");
	CHECK_STR(sent.reason, "250 2.0.0 queued as 42");
	r = report();
	CHECK_INT(r.mails, 1);
	CHECK_STR(r.from, "<jobs@example.org>");
	CHECK_STR(r.to, "<ada@example.org>");
	/* Byte for byte, dots at line starts too. */
	CHECK_INT(r.bytes, strlen(MAIL));
	CHECK_INT(r.crc, 0xa8101546);
}

static void
one_connection(void)
{
	struct report r;

	report();
	for (int i = 0; i < 50; i++)
		CHECK_INT(mail(), SEND_OK);
	r = report();
	CHECK_INT(r.mails, 50);
	CHECK(r.connections <= 1);
	/* A hundred mails, then a new one. */
	for (int i = 0; i < 450; i++)
		CHECK_INT(mail(), SEND_OK);
	r = report();
	CHECK_INT(r.mails, 450);
	CHECK(r.connections >= 4 && r.connections <= 5);
}

/* ---- whose fault ---- */

static void
result_at(const char *stage, const char *text, enum send_result want)
{
	int timeout_ms = strcmp(text, "stall") == 0 ? 300 : 5000;
	struct smtp *s = strcmp(stage, "auth") == 0
			     ? relay("smtp://127.0.0.1:PORT", "jobs", "secret")
			     : relay("smtp://127.0.0.1:PORT", NULL, NULL);
	int64_t begin_ms = clock_mono_ms();
	enum send_result got;

	answer(stage, text);
	got = mail_to(s, "ada@example.org", timeout_ms);
	if (got != want)
		printf("at %s %s: %s: %s\n", stage, text, send_result_name(got),
		    sent.reason);
	answer(stage, "ok");
	smtp_free(s);
	CHECK_INT(got, want);
	if (clock_mono_ms() - begin_ms > 1500)
		printf("at %s %s: %d ms\n", stage, text,
		    (int)(clock_mono_ms() - begin_ms));
	CHECK(clock_mono_ms() - begin_ms < 4000);
}

static void
before_the_sender(void)
{
	static const char *const stages[] = { "greeting", "ehlo", "auth" };
	static const char *const answers[] = { "421 4.3.2 closing", "450 later",
		"454 4.7.0 not now", "535 5.7.8 who are you", "550 no",
		"554 5.7.1 not from here", "500 bad syntax", "long", "drop",
		"stall", "noise" };

	for (size_t i = 0; i < 3; i++)
		for (size_t k = 0; k < sizeof(answers) / sizeof(*answers); k++)
			result_at(stages[i], answers[k], SEND_RELAY);
}

static void
at_the_sender(void)
{
	result_at("mail", "421 4.3.2 closing", SEND_RELAY);
	result_at("mail", "450 4.7.1 later", SEND_RETRY);
	result_at("mail", "452 4.3.1 full", SEND_RETRY);
	result_at("mail", "550 5.7.1 not you", SEND_RELAY);
	CHECK_STR(sent.reason, "MAIL FROM: 550 5.7.1 not you");
	result_at("mail", "552 5.3.4 too big", SEND_RELAY);
	result_at("mail", "500 bad syntax", SEND_RELAY);
	result_at("mail", "long", SEND_RELAY);
	result_at("mail", "drop", SEND_RETRY);
	result_at("mail", "stall", SEND_RETRY);
	result_at("mail", "noise", SEND_RETRY);
	CHECK_STR(sent.reason, "MAIL FROM: no SMTP reply: what do you want");
}

static void
at_the_recipient(void)
{
	static const char *const stages[] = { "rcpt", "data" };

	for (size_t i = 0; i < 2; i++) {
		const char *at = stages[i];

		result_at(at, "421 4.3.2 closing", SEND_RELAY);
		result_at(at, "450 4.2.1 later", SEND_RETRY);
		result_at(at, "452 4.2.2 full", SEND_RETRY);
		result_at(at, "550 5.1.1 nobody of that name", SEND_REFUSED);
		CHECK_INT(sent.code, 550);
		CHECK_STR(sent.status, "5.1.1");
		result_at(at, "552 5.2.2 full", SEND_REFUSED);
		result_at(at, "500 bad syntax", SEND_REFUSED);
		CHECK_STR(sent.status, NULL);
		result_at(at, "long", SEND_REFUSED);
		result_at(at, "drop", SEND_RETRY);
		CHECK_INT(sent.code, 0);
		result_at(at, "stall", SEND_RETRY);
		result_at(at, "noise", SEND_RETRY);
	}
}

static void
after_the_dot(void)
{
	result_at("dot", "250 ok", SEND_OK);
	result_at("dot", "251 2.1.5 ok", SEND_OK);
	result_at("dot", "421 4.3.2 closing", SEND_RELAY);
	result_at("dot", "450 4.7.1 later", SEND_RETRY);
	result_at("dot", "452 4.3.1 full", SEND_RETRY);
	result_at("dot", "550 5.7.1 spam", SEND_REFUSED);
	result_at("dot", "552 5.3.4 too big", SEND_REFUSED);
	result_at("dot", "554 5.6.0 no", SEND_REFUSED);
	CHECK_STR(sent.reason, "the message: 554 5.6.0 no");
	result_at("dot", "long", SEND_REFUSED);
	/* Nobody can say whether it was taken. */
	result_at("dot", "drop", SEND_UNKNOWN);
	result_at("dot", "stall", SEND_UNKNOWN);
	result_at("dot", "noise", SEND_UNKNOWN);
}

static void
lines_of_one_reply(void)
{
	answer("rcpt", "550-5.1.1 first|550-5.1.1 second|550 5.1.1 third");
	CHECK_INT(mail(), SEND_REFUSED);
	answer("rcpt", "ok");
	CHECK_STR(
	    sent.reason, "RCPT TO: 550-5.1.1 first 5.1.1 second 5.1.1 third");
	CHECK_STR(sent.status, "5.1.1");
	answer("rcpt", "550 5.1.1 \x1b[31mred\x07");
	CHECK_INT(mail(), SEND_REFUSED);
	answer("rcpt", "ok");
	CHECK(strpbrk(sent.reason, "\x1b\x07") == NULL);
	CHECK_INT(mail(), SEND_OK);
}

/* ---- the connection ---- */

static void
a_connection_that_went_stale(void)
{
	CHECK_INT(mail(), SEND_OK);
	report();
	/* The relay ends it when the next mail begins; once. */
	answer("mail", "421 4.4.2 idle too long");
	CHECK_INT(mail(), SEND_RELAY);
	CHECK_INT(report().connections, 1);
	answer("mail", "ok");
	CHECK_INT(mail(), SEND_OK);
}

static void
a_relay_that_does_not_say_goodbye(void)
{
	struct smtp *s = relay("smtp://127.0.0.1:PORT", NULL, NULL);
	int64_t begin_ms = clock_mono_ms();

	answer("quit", "stall");
	CHECK_INT(mail_to(s, "ada@example.org", 5000), SEND_OK);
	smtp_free(s);
	CHECK(clock_mono_ms() - begin_ms < 1000);
	answer("quit", "ok");
}

static void
log_in(void)
{
	struct smtp *s = relay("smtp://localhost:PORT/me", "jobs", "secret");

	if (mail_to(s, "ada@example.org", 5000) != SEND_OK)
		printf("%s\n", sent.reason);
	CHECK_INT(sent.result, SEND_OK);
	smtp_free(s);
}

static void
no_relay_there(void)
{
	struct err e;
	struct smtp *s = smtp_new("smtp://127.0.0.1:1", NULL, NULL, &e);

	CHECK_INT(mail_to(s, "ada@example.org", 3000), SEND_RELAY);
	CHECK(str_starts(sent.reason, "connecting: "));
	smtp_free(s);
	s = smtp_new("smtp://nowhere.invalid", NULL, NULL, &e);
	CHECK_INT(mail_to(s, "ada@example.org", 3000), SEND_RELAY);
	smtp_free(s);
}

/* Off loopback, nothing goes out in the clear. */
static void
tls_or_nothing(void)
{
	struct smtp *s =
	    relay("smtp://[::ffff:127.0.0.1]:PORT", "jobs", "secret");

	report();
	CHECK_INT(mail_to(s, "ada@example.org", 3000), SEND_RELAY);
	smtp_free(s);
	s = relay("smtps://127.0.0.1:PORT", NULL, NULL);
	CHECK_INT(mail_to(s, "ada@example.org", 1000), SEND_RELAY);
	smtp_free(s);
	CHECK_INT(report().mails, 0);
}

static void
addresses(void)
{
	static const char *const bad[] = { "", "ada", "@example.org", "ada@",
		"victim@b>\r\nRCPT TO:<other@c", "a@b\nDATA", "a b@c", "a@b>",
		"<a@b>", "a@b\x7f", "\xc3\xa4@b", "a\"b@c", "a,b@c",
		"a@b\xc2\x85", "a;b@c", "a@b SIZE=1" };
	char longest[300];

	report();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK_INT(mail_to(smtp, bad[i], 5000), SEND_REFUSED);
	memset(longest, 'a', sizeof(longest));
	memcpy(longest + 290, "@b", 3);
	CHECK_INT(mail_to(smtp, longest, 5000), SEND_REFUSED);
	struct send send = { .id = 9, .from = "x\r\n@y", .to = "a@b" };
	smtp_send(smtp, arena, &send, MAIL, strlen(MAIL), 5000, &sent);
	CHECK_INT(sent.result, SEND_RELAY);
	CHECK_INT(report().mails, 0);
	CHECK_INT(mail_to(smtp, "o'neil+jobs@ex-ample.org", 5000), SEND_OK);
	CHECK_STR(report().to, "<o'neil+jobs@ex-ample.org>");
}

static void
bad_urls(void)
{
	static const char *const bad[] = { "http://relay", "relay", "",
		"smtp://user:pass@relay", "smtp://relay\r\n" };
	struct err e;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK(smtp_new(bad[i], NULL, NULL, &e) == NULL);
		CHECK_INT(e.kind, ERR_CONFIG);
	}
}

static void
the_end(void)
{
	smtp_idle(smtp);
	smtp_free(smtp);
	smtp_free(NULL);
	server_stop(&server);
	arena_free(arena);
}

TESTS(TEST(begin), TEST(a_mail), TEST(one_connection), TEST(before_the_sender),
    TEST(at_the_sender), TEST(at_the_recipient), TEST(after_the_dot),
    TEST(lines_of_one_reply), TEST(a_connection_that_went_stale),
    TEST(a_relay_that_does_not_say_goodbye), TEST(log_in), TEST(no_relay_there),
    TEST(tls_or_nothing), TEST(addresses), TEST(bad_urls), TEST(the_end))
