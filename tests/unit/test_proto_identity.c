/* SPDX-License-Identifier: Apache-2.0 */
#include "proto/identity.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A mission's identity as its file has it, built from a fixed seed. */
static dais_identity_t mission_make(void)
{
    dais_seed_t seed = {{1, 2, 3}};
    dais_device_t device;
    dais_identity_t identity = {.actor = {{0xa1, 0xb2}}, .role = DAIS_ROLE_PARTY, .state = "XA"};
    dais_device_derive(&seed, &device);
    assert_int_equal(
        dais_vkey_make(dais_slice_text("mission.example/xa-1"), device.key.bytes, &identity.key),
        DAIS_OK);
    identity.box_key = device.box_key;
    return identity;
}

static dais_slice_t identity_text(const dais_identity_t *identity, char *buffer, size_t size)
{
    dais_writer_t writer;
    dais_slice_t text;
    dais_writer_init(&writer, buffer, size);
    assert_int_equal(dais_identity_put(&writer, identity), DAIS_OK);
    assert_int_equal(dais_writer_finish(&writer, &text), DAIS_OK);
    return text;
}

/* Goal: what is written is read back whole. Method: every role, with a State just for party. */
static void test_round_trip(void **state)
{
    (void)state;
    char buffer[DAIS_LIMIT_IDENTITY];
    for (uint64_t role = 1; role <= dais_words_role.count; role++) {
        dais_identity_t identity = mission_make();
        dais_identity_t read;
        identity.role = role;
        if (role != DAIS_ROLE_PARTY)
            memset(identity.state, 0, sizeof identity.state);
        dais_slice_t text = identity_text(&identity, buffer, sizeof buffer);
        assert_int_equal(dais_identity_parse(text, &read).err, DAIS_OK);
        assert_memory_equal(&read.actor, &identity.actor, sizeof read.actor);
        assert_int_equal(read.role, role);
        assert_string_equal(read.state, identity.state);
        assert_string_equal(read.key.name, identity.key.name);
        assert_memory_equal(read.key.key, identity.key.key, DAIS_VKEY_BYTES);
        assert_memory_equal(&read.box_key, &identity.box_key, sizeof read.box_key);
    }
}

/* Goal: one identity has one text. Method: each byte of a good text changed in each bit; what is
 * still accepted must be written again as the changed text. */
static void test_one_text_for_one_identity(void **state)
{
    (void)state;
    char buffer[DAIS_LIMIT_IDENTITY];
    char again[DAIS_LIMIT_IDENTITY];
    dais_identity_t identity = mission_make();
    dais_slice_t text = identity_text(&identity, buffer, sizeof buffer);
    for (size_t bit = 0; bit < text.size * 8; bit++) {
        dais_identity_t read;
        buffer[bit / 8] = (char)(buffer[bit / 8] ^ 1 << bit % 8);
        if (dais_identity_parse(text, &read).err == DAIS_OK)
            assert_true(dais_slice_equal(identity_text(&read, again, sizeof again), text));
        buffer[bit / 8] = (char)(buffer[bit / 8] ^ 1 << bit % 8);
    }
}

/* Goal: nothing shorter passes. Method: the text cut at every byte. */
static void test_truncation_is_refused(void **state)
{
    (void)state;
    char buffer[DAIS_LIMIT_IDENTITY];
    dais_identity_t identity = mission_make();
    dais_slice_t text = identity_text(&identity, buffer, sizeof buffer);
    for (size_t size = 0; size < text.size; size++)
        assert_int_not_equal(dais_identity_parse(dais_slice(buffer, size), &identity).err, DAIS_OK);
}

#define HEAD "dais/identity/1\nactor a1b20000000000000000000000000000\n"

/* Goal: each line is refused with its own code and place. Method: a table of bad texts. */
static void test_bad_lines(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        dais_err_t err;
        size_t offset;
    } cases[] = {
        {"dais/identity/2\n", DAIS_ERR_WRONG_DOMAIN, 0},
        {"dais/identity/1\nrole office\n", DAIS_ERR_BAD_TEXT, 16},
        {"dais/identity/1\nactor A1b20000000000000000000000000000\n", DAIS_ERR_BAD_TEXT, 22},
        {"dais/identity/1\nactor a1\n", DAIS_ERR_BAD_TEXT, 22},
        {HEAD "role king\n", DAIS_ERR_BAD_TEXT, 60},
        {HEAD "roleoffice\n", DAIS_ERR_BAD_TEXT, 55},
        {HEAD "role party\nstate xa\n", DAIS_ERR_BAD_TEXT, 72},
        {HEAD "role party\nstate X\n", DAIS_ERR_BAD_TEXT, 72},
        {HEAD "role party\nstate ABCDEFGHI\n", DAIS_ERR_BAD_TEXT, 72},
        {HEAD "role party\nkey x\n", DAIS_ERR_BAD_TEXT, 66},
        {HEAD "role office\nstate XA\n", DAIS_ERR_BAD_TEXT, 67},
        {HEAD "role office\n", DAIS_ERR_TRUNCATED, 67},
        {HEAD "role office\nkey x\n", DAIS_ERR_BAD_KEY, 71},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        dais_identity_t read;
        dais_fault_t fault = dais_identity_parse(dais_slice_text(cases[i].text), &read);
        assert_int_equal(fault.err, cases[i].err);
        assert_int_equal(fault.offset, cases[i].offset);
        assert_int_equal(read.role, 0);
    }
}

/* Goal: a transport key is 40 characters of canonical Z85 and the file ends after it. Method: the
 * last line replaced. "#####" is above 2^32 - 1 in Z85, which wraps in a lenient decoder. */
static void test_bad_transport(void **state)
{
    (void)state;
    char buffer[DAIS_LIMIT_IDENTITY];
    dais_identity_t identity = mission_make();
    dais_identity_t read;
    dais_slice_t text = identity_text(&identity, buffer, sizeof buffer);
    char *z85 = buffer + text.size - 41;
    char good[41];
    memcpy(good, z85, sizeof good);
    memset(z85, '#', 40);
    assert_int_equal(dais_identity_parse(text, &read).err, DAIS_ERR_BAD_KEY);
    memset(z85, ' ', 40);
    assert_int_equal(dais_identity_parse(text, &read).err, DAIS_ERR_BAD_KEY);
    memcpy(z85, good, sizeof good);
    z85[39] = '\n';
    assert_int_equal(dais_identity_parse(dais_slice(buffer, text.size - 1), &read).err,
                     DAIS_ERR_BAD_KEY);
    memcpy(z85, good, sizeof good);
    buffer[text.size] = '\n';
    dais_fault_t fault = dais_identity_parse(dais_slice(buffer, text.size + 1), &read);
    assert_int_equal(fault.err, DAIS_ERR_TRAILING);
    assert_int_equal(fault.offset, text.size);
}

/* Goal: only sound identities are written. Method: role and State out of step, a full buffer. */
static void test_put_refuses(void **state)
{
    (void)state;
    char buffer[64];
    dais_writer_t writer;
    dais_identity_t identity = mission_make();
    dais_writer_init(&writer, buffer, sizeof buffer);
    identity.role = 0;
    assert_int_equal(dais_identity_put(&writer, &identity), DAIS_ERR_BAD_TEXT);
    identity.role = dais_words_role.count + 1;
    assert_int_equal(dais_identity_put(&writer, &identity), DAIS_ERR_BAD_TEXT);
    identity.role = DAIS_ROLE_OFFICE;
    assert_int_equal(dais_identity_put(&writer, &identity), DAIS_ERR_BAD_TEXT);
    identity.role = DAIS_ROLE_PARTY;
    identity.state[0] = '\0';
    assert_int_equal(dais_identity_put(&writer, &identity), DAIS_ERR_BAD_TEXT);
    identity = mission_make();
    assert_int_equal(dais_identity_put(&writer, &identity), DAIS_ERR_NO_SPACE);
}

/* Goal: the secret file has one text. Method: round trip, then every bit flip, cut and addition:
 * refused, or another seed. */
static void test_secret(void **state)
{
    (void)state;
    char buffer[DAIS_SECRET_TEXT_SIZE + 1];
    dais_seed_t seed = {{0xde, 0xad}};
    dais_seed_t read;
    dais_writer_t writer;
    dais_slice_t text;
    dais_writer_init(&writer, buffer, sizeof buffer);
    dais_secret_put(&writer, &seed);
    assert_int_equal(dais_writer_finish(&writer, &text), DAIS_OK);
    assert_int_equal(text.size, DAIS_SECRET_TEXT_SIZE);
    assert_int_equal(dais_secret_parse(text, &read).err, DAIS_OK);
    assert_memory_equal(&read, &seed, sizeof seed);
    for (size_t bit = 0; bit < text.size * 8; bit++) {
        buffer[bit / 8] = (char)(buffer[bit / 8] ^ 1 << bit % 8);
        if (dais_secret_parse(text, &read).err == DAIS_OK)
            assert_memory_not_equal(&read, &seed, sizeof seed);
        buffer[bit / 8] = (char)(buffer[bit / 8] ^ 1 << bit % 8);
    }
    for (size_t size = 0; size < text.size; size++)
        assert_int_not_equal(dais_secret_parse(dais_slice(buffer, size), &read).err, DAIS_OK);
    buffer[text.size] = '\n';
    assert_int_equal(dais_secret_parse(dais_slice(buffer, text.size + 1), &read).err,
                     DAIS_ERR_TRAILING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_one_text_for_one_identity),
        cmocka_unit_test(test_truncation_is_refused),
        cmocka_unit_test(test_bad_lines),
        cmocka_unit_test(test_bad_transport),
        cmocka_unit_test(test_put_refuses),
        cmocka_unit_test(test_secret),
    };
    return dais_crypto_init() == DAIS_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
