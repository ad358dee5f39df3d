/*
 * The daemon: seen, restarted, reloaded, drained.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include "parts.h"

static pid_t
daemon_play(const char *name)
{
	struct hub_options opt = { .config_path = config };
	struct conf conf = conf_of();
	pid_t pid;

	(void)setenv(CASE, name, 1);
	(void)setenv(MARK, mark, 1);
	pid = fork();
	if (pid == 0)
		_exit(hub_run(&conf, &opt));
	return pid;
}

static pid_t
daemon_start(void)
{
	return daemon_play("daemon");
}

static int64_t
up_count(const struct json *status, const char *state, int64_t *restarts)
{
	struct json *list = json_get(status, "processes");
	int64_t n = 0;

	*restarts = 0;
	for (size_t i = 0; i < json_size(list); i++) {
		struct json *p = json_at(list, i);

		n += str_eq(json_get_text(p, "state"), state);
		*restarts += json_get_i64(p, "restarts", 0);
	}
	return n;
}

/* Wait until n processes are up and so many restarts were counted. */
static struct json *
status_wait(int64_t n, int64_t restarts)
{
	struct conf conf = conf_of();
	int64_t end = clock_mono_ms() + 20000, got;
	struct json *status = NULL;
	struct err e;

	do {
		json_free(status);
		status = hub_status(&conf, &e);
		if (status != NULL && up_count(status, "up", &got) == n &&
		    got >= restarts)
			return status;
		(void)poll(NULL, 0, 50);
	} while (clock_mono_ms() < end);
	json_free(status);
	return NULL;
}

static int
wait_exit(pid_t pid)
{
	int status = -1;

	(void)waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void
daemon_is_seen_and_drains(void)
{
	struct conf conf = conf_of();
	struct json *status;
	pid_t pid = daemon_start(), second;
	struct err e;

	status = status_wait(5, 0);
	CHECK(status != NULL);
	CHECK_INT(json_get_i64(status, "pid", 0), pid);
	json_free(status);
	/* Another one in the same directory does not start. */
	second = daemon_start();
	CHECK_INT(wait_exit(second), 75);
	CHECK_INT(kill(pid, SIGTERM), 0);
	CHECK_INT(wait_exit(pid), 0);
	CHECK(hub_status(&conf, &e) == NULL);
	CHECK_INT(e.kind, ERR_UNAVAILABLE);
}

static void
daemon_restarts_each_worker(void)
{
	struct json *status = NULL, *list;
	pid_t pid = daemon_start();

	for (size_t i = 0; i < 5; i++) {
		status = status_wait(5, (int64_t)i);
		CHECK(status != NULL);
		list = json_get(status, "processes");
		CHECK_INT(json_size(list), 5);
		CHECK_INT(kill((pid_t)json_get_i64(json_at(list, i), "pid", 0),
			      SIGKILL),
		    0);
		json_free(status);
	}
	status = status_wait(5, 5);
	CHECK(status != NULL);
	CHECK_STR(json_get_text(
		      json_at(json_get(status, "processes"), 0), "last_death"),
	    "signal 9 (Killed)");
	json_free(status);
	CHECK_INT(kill(pid, SIGTERM), 0);
	CHECK_INT(wait_exit(pid), 0);
}

static void
config_write(const char *text)
{
	FILE *f = fopen(config, "we");

	CHECK(f != NULL);
	(void)fputs(text, f);
	(void)fclose(f);
}

static void
reload_is_whole_or_not_at_all(void)
{
	pid_t pid = daemon_start();
	struct json *status = status_wait(5, 0);

	CHECK(status != NULL);
	json_free(status);
	config_write("contact: https://one.example/\n");
	CHECK_INT(kill(pid, SIGHUP), 0);
	CHECK_STR(note_take("checked", 20000), "--json");
	CHECK(strstr(note_take("agent", 20000), "one.example") != NULL);
	config_write("contact: https://bad.example/\n");
	CHECK_INT(kill(pid, SIGHUP), 0);
	CHECK_STR(note_take("checked", 20000), "--json");
	CHECK_STR(note_take("agent", 500), "");
	/* Passes the check of this test, but not hub's own reading. */
	config_write("contct: https://three.example/\n");
	CHECK_INT(kill(pid, SIGHUP), 0);
	CHECK_STR(note_take("checked", 20000), "--json");
	CHECK_STR(note_take("agent", 500), "");
	config_write("contact: https://four.example/\n");
	CHECK_INT(kill(pid, SIGHUP), 0);
	CHECK(strstr(note_take("agent", 20000), "four.example") != NULL);
	status = status_wait(5, 0);
	CHECK(status != NULL);
	json_free(status);
	CHECK_INT(kill(pid, SIGTERM), 0);
	CHECK_INT(wait_exit(pid), 0);
}

/* Each page takes fetch 20 ms: the end is wanted long before the last. */
static void
what_is_in_hand_is_finished(void)
{
	pid_t pid = daemon_play("drain");
	struct json *status = status_wait(5, 0);

	CHECK(status != NULL);
	json_free(status);
	CHECK_INT(kill(pid, SIGTERM), 0);
	CHECK_INT(wait_exit(pid), 0);
	CHECK_STR(note_take("drained", 0), "all");
}

/* A second signal does not wait. */
static void
told_twice_it_ends_at_once(void)
{
	pid_t pid = daemon_play("drain-slowly");
	struct json *status = status_wait(5, 0);

	CHECK(status != NULL);
	json_free(status);
	CHECK_INT(kill(pid, SIGTERM), 0);
	CHECK_INT(kill(pid, SIGINT), 0);
	CHECK_INT(wait_exit(pid), 0);
	CHECK_STR(note_take("drained", 0), "");
}

/* What the service manager heard until now, each on a line. */
static void
manager_hear(int fd, struct buf *heard)
{
	char text[1024];
	ssize_t n;

	while ((n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT)) > 0) {
		(void)buf_add(heard, text, (size_t)n);
		(void)buf_char(heard, '\n');
	}
}

static void
service_manager_is_told(void)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct json *status;
	struct buf heard;
	pid_t pid;

	buf_init(&heard, 65536);
	(void)snprintf(sa.sun_path, sizeof(sa.sun_path), "%s/n", directory);
	CHECK_INT(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	(void)setenv("NOTIFY_SOCKET", sa.sun_path, 1);
	(void)setenv("WATCHDOG_USEC", "300000", 1);
	config_write("contact: https://one.example/\n");
	pid = daemon_start();
	status = status_wait(5, 0);
	json_free(status);
	(void)poll(NULL, 0, 400);
	manager_hear(fd, &heard);
	CHECK(strstr(buf_cstr(&heard), "READY=1\n") != NULL);
	CHECK(strstr(buf_cstr(&heard), "WATCHDOG=1\n") != NULL);
	CHECK(strstr(buf_cstr(&heard), "STATUS=serving") != NULL);
	buf_reset(&heard);
	CHECK_INT(kill(pid, SIGHUP), 0);
	(void)note_take("agent", 20000);
	/* Nobody reads for long: the socket is full, hub goes on. */
	(void)poll(NULL, 0, 1500);
	manager_hear(fd, &heard);
	(void)poll(NULL, 0, 500);
	manager_hear(fd, &heard);
	CHECK_INT(kill(pid, SIGTERM), 0);
	CHECK_INT(wait_exit(pid), 0);
	manager_hear(fd, &heard);
	CHECK(strstr(buf_cstr(&heard), "RELOADING=1\nMONOTONIC_USEC=") != NULL);
	CHECK(strstr(buf_cstr(&heard), "READY=1\n") != NULL);
	CHECK(strstr(buf_cstr(&heard), "STOPPING=1\n") != NULL);
	(void)unsetenv("NOTIFY_SOCKET");
	(void)unsetenv("WATCHDOG_USEC");
	(void)unlink(sa.sun_path);
	close(fd);
	buf_fini(&heard);
}

static void
dead_hub_is_not_running(void)
{
	struct conf conf = conf_of();
	pid_t pid = daemon_start();
	struct json *status = status_wait(5, 0);
	struct err e;

	CHECK(status != NULL);
	json_free(status);
	CHECK_INT(kill(pid, SIGKILL), 0);
	CHECK_INT(wait_exit(pid), 255);
	CHECK(hub_status(&conf, &e) == NULL);
	CHECK_STR(e.text, "careerd: not running");
}

int
main(int argc, char **argv)
{
	static const struct check_test tests[] = {
		TEST(daemon_is_seen_and_drains),
		TEST(daemon_restarts_each_worker),
		TEST(reload_is_whole_or_not_at_all),
		TEST(what_is_in_hand_is_finished),
		TEST(told_twice_it_ends_at_once),
		TEST(service_manager_is_told),
		TEST(dead_hub_is_not_running),
		TEST(nothing_is_left_behind),
	};
	int part = play_part(argc, argv);

	if (part != -1)
		return part;
	if (!test_directory_make())
		return 1;
	return check_run(tests, sizeof(tests) / sizeof(tests[0]));
}
