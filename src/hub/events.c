/*
 * What people may want to see: shown in the foreground, else logged.
 */
#include <inttypes.h>
#include "hub/hub_int.h"

int
event_take(struct hub *h, struct slot *s, struct frame *f, struct err *e)
{
	struct event event;
	struct wire w;

	(void)s;
	wire_init(&w, h->arena, f->body, f->len);
	event_get(&w, &event);
	if (get_end(&w, "event", e) == -1)
		return -1;
	if (event.kind == EVENT_AWAY)
		lack_begin(h, event.object, event.reason);
	if (event.kind == EVENT_BACK)
		lack_end(h, event.object);
	if (h->opt->show != NULL)
		h->opt->show(&event, h->opt->context);
	else
		event_log(&event);
	return 0;
}

static const char *
reason_separator(const struct event *v)
{
	return v->reason[0] == '\0' ? "" : ": ";
}

static void
run_end_log(const struct event *v)
{
	log_info("run of %s: %s%s%s; %" PRId64 " pages (%" PRId64
		 " unchanged), %" PRId64 " found, %" PRId64 " added, %" PRId64
		 " changed, %" PRId64 " merged, %" PRId64 " closed, %" PRId64
		 " left out, %" PRId64 " refused in %" PRId64 " ms",
	    v->object, v->outcome, reason_separator(v), v->reason, v->pages,
	    v->unchanged_pages, v->found, v->added, v->changed, v->merged,
	    v->closed, v->dropped, v->refused, v->took_ms);
}

void
event_log(const struct event *v)
{
	switch (v->kind) {
	case EVENT_RUN_BEGIN:
		log_info("run of %s: begun", v->object);
		break;
	case EVENT_PAGE:
		log_debug("run of %s: %" PRId64 " pages, %" PRId64 " found",
		    v->object, v->pages, v->found);
		break;
	case EVENT_WAIT:
		log_debug("run of %s: %s, again in %" PRId64 " ms", v->object,
		    v->reason, v->took_ms);
		break;
	case EVENT_RUN_END:
		run_end_log(v);
		break;
	case EVENT_MATCHED:
		log_info("matches for %s: %" PRId64, v->object, v->count);
		break;
	case EVENT_MAIL:
		log_info("mail to %s: %s%s%s", v->object, v->outcome,
		    reason_separator(v), v->reason);
		break;
	case EVENT_AWAY: /* who said it has logged it */
	case EVENT_BACK:
		break;
	case EVENT_TROUBLE:
		log_warn("%s: %s", v->object, v->reason);
		break;
	case EVENT_WELL:
		log_info("%s: well again", v->object);
		break;
	case EVENT__MAX:
		break;
	}
}
