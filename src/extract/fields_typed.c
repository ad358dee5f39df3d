/*
 * Raw values made what the posting holds.
 */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "extract/extract_int.h"
#include "extract/value_int.h"

/* Texts in a warning are cut after so much. */
#define WARNING_TEXT_BYTES 80

#define AT(member) offsetof(struct posting, member)
static const struct slot slots[] = {
	{ "external_id", SLOT_TEXT, AT(external_id), 0 },
	{ "title", SLOT_TEXT, AT(title), 0 },
	{ "company", SLOT_TEXT, AT(company), 0 },
	{ "location", SLOT_LOCATION, AT(location), 0 },
	{ "url", SLOT_URL, AT(url), 0 },
	{ "apply_url", SLOT_URL, AT(apply_url), 0 },
	{ "description", SLOT_DESCRIPTION, AT(description), 0 },
	{ "job_type", SLOT_JOB_TYPE, AT(job_type), 0 },
	{ "experience_level", SLOT_EXPERIENCE, AT(experience), 0 },
	{ "remote", SLOT_REMOTE, AT(remote), 0 },
	{ "salary", SLOT_SALARY, AT(salary), 0 },
	{ "requirements", SLOT_LIST, AT(requirements), AT(nrequirements) },
	{ "benefits", SLOT_LIST, AT(benefits), AT(nbenefits) },
	{ "tags", SLOT_LIST, AT(tags), AT(ntags) },
	{ "language", SLOT_LANGUAGE, AT(language), 0 },
	{ "posted_date", SLOT_DATE, AT(posted), 0 },
	{ "closes_date", SLOT_DATE, AT(closes), 0 },
};
#define NSLOTS (sizeof(slots) / sizeof(slots[0]))

const struct slot *
slot_find(const char *name)
{
	for (size_t i = 0; i < NSLOTS; i++)
		if (str_eq(slots[i].name, name))
			return &slots[i];
	return NULL;
}

static void *
place(struct posting *p, size_t offset)
{
	return (char *)p + offset;
}

bool
posting_has(const struct posting *p, const char *name)
{
	const struct slot *slot = slot_find(name);
	const void *at;

	if (slot == NULL) {
		for (size_t i = 0; i < p->nmetadata; i++)
			if (str_eq(p->metadata[i].name, name))
				return true;
		return false;
	}
	at = (const char *)p + slot->offset;
	switch (slot->kind) {
	case SLOT_JOB_TYPE:
		return p->job_type != JOB_TYPE_NONE;
	case SLOT_EXPERIENCE:
		return p->experience != EXP_NONE;
	case SLOT_REMOTE:
		return p->remote != REMOTE_NONE;
	case SLOT_SALARY:
		return p->salary.present;
	case SLOT_DATE:
		return ((const struct instant *)at)->present;
	default:
		return *(const char *const *)at != NULL;
	}
}

/* ---- growing lists ---- */

static void
append_text(
    struct arena *arena, const char *const **list, size_t *n, const char *text)
{
	const char **more;

	if (*n >= LIMIT_LIST_ITEMS)
		return;
	more = arena_array(arena, *n + 1, sizeof(more[0]));
	if (*n > 0)
		memcpy(more, *list, *n * sizeof(more[0]));
	more[(*n)++] = text;
	*list = more;
}

void
posting_warn(struct filler *f, const char *format, ...)
{
	struct posting *p = f->posting;
	char text[300];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	append_text(f->r->scratch, &p->warnings, &p->nwarnings,
	    utf8_mend(f->r->scratch, text, strlen(text)));
}

static void
warn_unread(struct filler *f, const char *what, const char *text)
{
	posting_warn(f, "%s: cannot read '%.*s'", what,
	    (int)utf8_cut(text, strlen(text), WARNING_TEXT_BYTES), text);
}

void
posting_add_metadata(struct filler *f, const char *name, const char *value)
{
	struct posting *p = f->posting;
	struct pair *more;

	for (size_t i = 0; i < p->nmetadata; i++)
		if (str_eq(p->metadata[i].name, name)) {
			p->metadata[i].value = value;
			return;
		}
	if (p->nmetadata >= LIMIT_LIST_ITEMS)
		return;
	more = arena_array(f->r->scratch, p->nmetadata + 1, sizeof(*more));
	if (p->nmetadata > 0)
		memcpy(more, p->metadata, p->nmetadata * sizeof(*more));
	more[p->nmetadata++] = (struct pair){ name, value };
	p->metadata = more;
}

/* ---- texts ---- */

const char *
field_text(struct filler *f, const struct field *field, const struct value *v)
{
	struct reading *r = f->r;
	enum value_type as = field == NULL ? AS_TEXT : field->as;
	const char *text;

	if (as != AS_HTML && as != AS_ESCAPED_HTML)
		return value_text(r, v);
	text = value_markup(r, v);
	if (text == NULL)
		return NULL;
	if (as == AS_ESCAPED_HTML)
		text = value_unescape(r->scratch, text, strlen(text));
	text = value_html_text(r->scratch, text, strlen(text));
	text = str_fold_space(r->scratch, text);
	return *text == '\0' ? NULL : text;
}

static const char *
first_text(struct filler *f, const struct field *field, const struct values *v)
{
	const char *text = NULL;

	for (size_t i = 0; i < v->n && text == NULL; i++)
		text = field_text(f, field, &v->at[i]);
	return text;
}

static const char *
base_of(struct filler *f, const struct field *field)
{
	if (field == NULL || field->base.text == NULL)
		return NULL;
	return fields_template(
	    f->r, f->item, f->posting, field->base.text, TEMPLATE_URL);
}

static const char *
first_url(struct filler *f, const struct field *field, const struct values *v)
{
	const char *url = NULL, *base = base_of(f, field);

	for (size_t i = 0; i < v->n && url == NULL; i++)
		url = value_url(f->r, &v->at[i], base);
	return url;
}

/* Markup that was escaped once more than it should have been. */
static const char *
unescape_markup(struct arena *arena, const char *html)
{
	const char *plain;

	if (strstr(html, "&lt;") == NULL && strstr(html, "&#") == NULL)
		return html;
	plain = value_unescape(arena, html, strlen(html));
	return text_has_tags(plain) ? plain : html;
}

void
posting_set_html(struct filler *f, const char *html)
{
	struct arena *arena = f->r->scratch;
	struct posting *p = f->posting;
	size_t n;

	p->description_html = NULL;
	if (!text_has_tags(html))
		html = unescape_markup(arena, html);
	n = strlen(html);
	if (!text_has_tags(html)) {
		if (strchr(html, '&') != NULL)
			html = value_unescape(arena, html, n);
		p->description = text_lines(arena, html);
	} else {
		n = utf8_cut(html, n, LIMIT_DESCRIPTION_BYTES);
		p->description_html = arena_strndup(arena, html, n);
		p->description = value_html_text(arena, html, n);
	}
	if (str_is_empty(p->description))
		p->description = NULL;
	else if (text_has_lost_letters(p->description))
		posting_warn(f, "description: '?' stands where letters were");
}

static bool
is_inside(const struct node *n, const struct node *outer)
{
	while (n != NULL && n != outer)
		n = n->parent;
	return n != NULL && outer != NULL;
}

/* Would markup and what stands before it be one line? */
static bool
flows_on(const char *before, const char *part)
{
	size_t n = strlen(before);

	while (n > 0 && strchr(" \t\r\n", before[n - 1]) != NULL)
		n--;
	part += strspn(part, " \t\r\n");
	return (text_has_tags(before) || text_has_tags(part)) &&
	       (n == 0 || before[n - 1] != '>' || *part != '<');
}

/* Several parts are one description, but what lies in another not again. */
static const char *
description_markup(struct filler *f, const struct values *v)
{
	const struct node *last = NULL;
	const char *all = NULL;

	for (size_t i = 0; i < v->n; i++) {
		const char *part;

		if (is_inside(v->at[i].node, last))
			continue;
		last = v->at[i].node;
		part = value_markup(f->r, &v->at[i]);
		if (part == NULL)
			continue;
		all = all == NULL
			  ? part
			  : arena_printf(f->r->scratch, "%s%s\n%s", all,
				flows_on(all, part) ? "<br>" : "", part);
	}
	return all;
}

static void
set_description(
    struct filler *f, const struct field *field, const struct values *v)
{
	struct reading *r = f->r;
	struct values all = *v;
	const char *text;

	values_flatten(r, &all);
	if (field->as == AS_TEXT && all.at[0].node == NULL)
		all.n = 1;
	text = description_markup(f, &all);
	if (text == NULL)
		return;
	if (field->as == AS_ESCAPED_HTML)
		text = value_unescape(r->scratch, text, strlen(text));
	if (field->as == AS_TEXT && all.at[0].node == NULL) {
		f->posting->description = text_lines(r->scratch, text);
		return;
	}
	posting_set_html(f, text);
	if (field->as == AS_TEXT)
		f->posting->description_html = NULL;
}

static void
set_language(struct filler *f, const char *text)
{
	static const struct pair names[] = { { "english", "en" },
		{ "german", "de" }, { "deutsch", "de" }, { "french", "fr" },
		{ "fran\xc3\xa7"
		  "ais",
		    "fr" },
		{ "spanish", "es" }, { "espa\xc3\xb1ol", "es" },
		{ "italian", "it" }, { "dutch", "nl" }, { "portuguese", "pt" },
		{ "polish", "pl" }, { "czech", "cs" } };
	char *lower = str_lower(f->r->scratch, text);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (str_eq(lower, names[i].name)) {
			f->posting->language = names[i].value;
			return;
		}
	/* "en", "en-GB", "de_AT"; of three letters we know none. */
	if (lower[0] >= 'a' && lower[0] <= 'z' && lower[1] >= 'a' &&
	    lower[1] <= 'z' &&
	    (lower[2] == '\0' || lower[2] == '-' || lower[2] == '_')) {
		lower[2] = '\0';
		f->posting->language = lower;
	}
}

/* ---- typed ---- */

static bool
is_yes(const char *text)
{
	return str_eq_ci(text, "true") || str_eq_ci(text, "yes") ||
	       str_eq(text, "1");
}

static bool
is_no(const char *text)
{
	return str_eq_ci(text, "false") || str_eq_ci(text, "no") ||
	       str_eq(text, "0");
}

static void
set_date(struct filler *f, const struct slot *slot, const struct field *field,
    const struct values *v)
{
	enum day_order order = field == NULL ? DAY_ORDER_NONE : field->order;
	struct instant *to = place(f->posting, slot->offset), found = { 0 };
	const struct value *first = &v->at[0];
	const char *text;

	if (first->json != NULL && first->json->type == J_NUMBER) {
		if (value_epoch(jnode_double(first->json), &found))
			*to = found;
		return;
	}
	/* A time element says it better in its attribute. */
	text = first->node == NULL
		   ? NULL
		   : node_attr_text(f->r->scratch, first->node, "datetime");
	if (text != NULL &&
	    value_date(text, f->r->page->now_ms, 0, order, &found)) {
		*to = found;
		return;
	}
	text = first_text(f, NULL, v);
	if (text == NULL)
		return;
	if (value_date(text, f->r->page->now_ms, 0, order, &found))
		*to = found;
	else
		warn_unread(f, slot->name, text);
}

static void
set_salary(struct filler *f, const char *text)
{
	const struct posting *p = f->posting;
	const char *country = p->nplaces > 0 ? p->places[0].country : NULL;
	struct salary found = { 0 };

	if (value_salary(f->r->scratch, text, country, &found))
		f->posting->salary = found;
	else
		warn_unread(f, "salary", text);
}

static void
set_remote(struct filler *f, const char *text)
{
	if (is_yes(text))
		f->posting->remote = REMOTE_REMOTE;
	else if (!is_no(text))
		f->posting->remote = value_remote(text);
}

/* ---- lists ---- */

struct list {
	struct arena *arena;
	const char *const *at;
	size_t n;
};

static void
list_add(struct list *l, const char *text)
{
	for (size_t i = 0; i < l->n; i++)
		if (str_eq_ci(l->at[i], text))
			return;
	append_text(l->arena, &l->at, &l->n, text);
}

static void
list_split(struct list *l, const char *text, const char *separator)
{
	size_t n = strlen(separator);

	while (text != NULL) {
		const char *end = strstr(text, separator);
		const char *part = end == NULL ? text
					       : arena_strndup(l->arena, text,
						     (size_t)(end - text));

		part = str_fold_space(l->arena, part);
		if (*part != '\0')
			list_add(l, part);
		text = end == NULL ? NULL : end + n;
	}
}

/* Items of the lists in an element; false if it has none. */
static bool
list_add_items(struct filler *f, struct list *l, const struct node *top)
{
	const struct node *n = top;
	bool any = false;

	for (; n != NULL; n = node_after(n, top)) {
		const char *text;

		if (n->type != NODE_ELEMENT || n->tag != TAG_LI)
			continue;
		any = true;
		text = node_text(f->r->scratch, n, LIMIT_FIELD_BYTES);
		if (*text != '\0')
			list_add(l, text);
	}
	return any;
}

/* Markup in a text, as JSON has it: its lines are the items. */
static bool
list_add_lines(struct filler *f, struct list *l, const struct field *field,
    const struct value *v)
{
	struct arena *arena = f->r->scratch;
	struct list lines = { .arena = arena };
	const char *text;

	if (field == NULL || v->node != NULL || field->split != NULL ||
	    (field->as != AS_HTML && field->as != AS_ESCAPED_HTML))
		return false;
	text = value_markup(f->r, v);
	if (text == NULL)
		return true;
	if (field->as == AS_ESCAPED_HTML)
		text = value_unescape(arena, text, strlen(text));
	list_split(&lines, value_html_text(arena, text, strlen(text)), "\n");
	for (size_t i = 0; i < lines.n; i++)
		list_add(l, lines.at[i] + 2 * str_starts(lines.at[i], "- "));
	return true;
}

static struct list
list_of(struct filler *f, const struct field *field, const struct values *v)
{
	struct list l = { .arena = f->r->scratch };
	struct values all = *v;

	values_flatten(f->r, &all);
	for (size_t i = 0; i < all.n && l.n < LIMIT_LIST_ITEMS; i++) {
		const struct value *one = &all.at[i];
		const char *text;

		if (one->node != NULL && one->node->tag != TAG_LI &&
		    (field == NULL || field->split == NULL) &&
		    list_add_items(f, &l, one->node))
			continue;
		if (list_add_lines(f, &l, field, one))
			continue;
		text = field_text(f, field, one);
		if (text == NULL)
			continue;
		if (field != NULL && field->split != NULL)
			list_split(&l, text, field->split);
		else
			list_add(&l, text);
	}
	return l;
}

static void
set_list(struct filler *f, const struct slot *slot, const struct field *field,
    const struct values *v)
{
	struct list l = list_of(f, field, v);
	const char *const **at = place(f->posting, slot->offset);
	size_t *n = place(f->posting, slot->count_offset);

	*at = l.at;
	*n = l.n;
}

/* ---- metadata ---- */

static const char *
joined(struct filler *f, const struct field *field, const struct values *v)
{
	struct list l = list_of(f, field, v);
	const char *text = NULL;

	for (size_t i = 0; i < l.n; i++)
		text = text == NULL ? l.at[i]
				    : arena_printf(f->r->scratch, "%s, %s",
					  text, l.at[i]);
	return text;
}

/* A date in metadata is written as everywhere else. */
static const char *
metadata_date(
    struct filler *f, const struct field *field, const struct values *v)
{
	static const struct slot any = { "date", SLOT_DATE, AT(posted), 0 };
	struct posting mine = { 0 };
	struct filler other = { .r = f->r, .item = f->item, .posting = &mine };

	set_date(&other, &any, field, v);
	return mine.posted.present ? clock_iso(f->r->scratch, mine.posted.ms)
				   : NULL;
}

static void
set_metadata(
    struct filler *f, const struct field *field, const struct values *v)
{
	const char *text = NULL;

	switch (field->as) {
	case AS_URL:
		text = first_url(f, field, v);
		break;
	case AS_DATE:
		text = metadata_date(f, field, v);
		break;
	case AS_BOOL:
		text = first_text(f, field, v);
		if (text != NULL)
			text = is_yes(text)  ? "true"
			       : is_no(text) ? "false"
					     : NULL;
		break;
	default:
		text = joined(f, field, v);
	}
	if (text != NULL)
		posting_add_metadata(f, field->name.text, text);
}

static void
set_text(struct filler *f, const struct slot *slot, const char *text)
{
	struct posting *p = f->posting;

	switch (slot->kind) {
	case SLOT_JOB_TYPE:
		p->job_type = value_job_type(text);
		break;
	case SLOT_EXPERIENCE:
		p->experience = value_experience(text);
		break;
	case SLOT_REMOTE:
		set_remote(f, text);
		break;
	case SLOT_SALARY:
		set_salary(f, text);
		break;
	case SLOT_LANGUAGE:
		set_language(f, text);
		break;
	default:
		memcpy(place(p, slot->offset), &text, sizeof(text));
	}
}

void
slot_set(struct filler *f, const struct slot *slot, const struct field *field,
    const struct values *v)
{
	const char *text;

	if (slot == NULL && field != NULL)
		set_metadata(f, field, v);
	if (slot == NULL)
		return;
	switch (slot->kind) {
	case SLOT_DESCRIPTION:
		set_description(f, field, v);
		return;
	case SLOT_LOCATION:
		posting_set_location(f, field, v);
		return;
	case SLOT_DATE:
		set_date(f, slot, field, v);
		return;
	case SLOT_LIST:
		set_list(f, slot, field, v);
		return;
	case SLOT_URL:
		text = first_url(f, field, v);
		break;
	default:
		text = first_text(f, field, v);
	}
	if (text != NULL)
		set_text(f, slot, text);
}
