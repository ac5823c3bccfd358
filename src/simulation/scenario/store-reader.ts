/** The packet store as the steps of a scenario read it. */
import type { NetworkControl } from '../../engine/network';
import { dissect } from '../../trace/dissect/dissect';
import type { PacketStore } from '../../trace/packet-store';
import { linkTypeOf } from '../link-type';
import type { TraceReader } from './step-context';

export class StoreReader implements TraceReader {
  constructor(
    private readonly store: PacketStore,
    private readonly network: NetworkControl,
  ) {}

  get oldest(): number {
    return this.store.oldest;
  }

  get end(): number {
    return this.store.count;
  }

  passed(record: number, device: string, port: string): boolean {
    const { store, network } = this;
    const sender = network.ports[store.port(record)];
    if (store.dropCode(record) !== 0 || sender === undefined) {
      return false;
    }
    const receiver = network.ports[sender.peer];
    const isHere = (end: typeof receiver): boolean => end?.device === device && end.name === port;
    return isHere(sender) || (isHere(receiver) && store.arrival(record) <= network.now);
  }

  frame(record: number): ReturnType<TraceReader['frame']> {
    const bytes = this.store.bytes(record);
    const linkType = linkTypeOf(this.network.ports[this.store.port(record)]);
    return { bytes, linkType, dissection: dissect(bytes, linkType) };
  }
}
