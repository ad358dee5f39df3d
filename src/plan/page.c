/*
 * From one page of a list to the next.
 */
#include <string.h>
#include "base/str.h"
#include "plan/plan_int.h"

void
page_first(const struct source *source, struct page_position *to)
{
	*to = (struct page_position){ 0 };
	if (source->pages.kind == PAGES_NUMBER)
		to->number = source->pages.from;
	if (source->pages.kind == PAGES_OFFSET)
		to->offset = source->pages.from;
}

/*
 * Is this page the last by what it says itself? *doubt is set if it gives no
 * more although what was to end the list has not come.
 */
static bool
is_last(const struct source *source, const struct extracted *page,
    const struct page_position *at, int64_t seen, bool *doubt)
{
	const struct pages *pages = &source->pages;
	int64_t total = page->total;

	*doubt = false;
	/* Some boards say the total on the first page and 0 on the others. */
	if (total == 0 && at->index > 0)
		total = -1;
	if ((pages->kind == PAGES_NEXT || pages->kind == PAGES_CURSOR) &&
	    str_is_empty(page->next))
		return true;
	switch (pages->until) {
	case UNTIL_TOTAL:
		if (total >= 0 && seen >= total)
			return true;
		*doubt = page->items == 0 && total >= 0;
		break;
	case UNTIL_SELECTOR:
		if (page->until)
			return true;
		*doubt = page->items == 0 && at->index > 0;
		break;
	default:
		break;
	}
	/* A first page of its own may only lead to the list. */
	if (at->index == 0 && pages->first.text != NULL)
		return false;
	return page->items == 0;
}

enum page_step
page_next(const struct source *source, const struct extracted *page,
    const struct page_position *at, int64_t seen, bool is_repeat,
    struct page_position *to, const char **url)
{
	const struct pages *pages = &source->pages;
	bool doubt;

	if (pages->kind == PAGES_NONE)
		return PAGE_END;
	if (is_last(source, page, at, seen, &doubt))
		return doubt ? PAGE_TRUNCATED : PAGE_END;
	if (is_repeat || at->index + 1 >= pages->max)
		return PAGE_TRUNCATED;
	*to = *at;
	to->index++;
	if (pages->kind == PAGES_NUMBER)
		to->number++;
	if (pages->kind == PAGES_OFFSET)
		to->offset += pages->step;
	*url = pages->kind == PAGES_NEXT ? page->next : NULL;
	return PAGE_NEXT;
}

/* ---- addresses and bodies ---- */

struct names {
	struct arena *arena;
	const struct source *source;
	const struct target *target;
	const struct page_position *at;
	const char *cursor;
};

static const char *
name_value(void *context, const char *name)
{
	const struct names *n = context;

	if (strcmp(name, "page.offset") == 0)
		return arena_printf(n->arena, "%lld", (long long)n->at->offset);
	if (strcmp(name, "page.last") == 0)
		return arena_printf(n->arena, "%lld",
		    (long long)(n->at->offset + n->source->pages.step - 1));
	if (strcmp(name, "page.number") == 0)
		return arena_printf(n->arena, "%lld", (long long)n->at->number);
	if (strcmp(name, "page.cursor") == 0)
		return n->cursor == NULL ? "" : n->cursor;
	return target_param(n->target, name);
}

char *
page_url(struct arena *a, const struct source *source,
    const struct target *target, const struct page_position *at,
    const char *cursor, struct err *e)
{
	struct names names = { a, source, target, at, cursor };
	const char *text = source->list.url.text;

	if (at->index == 0 && source->pages.first.text != NULL)
		text = source->pages.first.text;
	return template_expand(a, text, TEMPLATE_URL, name_value, &names, e);
}

char *
page_body(struct arena *a, const struct source *source,
    const struct target *target, const struct page_position *at,
    const char *cursor, struct err *e)
{
	struct names names = { a, source, target, at, cursor };

	return template_expand(a, source->list.body,
	    template_kind_of(source->list.body_type), name_value, &names, e);
}
