/* A native program that listens on PORT and answers each connection's first request. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void) {
  const char *port = getenv("PORT");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port ? atoi(port) : 8080)};
  int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  signal(SIGPIPE, SIG_IGN);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 64) != 0) return 1;
  for (;;) {
    char request[65536];
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n";
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) continue;
    ssize_t have = 0, got;
    int whole = 0;
    while (!whole && have < (ssize_t)sizeof request - 1
           && (got = read(connection, request + have, sizeof request - 1 - have)) > 0) {
      have += got;
      request[have] = 0;
      char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "\r\ncontent-length:");
      whole = end && request + have >= end + 4 + (length && length < end ? atoi(length + 17) : 0);
    }
    if (whole) write(connection, answer, sizeof answer - 1);
    close(connection);
  }
}
