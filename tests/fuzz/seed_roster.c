/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "proto/roster_file.h"
#include "tests/fuzz/seed.h"

#define LOG  "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
#define NAME "dais/roster/1\norigin registry.example/talks\n"
#define HEAD NAME "log " LOG "\nsize 17\n"
#define KEY                                                                                        \
    "key office a1b20000000000000000000000000000 " LOG " 0rJuZ0rJuZ0rJuZ0rJuZ0rJuZ0rJuZ0rJuZ0rJuZ" \
    "\n"

/* One key of each role. */
static void seed_roles(void)
{
    dais_writer_t writer = fuzz_writer(0);
    dais_roster_head_t head = {.origin = "rehearsal/registry.example/talks", .size = DAIS_SEQ_MAX};
    dais_roster_put_head(&writer, &head);
    for (uint64_t role = 1; role <= dais_words_role.count; role++) {
        dais_roster_key_t key = {.role = role, .key = {{(uint8_t)role}}, .box_key = {{9}}};
        dais_roster_put_key(&writer, &key);
    }
    seed("roster", "roles", dais_slice(writer.buffer, writer.size));
}

void seed_roster(void)
{
    static const struct {
        const char *name, *text;
    } items[] = {
        {"empty", ""},
        {"foreign", "dais/identity/1\n"},
        {"no-newline", "dais/roster/1"},
        {"head", HEAD},
        {"one", HEAD KEY},
        {"two", HEAD KEY KEY},
        {"no-origin", "dais/roster/1\nlog " LOG "\n"},
        {"origin-of-no-key", "dais/roster/1\norigin a b\nlog " LOG "\nsize 1\n"},
        {"origin-none", "dais/roster/1\norigin \nlog " LOG "\nsize 1\n"},
        {"log-short", NAME "log 01\nsize 1\n"},
        {"log-upper", NAME "log AB" LOG "\nsize 1\n"},
        {"size-none", NAME "log " LOG "\n"},
        {"size-led-by-zero", NAME "log " LOG "\nsize 01\n"},
        {"size-beyond", NAME "log " LOG "\nsize 9007199254740993\n"},
        {"other-line", HEAD "kee office\n"},
        {"role-unknown", HEAD "key janitor a1b2\n"},
        {"role-alone", HEAD "key office\n"},
        {"actor-short", HEAD "key office a1b2 " LOG "\n"},
        {"key-short", HEAD "key office a1b20000000000000000000000000000 0102\n"},
        {"box-key-none", HEAD "key office a1b20000000000000000000000000000 " LOG "\n"},
        {"box-key-bad", HEAD "key office a1b20000000000000000000000000000 " LOG " ~~~~~\n"},
        {"cut", HEAD "key office"},
        {"empty-line", HEAD "\n"},
    };
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++)
        seed_text("roster", items[i].name, items[i].text);
    seed_roles();
    seed_stretched("roster", "origin-long", 400, 'a',
                   dais_slice_text("dais/roster/1\norigin \xc1\xc1\xc1\nlog " LOG "\nsize 1\n"));
}
