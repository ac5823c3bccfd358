/** The layout engine in this very thread: for the command line and for tests. */
import ElkConstructor from 'elkjs/lib/elk.bundled.js';
import type { ElkNode, LayoutEngine } from './elk';

export function createInProcessEngine(): LayoutEngine {
  const elk = new ElkConstructor();
  return { layout: async (graph: ElkNode): Promise<ElkNode> => elk.layout(graph) };
}
