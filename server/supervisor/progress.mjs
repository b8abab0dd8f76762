/** Runs long commands with a sign of life, and shows their output only when they fail. */
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const TAIL_LINES = 60;
const NOTE_EVERY_MS = 10_000;

/** The root folder of the program, where all commands run. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Prints `title`, then how long it has been going on: in place on a terminal, else a line every ten seconds. */
function startClock(title) {
  const isTerminal = process.stdout.isTTY;
  const startedAt = Date.now();
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  process.stdout.write(isTerminal ? `${title} …` : `${title} …\n`);
  const timer = setInterval(
    () => process.stdout.write(isTerminal ? `\r${title} … ${seconds()}` : `  still at it, ${seconds()}\n`),
    isTerminal ? 1000 : NOTE_EVERY_MS,
  );
  return (outcome) => {
    clearInterval(timer);
    process.stdout.write(`${isTerminal ? "\r" : ""}${title} … ${outcome} after ${seconds()}\n`);
  };
}

/** Runs a command quietly. Throws with the end of its output when it fails. */
export function runQuietly(title, [file, ...args], env = {}) {
  const stopClock = startClock(title);
  return new Promise((resolve, reject) => {
    const lines = [];
    const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const collect = (chunk) => {
      lines.push(...String(chunk).split("\n"));
      lines.splice(0, Math.max(0, lines.length - TAIL_LINES));
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code, signal) => {
      stopClock(code === 0 ? "done" : "failed");
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `${lines.join("\n")}\n\n${title} failed (${signal ?? `code ${code}`}): ${[file, ...args].join(" ")}`,
          ),
        );
    });
  });
}

/** Runs a command with its output shown; resolves to its exit code. */
export function runShown([file, ...args], env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: root, env: { ...process.env, ...env }, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** Runs a command with its output shown and kept; resolves to its exit code and what it printed. */
export function runRecorded([file, ...args], env = {}) {
  return new Promise((resolve, reject) => {
    let output = "";
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    child.stdout.on("data", (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
