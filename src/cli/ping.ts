/** `vnet ping FILE FROM TO`: what a user's ping would say. */
import { formatIp, isIpv4 } from '../net/ip-address';
import { PING_DATA, pingLine, pingSummary, replyLine, type PingResult } from '../simulation/outcome-text';
import { Simulation } from '../simulation/simulation';
import { canPing } from '../simulation/targets';
import type { ResolvedTopology } from '../topology/resolved';
import { UsageError, type CommandIo, type ExitStatus } from './command-io';
import { loadTopology } from './topology-source';

export interface PingCommandOptions {
  readonly count: number;
  readonly seed?: number;
  readonly json?: boolean;
}

/** Bytes of IPv4 and ICMP echo header, which `ping` adds in its first line (RFC 791, RFC 792). */
const HEADERS = 28;

/** Events between two looks at whether the ping has ended. */
const EVENTS_AT_ONCE = 1000;

export function ping(
  path: string,
  from: string,
  to: string,
  options: PingCommandOptions,
  io: CommandIo,
): ExitStatus {
  const topology = loadTopology(path, io);
  if (topology === undefined) {
    return 1;
  }
  requireDevice(topology, from);
  const result = pingOnce(topology, from, to, options);
  if (options.json === true) {
    io.out(`${JSON.stringify(forMachines(from, to, result))}\n`);
  } else if (result.address === undefined) {
    io.error(`${pingLine(to, result)}\n`);
  } else {
    io.out(textOf(to, result));
  }
  return result.replies.some(reply => reply.result === 'reply') ? 0 : 1;
}

function pingOnce(
  topology: ResolvedTopology,
  from: string,
  to: string,
  { count, seed }: PingCommandOptions,
): PingResult {
  const simulation = new Simulation(topology, {
    scenarios: [],
    ...(seed === undefined ? {} : { seed }),
  });
  let ended: PingResult | undefined;
  simulation.ping(from, to, count, undefined, result => {
    ended = result;
  });
  while (ended === undefined && simulation.runOn(Number.MAX_SAFE_INTEGER, EVENTS_AT_ONCE)) {
    // The work is done by runOn.
  }
  return ended ?? { address: undefined, problem: 'the network came to rest without an answer', replies: [] };
}

function requireDevice(topology: ResolvedTopology, id: string): void {
  const device = topology.devices.find(candidate => candidate.id === id);
  if (device === undefined || !canPing(device)) {
    const names = topology.devices.filter(canPing).map(candidate => candidate.id);
    const reason = device === undefined ? `there is no device ${id}` : `${id} can't ping`;
    throw new UsageError(`${reason}; ping from one of: ${names.join(', ')}`);
  }
}

function textOf(to: string, result: PingResult): string {
  const address = result.address === undefined ? '?' : formatIp(result.address);
  const lines = [
    heading(to, address, result.address !== undefined && !isIpv4(result.address)),
    ...result.replies.map(reply => replyLine(result, reply)),
    '',
    `--- ${to} ping statistics ---`,
    ...pingSummary(result),
  ];
  return lines.map(line => `${line}\n`).join('');
}

/** The first line of iputils `ping`, which differs between the versions of IP. */
function heading(to: string, address: string, ipv6: boolean): string {
  return ipv6
    ? `PING ${to}(${address}) ${PING_DATA} data bytes`
    : `PING ${to} (${address}) ${PING_DATA}(${PING_DATA + HEADERS}) bytes of data.`;
}

function forMachines(from: string, to: string, result: PingResult): object {
  const { address, problem, replies } = result;
  return {
    from,
    to,
    ...(address === undefined ? {} : { address: formatIp(address) }),
    ...(problem === undefined ? {} : { problem }),
    replies: replies.map(reply => ({
      ...reply,
      ...(reply.from === undefined ? {} : { from: formatIp(reply.from) }),
    })),
  };
}
