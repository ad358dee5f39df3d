/*
 * A new cluster: initdb, the roles and the database, and the settings that
 * are written anew at each start.
 */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/str.h"
#include "proc/cluster_int.h"

const char cluster_roles_sql[] =
    "DO $$\n"
    "DECLARE r text;\n"
    "BEGIN\n"
    "  FOREACH r IN ARRAY ARRAY['careerd_owner', 'careerd_service',\n"
    "      'careerd_user', 'careerd_read'] LOOP\n"
    "    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN\n"
    "      EXECUTE format('CREATE ROLE %I NOLOGIN', r);\n"
    "    END IF;\n"
    "  END LOOP;\n"
    "END $$;\n\n";

/* Single-user mode takes one command up to each empty line. */
static const char database_sql[] =
    "CREATE ROLE careerd LOGIN NOINHERIT;\n\n"
    "GRANT careerd_owner, careerd_service, careerd_user, careerd_read "
    "TO careerd;\n\n"
    "CREATE DATABASE careerd;\n\n"
    "REVOKE ALL ON DATABASE careerd FROM PUBLIC;\n\n"
    "GRANT CONNECT ON DATABASE careerd TO careerd, "
    "careerd_service, careerd_read;\n\n"
    "GRANT CREATE ON DATABASE careerd TO careerd_owner;\n\n";

/* ---- programs run to their end ---- */

struct program {
	const char *const *argv;
	int input;
};

static int
run_task(const struct cluster *c, const void *argument)
{
	const struct program *program = argument;

	cluster_exec(c, program->argv, program->input);
}

static int
run_program(const struct cluster *c, const char *const *argv, int input,
    struct err *err)
{
	struct program program = { argv, input };
	int code = cluster_as(c, run_task, &program, err);

	if (code == -1)
		return -1;
	if (code != 0)
		return err_set(err, ERR_UNAVAILABLE,
		    "database server: %s failed with exit code %d\n"
		    "HINT: see %s, which ends:\n%s",
		    argv[0], code, c->log, server_log_end(c));
	return 0;
}

static int
run_sql(const struct cluster *c, const char *data, struct err *err)
{
	const char *argv[] = { arena_printf(c->arena, "%s/postgres", c->bin),
		"--single", "-j", "-D", data, "postgres", NULL };
	size_t n = strlen(cluster_roles_sql), m = strlen(database_sql);
	int fd, result = -1;

	if ((fd = memfd_create("roles", MFD_CLOEXEC)) == -1)
		return err_errno(err, ERR_OS, "memfd");
	if (write(fd, cluster_roles_sql, n) != (ssize_t)n ||
	    write(fd, database_sql, m) != (ssize_t)m ||
	    lseek(fd, 0, SEEK_SET) == -1)
		err_errno(err, ERR_OS, "memfd");
	else
		result = run_program(c, argv, fd, err);
	close(fd);
	return result;
}

/* ---- files, written by the server's own user ---- */

struct text_file {
	const char *path, *text;
};

static int
write_file(const struct cluster *c, const void *argument)
{
	const struct text_file *file = argument;
	const char *new = arena_printf(c->arena, "%s.new", file->path);
	size_t n = strlen(file->text);
	int fd;

	errno = 0;
	fd = open(new, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
	if (fd == -1 || write(fd, file->text, n) != (ssize_t)n ||
	    close(fd) == -1 || rename(new, file->path) == -1)
		return errno == 0 ? ENOSPC : errno;
	return 0;
}

static int
put_file(const struct cluster *c, const char *name, const char *text,
    struct err *err)
{
	struct text_file file = {
		arena_printf(c->arena, "%s/%s", c->data, name), text
	};
	int code = cluster_as(c, write_file, &file, err);

	if (code > 0)
		err_set(err, ERR_IO, "%s: cannot be written: %s", file.path,
		    strerror(code));
	return code == 0 ? 0 : -1;
}

static const char *
conf_text(const struct cluster *c)
{
	return arena_printf(c->arena,
	    "# Written by careerd at each start; own lines go to local.conf.\n"
	    "listen_addresses = ''\n"
	    "unix_socket_directories = '\"%s\"'\n"
	    "unix_socket_permissions = 0700\n"
	    "max_connections = 40\n"
	    "shared_buffers = 64MB\n"
	    "dynamic_shared_memory_type = mmap\n"
	    "jit = off\n"
	    "default_toast_compression = lz4\n"
	    "wal_compression = lz4\n"
	    "max_logical_replication_workers = 0\n"
	    "max_wal_size = 1GB\n"
	    "checkpoint_timeout = 15min\n"
	    "max_parallel_workers_per_gather = 0\n"
	    "autovacuum_naptime = 30s\n"
	    "autovacuum_max_workers = 2\n"
	    "timezone = 'UTC'\n"
	    "log_timezone = 'UTC'\n"
	    "log_line_prefix = '%%m %%p %%a '\n"
	    "log_min_duration_statement = 5s\n"
	    "log_parameter_max_length = 64\n"
	    "log_parameter_max_length_on_error = 0\n"
	    "log_min_error_statement = fatal\n"
	    "lc_messages = 'C.UTF-8'\n"
	    "include_if_exists = 'local.conf'\n",
	    c->socket_dir);
}

static void
map_name(struct buf *to, const char *name)
{
	if (name == NULL || strchr(name, '"') != NULL)
		return;
	buf_printf(to, "careerd \"%s\" careerd\n", name);
	buf_printf(to, "careerd \"%s\" careerd_admin\n", name);
}

int
cluster_configure(struct cluster *c, struct err *err)
{
	struct passwd *pw;
	struct buf ident;
	int result = -1;

	buf_init(&ident, 16384);
	/* Whoever may open the folder may connect, and root always may. In a
	 * user namespace the folder's owner looks like the server's user. */
	map_name(&ident, "root");
	map_name(&ident, c->user.name);
	if ((pw = getpwuid(geteuid())) != NULL)
		map_name(&ident, pw->pw_name);
	if (cluster_socket_dir(c, err) == -1)
		goto out;
	if (put_file(c, "postgresql.conf", conf_text(c), err) == -1 ||
	    put_file(c, "pg_hba.conf", "local all all peer map=careerd\n",
		err) == -1 ||
	    put_file(c, "pg_ident.conf", buf_cstr(&ident), err) == -1)
		goto out;
	result = 0;
out:
	buf_fini(&ident);
	return result;
}

/* ---- a new one ---- */

static int
remove_tree(const struct cluster *c, const char *path, struct err *err)
{
	const char *argv[] = { "/bin/rm", "-rf", "--", path, NULL };

	return run_program(c, argv, -1, err);
}

static int
rename_task(const struct cluster *c, const void *from)
{
	return rename(from, c->data) == 0 ? 0 : 1;
}

int
cluster_init(struct cluster *c, struct err *err)
{
	const char *new = arena_printf(c->arena, "%s.new", c->data);
	const char *argv[] = { arena_printf(c->arena, "%s/initdb", c->bin),
		"-D", new, "--username=careerd_admin", "--encoding=UTF8",
		"--locale=C.UTF-8", "--auth=peer", "--no-instructions", NULL };
	struct stat st;

	if (stat(c->data, &st) == 0)
		return 0;
	c->say("making the database, once");
	/* What an interrupted attempt left is nobody's data. */
	if (remove_tree(c, new, err) == -1 ||
	    run_program(c, argv, -1, err) == -1 || run_sql(c, new, err) == -1)
		return -1;
	if (cluster_as(c, rename_task, new, err) != 0)
		return err_set(err, ERR_IO, "%s: cannot be renamed", new);
	return 0;
}
