#include "base/url.h"

#include <string.h>

#include "base/base_int.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

/*
 * WHATWG's percent-encode sets: what is encoded beside control characters
 * and everything outside ASCII. A backslash is never in a path here, and in a
 * query it goes out encoded, lest anyone reads it as a slash.
 */
static const char path_set[] = " \"#<>?^`{}\\";
static const char query_set[] = " \"#<>'\\";
static const char fragment_set[] = " \"<>`";

struct span {
	const char *p;
	size_t n;
};

static bool
is_alpha(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* The length of the scheme that text begins with, or 0. */
static size_t
scheme_length(const char *text)
{
	size_t n = 0;

	if (!is_alpha(text[0]))
		return 0;
	while (is_alpha(text[n]) || strchr("0123456789+-.", text[n]) != NULL)
		if (text[n++] == '\0')
			return 0;
	return text[n] == ':' ? n : 0;
}

/* "http", "https" or NULL, for a scheme of n bytes. */
static const char *
scheme_known(const char *text, size_t n)
{
	if (n == 4 && strncasecmp(text, "http", 4) == 0)
		return "http";
	if (n == 5 && strncasecmp(text, "https", 5) == 0)
		return "https";
	return NULL;
}

static int
default_port(const char *scheme)
{
	return scheme[4] == 's' ? 443 : 80;
}

/* Text with the characters of set, controls and non-ASCII as %XX. */
static char *
encode(struct arena *a, struct span s, const char *set)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t size = 1;
	char *to, *q;

	for (size_t i = 0; i < s.n; i++)
		size +=
		    s.p[i] > ' ' && s.p[i] < 0x7f && strchr(set, s.p[i]) == NULL
			? 1
			: 3;
	q = to = arena_alloc(a, size);
	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c > ' ' && c < 0x7f && strchr(set, c) == NULL) {
			*q++ = (char)c;
			continue;
		}
		*q++ = '%';
		*q++ = hex[c >> 4];
		*q++ = hex[c & 15];
	}
	return to;
}

/* 1 for ".", 2 for "..", each dot perhaps written %2e; 0 for others. */
static int
dots(const char *s, size_t n)
{
	int count = 0;

	while (n > 0 && count < 3) {
		if (s[0] == '.') {
			s++;
			n--;
		} else if (n >= 3 && strncasecmp(s, "%2e", 3) == 0) {
			s += 3;
			n -= 3;
		} else {
			return 0;
		}
		count++;
	}
	return n == 0 && count < 3 ? count : 0;
}

/* RFC 3986 section 5.2.4 in place; path begins with '/'. */
static void
remove_dots(char *path)
{
	char *from = path, *to = path;

	while (*from == '/') {
		size_t n = strcspn(from + 1, "/");
		int d = dots(from + 1, n);
		bool last = from[1 + n] == '\0';
		if (d == 2)
			while (to > path && *--to != '/')
				;
		if (d == 0) {
			memmove(to, from, n + 1);
			to += n + 1;
		} else if (last) {
			*to++ = '/';
		}
		from += 1 + n;
	}
	*to = '\0';
}

static char *
parse_path(struct arena *a, struct span s)
{
	char *path;

	if (s.n == 0 || s.p[0] != '/') {
		path = arena_alloc(a, s.n + 2);
		if (path == NULL)
			return NULL;
		path[0] = '/';
		memcpy(path + 1, s.p, s.n);
		s = (struct span){ path, s.n + 1 };
	}
	path = encode(a, s, path_set);
	if (path != NULL)
		remove_dots(path);
	return path;
}

static int
parse_port(struct span s, int *to, struct err *e)
{
	int port = 0;

	if (s.n == 0)
		return 0; /* "host:" means the default */
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return err_set(e, ERR_DATA, "URL has a bad port");
		port = port * 10 + s.p[i] - '0';
		if (port > 65535)
			return err_set(e, ERR_DATA, "URL has a bad port");
	}
	if (port == 0)
		return err_set(e, ERR_DATA, "URL has port 0");
	*to = port;
	return 0;
}

static int
parse_authority(struct arena *a, struct span s, struct url *to, struct err *e)
{
	const char *colon = NULL;
	size_t host;

	if (memchr(s.p, '@', s.n) != NULL) {
		to->has_userinfo = true;
		return err_set(e, ERR_DATA, "URL has a user name in it");
	}
	/* The colons inside of [...] belong to the address. */
	for (size_t i = s.n; i > 0 && s.p[i - 1] != ']'; i--)
		if (s.p[i - 1] == ':')
			colon = s.p + i - 1;
	host = colon == NULL ? s.n : (size_t)(colon - s.p);
	to->port = default_port(to->scheme);
	if (host == 0)
		return err_set(e, ERR_DATA, "URL has no host");
	if (colon != NULL &&
	    parse_port(
		(struct span){ colon + 1, s.n - host - 1 }, &to->port, e) == -1)
		return -1;
	to->host = host_parse(a, s.p, host, e);
	return to->host == NULL ? -1 : 0;
}

/* Fill path, query and fragment from what is behind the authority. */
static int
parse_rest(struct arena *a, const char *rest, struct url *to, struct err *e)
{
	struct span path = { rest, strcspn(rest, "?#") }, part;
	const char *p = rest + path.n;
	size_t n;

	to->path = parse_path(a, path);
	to->query = to->fragment = NULL;
	if (*p == '?') {
		part = (struct span){ p + 1, strcspn(p + 1, "#") };
		to->query = encode(a, part, query_set);
		p += 1 + part.n;
	}
	if (*p == '#') {
		part = (struct span){ p + 1, strlen(p + 1) };
		to->fragment = encode(a, part, fragment_set);
	}
	n = to->path == NULL ? 0 : strlen(to->path);
	n += to->query == NULL ? 0 : strlen(to->query);
	n += to->fragment == NULL ? 0 : strlen(to->fragment);
	if (to->path == NULL || n > LIMIT_URL_BYTES)
		return err_set(e, ERR_DATA, "URL is longer than %d bytes",
		    LIMIT_URL_BYTES);
	return 0;
}

static int
check_text(const char *text, size_t n, struct err *e)
{
	size_t head = strcspn(text, "?#");

	if (n > LIMIT_URL_BYTES)
		return err_set(e, ERR_DATA, "URL is longer than %d bytes",
		    LIMIT_URL_BYTES);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c < ' ' || c == 0x7f)
			return err_set(
			    e, ERR_DATA, "URL has a control character in it");
	}
	if (memchr(text, '\\', head < n ? head : n) != NULL)
		return err_set(e, ERR_DATA, "URL has a backslash in it");
	return 0;
}

int
url_parse(struct arena *a, const char *text, struct url *to, struct err *e)
{
	size_t n, scheme;
	struct span authority;
	char *copy;

	memset(to, 0, sizeof(*to));
	text += strspn(text, " ");
	for (n = strlen(text); n > 0 && text[n - 1] == ' ';)
		n--;
	if (check_text(text, n, e) == -1)
		return -1;
	copy = arena_strndup(a, text, n);
	if (copy == NULL)
		return err_set(e, ERR_OS, "URL: out of memory");
	scheme = scheme_length(copy);
	to->scheme = scheme_known(copy, scheme);
	if (scheme == 0)
		return err_set(e, ERR_DATA, "URL has no scheme");
	if (to->scheme == NULL)
		return err_set(e, ERR_DATA,
		    "URL begins with %.*s:, not http: or https:",
		    scheme < 20 ? (int)scheme : 20, copy);
	copy += scheme + 1;
	if (!str_starts(copy, "//"))
		return err_set(e, ERR_DATA, "URL has no // behind its scheme");
	copy += 2;
	authority = (struct span){ copy, strcspn(copy, "/?#") };
	if (parse_authority(a, authority, to, e) == -1)
		return -1;
	return parse_rest(a, copy + authority.n, to, e);
}

char *
url_authority(struct arena *a, const struct url *u)
{
	if (u->port == default_port(u->scheme))
		return arena_printf(a, "%s://%s", u->scheme, u->host);
	return arena_printf(a, "%s://%s:%d", u->scheme, u->host, u->port);
}

char *
url_text(struct arena *a, const struct url *u)
{
	const char *authority = url_authority(a, u);

	if (authority == NULL)
		return NULL;
	if (u->query == NULL)
		return arena_printf(a, "%s%s", authority, u->path);
	return arena_printf(a, "%s%s?%s", authority, u->path, u->query);
}

/*
 * A reference as pages have it: control characters and blanks around it
 * and line ends inside it are no part of it (WHATWG).
 */
static char *
clean(struct arena *a, const char *text)
{
	size_t n;
	char *to, *q;

	while (*text > 0 && *text <= ' ')
		text++;
	for (n = strlen(text); n > 0 && text[n - 1] > 0 && text[n - 1] <= ' ';)
		n--;
	to = q = arena_strndup(a, text, n);
	for (char *p = to; p != NULL && *p != '\0'; p++)
		if (*p != '\t' && *p != '\n' && *p != '\r')
			*q++ = *p;
	if (q != NULL)
		*q = '\0';
	return to;
}

/* The absolute text of a reference that has no scheme of its own. */
static char *
join(struct arena *a, const struct url *base, const char *reference)
{
	const char *authority = url_authority(a, base), *slash;
	const char *query = base->query;

	if (authority == NULL)
		return NULL;
	switch (reference[0]) {
	case '/':
		if (reference[1] == '/')
			return arena_printf(a, "%s://%s", base->scheme,
			    reference + strspn(reference, "/"));
		return arena_printf(a, "%s%s", authority, reference);
	case '?':
		return arena_printf(
		    a, "%s%s%s", authority, base->path, reference);
	case '#':
	case '\0':
		return arena_printf(a, "%s%s%s%s%s", authority, base->path,
		    query == NULL ? "" : "?", query == NULL ? "" : query,
		    reference);
	default:
		slash = strrchr(base->path, '/');
		return arena_printf(a, "%s%.*s%s", authority,
		    (int)(slash - base->path + 1), base->path, reference);
	}
}

char *
url_resolve(struct arena *a, const char *base, const char *reference)
{
	char *text = clean(a, reference);
	const char *scheme = NULL, *rest = text;
	struct url b, u;
	size_t n;

	if (text == NULL)
		return NULL;
	n = scheme_length(text);
	if (n > 0) {
		scheme = scheme_known(text, n);
		if (scheme == NULL)
			return NULL;
		rest += n + 1;
	}
	if (base == NULL || (n > 0 && str_starts(rest, "//")))
		b.scheme = NULL;
	else if (url_parse(a, base, &b, NULL) == -1)
		return NULL;
	/*
	 * "http:x" and "http:/x" are relative to a base of http; else slashes
	 * do not count, be they none or many (WHATWG).
	 */
	if (n > 0 && scheme != b.scheme)
		text = arena_printf(
		    a, "%s://%s", scheme, rest + strspn(rest, "/"));
	else if (base != NULL)
		text = join(a, &b, rest);
	if (text == NULL || url_parse(a, text, &u, NULL) == -1)
		return NULL;
	text = url_text(a, &u);
	if (text == NULL || u.fragment == NULL)
		return text;
	return arena_printf(a, "%s#%s", text, u.fragment);
}

char *
url_without_param(struct arena *a, const char *text, const char *name)
{
	size_t n = strlen(name), head = strcspn(text, "?#");
	const char *p = text + head;
	char *result = arena_strdup(a, text), *to = result + head;
	char separator = '?';

	while (*p != '\0' && *p != '#') {
		const char *part = p + 1;
		size_t len = strcspn(part, "&#");

		p = part + len;
		if (strncmp(part, name, n) == 0 && (part[n] == '=' || len == n))
			continue;
		*to++ = separator;
		separator = '&';
		memmove(to, part, len);
		to += len;
	}
	memmove(to, p, strlen(p) + 1);
	return result;
}
