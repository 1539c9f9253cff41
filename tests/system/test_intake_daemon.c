/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/system/intake_process.h"

#define REHEARSAL "rehearsal/registry.example/cycle-1"

/* Goal: bundles go in at one end and to the registry at the other, each with a stamp that proves
 * it, and the program ends when told. Method: 100 bundles at once; SIGTERM. */
static void test_through(void **state)
{
    dais_hash_t bundles[100];
    site_make(state, REHEARSAL);
    site_start();
    SITE_UNTIL(site.worker.size > 0);
    for (uint64_t k = 0; k < 100; k++)
        bundles[k] = site_submit(k, k);
    SITE_UNTIL(answer_count == 100 && registry.count == 100);
    for (uint64_t k = 0; k < 100; k++) {
        uint64_t at;
        assert_true(registry_has(&bundles[k], &at));
        assert_true(stamp_of(k, &bundles[k]).at == at);
    }
    assert_int_equal(site_stop(SIGTERM), 0);
    site_remove(state);
}

/* Goal: what was answered is handed over although the program was killed before that, and once.
 * Method: keep the registry away, kill, start again with the registry there; ten times. */
static void test_killed_before_hand_over(void **state)
{
    dais_hash_t bundles[10];
    site_make(state, REHEARSAL);
    for (uint64_t k = 0; k < 10; k++) {
        site.registry_away = true;
        site_start();
        SITE_UNTIL(site.worker.size > 0);
        bundles[k] = site_submit(k, k);
        SITE_UNTIL(answer_of(k).size > 0);
        assert_int_equal(site_stop(SIGKILL), -SIGKILL);
        if (k % 3 != 0)
            continue;
        site.registry_away = false;
        site_start();
        SITE_UNTIL(registry.count == k + 1);
        assert_int_equal(site_stop(SIGKILL), -SIGKILL);
    }
    assert_int_equal(registry.count, 10);
    for (uint64_t k = 0; k < 10; k++) {
        uint64_t at;
        assert_true(registry_has(&bundles[k], &at));
        assert_true(stamp_of(k, &bundles[k]).at == at);
    }
    site_remove(state);
}

/* How often the registry has it. */
static size_t registry_times(const dais_hash_t *bundle)
{
    size_t times = 0;
    for (size_t i = 0; i < registry.count; i++)
        times += dais_hash_equal(&registry.bundles[i], bundle) ? 1 : 0;
    return times;
}

static bool is_stamped(uint64_t token)
{
    dais_submitted_t submitted;
    return dais_shape_decode(&dais_shape_submitted, answer_of(token), &submitted).err == DAIS_OK;
}

#define BURST 20

/* Goal: wherever the program is killed under load, what it answered is handed over, once, under the
 * stamp that it answered, and its chain goes on without a gap. Method: 20 times (DAIS_FULL: 200) a
 * burst of bundles and SIGKILL after a random number of rounds; the stand-in of the registry takes
 * nothing that does not follow. */
static void test_killed_at_random(void **state)
{
    static dais_hash_t bundles[200 * BURST];
    dais_random_seeded_t seeded;
    dais_random_t random = dais_random_seeded(&seeded, 20261126);
    uint64_t kills = getenv("DAIS_FULL") == NULL ? 20 : 200;
    uint64_t stamped = 0;
    site_make(state, REHEARSAL);
    for (uint64_t kill = 0; kill < kills; kill++) {
        uint8_t rounds;
        site_start();
        SITE_UNTIL(site.worker.size > 0);
        for (uint64_t k = kill * BURST; k < (kill + 1) * BURST; k++)
            bundles[k] = site_submit(k, k);
        assert_int_equal(dais_random_fill(&random, &rounds, sizeof rounds), DAIS_OK);
        for (uint8_t round = 0; round < rounds % 8; round++)
            (void)site_pass();
        assert_int_equal(site_stop(SIGKILL), -SIGKILL);
    }
    site_start();
    for (uint64_t k = 0; k < kills * BURST; k++) {
        uint64_t at;
        if (!is_stamped(k))
            continue;
        stamped++;
        SITE_UNTIL(registry_times(&bundles[k]) > 0);
        assert_int_equal(registry_times(&bundles[k]), 1);
        assert_true(registry_has(&bundles[k], &at) && stamp_of(k, &bundles[k]).at == at);
    }
    print_message("%ju of %ju bundles were answered\n", (uintmax_t)stamped,
                  (uintmax_t)(kills * BURST));
    assert_true(stamped > 0);
    assert_int_equal(site_stop(SIGTERM), 0);
    site_remove(state);
}

/* Goal: a changed roster counts without a restart, by itself and on SIGHUP. Method: take the intake
 * off it and put it on again. */
static void test_roster_changes(void **state)
{
    site_make(state, REHEARSAL);
    site_start();
    SITE_UNTIL(site.worker.size > 0);
    uint64_t token = 0;
    (void)site_submit(0, token);
    SITE_UNTIL(answer_of(token).size > 0);
    dais_submitted_t submitted;
    dais_refused_t refused;
    assert_int_equal(dais_shape_decode(&dais_shape_submitted, answer_of(token), &submitted).err,
                     DAIS_OK);
    site_write_roster(11, false);
    do {
        token++;
        (void)site_submit(token, token);
        SITE_UNTIL(answer_of(token).size > 0);
    } while (token < 10000 &&
             dais_shape_decode(&dais_shape_submitted, answer_of(token), &submitted).err == DAIS_OK);
    assert_refused(token, DAIS_ERR_NOT_ROSTERED, true);
    site_write_roster(12, true);
    assert_int_equal(kill(site.pid, SIGHUP), 0);
    do {
        token++;
        (void)site_submit(token, token);
        SITE_UNTIL(answer_of(token).size > 0);
    } while (token < 10000 &&
             dais_shape_decode(&dais_shape_refused, answer_of(token), &refused).err == DAIS_OK);
    assert_int_equal(dais_shape_decode(&dais_shape_submitted, answer_of(token), &submitted).err,
                     DAIS_OK);
    assert_int_equal(site_stop(SIGTERM), 0);
    site_remove(state);
}

static void play(const char *now)
{
    site_write("now", dais_slice_text(now));
}

static void play_config(void)
{
    char more[1024];
    (void)snprintf(more, sizeof more, "clock\n    file = \"%s/now\"\n", site.root);
    site_write_config(more);
}

/* Goal: in a rehearsal whose time is played, a deadline that the registry tells of is marked when
 * the clock file says so. Method: play to one millisecond before it, then to it. */
static void test_played_deadline(void **state)
{
    site_make(state, REHEARSAL);
    play("2027-04-12T14:00:00Z\n");
    play_config();
    assert_int_equal(dais_clock_parse(dais_slice_text("2027-04-30T22:00:00Z"), &site.dates[0]),
                     DAIS_OK);
    site_start();
    SITE_UNTIL(registry.next_j >= 1 && site.looks >= 2);
    play("2027-04-30T21:59:59.999Z\n");
    SITE_UNTIL(site.worker.size > 0);
    dais_hash_t before = site_submit(0, 0);
    SITE_UNTIL(answer_of(0).size > 0);
    assert_true(stamp_of(0, &before).at == site.dates[0] - 1);
    SITE_UNTIL(registry.count == 1);
    uint64_t next_j = registry.next_j;
    play("2027-04-30T22:00:00Z\n");
    SITE_UNTIL(registry.next_j == next_j + 1);
    assert_int_equal(registry.last.count, 0);
    assert_true(registry.last.at == site.dates[0]);
    dais_hash_t after = site_submit(1, 1);
    SITE_UNTIL(answer_of(1).size > 0);
    assert_true(stamp_of(1, &after).at == site.dates[0]);
    assert_int_equal(site_stop(SIGTERM), 0);
    site_remove(state);
}

/* Goal: a clock that is played back is in doubt until an operator accepts it on the host, over a
 * restart as well. Method: play back a day; restart; run `clock accept`. */
static void test_clock_accept(void **state)
{
    site_make(state, REHEARSAL);
    play("2027-04-12T14:00:00Z\n");
    play_config();
    site_start();
    SITE_UNTIL(registry.next_j >= 1);
    assert_int_equal(site_stop(SIGTERM), 0);
    play("2027-04-11T14:00:00Z\n");
    site_start();
    SITE_UNTIL(site.worker.size > 0);
    (void)site_submit(0, 0);
    SITE_UNTIL(answer_of(0).size > 0);
    assert_refused(0, DAIS_ERR_CLOCK_UNSURE, true);
    assert_int_equal(site_accept_clock(NULL), 2); /* nobody said yes */
    assert_int_equal(site_accept_clock("--yes"), 0);
    uint64_t token = 0;
    dais_refused_t refused;
    dais_hash_t bundle;
    do {
        token++;
        bundle = site_submit(0, token);
        SITE_UNTIL(answer_of(token).size > 0);
    } while (token < 10000 &&
             dais_shape_decode(&dais_shape_refused, answer_of(token), &refused).err == DAIS_OK);
    (void)stamp_of(token, &bundle);
    assert_int_equal(site_stop(SIGTERM), 0);
    site_remove(state);
}

/* Goal: what must not run does not, with an exit that says why. Method: a second process on the
 * spool; a clock file and a real cycle; a secret that others can read; a spool that is damaged. */
static void test_refuses_to_run(void **state)
{
    site_make(state, REHEARSAL);
    site_start();
    SITE_UNTIL(site.worker.size > 0);
    pid_t first = site.pid;
    site_start();
    assert_int_equal(site_wait(), 8);
    site.pid = first;
    assert_int_equal(site_stop(SIGTERM), 0);
    assert_int_equal(chmod(site_path("secret").text, 0644), 0);
    site_start();
    assert_int_equal(site_wait(), 7);
    assert_int_equal(chmod(site_path("secret").text, 0600), 0);
    site_write("spool/data.mdb", dais_slice_text("this is no store"));
    site_start();
    assert_int_equal(site_wait(), 9);
    site_remove(state);
    site_make(state, "registry.example/cycle-1");
    play("2027-04-12T14:00:00Z\n");
    play_config();
    site_start();
    assert_int_equal(site_wait(), 7);
    site_remove(state);
}

int main(int argc, char **argv)
{
    assert_int_equal(argc, 2);
    site.program = argv[1];
    dais_random_t random = dais_random_system();
    dais_loop_block_signals();
    if (dais_crypto_init() != DAIS_OK || dais_socket_init(&random) != DAIS_OK)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_through),          cmocka_unit_test(test_killed_before_hand_over),
        cmocka_unit_test(test_killed_at_random), cmocka_unit_test(test_roster_changes),
        cmocka_unit_test(test_played_deadline),  cmocka_unit_test(test_clock_accept),
        cmocka_unit_test(test_refuses_to_run),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    dais_socket_shutdown();
    return failed;
}
