/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DAIS_TESTS_UNIT_FAULT_H
#define DAIS_TESTS_UNIT_FAULT_H

/* Faults on demand. A test file defines a function of a library again, lets it fail when
 * fault_hits() says so, and goes on to the library's own by FAULT_REAL(). The program's own symbol
 * is found before a library's, by the libraries as well. */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    const char *call; /* which function fails; null: none, "*": any that asks */
    unsigned skip;    /* how many of its calls go well before */
    int code;         /* errno, or what the function returns */
    bool for_ever;    /* all calls after the first failure fail too */
    unsigned fired;   /* how often it did: a campaign checks that it was not for nothing */
} fault;

static inline void fault_set(const char *call, unsigned skip, int code)
{
    fault.call = call;
    fault.skip = skip;
    fault.code = code;
    fault.for_ever = false;
    fault.fired = 0;
}

static inline void fault_clear(void)
{
    fault.call = NULL;
}

static inline bool fault_hits(const char *call)
{
    if (fault.call == NULL || (strcmp(fault.call, "*") != 0 && strcmp(fault.call, call) != 0))
        return false;
    if (fault.skip > 0) {
        fault.skip--;
        return false;
    }
    if (!fault.for_ever)
        fault.call = NULL;
    fault.fired++;
    errno = fault.code;
    return true;
}

/* A sanitizer's runtime leans on malloc() and on threads, and bears no other before its own. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FAULT_IN_RUNTIME 0
#elif defined(__has_feature)
#define FAULT_IN_RUNTIME                                                                           \
    !(__has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                       \
      __has_feature(memory_sanitizer))
#else
#define FAULT_IN_RUNTIME 1
#endif

#define FAULT_REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

/* Of the coverage runtime where there is one: a process that aborts writes no counts by itself. */
int __llvm_profile_write_file(void) __attribute__((weak));

static inline void fault_write_counts(void)
{
    if (__llvm_profile_write_file != NULL)
        (void)__llvm_profile_write_file(); /* NOLINT(bugprone-signal-handler,cert-sig30-c) */
}

static inline void fault_at_abort(int signal_number)
{
    (void)signal_number;
    fault_write_counts();
}

/* Whether act(context) ends in abort(), as a broken assert does. */
static inline bool fault_aborts(void (*act)(void *context), void *context)
{
    pid_t child = fork();
    if (child == 0) {
        const struct rlimit none = {0, 0};
        (void)setrlimit(RLIMIT_CORE, &none);
        /* abort() ends the process all the same; cmocka would go on with the next test. */
        (void)signal(SIGABRT, fault_at_abort);
        (void)signal(SIGSEGV, SIG_DFL);
        int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(null, STDERR_FILENO);
        act(context);
        _exit(0);
    }
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

#endif
