"""Runs Dovecot on a folder's `dovecot.conf` until its own input ends, even when the tests are killed, and takes the folder away."""

import shutil
import signal
import subprocess
import sys

program, folder = sys.argv[1:]
# Inherited from the thread that started it: with these blocked, Dovecot would neither end nor see its children end.
signal.pthread_sigmask(signal.SIG_SETMASK, [])
server = subprocess.Popen([program, "-F", "-c", f"{folder}/dovecot.conf"], stdin=subprocess.DEVNULL)
sys.stdin.read()
server.terminate()
try:
    server.wait(timeout=20)
finally:
    server.kill()
    shutil.rmtree(folder, ignore_errors=True)
