/*
 * The configuration as a whole: found, read, and what only the whole tells.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "conf/conf_int.h"
#include "plan/plan.h"

static const char *
env_path(const char *name)
{
	const char *value = getenv(name);

	return value == NULL || value[0] == '\0' ? NULL : value;
}

/* The file to read, NULL if there is none; -1 if the one named is not. */
static int
file_find(
    struct arena *arena, const char *named, const char **to, struct err *e)
{
	const char *home = env_path("HOME"), *xdg = env_path("XDG_CONFIG_HOME");

	if (named == NULL)
		named = env_path("CAREERD_CONFIG");
	if (named != NULL) {
		*to = arena_strdup(arena, named);
		if (access(named, R_OK) == 0)
			return 0;
		return err_errno(e, errno == ENOENT ? ERR_NOINPUT : ERR_CONFIG,
		    "configuration %s", named);
	}
	if (xdg == NULL && home != NULL)
		xdg = arena_printf(arena, "%s/.config", home);
	if (xdg != NULL) {
		*to = arena_printf(arena, "%s/careerd/careerd.yaml", xdg);
		if (path_is_file(*to))
			return 0;
	}
	*to = "/etc/careerd/careerd.yaml";
	if (!path_is_file(*to))
		*to = NULL;
	return 0;
}

/* A place for a fault about an option or, if nothing stands there, a file. */
static void
option_fault(const struct reader *r, const struct conf_own *own,
    const char *key, const char *text)
{
	const struct node *node = option_node(own, key);

	if (node != NULL && !str_eq(node->file, "default"))
		fault(r->problems, node, "%s", text);
	else
		problems_add(r->problems,
		    own->conf.file == NULL ? "careerd.yaml" : own->conf.file, 0,
		    0, "%s", text);
}

static void
pause_set(const struct reader *r, struct conf_own *own)
{
	struct user_conf *user = &own->conf.user;
	const struct node *node = option_node(own, "user.pause");
	struct civil at = { 0 };
	struct err e = { 0 };
	struct zone *zone;

	if (node == NULL || node->kind != NODE_SCALAR ||
	    !parse_date(node->text, &at.year, &at.month, &at.day))
		return;
	zone = zone_load(r->arena, user->time_zone, &e);
	if (zone != NULL &&
	    !zone_instant(zone, &at, false, &user->pause_until_ms))
		fault(r->problems, node, "%s had no such day", user->time_zone);
}

static void
user_check(const struct reader *r, struct conf_own *own)
{
	struct user_conf *user = &own->conf.user;
	const char *first = NULL;

	for (size_t i = 0; i < options_count && first == NULL; i++)
		if (str_starts(options[i].info.key, "user.") &&
		    option_is_given(own, options[i].info.key))
			first = options[i].info.key;
	user->locale = "en";
	user->present = first != NULL;
	if (first == NULL)
		return;
	if (!option_is_given(own, "user.email"))
		option_fault(r, own, first, "the user has no email");
	user->salary.present = option_is_given(own, "user.salary.min");
	if (user->salary.present &&
	    !option_is_given(own, "user.salary.currency"))
		option_fault(r, own, "user.salary.min",
		    "a salary needs its currency, such as currency: EUR");
	pause_set(r, own);
}

static void
mail_check(const struct reader *r, struct conf_own *own)
{
	struct conf *conf = &own->conf;
	const char *name, *address;

	if (conf->mail_from != NULL &&
	    parse_mailbox(r->arena, conf->mail_from, &name, &address)) {
		conf->mail_from = address;
		conf->mail_from_name = name;
	}
	if (conf->smtp_url != NULL && conf->maildir != NULL)
		option_fault(r, own, "mail.maildir",
		    "mail goes to a relay (smtp) or into a maildir, not both");
	if ((conf->smtp_url != NULL || conf->maildir != NULL) &&
	    !option_is_given(own, "mail.from"))
		option_fault(r, own,
		    conf->smtp_url != NULL ? "mail.smtp" : "mail.maildir",
		    "mail has no sender; add from: Name <address>");
	if (conf->smtp_user != NULL && conf->smtp_password == NULL)
		option_fault(r, own, "mail.user",
		    "a name to log in with needs password: credential:NAME");
	if (conf->smtp_password != NULL && conf->smtp_user == NULL)
		option_fault(r, own, "mail.password",
		    "a password needs the user it belongs to");
}

static bool
is_name_taken(const struct conf *conf, const struct source *source)
{
	for (size_t i = 0; i < conf->nsources; i++)
		if (str_eq(conf->sources[i].name, source->name))
			return true;
	return false;
}

static void
sources_read(const struct reader *r, struct conf_own *own)
{
	const struct node *map = option_node(own, "sources");
	struct conf *conf = &own->conf;

	if (map == NULL || map->kind != NODE_MAP)
		return;
	conf->sources = arena_array(r->arena, map->n, sizeof(*conf->sources));
	conf->drafts = arena_array(r->arena, map->n, sizeof(struct source *));
	for (size_t i = 0; i < map->n; i++) {
		const struct node *key = map->keys[i];
		struct source *source, *draft = NULL;

		if (key->kind != NODE_SCALAR)
			continue;
		source = source_entry(r, conf, key, map->items[i], &draft);
		if (draft != NULL)
			conf->drafts[conf->ndrafts++] = draft;
		if (source == NULL)
			continue;
		if (is_name_taken(conf, source))
			fault(r->problems, key,
			    "a source named '%s' stands above already; give "
			    "this one another name with source: NAME",
			    source->name);
		else
			conf->sources[conf->nsources++] = *source;
	}
}

static const char *
owner_name(struct arena *arena)
{
	char host[256];

	if (gethostname(host, sizeof(host)) == -1)
		str_copy(host, "localhost", sizeof(host));
	host[sizeof(host) - 1] = '\0';
	return arena_printf(arena, "%s/%ld", host, (long)getpid());
}

struct conf *
conf_load(struct arena *arena, const char *path, struct problems *problems,
    struct err *e)
{
	struct reader r = { .arena = arena, .problems = problems };
	struct conf_own *own = arena_alloc(arena, sizeof(*own));
	struct node *root = NULL;
	int read = 0;

	if (file_find(arena, path, &own->conf.file, e) == -1)
		return NULL;
	conf_paths(arena, &own->conf);
	if (own->conf.file != NULL)
		read = yaml_load(arena, problems, own->conf.file, &root);
	options_read(&r, own, root);
	/* What is missing in half a file is not worth a complaint. */
	if (read == 0) {
		user_check(&r, own);
		mail_check(&r, own);
	}
	sources_read(&r, own);
	if (own->conf.operator_address == NULL)
		own->conf.operator_address = own->conf.user.email;
	own->conf.user_agent =
	    own->conf.contact == NULL
		? "careerd/" VERSION
		: arena_printf(
		      arena, "careerd/" VERSION " (+%s)", own->conf.contact);
	own->conf.owner = owner_name(arena);
	problems_sort(problems);
	return &own->conf;
}
