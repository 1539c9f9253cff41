/* SPDX-License-Identifier: Apache-2.0
 *
 * Bundles that are given in on the host, without a stamp; and what the rules made of them. */
#include "base/file.h"
#include "proto/opening.h"
#include "registry/clock_keep.h"
#include "registry/command.h"
#include "registry/cycle.h"
#include "registry/log/book_read.h"
#include "registry/roster_export.h"

typedef struct {
    uint64_t taken;
    uint64_t refused;
} admit_count_t;

/* The verdicts of one entry, each with what to do where it is a refusal. */
static void admit_say_entry(const dais_opened_t *opened, admit_count_t *count)
{
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&opened->record.verdicts, &dais_shape_code_item);
    while (dais_list_next(&walk, &code)) {
        const dais_verdict_info_t *info = dais_verdict_info(code.value);
        bool refused = info != NULL && info->class == DAIS_VERDICT_CLASS_REFUSED;
        count->refused += refused;
        count->taken += !refused;
        (void)printf("  %llu %s: %s\n", (unsigned long long)opened->seq, opened->kind->name,
                     info == NULL ? "?" : info->code);
        if (refused)
            (void)fprintf(stderr, "refused[%s]: entry %llu: %s\nhint: %s\n", info->code,
                          (unsigned long long)opened->seq, info->why, info->todo);
    }
}

/* A line for each verdict of the entries that came of a bundle; the registry's own have none. */
static dais_err_t admit_say(dais_cycle_t *cycle, uint64_t first, uint64_t size,
                            admit_count_t *count)
{
    dais_book_t *book = dais_cycle_book(cycle);
    dais_book_entry_t entry;
    dais_opened_t opened;
    dais_err_t err = DAIS_OK;
    dais_book_begin(book, DAIS_TXN_READ);
    for (uint64_t seq = first; seq < first + size && err == DAIS_OK; seq++) {
        if (!dais_book_entry(book, seq, &entry))
            break;
        err = dais_opening_check(&entry.opening, dais_rules_log(dais_cycle_rules(cycle)), &opened)
                  .err;
        if (err == DAIS_OK && opened.has_bundle)
            admit_say_entry(&opened, count);
    }
    dais_err_t of_span = dais_book_end(book);
    return of_span != DAIS_OK ? of_span : err;
}

static dais_err_t admit_file(dais_cycle_t *cycle, const char *path, admit_count_t *count_of)
{
    dais_file_bytes_t bytes;
    uint64_t first;
    uint64_t count;
    dais_err_t err = dais_file_read(path, DAIS_LIMIT_BUNDLE_BYTES, &bytes);
    if (err != DAIS_OK)
        return err;
    err = dais_cycle_admit(cycle, dais_slice(bytes.data, bytes.size), &first, &count);
    dais_file_free(&bytes);
    if (err == DAIS_OK && count == 0)
        (void)printf("%s: in the log already\n", path);
    else if (err == DAIS_OK)
        (void)printf("%s: entries %llu to %llu\n", path, (unsigned long long)first,
                     (unsigned long long)(first + count - 1));
    if (err == DAIS_OK && count > 0)
        err = admit_say(cycle, first, count, count_of);
    return err;
}

/* If the clock was accepted by what was given in, its guard starts from now. */
static dais_err_t admit_accept_clock(command_host_t *host, dais_cycle_t *cycle)
{
    char path[512];
    dais_clock_keep_t keep;
    bool is_rehearsal = dais_cycle_about(cycle)->is_rehearsal;
    bool is_played = dais_config_count(host->config, "clock-file") > 0;
    dais_clock_mode_t mode = !is_rehearsal ? DAIS_CLOCK_LIVE
                             : is_played   ? DAIS_CLOCK_PLAYED
                                           : DAIS_CLOCK_REHEARSAL;
    if (dais_cycle_clock_turn(cycle) == 0)
        return DAIS_OK;
    dais_clock_keep_path(host->house.data_folder, is_rehearsal, path);
    dais_err_t err = dais_clock_keep_start(&keep, path, mode, &host->house.clock, 0);
    return err == DAIS_OK ? dais_clock_keep_accept(&keep, &host->house.clock) : err;
}

int dais_command_admit(const dais_args_t *args, void *context)
{
    command_host_t host;
    dais_cycle_t *cycle;
    admit_count_t count = {0};
    int exit;
    if (!command_open_cycle(args, context, &host, &cycle, &exit))
        return exit;
    for (size_t i = 1; i < args->operand_count && exit == DAIS_EXIT_DONE; i++) {
        dais_err_t err = admit_file(cycle, args->operands[i], &count);
        if (err == DAIS_ERR_NOT_ON_HOST)
            (void)fprintf(stderr, "hint: all else goes by dais send, to an intake\n");
        if (err != DAIS_OK)
            exit = command_fails(err, args->operands[i]);
    }
    dais_err_t err = admit_accept_clock(&host, cycle);
    if (err != DAIS_OK && exit == DAIS_EXIT_DONE)
        exit = command_fails(err, "the guard of the clock");
    err = dais_roster_publish(cycle);
    if (err != DAIS_OK && exit == DAIS_EXIT_DONE)
        exit = command_fails(err, "the exported roster");
    if (exit == DAIS_EXIT_DONE && count.refused > 0)
        exit = count.taken > 0 ? DAIS_EXIT_PARTLY : DAIS_EXIT_REFUSED;
    dais_cycle_close(&cycle);
    command_close(&host);
    return exit;
}
