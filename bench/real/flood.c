/*
 * Sends or counts small UDP datagrams as fast as the kernel takes them.
 *   flood send ADDRESS PORT SECONDS    prints how many were handed to the kernel
 *   flood count PORT SECONDS           prints how many arrived, and the seconds between the first and the last of them
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

enum { BATCH = 64, PAYLOAD = 18 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  static char bufs[BATCH][PAYLOAD];
  static struct iovec iov[BATCH];
  static struct mmsghdr msgs[BATCH];
  struct sockaddr_in sin = {.sin_family = AF_INET};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  int sends = argc == 5 && strcmp(argv[1], "send") == 0;
  if (!sends && !(argc == 4 && strcmp(argv[1], "count") == 0)) return 2;
  for (int i = 0; i < BATCH; i++) {
    iov[i] = (struct iovec){bufs[i], PAYLOAD};
    msgs[i].msg_hdr.msg_iov = &iov[i];
    msgs[i].msg_hdr.msg_iovlen = 1;
  }
  long n = 0;
  if (sends) {
    sin.sin_port = htons(atoi(argv[3]));
    inet_pton(AF_INET, argv[2], &sin.sin_addr);
    if (connect(fd, (struct sockaddr *)&sin, sizeof sin) < 0) return 1;
    for (double end = now() + atof(argv[4]); now() < end;) {
      int r = sendmmsg(fd, msgs, BATCH, 0);
      if (r > 0) n += r;
    }
    printf("%ld\n", n);
    return 0;
  }
  int size = 8 << 20;
  struct timeval wait = {0, 200000};
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  sin.sin_port = htons(atoi(argv[2]));
  if (bind(fd, (struct sockaddr *)&sin, sizeof sin) < 0) return 1;
  double first = 0, last = 0;
  for (double end = now() + atof(argv[3]); now() < end;) {
    int r = recvmmsg(fd, msgs, BATCH, MSG_WAITFORONE, NULL);
    if (r <= 0) continue;
    last = now();
    if (n == 0) first = last;
    n += r;
  }
  printf("%ld %.6f\n", n, last - first);
  return 0;
}
