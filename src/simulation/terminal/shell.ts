/** Runs the line that a user typed: finds the command and hands it its arguments. Output and messages are those of bash and the tools. */
import type { Command, CommandContext, RunningCommand } from './command';
import { curl } from './curl-command';
import { dig } from './dig-command';
import { ip } from './ip-command';
import { nc } from './nc-command';
import { ping } from './ping-command';
import { shellWords } from './shell-words';
import { arp, bridge, conntrack } from './table-commands';
import { tcpdump } from './tcpdump-command';
import { traceroute } from './traceroute-command';

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['arp', arp],
  ['bridge', bridge],
  ['conntrack', conntrack],
  ['curl', curl],
  ['dig', dig],
  ['ip', ip],
  ['nc', nc],
  ['ping', ping],
  ['tcpdump', tcpdump],
  ['traceroute', traceroute],
]);

/** What can be typed, for completion and for `help`. */
export const COMMAND_NAMES: readonly string[] = [...COMMANDS.keys(), 'help'].sort();

/** A line that is longer than this was not typed by hand. */
export const LONGEST_LINE = 4096;

export function runLine(line: string, context: CommandContext): RunningCommand | undefined {
  const [name = '', ...args] = shellWords(line.slice(0, LONGEST_LINE));
  const command = COMMANDS.get(name);
  if (command !== undefined) {
    return command(args, context);
  }
  if (name === 'help') {
    context.print(`${COMMAND_NAMES.join('  ')}\n`);
  } else if (name !== '') {
    context.print(`bash: ${name}: command not found\n`);
  }
  context.ended();
  return undefined;
}
