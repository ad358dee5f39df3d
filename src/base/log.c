#include "base/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* A line longer than this is cut; journald takes 48 KiB, people less. */
#define LINE_BYTES 4096

static const char *log_role = "careerd";
static enum log_level log_lowest = LOG_LEVEL_INFO;
static bool log_to_journal;

/* The numbers are syslog(3)'s priorities, which journald reads. */
static const struct {
	const char *word;
	int priority;
} levels[] = {
	[LOG_LEVEL_DEBUG] = { "debug", 7 },
	[LOG_LEVEL_INFO] = { "info", 6 },
	[LOG_LEVEL_WARN] = { "warning", 4 },
	[LOG_LEVEL_ERROR] = { "error", 3 },
};

void
log_init(const char *role, enum log_level lowest)
{
	log_role = role;
	log_lowest = lowest;
	log_to_journal = getenv("JOURNAL_STREAM") != NULL;
}

static size_t
put_head(char *line, size_t size, enum log_level level)
{
	int64_t ms = clock_wall_ms();
	struct civil t;

	if (log_to_journal)
		return (size_t)snprintf(line, size,
		    "<%d>%.64s: ", levels[level].priority, log_role);
	civil_from_ms(ms, &t);
	return (size_t)snprintf(line, size,
	    "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %.64s %s: ", t.year, t.month,
	    t.day, t.hour, t.minute, t.second,
	    (int)(((ms % 1000) + 1000) % 1000), log_role, levels[level].word);
}

/* Where a message ends and what to do about it begins (err_hint). */
#define HINT "\nHINT: "

/* Copy text to line + n with control characters escaped; the new length. */
static size_t
put_text(char *line, size_t n, size_t size, const char *text)
{
	static const char hex[] = "0123456789abcdef";

	for (; *text != '\0' && n + 4 < size; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '\n' && strncmp(text, HINT, sizeof(HINT) - 1) == 0) {
			line[n++] = ';';
			line[n++] = ' ';
		} else if (c == '\n') {
			line[n++] = '\\';
			line[n++] = 'n';
		} else if (c < ' ' || c == 0x7f) {
			line[n++] = '\\';
			line[n++] = 'x';
			line[n++] = hex[c >> 4];
			line[n++] = hex[c & 15];
		} else {
			line[n++] = (char)c;
		}
	}
	return n;
}

static void log_line(enum log_level, const char *, va_list) PRINTF_LIKE(2, 0);

static void
log_line(enum log_level level, const char *format, va_list ap)
{
	char text[LINE_BYTES - 128], line[LINE_BYTES];
	size_t n;

	if (level < log_lowest)
		return;
	vsnprintf(text, sizeof(text), format, ap);
	n = put_head(line, sizeof(line), level);
	n = put_text(line, n, sizeof(line) - 1, text);
	line[n++] = '\n';
	/* One write, so that lines of several processes do not mix. */
	if (write(STDERR_FILENO, line, n) < 0)
		return;
}

void
log_debug(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_line(LOG_LEVEL_DEBUG, format, ap);
	va_end(ap);
}

void
log_info(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_line(LOG_LEVEL_INFO, format, ap);
	va_end(ap);
}

void
log_warn(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_line(LOG_LEVEL_WARN, format, ap);
	va_end(ap);
}

void
log_error(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_line(LOG_LEVEL_ERROR, format, ap);
	va_end(ap);
}
