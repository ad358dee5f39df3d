/*
 * One exchange: its options and what came of it.
 */
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "base/url.h"
#include "net/net_int.h"

#define CONNECT_TIMEOUT_MS 10000L
/* Slower than this for so long is given up (semantics, T43). */
#define SLOW_BYTES_PER_S 1024L
#define SLOW_S           15L
/* Where a grant says nothing: libcurl would take 0 for "never". */
#define TIMEOUT_MS 60000
/* Below malloc's threshold for mmap; larger reads save no time. */
#define BUFFER_BYTES 65536L
/* robots.txt beyond this is not read (RFC 9309 section 2.5): a byte more and
 * a byte order mark tell its reader whether the last line is whole. */
#define ROBOTS_BYTES ((int64_t)LIMIT_ROBOTS_BYTES + 4)
/* A buffer up to this size is kept for the next exchange. */
#define KEPT_BYTES   (256 * 1024)
#define REASON_BYTES 300

/* ---- setting up ---- */

void
transfer_init(struct transfer *t, const char *user_agent)
{
	CURL *e = t->easy;

	curl_easy_reset(e);
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES_PER_S);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, SLOW_S);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(e, CURLOPT_BUFFERSIZE, BUFFER_BYTES);
	curl_easy_setopt(e, CURLOPT_USERAGENT, user_agent);
	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, guard_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(e, CURLOPT_PREREQFUNCTION, guard_peer);
	curl_easy_setopt(e, CURLOPT_PREREQDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, response_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, response_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
}

static void
share_set(struct transfer *t, const char *authority)
{
	uint64_t i = hash64(authority, strlen(authority)) % SESSION_SHARES;

	curl_easy_setopt(t->easy, CURLOPT_SHARE, t->net->sessions[i]);
}

static int
url_set(struct transfer *t, struct err *err)
{
	struct url url;

	if (url_parse(t->arena, t->grant->url, &url, err) == -1)
		return -1;
	if (!t->grant->allow_private && url.port != 80 && url.port != 443)
		return err_set(err, ERR_PERM,
		    "port %d is neither 80 nor 443; allow_private: true "
		    "permits it",
		    url.port);
	share_set(t, url_authority(t->arena, &url));
	/* As we read it, so that libcurl cannot read it otherwise. */
	curl_easy_setopt(t->easy, CURLOPT_URL, url_text(t->arena, &url));
	return 0;
}

static bool
is_token(const char *name)
{
	static const char others[] = "!#$%&'*+-.^_`|~";

	for (const char *p = name; *p != '\0'; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			(*p >= '0' && *p <= '9') || strchr(others, *p)))
			return false;
	return *name != '\0';
}

/* Fields that say how the message is framed, or where it goes to. */
static bool
is_ours(const char *name)
{
	static const char *const ours[] = { "Host", "Connection",
		"Content-Length", "Transfer-Encoding", "Accept-Encoding", "TE",
		"Upgrade", "Expect", "Trailer" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (str_eq_ci(name, ours[i]))
			return true;
	return false;
}

static void
header_append(struct transfer *t, const char *line)
{
	struct curl_slist *longer = curl_slist_append(t->headers, line);

	if (longer == NULL)
		fatal("out of memory");
	t->headers = longer;
}

static int
header_add(
    struct transfer *t, const char *name, const char *value, struct err *err)
{
	if (!is_token(name) || strpbrk(value, "\r\n") != NULL)
		return err_set(err, ERR_DATA,
		    "header '%.100s' holds what no header may hold",
		    str_safe(t->arena, name, 100));
	if (is_ours(name))
		return err_set(err, ERR_DATA,
		    "header '%s' is not a source's to set", name);
	/* libcurl's way to say a field without a value. */
	header_append(t, *value == '\0'
			     ? arena_printf(t->arena, "%s;", name)
			     : arena_printf(t->arena, "%s: %s", name, value));
	return 0;
}

static int
headers_set(struct transfer *t, struct err *err)
{
	const struct grant *g = t->grant;

	for (size_t i = 0; i < g->nheaders; i++)
		if (header_add(
			t, g->headers[i].name, g->headers[i].value, err) == -1)
			return -1;
	if (g->etag != NULL &&
	    header_add(t, "If-None-Match", g->etag, err) == -1)
		return -1;
	if (g->last_modified != NULL &&
	    header_add(t, "If-Modified-Since", g->last_modified, err) == -1)
		return -1;
	if (g->body_type != NULL &&
	    header_add(t, "Content-Type", g->body_type, err) == -1)
		return -1;
	/* No waiting for leave to send a few bytes. */
	if (g->body != NULL)
		header_append(t, "Expect:");
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
	return 0;
}

static int
method_set(struct transfer *t, struct err *err)
{
	const struct grant *g = t->grant;
	const char *body = g->body == NULL ? "" : g->body;

	if (str_eq(g->method, "GET")) {
		curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
		return 0;
	}
	if (!str_eq(g->method, "POST"))
		return err_set(err, ERR_DATA,
		    "method '%.20s' is not GET or POST",
		    str_safe(t->arena, g->method, 20));
	curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(
	    t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(body));
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, body);
	return 0;
}

int
transfer_setup(struct transfer *t, struct err *err)
{
	const struct grant *g = t->grant;
	int64_t max = g->max_bytes > 0 ? g->max_bytes : LIMIT_PAGE_BYTES;
	int64_t timeout = g->timeout_ms > 0 ? g->timeout_ms : TIMEOUT_MS;

	t->guard = FETCH_OK;
	t->guard_reason = "";
	t->is_cut = t->is_over = false;
	t->header_bytes = 0;
	t->error[0] = '\0';
	t->response = (struct response){ 0 };
	if (g->kind == REQUEST_ROBOTS)
		max = ROBOTS_BYTES;
	t->body.limit = (size_t)max;
	if (url_set(t, err) == -1 || method_set(t, err) == -1 ||
	    headers_set(t, err) == -1)
		return -1;
	curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)timeout);
	/* What is announced too long need not even begin. */
	curl_easy_setopt(t->easy, CURLOPT_MAXFILESIZE_LARGE,
	    (curl_off_t)(g->kind == REQUEST_ROBOTS ? 0 : max));
	t->begin_ms = clock_mono_ms();
	return 0;
}

void
transfer_reset(struct transfer *t)
{
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, NULL);
	curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, NULL);
	curl_slist_free_all(t->headers);
	t->headers = NULL;
	t->grant = NULL;
	if (t->body.size > KEPT_BYTES) {
		buf_fini(&t->body);
		buf_init(&t->body, 0);
	}
	buf_reset(&t->body);
	arena_reset(t->arena);
}

/* ---- what came of it ---- */

static enum fetch_result
result_of_code(const struct transfer *t, CURLcode rc, int status)
{
	switch (rc) {
	case CURLE_OPERATION_TIMEDOUT:
		return str_starts(t->error, "Resolving timed out")
			   ? FETCH_DNS
			   : FETCH_TIMEOUT;
	case CURLE_COULDNT_RESOLVE_HOST:
		return FETCH_DNS;
	case CURLE_COULDNT_CONNECT:
	case CURLE_SEND_ERROR:
		return FETCH_CONNECT;
	case CURLE_RECV_ERROR:
		return status > 0 ? FETCH_BROKEN : FETCH_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return FETCH_TLS;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_OUT_OF_MEMORY: /* so it calls an endless header line */
		return FETCH_TOO_BIG;
	default:
		return FETCH_BROKEN;
	}
}

static bool
is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
	       status == 307 || status == 308;
}

static void
redirect_result(struct transfer *t, struct fetched *to)
{
	const char *location = t->response.location;

	to->result = FETCH_REFUSED;
	if (*location == '\0') {
		to->reason = "redirects to an empty or endless address";
		return;
	}
	to->location = url_resolve(t->arena, t->grant->url, location);
	if (to->location != NULL) {
		to->result = FETCH_MOVED;
		return;
	}
	to->reason =
	    arena_printf(t->arena, "redirects to what is no web address: %s",
		str_safe(t->arena, location, REASON_BYTES));
}

/* An exchange that HTTP calls complete: what its status means. */
static void
status_result(struct transfer *t, struct fetched *to)
{
	const struct grant *g = t->grant;

	if ((to->status >= 200 && to->status < 300) ||
	    (to->status > 0 && to->status == g->empty_status)) {
		to->result = FETCH_OK;
	} else if (to->status == 304 &&
		   (g->etag != NULL || g->last_modified != NULL)) {
		to->result = FETCH_UNCHANGED;
	} else if (is_redirect(to->status) && t->response.location != NULL) {
		redirect_result(t, to);
	} else {
		const char *says = response_says(t);

		to->result = FETCH_STATUS;
		to->reason =
		    arena_printf(t->arena, "HTTP status %d%s%s", to->status,
			says == NULL ? "" : ": ", says == NULL ? "" : says);
	}
}

static void
hash_compare(struct transfer *t, struct fetched *to)
{
	uint8_t hash[SHA256_BYTES];

	sha256_of(buf_cstr(&t->body), t->body.len, hash);
	to->body_hash = str_hex(t->arena, hash, sizeof(hash));
	if (str_eq(t->grant->body_hash, to->body_hash))
		to->result = FETCH_UNCHANGED;
}

static const char *
failure_reason(const struct transfer *t, CURLcode rc)
{
	const char *text =
	    t->error[0] == '\0' ? curl_easy_strerror(rc) : t->error;

	if (rc == CURLE_OUT_OF_MEMORY)
		return "a header line of more than 100 KB";
	return str_safe(t->arena, text, REASON_BYTES);
}

static void
judge(struct transfer *t, CURLcode rc, struct fetched *to)
{
	bool is_good = to->status >= 200 && to->status < 300;

	if (rc == CURLE_FILESIZE_EXCEEDED && to->status > 0 && !is_good)
		t->is_cut = t->is_over = true;
	if (rc == CURLE_OK && response_is_bomb(t))
		transfer_guard(t, FETCH_TOO_BIG, "unpacks to far too much");
	if (t->guard != FETCH_OK) {
		to->result = t->guard;
		to->reason = t->guard_reason;
	} else if (rc != CURLE_OK && !t->is_cut) {
		to->result = result_of_code(t, rc, to->status);
		to->reason = failure_reason(t, rc);
	} else {
		status_result(t, to);
		if (to->result == FETCH_OK)
			hash_compare(t, to);
	}
}

void
transfer_result(struct transfer *t, CURLcode rc, struct fetched *to)
{
	curl_off_t wire = 0;
	long status = 0, header_bytes = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	curl_easy_getinfo(t->easy, CURLINFO_HEADER_SIZE, &header_bytes);
	*to = (struct fetched){ .id = t->grant->id,
		.url = t->grant->url,
		.status = (int)status,
		.reason = "",
		.content_type = t->response.content_type,
		.etag = t->response.etag,
		.last_modified = t->response.last_modified,
		.retry_after = t->response.retry_after,
		.bytes = (int64_t)t->body.len,
		.wire_bytes = wire + header_bytes,
		.took_ms = clock_mono_ms() - t->begin_ms };
	judge(t, rc, to);
}
