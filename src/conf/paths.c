/*
 * Where things are: the tree's root, the state, files named in files.
 */
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "conf/conf_int.h"

char *
path_dir(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return arena_strdup(arena, ".");
	if (slash == path)
		return arena_strdup(arena, "/");
	return arena_strndup(arena, path, (size_t)(slash - path));
}

char *
path_beside(struct arena *arena, const char *file, const char *path)
{
	const char *home = getenv("HOME");

	if (path[0] == '/')
		return arena_strdup(arena, path);
	if (str_starts(path, "~/") && home != NULL)
		return arena_printf(arena, "%s%s", home, path + 1);
	if (file == NULL || strchr(file, '/') == NULL)
		return arena_strdup(arena, path);
	if (str_starts(path, "./"))
		path += 2;
	return arena_printf(arena, "%s/%s", path_dir(arena, file), path);
}

char *
path_absolute(struct arena *arena, const char *path)
{
	char here[PATH_MAX];

	if (path[0] == '/' || getcwd(here, sizeof(here)) == NULL)
		return arena_strdup(arena, path);
	return arena_printf(arena, "%s/%s", here, path);
}

bool
path_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool
path_is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

static bool
is_root(struct arena *arena, const char *path)
{
	return path_is_dir(arena_printf(arena, "%s/scrapers", path)) &&
	       path_is_dir(arena_printf(arena, "%s/sql", path));
}

/* The path without "." and "..", as the kernel sees it. */
static const char *
path_real(struct arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	const char *copy = real == NULL ? path : arena_strdup(arena, real);

	free(real);
	return copy;
}

const char *
conf_root(struct arena *arena)
{
	/* A build in build/ or deeper, then an installation. */
	static const char *const beside[] = { "..", "../..", "../../..",
		"../../../..", "../share/careerd", "/usr/local/share/careerd",
		"/usr/share/careerd" };
	const char *named = getenv("CAREERD_ROOT");
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *dir;

	if (named != NULL && named[0] != '\0')
		return arena_strdup(arena, named);
	self[n < 0 ? 0 : n] = '\0';
	dir = path_dir(arena, self);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		const char *path =
		    beside[i][0] == '/'
			? beside[i]
			: arena_printf(arena, "%s/%s", dir, beside[i]);

		if (is_root(arena, path))
			return path_real(arena, path);
	}
	return path_real(arena, arena_printf(arena, "%s/..", dir));
}

/*
 * The first of a list parted by ':', as systemd writes it; NULL if none. A
 * relative one begins where we are started.
 */
static const char *
directory_of(struct arena *arena, const char *variable)
{
	const char *value = getenv(variable);
	char here[PATH_MAX];
	int n = value == NULL ? 0 : (int)strcspn(value, ":");

	if (n == 0)
		return NULL;
	if (value[0] == '/' || getcwd(here, sizeof(here)) == NULL)
		return arena_strndup(arena, value, (size_t)n);
	return arena_printf(arena, "%s/%.*s", here, n, value);
}

static const char *
state_dir(struct arena *arena)
{
	const char *state = directory_of(arena, "STATE_DIRECTORY");
	const char *xdg = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state != NULL)
		return state;
	/* The XDG base directories say that a relative one is ignored. */
	if (xdg != NULL && xdg[0] == '/')
		return arena_printf(arena, "%s/careerd", xdg);
	if (home != NULL && home[0] == '/')
		return arena_printf(arena, "%s/.local/state/careerd", home);
	return "/var/lib/careerd";
}

const char *
conf_received(struct arena *arena)
{
	return arena_printf(arena, "%s/received", state_dir(arena));
}

void
conf_paths(struct arena *arena, struct conf *conf)
{
	conf->root = conf_root(arena);
	conf->state_dir = state_dir(arena);
	conf->run_dir = directory_of(arena, "RUNTIME_DIRECTORY");
	if (conf->run_dir == NULL)
		conf->run_dir = arena_printf(arena, "%s/run", conf->state_dir);
}

const char *
conf_shipped_path(
    struct arena *arena, const struct conf *conf, const char *name)
{
	const char *path;

	if (strchr(name, '/') != NULL || name[0] == '.')
		return NULL;
	path = arena_printf(arena, "%s/scrapers/%s.yaml", conf->root, name);
	return path_is_file(path) ? path : NULL;
}

#define NAMES_MAX 1000

size_t
conf_shipped_names(
    struct arena *arena, const struct conf *conf, const char ***names)
{
	DIR *dir = opendir(arena_printf(arena, "%s/scrapers", conf->root));
	const struct dirent *entry;
	size_t n = 0;

	*names = arena_array(arena, NAMES_MAX, sizeof(**names));
	while (dir != NULL && n < NAMES_MAX && (entry = readdir(dir)) != NULL)
		if (str_ends(entry->d_name, ".yaml"))
			(*names)[n++] = arena_strndup(arena, entry->d_name,
			    strlen(entry->d_name) - strlen(".yaml"));
	if (dir != NULL)
		closedir(dir);
	return n;
}
