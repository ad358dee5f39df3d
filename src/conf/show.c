/*
 * "config sample" and "config show".
 */
#include <string.h>
#include "conf/conf_int.h"

#define TEXT_COLUMNS 76

/* Words of text folded into comment lines. */
static void
comment_print(FILE *to, int indent, const char *text)
{
	int column = 0;

	while (*text != '\0') {
		int n = (int)strcspn(text, " ");

		if (column > 0 && column + 1 + n > TEXT_COLUMNS) {
			fputc('\n', to);
			column = 0;
		}
		if (column == 0)
			column = fprintf(to, "%*s#", indent, "");
		column += fprintf(to, " %.*s", n, text);
		text += n + strspn(text + n, " ");
	}
	fputc('\n', to);
}

/* Levels that two keys have in common: "user.salary." of min and per. */
static size_t
common_levels(const char *a, const char *b, size_t *bytes)
{
	size_t levels = 0;

	*bytes = 0;
	for (size_t i = 0; a[i] != '\0' && a[i] == b[i]; i++) {
		if (a[i] == '.') {
			levels++;
			*bytes = i + 1;
		}
	}
	return levels;
}

/* Open the groups that key is in and before was not; returns its indent. */
static int
groups_print(FILE *to, const char *before, const char *key)
{
	size_t bytes;
	int indent = 2 * (int)common_levels(before, key, &bytes);
	const char *rest = key + bytes, *dot;

	while ((dot = strchr(rest, '.')) != NULL) {
		fprintf(to, "%*s%.*s:\n", indent, "", (int)(dot - rest), rest);
		indent += 2;
		rest = dot + 1;
	}
	return indent;
}

static const char *
last_word(const char *key)
{
	const char *dot = strrchr(key, '.');

	return dot == NULL ? key : dot + 1;
}

/* A key below one that has a value itself: "database.direct". */
static const struct option *
parent_option(const struct option *option)
{
	const char *key = option->info.key;
	size_t n = strlen(key) - strlen(last_word(key));

	for (size_t i = 0; n > 0 && i < options_count; i++)
		if (strlen(options[i].info.key) == n - 1 &&
		    strncmp(options[i].info.key, key, n - 1) == 0)
			return &options[i];
	return NULL;
}

static void
sample_print(FILE *to, const struct option *option, int indent)
{
	const char *sample = option->info.sample;
	const char *key = last_word(option->info.key);
	const struct option *parent = parent_option(option);

	if (parent != NULL)
		fprintf(to, "# %s: { url: %s, %s: %s }\n",
		    last_word(parent->info.key), sample + 1, key, sample + 1);
	else if (sample[0] == '#')
		fprintf(to, "%*s# %s: %s\n", indent, "", key, sample + 1);
	else
		fprintf(to, "%*s%s:%s%s\n", indent, "", key,
		    sample[0] == '\n' ? "" : " ", sample);
}

void
conf_print_sample(FILE *to)
{
	const char *before = "";

	fprintf(to,
	    "# careerd.yaml with all its keys. Each may be left out; a default "
	    "that is not\n# what stands here is named above it. What is read "
	    "in the end shows\n# careerd config show.\n");
	for (size_t i = 0; i < options_count; i++) {
		const struct option_info *info = &options[i].info;
		bool is_below = parent_option(&options[i]) != NULL;
		size_t bytes;
		int indent = 0;

		common_levels(before, info->key, &bytes);
		if (bytes == 0)
			fputc('\n', to);
		if (!is_below)
			indent = groups_print(to, before, info->key);
		comment_print(to, indent, info->help);
		if (info->default_text != NULL &&
		    !str_eq(info->default_text, info->sample))
			fprintf(to, "%*s# Default: %s\n", indent, "",
			    info->default_text);
		sample_print(to, &options[i], indent);
		before = is_below ? before : info->key;
	}
}

/* What no option says: where things were found. */
static size_t
places(const struct conf *conf, struct pair to[4])
{
	to[0] = (struct pair){ "file", conf->file };
	to[1] = (struct pair){ "root", conf->root };
	to[2] = (struct pair){ "state_dir", conf->state_dir };
	to[3] = (struct pair){ "run_dir", conf->run_dir };
	return 4;
}

static void
line_print_json(FILE *to, struct arena *arena, const char *key,
    struct json *value, const char *origin)
{
	struct json *line = json_object();

	json_set(line, "key", json_string(key));
	json_set(line, "value", value);
	json_set(line, "origin", json_string(origin));
	fprintf(to, "%s\n", json_dump(arena, line));
	json_free(line);
}

static void
show_json(const struct conf_own *own, FILE *to, struct arena *arena)
{
	struct pair found[4];
	size_t n = places(&own->conf, found);

	for (size_t i = 0; i < n; i++)
		line_print_json(to, arena, found[i].name,
		    json_string(found[i].value), "found");
	for (size_t i = 0; i < options_count; i++) {
		const struct option_value *value = &own->values[i];

		line_print_json(to, arena, options[i].info.key,
		    value->node == NULL ? json_null() : node_json(value->node),
		    value->node == NULL ? "default" : value->origin);
	}
}

static void
value_print(FILE *to, const struct option *option,
    const struct option_value *value, int indent)
{
	const char *key = last_word(option->info.key);
	struct buf text;

	buf_init(&text, 4L * LIMIT_YAML_BYTES);
	if (value->node == NULL) {
		fprintf(to, "%*s# %s:\n", indent, "", key);
	} else {
		node_print(value->node, &text);
		fprintf(to, "%*s%s: %s # %s\n", indent, "", key,
		    buf_cstr(&text), value->origin);
	}
	buf_fini(&text);
}

/* Its parent has a value already, which a comment does not disturb. */
static void
child_print(
    FILE *to, const struct option *option, const struct option_value *value)
{
	if (value->node != NULL)
		fprintf(to, "# %s: %s # %s\n", option->info.key,
		    value->node->text, value->origin);
}

static void
show_yaml(const struct conf_own *own, FILE *to)
{
	const char *before = "";
	struct pair found[4];
	size_t n = places(&own->conf, found);

	for (size_t i = 0; i < n; i++)
		fprintf(to, "# %s: %s\n", found[i].name,
		    found[i].value == NULL ? "none" : found[i].value);
	for (size_t i = 0; i < options_count; i++) {
		const struct option *parent = parent_option(&options[i]);

		if (parent != NULL) {
			child_print(to, &options[i], &own->values[i]);
			continue;
		}
		value_print(to, &options[i], &own->values[i],
		    groups_print(to, before, options[i].info.key));
		before = options[i].info.key;
	}
}

void
conf_show(const struct conf *conf, FILE *to, bool as_json)
{
	const struct conf_own *own = (const struct conf_own *)conf;
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);

	if (as_json)
		show_json(own, to, arena);
	else
		show_yaml(own, to);
	arena_free(arena);
}
