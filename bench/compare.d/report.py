"""The results as Markdown."""
import datetime
import os
import platform
import subprocess
import sys


def output(home, *line):
    done = subprocess.run(line, cwd=home, capture_output=True, text=True)
    return (done.stdout or done.stderr).strip()


def machine():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def table(scenario, results, statistics):
    least = {name: min(each[0] for each in rounds) for name, rounds in results.items()}
    base = least.get("haproxy")
    lines = [f"## {scenario.name}: {scenario.title}", "",
             f"| proxy | CPU µs/{scenario.unit} min | median | ratio to HAProxy (min) | {scenario.unit}s/s | p50 ms "
             "| p99 ms | p99.9 ms | failed | RSS MiB | PSS MiB |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    for name, rounds in results.items():
        middle = lambda pick: statistics.median(pick(each) for each in rounds)
        ratio = f"{least[name] / base:.2f}" if base else "-"
        lines.append(
            f"| {name} | {least[name]:.2f} | {middle(lambda each: each[0]):.2f} | {ratio} "
            f"| {middle(lambda each: each[1].rate):.0f} | {middle(lambda each: each[1].p50):.2f} "
            f"| {middle(lambda each: each[1].p99):.2f} | {middle(lambda each: each[1].p999):.2f} "
            f"| {sum(each[1].failed for each in rounds)} "
            f"| {rounds[-1][2][0]:.0f} | {rounds[-1][2][1]:.0f} |")
    return "\n".join(lines) + "\n"


def markdown(home, options, java_home, peers, idle, tables, statistics):
    changed = output(home, "git", "status", "--porcelain", "--", ".", ":!bench/results")
    java = output(home, f"{java_home}/bin/java", "-version").splitlines()
    lines = [
        f"# Side by side, {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%dT%H:%MZ}", "",
        f"Commit {output(home, 'git', 'rev-parse', '--short', 'HEAD')}{' and local changes' if changed else ''}; "
        f"{machine()}, {os.cpu_count()} cores, Linux {platform.release()}; {java[1] if len(java) > 1 else ''}; "
        f"load average at the end {os.getloadavg()[0]:.2f}.",
        f"Every proxy on core {options.proxy_core}; load and backend on core {options.load_core}. {options.rounds} rounds of "
        f"{options.seconds} s each, interleaved, another proxy first in each; {options.warm} requests before the first round "
        "of http1, fewer before the costlier scenarios.", "",
        f"    bench/compare {' '.join(sys.argv[1:])}", ""]
    if peers:
        lines += ["| proxy | version | first answer ms | RSS MiB idle | PSS MiB idle |", "|---|---|---|---|---|"]
    for peer in peers:
        first, (rss, pss) = idle[peer.name]
        lines.append(f"| {peer.name} | {peer.version} | {first * 1000:.0f} | {rss:.0f} | {pss:.0f} |")
    return "\n".join(lines) + "\n\n" + "\n".join(table(scenario, results, statistics) for scenario, results in tables)
