/*
 * What a line says of the skills in it: the section that a heading opened,
 * what a phrase in the sentence asks or excludes, and whether a short name
 * stands where a skill would.
 */
#include <string.h>
#include "match/vocabulary_int.h"

/* "no experience in Java required": how far a negation reaches. */
#define NEGATION_TOKENS 5
/* "Java knowledge is not strictly needed": how far back a phrase reaches. */
#define BACK_TOKENS 7
/* "Java as well as C": tokens between neighbours of a list. */
#define LIST_TOKENS 3

struct judge {
	const struct vocabulary *v;
	struct line *l;
};

static const struct entry *
entry_of(const struct judge *j, size_t mark)
{
	return &j->v->entries[j->l->marks[mark].entry];
}

static bool
is_skill(const struct judge *j, size_t mark)
{
	return entry_of(j, mark)->skill >= 0;
}

static bool
is_conjunction(const struct judge *j, size_t token)
{
	for (size_t i = 0; i < j->v->nconjunctions; i++)
		if (j->l->tokens[token].hash == j->v->conjunctions[i])
			return true;
	return false;
}

/* Does a new sentence begin among the tokens (from, to]? */
static bool
has_stop(const struct judge *j, size_t from, size_t to)
{
	for (size_t i = from + 1; i <= to; i++)
		if (j->l->tokens[i].gap == GAP_STOP)
			return true;
	return false;
}

/* Are marks a and b neighbours in a list: "Java, C", "R and Go", "C/C++"? */
static bool
is_chained(const struct judge *j, const struct mark *a, const struct mark *b)
{
	if (b->from - a->to > LIST_TOKENS || has_stop(j, a->to - 1, b->from))
		return false;
	for (size_t i = a->to; i < b->from; i++)
		if (!is_conjunction(j, i))
			return false;
	for (size_t i = a->to; i <= b->from; i++)
		if (j->l->tokens[i].gap == GAP_COLON)
			return false;
	return true;
}

/* ---- context of short names ---- */

/* How many tokens lie between two marks. */
static size_t
distance(const struct judge *j, size_t a, size_t b)
{
	const struct mark *marks = j->l->marks;

	return a < b ? marks[b].from - marks[a].to
		     : marks[a].from - marks[b].to;
}

/*
 * The mark before or behind i that is a skill and near enough for a list, or
 * i itself.
 */
static size_t
neighbour(const struct judge *j, size_t i, int step)
{
	size_t k = i;

	while (step < 0 ? k > 0 : k + 1 < j->l->nmarks) {
		k = step < 0 ? k - 1 : k + 1;
		if (distance(j, i, k) > LIST_TOKENS)
			return i;
		if (is_skill(j, k))
			return k;
	}
	return i;
}

/* Words before a name that a skill would stand behind. */
static bool
hints_before(enum cue cue)
{
	return cue == CUE_HINT_BEFORE || cue == CUE_REQUIRED_BEFORE ||
	       cue == CUE_PREFERRED_BEFORE;
}

/* "Go developer", "Rust is required". */
static bool
hints_behind(enum cue cue)
{
	return cue == CUE_HINT_AFTER || cue == CUE_REQUIRED_AFTER ||
	       cue == CUE_PREFERRED_AFTER || cue == CUE_PREFERRED_EITHER ||
	       cue == CUE_NEGATED_AFTER;
}

static bool
has_hint(const struct judge *j, size_t i)
{
	const struct mark *m = &j->l->marks[i], *other;

	if (i > 0 && hints_before(entry_of(j, i - 1)->cue)) {
		other = &j->l->marks[i - 1];
		/* "In Spring, we ..." begins a sentence. */
		if (m->from - other->to <= 1 &&
		    !has_stop(j, other->to - 1, m->from) &&
		    (other->to - other->from > 1 ||
			j->l->tokens[other->from].gap != GAP_STOP))
			return true;
	}
	if (i + 1 < j->l->nmarks && hints_behind(entry_of(j, i + 1)->cue)) {
		other = &j->l->marks[i + 1];
		if (other->from == m->to &&
		    j->l->tokens[other->from].gap == GAP_JOIN)
			return true;
	}
	return false;
}

static bool
has_sure_neighbour(const struct judge *j, size_t i)
{
	const struct mark *m = &j->l->marks[i];
	size_t before = neighbour(j, i, -1), behind = neighbour(j, i, 1);

	if (before != i && j->l->marks[before].sure &&
	    is_chained(j, &j->l->marks[before], m))
		return true;
	return behind != i && j->l->marks[behind].sure &&
	       is_chained(j, m, &j->l->marks[behind]);
}

/* Do the tokens from at on begin with what divides a list, or end? */
static bool
is_divided(const struct judge *j, size_t at)
{
	enum gap gap;

	if (at >= j->l->ntokens)
		return true;
	gap = j->l->tokens[at].gap;
	return gap == GAP_SLASH || gap == GAP_COMMA || gap == GAP_STOP ||
	       is_conjunction(j, at);
}

/* "aws, docker and go": divided on both sides, and a neighbour is sure. */
static bool
is_listed(const struct judge *j, size_t i)
{
	const struct mark *m = &j->l->marks[i];
	const struct token *first = &j->l->tokens[m->from];
	bool before = m->from == 0 || is_conjunction(j, m->from - 1) ||
		      is_divided(j, m->from);

	/* One small letter is a word of some language. */
	return before && first->end - first->start > 1 &&
	       is_divided(j, m->to) && has_sure_neighbour(j, i);
}

/* Nothing in the line but skills and what joins them? */
static bool
is_only_skills(const struct judge *j)
{
	size_t token = 0;

	for (size_t i = 0; i < j->l->nmarks; i++) {
		const struct mark *m = &j->l->marks[i];

		for (; token < m->from; token++)
			if (!is_conjunction(j, token))
				return false;
		if (is_skill(j, i))
			token = m->to;
	}
	return token == j->l->ntokens && j->l->nmarks > 0;
}

static bool
is_in_context(const struct judge *j, size_t i, bool list)
{
	if (j->l->marks[i].loose)
		return is_listed(j, i);
	return list || has_hint(j, i) || has_sure_neighbour(j, i);
}

static void
context_judge(const struct judge *j, struct reading *reading)
{
	bool only = is_only_skills(j);
	bool list = only && (reading->after_list || j->l->bullet);

	for (size_t i = 0; i < j->l->nmarks; i++)
		if (is_skill(j, i) && !j->l->marks[i].sure)
			j->l->marks[i].sure = is_in_context(j, i, list);
	/* What stands before a name that became sure is sure as well. */
	for (size_t i = j->l->nmarks; i-- > 0;)
		if (is_skill(j, i) && !j->l->marks[i].sure)
			j->l->marks[i].sure = j->l->marks[i].loose
						  ? is_listed(j, i)
						  : has_sure_neighbour(j, i);
	reading->after_list = only;
}

/* ---- sections ---- */

static bool
has_skill(const struct judge *j)
{
	for (size_t i = 0; i < j->l->nmarks; i++)
		if (is_skill(j, i))
			return true;
	return false;
}

/* Is mark i the heading of this line, or of the rest of it? */
static bool
is_heading(const struct judge *j, size_t i)
{
	const struct line *l = j->l;
	const struct mark *m = &l->marks[i];
	bool colon = m->to < l->ntokens && l->tokens[m->to].gap == GAP_COLON;

	if (entry_of(j, i)->heading == HEADING_NONE)
		return false;
	if (m->to == l->ntokens && l->ends_with_colon)
		colon = true;
	if (l->tokens[m->from].gap == GAP_STOP && colon)
		return true; /* the sentence begins with it */
	if (m->from > 2 || l->ntokens > HEADING_TOKENS || l->bullet)
		return false;
	if (l->ends_with_colon)
		return true;
	/* Alone in its line, or nearly: "Kafka preferred" is none. */
	return (m->from == 0 ? m->to + 1 >= l->ntokens
			     : m->from == 1 && m->to == l->ntokens) &&
	       !has_skill(j) && !has_stop(j, 0, l->ntokens - 1);
}

/*
 * The section of each mark. A heading in a bullet rules that bullet only; a
 * line that looks like a heading of another kind ends what is about the
 * firm or what it offers.
 */
static void
sections_judge(const struct judge *j, struct reading *reading)
{
	struct line *l = j->l;
	enum section section = reading->section;
	bool headed = false;

	for (size_t i = 0; i < l->nmarks; i++) {
		if (is_heading(j, i)) {
			section = (enum section)entry_of(j, i)->heading;
			headed = true;
		}
		l->marks[i].section = section;
	}
	if (headed && !l->bullet)
		reading->section = section;
	else if (!headed && l->ends_with_colon && !l->bullet &&
		 l->ntokens <= HEADING_TOKENS &&
		 (section == SECTION_ABOUT || section == SECTION_BENEFITS))
		reading->section = SECTION_NONE;
}

/* ---- what a sentence says ---- */

enum verdict {
	VERDICT_NONE,
	VERDICT_REQUIRED,
	VERDICT_PREFERRED,
	VERDICT_NEGATED
};

static void
mark_apply(struct mark *m, enum verdict verdict)
{
	if (verdict == VERDICT_NEGATED)
		m->negated = true;
	else if (verdict != VERDICT_NONE)
		m->section = verdict == VERDICT_REQUIRED ? SECTION_REQUIRED
							 : SECTION_PREFERRED;
}

/* A sentence as it is read: what was said before the next skill. */
struct sentence {
	enum verdict active;
	size_t active_to; /* token behind what it applies to so far */
	size_t border;    /* marks before it are out of reach from behind */
	size_t spoken;    /* first mark of what the last phrase behind ruled */
	enum verdict said;
};

/* Give the verdict to the skill before mark i and those chained to it. */
static void
apply_back(
    const struct judge *j, struct sentence *s, size_t i, enum verdict verdict)
{
	struct mark *marks = j->l->marks;
	size_t last = i, first;

	while (last > s->border && !is_skill(j, last - 1) &&
	       distance(j, last - 1, i) <= BACK_TOKENS)
		last--;
	if (last == s->border || !is_skill(j, last - 1) ||
	    distance(j, last - 1, i) > BACK_TOKENS) {
		/* "preferred, not required": the kinder word stands. */
		bool kinder =
		    verdict == VERDICT_PREFERRED && s->said == VERDICT_NEGATED;

		for (size_t k = s->spoken; kinder && k < s->border; k++) {
			marks[k].negated = false;
			mark_apply(&marks[k], verdict);
		}
		return;
	}
	first = last - 1;
	while (first > s->border) {
		size_t before = neighbour(j, first, -1);

		if (before == first || before < s->border ||
		    !is_chained(j, &marks[before], &marks[first]))
			break;
		first = before;
	}
	for (size_t k = first; k < last; k++)
		if (is_skill(j, k))
			mark_apply(&marks[k], verdict);
	s->spoken = first;
	s->border = i;
	s->said = verdict;
}

/* Is there a skill in this sentence, in reach, before mark i? */
static bool
skill_before(const struct judge *j, const struct sentence *s, size_t i)
{
	for (size_t k = i; k > s->border; k--)
		if (distance(j, k - 1, i) > BACK_TOKENS)
			return false;
		else if (is_skill(j, k - 1))
			return true;
	return false;
}

static enum verdict
verdict_of(enum cue cue, bool *before)
{
	*before = cue == CUE_REQUIRED_BEFORE || cue == CUE_PREFERRED_BEFORE ||
		  cue == CUE_NEGATED_BEFORE;
	switch (cue) {
	case CUE_REQUIRED_BEFORE:
	case CUE_REQUIRED_AFTER:
		return VERDICT_REQUIRED;
	case CUE_PREFERRED_BEFORE:
	case CUE_PREFERRED_AFTER:
	case CUE_PREFERRED_EITHER:
		return VERDICT_PREFERRED;
	case CUE_NEGATED_BEFORE:
	case CUE_NEGATED_AFTER:
		return VERDICT_NEGATED;
	default:
		return VERDICT_NONE;
	}
}

static void
cue_read(const struct judge *j, struct sentence *s, size_t i)
{
	const struct line *l = j->l;
	const struct mark *m = &l->marks[i];
	enum cue cue = entry_of(j, i)->cue;
	bool before, colon;
	enum verdict verdict = verdict_of(cue, &before);

	if (cue == CUE_BUT) {
		s->active = VERDICT_NONE;
		return;
	}
	if (verdict == VERDICT_NONE)
		return;
	colon = m->to < l->ntokens && l->tokens[m->to].gap == GAP_COLON;
	if (cue == CUE_PREFERRED_EITHER)
		before = colon ||
			 (!skill_before(j, s, i) && s->said == VERDICT_NONE);
	if (!before) {
		apply_back(j, s, i, verdict);
		return;
	}
	s->active = verdict;
	s->active_to = m->to;
	s->border = i;
}

static void
skill_read(const struct judge *j, struct sentence *s, size_t i)
{
	struct mark *m = &j->l->marks[i];

	if (s->active == VERDICT_NONE)
		return;
	if (s->active == VERDICT_NEGATED) {
		size_t before = neighbour(j, i, -1);
		bool chained = before != i && j->l->marks[before].negated &&
			       is_chained(j, &j->l->marks[before], m);

		if (!chained && m->from - s->active_to > NEGATION_TOKENS)
			return;
		if (!chained && before != i && before >= s->border &&
		    j->l->marks[before].negated)
			return; /* the list ended */
		if (j->l->tokens[m->from].gap == GAP_COMMA && !chained)
			return;
	}
	mark_apply(m, s->active);
}

static void
sentences_judge(const struct judge *j)
{
	struct sentence s = { 0 };

	for (size_t i = 0; i < j->l->nmarks; i++) {
		size_t behind = i == 0 ? 0 : j->l->marks[i - 1].to - 1;

		if (i > 0 && has_stop(j, behind, j->l->marks[i].from))
			s = (struct sentence){ .border = i, .spoken = i };
		if (is_skill(j, i))
			skill_read(j, &s, i);
		else
			cue_read(j, &s, i);
	}
}

void
line_judge(const struct vocabulary *v, struct line *l, struct reading *reading)
{
	struct judge j = { v, l };

	if (l->ntokens == 0)
		return;
	sections_judge(&j, reading);
	context_judge(&j, reading);
	sentences_judge(&j);
}
