/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/verdict.h"

#include "proto/shape.h"

const dais_verdict_info_t dais_verdict_infos[] = {
#define VERDICT(number, NAME, code, class, happened, why, todo)                                    \
    {number, code, DAIS_VERDICT_CLASS_##class, happened, why, todo},
#include "registry/rules/verdicts.def"
#undef VERDICT
    {0, NULL, DAIS_VERDICT_CLASS_REFUSED, NULL, NULL, NULL},
};

/* Where each stands in the list: classes are asked for with every entry. */
enum {
#define VERDICT(number, NAME, code, class, happened, why, todo) AT_##NAME,
#include "registry/rules/verdicts.def"
#undef VERDICT
};

static const uint8_t verdict_places[256] = {
#define VERDICT(number, NAME, code, class, happened, why, todo) [number] = AT_##NAME + 1,
#include "registry/rules/verdicts.def"
#undef VERDICT
};

const dais_verdict_info_t *dais_verdict_info(uint64_t number)
{
    uint8_t place = number < sizeof verdict_places ? verdict_places[number] : 0;
    return place == 0 ? NULL : &dais_verdict_infos[place - 1];
}

const dais_verdict_info_t *dais_verdict_named(dais_slice_t code)
{
    for (const dais_verdict_info_t *info = dais_verdict_infos; info->code != NULL; info++) {
        if (dais_slice_equal(code, dais_slice_text(info->code)))
            return info;
    }
    return NULL;
}

static bool verdict_is(uint64_t code, dais_verdict_class_t class)
{
    const dais_verdict_info_t *info = dais_verdict_info(code);
    return info != NULL && info->class == class;
}

bool dais_verdict_is_done(uint64_t number)
{
    return verdict_is(number, DAIS_VERDICT_CLASS_DONE);
}

bool dais_verdict_first_done(const dais_record_t *record)
{
    dais_code_item_t code;
    dais_list_walk_t walk = dais_list_begin(&record->verdicts, &dais_shape_code_item);
    return dais_list_next(&walk, &code) && dais_verdict_is_done(code.value);
}

bool dais_verdicts_any_done(const dais_verdicts_t *verdicts)
{
    for (unsigned i = 0; i < verdicts->count; i++) {
        if (dais_verdict_is_done(verdicts->codes[i]))
            return true;
    }
    return false;
}

bool dais_verdicts_all_refused(const dais_verdicts_t *verdicts)
{
    for (unsigned i = 0; i < verdicts->count; i++) {
        if (!verdict_is(verdicts->codes[i], DAIS_VERDICT_CLASS_REFUSED))
            return false;
    }
    return true;
}
