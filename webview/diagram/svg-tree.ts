/** SVG elements as plain data, so that one drawing goes to a page, to a file and to tests. */

export interface SvgElement {
  readonly tag: 'g' | 'path' | 'rect' | 'circle' | 'text' | 'title' | 'desc';
  /** Unique among its siblings; what keeps its key is changed in place. */
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly SvgElement[];
  readonly text?: string;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Numbers get one decimal; undefined attributes are left out. */
export function svg(
  tag: SvgElement['tag'],
  key: string,
  attributes: Attributes,
  content: readonly SvgElement[] | string = [],
): SvgElement {
  const written = Object.entries(attributes).flatMap(([name, value]): [string, string][] =>
    value === undefined
      ? []
      : [[name, typeof value === 'number' ? String(Math.round(value * 10) / 10) : value]],
  );
  const base = { tag, key, attributes: Object.fromEntries(written) };
  return typeof content === 'string'
    ? { ...base, children: [], text: content }
    : { ...base, children: content };
}
