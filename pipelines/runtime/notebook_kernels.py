"""Chooses the kernel of a notebook: the given interpreter for Python, else by name, else by language."""

import json
import os
import subprocess
import sys


class CannotStart(Exception):
    """The notebook cannot be run at all; the message says why and what to do."""


def kernel_for(notebook, wanted_name, python):
    """The kernel's name and specification: the given interpreter for Python, else by name, else by language."""
    from jupyter_client.kernelspec import KernelSpecManager

    metadata = notebook.get("metadata") or {}
    declared = metadata.get("kernelspec") or {}
    name = wanted_name or declared.get("name") or ""
    language = (metadata.get("language_info") or {}).get("name") or declared.get("language") or ""
    if wanted_name and wanted_name != declared.get("name"):
        language = ""
    known = KernelSpecManager().get_all_specs()
    if not language and name in known:
        language = known[name]["spec"].get("language", "")
    if not language and (not name or name.lower().startswith("python")):
        language = "python"
    if language.lower() == "python" and python:
        return "python3", python_kernel(python)
    if name in known:
        return name, specification(known[name]["spec"])
    for other, entry in sorted(known.items()):
        if language and entry["spec"].get("language", "").lower() == language.lower():
            return other, specification(entry["spec"])
    wanted = " and ".join(part for part in (name and f'the kernel "{name}"', language and f"a kernel for {language}") if part)
    listed = ", ".join(f"{key} ({entry['spec'].get('language', '?')})" for key, entry in sorted(known.items())) or "none"
    raise CannotStart(f"The notebook needs {wanted}, which is not installed. Installed kernels: {listed}. Install it, or choose another kernel.")


def specification(fields):
    from jupyter_client.kernelspec import KernelSpec

    return KernelSpec(**{key: value for key, value in fields.items() if KernelSpec.class_traits().get(key) is not None})


# The helper's packages come last on the path, so that the interpreter's own are always preferred.
BORROWED_KERNEL = (
    "import sys; sys.path[:1] = []; sys.path.extend({folders!r}); "
    "from ipykernel import kernelapp; kernelapp.launch_new_instance()"
)


def python_kernel(python):
    version, has_kernel = examine(python)
    if has_kernel:
        launch = ["-m", "ipykernel_launcher"]
    elif version == [sys.version_info.major, sys.version_info.minor]:
        launch = ["-c", BORROWED_KERNEL.format(folders=package_folders())]
    else:
        ours = f"{sys.version_info.major}.{sys.version_info.minor}"
        theirs = ".".join(map(str, version))
        raise CannotStart(
            f"{python} is Python {theirs} and has no ipykernel; the one of the notebook helper is for Python {ours}. "
            f"Install it: {python} -m pip install ipykernel"
        )
    return specification(
        {
            "argv": [python, *launch, "-f", "{connection_file}"],
            "display_name": "Python",
            "language": "python",
            "env": {"PYDEVD_DISABLE_FILE_VALIDATION": "1"},
        }
    )


def package_folders():
    import ipykernel
    import zmq

    return sorted({os.path.dirname(os.path.dirname(os.path.abspath(module.__file__))) for module in (ipykernel, zmq)})


def examine(python):
    """Version of an interpreter, and whether it can start a kernel by itself."""
    if os.path.abspath(python) == os.path.abspath(sys.executable):
        return [sys.version_info.major, sys.version_info.minor], True
    question = (
        "import sys, json, importlib.util as u; "
        "print(json.dumps([list(sys.version_info[:2]), u.find_spec('ipykernel') is not None]))"
    )
    try:
        answer = subprocess.run([python, "-c", question], capture_output=True, text=True, timeout=60, check=True)
        version, has_kernel = json.loads(answer.stdout.splitlines()[-1])
        return version, has_kernel
    except (OSError, subprocess.SubprocessError, ValueError, IndexError) as problem:
        detail = (getattr(problem, "stderr", None) or str(problem)).strip().splitlines()[-1:]
        raise CannotStart(f"Cannot start the Python interpreter {python}: {' '.join(detail)}. Check the profile's interpreter.") from None
