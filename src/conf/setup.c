/*
 * The slice of the configuration that each role may know.
 */
#include <string.h>
#include "base/log.h"
#include "conf/conf_int.h"
#include "msg/types.h"

static uint32_t
level_of(const char *word)
{
	static const char *const words[] = { [LOG_LEVEL_DEBUG] = "debug",
		[LOG_LEVEL_INFO] = "info",
		[LOG_LEVEL_WARN] = "warn",
		[LOG_LEVEL_ERROR] = "error" };

	for (uint32_t i = 0; i < 4; i++)
		if (str_eq(words[i], word))
			return i;
	return LOG_LEVEL_INFO;
}

static void
setup_store(const struct conf *conf, struct setup *to)
{
	to->user = conf->user;
	to->owner = conf->owner;
	to->dedupe = conf->dedupe;
	to->mail_from = conf->mail_from;
	to->mail_from_name = conf->mail_from_name;
	to->operator_address = conf->operator_address;
	to->retention_jobs_ms = conf->retention_jobs_ms;
	to->max_in_flight = conf->max_in_flight;
	if (!str_eq(conf->database, "embedded"))
		to->conninfo = conf->database;
}

static void
setup_notify(const struct conf *conf, struct setup *to)
{
	struct arena *arena = arena_new(64L * 1024);

	to->mail_from = conf->mail_from;
	to->mail_from_name = conf->mail_from_name;
	to->smtp_url = conf->smtp_url;
	to->smtp_user = conf->smtp_user;
	to->maildir = conf->maildir;
	to->templates = conf->templates;
	if (conf->smtp_url != NULL && str_starts(conf->smtp_url, "smtp://"))
		to->smtp_plain =
		    is_loopback_host(smtp_host(arena, conf->smtp_url));
	arena_free(arena);
}

void
conf_setup(const struct conf *conf, int role, struct setup *to)
{
	*to = (struct setup){ 0 };
	to->log_level = level_of(conf->log_level);
	to->root = conf->root;
	if (role == ROLE_STORE)
		setup_store(conf, to);
	if (role == ROLE_FETCH)
		to->user_agent = conf->user_agent;
	if (role == ROLE_NOTIFY)
		setup_notify(conf, to);
}
