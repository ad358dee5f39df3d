/*
 * URLs read, resolved, printed and made canonical. Follows the WHATWG
 * standard's parser for http and https, less what we refuse.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "base/url_int.h"
#include "base/utf8.h"

/* Bytes that stay as they are, besides letters and digits. */
#define PATH_KEEP  "-._~!$&'()*+,;=:@/%[]|^\\"
#define QUERY_KEEP "-._~!$&()*+,;=:@/%[]|^\\?`{}"
#define UNRESERVED "-._~"

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z');
}

static char *
escape_but(struct arena *arena, const char *s, size_t n, const char *keep)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(arena, 3 * n + 1), *to = out;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		if (is_alnum(s[i]) || (c != 0 && strchr(keep, c) != NULL))
			*to++ = s[i];
		else {
			*to++ = '%';
			*to++ = hex[c >> 4];
			*to++ = hex[c & 15];
		}
	}
	return out;
}

char *
url_escape(struct arena *arena, const char *text, const char *keep)
{
	char *all = arena_printf(arena, UNRESERVED "%s", keep);

	return escape_but(arena, text, strlen(text), all);
}

/* ---- parsing ---- */

static int
fault(struct err *err, const char *text, const char *why)
{
	return err_set(
	    err, ERR_DATA, "'%.100s' is not a URL to fetch: %s", text, why);
}

/* "." and ".." gone (RFC 3986 section 5.2.4), encoded dots too. */
static bool
is_dots(const char *s, size_t n, int dots)
{
	int seen = 0;

	for (size_t i = 0; i < n; seen++) {
		if (s[i] == '.')
			i++;
		else if (n - i >= 3 && strncasecmp(s + i, "%2e", 3) == 0)
			i += 3;
		else
			return false;
	}
	return seen == dots;
}

static char *
path_normalise(struct arena *arena, const char *path)
{
	char *out = arena_alloc(arena, strlen(path) + 2);
	size_t n = 0;

	while (*path == '/') {
		size_t part = strcspn(path + 1, "/");
		bool is_last = path[1 + part] == '\0';

		if (is_dots(path + 1, part, 2)) {
			while (n > 0 && out[--n] != '/')
				;
			if (is_last)
				out[n++] = '/';
		} else if (is_dots(path + 1, part, 1)) {
			if (is_last)
				out[n++] = '/';
		} else {
			memcpy(out + n, path, part + 1);
			n += part + 1;
		}
		path += part + 1;
	}
	if (n == 0)
		out[n++] = '/';
	out[n] = '\0';
	return out;
}

static int
port_parse(const char *s, size_t n, int fallback, int *port)
{
	int64_t value;
	char digits[8];

	*port = fallback;
	while (n > 5 && *s == '0') {
		s++;
		n--;
	}
	if (n == 0)
		return 0;
	if (n > 5)
		return -1;
	memcpy(digits, s, n);
	digits[n] = '\0';
	if (str_to_i64(digits, 1, 65535, &value) == -1)
		return -1;
	*port = (int)value;
	return 0;
}

/* [userinfo@]host[:port] of n bytes. */
static int
authority_parse(struct arena *arena, const char *text, const char *s, size_t n,
    struct url *u, struct err *err)
{
	const char *colon;
	size_t host = n;

	if (memchr(s, '@', n) != NULL)
		return fault(err, text, "it has a user name in it");
	colon = memrchr(s, ':', n);
	if (colon != NULL &&
	    memchr(colon, ']', n - (size_t)(colon - s)) == NULL)
		host = (size_t)(colon - s);
	if (port_parse(s + host + (host < n), n - host - (host < n),
		str_eq(u->scheme, "https") ? 443 : 80, &u->port) == -1)
		return fault(err, text, "its port is none");
	if (host == 0)
		return fault(err, text, "it has no host");
	u->host = url_host(arena, s, host, err);
	if (u->host == NULL)
		return err_prefix(err, "'%.100s'", text);
	return 0;
}

static int
characters_check(const char *text, struct err *err)
{
	if (strlen(text) > LIMIT_URL_BYTES)
		return err_set(err, ERR_DATA,
		    "'%.60s...' is not a URL to fetch: it is longer than %d "
		    "bytes",
		    text, LIMIT_URL_BYTES);
	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return fault(err, "", "it has a control character");
		if (*p == '\\')
			return fault(err, text, "it has a backslash");
	}
	return 0;
}

/* Leading and trailing blanks do not belong to it. */
static const char *
trimmed(struct arena *arena, const char *text)
{
	size_t n;

	text += strspn(text, " \t\r\n\f");
	n = strlen(text);
	while (n > 0 && strchr(" \t\r\n\f", text[n - 1]) != NULL)
		n--;
	return arena_strndup(arena, text, n);
}

static void
rest_parse(struct arena *arena, const char *rest, struct url *u)
{
	size_t path = strcspn(rest, "?#");
	const char *hash = strchr(rest, '#');
	char *raw = arena_printf(
	    arena, "%s%.*s", *rest == '/' ? "" : "/", (int)path, rest);

	u->path = path_normalise(
	    arena, escape_but(arena, raw, strlen(raw), PATH_KEEP));
	if (rest[path] == '?') {
		const char *q = rest + path + 1;
		u->query = escape_but(arena, q, strcspn(q, "#"), QUERY_KEEP);
	}
	if (hash != NULL)
		u->fragment = escape_but(
		    arena, hash + 1, strlen(hash + 1), QUERY_KEEP "#");
}

int
url_parse(
    struct arena *arena, const char *text, struct url *to, struct err *err)
{
	struct url u = { 0 };
	const char *s;
	size_t n;

	text = trimmed(arena, text);
	if (characters_check(text, err) == -1)
		return -1;
	if (strncasecmp(text, "http://", 7) == 0)
		u.scheme = "http";
	else if (strncasecmp(text, "https://", 8) == 0)
		u.scheme = "https";
	else
		return fault(err, text,
		    "it does not begin with http:// or "
		    "https://");
	s = text + strlen(u.scheme) + 3;
	n = strcspn(s, "/?#");
	if (authority_parse(arena, text, s, n, &u, err) == -1)
		return -1;
	rest_parse(arena, s + n, &u);
	*to = u;
	return 0;
}

char *
url_authority(struct arena *arena, const struct url *u)
{
	int usual = str_eq(u->scheme, "https") ? 443 : 80;

	if (u->port == usual)
		return arena_printf(arena, "%s://%s", u->scheme, u->host);
	return arena_printf(arena, "%s://%s:%d", u->scheme, u->host, u->port);
}

char *
url_text(struct arena *arena, const struct url *u)
{
	return arena_printf(arena, "%s%s%s%s", url_authority(arena, u), u->path,
	    u->query == NULL ? "" : "?", u->query == NULL ? "" : u->query);
}

/* ---- references ---- */

/* "name:" before any "/?#": then it is no relative reference. */
static bool
has_scheme(const char *s)
{
	const char *p = s;

	if (!is_alnum(*p) || (*p >= '0' && *p <= '9'))
		return false;
	while (is_alnum(*p) || *p == '+' || *p == '-' || *p == '.')
		p++;
	return *p == ':';
}

char *
url_resolve(struct arena *arena, const char *base, const char *reference)
{
	struct url b, u;
	char *text;

	reference = trimmed(arena, reference);
	if (has_scheme(reference)) {
		if (url_parse(arena, reference, &u, NULL) == -1)
			return NULL;
		return url_text(arena, &u);
	}
	if (url_parse(arena, base, &b, NULL) == -1)
		return NULL;
	if (reference[0] == '/' && reference[1] == '/')
		text = arena_printf(arena, "%s:%s", b.scheme, reference);
	else if (reference[0] == '/')
		text = arena_printf(
		    arena, "%s%s", url_authority(arena, &b), reference);
	else if (reference[0] == '?')
		text = arena_printf(arena, "%s%s%s", url_authority(arena, &b),
		    b.path, reference);
	else if (reference[0] == '#' || reference[0] == '\0')
		text = url_text(arena, &b);
	else
		text = arena_printf(arena, "%s%.*s%s", url_authority(arena, &b),
		    (int)(strrchr(b.path, '/') - b.path + 1), b.path,
		    reference);
	return url_parse(arena, text, &u, NULL) == -1 ? NULL
						      : url_text(arena, &u);
}

char *
url_redact(struct arena *arena, const char *text)
{
	const char *start = strstr(text, "://"), *at;
	size_t n;

	if (start == NULL)
		return arena_strdup(arena, text);
	start += 3;
	n = strcspn(start, "/?#");
	at = memrchr(start, '@', n);
	if (at == NULL)
		return arena_strdup(arena, text);
	return arena_printf(arena, "%.*s***%s", (int)(start - text), text, at);
}
