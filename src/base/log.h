/*
 * The log: one line an event on stderr, made by the program's own processes
 * only: "<level>role: text" where journald reads it (the <N> prefix is
 * written when $JOURNAL_STREAM is set), "time role level: text" otherwise.
 * Callers make hostile bytes safe with str_safe; log_* escapes control
 * characters again in any case.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERROR
};

/* role names the process in every line and must live for ever. */
void log_init(const char *role, enum log_level lowest);
void log_debug(const char *format, ...) PRINTF_LIKE(1, 2);
void log_info(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);
void log_error(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
