/*
 * careerd.yaml: what is refused, defaults, the environment, sources with
 * what is put over them, credentials.
 */
#include <sys/stat.h>
#include "msg/types.h"
#include "faults.h"

static struct conf *
load(struct arena *arena, const char *text, const char **faults)
{
	struct problems problems;
	struct err e = { 0 };
	struct conf *conf;

	problems_init(&problems, arena);
	conf = conf_load(
	    arena, file_write(arena, "careerd.yaml", text), &problems, &e);
	*faults = faults_text(arena, &problems);
	return conf;
}

#define USER "user:\n  email: ada@example.org\n"

static const struct bad refused[] = {
	{ "usr:\n  email: a@b.c\n",
	    "1:1: unknown key 'usr' (did you mean 'user'?)" },
	{ "user:\n  emial: a@b.c\n",
	    "2:3: unknown key 'emial' (did you mean 'email'?)" },
	{ "user: ada\n", "1:7: expected a mapping (key: value), found 'ada'" },
	{ "user:\n  name: Ada\n", "2:9: the user has no email" },
	{ USER "  email: b@b.c\n",
	    "3:3: key 'email' stands here twice; the first is in line 2" },
	{ "user: { email: 'a b@c.d' }\n",
	    "1:16: expected a mail address such as ada@example.org, found 'a "
	    "b@c.d'" },
	{ USER "  time_zone: Europe/Brelin\n",
	    "3:14: 'Europe/Brelin' is no time zone; expected an IANA name such "
	    "as Europe/Berlin" },
	{ USER "  time_zone: ../../etc/passwd\n",
	    "3:14: '../../etc/passwd' is no time zone; expected an IANA name "
	    "such as Europe/Berlin" },
	{ USER "  skills: [C, { nam: x }, [y], C, { name: D, years: -1 }]\n",
	    "3:17: unknown key 'nam' (did you "
	    "mean 'name'?)\n3:27: expected a skill, or { name: ..., years: ... "
	    "}, found a list\n3:32: skill 'C' stands here twice\n3:53: "
	    "expected a whole number from 0 to 80, found '-1'" },
	{ USER "  experience: seniro\n",
	    "3:15: expected intern, junior, mid, senior, lead or principal, "
	    "found 'seniro' (did you mean 'senior'?)" },
	{ USER "  salary: { min: 5k, currency: Eur, per: fortnight }\n",
	    "3:18: expected a number from 0 to 1000000000, found '5k'\n3:32: "
	    "expected a currency of ISO 4217 in three capitals, such as EUR, "
	    "found 'Eur'\n3:42: expected hour, day, week, month or year, found "
	    "'fortnight'" },
	{ USER "  salary: { min: 5 }\n",
	    "3:18: a salary needs its currency, such as currency: EUR" },
	{ USER "  block: { words: [unpaid, '', ' '] }\n",
	    "3:28: an empty word would block every job\n3:32: an empty word "
	    "would block every job" },
	{ USER "  briefing: 8:00\n",
	    "3:13: expected a time of day such as 08:00, found '8:00'" },
	{ USER "  quiet_hours: 22:00-24:00\n",
	    "3:16: expected two times of day such as 22:00-07:00, or off, "
	    "found '22:00-24:00'" },
	{ USER "  pause: until 2027-02-29\n",
	    "3:10: expected a date that exists, such as until 2027-01-04, "
	    "found 'until 2027-02-29'" },
	{ USER "  time_zone: Pacific/Apia\n  pause: 2011-12-30\n",
	    "4:10: Pacific/Apia had no such day" },
	{ "contact: https://ex ample\n",
	    "1:10: expected a URL (https://...) or a mail address, in ASCII, "
	    "found 'https://ex ample'" },
	{ "mail: { from: Ada <ada>, smtp: 'smtp://u:p@host' }\n",
	    "1:15: expected an address, or a name and one: Ada "
	    "<ada@example.org>, found 'Ada <ada>'\n1:32: the relay's address "
	    "holds no name or password; give them as mail.user and "
	    "mail.password" },
	{ "mail: { from: a@b.c, smtp: smtp://h:99999, user: u }\n",
	    "1:28: expected a relay such as smtps://smtp.example.org or "
	    "smtp://127.0.0.1:2525, found 'smtp://h:99999'\n1:50: a name to "
	    "log in with needs password: credential:NAME" },
	{ "mail: { from: a@b.c, smtp: smtp://h, user: u, password: hunter2 }"
	  "\n",
	    "1:44: a name to log in with needs password: credential:NAME\n"
	    "1:57: expected credential:NAME; a secret is named here, never "
	    "written (put it into the file creds/NAME, mode 0600, beside "
	    "careerd.yaml)" },
	{ "mail: { smtp: smtp://h, maildir: m }\n",
	    "1:15: mail has no sender; add from: Name <address>\n1:34: mail "
	    "goes to a relay (smtp) or into a maildir, not both" },
	{ "database: mysql://x\n",
	    "1:11: expected embedded or postgresql://HOST/NAME, found "
	    "'mysql://x'" },
	{ "database: { url: 'postgresql://u:p@h/d', dircet: x }\n",
	    "1:18: the address of the database holds a password; put it into "
	    "a password file (~/.pgpass, mode 0600) instead\n1:42: unknown key "
	    "'dircet' (did you mean 'direct'?)" },
	{ "retention: { jobs: 5 minutes, mails: 3d }\n",
	    "1:20: '5 minutes' is not within 1d and 36500d\n1:31: unknown key "
	    "'mails'" },
	{ "templates: nowhere\n", NULL },
	{ "dedupe: maybe\nin_flight: 0\nworkers: { extract: 65 }\nlog: loud\n",
	    "1:9: expected true or false (on, off, yes, no), found 'maybe'\n"
	    "2:12: expected a whole number from 1 to 1000, found '0'\n3:21: "
	    "expected a whole number from 0 to 64, found '65'\n4:6: expected "
	    "debug, info, warn or error, found 'loud'" },
	{ "sources: { greenhosue: {}, x.yaml: {} }\n", NULL },
};

static void
bad_files_are_refused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arena *arena = arena_new(LIMIT_CONF_BYTES);
		const char *faults;

		CHECK(load(arena, refused[i].text, &faults) != NULL);
		CHECK(faults[0] != '\0');
		if (refused[i].faults != NULL)
			CHECK_STR(faults, refused[i].faults);
		arena_free(arena);
	}
}

static void
defaults_hold_without_a_file(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct conf *conf = load(arena, "", &faults);

	CHECK_STR(faults, "");
	CHECK(!conf->user.present);
	CHECK_STR(conf->database, "embedded");
	CHECK(conf->dedupe);
	CHECK_INT(conf->max_in_flight, 256);
	CHECK_INT(conf->retention_jobs_ms, 180LL * 86400000);
	CHECK_STR(conf->log_level, "info");
	CHECK_STR(conf->user_agent, "careerd/" VERSION);
	CHECK_INT(conf->nsources, 0);
	arena_free(arena);
}

static void
user_block_is_read(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct conf *conf = load(arena,
	    USER "  time_zone: Europe/Berlin\n"
		 "  skills: [C, {name: Linux, years: 8}, {name: Rust, want: "
		 "true}]\n  locations: [Berlin, remote]\n"
		 "  experience: senior\n"
		 "  salary: { min: 75000, currency: EUR, per: year }\n"
		 "  block: { companies: [Initech], words: unpaid }\n"
		 "  briefing: 08:30\n  quiet_hours: 22:00-07:00\n"
		 "  pause: until 2026-08-24\n"
		 "mail: { from: Career Copilot <jobs@example.org>, smtp: "
		 "'smtp://127.0.0.1:2525' }\ncontact: https://example.org/c\n",
	    &faults);
	const struct user_conf *user = &conf->user;
	struct setup setup;

	CHECK_STR(faults, "");
	CHECK(user->present);
	CHECK_INT(user->nskills, 3);
	CHECK_INT(user->skills[1].years, 8);
	CHECK(user->skills[2].want && !user->skills[1].want);
	CHECK_STR(user->locations[1], "remote");
	CHECK_INT(user->experience, EXP_SENIOR);
	CHECK(user->salary.present && user->salary.min == 75000);
	CHECK_INT(user->salary.period, PAY_YEAR);
	CHECK_STR(user->block_words[0], "unpaid");
	CHECK_INT(user->briefing_minute, 8 * 60 + 30);
	CHECK(user->has_quiet);
	CHECK_INT(user->quiet_start, 22 * 60);
	/* Midnight in Berlin is 22:00 UTC of the day before. */
	CHECK_INT(user->pause_until_ms, 1787522400000);
	CHECK_STR(conf->operator_address, "ada@example.org");
	CHECK_STR(conf->mail_from, "jobs@example.org");
	CHECK_STR(conf->mail_from_name, "Career Copilot");
	CHECK_STR(
	    conf->user_agent, "careerd/" VERSION " (+https://example.org/c)");
	conf_setup(conf, ROLE_NOTIFY, &setup);
	CHECK(setup.smtp_plain && !setup.user.present);
	conf_setup(conf, ROLE_STORE, &setup);
	CHECK(setup.user.present && setup.smtp_url == NULL);
	arena_free(arena);
}

static void
environment_overrides(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults;
	struct conf *conf;

	setenv("CAREERD_LOG", "debug", 1);
	setenv("CAREERD_USER_SKILLS", "C, {name: Go, years: 2}", 1);
	setenv("CAREERD_MAIL_MAILDIR", "/tmp/m", 1);
	setenv("CAREERD_IN_FLIGHT", "0", 1);
	setenv("CAREERD_USER_LOCATIONS", "[a", 1);
	conf = load(arena,
	    "log: warn\nmail: { from: a@b.c }\nuser: { email: a@b.c, skills: "
	    "[X] }\n",
	    &faults);
	unsetenv("CAREERD_LOG");
	unsetenv("CAREERD_USER_SKILLS");
	unsetenv("CAREERD_MAIL_MAILDIR");
	unsetenv("CAREERD_IN_FLIGHT");
	unsetenv("CAREERD_USER_LOCATIONS");
	CHECK_STR(conf->log_level, "debug");
	CHECK_INT(conf->user.nskills, 2);
	CHECK_STR(conf->user.skills[1].name, "Go");
	CHECK_STR(conf->maildir, "/tmp/m");
	CHECK_STR(faults,
	    "2:1: this is not YAML: did not find expected ',' or ']' while "
	    "parsing a flow sequence\nexpected a whole number from 1 to 1000, "
	    "found '0'");
	CHECK_STR(conf_option_env(arena, "mail.smtp"), "CAREERD_MAIL_SMTP");
	arena_free(arena);
}

/* The text of a printer. */
static char *
printed(struct arena *arena, const struct conf *conf, bool as_json)
{
	char *text = NULL, *copy;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	if (conf == NULL)
		conf_print_sample(f);
	else
		conf_show(conf, f, as_json);
	fclose(f);
	copy = arena_strdup(arena, text);
	free(text);
	return copy;
}

static void
sample_passes_its_own_check(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults, *sample = printed(arena, NULL, false);
	const struct option_info *infos;
	size_t n = conf_options(&infos);
	struct conf *conf;

	setenv("CAREERD_ROOT", conf_root(arena), 1);
	conf = load(arena, sample, &faults);
	if (conf_shipped_path(arena, conf, "greenhouse") == NULL)
		SKIP("scrapers/ is not beside this build");
	CHECK_STR(faults, "");
	CHECK(conf->user.present && conf->nsources == 2);
	/* Every key is there, if only as a comment. */
	for (size_t i = 0; i < n; i++) {
		const char *dot = strrchr(infos[i].key, '.');

		CHECK(strstr(sample,
			  arena_printf(arena, "%s:",
			      dot == NULL ? infos[i].key : dot + 1)) != NULL);
	}
	for (const char *p = sample; *p != '\0'; p += strcspn(p, "\n") + 1)
		CHECK(strcspn(p, "\n") <= 80);
	arena_free(arena);
}

static void
what_is_shown_reads_back(void)
{
	struct arena *arena = arena_new(LIMIT_CONF_BYTES);
	const char *faults, *shown;
	struct conf *conf = load(
	    arena, USER "log: warn\nretention: { jobs: 2 years }\n", &faults);

	shown = printed(arena, conf, false);
	CHECK(strstr(shown, "log: warn # /tmp/conf-test-") != NULL);
	CHECK(strstr(shown, "dedupe: on # default") != NULL);
	conf = load(arena, shown, &faults);
	CHECK_STR(faults, "");
	CHECK_STR(conf->log_level, "warn");
	CHECK_STR(conf->user.email, "ada@example.org");
	CHECK(strstr(printed(arena, conf, true),
		  "{\"key\":\"log\",\"value\":\"warn\",\"origin\":\"/tmp/") !=
	      NULL);
	arena_free(arena);
}

TESTS(TEST(bad_files_are_refused), TEST(defaults_hold_without_a_file),
    TEST(user_block_is_read), TEST(environment_overrides),
    TEST(sample_passes_its_own_check), TEST(what_is_shown_reads_back))
