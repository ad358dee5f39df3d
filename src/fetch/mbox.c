/*
 * An mbox: mails one behind the other, each behind a line "From ADDRESS DATE"
 * that follows an empty one. Programs rewrite the file when mails are read or
 * deleted, so a mail's position is its Message-ID.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "base/str.h"
#include "fetch/mailbox_int.h"

/* Lines are read in pieces of this size; only beginnings of lines matter. */
#define PIECE_BYTES 65536
/* What is kept between two requests: mails with their ids. */
#define INDEX_BYTES (64L * 1024 * 1024)

struct entry {
	int64_t begin, end; /* offsets of the mail without its From line */
	int64_t time_ms;    /* 0: not known */
	const char *id;
};

/* What the last mbox held: reading mail after mail asks for the same one. */
static struct {
	struct arena *arena;
	char *path;
	dev_t dev;
	ino_t ino;
	int64_t size, mtime_ns;
	struct entry *at;
	size_t n, room;
} known;

/* ---- lines ---- */

struct lines {
	int fd;
	char bytes[PIECE_BYTES];
	size_t have, at;
	int64_t offset; /* of bytes[at] in the file */
	bool is_within; /* what comes next is the rest of a line */
	bool has_failed;
};

struct line {
	const char *p;
	size_t n; /* with its end */
	int64_t offset;
	bool is_begin; /* false: the rest of a long line */
};

static bool
lines_fill(struct lines *l)
{
	ssize_t n;

	memmove(l->bytes, l->bytes + l->at, l->have - l->at);
	l->have -= l->at;
	l->at = 0;
	do
		n = read(l->fd, l->bytes + l->have, PIECE_BYTES - l->have);
	while (n == -1 && errno == EINTR);
	l->has_failed |= n == -1;
	if (n > 0)
		l->have += (size_t)n;
	return n > 0;
}

static bool
line_next(struct lines *l, struct line *to)
{
	const char *eol;
	size_t n;

	for (;;) {
		n = l->have - l->at;
		eol = memchr(l->bytes + l->at, '\n', n);
		if (eol != NULL || n == PIECE_BYTES || !lines_fill(l))
			break;
	}
	n = l->have - l->at;
	if (eol != NULL)
		n = (size_t)(eol + 1 - (l->bytes + l->at));
	*to = (struct line){ l->bytes + l->at, n, l->offset, !l->is_within };
	l->at += n;
	l->offset += (int64_t)n;
	l->is_within = eol == NULL;
	return n > 0;
}

/* ---- From lines ---- */

static int
month_of(const char *p)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (strncmp(p, names + 3 * i, 3) == 0)
			return i + 1;
	return 0;
}

static bool
number_at(const char **p, int64_t max, int *to)
{
	const char *s = *p + strspn(*p, " ");
	size_t n = strspn(s, "0123456789");
	int value = 0;

	if (n == 0 || n > 4)
		return false;
	for (size_t i = 0; i < n; i++)
		value = value * 10 + (s[i] - '0');
	*p = s + n;
	*to = value;
	return value <= max;
}

/* "Tue Nov 24 08:00:00 2026" at the end of a From line, or 0. */
static int64_t
from_time(const char *p, size_t n)
{
	char line[200];
	const char *s, *month = NULL;
	struct civil at = { 0 };
	char *colon;

	if (n >= sizeof(line))
		return 0;
	memcpy(line, p, n);
	line[n] = '\0';
	for (s = line; *s != '\0'; s++)
		if (*s == ' ' && month_of(s + 1) > 0 && s[4] == ' ')
			month = s + 1;
	if (month == NULL)
		return 0;
	at.month = month_of(month);
	while ((colon = strchr(line, ':')) != NULL)
		*colon = ' ';
	s = month + 3;
	if (!number_at(&s, 31, &at.day) || !number_at(&s, 23, &at.hour) ||
	    !number_at(&s, 59, &at.minute) || !number_at(&s, 60, &at.second) ||
	    !number_at(&s, 9999, &at.year) ||
	    !civil_is_date(at.year, at.month, at.day))
		return 0;
	return civil_to_ms(&at);
}

/* ---- the index ---- */

/* One mail while its lines go by. */
struct scan {
	bool is_in_head, was_empty;
	const char *id;
	struct sha256 head; /* stands in for an id that is missing */
};

static struct entry *
entry_add(int64_t begin, int64_t time_ms)
{
	if (known.n == known.room) {
		known.room = known.room == 0 ? 256 : known.room * 2;
		known.at = xrealloc(known.at, known.room * sizeof(*known.at));
	}
	known.at[known.n] =
	    (struct entry){ .begin = begin, .end = begin, .time_ms = time_ms };
	return &known.at[known.n++];
}

static const char *
id_of(const struct line *line)
{
	static const char name[] = "Message-ID:";
	size_t n = sizeof(name) - 1, end = line->n;

	if (line->n <= n || strncasecmp(line->p, name, n) != 0)
		return NULL;
	while (n < end && (unsigned char)line->p[n] <= ' ')
		n++;
	while (end > n && (unsigned char)line->p[end - 1] <= ' ')
		end--;
	for (size_t i = n; i < end; i++)
		if ((unsigned char)line->p[i] < ' ' || line->p[i] == 127)
			return NULL;
	if (end == n || end - n > LIMIT_POSITION_BYTES)
		return NULL;
	return arena_strndup(known.arena, line->p + n, end - n);
}

/* Lines that the reading program writes are no part of a mail's identity. */
static bool
is_of_reader(const struct line *line)
{
	static const char *const names[] = { "Status:", "X-" };

	for (size_t i = 0; i < 2; i++)
		if (line->n >= strlen(names[i]) &&
		    strncasecmp(line->p, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static void
head_line(struct scan *s, const struct line *line)
{
	if (line->is_begin && s->id == NULL)
		s->id = id_of(line);
	if (s->id == NULL && !is_of_reader(line))
		sha256_add(&s->head, line->p, line->n);
}

static void
mail_end(struct scan *s, struct entry *e, int64_t end)
{
	uint8_t hash[SHA256_BYTES];

	if (e == NULL)
		return;
	e->end = end < e->begin ? e->begin : end;
	e->id = s->id;
	if (e->id != NULL)
		return;
	sha256_end(&s->head, hash);
	e->id = arena_printf(
	    known.arena, "sha256-%s", str_hex(known.arena, hash, sizeof(hash)));
}

static bool
is_from_line(const struct line *line)
{
	return line->is_begin && line->n > 5 &&
	       memcmp(line->p, "From ", 5) == 0;
}

static bool
is_empty_line(const struct line *line)
{
	return line->is_begin &&
	       (line->p[0] == '\n' ||
		   (line->n == 2 && line->p[0] == '\r' && line->p[1] == '\n'));
}

static bool
scan_file(int fd)
{
	struct lines lines = { .fd = fd };
	struct scan s = { .was_empty = true };
	struct entry *e = NULL;
	struct line line;

	while (line_next(&lines, &line) && known.n < LIMIT_MAILBOX_SCAN) {
		if (s.was_empty && is_from_line(&line)) {
			mail_end(&s, e, line.offset - (e != NULL));
			e = entry_add(line.offset + (int64_t)line.n,
			    from_time(line.p, line.n));
			s = (struct scan){ .is_in_head = true };
			sha256_init(&s.head);
			continue;
		}
		s.was_empty = is_empty_line(&line);
		if (s.was_empty)
			s.is_in_head = false;
		if (s.is_in_head)
			head_line(&s, &line);
	}
	mail_end(&s, e, lines.offset);
	return !lines.has_failed && known.n < LIMIT_MAILBOX_SCAN;
}

static void
known_forget(void)
{
	arena_free(known.arena);
	free(known.path);
	free(known.at);
	memset(&known, 0, sizeof(known));
}

static bool
is_known(const char *path, const struct stat *st)
{
	return str_eq(known.path, path) && known.dev == st->st_dev &&
	       known.ino == st->st_ino && known.size == st->st_size &&
	       known.mtime_ns == (int64_t)st->st_mtim.tv_sec * 1000000000 +
				     st->st_mtim.tv_nsec;
}

static enum fetch_result
index_make(int fd, const char *path, const struct stat *st, struct err *err)
{
	known_forget();
	known.arena = arena_new(INDEX_BYTES);
	known.path = xstrdup(path);
	known.dev = st->st_dev;
	known.ino = st->st_ino;
	known.size = st->st_size;
	known.mtime_ns =
	    (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
	if (scan_file(fd))
		return FETCH_OK;
	err_set(err, ERR_DATA,
	    "mbox %s: cannot be read, or holds too many "
	    "mails",
	    path);
	known_forget();
	return FETCH_TOO_BIG;
}

/* ---- the file ---- */

/* Who delivers or rewrites locks it; we only look whether someone does. */
static bool
is_locked(int fd)
{
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_SETLK, &lock) == -1 &&
	       (errno == EAGAIN || errno == EACCES);
}

/* Open with its index made; *fd is -1 unless FETCH_OK. */
static enum fetch_result
mbox_open(const char *path, int *fd, struct err *err)
{
	enum fetch_result result = FETCH_OK;
	struct stat st;

	*fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (*fd == -1 || fstat(*fd, &st) == -1)
		return mailbox_failed("mbox", path, err);
	if (!S_ISREG(st.st_mode)) {
		err_set(err, ERR_CONFIG, "%s is no mbox: it is no file", path);
		result = FETCH_REFUSED;
	} else if (st.st_size > LIMIT_MBOX_BYTES) {
		err_set(err, ERR_DATA, "mbox %s: larger than %ld bytes", path,
		    LIMIT_MBOX_BYTES);
		result = FETCH_TOO_BIG;
	} else if (is_locked(*fd)) {
		err_set(err, ERR_TEMP, "mbox %s: another program writes to it",
		    path);
		result = FETCH_TIMEOUT;
	} else if (!is_known(path, &st)) {
		result = index_make(*fd, path, &st, err);
	}
	if (result != FETCH_OK) {
		close(*fd);
		*fd = -1;
	}
	return result;
}

enum fetch_result
mbox_list(const struct mailbox *box, struct mail_list *to, struct err *err)
{
	enum fetch_result result;
	int fd;

	result = mbox_open(box->path, &fd, err);
	if (result != FETCH_OK)
		return result;
	close(fd);
	if (known.n == 0 && known.size > 0) {
		err_set(err, ERR_DATA,
		    "%s is no mbox: no line of it begins "
		    "with 'From '",
		    box->path);
		return FETCH_BROKEN;
	}
	for (size_t i = 0; i < known.n; i++)
		mail_list_add(to,
		    known.at[i].time_ms == 0 ? clock_wall_ms()
					     : known.at[i].time_ms,
		    arena_strdup(to->arena, known.at[i].id));
	return FETCH_OK;
}

/* ">From " in a mail was "From " before it came into the file. */
static void
unquote(struct buf *mail)
{
	char *p = mail->data, *end = mail->data + mail->len, *to = p;
	bool is_begin = true;

	while (p < end) {
		if (is_begin && *p == '>' && end - p > 5 &&
		    memcmp(p + 1, "From ", 5) == 0)
			p++;
		is_begin = *p == '\n';
		*to++ = *p++;
	}
	mail->len = (size_t)(to - mail->data);
}

static enum fetch_result
mail_read(int fd, const struct entry *e, struct buf *to, struct err *err)
{
	size_t left = (size_t)(e->end - e->begin);
	int64_t at = e->begin;

	if (buf_reserve(to, left) == NULL)
		return mail_too_big(e->end - e->begin, to, err);
	while (left > 0) {
		ssize_t n = pread(fd, to->data + to->len, left, at);

		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0) {
			err_set(err, ERR_IO, "the mail cannot be read");
			return FETCH_BROKEN;
		}
		to->len += (size_t)n;
		left -= (size_t)n;
		at += n;
	}
	unquote(to);
	to->data[to->len] = '\0';
	return FETCH_OK;
}

enum fetch_result
mbox_read(const struct mailbox *box, const char *position, struct buf *to,
    struct err *err)
{
	enum fetch_result result;
	int fd;

	result = mbox_open(box->path, &fd, err);
	if (result != FETCH_OK)
		return result;
	result = FETCH_UNCHANGED;
	/* Of two with one id the later is the one that was listed first. */
	for (size_t i = known.n; i-- > 0;)
		if (str_eq(known.at[i].id, position)) {
			result = mail_read(fd, &known.at[i], to, err);
			break;
		}
	close(fd);
	return result;
}
