"""No-op tasks for Luigi: a chain and a fan-out, each task one `/bin/true` and one marker file."""
import os
import subprocess

import luigi

OUT = os.environ["PEER_OUT"]


class Step(luigi.Task):
    index = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(os.path.join(OUT, f"{type(self).__name__}-{self.index}"))

    def run(self):
        subprocess.run(["/bin/true"], check=True)
        with self.output().open("w") as done:
            done.write("ok")


class Chain(Step):
    def requires(self):
        return [Chain(index=self.index - 1)] if self.index > 0 else []


class First(Step):
    pass


class Wide(Step):
    def requires(self):
        return [First(index=0)]


class Last(Step):
    width = luigi.IntParameter()

    def requires(self):
        return [Wide(index=i) for i in range(self.width)]
