/*
 * Mailboxes that are files: what is listed, what is read, what is refused.
 */
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/str.h"
#include "fetch/mailbox_int.h"
#include "check.h"

#define NOW_S 1795510800 /* 2026-11-24T09:00Z */
#define DAY_S 86400

static char dir[] = "/tmp/fetch-mailbox-XXXXXX";
static struct arena *arena;
static struct target target;
static struct source source = {
	.name = "alerts", .targets = &target, .ntargets = 1
};
static struct buf body;
static struct fetched got;

static int64_t
test_clock(void)
{
	return NOW_S * 1000LL;
}

static void
begin(void)
{
	CHECK(mkdtemp(dir) != NULL);
	CHECK_INT(chdir(dir), 0);
	arena = arena_new(256UL * 1024 * 1024);
	buf_init(&body, 1024 * 1024);
	clock_set_source(test_clock);
	source.list.format = FORMAT_MAIL;
	source.mails.age_ms = 30LL * DAY_S * 1000;
	target.key = "alerts";
}

static void
file_write_n(const char *path, const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	CHECK(f != NULL);
	CHECK_INT(fwrite(text, 1, n, f), n);
	fclose(f);
}

static void
file_write(const char *path, const char *text)
{
	file_write_n(path, text, strlen(text));
}

static void
mailbox(const char *kind, const char *name)
{
	target.mailbox = arena_printf(arena, "%s:%s/%s", kind, dir, name);
}

static void
ask(enum request_kind kind, const char *url)
{
	struct grant g = { .id = 7,
		.source = "alerts",
		.target = "alerts",
		.kind = kind,
		.method = "GET",
		.url = url };

	buf_reset(&body);
	mailbox_fetch(arena, &source, &g, &body, &got);
	CHECK_INT(got.id, 7);
}

static const char *
list(void)
{
	ask(REQUEST_MAILBOX, target.mailbox);
	return got.result == FETCH_LISTED ? buf_cstr(&body) : NULL;
}

static enum fetch_result
mail(const char *position)
{
	ask(REQUEST_LIST, mailbox_mail(arena, target.mailbox, position));
	return got.result;
}

static void
refused(enum fetch_result result, const char *why)
{
	CHECK_INT(got.result, result);
	if (strstr(got.reason, why) == NULL)
		CHECK_STR(got.reason, why);
}

/* ---- Maildir ---- */

static const char *
at(int days_ago, const char *rest)
{
	return arena_printf(arena, "%d%s", NOW_S - days_ago * DAY_S, rest);
}

static void
maildir_make(void)
{
	mailbox("maildir", "box");
	CHECK_INT(mkdir("box", 0700), 0);
	CHECK_INT(mkdir("box/new", 0700), 0);
	CHECK_INT(mkdir("box/cur", 0700), 0);
	CHECK_INT(mkdir("box/tmp", 0700), 0);
}

static void
maildir_lists(void)
{
	maildir_make();
	CHECK_STR(list(), "");
	file_write(arena_printf(arena, "box/new/%s", at(1, ".M1.host")), "one");
	file_write(
	    arena_printf(arena, "box/cur/%s", at(2, ".M2.host:2,FS")), "two");
	file_write(
	    arena_printf(arena, "box/cur/%s", at(31, ".M3.host:2,S")), "old");
	file_write(
	    arena_printf(arena, "box/new/%d000.P1Q0.careerd", NOW_S), "new");
	file_write("box/new/.hidden", "x");
	file_write(arena_printf(arena, "box/tmp/%s", at(0, ".M4.host")), "x");
	CHECK_STR(list(), arena_printf(arena, "%d000.P1Q0.careerd\n%s\n%s\n",
			      NOW_S, at(1, ".M1.host"), at(2, ".M2.host")));
	CHECK_INT(got.bytes, body.len);
}

static void
maildir_reads(void)
{
	CHECK_INT(mail(at(1, ".M1.host")), FETCH_OK);
	CHECK_STR(buf_cstr(&body), "one");
	CHECK_STR(got.reason, "");
	CHECK_STR(got.body_hash, "7692c3ad3540bb803c020b3aee66cd8887123234ea0"
				 "c6e7143c0add73ff431ed");
	CHECK_INT(mail(at(2, ".M2.host")), FETCH_OK);
	CHECK_STR(buf_cstr(&body), "two");
	/* Its owner has read it in between. */
	CHECK_INT(rename(arena_printf(arena, "box/new/%s", at(1, ".M1.host")),
		      arena_printf(arena, "box/cur/%s:2,S", at(1, ".M1.host"))),
	    0);
	CHECK_INT(mail(at(1, ".M1.host")), FETCH_OK);
	CHECK_STR(buf_cstr(&body), "one");
	/* and then deleted it */
	CHECK_INT(
	    unlink(arena_printf(arena, "box/cur/%s:2,S", at(1, ".M1.host"))),
	    0);
	CHECK_INT(mail(at(1, ".M1.host")), FETCH_UNCHANGED);
}

static void
maildir_is_not_left(void)
{
	file_write("secret", "secret");
	CHECK_INT(symlink("../../secret", "box/new/1.link"), 0);
	CHECK_INT(mkfifo("box/new/1.pipe", 0600), 0);
	CHECK_INT(mkdir("box/new/1.dir", 0700), 0);
	mail("1.link");
	refused(FETCH_REFUSED, "box: ");
	mail("1.pipe");
	refused(FETCH_REFUSED, "box: ");
	mail("1.dir");
	refused(FETCH_REFUSED, "box: ");
	CHECK_INT(mail("../../secret"), FETCH_UNCHANGED);
	CHECK_INT(mail(""), FETCH_UNCHANGED);
	/* A grant that is not about a mailbox of the source. */
	ask(REQUEST_MAILBOX, arena_printf(arena, "maildir:%s", dir));
	refused(FETCH_REFUSED, "no mail of the source's mailbox");
	ask(REQUEST_LIST, arena_printf(arena, "maildir:%s/other#1.link", dir));
	refused(FETCH_REFUSED, "no mail of the source's mailbox");
	ask(REQUEST_LIST, "file:///etc/passwd");
	refused(FETCH_REFUSED, "no mail of the source's mailbox");
	target.key = "another";
	ask(REQUEST_MAILBOX, target.mailbox);
	refused(FETCH_REFUSED, "no mailbox of the source");
	target.key = "alerts";
	/* A folder that leads elsewhere is none. */
	CHECK_INT(rename("box/cur", "box/kept"), 0);
	CHECK_INT(symlink("/etc", "box/cur"), 0);
	list();
	refused(FETCH_REFUSED, "box: ");
	CHECK_INT(unlink("box/cur"), 0);
}

static void
large_mails(void)
{
	char *text = malloc(2 * 1024 * 1024);

	memset(text, 'x', 2 * 1024 * 1024);
	file_write_n("box/new/9.large", text, 2 * 1024 * 1024);
	mail("9.large");
	refused(FETCH_TOO_BIG,
	    "a mail of 2097152 bytes, where 1048576 are allowed");
	file_write_n("box/new/9.large", text, 1024 * 1024);
	CHECK_INT(mail("9.large"), FETCH_OK);
	CHECK_INT(body.len, 1024 * 1024);
	file_write("box/new/9.large", "");
	CHECK_INT(mail("9.large"), FETCH_OK);
	CHECK_INT(body.len, 0);
	free(text);
}

static void
no_maildir(void)
{
	mailbox("maildir", "nowhere");
	list();
	refused(FETCH_REFUSED, "No such file");
	mailbox("received", "nowhere");
	CHECK_STR(list(), "");
	mailbox("maildir", "box/tmp");
	list();
	refused(FETCH_REFUSED, "is no Maildir: it has neither new nor cur");
	mailbox("maildir", "secret");
	list();
	refused(FETCH_REFUSED, "Not a directory");
}

/* ---- mbox ---- */

#define FROM(day) "From ada@example.org Tue Nov " day " 08:00:00 2026\n"

static void
mbox_make(const char *text)
{
	mailbox("mbox", "mbox");
	file_write("mbox", text);
}

static void
mbox_lists(void)
{
	mbox_make(
	    FROM("23") "Message-Id:  <one@x> \nSubject: 1\n\none\n\n" FROM(
		"24") "Subject: 2\nMESSAGE-ID: <two@x>\n\ntwo\nFrom here on\n"
		      ">From there\n\n" FROM(
			  "01") "Message-ID: <old@x>\n\nold\n\n"
				"From x no date\n"
				"Message-ID: <three@x>\n\n");
	source.mails.age_ms = 5LL * DAY_S * 1000;
	CHECK_STR(list(), "<three@x>\n<two@x>\n<one@x>\n");
	source.mails.age_ms = 30LL * DAY_S * 1000;
	CHECK_STR(list(), "<three@x>\n<two@x>\n<one@x>\n<old@x>\n");
}

static void
mbox_reads(void)
{
	CHECK_INT(mail("<two@x>"), FETCH_OK);
	CHECK_STR(buf_cstr(&body), "Subject: 2\nMESSAGE-ID: <two@x>\n\n"
				   "two\nFrom here on\nFrom there\n");
	CHECK_INT(mail("<three@x>"), FETCH_OK);
	CHECK_STR(buf_cstr(&body), "Message-ID: <three@x>\n\n");
	CHECK_INT(mail("<none@x>"), FETCH_UNCHANGED);
	/* Rewritten: what was before it is gone, it is where it is now. */
	mbox_make("From x\nX-Status: RO\nMessage-ID: <two@x>\n\nanew\n");
	CHECK_INT(mail("<two@x>"), FETCH_OK);
	CHECK_STR(
	    buf_cstr(&body), "X-Status: RO\nMessage-ID: <two@x>\n\nanew\n");
	CHECK_INT(mail("<one@x>"), FETCH_UNCHANGED);
}

/* Without a Message-ID the header stands in, but for what readers write. */
static void
mbox_without_ids(void)
{
	const char *first;

	mbox_make("From x\r\nSubject: a\r\n\r\none\r\n\r\nFrom y\r\n"
		  "Subject: b\r\n\r\ntwo");
	first = arena_strdup(arena, list());
	CHECK_INT(strlen(first), 2 * (7 + 64 + 1));
	CHECK(strncmp(first, "sha256-", 7) == 0);
	CHECK_INT(mail(arena_strndup(arena, first, 71)), FETCH_OK);
	mbox_make("From x\r\nSubject: a\r\nStatus: RO\r\n\r\none\r\n\r\n"
		  "From y\r\nX-Keywords: c\r\nSubject: b\r\n\r\ntwo");
	CHECK_STR(list(), first);
}

static void
strange_mboxes(void)
{
	struct buf text;
	int fd, status;

	mbox_make("");
	CHECK_STR(list(), "");
	mbox_make("no mail at all\n");
	list();
	refused(FETCH_BROKEN, "is no mbox");
	mailbox("mbox", "nowhere");
	list();
	refused(FETCH_REFUSED, "No such file");
	mailbox("mbox", "box");
	list();
	refused(FETCH_REFUSED, "is no file");
	/* NULs, a line longer than what is read at once, no last line end */
	buf_init(&text, 1024 * 1024);
	buf_str(&text, "From x\nMessage-ID: <long@x>\n\n");
	memset(buf_reserve(&text, 200000), 'y', 200000);
	text.data[text.len + 7] = '\0';
	text.len += 200000;
	buf_str(&text, "\nFrom z\n\nFrom x\nMessage-ID: <last@x>");
	mailbox("mbox", "mbox");
	file_write_n("mbox", text.data, text.len);
	CHECK_STR(list(), "<long@x>\n<last@x>\n");
	CHECK_INT(mail("<long@x>"), FETCH_OK);
	CHECK_INT(body.len, 22 + 200000 + 1 + 7);
	/* Another process writes to it. */
	fd = open("mbox", O_RDWR);
	if (fork() == 0) {
		struct flock lock = { .l_type = F_WRLCK };
		char c = 'x';

		if (fcntl(fd, F_SETLK, &lock) == -1)
			_exit(1);
		/* The parent sees the lock once the file has grown. */
		(void)!pwrite(fd, &c, 1, (off_t)text.len);
		sleep(2);
		_exit(0);
	}
	for (int i = 0; i < 200; i++) {
		struct stat st;

		if (fstat(fd, &st) == 0 && st.st_size > (off_t)text.len)
			break;
		usleep(10000);
	}
	list();
	refused(FETCH_TIMEOUT, "another program writes to it");
	CHECK(wait(&status) > 0 && status == 0);
	CHECK(list() != NULL);
	close(fd);
	buf_fini(&text);
}

static void
many_mails(void)
{
	struct buf text;
	size_t lines = 0;

	buf_init(&text, 8UL * 1024 * 1024);
	for (int i = 0; i < 25000; i++)
		buf_printf(&text, "From x\nMessage-ID: <%d@x>\n\nx\n\n", i);
	mbox_make(buf_cstr(&text));
	buf_fini(&text);
	CHECK(list() != NULL);
	for (const char *p = buf_cstr(&body); *p != '\0'; p++)
		lines += *p == '\n';
	CHECK_INT(lines, LIMIT_MAILBOX_MAILS);
	CHECK_INT(mail("<24999@x>"), FETCH_OK);
}

static void
the_end(void)
{
	CHECK_INT(chdir("/"), 0);
	if (fork() == 0)
		execlp("rm", "rm", "-r", dir, NULL);
	wait(NULL);
	buf_fini(&body);
	arena_free(arena);
}

TESTS(TEST(begin), TEST(maildir_lists), TEST(maildir_reads),
    TEST(maildir_is_not_left), TEST(large_mails), TEST(no_maildir),
    TEST(mbox_lists), TEST(mbox_reads), TEST(mbox_without_ids),
    TEST(strange_mboxes), TEST(many_mails), TEST(the_end))
