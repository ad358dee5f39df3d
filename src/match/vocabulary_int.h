/*
 * The vocabulary inside: tokens of a text, and the automaton of names and
 * phrases over them.
 */
#ifndef MATCH_VOCABULARY_INT_H
#define MATCH_VOCABULARY_INT_H

#include "match/match_int.h"

/* What stands between a token and the one before it. */
enum gap {
	GAP_JOIN,  /* blanks; one '-', '.' or '_' without blanks */
	GAP_SLASH, /* '/' */
	GAP_AMP,   /* '&' */
	GAP_COMMA, /* ',', brackets, quotes */
	GAP_COLON,
	GAP_STOP /* the end of a sentence, a bullet, a line's begin */
};

struct token {
	uint64_t hash;
	uint32_t start, end; /* bytes of the text */
	enum gap gap;
	bool dashed; /* GAP_COMMA by a dash between blanks */
};

/* Tokens of one line at most; a longer line is read in pieces. */
#define LINE_TOKENS 2048

/* A heading has few words, and ends the line or is followed by ':'. */
#define HEADING_TOKENS 9

/* Bytes of a text as the tokeniser sees them. */
struct alphabet {
	uint8_t kind[256];
	uint8_t fold[256]; /* letters and digits in lower case, else 0 */
};
void alphabet_init(struct alphabet *);

/*
 * Tokens from *at on, up to the end of the line or max of them; *at is moved
 * behind what was read.
 */
size_t tokens_read(const struct alphabet *, const char *text, size_t n,
    size_t *at, struct token *to, size_t max);

enum rule_of_name { NAME_ANY, NAME_CASE, NAME_CONTEXT };

enum cue {
	CUE_NONE,
	CUE_REQUIRED_BEFORE,
	CUE_REQUIRED_AFTER,
	CUE_PREFERRED_BEFORE,
	CUE_PREFERRED_AFTER,
	CUE_PREFERRED_EITHER,
	CUE_NEGATED_BEFORE,
	CUE_NEGATED_AFTER,
	CUE_BUT,
	CUE_PLAIN,
	CUE_HINT_BEFORE,
	CUE_HINT_AFTER,
	CUE_PRESENCE, /* the work is not remote, whatever it is called */
	CUE__MAX
};

/* A heading that opens no section of ours ends the one before it. */
#define HEADING_NONE  (-1)
#define HEADING_OTHER SECTION_NONE

/* Generations of parents: a loop in the table ends as well. */
#define PARENTS_MAX 8

struct skill {
	const char *name, *category;
	int parent;       /* index, or -1 */
	uint32_t per_10k; /* descriptions that name it, of 10,000 */
};

/* What a path of tokens means: a name of a skill, a phrase, or both. */
struct entry {
	int skill; /* index, or -1 */
	enum rule_of_name rule;
	const char *spelling; /* of this name */
	int heading;          /* enum section or HEADING_NONE */
	enum cue cue;
};

struct edge {
	uint64_t key; /* node, gap and token; 0: free */
	uint32_t node;
	int32_t entry; /* of that node, or -1 */
};

struct vocabulary {
	struct alphabet alphabet;
	struct arena *arena; /* names that were given as extra */
	struct skill *skills;
	size_t nskills;
	struct entry *entries;
	size_t nentries, entries_size;
	struct edge *edges; /* open addressing, a power of two */
	size_t nedges, edges_size;
	uint32_t nnodes;
	uint64_t first[1024]; /* 2^16 bits: may a path begin so? */
	uint64_t conjunctions[16];
	size_t nconjunctions;
	int probe;               /* an entry that stands for any phrase */
	struct scratch *scratch; /* of scans: one at a time */
};

/* The edge from node by a token, or NULL. */
const struct edge *vocabulary_edge(
    const struct vocabulary *, uint32_t node, enum gap, uint64_t hash);
/* The skill whose canonical name this is (the very pointer), or NULL. */
const struct skill *vocabulary_skill(
    const struct vocabulary *, const char *name);
/* Index of the skill that a name or alias means, or -1. */
int vocabulary_index(const struct vocabulary *, const char *name);
/* True if skill has ancestor among its parents. */
bool vocabulary_implies(const struct vocabulary *, int skill, int ancestor);

/* ---- marks: what was found in a line, before it is judged ---- */

struct mark {
	int entry;
	uint32_t from, to; /* tokens [from, to) of the line */
	bool sure;         /* context rules are met */
	bool loose;        /* in other case than its rule wants */
	bool negated;
	bool judged; /* a cue behind it has spoken */
	enum section section;
};
struct line {
	const char *text;
	const struct token *tokens;
	size_t ntokens;
	struct mark *marks;
	size_t nmarks;
	bool bullet, ends_with_colon;
};
/* Where a scan stands between lines. */
struct reading {
	enum section section;
	bool after_list; /* the line before was nothing but skills */
};
/* Marks of the line, longest paths first. */
void line_mark(const struct vocabulary *, struct line *);
/* Headings, sentences, cues and context: the line's marks judged. */
void line_judge(const struct vocabulary *, struct line *, struct reading *);
/* True if entry of a mark is a skill. */
static inline bool
mark_is_skill(const struct vocabulary *v, const struct mark *m)
{
	return v->entries[m->entry].skill >= 0;
}

/*
 * True if a phrase stands in the text as whole words, and is not negated
 * where it stands ("no clearance is required" does not say clearance).
 */
bool text_says(const struct vocabulary *, const char *text, const char *phrase);

/* Does a phrase of that cue stand anywhere in the text? */
bool text_has_cue(const struct vocabulary *, const char *text, enum cue);

struct scratch {
	struct token tokens[LINE_TOKENS];
	struct mark marks[LINE_TOKENS];
	struct skill_hit *hits;
	size_t nhits, hits_size;
};

#endif
