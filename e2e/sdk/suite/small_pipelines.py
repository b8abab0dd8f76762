"""Small pipelines of shell steps, written with the SDK's own language, and packages of them in every form."""
import io
import json
import os
import tarfile
import zipfile

import yaml
from kfp import compiler, dsl


@dsl.container_component
def say(text: str):
    return dsl.ContainerSpec(image="busybox", command=["sh", "-c", 'echo "$0"', text])


@dsl.container_component
def write(text: str, note: dsl.Output[dsl.Artifact]):
    return dsl.ContainerSpec(
        image="busybox", command=["sh", "-c", 'mkdir -p "$(dirname "$1")"; printf %s "$0" > "$1"', text, note.path]
    )


@dsl.container_component
def wait():
    return dsl.ContainerSpec(image="busybox", command=["sleep", "600"])


@dsl.container_component
def pause(seconds: str):
    return dsl.ContainerSpec(image="busybox", command=["sh", "-c", 'sleep "$0"', seconds])


@dsl.container_component
def fail_once(marker: str):
    """Fails where the marker is absent, and leaves it."""
    return dsl.ContainerSpec(image="busybox", command=["sh", "-c", 'test -e "$0" || { touch "$0"; exit 3; }', marker])


@dsl.pipeline(name="greeting", description="Says one word")
def greeting(text: str = "hello"):
    say(text=text)


@dsl.pipeline(name="typed")
def typed(text: str, count: int, ratio: float = 0.5, flag: bool = True, names: list = ["a"], more: dict = {"a": 1}):
    say(text=text)


@dsl.pipeline(name="noting")
def noting(text: str = "a note"):
    write(text=text)


@dsl.pipeline(name="waiting")
def waiting():
    wait()


@dsl.pipeline(name="pausing")
def pausing(seconds: str = "2.5"):
    pause(seconds=seconds)


@dsl.pipeline(name="failing-once")
def failing_once(marker: str):
    fail_once(marker=marker)


class Packages:
    """Compiled pipelines in one folder."""

    def __init__(self, folder):
        self.folder = str(folder)

    def of(self, pipeline, name=None):
        path = os.path.join(self.folder, name or "%s.yaml" % pipeline.name)
        if not os.path.exists(path):
            compiler.Compiler().compile(pipeline_func=pipeline, package_path=path)
        return path

    def as_file(self, pipeline, suffix):
        """The pipeline's package as `.yaml`, `.yml`, `.json`, `.zip`, `.tar.gz` or `.tgz`."""
        text = open(self.of(pipeline), encoding="utf-8").read()
        path = os.path.join(self.folder, "packed-" + pipeline.name + suffix)
        if suffix == ".zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("pipeline.yaml", text)
        elif suffix in (".tar.gz", ".tgz"):
            with tarfile.open(path, "w:gz") as archive:
                entry = tarfile.TarInfo("pipeline.yaml")
                entry.size = len(text.encode())
                archive.addfile(entry, io.BytesIO(text.encode()))
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(json.dumps(yaml.safe_load(text)) if suffix == ".json" else text)
        return path
