/*
 * What a healthy run of a source looks like.
 */
#include <string.h>
#include "conf/conf_int.h"

/* Statuses whose meaning is settled are not a source's to give. */
#define STATUS_FROM 400
#define STATUS_TO   599
/* More would keep closed jobs open for weeks. */
#define MISSED_RUNS_MOST 100

static struct expect *
expect_of(void *part)
{
	return &((struct source_part *)part)->own->source.expect;
}

void
top_expect(const struct reader *r, const struct node *node, void *part)
{
	read_section(r, node, SECTION_KEYS_EXPECT, part);
}

void
expect_total(const struct reader *r, const struct node *node, void *part)
{
	const char *text;

	if (read_text(r, node, &text))
		expect_of(part)->total = text_at(node);
}

void
expect_total_on(const struct reader *r, const struct node *node, void *part)
{
	static const char *const words[] = { "first-page", "every-page" };
	size_t at;

	if (read_word(r, node, words, 2, &at))
		expect_of(part)->total_on_first_page = at == 0;
}

void
expect_min_jobs(const struct reader *r, const struct node *node, void *part)
{
	read_i64(r, node, 0, 1000000, &expect_of(part)->min_jobs);
}

/* Names are checked when all fields are known. */
void
expect_fill(const struct reader *r, const struct node *node, void *part)
{
	struct expect *e = expect_of(part);

	((struct source_part *)part)->own->fill_node = node;
	if (!is_map(r, node))
		return;
	e->fills = arena_array(r->arena, node->n, sizeof(*e->fills));
	e->nfills = 0;
	for (size_t i = 0; i < node->n; i++) {
		struct fill_least *to = &e->fills[e->nfills];

		if (node->keys[i]->kind != NODE_SCALAR ||
		    !read_double(r, node->items[i], 0, 1, &to->least))
			continue;
		to->name = node->keys[i]->text;
		e->nfills++;
	}
}

static void
status_read(const struct reader *r, const struct node *node, int *to)
{
	int64_t value;

	if (read_i64(r, node, STATUS_FROM, STATUS_TO, &value))
		*to = (int)value;
}

void
expect_empty_status(const struct reader *r, const struct node *node, void *part)
{
	status_read(r, node, &expect_of(part)->empty_status);
}

void
expect_throttled_status(
    const struct reader *r, const struct node *node, void *part)
{
	status_read(r, node, &expect_of(part)->throttled_status);
}

void
expect_missed_runs(const struct reader *r, const struct node *node, void *part)
{
	int64_t value;

	if (read_i64(r, node, 1, MISSED_RUNS_MOST, &value))
		expect_of(part)->missed_runs = (uint32_t)value;
}
