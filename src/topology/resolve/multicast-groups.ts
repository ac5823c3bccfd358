/** The multicast groups that an interface listens to. */
import { isMulticastIpv4, parseIpv4, type Ipv4Address } from '../../net/ipv4-address';
import type { Texts } from '../file-source';
import type { Report } from '../report';
import { listOf, placeOf } from './draft';

/** 224.0.0.1: every host listens to it without joining (RFC 1112 appendix I). */
const ALL_HOSTS = 0xe0000001;

/** Reads `239.1.2.3` or a list of such; one that is there twice is joined once. */
export function readGroups(
  texts: Texts | undefined,
  path: readonly (string | number)[],
  report: Report,
): readonly Ipv4Address[] {
  const found = new Set<Ipv4Address>();
  listOf(texts).forEach((text, index) => {
    const group = parseIpv4(text);
    if (group === undefined || !isMulticastIpv4(group) || group === ALL_HOSTS || group === ALL_HOSTS - 1) {
      report.add('bad-group', placeOf(texts, path, index), [text]);
    } else {
      found.add(group);
    }
  });
  return [...found];
}
