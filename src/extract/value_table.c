/*
 * Looking things up in tables that were made from .tsv files. One row holds
 * all names with one beginning, so that thousands of names cost few
 * pointers, no building at start and no memory of their own.
 */
#include <string.h>
#include "extract/value_int.h"

const char *const *
table_row(const char *const *cells, size_t width, size_t rows, const char *key,
    size_t n)
{
	size_t low = 0, high = rows;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *const *row = cells + middle * width;
		int order = strncmp(key, row[0], n);
		if (order == 0 && row[0][n] != '\0')
			order = -1;
		if (order == 0)
			return row;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *
table_value(const char *cell, char separator, const char *name, size_t n)
{
	while (*cell != '\0') {
		if (strncmp(cell, name, n) == 0 && cell[n] == '=')
			return cell + n + 1;
		cell = strchr(cell, separator);
		if (cell == NULL)
			break;
		cell++;
	}
	return NULL;
}
