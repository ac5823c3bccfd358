/** What a capture file says of packets that were stopped. */
import { describe, expect, it } from 'vitest';
import type { DropReason, Refusal } from '../../../src/engine/kernel/drop-reason';
import { dropReasonCode } from '../../../src/engine/kernel/drop-reason';
import { captureOf } from '../../../src/simulation/capture';
import { PacketStore } from '../../../src/trace/packet-store';
import { readCapture } from '../../../src/trace/pcap-reader';

const PORTS = ['a', 'b'].map((device, number) => ({
  device,
  name: 'eth0',
  peer: 1 - number,
  carries: 'ethernet' as const,
}));

describe('the comment of a dropped packet', () => {
  it.each<[string, Refusal, string]>([
    [
      'names the firewall rule',
      { reason: 'firewall', rule: 'no-strangers' },
      'dropped: firewall: a firewall rule stopped it (rule no-strangers)',
    ],
    [
      'names none where none stopped it',
      { reason: 'link-down' },
      'dropped: link-down: one end of the cable is switched off',
    ],
  ])('%s', (_what, { reason, rule }, comment) => {
    const store = new PacketStore<DropReason>({ reasonCode: dropReasonCode });
    const frame = { bytes: new Uint8Array(60), id: 1 };
    store.transmitted(1000, 2000, 0, frame, -1);
    store.dropped(2000, 1, frame, reason, 0, rule);
    const { packets } = readCapture(captureOf(store, PORTS));
    expect(packets.map(({ comments }) => comments)).toEqual([[], [comment]]);
  });

  it('tells two rules apart that stopped one frame after another', () => {
    const store = new PacketStore<DropReason>({ reasonCode: dropReasonCode });
    const rules = ['one', 'two', 'one'];
    rules.forEach((rule, index) => {
      store.dropped(index, 0, { bytes: new Uint8Array(60), id: index }, 'firewall', -1, rule);
    });
    const said = readCapture(captureOf(store, PORTS)).packets.flatMap(({ comments }) => comments);
    expect(said.map(comment => /\(rule (.*)\)$/.exec(comment)?.[1])).toEqual(rules);
  });
});
