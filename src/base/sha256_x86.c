/*
 * SHA-256 by the instructions that x86 processors have for it: eight times
 * as fast, and every page and posting is hashed.
 */
#include <string.h>
#include "base/base_int.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define LEAF1_SSSE3  (1u << 9)
#define LEAF1_SSE41  (1u << 19)
#define LEAF7_SHA    (1u << 29)
#define WITH_SHA     __attribute__((target("sha,sse4.1,ssse3")))
#define ROUND_GROUPS 16

bool
sha256_x86_is_there(void)
{
	static int known = -1;
	unsigned a, b, c, d, leaf1 = 0, leaf7 = 0;

	if (known != -1)
		return known;
	if (__get_cpuid(1, &a, &b, &c, &d))
		leaf1 = c;
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d))
		leaf7 = b;
	known = (leaf1 & LEAF1_SSSE3) && (leaf1 & LEAF1_SSE41) &&
		(leaf7 & LEAF7_SHA);
	return known;
}

static inline WITH_SHA __m128i
load(const void *p)
{
	return _mm_loadu_si128(p);
}

/* Sixteen words of message, four at a time, in a ring of four vectors. */
static inline WITH_SHA void
block_rounds(__m128i s[2], __m128i m[4], const uint32_t K[64])
{
	__m128i wk, next;

#pragma GCC unroll 16
	for (int i = 0; i < ROUND_GROUPS; i++) {
		wk = _mm_add_epi32(m[i & 3], load(&K[4 * i]));
		s[1] = _mm_sha256rnds2_epu32(s[1], s[0], wk);
		wk = _mm_shuffle_epi32(wk, 0x0e);
		s[0] = _mm_sha256rnds2_epu32(s[0], s[1], wk);
		if (i >= ROUND_GROUPS - 4)
			continue;
		next = _mm_sha256msg1_epu32(m[i & 3], m[(i + 1) & 3]);
		next = _mm_add_epi32(
		    next, _mm_alignr_epi8(m[(i + 3) & 3], m[(i + 2) & 3], 4));
		m[i & 3] = _mm_sha256msg2_epu32(next, m[(i + 3) & 3]);
	}
}

/* The instructions want the state as ABEF and CDGH. */
WITH_SHA void
sha256_x86_compress(
    uint32_t state[8], const uint8_t *data, size_t blocks, const uint32_t K[64])
{
	const __m128i swap =
	    _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
	__m128i low = _mm_shuffle_epi32(load(&state[0]), 0xb1);
	__m128i high = _mm_shuffle_epi32(load(&state[4]), 0x1b);
	__m128i s[2] = { _mm_alignr_epi8(low, high, 8),
		_mm_blend_epi16(high, low, 0xf0) };
	__m128i before[2], m[4];

	for (; blocks > 0; blocks--, data += 64) {
		before[0] = s[0];
		before[1] = s[1];
		for (int i = 0; i < 4; i++)
			m[i] = _mm_shuffle_epi8(load(data + 16 * i), swap);
		block_rounds(s, m, K);
		s[0] = _mm_add_epi32(s[0], before[0]);
		s[1] = _mm_add_epi32(s[1], before[1]);
	}
	low = _mm_shuffle_epi32(s[0], 0x1b);
	high = _mm_shuffle_epi32(s[1], 0xb1);
	s[0] = _mm_blend_epi16(low, high, 0xf0);
	s[1] = _mm_alignr_epi8(high, low, 8);
	memcpy(state, s, sizeof(s));
}

#else

bool
sha256_x86_is_there(void)
{
	return false;
}

void
sha256_x86_compress(
    uint32_t state[8], const uint8_t *data, size_t blocks, const uint32_t K[64])
{
	(void)state, (void)data, (void)blocks, (void)K;
}

#endif
