/* A message there and one back, between two processes or two threads, as plainly as C has it: what the messenger's
 * ways are held against (scripts/messenger_peers.py).
 *
 *     cc -O2 -pthread -o pingpong scripts/peers/pingpong.c
 *     ./pingpong processes|threads pipe|socketpair|futex|spin BYTES COUNT [CORE CORE]
 *
 * A message is 16 bytes (its number, its length) and BYTES of payload. Over a pipe or a pair of sockets it is written
 * and read as a whole. `futex` and `spin` write it where the other one reads it, in memory that both have; `futex`
 * sleeps until it is there (the system is only asked to wake where somebody sleeps), `spin` looks again and again.
 * Number and length of each message are checked, and the payload's first and last byte. With CORE, both stay there.
 *
 * Prints the nanoseconds of a round trip: the median of 100 batches, and the mean. Exit status 1: something is wrong.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 16, BATCHES = 100, LOOKS = 1000 };

/* A word on lines of its own: who sleeps says so beside it. */
struct word {
	_Alignas(128) _Atomic uint32_t value;
	_Atomic uint32_t sleeps;
};

static struct word *words; /* one a direction: how many messages were sent */
static unsigned char *slots[2];
static int reads[2], writes[2]; /* of side 0 and of side 1 */
static size_t bytes, count;
static int by_memory, by_spinning, by_processes;
static int cores[2] = {-1, -1};
static double times[BATCHES];

static void fail(const char *what)
{
	fprintf(stderr, "pingpong: %s: %s\n", what, errno ? strerror(errno) : "wrong");
	exit(1);
}

/* What a core is told that only looks. */
static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("isb");
#endif
}

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1e9 + time.tv_nsec;
}

static void put(unsigned char *message, uint64_t number)
{
	uint64_t length = bytes;
	memcpy(message, &number, 8);
	memcpy(message + 8, &length, 8);
	if (bytes > 0) {
		message[HEADER] = (unsigned char)number;
		message[HEADER + bytes - 1] = (unsigned char)number;
	}
}

static void check(const unsigned char *message, uint64_t number)
{
	uint64_t found, length;
	memcpy(&found, message, 8);
	memcpy(&length, message + 8, 8);
	errno = 0;
	if (found != number || length != bytes)
		fail("another message came");
	if (bytes > 0 && (message[HEADER] != (unsigned char)number || message[HEADER + bytes - 1] != (unsigned char)number))
		fail("a message came changed");
}

static long futex(struct word *word, int operation, uint32_t value)
{
	int private = by_processes ? 0 : FUTEX_PRIVATE_FLAG;
	return syscall(SYS_futex, &word->value, operation | private, value, NULL, NULL, 0);
}

static void tell(struct word *word, uint32_t value)
{
	if (by_spinning) {
		atomic_store_explicit(&word->value, value, memory_order_release);
		return;
	}
	atomic_store(&word->value, value);
	if (atomic_load(&word->sleeps)) {
		atomic_store(&word->sleeps, 0);
		futex(word, FUTEX_WAKE, 1);
	}
}

static void wait_for(struct word *word, uint32_t value)
{
	for (unsigned looks = 1; atomic_load_explicit(&word->value, memory_order_acquire) != value; looks++) {
		if (by_spinning) {
			if (looks % LOOKS == 0)
				sched_yield();
			else
				relax();
			continue;
		}
		atomic_store(&word->sleeps, 1);
		if (atomic_load(&word->value) != value)
			futex(word, FUTEX_WAIT, value - 1);
	}
}

static void all(int file, unsigned char *message, int writing)
{
	for (size_t done = 0, length = HEADER + bytes; done < length;) {
		ssize_t some = writing ? write(file, message + done, length - done) : read(file, message + done, length - done);
		if (some == 0)
			fail("the other side is gone");
		if (some < 0 && errno != EINTR)
			fail(writing ? "write" : "read");
		done += some > 0 ? (size_t)some : 0;
	}
}

static void send_one(int side, unsigned char *own, uint64_t number)
{
	if (by_memory) {
		put(slots[side], number);
		tell(&words[side], (uint32_t)number + 1);
	} else {
		put(own, number);
		all(writes[side], own, 1);
	}
}

static void receive_one(int side, unsigned char *own, uint64_t number)
{
	if (by_memory) {
		wait_for(&words[1 - side], (uint32_t)number + 1);
		check(slots[1 - side], number);
	} else {
		all(reads[side], own, 0);
		check(own, number);
	}
}

static unsigned char *room(void)
{
	unsigned char *own = malloc(HEADER + bytes);
	if (!own)
		fail("no memory");
	return memset(own, 0, HEADER + bytes);
}

static void pin(int side)
{
	cpu_set_t set;
	if (cores[side] < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cores[side], &set);
	if (sched_setaffinity(0, sizeof set, &set))
		fail("cannot stay on a core");
}

static void *answer(void *unused)
{
	unsigned char *own = room();
	pin(1);
	for (uint64_t number = 0; number < count + count / 10 + 1; number++) {
		receive_one(1, own, number);
		send_one(1, own, number);
	}
	free(own);
	return unused;
}

static double ask(void)
{
	unsigned char *own = room();
	uint64_t number = 0;
	double began = 0;
	pin(0);
	for (; number < count / 10 + 1; number++) {
		send_one(0, own, number);
		receive_one(0, own, number);
	}
	began = now();
	for (int batch = 0; batch < BATCHES; batch++) {
		double from = now();
		for (size_t each = 0; each < count / BATCHES; each++, number++) {
			send_one(0, own, number);
			receive_one(0, own, number);
		}
		times[batch] = (now() - from) / (count / BATCHES);
	}
	began = (now() - began) / count;
	free(own);
	return began;
}

static int order(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;
	return (a > b) - (a < b);
}

static void open_way(const char *way)
{
	int there[2], back[2];
	by_spinning = !strcmp(way, "spin");
	by_memory = by_spinning || !strcmp(way, "futex");
	if (by_memory) {
		size_t slot = (HEADER + bytes + 127) / 128 * 128;
		unsigned char *memory = mmap(NULL, 2 * sizeof *words + 2 * slot, PROT_READ | PROT_WRITE,
					     MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		if (memory == MAP_FAILED)
			fail("no memory");
		words = (struct word *)memory;
		slots[0] = memory + 2 * sizeof *words;
		slots[1] = slots[0] + slot;
	} else if (!strcmp(way, "pipe")) {
		if (pipe(there) || pipe(back))
			fail("pipe");
		writes[0] = there[1], reads[1] = there[0];
		writes[1] = back[1], reads[0] = back[0];
	} else if (!strcmp(way, "socketpair")) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, there))
			fail("socketpair");
		reads[0] = writes[0] = there[0];
		reads[1] = writes[1] = there[1];
	} else {
		errno = EINVAL;
		fail(way);
	}
}

int main(int argc, char **argv)
{
	if ((argc != 5 && argc != 7) || (strcmp(argv[1], "processes") && strcmp(argv[1], "threads"))) {
		fprintf(stderr, "usage: pingpong processes|threads pipe|socketpair|futex|spin BYTES COUNT [CORE CORE]\n");
		return 2;
	}
	by_processes = !strcmp(argv[1], "processes");
	bytes = strtoull(argv[3], NULL, 10);
	count = (strtoull(argv[4], NULL, 10) + BATCHES - 1) / BATCHES * BATCHES;
	for (int side = 0; argc == 7 && side < 2; side++)
		cores[side] = atoi(argv[5 + side]);
	open_way(argv[2]);

	pid_t child = 0;
	pthread_t thread;
	if (by_processes) {
		child = fork();
		if (child < 0)
			fail("fork");
		if (child == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			answer(NULL);
			_exit(0);
		}
	} else if ((errno = pthread_create(&thread, NULL, answer, NULL))) {
		fail("pthread_create");
	}
	double mean = ask();
	int status = 0;
	if (by_processes ? waitpid(child, &status, 0) != child || status : pthread_join(thread, NULL))
		fail("the other side");
	qsort(times, BATCHES, sizeof *times, order);
	printf("{\"median_ns\": %.3f, \"mean_ns\": %.3f, \"count\": %zu}\n",
	       (times[BATCHES / 2 - 1] + times[BATCHES / 2]) / 2, mean, count);
	return 0;
}
