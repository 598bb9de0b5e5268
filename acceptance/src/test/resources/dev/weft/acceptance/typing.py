"""Runs a command on a terminal of 120 by 40 as a person would: types each line when the prompt is there, prints what appears."""
import fcntl
import os
import pty
import select
import struct
import sys
import termios
import time

# Says so itself when the signal would end it: its echo, and what the shell says before it starts it, come too early.
WAITING = "trap 'echo caught' INT; sh -c \"echo go''ing; exec sleep 1000\""
# The size comes after the terminal, as in a cluster.
SIZED = "for i in $(seq 100); do stty size | grep -q 120 && break; sleep 0.1; done; tty; stty size"
LINES = [SIZED, WAITING, "\x03", "exit 7"]
PROMPT = (b"# ", b"$ ")

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
seen = b""


def read_until(done):
    global seen
    deadline = time.time() + 30
    begin = len(seen)
    while time.time() < deadline and not done(seen[begin:]):
        if select.select([terminal], [], [], 1)[0]:
            try:
                seen += os.read(terminal, 4096)
            except OSError:  # its end, as Linux says it
                return


read_until(lambda new: new.endswith(PROMPT))
for line in LINES:
    os.write(terminal, line.encode() if line == "\x03" else line.encode() + b"\r")
    going = lambda new: b"\ngoing\n" in new.replace(b"\r", b"")
    read_until(going if line == WAITING else lambda new: new.endswith(PROMPT))
read_until(lambda new: False)
print(seen.decode().replace("\r", ""))
print("ended with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
