/*
 * The tables of source files, section by section.
 */
#include <string.h>
#include "conf/conf_int.h"

/* What rows are called in help: the section as a path from the top. */
#define NAME_TOP     ""
#define NAME_REQUEST "request"
#define NAME_PARAM   "params.NAME"
#define NAME_FIELD   "fields.NAME"
#define NAME_PAGES   "pages"
#define NAME_MAIL    "mail"
#define NAME_DETAIL  "detail"
#define NAME_EXPECT  "expect"
#define NAME_LIMITS  "limits"
#define NAME_AUTH    "auth"

static const struct row {
	enum source_section section;
	struct key key;
	struct source_key_info info;
} rows[] = {
#define X(section, key, fn, type, fallback, help) \
	{ SECTION_KEYS_##section, { key, fn },    \
		{ NAME_##section, key, type, fallback, help } },
#include "conf/source.def"
#undef X
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

size_t
conf_source_keys(const struct source_key_info **to)
{
	static struct source_key_info infos[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		infos[i] = rows[i].info;
	*to = infos;
	return ROWS;
}

void
read_section(const struct reader *r, const struct node *map,
    enum source_section section, void *to)
{
	struct key keys[ROWS];
	size_t n = 0;

	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].section == section)
			keys[n++] = rows[i].key;
	read_map(r, map, keys, n, to);
}

bool
is_source_key(const char *name)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].section == SECTION_KEYS_TOP &&
		    strcmp(rows[i].key.name, name) == 0)
			return true;
	return false;
}
