/** `traceroute` of Debian (traceroute 2.1): one line for each hop, three probes each. */
import type { TracerouteHop } from '../../engine/stack/traceroute';
import { formatIp } from '../../net/ip-address';
import { parseTarget } from '../targets';
import type { Command } from './command';
import { readOptions } from './options';

/** traceroute -q at most (traceroute(8)). */
const MOST_PROBES = 10;

/** ns that a look-up may take. */
const LOOKUP = 15e9;

export const traceroute: Command = (args, { network, topology, device, print, ended }) => {
  const read = readOptions(args, 'n46q:');
  const [name] = typeof read === 'string' ? [] : read.operands;
  if (typeof read === 'string' || name === undefined) {
    print(typeof read === 'string' ? `traceroute: ${read}\n` : 'Usage: traceroute [-n] [-q nqueries] host\n');
    ended();
    return undefined;
  }
  const written = Number(read.options.get('q') ?? 3);
  const probes = Number.isInteger(written) && written >= 1 && written <= MOST_PROBES ? written : 3;
  let interrupted = false;
  network.resolve(device, parseTarget(topology, name), LOOKUP, address => {
    const stack = network.stackOf(device);
    if (interrupted) {
      return;
    }
    if (address === undefined || stack === undefined) {
      print(
        `${name}: Name or service not known\nCannot handle "host" cmdline arg \`${name}' on position 1 (argc 1)\n`,
      );
      ended();
      return;
    }
    print(`traceroute to ${name} (${formatIp(address)}), 30 hops max, 60 byte packets\n`);
    stack.traceroute(address, { probesPerHop: probes }, found => {
      if (!interrupted) {
        const numeric = read.options.has('n');
        found.forEach((hop, index) => {
          print(`${hopLine(hop, index + 1, numeric)}\n`);
        });
        ended();
      }
    });
  });
  return {
    interrupt: () => {
      interrupted = true;
      print('^C\n');
      ended();
    },
  };
};

/** ` 1  10.1.0.1 (10.1.0.1)  0.068 ms  0.012 ms  0.010 ms`; a host that differs from the one before is named anew. */
function hopLine(hop: TracerouteHop, number: number, numeric: boolean): string {
  let named = '';
  const probes = hop.map(answer => {
    if (answer === undefined) {
      return ' *';
    }
    const address = formatIp(answer.from);
    const name = address === named ? '' : numeric ? ` ${address}` : ` ${address} (${address})`;
    named = address;
    return `${name}  ${(answer.time / 1e6).toFixed(3)} ms${answer.kind === 'unreachable' ? ' !H' : ''}`;
  });
  const line = `${String(number).padStart(2)} ${probes.join('')}`;
  return line;
}
