/*
 * Mails as bytes: headers that cannot be injected into, encodings that come
 * back as they were, limits.
 */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/limits.h"
#include "base/str.h"
#include "check.h"
#include "notify/notify.h"

static struct buf mail;
static struct err err;

static int
compose(const char *name, const char *subject, const char *text)
{
	struct mail_headers h = { .from_name = "Career Copilot",
		.from_address = "jobs@example.org",
		.to_name = name,
		.to_address = "ada@example.org",
		.message_id = "abc@example.org",
		.unsubscribe = "mailto:jobs@example.org?subject=unsubscribe",
		.date_ms = 1795509000000 };
	struct mail_parts parts = { subject, text, "<p>x</p>" };

	memset(&err, 0, sizeof(err));
	buf_fini(&mail);
	buf_init(&mail, 10 * LIMIT_MAIL_BYTES);
	return mail_compose(&h, &parts, &mail, &err);
}

static bool
has(const char *what)
{
	return strstr(buf_cstr(&mail), what) != NULL;
}

static void
headers(void)
{
	CHECK_INT(compose("Ada", "3 new jobs", "hello"), 0);
	CHECK(has("Date: Tue, 24 Nov 2026 08:30:00 +0000\r\n"));
	CHECK(has("From: \"Career Copilot\" <jobs@example.org>\r\n"));
	CHECK(has("Subject: 3 new jobs\r\n"));
	CHECK(has("Message-ID: <abc@example.org>\r\n"));
	CHECK(has("Auto-Submitted: auto-generated\r\n"));
	CHECK(has("List-Unsubscribe: "
		  "<mailto:jobs@example.org?subject=unsubscribe>\r\n"));
	CHECK(!has("List-Unsubscribe-Post"));
}

static void
other_scripts(void)
{
	CHECK_INT(compose("Zoë Müller", "Jobs für Zoë", "Grüße"), 0);
	CHECK(has("To: =?utf-8?q?Zo=C3=AB M") == false);
	CHECK(has("To: =?utf-8?q?Zo=C3=AB_M=C3=BCller?="));
	CHECK(has("Gr=C3=BC=C3=9Fe\r\n"));
}

static void
nothing_is_injected(void)
{
	CHECK_INT(compose("Ada\r\nBcc: eve@example.org", "x", "y"), -1);
	CHECK_INT(mail.len, 0);
	CHECK_INT(compose("Ada", "x\nBcc: eve@example.org", "y"), -1);
	CHECK(strstr(err.text, "control character 0x0a at byte 1") != NULL);
	CHECK_INT(compose("A \"quoted\\ name\"", "=?utf-8?q?x?=", "y"), 0);
	CHECK(has("\"A \\\"quoted\\\\ name\\\"\""));
	CHECK(!has("Subject: =?utf-8?q?x?=\r\n"));
}

static void
addresses(void)
{
	static const char *const bad[] = { "", "a", "@b.c", "a@", "a b@c.d",
		"a@b>\r\nRCPT TO:<c@d", "<a@b.c>", "a@b..c", "a@-b", "a@b.",
		".a@b.c", "a..b@c.d", "a@b c", "ü@b.c" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (mail_address_is_valid(bad[i]))
			printf("taken: '%s'\n", bad[i]);
		CHECK(!mail_address_is_valid(bad[i]));
	}
	CHECK(!mail_address_is_valid(NULL));
	CHECK(mail_address_is_valid("ada.l+jobs@mail.example.org"));
	CHECK(mail_address_is_valid("root@localhost"));
}

static void
long_lines_are_folded(void)
{
	char subject[3001], text[5000];
	const char *p;

	memset(subject, 'x', sizeof(subject) - 1);
	subject[3000] = '\0';
	memset(text, 'y', sizeof(text) - 1);
	text[4999] = '\0';
	CHECK_INT(compose("Ada", subject, text), 0);
	for (p = buf_cstr(&mail); *p != '\0'; p = strchr(p, '\n') + 1)
		CHECK(strchr(p, '\n') - p <= 79);
}

static void
dots_and_from_at_line_begin(void)
{
	CHECK_INT(compose("Ada", "s", ".\nFrom me\nblank at end \n"), 0);
	CHECK(has("\r\n=2E\r\n=46rom me\r\nblank at end=20\r\n"));
}

static void
too_large(void)
{
	char *text = malloc(LIMIT_MAIL_BYTES + 10);

	memset(text, 'z', LIMIT_MAIL_BYTES + 9);
	text[LIMIT_MAIL_BYTES + 9] = '\0';
	CHECK_INT(compose("Ada", "s", text), -1);
	CHECK(strstr(err.text, "larger than 102400") != NULL);
	free(text);
}

static int
count_files(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
		n += e->d_name[0] != '.';
	if (d != NULL)
		closedir(d);
	return n;
}

static void
maildir(void)
{
	char dir[] = "/tmp/careerd-maildir-XXXXXX", path[64], command[96];

	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/box", dir);
	CHECK_INT(maildir_deliver(path, "a", 1, &err), 0);
	CHECK_INT(maildir_deliver(path, "b", 1, &err), 0);
	snprintf(command, sizeof(command), "%s/new", path);
	CHECK_INT(count_files(command), 2);
	snprintf(command, sizeof(command), "%s/tmp", path);
	CHECK_INT(count_files(command), 0);
	CHECK_INT(maildir_deliver("/proc/none/box", "a", 1, &err), -1);
	CHECK_INT(err.kind, ERR_IO);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	CHECK_INT(system(command), 0);
}

TESTS(TEST(headers), TEST(other_scripts), TEST(nothing_is_injected),
    TEST(addresses), TEST(long_lines_are_folded),
    TEST(dots_and_from_at_line_begin), TEST(too_large), TEST(maildir))
