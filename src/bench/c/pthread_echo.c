/* A TCP echo with a thread for each connection, for the benchmark: what echod is measured against. */
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <unistd.h>

#include "listen.h"

enum { STACK = 262144 };

/* Returns 0 when the connection is lost. */
static int send_all(int fd, const char *bytes, size_t length) {
	while (length > 0) {
		ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR) {
			return 0;
		}
		if (n > 0) {
			bytes += n;
			length -= n;
		}
	}
	return 1;
}

static void *serve(void *argument) {
	char buffer[BUFFER];
	int fd = (int)(intptr_t)argument;
	send_at_once(fd);
	for (;;) {
		ssize_t n = read(fd, buffer, sizeof buffer);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n <= 0 || !send_all(fd, buffer, n)) {
			close(fd);
			return NULL;
		}
	}
}

int main(void) {
	int listening = listen_on_any_port(0);
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK);
	for (;;) {
		pthread_t thread;
		int fd = accept(listening, NULL, NULL);
		if (fd >= 0 && pthread_create(&thread, &attributes, serve, (void *)(intptr_t)fd) != 0) {
			close(fd);
		}
	}
}
