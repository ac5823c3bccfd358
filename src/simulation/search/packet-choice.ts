/** Which packets of the trace a capture file gets: those at some points of the network that a filter lets through. */
import { compileFilter, type DisplayFilter } from '../../trace/filter/filter';
import type { PacketChoice } from '../../trace/pcapng';
import type { TraceView } from '../trace-view';
import type { CapturePoint } from './capture-point';
import { FirstHops } from './first-hop';
import { RecordPacket } from './record-packet';
import { StreamNumbers } from './stream-numbers';

export interface CaptureSelection {
  /** A display filter; empty for all. One that can't be read lets nothing through. */
  readonly filter: string;
  /** What any of these would have captured. */
  readonly points: readonly CapturePoint[];
}

/** A transmission is two packets, one where it leaves and one where it arrives: each is chosen by its own point. */
export function packetChoice({ filter, points }: CaptureSelection, view: TraceView): PacketChoice {
  const compiled = compileFilter(filter);
  if ('problem' in compiled) {
    return () => false;
  }
  const passes = filter.trim() === '' ? (): boolean => true : passing(compiled, view);
  const here = points.map(point => standingAt(point, view));
  return (record, port) => here.some(isHere => isHere(record, port)) && passes(record);
}

/** Records are asked about in their order, both packets of one after the other: these pass or not together. */
function passing(filter: DisplayFilter, view: TraceView): (record: number) => boolean {
  const streams = filter.needsStreams ? new StreamNumbers(view) : undefined;
  let last = -1;
  let passed = false;
  return record => {
    if (record !== last) {
      last = record;
      streams?.takeTo(record);
      passed = filter.matches(new RecordPacket(view, record, streams));
    }
    return passed;
  };
}

function standingAt(point: CapturePoint, view: TraceView): PacketChoice {
  switch (point.kind) {
    case 'everywhere':
      return () => true;
    case 'device':
      return (_record, port) => view.ports[port]?.device === point.device;
    case 'interface':
      return (_record, port) =>
        view.ports[port]?.device === point.device && view.ports[port].name === point.port;
    case 'once': {
      const firstHops = new FirstHops(view);
      return (record, port) => port === view.port(record) && firstHops.has(record);
    }
  }
}
