/*
 * The ids that hosted boards write into their URLs. They are the strongest
 * evidence across sources: the same number is the same posting, whoever
 * shows it and however its title was edited.
 */
#include <ctype.h>
#include <string.h>
#include "base/str.h"
#include "base/url.h"
#include "match/match_int.h"

#define UUID_LENGTH 36

/* A URL in the pieces that ids are looked for in. */
struct address {
	const char *host, *path, *query;
	struct arena *arena;
};

static bool
is_uuid(const char *p)
{
	for (size_t i = 0; i < UUID_LENGTH; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? p[i] != '-' : !isxdigit((unsigned char)p[i]))
			return false;
	}
	return !isalnum((unsigned char)p[UUID_LENGTH]) && p[UUID_LENGTH] != '-';
}

static bool
host_is(const char *host, const char *domain)
{
	size_t n = strlen(host), m = strlen(domain);

	return n >= m && str_eq(host + n - m, domain) &&
	       (n == m || host[n - m - 1] == '.');
}

/* The value of a query parameter, in the arena, or NULL. */
static const char *
parameter(const struct address *a, const char *name)
{
	size_t n = strlen(name);

	for (const char *p = a->query; p != NULL && *p != '\0';) {
		size_t size = strcspn(p, "&");

		if (size > n && p[n] == '=' && strncasecmp(p, name, n) == 0)
			return arena_strndup(a->arena, p + n + 1, size - n - 1);
		p += size;
		p += *p == '&';
	}
	return NULL;
}

/* The segment behind "/word/", in the arena, or NULL. */
static const char *
segment_after(const struct address *a, const char *word)
{
	const char *at = strstr(a->path, word);

	if (at == NULL)
		return NULL;
	at += strlen(word);
	return arena_strndup(a->arena, at, strcspn(at, "/"));
}

/* A run of at least min digits that a word or its end is, or NULL. */
static const char *
digits_of(struct arena *arena, const char *text, size_t min)
{
	if (text == NULL)
		return NULL;
	for (const char *p = text; *p != '\0';) {
		size_t n = strspn(p, "0123456789");

		if (n >= min && (p == text || !isalnum((unsigned char)p[-1])) &&
		    !isalnum((unsigned char)p[n]))
			return arena_strndup(arena, p, n);
		p += n > 0 ? n : 1;
	}
	return NULL;
}

static const char *
last_segment(const struct address *a)
{
	const char *p = strrchr(a->path, '/');

	return p == NULL ? a->path : p + 1;
}

/* A UUID that names the posting: at the path's end, or in a parameter. */
static const char *
uuid_of(const struct address *a)
{
	static const char *const names[] = { "ashby_jid", "opportunityid",
		"jobid", "job_id", "job", "jid", "id", "postingid", "lever-via",
		"uuid" };
	const char *p = a->path;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = parameter(a, names[i]);

		if (value != NULL && strlen(value) == UUID_LENGTH &&
		    is_uuid(value))
			return value;
	}
	for (; *p != '\0'; p++) {
		const char *behind = p + UUID_LENGTH;

		if (p[0] != '/' || strnlen(p, UUID_LENGTH + 1) <= UUID_LENGTH ||
		    !is_uuid(p + 1))
			continue;
		behind++;
		if (*behind == '\0' || str_starts(behind, "/application") ||
		    str_starts(behind, "/apply") || str_eq(behind, "/") ||
		    str_starts(behind, "/thanks"))
			return arena_strndup(a->arena, p + 1, UUID_LENGTH);
	}
	return NULL;
}

static const char *
greenhouse(const struct address *a)
{
	const char *id = digits_of(a->arena, parameter(a, "gh_jid"), 4);

	if (id != NULL || !host_is(a->host, "greenhouse.io"))
		return id;
	id = digits_of(a->arena, segment_after(a, "/jobs/"), 4);
	return id != NULL ? id : digits_of(a->arena, parameter(a, "token"), 4);
}

/* "/Berlin/Engineer_R-12345-2": the requisition, without the copy's count. */
static const char *
workday_requisition(const struct address *a)
{
	const char *p = strrchr(last_segment(a), '_');
	char *id, *dash;

	if (p == NULL || strcspn(p, "0123456789") == strlen(p))
		return NULL;
	id = arena_strdup(a->arena, p + 1);
	dash = strrchr(id, '-');
	if (dash != NULL && strlen(dash) <= 3 &&
	    strspn(dash + 1, "0123456789") == strlen(dash + 1) &&
	    strcspn(id, "0123456789") < (size_t)(dash - id))
		*dash = '\0';
	return id;
}

static const char *
workday(const struct address *a)
{
	const char *id = workday_requisition(a);

	if (id == NULL)
		return NULL;
	return arena_printf(
	    a->arena, "%.*s:%s", (int)strcspn(a->host, "."), a->host, id);
}

static const char *
linkedin(const struct address *a)
{
	const char *id =
	    digits_of(a->arena, segment_after(a, "/jobs/view/"), 8);

	return id != NULL
		   ? id
		   : digits_of(a->arena, parameter(a, "currentJobId"), 8);
}

static const char *
indeed(const struct address *a)
{
	const char *id = parameter(a, "jk");

	return id != NULL ? id : parameter(a, "vjk");
}

static const char *
workable(const struct address *a)
{
	const char *id = segment_after(a, "/j/");

	return id != NULL && strlen(id) >= 8 ? id : NULL;
}

static const char *
breezy(const struct address *a)
{
	const char *id = segment_after(a, "/p/");

	return id == NULL ? NULL
			  : arena_strndup(a->arena, id, strcspn(id, "-"));
}

static const char *
recruitee(const struct address *a)
{
	const char *id = segment_after(a, "/o/");

	return id == NULL ? NULL : arena_printf(a->arena, "%s/%s", a->host, id);
}

static const char *
smartrecruiters(const struct address *a)
{
	return digits_of(a->arena, last_segment(a), 9);
}

static const char *
jobvite(const struct address *a)
{
	const char *id = segment_after(a, "/job/");

	return id != NULL ? id : parameter(a, "j");
}

/* Boards that count each customer's postings from one. */
static const char *
host_number(const struct address *a)
{
	const char *id = digits_of(a->arena, segment_after(a, "/jobs/"), 1);

	if (id == NULL)
		id = digits_of(a->arena, segment_after(a, "/job/"), 1);
	if (id == NULL)
		id = digits_of(a->arena, segment_after(a, "/careers/"), 1);
	if (id == NULL)
		id = digits_of(a->arena, parameter(a, "id"), 1);
	return id == NULL ? NULL : arena_printf(a->arena, "%s:%s", a->host, id);
}

static const struct board {
	const char *name, *domain; /* domain NULL: on any host */
	const char *(*find)(const struct address *);
} boards[] = { { "greenhouse", NULL, greenhouse },
	{ "workday", "myworkdayjobs.com", workday },
	{ "workday", "myworkdaysite.com", workday },
	{ "linkedin", "linkedin.com", linkedin },
	{ "workable", "workable.com", workable },
	{ "breezy", "breezy.hr", breezy },
	{ "recruitee", "recruitee.com", recruitee },
	{ "smartrecruiters", "smartrecruiters.com", smartrecruiters },
	{ "jobvite", "jobvite.com", jobvite },
	{ "personio", "personio.de", host_number },
	{ "personio", "personio.com", host_number },
	{ "bamboohr", "bamboohr.com", host_number },
	{ "icims", "icims.com", host_number },
	{ "teamtailor", "teamtailor.com", host_number },
	{ "uuid", NULL, uuid_of } };

static bool
address_read(struct arena *arena, const char *url, struct address *to)
{
	struct url u;

	if (url == NULL || url_parse(arena, url, &u, NULL) != 0)
		return false;
	*to = (struct address){ u.host, u.path, u.query, arena };
	return true;
}

const char *
board_id(struct arena *arena, const char *url)
{
	struct address a;
	const char *id;

	if (!address_read(arena, url, &a))
		return NULL;
	if (strstr(a.host, "indeed.") != NULL && (id = indeed(&a)) != NULL)
		return arena_printf(arena, "indeed:%s", id);
	for (size_t i = 0; i < sizeof(boards) / sizeof(boards[0]); i++) {
		if (boards[i].domain != NULL &&
		    !host_is(a.host, boards[i].domain))
			continue;
		id = boards[i].find(&a);
		if (id != NULL && *id != '\0')
			return str_lower(arena,
			    arena_printf(arena, "%s:%s", boards[i].name, id));
	}
	return NULL;
}

const char *
board_id_of(struct arena *arena, const struct posting *p)
{
	const char *id = board_id(arena, p->url), *ext = p->external_id;

	if (id == NULL)
		id = board_id(arena, p->apply_url);
	if (id != NULL || p->source == NULL || ext == NULL)
		return id;
	/* The shipped sources of these boards take their ids as they are. */
	if (str_eq(p->source, "greenhouse") && strlen(ext) >= 4 &&
	    strspn(ext, "0123456789") == strlen(ext))
		return arena_printf(arena, "greenhouse:%s", ext);
	if ((str_eq(p->source, "lever") || str_eq(p->source, "ashby")) &&
	    strlen(ext) == UUID_LENGTH && is_uuid(ext))
		return str_lower(arena, arena_printf(arena, "uuid:%s", ext));
	return NULL;
}

const char *
board_requisition(struct arena *arena, const char *url)
{
	static const char *const names[] = { "career_job_req_id", "jobreqid",
		"requisitionid", "requisition_id", "reqid", "req_id", "req" };
	struct address a;

	if (!address_read(arena, url, &a))
		return NULL;
	if (host_is(a.host, "myworkdayjobs.com") ||
	    host_is(a.host, "myworkdaysite.com"))
		return workday_requisition(&a);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = parameter(&a, names[i]);

		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

/* A value with a digit, or a long one, names something. */
static bool
query_is_specific(const char *canonical)
{
	const char *p = strchr(canonical, '?');

	while (p != NULL) {
		const char *value = strchr(p, '=');
		size_t n;

		if (value == NULL)
			return false;
		n = strcspn(++value, "&");
		if (n >= 8 || strcspn(value, "0123456789") < n)
			return true;
		p = value[n] == '&' ? value + n + 1 : NULL;
	}
	return false;
}

bool
url_is_specific(const char *canonical)
{
	static const char *const lists[] = { "", "careers", "career", "jobs",
		"job", "join", "join-us", "joinus", "openings", "positions",
		"open-positions", "vacancies", "opportunities", "work-with-us",
		"karriere", "stellen", "stellenangebote", "jobangebote",
		"emplois", "empleo", "index.html", "index.php", "apply",
		"about", "en", "de", "search", "list" };
	const char *path, *last;
	size_t n;

	if (canonical == NULL || query_is_specific(canonical))
		return canonical != NULL;
	path = strstr(canonical, "://");
	path = path == NULL ? NULL : strchr(path + 3, '/');
	if (path == NULL)
		return false;
	n = strcspn(path, "?");
	last = path + n;
	while (last[-1] != '/')
		last--;
	n -= (size_t)(last - path);
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strlen(lists[i]) == n &&
		    strncasecmp(last, lists[i], n) == 0)
			return false;
	return true;
}
