/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/service.h"

#include <stdlib.h>

#include "base/crash_point.h"
#include "base/mdp.h"
#include "proto/box.h"

#define BUSY_RETRY_MS 1000
#define FULL_RETRY_MS 10000

/* A request that is kept: a hand-over in the queue, or a question that waits. */
typedef struct kept kept_t;
struct kept {
    kept_t *next;
    dais_request_t request;
    dais_id_t call;
    bool is_ask;         /* of a question */
    uint32_t key_number; /* of a question about bundles of this key: only they can answer it */
    uint64_t expires_ms; /* of a question */
    dais_take_t take;    /* of a hand-over */
    size_t size;
    uint8_t body[];
};

struct dais_service {
    dais_cycle_t *cycle;
    dais_service_options_t options;
    dais_nonces_t *nonces;
    dais_pairs_t *pairs;
    kept_t *queue;
    kept_t **queue_end;
    size_t queue_bytes;
    kept_t *parked;
    size_t parked_count;
    uint64_t taken_count;
    uint64_t next_ms; /* when the first of them has waited for long enough */
    bool tick_due;    /* something other than a hand-over may have made a deadline ready */
};

/* What is answered: the body, the box around it, the frame. One request is answered at a time. */
static uint8_t service_body[DAIS_LIMIT_ANSWER];
static uint8_t service_box[DAIS_LIMIT_ANSWER + 1024];
static uint8_t service_out[DAIS_LIMIT_ANSWER + 2048];

dais_err_t dais_service_create(const dais_service_options_t *options, dais_service_t **service)
{
    *service = calloc(1, sizeof **service);
    if (*service == NULL)
        return DAIS_ERR_NO_MEMORY;
    (*service)->options = *options;
    (*service)->cycle = options->cycle;
    (*service)->queue_end = &(*service)->queue;
    (*service)->tick_due = true;
    (*service)->next_ms = UINT64_MAX;
    const dais_house_t *house = dais_cycle_house(options->cycle);
    dais_now_t now;
    dais_err_t err = dais_clock_now(&house->clock, &now);
    if (err == DAIS_OK)
        err = dais_nonces_create(&house->random, now.wall_ms, &(*service)->nonces);
    if (err == DAIS_OK)
        err = dais_pairs_create(&(*service)->pairs);
    if (err != DAIS_OK)
        dais_service_destroy(service);
    return err;
}

static void kept_free(kept_t **list)
{
    while (*list != NULL) {
        kept_t *kept = *list;
        *list = kept->next;
        free(kept);
    }
}

void dais_service_forget(dais_service_t *service)
{
    kept_free(&service->queue);
    kept_free(&service->parked);
    service->queue_end = &service->queue;
    service->queue_bytes = 0;
    service->parked_count = 0;
    service->next_ms = UINT64_MAX;
}

void dais_service_destroy(dais_service_t **service)
{
    if (*service == NULL)
        return;
    dais_service_forget(*service);
    dais_nonces_destroy(&(*service)->nonces);
    dais_pairs_destroy(&(*service)->pairs);
    free(*service);
    *service = NULL;
}

static dais_err_t service_send(dais_service_t *service, dais_request_t request,
                               const dais_shape_t *shape, const void *in)
{
    dais_writer_t writer;
    dais_slice_t bytes;
    dais_writer_init(&writer, service_out, sizeof service_out);
    dais_err_t err = dais_shape_encode(shape, in, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &bytes);
    if (err == DAIS_OK)
        service->options.reply(service->options.context, request, bytes);
    return err;
}

static dais_err_t service_refuse(dais_service_t *service, dais_request_t request,
                                 const dais_id_t *call, dais_err_t err, uint64_t retry_ms)
{
    dais_refused_t refused = {
        .call = *call, .code = dais_slice_text(dais_err_code(err)), .retry_ms = retry_ms};
    return service_send(service, request, &dais_shape_refused, &refused);
}

/* No call of ours, or cut: refused all the same, by the id that it opens with or zeros, as a
 * request that is never answered keeps its credit at the broker. */
static dais_err_t service_refuse_form(dais_service_t *service, dais_request_t request,
                                      dais_slice_t body, dais_err_t err)
{
    dais_mdp_opening_t opening;
    dais_id_t call = {{0}};
    if (dais_mdp_opening(body, &opening))
        memcpy(call.bytes, opening.call_id.data, sizeof call.bytes);
    return service_refuse(service, request, &call, err, 0);
}

static kept_t *kept_new(dais_request_t request, const dais_id_t *call, dais_slice_t body)
{
    kept_t *kept = malloc(sizeof *kept + body.size);
    if (kept == NULL)
        return NULL;
    *kept = (kept_t){.request = request, .call = *call, .size = body.size};
    memcpy(kept->body, body.data, body.size);
    return kept;
}

static dais_err_t service_queue(dais_service_t *service, dais_request_t request, dais_slice_t body)
{
    dais_hand_over_t hand_over;
    dais_err_t err = dais_shape_decode(&dais_shape_hand_over, body, &hand_over).err;
    if (err != DAIS_OK)
        return service_refuse_form(service, request, body, err);
    if (!dais_hash_equal(&hand_over.log, &dais_cycle_about(service->cycle)->name))
        return service_refuse(service, request, &hand_over.call, DAIS_ERR_WRONG_LOG, 0);
    if (service->queue_bytes + body.size > DAIS_SERVICE_QUEUE_BYTES)
        return service_refuse(service, request, &hand_over.call, DAIS_ERR_BUSY, BUSY_RETRY_MS);
    kept_t *kept = kept_new(request, &hand_over.call, body);
    if (kept == NULL)
        return DAIS_ERR_NO_MEMORY;
    *service->queue_end = kept;
    service->queue_end = &kept->next;
    service->queue_bytes += body.size;
    return DAIS_OK;
}

/* Sends what a question came to: shown, or answered in a box. */
static dais_err_t service_answer(dais_service_t *service, dais_request_t request,
                                 const dais_id_t *call, const dais_ask_t *ask,
                                 dais_slice_t ask_bytes, dais_slice_t body)
{
    dais_writer_t writer;
    dais_slice_t box;
    if (ask == NULL) {
        dais_shown_t shown = {.call = *call, .body = body};
        return service_send(service, request, &dais_shape_shown, &shown);
    }
    dais_writer_init(&writer, service_box, sizeof service_box);
    dais_err_t err = dais_ask_close(service->cycle, service->pairs, ask, ask_bytes, body, &writer);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &box);
    if (err != DAIS_OK)
        return dais_err_is_refusal(err) ? service_refuse(service, request, call, err, 0) : err;
    dais_answered_t answered = {.call = *call, .box = box};
    return service_send(service, request, &dais_shape_answered, &answered);
}

/* What there is to know of a question that is to wait. */
typedef struct {
    uint64_t wait_ms;
    uint32_t key_number;
} service_wait_t;

static void service_note_wait(const dais_question_t *question, service_wait_t *wait)
{
    dais_answer_fn_t *answer;
    wait->wait_ms = question->wait_ms;
    wait->key_number = 0;
    if (question->who.key_number != 0 &&
        dais_answer_find(question->what, false, &answer) == DAIS_OK &&
        answer == dais_answer_receipts)
        wait->key_number = question->who.key_number;
}

/* What this machine cannot go on after; all else is an answer. */
static bool service_is_fatal(dais_err_t err)
{
    return err == DAIS_ERR_IO || err == DAIS_ERR_CORRUPT || err == DAIS_ERR_NO_MEMORY ||
           err == DAIS_ERR_ENTROPY || err == DAIS_ERR_CRYPTO;
}

/* A question, new or one that waited. WOULD_WAIT, with *wait set, if it is to wait. */
static dais_err_t service_ask(dais_service_t *service, dais_request_t request,
                              const dais_id_t *call, dais_slice_t bytes, bool is_ask, bool is_new,
                              bool may_wait, service_wait_t *wait)
{
    dais_ask_t ask;
    dais_writer_t writer;
    dais_slice_t body;
    dais_err_t err = DAIS_OK;
    dais_question_t question = {.cycle = service->cycle, .what = bytes, .body = &writer};
    if (is_ask && is_new)
        err = dais_ask_take(service->cycle, service->nonces, bytes, &ask, &question);
    else if (is_ask)
        err = dais_ask_again(service->cycle, bytes, &ask, &question);
    else
        question.reader = dais_visible_public();
    dais_writer_init(&writer, service_body, sizeof service_body);
    question.may_wait = may_wait;
    if (err == DAIS_OK)
        err = dais_answer(&question);
    if (err == DAIS_OK)
        err = dais_writer_finish(&writer, &body);
    if (err == DAIS_OK)
        return service_answer(service, request, call, is_ask ? &ask : NULL, bytes, body);
    if (err == DAIS_ERR_WOULD_WAIT)
        service_note_wait(&question, wait);
    if (err == DAIS_ERR_WOULD_WAIT || service_is_fatal(err))
        return err;
    uint64_t retry_ms = err == DAIS_ERR_BUSY ? BUSY_RETRY_MS : 0;
    if (err == DAIS_ERR_STALE_ASK)
        retry_ms = dais_nonces_wait_ms(service->nonces, &ask);
    return service_refuse(service, request, call, err, retry_ms);
}

/* A question that has nothing to answer yet is kept, if there is room. */
static dais_err_t service_question(dais_service_t *service, dais_request_t request,
                                   const dais_id_t *call, dais_slice_t bytes, bool is_ask,
                                   uint64_t boot_ms)
{
    service_wait_t wait = {.wait_ms = 0};
    bool may_wait = service->parked_count < DAIS_SERVICE_PARKED_MAX;
    dais_err_t err = service_ask(service, request, call, bytes, is_ask, true, may_wait, &wait);
    if (err != DAIS_ERR_WOULD_WAIT)
        return err;
    kept_t *kept = kept_new(request, call, bytes);
    if (kept == NULL)
        return DAIS_ERR_NO_MEMORY;
    kept->is_ask = is_ask;
    kept->key_number = wait.key_number;
    kept->expires_ms =
        boot_ms + (wait.wait_ms < DAIS_LIMIT_WAIT_MS ? wait.wait_ms : DAIS_LIMIT_WAIT_MS);
    if (kept->expires_ms < service->next_ms)
        service->next_ms = kept->expires_ms;
    kept->next = service->parked;
    service->parked = kept;
    service->parked_count++;
    return DAIS_OK;
}

/* Zeros are for whoever has the genesis and does not know the log's name yet: it is the leaf hash
 * of entry 0, which is proved by the answer. What is signed always names its log. */
static bool look_names(const dais_look_t *look, const dais_hash_t *name)
{
    static const dais_hash_t zeros;
    return dais_hash_equal(&look->log, name) || dais_hash_equal(&look->log, &zeros);
}

static dais_err_t service_look(dais_service_t *service, dais_request_t request, dais_slice_t body,
                               uint64_t boot_ms)
{
    dais_look_t look;
    dais_err_t err = dais_shape_decode(&dais_shape_look, body, &look).err;
    if (err != DAIS_OK)
        return service_refuse_form(service, request, body, err);
    if (!look_names(&look, &dais_cycle_about(service->cycle)->name))
        return service_refuse(service, request, &look.call, DAIS_ERR_WRONG_LOG, 0);
    return service_question(service, request, &look.call, look.what, false, boot_ms);
}

static dais_err_t service_ask_call(dais_service_t *service, dais_request_t request,
                                   dais_slice_t body, uint64_t boot_ms)
{
    dais_ask_call_t ask_call;
    dais_err_t err = dais_shape_decode(&dais_shape_ask_call, body, &ask_call).err;
    if (err != DAIS_OK)
        return service_refuse_form(service, request, body, err);
    return service_question(service, request, &ask_call.call, ask_call.ask, true, boot_ms);
}

dais_err_t dais_service_request(dais_service_t *service, dais_request_t request, dais_slice_t body,
                                uint64_t boot_ms)
{
    const dais_shape_t *shape = dais_shape_of(body);
    if (shape == &dais_shape_hand_over)
        return service_queue(service, request, body);
    if (shape == &dais_shape_look)
        return service_look(service, request, body, boot_ms);
    if (shape == &dais_shape_ask_call)
        return service_ask_call(service, request, body, boot_ms);
    return service_refuse_form(service, request, body, DAIS_ERR_WRONG_DOMAIN);
}

bool dais_service_is_due(const dais_service_t *service)
{
    return service->queue != NULL || service->tick_due;
}

dais_service_figures_t dais_service_figures(const dais_service_t *service)
{
    return (dais_service_figures_t){service->taken_count, service->parked_count};
}

void dais_service_nudge(dais_service_t *service)
{
    service->tick_due = true;
}

uint64_t dais_service_next_ms(const dais_service_t *service)
{
    return service->next_ms;
}

/* Does the last batch, or the time, concern this question? */
static bool service_wakes(const dais_service_t *service, const kept_t *kept, bool by_batch,
                          uint64_t boot_ms)
{
    if (kept->expires_ms <= boot_ms)
        return true;
    return by_batch &&
           (kept->key_number == 0 || dais_cycle_has_touched(service->cycle, kept->key_number));
}

/* Asks parked questions again: those that the last batch may answer, or those whose time is over.
 */
static dais_err_t service_wake(dais_service_t *service, bool by_batch, uint64_t boot_ms)
{
    kept_t **at = &service->parked;
    dais_err_t err = DAIS_OK;
    service->next_ms = UINT64_MAX;
    while (*at != NULL) {
        kept_t *kept = *at;
        service_wait_t wait;
        dais_err_t one = DAIS_ERR_WOULD_WAIT;
        if (err == DAIS_OK && service_wakes(service, kept, by_batch, boot_ms))
            one =
                service_ask(service, kept->request, &kept->call, dais_slice(kept->body, kept->size),
                            kept->is_ask, false, kept->expires_ms > boot_ms, &wait);
        if (one == DAIS_ERR_WOULD_WAIT) {
            if (kept->expires_ms < service->next_ms)
                service->next_ms = kept->expires_ms;
            at = &kept->next;
            continue;
        }
        if (err == DAIS_OK)
            err = one;
        *at = kept->next;
        service->parked_count--;
        free(kept);
    }
    return err;
}

dais_err_t dais_service_expire(dais_service_t *service, uint64_t boot_ms)
{
    return service_wake(service, false, boot_ms);
}

/* Takes one batch off the queue. */
static kept_t *service_cut(dais_service_t *service)
{
    kept_t *batch = service->queue;
    kept_t **end = &service->queue;
    size_t bytes = 0;
    while (*end != NULL && (bytes == 0 || bytes + (*end)->size <= DAIS_SERVICE_BATCH_BYTES)) {
        bytes += (*end)->size;
        end = &(*end)->next;
    }
    service->queue = *end;
    *end = NULL;
    if (service->queue == NULL)
        service->queue_end = &service->queue;
    service->queue_bytes -= bytes;
    return bytes > 0 ? batch : NULL;
}

static dais_err_t service_reply(dais_service_t *service, const kept_t *kept, dais_err_t of_batch)
{
    service->taken_count += of_batch == DAIS_OK && kept->take.err == DAIS_OK;
    if (of_batch != DAIS_OK)
        return service_refuse(service, kept->request, &kept->call, of_batch, FULL_RETRY_MS);
    if (kept->take.err != DAIS_OK)
        return service_refuse(service, kept->request, &kept->call, kept->take.err,
                              kept->take.retry_ms);
    dais_taken_t taken = {.call = kept->call, .next = kept->take.next};
    return service_send(service, kept->request, &dais_shape_taken, &taken);
}

/* Puts what does not belong to this batch any more in front of the queue again. */
static void service_put_back(dais_service_t *service, kept_t *rest)
{
    kept_t **end = &rest;
    while (*end != NULL) {
        service->queue_bytes += (*end)->size;
        end = &(*end)->next;
    }
    *end = service->queue;
    if (service->queue == NULL)
        service->queue_end = end;
    service->queue = rest;
}

/* Has this transaction enough messages? Then the others wait for the next. */
static bool service_is_full(const dais_service_t *service, uint64_t size)
{
    return dais_book_size(dais_cycle_book(service->cycle)) - size >= DAIS_SERVICE_BATCH_COUNT;
}

static dais_err_t service_batch(dais_service_t *service, kept_t *batch)
{
    uint64_t size = dais_book_size(dais_cycle_book(service->cycle));
    dais_err_t err = dais_cycle_batch_begin(service->cycle);
    for (kept_t *kept = batch; kept != NULL && err == DAIS_OK; kept = kept->next) {
        dais_hand_over_t hand_over;
        err =
            dais_shape_decode(&dais_shape_hand_over, dais_slice(kept->body, kept->size), &hand_over)
                .err;
        if (err == DAIS_OK)
            kept->take = dais_cycle_take(service->cycle, &hand_over);
        if (kept->next != NULL && service_is_full(service, size)) {
            service_put_back(service, kept->next);
            kept->next = NULL;
        }
    }
    if (err == DAIS_OK)
        return dais_cycle_batch_end(service->cycle);
    dais_err_t of_drop = dais_cycle_batch_drop(service->cycle);
    return of_drop != DAIS_OK ? of_drop : err;
}

dais_err_t dais_service_run(dais_service_t *service)
{
    uint64_t size = dais_book_signed_size(dais_cycle_book(service->cycle));
    kept_t *batch = service_cut(service);
    bool is_low = batch != NULL && dais_house_is_low(dais_cycle_house(service->cycle));
    service->tick_due = false;
    dais_err_t of_batch = is_low ? DAIS_ERR_LOW_DISK : service_batch(service, batch);
    dais_err_t err = of_batch == DAIS_ERR_NO_SPACE || is_low ? DAIS_OK : of_batch;
    for (const kept_t *kept = batch; kept != NULL && err == DAIS_OK; kept = kept->next)
        err = service_reply(service, kept, of_batch);
    if (batch != NULL)
        DAIS_CRASH_POINT("registry-answered");
    kept_free(&batch);
    bool has_grown = dais_book_signed_size(dais_cycle_book(service->cycle)) != size;
    if (err == DAIS_OK && (has_grown || dais_cycle_has_happened(service->cycle)))
        err = service_wake(service, true, 0);
    return err != DAIS_OK ? err : of_batch;
}
