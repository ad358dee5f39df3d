/*
 * Credentials: where they are looked for, and who may read them.
 */
#include <sys/stat.h>
#include "faults.h"

/* What is said of a credential beside careerd.yaml, or its text. */
static const char *
read_it(struct arena *arena, const char *text, mode_t mode)
{
	static char to[16];
	struct conf conf = { .file = file_write(arena, "careerd.yaml", "") };
	struct err e = { 0 };
	const char *dir = path_dir(arena, conf.file);
	const char *path;

	mkdir(arena_printf(arena, "%s/creds", dir), 0700);
	path = file_write(arena, "creds/smtp", text);
	CHECK(chmod(path, mode) == 0);
	if (conf_credential(&conf, "smtp", to, sizeof(to), &e) == 0)
		return to;
	return arena_strndup(arena,
	    e.text + strlen("credential ") +
		(strstr(e.text, path) == NULL ? 0 : strlen(path)),
	    strcspn(e.text, "\n"));
}

static void
files_must_be_private(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);

	CHECK_STR(read_it(arena, "hunter2\r\n", 0600), "hunter2");
	CHECK_STR(read_it(arena, "two words\n\n", 0400), "two words");
	CHECK(strstr(read_it(arena, "x", 0644),
		  "others may read it (mode 0644)") != NULL);
	CHECK(strstr(read_it(arena, "x", 0660),
		  "others may read it (mode 0660)") != NULL);
	CHECK(strstr(read_it(arena, "\n", 0600), "it is empty") != NULL);
	CHECK(strstr(read_it(arena, "0123456789abcdef", 0600),
		  "longer than 15 bytes") != NULL);
	arena_free(arena);
}

static void
systemd_goes_first(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	struct conf conf = { .file = file_write(arena, "careerd.yaml", "") };
	struct err e = { 0 };
	char to[64];

	file_write(arena, "creds_imap", "of the folder");
	file_write(arena, "plain", "of its own");
	setenv("CREDENTIALS_DIRECTORY", path_dir(arena, conf.file), 1);
	CHECK_INT(conf_credential(&conf, "imap", to, sizeof(to), &e), 0);
	CHECK_STR(to, "of the folder");
	CHECK_INT(conf_credential(&conf, "plain", to, sizeof(to), &e), 0);
	CHECK_STR(to, "of its own");
	CHECK_INT(conf_credential(&conf, "none", to, sizeof(to), &e), -1);
	CHECK_INT(e.kind, ERR_CONFIG);
	CHECK(str_starts(e.text, "credential none: not found\nHINT: put it "));
	unsetenv("CREDENTIALS_DIRECTORY");
	arena_free(arena);
}

TESTS(TEST(files_must_be_private), TEST(systemd_goes_first))
