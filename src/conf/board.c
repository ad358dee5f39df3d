/*
 * Boards known by their address.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/url.h"
#include "base/utf8.h"
#include "conf/conf_int.h"

#define VALUE_BYTES  200
#define NOTED_VALUES 16

struct boards {
	struct source_own **list;
	size_t n;
};

/* An address taken apart. */
struct parts {
	struct arena *arena;
	int port; /* 0: that of the scheme */
	char *labels[ADDRESS_PARTS], *path[ADDRESS_PARTS];
	size_t nlabels, npath;
	struct pair query[ADDRESS_PARTS * 2];
	size_t nquery;
};

/* What a pattern took out of it. */
struct taken {
	struct pair values[NOTED_VALUES];
	size_t n;
};

/* ---- an address taken apart ---- */

static int
hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at;

	at = c == '\0' ? NULL : strchr(digits, c | 0x20);
	return at == NULL ? -1 : (int)(at - digits);
}

/* %XX decoded; NULL if it becomes no text. */
static char *
unescape(struct arena *arena, const char *text, size_t n, bool plus)
{
	char *to = arena_strndup(arena, text, n), *q = to;

	for (char *p = to; *p != '\0'; p++) {
		int high = *p == '%' ? hex_digit(p[1]) : -1;
		int low = high < 0 ? -1 : hex_digit(p[2]);
		unsigned char c = (unsigned char)*p;

		if (low >= 0) {
			c = (unsigned char)(high * 16 + low);
			p += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		if (c < ' ' || c == 0x7f)
			return NULL;
		*q++ = (char)c;
	}
	*q = '\0';
	return utf8_is_valid(to, strlen(to)) ? to : NULL;
}

/* Empty parts ("//", a slash at the end) do not count. */
static void
path_split(struct parts *to, const char *path)
{
	while (*path != '\0' && to->npath < ADDRESS_PARTS) {
		size_t n = strcspn(path, "/");

		if (n > 0) {
			char *part = unescape(to->arena, path, n, false);

			to->path[to->npath++] =
			    part == NULL ? arena_strdup(to->arena, "") : part;
		}
		path += n + (path[n] == '/');
	}
}

static void
query_split(struct parts *to, const char *query)
{
	while (
	    query != NULL && *query != '\0' && to->nquery < ADDRESS_PARTS * 2) {
		size_t n = strcspn(query, "&;"), name = strcspn(query, "=&;");
		struct pair *pair = &to->query[to->nquery];

		if (name < n) {
			pair->name = unescape(to->arena, query, name, true);
			pair->value = unescape(
			    to->arena, query + name + 1, n - name - 1, true);
			to->nquery += pair->name != NULL && pair->value != NULL;
		}
		query += n + (query[n] != '\0');
	}
}

static bool
address_split(struct arena *arena, const char *address, struct parts *to)
{
	struct err e = { 0 };
	struct url url;
	size_t n;

	*to = (struct parts){ .arena = arena };
	if (str_starts(address, "//"))
		address = arena_printf(arena, "https:%s", address);
	else if (strstr(address, "://") == NULL)
		address = arena_printf(arena, "https://%s", address);
	if (url_parse(arena, address, &url, &e) == -1)
		return false;
	if (url.port != (str_eq(url.scheme, "https") ? 443 : 80))
		to->port = url.port;
	n = strlen(url.host);
	if (n > 0 && url.host[n - 1] == '.')
		n--;
	for (const char *p = url.host, *end = p + n; p < end;) {
		size_t label = strcspn(p, ".");

		if (to->nlabels == ADDRESS_PARTS)
			return false;
		to->labels[to->nlabels++] = arena_strndup(arena, p, label);
		p += label + 1;
	}
	path_split(to, url.path);
	query_split(to, url.query);
	return true;
}

/* ---- does a pattern match it? ---- */

/* Hosts and files that vendors keep for themselves and no board is. */
static const char *const kept_hosts[] = { "www", "app", "apps", "api", "auth",
	"login", "sso", "id", "accounts", "admin", "assets", "static", "cdn",
	"images", "img", "media", "files", "mail", "email", "go", "get", "info",
	"help", "support", "docs", "developer", "developers", "status", "blog",
	"learn", "community", "resources", "marketing", "partners" };
static const char *const kept_files[] = { "robots.txt", "favicon.ico",
	"sitemap.xml", "index.html", "index.htm", "index.php", ".well-known",
	"_next", "assets", "static" };

static bool
is_among(const char *const *words, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_ci(words[i], text))
			return true;
	return false;
}

#define IS_AMONG(words, text) \
	is_among(words, sizeof(words) / sizeof((words)[0]), text)

static bool
take(struct parts *p, const struct address_part *part, const char *text,
    struct taken *to)
{
	size_t n = strlen(text), before = strlen(part->before);
	size_t after = strlen(part->after);
	char *value;

	if (n <= before + after || n > VALUE_BYTES || to->n == NOTED_VALUES ||
	    strncasecmp(text, part->before, before) != 0 ||
	    strcasecmp(text + n - after, part->after) != 0)
		return false;
	value = arena_strndup(p->arena, text + before, n - before - after);
	if (str_is_empty(value))
		return false;
	for (size_t i = 0; i < to->n; i++)
		if (str_eq(to->values[i].name, part->name))
			return str_eq_ci(to->values[i].value, value);
	to->values[to->n++] = (struct pair){ part->name, value };
	return true;
}

static bool
part_matches(struct parts *p, const struct address_part *part, const char *text,
    struct taken *to)
{
	if (part->kind == PART_VALUE)
		return take(p, part, text, to);
	return part->kind == PART_ANY || str_eq_ci(part->before, text);
}

static bool
host_matches(struct parts *p, const struct address *a, struct taken *to)
{
	if (a->nlabels != p->nlabels || a->port != p->port)
		return false;
	/* From the right, where hosts of strangers differ first. */
	for (size_t i = a->nlabels; i-- > 0;) {
		if (!part_matches(p, &a->labels[i], p->labels[i], to))
			return false;
		if (a->labels[i].kind == PART_VALUE &&
		    IS_AMONG(kept_hosts, p->labels[i]))
			return false;
	}
	return true;
}

static bool
are_letters(const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((text[i] | 0x20) < 'a' || (text[i] | 0x20) > 'z')
			return false;
	return true;
}

/* 2: a language and a country or script; 1: perhaps a language; 0: neither */
static int
locale_kind(const char *text)
{
	size_t n = strlen(text);

	if (n < 2 || !are_letters(text, 2))
		return 0;
	if (n == 2)
		return text[0] >= 'a' && text[1] >= 'a';
	if (text[2] != '-' && text[2] != '_')
		return 0;
	/* en-US, zh_Hans, zh-Hans-CN */
	if ((n == 5 && are_letters(text + 3, 2)) ||
	    (n == 7 && are_letters(text + 3, 4)))
		return 2;
	return n == 10 && are_letters(text + 3, 4) &&
		       (text[7] == '-' || text[7] == '_') &&
		       are_letters(text + 8, 2)
		   ? 2
		   : 0;
}

static bool
path_matches(struct parts *p, const struct address *a, size_t i, size_t at,
    struct taken *to)
{
	struct taken before = *to;
	int locale;

	if (i == a->npath)
		return true;
	if (a->path[i].kind == PART_LOCALE) {
		locale = at < p->npath ? locale_kind(p->path[at]) : 0;
		if (locale > 0 && path_matches(p, a, i + 1, at + 1, to))
			return true;
		*to = before;
		/* What is a locale for sure, or stands alone, is no value. */
		if (locale == 2 || (locale == 1 && at + 1 == p->npath))
			return false;
		return path_matches(p, a, i + 1, at, to);
	}
	if (at >= p->npath || !part_matches(p, &a->path[i], p->path[at], to))
		return false;
	if (a->path[i].kind == PART_VALUE && IS_AMONG(kept_files, p->path[at]))
		return false;
	return path_matches(p, a, i + 1, at + 1, to);
}

static bool
query_matches(struct parts *p, const struct address *a, struct taken *to)
{
	for (size_t i = 0; i < a->nquery; i++) {
		size_t k = 0;

		while (k < p->nquery &&
		       (!str_eq_ci(p->query[k].name, a->query[i].name) ||
			   !part_matches(
			       p, &a->query[i].value, p->query[k].value, to)))
			k++;
		if (k == p->nquery)
			return false;
	}
	return true;
}

/* ---- the board ---- */

static const char *
taken_value(void *context, const char *name)
{
	const struct taken *taken = context;

	for (size_t i = 0; i < taken->n; i++)
		if (str_eq(taken->values[i].name, name))
			return taken->values[i].value;
	return NULL;
}

static void
board_make(struct arena *arena, struct source_own *own,
    const struct address *address, struct taken *taken, struct board *to)
{
	*to = (struct board){ .source = &own->source };
	to->params = arena_array(arena, own->nparams + 1, sizeof(*to->params));
	for (size_t i = 0; i < own->nparams; i++) {
		const char *name = own->params[i].name, *value;

		value = taken_value(taken, name);
		for (size_t k = 0; k < address->nsets; k++)
			if (str_eq(address->sets[k].name, name))
				value = template_expand(arena,
				    address->sets[k].value, false, taken_value,
				    taken, NULL);
		if (value != NULL)
			to->params[to->nparams++] =
			    (struct pair){ name, value };
	}
}

/* What the address of a page gives to what it holds. */
static void
page_take(struct parts *page, struct taken *to)
{
	struct arena *arena = page->arena;
	const char *domain = page->nlabels > 1 ? page->labels[1] : NULL;
	const char *values[ADDRESS_PAGE_NAMES] = { [1] = page->labels[0] };

	for (size_t i = 2; i < page->nlabels; i++)
		domain = arena_printf(arena, "%s.%s", domain, page->labels[i]);
	values[0] = domain == NULL
			? page->labels[0]
			: arena_printf(arena, "%s.%s", page->labels[0], domain);
	values[2] = domain;
	values[3] = page->npath > 0 ? page->path[0] : NULL;
	values[4] = page->npath > 1 ? page->path[1] : NULL;
	for (size_t i = 0; i < ADDRESS_PAGE_NAMES && to->n < NOTED_VALUES; i++)
		if (values[i] != NULL)
			to->values[to->n++] =
			    (struct pair){ address_page_names[i], values[i] };
}

/* The pattern that fixes most; page is NULL for addresses of boards. */
static bool
board_find(struct parts *parts, struct parts *page, const struct boards *boards,
    struct board *to)
{
	struct source_own *best = NULL;
	const struct address *pattern = NULL;
	struct taken taken, kept = { 0 };

	for (size_t i = 0; i < boards->n; i++) {
		struct source_own *own = boards->list[i];

		for (size_t k = 0; k < own->naddresses; k++) {
			const struct address *a = &own->addresses[k];

			taken.n = 0;
			if (a->weight == 0 || a->is_held != (page != NULL) ||
			    (pattern != NULL && a->weight <= pattern->weight) ||
			    !host_matches(parts, a, &taken) ||
			    !path_matches(parts, a, 0, 0, &taken) ||
			    !query_matches(parts, a, &taken))
				continue;
			pattern = a;
			best = own;
			kept = taken;
		}
	}
	if (pattern == NULL || pattern->is_not)
		return false;
	if (page != NULL)
		page_take(page, &kept);
	board_make(parts->arena, best, pattern, &kept, to);
	return true;
}

bool
conf_board_find(struct arena *arena, const struct boards *boards,
    const char *address, struct board *to)
{
	struct parts parts;

	return address_split(arena, address, &parts) &&
	       board_find(&parts, NULL, boards, to);
}

bool
conf_board_held(struct arena *arena, const struct boards *boards,
    const char *held, const char *page, struct board *to)
{
	struct parts parts, own;

	return address_split(arena, held, &parts) &&
	       address_split(arena, page, &own) && own.nlabels > 0 &&
	       board_find(&parts, &own, boards, to);
}

bool
conf_board_is_employers(const struct board *board)
{
	const struct source_own *own = (const struct source_own *)board->source;
	const char *url = board->source->list.url.text;
	size_t n = strcspn(url, "?");

	/* Words that are searched stand in the query, or in a body. */
	for (size_t i = 0; i < own->nparams; i++) {
		char name[VALUE_BYTES];
		const char *at;

		snprintf(name, sizeof(name), "{%s}", own->params[i].name);
		at = strstr(url, name);
		if (own->params[i].required && at != NULL &&
		    (size_t)(at - url) < n)
			return true;
	}
	return false;
}

static int
name_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct boards *
conf_boards(struct arena *arena)
{
	struct boards *boards = arena_alloc(arena, sizeof(*boards));
	struct conf roots = { .root = conf_root(arena) };
	struct problems unused;
	const char **names;
	size_t n = conf_shipped_names(arena, &roots, &names);

	problems_init(&unused, arena);
	qsort(names, n, sizeof(*names), name_compare);
	boards->list = arena_array(arena, n + 1, sizeof(*boards->list));
	for (size_t i = 0; i < n; i++) {
		const char *path = conf_shipped_path(arena, &roots, names[i]);
		struct source *source =
		    path == NULL ? NULL
				 : conf_source_load(arena, path, &unused);

		if (source != NULL)
			boards->list[boards->n++] = (struct source_own *)source;
	}
	return boards;
}
