import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4FromNumber, parseIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../src/net/ipv4-address';
import { macFromNumber, parseMac } from '../../../src/net/mac-address';
import { emitDhcp, parseDhcp, DHCP_OPERATION, type DhcpMessage } from '../../../src/wire/dhcp';
import * as option from '../../../src/wire/dhcp-option';
import { bytesOf, hexOf, windowOf } from './bytes-of';

const ip = (text: string): Ipv4Address => parseIpv4(text)!;
const { DHCP_OPTION } = option;

/** What libslirp answers to a DISCOVER. */
const OFFER: DhcpMessage = {
  operation: DHCP_OPERATION.reply,
  transactionId: 0x12345678,
  seconds: 0,
  broadcast: false,
  clientAddress: UNSPECIFIED_IPV4,
  yourAddress: ip('10.0.2.15'),
  serverAddress: ip('10.0.2.2'),
  relayAddress: UNSPECIFIED_IPV4,
  clientMac: parseMac('08:00:27:00:00:01')!,
  serverName: '',
  bootFile: 'nat-1.pxe',
  options: [
    option.messageTypeOption(option.DHCP_MESSAGE_TYPE.offer),
    option.addressOption(DHCP_OPTION.serverIdentifier, ip('10.0.2.2')),
    option.addressOption(DHCP_OPTION.subnetMask, ip('255.255.255.0')),
    option.addressOption(DHCP_OPTION.router, ip('10.0.2.2')),
    option.addressOption(DHCP_OPTION.domainNameServer, ip('10.0.2.3')),
    option.secondsOption(DHCP_OPTION.leaseTime, 86400),
    option.textOption(DHCP_OPTION.domainName, 'example'),
  ],
};

const text = (maxLength: number) =>
  fc.string({ maxLength, unit: 'grapheme-ascii' }).filter(value => !value.includes('\0'));

const ADDRESS = fc.nat(0xffffffff).map(ipv4FromNumber);

const MESSAGE: fc.Arbitrary<DhcpMessage> = fc.record({
  operation: fc.constantFrom(1, 2),
  transactionId: fc.nat(0xffffffff),
  seconds: fc.nat(0xffff),
  broadcast: fc.boolean(),
  clientAddress: ADDRESS,
  yourAddress: ADDRESS,
  serverAddress: ADDRESS,
  relayAddress: ADDRESS,
  clientMac: fc.nat(2 ** 48 - 1).map(macFromNumber),
  serverName: text(63),
  bootFile: text(127),
  options: fc.uniqueArray(
    fc.record({
      code: fc.integer({ min: 1, max: 254 }).filter(code => code !== DHCP_OPTION.overload),
      data: fc.uint8Array({ maxLength: 600 }),
    }),
    { selector: entry => entry.code, maxLength: 8 },
  ),
});

describe('DHCP', () => {
  it('puts an offer into a fixed option area, as libslirp does', () => {
    const b = emitDhcp(OFFER, { minimumBytes: 548 });
    expect(b.length).toBe(548);
    expect(hexOf(b.subarray(0, 44))).toBe(
      '02010600 12345678 00000000 00000000 0a00020f 0a000202 00000000 080027000001 00000000000000000000'.replace(
        / /g,
        '',
      ),
    );
    expect(hexOf(b.subarray(236, 236 + 4 + 3 + 5 * 6 + 9 + 1))).toBe(
      hexOf(
        bytesOf(
          '63825363 350102 36040a000202 0104ffffff00 03040a000202 06040a000203 330400015180 0f076578616d706c65 ff',
        ),
      ),
    );
    expect(b.subarray(284).every(byte => byte === 0)).toBe(true);
    expect(parseDhcp(b, 0, b.length)).toEqual(OFFER);
  });

  it('pads to the BOOTP minimum of 300 bytes', () => {
    expect(emitDhcp({ ...OFFER, options: [] }).length).toBe(300);
  });

  it('reads typed options', () => {
    expect(option.readMessageType(OFFER)).toBe(option.DHCP_MESSAGE_TYPE.offer);
    expect(option.readAddress(OFFER, DHCP_OPTION.router)).toBe(ip('10.0.2.2'));
    expect(option.readSeconds(OFFER, DHCP_OPTION.leaseTime)).toBe(86400);
    expect(option.readText(OFFER, DHCP_OPTION.domainName)).toBe('example');
    expect(option.readAddress(OFFER, DHCP_OPTION.ntpServers)).toBeUndefined();
    expect(option.readSeconds(OFFER, DHCP_OPTION.domainName)).toBeUndefined();
    expect(option.readAddresses(OFFER, DHCP_OPTION.domainName)).toEqual([]);
    const withNul = { options: [option.bytesOption(DHCP_OPTION.hostName, 0x61, 0, 0x62)] };
    expect(option.readText(withNul, DHCP_OPTION.hostName)).toBe('a');
  });

  it('joins the pieces of an option and reads those in file and sname (RFC 3396)', () => {
    const b = new Uint8Array(300);
    b.set(emitDhcp({ ...OFFER, serverName: '', bootFile: '', options: [] }));
    b.set(bytesOf('340103 0f02 6162 00 0f01 63 ff'), 240);
    b.set(bytesOf('0f01 64 ff'), 108);
    b.set(bytesOf('0c01 68 ff'), 44);
    const message = parseDhcp(b, 0, b.length);
    expect(message).toMatchObject({ serverName: '', bootFile: '' });
    expect(typeof message === 'string' ? [] : message.options).toEqual([
      { code: DHCP_OPTION.domainName, data: bytesOf('61626364') },
      { code: DHCP_OPTION.hostName, data: bytesOf('68') },
    ]);
  });

  it('refuses what is not a DHCP message for Ethernet', () => {
    const b = emitDhcp(OFFER);
    expect(parseDhcp(b, 0, 239)).toBe('truncated');
    const at = (index: number, value: number): Uint8Array => {
      const other = b.slice();
      other[index] = value;
      return other;
    };
    expect(parseDhcp(at(1, 6), 0, b.length)).toBe('unsupported-address-type');
    expect(parseDhcp(at(236, 0), 0, b.length)).toBe('bad-magic');
    expect(parseDhcp(at(241, 200), 0, b.length)).toBe('bad-option');
    expect(parseDhcp(b, 0, 241)).toBe('bad-option');
  });

  it('comes back as emitted, anywhere in a frame', () => {
    fc.assert(
      fc.property(MESSAGE, message => {
        const { inside } = windowOf(emitDhcp(message));
        expect(parseDhcp(inside, 0, inside.length)).toEqual(message);
      }),
    );
  });

  it('never throws, and sees no byte beyond the end', () => {
    fc.assert(
      fc.property(MESSAGE, fc.nat(700), fc.nat(700), fc.nat(255), (message, cut, at, value) => {
        const b = emitDhcp(message).slice(0, cut);
        b[at] = value;
        const { inside } = windowOf(b);
        expect(parseDhcp(inside, 0, inside.length)).toEqual(parseDhcp(b, 0, b.length));
      }),
    );
  });
});
