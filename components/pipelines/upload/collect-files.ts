/** Takes files from wherever a person gives them: chosen, dropped, or whole folders; each with its relative path. */

export interface PickedFile {
  /** Relative, `/` separated, as it stands below what was dropped. */
  readonly path: string;
  readonly file: File;
}

/** Files of an input; a chosen folder keeps its paths. */
export const fromInput = (files: Iterable<File>): readonly PickedFile[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/** Leaves that no pipeline needs and that only make an upload long. */
const isNoise = (path: string): boolean =>
  /(^|\/)(\.git|__pycache__|\.ipynb_checkpoints|node_modules|\.DS_Store)(\/|$)/.test(path);

function readBatch(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

async function walk(entry: FileSystemEntry, prefix: string): Promise<readonly PickedFile[]> {
  const path = `${prefix}${entry.name}`;
  if (isNoise(path)) return [];
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PickedFile[] = [];
  // A reader gives at most a hundred entries at a time.
  for (let batch = await readBatch(reader); batch.length > 0; batch = await readBatch(reader)) {
    for (const child of batch) found.push(...(await walk(child, `${path}/`)));
  }
  return found;
}

/** Everything that was dropped. Has to be called inside the drop event, before anything is awaited. */
export function fromDrop(transfer: DataTransfer): Promise<readonly PickedFile[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve(fromInput(transfer.files));
  return Promise.all(entries.map((entry) => walk(entry, ""))).then((groups) => groups.flat());
}

/** Adds files to those already there; a path given again replaces the earlier one. */
export function addFiles(before: readonly PickedFile[], added: readonly PickedFile[]): readonly PickedFile[] {
  const byPath = new Map([...before, ...added].filter(({ path }) => !isNoise(path)).map((each) => [each.path, each]));
  return [...byPath.values()].sort((one, other) => one.path.localeCompare(other.path));
}
