/*
 * The fields of an item: alternatives, templates, patterns, tables, and the
 * way of a value to its place in the posting.
 */
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "extract/extract_int.h"

/* Fields that come from fields that come from fields. */
#define RAW_DEPTH 8

struct lookup {
	struct reading *r;
	const struct item *item;
	const struct posting *posting;
};

/* ---- templates ---- */

/* A member by its name, or an element of an array by its number. */
static const struct jnode *
json_step(
    struct arena *arena, const struct jnode *n, const char *name, size_t len)
{
	int64_t i;

	if (n->type != J_ARRAY)
		return jnode_get(n, name, len);
	if (str_to_i64(arena_strndup(arena, name, len), 0, UINT32_MAX, &i) ==
	    -1)
		return NULL;
	return jnode_at(n, i);
}

/* "pay.0.min" in an item: members of members. */
static const char *
json_by_path(struct reading *r, const struct jnode *n, const char *path)
{
	while (n != NULL && *path != '\0') {
		size_t len = strcspn(path, ".");

		/* A name may hold a dot itself. */
		const struct jnode *whole = jnode_member(n, path);

		if (whole != NULL) {
			n = whole;
			break;
		}
		n = json_step(r->scratch, n, path, len);
		path += len + (path[len] == '.');
	}
	return n == NULL ? NULL : jnode_text(r->scratch, n);
}

static const char *
posting_text(const struct posting *p, const char *name)
{
	const struct slot *slot = slot_find(name);

	if (slot != NULL &&
	    (slot->kind == SLOT_TEXT || slot->kind == SLOT_URL ||
		slot->kind == SLOT_LANGUAGE)) {
		const char *text;

		memcpy(&text, (const char *)p + slot->offset, sizeof(text));
		return text;
	}
	for (size_t i = 0; i < p->nmetadata; i++)
		if (str_eq(p->metadata[i].name, name))
			return p->metadata[i].value;
	return NULL;
}

static const char *
lookup_name(void *context, const char *name)
{
	struct lookup *l = context;
	struct reading *r = l->r;
	const char *text = NULL;

	if (str_eq(name, "page.number"))
		return arena_printf(
		    r->scratch, "%lld", (long long)r->page->page_number);
	if (str_eq(name, "page.last"))
		return arena_printf(r->scratch, "%lld",
		    (long long)(r->page->page_offset +
				r->extractor->source->pages.step - 1));
	if (str_eq(name, "page.offset"))
		return arena_printf(
		    r->scratch, "%lld", (long long)r->page->page_offset);
	if (str_starts(name, "mail."))
		return reading_mail(r, name);
	if (!str_starts(name, "job.")) {
		for (size_t i = 0; i < r->page->nparams; i++)
			if (str_eq(r->page->params[i].name, name))
				return r->page->params[i].value;
		return NULL;
	}
	name += strlen("job.");
	if (l->posting != NULL)
		text = posting_text(l->posting, name);
	if (text == NULL && l->item->json != NULL)
		text = json_by_path(r, l->item->json, name);
	if (text == NULL)
		text = field_raw(r, l->item, name);
	return str_is_empty(text) ? NULL : text;
}

char *
fields_template(struct reading *r, const struct item *item,
    const struct posting *posting, const char *text, enum template_kind kind)
{
	struct lookup l = { .r = r, .item = item, .posting = posting };

	return template_expand(r->scratch, text, kind, lookup_name, &l, NULL);
}

/* ---- rules ---- */

static void
one_text(struct reading *r, const char *text, struct values *to)
{
	to->n = 0;
	if (str_is_empty(text))
		return;
	to->at = arena_alloc(r->scratch, sizeof(to->at[0]));
	to->at[0].text = text;
	to->n = 1;
}

/* All that an item says, for a pattern that names no field. */
static const char *
item_text(struct reading *r, const struct item *item)
{
	struct buf text;
	const char *copy;

	if (item->node != NULL)
		return node_text(
		    r->scratch, item->node, LIMIT_DESCRIPTION_BYTES);
	if (item->pieces != NULL)
		return arena_strndup(
		    r->scratch, item->pieces[0].text, item->pieces[0].n);
	buf_init(&text, LIMIT_DESCRIPTION_BYTES);
	if (item->json != NULL)
		jnode_write(item->json, &text);
	copy = arena_strndup(r->scratch, buf_cstr(&text), text.len);
	buf_fini(&text);
	return copy;
}

static void
run_re(struct reading *r, const struct rule_plan *plan, const struct item *item,
    struct values *to)
{
	const struct rule *rule = plan->rule;
	const char *text = rule->from == NULL ? item_text(r, item)
					      : field_raw(r, item, rule->from);
	size_t from, until;

	to->n = 0;
	if (text != NULL &&
	    re_search(plan->re, text, strlen(text), rule->group, &from, &until))
		one_text(r,
		    arena_strndup(r->scratch, text + from, until - from), to);
}

static void
run_rule(struct filler *f, const struct field_plan *plan,
    const struct rule_plan *rule, struct values *to)
{
	struct reading *r = f->r;
	size_t max = LIMIT_LIST_ITEMS;

	switch (rule->rule->kind) {
	case RULE_SELECTOR:
		selector_run(r, &rule->selector, f->item, max, to);
		break;
	case RULE_TEMPLATE:
		one_text(r,
		    fields_template(r, f->item, f->posting,
			rule->rule->text.text,
			plan->field->as == AS_URL ? TEMPLATE_URL
						  : TEMPLATE_TEXT),
		    to);
		break;
	case RULE_CONST:
		one_text(r, rule->rule->text.text, to);
		break;
	default:
		run_re(r, rule, f->item, to);
	}
}

static bool
node_says_something(const struct node *n)
{
	const struct node *top = n;

	for (; n != NULL; n = node_after(n, top)) {
		if (n->type != NODE_TEXT)
			continue;
		for (uint32_t i = 0; i < n->len; i++)
			if (strchr(" \t\r\n\f", n->text[i]) == NULL)
				return true;
	}
	return false;
}

/* An object of nothing but nulls says nothing; depth is bounded by jdoc. */
static bool
json_says_something(const struct jnode *n)
{
	const struct jnode *child;

	if (n->type == J_STRING)
		return !str_is_empty(n->v.text);
	if (!jnode_is_container(n))
		return n->type != J_NULL;
	child = jnode_first(n);
	for (uint32_t i = 0; i < n->len; i++) {
		/* In an object the name stands before its value. */
		child += n->type == J_OBJECT;
		if (json_says_something(child))
			return true;
		child = jnode_next(child);
	}
	return false;
}

/* Is there anything in it? A link or picture is, for an address. */
static bool
is_something(const struct value *v, bool link_counts)
{
	if (v->node != NULL)
		return node_says_something(v->node) ||
		       (link_counts && v->node->nattrs > 0);
	if (v->json != NULL)
		return json_says_something(v->json);
	return !str_is_empty(v->text);
}

static void
drop_empty(struct values *v, bool link_counts)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		if (is_something(&v->at[i], link_counts))
			v->at[n++] = v->at[i];
	v->n = n;
}

/* The part of each value that re matches; others are thrown away. */
static void
values_part(struct reading *r, const struct field_plan *plan, struct values *v)
{
	size_t n = 0, from, until;

	values_flatten(r, v);
	for (size_t i = 0; i < v->n; i++) {
		const char *text = value_text(r, &v->at[i]);

		if (text == NULL || !re_search(plan->re, text, strlen(text),
					plan->field->group, &from, &until))
			continue;
		v->at[n++] = (struct value){
			.text = arena_strndup(
			    r->scratch, text + from, until - from),
		};
	}
	v->n = n;
}

static void
values_append(struct reading *r, const struct values *more, struct values *to)
{
	struct value *both =
	    arena_array(r->scratch, to->n + more->n, sizeof(*both));

	if (to->n > 0)
		memcpy(both, to->at, to->n * sizeof(*both));
	memcpy(both + to->n, more->at, more->n * sizeof(*both));
	to->at = both;
	to->n += more->n;
}

/* The first alternative that is not empty, or all of them. */
static void
run_rules(struct filler *f, const struct field_plan *plan, struct values *to)
{
	const struct field *field = plan->field;

	to->n = 0;
	for (size_t i = 0; i < field->nrules; i++) {
		struct values found = { 0 };

		run_rule(f, plan, &plan->rules[i], &found);
		if (plan->re != NULL)
			values_part(f->r, plan, &found);
		drop_empty(&found, field->as == AS_URL);
		if (found.n > 0)
			values_append(f->r, &found, to);
		if (to->n > 0 && !field->all)
			return;
	}
}

/* Where the value of a field stands as it is: a selector or a constant. */
static const char *
raw_of_rules(
    struct reading *r, const struct item *item, const struct field_plan *plan)
{
	struct filler f = { .r = r, .item = item };
	struct values v = { 0 };

	for (size_t k = 0; k < plan->field->nrules && v.n == 0; k++) {
		enum rule_kind kind = plan->rules[k].rule->kind;

		if (kind != RULE_SELECTOR && kind != RULE_CONST)
			continue;
		run_rule(&f, plan, &plan->rules[k], &v);
		if (plan->re != NULL)
			values_part(r, plan, &v);
		drop_empty(&v, false);
	}
	return v.n > 0 ? value_text(r, &v.at[0]) : NULL;
}

/* What a pattern finds, which may ask for other fields: never in a circle. */
static const char *
raw_of_pattern(
    struct reading *r, const struct item *item, const struct field_plan *plan)
{
	const struct rule_plan *rule = &plan->rules[0];
	struct values v = { 0 };

	if (plan->field->nrules == 0 || rule->rule->kind != RULE_RE ||
	    str_eq(rule->rule->from, plan->field->name.text) ||
	    r->asking == RAW_DEPTH)
		return NULL;
	r->asking++;
	run_re(r, rule, item, &v);
	r->asking--;
	return v.n > 0 ? value_text(r, &v.at[0]) : NULL;
}

const char *
field_raw(struct reading *r, const struct item *item, const char *name)
{
	const struct field_plan *plan = NULL;
	const char *text = NULL;

	if (str_starts(name, "mail."))
		return reading_mail(r, name);
	for (size_t i = 0; i < r->plan->view->nfields; i++)
		if (str_eq(r->plan->fields[i].field->name.text, name))
			plan = &r->plan->fields[i];
	if (plan != NULL)
		text = raw_of_rules(r, item, plan);
	if (text == NULL && r->plan->reader->raw != NULL)
		text = r->plan->reader->raw(r, item, name);
	if (text == NULL && plan != NULL)
		text = raw_of_pattern(r, item, plan);
	return text;
}

/* ---- tables ---- */

static const char *
map_find(const struct field *field, const char *text)
{
	for (size_t i = 0; i < field->nmap; i++)
		if (strcmp(field->map[i].name, text) == 0)
			return field->map[i].value;
	for (size_t i = 0; i < field->nmap; i++)
		if (str_eq_ci(field->map[i].name, text))
			return field->map[i].value;
	return NULL;
}

/* Values that the table knows are replaced, by nothing if it says "". */
static void
map_values(struct reading *r, const struct field *field, struct values *v)
{
	size_t n = 0;

	values_flatten(r, v);
	for (size_t i = 0; i < v->n; i++) {
		const char *text = value_text(r, &v->at[i]), *mapped = NULL;

		if (text != NULL)
			mapped = map_find(field, text);
		v->at[n] = v->at[i];
		if (mapped != NULL)
			v->at[n] = (struct value){ .text = mapped };
		if (mapped == NULL || *mapped != '\0')
			n++;
	}
	v->n = n;
}

static void
fill_field(struct filler *f, const struct field_plan *plan)
{
	const struct field *field = plan->field;
	struct values v = { 0 };

	run_rules(f, plan, &v);
	if (field->nmap > 0)
		map_values(f->r, field, &v);
	if (v.n == 0 && field->default_value != NULL)
		one_text(f->r, field->default_value, &v);
	if (v.n > 0 && f->r->result == EXTRACT_OK)
		slot_set(f, plan->slot, field, &v);
}

void
fields_fill(struct reading *r, const struct item *item, struct posting *posting)
{
	struct filler f = { .r = r, .item = item, .posting = posting };

	/* Templates last: they may use the others. */
	for (int late = 0; late <= 1; late++)
		for (size_t i = 0; i < r->plan->view->nfields; i++)
			if (r->plan->fields[i].late == (late == 1))
				fill_field(&f, &r->plan->fields[i]);
}
