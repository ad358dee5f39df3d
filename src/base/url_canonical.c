/*
 * URLs for comparing and for showing.
 */
#include "base/url.h"

#include <stdlib.h>
#include <string.h>

#include "base/base_int.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What says where a visitor came from, never what he looks at. */
static const char *const tracking[] = { "_ga", "_gl", "_hsenc", "_hsmi",
	"dclid", "fbclid", "gbraid", "gclid", "gclsrc", "gh_src", "igshid",
	"lever-origin", "lever-source", "lever-via", "li_fat_id", "mc_cid",
	"mc_eid", "mkt_tok", "msclkid", "refid", "referer", "referrer",
	"trackingid", "trk", "trkinfo", "ttclid", "twclid", "vero_id", "wbraid",
	"yclid" };

/* The same by habit, but some sites number their jobs with these. */
static const char *const ambiguous[] = { "ref", "source", "src" };

static bool
is_unreserved(char c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c != '\0' && strchr("-._~", c) != NULL);
}

static bool
in_list(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_ci(name, list[i]))
			return true;
	return false;
}

/* A value with a number of three or more digits names a thing. */
static bool
has_number(const char *value)
{
	size_t run = 0;

	for (; *value != '\0'; value++) {
		run = *value >= '0' && *value <= '9' ? run + 1 : 0;
		if (run == 3)
			return true;
	}
	return false;
}

static bool
is_tracking(struct arena *a, const char *parameter)
{
	size_t n = strcspn(parameter, "=");
	char *name = arena_strndup(a, parameter, n);

	if (name == NULL)
		return false;
	/* "x[]=" is one of a list. */
	if (str_ends(name, "[]"))
		name[n - 2] = '\0';
	else if (str_ends(name, "%5B%5D"))
		name[n - 6] = '\0';
	if (strncasecmp(name, "utm_", 4) == 0 ||
	    in_list(name, tracking, COUNT(tracking)))
		return true;
	return in_list(name, ambiguous, COUNT(ambiguous)) &&
	       !has_number(parameter + n);
}

/* %XX in capitals, and decoded where it stands for a plain letter or digit. */
static char *
normalise_escapes(struct arena *a, const char *text)
{
	char *to = arena_strdup(a, text), *q = to;
	int high, low;

	if (to == NULL)
		return NULL;
	for (const char *p = text; *p != '\0'; p++) {
		high = p[0] == '%' ? hex_value(p[1]) : -1;
		low = high >= 0 ? hex_value(p[2]) : -1;
		if (low < 0) {
			*q++ = *p;
		} else if (is_unreserved((char)(high << 4 | low))) {
			*q++ = (char)(high << 4 | low);
			p += 2;
		} else {
			*q++ = '%';
			*q++ = "0123456789ABCDEF"[high];
			*q++ = "0123456789ABCDEF"[low];
			p += 2;
		}
	}
	*q = '\0';
	return to;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The parameters that identify, sorted; NULL if there are none. */
static char *
canonical_query(struct arena *a, const char *query)
{
	char *text = normalise_escapes(a, query), *p, *next;
	size_t n = 0, most = 1;
	char **parameters;
	struct buf out;

	if (text == NULL)
		return NULL;
	for (p = text; *p != '\0'; p++)
		most += *p == '&';
	parameters = arena_array(a, most, sizeof(*parameters));
	for (p = text; parameters != NULL && p != NULL; p = next) {
		next = strchr(p, '&');
		if (next != NULL)
			*next++ = '\0';
		if (*p != '\0' && !is_tracking(a, p))
			parameters[n++] = p;
	}
	if (n == 0)
		return NULL;
	qsort(parameters, n, sizeof(*parameters), compare);
	buf_init(&out, LIMIT_URL_BYTES);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&out, '&');
		buf_str(&out, parameters[i]);
	}
	text = arena_strdup(a, buf_cstr(&out));
	buf_fini(&out);
	return text;
}

/* "#/jobs/1" and "#!jobs/1" are how some pages write a path. */
static bool
is_route(const char *fragment)
{
	return fragment != NULL && (fragment[0] == '/' || fragment[0] == '!') &&
	       fragment[1] != '\0';
}

char *
url_canonical(struct arena *a, const char *text)
{
	struct url u;
	char *path;
	size_t n;

	if (text != NULL)
		text = url_resolve(a, NULL, text);
	if (text == NULL || url_parse(a, text, &u, NULL) == -1)
		return NULL;
	path = normalise_escapes(a, u.path);
	if (path == NULL)
		return NULL;
	for (n = strlen(path); n > 1 && path[n - 1] == '/'; n--)
		path[n - 1] = '\0';
	u.path = path;
	if (u.query != NULL)
		u.query = canonical_query(a, u.query);
	text = url_text(a, &u);
	if (text == NULL || !is_route(u.fragment))
		return (char *)text;
	return arena_printf(a, "%s#%s", text, u.fragment);
}

char *
url_without_tracking(struct arena *a, const char *text)
{
	size_t head = strcspn(text, "?#"), n;
	const char *p = text + head, *end = p + strcspn(p, "#");
	struct buf out;
	char *result, join = '?';

	buf_init(&out, LIMIT_URL_BYTES + strlen(text));
	buf_add(&out, text, head);
	for (p += p < end; p < end; p += n + (p + n < end)) {
		n = strcspn(p, "&#");
		if (is_tracking(a, arena_strndup(a, p, n)))
			continue;
		buf_char(&out, join);
		buf_add(&out, p, n);
		join = '&';
	}
	buf_str(&out, end);
	result = arena_strdup(a, buf_cstr(&out));
	buf_fini(&out);
	return result;
}

char *
url_escape(struct arena *a, const char *text, const char *keep)
{
	static const char hex[] = "0123456789ABCDEF";
	char *to = arena_array(a, strlen(text) + 1, 3), *q = to;

	if (to == NULL)
		return NULL;
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;
		if (is_unreserved(*text) || strchr(keep, *text) != NULL) {
			*q++ = *text;
			continue;
		}
		*q++ = '%';
		*q++ = hex[c >> 4];
		*q++ = hex[c & 15];
	}
	return to;
}

/*
 * Where the userinfo ends (its '@'), or NULL. It may hold a slash that ought
 * to have been encoded: a colon that no port follows gives it away.
 */
static const char *
userinfo_end(const char *authority)
{
	size_t n = strcspn(authority, "/?# \t\r\n"), colon;
	const char *at = memrchr(authority, '@', n);

	if (at != NULL)
		return at;
	colon = strcspn(authority, ":");
	if (colon >= n)
		return NULL;
	colon++;
	if (colon + strspn(authority + colon, "0123456789") >= n)
		return NULL;
	return strchr(authority + n, '@');
}

char *
url_redact(struct arena *a, const char *text)
{
	const char *authority = strstr(text, "://"), *at;

	if (authority == NULL)
		return arena_strdup(a, text);
	authority += 3;
	at = userinfo_end(authority);
	if (at == NULL)
		return arena_strdup(a, text);
	return arena_printf(a, "%.*s***%s", (int)(authority - text), text, at);
}
