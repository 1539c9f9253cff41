/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_RULES_LIES_H
#define DAIS_TESTS_UNIT_RULES_LIES_H

/* Lies about the open part of a log: one entry of it is another, or is not there. To be included
 * after cmocka. */

#include "proto/message.h"
#include "registry/rules/derive.h"
#include "tests/support/scenario_pack.h"
#include "tests/support/scenario_public.h"

typedef struct lie lie_t;
struct lie {
    unsigned kind;
    unsigned n; /* the n-th of that kind, from 0; LIE_EACH for all of them */
    bool drop;
    /* Changes the entry, or its subject, which is packed again. */
    void (*change)(lie_t *lie, dais_opened_t *opened, void *subject);
    const char *text; /* for change */
    uint64_t number;
    unsigned seen;
    uint8_t subject[4096], message[8192], codes[64];
};

#define LIE_EACH UINT32_MAX

static inline void lie_pack(lie_t *lie, dais_opened_t *opened, const void *subject)
{
    dais_writer_t writer;
    bool is_own = opened->kind->stream == DAIS_STREAM_OWN;
    dais_slice_t *packed = is_own ? &opened->own.subject : &opened->message.subject;
    dais_writer_init(&writer, lie->subject, sizeof lie->subject);
    assert_int_equal(dais_shape_encode(opened->kind->subject, subject, &writer), DAIS_OK);
    *packed = dais_slice(lie->subject, writer.size);
    dais_writer_init(&writer, lie->message, sizeof lie->message);
    if (is_own)
        assert_int_equal(dais_own_encode(&opened->own, &writer), DAIS_OK);
    else
        assert_int_equal(dais_message_encode(&opened->message, &writer), DAIS_OK);
    opened->record.message = dais_slice(lie->message, writer.size);
}

/* Whether the entry is still there. */
static inline bool lie_about(void *context, dais_opened_t *opened)
{
    lie_t *lie = context;
    uint64_t subject[256];
    dais_slice_t packed;
    if (opened->kind->number != lie->kind || (lie->seen++ != lie->n && lie->n != LIE_EACH))
        return true;
    if (lie->drop)
        return false;
    packed =
        opened->kind->stream == DAIS_STREAM_OWN ? opened->own.subject : opened->message.subject;
    assert_int_equal(dais_shape_decode(opened->kind->subject, packed, subject).err, DAIS_OK);
    lie->change(lie, opened, subject);
    lie_pack(lie, opened, subject);
    return true;
}

/* Its verdicts are these, up to a 0. */
static inline void lie_codes(lie_t *lie, dais_opened_t *opened, const unsigned *codes)
{
    dais_writer_t writer;
    opened->record.verdicts = (dais_list_t){.count = 0};
    dais_writer_init(&writer, lie->codes, sizeof lie->codes);
    for (; *codes != 0; codes++) {
        dais_code_item_t code = {*codes};
        assert_int_equal(
            dais_list_add(&opened->record.verdicts, &dais_shape_code_item, &code, &writer),
            DAIS_OK);
    }
}

/* One verdict, which is lie->number. */
static inline void lie_code(lie_t *lie, dais_opened_t *opened, void *subject)
{
    (void)subject;
    lie_codes(lie, opened, (const unsigned[]){(unsigned)lie->number, 0});
}

/* The fold of what is open, after the lie; without one as it is. */
static inline dais_fold_t *lie_fold(const scenario_public_t *follower, lie_t *lie,
                                    const dais_fold_model_t **model)
{
    dais_fold_t *fold;
    dais_opened_t opened;
    size_t seq = 0;
    assert_int_equal(dais_fold_create(&fold), DAIS_OK);
    while (scenario_public_next(follower, &seq, &opened))
        if (lie == NULL || lie_about(lie, &opened))
            assert_int_equal(dais_fold_take(fold, &opened), DAIS_OK);
    assert_int_equal(dais_fold_make(fold, seq, model), DAIS_OK);
    assert_true(lie == NULL || (lie->seen > 0 && (lie->n == LIE_EACH || lie->seen > lie->n)));
    return fold;
}

/* The last entry of the kind is told again, behind all others. */
static inline bool lie_again(const scenario_public_t *follower, unsigned kind, dais_opened_t *again)
{
    dais_opened_t opened;
    size_t seq = 0;
    bool found = false;
    while (scenario_public_next(follower, &seq, &opened))
        if (opened.kind->number == kind) {
            *again = opened;
            found = true;
        }
    again->seq = seq;
    return found;
}

#endif
