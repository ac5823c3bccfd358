import { describe, expect, it } from 'vitest';
import { BROADCAST_MAC, formatMac } from '../../../../../src/net/mac-address';
import { mac } from '../../topologies';
import { SwitchBench, type PortSketch } from './switch-bench';

const A = '08:00:27:00:00:0a';
const B = '08:00:27:00:00:0b';
const C = '08:00:27:00:00:0c';
const HOST = '0a:00:27:00:00:00';
const NESTED = '52:54:00:99:99:99';

/** A frame of no protocol in particular. */
function frame(to: string, from: string, type = 0x88b5): Uint8Array {
  const bytes = new Uint8Array(60);
  const view = new DataView(bytes.buffer);
  [to, from].forEach((text, index) => {
    const value = mac(text);
    view.setUint16(index * 6, Math.floor(value / 2 ** 32));
    view.setUint32(index * 6 + 2, value % 2 ** 32);
  });
  view.setUint16(12, type);
  return bytes;
}

const BROADCAST = formatMac(BROADCAST_MAC);
const adapter = (address: string, more: Partial<PortSketch> = {}): PortSketch => ({
  role: 'adapter',
  mac: address,
  ...more,
});

describe('an internal network', () => {
  const bench = () => new SwitchBench('internal', { a: adapter(A), b: adapter(B), c: adapter(C) });

  it('carries known unicast to its adapter alone, before that has ever sent', () => {
    expect(bench().send('a', frame(B, A))).toEqual(['b']);
  });

  it.each([BROADCAST, '01:00:5e:00:00:fb', '33:33:00:00:00:01', '01:80:c2:00:00:00'])(
    'carries %s to all but the sender',
    group => {
      expect(bench().send('a', frame(group, A))).toEqual(['b', 'c']);
    },
  );

  it('does not flood unknown unicast, and says so', () => {
    const one = bench();
    expect(one.send('a', frame(NESTED, A))).toEqual([]);
    expect(one.recorder.reasons).toEqual(['no-such-adapter']);
  });

  it('does not learn: a guest that changes its address is heard and gets no answer', () => {
    const one = bench();
    expect(one.send('a', frame(B, NESTED))).toEqual(['b']);
    expect(one.send('b', frame(NESTED, B))).toEqual([]);
    expect(one.send('b', frame(A, B))).toEqual(['a']);
  });

  it('carries a guest that takes another’s address as its source, and answers to whom the address belongs', () => {
    const one = bench();
    expect(one.send('a', frame(B, C))).toEqual(['b']);
    expect(one.send('b', frame(C, B))).toEqual(['c']);
  });

  it('gives both of two clones with one address what is for it', () => {
    const one = new SwitchBench('internal', { a: adapter(A), b: adapter(B), clone: adapter(B) });
    expect(one.send('a', frame(B, A))).toEqual(['b', 'clone']);
    expect(one.send('b', frame(B, B))).toEqual(['clone']);
  });

  it('a frame to its own sender goes nowhere', () => {
    const one = bench();
    expect(one.send('a', frame(A, A))).toEqual([]);
    expect(one.recorder.reasons).toEqual(['same-port']);
  });

  it('passes tagged frames as they are', () => {
    const one = bench();
    const tagged = frame(B, A, 0x8100);
    expect(one.send('a', tagged)).toEqual(['b']);
    expect(one.heard('b')).toEqual(tagged);
  });

  it('an adapter with its cable off neither hears nor counts', () => {
    const one = new SwitchBench('internal', {
      a: adapter(A),
      b: adapter(B, { unplugged: true }),
      c: adapter(C),
    });
    expect(one.send('a', frame(BROADCAST, A))).toEqual(['c']);
    expect(one.send('a', frame(B, A))).toEqual([]);
    expect(one.recorder.reasons).toEqual(['no-such-adapter']);
  });

  it('a frame shorter than an Ethernet header is malformed', () => {
    const one = bench();
    expect(one.send('a', new Uint8Array(13))).toEqual([]);
    expect(one.recorder.reasons).toEqual(['malformed']);
  });

  it('an adapter whose address nobody set gets everything until it first sends', () => {
    const one = new SwitchBench('internal', { a: adapter(A), b: adapter(B), dummy: { role: 'adapter' } });
    expect(one.send('a', frame(B, A))).toEqual(['b', 'dummy']);
    one.send('dummy', frame(A, C));
    expect(one.send('a', frame(B, A))).toEqual(['b']);
    expect(one.send('a', frame(C, A))).toEqual(['dummy']);
  });
});

describe('promiscuous mode', () => {
  const bench = (policy: PortSketch['promiscuous'], listening = true) =>
    new SwitchBench('bridged', {
      a: adapter(A),
      b: adapter(B),
      bridge: adapter(C, { promiscuous: policy!, listening }),
      host: { role: 'host', mac: HOST },
      wire: { role: 'wire' },
    });

  it('is denied: a bridge or VM nested in a guest gets no unicast', () => {
    const one = bench('deny');
    expect(one.send('bridge', frame(A, NESTED))).toEqual(['a']);
    expect(one.send('a', frame(NESTED, A))).toEqual(['wire']);
    expect(one.send('a', frame(B, A))).toEqual(['b']);
  });

  it('with allow-vms sees what guests send, and of the trunk what is for one of them', () => {
    const one = bench('allow-vms');
    expect(one.send('a', frame(NESTED, A))).toEqual(['bridge', 'wire']);
    expect(one.send('a', frame(B, A))).toEqual(['b', 'bridge']);
    expect(one.send('wire', frame(B, NESTED))).toEqual(['b', 'bridge']);
    expect(one.send('wire', frame(HOST, NESTED))).toEqual(['host']);
    expect(one.send('wire', frame('02:00:00:00:00:77', NESTED))).toEqual([]);
  });

  it('with allow-all sees the trunk as well', () => {
    const one = bench('allow-all');
    expect(one.send('a', frame(NESTED, A))).toEqual(['bridge', 'wire']);
    expect(one.send('wire', frame(HOST, NESTED))).toEqual(['bridge', 'host']);
    expect(one.send('wire', frame('02:00:00:00:00:77', NESTED))).toEqual(['bridge']);
    expect(one.send('host', frame('02:00:00:00:00:77', HOST))).toEqual(['bridge', 'wire']);
  });

  it('is a matter of the guest, too: its card must ask for it', () => {
    const one = bench('allow-all', false);
    expect(one.send('a', frame(B, A))).toEqual(['b']);
  });
});

describe('a host-only network', () => {
  const bench = () =>
    new SwitchBench('host-only', { a: adapter(A), b: adapter(B), host: { role: 'host', mac: HOST } });

  it('joins guests and the host', () => {
    const one = bench();
    expect(one.send('a', frame(HOST, A))).toEqual(['host']);
    expect(one.send('host', frame(A, HOST))).toEqual(['a']);
    expect(one.send('host', frame(BROADCAST, HOST))).toEqual(['a', 'b']);
  });

  it('the host sees what guests say to each other, as tcpdump on vboxnet0 does', () => {
    expect(bench().send('a', frame(B, A))).toEqual(['b', 'host']);
  });
});

describe('a bridged network card', () => {
  const bench = () =>
    new SwitchBench('bridged', {
      a: adapter(A),
      b: adapter(B),
      host: { role: 'host', mac: HOST },
      wire: { role: 'wire' },
    });
  const LAN = '02:00:00:00:00:77';

  it('keeps what is for a guest or the host off the wire', () => {
    const one = bench();
    expect(one.send('a', frame(B, A))).toEqual(['b']);
    expect(one.send('a', frame(HOST, A))).toEqual(['host']);
    expect(one.send('host', frame(A, HOST))).toEqual(['a']);
    expect(one.send('wire', frame(A, LAN))).toEqual(['a']);
    expect(one.send('wire', frame(HOST, LAN))).toEqual(['host']);
  });

  it('sends the rest to the wire', () => {
    const one = bench();
    expect(one.send('a', frame(LAN, A))).toEqual(['wire']);
    expect(one.send('host', frame(LAN, HOST))).toEqual(['wire']);
    expect(one.send('a', frame(BROADCAST, A))).toEqual(['b', 'host', 'wire']);
    expect(one.send('wire', frame(BROADCAST, LAN))).toEqual(['a', 'b', 'host']);
  });

  it('what a switch floods from the wire for others stops here', () => {
    const one = bench();
    expect(one.send('wire', frame('02:00:00:00:00:78', LAN))).toEqual([]);
    expect(one.recorder.reasons).toEqual(['no-such-adapter']);
  });
});
