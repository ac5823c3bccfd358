/** `set: { link | interface | rule, … }`: changes the network while it runs. */
import type { ResolvedSetStep } from '../../topology/resolved';
import type { StepContext, StepEnded } from './step-context';

export function runSet({ what }: ResolvedSetStep, { network }: StepContext, ended: StepEnded): void {
  switch (what.kind) {
    case 'cable': {
      const { cable, up, rate, delay, loss } = what;
      const change = {
        ...(up !== undefined && { up }),
        ...(rate !== undefined && { rate }),
        ...(delay !== undefined && { delay }),
        ...(loss !== undefined && { loss }),
      };
      const done = network.setCable(cable, change);
      const words = [
        ...(up === undefined ? [] : [up ? 'plugged in' : 'pulled']),
        ...(rate === undefined ? [] : [`${rate} bit/s`]),
        ...(delay === undefined ? [] : [`${delay / 1e6} ms`]),
        ...(loss === undefined ? [] : [`${loss * 100} % lost`]),
      ];
      ended(done, done ? `${cable}: ${words.join(', ')}` : `there is no cable ${cable}`);
      return;
    }
    case 'interface': {
      const done = network.setInterfaceUp(what.device, what.interface, what.up);
      const name = `${what.device}:${what.interface}`;
      ended(done, done ? `${name} is ${what.up ? 'up' : 'down'}` : `there is no interface ${name}`);
      return;
    }
    case 'rule': {
      const { device, rule, enabled } = what;
      const done = network.enableRule(device, rule, enabled);
      const text = `rule ${rule} of ${device} is ${enabled ? 'on' : 'off'}`;
      ended(done, done ? text : `${device} has no rule ${rule}`);
    }
  }
}
