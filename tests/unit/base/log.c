/*
 * Log lines as they arrive on stderr.
 */
#include <fcntl.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/log.h"
#include "check.h"

static int64_t
fixed(void)
{
	return INT64_C(1795595400007); /* 2026-11-25T08:30:00.007Z */
}

/* What was written to stderr between begin and end. */
static int saved_stderr, fds[2];

static void
begin(void)
{
	fflush(stderr);
	saved_stderr = dup(STDERR_FILENO);
	CHECK(pipe2(fds, O_NONBLOCK) == 0);
	dup2(fds[1], STDERR_FILENO);
}

static char *
end(void)
{
	static char text[8192];
	ssize_t n = read(fds[0], text, sizeof(text) - 1);

	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	close(fds[0]);
	close(fds[1]);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
for_people(void)
{
	unsetenv("JOURNAL_STREAM");
	clock_set_source(fixed);
	log_init("fetch", LOG_LEVEL_INFO);
	begin();
	log_warn("slow: %d ms", 12);
	CHECK_STR(
	    end(), "2026-11-25T08:30:00.007Z fetch warning: slow: 12 ms\n");
	clock_set_source(NULL);
}

static void
for_the_journal(void)
{
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_init("hub", LOG_LEVEL_DEBUG);
	begin();
	log_debug("d");
	log_info("i");
	log_warn("w");
	log_error("e");
	CHECK_STR(end(), "<7>hub: d\n<6>hub: i\n<4>hub: w\n<3>hub: e\n");
	unsetenv("JOURNAL_STREAM");
}

static void
levels(void)
{
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_init("hub", LOG_LEVEL_WARN);
	begin();
	log_debug("d");
	log_info("i");
	log_error("e");
	CHECK_STR(end(), "<3>hub: e\n");
	unsetenv("JOURNAL_STREAM");
}

static void
one_line_an_event(void)
{
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_init("hub", LOG_LEVEL_INFO);
	begin();
	log_info("a\nb\r\x1b[31m\x7f%s", "\t.");
	CHECK_STR(end(), "<6>hub: a\\nb\\x0d\\x1b[31m\\x7f\\x09.\n");
	begin();
	log_info("x.yaml: bad\nHINT: mend it");
	CHECK_STR(end(), "<6>hub: x.yaml: bad; HINT: mend it\n");
	unsetenv("JOURNAL_STREAM");
}

static void
long_lines_are_cut(void)
{
	char text[7000], *got;

	memset(text, '\n', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	begin();
	log_info("%s", text);
	got = end();
	CHECK(strlen(got) <= 4096);
	CHECK(strchr(got, '\n') == got + strlen(got) - 1);
}

TESTS(TEST(for_people), TEST(for_the_journal), TEST(levels),
    TEST(one_line_an_event), TEST(long_lines_are_cut))
