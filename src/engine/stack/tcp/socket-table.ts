/** The connections of a layer by their four-part name, without a string for each segment. */
import type { IpAddress } from '../../../net/ip-address';
import type { Endpoint, TcpSocket } from './socket';

export class SocketTable {
  private readonly byPorts = new Map<number, TcpSocket[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  find(local: IpAddress, localPort: number, remote: IpAddress, remotePort: number): TcpSocket | undefined {
    const bucket = this.byPorts.get(localPort * 0x1_0000 + remotePort);
    if (bucket === undefined) {
      return undefined;
    }
    for (const socket of bucket) {
      if (socket.local.address === local && socket.remote.address === remote) {
        return socket;
      }
    }
    return undefined;
  }

  has(local: Endpoint, remote: Endpoint): boolean {
    return this.find(local.address, local.port, remote.address, remote.port) !== undefined;
  }

  add(socket: TcpSocket): void {
    const key = keyOf(socket);
    const bucket = this.byPorts.get(key);
    if (bucket === undefined) {
      this.byPorts.set(key, [socket]);
    } else {
      bucket.push(socket);
    }
    this.count++;
  }

  /** True when it was there. */
  remove(socket: TcpSocket): boolean {
    const key = keyOf(socket);
    const bucket = this.byPorts.get(key);
    const index = bucket?.indexOf(socket) ?? -1;
    if (bucket === undefined || index < 0) {
      return false;
    }
    bucket.splice(index, 1);
    if (bucket.length === 0) {
      this.byPorts.delete(key);
    }
    this.count--;
    return true;
  }

  *[Symbol.iterator](): IterableIterator<TcpSocket> {
    for (const bucket of this.byPorts.values()) {
      yield* bucket;
    }
  }
}

function keyOf({ local, remote }: TcpSocket): number {
  return local.port * 0x1_0000 + remote.port;
}
