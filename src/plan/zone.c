/*
 * Time zones from TZif files (RFC 8536). Neither mktime(3) nor PostgreSQL
 * picks the first pass of an overlap (semantics, section 3), so local times
 * are turned into instants here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/limits.h"
#include "base/str.h"
#include "plan/plan_int.h"

/* RFC 8536 section 3.2: offsets should lie between -25 and 26 hours. */
#define OFFSET_MAX (26 * 3600)
/* Further apart than any two local dates of one instant. */
#define LOOK_BACK_S (3 * DAY_S)
/* The names of all zones, twice. */
#define NAMES_BYTES ((size_t)1 << 20)

struct zone {
	size_t ntransitions;
	int64_t *at;      /* ascending, seconds */
	int32_t *offset;  /* from at[i] on */
	int32_t earliest; /* before at[0] */
	struct zone_rule rule;
};

/* ---- reading the file ---- */

struct tzif {
	const uint8_t *p, *end;
	char version;
	uint32_t isut, isstd, leap, times, types, chars;
};

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static int64_t
be64(const uint8_t *p)
{
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

static size_t
left(const struct tzif *f)
{
	return (size_t)(f->end - f->p);
}

static int
read_header(struct tzif *f, struct err *e)
{
	if (left(f) < 44 || memcmp(f->p, "TZif", 4) != 0)
		return err_set(e, ERR_DATA, "not a TZif file");
	f->version = (char)f->p[4];
	f->isut = be32(f->p + 20);
	f->isstd = be32(f->p + 24);
	f->leap = be32(f->p + 28);
	f->times = be32(f->p + 32);
	f->types = be32(f->p + 36);
	f->chars = be32(f->p + 40);
	f->p += 44;
	if (f->types == 0 || f->types > 256 || f->times > LIMIT_ZONE_BYTES ||
	    f->leap > LIMIT_ZONE_BYTES || f->chars > LIMIT_ZONE_BYTES ||
	    f->isstd > f->types || f->isut > f->types)
		return err_set(e, ERR_DATA, "impossible counts in a TZif file");
	return 0;
}

static size_t
block_size(const struct tzif *f, size_t time_size)
{
	return f->times * (time_size + 1) + f->types * (size_t)6 + f->chars +
	       f->leap * (time_size + 4) + f->isstd + f->isut;
}

static int
read_type(const uint8_t *types, uint32_t i, int32_t *offset, struct err *e)
{
	*offset = (int32_t)be32(types + i * (size_t)6);
	if (*offset < -OFFSET_MAX || *offset > OFFSET_MAX)
		return err_set(e, ERR_DATA, "an offset of %d s in a TZif file",
		    (int)*offset);
	return 0;
}

static int
read_block(struct arena *a, struct tzif *f, struct zone *z, struct err *e)
{
	const uint8_t *times = f->p, *index = times + f->times * (size_t)8;
	const uint8_t *types = index + f->times;

	z->ntransitions = f->times;
	z->at = arena_array(a, f->times, sizeof(*z->at));
	z->offset = arena_array(a, f->times, sizeof(*z->offset));
	if (read_type(types, 0, &z->earliest, e) != 0)
		return -1;
	for (uint32_t i = 0; i < f->times; i++) {
		z->at[i] = be64(times + i * (size_t)8);
		if (i > 0 && z->at[i] <= z->at[i - 1])
			return err_set(e, ERR_DATA,
			    "transitions out of order in a TZif file");
		if (index[i] >= f->types)
			return err_set(
			    e, ERR_DATA, "an unknown type in a TZif file");
		if (read_type(types, index[i], &z->offset[i], e) != 0)
			return -1;
	}
	f->p += block_size(f, 8);
	return 0;
}

static int
read_footer(struct tzif *f, struct zone *z, struct err *e)
{
	const uint8_t *begin, *newline;

	if (left(f) < 2 || *f->p != '\n')
		return err_set(e, ERR_DATA, "no footer in a TZif file");
	begin = f->p + 1;
	newline = memchr(begin, '\n', (size_t)(f->end - begin));
	if (newline == NULL)
		return err_set(e, ERR_DATA, "a cut footer in a TZif file");
	if (newline == begin)
		return 0;
	if (!zone_rule_parse(
		(const char *)begin, (size_t)(newline - begin), &z->rule))
		return err_set(e, ERR_DATA, "a bad footer in a TZif file");
	return 0;
}

struct zone *
zone_parse(struct arena *a, const void *data, size_t n, struct err *e)
{
	struct tzif f = { data, (const uint8_t *)data + n, 0, 0, 0, 0, 0, 0,
		0 };
	struct zone *z = arena_alloc(a, sizeof(*z));

	if (read_header(&f, e) != 0)
		return NULL;
	if (f.version < '2') {
		err_set(e, ERR_DATA, "a TZif file of version 1");
		return NULL;
	}
	if (left(&f) < block_size(&f, 4)) {
		err_set(e, ERR_DATA, "a cut TZif file");
		return NULL;
	}
	f.p += block_size(&f, 4);
	if (read_header(&f, e) != 0)
		return NULL;
	if (f.leap > 0) {
		err_set(e, ERR_DATA, "a zone that counts leap seconds");
		return NULL;
	}
	if (left(&f) < block_size(&f, 8)) {
		err_set(e, ERR_DATA, "a cut TZif file");
		return NULL;
	}
	if (read_block(a, &f, z, e) != 0 || read_footer(&f, z, e) != 0)
		return NULL;
	return z;
}

static bool
name_is_safe(const char *name)
{
	if (name[0] == '\0' || name[0] == '/' || strstr(name, "..") != NULL ||
	    strlen(name) > 100)
		return false;
	for (const char *p = name; *p != '\0'; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
			(*p >= '0' && *p <= '9') || strchr("+-_/", *p)))
			return false;
	return true;
}

/* Up to size bytes of a file; -1 and errno if it cannot be read. */
static ssize_t
read_file(const char *path, uint8_t *to, size_t size)
{
	size_t n = 0;
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd == -1)
		return -1;
	while (n < size && (got = read(fd, to + n, size - n)) > 0)
		n += (size_t)got;
	close(fd);
	return got < 0 ? -1 : (ssize_t)n;
}

static void
unknown_zone(const char *name, struct err *e)
{
	struct arena *scratch = arena_new(NAMES_BYTES);
	const char *near = zone_nearest(scratch, name);

	err_set(e, ERR_DATA, "unknown time zone '%s'", name);
	if (near != NULL)
		err_hint(e, "did you mean '%s'?", near);
	else
		err_hint(e, "names are as in %s, for example Europe/Berlin",
		    ZONE_DIR);
	arena_free(scratch);
}

struct zone *
zone_load(struct arena *a, const char *name, struct err *e)
{
	char path[200];
	uint8_t *data = NULL;
	struct zone *z = NULL;
	ssize_t n;

	if (!name_is_safe(name)) {
		err_set(e, ERR_DATA, "'%.100s' is not a time zone", name);
		return NULL;
	}
	/* The zone of last resort must not depend on a package. */
	if (strcmp(name, "UTC") == 0)
		return arena_alloc(a, sizeof(*z));
	snprintf(path, sizeof(path), ZONE_DIR "/%s", name);
	data = xmalloc(LIMIT_ZONE_BYTES);
	n = read_file(path, data, LIMIT_ZONE_BYTES);
	if (n < 0) {
		unknown_zone(name, e);
	} else {
		z = zone_parse(a, data, (size_t)n, e);
		if (z == NULL)
			err_prefix(e, "time zone '%s'", name);
	}
	free(data);
	return z;
}

/* ---- from instants to local time ---- */

/* How many transitions are at or before utc_s. */
static size_t
passed(const struct zone *z, int64_t utc_s)
{
	size_t low = 0, high = z->ntransitions;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (z->at[middle] <= utc_s)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int32_t
offset_at(const struct zone *z, int64_t utc_s)
{
	size_t i = passed(z, utc_s);

	if (i == z->ntransitions && z->rule.present)
		return zone_rule_offset(&z->rule, utc_s);
	return i == 0 ? z->earliest : z->offset[i - 1];
}

/* The first transition after utc_s; INT64_MAX if there is none. */
static int64_t
next_change(const struct zone *z, int64_t utc_s)
{
	size_t i = passed(z, utc_s);

	if (i < z->ntransitions)
		return z->at[i];
	return z->rule.present ? zone_rule_next(&z->rule, utc_s) : INT64_MAX;
}

static int64_t
floor_seconds(int64_t ms)
{
	return ms / 1000 - (ms % 1000 < 0);
}

int32_t
zone_offset(const struct zone *z, int64_t utc_ms)
{
	return offset_at(z, floor_seconds(utc_ms));
}

void
zone_local(const struct zone *z, int64_t utc_ms, struct civil *to)
{
	civil_from_ms(utc_ms + zone_offset(z, utc_ms) * (int64_t)1000, to);
}

/* ---- from local time to instants ---- */

/* Does the gap at change swallow the whole local date of local_s? */
static bool
gap_holds_date(int64_t change, int32_t before, int32_t after, int64_t local_s)
{
	int64_t midnight = local_s - (local_s % DAY_S + DAY_S) % DAY_S;

	return change + before <= midnight &&
	       midnight + DAY_S <= change + after;
}

bool
zone_instant(const struct zone *z, const struct civil *local, bool second_pass,
    int64_t *utc_ms)
{
	int64_t wall = floor_seconds(civil_to_ms(local));
	int64_t begin = wall - LOOK_BACK_S, found = 0;
	bool is_found = false;

	/*
	 * Between two changes the offset is constant: look through each such
	 * piece that could hold the local time. The first that does is the
	 * first pass, the last one the second.
	 */
	while (begin < wall + LOOK_BACK_S) {
		int32_t offset = offset_at(z, begin);
		int64_t end = next_change(z, begin), utc = wall - offset;

		if (utc >= begin && utc < end) {
			found = utc;
			is_found = true;
			if (!second_pass)
				break;
		} else if (utc >= end && !is_found) {
			/* After this piece by its own offset; before the next
			 * piece by that one's: the time fell into the gap. */
			int32_t after = offset_at(z, end);

			if (wall - after < end) {
				if (gap_holds_date(end, offset, after, wall))
					return false;
				found = utc;
				is_found = true;
			}
		}
		if (end == INT64_MAX)
			break;
		begin = end;
	}
	*utc_ms = found * 1000;
	return is_found;
}
