/** Steps in which a machine does what its user could. */
import type {
  DhcpStepSource,
  DnsSource,
  HttpSource,
  PingSource,
  TcpSource,
  TracerouteSource,
  UdpSource,
} from '../../file-source';
import type {
  ResolvedDnsStep,
  ResolvedHttpStep,
  ResolvedStep,
  ResolvedTarget,
  TopologyPath,
} from '../../resolved';
import { parseDuration } from '../../units';
import { readAddress, readIp } from '../addresses';
import type { Draft } from '../draft';
import {
  actorOf,
  checkName,
  isPort,
  machineNamed,
  resolveTarget,
  resolveTargetAndPort,
  withinOf,
} from './targets';

/** RFC 9110 4.2.1. */
const HTTP_PORT = 80;

export function resolvePing(draft: Draft, step: PingSource, path: TopologyPath): ResolvedStep | undefined {
  const expect = step.expect ?? 'reply';
  const from = actorOf(draft, step.from, [...path, 'from']);
  const to = resolveTarget(draft, step.to, expect === 'reply', [...path, 'to']);
  if (from === undefined || to === undefined) {
    return undefined;
  }
  const within = withinOf(step.within);
  return { kind: 'ping', from, to, expect, count: step.count ?? 1, within, source: path };
}

export function resolveDns(draft: Draft, step: DnsSource, path: TopologyPath): ResolvedStep | undefined {
  const expect = expectedAnswer(draft, step.expect ?? 'answer', [...path, 'expect']);
  if (expect?.kind === 'answer') {
    checkName(draft, step.name, [...path, 'name']);
  }
  const from = actorOf(draft, step.from, [...path, 'from']);
  if (from === undefined || expect === undefined) {
    return undefined;
  }
  const name = step.name.toLowerCase();
  return { kind: 'dns', from, name, expect, within: withinOf(step.within), source: path };
}

function expectedAnswer(
  draft: Draft,
  text: string,
  path: TopologyPath,
): ResolvedDnsStep['expect'] | undefined {
  switch (text) {
    case 'answer':
    case 'nxdomain':
    case 'no-answer':
      return { kind: text };
    default: {
      const address = readIp(text, path, draft.report);
      return address === undefined ? undefined : { kind: 'answer', address };
    }
  }
}

export function resolveTraceroute(
  draft: Draft,
  step: TracerouteSource,
  path: TopologyPath,
): ResolvedStep | undefined {
  const from = actorOf(draft, step.from, [...path, 'from']);
  const to = resolveTarget(draft, step.to, true, [...path, 'to']);
  const expect = step.expect?.map((text, index) =>
    text === '*' ? undefined : resolveTarget(draft, text, true, [...path, 'expect', index]),
  );
  if (from === undefined || to === undefined) {
    return undefined;
  }
  return { kind: 'traceroute', from, to, ...(expect && { expect }), source: path };
}

export function resolveTcp(draft: Draft, step: TcpSource, path: TopologyPath): ResolvedStep | undefined {
  const from = actorOf(draft, step.from, [...path, 'from']);
  const target = resolveTargetAndPort(draft, step.to, step.port, [...path, 'to']);
  if (from === undefined || target === undefined) {
    return undefined;
  }
  const expect = step.expect ?? 'connected';
  return { kind: 'tcp', from, ...target, expect, within: withinOf(step.within), source: path };
}

export function resolveUdp(draft: Draft, step: UdpSource, path: TopologyPath): ResolvedStep | undefined {
  const from = actorOf(draft, step.from, [...path, 'from']);
  const target = resolveTargetAndPort(draft, step.to, step.port, [...path, 'to']);
  if (from === undefined || target === undefined) {
    return undefined;
  }
  const expect = step.expect ?? 'reply';
  return { kind: 'udp', from, ...target, expect, within: withinOf(step.within), source: path };
}

export function resolveHttp(draft: Draft, step: HttpSource, path: TopologyPath): ResolvedStep | undefined {
  const from = actorOf(draft, step.from, [...path, 'from']);
  const url = resolveUrl(draft, step.to, [...path, 'to']);
  if (from === undefined || url === undefined) {
    return undefined;
  }
  return {
    kind: 'http',
    from,
    ...url,
    expect: expectedResponse(step.expect),
    within: withinOf(step.within),
    source: path,
  };
}

function expectedResponse(expect: HttpSource['expect']): ResolvedHttpStep['expect'] {
  if (typeof expect === 'string') {
    return { kind: expect === 'refused' ? 'refused' : 'timeout' };
  }
  const { status, body } = expect ?? {};
  return {
    kind: 'response',
    ...(status !== undefined && { status }),
    ...(body !== undefined && { body }),
  };
}

interface Url {
  readonly to: ResolvedTarget;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** `http://HOST[:PORT][/PATH]`; the scheme may be left out (RFC 3986 3.2). */
function resolveUrl(draft: Draft, text: string, place: TopologyPath): Url | undefined {
  const [, scheme = 'http', host, digits, path] =
    /^(?:([a-z]+):\/\/)?(\[[0-9a-f:.]+\]|[^\s/:[\]]+)(?::(\d{1,5}))?(\/\S*)?$/i.exec(text) ?? [];
  const port = digits === undefined ? HTTP_PORT : Number(digits);
  if (host === undefined || !isPort(port)) {
    draft.report.add('bad-url', place, [text]);
    return undefined;
  }
  if (scheme.toLowerCase() !== 'http') {
    draft.report.add('bad-url/scheme', place, [scheme]);
    return undefined;
  }
  const to = resolveTarget(draft, host, true, place);
  return to && { to, host, port, path: path ?? '/' };
}

export function resolveDhcp(
  draft: Draft,
  step: DhcpStepSource,
  path: TopologyPath,
): ResolvedStep | undefined {
  const node = machineNamed(draft, step.node, [...path, 'node']);
  const place = [...path, 'expect'];
  const expect =
    step.expect === undefined || step.expect === 'none'
      ? step.expect
      : readAddress(step.expect, place, draft.report);
  if (node === undefined) {
    return undefined;
  }
  return {
    kind: 'dhcp',
    node,
    action: step.action ?? 'lease',
    ...(expect !== undefined && { expect }),
    within: withinOf(step.within),
    source: path,
  };
}

export function resolveWait(text: string, path: TopologyPath): ResolvedStep {
  return { kind: 'wait', time: parseDuration(text) ?? 0, source: path };
}
