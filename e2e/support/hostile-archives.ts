/** Archives that no packer would write: made byte by byte, because libraries refuse to. */
import { crc32, deflateRawSync, gzipSync } from "node:zlib";

const BLOCK = 512;
const MIB = 1024 * 1024;

export interface TarEntry {
  readonly name: string;
  /** `0` file, `1` hard link, `2` symbolic link, `3` device, `5` folder, `6` fifo, `L` long name, `x` extended header. */
  readonly type?: string;
  readonly link?: string;
  readonly content?: string | Buffer;
  /** What the header says of the size, whatever the content is. */
  readonly saysSize?: number | Buffer;
}

/** The header block of an entry. */
function tarHeader({ name, type = "0", link = "", content = "", saysSize }: TarEntry): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100, "latin1");
  header.write("0000644\0", 100, "latin1");
  const size = saysSize ?? Buffer.byteLength(content);
  if (typeof size === "number") header.write(`${size.toString(8).padStart(11, "0")}\0`, 124, "latin1");
  else size.copy(header, 124);
  header.write("00000000000\0", 136, "latin1");
  header.write(type, 156, "latin1");
  header.write(link, 157, 100, "latin1");
  header.write("ustar\x0000", 257, "latin1");
  header.write("        ", 148, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

const padded = (content: string | Buffer): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
};

/** A tar.gz of these entries in this order. */
export function tarGz(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => [tarHeader(entry), padded(entry.content ?? "")]);
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]));
}

const ZEROS = gzipSync(Buffer.alloc(16 * MIB));

/** A tar.gz whose one entry unpacks to `mib` MiB of zeros: gzip members of zeros, one after the other. */
export function zeroTarGz(entry: TarEntry, mib: number): Buffer {
  return Buffer.concat([gzipSync(tarHeader(entry)), ...Array.from({ length: mib / 16 }, () => ZEROS)]);
}

/** A tar.gz of `count` empty files of different names. */
export function crowdedTarGz(count: number): Buffer {
  const members: Buffer[] = [];
  for (let from = 0; from < count; from += 10_000) {
    const names = Array.from({ length: Math.min(10_000, count - from) }, (_, at) =>
      tarHeader({ name: `f${from + at}` }),
    );
    members.push(gzipSync(Buffer.concat(names), { level: 1 }));
  }
  return Buffer.concat([...members, gzipSync(Buffer.alloc(2 * BLOCK))]);
}

export interface ZipEntry {
  readonly name: string;
  readonly content: string | Buffer;
  /** Mode as Unix packers store it; 0o120777 is a symbolic link. */
  readonly mode?: number;
  /** What the headers say of the unpacked size. */
  readonly saysSize?: number;
  readonly saysPacked?: number;
  readonly saysOffset?: number;
}

/** A zip of these entries; `saysEntries` is what its end says of their number. */
export function zip(entries: readonly ZipEntry[], saysEntries = entries.length): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0o100644, saysSize, saysPacked, saysOffset } of entries) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(8, 4);
    about.writeUInt32LE(crc32(bytes), 10);
    about.writeUInt32LE(saysPacked ?? packed.length, 14);
    about.writeUInt32LE(saysSize ?? bytes.length, 18);
    about.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), about, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(saysOffset ?? offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), about, rest, Buffer.from(name)]));
    bodies.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Math.min(saysEntries, 0xffff), 4);
  end.writeUInt16LE(Math.min(saysEntries, 0xffff), 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, index, Buffer.from("PK\x05\x06"), end]);
}
