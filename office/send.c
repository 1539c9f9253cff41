/* SPDX-License-Identifier: Apache-2.0
 *
 * `dais send`: rounds of submitting and asking until every message has its receipt. Whatever stops
 * it, the next call goes on with the same bundles. It gives up only when nothing has moved for the
 * time of its patience: a slow line is no reason, a dead one is. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "office/commands.h"
#include "office/cycle_view.h"
#include "office/outbox_open.h"
#include "office/send.h"
#include "office/send_verdicts.h"
#include "proto/stamp.h"
#include "proto/text.h"

#define PAUSE_MS_MIN    250
#define PAUSE_MS_MAX    30000
#define RETRY_MS_MAX    60000 /* of what a service asks for: its clock or ours may be wrong */
#define WAIT_MS         10000 /* that the registry may hold a question */
#define PATIENCE_S      60
#define AGAIN_ROUNDS    3 /* fruitless ones, after which stamped bundles are handed in again */
#define PROGRESS_TTY_MS 1000
#define PROGRESS_LOG_MS 10000

static const dais_arg_option_t send_options[] = {
    {"watch", 'w', DAIS_ARG_FLAG, false, NULL, NULL,
     "stay, and send what comes into the outbox, until interrupted"},
    {"patience", 0, DAIS_ARG_VALUE, false, "SECONDS", NULL,
     "give up when nothing moves for so long (60; 0: never)"},
    {"until", 0, DAIS_ARG_VALUE, false, "WHAT", "stamp|receipt",
     "done when all is stamped, or has its receipt (the default)"},
    {"anyway", 0, DAIS_ARG_FLAG, false, NULL, NULL,
     "also an intake-lost or a second that a deadline will hold"},
    {"progress", 0, DAIS_ARG_VALUE, false, "HOW", "auto|log|none", "on stderr"},
    {"dry-run", 0, DAIS_ARG_FLAG, false, NULL, NULL, "say what would go out, and send nothing"},
    {.name = NULL},
};

static const char *const send_examples[] = {"dais send --patience 5",
                                            "dais send --until stamp --json", NULL};

static int send_run(const dais_args_t *args, void *context);

const dais_command_t dais_command_send = {
    .name = "send",
    .text = "deliver the outbox and fetch the receipts",
    .about = "Bundles what is queued, has an intake stamp it with the time, and waits for the\n"
             "receipts, which it checks. May be stopped and started again at any time: nothing is\n"
             "lost and nothing is sent as something new.",
    .options = send_options,
    .examples = send_examples,
    .run = send_run,
};

typedef struct {
    dais_send_t send;
    dais_office_t *office;
    bool watch;
    bool until_stamp;
    uint64_t patience_ms; /* 0: never gives up */
    uint64_t progress_ms; /* between lines; 0: none */
    uint64_t start_ms;    /* boot clock, as all here */
    uint64_t moved_ms;    /* when something last moved */
    uint64_t shown_ms;
    uint64_t moved_count;
    unsigned fruitless; /* rounds since then */
    int lock_fd;
    dais_outbox_counts_t before;
    uint64_t seq_before; /* highest entry that had a receipt before this call */
} sending_t;

static uint64_t sending_now(const sending_t *sending)
{
    dais_now_t now;
    return dais_clock_now(&sending->office->clock, &now) == DAIS_OK ? now.boot_ms : 0;
}

/* One that sends at a time: two would ask and settle the same bundles. */
static int sending_lock(sending_t *sending)
{
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%.4000s/send.lock", sending->send.outbox.folder) < 0)
        return DAIS_EXIT_FAILED;
    sending->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (sending->lock_fd < 0)
        return dais_say_err(&sending->office->say, dais_file_err(errno), path);
    if (flock(sending->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return DAIS_EXIT_DONE;
    return dais_say_error(&sending->office->say, DAIS_EXIT_LOCKED, "locked",
                          "wait for it, or stop it", "another dais send is at work on this outbox");
}

static dais_err_t sending_bundle(sending_t *sending)
{
    uint64_t now_ms;
    for (unsigned stream = 0; stream <= 1; stream++) {
        bool made = true;
        while (made) {
            if (!dais_office_now(sending->office, &now_ms))
                return DAIS_ERR_CLOCK;
            dais_err_t err = dais_outbox_bundle(&sending->send.outbox, &sending->send.bundler,
                                                stream, now_ms, &made);
            if (err != DAIS_OK)
                return err;
        }
    }
    return DAIS_OK;
}

/* Whether a stamp is here that counts: one of a key that is not known to be an intake's proves
 * nothing yet. */
static bool sending_is_stamped(const sending_t *sending, dais_txn_t *txn, unsigned stream,
                               uint64_t k)
{
    dais_outbox_stamp_t stamp;
    dais_stamp_t opened;
    return dais_outbox_is_on_host(txn, stream, k) ||
           (dais_outbox_stamp(txn, stream, k, &stamp) &&
            dais_stamp_open(stamp.stamp, sending->send.bundler.log, &opened).err == DAIS_OK &&
            dais_intakes_has(&sending->send.intakes, &opened.key));
}

/* Are all stamped, some by a key that could not be looked up? Then trying again is of no use while
 * the registry is away. */
static bool sending_is_unchecked(sending_t *sending)
{
    dais_txn_t txn;
    dais_outbox_stamp_t stamp;
    bool all = sending->until_stamp && sending->send.unchecked;
    dais_txn_begin(&txn, sending->send.outbox.store, DAIS_TXN_READ);
    for (unsigned stream = 0; all && stream <= 1; stream++) {
        for (uint64_t k = 0; all && dais_outbox_bundle_open(&txn, stream, k, &k); k++)
            all = dais_outbox_is_on_host(&txn, stream, k) ||
                  dais_outbox_stamp(&txn, stream, k, &stamp);
    }
    return dais_txn_end(&txn) == DAIS_OK && all;
}

/* Bundles that still wait: for a stamp, or for the receipt. */
static uint64_t sending_open(sending_t *sending)
{
    dais_txn_t txn;
    uint64_t count = 0;
    dais_txn_begin(&txn, sending->send.outbox.store, DAIS_TXN_READ);
    for (unsigned stream = 0; stream <= 1; stream++) {
        for (uint64_t k = 0; dais_outbox_bundle_open(&txn, stream, k, &k); k++)
            count += !sending->until_stamp || !sending_is_stamped(sending, &txn, stream, k);
    }
    if (dais_txn_end(&txn) != DAIS_OK)
        sending->send.final = DAIS_EXIT_DAMAGED;
    return count;
}

static void sending_progress(sending_t *sending)
{
    dais_outbox_counts_t counts;
    uint64_t now = sending_now(sending);
    if (sending->progress_ms == 0 || now - sending->shown_ms < sending->progress_ms ||
        dais_outbox_count(&sending->send.outbox, &counts) != DAIS_OK)
        return;
    uint64_t done = counts.logged - sending->before.logged;
    uint64_t left = counts.queued + counts.bundled;
    uint64_t seconds = (now - sending->start_ms) / 1000;
    sending->shown_ms = now;
    if (done > 0 && seconds > 0)
        dais_say_note("progress: %" PRIu64 " receipts, %" PRIu64 " to come, %" PRIu64 "/s, %" PRIu64
                      " s left",
                      done, left, done / seconds, left * seconds / done);
    else
        dais_say_note(
            "progress: %" PRIu64 " receipts, %" PRIu64 " to come%s%s", done, left,
            sending->send.last_code[0] == '\0' ? "" : "; last trouble: ", sending->send.last_code);
}

/* Grows with fruitless rounds, half of it by chance, so that many offices that were cut off at once
 * do not come back at once. */
static uint64_t sending_pause(const sending_t *sending)
{
    uint64_t random = 0;
    unsigned shift = sending->fruitless < 8 ? sending->fruitless : 8;
    uint64_t pause = (uint64_t)PAUSE_MS_MIN << shift;
    if (dais_random_fill(&sending->office->random, &random, sizeof random) != DAIS_OK)
        random = 0;
    pause = pause < PAUSE_MS_MAX ? pause : PAUSE_MS_MAX;
    pause = pause / 2 + random % (pause / 2 + 1);
    uint64_t asked = sending->send.retry_ms < RETRY_MS_MAX ? sending->send.retry_ms : RETRY_MS_MAX;
    pause = asked > pause ? asked : pause;
    /* Not beyond the patience, which is looked at only afterwards. */
    uint64_t still = sending->moved_ms + sending->patience_ms - sending_now(sending);
    return sending->patience_ms > 0 && pause > still ? still : pause;
}

/* How long the registry may hold a question: no longer than this call has patience. */
static uint64_t sending_wait(const sending_t *sending)
{
    return sending->patience_ms == 0 || sending->patience_ms > WAIT_MS ? WAIT_MS
                                                                       : sending->patience_ms;
}

/* One round: everything to the intakes, then a question for each stream. */
static bool sending_round(sending_t *sending)
{
    dais_send_t *send = &sending->send;
    bool again = sending->fruitless >= AGAIN_ROUNDS && sending->fruitless % AGAIN_ROUNDS == 0;
    bool good = true;
    send->retry_ms = 0;
    if (again)
        send->intake++;
    for (unsigned stream = 0; stream <= 1 && send->final == DAIS_EXIT_DONE; stream++)
        good = dais_send_submit(send, stream, again) && good;
    if (send->final == DAIS_EXIT_DONE)
        good = dais_send_check_stamps(send) && good;
    for (unsigned stream = 0; stream <= 1 && send->final == DAIS_EXIT_DONE && !sending->until_stamp;
         stream++)
        good = dais_send_ask(send, stream, good ? sending_wait(sending) : 0) && good;
    return good;
}

/* Is it to go on? Not when told to stop, when trying again is of no use, or when nothing has moved
 * for too long. */
static bool sending_may_go_on(sending_t *sending)
{
    uint64_t now = sending_now(sending);
    bool moved = sending->send.progress != sending->moved_count;
    if (moved) {
        sending->moved_ms = now;
        sending->moved_count = sending->send.progress;
        sending->send.last_code[0] = '\0';
    }
    sending->fruitless = moved ? 0 : sending->fruitless + 1;
    return sending->send.final == DAIS_EXIT_DONE &&
           !dais_wire_is_interrupted(&sending->send.wire) &&
           (sending->patience_ms == 0 || now - sending->moved_ms < sending->patience_ms);
}

/* Works until nothing waits; with --watch until it is told to stop. */
static int sending_work(sending_t *sending)
{
    sending->start_ms = sending->moved_ms = sending->shown_ms = sending_now(sending);
    for (;;) {
        dais_err_t err = sending_bundle(sending);
        if (err != DAIS_OK)
            return dais_say_err(&sending->office->say, err, sending->send.outbox.folder);
        bool idle = sending_open(sending) == 0;
        if (idle && !sending->watch)
            return sending->send.final;
        if (idle)
            sending->moved_ms = sending_now(sending);
        bool good = idle || sending_round(sending);
        sending_progress(sending);
        if (!sending_may_go_on(sending) || sending_is_unchecked(sending))
            return sending->send.final;
        if (!good || idle)
            dais_wire_pause(&sending->send.wire, idle ? PAUSE_MS_MIN : sending_pause(sending));
    }
}

/* What people ask next: whether the log is still the same one, and when what is due. */
static int sending_after(sending_t *sending)
{
    dais_wire_answer_t answer;
    if (sending->send.progress == 0 || sending->until_stamp ||
        dais_wire_is_interrupted(&sending->send.wire))
        return DAIS_EXIT_DONE;
    if (!dais_send_witness(&sending->send))
        return sending->send.final;
    bool fetched = dais_cycle_view_fetch(&sending->send.wire, &sending->send.outbox, &answer);
    if (!fetched)
        dais_say_note("note[%s]: the dates of the cycle could not be fetched", answer.code);
    dais_wire_answer_free(&answer);
    return DAIS_EXIT_DONE;
}

/* What is to be said at the end, of what became of this call's messages. */
static json_t *sending_object(const sending_t *sending, const dais_outbox_counts_t *counts,
                              const dais_send_verdicts_t *verdicts)
{
    json_t *object = dais_say_new("sent");
    (void)json_object_set_new(object, "profile",
                              json_string(sending->office->profile.settings.profile));
    (void)json_object_set_new(object, "cycle", json_string(sending->office->profile.cycle));
    (void)json_object_set_new(
        object, "receipts",
        json_integer((json_int_t)counts->logged - (json_int_t)sending->before.logged));
    (void)json_object_set_new(object, "refused", json_integer((json_int_t)verdicts->refused));
    (void)json_object_set_new(
        object, "waiting", json_integer((json_int_t)counts->queued + (json_int_t)counts->bundled));
    (void)json_object_set_new(object, "stuck", json_integer((json_int_t)counts->stuck));
    (void)json_object_set_new(object, "refused_by_intake",
                              json_integer((json_int_t)counts->refused));
    (void)json_object_set_new(object, "forks", json_integer((json_int_t)sending->send.forks));
    return object;
}

/* What did not become of the messages as it should. */
static int sending_verdict(const sending_t *sending, const dais_outbox_counts_t *counts,
                           const dais_send_verdicts_t *verdicts)
{
    const dais_say_t *say = &sending->office->say;
    uint64_t refused = counts->refused - sending->before.refused;
    if (refused > 0)
        return dais_say_error(
            say, verdicts->logged == verdicts->refused ? DAIS_EXIT_REFUSED : DAIS_EXIT_PARTLY,
            "not-taken", "dais outbox list --state refused shows them, and why",
            "%" PRIu64 " messages are taken by no intake", refused);
    if (counts->stuck > 0)
        return dais_say_error(say, DAIS_EXIT_PARTLY, "stuck",
                              "dais outbox list shows them, and why",
                              "%" PRIu64 " messages were turned away for good", counts->stuck);
    if (verdicts->refused > 0)
        return dais_say_error(
            say, verdicts->refused == verdicts->logged ? DAIS_EXIT_REFUSED : DAIS_EXIT_PARTLY,
            "refused", "dais help CODE explains a verdict; dais outbox list shows all of them",
            "%" PRIu64 " of %" PRIu64 " messages are in the record as refused", verdicts->refused,
            verdicts->logged);
    if (counts->refused > 0)
        dais_say_note("note: %" PRIu64 " messages of before are taken by no intake: dais outbox "
                      "list --state refused",
                      counts->refused);
    return DAIS_EXIT_DONE;
}

/* Nothing moved for as long as its patience lasts. */
static int sending_stopped(sending_t *sending, uint64_t waiting)
{
    char code[DAIS_LIMIT_CODE + 1];
    (void)snprintf(code, sizeof code, "%s",
                   sending->send.last_code[0] == '\0' ? "no-progress" : sending->send.last_code);
    if (sending_is_unchecked(sending))
        return dais_say_error(
            &sending->office->say, DAIS_EXIT_TEMPORARY, "stamp-unchecked",
            "run dais send again when the registry is back; a profile that was made with --log "
            "ROSTER-FILE knows the intakes without it",
            "all is stamped; whether by an intake of this cycle could not be looked up");
    dais_send_hint_stuck(&sending->send);
    bool is_stale = strcmp(code, dais_err_code(DAIS_ERR_STALE_ASK)) == 0;
    return dais_say_error(&sending->office->say, DAIS_EXIT_TEMPORARY, code,
                          is_stale ? "set this machine's clock, then run dais send again; in a "
                                     "rehearsal the profile needs --clock"
                                   : "run dais send again; what is stamped is in time",
                          "nothing moved for %" PRIu64 " s; %" PRIu64
                          " messages have no receipt yet",
                          sending->patience_ms / 1000, waiting);
}

static int sending_end(sending_t *sending, int status)
{
    const dais_say_t *say = &sending->office->say;
    dais_outbox_counts_t counts;
    dais_send_verdicts_t verdicts = {.seq_max = 0};
    dais_err_t err = dais_outbox_count(&sending->send.outbox, &counts);
    if (err == DAIS_OK)
        err = dais_send_verdicts(&sending->send.outbox, sending->seq_before, true, &verdicts);
    if (err != DAIS_OK)
        return dais_say_err(say, err, sending->send.outbox.folder);
    int shown = dais_say_object(say, sending_object(sending, &counts, &verdicts));
    uint64_t waiting = counts.queued + counts.bundled;
    if (status != DAIS_EXIT_DONE || shown != DAIS_EXIT_DONE)
        return status != DAIS_EXIT_DONE ? status : shown;
    if (dais_wire_is_interrupted(&sending->send.wire))
        return dais_say_error(say, DAIS_EXIT_INTERRUPTED, "interrupted",
                              "dais send goes on where it stopped",
                              "%" PRIu64 " messages have no receipt yet", waiting);
    if (sending_open(sending) > 0)
        return sending_stopped(sending, waiting);
    return sending_verdict(sending, &counts, &verdicts);
}

static int sending_options(sending_t *sending, const dais_args_t *args)
{
    const char *patience = dais_args_value(args, "patience");
    const char *progress = dais_args_value(args, "progress");
    const char *until = dais_args_value(args, "until");
    uint64_t seconds = PATIENCE_S;
    if (patience != NULL &&
        dais_text_uint(dais_slice_text(patience), UINT32_MAX, &seconds) != DAIS_OK)
        return dais_say_error(&sending->office->say, DAIS_EXIT_USAGE, "bad-value",
                              "whole seconds; 0 for ever", "patience %.40s is no number", patience);
    sending->watch = dais_args_has(args, "watch");
    sending->patience_ms = sending->watch && patience == NULL ? 0 : seconds * 1000;
    sending->until_stamp = until != NULL && strcmp(until, "stamp") == 0;
    if (progress == NULL || strcmp(progress, "auto") == 0)
        sending->progress_ms = isatty(STDERR_FILENO) ? PROGRESS_TTY_MS : 0;
    else
        sending->progress_ms = strcmp(progress, "log") == 0 ? PROGRESS_LOG_MS : 0;
    return DAIS_EXIT_DONE;
}

static int sending_start(sending_t *sending, const dais_args_t *args)
{
    int status = sending_options(sending, args);
    if (status == DAIS_EXIT_DONE)
        status = dais_office_open(sending->office, args);
    if (status == DAIS_EXIT_DONE)
        status = dais_office_outbox(sending->office, &sending->send.outbox);
    if (status == DAIS_EXIT_DONE)
        status = sending_lock(sending);
    if (status != DAIS_EXIT_DONE)
        return status;
    sending->send.bundler = dais_office_bundler(sending->office);
    dais_err_t err = dais_send_init(&sending->send, &sending->office->profile);
    if (err == DAIS_OK)
        err = dais_outbox_count(&sending->send.outbox, &sending->before);
    dais_send_verdicts_t verdicts = {.seq_max = 0};
    if (err == DAIS_OK)
        err = dais_send_verdicts(&sending->send.outbox, 0, false, &verdicts);
    sending->seq_before = verdicts.seq_max;
    if (err != DAIS_OK)
        return dais_say_err(&sending->office->say, err, sending->send.outbox.folder);
    status = dais_wire_open(&sending->send.wire, sending->office);
    if (sending->patience_ms != 0 && sending->patience_ms < sending->send.wire.timeout_ms)
        sending->send.wire.timeout_ms = sending->patience_ms;
    if (status == DAIS_EXIT_DONE && !dais_args_has(args, "anyway")) {
        status = dais_send_hold_back(&sending->send);
        if (status != DAIS_EXIT_DONE)
            dais_wire_close(&sending->send.wire);
    }
    return status;
}

static int send_run(const dais_args_t *args, void *context)
{
    dais_office_t *office = context;
    dais_office_begin(office, args);
    if (dais_args_has(args, "dry-run"))
        return dais_send_plan(office, args);
    sending_t *sending = calloc(1, sizeof *sending);
    if (sending == NULL)
        return dais_say_err(&office->say, DAIS_ERR_NO_MEMORY, "send");
    sending->office = office;
    sending->lock_fd = -1;
    int status = sending_start(sending, args);
    if (status == DAIS_EXIT_DONE) {
        status = sending_work(sending);
        if (status == DAIS_EXIT_DONE)
            status = sending_after(sending);
        status = sending_end(sending, status);
        dais_wire_close(&sending->send.wire);
    }
    if (sending->send.outbox.store != NULL)
        dais_outbox_close(&sending->send.outbox);
    if (sending->lock_fd >= 0)
        (void)close(sending->lock_fd);
    free(sending);
    return status;
}
