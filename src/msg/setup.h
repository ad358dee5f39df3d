/*
 * The settings that hub tells each role after it was born: a slice of the
 * configuration, nothing a role need not know. Secrets come one by one as
 * MSG_SECRET, never here.
 */
#ifndef MSG_SETUP_H
#define MSG_SETUP_H

#include <stdbool.h>
#include <stdint.h>
#include "msg/posting.h"
#include "msg/wire.h"

struct skill_wish {
	const char *name;
	uint32_t years; /* 0: not said */
	bool want;      /* wants to learn or use it, does not have it yet */
};

/* The person of careerd.yaml. */
struct user_conf {
	bool present;
	const char *email, *name, *time_zone, *locale;
	struct skill_wish *skills;
	size_t nskills;
	const char *const *locations; /* places and "remote" */
	size_t nlocations;
	enum experience experience;
	struct salary salary; /* min is the floor */
	const char *const *block_companies, *const *block_words;
	size_t nblock_companies, nblock_words;
	const char *const *job_types; /* wanted; none: any */
	size_t njob_types;
	uint32_t briefing_minute; /* of the local day */
	bool has_quiet;
	uint32_t quiet_start, quiet_end; /* minutes of the local day */
	int64_t pause_until_ms;          /* 0: none */
};

struct setup {
	/* all */
	bool foreground; /* "once" and commands: end when nothing is due */
	uint32_t log_level;
	const char *root; /* where scrapers/, sql/ and templates/ lie */
	/* store */
	const char *conninfo;
	const char *owner; /* name of this daemon in leases */
	bool dedupe;
	const char *only_source; /* once --source, or NULL */
	const char *only_task;   /* once --task, or NULL */
	struct user_conf user;
	const char *mail_from; /* address in From and envelope; or NULL */
	const char *mail_from_name;
	const char *operator_address; /* hears about sources; or NULL */
	int64_t retention_jobs_ms;
	uint32_t max_in_flight; /* requests granted at once */
	/* fetch */
	const char *user_agent;
	/* notify */
	const char *smtp_url; /* or NULL */
	const char *smtp_user;
	const char *maildir;   /* or NULL */
	const char *templates; /* the user's own folder, or NULL */
	bool smtp_plain;       /* the URL names a loopback relay: no TLS */
};

void setup_put(struct buf *, const struct setup *);
void setup_get(struct wire *, struct setup *to);

#endif
