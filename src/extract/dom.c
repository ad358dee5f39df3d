#include "extract/dom.h"

#include <string.h>
#include <strings.h>
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "extract/value_int.h"

#define FNV_BEGIN 2166136261U
#define FNV_PRIME 16777619U

static const struct {
	const char *name;
	uint32_t len;
} tags[TAG__MAX] = {
#define X(tag, name, flags) [TAG_##tag] = { name, sizeof(name) - 1 },
#include "extract/tags.def"
#undef X
};

const uint32_t tag_flag_table[TAG__MAX] = {
#define X(tag, name, flags) [TAG_##tag] = (flags),
#include "extract/tags.def"
#undef X
};

uint32_t
name_hash(const char *p, size_t n, bool lower)
{
	uint32_t hash = FNV_BEGIN;

	for (size_t i = 0; i < n; i++) {
		uint8_t c = (uint8_t)p[i];

		if (lower && c >= 'A' && c <= 'Z')
			c |= 32;
		hash = (hash ^ c) * FNV_PRIME;
	}
	return hash;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

uint64_t
class_bits(const char *p, size_t n)
{
	const char *end = p + n;
	uint64_t bits = 0;

	while (p < end) {
		uint32_t hash = FNV_BEGIN;

		while (p < end && is_space(*p))
			p++;
		if (p == end)
			break;
		for (; p < end && !is_space(*p); p++)
			hash = (hash ^ (uint8_t)*p) * FNV_PRIME;
		bits |= UINT64_C(1) << (hash >> 26);
	}
	return bits;
}

/* ---- the tag of a name: a table of hashes, made at first use ---- */

#define TABLE_SIZE 512

static struct {
	uint32_t hash;
	uint16_t tag;
} table[TABLE_SIZE];

static void
table_make(void)
{
	for (int i = 1; i < TAG__MAX; i++) {
		uint32_t hash = name_hash(tags[i].name, tags[i].len, false);
		size_t at = hash % TABLE_SIZE;

		while (table[at].tag != 0)
			at = (at + 1) % TABLE_SIZE;
		table[at].hash = hash;
		table[at].tag = (uint16_t)i;
	}
}

/* The table's names are of ASCII letters and digits: case is one bit. */
static bool
same_tag(const char *known, const char *name, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((name[i] | (known[i] >= 'a' ? 32 : 0)) != known[i])
			return false;
	return true;
}

static enum tag
tag_find(uint32_t hash, const char *name, size_t n)
{
	size_t at = hash % TABLE_SIZE;

	for (; table[at].tag != 0; at = (at + 1) % TABLE_SIZE) {
		enum tag tag = table[at].tag;

		if (table[at].hash == hash && tags[tag].len == n &&
		    same_tag(tags[tag].name, name, n))
			return tag;
	}
	return TAG_NONE;
}

enum tag
token_tag(const struct token *t)
{
	static bool made;

	if (!made)
		table_make();
	made = true;
	return tag_find(t->hash, t->text, t->len);
}

/* ---- making nodes ---- */

struct dom *
dom_new(struct arena *arena, const char *text, size_t n, bool is_xml)
{
	struct dom *dom = arena_alloc(arena, sizeof(*dom));

	dom->arena = arena;
	dom->source = text;
	dom->n = n < UINT32_MAX ? n : UINT32_MAX;
	dom->is_xml = is_xml;
	dom->root = arena_alloc(arena, sizeof(*dom->root));
	dom->root->inner_to = (uint32_t)dom->n;
	dom->count = 1;
	return dom;
}

static struct node *
node_new(struct dom *dom, enum node_type type, const char *text, uint32_t len)
{
	struct node *n;

	dom->bytes += sizeof(*n);
	if (dom->bytes > LIMIT_DOM_BYTES) {
		dom->over = true;
		return NULL;
	}
	n = arena_alloc(dom->arena, sizeof(*n));
	n->index = dom->count++;
	n->type = type;
	n->text = text;
	n->len = len;
	return n;
}

struct node *
node_element(struct dom *dom, const struct token *t)
{
	struct node *n = node_new(dom, NODE_ELEMENT, t->text, t->len);

	if (n == NULL)
		return NULL;
	n->hash = t->hash;
	n->tag = (uint16_t)t->tag;
	n->nattrs = t->nattrs;
	if (t->nattrs == 0)
		return n;
	dom->bytes += t->nattrs * sizeof(n->attrs[0]);
	n->attrs = arena_array(dom->arena, t->nattrs, sizeof(n->attrs[0]));
	memcpy(n->attrs, t->attrs, t->nattrs * sizeof(n->attrs[0]));
	for (size_t i = 0; i < t->nattrs; i++)
		if (t->attrs[i].name_len == 5 &&
		    strncasecmp(t->attrs[i].name, "class", 5) == 0) {
			n->classes = class_bits(
			    t->attrs[i].value, t->attrs[i].value_len);
			break;
		}
	return n;
}

struct node *
node_new_text(struct dom *dom, const struct token *t)
{
	struct node *n = node_new(dom, NODE_TEXT, t->text, t->len);

	if (n != NULL)
		n->raw = t->raw;
	return n;
}

/* ---- walking and reading ---- */

struct node *
node_behind(const struct node *n, const struct node *top)
{
	while (n != top && n->next == NULL)
		n = n->parent;
	return n == top ? NULL : n->next;
}

struct node *
node_after(const struct node *n, const struct node *top)
{
	return n->first != NULL ? n->first : node_behind(n, top);
}

const struct attr *
node_attr(const struct node *n, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < n->nattrs; i++)
		if (n->attrs[i].name_len == len &&
		    strncasecmp(n->attrs[i].name, name, len) == 0)
			return &n->attrs[i];
	return NULL;
}

char *
node_attr_text(struct arena *arena, const struct node *n, const char *name)
{
	const struct attr *a = node_attr(n, name);

	return a == NULL ? NULL : arena_strndup(arena, a->value, a->value_len);
}

/* What does not fit is cut at a character. */
static void
add_cut(struct buf *to, const char *p, size_t n)
{
	if (to->over)
		return;
	if (n > to->limit - to->len)
		n = utf8_cut(p, n, to->limit - to->len);
	buf_add(to, p, n);
}

static void
add_decoded(const struct node *n, struct buf *to)
{
	const char *p = n->text, *end = p + n->len, *amp;
	char text[ENTITY_BYTES];

	while (p < end) {
		size_t made, used;

		amp = n->raw ? NULL : memchr(p, '&', (size_t)(end - p));
		if (amp == NULL)
			amp = end;
		add_cut(to, p, (size_t)(amp - p));
		if (amp == end)
			break;
		used = entity_decode(amp, end, text, &made);
		if (used > 0)
			buf_add(to, text, made);
		else
			buf_char(to, '&');
		p = amp + (used > 0 ? used : 1);
	}
}

static void
mark_break(const struct node *n, struct buf *to)
{
	if (to != NULL && (tag_flags(n->tag) & TAG_BREAKS) != 0)
		buf_char(to, '\n');
}

/* Behind n and all that is in it; marks the blocks it leaves. */
static const struct node *
leave(const struct node *n, const struct node *top, struct buf *breaks)
{
	while (n != top && n->next == NULL) {
		n = n->parent;
		mark_break(n, breaks);
	}
	return n == top ? NULL : n->next;
}

/* Text of n and below; a line break where blocks meet if asked for. */
static void
collect(const struct node *top, bool with_breaks, struct buf *to)
{
	const struct node *n = top;
	struct buf *breaks = with_breaks ? to : NULL;

	while (n != NULL) {
		bool hidden = n->type == NODE_ELEMENT && n != top &&
			      (tag_flags(n->tag) & TAG_HIDDEN) != 0;

		if (n->type == NODE_TEXT)
			add_decoded(n, to);
		else
			mark_break(n, breaks);
		if (n->first != NULL && !hidden)
			n = n->first;
		else
			n = leave(n, top, breaks);
	}
}

void
node_text_raw(const struct node *n, struct buf *to)
{
	collect(n, false, to);
}

char *
node_text(struct arena *arena, const struct node *n, size_t max)
{
	struct buf text;
	char *folded;

	buf_init(&text, max);
	collect(n, true, &text);
	folded = str_fold_space(arena, buf_cstr(&text));
	buf_fini(&text);
	return folded;
}

const char *
node_inner(const struct dom *dom, const struct node *n, size_t *len)
{
	*len = n->inner_to > n->inner_from ? n->inner_to - n->inner_from : 0;
	return dom->source + n->inner_from;
}

struct node *
dom_find(const struct node *top, const char *name)
{
	size_t len = strlen(name);
	struct node *n = node_after(top, top);

	for (; n != NULL; n = node_after(n, top))
		if (n->type == NODE_ELEMENT && n->len == len &&
		    strncasecmp(n->text, name, len) == 0)
			return n;
	return NULL;
}
