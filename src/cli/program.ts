/** The command line: which commands there are, what they take, and how they end. */
import { Command, CommanderError, Option } from 'commander';
import { version } from '../../package.json';
import { check, type CheckOptions } from './check';
import { UsageError, type CommandIo, type ExitStatus } from './command-io';
import { dissect, FORMATS, type DissectOptions } from './dissect';
import { layout, THEMES, VIEWS, type LayoutCommandOptions } from './layout';
import { countValue, durationValue, seedValue } from './option-values';
import { ping, type PingCommandOptions } from './ping';
import { run, type RunOptions } from './run';
import { test, type TestOptions } from './test';

/** Runs one call, `['check', 'a.vnet.yaml']`, and returns its exit status; it never rejects. */
export async function runCli(words: readonly string[], io: CommandIo): Promise<ExitStatus> {
  let status: ExitStatus = 0;
  const program = makeProgram(io, ended => {
    status = ended;
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return status;
  } catch (error) {
    return statusOf(error, io);
  }
}

/** Commander has told its own errors already. */
function statusOf(error: unknown, io: CommandIo): ExitStatus {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  io.error(`vnet: ${error instanceof UsageError ? message : `this should not have happened: ${message}`}\n`);
  return 2;
}

function makeProgram(io: CommandIo, ended: (status: ExitStatus) => void): Command {
  const program = new Command('vnet')
    .description('Simulates virtual networks packet by packet, from a topology file.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.error })
    .showSuggestionAfterError();
  program
    .command('check')
    .description('read and validate topology files')
    .argument('<file...>', 'topology files')
    .option('--json', 'print the diagnostics as a JSON array')
    .action((files: string[], options: CheckOptions) => ended(check(files, options, io)));
  program
    .command('run')
    .description('boot every device and run the scenarios, with a line for every packet')
    .argument('<file>', 'topology file')
    .option('--scenario <name>', 'run this scenario only')
    .option('--until <time>', 'stop at this virtual time: 10s, 500ms', durationValue)
    .option('--seed <number>', 'seed of everything random', seedValue)
    .option('--pcap <file>', 'write the capture as pcapng, every interface a capture point')
    .option('--json', 'print JSON lines')
    .action((file: string, options: RunOptions) => ended(run(file, options, io)));
  program
    .command('test')
    .description('run the scenarios, each on a simulation of its own')
    .argument('<file...>', 'topology files')
    .option('--junit <file>', 'write a JUnit report')
    .option('--seed <number>', 'seed of everything random', seedValue)
    .option('--json', 'print JSON')
    .action((files: string[], options: TestOptions) => ended(test(files, options, io)));
  program
    .command('ping')
    .description('ping in the simulation and say what a user’s ping would say')
    .argument('<file>', 'topology file')
    .argument('<from>', 'device that pings')
    .argument('<to>', 'address, name, device or device:interface')
    .option('-c, --count <number>', 'echo requests to send', countValue, 4)
    .option('--seed <number>', 'seed of everything random', seedValue)
    .option('--json', 'print JSON')
    .action((file: string, from: string, to: string, options: PingCommandOptions) =>
      ended(ping(file, from, to, options, io)),
    );
  program
    .command('layout')
    .description('draw the diagram as SVG, devices where the user put them')
    .argument('<file>', 'topology file')
    .requiredOption('--out <file>', 'SVG file to write')
    .addOption(new Option('--view <name>', 'how to look at the network').choices(VIEWS).default('cabling'))
    .option('--no-pins', 'lay out every device anew')
    .addOption(new Option('--theme <name>', 'colours').choices(THEMES).default('light'))
    .action(async (file: string, options: LayoutCommandOptions) => ended(await layout(file, options, io)));
  program
    .command('dissect')
    .description('read a capture file (pcap, pcapng) with the dissector of the panel')
    .argument('<capture>', 'capture file')
    .option('-Y, --filter <filter>', 'print only the packets that this display filter lets pass')
    .addOption(new Option('-T, --format <format>', 'what to print').choices(FORMATS).default('text'))
    .action((file: string, options: DissectOptions) => ended(dissect(file, options, io)));
  return program;
}
