// Runs the benchmark networks in the engine and in Debian's ns-3, one after the other in turn, and prints ratios.
//   npm run bench [-- engine --packets 1000000 --repetitions 3]
// A frame-hop is one frame received by one port. CPU seconds are user and system time of the run, set-up excluded.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: { packets: { type: 'string', default: '1000000' }, repetitions: { type: 'string', default: '3' } },
});
const repetitions = Number(values.repetitions);

/** Semi-spaces as small as in the extension's thread (src/simulation/session.ts: a third of its young generation). */
const HEAP = '--max-semi-space-size=8';

/** Frames received for each packet delivered, the same in both simulators. */
const SCENARIOS = [
  { name: 'pair', title: 'two hosts and a switch', hops: 2, packets: Number(values.packets) },
  { name: 'tree', title: '100 hosts, 11 switches', hops: 4, packets: Number(values.packets) },
  { name: 'line', title: 'line of 10 routers', hops: 11, packets: Math.round(Number(values.packets) * 0.3) },
];

const work = await mkdtemp(join(tmpdir(), 'vnet-bench-'));
try {
  const engine = await buildEngine();
  const ns3 = buildNs3();
  const rows = [];
  for (const scenario of SCENARIOS) {
    rows.push(measure(scenario, engine, ns3));
  }
  print(rows, ns3 !== undefined);
  printTree1000(engine);
} finally {
  await rm(work, { recursive: true, force: true });
}

async function buildEngine() {
  const file = join(work, 'engine-bench.mjs');
  await build({
    entryPoints: [resolve('test/bench/engine-bench.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: file,
    logLevel: 'error',
  });
  return file;
}

/** The peer's program; undefined, with the reason printed, where it can't be had. */
function buildNs3() {
  const source = resolve('../shared/oracle/ns3/ns3bench.cc');
  if (!existsSync(source)) {
    console.log(`no comparison: ${source} is not here, so only the engine runs`);
    return undefined;
  }
  if (!existsSync('/usr/include/ns3-dev') && !existsSync('/usr/include/ns3')) {
    console.log('installing libns3-dev');
    const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
    const command = [...sudo, 'apt-get', 'install', '-y', '--no-install-recommends', 'libns3-dev', 'g++'];
    const done = spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] });
    if (done.status !== 0) {
      console.log(`no comparison: "${command.join(' ')}" failed, so only the engine runs`);
      return undefined;
    }
  }
  console.log('compiling the ns-3 program');
  const program = join(work, 'ns3bench');
  const modules = [
    'internet',
    'csma',
    'bridge',
    'point-to-point',
    'applications',
    'traffic-control',
    'network',
    'stats',
    'core',
  ];
  execFileSync('g++', ['-O3', '-std=c++17', source, '-o', program, ...modules.map(name => `-lns3-${name}`)], {
    stdio: 'inherit',
  });
  return program;
}

function measure(scenario, engine, ns3) {
  const runs = { engineOff: [], engineOn: [], ns3Off: [], ns3On: [] };
  for (let repetition = 0; repetition < repetitions; repetition++) {
    process.stdout.write(`${scenario.name}: run ${repetition + 1} of ${repetitions}\n`);
    runs.engineOff.push(runEngine(engine, scenario, 'off'));
    runs.engineOn.push(runEngine(engine, scenario, 'on'));
    if (ns3 !== undefined) {
      runs.ns3Off.push(runNs3(ns3, scenario, false));
      runs.ns3On.push(runNs3(ns3, scenario, true));
    }
  }
  const rate = list => median(list.map(run => (run.delivered * scenario.hops) / run.cpu_s));
  const traced = runs.engineOn.at(-1);
  return {
    scenario,
    engineOff: rate(runs.engineOff),
    engineOn: rate(runs.engineOn),
    ns3Off: rate(runs.ns3Off),
    ns3On: rate(runs.ns3On),
    bytesPerRecord: traced.trace_bytes / Math.min(traced.frames, traced.trace_records),
    rss: median(runs.engineOff.map(run => run.rss_mb)),
    rssTraced: median(runs.engineOn.map(run => run.rss_mb)),
    exported: traced.export_records / traced.export_cpu_s,
  };
}

function runEngine(file, scenario, trace) {
  return JSON.parse(
    execFileSync(process.execPath, [HEAP, file, scenario.name, String(scenario.packets), trace], {
      encoding: 'utf8',
    }),
  );
}

function runNs3(program, scenario, pcap) {
  const args = [
    `--scenario=${scenario.name}`,
    `--packets=${scenario.packets}`,
    `--pcap=${pcap ? 1 : 0}`,
    `--prefix=${join(work, 'cap')}`,
  ];
  return JSON.parse(execFileSync(program, args, { encoding: 'utf8' }));
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[Math.floor(sorted.length / 2)];
}

function print(rows, compared) {
  console.log(
    `\nFrame-hops per CPU-second, median of ${repetitions}; packets of 106 bytes, 1 Gbit/s, checksums on;\nexported: records written as pcapng per CPU-second, two packets each`,
  );
  console.log(
    'network                  trace off    ns-3  ratio   trace on  ns-3 pcap  ratio  bytes/record  MB  MB traced  exported/s',
  );
  for (const row of rows) {
    const cells = [
      row.scenario.title.padEnd(24),
      thousands(row.engineOff).padStart(9),
      (compared ? thousands(row.ns3Off) : '-').padStart(7),
      (compared ? `${(row.engineOff / row.ns3Off).toFixed(1)}x` : '-').padStart(6),
      thousands(row.engineOn).padStart(10),
      (compared ? thousands(row.ns3On) : '-').padStart(10),
      (compared ? `${(row.engineOn / row.ns3On).toFixed(1)}x` : '-').padStart(6),
      row.bytesPerRecord.toFixed(0).padStart(13),
      row.rss.toFixed(0).padStart(3),
      row.rssTraced.toFixed(0).padStart(10),
      thousands(row.exported).padStart(11),
    ];
    console.log(cells.join(' '));
  }
}

function printTree1000(engine) {
  const run = runEngine(engine, { name: 'tree1000', packets: 200_000 }, 'off');
  console.log(
    `\n1,000-host tree: ${thousands((run.delivered * 4) / run.cpu_s)} frame-hops per CPU-second, ${run.rss_mb.toFixed(0)} MB`,
  );
}

function thousands(number) {
  return `${Math.round(number / 1000)}k`;
}
