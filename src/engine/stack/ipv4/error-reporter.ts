/** What IPv4 tells of packets that it could not use, or of a better way: ICMP says it to whoever sent them. */
import type { Ipv4Address } from '../../../net/ipv4-address';
import type { Frame } from '../../kernel/frame';
import type { NetworkInterface } from '../network-interface';
import type { OptionProblem } from './header-options';

/** Speaks of packets that could not be used, to whoever sent them. */
export interface ErrorReporter {
  protocolUnreachable(frame: Frame, on: NetworkInterface): void;
  noRoute(frame: Frame, on: NetworkInterface): void;
  /** @param bytes the packet as it goes on, by the interface that it came by */
  betterGateway(bytes: Uint8Array, on: NetworkInterface, gateway: Ipv4Address): void;
  refused(frame: Frame, on: NetworkInterface, by: 'unreachable' | 'prohibit'): void;
  reassemblyTimedOut(first: Frame, on: NetworkInterface): void;
  timeExceeded(frame: Frame, on: NetworkInterface): void;
  /** @param bytes the packet as far as its options were written into */
  parameterProblem(bytes: Uint8Array, on: NetworkInterface, problem: OptionProblem): void;
  tooBig(frame: Frame, on: NetworkInterface, mtu: number): void;
}
