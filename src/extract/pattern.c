/*
 * Pages of plain text, which regular expressions cut into jobs and these
 * into fields. A group of the pattern for jobs that bears the name of a field
 * is its value without being told.
 */
#include <string.h>
#include "base/str.h"
#include "extract/charset.h"
#include "extract/extract_int.h"

/* ---- selectors ---- */

static int
group_selector_new(
    struct extractor *x, const char *name, struct selector *to, struct err *e)
{
	int64_t number;

	if (x->groups == NULL)
		return err_set(e, ERR_DATA,
		    "only the fields of a list may name a group of jobs");
	if (str_to_i64(name, 0, LIMIT_RE_GROUPS, &number) == 0)
		to->group = (unsigned)number;
	else if ((to->group = re_group_named(x->groups, name)) == 0)
		return err_set(e, ERR_DATA, "jobs has no group of that name");
	if (to->group > re_groups(x->groups))
		return err_set(e, ERR_DATA, "jobs has %u groups only",
		    re_groups(x->groups));
	to->kind = SELECT_GROUP;
	return 0;
}

int
pattern_selector_new(struct extractor *x, const char *text, struct selector *to,
    size_t *at, struct err *e)
{
	if (at != NULL)
		*at = 0;
	if (text[0] == '$')
		return group_selector_new(x, text + 1, to, e);
	if (!re_is_literal(text))
		return err_set(e, ERR_DATA,
		    "it stands between slashes, such as /^Title: (.+)$/, with "
		    "i, m, s or x behind, or names a group of jobs, such as "
		    "$1");
	to->re = re_new_literal(x->arena, text, true, at, e);
	if (to->re == NULL)
		return -1;
	to->kind = SELECT_RE;
	return 0;
}

/* ---- pieces ---- */

static void
value_add(struct reading *r, const struct piece *piece, struct values *to)
{
	if (piece->text != NULL)
		to->at[to->n++].text =
		    arena_strndup(r->scratch, piece->text, piece->n);
}

static struct piece
piece_of(const struct piece *whole, const size_t *offsets)
{
	if (offsets[0] == RE_UNSET || offsets[1] < offsets[0])
		return (struct piece){ 0 };
	return (
	    struct piece){ whole->text + offsets[0], offsets[1] - offsets[0] };
}

int
pattern_run(struct reading *r, const struct selector *s,
    const struct item *item, size_t max, struct values *to)
{
	size_t offsets[2 * (LIMIT_RE_GROUPS + 1)], at = 0;
	const struct piece *whole = item->pieces;
	unsigned group;

	if (whole == NULL)
		return 0;
	to->at = arena_array(
	    r->scratch, s->kind == SELECT_GROUP ? 1 : max, sizeof(to->at[0]));
	if (s->kind == SELECT_GROUP) {
		value_add(r, &whole[s->group], to);
		return 0;
	}
	group = re_groups(s->re) > 0 ? 1 : 0;
	while (to->n < max && at <= whole->n) {
		struct piece piece;
		int found = re_find(s->re, whole->text, whole->n, at, offsets);

		if (found != 1)
			return found;
		piece = piece_of(whole, &offsets[2 * group]);
		value_add(r, &piece, to);
		at = re_behind(whole->text, whole->n, offsets);
	}
	return 0;
}

/* ---- jobs ---- */

static void
item_add(
    struct reading *r, const size_t *offsets, unsigned groups, size_t *size)
{
	struct piece *pieces;

	if (r->nitems == *size) {
		struct item *more;

		*size = *size == 0 ? 64 : *size * 2;
		more = arena_array(r->arena, *size, sizeof(*more));
		if (r->nitems > 0)
			memcpy(more, r->items, r->nitems * sizeof(*more));
		r->items = more;
	}
	pieces = arena_array(r->arena, groups + 1, sizeof(*pieces));
	for (unsigned i = 0; i <= groups; i++)
		pieces[i] = piece_of(&r->text, &offsets[2 * i]);
	r->items[r->nitems++] = (struct item){ .pieces = pieces };
}

void
pattern_items(struct reading *r)
{
	size_t offsets[2 * (LIMIT_RE_GROUPS + 1)], at = 0, size = 0;
	const struct re *re = r->plan->jobs.re;

	/* One more than allowed tells that there are too many. */
	while (at <= r->text.n && r->nitems <= LIMIT_PAGE_POSTINGS) {
		int found = re_find(re, r->text.text, r->text.n, at, offsets);

		if (found == -1) {
			reading_fail(r, EXTRACT_TOO_BIG,
			    "the pattern '%s' takes too long on this page",
			    r->plan->jobs.text);
			return;
		}
		if (found == 0)
			return;
		item_add(r, offsets, re_groups(re), &size);
		at = re_behind(r->text.text, r->text.n, offsets);
	}
}

/* ---- the format ---- */

/* Lines end with LF alone, as patterns expect it. */
static const char *
unix_lines(struct arena *arena, const char *text, size_t *n)
{
	char *copy, *to;

	if (memchr(text, '\r', *n) == NULL)
		return text;
	copy = to = arena_alloc(arena, *n + 1);
	for (size_t i = 0; i < *n; i++)
		if (text[i] != '\r')
			*to++ = text[i];
		else if (i + 1 == *n || text[i + 1] != '\n')
			*to++ = '\n';
	*n = (size_t)(to - copy);
	return copy;
}

static bool
text_open(struct reading *r)
{
	const char *text;

	r->text.n = r->n;
	text = charset_read(
	    r->arena, r->body, &r->text.n, r->page->content_type, CHARSET_HTML);
	if (text == NULL)
		return reading_fail(
		    r, EXTRACT_TOO_BIG, "the page needs too much memory");
	r->text.text = unix_lines(r->arena, text, &r->text.n);
	return true;
}

const char *
pattern_raw(struct reading *r, const struct item *item, const char *name)
{
	const struct re *re = r->plan->jobs.re;
	unsigned group = re == NULL ? 0 : re_group_named(re, name);

	if (group == 0 || item->pieces[group].text == NULL)
		return NULL;
	return arena_strndup(
	    r->scratch, item->pieces[group].text, item->pieces[group].n);
}

void
pattern_fill(
    struct reading *r, const struct item *item, struct posting *posting)
{
	struct filler f = { .r = r, .item = item, .posting = posting };
	const struct re *re = r->plan->jobs.re;

	for (unsigned i = 1; re != NULL && i <= re_groups(re); i++) {
		struct value v = { 0 };
		struct values one = { .at = &v, .n = 1 };
		struct field field = { .name.text = re_group_name(re, i) };

		if (field.name.text == NULL)
			continue;
		v.text = pattern_raw(r, item, field.name.text);
		if (str_is_empty(v.text))
			continue;
		field.as = field_type_of(field.name.text);
		slot_set(&f, slot_find(field.name.text), &field, &one);
	}
}

const struct format_reader reader_text = {
	.name = "text",
	.selects = SELECT_RE,
	.open = text_open,
	.fill = pattern_fill,
	.raw = pattern_raw,
};
