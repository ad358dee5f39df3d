/*
 * The operator's text made into const structs: careerd.yaml, source files,
 * credentials. Everything is checked whole; every fault is one problem with
 * file, line, column and a remedy, and no fault hides another.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdio.h>
#include "base/arena.h"
#include "base/err.h"
#include "msg/setup.h"
#include "msg/source.h"

struct problem {
	const char *file;
	uint32_t line, column; /* from 1; 0: the file as a whole */
	const char *text;
};

/* Problems found so far, in the arena; in the order of the files. */
struct problems {
	struct arena *arena;
	struct problem *list;
	size_t n, size;
};

void problems_init(struct problems *, struct arena *);
/* Past LIMIT_PROBLEMS only one more is kept, which says that there are more. */
void problems_add(struct problems *, const char *file, uint32_t line,
    uint32_t column, const char *format, ...) PRINTF_LIKE(5, 6);
/* By place within each file; files as they first had a fault. */
void problems_sort(struct problems *);
/* "file:line:column: text" lines, or one JSON object a line. */
void problems_print(const struct problems *, FILE *, bool as_json);

/*
 * The whole configuration; every text lives in the arena it was loaded in,
 * which should be one of LIMIT_CONF_BYTES.
 */
struct conf {
	const char *file; /* NULL: none was found, defaults only */
	const char *root; /* holds scrapers/, sql/, templates/ */
	const char *state_dir, *run_dir;
	struct user_conf user;
	const char *operator_address;
	const char *contact;
	const char *user_agent; /* "careerd/0.1.0 (+CONTACT)" */
	struct source *sources; /* those that are configured */
	size_t nsources;
	/* All, as far as they could be read: to check their selectors too. */
	struct source **drafts;
	size_t ndrafts;
	const char *mail_from, *mail_from_name;
	const char *smtp_url, *smtp_user, *smtp_password; /* credential name */
	const char *maildir;
	const char *database; /* "embedded" or a URL */
	const char *database_direct;
	const char *owner; /* "HOST/PID": this daemon's name in leases */
	const char *templates;
	bool dedupe;
	uint32_t extract_workers; /* 0: one a core */
	uint32_t max_in_flight;
	const char *log_level;
	int64_t retention_jobs_ms;
};

/*
 * Find and read careerd.yaml (path may be NULL: $CAREERD_CONFIG, then
 * $XDG_CONFIG_HOME/careerd/careerd.yaml, then /etc/careerd/careerd.yaml)
 * with the environment's overrides and every configured source. Faults are
 * added to problems; the result is usable only if there are none. NULL only
 * when the named file cannot be read (err).
 */
struct conf *conf_load(
    struct arena *, const char *path, struct problems *, struct err *);
/* Set root, state_dir and run_dir alone, which no file can change. */
void conf_paths(struct arena *, struct conf *to);

/*
 * Read one source definition as it is in its file. It has a target only if
 * all its parameters have defaults. NULL if it has faults.
 */
struct source *conf_source_load(
    struct arena *, const char *path, struct problems *);
/*
 * What could be read of it in spite of faults, so that its selectors can be
 * checked too; NULL if that is too little.
 */
struct source *conf_source_draft(
    struct arena *, const char *path, struct problems *);
/* As conf_source_load from memory; file names it in problems. */
struct source *conf_source_parse(struct arena *, const char *file,
    const char *text, size_t n, struct problems *);
/*
 * Fill parameters (name=value) of a definition that was read alone: sets its
 * targets to one. Faults: unknown or missing parameter.
 */
int conf_source_fill(struct arena *, struct source *, const struct pair *params,
    size_t nparams, struct err *);
/*
 * Parameters a definition takes: name, default (or NULL), help, required. Of
 * what conf_source_load, _draft and _parse gave only: neither copies of a
 * source nor those that came by wire have them.
 */
struct param_info {
	const char *name, *default_value, *help;
	bool required;
};
size_t conf_source_params(const struct source *, const struct param_info **);

/*
 * Boards known by their address: what addresses: of the shipped definitions
 * say. Faults of definitions are left to those who check them.
 */
struct boards;
struct boards *conf_boards(struct arena *);
struct board {
	struct source *source; /* without a target (conf_source_fill) */
	struct pair *params;   /* in the arena that was asked with */
	size_t nparams;
};
/*
 * The board at an address, which may lack its scheme; false if none is known
 * there. Of several patterns that match, the one that fixes most is right.
 */
bool conf_board_find(
    struct arena *, const struct boards *, const char *address, struct board *);
/*
 * The board that a page is by what it loads: an address that it holds, and
 * its own. To be tried before it is believed: others may load the same.
 */
bool conf_board_held(struct arena *, const struct boards *, const char *held,
    const char *page, struct board *);
/* Does it list one employer's jobs, named by a parameter? */
bool conf_board_is_employers(const struct board *);

/* The shipped definition of that name ("greenhouse"), or NULL. */
const char *conf_shipped_path(
    struct arena *, const struct conf *, const char *name);
/* Names of all of them; returns how many. */
size_t conf_shipped_names(
    struct arena *, const struct conf *, const char ***names);
/* The root alone (see struct conf), for what needs no configuration. */
const char *conf_root(struct arena *);

/*
 * The Maildir that "mail receive" puts alert mails into, which sources read
 * whose mailbox is "received".
 */
const char *conf_received(struct arena *);

/* The text of a credential by name: systemd's directory, else a 0600 file. */
int conf_credential(
    const struct conf *, const char *name, char *to, size_t size, struct err *);

/* "config sample" and "config show": from the one table of options. */
void conf_print_sample(FILE *);
void conf_show(const struct conf *, FILE *, bool as_json);
/* For help and man pages: each option's key, default and help line. */
struct option_info {
	const char *key, *type, *default_text, *sample, *help;
	bool reloadable;
};
size_t conf_options(const struct option_info **);
/* "CAREERD_MAIL_SMTP" for "mail.smtp", in the arena. */
char *conf_option_env(struct arena *, const char *key);
/* The keys of source files, section by section, in the order of help. */
struct source_key_info {
	const char *section; /* "" at the top, else "pages", "limits", ... */
	const char *key, *type, *default_text, *help;
};
size_t conf_source_keys(const struct source_key_info **);

/* The slice of a configuration that role may know. */
void conf_setup(const struct conf *, int role, struct setup *to);

#endif
