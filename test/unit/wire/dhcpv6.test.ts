import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIpv6 } from '../../../src/net/ipv6-address';
import { parseMac } from '../../../src/net/mac-address';
import * as dhcpv6 from '../../../src/wire/dhcpv6';
import { bytesOf, hexOf, windowOf } from './bytes-of';

/** An information request laid out by RFC 8415 8 and 21 by hand: client DUID-LL, options 23 and 24, elapsed time 0. */
const REQUEST = '0b12 3456 0001 000a 0003 0001 0200 0000 0042 0006 0004 0017 0018 0008 0002 0000';

describe('a DHCPv6 message', () => {
  it('is read and written', () => {
    const b = bytesOf(REQUEST);
    const message = dhcpv6.parseDhcpv6(b, 0, b.length);
    if (typeof message === 'string') {
      throw new Error(message);
    }
    expect(message).toMatchObject({ type: dhcpv6.DHCPV6_MESSAGE.informationRequest, transaction: 0x123456 });
    expect(dhcpv6.requestedOptions(message)).toEqual([23, 24]);
    expect(hexOf(dhcpv6.dhcpv6Bytes(message))).toBe(hexOf(b));
    expect(
      hexOf(
        dhcpv6.dhcpv6Bytes({
          type: 11,
          transaction: 0x123456,
          options: [
            { code: 1, data: dhcpv6.linkLayerDuid(parseMac('02:00:00:00:00:42')!) },
            dhcpv6.optionRequest([23, 24]),
            dhcpv6.elapsedTime(0),
          ],
        }),
      ),
    ).toBe(hexOf(b));
  });

  it('carries name servers, domains and a refresh time', () => {
    const servers = [parseIpv6('2001:db8::53')!, parseIpv6('2001:db8::54')!];
    const message = {
      type: dhcpv6.DHCPV6_MESSAGE.reply,
      transaction: 1,
      options: [
        dhcpv6.nameServersOption(servers),
        dhcpv6.domainListOption(['example.org', 'home.arpa']),
        { code: dhcpv6.DHCPV6_OPTION.informationRefreshTime, data: bytesOf('0000 0e10') },
      ],
    };
    expect(dhcpv6.readNameServers(message)).toEqual(servers);
    expect(dhcpv6.readDomainList(message)).toEqual(['example.org', 'home.arpa']);
    expect(dhcpv6.readRefreshTime(message)).toBe(3600);
    expect(hexOf(message.options[1]!.data)).toBe('076578616d706c65036f726700' + '04686f6d65046172706100');
  });

  it('is refused when an option runs over its end, or when it is one between relay agents', () => {
    const b = bytesOf(REQUEST);
    expect(dhcpv6.parseDhcpv6(b, 0, b.length - 1)).toBe('bad-option');
    expect(dhcpv6.parseDhcpv6(b, 0, 3)).toBe('truncated');
    b[0] = 12;
    expect(dhcpv6.parseDhcpv6(b, 0, b.length)).toBe('bad-value');
  });

  it('is parsed as it was emitted', () => {
    const option = fc.record({ code: fc.nat(65535), data: fc.uint8Array({ maxLength: 40 }) });
    const message = fc.record({
      type: fc.nat(255).filter(type => type !== 12 && type !== 13),
      transaction: fc.nat(0xffffff),
      options: fc.array(option, { maxLength: 6 }),
    });
    fc.assert(
      fc.property(message, each => {
        const b = dhcpv6.dhcpv6Bytes(each);
        expect(dhcpv6.parseDhcpv6(b, 0, b.length)).toEqual(each);
      }),
    );
  });

  it('never makes the parser throw or look beyond its end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), bytes => {
        const { inside } = windowOf(bytes);
        const parsed = dhcpv6.parseDhcpv6(inside, 0, inside.length);
        expect(parsed).toEqual(dhcpv6.parseDhcpv6(bytes, 0, bytes.length));
        if (typeof parsed !== 'string') {
          expect(() => [
            dhcpv6.readNameServers(parsed),
            dhcpv6.readDomainList(parsed),
            dhcpv6.readRefreshTime(parsed),
            dhcpv6.requestedOptions(parsed),
          ]).not.toThrow();
        }
      }),
    );
  });
});
