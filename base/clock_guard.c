/* SPDX-License-Identifier: Apache-2.0
 *
 * The boot clock is slewed together with the wall clock, so slow correction parts them by nothing;
 * what parts them is somebody or something that sets the wall clock, or a leap second, of which
 * the bound leaves room for two in one boot. */
#include "base/clock_guard.h"

#include <endian.h>

/* What is kept, in this order: version, doubt, unsynced_accepted, id of the boot, both clocks. */
enum { KEPT_VERSION = 1, KEPT_SIZE = 3 + DAIS_CLOCK_BOOT_ID + 8 + 8 };

_Static_assert(KEPT_SIZE <= DAIS_CLOCK_KEPT_MAX, "what is kept fits");

const char *dais_clock_doubt_word(dais_clock_doubt_t doubt)
{
    static const char *const words[] = {"sure", "parted", "back", "unsynchronised"};
    return words[doubt];
}

static void guard_anchor(dais_clock_guard_t *guard, const dais_clock_reading_t *reading)
{
    guard->anchor = reading->now;
    memcpy(guard->boot_id, reading->boot_id, DAIS_CLOCK_BOOT_ID);
}

static bool guard_is_back(uint64_t wall_ms, uint64_t floor_ms)
{
    return wall_ms + DAIS_CLOCK_PART_MS < floor_ms;
}

void dais_clock_guard_start(dais_clock_guard_t *guard, dais_clock_mode_t mode,
                            const dais_clock_reading_t *reading, uint64_t floor_ms)
{
    *guard = (dais_clock_guard_t){.mode = mode};
    guard_anchor(guard, reading);
    if (guard_is_back(reading->now.wall_ms, floor_ms))
        guard->doubt = DAIS_CLOCK_BACK;
    (void)dais_clock_guard_step(guard, reading);
}

static uint64_t kept_take_u64(const uint8_t *bytes)
{
    uint64_t big_endian;
    memcpy(&big_endian, bytes, sizeof big_endian);
    return be64toh(big_endian);
}

dais_err_t dais_clock_guard_resume(dais_clock_guard_t *guard, dais_clock_mode_t mode,
                                   dais_slice_t kept, const dais_clock_reading_t *reading,
                                   uint64_t floor_ms)
{
    *guard = (dais_clock_guard_t){.mode = mode};
    if (kept.size != KEPT_SIZE || kept.data[0] != KEPT_VERSION ||
        kept.data[1] > DAIS_CLOCK_UNSYNCED || kept.data[2] > 1)
        return DAIS_ERR_CORRUPT;
    bool same_boot = memcmp(kept.data + 3, reading->boot_id, DAIS_CLOCK_BOOT_ID) == 0;
    dais_clock_guard_start(guard, mode, reading, same_boot ? 0 : floor_ms);
    if (same_boot) {
        guard->anchor.wall_ms = kept_take_u64(kept.data + 3 + DAIS_CLOCK_BOOT_ID);
        guard->anchor.boot_ms = kept_take_u64(kept.data + 3 + DAIS_CLOCK_BOOT_ID + 8);
    }
    if (kept.data[1] != DAIS_CLOCK_SURE)
        guard->doubt = (dais_clock_doubt_t)kept.data[1];
    guard->unsynced_accepted = kept.data[2] == 1;
    (void)dais_clock_guard_step(guard, reading);
    return DAIS_OK;
}

/* How far apart the two clocks have gone since the anchor. */
static bool guard_has_parted(const dais_clock_guard_t *guard, const dais_now_t *now)
{
    uint64_t wall = now->wall_ms - guard->anchor.wall_ms; /* both modulo 2^64: the difference is */
    uint64_t boot = now->boot_ms - guard->anchor.boot_ms; /* right whichever way they went */
    int64_t apart = (int64_t)(wall - boot);
    return apart > DAIS_CLOCK_PART_MS || apart < -DAIS_CLOCK_PART_MS;
}

static void guard_compare(dais_clock_guard_t *guard, const dais_clock_reading_t *reading)
{
    if (guard->mode != DAIS_CLOCK_PLAYED) {
        if (guard_has_parted(guard, &reading->now))
            guard->doubt = DAIS_CLOCK_PARTED;
    } else if (guard_is_back(reading->now.wall_ms, guard->anchor.wall_ms)) {
        guard->doubt = DAIS_CLOCK_BACK;
    } else if (reading->now.wall_ms > guard->anchor.wall_ms) {
        guard_anchor(guard, reading);
    }
}

dais_clock_doubt_t dais_clock_guard_step(dais_clock_guard_t *guard,
                                         const dais_clock_reading_t *reading)
{
    if (reading->synced)
        guard->unsynced_accepted = false;
    if (guard->doubt == DAIS_CLOCK_UNSYNCED)
        guard->doubt = DAIS_CLOCK_SURE;
    if (guard->doubt == DAIS_CLOCK_SURE)
        guard_compare(guard, reading);
    bool unsynced = guard->mode == DAIS_CLOCK_LIVE && !reading->synced;
    if (guard->doubt == DAIS_CLOCK_SURE && unsynced && !guard->unsynced_accepted)
        guard->doubt = DAIS_CLOCK_UNSYNCED;
    return guard->doubt;
}

void dais_clock_guard_accept(dais_clock_guard_t *guard, const dais_clock_reading_t *reading)
{
    guard_anchor(guard, reading);
    guard->doubt = DAIS_CLOCK_SURE;
    guard->unsynced_accepted = !reading->synced;
}

size_t dais_clock_guard_keep(const dais_clock_guard_t *guard, uint8_t kept[DAIS_CLOCK_KEPT_MAX])
{
    uint64_t wall_ms = htobe64(guard->anchor.wall_ms);
    uint64_t boot_ms = htobe64(guard->anchor.boot_ms);
    kept[0] = KEPT_VERSION;
    kept[1] = (uint8_t)guard->doubt;
    kept[2] = guard->unsynced_accepted ? 1 : 0;
    memcpy(kept + 3, guard->boot_id, DAIS_CLOCK_BOOT_ID);
    memcpy(kept + 3 + DAIS_CLOCK_BOOT_ID, &wall_ms, sizeof wall_ms);
    memcpy(kept + 3 + DAIS_CLOCK_BOOT_ID + sizeof wall_ms, &boot_ms, sizeof boot_ms);
    return KEPT_SIZE;
}
