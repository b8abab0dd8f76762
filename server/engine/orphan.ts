/** An attempt whose run is over or cannot be read: enough of a request to take its process over and stop it. */
import type { LiveAttemptRow } from "@/db/queries/engine/attempts";
import { LOCAL_PROFILE } from "@/server/domain/profile";
import type { AttemptRequest } from "./attempts/contract";

/** `runId` is part of what marks the attempt's processes. */
export function orphanRequest(row: LiveAttemptRow, runId: string): AttemptRequest {
  return {
    run: {
      key: row.runKey,
      id: runId,
      name: "",
      format: "kfp",
      pipelineName: "",
      createdAtMs: 0,
      scheduledAtMs: 0,
      parameters: {},
      files: [],
      specFile: "",
      profile: { ...LOCAL_PROFILE, graceMs: 0 },
      fileMode: "shared",
      continues: null,
    },
    step: {
      path: "",
      key: "",
      parent: null,
      kind: "container",
      name: "",
      dependsOn: [],
      trigger: "succeeded",
      cache: { enabled: false },
      interface: { parameters: [], artifacts: [], outputParameters: [], outputArtifacts: [] },
      parameters: [],
      artifacts: [],
      body: { body: "foreign", what: "", values: {} },
    },
    taskKey: row.taskKey,
    taskPath: "",
    attemptKey: row.key,
    number: row.number,
    inputs: { parameters: {}, artifacts: {} },
    upstream: [],
  };
}
