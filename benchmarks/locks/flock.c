/* The floor: flock(2), which no lock in JavaScript can beat. Speaks as participant.mjs does: flock <file> <part> [numbers...] */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_ms(int ms) {
  struct timespec t = {ms / 1000, ms % 1000 * 1000000L};
  if (ms > 0) nanosleep(&t, NULL);
}

static long long cpu_us(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000LL + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
}

static void await_line(void) {
  char line[64];
  if (fgets(line, sizeof line, stdin) == NULL) exit(1);
}

static void say(const char *word) {
  printf("\"%s\"\n", word);
  fflush(stdout);
}

static void alone(int fd, int count) {
  int warm_up = (count + 9) / 10;
  printf("[");
  for (int i = 0; i < warm_up + count; i++) {
    long long start = now();
    flock(fd, LOCK_EX);
    flock(fd, LOCK_UN);
    long long span = now() - start;
    if (i >= warm_up) printf("%s%lld", i > warm_up ? "," : "", span);
  }
  printf("]\n");
}

static void rounds(int fd, int count, int hold_ms, int pause_ms) {
  printf("[");
  for (int i = 0; i < count; i++) {
    long long asked = now();
    flock(fd, LOCK_EX);
    long long begin = now();
    sleep_ms(hold_ms);
    long long end = now();
    flock(fd, LOCK_UN);
    printf("%s[%lld,%lld,%lld,%lld]", i > 0 ? "," : "", asked, asked, begin, end);
    sleep_ms(pause_ms);
  }
  printf("]\n");
}

static void wait_once(int fd) {
  long long before = cpu_us();
  flock(fd, LOCK_EX);
  long long begin = now();
  printf("{\"begin\":%lld,\"cpu\":%lld}\n", begin, cpu_us() - before);
}

static void hold(int fd) {
  flock(fd, LOCK_EX);
  say("held");
  await_line();
  printf("%lld\n", now());
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int fd = open(argv[1], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return 3;
  say("ready");
  await_line();
  int n[3] = {0, 0, 0};
  for (int i = 0; i < 3 && i + 3 < argc; i++) n[i] = atoi(argv[i + 3]);
  if (strcmp(argv[2], "alone") == 0) alone(fd, n[0]);
  if (strcmp(argv[2], "rounds") == 0) rounds(fd, n[0], n[1], n[2]);
  if (strcmp(argv[2], "wait") == 0) wait_once(fd);
  if (strcmp(argv[2], "hold") == 0) hold(fd);
  return 0;
}
