/*
 * Errors: a function that can fail returns 0 or -1 and fills the struct err
 * that is its last parameter where the fault arose. Texts are lower case,
 * object first, then the cause; a remedy follows as "\nHINT: ...".
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>

#define PRINTF_LIKE(n, m) __attribute__((format(printf, n, m)))
#define RETURNS_NONNULL   __attribute__((returns_nonnull))
#define MUST_CHECK        __attribute__((warn_unused_result))

enum err_kind {
	ERR_NONE,
#define X(name, exit_code, word, meaning) ERR_##name,
#include "base/err.def"
#undef X
};

struct err {
	enum err_kind kind;
	char text[1024];
};

/*
 * Fill e (which may be NULL) and return -1, so that a caller can write
 * "return err_set(e, ERR_DATA, ...)". Longer texts are cut.
 */
int err_set(struct err *e, enum err_kind kind, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* Like err_set, with ": " and the text of the present errno added. */
int err_errno(struct err *e, enum err_kind kind, const char *format, ...)
    PRINTF_LIKE(3, 4);

#ifdef __clang_analyzer__
/* It cannot see into err.c, and would follow paths without an error. */
#define err_set(...)   (err_set(__VA_ARGS__), -1)
#define err_errno(...) (err_errno(__VA_ARGS__), -1)
#endif

/* Put "text: " before what e already says; returns -1. */
int err_prefix(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);

/* Add "\nHINT: " and a remedy to what e already says; returns -1. */
int err_hint(struct err *e, const char *format, ...) PRINTF_LIKE(2, 3);

/* The exit code of sysexits.h for a kind, and its word; ERR_NONE gives 0. */
int err_exit_code(enum err_kind kind);
const char *err_word(enum err_kind kind);

/* Out of memory or a bug of our own: one line on stderr and exit 71. */
void fatal(const char *format, ...) PRINTF_LIKE(1, 2) __attribute__((noreturn));

/* malloc, calloc, realloc and strdup that end the program when out of memory.
 */
RETURNS_NONNULL void *xmalloc(unsigned long size);
RETURNS_NONNULL void *xcalloc(unsigned long count, unsigned long size);
RETURNS_NONNULL void *xrealloc(void *p, unsigned long size);
RETURNS_NONNULL char *xstrdup(const char *s);

#endif
