/** The diagram alone on a page, with samples and records made up, driven from outside through `window.look`. */
import { createWorkerEngine } from '../../webview/diagram/elk-in-worker';
import { DiagramView } from '../../webview/diagram/diagram-view';
import * as samples from '../unit/diagram/sample-topologies';

const SAMPLES = {
  home: samples.homeWithTwoNatGuests,
  modes: samples.virtualBoxModes,
  office: samples.office,
  gen20: () => samples.generatedTopology(20, 1),
  gen60: () => samples.generatedTopology(60, 3),
  gen200: () => samples.generatedTopology(200, 4),
  empty: () => ({ name: '', devices: [], cables: [], scenarios: [] }),
};

const picked = [];
const view = new DiagramView(document.getElementById('place'), {
  engine: createWorkerEngine('elk-worker.js'),
  onSelect: device => picked.push(device),
  describeDrop: code => ({ text: code === 1 ? 'no route leads to the destination' : '', quiet: code !== 1 }),
});

let shown = SAMPLES.empty();

/** Records number ports through all devices. */
function portNumber(device, port) {
  const ports = shown.devices.flatMap(one => one.ports.map(each => `${one.id}:${each.name}`));
  return ports.indexOf(`${device}:${port}`);
}

window.look = {
  view,
  picked,
  show: sample => {
    shown = SAMPLES[sample]();
    view.setTopology(shown);
  },
  topology: () => structuredClone(shown),
  showTopology: topology => {
    shown = topology;
    view.setTopology(topology);
  },
  record: (device, port, protocol, change = {}) => ({
    departure: 0,
    arrival: 1000,
    port: portNumber(device, port),
    cause: -1,
    length: 98,
    protocol,
    drop: 0,
    ...change,
  }),
};
