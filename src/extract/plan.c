/*
 * A source compiled: every selector, template and pattern of its views.
 */
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "extract/extract_int.h"

struct compiler {
	struct extractor *x;
	extract_fault *fault;
	void *context;
	bool failed;
};

static const struct format_reader *const readers[FORMAT__MAX] = {
	[FORMAT_JSON] = &reader_json,
	[FORMAT_FEED] = &reader_feed,
	[FORMAT_HTML] = &reader_html,
	[FORMAT_JOBPOSTING] = &reader_jobposting,
	[FORMAT_SCRIPT] = &reader_script,
	[FORMAT_TEXT] = &reader_text,
	[FORMAT_MAIL] = &reader_mail,
};

/* Of what people wrote, enough to know it by: the fault stands behind it. */
#define SHOWN_BYTES 100

const char *
text_shown(struct arena *arena, const char *text)
{
	size_t n = strlen(text);

	if (n <= SHOWN_BYTES)
		return text;
	return arena_printf(
	    arena, "%.*s...", (int)utf8_cut(text, n, SHOWN_BYTES), text);
}

static void
report(struct compiler *c, const struct text_at *at, const char *text)
{
	c->failed = true;
	if (c->fault != NULL)
		c->fault(c->context,
		    at->file == NULL ? c->x->source->file : at->file, at->line,
		    at->column, text);
}

static void
compile_selector(struct compiler *c, const struct format_reader *reader,
    const struct text_at *at, struct selector *to)
{
	struct err e = { 0 };

	if (at->text == NULL)
		return;
	if (selector_new(c->x, reader, at->text, to, NULL, &e) != 0)
		report(c, at, e.text);
}

static struct re *
compile_re(struct compiler *c, const struct text_at *at, uint32_t group)
{
	const char *text = at->text == NULL ? "" : at->text;
	struct err e = { 0 };
	struct re *re = re_new(c->x->arena, text, strlen(text), NULL, &e);

	if (re == NULL)
		report(c, at,
		    arena_printf(c->x->arena,
			"'%s' is not a regular expression: %s",
			text_shown(c->x->arena, text), e.text));
	else if (group > re_groups(re))
		report(c, at,
		    arena_printf(c->x->arena, "'%s' has no group %u",
			text_shown(c->x->arena, text), group));
	return re;
}

static void
compile_template(struct compiler *c, const struct text_at *at)
{
	struct err e = { 0 };
	size_t where;

	if (at->text != NULL && template_check(at->text, &where, &e) != 0)
		report(c, at, e.text);
}

static void
compile_field(struct compiler *c, const struct format_reader *reader,
    const struct field *field, struct field_plan *to)
{
	to->field = field;
	to->slot = slot_find(field->name.text);
	to->rules =
	    arena_array(c->x->arena, field->nrules, sizeof(to->rules[0]));
	for (size_t i = 0; i < field->nrules; i++) {
		const struct rule *rule = &field->rules[i];

		to->rules[i].rule = rule;
		if (rule->kind == RULE_SELECTOR) {
			compile_selector(
			    c, reader, &rule->text, &to->rules[i].selector);
		} else if (rule->kind == RULE_RE) {
			to->rules[i].re =
			    compile_re(c, &rule->text, rule->group);
		} else if (rule->kind == RULE_TEMPLATE) {
			compile_template(c, &rule->text);
			to->late = true;
		}
	}
	if (field->re.text != NULL)
		to->re = compile_re(c, &field->re, field->group);
	compile_template(c, &field->base);
}

static bool
has_field(const struct view *view, const char *name)
{
	for (size_t i = 0; i < view->nfields; i++)
		if (str_eq(view->fields[i].name.text, name))
			return true;
	return false;
}

static void
fill_add(struct view_plan *plan, const char *name)
{
	if (name != NULL && !has_field(plan->view, name))
		plan->fills[plan->nfills++] = name;
}

static void
list_fills(struct compiler *c, struct view_plan *plan)
{
	const char *const *known = plan->reader->fills;
	const struct re *re = plan->jobs.re;
	unsigned groups = re == NULL ? 0 : re_groups(re);
	size_t n = plan->view->nfields + groups;

	for (size_t i = 0; known != NULL && known[i] != NULL; i++)
		n++;
	plan->fills = arena_array(c->x->arena, n, sizeof(plan->fills[0]));
	for (size_t i = 0; i < plan->view->nfields; i++)
		plan->fills[plan->nfills++] = plan->view->fields[i].name.text;
	for (; known != NULL && *known != NULL; known++)
		fill_add(plan, *known);
	for (unsigned i = 1; i <= groups; i++)
		fill_add(plan, re_group_name(re, i));
}

/* Where in a page the JSON is: a script, or what a pattern stands before. */
static void
compile_script(
    struct compiler *c, const struct text_at *at, struct selector *to)
{
	struct err e = { 0 };

	if (at->text == NULL || !re_is_literal(at->text)) {
		compile_selector(c, &reader_html, at, to);
		return;
	}
	to->text = at->text;
	to->re = re_new_literal(c->x->arena, at->text, false, NULL, &e);
	to->kind = to->re == NULL ? SELECT_NONE : SELECT_RE;
	if (to->re == NULL)
		report(c, at,
		    arena_printf(c->x->arena,
			"'%s' is not a regular expression: %s",
			text_shown(c->x->arena, at->text), e.text));
}

/*
 * A page of format script is markup and JSON: what is asked of the page as a
 * whole may be a selector of either.
 */
static const struct format_reader *
page_reader(const struct view_plan *plan)
{
	return plan->reader == &reader_script ? &reader_html : plan->reader;
}

static void
compile_view(
    struct compiler *c, const struct view *view, struct view_plan *plan)
{
	plan->view = view;
	plan->reader =
	    view->is_text_part ? &reader_mail_text : readers[view->format];
	compile_script(c, &view->script, &plan->script);
	compile_selector(c, plan->reader, &view->jobs, &plan->jobs);
	c->x->groups = plan->jobs.re;
	plan->fields =
	    arena_array(c->x->arena, view->nfields, sizeof(plan->fields[0]));
	for (size_t i = 0; i < view->nfields; i++)
		compile_field(c,
		    plan == &c->x->detail ? page_reader(plan) : plan->reader,
		    &view->fields[i], &plan->fields[i]);
	c->x->groups = NULL;
	compile_template(c, &view->url);
	list_fills(c, plan);
}

static void
compile_subject(struct compiler *c, const struct text_at *at)
{
	struct err e = { 0 };

	if (at->text == NULL)
		return;
	c->x->subject =
	    re_new(c->x->arena, at->text, strlen(at->text), NULL, &e);
	if (c->x->subject == NULL)
		report(c, at,
		    arena_printf(c->x->arena,
			"'%s' is not a regular expression: %s",
			text_shown(c->x->arena, at->text), e.text));
}

static void
compile_conditions(struct compiler *c)
{
	struct err e = { 0 };
	const struct condition_test *fault = conditions_compile(c->x, &e);

	if (fault != NULL)
		report(c, &fault->text,
		    arena_printf(c->x->arena,
			"'%s' is not a regular expression: %s",
			text_shown(c->x->arena, fault->text.text), e.text));
}

static void
compile_source(struct compiler *c, const struct source *source)
{
	struct extractor *x = c->x;
	const struct format_reader *reader;

	compile_view(c, &source->list, &x->list);
	reader = page_reader(&x->list);
	x->needs_title = true;
	if (source->detail.present) {
		compile_view(c, &source->detail, &x->detail);
		if (x->detail.reader->fill != NULL ||
		    has_field(&source->detail, "title"))
			x->needs_title = false;
	}
	if (source->pages.kind == PAGES_NEXT ||
	    source->pages.kind == PAGES_CURSOR)
		compile_selector(c, reader, &source->pages.selector, &x->next);
	if (source->pages.until == UNTIL_SELECTOR)
		compile_selector(
		    c, reader, &source->pages.until_selector, &x->until);
	compile_selector(c, reader, &source->expect.total, &x->total);
	compile_subject(c, &source->mails.subject);
	compile_conditions(c);
}

struct extractor *
extractor_new(const struct source *source, extract_fault *fault, void *context)
{
	struct compiler c = { .fault = fault, .context = context };

	c.x = xcalloc(1, sizeof(*c.x));
	c.x->arena = arena_new(LIMIT_PLAN_BYTES);
	c.x->source = source;
	compile_source(&c, source);
	if (!c.failed)
		return c.x;
	extractor_free(c.x);
	return NULL;
}

void
extractor_free(struct extractor *x)
{
	if (x == NULL)
		return;
	for (size_t i = 0; i < x->nxpaths; i++)
		xpath_free(x->xpaths[i]);
	free(x->xpaths);
	arena_free(x->arena);
	free(x);
}
