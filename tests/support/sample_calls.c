/* SPDX-License-Identifier: Apache-2.0
 *
 * One example of each body of docs/protocol.md: what the records of the other samples travel in. */
#include "tests/support/sample.h"
#include "tests/support/sample_arena.h"
#include "tests/support/sample_notation.h"

static void add(dais_sample_list_t *list, const dais_shape_t *shape, const void *in)
{
    dais_sample_t sample = {.name = shape->name,
                            .text = shape->text,
                            .form = DAIS_SAMPLE_RECORD,
                            .shape = shape,
                            .draft = true,
                            .bytes = dais_sample_pack(shape, in)};
    dais_sample_add(list, &sample);
}

static dais_id_t call_id(void)
{
    return dais_sample_id_at("call-1", "2027-04-12T14:31:00Z");
}

/* The bytes of an example that was added before. */
static dais_slice_t bytes_of(const dais_sample_list_t *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].name, name) == 0)
            return list->items[i].bytes;
    }
    dais_sample_fail("no example to put into a call", name);
}

static void add_intake_calls(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    dais_submit_t submit = {.call = call_id(), .log = log->log, .parcel = bytes_of(list, "parcel")};
    dais_submitted_t submitted = {.call = call_id(), .stamp = log->stamps[0].bytes};
    dais_hand_over_t hand_over = {
        .call = call_id(), .log = log->log, .stamp = bytes_of(list, "stamp_mark")};
    dais_taken_t taken = {.call = call_id(), .next = 3};
    add(list, &dais_shape_submit, &submit);
    add(list, &dais_shape_submitted, &submitted);
    add(list, &dais_shape_hand_over, &hand_over);
    add(list, &dais_shape_taken, &taken);
}

static void add_registry_calls(dais_sample_list_t *list, const dais_sample_log_t *log)
{
    dais_look_t look = {.call = call_id(),
                        .log = log->log,
                        .what =
                            dais_sample_notation(&dais_shape_ask_entries, "entries 5 256 30000")};
    dais_shown_t shown = {.call = call_id(),
                          .body = dais_sample_notation(&dais_shape_answer_cycle,
                                                       "cycle 'open' 10 2027-04-12T14:31:00Z "
                                                       "'Dialogue on trafficking by sea' 0 []")};
    dais_ask_call_t ask = {.call = call_id(), .ask = bytes_of(list, "ask")};
    dais_answered_t answered = {.call = call_id(), .box = bytes_of(list, "answer_box")};
    dais_refused_t refused = {.call = call_id(), .code = dais_slice_text("busy"), .retry_ms = 1500};
    add(list, &dais_shape_look, &look);
    add(list, &dais_shape_shown, &shown);
    add(list, &dais_shape_ask_call, &ask);
    add(list, &dais_shape_answered, &answered);
    add(list, &dais_shape_refused, &refused);
}

void dais_sample_add_calls(dais_sample_list_t *list)
{
    const dais_sample_log_t *log = dais_sample_log();
    add_intake_calls(list, log);
    add_registry_calls(list, log);
}
