/** A name server of one zone, over UDP and TCP. */
import type { IpAddress } from '../../../net/ip-address';
import type { ResolvedDnsRecord } from '../../../topology/resolved';
import { parseDns } from '../../../wire/dns';
import { UDP_PORT } from '../../../wire/udp';
import type { Frame } from '../../kernel/frame';
import type { NetworkInterface } from '../network-interface';
import type { Stack } from '../stack';
import type { DatagramReceiver, UdpSocket } from '../udp-layer';
import { tcpAnswer, udpAnswer } from './edns';
import { listenForDns } from './tcp-server';
import { DnsZone } from './zone';

export class DnsServer implements DatagramReceiver<IpAddress> {
  private readonly zone = new DnsZone();
  private readonly socket: UdpSocket<IpAddress> | undefined;

  constructor(
    { simulator, udp, tcp }: Pick<Stack, 'simulator' | 'udp' | 'tcp'>,
    port: number = UDP_PORT.dns,
  ) {
    this.socket = udp.openDual(port, this);
    listenForDns(simulator, tcp, port, (question, answer) => {
      const query = parseDns(question, 0, question.length);
      const isQuestion = typeof query !== 'string' && !query.response;
      answer(isQuestion ? tcpAnswer(query, this.zone.answer(query)) : undefined);
    });
  }

  /** Adds an address of a name. */
  add(name: string, address: IpAddress): void {
    this.zone.addAddress(name, address);
  }

  addRecord(record: ResolvedDnsRecord): void {
    this.zone.add(record);
  }

  datagram(
    data: Uint8Array,
    from: IpAddress,
    fromPort: number,
    to: IpAddress,
    on: NetworkInterface,
    frame: Frame,
  ): void {
    const query = parseDns(data, 0, data.length);
    if (typeof query === 'string') {
      on.drop(frame, 'malformed');
    } else if (query.response) {
      on.drop(frame, 'dns-ignored');
    } else {
      this.socket?.send(udpAnswer(query, this.zone.answer(query)), from, fromPort, to, on);
    }
  }
}
