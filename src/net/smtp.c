/*
 * One mail over libcurl's SMTP. What libcurl reports is one error code; who
 * is at fault depends on the stage of the dialogue (semantics 1.5.20), which
 * is read off its debug lines. libcurl does not check addresses for line
 * breaks, so that is done here.
 */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "base/utf8.h"
#include "net/net.h"

#define CONNECT_TIMEOUT_MS 15000
/* A connection that was idle for so long is not used again. */
#define IDLE_MS     30000
#define REPLY_BYTES 600

/* Where the dialogue is: what was sent last. */
enum stage {
	STAGE_CONNECT,
	STAGE_GREETING,
	STAGE_HELLO,
	STAGE_TLS,
	STAGE_AUTH,
	STAGE_MAIL,
	STAGE_RCPT,
	STAGE_DATA,
	STAGE_BODY, /* all of it went out: the final dot is under way */
};

static const char *const stage_names[] = { "connecting", "greeting", "EHLO",
	"STARTTLS", "AUTH", "MAIL FROM", "RCPT TO", "DATA", "message" };

struct smtp {
	CURL *easy;
	char *url, *user, *password;
	bool is_plain; /* a relay on loopback */
	int64_t used_ms;
	/* of the mail under way */
	enum stage stage;
	const char *p;
	size_t left;
	char reply[REPLY_BYTES]; /* the last line that came */
};

/* ---- what libcurl tells ---- */

static enum stage
stage_of(const char *line, size_t n, enum stage now)
{
	static const struct {
		const char *word;
		enum stage stage;
	} words[] = { { "EHLO", STAGE_HELLO }, { "HELO", STAGE_HELLO },
		{ "STARTTLS", STAGE_TLS }, { "AUTH", STAGE_AUTH },
		{ "MAIL FROM", STAGE_MAIL }, { "RCPT TO", STAGE_RCPT },
		{ "DATA", STAGE_DATA } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (n >= strlen(words[i].word) &&
		    strncasecmp(line, words[i].word, strlen(words[i].word)) ==
			0)
			return words[i].stage;
	return now;
}

static int
on_debug(CURL *easy, curl_infotype type, char *line, size_t n, void *context)
{
	struct smtp *s = context;

	(void)easy;
	if (type == CURLINFO_HEADER_OUT)
		s->stage = stage_of(line, n, s->stage);
	else if (type == CURLINFO_HEADER_IN) {
		if (s->stage == STAGE_CONNECT)
			s->stage = STAGE_GREETING;
		if (n >= sizeof(s->reply))
			n = sizeof(s->reply) - 1;
		memcpy(s->reply, line, n);
		s->reply[n] = '\0';
	}
	return 0;
}

static size_t
on_read(char *to, size_t size, size_t count, void *context)
{
	struct smtp *s = context;
	size_t n = size * count;

	if (n > s->left)
		n = s->left;
	memcpy(to, s->p, n);
	s->p += n;
	s->left -= n;
	if (n == 0)
		s->stage = STAGE_BODY;
	return n;
}

/* ---- set-up ---- */

static bool
is_loopback(const char *url)
{
	static const char *const hosts[] = { "localhost", "127.", "[::1]" };
	const char *host = strstr(url, "://");

	host = host == NULL ? url : host + 3;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strncasecmp(host, hosts[i], strlen(hosts[i])) == 0)
			return true;
	return false;
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
	curl_easy_setopt(
	    e, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
	curl_easy_setopt(e, CURLOPT_USE_SSL,
	    (long)(s->is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (s->user != NULL)
		curl_easy_setopt(e, CURLOPT_USERNAME, s->user);
	if (s->password != NULL)
		curl_easy_setopt(e, CURLOPT_PASSWORD, s->password);
	curl_easy_setopt(e, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(e, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(e, CURLOPT_READDATA, s);
	curl_easy_setopt(e, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(e, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(e, CURLOPT_DEBUGDATA, s);
	s->easy = e;
	return 0;
}

struct smtp *
smtp_new(
    const char *url, const char *user, const char *password, struct err *err)
{
	struct smtp *s;

	if (!str_starts(url, "smtp://") && !str_starts(url, "smtps://")) {
		err_set(err, ERR_CONFIG,
		    "'%.80s' is not the URL of a mail relay\n"
		    "HINT: smtps://HOST, or smtp://HOST, which then must offer "
		    "STARTTLS unless it is localhost",
		    url);
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

void
smtp_free(struct smtp *s)
{
	if (s == NULL)
		return;
	if (s->easy != NULL)
		curl_easy_cleanup(s->easy);
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
	struct err ignored;

	if (s->used_ms == 0 || clock_mono_ms() - s->used_ms < IDLE_MS)
		return;
	curl_easy_cleanup(s->easy);
	s->easy = NULL;
	s->used_ms = 0;
	(void)easy_make(s, &ignored);
}

/* ---- one mail ---- */

/* Nothing that could end a command line (or begin another) goes into one. */
static bool
is_path(const char *address)
{
	const char *at = address == NULL ? NULL : strrchr(address, '@');

	if (at == NULL || at == address || strlen(address) > 254)
		return false;
	for (const char *p = address; *p != '\0'; p++)
		if ((unsigned char)*p <= 0x20 || (unsigned char)*p >= 0x7f ||
		    *p == '<' || *p == '>' || *p == '\\' || *p == '"')
			return false;
	return true;
}

/* "5.1.1" behind the code of a reply (RFC 2034), or NULL. */
static const char *
status_of(struct arena *arena, const char *reply)
{
	const char *p = reply + 4;
	size_t n;

	if (strlen(reply) < 9 || (*p != '2' && *p != '4' && *p != '5') ||
	    p[1] != '.')
		return NULL;
	n = strspn(p, "0123456789.");
	return n < 5 || n > 9 ? NULL : arena_strndup(arena, p, n);
}

static enum send_result
result_of_code(enum stage stage, int code)
{
	if (code == 421)
		return SEND_RELAY;
	if (code >= 500)
		return stage >= STAGE_RCPT ? SEND_REFUSED : SEND_RELAY;
	return stage >= STAGE_MAIL ? SEND_RETRY : SEND_RELAY;
}

/* No reply decided: the line, the name or the certificate failed. */
static enum send_result
result_of_failure(enum stage stage)
{
	if (stage == STAGE_BODY)
		return SEND_UNKNOWN;
	return stage <= STAGE_AUTH ? SEND_RELAY : SEND_RETRY;
}

static int
reply_code(const char *reply)
{
	int64_t code;
	char digits[4];

	if (strlen(reply) < 4 ||
	    (reply[3] != ' ' && reply[3] != '-' && reply[3] != '\r'))
		return 0;
	memcpy(digits, reply, 3);
	digits[3] = '\0';
	return str_to_i64(digits, 200, 599, &code) == -1 ? 0 : (int)code;
}

static void
outcome(struct smtp *s, struct arena *arena, CURLcode rc, struct sent *to)
{
	const char *reply = str_safe(arena,
	    str_fold_space(arena, utf8_mend(arena, s->reply, strlen(s->reply))),
	    REPLY_BYTES);
	int code = reply_code(s->reply);

	to->code = code;
	to->status = status_of(arena, s->reply);
	to->reason = reply;
	if (rc == CURLE_OK) {
		to->result = SEND_OK;
		return;
	}
	if (code >= 400) {
		to->result = result_of_code(s->stage, code);
		to->reason =
		    arena_printf(arena, "%s: %s", stage_names[s->stage], reply);
		return;
	}
	to->code = 0;
	to->status = NULL;
	to->result = result_of_failure(s->stage);
	to->reason = arena_printf(
	    arena, "%s: %s", stage_names[s->stage], curl_easy_strerror(rc));
}

void
smtp_send(struct smtp *s, struct arena *arena, const struct send *send,
    const char *mime, size_t n, int timeout_ms, struct sent *to)
{
	struct curl_slist *recipients = NULL;
	CURLcode rc;

	memset(to, 0, sizeof(*to));
	to->id = send->id;
	to->reason = "";
	if (!is_path(send->from) || !is_path(send->to)) {
		to->result = SEND_REFUSED;
		to->reason = "an address holds what no address may hold";
		return;
	}
	if (s->easy == NULL) {
		to->result = SEND_RETRY;
		to->reason = "out of memory";
		return;
	}
	s->stage = STAGE_CONNECT;
	s->reply[0] = '\0';
	s->p = mime;
	s->left = n;
	recipients =
	    curl_slist_append(NULL, arena_printf(arena, "<%s>", send->to));
	curl_easy_setopt(s->easy, CURLOPT_MAIL_FROM,
	    arena_printf(arena, "<%s>", send->from));
	curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(s->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)n);
	rc = curl_easy_perform(s->easy);
	outcome(s, arena, rc, to);
	curl_easy_setopt(s->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(recipients);
	s->used_ms = clock_mono_ms();
}
