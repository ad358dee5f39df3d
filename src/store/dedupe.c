/*
 * Dedupe: is a new posting a job that we have? Candidates come from an index
 * of keys, never from comparing all pairs, so the cost grows with what is
 * new; the verdict and its rule are match's.
 */
#include <stdlib.h>
#include <string.h>
#include "base/limits.h"
#include "base/str.h"
#include "store/store_int.h"

/* Keys of one posting (match.h). */
#define KEYS_MAX 16
/* Shown again so much later by one source, it was posted again. */
#define REPOST_AFTER_MS (INT64_C(24) * 60 * 60 * 1000)
/* Candidates looked at for one key: more share it than it tells apart. */
#define CANDIDATES_MAX 50

struct keyed {
	int64_t key;
	size_t item; /* index into the list */
};

struct search {
	struct tx *tx;
	struct item **list;
	size_t n;
	struct keyed *keys;
	size_t nkeys;
};

static int
by_key(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return (x->item > y->item) - (x->item < y->item);
}

static void
make_identities(struct search *s)
{
	int64_t keys[KEYS_MAX];
	struct arena *a = s->tx->a;

	s->keys = arena_array(a, s->n * KEYS_MAX + 1, sizeof(*s->keys));
	for (size_t i = 0; i < s->n; i++) {
		struct item *it = s->list[i];

		it->identity = arena_alloc(a, sizeof(*it->identity));
		identity_make(a, &it->p, it->identity);
		size_t n = identity_keys(it->identity, keys, KEYS_MAX);
		for (size_t k = 0; k < n; k++)
			s->keys[s->nkeys++] = (struct keyed){ keys[k], i };
	}
	qsort(s->keys, s->nkeys, sizeof(*s->keys), by_key);
}

/* ---- candidates that are stored ---- */

static const char candidates_sql[] =
    "SELECT u.key, p.job_id, p.identity, p.closed_at IS NOT NULL, "
    "p.source_id, p.page_id IS NULL, j.posted_date "
    "FROM unnest($1::bigint[]) u(key), LATERAL (SELECT job_id FROM job_keys k "
    " WHERE k.key = u.key ORDER BY job_id DESC LIMIT $2) k "
    "JOIN postings p ON p.job_id = k.job_id "
    "JOIN jobs j ON j.id = k.job_id WHERE p.identity IS NOT NULL";

static int
ask_candidates(struct search *s, struct rows **rows, struct err *err)
{
	struct args a = { .n = 0 };
	struct col key;
	int result;

	col_init(&key, COL_I64);
	for (size_t i = 0; i < s->nkeys; i++)
		if (i == 0 || s->keys[i].key != s->keys[i - 1].key)
			col_i64(&key, s->keys[i].key);
	arg_col(&a, &key);
	arg_i64(&a, CANDIDATES_MAX);
	result = db_query(s->tx->db, candidates_sql, &a, rows, err);
	col_fini(&key);
	return result;
}

/* The first item that has the key. */
static size_t
first_with(const struct search *s, int64_t key)
{
	size_t low = 0, high = s->nkeys;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (s->keys[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* One place, another day: the opening again, not one of its places. */
static bool
is_later(const struct item *it, const struct identity *other, int64_t posted_ms)
{
	int64_t apart = it->p.posted.ms - posted_ms;

	return it->p.posted.present && posted_ms != 0 &&
	       str_eq(it->identity->place_key, other->place_key) &&
	       (apart > REPOST_AFTER_MS || apart < -REPOST_AFTER_MS);
}

/*
 * The same source shows it under a new id, while the old one is gone or on
 * another day.
 */
static void
take(struct item *it, const struct rows *rows, int r,
    const struct identity *other, const char *rule)
{
	bool gone = row_bool(rows, r, 3) || row_bool(rows, r, 5);

	it->leads = false;
	it->job_id = row_i64(rows, r, 1);
	it->rule = rule;
	if (row_i64(rows, r, 4) == it->source_id &&
	    (gone || is_later(it, other, row_ms(rows, r, 6))))
		it->rule = "repost";
}

static void
judge_stored(struct search *s, const struct rows *rows)
{
	for (int r = 0; r < rows_count(rows); r++) {
		int64_t key = row_i64(rows, r, 0);
		struct identity other;
		struct wire w;
		struct err err;
		size_t n;
		const void *bytes = row_bytes(rows, r, 2, &n);

		wire_init(&w, s->tx->a, bytes, n);
		identity_get(&w, &other);
		if (get_end(&w, "identity", &err) == -1)
			continue;
		for (size_t i = first_with(s, key);
		     i < s->nkeys && s->keys[i].key == key; i++) {
			struct item *it = s->list[s->keys[i].item];
			const char *rule;

			if (!it->leads)
				continue;
			rule = identity_same(it->identity, &other);
			if (rule != NULL)
				take(it, rows, r, &other, rule);
		}
	}
}

/* ---- candidates of the same batch ---- */

static struct item *
head_of(struct item *it)
{
	while (it->leader != NULL)
		it = it->leader;
	return it;
}

static void
join(struct item *later, struct item *earlier, const char *rule)
{
	struct item *head = head_of(earlier);

	later->leads = false;
	later->rule = rule;
	if (later->source_id == earlier->source_id &&
	    earlier->p.posted.present &&
	    is_later(later, earlier->identity, earlier->p.posted.ms))
		later->rule = "repost";
	if (head->leads)
		later->leader = head;
	else
		later->job_id = head->job_id;
}

static void
judge_batch(struct search *s)
{
	for (size_t i = 1; i < s->nkeys; i++) {
		struct item *later = s->list[s->keys[i].item];

		for (size_t k = i; k-- > 0 && i - k <= CANDIDATES_MAX &&
				   s->keys[k].key == s->keys[i].key;) {
			struct item *earlier = s->list[s->keys[k].item];
			const char *rule;

			if (!later->leads || earlier == later)
				break;
			/* One that others have joined stays their head. */
			if (earlier->leader == later)
				continue;
			rule =
			    identity_same(later->identity, earlier->identity);
			if (rule != NULL)
				join(later, earlier, rule);
		}
	}
}

int
dedupe_find(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	struct search s = { .tx = tx, .list = list, .n = n };
	struct rows *rows = NULL;

	make_identities(&s);
	if (s.nkeys == 0)
		return 0;
	if (ask_candidates(&s, &rows, err) == -1)
		return -1;
	judge_stored(&s, rows);
	rows_free(rows);
	judge_batch(&s);
	return 0;
}

/* ---- afterwards ---- */

static int
store_keys(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	int64_t keys[KEYS_MAX];
	struct args a = { .n = 0 };
	struct col key, job;
	int result = 0;

	col_init(&key, COL_I64);
	col_init(&job, COL_I64);
	for (size_t i = 0; i < n; i++) {
		size_t m = identity_keys(list[i]->identity, keys, KEYS_MAX);

		for (size_t k = 0; k < m; k++) {
			col_i64(&key, keys[k]);
			col_i64(&job, list[i]->job_id);
		}
	}
	arg_col(&a, &key);
	arg_col(&a, &job);
	if (key.n > 0)
		result = db_query(tx->db,
		    "INSERT INTO job_keys (key, job_id) SELECT DISTINCT key, "
		    "job_id FROM unnest($1::bigint[], $2::bigint[]) "
		    "u(key, job_id) ON CONFLICT DO NOTHING",
		    &a, NULL, err);
	col_fini(&key);
	col_fini(&job);
	return result;
}

/*
 * A job keeps the places of all its postings. It opens again with a posting
 * that does; a repost is counted and shown, not hidden.
 */
static const char join_sql[] =
    "UPDATE jobs j SET closed_at = NULL, updated_at = $4, "
    " reposts = j.reposts + u.reposts, "
    " reposted_at = CASE WHEN u.reposts > 0 THEN $4 ELSE j.reposted_at END, "
    " places = (SELECT coalesce(jsonb_agg(DISTINCT p), '[]') FROM "
    "  jsonb_array_elements(j.places || u.places) p) "
    "FROM (SELECT job_id, sum(repost) AS reposts, jsonb_agg(p) AS places "
    " FROM unnest($1::bigint[], $2::text[], $3::bigint[]) "
    " x(job_id, places, repost) LEFT JOIN LATERAL jsonb_array_elements("
    " x.places::jsonb) p ON true GROUP BY job_id) u WHERE j.id = u.job_id";

static char *
places_text(struct arena *a, const struct posting *p)
{
	struct json *list = json_array();
	char *text;

	for (size_t i = 0; i < p->nplaces; i++) {
		struct json *o = json_object();

		json_set(o, "city", json_string(p->places[i].city));
		json_set(o, "region", json_string(p->places[i].region));
		json_set(o, "country", json_string(p->places[i].country));
		json_append(list, o);
	}
	text = json_dump(a, list);
	json_free(list);
	return text;
}

static int
store_joins(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	struct args a = { .n = 0 };
	struct col job, places, repost;
	int result = 0;

	col_init(&job, COL_I64);
	col_init(&places, COL_TEXT);
	col_init(&repost, COL_I64);
	for (size_t i = 0; i < n; i++) {
		bool again = str_eq(list[i]->rule, "repost");

		if (list[i]->leads)
			continue;
		col_i64(&job, list[i]->job_id);
		col_text(&places, places_text(tx->a, &list[i]->p));
		col_i64(&repost, again);
		if (again)
			list[i]->run->reposted++;
	}
	arg_col(&a, &job);
	arg_col(&a, &places);
	arg_col(&a, &repost);
	arg_ms(&a, tx->now_ms);
	if (job.n > 0)
		result = db_query(tx->db, join_sql, &a, NULL, err);
	col_fini(&job);
	col_fini(&places);
	col_fini(&repost);
	return result;
}

int
dedupe_store(struct tx *tx, struct item **list, size_t n, struct err *err)
{
	if (store_keys(tx, list, n, err) == -1)
		return -1;
	return store_joins(tx, list, n, err);
}
