/* The spawner's figures by plain C, to see whether they agree: threads (plain ones, or with what Rust's std does in each),
 * forks or posix_spawns, one at a time, until it is ready and until it is gone after it was let go. What is spawned is
 * PROGRAM as a worker of spawner-processes, or, without one, this program, which is far smaller.
 *
 *     cc -O2 -pthread scripts/peers/spawner.c -o spawner && ./spawner spawn 200 target/release/spawner-processes
 *
 * Prints medians in nanoseconds: ready after, gone after.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t here = PTHREAD_COND_INITIALIZER, go = PTHREAD_COND_INITIALIZER;
static uint64_t ready_at;
static int over;

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void check(int failed, const char *what) {
    if (failed) {
        perror(what);
        exit(1);
    }
}

/* What Rust's std does in each thread before the thread's own code: it asks who and where the thread is, and gives it a
 * second stack for the handler of an overflow (library/std/src/sys/pal/unix/stack_overflow.rs). */
static stack_t other_stack(void) {
    pthread_attr_t attributes;
    stack_t before, stack = {.ss_flags = 0, .ss_size = 8192 + 4096};
    check(pthread_getattr_np(pthread_self(), &attributes), "pthread_getattr_np");
    pthread_attr_destroy(&attributes);
    check(gettid() < 0 || sigaltstack(NULL, &before), "sigaltstack");
    size_t page = sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, page + stack.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check(memory == MAP_FAILED || mprotect(memory, page, PROT_NONE), "mmap");
    stack.ss_sp = memory + page;
    check(sigaltstack(&stack, NULL), "sigaltstack");
    return stack;
}

static void give_back(stack_t stack) {
    size_t page = sysconf(_SC_PAGESIZE), size = stack.ss_size;
    check(sigaltstack(&(stack_t){.ss_flags = SS_DISABLE, .ss_size = size}, NULL), "sigaltstack");
    check(munmap((char *)stack.ss_sp - page, page + size), "munmap");
}

static void *attend(void *like_std) {
    stack_t stack;
    if (like_std) stack = other_stack();
    uint64_t at = now();
    pthread_mutex_lock(&lock);
    ready_at = at;
    pthread_cond_signal(&here);
    while (!over) pthread_cond_wait(&go, &lock);
    pthread_mutex_unlock(&lock);
    if (like_std) give_back(stack);
    return NULL;
}

static void by_thread(int like_std, uint64_t *ready, uint64_t *gone) {
    pthread_t thread;
    ready_at = over = 0;
    uint64_t asked = now();
    check(pthread_create(&thread, NULL, attend, like_std ? &over : NULL), "pthread_create");
    pthread_mutex_lock(&lock);
    while (!ready_at) pthread_cond_wait(&here, &lock);
    *ready = ready_at - asked;
    uint64_t let_go = now();
    over = 1;
    pthread_mutex_unlock(&lock);
    pthread_cond_broadcast(&go);
    pthread_join(thread, NULL);
    *gone = now() - let_go;
}

/* Says when it is ready on 1, and waits until 0 ends. */
static int worker(int in, int out) {
    uint64_t at = now();
    char end;
    if (write(out, &at, sizeof at) != sizeof at) return 1;
    return read(in, &end, 1) != 0;
}

/* Spawns `program`, or forks where there is none. */
static void by_process(const char *program, uint64_t *ready, uint64_t *gone) {
    int told[2], hold[2], status;
    pid_t pid;
    check(pipe2(told, 02000000) || pipe2(hold, 02000000), "pipe2");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, hold[0], 0);
    posix_spawn_file_actions_adddup2(&actions, told[1], 1);
    char *args[] = {"worker", "(spawner worker)", NULL};
    uint64_t asked = now(), at;
    if (program) {
        check(posix_spawn(&pid, program, &actions, NULL, args, environ), "posix_spawn");
    } else {
        pid = fork();
        check(pid < 0, "fork");
        if (pid == 0) {
            close(hold[1]);
            _exit(worker(hold[0], told[1]));
        }
    }
    check(read(told[0], &at, sizeof at) != sizeof at, "read");
    *ready = at - asked;
    uint64_t let_go = now();
    close(hold[1]);
    waitpid(pid, &status, 0);
    *gone = now() - let_go;
    check(status != 0, "a worker");
    posix_spawn_file_actions_destroy(&actions);
    close(told[0]), close(told[1]), close(hold[0]);
}

static int by_size(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

int main(int count, char **args) {
    if (count > 1 && !strcmp(args[1], "(spawner worker)")) return worker(0, 1);
    if (count < 3) return fprintf(stderr, "usage: spawner thread|std-thread|fork|spawn STARTS [PROGRAM]\n"), 2;
    int starts = atoi(args[2]);
    const char *way = args[1], *program = count > 3 ? args[3] : "/proc/self/exe";
    uint64_t *ready = calloc(starts + 1, sizeof *ready), *gone = calloc(starts + 1, sizeof *gone);
    for (int i = 0; i < starts; i++)
        if (strstr(way, "thread")) by_thread(!strcmp(way, "std-thread"), &ready[i], &gone[i]);
        else by_process(strcmp(way, "spawn") ? NULL : program, &ready[i], &gone[i]);
    qsort(ready, starts, sizeof *ready, by_size);
    qsort(gone, starts, sizeof *gone, by_size);
    printf("%llu %llu\n", (unsigned long long)ready[starts / 2], (unsigned long long)gone[starts / 2]);
}
