/* SPDX-License-Identifier: Apache-2.0
 *
 * Files of the tz database: what is accepted answers for every instant, with an offset that a zone
 * can have; a local time that an instant is found for is what clocks show then.
 *
 * Input: a TZif file, or the text of a rule. */
#include "base/zone.h"
#include "base/zone_rule.h"
#include "tests/fuzz/fuzz.h"

enum { OFFSET_MAX_S = 26 * 3600, QUESTIONS = 8 };

/* Instants of all years, the ends among them, that follow from the bytes. */
static int64_t instant(dais_slice_t bytes, unsigned n)
{
    if (n < 2)
        return n == 0 ? 0 : DAIS_ZONE_AT_MAX;
    dais_slice_t part = dais_slice(bytes.data, bytes.size / n);
    return (int64_t)fuzz_choose(part, (size_t)DAIS_ZONE_AT_MAX);
}

static void check_found(const dais_zone_t *zone, int64_t local_s)
{
    dais_zone_instants_t found = dais_zone_find(zone, local_s);
    if (found.fit == DAIS_ZONE_NEVER) {
        assert(found.first_s == found.last_s);
        return;
    }
    assert(found.first_s + dais_zone_offset(zone, found.first_s) == local_s);
    assert(found.last_s + dais_zone_offset(zone, found.last_s) == local_s);
    assert((found.fit == DAIS_ZONE_ONCE) == (found.first_s == found.last_s));
}

static void check_zone(dais_slice_t bytes)
{
    dais_zone_t *zone;
    dais_err_t err = dais_zone_parse(&zone, bytes);
    assert(err == DAIS_OK || err == DAIS_ERR_CORRUPT);
    assert((zone != NULL) == (err == DAIS_OK));
    for (unsigned i = 0; zone != NULL && i < QUESTIONS; i++) {
        int64_t at_s = instant(bytes, i);
        int32_t offset_s = dais_zone_offset(zone, at_s);
        assert(offset_s >= -OFFSET_MAX_S && offset_s <= OFFSET_MAX_S);
        check_found(zone, at_s);
    }
    dais_zone_free(&zone);
    assert(zone == NULL);
}

static void check_rule(dais_slice_t bytes)
{
    dais_zone_rule_t rule;
    if (!dais_zone_rule_parse(bytes, &rule))
        return;
    for (unsigned i = 0; i < QUESTIONS; i++) {
        int32_t offset_s = dais_zone_rule_offset(&rule, instant(bytes, i));
        assert(offset_s == rule.standard_s || (rule.has_summer && offset_s == rule.summer_s));
        assert(offset_s >= -OFFSET_MAX_S && offset_s <= OFFSET_MAX_S);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dais_slice_t bytes = size == 0 ? dais_slice(NULL, 0) : fuzz_input(data, size);
    check_zone(bytes);
    check_rule(bytes);
    return 0;
}
