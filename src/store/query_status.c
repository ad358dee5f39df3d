/*
 * Questions of the operator: the sources, and everything on one screen.
 */
#include "store/pg_int.h"

/* Runs that a trend is drawn of. */
#define TREND_RUNS "8"

struct json *
store_sources(struct db *db, struct err *err)
{
	return db_ask_json(db,
	    "SELECT coalesce(json_agg(json_build_object('key', s.key, "
	    "'name', s.name, 'enabled', s.enabled, "
	    "'configured', s.configured, 'outcome', s.outcome, "
	    "'since', date_trunc('second', s.outcome_since), "
	    "'reason', nullif(r.reason, ''), 'last_run', r.id, "
	    "'last_good', date_trunc('second', s.last_good_at), "
	    "'last_good_ago_s', extract(epoch FROM clock() - "
	    "s.last_good_at)::bigint, "
	    "'next_due', date_trunc('second', s.next_due_at), "
	    "'next_due_in_s', extract(epoch FROM s.next_due_at - "
	    "clock())::bigint, 'trend', (SELECT coalesce(json_agg("
	    "json_build_object('outcome', t.outcome, 'found', t.found) "
	    "ORDER BY t.id), '[]') FROM (SELECT id, outcome, found FROM runs "
	    "WHERE source_id = s.id AND ended_at IS NOT NULL ORDER BY id DESC "
	    "LIMIT " TREND_RUNS ") t), "
	    "'found', r.found, 'open_jobs', (SELECT count(*) FROM postings p "
	    "WHERE p.source_id = s.id AND p.closed_at IS NULL), "
	    "'running', EXISTS (SELECT 1 FROM runs o WHERE "
	    "o.source_id = s.id AND o.ended_at IS NULL), "
	    "'robots_ignored', s.robots_ignore, "
	    "'attribution', s.attribution) ORDER BY s.key), '[]') "
	    "FROM sources s LEFT JOIN LATERAL (SELECT * FROM runs x "
	    "WHERE x.source_id = s.id AND x.ended_at IS NOT NULL "
	    "ORDER BY x.id DESC LIMIT 1) r ON true",
	    NULL, err);
}

struct json *
store_status(struct db *db, struct err *err)
{
	return db_ask_json(db,
	    "SELECT json_build_object('now', date_trunc('second', clock()), "
	    "'jobs', json_build_object("
	    "'open', (SELECT count(*) FROM jobs WHERE closed_at IS NULL), "
	    "'closed', (SELECT count(*) FROM jobs WHERE closed_at IS NOT "
	    "NULL), 'new_today', (SELECT count(*) FROM jobs "
	    "WHERE created_at > clock() - interval '24 hours')), "
	    "'queue', json_build_object("
	    "'runs', (SELECT count(*) FROM runs WHERE ended_at IS NULL), "
	    "'requests', (SELECT count(*) FROM requests), "
	    "'tasks', (SELECT count(*) FROM tasks)), "
	    "'mail', (SELECT coalesce(json_object_agg(state, n), '{}') FROM "
	    "(SELECT state, count(*) AS n FROM deliveries GROUP BY state) d), "
	    "'last_mail', (SELECT date_trunc('second', max(sent_at)) "
	    "FROM deliveries), "
	    "'database_bytes', pg_database_size(current_database()), "
	    "'server', current_setting('server_version'), "
	    "'troubles', (SELECT coalesce(json_agg(json_build_object("
	    "'kind', kind, 'object', object, 'text', text, "
	    "'since', date_trunc('second', at)) ORDER BY at), '[]') "
	    "FROM (SELECT kind, object, text, at FROM events "
	    "WHERE over_at IS NULL UNION ALL SELECT 'mail', address, "
	    "'gets no mail: ' || reason || '. To send to it again: careerd "
	    "mail resume ' || address, created_at FROM suppressions) t))",
	    NULL, err);
}
