#include "check.h"
#include "msg/event.h"
#include "msg/mail.h"
#include "msg/page.h"
#include "msg/types.h"

static void
roles_have_names(void)
{
	for (int i = 0; i < ROLE__MAX; i++)
		CHECK_INT(role_parse(role_name(i)), i);
	CHECK_INT(role_parse("nobody"), -1);
	CHECK_INT(role_parse(NULL), -1);
	CHECK_STR(role_name(ROLE__MAX), "?");
}

static void
messages_have_names(void)
{
	CHECK_STR(msg_name(MSG_GRANT), "GRANT");
	CHECK_STR(msg_name(MSG__MAX), "?");
	CHECK_STR(msg_name(4711), "?");
}

static void
only_the_named_may_speak(void)
{
	CHECK(msg_may_come_from(MSG_GRANT, ROLE_STORE));
	CHECK(!msg_may_come_from(MSG_GRANT, ROLE_EXTRACT));
	CHECK(!msg_may_come_from(MSG_GRANT, ROLE_FETCH));
	CHECK(msg_may_come_from(MSG_EXTRACTED, ROLE_EXTRACT));
	CHECK(!msg_may_come_from(MSG_EXTRACTED, ROLE_FETCH));
	CHECK(msg_may_come_from(MSG_PONG, ROLE_NOTIFY));
	CHECK(!msg_may_come_from(MSG_SETUP, ROLE_NOTIFY));
	CHECK(!msg_may_come_from(MSG_PAGE, ROLE_STORE));
	CHECK(msg_may_come_from(MSG_PAGE, ROLE_HUB));
	CHECK(!msg_may_come_from(MSG_PONG, ROLE_HUB));
	CHECK(!msg_may_come_from(MSG_NONE, ROLE_STORE));
	CHECK(!msg_may_come_from(MSG__MAX, ROLE_STORE));
	CHECK(!msg_may_come_from(MSG_PONG, ROLE__MAX));
}

static void
a_command_stands_where_hub_does(void)
{
	CHECK(msg_may_come_from(MSG_TRY, ROLE_CMD));
	CHECK(msg_may_come_from(MSG_SETUP_END, ROLE_CMD));
	CHECK(!msg_may_come_from(MSG_GRANT, ROLE_CMD));
}

static void
messages_go_somewhere(void)
{
	CHECK_INT(msg_goes_to(MSG_GRANT), ROLE_FETCH);
	CHECK_INT(msg_goes_to(MSG_SENT), ROLE_STORE);
	CHECK_INT(msg_goes_to(MSG_PONG), ROLE_HUB);
}

static void
closed_sets_read_back(void)
{
	for (int i = 1; i < JOB_TYPE__MAX; i++)
		CHECK_INT(job_type_parse(job_type_name(i)), i);
	for (int i = 1; i < EXP__MAX; i++)
		CHECK_INT(experience_parse(experience_name(i)), i);
	for (int i = 1; i < REMOTE__MAX; i++)
		CHECK_INT(remote_parse(remote_name(i)), i);
	for (int i = 1; i < PAY__MAX; i++)
		CHECK_INT(pay_period_parse(pay_period_name(i)), i);
	for (int i = 0; i < OUTCOME__MAX; i++)
		CHECK_INT(outcome_parse(outcome_name(i)), i);
	CHECK_INT(outcome_parse("fine"), OUTCOME__MAX);
	CHECK_INT(job_type_parse("Full-Time"), JOB_TYPE_NONE);
	CHECK(job_type_name(JOB_TYPE_NONE) == NULL);
	CHECK(remote_name(REMOTE_NONE) == NULL);
}

static void
every_value_has_a_word(void)
{
	for (int i = 0; i < FETCH__MAX; i++)
		CHECK(fetch_result_name(i) != NULL);
	for (int i = 0; i < EXTRACT__MAX; i++)
		CHECK(extract_result_name(i) != NULL);
	for (int i = 0; i < SEND__MAX; i++)
		CHECK(send_result_name(i) != NULL);
	for (int i = 0; i < REQUEST__MAX; i++)
		CHECK(request_kind_name(i) != NULL);
	for (int i = 0; i < AS__MAX; i++)
		CHECK(value_type_name(i) != NULL);
	for (int i = 0; i < FORMAT__MAX; i++)
		CHECK(format_name(i) != NULL);
}

TESTS(TEST(roles_have_names), TEST(messages_have_names),
    TEST(only_the_named_may_speak), TEST(a_command_stands_where_hub_does),
    TEST(messages_go_somewhere), TEST(closed_sets_read_back),
    TEST(every_value_has_a_word))
