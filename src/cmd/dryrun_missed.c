/*
 * What of a definition matched nothing, and where it stands in its file.
 */
#include <stdio.h>
#include <string.h>
#include "base/str.h"
#include "cmd/dryrun_show.h"

#define SHOWN_BYTES 120

struct missed {
	FILE *to;
	struct arena *arena;
	const struct source *source;
};

static void
place_print(const struct missed *m, const struct text_at *at)
{
	fprintf(m->to, "%s:%u:%u: ", m->source->file, at->line, at->column);
}

/* What a field asks for, to be recognised. */
static const char *
rules_text(const struct missed *m, const struct field *field)
{
	const char *text = "";

	for (size_t i = 0; i < field->nrules; i++)
		text = arena_printf(m->arena, "%s%s'%s'", text,
		    i == 0 ? "" : ", ",
		    str_safe(m->arena, field->rules[i].text.text, SHOWN_BYTES));
	return text;
}

static const struct fill *
fill_find(const struct fill *fills, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(fills[i].name, name))
			return &fills[i];
	return NULL;
}

/* A field of no item; title and url of some items only, too. */
static void
field_show(const struct missed *m, const struct field *field,
    const struct fill *fill, int64_t items, int64_t refused)
{
	const char *name = field->name.text;
	int64_t n = fill == NULL ? 0 : (int64_t)fill->in_items;
	bool is_needed = str_eq(name, "title") || str_eq(name, "url") ||
			 str_eq(name, "external_id");

	if (n > 0 && (!is_needed || refused == 0 || n == items))
		return;
	place_print(
	    m, field->nrules > 0 ? &field->rules[0].text : &field->name);
	fprintf(m->to, "%s: %s ", name, rules_text(m, field));
	if (n == 0)
		fprintf(m->to, "finds nothing in %lld %s\n", (long long)items,
		    items == 1 ? "item" : "items");
	else
		fprintf(m->to, "finds nothing in %lld of %lld items\n",
		    (long long)(items - n), (long long)items);
}

static void
items_show(const struct missed *m)
{
	const struct view *list = &m->source->list;

	if (list->jobs.text != NULL) {
		place_print(m, &list->jobs);
		fprintf(m->to, "jobs: '%s' matches nothing\n",
		    str_safe(m->arena, list->jobs.text, SHOWN_BYTES));
		return;
	}
	fprintf(m->to, "%s: %s\n", m->source->file,
	    list->format == FORMAT_FEED
		? "the feed has no items"
		: "the page has no schema.org JobPosting data");
}

void
missed_show(FILE *to, struct arena *arena, const struct dryrun_options *options,
    const struct dryrun *run)
{
	struct missed m = {
		.to = to, .arena = arena, .source = options->source
	};
	const struct view *list = &m.source->list, *detail = &m.source->detail;

	if (run->list_pages == 0)
		return;
	/* No mail was looked into; the mailbox itself is the first page. */
	if (list->format == FORMAT_MAIL && run->outcome == OUTCOME_UNCHANGED) {
		if (options->page == NULL && run->list_pages == 1)
			fprintf(to,
			    "%s: the mailbox has no mail younger than "
			    "mail.age\n",
			    m.source->file);
		return;
	}
	if (run->items == 0) {
		items_show(&m);
		return;
	}
	for (size_t i = 0; i < list->nfields; i++)
		field_show(&m, &list->fields[i],
		    fill_find(run->list_fills, run->nlist_fills,
			list->fields[i].name.text),
		    run->items, run->refused);
	for (size_t i = 0;
	     i < detail->nfields && run->detail_pages > run->failed_details;
	     i++)
		field_show(&m, &detail->fields[i],
		    fill_find(run->detail_fills, run->ndetail_fills,
			detail->fields[i].name.text),
		    run->detail_pages - run->failed_details, 0);
}
