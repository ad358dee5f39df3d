/*
 * Short texts (titles, employers, places) as folded words.
 */
#include <string.h>
#include "base/utf8.h"
#include "match/match_int.h"

/* Three words are the longest phrase of the tables; five leave room. */
#define PHRASE_WORDS 5
#define PHRASE_BYTES 160

/* The first row of a sorted table whose first cell is not below key. */
static size_t
table_lower(
    const char *const *table, size_t rows, size_t width, const char *key)
{
	size_t low = 0, high = rows;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(table[middle * width], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const char *const *
table_find(const char *const *table, size_t rows, size_t width, const char *key)
{
	size_t i = table_lower(table, rows, width, key);

	return i < rows && strcmp(table[i * width], key) == 0
		   ? table + i * width
		   : NULL;
}

/* Where the reader stands in a text, and the word it is making. */
struct splitter {
	const char *p, *end;
	struct words *words;
	char *to;    /* room for the words, each ended by NUL */
	char *start; /* of the word under way, or NULL */
	uint16_t segment;
	int brackets;
	bool slash; /* stands between the last word and the next */
	bool space; /* the character before was white */
};

static bool
is_word_char(uint32_t c)
{
	return utf8_is_digit(c) || utf8_is_letter(c);
}

static uint32_t
peek(const char *p, const char *end)
{
	return p < end ? utf8_next(&p, end) : 0;
}

static void
word_end(struct splitter *s)
{
	struct word *w;

	if (s->start == NULL)
		return;
	*s->to++ = '\0';
	if (s->words->n < WORDS_MAX) {
		w = &s->words->at[s->words->n++];
		w->text = s->start;
		w->segment = s->segment;
		w->slashed = s->slash;
		w->bracket = s->brackets > 0;
	}
	s->start = NULL;
	s->slash = false;
}

static void
segment_end(struct splitter *s)
{
	word_end(s);
	s->slash = false;
	/* Empty segments are not counted, so that ") - (" is one border. */
	if (s->words->n > 0 &&
	    s->words->at[s->words->n - 1].segment == s->segment)
		s->segment++;
}

static void
word_add(struct splitter *s, const char *from, const char *behind)
{
	if (s->start == NULL)
		s->start = s->to;
	memcpy(s->to, from, (size_t)(behind - from));
	s->to += behind - from;
}

/* Bytes of "in", "innen" (or "in)") at p, if the word ends behind them. */
static size_t
gender_suffix(const char *p, const char *end, bool bracket)
{
	size_t n = 0;

	if (end - p >= 5 && memcmp(p, "innen", 5) == 0)
		n = 5;
	else if (end - p >= 2 && memcmp(p, "in", 2) == 0)
		n = 2;
	if (n == 0)
		return 0;
	if (bracket)
		return p + n < end && p[n] == ')' ? n + 1 : 0;
	return is_word_char(peek(p + n, end)) ? 0 : n;
}

static bool
is_separator(uint32_t c)
{
	if (c < 0x80)
		return c != 0 && strchr("()[]{},;:|@", (int)c) != NULL;
	/* Dashes and bullets. */
	return (c >= 0x2012 && c <= 0x2015) || c == 0x2022 || c == 0xb7;
}

/* A character that is part of no word: what it means for the words. */
static void
split_mark(struct splitter *s, uint32_t c, bool after_word)
{
	bool open = s->p >= s->end || peek(s->p, s->end) == ' ';
	size_t skip = 0;

	if (after_word && c < 0x80 && c != 0 && strchr("/*:_(", (int)c) != NULL)
		skip = gender_suffix(s->p, s->end, c == '(');
	s->p += skip;
	if (skip > 0)
		return;
	if (c == '-' || c == '/' || c == '|' || c == '*') {
		if (s->space || open)
			segment_end(s);
		else
			word_end(s);
		s->slash = c != '-' && !s->space && !open;
	} else if (is_separator(c)) {
		segment_end(s);
		s->brackets += c == '(' || c == '[' || c == '{';
		if (s->brackets > 0)
			s->brackets -= c == ')' || c == ']' || c == '}';
	} else {
		word_end(s);
	}
}

/* '.', apostrophes, '+' and '#' may belong to a word. True if c did. */
static bool
split_inner(struct splitter *s, uint32_t c, const char *from)
{
	uint32_t next = peek(s->p, s->end);

	if (c == '\'' || c == 0x2019 || c == 0xad || c == 0x200b)
		return true;
	if ((c == '+' || c == '#') && s->start != NULL) {
		word_add(s, from, s->p);
		return true;
	}
	if (c != '.')
		return false;
	if (s->start != NULL)
		return is_word_char(next);
	if (utf8_is_letter(next)) {
		word_add(s, from, s->p);
		return true;
	}
	return false;
}

void
words_split(struct arena *arena, const char *text, struct words *words)
{
	struct splitter s = { 0 };

	words->n = 0;
	if (text == NULL)
		return;
	s.p = utf8_fold(arena, text);
	s.end = s.p + strlen(s.p);
	s.words = words;
	s.to = arena_alloc(arena, strlen(s.p) * 2 + 2);
	s.space = true;
	while (s.p < s.end) {
		const char *from = s.p;
		uint32_t c = utf8_next(&s.p, s.end);

		if (is_word_char(c))
			word_add(&s, from, s.p);
		else if (utf8_is_space(c))
			word_end(&s);
		else if (!split_inner(&s, c, from))
			split_mark(&s, c, s.start != NULL);
		s.space = utf8_is_space(c);
	}
	word_end(&s);
}

char *
words_join(
    struct arena *arena, const struct words *words, size_t from, size_t to)
{
	size_t size = 1;
	char *text, *p;

	for (size_t i = from; i < to; i++)
		size += strlen(words->at[i].text) + 1;
	p = text = arena_alloc(arena, size);
	for (size_t i = from; i < to; i++) {
		if (i > from)
			*p++ = ' ';
		p = stpcpy(p, words->at[i].text);
	}
	return text;
}

const char *const *
words_find(const struct words *words, size_t i, size_t longest,
    const char *const *table, size_t rows, size_t width, size_t *taken)
{
	const char *const *found = NULL;
	char phrase[PHRASE_BYTES];
	size_t length = 0, row = 0;

	if (longest > PHRASE_WORDS)
		longest = PHRASE_WORDS;
	for (size_t n = 1; n <= longest && i + n <= words->n; n++) {
		const char *word = words->at[i + n - 1].text;
		size_t size = strlen(word);

		if (length + size + 2 > sizeof(phrase))
			break;
		if (n > 1)
			phrase[length++] = ' ';
		memcpy(phrase + length, word, size + 1);
		length += size;
		row +=
		    table_lower(table + row * width, rows - row, width, phrase);
		if (row < rows && strcmp(table[row * width], phrase) == 0) {
			found = table + row * width;
			*taken = n;
			row++;
		}
		/* Rows that go on with more words follow at once. */
		if (row == rows ||
		    strncmp(table[row * width], phrase, length) != 0 ||
		    table[row * width][length] != ' ')
			break;
	}
	return found;
}
