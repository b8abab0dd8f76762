/** Launch plan of a Kubeflow container step as a process: placeholders filled, its program found on this machine. */
import type { ContainerBody, Step } from "@/pipelines/graph";
import { findProgram } from "../command-path";
import { type AttemptRequest, StartRefusal } from "../contract";
import type { Environment } from "../environment";
import type { AttemptPaths, LaunchPlan } from "./plan";

export function containerPlan(
  request: AttemptRequest,
  body: ContainerBody,
  paths: AttemptPaths,
  base: Environment,
): LaunchPlan {
  const env = { ...base, ...Object.fromEntries(body.env.map(({ name, value }) => [name, value])) };
  const [name, ...args] = [...body.command, ...body.args];
  return { argv: [programFor(body, name, env), ...args], cwd: paths.work, env, makesOutputs: declaresOutputs(request.step) };
}

const declaresOutputs = ({ interface: { outputParameters, outputArtifacts } }: Step): boolean =>
  outputParameters.length + outputArtifacts.length > 0;

function programFor(body: ContainerBody, name: string | undefined, env: Environment): string {
  if (body.command.length === 0 || name === undefined) {
    throw new StartRefusal({
      code: "command-not-found",
      message: `The step names no command, so it would run what the image ${body.image} starts by itself; without containers nobody knows what that is. Name a command in the component, or use a container profile.`,
      subject: body.image,
    });
  }
  const program = findProgram(name, env.PATH ?? "");
  if (program !== null) return program;
  throw new StartRefusal({
    code: "command-not-found",
    message: `The step needs a container profile: the image ${body.image} brings a program "${name}", which is not on this machine. Install it, or choose a profile that runs containers.`,
    subject: name,
  });
}
