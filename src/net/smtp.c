/*
 * Mails over libcurl's SMTP and one kept connection. libcurl does not look
 * for line breaks in addresses (semantics, section 4), so that is done here.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include "base/clock.h"
#include "base/str.h"
#include "net/smtp_int.h"

#define CONNECT_TIMEOUT_MS 15000L
/* A connection that was idle for so long is not used again. */
#define IDLE_MS 30000
/* What relays commonly allow (OpenSMTPD's default, semantics section 4). */
#define MAILS_PER_CONNECTION 100
/* RFC 5321 section 4.5.3.1.3, without the angle brackets. */
#define ADDRESS_BYTES 254

struct smtp {
	CURL *easy;
	char *url, *user, *password;
	bool is_plain; /* a relay on loopback */
	int64_t used_ms;
	int mails; /* sent over the connection that is open */
	struct dialogue dialogue;
};

/* ---- set-up ---- */

static bool
is_loopback(const char *url)
{
	char host[64] = "";
	const char *p = strstr(url, "://") + 3;
	size_t n = *p == '[' ? strcspn(p, "]") + 1 : strcspn(p, ":/?#");
	struct in_addr address;

	if (n >= sizeof(host))
		return false;
	memcpy(host, p, n);
	return str_eq_ci(host, "localhost") || str_eq(host, "[::1]") ||
	       (inet_pton(AF_INET, host, &address) == 1 &&
		   ntohl(address.s_addr) >> 24 == 127);
}

static int
easy_make(struct smtp *s, struct err *err)
{
	CURL *e = curl_easy_init();

	if (e == NULL)
		return err_set(err, ERR_OS, "smtp: no memory");
	curl_easy_setopt(e, CURLOPT_URL, s->url);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(e, CURLOPT_USE_SSL,
	    (long)(s->is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (s->user != NULL)
		curl_easy_setopt(e, CURLOPT_USERNAME, s->user);
	if (s->password != NULL)
		curl_easy_setopt(e, CURLOPT_PASSWORD, s->password);
	dialogue_attach(&s->dialogue, e);
	s->easy = e;
	s->mails = 0;
	return 0;
}

struct smtp *
smtp_new(
    const char *url, const char *user, const char *password, struct err *err)
{
	struct smtp *s;

	if ((!str_starts(url, "smtp://") && !str_starts(url, "smtps://")) ||
	    strpbrk(url, "@\r\n ") != NULL) {
		err_set(
		    err, ERR_CONFIG, "'%.80s' is not the URL of a relay", url);
		err_hint(err,
		    "smtps://HOST, or smtp://HOST, which then must offer "
		    "STARTTLS unless it is localhost; the user's name stands "
		    "apart");
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->url = xstrdup(url);
	s->user = user == NULL ? NULL : xstrdup(user);
	s->password = password == NULL ? NULL : xstrdup(password);
	s->is_plain = str_starts(url, "smtp://") && is_loopback(url);
	if (easy_make(s, err) == -1) {
		smtp_free(s);
		return NULL;
	}
	return s;
}

/* Say QUIT, but do not wait for an answer: libcurl would for two minutes. */
static void
hang_up(struct smtp *s)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (s->easy == NULL)
		return;
	curl_easy_getinfo(s->easy, CURLINFO_ACTIVESOCKET, &fd);
	if (fd != CURL_SOCKET_BAD)
		(void)shutdown(fd, SHUT_RD);
	curl_easy_cleanup(s->easy);
	s->easy = NULL;
}

void
smtp_free(struct smtp *s)
{
	if (s == NULL)
		return;
	hang_up(s);
	if (s->password != NULL)
		explicit_bzero(s->password, strlen(s->password));
	free(s->password);
	free(s->user);
	free(s->url);
	free(s);
}

void
smtp_idle(struct smtp *s)
{
	struct err err;

	if (s->mails == 0 || clock_mono_ms() - s->used_ms < IDLE_MS)
		return;
	hang_up(s);
	if (easy_make(s, &err) == -1)
		fatal("%s", err.text);
}

/* ---- one mail ---- */

/* Nothing that could end a command (or begin another) goes into one. */
static bool
is_path(const char *address)
{
	const char *at = address == NULL ? NULL : strrchr(address, '@');

	if (at == NULL || at == address || at[1] == '\0' ||
	    strlen(address) > ADDRESS_BYTES)
		return false;
	for (const char *p = address; *p != '\0'; p++)
		if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f ||
		    strchr("<>()\\\",;:", *p) != NULL)
			return false;
	return true;
}

static CURLcode
perform(struct smtp *s, const char *mime, size_t n, int64_t end_ms)
{
	long left_ms = (long)(end_ms - clock_mono_ms());
	long connections = 0;
	CURLcode rc;

	dialogue_begin(&s->dialogue, mime, n, end_ms);
	/* For libcurl, 0 is "never". */
	if (left_ms < 1)
		left_ms = 1;
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, left_ms);
	curl_easy_setopt(
	    s->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (left_ms + 999) / 1000);
	curl_easy_setopt(s->easy, CURLOPT_FORBID_REUSE,
	    (long)(s->mails + 1 >= MAILS_PER_CONNECTION));
	rc = curl_easy_perform(s->easy);
	curl_easy_getinfo(s->easy, CURLINFO_NUM_CONNECTS, &connections);
	s->mails = connections > 0 ? 1 : s->mails + 1;
	/* After a failure libcurl closes. */
	if (rc != CURLE_OK || s->mails >= MAILS_PER_CONNECTION)
		s->mails = 0;
	s->used_ms = clock_mono_ms();
	return rc;
}

/* The relay closed the kept connection before it took anything over it. */
static bool
was_stale(const struct dialogue *d, CURLcode rc, int mails_before)
{
	return rc != CURLE_OK && rc != CURLE_OPERATION_TIMEDOUT &&
	       mails_before > 0 && d->stage == STAGE_MAIL && !d->is_noise &&
	       (d->code == 0 || d->code == 421);
}

void
smtp_send(struct smtp *s, struct arena *arena, const struct send *send,
    const char *mime, size_t n, int timeout_ms, struct sent *to)
{
	struct curl_slist *recipients = NULL;
	int64_t end_ms = clock_mono_ms() + timeout_ms;
	int mails = s->mails;
	CURLcode rc;

	*to = (struct sent){ .id = send->id, .reason = "" };
	if (!is_path(send->from) || !is_path(send->to)) {
		bool is_ours = !is_path(send->from);

		to->result = is_ours ? SEND_RELAY : SEND_REFUSED;
		to->reason = arena_printf(arena,
		    "the %s's address holds what no address may hold",
		    is_ours ? "sender" : "recipient");
		return;
	}
	recipients =
	    curl_slist_append(NULL, arena_printf(arena, "<%s>", send->to));
	curl_easy_setopt(s->easy, CURLOPT_MAIL_FROM,
	    arena_printf(arena, "<%s>", send->from));
	curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(s->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)n);
	rc = perform(s, mime, n, end_ms);
	if (was_stale(&s->dialogue, rc, mails))
		rc = perform(s, mime, n, end_ms);
	dialogue_result(&s->dialogue, arena, rc, to);
	curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(recipients);
}
