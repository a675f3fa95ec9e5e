/* What the C servers of the benchmark have in common: they listen on any free port of the loopback, and print it. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { BACKLOG = 4096, BUFFER = 65536 };

static _Noreturn void fail(const char *what) {
	perror(what);
	exit(1);
}

static int listen_on_any_port(int flags) {
	int fd = socket(AF_INET, SOCK_STREAM | flags, 0);
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, BACKLOG) < 0
			|| getsockname(fd, (struct sockaddr *)&address, &length) < 0) {
		fail("listen");
	}
	printf("port %d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

static void send_at_once(int fd) {
	int on = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}
