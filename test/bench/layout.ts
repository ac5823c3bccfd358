/** Layout in Node, as in the panel's worker: first drawings of 10 to 1,000 devices, and what an edit of one costs and moves. */
import type { ResolvedTopology } from '../../src/topology/resolved';
import { createInProcessEngine } from '../../webview/diagram/elk-in-process';
import { layoutDiagram, type LayoutOptionsOfCaller } from '../../webview/diagram/layout';
import { diagramModel } from '../../webview/diagram/model';
import { meanShift } from '../unit/diagram/mean-shift';
import { renamed, withGuest, withHost, withLink, withMember } from '../unit/diagram/random-edits';
import { campus, Dice, generatedTopology } from '../unit/diagram/sample-topologies';
import { busyness, distribution, inMilliseconds, median } from './distribution';

/** Drawings of each size after the first. */
const REPETITIONS = 5;
const EDITS_OF_A_KIND = 20;

/** Milliseconds in which an edited picture of 200 devices should be there again. */
const TARGET = 150;

/** Mean shift in px that layered layout with remembered places has (the best of those tried when the layout was chosen). */
const LAYERED = {
  50: { host: 48, member: 11, link: 56 },
  200: { host: 5, member: 5, link: 37 },
} as const;

const EDITS: Readonly<Record<string, (topology: ResolvedTopology, dice: Dice) => ResolvedTopology>> = {
  host: (topology, dice) => withHost(topology, 'new', dice),
  member: (topology, dice) => withMember(topology, 'new', dice),
  guest: (topology, dice) => withGuest(topology, 'new', dice),
  link: (topology, dice) => withLink(topology, 'new', dice),
  name: renamed,
};

const engine = createInProcessEngine();

/** The model is part of it: the panel makes it anew after each edit. */
async function timed(topology: ResolvedTopology, options?: LayoutOptionsOfCaller) {
  const begun = performance.now();
  const layout = await layoutDiagram(diagramModel(topology), engine, options);
  return { layout, took: performance.now() - begun };
}

console.log(
  `Layout in ms: all ways to turn the boxes that are tried, in Node ${process.version}; ${busyness()}`,
);
console.log('devices    first    then    width x height');
for (const devices of [10, 50, 200, 1000]) {
  const topology = devices <= 200 ? generatedTopology(devices, 4) : campus(devices);
  const { layout, took } = await timed(topology);
  const then: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    then.push((await timed(topology)).took);
  }
  const { width, height } = layout.drawing;
  console.log(
    `${String(devices).padStart(7)} ${took.toFixed(0).padStart(8)} ${median(then).toFixed(0).padStart(7)}    ${width.toFixed(0)} x ${height.toFixed(0)}`,
  );
}

for (const devices of [50, 200] as const) {
  const topology = generatedTopology(devices, devices === 50 ? 7 : 4);
  const { layout: before } = await timed(topology);
  const all: number[] = [];
  console.log(`\nAn edit of ${devices} devices; mean shift of what it does not concern; ${busyness()}`);
  for (const [name, edit] of Object.entries(EDITS)) {
    const times: number[] = [];
    const shifts: number[] = [];
    for (let roll = 1; roll <= EDITS_OF_A_KIND; roll++) {
      const edited = edit(topology, new Dice(Math.imul(roll, 0x9e3779b1)));
      const after = await timed(edited, { previous: before.memory });
      times.push(after.took);
      shifts.push(meanShift(before.drawing.nodes, after.layout.drawing.nodes));
    }
    all.push(...times);
    const shift = shifts.reduce((sum, each) => sum + each, 0) / shifts.length;
    const known = (LAYERED[devices] as Readonly<Record<string, number>>)[name];
    const beside = known === undefined ? '' : ` (layered, remembered: ${known})`;
    console.log(
      `${name.padEnd(7)} ${inMilliseconds(distribution(times))}  shift ${shift.toFixed(1)} px${beside}`,
    );
  }
  const target = devices === 200 ? `, target ${TARGET}` : '';
  console.log(`any     ${inMilliseconds(distribution(all))}${target}`);
}
