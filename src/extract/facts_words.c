/*
 * The phrases of facts.def, found in the tokens of a clause: one look-up a
 * token marks which lists have a phrase that begins there.
 */
#include <string.h>
#include "extract/facts_int.h"

#define PHRASES_MAX 800
#define BUCKETS     1024 /* a power of two */
/* Words are looked up by so many of their first bytes. */
#define KEY_BYTES 3

struct phrase {
	const char *text, *end;
	size_t first; /* length of its first word */
	enum words list;
	uint16_t next; /* in its bucket, plus 1; 0: the last */
};

static struct {
	struct phrase at[PHRASES_MAX];
	uint16_t n;
	uint16_t buckets[BUCKETS]; /* number plus 1 */
	uint16_t suffixes;         /* those that say how a word ends */
} table;

static size_t
bucket_of(const char *word, size_t n)
{
	uint32_t hash = (uint32_t)(n < KEY_BYTES ? n : KEY_BYTES);

	for (size_t i = 0; i < n && i < KEY_BYTES; i++)
		hash = hash * 31 + (uint8_t)word[i];
	return hash & (BUCKETS - 1);
}

static void
phrase_add(const char *text, size_t n, enum words list)
{
	struct phrase *p = &table.at[table.n];
	const char *blank = memchr(text, ' ', n);
	uint16_t *to;

	if (table.n == PHRASES_MAX)
		fatal("facts.def has more than %d phrases", PHRASES_MAX);
	*p = (struct phrase){ .text = text, .end = text + n, .list = list };
	p->first = blank == NULL ? n : (size_t)(blank - text);
	to = *text == '*' ? &table.suffixes
			  : &table.buckets[bucket_of(text, p->first)];
	p->next = *to;
	*to = ++table.n;
}

static void
table_fill(void)
{
	static const char *const lists[] = {
#define X(name, list) list,
#include "extract/facts.def"
#undef X
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (const char *p = lists[i]; *p != '\0';) {
			size_t n = strcspn(p, ",");

			phrase_add(p, n, (enum words)i);
			p += n;
			p += strspn(p, ", ");
		}
}
_Static_assert(WORDS__MAX <= 64, "a token has a bit for each list");

/* "experience*" is any word that begins so, "*gehalt" that ends so. */
static bool
is_word(const struct pay_token *t, const char *word, size_t n)
{
	if (t->kind == PAY_END)
		return false;
	if (word[n - 1] == '*')
		return t->n >= n - 1 && memcmp(t->text, word, n - 1) == 0;
	if (*word == '*')
		return t->n >= n - 1 &&
		       memcmp(t->text + t->n - n + 1, word + 1, n - 1) == 0;
	return t->n == n && memcmp(t->text, word, n) == 0;
}

static bool
phrase_is_at(const struct clause *c, size_t at, const struct phrase *phrase)
{
	const char *p = phrase->text;
	size_t n = phrase->first;

	if (!is_word(&c->tokens[at], p, n))
		return false;
	while (p < phrase->end) {
		if (p > phrase->text)
			n = strcspn(p, " ,");

		if (at >= c->n || !is_word(&c->tokens[at], p, n))
			return false;
		at++;
		p += n;
		p += p < phrase->end;
		/* "nice-to-have" */
		if (p < phrase->end && *p != '-' && at < c->n &&
		    pay_is_sign(&c->tokens[at], '-'))
			at++;
	}
	return true;
}

static uint64_t
marks_of(const struct clause *c, size_t i, uint16_t first)
{
	uint64_t marks = 0;

	for (; first != 0; first = table.at[first - 1].next)
		if (phrase_is_at(c, i, &table.at[first - 1]))
			marks |= UINT64_C(1) << table.at[first - 1].list;
	return marks;
}

void
clause_mark(struct clause *c)
{
	if (table.n == 0)
		table_fill();
	for (size_t i = 0; i < c->n; i++) {
		const struct pay_token *t = &c->tokens[i];

		c->marks[i] =
		    marks_of(c, i, table.buckets[bucket_of(t->text, t->n)]);
		/* No ending that is looked for is shorter. */
		if (t->n > 5)
			c->marks[i] |= marks_of(c, i, table.suffixes);
	}
}

size_t
clause_find(const struct clause *c, size_t from, size_t until, enum words list)
{
	while (from < until && !clause_has_at(c, from, list))
		from++;
	return from;
}
