"""Builds a virtual environment once: waits for whoever builds it, and says when it is whole by writing `.ready` last.

Usage: python_env.py FOLDER [REQUIREMENT …]. The lock is the system's own, so a builder that died holds nothing.
"""
import fcntl
import os
import shutil
import subprocess
import sys
import venv


def build(folder, requirements):
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    if requirements:
        python = os.path.join(folder, "bin", "python")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2"]
        made = subprocess.run(pip + requirements, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if made.returncode != 0:
            shutil.rmtree(folder, ignore_errors=True)
            lines = [line for line in made.stdout.splitlines() if line.strip()]
            errors = [line for line in lines if line.startswith("ERROR:")]
            sys.exit((errors or lines or ["pip gave no reason"])[-1])


def main():
    folder, requirements = sys.argv[1], sys.argv[2:]
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    ready = os.path.join(folder, ".ready")
    with open(folder + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not os.path.exists(ready):
            build(folder, requirements)
            open(ready, "w").close()


main()
