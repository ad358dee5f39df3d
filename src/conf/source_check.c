/*
 * What only the whole of a source file can tell.
 */
#include <string.h>
#include "conf/conf_int.h"

bool
is_json(const struct view *view)
{
	return view->format == FORMAT_JSON || view->format == FORMAT_SCRIPT;
}

bool
cuts_text(const struct view *view)
{
	return view->format == FORMAT_TEXT ||
	       (view->format == FORMAT_MAIL && view->is_text_part);
}

/* "(?<name>", also as "(?P<name>" and "(?'name'". */
static bool
has_group(const char *pattern, const char *name)
{
	size_t n = strlen(name);

	if (pattern == NULL)
		return false;
	while ((pattern = strstr(pattern, "(?")) != NULL) {
		pattern += 2;
		pattern += *pattern == 'P';
		if ((*pattern == '<' || *pattern == '\'') &&
		    strncmp(pattern + 1, name, n) == 0 &&
		    (pattern[n + 1] == '>' || pattern[n + 1] == '\''))
			return true;
	}
	return false;
}

bool
has_field(const struct view *view, const char *name)
{
	for (size_t i = 0; i < view->nfields; i++)
		if (str_eq(view->fields[i].name.text, name))
			return true;
	return cuts_text(view) && has_group(view->jobs.text, name);
}

/* Formats that bring title, URL and so on without being told. */
static bool
knows_fields(const struct view *view)
{
	return view->format == FORMAT_FEED || view->format == FORMAT_JOBPOSTING;
}

/* The field that was probably meant: it would land in metadata. */
static const char *
misspelt(const struct reader *r, const struct view *view, const char *name)
{
	for (size_t i = 0; i < view->nfields; i++) {
		const char *other = view->fields[i].name.text;

		if (field_type_find(other) == NULL &&
		    str_nearest(other, &name, 1) != NULL)
			return arena_printf(
			    r->arena, " (is '%s' meant to be it?)", other);
	}
	return "";
}

static void
fields_check(const struct reader *r, const struct source_own *own)
{
	const struct view *list = &own->source.list;
	const struct node *at = node_get(own->root, "fields");

	if (knows_fields(list))
		return;
	if (at == NULL && !cuts_text(list)) {
		fault(r->problems, own->root,
		    "format %s needs fields: at least title and url",
		    format_name(list->format));
		return;
	}
	if (at == NULL)
		at = own->root;
	if (at->kind != NODE_MAP)
		return;
	if (!has_field(list, "title") &&
	    !has_field(&own->source.detail, "title"))
		fault(r->problems, at, "fields has no title%s",
		    misspelt(r, list, "title"));
	if (!has_field(list, "url") && !has_field(list, "external_id"))
		fault(r->problems, at,
		    "fields has neither url nor external_id%s",
		    misspelt(r, list, "url"));
}

static const char *
from_of(const struct field *field)
{
	return field->nrules == 0 || field->rules[0].kind != RULE_RE
		   ? NULL
		   : field->rules[0].from;
}

/* The field that one comes from, if it is one of the view. */
static const struct field *
source_field(const struct view *view, const struct field *field)
{
	const char *from = from_of(field);

	for (size_t i = 0; from != NULL && i < view->nfields; i++)
		if (str_eq(view->fields[i].name.text, from))
			return &view->fields[i];
	return NULL;
}

/* "a <- b <- a", told at the first of them. */
static void
loop_check(
    const struct reader *r, const struct view *view, const struct field *field)
{
	const struct field *at = field;
	const char *way = field->name.text;

	for (size_t i = 0; i < view->nfields; i++) {
		at = source_field(view, at);
		if (at == NULL || at < field)
			return;
		way = arena_printf(r->arena, "%s comes from %s%s", way,
		    str_safe(r->arena, at->name.text, 60),
		    at == field ? "" : ", which");
		if (at == field)
			break;
	}
	if (at == field)
		problems_add(r->problems, field->name.file, field->name.line,
		    field->name.column, "fields go round in a circle: %s", way);
}

static void
froms_check(const struct reader *r, const struct source_own *own,
    const struct view *view)
{
	for (size_t i = 0; i < view->nfields; i++) {
		const struct field *field = &view->fields[i];
		const char *from = from_of(field);
		bool is_self = str_eq(from, field->name.text);

		/* A feed has values that the file does not name. */
		if (from == NULL ||
		    (view == &own->source.list &&
			is_mail_name(&own->source, from)) ||
		    (knows_fields(view) && field_type_find(from) != NULL))
			continue;
		if (has_field(view, from) && !is_self)
			loop_check(r, view, field);
		else
			problems_add(r->problems, field->name.file,
			    field->name.line, field->name.column,
			    is_self ? "field '%s' cannot come from itself"
				    : "from: there is no field '%s'",
			    str_safe(r->arena, from, 60));
	}
}

/* Does a request say where in the list it is? */
static bool
uses(const struct view *view, const char *name)
{
	return (view->url.text != NULL && strstr(view->url.text, name)) ||
	       (view->body != NULL && strstr(view->body, name));
}

static void
pages_check(const struct reader *r, const struct source_own *own)
{
	static const struct {
		enum paging kind;
		const char *name;
	} names[] = {
		{ PAGES_OFFSET, "{page.offset}" },
		{ PAGES_NUMBER, "{page.number}" },
		{ PAGES_CURSOR, "{page.cursor}" },
	};
	const struct source *source = &own->source;
	const struct node *url = node_get(own->root, "url");

	for (size_t i = 0; i < 3; i++) {
		bool is_used = uses(&source->list, names[i].name);
		bool is_wanted = source->pages.kind == names[i].kind;

		if (is_wanted && !is_used)
			fault(r->problems, own->pages_node,
			    "the pages would be all the same: %s stands "
			    "neither in the url nor in a body",
			    names[i].name);
		if (!is_wanted && is_used)
			fault(r->problems, url == NULL ? own->root : url,
			    "%s is used, but pages does not count so",
			    names[i].name);
	}
	if (source->pages.until == UNTIL_TOTAL &&
	    source->expect.total.text == NULL && own->until_node != NULL)
		fault(r->problems, own->until_node,
		    "until: total needs to know where it stands: expect: { "
		    "total: SELECTOR }");
}

/* expect.fill speaks of fields that are there. */
static void
fill_check(const struct reader *r, const struct source_own *own)
{
	const struct source *s = &own->source;
	const struct node *at = own->fill_node;
	size_t n = s->list.nfields + s->detail.nfields;
	const char **words = arena_array(r->arena, n + 1, sizeof(*words));

	n = 0;
	for (size_t i = 0; i < s->list.nfields; i++)
		words[n++] = s->list.fields[i].name.text;
	for (size_t i = 0; i < s->detail.nfields; i++)
		words[n++] = s->detail.fields[i].name.text;
	for (size_t i = 0; at != NULL && i < at->n; i++) {
		const struct node *key = at->keys[i];

		if (key->kind != NODE_SCALAR ||
		    has_field(&s->list, key->text) ||
		    has_field(&s->detail, key->text) ||
		    (knows_fields(&s->list) &&
			field_type_find(key->text) != NULL))
			continue;
		fault(r->problems, key, "there is no field '%s'%s",
		    str_safe(r->arena, key->text, 60),
		    did_you_mean(r->arena, key->text, words, n));
	}
}

static void
manners_check(const struct reader *r, const struct source_own *own)
{
	const struct source *source = &own->source;

	if (source->robots_ignore && source->robots_reason == NULL)
		fault(r->problems, own->robots_node,
		    "robots: ignore needs a reason: why robots.txt does not "
		    "bind this source");
	if (source->limits.gap_ms == 0 && !source->allow_private)
		fault(r->problems, own->rate_node,
		    "rate: unlimited is for machines of one's own; it needs "
		    "allow_private: true");
	if (!source->enabled && source->about == NULL)
		fault(r->problems, own->root,
		    "a source that is off says why in about");
	if (source->every.kind == EVERY_INTERVAL && own->every_node != NULL &&
	    source->every.interval_ms < source->limits.min_interval_ms)
		fault(r->problems, own->every_node,
		    "every is shorter than limits.min_interval (%s)",
		    str_duration(r->arena, source->limits.min_interval_ms));
}

static void
script_check(
    const struct reader *r, const struct view *view, const struct node *at)
{
	if (view->present && view->format == FORMAT_SCRIPT &&
	    view->script.text == NULL && node_get(at, "script") == NULL)
		fault(r->problems, at,
		    "format script needs script: where in the page the JSON "
		    "is, such as \"#__NEXT_DATA__\" or /window\\.jobs = /");
}

/* What anybody on the way can read is no secret for long. */
static void
auth_check(const struct reader *r, const struct source_own *own)
{
	const struct source *source = &own->source;
	const char *const urls[] = { source->list.url.text,
		source->pages.first.text, source->detail.url.text,
		source->auth.token_url };

	for (size_t i = 0; i < 4; i++)
		if (source->auth.nparts > 0 && !source->allow_private &&
		    urls[i] != NULL && str_starts(urls[i], "http://")) {
			fault(r->problems, own->auth_node,
			    "secrets are sent by https:// only; %s is not",
			    str_safe(r->arena, urls[i], 100));
			return;
		}
}

/* What is needed, and what may be left out, the format says. */
static void
format_check(const struct reader *r, const struct source_own *own)
{
	const struct view *list = &own->source.list;

	if (!knows_fields(list) && node_get(own->root, "jobs") == NULL)
		fault(r->problems, own->root,
		    "format %s needs jobs: where the jobs are",
		    format_name(list->format));
	script_check(r, list, own->root);
	if (list->format != FORMAT_SCRIPT)
		script_check(
		    r, &own->source.detail, node_get(own->root, "detail"));
	fields_check(r, own);
}

void
source_check(const struct reader *r, struct source_own *own)
{
	const struct source *source = &own->source;

	if (source->name == NULL && node_get(own->root, "source") == NULL)
		fault(r->problems, own->root,
		    "the file does not say its name; add source: NAME");
	if (node_get(own->root, "url") == NULL &&
	    node_get(own->root, "request") == NULL)
		fault(r->problems, own->root, "there is no url");
	if (node_get(own->root, "format") == NULL)
		fault(r->problems, own->root, "there is no format (%s)",
		    words_or(r->arena, format_words(), FORMAT__MAX));
	if (own->has_format)
		format_check(r, own);
	froms_check(r, own, &source->list);
	froms_check(r, own, &source->detail);
	pages_check(r, own);
	fill_check(r, own);
	source_mail_check(r, own);
	manners_check(r, own);
	auth_check(r, own);
}
