/* Salaries: numbers, currencies, periods, what is no pay, and vectors. */
#include <math.h>
#include "extract/value_int.h"
#include "vectors.h"

static struct arena *arena;

static const char *
limit(bool has, double value)
{
	return has ? arena_printf(arena, "%.15g", value) : "-";
}

/* "50000-60000 EUR year", "once" and "est" where they are. */
static const char *
in(const char *country, const char *text)
{
	struct pay got;
	const char *period;

	if (arena == NULL)
		arena = arena_new(1024L * 1024);
	arena_reset(arena);
	if (!value_pay(text, country, &got))
		return "none";
	period = got.once ? "once" : pay_period_name(got.period);
	return arena_printf(arena, "%s..%s %s%s%s%s",
	    limit(got.has_min, got.min), limit(got.has_max, got.max),
	    got.currency != NULL ? got.currency : "?",
	    period != NULL ? " " : "", period != NULL ? period : "",
	    got.predicted ? " est" : "");
}

static const char *
of(const char *text)
{
	return in(NULL, text);
}

static void
numbers(void)
{
	CHECK_STR(of("$1,234,567.89"), "1234567.89..1234567.89 USD");
	CHECK_STR(
	    of("1.234.567,89 \xe2\x82\xac"), "1234567.89..1234567.89 EUR");
	CHECK_STR(of("1 234 567 K\xc4\x8d"), "1234567..1234567 CZK");
	CHECK_STR(of("CHF 1'234.50"), "1234.5..1234.5 CHF");
	CHECK_STR(of("\xe2\x82\xb9"
		     "12,34,567"),
	    "1234567..1234567 INR");
	CHECK_STR(of("EUR 13,5"), "13.5..13.5 EUR");
	CHECK_STR(of("EUR 12,3456"), "12.3456..12.3456 EUR");
	CHECK_STR(of("EUR 3.000,-"), "3000..3000 EUR");
	CHECK_STR(of("$259.6K"), "259600..259600 USD");
	CHECK_STR(of("$12345.67"), "12345.67..12345.67 USD");
	CHECK_STR(of("$1.2M"), "1200000..1200000 USD");
	CHECK_STR(of("60 Tsd. \xe2\x82\xac"), "60000..60000 EUR");
	CHECK_STR(of("60T\xe2\x82\xac"), "60000..60000 EUR");
	CHECK_STR(of("60kEUR"), "60000..60000 EUR");
	CHECK_STR(of("6-8 lakhs"), "600000..800000 INR");
	CHECK_STR(of("30\xe4\xb8\x87\xe5\x86\x86"), "300000..300000 JPY");
}

static void
currencies(void)
{
	CHECK_STR(of("$50"), "50..50 USD");
	CHECK_STR(in("CA", "$50"), "50..50 CAD");
	CHECK_STR(in("AU", "A$50"), "50..50 AUD");
	CHECK_STR(in("CA", "US$50"), "50..50 USD");
	CHECK_STR(of("$50 CAD"), "50..50 CAD");
	CHECK_STR(of("CAD $50"), "50..50 CAD");
	CHECK_STR(of("R$ 50"), "50..50 BRL");
	CHECK_STR(of("S$50"), "50..50 SGD");
	CHECK_STR(in("NO", "500 000 kr"), "500000..500000 NOK");
	CHECK_STR(of("500.000 kr."), "500000..500000 SEK");
	CHECK_STR(in("MX", "20,000 pesos"), "20000..20000 MXN");
	CHECK_STR(of("Rs. 500"), "500..500 INR");
	CHECK_STR(of("50 euros"), "50..50 EUR");
	CHECK_STR(of("50000 usd"), "50000..50000 USD");
	CHECK_STR(of("Salary (EUR): 50,000 - 60,000"), "50000..60000 EUR");
	CHECK_STR(of("\xc2\xa5"
		     "300,000"),
	    "300000..300000 JPY");
	CHECK_STR(in("CN", "\xc2\xa5"
			   "30,000"),
	    "30000..30000 CNY");
}

static void
ranges(void)
{
	CHECK_STR(of("$40- $60k"), "40000..60000 USD");
	CHECK_STR(of("$900 - 1.2k"), "900..1200 USD");
	CHECK_STR(of("\xc2\xa3"
		     "75\xe2\x80\x93"
		     "95k"),
	    "75000..95000 GBP");
	CHECK_STR(of("$100k - 120"), "100000..120000 USD");
	CHECK_STR(of("k\xe2\x82\xac 45 - 55"), "45000..55000 EUR");
	CHECK_STR(of("TEUR 50-60"), "50000..60000 EUR");
	CHECK_STR(of("from $50k to $60k"), "50000..60000 USD");
	CHECK_STR(of("between $50k and $60k"), "50000..60000 USD");
	CHECK_STR(of("von 50.000 bis 60.000 EUR"), "50000..60000 EUR");
	CHECK_STR(
	    of("entre 30k\xe2\x82\xac et 40k\xe2\x82\xac"), "30000..40000 EUR");
	CHECK_STR(of("$25/hr - $30/hr"), "25..30 USD hour");
	CHECK_STR(of("$60k-$50k"), "50000..60000 USD");
	CHECK_STR(of("from $50k"), "50000..- USD");
	CHECK_STR(of("$50k+"), "50000..- USD");
	CHECK_STR(of("$50k and up"), "50000..- USD");
	CHECK_STR(of("up to $50k"), "-..50000 USD");
	CHECK_STR(of("jusqu'\xc3\xa0 40 000 \xe2\x82\xac par an"),
	    "-..40000 EUR year");
	CHECK_STR(of("45/50K\xe2\x82\xac"), "45000..50000 EUR");
	CHECK_STR(of("$0 - $50,000"), "0..50000 USD");
	CHECK_STR(of("$1.00 - $250,000"), "1..250000 USD");
}

static void
periods(void)
{
	CHECK_STR(of("$20 an hour"), "20..20 USD hour");
	CHECK_STR(of("$20/h"), "20..20 USD hour");
	CHECK_STR(of("$20 hourly"), "20..20 USD hour");
	CHECK_STR(of("$20 PER_HOUR"), "20..20 USD hour");
	CHECK_STR(of("USD 100000 per-year-salary"), "100000..100000 USD year");
	CHECK_STR(of("\xe2\x82\xac"
		     "400 pro Tag"),
	    "400..400 EUR day");
	CHECK_STR(of("TJM 500 \xe2\x82\xac"), "500..500 EUR day");
	CHECK_STR(of("$800 weekly"), "800..800 USD week");
	CHECK_STR(of("1.500 \xe2\x82\xac al mes"), "1500..1500 EUR month");
	CHECK_STR(of("2 000 \xe2\x82\xac mensuels"), "2000..2000 EUR month");
	CHECK_STR(
	    of("Jahresgehalt: 60.000 \xe2\x82\xac"), "60000..60000 EUR year");
	CHECK_STR(of("45k \xe2\x82\xac/an"), "45000..45000 EUR year");
	CHECK_STR(of("$25 per hour, 20 hours per week"), "25..25 USD hour");
	CHECK_STR(
	    of("1.580 \xe2\x82\xac (20 Stunden/Woche)"), "1580..1580 EUR");
	CHECK_STR(of("$100k + annual bonus"), "100000..100000 USD");
	CHECK_STR(of("$20 - $25 | Hourly"), "20..25 USD hour");
	CHECK_STR(of("25 per hour"), "25..25 ? hour");
	CHECK_STR(of("$1,000 bi-weekly"), "1000..1000 USD");
	CHECK_STR(of("\xe6\x9c\x88\xe7\xb5\xa6 25\xe4\xb8\x87\xe5\x86\x86"),
	    "250000..250000 JPY month");
}

static void
no_pay(void)
{
	static const char *const texts[] = { "", "-", "-1", "N/A", "DOE",
		"Competitive", "401(k) match", "401k match", "5+ years",
		"40 hours per week", "100%", "0.5% - 1%", "$0", "$0 - $0",
		"$3.3M raised", "$37B", "saves $100M every year", "a16z",
		"IR35", "24/7", "3 days a week", "\xff\xfe", "$", "$$$", "k",
		"2 Locations", "raised $20M in Series A funding", "2026",
		"2024 - 2025", "$1 - $1", "4444444444444 - $13k" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (strcmp(of(texts[i]), "none") != 0) {
			printf("'%s' is %s\n", texts[i], of(texts[i]));
			CHECK(!"no pay");
		}
}

static void
once(void)
{
	struct salary salary = { 0 };

	CHECK_STR(of("$500 stipend"), "500..500 USD once");
	CHECK_STR(of("$5,000 one-time"), "5000..5000 USD once");
	CHECK_STR(of("Sign-on bonus: $5,000"), "5000..5000 USD once");
	CHECK_STR(of("$2,000 monthly stipend"), "2000..2000 USD month");
	CHECK_STR(of("$10k bonus, $90k base"), "90000..90000 USD");
	CHECK(!value_salary(arena, "$500 stipend", NULL, &salary));
	CHECK(!salary.present);
	CHECK(value_salary(arena, "$50k a year (est.)", NULL, &salary));
	CHECK(salary.present && salary.predicted && salary.min == 50000 &&
	      salary.max == 50000 && salary.period == PAY_YEAR);
	CHECK_STR(salary.currency, "USD");
	CHECK_STR(of("$50k (Employer est.)"), "50000..50000 USD");
}

static bool
same_number(const struct json *want, const struct json *got)
{
	if (json_is_null(want) || json_is_null(got))
		return json_is_null(want) && json_is_null(got);
	return json_double(want, -1) == json_double(got, -2);
}

static bool
same_text(const char *want, const char *got)
{
	return want == got ||
	       (want != NULL && got != NULL && strcmp(want, got) == 0);
}

static bool
agrees(const struct json *c, const struct json *got)
{
	const struct json *want = json_get(c, "expect");
	const char *guess = json_get_text(c, "period_guess");
	const char *period = json_get_text(got, "period");

	if (json_is_null(want) || json_is_null(got))
		return json_is_null(want) && json_is_null(got);
	return same_number(json_get(want, "min"), json_get(got, "min")) &&
	       same_number(json_get(want, "max"), json_get(got, "max")) &&
	       same_text(json_get_text(want, "currency"),
		   json_get_text(got, "currency")) &&
	       (same_text(json_get_text(want, "period"), period) ||
		   (guess != NULL && same_text(guess, period))) &&
	       json_get_true(want, "predicted") ==
		   json_get_true(got, "predicted");
}

static void
vectors(void)
{
	struct json *all = vectors_load("salary-vectors.json");
	const struct json *cases = json_get(all, "cases");
	size_t right = 0;

	for (size_t i = 0; i < json_size(cases); i++) {
		const struct json *c = json_at(cases, i);
		struct json *out = try_salary(c);

		if (agrees(c, json_get(out, "result")))
			right++;
		else
			printf("%s '%s': %s\n", json_get_text(c, "id"),
			    json_get_text(c, "text"),
			    of(json_get_text(c, "text")));
		json_free(out);
	}
	printf("table: salary vectors: %zu of %zu\n", right, json_size(cases));
	CHECK_INT(right, json_size(cases));
	json_free(all);
}

static void
any_bytes(void)
{
	static const char alphabet[] = "0123456789$kKM-.,' +/%ab()USDEUR"
				       "\xe2\x82\xac\xe4\xb8\x87\xff\xd0per";
	uint64_t seed = 11;

	for (int round = 0; round < 100000; round++) {
		char text[48];
		struct pay got;
		size_t n;

		for (n = 0; n < sizeof(text) - 1; n++) {
			seed =
			    seed * 6364136223846793005u + 1442695040888963407u;
			text[n] =
			    alphabet[(seed >> 33) % (sizeof(alphabet) - 1)];
			if ((seed >> 20) % 30 == 0)
				break;
		}
		text[n] = '\0';
		if (value_pay(text, NULL, &got))
			CHECK(isfinite(got.min) && isfinite(got.max) &&
			      got.min >= 0 && got.max <= 1e12);
	}
}

TESTS(TEST(numbers), TEST(currencies), TEST(ranges), TEST(periods),
    TEST(no_pay), TEST(once), TEST(any_bytes), TEST(vectors))
