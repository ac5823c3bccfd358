/** The panel's page: makes its parts, hands them what the editor tells, and tells the editor what the user does. */
import type { PanelEvent, PictureFormat } from '../src/simulation/panel-protocol';
import type { SimulationEvent } from '../src/simulation/protocol';
import { topologyOf } from '../src/simulation/topology-text';
import type { ResolvedTopology } from '../src/topology/resolved';
import { Banners } from './controls/banners';
import { OutcomeLine } from './controls/outcome-line';
import { PingForm } from './controls/ping-form';
import { listenForShortcuts } from './controls/shortcuts';
import { SimulationControls } from './controls/simulation-controls';
import { registerControls } from './controls/toolkit';
import { Host } from './host';
import { parsePanelData } from './panel-data';
import { describeDrop } from './drop-words';
import { pictureFile } from './picture/picture-file';
import { makeShell } from './shell';
import { setTranslations, t } from './strings';
import { Timeline } from './timeline/timeline';
import { formatDuration } from './trace/time-format';
import { TablesPane, type SideTab } from './tables/tables-pane';
import { TracePane } from './trace/trace-pane';
import { DiagramPane } from './diagram-pane';
import './panel.css';
import './controls/controls.css';
import './trace/trace.css';
import './filter/filter.css';
import './timeline/timeline.css';
import './journey/journey.css';
import './tables/tables.css';
import './statistics/statistics.css';
import './diagram/diagram.css';
import './edit/edit.css';

/** The page's own script; files of the extension that the page fetches lie beside it. */
const scriptAddress = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : '';

const data = parsePanelData(document.getElementById('panel-data')?.textContent);
setTranslations(data.strings);
registerControls();

const host = new Host(data.uri);
const shell = makeShell(host.state.shares, shares => host.keep({ shares }));

const controls = new SimulationControls(shell.toolbar, {
  simulate: request => host.simulate(request),
  stepped: () => trace.expectStep(),
  fit: () => diagram.fit(),
  exportCapture: () => host.post({ type: 'command', command: 'vnet.exportCapture' }),
  ping: () => pingForm.toggle(),
});
const pingForm = new PingForm(shell.toolbar, {
  send: ({ from, to, count }) => {
    host.simulate({ type: 'ping', from, to, count });
    // What is asked should be answered: a simulation that stands begins to run. One that had finished goes on by itself.
    if (controls.clock?.state === 'paused') {
      host.simulate({ type: 'play' });
    }
  },
  toggled: open => {
    controls.setPinging(open);
    if (!open) {
      controls.focusPing();
    }
  },
});
const timeline = new Timeline(shell.timeline, {
  get records() {
    return trace.records;
  },
  counts: code => !describeDrop(code).quiet,
  seek: time => host.simulate({ type: 'seek', time }),
  step: () => controls.step(),
  stepBack: () => controls.stepBack(),
});
const banners = new Banners(shell.banners, {
  showProblems: () => host.post({ type: 'show-problems' }),
  restart: () => host.simulate({ type: 'restart' }),
});
const outcomes = new OutcomeLine(shell.outcomes);
const trace = new TracePane(shell, host, {
  packet: record => diagram.highlight(record),
  journey: hops => diagram.showJourney(hops),
});
const diagram = new DiagramPane(shell.diagram, {
  layoutScript: new URL('elk-worker.js', scriptAddress || document.baseURI).href,
  reveal: source => host.post({ type: 'reveal', source }),
  picked: device => tables.setDevice(device),
  toggleTables: () => showTables(!tables.isOpen),
  pinned: pins => host.post({ type: 'pins', pins }),
  look: host.state,
  keep: change => host.keep(change),
  announce: shell.announce,
  save: () => host.post({ type: 'command', command: 'vnet.exportDiagram' }),
  edit: edit => host.post({ type: 'edit', edit }),
  openTerminal: device => openTerminal(device),
  pullNow: (cable, up) => host.simulate({ type: 'cable', cable, up }),
});

const tables = new TablesPane(shell.tables, {
  ask: (request, device) => host.simulate({ type: 'tables', request, device }),
  askStatistics: request => host.simulate({ type: 'statistics', request }),
  filter: text => trace.filterBy(text),
  turned: sideTab => host.keep({ sideTab }),
  showRecord: record => trace.show(record),
  openTerminal: device => openTerminal(device),
  close: () => showTables(false),
});
showTables(host.state.tables, host.state.sideTab);

listenForShortcuts({
  playOrPause: () => controls.playOrPause(),
  step: () => controls.step(),
  stepBack: () => controls.stepBack(),
  nextHop: () => trace.nextHop(),
  view: number => diagram.chooseView(number),
  find: () => diagram.find(),
  edit: () => diagram.toggleEditing(),
  tables: () => showTables(!tables.isOpen),
  terminal: () => openTerminal(tables.device),
  close: () => trace.closeInspector(),
});
host.listen(handle);
host.post({ type: 'ready' });

function handle(event: PanelEvent): void {
  switch (event.type) {
    case 'simulation':
      handleSimulation(event.event);
      break;
    case 'topology':
      draw(topologyOf(event.topology));
      break;
    case 'stale':
      banners.setStale(event.problem);
      diagram.setStale(event.problem !== undefined);
      break;
    case 'pins':
      diagram.setPins(event.pins);
      break;
    case 'colour-rules':
      trace.setColourRules(event.rules);
      break;
    case 'picture':
      void savePicture(event.request, event.format);
      break;
    case 'edited':
      diagram.edited(event);
      break;
    case 'select':
      diagram.select(event.device);
      break;
    case 'capture-file':
    case 'capture-stale':
      // Of files that others captured: they have a page of their own.
      break;
  }
}

function draw(topology: ResolvedTopology): void {
  diagram.setTopology(topology);
  trace.setTopology(topology);
  tables.setTopology(topology);
  pingForm.setTopology(topology);
  banners.setPicture();
}

function showTables(open: boolean, tab?: SideTab): void {
  const had = tables.isOpen;
  shell.showTables(open);
  tables.setOpen(open, tab);
  diagram.setTables(open);
  host.keep({ tables: open });
  if (had !== open) {
    if (open) {
      tables.focus();
    } else {
      diagram.focusTables();
    }
  }
}

function openTerminal(device: string | undefined): void {
  if (device !== undefined) {
    host.post({ type: 'terminal', device });
  }
}

async function savePicture(request: number, format: PictureFormat): Promise<void> {
  try {
    host.post({ type: 'picture', request, picture: await pictureFile(await diagram.picture(), format) });
  } catch (error) {
    host.post({ type: 'picture', request, picture: error instanceof Error ? error.message : String(error) });
  }
}

function handleSimulation(event: SimulationEvent): void {
  switch (event.type) {
    case 'reset':
      trace.reset();
      diagram.reset();
      timeline.reset();
      outcomes.clear();
      tables.reset();
      banners.setFailure(undefined);
      if (event.until !== undefined) {
        outcomes.note(
          t('The file changed: simulated again up to {0}, with what you did.', formatDuration(event.until)),
        );
      }
      break;
    case 'rewound':
      trace.rewind(event.records);
      diagram.rewind(event.addresses, trace.records);
      outcomes.show(event.outcomes);
      break;
    case 'clock':
      controls.setClock(event);
      trace.setClock(event);
      timeline.setClock(event);
      diagram.setClock(event);
      tables.changed();
      break;
    case 'records':
      trace.addRecords(event, (number, record) => {
        diagram.addRecord(number, record);
        timeline.addRecord(number, record);
      });
      host.simulate({ type: 'acknowledge', batch: event.batch });
      break;
    case 'comments':
      trace.setComments(event.comments);
      break;
    case 'rows':
      trace.addRows(event.request, event.rows);
      break;
    case 'packet':
      trace.showPacket(event.request, event.packet);
      break;
    case 'journey':
      trace.showJourney(event.request, event.journey);
      break;
    case 'matches':
      trace.addMatches(event);
      host.simulate({ type: 'acknowledge-matches', batch: event.batch });
      break;
    case 'conversation':
      trace.setConversation(event.request, event.conversation);
      break;
    case 'stream':
      trace.showStream(event.request, event.stream);
      break;
    case 'tables':
      tables.receive(event.request, event.tables);
      break;
    case 'statistics':
      tables.receiveStatistics(event.request, event.statistics);
      break;
    case 'terminal':
      // Terminals are VS Code's own.
      break;
    case 'capture':
      // The editor asks for captures and saves them; none is for the page.
      break;
    case 'addresses':
      trace.setAddresses(event);
      diagram.setAddresses(event.device, event.port, event.addresses);
      break;
    case 'cables':
      diagram.setCablesDown(event.down);
      break;
    case 'outcome':
      outcomes.add(event.outcome);
      break;
    case 'failed':
      banners.setFailure(event.message);
      break;
  }
}
