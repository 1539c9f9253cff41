/* SPDX-License-Identifier: Apache-2.0
 *
 * The daemon as a process, at a broker that this test plays: a ROUTER on a socket of its own. */
#include "tests/system/registry_process.h"

static int setup(void **state)
{
    char here[256];
    if (scratch_make(state) != 0 || getcwd(here, sizeof here) == NULL)
        return -1;
    memset(&t, 0, sizeof t);
    (void)snprintf(t.folder, sizeof t.folder, "%s/%s", here, scratch_folder);
    (void)snprintf(t.config, sizeof t.config, "%s/registry.zpl", t.folder);
    world_open(&t.world, t.folder, now_ms() - 10000);
    world_create_sound(&t.world);
    world_add_key(&t.world, "sec", "intake", DAIS_ROLE_INTAKE, "", "");
    world_add_key(&t.world, "sec", "office", DAIS_ROLE_OFFICE, "", "");
    t.size = dais_book_size(dais_cycle_book(t.world.cycle));
    dais_cycle_close(&t.world.cycle);
    write_config();
    char endpoint[600];
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s/run/broker", t.folder);
    dais_socket_options_t options = {.type = ZMQ_ROUTER,
                                     .frame_size_max = (size_t)DAIS_FRAME_SIZE_MAX * 5};
    world_must(dais_socket_bind(&options, endpoint, &t.router));
    daemon_start();
    broker_meet();
    return 0;
}

static int teardown(void **state)
{
    if (t.pid != 0) /* a test that failed */
        (void)daemon_end(SIGKILL);
    dais_socket_close(&t.router);
    for (unsigned i = 0; i < 2; i++)
        dais_parts_drop(&t.peers[i]);
    world_close(&t.world);
    return scratch_remove(state);
}

/* The receipts of the bundle, checked offline. */
static void expect_receipts(const world_bundle_t *bundle, uint64_t at, dais_slice_t answer)
{
    static uint8_t scratch[DAIS_LIMIT_RECORD];
    static dais_run_t run;
    dais_answer_receipts_t receipts;
    dais_bundle_line_t line;
    dais_receipts_t run_of;
    world_must(dais_shape_decode(&dais_shape_answer_receipts, answer, &receipts).err);
    assert_int_equal(receipts.bundles.count, 1);
    dais_list_walk_t walk = dais_list_begin(&receipts.bundles, &dais_shape_bundle_line);
    assert_true(dais_list_next(&walk, &line));
    assert_int_equal(line.state, DAIS_BUNDLE_LOGGED);
    world_must(dais_shape_decode(&dais_shape_receipts, line.receipts, &run_of).err);
    dais_vkey_t vkey;
    world_must(dais_cycle_open(&t.world.cycle, &t.world.house, "c", DAIS_CYCLE_TO_READ));
    vkey = dais_cycle_about(t.world.cycle)->vkey;
    dais_cycle_close(&t.world.cycle);
    dais_claim_t claim = {.log_key = &vkey,
                          .bundle = bundle->hash,
                          .messages = bundle->messages,
                          .message_count = bundle->count,
                          .received_at = at};
    world_must(dais_receipts_check(&run_of, &claim, scratch, sizeof scratch, &run).err);
    assert_int_equal(run.count, bundle->count);
}

/* Goal: what an intake hands over comes back to the office as receipts that hold offline. Method: a
 * hand-over and a signed ask through the daemon's sockets. */
static void test_receipts(void **state)
{
    uint64_t at = now_ms();
    world_bundle_t bundle = replies(3);
    dais_ask_receipts_t question = {.what = DAIS_WHAT_RECEIPTS};
    (void)state;
    assert_int_equal(hand_over("intake", at, &bundle, 1), 1);
    expect_receipts(&bundle, at, ask(0, "office", &dais_shape_ask_receipts, &question));
    assert_int_equal(daemon_end(SIGTERM), 0);
}

/* Goal: a question that waits is answered by the entry that it waits for. Method: ask for receipts
 * of a bundle that is not there yet at the waiting service, then hand it over. */
static void test_parked_question(void **state)
{
    uint64_t at = now_ms();
    world_bundle_t bundle = replies(2);
    uint8_t what[64];
    uint8_t bytes[DAIS_LIMIT_ASK + 512];
    static uint8_t plain[DAIS_LIMIT_ANSWER + 1024];
    dais_writer_t writer;
    dais_answered_t answered;
    dais_answer_t answer;
    dais_taken_t taken;
    dais_ask_receipts_t receipts = {.what = DAIS_WHAT_RECEIPTS, .wait_ms = DAIS_LIMIT_WAIT_MS};
    (void)state;
    dais_writer_init(&writer, what, sizeof what);
    world_must(dais_shape_encode(&dais_shape_ask_receipts, &receipts, &writer));
    dais_ask_t question = {
        .log = t.world.log, .at = at, .nonce = call_id(), .what = dais_slice(what, writer.size)};
    dais_writer_init(&writer, bytes, sizeof bytes);
    world_must(dais_ask_sign(&question, scenario_pack_device("office"), &writer));
    dais_ask_call_t call = {.call = call_id(), .ask = dais_slice(bytes, writer.size)};
    broker_send(1, packed(&dais_shape_ask_call, &call));
    dais_hand_over_t request = world_stamp(&t.world, "intake", at, &bundle, 1);
    broker_send(0, packed(&dais_shape_hand_over, &request));
    dais_slice_t first = broker_answer();
    dais_slice_t second = broker_answer();
    if (dais_shape_decode(&dais_shape_taken, first, &taken).err != DAIS_OK) {
        dais_slice_t swap = first;
        first = second;
        second = swap;
    }
    world_must(dais_shape_decode(&dais_shape_taken, first, &taken).err);
    world_must(dais_shape_decode(&dais_shape_answered, second, &answered).err);
    world_must(dais_answer_open(scenario_pack_device("office"), &t.world.box_key, &t.world.log,
                                call.ask, answered.box, plain, sizeof plain, &answer)
                   .err);
    expect_receipts(&bundle, at, answer.body);
    assert_int_equal(daemon_end(SIGTERM), 0);
}

static uint64_t look_size(void)
{
    dais_ask_cycle_t what = {.what = DAIS_WHAT_CYCLE};
    dais_look_t look = {
        .call = call_id(), .log = t.world.log, .what = packed(&dais_shape_ask_cycle, &what)};
    dais_shown_t shown;
    dais_answer_cycle_t cycle;
    broker_send(0, packed(&dais_shape_look, &look));
    world_must(dais_shape_decode(&dais_shape_shown, broker_answer(), &shown).err);
    world_must(dais_shape_decode(&dais_shape_answer_cycle, shown.body, &cycle).err);
    return cycle.size;
}

/* Goal: what was answered is there after the process was killed. Method: hand over, kill -9, start
 * anew, look, hand over again. */
static void test_killed(void **state)
{
    world_bundle_t bundles[] = {replies(5), replies(5)};
    uint64_t at = now_ms();
    (void)state;
    assert_int_equal(hand_over("intake", at, &bundles[0], 1), 1);
    assert_int_equal(daemon_end(SIGKILL), -SIGKILL);
    daemon_start();
    broker_meet();
    assert_int_equal(look_size(), t.size + 5);
    assert_int_equal(hand_over("intake", at + 1, &bundles[1], 1), 2);
    assert_int_equal(look_size(), t.size + 10);
    assert_int_equal(daemon_end(SIGTERM), 0);
}

/* Goal: two processes never write one log. Method: start a second daemon; it exits with 8. */
static void test_one_writer(void **state)
{
    pid_t first = t.pid;
    int status = 0;
    (void)state;
    daemon_start();
    assert_int_equal(waitpid(t.pid, &status, 0), t.pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 8);
    t.pid = first;
    assert_int_equal(daemon_end(SIGTERM), 0);
}

/* Runs dais-registry with these words and the configuration; its exit code. */
static int run(const char *const *words)
{
    char *argv[16] = {(char[]){"dais-registry"}};
    char copies[12][600];
    size_t count = 1;
    int status = 0;
    pid_t pid;
    for (; words[count - 1] != NULL; count++) {
        (void)snprintf(copies[count], sizeof copies[count], "%s", words[count - 1]);
        argv[count] = copies[count];
    }
    argv[count++] = (char[]){"-c"};
    argv[count] = t.config;
    assert_int_equal(posix_spawn(&pid, DAIS_REGISTRY, NULL, NULL, argv, environ), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

static void move_store(const char *from, const char *to)
{
    char a[700];
    char b[700];
    (void)snprintf(a, sizeof a, "%s/cycles/c/%s", t.folder, from);
    (void)snprintf(b, sizeof b, "%s/cycles/c/%s", t.folder, to);
    assert_int_equal(rename(a, b), 0);
}

/* Goal: a backup that is taken beside the running daemon is whole, comes back in the place of a
 * lost store, and is refused once more was signed than it holds. Method: the commands, as an
 * operator types them. */
static void test_backup(void **state)
{
    char first[700];
    char second[700];
    world_bundle_t bundles[] = {replies(3), replies(3)};
    uint64_t at = now_ms();
    (void)state;
    (void)snprintf(first, sizeof first, "%s/first", t.folder);
    (void)snprintf(second, sizeof second, "%s/second", t.folder);
    assert_int_equal(hand_over("intake", at, &bundles[0], 1), 1);
    assert_int_equal(RUN("backup", "c", first), 0);
    assert_int_equal(RUN("check", "--copy", first), 0);
    assert_int_equal(RUN("backup", "c", first), 1); /* it is there */
    assert_int_equal(hand_over("intake", at + 1, &bundles[1], 1), 2);
    assert_int_equal(RUN("backup", "c", second), 0);
    assert_int_equal(daemon_end(SIGTERM), 0);
    assert_int_equal(RUN("check", "c"), 0);
    assert_int_equal(RUN("restore", "c", second), 1); /* a store is there */
    move_store("store", "lost");
    daemon_start();
    assert_int_equal(daemon_end(0), 9);              /* it had one: the guard is there */
    assert_int_equal(RUN("restore", "c", first), 9); /* more was signed */
    assert_int_equal(RUN("restore", "c", second), 0);
    daemon_start();
    broker_meet();
    assert_int_equal(look_size(), t.size + 6);
    assert_int_equal(daemon_end(SIGTERM), 0);
}

/* Memory of the daemon, in KiB. */
static unsigned long daemon_memory(void)
{
    char path[64];
    char line[256];
    unsigned long kib = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/status", (int)t.pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (kib == 0 && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtoul(line + 6, NULL, 10);
    (void)fclose(file);
    return kib;
}

/* Goal: many cycles are served by one process. Method: make them, start, count the services that
 * are registered; print memory and how long it took. 200 of them with DAIS_FULL. */
static void test_many_cycles(void **state)
{
    unsigned cycles = getenv("DAIS_FULL") != NULL ? 200 : 12;
    unsigned ready = 0;
    (void)state;
    assert_int_equal(daemon_end(SIGTERM), 0);
    for (unsigned i = 1; i < cycles; i++) {
        world_create_named(&t.world, i);
        dais_cycle_close(&t.world.cycle);
    }
    uint64_t begun = now_ms();
    daemon_start();
    for (uint8_t met[2][200] = {{0}}; ready < 2 * cycles;) {
        dais_parts_t parts = {.count = 0};
        dais_mdp_command_t command;
        char service[64];
        unsigned long number = 0;
        broker_receive(&parts, &command);
        (void)snprintf(service, sizeof service, "%.*s", (int)command.service.size,
                       (const char *)command.service.data);
        if (command.command == DAIS_MDP_WORKER_READY) {
            if (service[strlen("registry/")] == 'n')
                number = strtoul(service + strlen("registry/n"), NULL, 10);
            assert_true(number < 200);
            uint8_t *seen = &met[strstr(service, "/wait") != NULL][number];
            ready += *seen == 0;
            *seen = 1;
        }
        dais_parts_drop(&parts);
    }
    print_message("%u cycles: all served %llu ms after the start, %lu MiB\n", cycles,
                  (unsigned long long)(now_ms() - begun), daemon_memory() / 1024);
    assert_int_equal(daemon_end(SIGTERM), 0);
}

/* Goal: a cycle that is created while the daemon runs is served after SIGHUP, and those before go
 * on. Method: create one, signal, wait for its services, look at the first. */
static void test_reload(void **state)
{
    bool met[2] = {false, false};
    (void)state;
    dais_hash_t log = t.world.log;
    world_create_named(&t.world, 1);
    dais_cycle_close(&t.world.cycle);
    t.world.log = log;
    assert_int_equal(kill(t.pid, SIGHUP), 0);
    while (!met[0] || !met[1]) {
        dais_parts_t parts = {.count = 0};
        dais_mdp_command_t command;
        broker_receive(&parts, &command);
        if (dais_slice_equal(command.service, dais_slice_text("registry/n1")))
            met[0] = true;
        if (dais_slice_equal(command.service, dais_slice_text("registry/n1/wait")))
            met[1] = true;
        dais_parts_drop(&parts);
    }
    assert_int_equal(look_size(), t.size);
    assert_int_equal(daemon_end(SIGTERM), 0);
}

/* Goal: a cycle whose whole folder is away is missed, where guards lie elsewhere. Method: guards in
 * a folder of their own; start; take the cycle's folder away; put it back. */
static void test_cycle_away(void **state)
{
    char guards[700];
    char from[800];
    char to[800];
    (void)state;
    assert_int_equal(look_size(), t.size); /* and what it said before is read */
    assert_int_equal(daemon_end(SIGTERM), 0);
    (void)snprintf(guards, sizeof guards, "%s/guards", t.folder);
    assert_int_equal(mkdir(guards, 0700), 0);
    (void)snprintf(from, sizeof from, "%s/cycles/c/guard", t.folder);
    (void)snprintf(to, sizeof to, "%s/c.guard", guards);
    assert_int_equal(rename(from, to), 0);
    FILE *file = fopen(t.config, "a");
    assert_non_null(file);
    (void)fprintf(file, "guards = \"%s\"\n", guards);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(from, sizeof from, "%s/cycles/c", t.folder);
    (void)snprintf(to, sizeof to, "%s/away", t.folder);
    assert_int_equal(rename(from, to), 0);
    daemon_start();
    assert_int_equal(daemon_end(0), 9);
    assert_int_equal(rename(to, from), 0);
    daemon_start();
    broker_meet();
    assert_int_equal(look_size(), t.size);
    assert_int_equal(daemon_end(SIGTERM), 0);
}

int main(void)
{
    dais_random_t random = dais_random_system();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_receipts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_parked_question, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_writer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_backup, setup, teardown),
        cmocka_unit_test_setup_teardown(test_many_cycles, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reload, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cycle_away, setup, teardown),
    };
    if (dais_socket_init(&random) != DAIS_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dais_socket_shutdown();
    return failed;
}
