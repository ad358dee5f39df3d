/*
 * Man pages and help hold what the tables hold, in roff that is roff.
 */
#include "base/str.h"
#include "cmd/cmd_int.h"
#include "check.h"

static int
nothing(const struct cmd_context *c, int argc, char **argv)
{
	(void)c, (void)argc, (void)argv;
	return 0;
}

static const struct cmd_option options[] = {
	{ "--deep", "N", ".so deep -\\- it goes" }, { NULL, NULL, NULL }
};
static const struct cmd_verb verbs[] = {
	{ "list", "[WHAT]", "'list' them", options, nothing },
	{ NULL, NULL, NULL, NULL, NULL },
};
static const struct cmd job = { "job", "stored jobs", verbs, "More.\n" };
const struct cmd *const commands[] = { &job, NULL };

static char *
page(const char *name)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	int ret = man_print(f, name);

	fclose(f);
	if (ret == 0)
		return text;
	free(text);
	return NULL;
}

/* The key as roff writes it. */
static bool
holds(const char *text, const char *word)
{
	char *roff = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&roff, &n);
	bool found;

	roff_text(f, word, strlen(word));
	fclose(f);
	found = strstr(text, roff) != NULL;
	free(roff);
	return found;
}

static void
every_key_is_in_its_page(void)
{
	const struct option_info *infos;
	const struct source_key_info *keys;
	char *config = page("careerd.yaml"), *source = page("careerd-source");
	size_t n = conf_options(&infos), nkeys = conf_source_keys(&keys);

	for (size_t i = 0; i < n; i++) {
		CHECK(holds(config, infos[i].key));
		CHECK(strlen(infos[i].help) > 10);
		CHECK(infos[i].sample != NULL);
	}
	for (size_t i = 0; i < nkeys; i++) {
		CHECK(holds(source, keys[i].key));
		CHECK(strlen(keys[i].help) > 5);
	}
	CHECK(n > 25 && nkeys > 50);
	free(config);
	free(source);
}

static void
every_command_is_in_the_first(void)
{
	char *text = page("careerd");

	CHECK(holds(text, "careerd job list [OPTIONS] [WHAT]"));
	CHECK(holds(text, "--deep"));
	CHECK(holds(text, "CAREERD_CONFIG"));
	CHECK(strstr(text, "78") != NULL);
	CHECK(page("careerd-none") == NULL);
	free(text);
}

/* A line that begins with a point or a quote is a request of ours. */
static void
text_is_no_request(void)
{
	static const char *const requests[] = { ".TH ", ".SH ", ".SS ", ".TP",
		".PP", ".B ", ".BR ", ".RS", ".RE", ".nf", ".fi", ".nh" };

	for (size_t i = 0; man_pages[i] != NULL; i++) {
		char *text = page(man_pages[i]);

		for (char *line = text; *line != '\0';
		     line += strcspn(line, "\n") + 1) {
			bool known = line[0] != '.' && line[0] != '\'';

			for (size_t k = 0; !known && k < 12; k++)
				known = str_starts(line, requests[k]);
			CHECK(known);
		}
		free(text);
	}
}

static void
prose_folds(void)
{
	static const char *const parts[] = {
		"# Head\nOne two.\n\n  as it\n  is\n\n", "Three.\n", NULL
	};
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	prose_print(f, parts, false);
	text_fold(f, "aaa bbb ccc", 2, 9);
	fclose(f);
	CHECK_STR(text,
	    "\nHead\n\nOne two.\n\n  as it\n  is\n\nThree.\n  aaa bbb\n  ccc"
	    "\n");
	free(text);
}

TESTS(TEST(every_key_is_in_its_page), TEST(every_command_is_in_the_first),
    TEST(text_is_no_request), TEST(prose_folds))
