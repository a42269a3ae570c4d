"""Two offices write to one register at once, one falls over halfway: nothing lost, nothing twice, the log true."""

import subprocess
import sys
import time

import pytest
import sqlalchemy as sa

from auditkit.register.intake import import_run
from auditkit.register.log import verify
from auditkit.register.store import PROBLEMS, STEPS, open_register
from tests.register.test_life import finding, write_run

WRITES = 200

WRITER = """
import sys
from auditkit.register.log import Act, perform
from auditkit.register.store import open_register
url, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
register = open_register(url)
print("ready", flush=True)
sys.stdin.readline()
for n in range(first, last):
    perform(register, [Act(f"INC02-{n:010x}", "核查", f"办公室{first}", "2024-06-05", f"write-{n}")])
    print(n, flush=True)
"""


def writer(url, first):
    command = [sys.executable, "-c", WRITER, url, str(first), str(first + WRITES)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_two_writers_one_killed_halfway(database, tmp_path):
    register = open_register(database)
    run = write_run(tmp_path / "run", [finding(n) for n in range(2 * WRITES)])
    import_run(register, [run], at="2024-06-03", who="系统")
    stays, falls = writer(database, 0), writer(database, WRITES)
    for process in (stays, falls):
        assert process.stdout.readline().strip() == "ready"
    for process in (stays, falls):
        process.stdin.write("go\n")
        process.stdin.flush()
    acknowledged = 0
    while acknowledged < WRITES // 2:
        assert falls.stdout.readline()
        acknowledged += 1
    falls.kill()
    acknowledged += sum(1 for line in falls.stdout.read().splitlines() if line.strip().isdigit())
    falls.wait()
    stays.communicate(timeout=120)
    assert stays.returncode == 0

    def checked():
        with register.reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(STEPS).where(STEPS.c.action == "核查"))

    assert WRITES + acknowledged <= checked() <= WRITES + acknowledged + 1
    assert verify(register) == []
    again = writer(database, WRITES)
    again.stdout.readline()
    again.communicate("go\n", timeout=120)
    assert again.returncode == 0
    assert checked() == 2 * WRITES
    with register.reading() as connection:
        states = connection.execute(sa.select(PROBLEMS.c.state, sa.func.count()).group_by(PROBLEMS.c.state)).all()
    assert [tuple(s) for s in states] == [("核查", 2 * WRITES)]
    assert verify(register) == []
    register.close()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_a_county_is_imported_twice_without_churn(database, tmp_path):
    register = open_register(database)
    files = [
        write_run(tmp_path / f"c{c}", [finding(1000 * c + n) for n in range(10)], compound=f"C{c:03d}")
        for c in range(300)
    ]
    started = time.perf_counter()
    first = import_run(register, files, at="2024-06-03", who="系统")
    again = import_run(register, files, at="2024-06-10", who="系统")
    assert (len(first.new), len(again.unchanged), again.new) == (3000, 3000, [])
    assert time.perf_counter() - started < 60, "a gross regression; the figure itself is in benchmarks/"
    assert verify(register) == []
    register.close()
