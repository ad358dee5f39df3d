/*
 * SHA-256 (FIPS 180-4) and HMAC-SHA256 (RFC 2104).
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32

struct sha256 {
	uint32_t state[8];
	uint64_t length;
	uint8_t block[64];
};

void sha256_init(struct sha256 *);
void sha256_add(struct sha256 *, const void *, size_t);
void sha256_end(struct sha256 *, uint8_t to[SHA256_BYTES]);
void sha256_of(const void *, size_t, uint8_t to[SHA256_BYTES]);
void hmac_sha256(const void *key, size_t key_bytes, const void *data,
    size_t data_bytes, uint8_t to[SHA256_BYTES]);
/* A fast 64-bit hash (FNV-1a with a finisher) for keys of our own text. */
uint64_t hash64(const void *, size_t);

#endif
