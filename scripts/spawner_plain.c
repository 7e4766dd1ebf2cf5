/* The spawner's figures by plain C, to see whether they agree: a thread, a fork, a posix_spawn of this program, one at a
 * time, until it is ready and until it is gone after it was let go.
 *
 *     cc -O2 -pthread scripts/spawner_plain.c -o /tmp/spawner_plain && /tmp/spawner_plain 200
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void *attend(void *unused) {
    uint64_t at = now();
    pthread_mutex_lock(&lock);
    ready_at = at;
    pthread_cond_signal(&here);
    while (!over) pthread_cond_wait(&go, &lock);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void by_thread(uint64_t *ready, uint64_t *gone) {
    pthread_t thread;
    ready_at = over = 0;
    uint64_t asked = now();
    check(pthread_create(&thread, NULL, attend, NULL), "pthread_create");
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

static void by_process(int spawns, char *self, uint64_t *ready, uint64_t *gone) {
    int told[2], hold[2], status;
    pid_t pid;
    check(pipe2(told, 02000000) || pipe2(hold, 02000000), "pipe2");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, hold[0], 0);
    posix_spawn_file_actions_adddup2(&actions, told[1], 1);
    char *args[] = {self, "worker", NULL};
    uint64_t asked = now(), at;
    if (spawns) {
        check(posix_spawn(&pid, self, &actions, NULL, args, environ), "posix_spawn");
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
    if (count > 1 && !strcmp(args[1], "worker")) return worker(0, 1);
    int samples = count > 1 ? atoi(args[1]) : 200;
    uint64_t *taken[6];
    for (int i = 0; i < 6; i++) taken[i] = calloc(samples + 1, sizeof **taken);
    for (int i = 0; i < samples; i++) {
        by_thread(&taken[0][i], &taken[1][i]);
        by_process(0, args[0], &taken[2][i], &taken[3][i]);
        by_process(1, "/proc/self/exe", &taken[4][i], &taken[5][i]);
    }
    const char *names[] = {"thread", "fork", "spawn"};
    for (int i = 0; i < 6; i++) qsort(taken[i], samples, sizeof **taken, by_size);
    for (int way = 0; way < 3; way++)
        printf("%-7s ready after %8.1f us, gone after %8.1f us\n", names[way], taken[2 * way][samples / 2] / 1e3,
               taken[2 * way + 1][samples / 2] / 1e3);
}
