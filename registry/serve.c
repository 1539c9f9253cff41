/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets and timers around the services. Whatever comes in during one pass of the loop is queued,
 * and carried out by a timer of 0 ms at the end of the pass: one transaction for all of it. */
#include "registry/serve.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mdp_worker.h"
#include "registry/clock_keep.h"
#include "registry/roster_export.h"

#define SECOND_MS 1000

/* One cycle with its two workers. */
typedef struct {
    dais_serving_t *serving;
    dais_cycle_t *cycle;
    dais_service_t *service;
    dais_mdp_worker_t *workers[2]; /* [1] serves those that wait */
    dais_timer_t run;
    dais_timer_t expire;
    uint64_t roster_turn;
    uint64_t clock_turn;
} desk_t;

struct dais_serving {
    dais_serving_options_t options;
    desk_t *desks[DAIS_SERVE_CYCLES_MAX];
    size_t count;
    dais_clock_keep_t clocks[2]; /* of real cycles, of rehearsals */
    dais_clock_doubt_t doubts[2];
    bool has_clock[2]; /* there are cycles of this sort */
    dais_timer_t second;
    dais_err_t failure;
    uint64_t taken_ms; /* wall clock */
    uint64_t committed_ms;
};

static void serve_line(dais_serving_t *serving, dais_log_level_t level, const char *event,
                       const char *cycle, dais_err_t err)
{
    dais_log_line_t line;
    if (serving->options.house->lines == NULL)
        return;
    dais_log_begin(&line, serving->options.house->lines, level, event);
    if (cycle != NULL)
        dais_log_text(&line, "cycle", cycle);
    if (err != DAIS_OK)
        dais_log_err(&line, err);
    dais_log_end(&line);
}

static void serve_fail(desk_t *desk, dais_err_t err)
{
    dais_serving_t *serving = desk->serving;
    if (err == DAIS_ERR_IO)
        err = DAIS_ERR_STORE_FAILED;
    serve_line(serving, DAIS_LOG_ERROR, "cycle-failed", dais_cycle_name(desk->cycle), err);
    serving->failure = err;
    serving->options.failed(serving->options.context, err);
}

static uint64_t serve_now_ms(const dais_serving_t *serving)
{
    return dais_loop_now(serving->options.loop).boot_ms;
}

static void serve_set_timers(desk_t *desk)
{
    dais_loop_t *loop = desk->serving->options.loop;
    uint64_t now_ms = serve_now_ms(desk->serving);
    uint64_t next_ms = dais_service_next_ms(desk->service);
    if (dais_service_is_due(desk->service))
        dais_loop_timer(loop, &desk->run, 0);
    if (next_ms != UINT64_MAX)
        dais_loop_timer(loop, &desk->expire, next_ms > now_ms ? next_ms - now_ms : 0);
}

static dais_err_t serve_export(desk_t *desk)
{
    desk->roster_turn = dais_cycle_roster_turn(desk->cycle);
    return dais_roster_publish(desk->cycle);
}

/* A clock-accepted entry was logged: the operator vouches for the clock. */
static void desk_accept_clock(desk_t *desk)
{
    dais_serving_t *serving = desk->serving;
    unsigned which = dais_cycle_about(desk->cycle)->is_rehearsal ? 1 : 0;
    if (desk->clock_turn == dais_cycle_clock_turn(desk->cycle))
        return;
    desk->clock_turn = dais_cycle_clock_turn(desk->cycle);
    dais_err_t err =
        dais_clock_keep_accept(&serving->clocks[which], &serving->options.house->clock);
    if (err != DAIS_OK)
        serve_line(serving, DAIS_LOG_WARN, "clock-not-accepted", NULL, err);
}

/* Runs the service, and keeps when it last took and last logged something. */
static dais_err_t desk_run_service(desk_t *desk)
{
    dais_serving_t *serving = desk->serving;
    dais_book_t *book = dais_cycle_book(desk->cycle);
    uint64_t taken_count = dais_service_figures(desk->service).taken_count;
    uint64_t size = dais_book_size(book);
    dais_err_t err = dais_service_run(desk->service);
    uint64_t now_ms = dais_loop_now(serving->options.loop).wall_ms;
    if (dais_service_figures(desk->service).taken_count != taken_count)
        serving->taken_ms = now_ms;
    if (dais_book_size(book) != size)
        serving->committed_ms = now_ms;
    return err;
}

static void desk_run(void *context)
{
    desk_t *desk = context;
    if (desk->serving->failure != DAIS_OK)
        return;
    dais_err_t err = desk_run_service(desk);
    if (err == DAIS_ERR_NO_SPACE || err == DAIS_ERR_LOW_DISK) {
        serve_line(desk->serving, DAIS_LOG_WARN, "not-taken", dais_cycle_name(desk->cycle), err);
        err = DAIS_OK;
    }
    if (err == DAIS_OK)
        err = dais_cycle_forget_erased(desk->cycle);
    if (err != DAIS_OK) {
        serve_fail(desk, err);
        return;
    }
    if (dais_cycle_roster_turn(desk->cycle) != desk->roster_turn) {
        err = serve_export(desk);
        if (err != DAIS_OK)
            serve_line(desk->serving, DAIS_LOG_WARN, "roster-not-exported",
                       dais_cycle_name(desk->cycle), err);
    }
    desk_accept_clock(desk);
    serve_set_timers(desk);
}

static void desk_expire(void *context)
{
    desk_t *desk = context;
    if (desk->serving->failure != DAIS_OK)
        return;
    dais_err_t err = dais_service_expire(desk->service, serve_now_ms(desk->serving));
    if (err != DAIS_OK)
        serve_fail(desk, err);
    else
        serve_set_timers(desk);
}

/* A request is named by its worker and its token there. */
static void desk_reply(void *context, dais_request_t request, dais_slice_t body)
{
    desk_t *desk = context;
    dais_mdp_token_t token = {(uint32_t)request.b, (uint32_t)(request.b >> 32)};
    dais_mdp_worker_answer(desk->workers[request.a], token, body);
}

static void desk_request(desk_t *desk, unsigned worker, const dais_mdp_request_t *request)
{
    dais_request_t name = {worker, request->token.slot | (uint64_t)request->token.turn << 32};
    if (desk->serving->failure != DAIS_OK)
        return;
    dais_err_t err =
        dais_service_request(desk->service, name, request->body, serve_now_ms(desk->serving));
    if (err != DAIS_OK)
        serve_fail(desk, err);
    else
        serve_set_timers(desk);
}

static void desk_serve(void *context, const dais_mdp_request_t *request)
{
    desk_request(context, 0, request);
}

static void desk_serve_wait(void *context, const dais_mdp_request_t *request)
{
    desk_request(context, 1, request);
}

/* A stock broker gives a worker one request at a time. */
static uint32_t serve_credits(const dais_serving_t *serving, unsigned which)
{
    bool waits = which == 1 && serving->options.credits > 1;
    return waits ? DAIS_SERVE_WAIT_CREDITS : serving->options.credits;
}

static dais_err_t desk_work(desk_t *desk, unsigned which)
{
    char service[DAIS_LIMIT_CODE + 32];
    (void)snprintf(service, sizeof service, "registry/%s%s", dais_cycle_name(desk->cycle),
                   which == 1 ? "/wait" : "");
    const dais_registry_broker_t *broker = desk->serving->options.broker;
    dais_mdp_worker_options_t options = {.endpoint = broker->endpoint,
                                         .own = broker->has_keys ? &broker->own : NULL,
                                         .server_key = broker->has_keys ? broker->server_key : NULL,
                                         .service = service,
                                         .credit_count = serve_credits(desk->serving, which),
                                         .serve = which == 1 ? desk_serve_wait : desk_serve,
                                         .context = desk};
    return dais_mdp_worker_new(desk->serving->options.loop, &desk->serving->options.house->random,
                               &options, &desk->workers[which]);
}

static dais_err_t desk_start(desk_t *desk, const char *name)
{
    const dais_serving_options_t *options = &desk->serving->options;
    desk->run = (dais_timer_t){.fire = desk_run, .context = desk};
    desk->expire = (dais_timer_t){.fire = desk_expire, .context = desk};
    dais_err_t err = dais_cycle_open(&desk->cycle, options->house, name, DAIS_CYCLE_TO_SERVE);
    if (err == DAIS_OK && options->is_played && !dais_cycle_about(desk->cycle)->is_rehearsal)
        err = DAIS_ERR_WRONG_PURPOSE;
    if (err != DAIS_OK)
        return err;
    dais_service_options_t service = {.cycle = desk->cycle, .reply = desk_reply, .context = desk};
    err = dais_service_create(&service, &desk->service);
    if (err == DAIS_OK)
        err = serve_export(desk);
    for (unsigned which = 0; which < 2 && err == DAIS_OK; which++)
        err = desk_work(desk, which);
    if (err == DAIS_OK)
        serve_set_timers(desk);
    return err;
}

static void desk_stop(desk_t *desk)
{
    dais_loop_cancel(desk->serving->options.loop, &desk->run);
    dais_loop_cancel(desk->serving->options.loop, &desk->expire);
    for (unsigned which = 0; which < 2; which++)
        dais_mdp_worker_destroy(&desk->workers[which]);
    dais_service_destroy(&desk->service);
    dais_cycle_close(&desk->cycle);
    free(desk);
}

/* With the words of the error, which say what to do. */
static void serve_not_opened(dais_serving_t *serving, const char *name, dais_err_t err)
{
    dais_log_line_t line;
    if (serving->options.house->lines == NULL)
        return;
    dais_log_begin(&line, serving->options.house->lines, DAIS_LOG_ERROR, "cycle-not-opened");
    dais_log_text(&line, "cycle", name);
    dais_log_err(&line, err);
    dais_log_text(&line, "text", dais_err_text(err));
    dais_log_end(&line);
}

static dais_err_t serve_add(dais_serving_t *serving, const char *name)
{
    if (serving->count == DAIS_SERVE_CYCLES_MAX)
        return DAIS_ERR_NO_SPACE;
    desk_t *desk = calloc(1, sizeof *desk);
    if (desk == NULL)
        return DAIS_ERR_NO_MEMORY;
    desk->serving = serving;
    serving->desks[serving->count++] = desk;
    dais_err_t err = desk_start(desk, name);
    if (err != DAIS_OK)
        serve_not_opened(serving, name, err);
    return err;
}

static bool serve_has(const dais_serving_t *serving, const char *name)
{
    for (size_t i = 0; i < serving->count; i++)
        if (strcmp(dais_cycle_name(serving->desks[i]->cycle), name) == 0)
            return true;
    return false;
}

/* A folder with keys, no store and no fork guard is a cycle that was prepared and has no genesis
 * yet. With a guard it had one: opening it says what is missing. */
static bool serve_is_begun(const dais_serving_t *serving, const char *name)
{
    dais_cycle_places_t places;
    char path[700];
    struct stat status;
    if (name[0] == '.' || dais_cycle_places(serving->options.house, name, &places) != DAIS_OK)
        return false;
    (void)snprintf(path, sizeof path, "%s/%s", places.folder, DAIS_BOOK_STORE_NAME);
    return stat(path, &status) == 0 || stat(places.guard, &status) == 0;
}

static dais_err_t serve_add_all(dais_serving_t *serving)
{
    struct dirent **names;
    dais_err_t err = DAIS_OK;
    int count = scandir(serving->options.house->data_folder, &names, NULL, alphasort);
    if (count < 0)
        return DAIS_ERR_NOT_FOUND;
    for (int i = 0; i < count; i++) {
        if (err == DAIS_OK && serve_is_begun(serving, names[i]->d_name) &&
            !serve_has(serving, names[i]->d_name))
            err = serve_add(serving, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return err;
}

/* A fork guard whose cycle is not served: its folder is gone, or on a disk that is not mounted. */
static dais_err_t serve_find_lost(dais_serving_t *serving)
{
    static const char ending[] = ".guard";
    struct dirent **names;
    const char *folder = serving->options.house->guard_folder;
    dais_err_t err = DAIS_OK;
    int count = folder == NULL ? 0 : scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char *dot = strrchr(names[i]->d_name, '.');
        if (dot != NULL && strcmp(dot, ending) == 0 && names[i]->d_name[0] != '.') {
            *dot = '\0';
            if (err == DAIS_OK && !serve_has(serving, names[i]->d_name)) {
                err = DAIS_ERR_STORE_MISSING;
                serve_not_opened(serving, names[i]->d_name, err);
            }
        }
        free(names[i]);
    }
    if (count > 0)
        free(names);
    return err;
}

static void serve_doubt_line(dais_serving_t *serving, dais_clock_doubt_t doubt)
{
    dais_log_line_t line;
    if (serving->options.house->lines == NULL)
        return;
    dais_log_begin(&line, serving->options.house->lines,
                   doubt == DAIS_CLOCK_SURE ? DAIS_LOG_INFO : DAIS_LOG_WARN,
                   doubt == DAIS_CLOCK_SURE ? "clock-sure" : "clock-unsure");
    dais_log_text(&line, "doubt", dais_clock_doubt_word(doubt));
    dais_log_end(&line);
}

static void serve_tell(dais_serving_t *serving, unsigned which, dais_clock_doubt_t doubt)
{
    for (size_t i = 0; i < serving->count; i++) {
        desk_t *desk = serving->desks[i];
        if ((which == 1) != dais_cycle_about(desk->cycle)->is_rehearsal)
            continue;
        dais_cycle_doubt_clock(desk->cycle, doubt != DAIS_CLOCK_SURE);
        if (doubt == DAIS_CLOCK_SURE)
            dais_service_nudge(desk->service);
        serve_set_timers(desk);
    }
    if (doubt != serving->doubts[which])
        serve_doubt_line(serving, doubt);
    serving->doubts[which] = doubt;
}

/* Each second: is the clock to be believed, and if it is again, what was due meanwhile? */
static void serve_second(void *context)
{
    dais_serving_t *serving = context;
    for (unsigned which = 0; which < 2; which++) {
        dais_clock_doubt_t doubt = serving->doubts[which];
        if (!serving->has_clock[which])
            continue;
        dais_err_t err =
            dais_clock_keep_step(&serving->clocks[which], &serving->options.house->clock, &doubt);
        if (err != DAIS_OK)
            serve_line(serving, DAIS_LOG_WARN, "clock-not-read", NULL, err);
        else if (doubt != serving->doubts[which])
            serve_tell(serving, which, doubt);
    }
    dais_loop_timer(serving->options.loop, &serving->second, SECOND_MS);
}

/* Begins with what is kept from before, and the latest time that these cycles have logged. */
static dais_err_t serve_clock(dais_serving_t *serving, unsigned which)
{
    char path[512];
    uint64_t floor_ms = 0;
    dais_clock_mode_t mode = which == 0                   ? DAIS_CLOCK_LIVE
                             : serving->options.is_played ? DAIS_CLOCK_PLAYED
                                                          : DAIS_CLOCK_REHEARSAL;
    for (size_t i = 0; i < serving->count; i++) {
        dais_cycle_t *cycle = serving->desks[i]->cycle;
        uint64_t last = dais_book_last_at(dais_cycle_book(cycle));
        if ((which == 1) != dais_cycle_about(cycle)->is_rehearsal)
            continue;
        serving->has_clock[which] = true;
        floor_ms = last > floor_ms ? last : floor_ms;
    }
    if (!serving->has_clock[which])
        return DAIS_OK;
    /* Entries may be ahead of this clock by as much as stamps may. */
    floor_ms = floor_ms > DAIS_HOUSE_AHEAD_MS ? floor_ms - DAIS_HOUSE_AHEAD_MS : 0;
    dais_clock_keep_path(serving->options.house->data_folder, which == 1, path);
    dais_err_t err = dais_clock_keep_start(&serving->clocks[which], path, mode,
                                           &serving->options.house->clock, floor_ms);
    if (err == DAIS_OK)
        serve_tell(serving, which, serving->clocks[which].guard.doubt);
    return err;
}

dais_err_t dais_serving_start(const dais_serving_options_t *options, dais_serving_t **serving)
{
    dais_serving_t *made = calloc(1, sizeof *made);
    *serving = made;
    if (made == NULL)
        return DAIS_ERR_NO_MEMORY;
    made->options = *options;
    made->second = (dais_timer_t){.fire = serve_second, .context = made};
    dais_err_t err = serve_add_all(made);
    if (err == DAIS_OK)
        err = serve_find_lost(made);
    for (unsigned which = 0; which < 2 && err == DAIS_OK; which++)
        err = serve_clock(made, which);
    if (err != DAIS_OK) {
        dais_serving_stop(serving);
        return err;
    }
    serve_second(made);
    return DAIS_OK;
}

/* A cycle that does not open is left out, as those that are served go on. */
dais_err_t dais_serving_reload(dais_serving_t *serving)
{
    size_t before = serving->count;
    dais_err_t err = serve_add_all(serving);
    if (err != DAIS_OK && serving->count > before) {
        desk_t *failed = serving->desks[--serving->count];
        desk_stop(failed);
    }
    for (unsigned which = 0; which < 2; which++) {
        dais_err_t of_clock = DAIS_OK;
        if (!serving->has_clock[which])
            of_clock = serve_clock(serving, which);
        else
            serve_tell(serving, which, serving->doubts[which]);
        if (err == DAIS_OK)
            err = of_clock;
    }
    return err;
}

void dais_serving_stop(dais_serving_t **serving)
{
    if (*serving == NULL)
        return;
    dais_loop_cancel((*serving)->options.loop, &(*serving)->second);
    for (size_t i = 0; i < (*serving)->count; i++)
        desk_stop((*serving)->desks[i]);
    free(*serving);
    *serving = NULL;
}

dais_serving_figures_t dais_serving_figures(const dais_serving_t *serving)
{
    dais_serving_figures_t figures = {.cycle_count = serving->count,
                                      .taken_ms = serving->taken_ms,
                                      .committed_ms = serving->committed_ms,
                                      .is_low = dais_house_is_low(serving->options.house)};
    for (unsigned which = 0; which < 2; which++)
        figures.is_unsure = figures.is_unsure || (serving->has_clock[which] &&
                                                  serving->doubts[which] != DAIS_CLOCK_SURE);
    for (size_t i = 0; i < serving->count; i++) {
        dais_service_figures_t of = dais_service_figures(serving->desks[i]->service);
        figures.entry_count += dais_book_size(dais_cycle_book(serving->desks[i]->cycle));
        figures.taken_count += of.taken_count;
        figures.parked_count += of.parked_count;
    }
    return figures;
}
