/*
 * JSON for configuration, commands and messages (not for foreign pages:
 * extract has its own reader). A thin cover over jansson, whose header is
 * included in json.c alone. Values are counted references: json_free gives
 * one up; json_set and json_append take over the value they are given.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"

struct json;

/*
 * libjansson exports functions of these names; without other names for the
 * linker, it would call ours. No file includes both headers but json.c.
 */
#define json_object json_cover_object
#define json_array  json_cover_array
#define json_string json_cover_string
#define json_real   json_cover_real
#define json_null   json_cover_null
#define json_true   json_cover_true

/* Parse a whole text (any value); the error names line and column. */
struct json *json_parse(const char *text, size_t n, struct err *);
void json_free(struct json *);
struct json *json_ref(struct json *);

struct json *json_object(void);
struct json *json_array(void);
struct json *json_string(const char *); /* NULL gives null; UTF-8 mended */
struct json *json_int(int64_t);
struct json *json_real(double);
struct json *json_bool(bool);
struct json *json_null(void);

void json_set(struct json *object, const char *key, struct json *value);
void json_append(struct json *array, struct json *value);

/* Reading: NULL object, absent key or other type give NULL, 0 or fallback. */
struct json *json_get(const struct json *object, const char *key); /* lent */
struct json *json_at(const struct json *array, size_t i);          /* lent */
size_t json_size(const struct json *); /* items of an array or object */
bool json_is_object(const struct json *);
bool json_is_array(const struct json *);
bool json_is_string(const struct json *);
bool json_is_int(const struct json *);
bool json_is_number(const struct json *);
bool json_is_bool(const struct json *);
bool json_is_null(const struct json *);
const char *json_text(const struct json *); /* of a string, lent */
int64_t json_i64(const struct json *, int64_t fallback);
double json_double(const struct json *, double fallback);
bool json_true(const struct json *);
/* Shorthands for a member of an object. */
const char *json_get_text(const struct json *object, const char *key);
int64_t json_get_i64(const struct json *, const char *key, int64_t fallback);
bool json_get_true(const struct json *object, const char *key);
/* Walk an object in its order: for (i = 0; json_member(o, i, &k, &v); i++) */
bool json_member(
    const struct json *object, size_t i, const char **key, struct json **value);

/* One line of text in the arena; keys in the order they were set. */
char *json_dump(struct arena *, const struct json *);
/* The same, indented for people. */
char *json_dump_pretty(struct arena *, const struct json *);

#endif
