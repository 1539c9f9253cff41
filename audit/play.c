/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/play.h"

#include <stdio.h>

#include "base/exit.h"

static int play_error(const char *path, dais_err_t err)
{
    (void)fprintf(stderr, "error[%s]: %s: %s\n", dais_err_code(err), path, dais_err_text(err));
    return dais_err_is_refusal(err) ? DAIS_EXIT_UNVERIFIED : DAIS_EXIT_FAILED;
}

/* A log that is not whole, or in which anything has failed so far. */
static int play_refuse(const char *path, const dais_checks_t *checks)
{
    if (checks->failure_count > 0) {
        const dais_check_failure_t *first = &checks->failures[0];
        (void)fprintf(stderr, "error[unverified]: %s: entry %llu: %s\n", path,
                      (unsigned long long)first->seq, first->text);
    } else if (dais_checks_has_failed(checks)) {
        (void)fprintf(stderr, "error[unverified]: %s: more failed than can be shown\n", path);
    } else {
        (void)fprintf(stderr, "error[sealed]: %s: entries are closed\n", path);
    }
    (void)fputs(
        "hint: this needs an inspector's export of a sound log; dais-audit verify says what "
        "is wrong\n",
        stderr);
    return DAIS_EXIT_UNVERIFIED;
}

static dais_err_t play_entry(const dais_play_t *play, dais_refold_t *refold,
                             const dais_reading_entry_t *entry)
{
    dais_err_t err = DAIS_OK;
    if (play->before != NULL && entry->kind != NULL)
        err = play->before(play->context, refold->rules, entry);
    if (err == DAIS_OK)
        err = dais_refold_entry(refold, entry);
    if (err == DAIS_OK && play->after != NULL && refold->stopped == NULL)
        err = play->after(play->context, refold->rules, entry);
    return err;
}

static dais_err_t play_read(const dais_play_t *play, dais_reading_t *reading, dais_refold_t *refold)
{
    dais_reading_entry_t entry;
    dais_err_t err = DAIS_OK;
    while (err == DAIS_OK && refold->stopped == NULL && dais_reading_next(reading, &entry)) {
        if (entry.seq >= play->size_max ||
            (entry.is_open && entry.record.logged_at > play->until_ms))
            break;
        err = play_entry(play, refold, &entry);
    }
    return err;
}

int dais_play(const dais_play_t *play, dais_refold_t *refold)
{
    dais_checks_t checks = {.failures = NULL};
    dais_reading_t reading;
    dais_err_t err = dais_refold_open(refold, &checks);
    if (err != DAIS_OK)
        return play_error(play->path, err);
    err = dais_reading_open(&reading, play->path, &checks);
    if (err == DAIS_OK)
        err = play_read(play, &reading, refold);
    dais_reading_close(&reading);
    int status = DAIS_EXIT_DONE;
    if (err != DAIS_OK)
        status = play_error(play->path, err);
    else if (dais_checks_has_failed(&checks) || refold->stopped != NULL)
        status = play_refuse(play->path, &checks);
    if (status != DAIS_EXIT_DONE)
        dais_refold_close(refold);
    refold->checks = NULL;
    dais_checks_free(&checks);
    return status;
}

void dais_play_id(const uint8_t id[DAIS_ID_SIZE], char text[DAIS_PLAY_ID_TEXT])
{
    for (unsigned i = 0; i < DAIS_ID_SIZE; i++)
        (void)snprintf(text + 2 * (size_t)i, 3, "%02x", id[i]);
}

void dais_play_text(dais_slice_t text, char *out, size_t capacity)
{
    size_t size = 0;
    for (size_t i = 0; i < text.size && size + 5 < capacity; i++) {
        uint8_t byte = text.data[i];
        if (byte >= 0x20 && byte < 0x7f && byte != '\\')
            out[size++] = (char)byte;
        else
            size += (size_t)snprintf(out + size, capacity - size, "\\x%02x", byte);
    }
    out[size] = 0;
}
