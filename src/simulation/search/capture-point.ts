/** Where one listens: which records a capture at some point of the network would have. */
import type { TracePort } from '../link-type';
import type { TraceView } from '../trace-view';
import { FirstHops } from './first-hop';

export type CapturePoint =
  | { readonly kind: 'everywhere' }
  /** All interfaces of one device: what they send, what reaches them, and what is dropped there. */
  | { readonly kind: 'device'; readonly device: string }
  | { readonly kind: 'interface'; readonly device: string; readonly port: string }
  /** Each packet where it sets out, and on no later hop. */
  | { readonly kind: 'once' };

/** Whether a record belongs to what one listens to. */
export type Listening = (record: number) => boolean;

/** Undefined where all records belong to it. */
export function listeningAt(point: CapturePoint, view: TraceView): Listening | undefined {
  switch (point.kind) {
    case 'everywhere':
      return undefined;
    case 'device':
      return atPorts(view, port => port.device === point.device);
    case 'interface':
      return atPorts(view, port => port.device === point.device && port.name === point.port);
    case 'once': {
      const firstHops = new FirstHops(view);
      return record => firstHops.has(record);
    }
  }
}

function atPorts(view: TraceView, isHere: (port: TracePort) => boolean): Listening {
  const here = Uint8Array.from(view.ports, port => (isHere(port) ? 1 : 0));
  return record => here[view.port(record)] === 1 || here[view.receiver(record)] === 1;
}
