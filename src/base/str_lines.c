/*
 * Text fitted into columns, for mails and tables.
 */
#include <string.h>
#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* The columns of a line of any length. */
static size_t
columns_of(const char *s, size_t n)
{
	return (size_t)utf8_width(s, n);
}

/* As many bytes as fit into the columns, between two characters. */
static size_t
fitting(const char *s, size_t columns)
{
	const char *p = s, *end = s + strlen(s), *before = s;
	size_t used = 0;

	while (p < end) {
		before = p;
		utf8_next(&p, end);
		used += columns_of(before, (size_t)(p - before));
		if (used > columns)
			return (size_t)(before - s);
	}
	return strlen(s);
}

char *
str_shorten(struct arena *a, const char *text, size_t columns)
{
	size_t n = strlen(text), cut, word;

	if (columns_of(text, n) <= columns)
		return arena_strndup(a, text, n);
	cut = fitting(text, columns - 1);
	for (word = cut; word > 0 && text[word] != ' '; word--)
		;
	/* A word that fills most of it is cut itself. */
	if (word > cut / 3)
		cut = word;
	while (cut > 0 && strchr(" ,;:-/(", text[cut - 1]) != NULL)
		cut--;
	return arena_printf(a, "%.*s" ELLIPSIS, (int)cut, text);
}

static void
line_wrap(struct buf *out, const char *line, size_t n, size_t columns)
{
	size_t indent = strspn(line, " "), used = 0;
	const char *p = line, *end = line + n;
	bool is_first = true;

	if (indent >= n || columns_of(line, n) <= columns) {
		buf_add(out, line, n);
		return;
	}
	buf_add(out, line, indent);
	for (p += indent, used = indent; p < end;) {
		size_t blanks = strspn(p, " ");
		size_t word = strcspn(p + blanks, " \n");
		size_t width = columns_of(p + blanks, word);

		if (!is_first && used + blanks + width > columns) {
			buf_char(out, '\n');
			buf_add(out, line, indent);
			used = indent;
		} else {
			buf_add(out, p, blanks);
			used += blanks;
		}
		buf_add(out, p + blanks, word);
		used += width;
		p += blanks + word;
		is_first = false;
	}
}

char *
str_wrap(struct arena *a, const char *text, size_t columns)
{
	struct buf out;
	char *result;

	/* At worst each word takes a line with its indent. */
	buf_init(&out, (strlen(text) + 1) * (columns + 2));
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		line_wrap(&out, text, n, columns);
		text += n;
		if (*text == '\n') {
			buf_char(&out, '\n');
			text++;
		}
	}
	result = arena_strndup(a, buf_cstr(&out), out.len);
	buf_fini(&out);
	return result;
}
