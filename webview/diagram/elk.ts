/**
 * The seam to the layout engine, Eclipse Layout Kernel (elkjs). Nothing outside this file and the two that make an engine knows the
 * package: layout.ts gets an engine handed in, so that the command line, tests and the panel each bring theirs.
 */
import type { ElkExtendedEdge, ElkLabel, ElkNode, ElkPort, LayoutOptions } from 'elkjs/lib/elk-api';

export type { ElkExtendedEdge, ElkLabel, ElkNode, ElkPort, LayoutOptions };

/** Places the children and routes the edges of a graph; rejects where it can't. */
export interface LayoutEngine {
  layout(graph: ElkNode): Promise<ElkNode>;
}
