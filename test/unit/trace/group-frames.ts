/** IGMP messages of every kind and version. */
import { parseIpv4, UNSPECIFIED_IPV4, type Ipv4Address } from '../../../src/net/ipv4-address';
import { ETHERNET_HEADER_BYTES } from '../../../src/wire/ethernet';
import { GROUP_RECORD, IGMP_TYPE, igmpMessage, igmpQueryV3, igmpReportV3 } from '../../../src/wire/igmp';
import { IP_PROTOCOL, IPV4_HEADER_BYTES, writeIpv4Header } from '../../../src/wire/ipv4';
import { ROUTER_ALERT } from '../../../src/wire/ipv4-option';
import { bytesOf } from '../wire/bytes-of';

const ip = (text: string): Ipv4Address => parseIpv4(text)!;
const GROUP = ip('239.1.2.3');
const ROUTERS = ip('224.0.0.2');
const HOSTS = ip('224.0.0.1');
const REPORTS = ip('224.0.0.22');

/** A frame with an IGMP message from 10.1.0.2. */
export function groupFrame(message: Uint8Array, destination: Ipv4Address): Uint8Array {
  const at = ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + ROUTER_ALERT.length;
  const frame = new Uint8Array(at + message.length);
  frame.set(bytesOf('01005e000000 020000000101 0800'));
  frame.set([(destination >>> 16) & 0x7f, (destination >>> 8) & 0xff, destination & 0xff], 3);
  writeIpv4Header(frame, ETHERNET_HEADER_BYTES, {
    totalLength: frame.length - ETHERNET_HEADER_BYTES,
    identification: 0,
    dontFragment: true,
    timeToLive: 1,
    typeOfService: 0xc0,
    protocol: IP_PROTOCOL.igmp,
    source: ip('10.1.0.2'),
    destination,
    options: ROUTER_ALERT,
  });
  frame.set(message, at);
  return frame;
}

export function groupFrames(): Readonly<Record<string, Uint8Array>> {
  const question = {
    group: UNSPECIFIED_IPV4,
    maximumResponseTime: 100,
    robustness: 2,
    interval: 125,
    sources: [],
  };
  const record = { group: GROUP, sources: [] };
  const sources = [ip('10.0.0.1'), ip('10.0.0.2')];
  const report = (type: number, from: readonly Ipv4Address[] = []): Uint8Array =>
    groupFrame(igmpReportV3([{ type, group: GROUP, sources: from }]), REPORTS);
  return {
    'group query 1': groupFrame(igmpMessage(IGMP_TYPE.query, 0, UNSPECIFIED_IPV4), HOSTS),
    'group query 2': groupFrame(igmpMessage(IGMP_TYPE.query, 100, UNSPECIFIED_IPV4), HOSTS),
    'group query 2 for one': groupFrame(igmpMessage(IGMP_TYPE.query, 100, GROUP), GROUP),
    'group query 3': groupFrame(igmpQueryV3(question), HOSTS),
    'group query 3 for sources': groupFrame(igmpQueryV3({ ...question, group: GROUP, sources }), GROUP),
    'group report 1': groupFrame(igmpMessage(IGMP_TYPE.reportV1, 0, GROUP), GROUP),
    'group report 2': groupFrame(igmpMessage(IGMP_TYPE.reportV2, 0, GROUP), GROUP),
    'group left': groupFrame(igmpMessage(IGMP_TYPE.leave, 0, GROUP), ROUTERS),
    'group report 3 of two': groupFrame(
      igmpReportV3([
        { ...record, type: GROUP_RECORD.modeIsExclude },
        { type: GROUP_RECORD.blockOldSources, group: ip('239.1.2.4'), sources },
      ]),
      REPORTS,
    ),
    'group report 3 of none': groupFrame(igmpReportV3([]), REPORTS),
    'group joined': report(GROUP_RECORD.changeToExclude),
    'group left 3': report(GROUP_RECORD.changeToInclude),
    'group joined for sources': report(GROUP_RECORD.changeToInclude, sources),
    'group joined but for a source': report(GROUP_RECORD.changeToExclude, sources.slice(1)),
    'group joined but for sources': report(GROUP_RECORD.modeIsExclude, sources),
    'group new source': report(GROUP_RECORD.allowNewSources, sources.slice(1)),
    'group new sources': report(GROUP_RECORD.allowNewSources, sources),
    'group unknown record': report(9),
    'group unknown type': groupFrame(igmpMessage(0x99, 0, GROUP), HOSTS),
  };
}
