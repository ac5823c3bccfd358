/** A capture file's page: makes its parts, hands them what the editor tells, and tells the editor what the user does. */
import type { CapturedInterface, CaptureFileState, PanelEvent } from '../../src/simulation/panel-protocol';
import type { SimulationEvent } from '../../src/simulation/protocol';
import { registerControls } from '../controls/toolkit';
import { Host } from '../host';
import { parsePanelData } from '../panel-data';
import { setTranslations } from '../strings';
import { sinceMidnight } from '../trace/time-format';
import { TracePane } from '../trace/trace-pane';
import { CaptureBanners } from './capture-banners';
import { makeCaptureShell } from './capture-shell';
import { CaptureStatistics } from './capture-statistics';
import '../panel.css';
import '../controls/controls.css';
import '../trace/trace.css';
import '../filter/filter.css';
import '../tables/tables.css';
import '../statistics/statistics.css';
import './capture.css';

const data = parsePanelData(document.getElementById('panel-data')?.textContent);
setTranslations(data.strings);
registerControls();

const host = new Host(data.uri);
const shell = makeCaptureShell(host.state.shares, shares => host.keep({ shares }));
const banners = new CaptureBanners(shell.banners, () => host.post({ type: 'reload' }));
const trace = new TracePane(
  shell,
  host,
  {
    // There is no picture beside the list.
    packet: () => undefined,
    journey: () => undefined,
    toggleStatistics: () => showStatistics(!host.state.tables),
  },
  'capture',
);
const statistics = new CaptureStatistics(shell.statistics, {
  ask: request => host.simulate({ type: 'statistics', request }),
  filter: text => trace.filterBy(text),
  close: () => {
    showStatistics(false);
    trace.focus();
  },
});
let interfaces: readonly CapturedInterface[] = [];
/** ns since midnight of the first packet. */
let begun: number | undefined;

showStatistics(host.state.tables);
window.addEventListener('keydown', event => {
  if (event.key === 'Escape' && !event.defaultPrevented) {
    event.preventDefault();
    trace.closeInspector();
  }
});
host.listen(handle);
host.post({ type: 'ready' });

function showStatistics(shown: boolean): void {
  const had = host.state.tables;
  host.keep({ tables: shown });
  shell.showStatistics(shown);
  statistics.setOpen(shown);
  if (shown && !had) {
    statistics.focus();
  }
}

function handle(event: PanelEvent): void {
  switch (event.type) {
    case 'simulation':
      handleRecords(event.event);
      break;
    case 'capture-file':
      setState(event);
      break;
    case 'colour-rules':
      trace.setColourRules(event.rules);
      break;
    case 'capture-stale':
      banners.setStale(event.staleness);
      break;
    default:
      // What else there is concerns diagrams.
      break;
  }
}

function setState(state: CaptureFileState): void {
  const first =
    state.start === undefined ? undefined : sinceMidnight(state.start.seconds, state.start.nanoseconds);
  if (state.interfaces !== undefined || first !== begun) {
    interfaces = state.interfaces ?? interfaces;
    begun = first;
    trace.setCapture(interfaces, begun ?? 0);
  }
  banners.setState(state);
}

function handleRecords(event: SimulationEvent): void {
  switch (event.type) {
    case 'reset':
      trace.reset();
      banners.setFailure(undefined);
      statistics.changed();
      break;
    case 'clock':
      trace.setClock(event);
      statistics.changed();
      break;
    case 'records':
      trace.addRecords(event, () => undefined);
      host.simulate({ type: 'acknowledge', batch: event.batch });
      break;
    case 'rows':
      trace.addRows(event.request, event.rows);
      break;
    case 'packet':
      trace.showPacket(event.request, event.packet);
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
    case 'statistics':
      statistics.receive(event.request, event.statistics);
      break;
    case 'failed':
      banners.setFailure(event.message);
      break;
    default:
      // What else there is concerns networks.
      break;
  }
}
