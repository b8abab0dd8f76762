/** Stops a body that grows beyond its limit, whoever reads it. */
import type { IncomingMessage } from "node:http";

/**
 * Calls `exceeded` once when more than `limit` bytes have arrived, and passes none of the rest on. It looks at the
 * bytes as the parser hands them over, because a listener would start the stream before its reader is there.
 */
export function limitBody(request: IncomingMessage, limit: number, exceeded: () => void): void {
  const push = request.push.bind(request);
  let bytes = 0;
  let isOver = false;
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
    if (isOver) return false;
    bytes += chunk?.length ?? 0;
    if (bytes <= limit) return push(chunk, encoding);
    isOver = true;
    exceeded();
    return false;
  };
}
