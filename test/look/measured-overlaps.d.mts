/** In words; empty for a readable picture. @param scene the SVG of the diagram */
export function measuredOverlaps(scene: unknown): string[];
