/*
 * Strings and the small grammars that the whole program shares.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

/* strlcpy(3): copies, always ends with NUL, returns the length of from. */
size_t str_copy(char *to, const char *from, size_t size);
/* True if it holds a byte below the blank, or DEL. */
bool str_has_control(const char *);
bool str_is_empty(const char *);            /* NULL, "" or only white */
bool str_eq(const char *, const char *);    /* NULL equals only NULL */
bool str_eq_ci(const char *, const char *); /* ASCII case folded */
bool str_starts(const char *, const char *prefix);
bool str_ends(const char *, const char *suffix);
/* First place of needle in text, ASCII case folded; NULL if none. */
const char *str_find_ci(const char *text, const char *needle);
/* White space (Unicode's too) trimmed at both ends and folded to one blank. */
char *str_fold_space(struct arena *, const char *);
/* Copy with ASCII letters lowered. */
char *str_lower(struct arena *, const char *);
/* The word of a list that is nearest to word, or NULL if none is near. */
const char *str_nearest(const char *word, const char *const *list, size_t n);

/*
 * Whole-string numbers: 0 and *to, or -1 when text is not a number of that
 * kind, has something after it, or lies outside [min, max].
 */
int str_to_i64(const char *text, int64_t min, int64_t max, int64_t *to);
int str_to_double(const char *text, double *to);

/* "90s", "5m", "6h", "2d", "250ms" and "30 days", "2 years", in ms. */
int str_to_duration_ms(const char *text, int64_t *to, struct err *);
/* "16MiB", "512KiB", "1GiB", "2000" (bytes; kB, MB, GB are powers of 1000). */
int str_to_bytes(const char *text, int64_t *to, struct err *);
/* The shortest exact text of a duration or size, as the two above read it. */
char *str_duration(struct arena *, int64_t ms);
char *str_bytes(struct arena *, int64_t bytes);

/*
 * Bytes from outside made fit for a log line or terminal: control
 * characters, bidi controls and broken UTF-8 become \xNN, and the text is
 * cut to max_bytes with "...".
 */
char *str_safe(struct arena *, const char *, size_t max_bytes);

/*
 * Text of at most so many columns: a longer one is cut between two words (in
 * one that is too long itself) and ends with an ellipsis.
 */
char *str_shorten(struct arena *, const char *, size_t columns);
/*
 * Lines of more than so many columns are broken at blanks; what follows is
 * indented like the line. A word that is longer (an address) is never broken.
 */
char *str_wrap(struct arena *, const char *, size_t columns);

/*
 * The same for what is stored and mailed: those characters are left out, but
 * for line ends and tabs. Text itself where there is none of them.
 */
const char *str_clean(struct arena *, const char *text);

/* Base32 (RFC 4648 section 6), lower case and without padding. */
char *str_base32(struct arena *, const void *, size_t);
/* Base64 (RFC 4648 section 4), with padding. */
char *str_base64(struct arena *, const void *, size_t);
char *str_hex(struct arena *, const void *, size_t);

#endif
