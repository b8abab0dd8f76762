/** What some fixtures need beforehand: secrets, config maps, volumes and profiles, made through the API. */
import { existsSync, mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Api } from "../support/api";
import type { Case } from "./case";

const WITHOUT_MOUNTS = "without-mounts";

/** A case's needs, and beside them the profile that leaves mounts out. */
export function withoutMounts(needs: Pick<Case, "prepare"> | undefined): Pick<Case, "prepare" | "profile"> {
  return {
    profile: WITHOUT_MOUNTS,
    prepare: async (api) => {
      await api.mutate("profiles.save", { name: WITHOUT_MOUNTS, runsWithoutMounts: true });
      await needs?.prepare?.(api);
    },
  };
}

const secret = (api: Api, name: string, values: { readonly [key: string]: string }) =>
  api.mutate("secrets.save", { name, values });

/** A profile whose `sh` is bash, which Alpine's and BusyBox's shells resemble more than a strict POSIX one. */
const WITH_BASH = "with-bash";

async function bashAsShell(api: Api): Promise<void> {
  const bash = ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"].find((path) => existsSync(path)) ?? "/bin/bash";
  const folder = join(mkdtempSync(join(tmpdir(), "penstock-bash-")), "bin");
  mkdirSync(folder);
  symlinkSync(bash, join(folder, "sh"));
  await api.mutate("profiles.save", { name: WITH_BASH, environment: { PATH: `${folder}:${process.env.PATH ?? ""}` } });
}

/** What must be there for which fixtures. The first that matches holds. */
export const PREPARED: readonly (readonly [RegExp, Pick<Case, "prepare" | "profile">])[] = [
  [/concat_placeholder/, { profile: WITH_BASH, prepare: bashAsShell }],
  [
    /secret_as_env/,
    {
      prepare: async (api) => {
        await secret(api, "test-secret-1", { username: "user1" });
        await secret(api, "test-secret-2", { password: "psw1" });
        await secret(api, "test-secret-3", { password: "psw2" });
      },
    },
  ],
  [
    /parallel_for_secret/,
    {
      prepare: async (api) => {
        await secret(api, "test-secret-1", { username: "user1" });
      },
    },
  ],
  [
    /secret_as_vol\.yaml/,
    {
      prepare: async (api) => {
        await secret(api, "my-secret", { username: "user1" });
      },
    },
  ],
  [
    /config_map_as_env/,
    {
      prepare: async (api) => {
        await api.mutate("secrets.save", { name: "my-cm", isShown: true, values: { foo: "bar" } });
      },
    },
  ],
  [
    /testdata\/pipeline_with_volume|server\/test\/pipeline_with_volume/,
    {
      prepare: async (api) => {
        await api.mutate("volumes.save", { name: "my-existing-pvc" });
      },
    },
  ],
];
