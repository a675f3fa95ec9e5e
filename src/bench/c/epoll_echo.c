/* A TCP echo on one thread and epoll, for the benchmark: what echod is measured against. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "listen.h"

enum { EVENTS = 256 };

struct connection {
	int fd;
	size_t from, to; /* what the socket has not taken yet of the bytes that were read */
	char *kept;      /* those, while there are any */
};

static void end(struct connection *connection) {
	close(connection->fd);
	free(connection->kept);
	free(connection);
}

static void accept_all(int epoll, int listening) {
	int fd;
	while ((fd = accept4(listening, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		struct connection *connection = calloc(1, sizeof *connection);
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = connection };
		if (connection == NULL) {
			close(fd);
			continue;
		}
		connection->fd = fd;
		send_at_once(fd);
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
			end(connection);
		}
	}
}

/* Sends what it takes; returns how much that is, or -1 when the connection is lost. */
static ssize_t send_some(int fd, const char *bytes, size_t length) {
	size_t sent = 0;
	while (sent < length) {
		ssize_t n = send(fd, bytes + sent, length - sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR) {
			continue;
		}
		if (n < 0) {
			return (errno == EAGAIN) ? (ssize_t)sent : -1;
		}
		sent += n;
	}
	return sent;
}

static void await(int epoll, struct connection *connection, uint32_t events) {
	struct epoll_event event = { .events = events, .data.ptr = connection };
	epoll_ctl(epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

/* Reads once and sends it back. Nobody is read from who has not taken that. Returns 0 at the end. */
static int echo(int epoll, struct connection *connection) {
	static char buffer[BUFFER];
	ssize_t n = read(connection->fd, buffer, sizeof buffer);
	if (n <= 0) {
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	}
	ssize_t sent = send_some(connection->fd, buffer, n);
	if (sent < 0) {
		return 0;
	}
	if (sent < n) {
		connection->kept = malloc(n - sent);
		if (connection->kept == NULL) {
			return 0;
		}
		connection->from = 0;
		connection->to = n - sent;
		memcpy(connection->kept, buffer + sent, n - sent);
		await(epoll, connection, EPOLLOUT);
	}
	return 1;
}

static int send_kept(int epoll, struct connection *connection) {
	ssize_t sent = send_some(connection->fd, connection->kept + connection->from, connection->to - connection->from);
	if (sent < 0) {
		return 0;
	}
	connection->from += sent;
	if (connection->from == connection->to) {
		free(connection->kept);
		connection->kept = NULL;
		await(epoll, connection, EPOLLIN);
	}
	return 1;
}

int main(void) {
	int listening = listen_on_any_port(SOCK_NONBLOCK);
	int epoll = epoll_create1(0);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = NULL }, events[EVENTS];
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listening, &event) < 0) {
		fail("epoll");
	}
	for (;;) {
		int n = epoll_wait(epoll, events, EVENTS, -1);
		if (n < 0 && errno != EINTR) {
			fail("epoll_wait");
		}
		for (int i = 0; i < n; i++) {
			struct connection *connection = events[i].data.ptr;
			if (connection == NULL) {
				accept_all(epoll, listening);
			}
			else if (!(connection->kept ? send_kept(epoll, connection) : echo(epoll, connection))) {
				end(connection);
			}
		}
	}
}
