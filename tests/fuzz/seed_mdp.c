/* SPDX-License-Identifier: Apache-2.0 */
#include "base/mdp.h"
#include "tests/fuzz/seed.h"

/* Frames of C strings, the last one null; an empty string is an empty frame, "\1" one byte. */
static void seed_frames_of(const char *name, const char *const *frames)
{
    dais_writer_t writer = fuzz_writer(0);
    for (; *frames != NULL; frames++) {
        uint8_t size = (uint8_t)strlen(*frames);
        dais_writer_raw(&writer, dais_slice(&size, 1));
        dais_writer_raw(&writer, dais_slice(*frames, size));
    }
    seed("mdp", name, dais_slice(writer.buffer, writer.size));
}

/* Octal, since a hexadecimal escape would take the digits behind it. */
#define BODY "\222\243abc\304\0200123456789abcdef"

void seed_mdp(void)
{
    seed_frames_of("request", (const char *[]){"MDPC02", "\1", "echo", BODY, NULL});
    seed_frames_of("partial", (const char *[]){"MDPC02", "\2", "echo", "a", "b", NULL});
    seed_frames_of("final", (const char *[]){"MDPC02", "\3", "registry/x", BODY, NULL});
    seed_frames_of("client-4", (const char *[]){"MDPC02", "\4", "echo", "a", NULL});
    seed_frames_of("client-short", (const char *[]){"MDPC02", "\1", "echo", NULL});
    seed_frames_of("client-name", (const char *[]){"MDPC02", "\1", "a b", "c", NULL});
    char name[130];
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    seed_frames_of("client-name-long", (const char *[]){"MDPC02", "\1", name, "b", NULL});
    seed_frames_of("ready", (const char *[]){"MDPW02", "\1", "echo", NULL});
    seed_frames_of("ready-more", (const char *[]){"MDPW02", "\1", "echo", "x", NULL});
    seed_frames_of("worker-request", (const char *[]){"MDPW02", "\2", "who", "", BODY, NULL});
    seed_frames_of("worker-partial", (const char *[]){"MDPW02", "\3", "who", "", "x", NULL});
    seed_frames_of("worker-final", (const char *[]){"MDPW02", "\4", "who", "", "x", "y", NULL});
    seed_frames_of("worker-full", (const char *[]){"MDPW02", "\4", "who", "x", "y", NULL});
    seed_frames_of("worker-short", (const char *[]){"MDPW02", "\4", "who", "", NULL});
    seed_frames_of("heartbeat", (const char *[]){"MDPW02", "\5", NULL});
    seed_frames_of("disconnect", (const char *[]){"MDPW02", "\6", NULL});
    seed_frames_of("disconnect-more", (const char *[]){"MDPW02", "\6", "x", NULL});
    seed_frames_of("worker-7", (const char *[]){"MDPW02", "\7", NULL});
    seed_frames_of("other", (const char *[]){"MDPC01", "\1", "echo", "a", NULL});
    seed_frames_of("one", (const char *[]){"MDPC02", NULL});
    seed_frames_of("bodies", (const char *[]){"\334\001\001\331\003abc\304\0200123456789abcdef",
                                              "\221\241a\304\0200123456789abcdef",
                                              "\222\241a\304\0170123456789abcde", "\222\331\177a",
                                              "\222\304\001a", "\222\241", "\222", NULL});
}
