/*
 * Errors: what they say, and how the program ends when it must.
 */
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/err.h"
#include "check.h"

static void
text_and_kind(void)
{
	struct err e = { 0 };

	CHECK_INT(err_set(&e, ERR_DATA, "line %d: bad", 7), -1);
	CHECK_INT(e.kind, ERR_DATA);
	CHECK_STR(e.text, "line 7: bad");
	CHECK_INT(err_prefix(&e, "file %s", "a.yaml"), -1);
	CHECK_STR(e.text, "file a.yaml: line 7: bad");
	CHECK_INT(err_hint(&e, "mend it"), -1);
	CHECK_STR(e.text, "file a.yaml: line 7: bad\nHINT: mend it");
	CHECK_INT(e.kind, ERR_DATA);
}

static void
own_text_as_argument(void)
{
	struct err e = { 0 };

	err_set(&e, ERR_IO, "first");
	err_set(&e, ERR_IO, "second after %s", e.text);
	CHECK_STR(e.text, "second after first");
}

static void
errno_is_told_and_kept(void)
{
	struct err e = { 0 };

	errno = ENOENT;
	CHECK_INT(err_errno(&e, ERR_NOINPUT, "%s", "/x"), -1);
	CHECK_STR(e.text, "/x: No such file or directory");
	CHECK_INT(errno, ENOENT);
}

static void
nobody_listens(void)
{
	CHECK_INT(err_set(NULL, ERR_IO, "x"), -1);
	CHECK_INT(err_errno(NULL, ERR_IO, "x"), -1);
	CHECK_INT(err_prefix(NULL, "x"), -1);
	CHECK_INT(err_hint(NULL, "x"), -1);
}

static void
long_text_is_cut(void)
{
	struct err e = { 0 };
	char text[3000];

	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_set(&e, ERR_DATA, "%s", text);
	CHECK_INT(strlen(e.text), sizeof(e.text) - 1);
	err_prefix(&e, "%s", text);
	CHECK_INT(strlen(e.text), sizeof(e.text) - 1);
}

static void
kinds(void)
{
	CHECK_INT(err_exit_code(ERR_NONE), 0);
	CHECK_INT(err_exit_code(ERR_USAGE), 64);
	CHECK_INT(err_exit_code(ERR_CONFIG), 78);
	CHECK_INT(err_exit_code((enum err_kind)999), 70);
	CHECK_STR(err_word(ERR_TEMP), "temporary");
}

/* Run f in a child; its exit code, its stderr in text. */
static int
child(void (*f)(void), char *text, size_t size)
{
	int fds[2], status = -1;
	ssize_t n;
	pid_t pid;

	if (pipe(fds) == -1)
		return -1;
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		f();
		_exit(0);
	}
	close(fds[1]);
	n = read(fds[0], text, size - 1);
	text[n > 0 ? n : 0] = '\0';
	close(fds[0]);
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
die(void)
{
	fatal("number %d", 5);
}

static void
fatal_says_why_and_exits_71(void)
{
	char text[200];

	CHECK_INT(child(die, text, sizeof(text)), 71);
	CHECK_STR(text, "careerd: fatal: number 5\n");
}

static void
memory(void)
{
	char *p = xcalloc(3, 4);

	CHECK_INT(p[11], 0);
	p = xrealloc(p, 0);
	CHECK(p != NULL);
	free(p);
	p = xstrdup("abc");
	CHECK_STR(p, "abc");
	free(p);
	free(xmalloc(0));
}

TESTS(TEST(text_and_kind), TEST(own_text_as_argument),
    TEST(errno_is_told_and_kept), TEST(nobody_listens), TEST(long_text_is_cut),
    TEST(kinds), TEST(fatal_says_why_and_exits_71), TEST(memory))
