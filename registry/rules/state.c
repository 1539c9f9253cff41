/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/rules/state.h"

#include <assert.h>

/* clang-format off */
#define BIT(M, NAME) (1u << DAIS_##M##_##NAME)
#define NEXT0 0
#define NEXT1(M, a) BIT(M, a)
#define NEXT2(M, a, b) (BIT(M, a) | BIT(M, b))
#define NEXT3(M, a, b, c) (NEXT2(M, a, b) | BIT(M, c))
#define NEXT4(M, a, b, c, d) (NEXT3(M, a, b, c) | BIT(M, d))
#define NEXT5(M, a, b, c, d, e) (NEXT4(M, a, b, c, d) | BIT(M, e))
#define NEXT6(M, a, b, c, d, e, f) (NEXT5(M, a, b, c, d, e) | BIT(M, f))
#define NEXT7(M, a, b, c, d, e, f, g) (NEXT6(M, a, b, c, d, e, f) | BIT(M, g))
#define NEXT8(M, a, b, c, d, e, f, g, h) (NEXT7(M, a, b, c, d, e, f, g) | BIT(M, h))

/* How many states each machine has: they count from 1 without gaps. */
/* NOLINTBEGIN(bugprone-macro-parentheses): terms of a sum */
enum {
#define MACHINE(machine, MACHINE, text) COUNT_##MACHINE = 0
#define STATE(machine, MACHINE, number, NAME, word, end, next) + 1
#define MACHINE_END(machine) ,
#include "registry/rules/states.def"
#undef MACHINE
#undef STATE
#undef MACHINE_END
};
/* NOLINTEND(bugprone-macro-parentheses) */

#define STATE_FINAL true
#define STATE_ONWARD false

static const dais_machine_table_t state_machines[] = {
#define MACHINE(machine, MACHINE, text)                                                            \
    [DAIS_MACHINE_##MACHINE] = {#machine, text, COUNT_##MACHINE, {
#define STATE(machine, MACHINE, number, NAME, word, end, next)                                     \
    [number] = {word, next, STATE_##end},
#define MACHINE_END(machine) }},
#include "registry/rules/states.def"
#undef MACHINE
#undef STATE
#undef MACHINE_END
};
/* clang-format on */

const dais_machine_table_t *dais_machine(dais_machine_t machine)
{
    assert(machine < DAIS_MACHINE_COUNT);
    return &state_machines[machine];
}

bool dais_machine_allows(dais_machine_t machine, unsigned from, unsigned to)
{
    const dais_machine_table_t *table = dais_machine(machine);
    assert(from >= 1 && from <= table->count && to >= 1 && to <= table->count);
    return (table->states[from].next >> to & 1U) != 0;
}

bool dais_application_is_in(unsigned state)
{
    return state == DAIS_APPLICATION_ADMITTED || state == DAIS_APPLICATION_PROVISIONAL;
}

bool dais_application_is_pre_list(unsigned state)
{
    return state >= DAIS_APPLICATION_SUBMITTED && state <= DAIS_APPLICATION_DUPLICATE;
}
