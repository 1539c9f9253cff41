/* SPDX-License-Identifier: Apache-2.0
 *
 * One office at the broker's front door: bundles go out as fast as the window lets them or by the
 * clock, and one question for receipts is always parked at the registry. A bundle is done when its
 * receipts are here. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/mdp_ask.h"
#include "proto/checkpoint.h"
#include "proto/receipt.h"
#include "proto/stamp.h"
#include "tests/bench/chain.h"

#define CALL_MS   20000
#define WAIT_MS   10000
#define BODY_ROOM ((size_t)DAIS_LIMIT_BUNDLE_BYTES + 4096)

struct chain_sender {
    chain_office_t *office;
    chain_load_t load;
    dais_clock_t clock;
    dais_random_t random;
    dais_loop_t *loop;
    dais_mdp_client_t *client;
    uint8_t *body;
    uint8_t *plain;
    uint8_t ask[DAIS_LIMIT_ASK + 512]; /* the one under way: its answer names it */
    size_t ask_size;
    bool asking;
    /* What is being sent. */
    chain_bundle_t *bundles;
    size_t count;
    uint64_t first_k;
    uint64_t next_k; /* of the bundle behind all that were sent */
    int timer_fd;
    size_t sent;    /* of them */
    size_t stamped; /* of them */
    size_t done;    /* of them, with receipts */
    uint64_t start_ns;
    chain_result_t result;
};

static void sender_call(chain_sender_t *sender, const char *service, const dais_shape_t *shape,
                        const void *call, dais_mdp_answered_t *answered, void *context)
{
    dais_writer_t writer;
    dais_writer_init(&writer, sender->body, BODY_ROOM);
    chain_must(dais_shape_encode(shape, call, &writer), shape->name);
    chain_must(dais_mdp_client_call(sender->client, service, dais_slice(sender->body, writer.size),
                                    CALL_MS, answered, context),
               service);
}

/* Decodes an answer; a refusal ends the run. */
static void sender_decode(const dais_shape_t *shape, const dais_mdp_answer_t *answer, void *out)
{
    dais_refused_t refused;
    chain_must(answer->err, shape->name);
    if (dais_shape_of(answer->body) == &dais_shape_refused &&
        dais_shape_decode(&dais_shape_refused, answer->body, &refused).err == DAIS_OK) {
        (void)fprintf(stderr, "bench_chain: refused: %.*s\n", (int)refused.code.size,
                      (const char *)refused.code.data);
        exit(1);
    }
    chain_must(dais_shape_decode(shape, answer->body, out).err, shape->name);
}

static void submitted(void *context, const dais_mdp_answer_t *answer)
{
    chain_sender_t *sender = context;
    dais_submitted_t out;
    dais_stamp_t stamp;
    sender_decode(&dais_shape_submitted, answer, &out);
    chain_must(
        dais_shape_decode_first(&dais_shape_stamp, out.stamp, &stamp, &(dais_slice_t){0}).err,
        "stamp");
    /* One connection, one intake: stamps come in the order of the bundles. */
    chain_bundle_t *bundle = &sender->bundles[sender->stamped++];
    bundle->received_at = stamp.at;
    bundle->stamped_ns = chain_now_ns();
}

static void sender_submit(chain_sender_t *sender, uint64_t due_ns)
{
    chain_bundle_t *bundle = &sender->bundles[sender->sent++];
    bundle->due_ns = due_ns;
    dais_submit_t submit = {.log = sender->office->log, .parcel = bundle->parcel};
    chain_must(dais_random_fill(&sender->random, submit.call.bytes, DAIS_ID_SIZE), "call");
    sender_call(sender, sender->load.intake, &dais_shape_submit, &submit, submitted, sender);
}

static void sender_fill(chain_sender_t *sender)
{
    if (sender->load.rate > 0)
        return;
    while (sender->sent < sender->count && sender->sent - sender->done < sender->load.in_flight)
        sender_submit(sender, chain_now_ns());
}

/* Signs a question into sender->ask. */
static dais_slice_t ask_sign(chain_sender_t *sender, const dais_shape_t *shape, const void *what)
{
    uint8_t room[64];
    dais_writer_t writer;
    dais_ask_t ask = {.log = sender->office->log, .at = dais_loop_now(sender->loop).wall_ms};
    dais_writer_init(&writer, room, sizeof room);
    chain_must(dais_shape_encode(shape, what, &writer), shape->name);
    ask.what = dais_slice(room, writer.size);
    chain_must(dais_random_fill(&sender->random, ask.nonce.bytes, DAIS_ID_SIZE), "nonce");
    dais_writer_init(&writer, sender->ask, sizeof sender->ask);
    chain_must(dais_ask_sign(&ask, &sender->office->device, &writer), "ask");
    sender->ask_size = writer.size;
    return dais_slice(sender->ask, sender->ask_size);
}

static void ask_open(chain_sender_t *sender, const dais_mdp_answer_t *answer,
                     dais_answer_receipts_t *receipts)
{
    dais_answered_t answered;
    dais_answer_t opened;
    const chain_office_t *office = sender->office;
    sender_decode(&dais_shape_answered, answer, &answered);
    chain_must(dais_answer_open(&office->device, &office->registry_box_key, &office->log,
                                dais_slice(sender->ask, sender->ask_size), answered.box,
                                sender->plain, BODY_ROOM, &opened)
                   .err,
               "box");
    chain_must(dais_shape_decode(&dais_shape_answer_receipts, opened.body, receipts).err,
               "receipts");
}

static void ask_line(chain_sender_t *sender, const dais_bundle_line_t *line)
{
    const chain_load_t *load = &sender->load;
    chain_bundle_t *bundle = &sender->bundles[sender->done];
    if (line->k != sender->first_k + sender->done || line->state != DAIS_BUNDLE_LOGGED ||
        !dais_hash_equal(&line->bundle, &bundle->hash))
        chain_must(DAIS_ERR_CHAIN_FORK, "receipts of another bundle");
    bool deep = sender->done % load->deep_each == 0 && sender->done < sender->stamped;
    bundle->receipt_ns = chain_now_ns();
    sender->result.accepted += chain_check(sender->office, bundle, line->receipts, deep);
    sender->result.checked += deep;
    sender->done++;
}

static void sender_ask(chain_sender_t *sender);

static void asked(void *context, const dais_mdp_answer_t *answer)
{
    chain_sender_t *sender = context;
    dais_answer_receipts_t receipts;
    dais_bundle_line_t line;
    sender->asking = false;
    ask_open(sender, answer, &receipts);
    dais_list_walk_t walk = dais_list_begin(&receipts.bundles, &dais_shape_bundle_line);
    while (dais_list_next(&walk, &line))
        ask_line(sender, &line);
    sender_fill(sender);
    sender_ask(sender);
}

static void sender_ask(chain_sender_t *sender)
{
    char service[DAIS_LIMIT_CODE + 32];
    if (sender->asking || sender->done == sender->count)
        return;
    dais_ask_receipts_t what = {.what = DAIS_WHAT_RECEIPTS,
                                .stream = DAIS_STREAM_OPEN,
                                .k = sender->first_k + sender->done,
                                .wait_ms = WAIT_MS};
    dais_ask_call_t call = {.ask = ask_sign(sender, &dais_shape_ask_receipts, &what)};
    chain_must(dais_random_fill(&sender->random, call.call.bytes, DAIS_ID_SIZE), "call");
    (void)snprintf(service, sizeof service, "registry/%s/wait", sender->office->cycle);
    sender->asking = true;
    sender->result.asks++;
    sender_call(sender, service, &dais_shape_ask_call, &call, asked, sender);
}

/* By the clock: all that should have been sent by now, whatever has become of the others. */
static bool sender_tick(void *context, short events)
{
    chain_sender_t *sender = context;
    uint64_t expirations;
    (void)events;
    if (read(sender->timer_fd, &expirations, sizeof expirations) != sizeof expirations)
        return false;
    uint64_t now_ns = chain_now_ns();
    while (sender->sent < sender->count) {
        uint64_t due_ns =
            sender->start_ns + (uint64_t)((double)sender->sent * 1e9 / sender->load.rate);
        if (due_ns > now_ns)
            break;
        sender_submit(sender, due_ns);
    }
    return false;
}

static void sender_time(chain_sender_t *sender, dais_watch_t **watch)
{
    long tick_ns = (long)(1e9 / sender->load.rate);
    struct itimerspec every = {.it_interval.tv_nsec = tick_ns % 1000000000,
                               .it_interval.tv_sec = tick_ns / 1000000000,
                               .it_value.tv_nsec = 1};
    sender->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (sender->timer_fd < 0 || timerfd_settime(sender->timer_fd, 0, &every, NULL) != 0)
        chain_must(DAIS_ERR_CLOCK, "timer");
    chain_must(dais_loop_fd(sender->loop, sender->timer_fd, sender_tick, sender, watch), "timer");
}

chain_result_t chain_send(chain_sender_t *sender, const chain_load_t *load, chain_bundle_t *bundles,
                          size_t count)
{
    dais_watch_t *watch = NULL;
    sender->load = *load;
    sender->bundles = bundles;
    sender->count = count;
    sender->sent = sender->stamped = sender->done = 0;
    sender->first_k = sender->next_k;
    sender->result = (chain_result_t){.seconds = 0};
    sender->start_ns = chain_now_ns();
    if (load->rate > 0)
        sender_time(sender, &watch);
    sender_fill(sender);
    sender_ask(sender);
    while (sender->done < count || sender->stamped < count)
        chain_must(dais_loop_pass(sender->loop, CALL_MS), "loop");
    sender->result.seconds = (double)(chain_now_ns() - sender->start_ns) / 1e9;
    sender->next_k += count;
    if (load->rate > 0) {
        dais_loop_unwatch(sender->loop, &watch);
        (void)close(sender->timer_fd);
    }
    return sender->result;
}

/* One call, and its answer. */
static dais_slice_t begin_call(chain_sender_t *sender, const char *service,
                               const dais_shape_t *shape, const void *call, uint8_t **bytes)
{
    size_t size;
    dais_writer_t writer;
    dais_writer_init(&writer, sender->body, BODY_ROOM);
    chain_must(dais_shape_encode(shape, call, &writer), shape->name);
    chain_must(dais_mdp_ask(sender->loop, sender->client, service,
                            dais_slice(sender->body, writer.size), CALL_MS, bytes, &size),
               service);
    return dais_slice(*bytes, size);
}

static void begin_chain(chain_sender_t *sender, const char *service)
{
    uint8_t *bytes;
    dais_answer_receipts_t receipts;
    dais_ask_receipts_t what = {
        .what = DAIS_WHAT_RECEIPTS, .stream = DAIS_STREAM_OPEN, .k = DAIS_SEQ_MAX};
    dais_ask_call_t call = {.ask = ask_sign(sender, &dais_shape_ask_receipts, &what)};
    chain_must(dais_random_fill(&sender->random, call.call.bytes, DAIS_ID_SIZE), "call");
    dais_mdp_answer_t answer = {
        .body = begin_call(sender, service, &dais_shape_ask_call, &call, &bytes)};
    ask_open(sender, &answer, &receipts);
    sender->office->next_k = sender->next_k = receipts.next;
    sender->office->prev = receipts.prev;
    free(bytes);
}

static void begin_seen(chain_sender_t *sender, const char *service)
{
    uint8_t room[64];
    uint8_t *bytes;
    dais_writer_t writer;
    dais_shown_t shown;
    dais_answer_checkpoint_t answer;
    dais_checkpoint_t checkpoint;
    dais_ask_checkpoint_t what = {.what = DAIS_WHAT_CHECKPOINT};
    dais_look_t look = {.log = sender->office->log};
    dais_writer_init(&writer, room, sizeof room);
    chain_must(dais_shape_encode(&dais_shape_ask_checkpoint, &what, &writer), "look");
    look.what = dais_slice(room, writer.size);
    chain_must(dais_random_fill(&sender->random, look.call.bytes, DAIS_ID_SIZE), "call");
    dais_mdp_answer_t got = {.body = begin_call(sender, service, &dais_shape_look, &look, &bytes)};
    sender_decode(&dais_shape_shown, &got, &shown);
    chain_must(dais_shape_decode(&dais_shape_answer_checkpoint, shown.body, &answer).err, "look");
    chain_must(dais_checkpoint_verify(answer.checkpoint, &sender->office->log_key, &checkpoint).err,
               "checkpoint");
    sender->office->seen_size = checkpoint.size;
    sender->office->seen_root = checkpoint.root;
    free(bytes);
}

void chain_sender_begin(chain_sender_t *sender)
{
    char service[DAIS_LIMIT_CODE + 32];
    (void)snprintf(service, sizeof service, "registry/%s", sender->office->cycle);
    begin_chain(sender, service);
    begin_seen(sender, service);
}

chain_sender_t *chain_sender_open(chain_office_t *office, const chain_load_t *load)
{
    dais_curve_pair_t own;
    chain_sender_t *sender = calloc(1, sizeof *sender);
    if (sender == NULL)
        chain_fail(DAIS_ERR_NO_MEMORY, "sender");
    sender->office = office;
    sender->clock = dais_clock_system();
    sender->random = dais_random_system();
    sender->body = malloc(BODY_ROOM);
    sender->plain = malloc(BODY_ROOM);
    chain_must(sender->body == NULL || sender->plain == NULL ? DAIS_ERR_NO_MEMORY : DAIS_OK,
               "sender");
    memcpy(own.public_key, office->device.box_key.bytes, DAIS_KEY_SIZE);
    memcpy(own.secret_key, office->device.box_secret, DAIS_KEY_SIZE);
    dais_mdp_client_options_t options = {.endpoint = load->broker,
                                         .own = &own,
                                         .server_key = load->broker_key,
                                         .call_count_max = DAIS_MDP_CALL_COUNT_MAX,
                                         .answer_size_max = (size_t)2 * DAIS_LIMIT_ANSWER};
    chain_must(dais_socket_init(&sender->random), "sockets");
    chain_must(dais_loop_new(&sender->clock, &sender->loop), "loop");
    chain_must(dais_mdp_client_new(sender->loop, &sender->random, &options, &sender->client),
               load->broker);
    return sender;
}

void chain_sender_close(chain_sender_t **sender)
{
    dais_mdp_client_destroy(&(*sender)->client);
    dais_loop_destroy(&(*sender)->loop);
    dais_socket_shutdown();
    free((*sender)->body);
    free((*sender)->plain);
    free(*sender);
    *sender = NULL;
}
