/*
 * careerd serve: the daemon, in the foreground of its unit or terminal.
 */
#include "base/log.h"
#include "cmd/check.h"
#include "cmd/cmd.h"
#include "hub/hub.h"

#define ARENA_BYTES (64UL * 1024 * 1024)

static int
serve(const struct cmd_context *c, int argc, char **argv)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct hub_options options = { .config_path = c->config_path };
	struct conf *conf;
	int ret = 0;

	(void)argc, (void)argv;
	conf = cmd_conf(c, arena, &ret);
	if (conf != NULL)
		ret = check_mails(conf, c);
	if (conf != NULL && ret == 0)
		ret = hub_run(conf, &options);
	arena_free(arena);
	return ret;
}

static const struct cmd_verb verbs[] = {
	{ NULL, NULL, "run the daemon until SIGTERM; SIGHUP reloads", NULL,
	    serve },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_serve = { "serve", "the daemon, in the foreground", verbs,
	"SIGTERM and SIGINT let work in hand end, 30 seconds at most. SIGHUP\n"
	"reads the configuration again: a right one is taken over whole, a\n"
	"wrong one is refused whole and the old one stays in force. Under\n"
	"systemd it says when it is ready and feeds the watchdog.\n" };
