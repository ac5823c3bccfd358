/** Addresses that ports have now, by port id, where they differ from what the file says. */
import { addressText, portId } from './model';
import type { DiagramStrings } from './strings';

export class LiveAddresses {
  private readonly texts = new Map<string, string>();

  /** @param changed draws them; nothing moves */
  constructor(
    private readonly strings: DiagramStrings,
    private readonly changed: () => void,
  ) {}

  /** What is shown, by port id. */
  get shown(): ReadonlyMap<string, string> {
    return this.texts;
  }

  /** None gives back what the file says. */
  set(device: string, port: string, addresses: readonly string[]): void {
    const id = portId(device, port);
    if (addresses.length === 0) {
      this.texts.delete(id);
    } else {
      this.texts.set(id, addressText(addresses, this.strings));
    }
    this.changed();
  }

  /** Back to what the file says, as at the start of a simulation. */
  clear(): void {
    this.texts.clear();
    this.changed();
  }
}
