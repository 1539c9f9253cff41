/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_SYSTEM_INTAKE_PROCESS_H
#define DAIS_TESTS_SYSTEM_INTAKE_PROCESS_H

/* The program dais-intake in a folder of its own, and the test as the broker on both sides of it:
 * the door for workers, over which requests go to it, and the door for clients, behind which is the
 * registry of tests/unit/intake_world.h. */

#include "tests/unit/intake_world.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock_file.h"
#include "base/file.h"
#include "base/loop.h"
#include "base/mdp.h"
#include "base/socket.h"
#include "proto/identity.h"

#define WAIT_MS_MAX 30000 /* a condition that takes longer has failed */

static struct {
    const char *program;
    char root[512]; /* absolute, of the scratch folder */
    pid_t pid;
    zsock_t *back;
    zsock_t *door;
    dais_slice_t worker; /* routing id of the intake as a worker; empty while there is none */
    uint8_t worker_room[256];
    bool registry_away; /* what is asked of it stays unanswered */
    uint64_t dates[1];  /* of the cycle; 0 for none */
    size_t looks;
} site;

typedef struct {
    char text[768];
} site_text_t;

static inline site_text_t site_path(const char *name)
{
    site_text_t path;
    (void)snprintf(path.text, sizeof path.text, "%s/%s", site.root, name);
    return path;
}

static inline void site_write(const char *name, dais_slice_t bytes)
{
    assert_int_equal(dais_file_replace(site_path(name).text, bytes, 0600), DAIS_OK);
}

static inline void site_write_roster(uint64_t size, bool with_intake)
{
    site_write("rosters/cycle.roster", roster_text(&world, size, with_intake));
}

static inline void site_write_config(const char *more)
{
    char text[4096];
    int size =
        snprintf(text, sizeof text,
                 "key = \"%s/secret\"\nrosters = \"%s/rosters\"\n"
                 "broker\n    back = \"ipc://%s/back\"\n    door = \"ipc://%s/door\"\n"
                 "spool\n    folder = \"%s/spool\"\n    size = \"64 MiB\"\n"
                 "    disk-floor = \"1 MiB\"\n    ballast = \"64 KiB\"\n    create = yes\n%s",
                 site.root, site.root, site.root, site.root, site.root, more);
    assert_in_range(size, 1, sizeof text - 1);
    site_write("intake.zpl", dais_slice(text, (size_t)size));
}

static inline zsock_t *site_bind(const char *name)
{
    zsock_t *socket;
    char endpoint[1024];
    dais_socket_options_t options = {.type = ZMQ_ROUTER};
    (void)snprintf(endpoint, sizeof endpoint, "ipc://%s", site_path(name).text);
    assert_int_equal(dais_socket_bind(&options, endpoint, &socket), DAIS_OK);
    return socket;
}

/* A site with the world's one cycle, a rehearsal unless said otherwise. */
static inline void site_make(void **state, const char *origin)
{
    char folder[256];
    dais_seed_t seed = {{12}}; /* as world_make() gives it to the intake of registry 1 */
    char secret[DAIS_SECRET_TEXT_SIZE];
    dais_writer_t writer;
    assert_int_equal(scratch_make(state), 0);
    assert_non_null(getcwd(folder, sizeof folder));
    memset(&registry, 0, sizeof registry);
    answer_count = 0;
    world_reset();
    world_make(&world, 1, 1);
    carrier = world_device(77);
    (void)snprintf(world.origin, sizeof world.origin, "%s", origin);
    const char *program = site.program;
    memset(&site, 0, sizeof site);
    site.program = program;
    (void)snprintf(site.root, sizeof site.root, "%s/%s", folder, scratch_folder);
    assert_int_equal(chmod(site.root, 0750), 0);
    assert_int_equal(mkdir(site_path("rosters").text, 0750), 0);
    dais_writer_init(&writer, secret, sizeof secret);
    dais_secret_put(&writer, &seed);
    site_write("secret", dais_slice(secret, sizeof secret));
    site_write_roster(10, true);
    site_write_config("");
    site.back = site_bind("back");
    site.door = site_bind("door");
}

static inline bool site_pass(void);

/* Starts the program; what it says goes to the file `log`. What one that ended has left in the
 * sockets is taken first, lest it pass for the new one's. */
static inline void site_start(void)
{
    site_text_t config = site_path("intake.zpl");
    site_text_t log = site_path("log");
    while (site_pass())
        continue;
    site.worker = dais_slice(NULL, 0);
    site.pid = fork();
    assert_true(site.pid >= 0);
    if (site.pid > 0)
        return;
    if (freopen(log.text, "a", stderr) != NULL)
        (void)execl(site.program, site.program, "--config", config.text, (char *)NULL);
    _exit(127);
}

/* Waits for its end. The exit code, or minus the signal. */
static inline int site_wait(void)
{
    int status;
    assert_int_equal(waitpid(site.pid, &status, 0), site.pid);
    site.pid = 0;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* Runs `clock accept` with nobody to ask, and waits for its end. */
static inline int site_accept_clock(const char *option)
{
    site_text_t config = site_path("intake.zpl");
    pid_t running = site.pid;
    site.pid = fork();
    assert_true(site.pid >= 0);
    if (site.pid == 0) {
        if (freopen("/dev/null", "r", stdin) != NULL && freopen("/dev/null", "w", stderr) != NULL &&
            freopen("/dev/null", "w", stdout) != NULL)
            (void)execl(site.program, site.program, "clock", "accept", "--config", config.text,
                        option, (char *)NULL);
        _exit(127);
    }
    int status = site_wait();
    site.pid = running;
    return status;
}

static inline int site_stop(int signal)
{
    assert_int_equal(kill(site.pid, signal), 0);
    return site_wait();
}

static inline void site_remove(void **state)
{
    if (site.pid > 0)
        (void)site_stop(SIGKILL);
    dais_socket_close(&site.back);
    dais_socket_close(&site.door);
    assert_int_equal(scratch_remove(state), 0);
}

/* Whoever asked may be dead by now. */
static inline void site_send(zsock_t *socket, dais_parts_t *parts)
{
    dais_err_t err = dais_parts_send(parts, socket);
    assert_true(err == DAIS_OK || err == DAIS_ERR_PEER_GONE);
    dais_parts_drop(parts);
}

/* What the intake says as a worker. */
static inline void site_take_worker(dais_parts_t *parts)
{
    dais_mdp_command_t command;
    dais_parts_t answer = {.count = 0};
    assert_int_equal(dais_mdp_worker_read(parts, 1, &command), DAIS_OK);
    dais_slice_t id = dais_parts_at(parts, 0);
    if (command.command == DAIS_MDP_WORKER_READY) {
        assert_true(dais_slice_equal(command.service, dais_slice_text("intake")));
        memcpy(site.worker_room, id.data, id.size);
        site.worker = dais_slice(site.worker_room, id.size);
    } else if (command.command == DAIS_MDP_WORKER_HEARTBEAT) {
        assert_int_equal(dais_parts_add(&answer, id), DAIS_OK);
        assert_int_equal(
            dais_mdp_worker_open(&answer, DAIS_MDP_WORKER_HEARTBEAT, dais_slice(NULL, 0)), DAIS_OK);
        site_send(site.back, &answer);
    } else if (command.command == DAIS_MDP_WORKER_FINAL) {
        uint64_t token;
        assert_int_equal(command.address.size, sizeof token + DAIS_KEY_SIZE);
        memcpy(&token, command.address.data, sizeof token);
        answer_keep(NULL, token, dais_parts_at(parts, command.body));
    }
}

static inline dais_slice_t site_show_cycle(void)
{
    dais_answer_cycle_t answer = {.what = DAIS_WHAT_CYCLE, .state = dais_slice_text("called")};
    dais_writer_t writer = world_writer();
    if (site.dates[0] != 0) {
        dais_date_line_t line = {
            .which = DAIS_DATE_COMMENT, .due = site.dates[0], .closes_at = site.dates[0]};
        world_must(dais_list_add(&answer.dates, &dais_shape_date_line, &line, &writer));
    }
    (void)world_keep(&writer);
    dais_shown_t shown = {.body = world_pack(&dais_shape_answer_cycle, &answer)};
    return world_pack(&dais_shape_shown, &shown);
}

/* The body answered must echo the call. */
static inline dais_slice_t site_echo(dais_slice_t body, dais_slice_t asked)
{
    dais_mdp_opening_t from = {.call_id = asked};
    dais_mdp_opening_t to = {.call_id = body};
    assert_true(dais_mdp_opening(asked, &from) && dais_mdp_opening(body, &to));
    uint8_t *copy = world_copy(body);
    memcpy(copy + (to.call_id.data - body.data), from.call_id.data, DAIS_MDP_CALL_ID_SIZE);
    return dais_slice(copy, body.size);
}

/* What the intake asks as a client. */
static inline void site_take_client(dais_parts_t *parts)
{
    dais_mdp_command_t command;
    dais_parts_t answer = {.count = 0};
    assert_int_equal(dais_mdp_client_read(parts, 1, &command), DAIS_OK);
    assert_true(dais_slice_equal(command.service, dais_slice_text("registry/cycle-1")));
    if (site.registry_away)
        return;
    dais_slice_t body = dais_parts_at(parts, command.body);
    size_t before = world_arena.used;
    bool is_look = dais_shape_of(body) == &dais_shape_look;
    dais_slice_t said = is_look ? site_show_cycle() : registry_answer(body);
    site.looks += is_look ? 1 : 0;
    assert_int_equal(dais_parts_add(&answer, dais_parts_at(parts, 0)), DAIS_OK);
    assert_int_equal(dais_mdp_client_open(&answer, DAIS_MDP_CLIENT_FINAL, command.service),
                     DAIS_OK);
    assert_int_equal(dais_parts_add(&answer, site_echo(said, body)), DAIS_OK);
    site_send(site.door, &answer);
    world_arena.used = before;
}

static inline void site_serve(zsock_t *socket, void (*take)(dais_parts_t *parts))
{
    dais_parts_t parts = {.count = 0};
    while (dais_parts_receive(&parts, socket, DAIS_FRAME_SIZE_MAX) == DAIS_OK) {
        take(&parts);
        dais_parts_drop(&parts);
    }
}

/* One round of being the broker; waits a little if there is nothing to do, and says so. */
static inline bool site_pass(void)
{
    zmq_pollitem_t items[] = {{.socket = zsock_resolve(site.back), .events = ZMQ_POLLIN},
                              {.socket = zsock_resolve(site.door), .events = ZMQ_POLLIN}};
    int ready = zmq_poll(items, 2, 50);
    site_serve(site.back, site_take_worker);
    site_serve(site.door, site_take_client);
    return ready > 0;
}

/* Is the broker until a condition holds. */
#define SITE_UNTIL(condition)                                                                      \
    do {                                                                                           \
        dais_now_t start_;                                                                         \
        dais_now_t now_;                                                                           \
        dais_clock_t clock_ = dais_clock_system();                                                 \
        assert_int_equal(dais_clock_now(&clock_, &start_), DAIS_OK);                               \
        while (!(condition)) {                                                                     \
            (void)site_pass();                                                                     \
            assert_int_equal(dais_clock_now(&clock_, &now_), DAIS_OK);                             \
            assert_true(now_.boot_ms - start_.boot_ms < WAIT_MS_MAX);                              \
        }                                                                                          \
    } while (0)

/* Sends a body to the intake as a peer with this transport key would; its answer is kept under the
 * token. */
static inline void site_request(dais_slice_t body, dais_slice_t transport, uint64_t token)
{
    uint8_t address[sizeof token + DAIS_KEY_SIZE];
    dais_parts_t parts = {.count = 0};
    memcpy(address, &token, sizeof token);
    memcpy(address + sizeof token, transport.data, DAIS_KEY_SIZE);
    assert_int_equal(dais_parts_add(&parts, site.worker), DAIS_OK);
    assert_int_equal(
        dais_mdp_worker_open(&parts, DAIS_MDP_WORKER_REQUEST, dais_slice(address, sizeof address)),
        DAIS_OK);
    assert_int_equal(dais_parts_add(&parts, body), DAIS_OK);
    site_send(site.back, &parts);
}

static inline dais_hash_t site_submit(uint64_t k, uint64_t token)
{
    static world_bundle_t bundle;
    size_t before = world_arena.used;
    bundle_make_in(&world, k, 100, &bundle);
    site_request(submit_body(&world.log, world_parcel(&bundle), token), transport_of(&world.office),
                 token);
    world_arena.used = before;
    return bundle.hash;
}

#endif
