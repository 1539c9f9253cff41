/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mdp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static dais_parts_t parts;

static void fill(const char *const *frames, const size_t *sizes, size_t count)
{
    dais_parts_drop(&parts);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(dais_parts_add(&parts, dais_slice(frames[i], sizes[i])), DAIS_OK);
}

static int drop(void **state)
{
    (void)state;
    dais_parts_drop(&parts);
    return 0;
}

#define FRAME(i, text)                                                                             \
    frames[i] = (text);                                                                            \
    sizes[i] = sizeof(text) - 1

/* Goal: a client's command is read and written as RFC 18 lays it out. Method: its frames by hand,
 * read; then written by us and compared with them. */
static void test_client_request(void **state)
{
    (void)state;
    const char *frames[5];
    size_t sizes[5];
    dais_mdp_command_t command;
    FRAME(0, "id");
    FRAME(1, "MDPC02");
    FRAME(2, "\x01");
    FRAME(3, "echo");
    FRAME(4, "body");
    fill(frames, sizes, 5);
    assert_int_equal(dais_mdp_client_read(&parts, 1, &command), DAIS_OK);
    assert_int_equal(command.command, DAIS_MDP_CLIENT_REQUEST);
    assert_true(dais_slice_equal(command.service, dais_slice_text("echo")));
    assert_int_equal(command.body, 4);
    assert_int_equal(dais_mdp_client_read(&parts, 0, &command), DAIS_ERR_WRONG_DOMAIN);
    dais_parts_drop(&parts);
    assert_int_equal(dais_mdp_client_open(&parts, DAIS_MDP_CLIENT_REQUEST, dais_slice_text("echo")),
                     DAIS_OK);
    assert_int_equal(parts.count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(
            dais_slice_equal(dais_parts_at(&parts, i), dais_slice(frames[i + 1], sizes[i + 1])));
}

/* Goal: what is not a client's command is refused with its reason. Method: one change each. */
static void test_client_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *header, *command, *service;
        size_t count;
        dais_err_t err;
    } cases[] = {
        {"MDPC01", "\x01", "echo", 4, DAIS_ERR_WRONG_DOMAIN},
        {"MDPC02", "\x04", "echo", 4, DAIS_ERR_OUT_OF_RANGE},
        {"MDPC02", "", "echo", 4, DAIS_ERR_OUT_OF_RANGE},
        {"MDPC02", "\x01\x01", "echo", 4, DAIS_ERR_OUT_OF_RANGE},
        {"MDPC02", "\x01", "", 4, DAIS_ERR_BAD_TEXT},
        {"MDPC02", "\x01", "a b", 4, DAIS_ERR_BAD_TEXT},
        {"MDPC02", "\x01", "\xc3\xa9", 4, DAIS_ERR_BAD_TEXT},
        {"MDPC02", "\x01", "echo", 3, DAIS_ERR_WRONG_COUNT},
        {"MDPC02", "\x01", "echo", 1, DAIS_ERR_WRONG_COUNT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *frames[] = {cases[i].header, cases[i].command, cases[i].service, "body"};
        size_t sizes[] = {strlen(frames[0]), strlen(frames[1]), strlen(frames[2]), 4};
        dais_mdp_command_t command;
        fill(frames, sizes, cases[i].count);
        assert_int_equal(dais_mdp_client_read(&parts, 0, &command), cases[i].err);
    }
}

/* Goal: each of a worker's commands comes back from its own frames, and no prefix of it does.
 * Method: write, read, cut. */
static void test_worker_commands(void **state)
{
    (void)state;
    for (int c = DAIS_MDP_WORKER_READY; c <= DAIS_MDP_WORKER_DISCONNECT; c++) {
        dais_mdp_command_t command;
        bool enveloped = c >= DAIS_MDP_WORKER_REQUEST && c <= DAIS_MDP_WORKER_FINAL;
        dais_parts_drop(&parts);
        assert_int_equal(
            dais_mdp_worker_open(&parts, (dais_mdp_worker_command_t)c, dais_slice_text("subject")),
            DAIS_OK);
        if (enveloped)
            assert_int_equal(dais_parts_add(&parts, dais_slice_text("body")), DAIS_OK);
        assert_int_equal(dais_mdp_worker_read(&parts, 0, &command), DAIS_OK);
        assert_int_equal(command.command, c);
        assert_int_equal(command.service.size, c == DAIS_MDP_WORKER_READY ? 7 : 0);
        assert_int_equal(command.address.size, enveloped ? 7 : 0);
        assert_int_equal(command.body, enveloped ? 4 : parts.count);
        while (parts.count > 0) {
            zframe_destroy(&parts.frames[--parts.count]);
            assert_int_equal(dais_mdp_worker_read(&parts, 0, &command), DAIS_ERR_WRONG_COUNT);
        }
    }
}

/* Goal: an envelope without its empty frame, and frames too many, are refused. Method: both. */
static void test_worker_refusals(void **state)
{
    (void)state;
    const char *frames[] = {"MDPW02", "\x04", "client", "full", "body"};
    size_t sizes[] = {6, 1, 6, 4, 4};
    dais_mdp_command_t command;
    fill(frames, sizes, 5);
    assert_int_equal(dais_mdp_worker_read(&parts, 0, &command), DAIS_ERR_BAD_TEXT);
    sizes[2] = sizes[3] = 0;
    fill(frames, sizes, 5);
    assert_int_equal(dais_mdp_worker_read(&parts, 0, &command), DAIS_ERR_BAD_TEXT);
    frames[1] = "\x05";
    fill(frames, sizes, 3);
    assert_int_equal(dais_mdp_worker_read(&parts, 0, &command), DAIS_ERR_WRONG_COUNT);
}

/* Goal: domain and call id are found in each form of their array, and no prefix is read past its
 * end. Method: three forms, cut at every byte. */
static void test_opening(void **state)
{
    (void)state;
    static const char *const heads[] = {"\x92\xa3"
                                        "abc\xc4\x10",
                                        "\xdc\x01\x00\xa3"
                                        "abc\xc4\x10",
                                        "\x95\xd9\x03"
                                        "abc\xc4\x10"};
    static const size_t sizes[] = {7, 9, 8};
    for (size_t i = 0; i < 3; i++) {
        uint8_t body[64] = {0};
        dais_mdp_opening_t opening;
        memcpy(body, heads[i], sizes[i]);
        memset(body + sizes[i], 'i', DAIS_MDP_CALL_ID_SIZE);
        size_t size = sizes[i] + DAIS_MDP_CALL_ID_SIZE;
        assert_true(dais_mdp_opening(dais_slice(body, size), &opening));
        assert_true(dais_slice_equal(opening.domain, dais_slice_text("abc")));
        assert_int_equal(opening.call_id.data[15], 'i');
        for (size_t cut = 0; cut < size; cut++) {
            uint8_t *exact = (uint8_t *)malloc(cut + 1);
            memcpy(exact, body, cut);
            assert_false(dais_mdp_opening(dais_slice(exact, cut), &opening));
            free(exact);
        }
        body[sizes[i] - 1] = 15;
        assert_false(dais_mdp_opening(dais_slice(body, size), &opening));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_client_request, drop),
        cmocka_unit_test_teardown(test_client_refusals, drop),
        cmocka_unit_test_teardown(test_worker_commands, drop),
        cmocka_unit_test_teardown(test_worker_refusals, drop),
        cmocka_unit_test(test_opening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
