/** Notes on the canvas of a `.pipeline`, and the descriptions they give to the nodes they are tied to. */
import type { GraphComment, StepPath } from "../graph";
import { asList, asText, field, fieldAt, isObject, type JsonObject } from "./json";
import { referencedNodes } from "./links";
import type { Scopes } from "./scopes";

/** Every note of every canvas; one of a sub-flow used twice appears for each use. */
export function readComments(scopes: Scopes): readonly GraphComment[] {
  return scopes.all.flatMap((scope) => {
    const prefix = scope.owner === null ? "" : `${scope.owner.path}/`;
    return asList(fieldAt(scope.pipeline, "app_data", "ui_data", "comments"))
      .filter(isObject)
      .map((comment, index) => ({
        id: `${prefix}${asText(field(comment, "id")) || `comment-${index + 1}`}`,
        content: asText(field(comment, "content")),
        x: number(comment, "x_pos", 0),
        y: number(comment, "y_pos", 0),
        width: number(comment, "width", 175),
        height: number(comment, "height", 42),
        steps: referencedNodes(scope, field(comment, "associated_id_refs"))
          .filter((node) => node.type !== "binding")
          .map((node) => node.path),
      }));
  });
}

/** The notes tied to each step, joined with a blank line. */
export function describedSteps(comments: readonly GraphComment[]): ReadonlyMap<StepPath, string> {
  const described = new Map<StepPath, string>();
  for (const comment of comments) {
    const content = comment.content.trim();
    if (content === "") continue;
    for (const step of new Set(comment.steps)) {
      const before = described.get(step);
      described.set(step, before === undefined ? content : `${before}\n\n${content}`);
    }
  }
  return described;
}

function number(holder: JsonObject, key: string, otherwise: number): number {
  const value = field(holder, key);
  return typeof value === "number" ? value : otherwise;
}
