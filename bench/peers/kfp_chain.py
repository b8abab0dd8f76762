"""A chain of lightweight Python components under kfp.local's subprocess runner; prints milliseconds per step."""
import sys
import time

from kfp import dsl, local

COUNT = int(sys.argv[1])
local.init(runner=local.SubprocessRunner(use_venv=False), pipeline_root=sys.argv[2], raise_on_error=True)


@dsl.component
def nothing(before: int) -> int:
    return before


@dsl.pipeline(name="chain")
def chain():
    task = nothing(before=0)
    for _ in range(COUNT - 1):
        task = nothing(before=task.output)


started = time.perf_counter()
chain()
print("MS_PER_STEP", (time.perf_counter() - started) * 1000 / COUNT)
