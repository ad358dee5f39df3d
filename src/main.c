/*
 * careerd: names the subcommands and calls one.
 */
#include <string.h>
#include "cmd/cmd.h"
#include "extract/extract.h"
#include "fetch/fetch.h"
#include "notify/notify.h"
#include "proc/proc.h"
#include "store/store.h"

const struct cmd *const commands[] = {
	&cmd_serve,
	&cmd_once,
	&cmd_status,
	&cmd_config,
	&cmd_source,
	&cmd_run,
	&cmd_job,
	&cmd_search,
	&cmd_match,
	&cmd_digest,
	&cmd_mail,
	&cmd_migrate,
	&cmd_psql,
	&cmd_try,
	&cmd_help,
	&cmd_version,
	NULL,
};

/* What hub re-executes this binary for: "careerd worker ROLE". */
static const struct {
	enum role role;
	int (*main)(void);
} workers[] = {
	{ ROLE_STORE, store_main },
	{ ROLE_FETCH, fetch_main },
	{ ROLE_EXTRACT, extract_main },
	{ ROLE_NOTIFY, notify_main },
	{ ROLE_CLUSTER, cluster_main },
};

static int
worker_main(const char *role)
{
	for (size_t i = 0; i < sizeof(workers) / sizeof(workers[0]); i++)
		if (strcmp(role_name(workers[i].role), role) == 0)
			return workers[i].main();
	fatal("'%s' is not the role of a worker", role);
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "worker") == 0)
		return worker_main(argv[2]);
	return cmd_main(argc, argv);
}
