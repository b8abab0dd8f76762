/** `penstock runs`, and those of its commands that stand in front as well: `cancel`, `retry`, `rerun`. */
import { type Command, Option } from "commander";
import { listRuns, showRun } from "./list-runs";
import { withPages } from "./pages";
import { PRIORITY_FLAG } from "./priority";
import { cloneRun, rerun, retry } from "./reruns";
import { cancelRuns, flagRuns, prioritizeRuns, renameRun } from "./run-verbs";
import { gather, JSON_FLAG, PLAN_FLAG, RUN_ARGUMENT, RUNS_ARGUMENT, WAIT_FLAG, type Wrap } from "./session";
import { watchRun } from "./watch-run";

function addCancel(parent: Command, action: Wrap): Command {
  return parent
    .command("cancel")
    .description("cancel pending runs, terminate running ones")
    .argument(...RUNS_ARGUMENT)
    .option("--hard", "do not run exit tasks either; also for a run that is ending")
    .option(...JSON_FLAG)
    .action(action(cancelRuns));
}

function addRetry(parent: Command, action: Wrap): void {
  parent
    .command("retry")
    .description("run again what failed of runs, and what waited for it, in the same runs")
    .argument(...RUNS_ARGUMENT)
    .option(...PLAN_FLAG)
    .option(...WAIT_FLAG)
    .option(...JSON_FLAG)
    .action(action(retry));
}

const FLAGS = [
  ["archive", "put runs into the archive"],
  ["restore", "take runs out of the archive, or undo their deletion"],
  ["delete", "delete runs; one that is not over is ended. `runs restore` brings them back"],
] as const;

/** Adds the subcommands. */
export function addRuns(program: Command, action: Wrap): void {
  const runs = program.command("runs").description("list, read, watch, end, repeat and tidy up runs");
  withPages(runs.command("list"))
    .description("the newest runs")
    .option("--state <state>", "only runs in this state; again for more", gather)
    .option("--experiment <experiment>", "only runs of this experiment")
    .option("--pipeline <pipeline>", "only runs of this pipeline")
    .option("--search <text>", "only runs whose name holds this")
    .option("--archived", "the archived ones")
    .option(...JSON_FLAG)
    .action(action(listRuns));
  runs
    .command("get")
    .description("one run with all its steps")
    .argument(...RUN_ARGUMENT)
    .option(...JSON_FLAG)
    .action(action(showRun));
  runs
    .command("watch")
    .description("follow a run to its end; the exit code follows the run")
    .argument(...RUN_ARGUMENT)
    .option(...JSON_FLAG)
    .action(action(watchRun));
  addCancel(runs, action).alias("terminate");
  addRetry(runs, action);
  runs
    .command("clone")
    .description("start a new run with the inputs of another one, changed where you say so")
    .argument(...RUN_ARGUMENT)
    .option("--param <name=value>", "another value of a parameter; again for more", gather)
    .option("--version <version>", "number or id of a version of the same pipeline, or latest")
    .option("--name <name>", "name of the new run")
    .option("--experiment <experiment>", "experiment of the new run")
    .option("--profile <name>", "profile of the new run")
    .option(...PRIORITY_FLAG)
    .option("--no-cache", "reuse no earlier result")
    .option("--stop-on-failure", "end the run when a step fails")
    .option(...PLAN_FLAG)
    .option(...WAIT_FLAG)
    .option(...JSON_FLAG)
    .action(action(cloneRun));
  runs
    .command("rename")
    .description("give a run another name")
    .argument(...RUN_ARGUMENT)
    .argument("<name>", "the new name")
    .option(...JSON_FLAG)
    .action(action(renameRun));
  runs
    .command("prioritize")
    .description("give runs that are not over another place in the queue")
    .argument(...RUNS_ARGUMENT)
    .addOption(new Option(...PRIORITY_FLAG).conflicts("front"))
    .option("--front", "before everything else under their profile")
    .option(...JSON_FLAG)
    .action(action(prioritizeRuns));
  for (const [flag, description] of FLAGS)
    runs
      .command(flag)
      .description(description)
      .argument(...RUNS_ARGUMENT)
      .option(...JSON_FLAG)
      .action(action(flagRuns(flag)));
}

/** Adds what stands in front, because it is typed most. */
export function addReruns(program: Command, action: Wrap): void {
  addRetry(program, action);
  program
    .command("rerun")
    .description("start a new run with the inputs of another one, whole or in part")
    .argument(...RUN_ARGUMENT)
    .option("--from <step>", "begin with this step and take over what the run has of those before it")
    .option("--up-to <step>", "run this step and what it needs, nothing else")
    .option("--stop-on-failure", "end the run when a step fails")
    .option(...PRIORITY_FLAG)
    .option("--name <name>", "name of the new run")
    .option(...PLAN_FLAG)
    .option(...WAIT_FLAG)
    .option(...JSON_FLAG)
    .action(action(rerun));
  addCancel(program, action);
}
