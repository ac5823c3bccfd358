/** A picture as the bytes of a file. */
import type { PictureFormat } from '../../src/simulation/panel-protocol';
import { standaloneSvg, type Picture, type PictureSource } from './standalone-svg';

/** Pixels of a PNG for each px of the page, so that it is sharp in print and on fine screens. */
const PNG_SCALE = 2;

/** Rejects when the browser cannot draw it. */
export async function pictureFile(source: PictureSource, format: PictureFormat): Promise<Uint8Array> {
  const picture = standaloneSvg(source);
  return format === 'svg' ? new TextEncoder().encode(picture.text) : png(picture);
}

async function png({ text, width, height }: Picture): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * PNG_SCALE;
  canvas.height = height * PNG_SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>(resolve => {
    canvas.toBlob(resolve, 'image/png');
  });
  if (blob === null) {
    throw new Error(`no picture of ${canvas.width} × ${canvas.height} pixels can be made`);
  }
  return new Uint8Array(await blob.arrayBuffer());
}
