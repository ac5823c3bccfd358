/** Starts what listens on a machine. A room for programs that answer: HTTP, SSH, echo, discard, and a client for HTTP. */
import type { IpAddress } from '../../../net/ip-address';
import type { ResolvedService } from '../../../topology/resolved';
import type { TcpHandler } from '../tcp/socket';
import type { Stack } from '../stack';
import { httpServer } from './http-server';
import { discardServer, echoServer, sshServer } from './small-services';
import { UdpServices } from './udp-services';

export class Services {
  private readonly udp: UdpServices;

  constructor(private readonly stack: Stack) {
    this.udp = new UdpServices(stack.udp);
  }

  /**
   * Starts a service. Name servers are not started here.
   * @param address the only one it listens on; all of the machine's where absent
   * @returns false when another service has the port
   */
  start(service: ResolvedService, address?: IpAddress): boolean {
    switch (service.kind) {
      case 'http':
        return this.listen(service.port, address, () => httpServer(service.body));
      case 'ssh':
        return this.listen(service.port, address, () => sshServer(service.banner));
      case 'echo': {
        const datagrams = this.udp.start('echo', service.port, address);
        return this.listen(service.port, address, echoServer) && datagrams;
      }
      case 'discard': {
        const datagrams = this.udp.start('discard', service.port, address);
        return this.listen(service.port, address, discardServer) && datagrams;
      }
      case 'tcp':
        return this.listen(service.port, address, discardServer);
      case 'dns':
        return true;
    }
  }

  private listen(port: number, address: IpAddress | undefined, accept: () => TcpHandler): boolean {
    const bound = address === undefined ? {} : { address };
    return this.stack.tcp.listen({ port, ...bound, accept }) !== undefined;
  }
}
