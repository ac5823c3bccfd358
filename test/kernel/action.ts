/** What a user does in a network: one list, done in both worlds in this order, each action after the one before has ended. */

export type Action =
  | PingAction
  | DatagramAction
  | ConnectAction
  | FrameAction
  | LeaseAction
  | LookupAction
  | QuestionAction
  | TracerouteAction
  | MembershipAction
  | WaitAction;

/** `ping`: ends when every request was answered, by an echo or an error, or its time is over. */
export interface PingAction {
  readonly kind: 'ping';
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly identifier: number;
  /** Bytes of data; 56 when left out. */
  readonly size?: number;
  readonly timeToLive?: number;
  /** Seconds to wait for the last answer; PING_PATIENCE when left out. */
  readonly patience?: number;
  /** `ping -M`: `do` insists on not fragmenting, `dont` lets routers fragment; as the path's MTU says when left out. */
  readonly pathMtuDiscovery?: 'do' | 'dont';
}

/** One UDP datagram from an unconnected socket; ends when it was sent, or answered where an answer is due. */
export interface DatagramAction {
  readonly kind: 'datagram';
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  readonly text: string;
  readonly answered: boolean;
}

/** A frame as it stands, put on the wire; ends when it is sent. */
export interface FrameAction {
  readonly kind: 'frame';
  readonly from: string;
  readonly interface: string;
  /** In hexadecimal. */
  readonly bytes: string;
}

/** A TCP client that asks a service for bytes, and ends when the connection has, in whichever way. */
export interface ConnectAction {
  readonly kind: 'connect';
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  /** Bytes that it asks for in its one line; it asks for nothing and closes at once when left out. */
  readonly asksFor?: number;
  /** What it does when it has them: closes in order when left out. */
  readonly then?: 'close' | 'reset';
  /** Seconds after which it resets the connection, if it still waits. */
  readonly givesUpAfter?: number;
}

/** A DHCP client that ends when it has configured its interface. */
export interface LeaseAction {
  readonly kind: 'lease';
  readonly from: string;
  readonly interface: string;
}

/** A program that looks the IPv4 addresses of a name up by the machine's resolver (getaddrinfo), whether there are any or not. */
export interface LookupAction {
  readonly kind: 'lookup';
  readonly from: string;
  readonly name: string;
  /** The name server of the machine. */
  readonly server: string;
}

/** One question to a name server in a datagram, as it stands; ends with the answer. */
export interface QuestionAction {
  readonly kind: 'question';
  readonly from: string;
  readonly fromPort: number;
  readonly server: string;
  readonly name: string;
  readonly type: number;
}

/** `traceroute` with one probe for each hop and one on its way at a time: what comes back in which order is certain then. */
export interface TracerouteAction {
  readonly kind: 'traceroute';
  readonly from: string;
  readonly to: string;
}

/** A program that joins a group and keeps it until the same program leaves it; ends when the kernel or the simulation has been told. */
export interface MembershipAction {
  readonly kind: 'join' | 'leave';
  readonly from: string;
  readonly interface: string;
  readonly group: string;
}

/** Lets time pass, for what machines do on their own; in the kernel no longer than until everything expected has been seen. */
export interface WaitAction {
  readonly kind: 'wait';
  readonly seconds: number;
}

/** A program that runs on a machine before the first action. */
export type Service = EchoService | ByteService | DhcpService | NameService;

/** Sends each datagram back to where it came from. */
export interface EchoService {
  readonly kind: 'echo';
  readonly ipv6?: boolean;
  readonly on: string;
  readonly port: number;
}

/** Sends as many bytes as a TCP client's line asks for, and closes when the client does; or resets the connection instead. */
export interface ByteService {
  readonly kind: 'bytes';
  readonly on: string;
  readonly port: number;
  readonly resets?: boolean;
}

/** A DHCP server with one address to give, which is its clients' router and name server as well. */
export interface DhcpService {
  readonly kind: 'dhcp';
  readonly on: string;
  readonly interface: string;
  readonly subnet: string;
  readonly address: string;
  readonly domain: string;
  readonly leaseSeconds: number;
}

/** A name server as dnsmasq is one: knows records of its own, and passes on what it does not know. */
export interface NameService {
  readonly kind: 'names';
  readonly on: string;
  readonly addresses?: readonly { readonly name: string; readonly addresses: readonly string[] }[];
  readonly aliases?: readonly { readonly name: string; readonly of: string }[];
  /** A text of several strings is one record all the same. */
  readonly texts?: readonly { readonly name: string; readonly text: string | readonly string[] }[];
  /** Whom it asks. */
  readonly server?: string;
}

/** The one line of a TCP client. */
export function requestLine(bytes: number): string {
  return `send ${bytes}\n`;
}

/** Seconds between the requests of one ping. */
export const PING_INTERVAL = 0.5;

/** Seconds for which a ping waits for its last answer: longer than a failing address resolution, which takes three. */
export const PING_PATIENCE = 5;

/** Seconds of quiet after the last action in which late consequences show. */
export const AFTERMATH = 0.3;
