/** The local port of a connection that names none (RFC 6056; Linux __inet_hash_connect). */
import type { RandomStream } from '../../kernel/random-stream';
import { LINUX } from '../linux-policy';

/** An unused port: from a random place on, even ones first; odd ones are left for programs that bind. Undefined when all are in use. */
export function chooseLocalPort(random: RandomStream, isFree: (port: number) => boolean): number | undefined {
  const { firstLocalPort: first, lastLocalPort: last } = LINUX;
  const pairs = (last - first + 1) >> 1;
  const start = random.integer(0, pairs - 1);
  for (const odd of [0, 1]) {
    for (let tried = 0; tried < pairs; tried++) {
      const port = first + 2 * ((start + tried) % pairs) + odd;
      if (isFree(port)) {
        return port;
      }
    }
  }
  return undefined;
}
