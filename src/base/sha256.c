#include "base/sha256.h"

#include <string.h>

#include "base/base_int.h"

static const uint32_t K[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
	0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
	0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138,
	0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624,
	0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f,
	0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2 };

static inline uint32_t
rotr(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

static inline uint32_t
load_be(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
store_be(uint8_t *p, uint32_t x)
{
	p[0] = (uint8_t)(x >> 24);
	p[1] = (uint8_t)(x >> 16);
	p[2] = (uint8_t)(x >> 8);
	p[3] = (uint8_t)x;
}

/* The message schedule of FIPS 180-4 section 6.2.2, in a ring of 16 words. */
static inline uint32_t
schedule(uint32_t w[16], int t)
{
	uint32_t a = w[(t + 1) & 15], b = w[(t + 14) & 15];

	w[t & 15] += (rotr(a, 7) ^ rotr(a, 18) ^ a >> 3) + w[(t + 9) & 15] +
		     (rotr(b, 17) ^ rotr(b, 19) ^ b >> 10);
	return w[t & 15];
}

/*
 * One round; instead of moving the eight words, round t finds them at
 * s[(i - t) & 7], which a compiler turns into registers once unrolled.
 */
static inline void
step(uint32_t s[8], int t, uint32_t wk)
{
	uint32_t a = s[(0 - t) & 7], b = s[(1 - t) & 7], c = s[(2 - t) & 7];
	uint32_t e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7];
	uint32_t *d = &s[(3 - t) & 7], *h = &s[(7 - t) & 7];
	uint32_t t1 = *h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) +
		      (g ^ (e & (f ^ g))) + wk;

	*d += t1;
	*h = t1 + (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) +
	     ((a & b) | (c & (a | b)));
}

static void
compress_plain(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	uint32_t w[16], s[8];

	for (; blocks > 0; blocks--, data += 64) {
		memcpy(s, state, sizeof(s));
		for (int t = 0; t < 16; t++)
			w[t] = load_be(data + 4 * t);
#pragma GCC unroll 16
		for (int t = 0; t < 16; t++)
			step(s, t, w[t] + K[t]);
		for (int r = 16; r < 64; r += 16) {
#pragma GCC unroll 16
			for (int t = 0; t < 16; t++)
				step(s, t, schedule(w, t) + K[r + t]);
		}
		for (int i = 0; i < 8; i++)
			state[i] += s[i];
	}
}

static void
compress(uint32_t state[8], const uint8_t *data, size_t blocks)
{
	if (sha256_x86_is_there())
		sha256_x86_compress(state, data, blocks, K);
	else
		compress_plain(state, data, blocks);
}

void
sha256_init(struct sha256 *h)
{
	static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372,
		0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	memcpy(h->state, start, sizeof(h->state));
	h->length = 0;
}

void
sha256_add(struct sha256 *h, const void *from, size_t n)
{
	const uint8_t *p = from;
	size_t held = h->length % 64, part;

	if (n == 0)
		return;
	h->length += n;
	if (held > 0) {
		part = n < 64 - held ? n : 64 - held;
		memcpy(h->block + held, p, part);
		p += part;
		n -= part;
		if (held + part < 64)
			return;
		compress(h->state, h->block, 1);
	}
	compress(h->state, p, n / 64);
	memcpy(h->block, p + n / 64 * 64, n % 64);
}

void
sha256_end(struct sha256 *h, uint8_t to[SHA256_BYTES])
{
	static const uint8_t padding[64] = { 0x80 };
	uint64_t bits = h->length * 8;
	uint8_t tail[8];

	store_be(tail, (uint32_t)(bits >> 32));
	store_be(tail + 4, (uint32_t)bits);
	sha256_add(h, padding, 1 + (119 - h->length % 64) % 64);
	sha256_add(h, tail, sizeof(tail));
	for (int i = 0; i < 8; i++)
		store_be(to + 4 * i, h->state[i]);
}

void
sha256_of(const void *from, size_t n, uint8_t to[SHA256_BYTES])
{
	struct sha256 h;

	sha256_init(&h);
	sha256_add(&h, from, n);
	sha256_end(&h, to);
}

void
hmac_sha256(const void *key, size_t key_bytes, const void *data,
    size_t data_bytes, uint8_t to[SHA256_BYTES])
{
	uint8_t k[64] = { 0 }, pad[64];
	struct sha256 h;

	if (key_bytes > sizeof(k))
		sha256_of(key, key_bytes, k);
	else if (key_bytes > 0)
		memcpy(k, key, key_bytes);

	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] = k[i] ^ 0x36;
	sha256_init(&h);
	sha256_add(&h, pad, sizeof(pad));
	sha256_add(&h, data, data_bytes);
	sha256_end(&h, to);

	for (size_t i = 0; i < sizeof(pad); i++)
		pad[i] = k[i] ^ 0x5c;
	sha256_init(&h);
	sha256_add(&h, pad, sizeof(pad));
	sha256_add(&h, to, SHA256_BYTES);
	sha256_end(&h, to);
	explicit_bzero(k, sizeof(k));
	explicit_bzero(pad, sizeof(pad));
}

uint64_t
hash64(const void *from, size_t n)
{
	const uint8_t *p = from;
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	/* FNV's high bits are weak for short keys: murmur3's finisher. */
	h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return h ^ h >> 33;
}
