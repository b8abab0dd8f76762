/** The limits of an attempt: as its step asks for them, with placeholders filled from its inputs, else as its profile says. */
import { fillWords } from "@/server/domain/kfp/placeholders";
import { stepLimits } from "@/server/domain/limits";
import { limitsOf } from "@/server/domain/profile";
import { type AttemptRequest, StartRefusal } from "./contract";
import { executorInput } from "./launch/container/command";
import type { AttemptPaths } from "./launch/plan";

/** Bytes of memory and processors; null for no limit. Throws `StartRefusal` for a limit that cannot be read. */
export function readLimits(request: AttemptRequest, paths: AttemptPaths, root: string) {
  const { body, path } = request.step;
  const fill = (text: string): string => {
    if (!text.includes("{{$")) return text;
    const { input, facts } = executorInput(request, paths, root);
    return fillWords([text], input, facts).words.join("");
  };
  const { memoryBytes, cpus, problems } = stepLimits(body, fill);
  const [problem] = problems;
  if (problem !== undefined) throw new StartRefusal({ code: "bad-input", message: problem, subject: path });
  const presets = limitsOf(request.run.profile);
  return { memoryBytes: memoryBytes ?? presets.memoryBytes, cpus: cpus ?? presets.cpus };
}
