/*
 * Conditions of a source: what keep and drop leave of its postings. Extract
 * tests the values; what follows from that is said here.
 */
#include "base/limits.h"
#include "base/sha256.h"
#include "msg/msg_int.h"
#include "msg/posting.h"

#define TEST_MIN_BYTES      (1 + 12 + 8 + 8)
#define CONDITION_MIN_BYTES (1 + 12 + 4 + 1)

static void
test_put(struct buf *to, const struct condition_test *t)
{
	put_u8(to, t->kind);
	text_at_put(to, &t->text);
	put_double(to, t->number);
	put_i64(to, t->age_ms);
}

static void
test_get(struct wire *w, struct condition_test *to)
{
	to->kind = get_enum(w, TEST__MAX);
	text_at_get(w, &to->text);
	to->number = get_double(w);
	to->age_ms = get_i64(w);
}

void
conditions_put(struct buf *to, const struct condition *list, size_t n)
{
	put_u32(to, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		put_bool(to, list[i].is_drop);
		text_at_put(to, &list[i].field);
		put_u32(to, (uint32_t)list[i].ntests);
		for (size_t k = 0; k < list[i].ntests; k++)
			test_put(to, &list[i].tests[k]);
		put_u8(to, list[i].time);
	}
}

static void
condition_get(struct wire *w, struct condition *to)
{
	size_t n;

	to->is_drop = get_bool(w);
	text_at_get(w, &to->field);
	n = get_count(w, TEST_MIN_BYTES, LIMIT_TESTS);
	to->tests = wire_array(w, n, sizeof(*to->tests));
	to->ntests = to->tests == NULL ? 0 : n;
	for (size_t i = 0; i < to->ntests; i++)
		test_get(w, &to->tests[i]);
	to->time = get_enum(w, JUDGE_LAST + 1);
}

struct condition *
conditions_get(struct wire *w, size_t *n)
{
	size_t count = get_count(w, CONDITION_MIN_BYTES, LIMIT_CONDITIONS);
	struct condition *list = wire_array(w, count, sizeof(*list));

	*n = list == NULL ? 0 : count;
	for (size_t i = 0; i < *n; i++)
		condition_get(w, &list[i]);
	return list;
}

void
conditions_hash(const struct source *source, uint8_t to[SHA256_BYTES])
{
	struct buf b;

	buf_init(&b, LIMIT_YAML_BYTES * 4);
	for (size_t i = 0; i < source->nconditions; i++) {
		const struct condition *c = &source->conditions[i];

		buf_printf(&b, "%d %s\n", c->is_drop, c->field.text);
		for (size_t k = 0; k < c->ntests; k++)
			buf_printf(&b, "\t%s\n", c->tests[k].text.text);
	}
	sha256_of(buf_cstr(&b), b.len, to);
	buf_fini(&b);
}

static bool
wants_absent(const struct condition *c)
{
	for (size_t i = 0; i < c->ntests; i++)
		if (c->tests[i].kind == TEST_ABSENT)
			return true;
	return false;
}

const struct condition *
posting_dropped_by(
    const struct source *source, const struct posting *p, bool has_more)
{
	for (size_t i = 0; i < source->nconditions; i++) {
		const struct condition *c = &source->conditions[i];
		bool is_tested = (p->tested >> i & 1) != 0;
		bool is_met =
		    is_tested ? (p->met >> i & 1) != 0 : wants_absent(c);

		if (has_more &&
		    (c->time == JUDGE_LAST ||
			(c->time == JUDGE_IF_PRESENT && !is_tested)))
			continue;
		if (is_met == c->is_drop)
			return c;
	}
	return NULL;
}
