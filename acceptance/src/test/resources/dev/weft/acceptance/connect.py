"""Connects to quote as often as it is told, and asks for something on each tenth connection."""
import socket
import sys

connected = 0
for number in range(int(sys.argv[1])):
    with socket.create_connection(("quote", 80) if number == 0 else address, 30) as connection:
        address = connection.getpeername()[:2]
        if number % 10 == 0:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: quote\r\nConnection: close\r\n\r\n")
            while connection.recv(4096):
                pass
        connected += 1
print(f"{connected} connected")
