/*
 * Text for people, written once, printed on a terminal or as roff.
 * Paragraphs are parted by empty lines; a line "# x" is a heading, and lines
 * that begin with blanks are shown as they are.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "cmd/cmd_int.h"

void
text_fold(FILE *to, const char *text, int indent, int width)
{
	int column = 0;

	while (*text != '\0') {
		int n = (int)strcspn(text, " \n");

		if (column > 0 && column + 1 + n > width) {
			fputc('\n', to);
			column = 0;
		}
		if (column == 0)
			column = fprintf(to, "%*s%.*s", indent, "", n, text);
		else
			column += fprintf(to, " %.*s", n, text);
		text += n + strspn(text + n, " \n");
	}
	fputc('\n', to);
}

void
roff_text(FILE *to, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool is_start = i == 0 || text[i - 1] == '\n';

		if (is_start && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", to);
		if (text[i] == '\\')
			fputs("\\e", to);
		else if (text[i] == '-')
			fputs("\\-", to);
		else
			fputc(text[i], to);
	}
}

static void
heading_print(FILE *to, const char *text, size_t n, bool as_roff)
{
	if (as_roff) {
		fputs(".SH ", to);
		for (size_t i = 0; i < n; i++)
			fputc(toupper((unsigned char)text[i]), to);
		fputc('\n', to);
	} else {
		fprintf(to, "\n%.*s\n", (int)n, text);
	}
}

/* A block up to an empty line or its end. */
static size_t
block_length(const char *text)
{
	const char *end = strstr(text, "\n\n");

	return end == NULL ? strlen(text) : (size_t)(end - text) + 1;
}

static void
paragraph_print(FILE *to, const char *text, size_t n, bool as_roff)
{
	char *copy = strndup(text, n);

	if (copy == NULL)
		fatal("out of memory");
	if (as_roff) {
		fputs(".PP\n", to);
		roff_text(to, copy, n);
	} else {
		text_fold(to, copy, 0, TEXT_WIDTH);
	}
	free(copy);
}

static void
example_print(FILE *to, const char *text, size_t n, bool as_roff)
{
	if (as_roff) {
		fputs(".PP\n.nf\n", to);
		roff_text(to, text, n);
		fputs(".fi\n", to);
	} else {
		fwrite(text, 1, n, to);
	}
}

static void
part_print(FILE *to, const char *text, bool as_roff, bool is_first)
{
	while (*text != '\0') {
		size_t n = block_length(text);

		if (text[0] == '#') {
			n = strcspn(text, "\n");
			heading_print(to, text + 2, n - 2, as_roff);
			n++;
		} else {
			if (!is_first && !as_roff)
				fputc('\n', to);
			if (text[0] == ' ')
				example_print(to, text, n, as_roff);
			else
				paragraph_print(to, text, n, as_roff);
		}
		is_first = false;
		text += n + strspn(text + n, "\n");
	}
}

void
prose_print(FILE *to, const char *const *parts, bool as_roff)
{
	for (size_t i = 0; parts[i] != NULL; i++)
		part_print(to, parts[i], as_roff, i == 0);
}
