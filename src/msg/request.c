#include "base/limits.h"
#include "msg/msg_int.h"
#include "msg/request.h"

static const char *const kind_words[REQUEST__MAX] = {
	[REQUEST_LIST] = "list",
	[REQUEST_DETAIL] = "detail",
	[REQUEST_ROBOTS] = "robots",
	[REQUEST_MAILBOX] = "mailbox",
};

static const char *const result_words[FETCH__MAX] = {
	[FETCH_OK] = "ok",
	[FETCH_UNCHANGED] = "unchanged",
	[FETCH_LISTED] = "listed",
	[FETCH_MOVED] = "moved",
	[FETCH_STATUS] = "status",
	[FETCH_TIMEOUT] = "timeout",
	[FETCH_DNS] = "dns",
	[FETCH_TLS] = "tls",
	[FETCH_CONNECT] = "connect",
	[FETCH_BROKEN] = "broken",
	[FETCH_TOO_BIG] = "too-big",
	[FETCH_REFUSED] = "refused",
	[FETCH_LOST] = "lost",
};

const char *
request_kind_name(enum request_kind kind)
{
	return word_of(WORDS(kind_words), kind);
}

const char *
fetch_result_name(enum fetch_result result)
{
	return word_of(WORDS(result_words), result);
}

void
grant_put(struct buf *to, const struct grant *g)
{
	put_i64(to, g->id);
	put_text(to, g->source);
	put_text(to, g->target);
	put_u8(to, g->kind);
	put_text(to, g->method);
	put_text(to, g->url);
	put_str(to, g->body);
	put_str(to, g->body_type);
	pairs_put(to, g->headers, g->nheaders);
	put_i64(to, g->delay_ms);
	put_i64(to, g->timeout_ms);
	put_i64(to, g->max_bytes);
	put_bool(to, g->allow_private);
	put_u32(to, (uint32_t)g->empty_status);
	put_str(to, g->etag);
	put_str(to, g->last_modified);
	put_str(to, g->body_hash);
	pairs_put(to, g->params, g->nparams);
	put_i64(to, g->page_number);
	put_i64(to, g->page_offset);
}

void
grant_get(struct wire *w, struct grant *to)
{
	*to = (struct grant){ .id = get_i64(w) };
	to->source = get_str(w);
	to->target = get_str(w);
	to->kind = get_enum(w, REQUEST__MAX);
	to->method = get_str(w);
	to->url = get_str(w);
	to->body = get_str_opt(w);
	to->body_type = get_str_opt(w);
	to->headers = pairs_get(w, &to->nheaders);
	to->delay_ms = get_i64(w);
	to->timeout_ms = get_i64(w);
	to->max_bytes = get_i64(w);
	to->allow_private = get_bool(w);
	to->empty_status = (int)get_u32(w);
	to->etag = get_str_opt(w);
	to->last_modified = get_str_opt(w);
	to->body_hash = get_str_opt(w);
	to->params = pairs_get(w, &to->nparams);
	to->page_number = get_i64(w);
	to->page_offset = get_i64(w);
}

void
fetched_put(struct buf *to, const struct fetched *f)
{
	put_i64(to, f->id);
	put_u8(to, f->result);
	put_u32(to, (uint32_t)f->status);
	put_text(to, f->reason);
	put_text(to, f->url);
	put_str(to, f->location);
	put_str(to, f->content_type);
	put_str(to, f->etag);
	put_str(to, f->last_modified);
	put_str(to, f->retry_after);
	put_str(to, f->body_hash);
	put_i64(to, f->bytes);
	put_i64(to, f->wire_bytes);
	put_i64(to, f->took_ms);
}

void
fetched_get(struct wire *w, struct fetched *to)
{
	*to = (struct fetched){ .id = get_i64(w) };
	to->result = get_enum(w, FETCH__MAX);
	to->status = (int)get_u32(w);
	to->reason = get_str(w);
	to->url = get_str(w);
	to->location = get_str_opt(w);
	to->content_type = get_str_opt(w);
	to->etag = get_str_opt(w);
	to->last_modified = get_str_opt(w);
	to->retry_after = get_str_opt(w);
	to->body_hash = get_str_opt(w);
	to->bytes = get_i64(w);
	to->wire_bytes = get_i64(w);
	to->took_ms = get_i64(w);
}
