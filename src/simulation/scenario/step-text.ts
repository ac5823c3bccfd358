/** A step in the words of its author, for a line that says how it ended. */
import { formatIp } from '../../net/ip-address';
import type { ResolvedExpectStep, ResolvedSetStep, ResolvedStep } from '../../topology/resolved';
import { formatTarget } from '../targets';

export function stepText(step: ResolvedStep): string {
  switch (step.kind) {
    case 'ping':
    case 'traceroute':
      return `${step.kind} ${formatTarget(step.to)} from ${step.from}`;
    case 'dns':
      return `dns ${step.name} from ${step.from}`;
    case 'tcp':
    case 'udp':
      return `${step.kind} ${formatTarget(step.to)}:${step.port} from ${step.from}`;
    case 'http':
      return `http http://${step.host}${step.port === 80 ? '' : `:${step.port}`}${step.path} from ${step.from}`;
    case 'dhcp':
      return `dhcp ${step.action} at ${step.node}`;
    case 'wait':
      return `wait ${step.time / 1e9} s`;
    case 'set':
      return `set ${settingText(step.what)}`;
    case 'expect':
      return `expect ${expectationText(step.what)} at ${step.node}`;
    case 'capture':
      return `capture at ${step.device}:${step.port}`;
  }
}

function settingText(what: ResolvedSetStep['what']): string {
  switch (what.kind) {
    case 'cable':
      return what.cable;
    case 'interface':
      return `${what.device}:${what.interface} ${what.up ? 'up' : 'down'}`;
    case 'rule':
      return `${what.rule} of ${what.device} ${what.enabled ? 'on' : 'off'}`;
  }
}

function expectationText(what: ResolvedExpectStep['what']): string {
  switch (what.kind) {
    case 'lease':
      return `lease ${what.address === 'none' ? 'none' : formatIp(what.address)}`;
    case 'neighbour':
      return `neighbour ${formatIp(what.address)}`;
    case 'route':
      return `route ${what.text}`;
    case 'mac':
      return `station ${what.text}`;
  }
}
