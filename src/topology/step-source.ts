/** The steps of scenarios as the file writes them. */

/** A step has one key of these. */
export interface StepSource {
  readonly ping?: PingSource;
  readonly dns?: DnsSource;
  readonly traceroute?: TracerouteSource;
  readonly tcp?: TcpSource;
  readonly udp?: UdpSource;
  readonly http?: HttpSource;
  readonly dhcp?: DhcpStepSource;
  readonly wait?: string;
  readonly set?: SetSource;
  readonly expect?: ExpectSource;
  readonly capture?: CaptureSource;
}

export interface PingSource {
  readonly from: string;
  readonly to: string;
  readonly expect?: 'reply' | 'no-reply';
  readonly count?: number;
  readonly within?: string;
}

export interface DnsSource {
  readonly from: string;
  readonly name: string;
  readonly expect?: string;
  readonly within?: string;
}

export interface TracerouteSource {
  readonly from: string;
  readonly to: string;
  readonly expect?: readonly string[];
}

export interface TcpSource {
  readonly from: string;
  readonly to: string;
  readonly port?: number;
  readonly expect?: 'connected' | 'refused' | 'timeout';
  readonly within?: string;
}

export interface UdpSource {
  readonly from: string;
  readonly to: string;
  readonly port?: number;
  readonly expect?: 'reply' | 'no-reply' | 'unreachable';
  readonly within?: string;
}

export interface HttpSource {
  readonly from: string;
  readonly to: string;
  readonly expect?: string | { readonly status?: number; readonly body?: string };
  readonly within?: string;
}

export interface DhcpStepSource {
  readonly node: string;
  readonly action?: 'lease' | 'renew' | 'release';
  readonly expect?: string;
  readonly within?: string;
}

export interface SetSource {
  readonly link?: string | readonly [string, string];
  readonly interface?: string;
  readonly rule?: string;
  readonly up?: boolean;
  readonly enabled?: boolean;
  readonly rate?: string;
  readonly delay?: string | number;
  readonly loss?: string | number;
}

export interface ExpectSource {
  readonly node: string;
  readonly lease?: string;
  readonly arp?: string;
  readonly neighbour?: string;
  readonly route?: string;
  readonly mac?: string;
}

export interface CaptureSource {
  readonly at: string;
  readonly filter?: string;
  readonly count?: number | string;
}
