/*
 * What keeps the daemon itself from its work, now: a database that does not
 * answer, a configuration that was refused. Troubles about sources, mail and
 * tasks are in the database; these are about what would have to hold them.
 */
#include <string.h>
#include "base/clock.h"
#include "base/str.h"
#include "hub/hub_int.h"

/* In the foreground somebody waits: no longer than this for the database. */
#define PATIENCE_MS 30000

static struct trouble *
find(struct hub *h, const char *object)
{
	for (size_t i = 0; i < TROUBLES_MAX; i++)
		if (str_eq(h->troubles[i].object, object))
			return &h->troubles[i];
	return NULL;
}

void
lack_begin(struct hub *h, const char *object, const char *text)
{
	struct trouble *t = find(h, object);

	if (t == NULL) {
		t = find(h, "");
		if (t == NULL)
			return;
		str_copy(t->object, object, sizeof(t->object));
		t->since_ms = clock_wall_ms();
		t->begun_ms = clock_mono_ms();
	}
	str_copy(t->text, text, sizeof(t->text));
	h->dirty = true;
}

void
lack_end(struct hub *h, const char *object)
{
	struct trouble *t = find(h, object);

	if (t == NULL)
		return;
	memset(t, 0, sizeof(*t));
	h->dirty = true;
}

/* What is due stays due: another start, or a daemon, does it. */
static void
give_up(struct hub *h, const struct trouble *t)
{
	struct event v = { .kind = EVENT_AWAY,
		.object = t->object,
		.outcome = "",
		.reason = arena_printf(h->arena,
		    "%s; not waiting any longer, what is due stays due",
		    t->text) };

	if (h->opt->show != NULL)
		h->opt->show(&v, h->opt->context);
	h->exit_code = err_exit_code(ERR_TEMP);
	drain_begin(h, "the database does not answer");
}

void
troubles_watch(struct hub *h, int64_t now_ms)
{
	if (!h->opt->foreground || h->phase != HUB_SERVING)
		return;
	for (size_t i = 0; i < TROUBLES_MAX; i++) {
		const struct trouble *t = &h->troubles[i];

		if (*t->object == '\0' || now_ms - t->begun_ms < PATIENCE_MS)
			continue;
		give_up(h, t);
		return;
	}
}

struct json *
troubles_json(const struct hub *h, struct arena *arena)
{
	struct json *list = json_array();

	for (size_t i = 0; i < TROUBLES_MAX; i++) {
		const struct trouble *t = &h->troubles[i];
		struct json *o;

		if (*t->object == '\0')
			continue;
		o = json_object();
		json_set(o, "kind", json_string("daemon"));
		json_set(o, "object", json_string(t->object));
		json_set(o, "text", json_string(t->text));
		json_set(
		    o, "since", json_string(clock_iso(arena, t->since_ms)));
		json_append(list, o);
	}
	return list;
}
