/** What listens on machines and servers. */
import type { MachineSource, ServiceSource } from '../file-source';
import type { ResolvedService, TopologyPath } from '../resolved';
import { listOf, type Draft } from './draft';
import { readRecords } from './dns-records';
import { claimPort } from './listening';

/** Ports that a name alone stands for (IANA, Service Name and Transport Protocol Port Number Registry). */
const PORTS: Readonly<Record<string, number>> = {
  echo: 7,
  discard: 9,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  dns: 53,
  http: 80,
  pop3: 110,
  imap: 143,
  https: 443,
  smb: 445,
  mysql: 3306,
  rdp: 3389,
  postgresql: 5432,
};

/** What ssh greets with (RFC 4253 4.2), as the simulated machines' Debian 12 does. */
const SSH_BANNER = 'SSH-2.0-OpenSSH_9.2p1 Debian-2';

/** RFC 4253 4.2: 255 characters with CR LF. */
const LONGEST_BANNER = 253;

/** Bytes of a page. */
const LONGEST_BODY = 65_536;

/** The keys that each kind of service has besides `port`. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  http: ['body'],
  ssh: ['banner'],
  dns: ['records'],
};

/** The services of a machine, or of a server on the internet; DHCP is placed elsewhere. */
export function readServices(
  draft: Draft,
  owner: string,
  source: MachineSource['services'],
  path: TopologyPath,
): ResolvedService[] {
  return Object.entries(source ?? {}).flatMap(([name, written]) => {
    if (name === 'dhcp') {
      return [];
    }
    const service = typeof written === 'number' ? { port: written } : (written ?? {});
    const place = [...path, name];
    checkKeys(draft, name, service, place);
    const port = service.port ?? PORTS[name];
    if (port === undefined) {
      draft.report.add('service-without-port', { key: place }, [name]);
      return [];
    }
    const protocols =
      name === 'dns' || name === 'echo' || name === 'discard'
        ? (['tcp', 'udp'] as const)
        : (['tcp'] as const);
    for (const protocol of protocols) {
      claimPort(draft, owner, protocol, undefined, port, { key: place });
    }
    return [serviceOf(draft, name, service, port, owner, place)];
  });
}

function checkKeys(draft: Draft, name: string, service: ServiceSource, path: TopologyPath): void {
  const allowed = ['port', ...(KEYS[name] ?? [])];
  for (const key of Object.keys(service)) {
    if (!allowed.includes(key)) {
      draft.report.add('service-key', { key: [...path, key] }, [key, name]);
    }
  }
}

function serviceOf(
  draft: Draft,
  name: string,
  service: ServiceSource,
  port: number,
  owner: string,
  source: TopologyPath,
): ResolvedService {
  switch (name) {
    case 'http': {
      const body = service.body ?? `<!doctype html><title>${owner}</title><p>It works: ${owner}</p>\n`;
      limit(draft, body, LONGEST_BODY, [...source, 'body']);
      return { kind: 'http', port, body, source };
    }
    case 'ssh': {
      const banner = service.banner ?? SSH_BANNER;
      limit(draft, banner, LONGEST_BANNER, [...source, 'banner']);
      return { kind: 'ssh', port, banner, source };
    }
    case 'echo':
    case 'discard':
      return { kind: name, port, source };
    case 'dns':
      return {
        kind: 'dns',
        port,
        records: readRecords(draft, service.records, [...source, 'records']),
        source,
      };
    default:
      return { kind: 'tcp', name, port, source };
  }
}

function limit(draft: Draft, text: string, most: number, place: TopologyPath): void {
  if (new TextEncoder().encode(text).length > most) {
    draft.report.add('too-long', place, [String(place.at(-1)), most]);
  }
}

/** The names that DNS services of machines know, for scenarios. */
export function namesOfDnsServices(source: MachineSource['services']): readonly string[] {
  const dns = source?.['dns'];
  const records = typeof dns === 'object' ? dns?.records : undefined;
  return Object.entries(records ?? {}).flatMap(([name, texts]) =>
    listOf(texts).length > 0 ? [name.toLowerCase()] : [],
  );
}
