"""The `kfp` command in a process of its own, forked from this one so that the SDK need not be loaded again each time."""
import collections
import json
import os
import sys
import tempfile
import traceback

from kfp.cli import __main__ as entry

Ran = collections.namedtuple("Ran", "exit out err")


def _become(args, stdin, out, err, env):
    """The child: runs the command's own entry and never returns."""
    code = 1
    try:
        for file, fd in ((stdin, 0), (out, 1), (err, 2)):
            os.dup2(file.fileno(), fd)
        sys.stdin, sys.stdout, sys.stderr = open(0, closefd=False), open(1, "w", closefd=False), open(2, "w", closefd=False)
        os.environ.update(env)
        sys.argv = ["kfp", *args]
        entry.main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def run(args, typed="", env=None):
    """Runs the command with `args`; `typed` is what the user types."""
    with tempfile.TemporaryFile("w+") as stdin, tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        stdin.write(typed)
        stdin.seek(0)
        pid = os.fork()
        if pid == 0:
            _become(args, stdin, out, err, env or {})
        _, status = os.waitpid(pid, 0)
        out.seek(0)
        err.seek(0)
        return Ran(os.waitstatus_to_exitcode(status), out.read(), err.read())


def printed_json(out):
    """The JSON that ends the output; links and questions stand before it."""
    for at, char in enumerate(out):
        if char in '{["':
            try:
                return json.loads(out[at:])
            except ValueError:
                continue
    raise AssertionError("no JSON in %r" % out)
