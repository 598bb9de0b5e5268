"""Asks for names at a steady rate: RATE SECONDS; prints how many questions were answered."""
import select
import socket
import struct
import sys
import time

rate, seconds = int(sys.argv[1]), int(sys.argv[2])
names = ["quote.default.svc.cluster.local", "absent.default.svc.cluster.local", "quotes.default.svc.cluster.local"]
ask = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
ask.connect(("10.96.0.10", 53))
answered = set()


def listen_until(moment):
    while True:
        ready = select.select([ask], [], [], max(0, moment - time.monotonic()))[0]
        if not ready:
            return
        answered.add(struct.unpack("!H", ask.recv(2048)[:2])[0])


def send(number):
    labels = b"".join(bytes([len(each)]) + each.encode() for each in names[number % len(names)].split("."))
    ask.send(struct.pack("!HHHHHH", number, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", 1, 1))


def wait(limit):
    end = time.monotonic() + limit
    while len(answered) < rate * seconds and time.monotonic() < end:
        listen_until(time.monotonic() + .1)


begin = time.monotonic()
for number in range(rate * seconds):
    listen_until(begin + number / rate)
    send(number)
wait(5)
for again in range(4):  # as every resolver does after five seconds: a machine that stands still drops datagrams
    for number in set(range(rate * seconds)) - answered:
        send(number)
    wait(5)
print(f"{len(answered)} of {rate * seconds} answered")
