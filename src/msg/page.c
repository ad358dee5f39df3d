#include "base/limits.h"
#include "msg/msg_int.h"
#include "msg/page.h"

static const char *const result_words[EXTRACT__MAX] = {
	[EXTRACT_OK] = "ok",
	[EXTRACT_NOT_FORMAT] = "not-format",
	[EXTRACT_HTML] = "html",
	[EXTRACT_WALL] = "wall",
	[EXTRACT_LOGIN] = "login",
	[EXTRACT_NOT_FOUND] = "not-found",
	[EXTRACT_PARKED] = "parked",
	[EXTRACT_MALFORMED] = "malformed",
	[EXTRACT_TOO_BIG] = "too-big",
	[EXTRACT_PASSED_BY] = "passed-by",
	[EXTRACT_NO_SOURCE] = "no-source",
	[EXTRACT_CRASHED] = "crashed",
	[EXTRACT_TIMEOUT] = "timeout",
};

const char *
extract_result_name(enum extract_result result)
{
	return word_of(WORDS(result_words), result);
}

void
page_put(struct buf *to, const struct page *p)
{
	put_i64(to, p->id);
	put_text(to, p->source);
	put_text(to, p->target);
	put_u8(to, p->kind);
	put_text(to, p->url);
	put_str(to, p->content_type);
	pairs_put(to, p->params, p->nparams);
	put_i64(to, p->page_number);
	put_i64(to, p->page_offset);
	put_i64(to, p->now_ms);
}

void
page_get(struct wire *w, struct page *to)
{
	*to = (struct page){ .id = get_i64(w) };
	to->source = get_str(w);
	to->target = get_str(w);
	to->kind = get_enum(w, REQUEST__MAX);
	to->url = get_str(w);
	to->content_type = get_str_opt(w);
	to->params = pairs_get(w, &to->nparams);
	to->page_number = get_i64(w);
	to->page_offset = get_i64(w);
	to->now_ms = get_i64(w);
}

static void
fills_put(struct buf *to, const struct fill *fills, size_t n)
{
	put_u32(to, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		put_text(to, fills[i].name);
		put_u32(to, fills[i].found);
		put_u32(to, fills[i].in_items);
	}
}

static struct fill *
fills_get(struct wire *w, size_t *n)
{
	struct fill *fills;

	*n = 0;
	size_t count = get_count(w, 2 * sizeof(uint32_t), LIMIT_WIRE_ITEMS);
	fills = wire_array(w, count, sizeof(*fills));
	if (fills == NULL)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		fills[i].name = get_str(w);
		fills[i].found = get_u32(w);
		fills[i].in_items = get_u32(w);
	}
	*n = w->bad ? 0 : count;
	return fills;
}

void
extracted_put(struct buf *to, const struct extracted *x)
{
	put_i64(to, x->id);
	put_u8(to, x->result);
	put_text(to, x->reason);
	put_u32(to, x->items);
	put_u32(to, x->postings);
	put_u32(to, x->refused);
	put_i64(to, x->total);
	put_str(to, x->next);
	put_bool(to, x->until);
	put_i64(to, (int64_t)x->fingerprint);
	fills_put(to, x->fills, x->nfills);
	put_i64(to, x->cpu_us);
}

void
extracted_get(struct wire *w, struct extracted *to)
{
	*to = (struct extracted){ .id = get_i64(w) };
	to->result = get_enum(w, EXTRACT__MAX);
	to->reason = get_str(w);
	to->items = get_u32(w);
	to->postings = get_u32(w);
	to->refused = get_u32(w);
	to->total = get_i64(w);
	to->next = get_str_opt(w);
	to->until = get_bool(w);
	to->fingerprint = (uint64_t)get_i64(w);
	to->fills = fills_get(w, &to->nfills);
	to->cpu_us = get_i64(w);
}

/* ---- robots ---- */

/* The least that a group takes: agents, rules, delay; and that a rule does. */
#define GROUP_MIN_BYTES (4 + 4 + 8)
#define RULE_MIN_BYTES  (1 + 4)

static void
group_put(struct buf *to, const struct robots_group *g)
{
	put_strs(to, g->agents, g->nagents);
	put_u32(to, (uint32_t)g->nrules);
	for (size_t i = 0; i < g->nrules; i++) {
		put_bool(to, g->rules[i].allow);
		put_text(to, g->rules[i].pattern);
	}
	put_i64(to, g->crawl_delay_ms);
}

static void
group_get(struct wire *w, struct robots_group *to)
{
	to->agents = get_strs(w, &to->nagents);
	size_t n = get_count(w, RULE_MIN_BYTES, LIMIT_WIRE_ITEMS);
	to->rules = wire_array(w, n, sizeof(*to->rules));
	to->nrules = to->rules == NULL ? 0 : n;
	for (size_t i = 0; i < to->nrules; i++) {
		to->rules[i].allow = get_bool(w);
		to->rules[i].pattern = get_str(w);
	}
	to->crawl_delay_ms = get_i64(w);
}

void
robots_put(struct buf *to, const struct robots *r)
{
	put_u32(to, (uint32_t)r->ngroups);
	for (size_t i = 0; i < r->ngroups; i++)
		group_put(to, &r->groups[i]);
}

void
robots_get(struct wire *w, struct robots *to)
{
	size_t n = get_count(w, GROUP_MIN_BYTES, LIMIT_WIRE_ITEMS);

	to->groups = wire_array(w, n, sizeof(*to->groups));
	to->ngroups = to->groups == NULL ? 0 : n;
	for (size_t i = 0; i < to->ngroups; i++)
		group_get(w, &to->groups[i]);
}
