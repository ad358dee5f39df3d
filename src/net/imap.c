/*
 * Connections to mailboxes: made by libcurl, kept as long as there is
 * something to ask.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "net/imap_int.h"

#define CONNECT_TIMEOUT_MS 10000L
/* For all of the log-in, and for each answer where the grant says nothing. */
#define TIMEOUT_MS 60000
/* A server keeps few connections a user: ours is given back soon. */
#define IDLE_MS 5000
/* An answer to SEARCH with LIMIT_MAILBOX_SCAN numbers. */
#define LINE_BYTES    (2L * 1024 * 1024)
#define COMMAND_BYTES (64L * 1024)
#define REASON_BYTES  300
#define READ_BYTES    16384
/* Texts of one answer. */
#define ARENA_BYTES (4L * 1024 * 1024)

/* ---- answers to who asked ---- */

static struct imap_job *
job_take(struct imap *s)
{
	struct imap_job *job = s->first;

	s->first = job->next;
	if (s->first == NULL)
		s->last = &s->first;
	s->net->running--;
	return job;
}

static void
answer(struct imap *s, struct fetched *fetched, const struct buf *body)
{
	struct imap_job *job = job_take(s);

	fetched->id = job->ask.grant->id;
	fetched->url = job->ask.grant->url;
	fetched->took_ms = clock_mono_ms() - s->begin_ms;
	fetched->wire_bytes = s->wire_bytes;
	if (fetched->reason == NULL)
		fetched->reason = "";
	if (body != NULL)
		fetched->bytes = (int64_t)body->len;
	job->done(job->context, job->ask.grant, fetched,
	    body == NULL ? NULL : buf_cstr(body), body == NULL ? 0 : body->len);
	free(job);
}

static void
answer_reason(struct imap *s, enum fetch_result result, const char *reason)
{
	struct fetched fetched = { .result = result, .reason = reason };

	answer(s, &fetched, NULL);
}

/* ---- life ---- */

static struct imap *
imap_find(struct net *net, const char *key)
{
	struct imap *s = net->imaps;

	while (s != NULL && !str_eq(s->key, key))
		s = s->next;
	return s;
}

/* libcurl would wait for the answer to its LOGOUT. */
static void
hang_up(struct imap *s)
{
	curl_socket_t fd = s->fd;

	if (fd != CURL_SOCKET_BAD)
		(void)epoll_ctl(s->net->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
	else
		curl_easy_getinfo(s->easy, CURLINFO_ACTIVESOCKET, &fd);
	if (fd != CURL_SOCKET_BAD)
		(void)shutdown(fd, SHUT_RD);
	curl_multi_remove_handle(s->net->multi, s->easy);
	curl_easy_cleanup(s->easy);
}

static void
imap_free(struct imap *s)
{
	struct imap **at = &s->net->imaps;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	hang_up(s);
	while (s->first != NULL)
		free(job_take(s));
	buf_fini(&s->out);
	buf_fini(&s->line);
	buf_fini(&s->mail);
	free(s->uids);
	free(s->key);
	free(s);
}

/* The connection is of no use: all who wait are told why. */
static void imap_fail(struct imap *s, enum fetch_result result,
    const char *format, ...) PRINTF_LIKE(3, 4);

static void
imap_fail(struct imap *s, enum fetch_result result, const char *format, ...)
{
	struct err text = { 0 };
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text.text, sizeof(text.text), format, ap);
	va_end(ap);
	while (s->first != NULL)
		answer_reason(s, result, text.text);
	imap_free(s);
}

void
imap_end_all(struct net *net)
{
	while (net->imaps != NULL)
		imap_free(net->imaps);
}

static bool
is_loopback(const char *host)
{
	return str_eq(host, "localhost") || str_eq(host, "[::1]") ||
	       (str_starts(host, "127.") &&
		   strspn(host, "0123456789.") == strlen(host));
}

static void
easy_setup(struct imap *s, const struct imap_ask *ask)
{
	const struct mailbox *box = ask->box;
	struct arena *arena = arena_new(ARENA_BYTES);
	CURL *e = s->easy;
	bool is_plain = !box->is_tls && is_loopback(box->host);

	curl_easy_setopt(e, CURLOPT_URL,
	    arena_printf(arena, "%s://%s:%d/", box->is_tls ? "imaps" : "imap",
		box->host, box->port));
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	curl_easy_setopt(e, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(e, CURLOPT_USE_SSL,
	    (long)(is_plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	curl_easy_setopt(e, CURLOPT_USERNAME, box->user);
	curl_easy_setopt(e, CURLOPT_PASSWORD, ask->password);
	curl_easy_setopt(e, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(e, CURLOPT_PRIVATE, NULL);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, s->error);
	arena_free(arena);
}

static struct imap *
imap_new(struct net *net, const char *key, const struct imap_ask *ask,
    struct err *err)
{
	struct imap *s = xcalloc(1, sizeof(*s));

	s->net = net;
	s->fd = CURL_SOCKET_BAD;
	s->last = &s->first;
	s->easy = curl_easy_init();
	if (s->easy == NULL) {
		err_set(err, ERR_OS, "libcurl: no memory");
		free(s);
		return NULL;
	}
	s->key = xstrdup(key);
	buf_init(&s->out, COMMAND_BYTES);
	buf_init(&s->line, LINE_BYTES);
	buf_init(&s->mail, 0);
	easy_setup(s, ask);
	s->begin_ms = clock_mono_ms();
	s->end_ms = s->begin_ms + TIMEOUT_MS;
	s->next = net->imaps;
	net->imaps = s;
	if (curl_multi_add_handle(net->multi, s->easy) != CURLM_OK) {
		err_set(err, ERR_BUG, "libcurl: a mailbox is not taken");
		imap_free(s);
		return NULL;
	}
	return s;
}

/* ---- commands ---- */

/* Is the mail one of the folder as it is now? Numbers are given anew when a
 * folder is made anew. */
static void
drop_vanished(struct imap *s)
{
	uint64_t validity;
	uint32_t uid;

	while (s->first != NULL && s->first->ask.position != NULL &&
	       (!imap_position(s->first->ask.position, &validity, &uid) ||
		   validity != s->validity))
		answer_reason(s, FETCH_UNCHANGED, "");
}

/* The next thing to ask. A list is of what is there now: looked at anew. */
static void
next_command(struct imap *s)
{
	const struct imap_ask *ask;

	if (s->is_open)
		drop_vanished(s);
	if (s->first == NULL) {
		s->idle_ms = clock_mono_ms() + IDLE_MS;
		return;
	}
	ask = &s->first->ask;
	if (!s->is_open)
		s->state = IMAP_OPENING;
	else
		s->state =
		    ask->position == NULL ? IMAP_SEARCHING : IMAP_FETCHING;
	s->mail.limit = LIMIT_MAIL_IN_BYTES;
	if (ask->grant->max_bytes > 0 &&
	    ask->grant->max_bytes < LIMIT_MAIL_IN_BYTES)
		s->mail.limit = (size_t)ask->grant->max_bytes;
	s->begin_ms = clock_mono_ms();
	s->end_ms =
	    s->begin_ms +
	    (ask->grant->timeout_ms > 0 ? ask->grant->timeout_ms : TIMEOUT_MS);
	s->wire_bytes = 0;
	imap_command(s, ask);
}

static int
newest_first(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x < y) - (x > y);
}

static void
listed(struct imap *s)
{
	struct fetched fetched = { .result = FETCH_LISTED };
	struct buf body;

	if (s->nuids > 0)
		qsort(s->uids, s->nuids, sizeof(s->uids[0]), newest_first);
	buf_init(&body, LIMIT_PAGE_BYTES);
	for (size_t i = 0; i < s->nuids && i < LIMIT_MAILBOX_MAILS; i++)
		buf_printf(&body, "%" PRIu64 ".%" PRIu32 "\n", s->validity,
		    s->uids[i]);
	/* The next list is of what is there then. */
	s->is_open = false;
	answer(s, &fetched, &body);
	buf_fini(&body);
}

static void
fetched_mail(struct imap *s)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct fetched fetched = { .result = FETCH_UNCHANGED };
	uint8_t hash[SHA256_BYTES];

	if (s->has_mail) {
		sha256_of(buf_cstr(&s->mail), s->mail.len, hash);
		fetched.result = FETCH_OK;
		fetched.body_hash = str_hex(arena, hash, sizeof(hash));
	}
	answer(s, &fetched, s->has_mail ? &s->mail : NULL);
	arena_free(arena);
}

/* The answer to a command is complete. False: the connection is gone. */
static bool
completed(struct imap *s, const char *word, const char *text)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	enum imap_state was = s->state;
	bool is_ok = str_eq_ci(word, "OK"), goes_on = true;
	const char *said = str_safe(arena, text, REASON_BYTES);

	s->state = IMAP_READY;
	if (was == IMAP_OPENING && !is_ok) {
		imap_fail(s, FETCH_REFUSED, "folder '%.200s': %.4s %s",
		    s->first->ask.box->folder, word, said);
		goes_on = false;
	} else if (was == IMAP_OPENING) {
		s->is_open = true;
	} else if (!is_ok) {
		answer_reason(s, FETCH_BROKEN,
		    arena_printf(
			arena, "the server says: %.4s %s", word, said));
	} else if (was == IMAP_SEARCHING) {
		listed(s);
	} else {
		fetched_mail(s);
	}
	arena_free(arena);
	if (goes_on)
		next_command(s);
	return goes_on;
}

/* ---- bytes ---- */

/*
 * False: the connection is gone. A command is small enough for the kernel to
 * take it at once.
 */
static bool
send_out(struct imap *s)
{
	size_t sent = 0;
	CURLcode rc;

	while (s->out.len > 0) {
		rc = curl_easy_send(s->easy, s->out.data, s->out.len, &sent);
		if (rc == CURLE_AGAIN)
			return true;
		if (rc != CURLE_OK) {
			imap_fail(s, FETCH_CONNECT,
			    "the server closed the connection");
			return false;
		}
		memmove(s->out.data, s->out.data + sent, s->out.len - sent);
		s->out.len -= sent;
	}
	return true;
}

/* After a mail that was too big: what waits is asked again elsewhere. */
static void
reconnect(struct imap *s)
{
	struct imap_job *jobs = s->first, *job;
	struct net *net = s->net;

	s->first = NULL;
	s->last = &s->first;
	imap_free(s);
	while ((job = jobs) != NULL) {
		struct err err = { 0 };

		jobs = job->next;
		net->running--;
		if (net_imap(net, &job->ask, job->done, job->context, &err) ==
		    -1) {
			struct fetched lost = { .id = job->ask.grant->id,
				.url = job->ask.grant->url,
				.result = FETCH_CONNECT,
				.reason = err.text };

			job->done(job->context, job->ask.grant, &lost, NULL, 0);
		}
		free(job);
	}
}

/* What came is more than is allowed, or nonsense: the connection ends. */
static void
spoilt(struct imap *s)
{
	struct arena *arena;

	if (!s->is_too_big) {
		imap_fail(s, FETCH_BROKEN, "what the server says is no IMAP");
		return;
	}
	arena = arena_new(ARENA_BYTES);
	answer_reason(s, FETCH_TOO_BIG,
	    arena_printf(arena,
		"a mail of %" PRIu64 " bytes, where %zu are allowed "
		"(limits.max_bytes)",
		s->mail_bytes, s->mail.limit));
	arena_free(arena);
	reconnect(s);
}

static void
flow(struct imap *s)
{
	char bytes[READ_BYTES];
	const char *word, *text;

	if (!send_out(s))
		return;
	for (;;) {
		size_t n = 0;
		CURLcode rc = curl_easy_recv(s->easy, bytes, sizeof(bytes), &n);
		int got;

		if (rc == CURLE_AGAIN)
			return;
		if (rc != CURLE_OK || n == 0) {
			imap_fail(s, FETCH_CONNECT,
			    "the server closed the connection");
			return;
		}
		s->wire_bytes += (int64_t)n;
		/* Nobody asked: a word about new mail, or good-bye. */
		if (s->state == IMAP_READY)
			continue;
		got = imap_feed(s, bytes, n, &word, &text);
		if (got == -1) {
			spoilt(s);
			return;
		}
		if (got == 1 && (!completed(s, word, text) || !send_out(s)))
			return;
	}
}

/* ---- what net.c calls ---- */

static struct imap *
imap_of_easy(struct net *net, const CURL *easy)
{
	struct imap *s = net->imaps;

	while (s != NULL && s->easy != easy)
		s = s->next;
	return s;
}

static enum fetch_result
result_of_code(CURLcode rc)
{
	switch (rc) {
	case CURLE_LOGIN_DENIED:
		return FETCH_REFUSED;
	case CURLE_COULDNT_RESOLVE_HOST:
		return FETCH_DNS;
	case CURLE_OPERATION_TIMEDOUT:
		return FETCH_TIMEOUT;
	case CURLE_USE_SSL_FAILED:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		return FETCH_TLS;
	case CURLE_WEIRD_SERVER_REPLY:
		return FETCH_BROKEN;
	default:
		return FETCH_CONNECT;
	}
}

static void
connect_failed(struct imap *s, CURLcode rc)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	const char *text =
	    s->error[0] == '\0' ? curl_easy_strerror(rc) : s->error;

	if (rc == CURLE_LOGIN_DENIED)
		imap_fail(s, FETCH_REFUSED,
		    "the server does not let '%.100s' in: is the credential "
		    "right?",
		    s->first == NULL ? "" : s->first->ask.box->user);
	else
		imap_fail(s, result_of_code(rc), "%s",
		    str_safe(arena, text, REASON_BYTES));
	arena_free(arena);
}

bool
imap_connected(struct net *net, CURL *easy, CURLcode rc)
{
	struct imap *s = imap_of_easy(net, easy);
	struct epoll_event event = { .events = EPOLLIN };

	if (s == NULL)
		return false;
	if (rc != CURLE_OK) {
		connect_failed(s, rc);
		return true;
	}
	curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &s->fd);
	event.data.fd = s->fd;
	/* libcurl may still have it among those it waits for. */
	if (s->fd == CURL_SOCKET_BAD ||
	    (epoll_ctl(net->epoll_fd, EPOLL_CTL_MOD, s->fd, &event) == -1 &&
		epoll_ctl(net->epoll_fd, EPOLL_CTL_ADD, s->fd, &event) == -1)) {
		imap_fail(s, FETCH_CONNECT, "the connection is lost");
		return true;
	}
	s->state = IMAP_READY;
	next_command(s);
	flow(s);
	return true;
}

bool
imap_event(struct net *net, int fd)
{
	struct imap *s = net->imaps;

	while (s != NULL && s->fd != fd)
		s = s->next;
	if (s == NULL)
		return false;
	flow(s);
	return true;
}

void
imap_tick(struct net *net)
{
	int64_t now = clock_mono_ms();
	struct imap *s, *next;

	for (s = net->imaps; s != NULL; s = next) {
		next = s->next;
		if (s->first != NULL && now >= s->end_ms)
			imap_fail(s, FETCH_TIMEOUT, "no answer in time");
		else if (s->first == NULL && s->state == IMAP_READY &&
			 now >= s->idle_ms)
			imap_free(s);
	}
}

int
net_imap(struct net *net, const struct imap_ask *ask, net_done *done,
    void *context, struct err *err)
{
	const struct mailbox *box = ask->box;
	struct imap_job *job;
	struct imap *s;
	uint64_t validity;
	uint32_t uid;
	char key[1024];

	if (ask->password == NULL || str_has_control(ask->password))
		return err_set(err, ERR_CONFIG,
		    "the mailbox has no password, or one with a control "
		    "character");
	if (ask->position != NULL &&
	    !imap_position(ask->position, &validity, &uid))
		return err_set(err, ERR_DATA, "no mail of the mailbox");
	if ((size_t)snprintf(key, sizeof(key), "%s@%s:%d/%s", box->user,
		box->host, box->port, box->folder) >= sizeof(key))
		return err_set(err, ERR_CONFIG, "its name is too long");
	s = imap_find(net, key);
	if (s == NULL && (s = imap_new(net, key, ask, err)) == NULL)
		return -1;
	job = xcalloc(1, sizeof(*job));
	*job =
	    (struct imap_job){ .ask = *ask, .done = done, .context = context };
	*s->last = job;
	s->last = &job->next;
	net->running++;
	if (s->state == IMAP_READY && s->first == job) {
		next_command(s);
		flow(s);
	}
	return 0;
}
