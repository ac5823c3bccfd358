/** How much two pictures differ, as a browser draws them. */
import type { VsCodeWindow } from '../real-vscode';

/** Gives the share of pixels that clearly differ between two pictures, drawn at the size of the second. */
const DIFFERENCE = `(async ([saved, shown]) => {
  const pixels = async (address, size) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { width, height } = size ?? image;
    const context = new OffscreenCanvas(width, height).getContext('2d');
    context.drawImage(image, 0, 0, width, height);
    return { width, height, data: context.getImageData(0, 0, width, height).data };
  };
  const screen = await pixels(shown);
  const { data } = await pixels(saved, screen);
  let different = 0;
  for (let at = 0; at < data.length; at += 4) {
    different += [0, 1, 2].some(part => Math.abs(screen.data[at + part] - data[at + part]) > 60) ? 1 : 0;
  }
  return different / (screen.width * screen.height);
})`;

/** @param picture address of an image @param screen PNG of what it has to look like */
export async function pictureDifference(
  window: VsCodeWindow,
  picture: string,
  screen: Buffer,
): Promise<number> {
  const page = await window.page.context().browser()!.newPage();
  try {
    const shown = `data:image/png;base64,${screen.toString('base64')}`;
    return await page.evaluate<number>(`${DIFFERENCE}(${JSON.stringify([picture, shown])})`);
  } finally {
    await page.close();
  }
}
