/*
 * Regular expressions: PCRE2 without JIT (the jail allows no executable
 * memory) and with limits, so that no pattern of a source runs away.
 */
#ifndef EXTRACT_RE_H
#define EXTRACT_RE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/err.h"

struct re;

/*
 * Compile n bytes of UTF-8, in the arena and as long-lived as it. NULL and
 * err if the pattern is none; *at (if given) is the offset of the fault.
 */
struct re *re_new(
    struct arena *, const char *pattern, size_t n, size_t *at, struct err *);
/*
 * The same for an I-Regexp (RFC 9485); whole: it must match all of a text.
 * NULL if it is none.
 */
struct re *re_new_iregexp(
    struct arena *, const char *pattern, size_t n, bool whole);
/* Groups in the pattern; 0 if it captures nothing. */
unsigned re_groups(const struct re *);
/*
 * Search n bytes; a match's group lies in [*from, *to) of text. False when
 * nothing matches, the group took no part, or a limit was met.
 */
bool re_search(const struct re *, const char *text, size_t n, unsigned group,
    size_t *from, size_t *to);

/* Groups in the pattern by name; 0 if none is called so. */
unsigned re_group_named(const struct re *, const char *name);
/* The name of a group; NULL if it has none. */
const char *re_group_name(const struct re *, unsigned group);
/* True of "/pattern/" with flags of i, m, s and x behind. */
bool re_is_literal(const char *);
/*
 * Compile what re_is_literal is true of, to be run over a whole page. With
 * lines, ^ and $ are at the lines' ends whatever the flags say.
 */
struct re *re_new_literal(
    struct arena *, const char *text, bool lines, size_t *at, struct err *);
/*
 * Search n bytes of valid UTF-8 from an offset on, with the limits of a page:
 * 1 and where the groups lie, from and to of each in offsets, RE_UNSET where
 * one took no part; 0 if nothing matches; -1 if a limit was met.
 */
#define RE_UNSET (~(size_t)0)
int re_find(const struct re *, const char *text, size_t n, size_t from,
    size_t *offsets);
/* Where to look on, past n if nowhere; a match of nothing is not met twice. */
size_t re_behind(const char *text, size_t n, const size_t *offsets);
/*
 * Of one page, all searches together may take LIMIT_PATTERN_CPU_MS; then they
 * find nothing, as if a limit was met, and spent gives the pattern (some of
 * it) that took the last, until the next page. NULL: there is some left.
 */
void re_page_begin(void);
void re_page_end(void);
const char *re_page_spent(void);
/* Get the memory that matching needs before the jail closes. */
void re_warm_up(void);

#endif
