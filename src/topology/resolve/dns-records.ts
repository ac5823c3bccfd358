/** DNS records as the file writes them: a name with an address, a list, or `CNAME name`, `PTR name`, `TXT text`. */
import { isIpv4, parseIp } from '../../net/ip-address';
import type { Texts } from '../file-source';
import type { ResolvedDnsRecord, TopologyPath } from '../resolved';
import { listOf, placeOf, type Draft } from './draft';

/** Seconds that records live, an hour: the TTL of most zone files people have seen; nothing here changes while it runs. */
const DEFAULT_TTL = 3600;

/** RFC 1035 3.3.14: a text string has up to 255 octets. */
const LONGEST_TEXT = 255;

export function readRecords(
  draft: Draft,
  source: Readonly<Record<string, Texts>> | null | undefined,
  path: TopologyPath,
): ResolvedDnsRecord[] {
  return Object.entries(source ?? {}).flatMap(([name, texts]) =>
    listOf(texts).flatMap((text, index) => {
      const place = placeOf(texts, [...path, name], index);
      const record = recordOf(name.toLowerCase(), text);
      if (record === undefined) {
        draft.report.add('bad-record', place, [text]);
      }
      return record === undefined ? [] : [record];
    }),
  );
}

function recordOf(name: string, text: string): ResolvedDnsRecord | undefined {
  const ttl = DEFAULT_TTL;
  const [, type, value = ''] = /^(CNAME|PTR|TXT)\s+(\S.*)$/.exec(text.trim()) ?? [];
  switch (type) {
    case 'CNAME':
    case 'PTR': {
      const target = value.trim().replace(/\.$/, '').toLowerCase();
      return /^[^\s.]{1,63}(\.[^\s.]{1,63})*$/.test(target) && target.length < 254
        ? { type, name, value: target, ttl }
        : undefined;
    }
    case 'TXT':
      return new TextEncoder().encode(value).length <= LONGEST_TEXT ? { type, name, value, ttl } : undefined;
    default: {
      const address = parseIp(text);
      if (address === undefined) {
        return undefined;
      }
      return isIpv4(address) ? { type: 'A', name, address, ttl } : { type: 'AAAA', name, address, ttl };
    }
  }
}
