/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/purposes.h"

/* The code by which a purpose refuses what is of good form but was not made for it. */
static dais_err_t proof_refusal(purpose_t presented)
{
    if (presented <= CHECKPOINT)
        return DAIS_ERR_BAD_SIGNATURE;
    return presented >= SEALED ? DAIS_ERR_BAD_BOX : DAIS_ERR_BAD_COMMITMENT;
}

/* The code for the bytes of one purpose presented as another. Boxes begin with random bytes and
 * openings with a salt, whose form is refused by whatever they look like. */
static bool bare_refusal_is(purpose_t as, purpose_t presented, dais_err_t err)
{
    if (presented > CHECKPOINT)
        return err == proof_refusal(presented);
    if (as >= SEALED || (as >= PUBLIC && presented == CHECKPOINT))
        return err > DAIS_OK && err < DAIS_ERR_BAD_SIGNATURE;
    if (presented == CHECKPOINT)
        return err == DAIS_ERR_NOT_UTF8;
    return err == (as < CHECKPOINT ? DAIS_ERR_WRONG_COUNT : DAIS_ERR_WRONG_TYPE);
}

static void pair_check(purpose_t as, purpose_t presented, size_t *refused, size_t *accepted)
{
    dais_err_t bare = present(presented, made[as].bytes);
    dais_err_t grafted = present_grafted(presented, made[as].tag);
    bool good = as == presented
                    ? bare == DAIS_OK && grafted == DAIS_OK
                    : bare_refusal_is(as, presented, bare) && grafted == proof_refusal(presented);
    if (!good)
        fail_msg("%s as %s: %s, grafted %s", names[as], names[presented], dais_err_code(bare),
                 dais_err_code(grafted));
    *(bare == DAIS_OK ? accepted : refused) += 1;
}

static size_t pairs_refused;
static size_t pairs_accepted;

/* Goal: what was made for one purpose is refused for any other, and accepted for its own. Method:
 * every pair; each as it stands, and with only its signature, commitment or authenticator moved
 * into a good thing of the other purpose. */
static void test_every_pair(void **state)
{
    (void)state;
    for (purpose_t as = 0; as < PURPOSES; as++) {
        for (purpose_t presented = 0; presented < PURPOSES; presented++)
            pair_check(as, presented, &pairs_refused, &pairs_accepted);
    }
    assert_int_equal(pairs_accepted, PURPOSES);
    assert_int_equal(pairs_refused, PURPOSES * (PURPOSES - 1));
}

/* Goal: the two commitments of a message have one form, and exchanging what opens them gains
 * nothing. Method: either opening for the other's commitment is refused, though the contents are
 * equal, since the salts differ. Only an author who commits to one salt and content in both places
 * can be shown both by one opening, and then has said just these bytes in public as well. */
static void test_public_and_private(void **state)
{
    (void)state;
    dais_slice_t content;
    assert_true(
        dais_slice_equal(opening_rest(made[PUBLIC].bytes), opening_rest(made[PRIVATE].bytes)));
    assert_err(dais_content_open(made[PRIVATE].bytes, &message.public_commitment, &content),
               DAIS_ERR_BAD_COMMITMENT);
    assert_err(dais_content_open(made[PUBLIC].bytes, &message.private_commitment, &content),
               DAIS_ERR_BAD_COMMITMENT);
    dais_hash_t both = world_commitment(made[PRIVATE].bytes);
    assert_err(content_present(made[PRIVATE].bytes, both.bytes, true), DAIS_OK);
    assert_err(dais_content_open(made[PRIVATE].bytes, &both, &content), DAIS_OK);
    assert_true(dais_slice_equal(content, opening_rest(made[PRIVATE].bytes)));
}

/* Goal: whoever signs checkpoints cannot be made to sign a record, and no signed text is a record.
 * Method: have each signed record signed as a note's text; read the checkpoint's text as a record.
 */
static void test_notes_are_no_records(void **state)
{
    (void)state;
    static const purpose_t signed_records[] = {BUNDLE, STAMP, GENESIS, ASK};
    for (size_t i = 0; i < 4; i++) {
        dais_slice_t bytes = made[signed_records[i]].bytes;
        bytes.size -= DAIS_SIGNATURE_SIZE;
        dais_writer_t writer = world_writer();
        assert_err(dais_note_sign(bytes, &world.log_key, world.log_device.secret, &writer),
                   DAIS_ERR_NOT_UTF8);
    }
    assert_null(dais_shape_of(made[CHECKPOINT].bytes));
}

/* Goal: no two things that are hashed or signed can be of the same bytes. Method: the domains of
 * all records and of content are different, end in the only newline in them, and stand behind a
 * first byte that no leaf (0), node (1), commitment ('d') or text (below 0x80) begins with. */
static void test_domains(void **state)
{
    (void)state;
    const char *domains[64] = {"dais/content/1\n"};
    size_t count = 1;
    for (size_t i = 0; dais_shapes[i] != NULL; i++) {
        const dais_shape_t *shape = dais_shapes[i];
        if (shape->domain == NULL)
            continue;
        dais_writer_t writer = world_writer();
        dais_writer_array(&writer, (uint32_t)shape->field_count + 1);
        assert_true(writer.buffer[0] >= 0x90);
        assert_true(count < sizeof(domains) / sizeof(domains[0]));
        domains[count++] = shape->domain;
    }
    for (size_t i = 0; i < count; i++) {
        assert_ptr_equal(strchr(domains[i], '\n'), domains[i] + strlen(domains[i]) - 1);
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(domains[i], domains[other]);
    }
}

static int group_figures(void **state)
{
    (void)state;
    print_message("purposes: %d x %d pairs, %zu refused, %zu accepted\n", PURPOSES, PURPOSES,
                  pairs_refused, pairs_accepted);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair),
        cmocka_unit_test(test_public_and_private),
        cmocka_unit_test(test_notes_are_no_records),
        cmocka_unit_test(test_domains),
    };
    return cmocka_run_group_tests(tests, purposes_setup, group_figures);
}
