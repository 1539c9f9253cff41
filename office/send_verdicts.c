/* SPDX-License-Identifier: Apache-2.0 */
#include "office/send_verdicts.h"

#include "office/say.h"
#include "registry/rules/verdict.h"

static bool fate_is_refused(const dais_outbox_fate_t *fate)
{
    for (size_t i = 0; i < fate->verdict_count; i++) {
        const dais_verdict_info_t *info = dais_verdict_info(fate->verdicts[i]);
        if (info == NULL || info->class != DAIS_VERDICT_CLASS_REFUSED)
            return false;
    }
    return fate->verdict_count > 0;
}

static void verdict_note(dais_txn_t *txn, uint64_t number, const dais_outbox_fate_t *fate)
{
    char id[2 * DAIS_ID_SIZE + 1] = "";
    dais_outbox_message_t message;
    dais_message_t decoded;
    const dais_kind_t *kind;
    const dais_verdict_info_t *info = dais_verdict_info(fate->verdicts[0]);
    if (!dais_outbox_message(txn, number, &message) ||
        dais_message_decode(message.message, &decoded, &kind).err != DAIS_OK)
        return;
    dais_say_hex(dais_slice(decoded.id.bytes, DAIS_ID_SIZE), id, sizeof id);
    dais_say_note("refused[%s]: %s %s: %s: %s", info->code, kind->name, id, info->happened,
                  info->why);
}

dais_err_t dais_send_verdicts(dais_outbox_t *outbox, uint64_t seq_before, bool notes,
                              dais_send_verdicts_t *verdicts)
{
    dais_txn_t txn;
    dais_walk_t walk;
    dais_outbox_fate_t fate;
    memset(verdicts, 0, sizeof *verdicts);
    dais_txn_begin(&txn, outbox->store, DAIS_TXN_READ);
    dais_walk_open(&walk, &txn, DAIS_OUTBOX_FATE, dais_slice("", 0), dais_slice("", 0),
                   DAIS_WALK_FORWARD);
    while (dais_walk_next(&walk)) {
        uint64_t number = dais_outbox_number(walk.key.data);
        if (!dais_outbox_fate(&txn, number, &fate) || fate.state != DAIS_FATE_LOGGED ||
            fate.seq <= seq_before)
            continue;
        bool refused = fate_is_refused(&fate);
        verdicts->seq_max = fate.seq > verdicts->seq_max ? fate.seq : verdicts->seq_max;
        verdicts->logged++;
        verdicts->refused += refused;
        if (refused && notes)
            verdict_note(&txn, number, &fate);
    }
    return dais_txn_end(&txn);
}
