/*
 * The canonical URL: two addresses of one posting become one text, two
 * postings stay two.
 */
#include <stdlib.h>
#include <string.h>
#include "base/str.h"
#include "base/url.h"

#define PARAMETERS_MAX 200

/* Say where a visitor came from, never which posting is meant. */
static const char *const tracking[] = { "_ga", "_gl", "_hsenc", "_hsmi",
	"_openstat", "dclid", "fbclid", "gbraid", "gclid", "gclsrc", "gh_src",
	"igshid", "lever-origin", "lever-source", "lever-source[]", "lipi",
	"mc_cid", "mc_eid", "mkt_tok", "msclkid", "oly_anon_id", "oly_enc_id",
	"ref", "ref_src", "referer", "referrer", "refid", "rps", "searchid",
	"source", "src", "trackingid", "trk", "trkinfo", "twclid", "wbraid",
	"yclid" };

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
is_unreserved(int c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

/* %XX of unreserved characters decoded, others upper case (RFC 3986 6.2.2). */
static char *
percent_normalise(struct arena *arena, const char *s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(arena, strlen(s) + 1), *to = out;

	while (*s != '\0') {
		int high = *s == '%' ? hex_value(s[1]) : -1;
		int low = high == -1 ? -1 : hex_value(s[2]);
		int c = high * 16 + low;

		if (low == -1) {
			*to++ = *s++;
			continue;
		}
		if (is_unreserved(c))
			*to++ = (char)c;
		else {
			*to++ = '%';
			*to++ = hex[high];
			*to++ = hex[low];
		}
		s += 3;
	}
	return out;
}

static bool
is_tracking(const char *parameter)
{
	size_t n = strcspn(parameter, "=");

	if (n == 0 || strncasecmp(parameter, "utm_", 4) == 0)
		return true;
	for (size_t i = 0; i < sizeof(tracking) / sizeof(tracking[0]); i++)
		if (strlen(tracking[i]) == n &&
		    strncasecmp(parameter, tracking[i], n) == 0)
			return true;
	return false;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What is left of a query without tracking, sorted; "" if nothing. */
static char *
query_canonical(struct arena *arena, const char *query)
{
	const char *kept[PARAMETERS_MAX];
	size_t n = 0;
	char *text = arena_strdup(arena, "");

	for (const char *p = query; p != NULL && n < PARAMETERS_MAX;) {
		size_t length = strcspn(p, "&");
		const char *one =
		    percent_normalise(arena, arena_strndup(arena, p, length));
		if (length > 0 && !is_tracking(one))
			kept[n++] = one;
		p = p[length] == '\0' ? NULL : p + length + 1;
	}
	qsort(kept, n, sizeof(kept[0]), by_text);
	for (size_t i = 0; i < n; i++)
		text = arena_printf(
		    arena, "%s%c%s", text, i == 0 ? '?' : '&', kept[i]);
	return text;
}

char *
url_canonical(struct arena *arena, const char *text)
{
	struct url u;
	char *path;
	size_t n;

	if (text == NULL || url_parse(arena, text, &u, NULL) == -1)
		return NULL;
	path = percent_normalise(arena, u.path);
	n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		path[--n] = '\0';
	return arena_printf(arena, "%s%s%s", url_authority(arena, &u), path,
	    query_canonical(arena, u.query));
}
