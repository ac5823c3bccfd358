/** Which frame of one list is the counterpart of which of the other. */

/** A pair, or a frame that has no counterpart. Indexes from 0. */
export type Aligned =
  | { readonly kernel: number; readonly engine: number }
  | { readonly kernel: number; readonly engine?: undefined }
  | { readonly kernel?: undefined; readonly engine: number };

/** A frame without a counterpart weighs as much as this many wrong fields in one that has. */
const ALONE = 4;

/**
 * The cheapest way to turn one list into the other (Wagner and Fischer 1974), so that one missing frame is reported as one.
 * @param distance the number of fields that differ between two frames
 */
export function align(
  kernelCount: number,
  engineCount: number,
  distance: (kernel: number, engine: number) => number,
): Aligned[] {
  const width = engineCount + 1;
  const costs = new Float64Array((kernelCount + 1) * width);
  const cost = (kernel: number, engine: number): number => costs[kernel * width + engine] ?? 0;
  for (let kernel = kernelCount; kernel >= 0; kernel--) {
    for (let engine = engineCount; engine >= 0; engine--) {
      const options = [];
      if (kernel < kernelCount && engine < engineCount) {
        options.push(cost(kernel + 1, engine + 1) + distance(kernel, engine));
      }
      if (kernel < kernelCount) {
        options.push(cost(kernel + 1, engine) + ALONE);
      }
      if (engine < engineCount) {
        options.push(cost(kernel, engine + 1) + ALONE);
      }
      costs[kernel * width + engine] = options.length === 0 ? 0 : Math.min(...options);
    }
  }
  const aligned: Aligned[] = [];
  let kernel = 0;
  let engine = 0;
  while (kernel < kernelCount || engine < engineCount) {
    const here = cost(kernel, engine);
    if (
      kernel < kernelCount &&
      engine < engineCount &&
      here === cost(kernel + 1, engine + 1) + distance(kernel, engine)
    ) {
      aligned.push({ kernel: kernel++, engine: engine++ });
    } else if (kernel < kernelCount && here === cost(kernel + 1, engine) + ALONE) {
      aligned.push({ kernel: kernel++ });
    } else {
      aligned.push({ engine: engine++ });
    }
  }
  return aligned;
}
