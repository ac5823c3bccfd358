/** Colours as every program reads them: a theme's may be mixtures that only browsers know. */

export class PlainColours {
  private readonly known = new Map<string, string>();
  private readonly context: CanvasRenderingContext2D | null;

  constructor() {
    const canvas = document.createElement('canvas');
    canvas.width = 1;
    canvas.height = 1;
    this.context = canvas.getContext('2d', { willReadFrequently: true });
  }

  /** `#rrggbb`, or with alpha `#rrggbbaa`; what is no colour stays as it is. */
  plain(colour: string): string {
    const known = this.known.get(colour);
    if (known !== undefined) {
      return known;
    }
    const plain = this.read(colour);
    this.known.set(colour, plain);
    return plain;
  }

  private read(colour: string): string {
    const { context } = this;
    if (context === null || !CSS.supports('color', colour)) {
      return colour;
    }
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
    const digits = [red, green, blue, ...(alpha === 255 ? [] : [alpha])];
    return `#${digits.map(value => value.toString(16).padStart(2, '0')).join('')}`;
  }
}
