#include "msg/event.h"
#include "msg/msg_int.h"

static const char *const outcome_words[OUTCOME__MAX] = {
	[OUTCOME_OK] = "ok",
	[OUTCOME_UNCHANGED] = "unchanged",
	[OUTCOME_PARTIAL] = "partial",
	[OUTCOME_EMPTY] = "empty",
	[OUTCOME_SUSPICIOUS] = "suspicious",
	[OUTCOME_TRUNCATED] = "truncated",
	[OUTCOME_THROTTLED] = "throttled",
	[OUTCOME_BLOCKED] = "blocked",
	[OUTCOME_DRIFTED] = "drifted",
	[OUTCOME_GONE] = "gone",
	[OUTCOME_FAILED] = "failed",
};

const char *
outcome_name(enum outcome outcome)
{
	return word_of(WORDS(outcome_words), outcome);
}

enum outcome
outcome_parse(const char *word)
{
	return word_find(WORDS(outcome_words), word, OUTCOME__MAX);
}

void
event_put(struct buf *to, const struct event *v)
{
	put_u8(to, v->kind);
	put_text(to, v->object);
	put_text(to, v->outcome);
	put_text(to, v->reason);
	put_i64(to, v->pages);
	put_i64(to, v->unchanged_pages);
	put_i64(to, v->found);
	put_i64(to, v->added);
	put_i64(to, v->changed);
	put_i64(to, v->merged);
	put_i64(to, v->closed);
	put_i64(to, v->dropped);
	put_i64(to, v->refused);
	put_i64(to, v->count);
	put_i64(to, v->total);
	put_i64(to, v->took_ms);
}

void
event_get(struct wire *w, struct event *to)
{
	*to = (struct event){ .kind = get_enum(w, EVENT__MAX) };
	to->object = get_str(w);
	to->outcome = get_str(w);
	to->reason = get_str(w);
	to->pages = get_i64(w);
	to->unchanged_pages = get_i64(w);
	to->found = get_i64(w);
	to->added = get_i64(w);
	to->changed = get_i64(w);
	to->merged = get_i64(w);
	to->closed = get_i64(w);
	to->dropped = get_i64(w);
	to->refused = get_i64(w);
	to->count = get_i64(w);
	to->total = get_i64(w);
	to->took_ms = get_i64(w);
}

void
account_put(struct buf *to, const struct account *a)
{
	put_i64(to, a->in_flight);
	put_i64(to, a->due);
	put_i64(to, a->done);
	put_i64(to, a->failed);
	put_i64(to, a->next_due_ms);
}

void
account_get(struct wire *w, struct account *to)
{
	to->in_flight = get_i64(w);
	to->due = get_i64(w);
	to->done = get_i64(w);
	to->failed = get_i64(w);
	to->next_due_ms = get_i64(w);
}
