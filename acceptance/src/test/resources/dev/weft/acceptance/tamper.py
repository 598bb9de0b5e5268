"""What a program without rights tries against its own network; prints for each whether it was possible."""
import ctypes
import errno
import fcntl
import os
import socket
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
NEW_NETWORK, NEW_MOUNTS = 0x40000000, 0x00020000


def attempt(what, action):
    try:
        action()
        print(what + ": possible")
    except OSError as e:
        print(what + ": " + errno.errorcode.get(e.errno, str(e.errno)))


def call(function, *arguments):
    if function(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "")


def rules():
    """Deletes all tables: a netfilter batch of one message."""
    def message(kind, flags, body):
        return struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body
    batch = (message(0x10, 1, struct.pack("=BBH", 0, 0, socket.htons(10)))
             + message(10 << 8 | 2, 5, struct.pack("=BBH", 1, 0, 0))
             + message(0x11, 1, struct.pack("=BBH", 0, 0, socket.htons(10))))
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12) as netlink:
        netlink.bind((0, 0))
        netlink.send(batch)
        answer = netlink.recv(4096)
        error = struct.unpack_from("=i", answer, 16)[0]
        if error:
            raise OSError(-error, "")


def link_down():
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH14x", b"lo", 0))  # SIOCSIFFLAGS


def transparent():
    with socket.socket() as any_socket:
        any_socket.setsockopt(socket.SOL_IP, 19, 1)  # IP_TRANSPARENT


def network_of(pid):
    descriptor = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    call(libc.setns, descriptor, NEW_NETWORK)


with open("/proc/self/status") as status:
    print("rights: " + next(line for line in status if line.startswith("CapEff")).split()[1])
attempt("rules", rules)
attempt("link", link_down)
attempt("transparent socket", transparent)
attempt("raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP))
attempt("packets", lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0))
attempt("network of process 1", lambda: network_of(1))
attempt("mount", lambda: call(libc.mount, b"none", b"/sys", b"sysfs", 0, None))
attempt("unmount", lambda: call(libc.umount2, b"/etc/resolv.conf", 2))
attempt("host name", lambda: call(libc.sethostname, b"forged", 6))
if len(sys.argv) == 1:  # in a user namespace of its own it may have a network of its own, which leads nowhere
    attempt("new network", lambda: call(libc.unshare, NEW_NETWORK))
    attempt("new mounts", lambda: call(libc.unshare, NEW_MOUNTS))
