/*
 * What arrives: header fields that are kept and bytes that are counted.
 * libcurl 7.88's own limits do not hold (semantics 5.5).
 */
#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "net/net_int.h"

/* Ratio is judged only once so much was decoded: text of one letter is no
 * attack. */
#define RATIO_FROM_BYTES (1024 * 1024)
/* libcurl counts a chunk after it handed it on: one buffer may be missing. */
#define WIRE_LAG_BYTES (16 * 1024)
/* A validator or type longer than this is not worth keeping. */
#define FIELD_BYTES 1000
/* Of the body of a refusal: looked at, and shown. */
#define SAYS_LOOK  4096
#define SAYS_BYTES 160

/* ---- header fields ---- */

/* A field's value; NULL if it is too long or not text. */
static const char *
field_value(struct arena *arena, const char *p, size_t n, size_t max)
{
	while (n > 0 && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", p[n - 1]) != NULL)
		n--;
	if (n == 0 || n > max || !utf8_is_valid(p, n))
		return NULL;
	return arena_strndup(arena, p, n);
}

/* Location may hold any bytes; those that are not ASCII are encoded. "" if
 * it cannot be meant. */
static const char *
location_value(struct arena *arena, const char *p, size_t n)
{
	static const char hex[] = "0123456789ABCDEF";
	char *text, *to;

	while (n > 0 && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", p[n - 1]) != NULL)
		n--;
	if (n == 0 || n > LIMIT_URL_BYTES || memchr(p, '\0', n) != NULL)
		return "";
	to = text = arena_alloc(arena, 3 * n + 1);
	for (; n > 0; n--, p++) {
		int octet = (unsigned char)*p;

		if (octet < 0x80) {
			*to++ = *p;
			continue;
		}
		*to++ = '%';
		*to++ = hex[octet >> 4];
		*to++ = hex[octet & 15];
	}
	return text;
}

static bool
value_is(const char *p, size_t n, const char *word)
{
	return strlen(word) == n && strncasecmp(p, word, n) == 0;
}

/* How many layers of a kind an encoding field adds; 99: one we do not take. */
static int
encoding_layers(const char *p, size_t n)
{
	static const char *const none[] = { "", "identity", "chunked" };
	static const char *const one[] = { "gzip", "x-gzip", "deflate", "br" };

	while (n > 0 && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	while (n > 0 && strchr(" \t\r\n", p[n - 1]) != NULL)
		n--;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (value_is(p, n, none[i]))
			return 0;
	for (size_t i = 0; i < sizeof(one) / sizeof(one[0]); i++)
		if (value_is(p, n, one[i]))
			return 1;
	return 99;
}

static void
field_keep(struct transfer *t, const char *line, size_t n)
{
	struct response *r = &t->response;
	const struct {
		const char *name;
		const char **to;
	} kept[] = { { "content-type", &r->content_type }, { "etag", &r->etag },
		{ "last-modified", &r->last_modified },
		{ "retry-after", &r->retry_after } };
	const char *colon = memchr(line, ':', n), *value;
	size_t name, left;

	if (colon == NULL)
		return;
	name = (size_t)(colon - line);
	value = colon + 1;
	left = n - name - 1;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (value_is(line, name, kept[i].name))
			*kept[i].to =
			    field_value(t->arena, value, left, FIELD_BYTES);
	if (value_is(line, name, "location"))
		r->location = location_value(t->arena, value, left);
	if (value_is(line, name, "content-encoding") ||
	    value_is(line, name, "transfer-encoding"))
		r->encodings += encoding_layers(value, left);
}

size_t
response_header(char *line, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	size_t n = size * count;

	t->header_bytes += n;
	if (t->header_bytes > LIMIT_HEADER_BYTES) {
		transfer_guard(t, FETCH_TOO_BIG,
		    arena_printf(t->arena, "more than %d bytes of headers",
			LIMIT_HEADER_BYTES));
		return 0;
	}
	/* After 1xx a new response begins: forget the last. */
	if (n >= 5 && memcmp(line, "HTTP/", 5) == 0)
		t->response = (struct response){ 0 };
	else
		field_keep(t, line, n);
	if (t->response.encodings > 1) {
		transfer_guard(t, FETCH_BROKEN,
		    "encoded otherwise than once by gzip, deflate or br");
		return 0;
	}
	return n;
}

/* ---- the body ---- */

/*
 * The title of an HTML page, else the beginning of a text, on one line: what
 * a server says of its own refusal. NULL if that is nothing readable.
 */
const char *
response_says(struct transfer *t)
{
	size_t n = t->body.len < SAYS_LOOK ? t->body.len : SAYS_LOOK;
	const char *text = utf8_mend(t->arena, buf_cstr(&t->body), n), *end;

	text += strspn(text, " \t\r\n");
	if (text[0] == '<') {
		text = str_find_ci(text, "<title");
		text = text == NULL ? NULL : strchr(text, '>');
		end = text == NULL ? NULL : strchr(text, '<');
		if (end == NULL)
			return NULL;
		text =
		    arena_strndup(t->arena, text + 1, (size_t)(end - text - 1));
	}
	text = str_fold_space(t->arena, text);
	return text[0] == '\0' ? NULL : str_safe(t->arena, text, SAYS_BYTES);
}

bool
response_is_bomb(const struct transfer *t)
{
	curl_off_t wire = 0;

	if (t->response.encodings == 0 || t->body.len < RATIO_FROM_BYTES)
		return false;
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &wire);
	return t->body.len / ((size_t)wire + WIRE_LAG_BYTES) >=
	       LIMIT_INFLATE_RATIO;
}

static bool
is_success(const struct transfer *t)
{
	long status = 0;

	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return status >= 200 && status < 300;
}

/* Bytes come decoded, which is where a bomb goes off. */
size_t
response_body(char *data, size_t size, size_t count, void *context)
{
	struct transfer *t = context;
	bool is_good = is_success(t);
	size_t n = size * count, limit = t->body.limit, room;

	if (!is_good && limit > LIMIT_STATUS_BODY_BYTES)
		limit = LIMIT_STATUS_BODY_BYTES;
	room = limit - t->body.len;
	if (n <= room && buf_add(&t->body, data, n) == 0) {
		if (!response_is_bomb(t))
			return n;
		transfer_guard(t, FETCH_TOO_BIG,
		    arena_printf(t->arena,
			"unpacks to more than %d times its size",
			LIMIT_INFLATE_RATIO));
		return 0;
	}
	if (!is_good) {
		t->is_over = t->is_cut = true;
	} else if (t->grant->kind == REQUEST_ROBOTS) {
		(void)buf_add(&t->body, data, room);
		t->is_cut = true;
	} else {
		transfer_guard(t, FETCH_TOO_BIG,
		    arena_printf(t->arena, "more than %lld bytes",
			(long long)t->body.limit));
	}
	return 0;
}
