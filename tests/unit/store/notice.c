/* What the operator hears of sources, and that it is not said twice. */
#include "rig.h"

static void
refuse(struct rig *r, int status)
{
	struct fetched f = { .result = FETCH_STATUS, .status = status };

	rig_due(r);
	CHECK_INT(r->ngrants, 1);
	rig_fetched(r, &r->grants[0], &f);
	r->s->notice_ms = 0;
	rig_work(r);
}

static void
told_once(void)
{
	struct rig *r = rig_new();

	r->s->w.setup.operator_address = "ops@example.org";
	rig_begin(r);
	refuse(r, 403);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM events"), 1);
	/* A daemon waits a little for others that fail as well. */
	CHECK_INT(rig_number(r, "SELECT count(*) FROM deliveries"), 0);
	rig_sql(r, "UPDATE sources SET changed_at = changed_at - interval "
		   "'1 minute'");
	r->s->notice_ms = 0;
	rig_work(r);
	CHECK_STR(
	    rig_text(r, "SELECT recipient FROM deliveries"), "ops@example.org");
	CHECK_STR(rig_text(r, "SELECT told_kind FROM sources"), "blocked");
	CHECK(r->renders);
	CHECK(strstr(r->render_data, "acme does not let us in") != NULL);
	refuse(r, 403);
	CHECK_INT(rig_number(r, "SELECT count(*) FROM deliveries"), 1);
	rig_free(r);
}

TESTS(TEST(told_once))
