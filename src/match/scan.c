/*
 * Skills in a text: one pass, line by line, all names at once.
 */
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "match/vocabulary_int.h"

/* A phrase that a person blocks has no more words. */
#define PHRASE_TOKENS 16

/* Letters, digits and signs in the order and case of the spelling? */
static bool
is_spelled(const char *text, const char *end, const char *spelling)
{
	while (text < end || *spelling != '\0') {
		if (text < end && (*text == ' ' || *text == '-' ||
				      *text == '_' || *text == '.'))
			text++;
		else if (*spelling == ' ' || *spelling == '-' ||
			 *spelling == '_' || *spelling == '.')
			spelling++;
		else if (text < end && *text == *spelling) {
			text++;
			spelling++;
		} else {
			return false;
		}
	}
	return true;
}

/* Does the name stand at tokens [from, to) as its rule wants it written? */
static bool
is_written(const struct line *l, const struct entry *e, size_t from, size_t to)
{
	if (e->skill < 0 || e->rule == NAME_ANY)
		return true;
	return is_spelled(l->text + l->tokens[from].start,
	    l->text + l->tokens[to - 1].end, e->spelling);
}

/*
 * The longest path from token i whose end means something; its length. A
 * name in another case than its rule wants is taken too, to be believed only
 * in a list ("aws, docker and go").
 */
static size_t
path_follow(
    const struct vocabulary *v, const struct line *l, size_t i, struct mark *to)
{
	const struct edge *e;
	size_t longest = 0, n = 0;
	uint32_t node = 0;

	while (i + n < l->ntokens) {
		const struct token *t = &l->tokens[i + n];

		e = vocabulary_edge(v, node, t->gap, t->hash);
		if (e == NULL)
			break;
		node = e->node;
		n++;
		if (e->entry < 0)
			continue;
		longest = n;
		to->entry = e->entry;
		to->loose = !is_written(l, &v->entries[e->entry], i, i + n);
	}
	return longest;
}

void
line_mark(const struct vocabulary *v, struct line *l)
{
	l->nmarks = 0;
	for (size_t i = 0; i < l->ntokens;) {
		uint64_t hash = l->tokens[i].hash;
		struct mark mark = { 0 };
		size_t n = 0;

		if (v->first[(hash >> 6) & 1023] & UINT64_C(1) << (hash & 63))
			n = path_follow(v, l, i, &mark);
		if (n == 0) {
			i++;
			continue;
		}
		mark.from = (uint32_t)i;
		mark.to = (uint32_t)(i + n);
		mark.sure = mark_is_skill(v, &mark) && !mark.loose &&
			    v->entries[mark.entry].rule != NAME_CONTEXT;
		l->marks[l->nmarks++] = mark;
		i += n;
	}
}

static bool
is_bullet(const char *text, size_t n)
{
	static const char *const signs[] = { "- ", "* ", "+ ", "\xe2\x80\xa2",
		"\xc2\xb7", "\xe2\x97\x8f", "\xe2\x96\xaa", "\xe2\x80\x93 ",
		"\xe2\x9c", "\xe2\x96", "\xe2\x97", "o " };
	size_t i = 0;

	while (i < n && (text[i] == ' ' || text[i] == '\t'))
		i++;
	if (i < n && text[i] > 0 && strchr("-*+o", text[i]) == NULL)
		return false;
	for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]); k++) {
		size_t m = strlen(signs[k]);

		if (n - i > m && memcmp(text + i, signs[k], m) == 0)
			return true;
	}
	return false;
}

static bool
ends_with_colon(const char *text, size_t n)
{
	while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\n' ||
			    text[n - 1] == '\r' || text[n - 1] == '*' ||
			    text[n - 1] == '_'))
		n--;
	return n > 0 && text[n - 1] == ':';
}

static void
hit_add(struct scratch *s, const struct skill_hit *hit)
{
	if (s->nhits == s->hits_size) {
		s->hits_size = s->hits_size * 2 + 64;
		s->hits = xrealloc(s->hits, s->hits_size * sizeof(*s->hits));
	}
	s->hits[s->nhits++] = *hit;
}

static void
line_emit(const struct vocabulary *v, const struct line *l)
{
	for (size_t i = 0; i < l->nmarks; i++) {
		const struct mark *m = &l->marks[i];
		struct skill_hit hit;

		if (!mark_is_skill(v, m) || !m->sure ||
		    v->scratch->nhits == LIMIT_SKILL_HITS)
			continue;
		hit.skill = v->skills[v->entries[m->entry].skill].name;
		hit.section = m->section;
		hit.negated = m->negated;
		hit.start = l->tokens[m->from].start;
		hit.end = l->tokens[m->to - 1].end;
		hit_add(v->scratch, &hit);
	}
}

struct skill_hit *
skills_scan(const struct vocabulary *v, struct arena *arena, const char *text,
    size_t n, size_t *nhits)
{
	struct scratch *s = v->scratch;
	struct reading reading = { SECTION_NONE, false };
	struct skill_hit *hits;
	size_t at = 0;

	s->nhits = 0;
	while (at < n && s->nhits < LIMIT_SKILL_HITS) {
		size_t from = at;
		struct line l = {
			.text = text, .tokens = s->tokens, .marks = s->marks
		};

		l.ntokens = tokens_read(
		    &v->alphabet, text, n, &at, s->tokens, LINE_TOKENS);
		line_mark(v, &l);
		if (l.nmarks == 0 && l.ntokens > HEADING_TOKENS) {
			reading.after_list = false;
			continue;
		}
		l.bullet = is_bullet(text + from, at - from);
		l.ends_with_colon = ends_with_colon(text + from, at - from);
		line_judge(v, &l, &reading);
		line_emit(v, &l);
	}
	*nhits = s->nhits;
	hits = arena_array(arena, s->nhits > 0 ? s->nhits : 1, sizeof(*hits));
	if (s->nhits > 0)
		memcpy(hits, s->hits, s->nhits * sizeof(*hits));
	return hits;
}

/* ---- a posting ---- */

/* Skills of short texts, all in one section; without spans. */
static void
list_scan(const struct vocabulary *v, struct arena *arena,
    const char *const *list, size_t n, enum section section,
    struct skill_hit **hits, size_t *nhits)
{
	for (size_t i = 0; i < n; i++) {
		struct skill_hit *found, *all;
		size_t nfound;

		found =
		    skills_scan(v, arena, list[i], strlen(list[i]), &nfound);
		if (nfound == 0)
			continue;
		all = arena_array(arena, *nhits + nfound, sizeof(*all));
		if (*nhits > 0)
			memcpy(all, *hits, *nhits * sizeof(*all));
		for (size_t k = 0; k < nfound; k++) {
			if (found[k].section == SECTION_NONE)
				found[k].section = section;
			found[k].start = found[k].end = 0;
		}
		memcpy(all + *nhits, found, nfound * sizeof(*all));
		*hits = all;
		*nhits += nfound;
	}
}

/* A tag is a name alone: short names need no context there. */
static void
tags_scan(const struct vocabulary *v, struct arena *arena,
    const struct posting *p, struct skill_hit **hits, size_t *nhits)
{
	struct skill_hit *all =
	    arena_array(arena, *nhits + p->ntags + 1, sizeof(*all));

	if (*nhits > 0)
		memcpy(all, *hits, *nhits * sizeof(*all));
	for (size_t i = 0; i < p->ntags; i++) {
		const char *name = vocabulary_find(v, p->tags[i]);

		if (name != NULL)
			all[(*nhits)++] = (struct skill_hit){ .skill = name };
	}
	*hits = all;
}

struct skill_hit *
posting_skills(const struct vocabulary *v, struct arena *arena,
    const struct posting *p, size_t *nhits)
{
	struct skill_hit *hits = NULL;

	*nhits = 0;
	if (p->description != NULL)
		hits = skills_scan(
		    v, arena, p->description, strlen(p->description), nhits);
	list_scan(v, arena, p->requirements, p->nrequirements, SECTION_REQUIRED,
	    &hits, nhits);
	tags_scan(v, arena, p, &hits, nhits);
	return hits;
}

/* ---- one phrase of a person ---- */

/* Put a mark over tokens [from, to) of the line, in place of what it hides. */
static void
mark_insert(struct line *l, struct mark mark)
{
	size_t n = 0, at;

	for (size_t i = 0; i < l->nmarks; i++)
		if (l->marks[i].to <= mark.from || l->marks[i].from >= mark.to)
			l->marks[n++] = l->marks[i];
	for (at = n; at > 0 && l->marks[at - 1].from >= mark.to; at--)
		l->marks[at] = l->marks[at - 1];
	l->marks[at] = mark;
	l->nmarks = n + 1;
}

static bool
tokens_at(const struct line *l, size_t i, const struct token *phrase, size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (i + k >= l->ntokens ||
		    l->tokens[i + k].hash != phrase[k].hash ||
		    (k > 0 && l->tokens[i + k].gap >= GAP_COLON))
			return false;
	return true;
}

static bool
line_says(const struct vocabulary *v, struct line *l,
    const struct token *phrase, size_t n)
{
	struct reading reading = { SECTION_NONE, false };
	struct mark probe = { .entry = v->probe, .sure = true };
	bool marked = false;

	for (size_t i = 0; i + n <= l->ntokens; i++) {
		if (!tokens_at(l, i, phrase, n))
			continue;
		if (!marked)
			line_mark(v, l);
		marked = true;
		probe.from = (uint32_t)i;
		probe.to = (uint32_t)(i + n);
		mark_insert(l, probe);
		i += n - 1;
	}
	if (!marked)
		return false;
	line_judge(v, l, &reading);
	for (size_t i = 0; i < l->nmarks; i++)
		if (l->marks[i].entry == v->probe && !l->marks[i].negated)
			return true;
	return false;
}

bool
text_says(const struct vocabulary *v, const char *text, const char *phrase)
{
	struct scratch *s = v->scratch;
	struct token want[PHRASE_TOKENS];
	size_t size = text == NULL ? 0 : strlen(text), at = 0, n;

	n = tokens_read(
	    &v->alphabet, phrase, strlen(phrase), &at, want, PHRASE_TOKENS);
	if (n == 0)
		return false;
	for (at = 0; at < size;) {
		struct line l = {
			.text = text, .tokens = s->tokens, .marks = s->marks
		};

		l.ntokens = tokens_read(
		    &v->alphabet, text, size, &at, s->tokens, LINE_TOKENS);
		if (line_says(v, &l, want, n))
			return true;
	}
	return false;
}

bool
text_has_cue(const struct vocabulary *v, const char *text, enum cue cue)
{
	struct scratch *s = v->scratch;
	size_t size = text == NULL ? 0 : strlen(text);

	for (size_t at = 0; at < size;) {
		struct line l = {
			.text = text, .tokens = s->tokens, .marks = s->marks
		};

		l.ntokens = tokens_read(
		    &v->alphabet, text, size, &at, s->tokens, LINE_TOKENS);
		line_mark(v, &l);
		for (size_t i = 0; i < l.nmarks; i++)
			if (v->entries[l.marks[i].entry].cue == cue)
				return true;
	}
	return false;
}
