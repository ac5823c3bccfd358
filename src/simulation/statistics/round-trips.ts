/** Finds the answers to echo requests and to the first segments of connections, and how long they took. */
import type { PacketField } from '../../trace/dissect/packet-field';
import { valueOf } from '../../trace/journey/continuation';
import type { RoundTrip } from './statistics';

/** Answers kept: as many dots as a plot can show. */
const MOST_TRIPS = 1000;
/** Questions that wait for an answer; of more, the oldest is given up. */
const MOST_OPEN = 4096;

/** Types of echo messages, of ICMP and of ICMPv6. */
const ECHO: Readonly<Record<string, readonly [request: string, reply: string]>> = {
  icmp: ['8', '0'],
  icmpv6: ['128', '129'],
};

interface Question {
  readonly time: number;
  /** Who asked: an answer counts when it reaches it. */
  readonly device: string;
}

export class RoundTrips {
  private readonly open = new Map<string, Question>();
  readonly trips: RoundTrip[] = [];

  /** A packet sets out at `device`. */
  setOut(layers: readonly PacketField[], device: string, time: number): void {
    const question = questionOf(layers);
    if (question?.isAnswer === false && !this.open.has(question.key)) {
      this.open.set(question.key, { time, device });
      for (const oldest of this.open.keys()) {
        if (this.open.size <= MOST_OPEN) {
          break;
        }
        this.open.delete(oldest);
      }
    }
  }

  /** Whether anything is waited for. */
  get waits(): boolean {
    return this.open.size > 0;
  }

  /** A packet reaches `device`. */
  arrived(layers: readonly PacketField[], device: string, time: number): void {
    const answer = questionOf(layers);
    const question = answer?.isAnswer === true ? this.open.get(answer.key) : undefined;
    if (answer !== undefined && question?.device === device) {
      this.open.delete(answer.key);
      if (this.trips.length < MOST_TRIPS) {
        this.trips.push({ time: question.time, took: time - question.time });
      }
    }
  }
}

/** The same key for a question and its answer. */
function questionOf(
  layers: readonly PacketField[],
): { readonly key: string; readonly isAnswer: boolean } | undefined {
  const network = layers.findLast(({ name }) => name === 'ip' || name === 'ipv6');
  const above = network && layers[layers.indexOf(network) + 1];
  if (network === undefined || above === undefined) {
    return undefined;
  }
  const source = valueOf(network, `${network.name}.src`) ?? '';
  const destination = valueOf(network, `${network.name}.dst`) ?? '';
  const echo = ECHO[above.name];
  if (echo !== undefined) {
    const type = valueOf(above, `${above.name}.type`);
    const isAnswer = type === echo[1];
    if (type !== echo[0] && !isAnswer) {
      return undefined;
    }
    const prefix = above.name === 'icmp' ? 'icmp' : 'icmpv6.echo';
    const ident = valueOf(above, above.name === 'icmp' ? 'icmp.ident' : `${prefix}.identifier`) ?? '';
    const sequence = valueOf(above, above.name === 'icmp' ? 'icmp.seq' : `${prefix}.sequence_number`) ?? '';
    const [asker, asked] = isAnswer ? [destination, source] : [source, destination];
    return { key: `echo ${asker} ${asked} ${ident} ${sequence}`, isAnswer };
  }
  if (above.name === 'tcp' && valueOf(above, 'tcp.flags.syn') === '1') {
    const isAnswer = valueOf(above, 'tcp.flags.ack') === '1';
    const from = `${source} ${valueOf(above, 'tcp.srcport') ?? ''}`;
    const to = `${destination} ${valueOf(above, 'tcp.dstport') ?? ''}`;
    return { key: isAnswer ? `syn ${to} ${from}` : `syn ${from} ${to}`, isAnswer };
  }
  return undefined;
}
