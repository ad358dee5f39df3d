/*
 * What is in flight. Ids are those of store's rows; only what stands in this
 * table may be answered. Flights are used again, so that a page costs no
 * allocation once the daemon is warm.
 */
#include <stdlib.h>
#include <unistd.h>
#include "hub/hub_int.h"

#define FIRST_BUCKETS 256

void
flights_init(struct flights *t)
{
	*t = (struct flights){ .size = FIRST_BUCKETS };
	t->buckets = xcalloc(t->size, sizeof(*t->buckets));
	flight_queue_init(&t->for_extract);
	flight_queue_init(&t->for_notify);
}

static void
flight_free(struct flight *f)
{
	buf_fini(&f->asked);
	buf_fini(&f->fetched);
	if (f->fd != -1)
		close(f->fd);
	free(f);
}

void
flights_fini(struct flights *t)
{
	struct flight *f, *next;

	for (size_t i = 0; i < t->size; i++) {
		for (f = t->buckets[i]; f != NULL; f = next) {
			next = f->bucket_next;
			flight_free(f);
		}
	}
	for (f = t->free; f != NULL; f = next) {
		next = f->bucket_next;
		flight_free(f);
	}
	free(t->buckets);
	*t = (struct flights){ .size = 0 };
}

static struct flight **
bucket_of(struct flights *t, enum flight_kind kind, int64_t id)
{
	uint64_t h = (uint64_t)id * FLIGHT__MAX + kind;

	/* Ids come in runs: the multiplier spreads them (Knuth). */
	h *= 0x9e3779b97f4a7c15u;
	return &t->buckets[(h >> 32) & (t->size - 1)];
}

static void
grow(struct flights *t)
{
	struct flight **old = t->buckets, *f, *next;
	size_t old_size = t->size;

	t->size *= 2;
	t->buckets = xcalloc(t->size, sizeof(*t->buckets));
	for (size_t i = 0; i < old_size; i++) {
		for (f = old[i]; f != NULL; f = next) {
			struct flight **b = bucket_of(t, f->kind, f->id);

			next = f->bucket_next;
			f->bucket_next = *b;
			*b = f;
		}
	}
	free(old);
}

static struct flight *
find(struct flights *t, enum flight_kind kind, int64_t id, bool orphan)
{
	struct flight *f = *bucket_of(t, kind, id);

	while (f != NULL &&
	       (f->id != id || f->kind != kind || f->orphan != orphan))
		f = f->bucket_next;
	return f;
}

struct flight *
flight_find(struct flights *t, enum flight_kind kind, int64_t id)
{
	return find(t, kind, id, false);
}

struct flight *
flight_find_orphan(struct flights *t, enum flight_kind kind, int64_t id)
{
	return find(t, kind, id, true);
}

struct flight *
flight_new(struct flights *t, enum flight_kind kind, int64_t id,
    enum flight_stage stage)
{
	struct flight *f = t->free, **bucket;

	if (t->n >= t->size)
		grow(t);
	if (f != NULL) {
		t->free = f->bucket_next;
	} else {
		f = xcalloc(1, sizeof(*f));
		buf_init(&f->asked, LIMIT_FRAME_BYTES);
		buf_init(&f->fetched, LIMIT_FRAME_BYTES);
	}
	bucket = bucket_of(t, kind, id);
	f->kind = kind;
	f->stage = stage;
	f->id = id;
	f->orphan = false;
	f->deaths = 0;
	f->fd = -1;
	f->next = NULL;
	f->bucket_next = *bucket;
	*bucket = f;
	t->n++;
	t->at[stage]++;
	return f;
}

void
flight_move(struct flights *t, struct flight *f, enum flight_stage stage)
{
	t->at[f->stage]--;
	t->at[stage]++;
	f->stage = stage;
}

void
flight_end(struct flights *t, struct flight *f)
{
	struct flight **p = bucket_of(t, f->kind, f->id);

	while (*p != f)
		p = &(*p)->bucket_next;
	*p = f->bucket_next;
	t->n--;
	t->at[f->stage]--;
	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
	buf_reset(&f->asked);
	buf_reset(&f->fetched);
	f->bucket_next = t->free;
	t->free = f;
}

void
flight_queue_init(struct flight_queue *q)
{
	*q = (struct flight_queue){ .last = &q->first };
}

void
flight_push(struct flight_queue *q, struct flight *f)
{
	f->next = NULL;
	*q->last = f;
	q->last = &f->next;
	q->n++;
}

void
flight_push_front(struct flight_queue *q, struct flight *f)
{
	f->next = q->first;
	if (q->first == NULL)
		q->last = &f->next;
	q->first = f;
	q->n++;
}

struct flight *
flight_pop(struct flight_queue *q)
{
	struct flight *f = q->first;

	if (f == NULL)
		return NULL;
	q->first = f->next;
	if (q->first == NULL)
		q->last = &q->first;
	f->next = NULL;
	q->n--;
	return f;
}

void
flights_each(struct flights *t, enum flight_stage stage,
    void (*each)(void *context, struct flight *), void *context)
{
	struct flight *f, *next;

	for (size_t i = 0; i < t->size; i++) {
		for (f = t->buckets[i]; f != NULL; f = next) {
			next = f->bucket_next;
			if (f->stage == stage)
				each(context, f);
		}
	}
}

static void
orphan_one(void *context, struct flight *f)
{
	(void)context;
	f->orphan = true;
}

static void
end_one(void *context, struct flight *f)
{
	flight_end(context, f);
}

/*
 * What waits here is dropped at once; what a worker holds stays, so that its
 * answer is known and not taken for a lie.
 */
void
flights_orphan_all(struct hub *h)
{
	struct flights *t = &h->flights;

	flight_queue_init(&t->for_extract);
	flight_queue_init(&t->for_notify);
	flights_each(t, FLIGHT_WAITS_FETCH, end_one, t);
	flights_each(t, FLIGHT_WAITS_EXTRACT, end_one, t);
	flights_each(t, FLIGHT_WAITS_NOTIFY, end_one, t);
	flights_each(t, FLIGHT_AT_FETCH, orphan_one, NULL);
	flights_each(t, FLIGHT_AT_EXTRACT, orphan_one, NULL);
	flights_each(t, FLIGHT_AT_NOTIFY, orphan_one, NULL);
}
