/*
 * Troubles: what needs a person, said when it begins and when it is over.
 */
#include "store/store_int.h"

int
trouble_begin(struct tx *tx, const char *kind, const char *object,
    const char *text, struct err *err)
{
	struct args a = { .n = 0 };
	int64_t fresh = 0;

	arg_text(&a, kind);
	arg_text(&a, object);
	arg_text(&a, text);
	arg_ms(&a, tx->now_ms);
	if (db_query(tx->db,
		"UPDATE events SET over_at = $4 WHERE kind = $1 AND object = "
		"$2 AND over_at IS NULL AND text <> $3",
		&a, NULL, err) == -1 ||
	    db_execute(tx->db,
		"INSERT INTO events (kind, object, text, at) SELECT $1, $2, "
		"$3, $4 WHERE NOT EXISTS (SELECT FROM events WHERE kind = $1 "
		"AND object = $2 AND over_at IS NULL)",
		&a, &fresh, err) == -1)
		return -1;
	if (fresh > 0)
		tx_event(tx, &(struct event){ .kind = EVENT_TROUBLE,
				 .object = object,
				 .reason = text });
	return 0;
}

int
trouble_end(
    struct tx *tx, const char *kind, const char *object, struct err *err)
{
	struct args a = { .n = 0 };
	int64_t over = 0;

	arg_text(&a, kind);
	arg_text(&a, object);
	arg_ms(&a, tx->now_ms);
	if (db_execute(tx->db,
		"UPDATE events SET over_at = $3 WHERE kind = $1 AND object = "
		"$2 AND over_at IS NULL",
		&a, &over, err) == -1)
		return -1;
	if (over > 0)
		tx_event(tx,
		    &(struct event){ .kind = EVENT_WELL, .object = object });
	return 0;
}
