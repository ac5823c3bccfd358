/** In words; empty where every text can be read. @param root the element of the page to look in */
export function clippedTexts(root: unknown): string[];
