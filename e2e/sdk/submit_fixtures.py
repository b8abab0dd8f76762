"""Submits pipeline packages with an unmodified kfp.Client and waits for their ends; prints one JSON list.

Usage: submit_fixtures.py HOST TOKEN JOBS.json, where JOBS is a list of {"path", "arguments"}.
"""
import json
import sys

import kfp

host, token, jobs_file = sys.argv[1:4]
client = kfp.Client(host=host, existing_token=token)
results = []
started = []
for job in json.load(open(jobs_file)):
    try:
        result = client.create_run_from_pipeline_package(
            job["path"], arguments=job["arguments"], run_name=job["path"].rsplit("/", 1)[-1], enable_caching=False
        )
        started.append((job, result.run_id))
    except Exception as error:  # what the SDK raises for a refusal is the server's own text
        results.append({"path": job["path"], "runId": None, "state": "REFUSED", "message": str(error)[:2000]})
for job, run_id in started:
    run = client.wait_for_run_completion(run_id, timeout=900, sleep_duration=0.5)
    results.append({"path": job["path"], "runId": run_id, "state": run.state, "message": str(run.error)[:2000]})
print("RESULTS" + json.dumps(results))
