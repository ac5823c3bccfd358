/** Compares what the kernel and the simulation did, frame by frame at every capture point. */
import { align, type Aligned } from './alignment';
import { actionAt, type Capture, type CapturedFrame } from './capture';
import { choosesItsTime, isSameTime, mayHaveCaused } from './freedom';
import { fieldText, frameText } from './frame-text';
import { NormalForm, type NormalFrame } from './normal-form';

/** One thing that is not as it should be. */
export interface Difference {
  readonly point: string;
  /** The frame's number at the point, from 1: in the kernel's capture, or in the simulation's where the kernel has none. */
  readonly frame: number;
  /** The field's name; or `frame` for one that only one world has, `order`, `time`, `action`, `cause`, or `point`. */
  readonly what: string;
  readonly kernel: string;
  readonly engine: string;
}

export interface Comparison {
  /** Frames that were compared, by point, in words. */
  readonly points: ReadonlyMap<string, readonly string[]>;
  readonly differences: readonly Difference[];
}

export interface ComparisonOptions {
  /** Identifiers and ports that the test chose in both worlds, so that they are compared. */
  readonly fixed: readonly number[];
}

const NONE = '(none)';

export function compareCaptures(kernel: Capture, engine: Capture, options: ComparisonOptions): Comparison {
  const names = [...new Set([...kernel.points.keys(), ...engine.points.keys()])].sort();
  const fixed = new Set(options.fixed);
  const normalKernel = normalised(kernel, names, fixed);
  const normalEngine = normalised(engine, names, fixed);
  const points = names.map(name => {
    return new PointComparison(name, normalKernel.get(name), normalEngine.get(name), kernel, engine);
  });
  return {
    points: new Map(
      points.map(({ name, kernelFrames }) => [
        name,
        kernelFrames.map(({ captured }) => frameText(captured.bytes)),
      ]),
    ),
    differences: [...points.flatMap(point => point.differences()), ...causesThatComeLate(points)],
  };
}

function normalised(
  capture: Capture,
  names: readonly string[],
  fixed: ReadonlySet<number>,
): ReadonlyMap<string, readonly NormalFrame[]> {
  const form = new NormalForm(fixed);
  return new Map(
    names
      .filter(name => capture.points.has(name))
      .map(name => [name, (capture.points.get(name) ?? []).map(frame => form.normalise(frame))]),
  );
}

interface Pair {
  readonly kernel: NormalFrame;
  readonly engine: NormalFrame;
  /** From 1, in the kernel's capture. */
  readonly number: number;
}

class PointComparison {
  readonly kernelFrames: readonly NormalFrame[];
  readonly engineFrames: readonly NormalFrame[];
  readonly pairs: readonly Pair[];
  private readonly alone: readonly Aligned[];

  constructor(
    readonly name: string,
    private readonly inKernel: readonly NormalFrame[] | undefined,
    private readonly inEngine: readonly NormalFrame[] | undefined,
    private readonly kernelCapture: Capture,
    private readonly engineCapture: Capture,
  ) {
    this.kernelFrames = inKernel ?? [];
    this.engineFrames = inEngine ?? [];
    const aligned = align(
      this.kernelFrames.length,
      this.engineFrames.length,
      (kernel, engine) => fieldsThatDiffer(this.kernelFrames[kernel], this.engineFrames[engine]).length,
    );
    this.alone = aligned.filter(({ kernel, engine }) => kernel === undefined || engine === undefined);
    this.pairs = aligned.flatMap(({ kernel = -1, engine = -1 }) => {
      const one = this.kernelFrames[kernel];
      const other = this.engineFrames[engine];
      return one === undefined || other === undefined
        ? []
        : [{ kernel: one, engine: other, number: kernel + 1 }];
    });
  }

  differences(): Difference[] {
    const { name: point, inKernel, inEngine } = this;
    if (inKernel === undefined || inEngine === undefined) {
      const seen = (frames: unknown): string => (frames === undefined ? 'not captured' : 'captured');
      return [{ point, frame: 0, what: 'point', kernel: seen(inKernel), engine: seen(inEngine) }];
    }
    return [...this.withoutCounterpart(), ...this.wrongFields(), ...this.wrongTimes()];
  }

  /** A frame that each world has, but elsewhere, is out of order; any other is missing. */
  private withoutCounterpart(): Difference[] {
    const { name: point, kernelFrames, engineFrames } = this;
    const extra = this.alone.flatMap(({ engine }) => (engine === undefined ? [] : [engine]));
    const differences: Difference[] = [];
    for (const { kernel } of this.alone) {
      const frame = kernelFrames[kernel ?? -1];
      if (kernel === undefined || frame === undefined) {
        continue;
      }
      const text = frameText(frame.captured.bytes);
      const elsewhere = extra.findIndex(engine => fieldsThatDiffer(frame, engineFrames[engine]).length === 0);
      if (elsewhere === -1) {
        differences.push({ point, frame: kernel + 1, what: 'frame', kernel: text, engine: NONE });
      } else {
        const [engine = 0] = extra.splice(elsewhere, 1);
        const place = `${text} as frame ${engine + 1}`;
        differences.push({
          point,
          frame: kernel + 1,
          what: 'order',
          kernel: `${text} as frame ${kernel + 1}`,
          engine: place,
        });
      }
    }
    for (const engine of extra) {
      const text = frameText(engineFrames[engine]?.captured.bytes ?? new Uint8Array());
      differences.push({ point, frame: engine + 1, what: 'frame', kernel: NONE, engine: text });
    }
    return differences;
  }

  private wrongFields(): Difference[] {
    return this.pairs.flatMap(({ kernel, engine, number }) =>
      fieldsThatDiffer(kernel, engine).map(what => ({
        point: this.name,
        frame: number,
        what,
        kernel: fieldText(kernel.captured.bytes, kernel.fields, what),
        engine: fieldText(engine.captured.bytes, engine.fields, what),
      })),
    );
  }

  private wrongTimes(): Difference[] {
    const { name: point, kernelCapture, engineCapture } = this;
    /** The first pair after each action. */
    const first = new Map<number, Pair>();
    const punctual = this.pairs.filter(({ kernel }) => !choosesItsTime(kernel.values.get('ip.proto')));
    return punctual.flatMap(pair => {
      const { kernel, engine, number: frame } = pair;
      const action = actionAt(kernelCapture, kernel.captured.time);
      const engineAction = actionAt(engineCapture, engine.captured.time);
      if (action !== engineAction) {
        const after = (number: number): string => `after action ${number + 1}`;
        return [{ point, frame, what: 'action', kernel: after(action), engine: after(engineAction) }];
      }
      const start = first.get(action) ?? pair;
      first.set(action, start);
      const took = kernel.captured.time - start.kernel.captured.time;
      const shouldTake = engine.captured.time - start.engine.captured.time;
      const ms = (time: number): string => `${(time / 1e6).toFixed(1)} ms after the first frame`;
      return isSameTime(took, shouldTake)
        ? []
        : [{ point, frame, what: 'time', kernel: ms(took), engine: ms(shouldTake) }];
    });
  }
}

/** Frames that the kernel sent before it received what made the simulation send them. */
function causesThatComeLate(points: readonly PointComparison[]): Difference[] {
  /** Where and when each transmission of the simulation was seen in the kernel. */
  const sightings = new Map<number, { readonly point: string; readonly kernel: CapturedFrame }[]>();
  for (const { name, pairs } of points) {
    for (const { kernel, engine } of pairs) {
      const { record = -1 } = engine.captured;
      sightings.set(record, [...(sightings.get(record) ?? []), { point: name, kernel: kernel.captured }]);
    }
  }
  return points.flatMap(({ name: point, pairs }) =>
    pairs.flatMap(({ kernel, engine, number }) => {
      const before = (sightings.get(engine.captured.cause ?? -1) ?? []).find(
        sighting => deviceOf(sighting.point) === deviceOf(point) && sighting.kernel !== kernel.captured,
      );
      return before === undefined || mayHaveCaused(before.kernel.time, kernel.captured.time)
        ? []
        : [
            {
              point,
              frame: number,
              what: 'cause',
              kernel: `sent before ${frameText(before.kernel.bytes)} came to ${before.point}`,
              engine: 'sent because of it',
            },
          ];
    }),
  );
}

function deviceOf(point: string): string {
  return point.slice(0, point.indexOf(':'));
}

const NO_VALUES: ReadonlyMap<string, string> = new Map();

/** The names of the fields that are not the same in both frames, or only in one. */
function fieldsThatDiffer(one: NormalFrame | undefined, other: NormalFrame | undefined): string[] {
  const left = one?.values ?? NO_VALUES;
  const right = other?.values ?? NO_VALUES;
  return [...new Set([...left.keys(), ...right.keys()])].filter(name => left.get(name) !== right.get(name));
}
