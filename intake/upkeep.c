/* SPDX-License-Identifier: Apache-2.0
 *
 * What is looked at each second: may the clock be believed, is there room on the disk, what need
 * not be kept any longer. */
#include "intake/private.h"

#define FORGET_BYTES_MAX   ((uint64_t)256 * 1024 * 1024) /* of a spool that is written anew */
#define SECONDS_OF_READERS 60 /* between two looks for readers that died */

static void clock_log(dais_intake_t *intake, dais_log_level_t level, const char *event)
{
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, level, event);
    dais_log_text(&line, "clock", dais_clock_doubt_word(intake->guard.doubt));
    dais_log_u64(&line, "wall", intake->reading.now.wall_ms);
    dais_log_u64(&line, "boot", intake->reading.now.boot_ms);
    dais_log_end(&line);
}

static void guard_step(dais_intake_t *intake)
{
    dais_clock_doubt_t before = intake->guard.doubt;
    dais_clock_doubt_t after = dais_clock_guard_step(&intake->guard, &intake->reading);
    if (after == before)
        return;
    bool sure = after == DAIS_CLOCK_SURE;
    clock_log(intake, sure ? DAIS_LOG_INFO : DAIS_LOG_ERROR, sure ? "clock-sure" : "clock-unsure");
}

void dais_intake_guard_begin(dais_intake_t *intake, dais_clock_mode_t mode, dais_slice_t kept,
                             uint64_t floor_ms)
{
    if (kept.size == 0)
        dais_clock_guard_start(&intake->guard, mode, &intake->reading, floor_ms);
    else
        dais_intake_fail(intake, dais_clock_guard_resume(&intake->guard, mode, kept,
                                                         &intake->reading, floor_ms));
    if (intake->guard.doubt != DAIS_CLOCK_SURE)
        clock_log(intake, DAIS_LOG_ERROR, "clock-unsure");
}

dais_err_t dais_intake_sure_time(dais_intake_t *intake, uint64_t *now_ms)
{
    dais_now_t now;
    if (intake->machine.now(intake->machine.context, &now) != DAIS_OK)
        return DAIS_ERR_CLOCK_UNSURE;
    intake->reading.now = now;
    guard_step(intake);
    *now_ms = now.wall_ms;
    return intake->guard.doubt == DAIS_CLOCK_SURE ? DAIS_OK : DAIS_ERR_CLOCK_UNSURE;
}

/* What an operator has accepted stands in the spool: the command and the daemon are two processes,
 * and the daemon may not be running. */
static dais_err_t guard_take_accepted(dais_intake_t *intake)
{
    dais_txn_t txn;
    dais_slice_t accepted;
    if (intake->drop_note)
        return DAIS_OK;
    dais_spool_begin(intake->spool, &txn, DAIS_TXN_READ);
    dais_err_t err = DAIS_OK;
    if (dais_spool_get_note(&txn, DAIS_SPOOL_ACCEPTED, &accepted)) {
        err = dais_clock_guard_resume(&intake->guard, intake->guard.mode, accepted,
                                      &intake->reading, 0);
        intake->drop_note = true;
        clock_log(intake, DAIS_LOG_WARN, "clock-accepted");
    }
    dais_err_t ended = dais_txn_end(&txn);
    return err != DAIS_OK ? err : ended;
}

dais_err_t dais_intake_guard_second(dais_intake_t *intake)
{
    dais_clock_reading_t reading;
    dais_err_t err = intake->machine.reading(intake->machine.context, &reading);
    if (err != DAIS_OK)
        return DAIS_OK; /* No stamp is made while it cannot be read. */
    intake->reading = reading;
    err = guard_take_accepted(intake);
    guard_step(intake);
    return err;
}

/* An eighth of the map is left alone: letting go of rows takes pages as well. */
static bool map_is_full(const dais_store_figures_t *figures)
{
    return figures->used_bytes > figures->map_bytes - figures->map_bytes / 8;
}

dais_err_t dais_intake_disk_second(dais_intake_t *intake)
{
    uint64_t free_bytes;
    dais_store_figures_t figures;
    dais_err_t err =
        intake->machine.disk_free(intake->machine.context, intake->options.folder, &free_bytes);
    if (err == DAIS_OK)
        err = dais_store_figures(dais_spool_store(intake->spool), &figures);
    if (err != DAIS_OK)
        return err;
    bool low = free_bytes < intake->options.disk_floor_bytes || map_is_full(&figures);
    if (low == intake->low_disk)
        return DAIS_OK;
    intake->low_disk = low;
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, low ? DAIS_LOG_ERROR : DAIS_LOG_INFO,
                   low ? "low-disk" : "disk-enough");
    dais_log_u64(&line, "free_bytes", free_bytes);
    dais_log_u64(&line, "floor_bytes", intake->options.disk_floor_bytes);
    dais_log_u64(&line, "spool_bytes", figures.used_bytes);
    dais_log_u64(&line, "spool_bytes_max", figures.map_bytes);
    dais_log_end(&line);
    return DAIS_OK;
}

/* Lets go of the bundles of stamps that the registry holds. The stamp of a mark goes with them: it
 * is nobody's answer. */
static bool cycle_let_go_taken(intake_cycle_t *cycle, dais_txn_t *txn, uint64_t *left)
{
    uint64_t before = cycle->kept_next;
    dais_chain_t *chain = &cycle->next;
    for (; chain->taken<cycle->taken && * left> 0; chain->taken++) {
        dais_spool_stamp_t row;
        if (!dais_spool_get_stamp(txn, chain->number, chain->taken, &row))
            break;
        size_t count = row.count;
        if (count == 0)
            dais_spool_del_stamp(txn, chain->number, chain->taken);
        for (size_t i = 0; i < count; i++)
            dais_spool_del_parcel(txn, chain->number, chain->taken, i);
        cycle->kept_next += count;
        *left -= count + 1 > *left ? *left : count + 1;
    }
    return cycle->kept_next != before;
}

static void cycle_let_go_kept(intake_cycle_t *cycle, dais_txn_t *txn, uint64_t kept_max,
                              uint64_t *left)
{
    dais_chain_t *chain = &cycle->next;
    for (; cycle->kept_next > kept_max && chain->kept<chain->taken && * left> 0; --*left) {
        dais_spool_stamp_t row;
        if (dais_spool_get_stamp(txn, chain->number, chain->kept, &row)) {
            cycle->kept_next -= row.count;
            dais_spool_del_stamp(txn, chain->number, chain->kept);
        }
        chain->kept++;
    }
}

void dais_intake_let_go(dais_intake_t *intake, dais_txn_t *txn)
{
    uint64_t left = INTAKE_DROP_MAX;
    for (size_t i = 0; i < intake->cycle_count; i++) {
        if (cycle_let_go_taken(intake->cycles[i], txn, &left))
            intake->forget_due = true;
        cycle_let_go_kept(intake->cycles[i], txn, intake->options.known_count, &left);
    }
}

/* Whoever read the spool and died, as a command may, keeps pages from being used again. */
static dais_err_t second_check_readers(dais_intake_t *intake)
{
    unsigned freed_count;
    if (intake->second_count++ % SECONDS_OF_READERS != 0)
        return DAIS_OK;
    return dais_store_check_readers(dais_spool_store(intake->spool), &freed_count);
}

/* Bundles that were let go lie in free pages until others come into their place: that may be never.
 * What an author has erased must not, so the file is written anew from time to time; not while a
 * long backlog would have to be copied. A copy that fails is tried again, and is no reason to stop:
 * the spool is as it was. */
static dais_err_t second_forget(dais_intake_t *intake)
{
    dais_store_figures_t figures;
    uint64_t now_ms = intake->reading.now.boot_ms;
    bool open;
    if (!intake->forget_due || now_ms < intake->forgotten_ms + intake->options.forget_ms)
        return DAIS_OK;
    dais_err_t err = dais_store_figures(dais_spool_store(intake->spool), &figures);
    if (err != DAIS_OK || figures.used_bytes > FORGET_BYTES_MAX)
        return err;
    intake->forgotten_ms = now_ms;
    err = dais_spool_compact(intake->spool, &open);
    if (err == DAIS_OK)
        intake->forget_due = false;
    if (err == DAIS_OK || !open)
        return err;
    dais_log_line_t line;
    dais_log_begin(&line, intake->options.log, DAIS_LOG_WARN, "not-forgotten");
    dais_log_err(&line, err);
    dais_log_end(&line);
    return DAIS_OK;
}

static void second_seek_drops(dais_intake_t *intake)
{
    for (size_t i = 0; i < intake->cycle_count; i++) {
        if (intake->cycles[i]->chain.taken < intake->cycles[i]->taken)
            intake->drop_due = true;
    }
}

dais_err_t dais_intake_second(dais_intake_t *intake)
{
    if (intake->failure != DAIS_OK)
        return intake->failure;
    dais_err_t err = dais_intake_guard_second(intake);
    if (err == DAIS_OK)
        err = dais_intake_disk_second(intake);
    if (err == DAIS_OK)
        err = second_check_readers(intake);
    if (err != DAIS_OK)
        dais_intake_fail(intake, err);
    second_seek_drops(intake);
    if (err == DAIS_OK)
        err = dais_intake_commit(intake);
    if (err != DAIS_OK)
        return err;
    err = second_forget(intake);
    if (err != DAIS_OK)
        dais_intake_fail(intake, err);
    return err;
}
