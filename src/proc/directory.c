/*
 * Directories of our own, made with those above them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "proc/proc.h"

int
directory_make(const char *path, unsigned int mode, struct err *err)
{
	char *copy = xstrdup(path), *slash;
	int ret = 0;

	for (slash = strchr(copy + 1, '/'); slash != NULL;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(copy, mode);
		*slash = '/';
	}
	if (mkdir(copy, mode) == -1 && errno != EEXIST)
		ret = err_errno(err, ERR_IO, "%s: cannot be made", path);
	free(copy);
	return ret;
}
