/** The upper half of the panel. A placeholder until the diagram is wired. */
import type { RecordSummary } from '../src/simulation/record-batch';
import type { ResolvedTopology, TopologyPath } from '../src/topology/resolved';

export interface DiagramPane {
  setTopology(topology: ResolvedTopology): void;
  setStale(stale: boolean): void;
  select(device: string | undefined): void;
  setAddresses(device: string, port: string, addresses: readonly string[]): void;
  addRecord(number: number, record: RecordSummary): void;
  setClock(now: number): void;
  clearPackets(): void;
  fit(): void;
}

export function connectDiagram(
  place: HTMLElement,
  options: { readonly layoutScript: string; readonly reveal: (source: TopologyPath) => void },
): DiagramPane {
  place.dataset.layout = options.layoutScript;
  const nothing = (): void => undefined;
  return {
    setTopology: nothing,
    setStale: nothing,
    select: nothing,
    setAddresses: nothing,
    addRecord: nothing,
    setClock: nothing,
    clearPackets: nothing,
    fit: nothing,
  };
}
