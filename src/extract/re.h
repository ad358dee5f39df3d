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
/* Get the memory that matching needs before the jail closes. */
void re_warm_up(void);

#endif
