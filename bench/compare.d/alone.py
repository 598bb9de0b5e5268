"""What weft is by itself: the memory of `weft proxy` by services and connections and of `weft up` with the demonstration, and how
a proxy warms up from a cold start. One process at a time, after the proxies of the other scenarios have ended."""
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time

import load
import peers
import snapshot

SETTLE_SECONDS = 12  # the JVM gives memory back some seconds after it has stopped compiling
LOAD_SECONDS = 10
MORE_SERVICES = 100
IDLE_CONNECTIONS = 1000
COLD_SECONDS = 15
COLD_RATE = 2000
HELLO = "hello.default.example.com"


def footprint(stage, options):
    """Markdown: memory, idle and after a load; CPU time of the start; what a service and an idle connection add."""
    lines = ["## footprint: memory of weft by services and connections, and of the platform with the demonstration", "",
             "| what | first answer ms | CPU s until idle | RSS MiB idle | PSS MiB idle | RSS MiB after load | PSS MiB after load |",
             "|---|---|---|---|---|---|---|"]
    idle = {}
    for what, start in [("weft proxy, ten services", services(10)), (f"weft proxy, {10 + MORE_SERVICES} services", services(10 + MORE_SERVICES)),
                        ("weft up, demonstration", demonstration)]:
        process, port, host, path, first = start(stage)
        peer = peers.Peer(what, "", process, {"http": port}, stage.folder, stage.java, first)
        time.sleep(SETTLE_SECONDS)
        cpu, idle[what], others = platform_cpu(process), memory(process), workloads(peer)
        load.wrk(path, 64, "http", host=host)(peer, options, LOAD_SECONDS)
        time.sleep(SETTLE_SECONDS)
        after = memory(process)
        lines.append(f"| {what} | {first * 1000:.0f} | {cpu:.1f} | {idle[what][0]:.0f} | {idle[what][1]:.0f} | {after[0]:.0f} | {after[1]:.0f} |")
        if others:
            lines.append(f"| its workloads and spares beside it | | | {others[0]:.0f} | {others[1]:.0f} | | |")
        stage.end(process)
    ten, more, *_ = idle.values()
    few, many = idle_connections(stage)
    lines += ["", f"A service adds {(more[0] - ten[0]) * 1024 / MORE_SERVICES:.0f} KiB of RSS; a connection that has had one answer and "
              f"idles adds {(many - few) * 1024 / IDLE_CONNECTIONS:.1f} KiB ({few:.0f} MiB with none, {many:.0f} MiB with "
              f"{IDLE_CONNECTIONS:,}). A sidecar of 15 to 26 MB for each instance needs more memory than this proxy alone from "
              f"{ten[0] * 1.048576 / 26:.0f} to {ten[0] * 1.048576 / 15:.0f} instances on.", "",
              f"First answer of weft proxy with both cores, ms: {', '.join(f'{each * 1000:.0f}' for each in starts(stage))}."]
    return "\n".join(lines) + "\n"


def idle_connections(stage):
    """RSS in MiB of a proxy without and with connections that ask once and stay."""
    process, port, host, path, _ = services(10)(stage)
    time.sleep(SETTLE_SECONDS)
    few = memory(process)[0]
    held = [ask_once(port, host, path) for _ in range(IDLE_CONNECTIONS)]
    time.sleep(SETTLE_SECONDS)
    many = memory(process)[0]
    for connection in held:
        connection.close()
    stage.end(process)
    return few, many


def ask_once(port, host, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    connection.getresponse().read()
    return connection


def starts(stage):
    """Seconds from the start of the process to the first answer, five times, on both cores."""
    seen = []
    for _ in range(5):
        process, *_, first = services(10, f"{stage.options.proxy_core},{stage.options.load_core}")(stage)
        seen.append(first)
        stage.end(process)
    return seen


def memory(process):
    """(RSS, PSS) in MiB of this process alone."""
    text = pathlib.Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    return tuple(int(re.search(rf"^{name}: +(\d+)", text, re.M).group(1)) / 1024 for name in ("Rss", "Pss"))


def workloads(peer):
    own, all_of_them = memory(peer.process), peer.memory()
    return None if len(peer.tree()) == 1 else (all_of_them[0] - own[0], all_of_them[1] - own[1])


def platform_cpu(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def proxy_line(stage, services):
    ports = stage.new_ports()
    ports["http2"], ports["weft_unused"] = ports["http"], stage.free_port()
    file = stage.folder / f"alone-{ports['http']}.json"
    file.write_text(json.dumps(snapshot.of(stage.folder, ports, stage.backend, services)))
    return ports["http"], [str(stage.home / "weft"), "proxy", "--snapshot", str(file)]


def services(count, cores=None):
    """How a proxy of so many services is started."""
    def start(stage):
        port, line = proxy_line(stage, [f"s{i}" for i in range(count)])
        started = time.monotonic()
        process = stage.spawn(cores or stage.options.proxy_core, line, "alone")
        stage.await_answer(port, "weft proxy", process, "/s5/item")
        return process, port, "bench.test", "/s5/item", time.monotonic() - started
    return start


def demonstration(stage):
    """Its first answer wakes a function that slept, which calls another."""
    free = [stage.free_port() for _ in range(4)]
    data = stage.folder / "data"
    line = [str(stage.home / "weft"), "up", str(stage.home / "examples" / "faas"), "--data", str(data),
            *(word for name, port in zip(("http", "https", "api", "console"), free) for word in (f"--{name}-port", str(port)))]
    started = time.monotonic()
    process = stage.spawn(f"{stage.options.proxy_core},{stage.options.load_core}", line, "up")
    stage.await_answer(free[0], "weft up", process, "/", HELLO)
    return process, free[0], HELLO, "/", time.monotonic() - started


def cold(stage, options):
    """Markdown: CPU time for each request and percentiles, second by second, of a proxy that has just begun to listen."""
    seen = {}
    for name in [each for each in options.peers.split(",") if each]:
        running = stage.start_peers([name])
        if not running:
            continue
        peer = running[0]
        seen[peer.name] = cold_seconds(peer, options)
        stage.end(peer.process)
    lines = [f"## cold: {COLD_RATE} requests/s in an open loop, right after the first answer", "",
             "| second | " + " | ".join(f"{name} CPU µs/request | {name} p50 ms | {name} p99 ms" for name in seen) + " |",
             "|---|" + "---|---|---|" * len(seen)]
    for i in range(COLD_SECONDS):
        cells = " | ".join(f"{rows[i][0]:.0f} | {rows[i][1]:.2f} | {rows[i][2]:.2f}" for rows in seen.values())
        lines.append(f"| {i + 1} | {cells} |")
    return "\n".join(lines) + "\n"


def cold_seconds(peer, options):
    generator = subprocess.Popen(
        ["taskset", "-c", options.load_core, f"{peer.java}/bin/java", "-XX:+UseSerialGC", "-Xmx256m", "-XX:TieredStopAtLevel=1",
         str(load.HERE / "OpenLoop.java"), str(peer.ports["http"]), str(COLD_RATE), str(COLD_SECONDS), "/r0500/item", "cold"],
        stdout=subprocess.PIPE, text=True)
    generator.stdout.readline()  # "begin"
    begun, marks = time.monotonic(), [peer.cpu_seconds()]
    for i in range(COLD_SECONDS):
        time.sleep(max(0, begun + i + 1 - time.monotonic()))
        marks.append(peer.cpu_seconds())
    rows = [tuple(map(int, line.split())) for line in generator.communicate()[0].splitlines()]
    print(f"cold {peer.name}: {rows[-1]}", file=sys.stderr)
    return [((marks[i + 1] - marks[i]) * 1e6 / COLD_RATE, rows[i][0] / 1000, rows[i][1] / 1000) for i in range(COLD_SECONDS)]


SCENARIOS = {"footprint": footprint, "cold": cold}
