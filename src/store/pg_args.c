/*
 * Parameters in PostgreSQL's binary form, which needs no escaping and is
 * read without parsing.
 */
#include <endian.h>
#include <string.h>
#include "store/pg_int.h"

/* Types of pg_type.h; an array's is beside its element's. */
#define OID_BOOL              16
#define OID_BYTEA             17
#define OID_INT8              20
#define OID_TEXT              25
#define OID_TIMESTAMPTZ       1184
#define OID_BOOL_ARRAY        1000
#define OID_BYTEA_ARRAY       1001
#define OID_TEXT_ARRAY        1009
#define OID_INT8_ARRAY        1016
#define OID_TIMESTAMPTZ_ARRAY 1185

/* PostgreSQL counts microseconds from 2000-01-01. */
#define PG_EPOCH_MS 946684800000LL
/* dimensions, has nulls, element type, length, lower bound */
#define ARRAY_HEADER 20
/* A parameter over this is refused by the server in any case (1 GB). */
#define COL_MAX_BYTES (900UL * 1024 * 1024)

static const struct {
	unsigned element, array;
} oids[] = {
	[COL_I64] = { OID_INT8, OID_INT8_ARRAY },
	[COL_TEXT] = { OID_TEXT, OID_TEXT_ARRAY },
	[COL_BYTES] = { OID_BYTEA, OID_BYTEA_ARRAY },
	[COL_BOOL] = { OID_BOOL, OID_BOOL_ARRAY },
	[COL_TIME] = { OID_TIMESTAMPTZ, OID_TIMESTAMPTZ_ARRAY },
};

static void
add_u32(struct buf *b, uint32_t value)
{
	value = htobe32(value);
	buf_add(b, &value, sizeof(value));
}

void
col_init(struct col *c, enum col_type type)
{
	buf_init(&c->b, COL_MAX_BYTES);
	c->type = type;
	col_reset(c);
}

void
col_fini(struct col *c)
{
	buf_fini(&c->b);
}

void
col_reset(struct col *c)
{
	static const char header[ARRAY_HEADER];

	buf_reset(&c->b);
	buf_add(&c->b, header, sizeof(header));
	c->n = c->nulls = 0;
}

void
col_null(struct col *c)
{
	add_u32(&c->b, (uint32_t)-1);
	c->n++;
	c->nulls++;
}

static void
add_value(struct col *c, const void *p, size_t n)
{
	char *to = buf_reserve(&c->b, n + 4);
	uint32_t length = htobe32((uint32_t)n);

	if (to == NULL)
		return;
	memcpy(to, &length, 4);
	if (n > 0)
		memcpy(to + 4, p, n);
	c->b.len += n + 4;
	c->n++;
}

void
col_i64(struct col *c, int64_t value)
{
	uint64_t be = htobe64((uint64_t)value);

	add_value(c, &be, sizeof(be));
}

void
col_bool(struct col *c, bool value)
{
	add_value(c, value ? "\1" : "\0", 1);
}

void
col_text_n(struct col *c, const char *text, size_t n)
{
	add_value(c, text, n);
}

void
col_text(struct col *c, const char *text)
{
	if (text == NULL)
		col_null(c);
	else
		add_value(c, text, strlen(text));
}

void
col_bytes(struct col *c, const void *p, size_t n)
{
	if (p == NULL)
		col_null(c);
	else
		add_value(c, p, n);
}

static uint64_t
time_from_ms(int64_t ms)
{
	return htobe64((uint64_t)((ms - PG_EPOCH_MS) * 1000));
}

void
col_ms(struct col *c, int64_t ms)
{
	uint64_t be = time_from_ms(ms);

	add_value(c, &be, sizeof(be));
}

/* ---- a statement's parameters ---- */

static int
next_arg(struct args *a, unsigned type)
{
	if (a->n == ARGS_MAX)
		fatal("a statement with more than %d parameters", ARGS_MAX);
	a->type[a->n] = type;
	a->format[a->n] = 1;
	a->value[a->n] = NULL;
	a->length[a->n] = 0;
	return a->n++;
}

static void
set_number(struct args *a, int i, uint64_t be)
{
	a->number[i] = be;
	a->value[i] = (const char *)&a->number[i];
	a->length[i] = sizeof(be);
}

void
arg_i64(struct args *a, int64_t value)
{
	set_number(a, next_arg(a, OID_INT8), htobe64((uint64_t)value));
}

void
arg_ms(struct args *a, int64_t ms)
{
	set_number(a, next_arg(a, OID_TIMESTAMPTZ), time_from_ms(ms));
}

void
arg_bool(struct args *a, bool value)
{
	int i = next_arg(a, OID_BOOL);

	a->value[i] = value ? "\1" : "\0";
	a->length[i] = 1;
}

void
arg_text(struct args *a, const char *text)
{
	int i = next_arg(a, OID_TEXT);

	a->value[i] = text;
	a->length[i] = text == NULL ? 0 : (int)strlen(text);
}

void
arg_bytes(struct args *a, const void *p, size_t n)
{
	int i = next_arg(a, OID_BYTEA);

	a->value[i] = p;
	a->length[i] = (int)n;
}

void
arg_null(struct args *a)
{
	next_arg(a, OID_TEXT);
}

void
arg_null_array(struct args *a)
{
	next_arg(a, OID_TEXT_ARRAY);
}

void
arg_col(struct args *a, struct col *c)
{
	int i = next_arg(a, oids[c->type].array);
	uint32_t header[5];

	if (c->b.over)
		fatal("a parameter over %lu bytes", COL_MAX_BYTES);
	header[0] = htobe32(c->n == 0 ? 0 : 1);
	header[1] = htobe32(c->nulls > 0);
	header[2] = htobe32(oids[c->type].element);
	header[3] = htobe32(c->n);
	header[4] = htobe32(1);
	memcpy(c->b.data, header, sizeof(header));
	a->value[i] = c->b.data;
	/* An empty array has no dimensions, so its header ends early. */
	a->length[i] = c->n == 0 ? 12 : (int)c->b.len;
}
