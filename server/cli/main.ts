#!/usr/bin/env node
/** The `penstock` command's process. */
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { runCommand } from "./program";

// Who reads no more (`| head -1`) has what they wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
});
const { stdout, stderr } = process;
process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdout: (words) => stdout.write(words),
  stderr: (words) => stderr.write(words),
  stdoutBytes: async (bytes) => {
    if (!stdout.write(bytes)) await once(stdout, "drain");
  },
  stdin: () => text(process.stdin),
  terminal: {
    stdout: stdout.isTTY ? { columns: stdout.columns, rows: stdout.rows } : null,
    stderr: stderr.isTTY ? { columns: stderr.columns } : null,
  },
});
