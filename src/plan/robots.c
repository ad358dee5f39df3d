/*
 * What the rules of a robots.txt mean for an address (RFC 9309). They were
 * parsed in the jail, which left percent-encoding in one form: unreserved
 * characters plain, the others and all that is not ASCII as %XX in capitals.
 */
#include <string.h>
#include "base/buf.h"
#include "base/limits.h"
#include "base/str.h"
#include "plan/plan_int.h"

#define TOKEN_MAX 128
/* Every octet may become three. */
#define PATH_LIMIT (3 * (size_t)LIMIT_URL_BYTES + 16)

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
is_unreserved(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
	       c == '~';
}

static void
add_encoded(struct buf *to, unsigned char octet)
{
	static const char hex[] = "0123456789ABCDEF";

	buf_char(to, '%');
	buf_char(to, hex[octet >> 4]);
	buf_char(to, hex[octet & 15]);
}

/*
 * RFC 9309 section 2.2.2. The two characters that are special in patterns
 * are encoded, so that "%2A" and "%24" of a pattern stand for them.
 */
static void
add_normalised(struct buf *to, const char *p, const char *end)
{
	for (; p < end; p++) {
		unsigned char octet = (unsigned char)*p;
		int high = -1, low = -1;

		if (octet == '%' && end - p > 2) {
			high = hex_digit(p[1]);
			low = hex_digit(p[2]);
		}
		if (high >= 0 && low >= 0) {
			octet = (unsigned char)(high << 4 | low);
			p += 2;
			if (is_unreserved(octet))
				buf_char(to, (char)octet);
			else
				add_encoded(to, octet);
		} else if (octet <= ' ' || octet >= 0x7f || octet == '*' ||
			   octet == '$') {
			add_encoded(to, octet);
		} else {
			buf_char(to, (char)octet);
		}
	}
}

/* Path and query of a URL, from the first octet that rules look at. */
static void
add_path(struct buf *to, const char *url)
{
	const char *end = url + strcspn(url, "#");
	const char *host = strstr(url, "://"), *p = url;

	if (host != NULL && url + strcspn(url, "/?") > host)
		p = host + 3;
	else if (str_starts(url, "//"))
		p = url + 2;
	p += strcspn(p, "/?#");
	if (p >= end || *p != '/')
		buf_char(to, '/');
	if (p < end)
		add_normalised(to, p, end);
}

/* One piece between asterisks; a "$" inside stands for itself. */
static bool
piece_find(const char **at, const char *end, const char *piece, size_t n)
{
	const char *found =
	    n == 0 ? *at : memmem(*at, (size_t)(end - *at), piece, n);

	if (found == NULL)
		return false;
	*at = found + n;
	return true;
}

static bool
match_pieces(const char *pattern, size_t n, bool to_end, const struct buf *path)
{
	const char *at = path->data, *end = path->data + path->len;
	const char *p = pattern, *stop = pattern + n;
	const char *star = memchr(p, '*', n);
	size_t first = star == NULL ? n : (size_t)(star - p);

	if (first > path->len || memcmp(at, p, first) != 0)
		return false;
	at += first;
	if (star == NULL)
		return !to_end || at == end;
	/* Each piece at its leftmost place: no other choice finds more. */
	for (p = star + 1;; p = star + 1) {
		star = memchr(p, '*', (size_t)(stop - p));
		if (star == NULL)
			break;
		if (!piece_find(&at, end, p, (size_t)(star - p)))
			return false;
	}
	size_t last = (size_t)(stop - p);
	if (!to_end)
		return piece_find(&at, end, p, last);
	return last <= (size_t)(end - at) && memcmp(end - last, p, last) == 0;
}

static bool
pattern_matches(const char *pattern, const struct buf *path)
{
	size_t n = strlen(pattern);
	bool to_end = n > 0 && pattern[n - 1] == '$', result;
	struct buf plain;

	if (to_end)
		n--;
	if (memchr(pattern, '$', n) == NULL)
		return match_pieces(pattern, n, to_end, path);
	buf_init(&plain, 3 * n + 1);
	for (size_t i = 0; i < n; i++) {
		if (pattern[i] == '$')
			add_encoded(&plain, '$');
		else
			buf_char(&plain, pattern[i]);
	}
	result = match_pieces(plain.data, plain.len, to_end, path);
	buf_fini(&plain);
	return result;
}

static bool
group_names(const struct robots_group *g, const char *agent)
{
	for (size_t i = 0; i < g->nagents; i++)
		if (str_eq_ci(g->agents[i], agent))
			return true;
	return false;
}

/* The name by which groups bind this agent: its token, or "*". */
static void
binding_name(const struct robots *r, const char *agent, char *to, size_t size)
{
	size_t n = 0;

	while (n < size - 1 &&
	       (((agent[n] | 0x20) >= 'a' && (agent[n] | 0x20) <= 'z') ||
		   agent[n] == '-' || agent[n] == '_'))
		n++;
	memcpy(to, agent, n);
	to[n] = '\0';
	for (size_t i = 0; n > 0 && i < r->ngroups; i++)
		if (group_names(&r->groups[i], to))
			return;
	str_copy(to, "*", size);
}

/* The longest rule of a group that matches, allow before disallow. */
static void
judge_group(const struct robots_group *g, const struct buf *path,
    size_t *longest, bool *allow)
{
	for (size_t i = 0; i < g->nrules; i++) {
		const struct robots_rule *rule = &g->rules[i];
		size_t n = strlen(rule->pattern);

		if (n == 0 || n < *longest ||
		    (n == *longest && (*allow || !rule->allow)) ||
		    !pattern_matches(rule->pattern, path))
			continue;
		*longest = n;
		*allow = rule->allow;
	}
}

bool
robots_allows(const struct robots *r, const char *agent, const char *url)
{
	char name[TOKEN_MAX];
	struct buf path;
	size_t longest = 0;
	bool allow = true;

	buf_init(&path, PATH_LIMIT);
	add_path(&path, url);
	binding_name(r, agent, name, sizeof(name));
	if (path.over)
		allow = false;
	else if (strcmp(path.data, "/robots.txt") != 0)
		for (size_t i = 0; i < r->ngroups; i++)
			if (group_names(&r->groups[i], name))
				judge_group(
				    &r->groups[i], &path, &longest, &allow);
	buf_fini(&path);
	return allow;
}

int64_t
robots_crawl_delay_ms(const struct robots *r, const char *agent)
{
	char name[TOKEN_MAX];
	int64_t delay = -1;

	binding_name(r, agent, name, sizeof(name));
	for (size_t i = 0; i < r->ngroups; i++)
		if (group_names(&r->groups[i], name) &&
		    r->groups[i].crawl_delay_ms > delay)
			delay = r->groups[i].crawl_delay_ms;
	return delay;
}

/*
 * Stricter than the RFC in two points (semantics, 1.6): 429 is no permission,
 * and neither is a chain of redirects that does not end.
 */
enum robots_state
robots_verdict(const struct fetched *f, int redirects)
{
	if (redirects > LIMIT_REDIRECTS)
		return ROBOTS_DISALLOW_ALL;
	if (f->result == FETCH_OK || f->result == FETCH_UNCHANGED)
		return ROBOTS_RULES;
	if (f->result == FETCH_STATUS && f->status >= 400 && f->status < 500 &&
	    f->status != 429)
		return ROBOTS_ALLOW_ALL;
	return ROBOTS_DISALLOW_ALL;
}
