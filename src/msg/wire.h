/*
 * How values lie in a frame or an output memfd: little-endian integers and
 * length-prefixed bytes. Putting never fails (the buffer is marked when its
 * ceiling is met); getting is strict: bounded, NUL-free valid UTF-8 for
 * strings, and a reader that met a fault stays bad, so that one question at
 * the end is enough.
 */
#ifndef MSG_WIRE_H
#define MSG_WIRE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"

void put_u8(struct buf *, uint8_t);
void put_u32(struct buf *, uint32_t);
void put_i64(struct buf *, int64_t);
void put_double(struct buf *, double);
void put_bool(struct buf *, bool);
/*
 * A string; NULL is told apart from "". Malformed UTF-8 goes out as U+FFFD,
 * so that a foreign byte (a header, a banner) never costs its messenger.
 */
void put_str(struct buf *, const char *);
/* A string that is always there: NULL goes out as "". */
void put_text(struct buf *, const char *);
void put_bytes(struct buf *, const void *, size_t);
/* A counted list of strings. */
void put_strs(struct buf *, const char *const *, size_t);

struct wire {
	const uint8_t *p, *end;
	struct arena *arena; /* strings and arrays are copied into it */
	bool bad;
};

void wire_init(struct wire *, struct arena *, const void *, size_t);
uint8_t get_u8(struct wire *);
uint32_t get_u32(struct wire *);
int64_t get_i64(struct wire *);
double get_double(struct wire *);
bool get_bool(struct wire *);
/* A string that must be there; "" if the reader is or becomes bad. */
const char *get_str(struct wire *);
/* A string or NULL. */
const char *get_str_opt(struct wire *);
const void *get_bytes(struct wire *, size_t *n);
const char *const *get_strs(struct wire *, size_t *n);
/* A count of elements that each take at least min_bytes on the wire. */
size_t get_count(struct wire *, size_t min_bytes, size_t max);
/* An enum value below limit. */
uint32_t get_enum(struct wire *, uint32_t limit);
/* 0 if nothing was wrong and nothing is left over; else -1 and what. */
int get_end(struct wire *, const char *what, struct err *);

#endif
