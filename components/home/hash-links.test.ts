/** Every address of Kubeflow that has a place here leads to it. */
import { describe, expect, it } from "vitest";
import { pathOfHash } from "./hash-links";

describe("an address of Kubeflow", () => {
  it.each([
    ["#/runs/details/abc", "/runs/abc"],
    ["#/runs/details/abc/execution/7", "/runs/abc"],
    ["#/runs", "/runs"],
    ["#/archive/runs", "/runs?archived=true"],
    ["#/runs/new?pipelineId=p&pipelineVersionId=v", "/runs/new?pipeline=p&version=v"],
    ["#/runs/new?cloneFromRun=r", "/runs/new?cloneFrom=r"],
    ["#/pipelines/details/p", "/pipelines/p"],
    ["#/pipelines/details/p?fromRun=r", "/pipelines/p"],
    ["#/pipelines/details/p/version/v", "/pipelines/p?versionId=v"],
    ["#/shared/pipelines", "/pipelines"],
    ["#/pipeline_versions/new?pipelineId=p", "/pipelines/new?pipeline=p"],
    ["#/experiments/details/e", "/experiments/e"],
    ["#/experiments/new", "/experiments/new"],
    ["#/archive/experiments", "/experiments?filter=state+%3D+archived"],
    ["#/runs/new?experimentId=e&recurring=1&cloneFromRecurringRun=j", "/recurring-runs/new?experiment=e&cloneFrom=j"],
    ["#/compare?runlist=a,b", "/compare?runs=a%2Cb"],
    ["#/recurringruns", "/recurring-runs"],
    ["#/recurringrun/details/j", "/recurring-runs/j"],
    ["#/artifacts/5", "/artifacts/5"],
    ["#/artifacts", "/artifacts"],
    ["#/executions/5", "/executions"],
  ])("%s leads to %s", (hash, path) => {
    expect(pathOfHash(hash)).toBe(path);
  });

  it.each(["", "#", "#main", "#/somewhere", "#/recurringrunning", "#/artifactory"])("%j is left alone", (hash) => {
    expect(pathOfHash(hash)).toBeNull();
  });

  it("never leaves this server", () => {
    expect(pathOfHash("#//evil.example/runs")).toBeNull();
  });
});
