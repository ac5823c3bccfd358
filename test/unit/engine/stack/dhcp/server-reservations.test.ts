import { describe, expect, it } from 'vitest';
import { macFromNumber } from '../../../../../src/net/mac-address';
import { bytesOption, textOption, uint16Option } from '../../../../../src/wire/dhcp-option';
import { destinationOf, toMac } from '../../packets';
import { Bench } from '../../station';
import { ip, net } from '../../topologies';
import { clientFrame, dhcpOf, optionCodes, optionsOf, typeOf, yourAddressOf } from './dhcp-frames';

const ONE = macFromNumber(0x0200000000aa);
const TWO = macFromNumber(0x0200000000bb);
const ASCII = (text: string) => [...text].map(letter => letter.charCodeAt(0));

/** A server of one address, with 10.0.0.20 for ONE, an MTU of its own and another domain. */
function server(reserved = '10.0.0.20') {
  const bench = new Bench(['10.0.0.1/24']);
  bench.stack.dhcpServer.serve({
    on: bench.on(),
    subnet: net('10.0.0.0/24'),
    first: ip('10.0.0.100'),
    last: ip('10.0.0.100'),
    leaseSeconds: 600,
    authoritative: true,
    router: ip('10.0.0.1'),
    nameServers: [ip('10.0.0.1')],
    domain: 'lab.test',
    reservations: [{ mac: ONE, address: ip(reserved) }],
    options: [uint16Option(26, 1400), textOption(15, 'other.test')],
  });
  const ask = (...args: Parameters<typeof clientFrame>) => {
    bench.inject(clientFrame(...args));
    return bench.station().take();
  };
  const offered = (mac: typeof ONE) => ask('discover', { mac }).map(yourAddressOf);
  return { bench, ask, offered };
}

describe('a reservation', () => {
  it('is for its client alone, also outside of the range; the client gets nothing else', () => {
    const { ask, offered } = server();
    expect(offered(ONE)).toEqual(['10.0.0.20']);
    expect(offered(TWO)).toEqual(['10.0.0.100']);
    expect(ask('request', { mac: TWO, requested: '10.0.0.20' }).map(typeOf)).toEqual(['nak']);
    expect(ask('request', { mac: ONE, requested: '10.0.0.20' }).map(typeOf)).toEqual(['ack']);
    expect(ask('request', { mac: ONE, requested: '10.0.0.100' }).map(typeOf)).toEqual(['nak']);
  });

  it('in the range leaves nothing for others', () => {
    const { offered } = server('10.0.0.100');
    expect(offered(TWO)).toEqual([]);
    expect(offered(ONE)).toEqual(['10.0.0.100']);
  });
});

describe('further options', () => {
  it('stand instead of the server’s own or after them, for whoever asks for them or for nothing', () => {
    const { ask } = server();
    const [plain] = ask('discover', { mac: ONE });
    expect(optionCodes(plain!)).toEqual([53, 54, 51, 58, 59, 1, 28, 3, 6, 15, 26]);
    expect(optionsOf(plain!).slice(-2)).toEqual([
      [15, ASCII('other.test')],
      [26, [5, 120]],
    ]);
    const [picky] = ask('discover', { mac: ONE, more: [bytesOption(55, 1, 3)] });
    expect(optionCodes(picky!)).not.toContain(26);
    const [asking] = ask('discover', { mac: ONE, more: [bytesOption(55, 1, 26)] });
    expect(optionCodes(asking!)).toContain(26);
  });
});

describe('decline, inform, refusal', () => {
  it('a declined address is nobody’s for ten minutes (RFC 2131 4.3.3)', () => {
    const { bench, ask, offered } = server();
    ask('request', { mac: TWO, requested: '10.0.0.100' });
    expect(ask('decline', { mac: ONE, requested: '10.0.0.100' })).toEqual([]);
    expect(offered(TWO)).toEqual(['10.0.0.100']);
    ask('decline', { mac: TWO, requested: '10.0.0.100' });
    expect(offered(TWO)).toEqual([]);
    bench.run(599);
    expect(offered(TWO)).toEqual([]);
    bench.run(2);
    expect(offered(TWO)).toEqual(['10.0.0.100']);
  });

  it('inform is answered to the address the client has, without an address and times (RFC 2131 4.3.5)', () => {
    const { ask } = server();
    const [answer] = ask('inform', { mac: TWO, clientAddress: '10.0.0.50' });
    expect(typeOf(answer!)).toBe('ack');
    expect(dhcpOf(answer!).yourAddress).toBe(0);
    expect(optionCodes(answer!)).toEqual([53, 54, 1, 28, 3, 6, 15, 26]);
    expect([destinationOf(answer!), toMac(answer!)]).toEqual(['10.0.0.50', '02:00:00:00:00:bb']);
  });

  it('the refusal of an address of another network says so, as dnsmasq’s', () => {
    const { ask } = server();
    const text = (frames: Uint8Array[]) => optionsOf(frames[0]!).at(-1);
    expect(text(ask('request', { mac: TWO, requested: '10.99.0.7' }))).toEqual([56, ASCII('wrong network')]);
    expect(text(ask('request', { mac: TWO, requested: '10.0.0.7' }))).toEqual([
      56,
      ASCII('address not available'),
    ]);
  });
});
