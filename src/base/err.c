#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What the analyser takes instead is for those that call them. */
#undef err_set
#undef err_errno

static const struct {
	int exit_code;
	const char *word;
} kinds[] = {
	[ERR_NONE] = { 0, "none" },
#define X(name, exit_code, word, meaning) [ERR_##name] = { exit_code, word },
#include "base/err.def"
#undef X
};

int
err_set(struct err *e, enum err_kind kind, const char *format, ...)
{
	char text[sizeof(e->text)];
	va_list ap;

	if (e == NULL)
		return -1;
	/* Through a copy, because an argument may be e's own text. */
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	memcpy(e->text, text, sizeof(text));
	e->kind = kind;
	return -1;
}

int
err_errno(struct err *e, enum err_kind kind, const char *format, ...)
{
	int saved = errno;
	char text[sizeof(e->text)];
	va_list ap;

	if (e == NULL)
		return -1;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	err_set(e, kind, "%s: %s", text, strerror(saved));
	errno = saved;
	return -1;
}

int
err_prefix(struct err *e, const char *format, ...)
{
	char text[sizeof(e->text)];
	va_list ap;

	if (e == NULL)
		return -1;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return err_set(e, e->kind, "%s: %s", text, e->text);
}

int
err_hint(struct err *e, const char *format, ...)
{
	char text[sizeof(e->text)];
	va_list ap;

	if (e == NULL)
		return -1;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	return err_set(e, e->kind, "%s\nHINT: %s", e->text, text);
}

int
err_exit_code(enum err_kind kind)
{
	if ((size_t)kind >= sizeof(kinds) / sizeof(kinds[0]))
		return kinds[ERR_BUG].exit_code;
	return kinds[kind].exit_code;
}

const char *
err_word(enum err_kind kind)
{
	if ((size_t)kind >= sizeof(kinds) / sizeof(kinds[0]))
		return kinds[ERR_BUG].word;
	return kinds[kind].word;
}

void
fatal(const char *format, ...)
{
	char line[1024] = "careerd: fatal: ";
	size_t n = strlen(line);
	va_list ap;

	va_start(ap, format);
	vsnprintf(line + n, sizeof(line) - n - 1, format, ap);
	va_end(ap);
	n = strlen(line);
	line[n++] = '\n';
#ifdef FUZZED
	/* The fuzzer keeps what led here. */
	if (write(STDERR_FILENO, line, n) != -1)
		abort();
#endif
	/*
	 * No stdio, which allocates, and no exit handlers: memory may be gone,
	 * and this may be a child that holds its parent's unwritten output.
	 */
	if (write(STDERR_FILENO, line, n) == -1)
		_exit(71);
	_exit(71);
}

void *
xmalloc(unsigned long size)
{
	void *p = malloc(size == 0 ? 1 : size);

	if (p == NULL)
		fatal("out of memory (%lu bytes)", size);
	return p;
}

void *
xcalloc(unsigned long count, unsigned long size)
{
	void *p = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);

	if (p == NULL)
		fatal("out of memory (%lu times %lu bytes)", count, size);
	return p;
}

void *
xrealloc(void *old, unsigned long size)
{
	void *p = realloc(old, size == 0 ? 1 : size);

	if (p == NULL)
		fatal("out of memory (%lu bytes)", size);
	return p;
}

char *
xstrdup(const char *s)
{
	size_t size = strlen(s) + 1;

	return memcpy(xmalloc(size), s, size);
}
