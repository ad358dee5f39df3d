#include "msg/mail.h"
#include "msg/msg_int.h"

static const char *const result_words[SEND__MAX] = {
	[SEND_OK] = "ok",
	[SEND_RETRY] = "retry",
	[SEND_REFUSED] = "refused",
	[SEND_RELAY] = "relay",
	[SEND_LOST] = "lost",
	[SEND_UNKNOWN] = "unknown",
};

const char *
send_result_name(enum send_result result)
{
	return word_of(WORDS(result_words), result);
}

void
render_put(struct buf *to, const struct render *r)
{
	put_i64(to, r->id);
	put_text(to, r->template);
	put_text(to, r->to_name);
	put_text(to, r->to_address);
	put_text(to, r->message_id);
	put_str(to, r->unsubscribe);
	put_i64(to, r->date_ms);
}

void
render_get(struct wire *w, struct render *to)
{
	*to = (struct render){ .id = get_i64(w) };
	to->template = get_str(w);
	to->to_name = get_str(w);
	to->to_address = get_str(w);
	to->message_id = get_str(w);
	to->unsubscribe = get_str_opt(w);
	to->date_ms = get_i64(w);
}

void
rendered_put(struct buf *to, const struct rendered *r)
{
	put_i64(to, r->id);
	put_bool(to, r->ok);
	put_text(to, r->reason);
	put_text(to, r->subject);
}

void
rendered_get(struct wire *w, struct rendered *to)
{
	*to = (struct rendered){ .id = get_i64(w) };
	to->ok = get_bool(w);
	to->reason = get_str(w);
	to->subject = get_str(w);
}

void
send_put(struct buf *to, const struct send *s)
{
	put_i64(to, s->id);
	put_text(to, s->from);
	put_text(to, s->to);
}

void
send_get(struct wire *w, struct send *to)
{
	*to = (struct send){ .id = get_i64(w) };
	to->from = get_str(w);
	to->to = get_str(w);
}

void
sent_put(struct buf *to, const struct sent *s)
{
	put_i64(to, s->id);
	put_u8(to, s->result);
	put_u32(to, (uint32_t)s->code);
	put_str(to, s->status);
	put_text(to, s->reason);
}

void
sent_get(struct wire *w, struct sent *to)
{
	*to = (struct sent){ .id = get_i64(w) };
	to->result = get_enum(w, SEND__MAX);
	to->code = (int)get_u32(w);
	to->status = get_str_opt(w);
	to->reason = get_str(w);
}
