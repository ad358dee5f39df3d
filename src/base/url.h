/*
 * URLs as RFC 3986 has them, read the way the WHATWG standard's vectors ask
 * for http and https, since that is what wrote them.
 */
#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>
#include "base/arena.h"
#include "base/err.h"

/* Parts of an absolute http or https URL; all are in the arena. */
struct url {
	const char *scheme;   /* "http" or "https" */
	const char *host;     /* lower case; punycode; "[...]" for IPv6 */
	int port;             /* the one to dial, default filled in */
	bool has_userinfo;    /* user:password@ was there */
	const char *path;     /* begins with '/' */
	const char *query;    /* without '?', or NULL */
	const char *fragment; /* without '#', or NULL */
};

/*
 * Parse an absolute http(s) URL; blanks around it do not count. Refuses other
 * schemes, userinfo (has_userinfo is set then), backslashes before the query
 * (later ones are encoded), control characters, an empty host, a bad port, and
 * more than LIMIT_URL_BYTES, also once it is encoded: -1 and the reason.
 */
int url_parse(struct arena *, const char *text, struct url *to, struct err *);
/* The text of a URL again, without its fragment. */
char *url_text(struct arena *, const struct url *);
/* "scheme://host:port" with the default port left out. */
char *url_authority(struct arena *, const struct url *);
/*
 * Resolve a reference as a page has it against an absolute base (RFC 3986
 * section 5.2), then parse and print, with its fragment; NULL if the result
 * is not an http(s) URL. base may be NULL: reference must be absolute then.
 * More forgiving than url_parse, as browsers are: line ends are left out, and
 * slashes behind the scheme may be few or many.
 */
char *url_resolve(struct arena *, const char *base, const char *reference);
/*
 * The canonical URL by which postings are compared: scheme and host lower,
 * default port, fragment and tracking parameters gone, parameters sorted, a
 * trailing slash of the path gone, %XX normalised. What may tell two jobs
 * apart stays: "ref", "src" and "source" with a number in them, fragments that
 * are routes ("#/", "#!"). NULL if it is not an http(s) URL, or text is NULL.
 */
char *url_canonical(struct arena *, const char *text);
/*
 * The text as it is but for parameters that only say where a visitor came
 * from (utm_* and their like): for links that people follow.
 */
char *url_without_tracking(struct arena *, const char *text);
/* Percent-encode all but unreserved characters and those in keep. */
char *url_escape(struct arena *, const char *text, const char *keep);
/* The URL without those parameters of its query that have that name. */
char *url_without_param(struct arena *, const char *text, const char *name);
/* What is before the '@' of any URL replaced by "***", for logs. */
char *url_redact(struct arena *, const char *text);

#endif
