/* SPDX-License-Identifier: Apache-2.0 */
#include "office/wire.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/curve.h"
#include "proto/box.h"

#define CALL_TIMEOUT_MS 10000
#define ANSWER_ROOM     (DAIS_LIMIT_ANSWER + 4096)

int dais_wire_open(dais_wire_t *wire, dais_office_t *office)
{
    dais_curve_pair_t own;
    const dais_profile_t *profile = &office->profile;
    const char *endpoint = profile->settings.values[DAIS_SETTING_BROKER].text;
    bool has_keys = profile->settings.values[DAIS_SETTING_BROKER_KEY].text[0] != '\0';
    memset(wire, 0, sizeof *wire);
    wire->office = office;
    wire->timeout_ms = CALL_TIMEOUT_MS;
    if (!profile->has_broker)
        return dais_say_error(&office->say, DAIS_EXIT_CONFIG, "not-set",
                              "set broker and broker-key in the profile",
                              "profile %s names no broker", profile->settings.profile);
    memcpy(own.public_key, profile->device.box_key.bytes, DAIS_KEY_SIZE);
    memcpy(own.secret_key, profile->device.box_secret, DAIS_KEY_SIZE);
    dais_mdp_client_options_t options = {.endpoint = endpoint,
                                         .own = has_keys ? &own : NULL,
                                         .server_key = has_keys ? profile->broker_key.bytes : NULL,
                                         .answer_size_max = (size_t)2 * DAIS_LIMIT_ANSWER,
                                         .patient = true};
    dais_loop_block_signals();
    dais_err_t err = dais_socket_init(&office->random);
    if (err == DAIS_OK)
        err = dais_loop_new(&office->clock, &wire->loop);
    if (err == DAIS_OK)
        err = dais_loop_signals(wire->loop, NULL, NULL);
    if (err == DAIS_OK)
        err = dais_mdp_client_new(wire->loop, &office->random, &options, &wire->client);
    if (err == DAIS_OK)
        return DAIS_EXIT_DONE;
    dais_wire_close(wire);
    return dais_say_err(&office->say, err, endpoint);
}

void dais_wire_close(dais_wire_t *wire)
{
    if (wire->client != NULL)
        dais_mdp_client_destroy(&wire->client);
    if (wire->loop != NULL)
        dais_loop_destroy(&wire->loop);
    dais_socket_shutdown();
}

bool dais_wire_is_interrupted(const dais_wire_t *wire)
{
    return dais_loop_signal(wire->loop) != 0;
}

void dais_wire_pause(dais_wire_t *wire, uint64_t ms)
{
    uint64_t until = dais_loop_now(wire->loop).boot_ms + ms;
    dais_err_t err = DAIS_OK; /* a loop that cannot go on shows at the next call */
    /* Not dais_loop_run(): a loop that was stopped stays so, and it has more calls to make. */
    while (err == DAIS_OK && !dais_loop_is_stopped(wire->loop)) {
        uint64_t now = dais_loop_now(wire->loop).boot_ms;
        if (now >= until)
            return;
        err = dais_loop_pass(wire->loop, until - now);
    }
}

void dais_wire_answer_free(dais_wire_answer_t *answer)
{
    free(answer->bytes);
    free(answer->plain);
    memset(answer, 0, sizeof *answer);
}

static bool wire_fail(dais_wire_answer_t *answer, dais_err_t err)
{
    answer->err = err;
    (void)snprintf(answer->code, sizeof answer->code, "%s", dais_err_code(err));
    return false;
}

/* Decodes the answer as `shape`, or as a refusal. */
static bool wire_decode(const dais_shape_t *shape, void *out, dais_wire_answer_t *answer)
{
    dais_slice_t bytes = dais_slice(answer->bytes, answer->size);
    if (dais_shape_of(bytes) == &dais_shape_refused) {
        dais_fault_t fault = dais_shape_decode(&dais_shape_refused, bytes, &answer->refused);
        if (fault.err != DAIS_OK)
            return wire_fail(answer, fault.err);
        answer->is_refused = true;
        (void)snprintf(answer->code, sizeof answer->code, "%.*s", (int)answer->refused.code.size,
                       (const char *)answer->refused.code.data);
        return false;
    }
    dais_fault_t fault = dais_shape_decode(shape, bytes, out);
    return fault.err == DAIS_OK || wire_fail(answer, fault.err);
}

/* One record, packed into a buffer of the heap. */
static dais_err_t wire_pack(const dais_shape_t *shape, const void *call, uint8_t **buffer,
                            dais_slice_t *body)
{
    size_t capacity = (size_t)DAIS_LIMIT_BUNDLE_BYTES + 4096;
    dais_writer_t writer;
    *buffer = malloc(capacity);
    if (*buffer == NULL)
        return DAIS_ERR_NO_MEMORY;
    dais_writer_init(&writer, *buffer, capacity);
    dais_err_t err = dais_shape_encode(shape, call, &writer);
    return err == DAIS_OK ? dais_writer_finish(&writer, body) : err;
}

/* Sends one record and waits for its answer. */
static bool wire_call(dais_wire_t *wire, const char *service, const dais_shape_t *shape,
                      const void *call, uint64_t wait_ms, dais_wire_answer_t *answer)
{
    uint8_t *buffer;
    dais_slice_t body;
    dais_err_t err = wire_pack(shape, call, &buffer, &body);
    if (err == DAIS_OK)
        err = dais_mdp_ask(wire->loop, wire->client, service, body,
                           (uint32_t)(wire->timeout_ms + wait_ms), &answer->bytes, &answer->size);
    free(buffer);
    return err == DAIS_OK || wire_fail(answer, err);
}

static bool wire_new_call(dais_wire_t *wire, dais_id_t *call, dais_wire_answer_t *answer)
{
    memset(answer, 0, sizeof *answer);
    dais_err_t err = dais_random_fill(&wire->office->random, call->bytes, DAIS_ID_SIZE);
    return err == DAIS_OK || wire_fail(answer, err);
}

static void flight_answered(void *context, const dais_mdp_answer_t *answer)
{
    dais_wire_flight_t *flight = context;
    if (answer->partial)
        return;
    flight->is_over = true;
    if (answer->err != DAIS_OK) {
        (void)wire_fail(&flight->answer, answer->err);
        return;
    }
    flight->answer.size = answer->body.size;
    flight->answer.bytes = malloc(answer->body.size);
    if (flight->answer.bytes == NULL)
        (void)wire_fail(&flight->answer, DAIS_ERR_NO_MEMORY);
    else
        memcpy(flight->answer.bytes, answer->body.data, answer->body.size);
}

bool dais_wire_launch(dais_wire_t *wire, const char *intake, dais_slice_t parcel,
                      dais_wire_flight_t *flight)
{
    uint8_t *buffer = NULL;
    dais_slice_t body;
    dais_submit_t submit = {.log = wire->office->profile.log, .parcel = parcel};
    flight->is_over = false;
    if (wire_new_call(wire, &submit.call, &flight->answer)) {
        flight->call = submit.call;
        dais_err_t err = wire_pack(&dais_shape_submit, &submit, &buffer, &body);
        if (err == DAIS_OK)
            err = dais_mdp_client_call(wire->client, intake, body, (uint32_t)wire->timeout_ms,
                                       flight_answered, flight);
        free(buffer);
        if (err == DAIS_OK || wire_fail(&flight->answer, err))
            return true;
    }
    flight->is_over = true;
    return false;
}

bool dais_wire_serve(dais_wire_t *wire)
{
    return !dais_loop_is_stopped(wire->loop) && dais_loop_pass(wire->loop, UINT64_MAX) == DAIS_OK &&
           !dais_loop_is_stopped(wire->loop);
}

bool dais_wire_landed(dais_wire_flight_t *flight, dais_submitted_t *submitted)
{
    return flight->answer.err == DAIS_OK &&
           wire_decode(&dais_shape_submitted, submitted, &flight->answer);
}

void dais_wire_cancel(dais_wire_t *wire, dais_wire_flight_t *flight)
{
    if (!flight->is_over)
        (void)dais_mdp_client_cancel(wire->client, dais_slice(flight->call.bytes, DAIS_ID_SIZE));
    flight->is_over = true;
    dais_wire_answer_free(&flight->answer);
}

static void wire_service(const dais_wire_t *wire, uint64_t wait_ms, char *name, size_t size)
{
    (void)snprintf(name, size, "registry/%s%s", wire->office->profile.cycle,
                   wait_ms > 0 ? "/wait" : "");
}

/* The tuple that is asked for, packed into buffer. */
static bool wire_what(const dais_shape_t *shape, const void *what, uint8_t *buffer, size_t capacity,
                      dais_slice_t *packed, dais_wire_answer_t *answer)
{
    dais_writer_t writer;
    dais_writer_init(&writer, buffer, capacity);
    dais_err_t err = dais_shape_encode(shape, what, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, packed);
    return err == DAIS_OK || wire_fail(answer, err);
}

static bool wire_body(const dais_shape_t *shape, void *out, dais_wire_answer_t *answer)
{
    dais_fault_t fault = dais_shape_decode(shape, answer->body, out);
    return fault.err == DAIS_OK || wire_fail(answer, fault.err);
}

bool dais_wire_look(dais_wire_t *wire, const dais_shape_t *what_shape, const void *what,
                    uint64_t wait_ms, const dais_shape_t *out_shape, void *out,
                    dais_wire_answer_t *answer)
{
    static uint8_t buffer[DAIS_LIMIT_ASK]; /* one call at a time */
    char service[DAIS_LIMIT_CODE + 32];
    dais_look_t look = {.log = wire->office->profile.log};
    dais_shown_t shown;
    wire_service(wire, wait_ms, service, sizeof service);
    if (!wire_new_call(wire, &look.call, answer) ||
        !wire_what(what_shape, what, buffer, sizeof buffer, &look.what, answer) ||
        !wire_call(wire, service, &dais_shape_look, &look, wait_ms, answer) ||
        !wire_decode(&dais_shape_shown, &shown, answer))
        return false;
    answer->body = shown.body;
    return wire_body(out_shape, out, answer);
}

static bool wire_open_box(dais_wire_t *wire, dais_slice_t ask, dais_slice_t box,
                          dais_wire_answer_t *answer)
{
    const dais_profile_t *profile = &wire->office->profile;
    dais_answer_t opened;
    answer->plain = malloc(ANSWER_ROOM);
    if (answer->plain == NULL)
        return wire_fail(answer, DAIS_ERR_NO_MEMORY);
    dais_fault_t fault =
        dais_answer_open(&profile->device, &profile->registry_box_key, &profile->log, ask, box,
                         answer->plain, ANSWER_ROOM, &opened);
    if (fault.err != DAIS_OK)
        return wire_fail(answer, fault.err);
    answer->body = opened.body;
    return true;
}

bool dais_wire_ask(dais_wire_t *wire, const dais_shape_t *what_shape, const void *what,
                   uint64_t wait_ms, const dais_shape_t *out_shape, void *out,
                   dais_wire_answer_t *answer)
{
    static uint8_t buffer[DAIS_LIMIT_ASK]; /* one call at a time */
    static uint8_t ask_buffer[DAIS_LIMIT_ASK + 512];
    char service[DAIS_LIMIT_CODE + 32];
    dais_ask_call_t call;
    dais_ask_t ask = {.log = wire->office->profile.log};
    dais_answered_t answered;
    dais_writer_t writer;
    wire_service(wire, wait_ms, service, sizeof service);
    if (!wire_new_call(wire, &call.call, answer) ||
        !wire_what(what_shape, what, buffer, sizeof buffer, &ask.what, answer))
        return false;
    if (!dais_office_now(wire->office, &ask.at))
        return wire_fail(answer, DAIS_ERR_CLOCK);
    dais_writer_init(&writer, ask_buffer, sizeof ask_buffer);
    dais_err_t err = dais_random_fill(&wire->office->random, ask.nonce.bytes, DAIS_ID_SIZE);
    if (err == DAIS_OK)
        err = dais_ask_sign(&ask, &wire->office->profile.device, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &call.ask);
    if (err != DAIS_OK)
        return wire_fail(answer, err);
    return wire_call(wire, service, &dais_shape_ask_call, &call, wait_ms, answer) &&
           wire_decode(&dais_shape_answered, &answered, answer) &&
           wire_open_box(wire, call.ask, answered.box, answer) && wire_body(out_shape, out, answer);
}

static bool wire_is_genesis_key(const dais_profile_t *profile)
{
    return profile->genesis_bytes.size > 0 && memcmp(profile->genesis.secretariat_key.bytes,
                                                     profile->device.key.bytes, DAIS_KEY_SIZE) == 0;
}

int dais_wire_error(const dais_wire_t *wire, const dais_wire_answer_t *answer, const char *about)
{
    const dais_say_t *say = &wire->office->say;
    if (dais_wire_is_interrupted(wire))
        return dais_say_error(say, DAIS_EXIT_INTERRUPTED, "interrupted",
                              "the same command goes on where it stopped", "%s", about);
    if (answer->err == DAIS_ERR_NOT_ADMITTED && wire_is_genesis_key(&wire->office->profile))
        return dais_say_error(
            say, DAIS_EXIT_REFUSED, answer->code,
            "dais outbox parcel -o FILE, and on the registry's host dais-registry "
            "cycle admit; for all else use the secretariat's daily device",
            "%s: this key signed genesis, and no broker admits it", about);
    if (answer->is_refused && answer->refused.retry_ms > 0)
        return dais_say_error(say, DAIS_EXIT_TEMPORARY, answer->code, "the same command later",
                              "%s: not now; try again in %" PRIu64 " ms", about,
                              answer->refused.retry_ms);
    if (answer->is_refused)
        return dais_say_error(say, DAIS_EXIT_REFUSED, answer->code, NULL, "%s: it was refused",
                              about);
    if (answer->err == DAIS_ERR_UNREACHABLE || answer->err == DAIS_ERR_UNANSWERED)
        return dais_say_error(say, dais_exit_of(answer->err), answer->code,
                              "try again when the line is up; dais config show --origin says which "
                              "broker is asked",
                              "%s: %s", about, dais_err_text(answer->err));
    return dais_say_err(say, answer->err, about);
}
