/** The parts of the executor of containers that decide without an engine. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { engineAddress, type Surroundings } from "./address";
import { containerBody } from "./container-body";
import { frameReader } from "./frames";
import { isLeftover } from "./leftovers";
import { imageParts } from "./pull";
import { testOrder } from "./testing";

const machine = (changes: Partial<Surroundings> = {}, sockets: readonly string[] = []): Surroundings => ({
  env: {},
  home: "/home/ann",
  uid: 1000,
  exists: (path) => sockets.includes(path),
  text: () => null,
  ...changes,
});

describe("the address of the engine", () => {
  it.each([
    ["the profile's own", "unix:///x.sock", machine({ env: { DOCKER_HOST: "unix:///y.sock" } }), "/x.sock"],
    ["a bare path", "/x.sock", machine(), "/x.sock"],
    ["DOCKER_HOST", null, machine({ env: { DOCKER_HOST: "unix:///y.sock" } }, ["/var/run/docker.sock"]), "/y.sock"],
    ["the system's", null, machine({}, ["/var/run/docker.sock", "/run/podman/podman.sock"]), "/var/run/docker.sock"],
    [
      "a rootless one before it",
      null,
      machine({}, ["/var/run/docker.sock", "/run/user/1000/docker.sock"]),
      "/run/user/1000/docker.sock",
    ],
    ["Podman's", null, machine({}, ["/run/user/1000/podman/podman.sock"]), "/run/user/1000/podman/podman.sock"],
  ])("is %s", (_, wanted, around, socket) => {
    expect(engineAddress(wanted, around)).toEqual({ ok: true, socket });
  });

  it("is that of the context in use", () => {
    const folder = createHash("sha256").update("desk").digest("hex");
    const files: { readonly [path: string]: string } = {
      "/home/ann/.docker/config.json": '{"currentContext":"desk"}',
      [`/home/ann/.docker/contexts/meta/${folder}/meta.json`]: '{"Endpoints":{"docker":{"Host":"unix:///desk.sock"}}}',
    };
    const text = (path: string): string | null => files[path] ?? null;
    expect(engineAddress(null, machine({ text }))).toEqual({ ok: true, socket: "/desk.sock" });
  });

  it("is refused in words where it is elsewhere or nowhere", () => {
    for (const wanted of ["tcp://10.0.0.1:2376", "ssh://host", "npipe:////./pipe/docker"]) {
      expect(engineAddress(wanted, machine())).toMatchObject({
        message: expect.stringContaining("not on this machine"),
      });
    }
    expect(engineAddress(null, machine())).toMatchObject({ message: expect.stringMatching(/No container engine/) });
  });
});

describe("the frames of a container's output", () => {
  it("give the same bytes however they are cut", () => {
    const framed = (parts: readonly Uint8Array[]) =>
      Buffer.concat(
        parts.map((part) => {
          const header = Buffer.alloc(8);
          header.writeUInt32BE(part.length, 4);
          return Buffer.concat([header, part]);
        }),
      );
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.integer({ min: 1, max: 13 }), (parts, size) => {
        const whole = framed(parts);
        const read = frameReader();
        const output: Buffer[] = [];
        for (let at = 0; at < whole.length; at += size) output.push(...read(whole.subarray(at, at + size)));
        expect(Buffer.concat(output)).toEqual(Buffer.concat(parts));
      }),
    );
  });
});

describe("the request for a container", () => {
  const spec = { id: "r/1/1", directory: "/d", graceMs: 1, argv: ["a", "--privileged"], cwd: "/d", env: { A: "b=c" } };
  const order = testOrder({ image: "i" }, "/d");
  const body = (isRootless: boolean, user: string | null = null) =>
    containerBody(spec, { ...order, user }, "f", { isRootless, isPodman: false }, { uid: 7, gid: 8 });

  it("is never privileged, and runs as who has to read what it leaves", () => {
    expect(body(false)).toMatchObject({
      Entrypoint: ["a", "--privileged"],
      Env: ["A=b=c"],
      User: "7:8",
      HostConfig: { Privileged: false, SecurityOpt: ["no-new-privileges"] },
    });
    expect(body(true)).toMatchObject({ User: "0:0" });
    expect(body(true, "5")).toMatchObject({ User: "5" });
  });
});

describe("leftovers", () => {
  const facts = { fenceIn: () => "f", endedAtMs: () => null, isFollowed: () => false, nowMs: 1_000 };
  const one = (directory: string, fence = "f", keepMs = "0") => ({
    Id: "1",
    Names: [],
    State: "exited",
    Labels: { "penstock.directory": directory, "penstock.fence": fence, "penstock.keep-ms": keepMs },
  });

  it("are ours by the folder and the fence in it, and nobody follows them", () => {
    expect(isLeftover(one("/runs/1/2/1"), "/runs", facts)).toBe(true);
    expect(isLeftover(one("/runs/1/2/1"), "/runs", { ...facts, isFollowed: () => true })).toBe(false);
    expect(isLeftover(one("/runs/1/2/1", "other"), "/runs", facts)).toBe(false);
    expect(isLeftover(one("/other/1"), "/runs", facts)).toBe(false);
    expect(isLeftover({ ...one("/runs/1"), Labels: {} }, "/runs", facts)).toBe(false);
  });

  it("are kept for as long as the profile says after their end", () => {
    const kept = one("/runs/1/2/1", "f", "500");
    expect(isLeftover(kept, "/runs", { ...facts, endedAtMs: () => 600 })).toBe(false);
    expect(isLeftover(kept, "/runs", { ...facts, endedAtMs: () => 400 })).toBe(true);
  });
});

it("names of images are cut into name and tag as the engine wants them", () => {
  expect(imageParts("python")).toEqual({ name: "python", tag: "latest" });
  expect(imageParts("localhost:5000/a/b:1")).toEqual({ name: "localhost:5000/a/b", tag: "1" });
  expect(imageParts("localhost:5000/a")).toEqual({ name: "localhost:5000/a", tag: "latest" });
  expect(imageParts("a@sha256:12")).toEqual({ name: "a", tag: "sha256:12" });
});
