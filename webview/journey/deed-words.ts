/** What a device did with a packet, in a plain sentence. */
import type { Deed } from '../../src/simulation/protocol';
import { t } from '../strings';

export function deedWords(device: string, deed: Deed): string {
  switch (deed.kind) {
    case 'passed':
      return t('{0} passed it on unchanged.', device);
    case 'routed':
      return t('{0} routed it: hops left {1} → {2}.', device, deed.before, deed.after);
    case 'readdressed':
      return t('{0} addressed it to the next station: {1} → {2}.', device, deed.before, deed.after);
    case 'source-rewritten':
      return t('{0} rewrote the source: {1} → {2}.', device, deed.before, deed.after);
    case 'destination-rewritten':
      return t('{0} rewrote the destination: {1} → {2}.', device, deed.before, deed.after);
    case 'tagged':
      return t('{0} tagged it for VLAN {1}.', device, deed.vlan);
    case 'untagged':
      return t('{0} took the tag of VLAN {1} off.', device, deed.vlan);
    case 'retagged':
      return t('{0} moved it from VLAN {1} to VLAN {2}.', device, deed.before, deed.after);
    case 'wrapped':
      return t('{0} put it into {1}.', device, deed.layers.join(' / '));
    case 'unwrapped':
      return t('{0} took it out of {1}.', device, deed.layers.join(' / '));
    case 'fragmented':
      return t('{0} cut it into fragments; this one begins at {1}.', device, Number(deed.offset) * 8);
    case 'reassembled':
      return t('{0} put its fragments together.', device);
    case 'made-anew':
      return t('{0} ended the connection and speaks in one of its own.', device);
    case 'changed':
      return t('{0} changed {1}: {2} → {3}.', device, deed.label, deed.before, deed.after);
  }
}
