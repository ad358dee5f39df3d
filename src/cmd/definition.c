#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/url.h"
#include "cmd/cmd_int.h"
#include "cmd/definition.h"

#define NAME_BYTES    60
#define COMMENT_WIDTH 76
#define PAGES_MOST    50

/* ---- YAML ---- */

/* Words that mean something else than themselves. */
static bool
is_yaml_word(const char *text)
{
	static const char *const words[] = { "true", "false", "yes", "no", "on",
		"off", "null", "y", "n" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eq_ci(words[i], text))
			return true;
	return false;
}

/* Plain style, wherever it stands: no marks of YAML's own in it. */
static bool
is_plain(const char *text)
{
	size_t n = strlen(text);
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (n == 0 || is_yaml_word(text) || text[n - 1] == ' ' ||
	    (strchr(letters, text[0]) == NULL && text[0] != '.' &&
		text[0] != '/'))
		return false;
	for (const char *p = text; *p != '\0'; p++)
		if (strchr(letters, *p) == NULL &&
		    strchr("0123456789./_@>~=+()-", *p) == NULL &&
		    !(*p == ' ' && p[1] != '#') &&
		    !(*p == ':' && p[1] != ' ' && p[1] != '\0'))
			return false;
	return true;
}

void
yaml_text(struct buf *to, const char *text)
{
	if (is_plain(text)) {
		buf_str(to, text);
		return;
	}
	buf_char(to, '"');
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			buf_printf(to, "\\%c", c);
		else if (c < ' ' || c == 0x7f)
			buf_printf(to, "\\x%02x", c);
		else
			buf_char(to, *p);
	}
	buf_char(to, '"');
}

/* A text that is read as a template: its braces are doubled. */
static void
yaml_template(struct buf *to, struct arena *arena, const char *text)
{
	struct buf plain;

	buf_init(&plain, LIMIT_URL_BYTES * 2L);
	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '{' || *p == '}')
			buf_char(&plain, *p);
		buf_char(&plain, *p);
	}
	yaml_text(to, arena_strdup(arena, buf_cstr(&plain)));
	buf_fini(&plain);
}

static void
key_text(struct buf *to, const char *key, const char *text)
{
	buf_printf(to, "%s: ", key);
	yaml_text(to, text);
	buf_char(to, '\n');
}

/* Folded after words; what is foreign in it cannot end the comment. */
static void
comment(struct buf *to, struct arena *arena, const char *text)
{
	const char *p = str_safe(arena, text, 600);

	while (*p != '\0') {
		size_t n = strlen(p), cut = n;

		if (n > COMMENT_WIDTH) {
			cut = COMMENT_WIDTH;
			while (cut > 0 && p[cut] != ' ')
				cut--;
			if (cut == 0)
				cut = strcspn(p, " ");
		}
		buf_printf(to, "# %.*s\n", (int)cut, p);
		p += cut;
		p += strspn(p, " ");
	}
}

/* ---- the name ---- */

/* "careers.acme.co.uk": acme. */
static const char *
host_word(struct arena *arena, const char *host)
{
	static const char *const second[] = { "co", "com", "org", "net", "gov",
		"ac", "edu", "gc" };
	char *copy = arena_strdup(arena, host), *dot;

	if (strspn(host, "0123456789.") == strlen(host) || host[0] == '[')
		return "page";
	dot = strrchr(copy, '.');
	if (dot != NULL)
		*dot = '\0';
	dot = strrchr(copy, '.');
	for (size_t i = 0;
	     dot != NULL && i < sizeof(second) / sizeof(second[0]); i++)
		if (str_eq(dot + 1, second[i])) {
			*dot = '\0';
			break;
		}
	dot = strrchr(copy, '.');
	return dot == NULL ? copy : dot + 1;
}

const char *
definition_name(struct arena *arena, const char *url)
{
	struct conf roots = { .root = conf_root(arena) };
	struct url parts;
	const char *word = "page";
	char *name;
	size_t n = 0;

	if (url_parse(arena, url, &parts, NULL) == 0)
		word = host_word(arena, parts.host);
	name = arena_strndup(arena, word, strnlen(word, NAME_BYTES - 5));
	for (const char *p = name; *p != '\0'; p++)
		if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ||
		    (n > 0 && (*p == '-' || *p == '_')))
			name[n++] = *p;
	name[n] = '\0';
	if (n == 0)
		return "page";
	if (conf_shipped_path(arena, &roots, name) != NULL)
		return arena_printf(arena, "%s-jobs", name);
	return name;
}

/* ---- definitions ---- */

void
definition_board(struct buf *to, const struct board *board)
{
	buf_printf(to, "sources:\n  %s: {", board->source->name);
	for (size_t i = 0; i < board->nparams; i++) {
		buf_printf(
		    to, "%s%s: ", i == 0 ? " " : ", ", board->params[i].name);
		yaml_text(to, board->params[i].value);
	}
	buf_str(to, board->nparams > 0 ? " }\n" : "}\n");
}

static void
head_write(struct buf *to, const struct definition *d, const char *format)
{
	struct arena *arena = d->arena;

	comment(to, arena,
	    arena_printf(arena, "Written by careerd source new on %s from %s",
		d->day, d->asked));
	for (size_t i = 0; i < d->nnotes; i++)
		comment(to, arena, d->notes[i]);
	key_text(to, "source", definition_name(arena, d->url));
	key_text(to, "about",
	    arena_printf(arena, "Jobs of %s",
		str_is_empty(d->site) ? definition_name(arena, d->url)
				      : str_safe(arena, d->site, 100)));
	if (strpbrk(d->asked, "{}") == NULL)
		key_text(to, "homepage", d->asked);
	if (d->allow_private)
		buf_str(to, "allow_private: true\n");
	buf_str(to, "every: 24h\nurl: ");
	yaml_template(to, arena, d->url);
	buf_char(to, '\n');
	key_text(to, "format", format);
}

static void
company_write(struct buf *to, const struct definition *d)
{
	if (d->company == NULL)
		return;
	buf_str(to, "  company: { const: ");
	yaml_text(to, d->company);
	buf_str(to, " }\n");
}

void
definition_jobposting(struct buf *to, const struct definition *d)
{
	head_write(to, d, "jobposting");
	buf_str(to, "expect:\n  min_jobs: 1\n");
}

void
definition_feed(struct buf *to, const struct definition *d)
{
	head_write(to, d, "feed");
	if (d->company != NULL) {
		buf_str(to, "fields:\n");
		company_write(to, d);
	}
	buf_str(to, "expect:\n  min_jobs: 1\n");
}

/* The value of a field by what it holds. */
static void
field_write(struct buf *to, const struct json *field)
{
	static const char *const typed[] = { "posted_date", "salary",
		"job_type" };
	static const char *const types[] = { "date", "salary", "job-type" };
	const char *name = json_get_text(field, "field");
	const char *selector = json_get_text(field, "selector");
	const char *as = NULL;

	if (name == NULL || selector == NULL)
		return;
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		if (str_eq(typed[i], name))
			as = types[i];
	buf_printf(to, "  %s: %s", name, as == NULL ? "" : "{ path: ");
	yaml_text(to, selector);
	if (as != NULL)
		buf_printf(to, ", as: %s }", as);
	buf_char(to, '\n');
}

static bool
has_field(const struct json *fields, const char *name)
{
	for (size_t i = 0; i < json_size(fields); i++)
		if (str_eq(json_get_text(json_at(fields, i), "field"), name))
			return true;
	return false;
}

/* Jobs without a page of their own stand on this one, told by their title. */
static void
linkless_write(
    struct buf *to, const struct definition *d, const struct json *fields)
{
	const char *title = NULL;

	for (size_t i = 0; i < json_size(fields); i++)
		if (str_eq(json_get_text(json_at(fields, i), "field"), "title"))
			title = json_get_text(json_at(fields, i), "selector");
	if (title != NULL && !has_field(fields, "external_id")) {
		buf_str(to, "  external_id: ");
		yaml_text(to, title);
		buf_char(to, '\n');
	}
	buf_str(to, "  url: { const: ");
	yaml_text(to, d->url);
	buf_str(to, " }\n");
}

static void
detail_write(struct buf *to, const struct json *detail)
{
	const char *description = json_get_text(detail, "description");

	if (json_get_i64(detail, "postings", 0) > 0) {
		buf_str(to, "detail:\n  url: \"{job.url}\"\n"
			    "  format: jobposting\n");
	} else if (description != NULL) {
		buf_str(to, "detail:\n  url: \"{job.url}\"\n  format: html\n"
			    "  fields:\n    description: { path: ");
		yaml_text(to, description);
		buf_str(to, ", as: html }\n");
	}
}

void
definition_cards(struct buf *to, const struct definition *d,
    const struct json *cards, const struct json *detail)
{
	const struct json *fields = json_get(cards, "fields");
	const char *next = json_get_text(cards, "next");
	const char *jobs = json_get_text(cards, "jobs");

	head_write(to, d, "html");
	key_text(to, "jobs", jobs == NULL ? "" : jobs);
	if (next != NULL) {
		buf_str(to, "pages: { next: ");
		yaml_text(to, next);
		buf_printf(to, ", max: %d }\n", PAGES_MOST);
	}
	buf_str(to, "fields:\n");
	for (size_t i = 0; i < json_size(fields); i++)
		field_write(to, json_at(fields, i));
	if (json_get_true(cards, "linkless"))
		linkless_write(to, d, fields);
	if (!has_field(fields, "company"))
		company_write(to, d);
	if (detail != NULL)
		detail_write(to, detail);
	buf_str(to, "expect:\n  min_jobs: 1\n");
}
