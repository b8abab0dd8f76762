/** Takes the frames off a container's output: both streams follow one another in the order in which they were written. */

const HEADER = 8;

/** Makes a reader that is given chunks as they come and answers the bytes of output in them. */
export function frameReader(): (chunk: Buffer) => Buffer[] {
  let header = Buffer.alloc(0);
  let left = 0;
  return (chunk) => {
    const output: Buffer[] = [];
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const part = chunk.subarray(at, at + left);
        output.push(part);
        left -= part.length;
        at += part.length;
        continue;
      }
      const part = chunk.subarray(at, at + HEADER - header.length);
      header = Buffer.concat([header, part]);
      at += part.length;
      if (header.length < HEADER) continue;
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
    return output;
  };
}
