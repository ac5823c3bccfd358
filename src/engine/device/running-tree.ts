/** A spanning tree as `bridge link` and `brctl showstp` show it. */
import type { Bridge } from '../stack/bridge/bridge';
import type { SpanningTreeStatus } from '../stack/bridge/spanning-tree/spanning-tree';
import type { SpanningTreeRunner } from '../stack/bridge/spanning-tree/spanning-tree-runner';

export interface RunningTree {
  /** The bridge's interface in a machine; empty for a switch. */
  readonly bridge: string;
  readonly status: SpanningTreeStatus;
  /** Names of the ports by their number. */
  readonly ports: ReadonlyMap<number, string>;
}

/** The tree of one bridge; none where it has none, or has not begun. */
export function runningTree(
  bridge: string,
  { ports }: Bridge,
  runner: SpanningTreeRunner | undefined,
): readonly RunningTree[] {
  const status = runner?.status;
  return status === undefined
    ? []
    : [{ bridge, status, ports: new Map(ports.map(({ number, name }) => [number, name])) }];
}
