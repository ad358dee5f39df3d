/*
 * A server in Python for as long as a test runs: it says its port on its
 * first line of output and ends when its standard input does.
 */
#ifndef TESTS_UNIT_NET_SERVER_H
#define TESTS_UNIT_NET_SERVER_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct server {
	pid_t pid;
	int port; /* 0: it could not be started */
	int in;
	FILE *out;
};

static inline struct server
server_start(const char *script, const char *argument)
{
	struct server s = { 0 };
	int in[2], out[2];

	if (pipe(in) == -1 || pipe(out) == -1)
		return s;
	fflush(stdout);
	s.pid = fork();
	if (s.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		close(out[0]);
		execl("/usr/bin/python3", "python3", script, argument, NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	s.in = in[1];
	s.out = fdopen(out[0], "r");
	if (fscanf(s.out, "%d", &s.port) != 1)
		s.port = 0;
	return s;
}

static inline void
server_stop(struct server *s)
{
	close(s->in);
	fclose(s->out);
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}

#endif
