/*
 * careerd psql [-- ARGUMENTS]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cmd/cmd.h"
#include "cmd/session.h"

/* psql runs as a child, since the lock on the cluster must be given back. */
static int
psql_run(const char *conninfo, int argc, char **argv, struct err *err)
{
	const char **args = xcalloc((size_t)argc + 4, sizeof(*args));
	int status, n = 0;
	pid_t pid;

	args[n++] = "psql";
	args[n++] = "-d";
	args[n++] = conninfo;
	for (int i = 0; i < argc; i++)
		args[n++] = argv[i];
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		/* the login role takes one of its roles for the session */
		setenv("PGOPTIONS",
		    "-c role=careerd_service -c search_path=careerd", 1);
		execvp("psql", (char *const *)args);
		fprintf(stderr, "careerd: psql: %s\n", strerror(errno));
		_exit(69);
	}
	free(args);
	if (pid == -1)
		return err_errno(err, ERR_OS, "psql");
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			return err_errno(err, ERR_OS, "psql");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}

static int
psql(const struct cmd_context *c, int argc, char **argv)
{
	struct err err = { 0 };
	struct session s;
	int ret = session_join(&s, c);

	if (ret == 0) {
		ret = psql_run(s.conninfo, argc, argv, &err);
		if (ret == -1)
			ret = cmd_fail(&err);
	}
	session_end(&s);
	return ret;
}

static const struct cmd_verb verbs[] = {
	{ NULL, "[-- ARGUMENTS]", "open the database in psql", NULL, psql },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct cmd cmd_psql = { "psql", "open the database in psql", verbs,
	"What stands behind -- goes to psql:\n"
	"    careerd psql -- -c 'select count(*) from jobs'\n" };
