/*
 * Templates in source files: which names they may use, and bodies of JSON.
 */
#include <string.h>
#include "conf/conf_int.h"

static const char *const page_names[] = { "page.offset", "page.last",
	"page.number", "page.cursor" };
#define PAGE_NAMES (sizeof(page_names) / sizeof(page_names[0]))

static const char *const mail_names[] = { "mail.subject", "mail.from",
	"mail.date" };
#define MAIL_NAMES (sizeof(mail_names) / sizeof(mail_names[0]))

#define JOB  "job."
#define MAIL "mail."

/* Where the names of a template are looked up. */
struct names {
	const struct reader *reader;
	const struct source_part *part;
	const struct node *node; /* for complaints */
	bool is_request;
	size_t total, unknown;
};

static bool
is_param(const struct source_own *own, const char *name)
{
	for (size_t i = 0; i < own->nparams; i++)
		if (str_eq(own->params[i].name, name))
			return true;
	return false;
}

/* {job.X}: a field, or in JSON any member of the job as it came. */
static bool
is_job_name(const struct source_part *part, const char *name)
{
	const struct view *list = &part->own->source.list;

	if (is_json(list) && name[0] != '\0')
		return true;
	return has_field(list, name) || has_field(part->view, name) ||
	       field_type_find(name) != NULL;
}

bool
is_mail_name(const struct source *source, const char *name)
{
	if (source->list.format != FORMAT_MAIL)
		return false;
	for (size_t i = 0; i < MAIL_NAMES; i++)
		if (str_eq(mail_names[i], name))
			return true;
	return false;
}

static bool
is_known(const struct names *names, const char *name)
{
	const struct source_part *part = names->part;

	if (is_param(part->own, name))
		return true;
	for (size_t i = 0; i < PAGE_NAMES; i++)
		if (str_eq(page_names[i], name))
			return !names->is_request || !part->is_detail;
	if (str_starts(name, MAIL))
		return !names->is_request && !part->is_detail &&
		       is_mail_name(&part->own->source, name);
	if (str_starts(name, JOB))
		return (!names->is_request || part->is_detail) &&
		       is_job_name(part, name + strlen(JOB));
	return false;
}

/* All the names that may stand there, to suggest the nearest. */
static const char *
suggestion(const struct names *names, const char *name)
{
	const struct source_own *own = names->part->own;
	const struct view *list = &own->source.list;
	struct arena *arena = names->reader->arena;
	size_t max = own->nparams + PAGE_NAMES + MAIL_NAMES + list->nfields +
		     field_types_count;
	const char **words = arena_array(arena, max, sizeof(*words));
	const char *bare = arena_printf(arena, JOB "%s", name);
	size_t n = 0;

	for (size_t i = 0; i < own->nparams; i++)
		words[n++] = own->params[i].name;
	for (size_t i = 0; i < PAGE_NAMES; i++)
		words[n++] = page_names[i];
	for (size_t i = 0; i < MAIL_NAMES; i++)
		if (is_known(names, mail_names[i]))
			words[n++] = mail_names[i];
	for (size_t i = 0; i < list->nfields; i++)
		words[n++] =
		    arena_printf(arena, JOB "%s", list->fields[i].name.text);
	for (size_t i = 0; i < field_types_count; i++)
		words[n++] = arena_printf(arena, JOB "%s", field_types[i].name);
	/* "{url}" is meant to be "{job.url}". */
	for (size_t i = 0; i < n; i++)
		if (str_eq(words[i], bare) && is_known(names, bare))
			return arena_printf(
			    arena, " (did you mean '{%s}'?)", bare);
	return did_you_mean(arena, name, words, n);
}

static void
name_check(void *context, const char *name)
{
	struct names *names = context;

	names->total++;
	if (is_known(names, name))
		return;
	names->unknown++;
	if (names->is_request && !names->part->is_detail &&
	    str_starts(name, JOB))
		fault(names->reader->problems, names->node,
		    "{%s} is not known yet when the list is asked for", name);
	else
		fault(names->reader->problems, names->node,
		    "{%s} is unknown here: neither a parameter nor page.* or "
		    "job.*%s",
		    str_safe(names->reader->arena, name, 60),
		    suggestion(names, name));
}

static void
name_count(void *context, const char *name)
{
	struct names *names = context;

	names->total++;
	if (!is_known(names, name))
		names->unknown++;
}

static void
names_check(const struct reader *r, const struct source_part *part,
    const struct node *node, const char *text, bool is_request)
{
	struct names names = { .reader = r,
		.part = part,
		.node = node,
		.is_request = is_request };
	struct err e = { 0 };
	size_t at;

	if (template_check(text, &at, &e) == -1)
		fault(r->problems, node, "%s (character %zu)", e.text, at + 1);
	else
		template_names(r->arena, text, name_check, &names);
}

void
check_template(const struct reader *r, const struct source_part *part,
    const struct node *node, const char *text)
{
	names_check(r, part, node, text, true);
}

bool
is_template(const struct reader *r, const struct source_part *part,
    const struct node *node)
{
	struct names names = { .reader = r, .part = part, .node = node };
	struct err e = { 0 };
	size_t at;

	if (strchr(node->text, '{') == NULL ||
	    template_check(node->text, &at, &e) == -1)
		return false;
	template_names(r->arena, node->text, name_count, &names);
	if (names.total == 0)
		return false;
	if (names.unknown == 0)
		return true;
	/* A JSONPath or XPath may hold braces in its own right. */
	if (strchr("$@/.", node->text[0]) != NULL)
		return false;
	names_check(r, part, node, node->text, false);
	return true;
}

static void
json_string_add(const char *text, struct buf *to)
{
	buf_char(to, '"');
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c == '"' || c == '\\')
			buf_printf(to, "\\%c", c);
		else if (c < ' ')
			buf_printf(to, "\\u%04x", c);
		else
			buf_char(to, *p);
	}
	buf_char(to, '"');
}

static void json_add(const struct reader *, const struct source_part *,
    const struct node *, struct buf *);

static void
json_scalar_add(const struct reader *r, const struct source_part *part,
    const struct node *node, struct buf *to)
{
	struct json *json = node_json(node);

	/* Positions are numbers, whatever quotes YAML needs round a brace. */
	if (str_eq(node->text, "{page.offset}") ||
	    str_eq(node->text, "{page.last}") ||
	    str_eq(node->text, "{page.number}")) {
		buf_str(to, node->text);
	} else if (json_is_string(json)) {
		check_template(r, part, node, node->text);
		json_string_add(node->text, to);
	} else {
		buf_str(to, json_dump(r->arena, json));
	}
	json_free(json);
}

/* Depth is bounded by LIMIT_YAML_DEPTH. */
static void
json_add(const struct reader *r, const struct source_part *part,
    const struct node *node, struct buf *to)
{
	bool is_object = node->kind == NODE_MAP;
	bool is_first = true;

	if (node->kind == NODE_SCALAR) {
		json_scalar_add(r, part, node, to);
		return;
	}
	/* A brace of its own is doubled in a template. */
	buf_str(to, is_object ? "{{" : "[");
	for (size_t i = 0; i < node->n; i++) {
		if (is_object && node->keys[i]->kind != NODE_SCALAR)
			continue;
		if (!is_first)
			buf_char(to, ',');
		is_first = false;
		if (is_object) {
			json_string_add(node->keys[i]->text, to);
			buf_char(to, ':');
		}
		json_add(r, part, node->items[i], to);
	}
	buf_str(to, is_object ? "}}" : "]");
}

const char *
json_template(const struct reader *r, const struct source_part *part,
    const struct node *node)
{
	struct buf text;
	const char *result;

	buf_init(&text, 4L * LIMIT_YAML_BYTES);
	json_add(r, part, node, &text);
	result = arena_strdup(r->arena, buf_cstr(&text));
	buf_fini(&text);
	return result;
}
