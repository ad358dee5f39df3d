/*
 * careerd version: of the program and of the libraries it runs with.
 */
#include <curl/curl.h>
#include <libpq-fe.h>
#include <libxml/parser.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/table.h"

/* Of jansson.h, which cannot stand beside base/json.h. */
const char *jansson_version_str(void);

static const char *
version_of_libxml2(struct arena *arena)
{
	int64_t number;

	/* "20914", behind which builders put names of their own. */
	if (str_to_i64(arena_strndup(arena, xmlParserVersion,
			   strspn(xmlParserVersion, "0123456789")),
		0, INT32_MAX, &number) == -1)
		return xmlParserVersion;
	return arena_printf(arena, "%d.%d.%d", (int)(number / 10000),
	    (int)(number / 100 % 100), (int)(number % 100));
}

static const char *
version_of_pcre2(struct arena *arena)
{
	char text[64] = "";

	/* "10.42 2022-12-11" */
	pcre2_config(PCRE2_CONFIG_VERSION, text);
	return arena_strndup(arena, text, strcspn(text, " "));
}

static void
version_add(struct json *to, const char *name, const char *version)
{
	json_set(to, name, json_string(version));
}

static int
version(const struct cmd_context *c, int argc, char **argv)
{
	static const struct table_column columns[] = {
		{ "careerd", "careerd", 0, TABLE_LEFT },
		{ "libcurl", "libcurl", 0, TABLE_LEFT },
		{ "libxml2", "libxml2", 0, TABLE_LEFT },
		{ "libpq", "libpq", 0, TABLE_LEFT },
		{ "jansson", "jansson", 0, TABLE_LEFT },
		{ "libyaml", "libyaml", 0, TABLE_LEFT },
		{ "pcre2", "pcre2", 0, TABLE_LEFT },
		{ "libseccomp", "libseccomp", 0, TABLE_LEFT },
	};
	const struct scmp_version *seccomp = seccomp_version();
	struct arena *arena = arena_new(64L * 1024);
	struct json *all = json_object();

	(void)argc, (void)argv;
	version_add(all, "careerd", VERSION);
	version_add(
	    all, "libcurl", curl_version_info(CURLVERSION_NOW)->version);
	version_add(all, "libxml2", version_of_libxml2(arena));
	version_add(all, "libpq",
	    arena_printf(arena, "%d.%d", PQlibVersion() / 10000,
		PQlibVersion() % 10000));
	version_add(all, "jansson", jansson_version_str());
	version_add(all, "libyaml", yaml_get_version_string());
	version_add(all, "pcre2", version_of_pcre2(arena));
	version_add(all, "libseccomp",
	    arena_printf(arena, "%u.%u.%u", seccomp->major, seccomp->minor,
		seccomp->micro));
	table_show(stdout, table_style(c, stdout), all, columns,
	    sizeof(columns) / sizeof(columns[0]));
	json_free(all);
	arena_free(arena);
	return 0;
}

static const struct cmd_verb verbs[] = {
	{ NULL, NULL, "print the versions of the program and its libraries",
	    NULL, version },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_version = { "version", "of the program and its libraries",
	verbs, NULL };
