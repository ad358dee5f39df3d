/*
 * What is said between us and a relay. libcurl reports one error code for a
 * whole mail; who is at fault depends on the stage, which is read off the
 * lines it shows to its debug callback.
 */
#include <string.h>
#include <strings.h>
#include "base/clock.h"
#include "base/str.h"
#include "net/smtp_int.h"

/* How long QUIT may wait for its answer. */
#define QUIT_WAIT_S 1L

static const char *const stage_names[] = { "connecting", "greeting", "EHLO",
	"STARTTLS", "AUTH", "MAIL FROM", "RCPT TO", "DATA", "the message" };

/* ---- what is sent ---- */

static enum stage
stage_of(const char *line, size_t n, enum stage now)
{
	/* Each ends in what no base64 of an AUTH dialogue can hold. */
	static const struct {
		const char *word;
		enum stage stage;
	} words[] = { { "EHLO ", STAGE_HELLO }, { "HELO ", STAGE_HELLO },
		{ "STARTTLS", STAGE_TLS }, { "AUTH ", STAGE_AUTH },
		{ "MAIL FROM:", STAGE_MAIL }, { "RCPT TO:", STAGE_RCPT },
		{ "DATA", STAGE_DATA } };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i].word);

		if (n < length || strncasecmp(line, words[i].word, length) != 0)
			continue;
		if (words[i].stage == STAGE_DATA && now != STAGE_RCPT)
			continue;
		if (words[i].stage == STAGE_TLS && now != STAGE_HELLO)
			continue;
		return words[i].stage;
	}
	return now;
}

static size_t
on_read(char *to, size_t size, size_t count, void *context)
{
	struct dialogue *d = context;
	size_t n = size * count;

	if (n > d->left)
		n = d->left;
	memcpy(to, d->p, n);
	d->p += n;
	d->left -= n;
	if (d->left == 0 && d->stage != STAGE_MESSAGE) {
		d->stage = STAGE_MESSAGE;
		d->code = 0;
	}
	return n;
}

/* ---- what comes ---- */

static bool
is_reply(const char *line, size_t n)
{
	return n >= 3 && line[0] >= '2' && line[0] <= '5' && line[1] >= '0' &&
	       line[1] <= '9' && line[2] >= '0' && line[2] <= '9' &&
	       (n == 3 || strchr(" -\r\n", line[3]) != NULL);
}

static void
reply_add(struct dialogue *d, const char *line, size_t n)
{
	size_t held = strlen(d->reply);

	if (held > 0 && held + 1 < sizeof(d->reply))
		d->reply[held++] = ' ';
	if (n > sizeof(d->reply) - 1 - held)
		n = sizeof(d->reply) - 1 - held;
	memcpy(d->reply + held, line, n);
	d->reply[held + n] = '\0';
}

static void
take_line(struct dialogue *d, const char *line, size_t n)
{
	bool goes_on = d->is_open;

	if (d->stage == STAGE_CONNECT)
		d->stage = STAGE_GREETING;
	while (n > 0 && (line[n - 1] == '\r' || line[n - 1] == '\n'))
		n--;
	if (!goes_on)
		d->reply[0] = '\0';
	if (!is_reply(line, n)) {
		d->is_noise = true;
		reply_add(d, line, n);
		return;
	}
	d->is_open = n > 3 && line[3] == '-';
	d->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
	reply_add(d, goes_on && n > 4 ? line + 4 : line,
	    goes_on && n > 4 ? n - 4 : n);
}

static int
on_debug(CURL *easy, curl_infotype type, char *line, size_t n, void *context)
{
	struct dialogue *d = context;

	/* QUIT is how libcurl ends what has failed or is done; who did not
	 * answer before need not answer now. */
	if (type == CURLINFO_HEADER_OUT && n >= 4 &&
	    strncasecmp(line, "QUIT", 4) == 0) {
		d->is_done = true;
		curl_easy_setopt(
		    easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, QUIT_WAIT_S);
	}
	if (d->is_done)
		return 0;
	if (type == CURLINFO_HEADER_IN) {
		take_line(d, line, n);
	} else if (type == CURLINFO_HEADER_OUT) {
		d->stage = stage_of(line, n, d->stage);
		d->code = 0;
		d->is_open = false;
	}
	return 0;
}

/* libcurl would wait for a line it can read until time is over, and for the
 * answer to the final dot even longer. */
static int
on_progress(
    void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct dialogue *dialogue = context;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return dialogue->is_noise || clock_mono_ms() >= dialogue->end_ms;
}

void
dialogue_attach(struct dialogue *d, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, d);
	curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(easy, CURLOPT_DEBUGDATA, d);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, d);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, d->error);
}

void
dialogue_begin(struct dialogue *d, const char *mime, size_t n, int64_t end_ms)
{
	d->end_ms = end_ms;
	d->stage = STAGE_CONNECT;
	d->p = mime;
	d->left = n;
	d->code = 0;
	d->is_open = d->is_noise = d->is_done = false;
	d->reply[0] = d->error[0] = '\0';
}

/* ---- whose fault it was ---- */

static enum send_result
result_of_code(enum stage stage, int code)
{
	if (code == 421)
		return SEND_RELAY;
	if (code >= 500)
		return stage >= STAGE_RCPT ? SEND_REFUSED : SEND_RELAY;
	return stage >= STAGE_MAIL ? SEND_RETRY : SEND_RELAY;
}

/* No reply decided: the line, the name, the certificate or time failed. */
static enum send_result
result_of_failure(enum stage stage)
{
	if (stage == STAGE_MESSAGE)
		return SEND_UNKNOWN;
	return stage <= STAGE_AUTH ? SEND_RELAY : SEND_RETRY;
}

/* "5.1.1" behind the code of a reply (RFC 2034), or NULL. */
static const char *
enhanced_status(struct arena *arena, const char *reply)
{
	const char *p = reply + 4;
	size_t n, subject, detail;

	if (strlen(reply) < 9 || strchr("245", *p) == NULL || p[1] != '.')
		return NULL;
	subject = strspn(p + 2, "0123456789");
	if (subject < 1 || subject > 3 || p[2 + subject] != '.')
		return NULL;
	detail = strspn(p + 3 + subject, "0123456789");
	n = 3 + subject + detail;
	if (detail < 1 || detail > 3 || (p[n] != ' ' && p[n] != '\0'))
		return NULL;
	return arena_strndup(arena, p, n);
}

void
dialogue_result(
    const struct dialogue *d, struct arena *arena, CURLcode rc, struct sent *to)
{
	const char *reply = str_safe(arena, d->reply, REPLY_BYTES);
	const char *stage = stage_names[d->stage];
	bool is_taken = rc == CURLE_OK || (d->stage == STAGE_MESSAGE &&
					      d->code >= 200 && d->code < 300);

	if (is_taken || (d->code >= 400 && !d->is_noise)) {
		to->code = d->code;
		to->status = enhanced_status(arena, d->reply);
		to->result =
		    is_taken ? SEND_OK : result_of_code(d->stage, d->code);
		to->reason = is_taken
				 ? reply
				 : arena_printf(arena, "%s: %s", stage, reply);
		return;
	}
	to->result = result_of_failure(d->stage);
	if (d->is_noise)
		to->reason =
		    arena_printf(arena, "%s: no SMTP reply: %s", stage, reply);
	else if (rc == CURLE_ABORTED_BY_CALLBACK)
		to->reason =
		    arena_printf(arena, "%s: no answer in time", stage);
	else
		to->reason = arena_printf(arena, "%s: %s", stage,
		    str_safe(arena,
			*d->error == '\0' ? curl_easy_strerror(rc) : d->error,
			REPLY_BYTES));
}
