/*
 * The names of time zones, to suggest one where a name is unknown.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/str.h"
#include "plan/plan_int.h"

/* The text form of the data, which lists zones ("Z") and aliases ("L"). */
#define LIST_FILE ZONE_DIR "/tzdata.zi"
#define NAMES_MAX 2000
/* The last part is what people know: "Berlin" means Europe/Berlin. */
#define NAME_BYTES 64

struct names {
	struct arena *arena;
	const char **whole, **city;
	size_t n;
};

static void
name_add(struct names *names, const char *name)
{
	const char *slash = strrchr(name, '/');

	if (names->n == NAMES_MAX)
		return;
	names->whole[names->n] = arena_strdup(names->arena, name);
	names->city[names->n] =
	    arena_strdup(names->arena, slash == NULL ? name : slash + 1);
	names->n++;
}

static bool
names_read(struct names *names)
{
	char line[200], *save, *word;
	FILE *f = fopen(LIST_FILE, "re");

	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL) {
		if (line[1] != ' ' || (line[0] != 'Z' && line[0] != 'L'))
			continue;
		word = strtok_r(line + 2, " \n", &save);
		if (line[0] == 'L' && word != NULL)
			word = strtok_r(NULL, " \n", &save);
		if (word != NULL && strlen(word) < NAME_BYTES)
			name_add(names, word);
	}
	fclose(f);
	return true;
}

const char *
zone_nearest(struct arena *a, const char *name)
{
	struct names names = { .arena = a };
	const char *near;

	names.whole = arena_array(a, NAMES_MAX, sizeof(*names.whole));
	names.city = arena_array(a, NAMES_MAX, sizeof(*names.city));
	if (!names_read(&names))
		return NULL;
	near = str_nearest(name, names.whole, names.n);
	for (size_t i = 0; near == NULL && i < names.n; i++)
		if (str_eq_ci(names.city[i], name))
			near = names.whole[i];
	if (near != NULL)
		return near;
	near = str_nearest(name, names.city, names.n);
	for (size_t i = 0; near != NULL && i < names.n; i++)
		if (names.city[i] == near)
			return names.whole[i];
	return NULL;
}
