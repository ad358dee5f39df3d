/*
 * One exchange: its options, its guards, what came of it. libcurl 7.88's own
 * limits do not hold (semantics 5.5), so bytes are counted here.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include "base/addr.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "base/utf8.h"
#include "net/net_int.h"

#define CONNECT_TIMEOUT_MS 10000L
/* Slower than this for so long is given up (semantics, T43). */
#define SLOW_BYTES_PER_S 1024L
#define SLOW_S           15L
/* Ratio is judged only once so much was decoded. */
#define RATIO_FROM_BYTES (1024 * 1024)
#define REASON_BYTES     300

/* The first guard that speaks is right; libcurl's error is its echo. */
static void
guard(struct transfer *t, enum fetch_result result, const char *reason)
{
	if (t->guard != FETCH_OK)
		return;
	t->guard = result;
	t->guard_reason = reason;
}

/* ---- what may be dialled ---- */

static const char *
address_text(struct arena *arena, const struct sockaddr *sa)
{
	char text[INET6_ADDRSTRLEN] = "?";

	if (sa->sa_family == AF_INET)
		inet_ntop(AF_INET,
		    &((const struct sockaddr_in *)(const void *)sa)->sin_addr,
		    text, sizeof(text));
	else if (sa->sa_family == AF_INET6)
		inet_ntop(AF_INET6,
		    &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr,
		    text, sizeof(text));
	return arena_strdup(arena, text);
}

/*
 * libcurl asks with the very address it is about to dial, so neither
 * rebinding nor a redirect can get past this.
 */
static curl_socket_t
on_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = context;
	const char *why = NULL;

	(void)purpose;
	if (!t->grant->allow_private && !addr_is_public(&address->addr, &why)) {
		guard(t, FETCH_REFUSED,
		    arena_printf(t->arena,
			"%s is not a public address: %s; allow_private: true "
			"permits it",
			address_text(t->arena, &address->addr), why));
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC,
	    address->protocol);
}

static int
url_check(struct transfer *t, struct err *err)
{
	struct url url;

	if (url_parse(t->arena, t->grant->url, &url, err) == -1)
		return -1;
	if (!t->grant->allow_private && url.port != 80 && url.port != 443)
		return err_set(err, ERR_PERM,
		    "port %d is neither 80 nor 443; allow_private: true "
		    "permits it",
		    url.port);
	return 0;
}

/* ---- what arrives ---- */

static const char *
header_value(struct arena *arena, const char *p, size_t n)
{
	while (n > 0 && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", p[n - 1]) != NULL)
		n--;
	return utf8_mend(arena, p, n);
}

/* A new status line begins a new response (after 1xx): forget the last. */
static void
response_begin(struct transfer *t)
{
	t->content_type = t->content_encoding = t->etag = t->last_modified =
	    t->retry_after = t->location = NULL;
}

static void
header_keep(struct transfer *t, const char *line, size_t n)
{
	const struct {
		const char *name;
		const char **to;
	} kept[] = { { "content-type", &t->content_type },
		{ "content-encoding", &t->content_encoding },
		{ "etag", &t->etag }, { "last-modified", &t->last_modified },
		{ "retry-after", &t->retry_after },
		{ "location", &t->location } };
	const char *colon = memchr(line, ':', n);
	size_t length;

	if (colon == NULL)
		return;
	length = (size_t)(colon - line);
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (strlen(kept[i].name) == length &&
		    strncasecmp(line, kept[i].name, length) == 0)
			*kept[i].to =
			    header_value(t->arena, colon + 1, n - length - 1);
}

static size_t
on_header(char *line, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	size_t n = size * count;

	t->header_bytes += n;
	if (t->header_bytes > LIMIT_HEADER_BYTES) {
		guard(t, FETCH_TOO_BIG,
		    arena_printf(t->arena, "more than %d bytes of headers",
			LIMIT_HEADER_BYTES));
		return 0;
	}
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0)
		response_begin(t);
	else
		header_keep(t, line, n);
	if (t->content_encoding != NULL &&
	    strchr(t->content_encoding, ',') != NULL) {
		guard(
		    t, FETCH_BROKEN, "more than one layer of content encoding");
		return 0;
	}
	return n;
}

/* Bytes are counted after decoding, which is where a bomb goes off. */
static size_t
on_body(char *data, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	size_t n = size * count, decoded = t->body.len + n;
	curl_off_t wire = 0;

	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	if (decoded > RATIO_FROM_BYTES && wire > 0 &&
	    t->content_encoding != NULL &&
	    decoded / (size_t)wire > LIMIT_INFLATE_RATIO) {
		guard(t, FETCH_TOO_BIG,
		    arena_printf(t->arena,
			"%lld bytes on the wire unpack to more than %d times "
			"as many",
			(long long)wire, LIMIT_INFLATE_RATIO));
		return 0;
	}
	if (buf_add(&t->body, data, n) == -1) {
		guard(t, FETCH_TOO_BIG,
		    arena_printf(t->arena, "more than %lld bytes",
			(long long)t->grant->max_bytes));
		return 0;
	}
	return n;
}

/* ---- setting up ---- */

static void
header_add(struct transfer *t, const char *name, const char *value)
{
	if (value == NULL || strpbrk(value, "\r\n") != NULL)
		return;
	t->headers = curl_slist_append(
	    t->headers, arena_printf(t->arena, "%s: %s", name, value));
}

static void
headers_make(struct transfer *t)
{
	const struct grant *g = t->grant;

	header_add(t, "If-None-Match", g->etag);
	header_add(t, "If-Modified-Since", g->last_modified);
	header_add(t, "Content-Type", g->body_type);
	for (size_t i = 0; i < g->nheaders; i++)
		header_add(t, g->headers[i].name, g->headers[i].value);
	curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->headers);
}

static void
limits_set(CURL *e, const struct grant *g)
{
	curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(e, CURLOPT_PROXY, "");
	curl_easy_setopt(e, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)g->timeout_ms);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES_PER_S);
	curl_easy_setopt(e, CURLOPT_LOW_SPEED_TIME, SLOW_S);
	curl_easy_setopt(e, CURLOPT_ACCEPT_ENCODING, "gzip, deflate, br");
	curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
}

static void
callbacks_set(struct transfer *t)
{
	CURL *e = t->easy;

	curl_easy_setopt(e, CURLOPT_PRIVATE, t);
	curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->error);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t);
	curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(e, CURLOPT_HEADERDATA, t);
	curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(e, CURLOPT_WRITEDATA, t);
}

int
transfer_setup(struct transfer *t, const char *user_agent, struct err *err)
{
	const struct grant *g = t->grant;

	t->guard = FETCH_OK;
	t->guard_reason = "";
	t->header_bytes = 0;
	t->status = 0;
	t->error[0] = '\0';
	response_begin(t);
	if (url_check(t, err) == -1)
		return -1;
	limits_set(t->easy, g);
	callbacks_set(t);
	headers_make(t);
	curl_easy_setopt(t->easy, CURLOPT_URL, g->url);
	curl_easy_setopt(t->easy, CURLOPT_USERAGENT, user_agent);
	if (str_eq(g->method, "POST")) {
		const char *body = g->body == NULL ? "" : g->body;
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE,
		    (curl_off_t)strlen(body));
		curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, body);
	}
	return 0;
}

/* ---- what came of it ---- */

static enum fetch_result
result_of_code(CURLcode rc)
{
	switch (rc) {
	case CURLE_OPERATION_TIMEDOUT:
		return FETCH_TIMEOUT;
	case CURLE_COULDNT_RESOLVE_HOST:
		return FETCH_DNS;
	case CURLE_COULDNT_CONNECT:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
		return FETCH_CONNECT;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return FETCH_TLS;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return FETCH_REFUSED;
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_OUT_OF_MEMORY:
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

/* An exchange that HTTP calls complete: what its status means. */
static void
status_result(struct transfer *t, struct fetched *to)
{
	if (t->status == 304)
		to->result = FETCH_UNCHANGED;
	else if (is_redirect(t->status) && t->location != NULL) {
		to->location =
		    url_resolve(t->arena, t->grant->url, t->location);
		to->result = to->location == NULL ? FETCH_REFUSED : FETCH_MOVED;
		if (to->location == NULL)
			to->reason = arena_printf(t->arena,
			    "it redirects to what is no web address: %s",
			    str_safe(t->arena, t->location, REASON_BYTES));
	} else if (t->status >= 200 && t->status < 300)
		to->result = FETCH_OK;
	else {
		to->result = FETCH_STATUS;
		to->reason = arena_printf(t->arena, "HTTP %d", t->status);
	}
}

static void
hash_compare(struct transfer *t, struct fetched *to)
{
	uint8_t hash[SHA256_BYTES];

	sha256_of(t->body.data == NULL ? "" : t->body.data, t->body.len, hash);
	to->body_hash = str_hex(t->arena, hash, sizeof(hash));
	if (to->result == FETCH_OK &&
	    str_eq(t->grant->body_hash, to->body_hash))
		to->result = FETCH_UNCHANGED;
}

static const char *
failure_reason(const struct transfer *t, CURLcode rc)
{
	const char *text =
	    t->error[0] == '\0' ? curl_easy_strerror(rc) : t->error;

	return str_safe(t->arena, text, REASON_BYTES);
}

void
transfer_result(struct transfer *t, CURLcode rc, struct fetched *to)
{
	curl_off_t wire = 0;
	long status = 0;

	memset(to, 0, sizeof(*to));
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	t->status = (int)status;
	to->id = t->grant->id;
	to->url = t->grant->url;
	to->status = t->status;
	to->reason = "";
	to->content_type = t->content_type;
	to->etag = t->etag;
	to->last_modified = t->last_modified;
	to->retry_after = t->retry_after;
	to->bytes = (int64_t)t->body.len;
	to->wire_bytes = wire;
	to->took_ms = clock_mono_ms() - t->begin_ms;
	if (t->guard != FETCH_OK) {
		to->result = t->guard;
		to->reason = t->guard_reason;
	} else if (rc != CURLE_OK) {
		to->result = result_of_code(rc);
		to->reason = failure_reason(t, rc);
	} else {
		status_result(t, to);
		hash_compare(t, to);
	}
}
