/*
 * The behaviour words of a source file: limits and pages.
 */
#include <string.h>
#include "conf/conf_int.h"

#define SECOND_MS 1000LL
#define HOUR_MS   (3600 * SECOND_MS)
#define DAY_MS    (24 * HOUR_MS)

static struct limits *
limits_of(void *part)
{
	return &((struct source_part *)part)->own->source.limits;
}

static struct pages *
pages_of(void *part)
{
	return &((struct source_part *)part)->own->source.pages;
}

void
top_limits(const struct reader *r, const struct node *node, void *part)
{
	read_section(r, node, SECTION_KEYS_LIMITS, part);
}

/* "1 per 2s": the gap between two requests. False if it is nothing such. */
static bool
rate_parse(struct arena *arena, const char *text, int64_t *gap_ms)
{
	static const char between[] = " per ";
	const char *at = strstr(text, between);
	struct err e = { 0 };
	int64_t n, period_ms;

	if (at == NULL ||
	    str_to_i64(arena_strndup(arena, text, (size_t)(at - text)), 1,
		1000000, &n) == -1 ||
	    str_to_duration_ms(at + strlen(between), &period_ms, &e) == -1 ||
	    period_ms <= 0)
		return false;
	*gap_ms = (period_ms + n - 1) / n;
	return true;
}

void
limits_rate(const struct reader *r, const struct node *node, void *part)
{
	struct limits *limits = limits_of(part);

	((struct source_part *)part)->own->rate_node = node;
	if (node->kind == NODE_SCALAR && str_eq(node->text, "unlimited"))
		limits->gap_ms = 0;
	else if (node->kind != NODE_SCALAR ||
		 !rate_parse(r->arena, node->text, &limits->gap_ms))
		fault(r->problems, node,
		    "expected a rate such as '1 per 2s' or '30 per 1m', or "
		    "unlimited, found %s",
		    node_found(r->arena, node));
}

void
limits_concurrency(const struct reader *r, const struct node *node, void *part)
{
	int64_t value;

	if (read_i64(r, node, 1, 16, &value))
		limits_of(part)->concurrency = (uint32_t)value;
}

void
limits_timeout(const struct reader *r, const struct node *node, void *part)
{
	read_duration(
	    r, node, SECOND_MS / 10, HOUR_MS, &limits_of(part)->timeout_ms);
}

void
limits_max_bytes(const struct reader *r, const struct node *node, void *part)
{
	read_bytes(
	    r, node, 1024, 4 * LIMIT_PAGE_BYTES, &limits_of(part)->max_bytes);
}

void
limits_per_day(const struct reader *r, const struct node *node, void *part)
{
	read_i64(r, node, 1, 1000000, &limits_of(part)->per_day);
}

void
limits_min_interval(const struct reader *r, const struct node *node, void *part)
{
	read_duration(r, node, SECOND_MS, 366 * DAY_MS,
	    &limits_of(part)->min_interval_ms);
}

void
top_pages(const struct reader *r, const struct node *node, void *part)
{
	struct source_part *of = part;
	size_t faults = r->problems->n;

	of->own->pages_node = node;
	read_section(r, node, SECTION_KEYS_PAGES, part);
	if (r->problems->n > faults || node->kind != NODE_MAP)
		return;
	if (pages_of(part)->kind == PAGES_NONE)
		fault(r->problems, node,
		    "pages needs one of next, offset, number and cursor");
	if (node_get(node, "max") == NULL)
		fault(r->problems, node,
		    "pages needs max: how many pages at most");
}

static bool
pages_kind(const struct reader *r, const struct node *node, void *part,
    enum paging kind)
{
	if (pages_of(part)->kind != PAGES_NONE) {
		fault(r->problems, node,
		    "pages go on in one way: next, offset, number or cursor");
		return false;
	}
	pages_of(part)->kind = kind;
	return true;
}

static void
pages_selector(const struct reader *r, const struct node *node, void *part,
    enum paging kind)
{
	const char *text;

	if (pages_kind(r, node, part, kind) && read_text(r, node, &text))
		pages_of(part)->selector = text_at(node);
}

void
pages_first(const struct reader *r, const struct node *node, void *part)
{
	read_address(r, part, node, &pages_of(part)->first);
}

void
pages_next(const struct reader *r, const struct node *node, void *part)
{
	pages_selector(r, node, part, PAGES_NEXT);
}

void
pages_cursor(const struct reader *r, const struct node *node, void *part)
{
	pages_selector(r, node, part, PAGES_CURSOR);
}

void
pages_offset(const struct reader *r, const struct node *node, void *part)
{
	if (pages_kind(r, node, part, PAGES_OFFSET))
		read_i64(r, node, 1, 100000, &pages_of(part)->step);
}

static void
number_from(const struct reader *r, const struct node *node, void *part)
{
	read_i64(r, node, 0, 1000000, &pages_of(part)->from);
}

void
pages_number(const struct reader *r, const struct node *node, void *part)
{
	static const struct key keys[] = { { "from", number_from } };

	if (!pages_kind(r, node, part, PAGES_NUMBER))
		return;
	pages_of(part)->from = 1;
	pages_of(part)->step = 1;
	if (node->kind == NODE_MAP)
		read_map(r, node, keys, 1, part);
	else
		number_from(r, node, part);
}

void
pages_until(const struct reader *r, const struct node *node, void *part)
{
	struct pages *pages = pages_of(part);
	const char *text;

	((struct source_part *)part)->own->until_node = node;
	if (!read_text(r, node, &text))
		return;
	if (str_eq(text, "empty")) {
		pages->until = UNTIL_EMPTY;
	} else if (str_eq(text, "total")) {
		pages->until = UNTIL_TOTAL;
	} else {
		pages->until = UNTIL_SELECTOR;
		pages->until_selector = text_at(node);
	}
}

void
pages_max(const struct reader *r, const struct node *node, void *part)
{
	int64_t value;

	if (read_i64(r, node, 1, LIMIT_RUN_REQUESTS, &value))
		pages_of(part)->max = (uint32_t)value;
}
