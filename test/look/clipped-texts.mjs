/**
 * What the browser itself measures of texts that are cut off with no way to read the rest: neither by scrolling, nor by an ellipsis with a
 * tooltip. Runs in the page, so it stands alone.
 */
export function clippedTexts(root) {
  /** Pixels that letters may stick out of their line's box. */
  const TOUCH = 3;
  const found = [];
  /** The packet list gives its cells their tooltips when the pointer comes. */
  const hasTooltip = element => element.closest('[title]:not([title=""]), .cell') !== null;
  const fate = (element, rect) => {
    const open = { x: true, y: true };
    for (let box = element; box !== null && (open.x || open.y); box = box.parentElement) {
      const style = getComputedStyle(box);
      const edge = box.getBoundingClientRect();
      if (open.x && style.overflowX !== 'visible') {
        const out = rect.left < edge.left - TOUCH || rect.right > edge.right + TOUCH;
        if (/auto|scroll/.test(style.overflowX)) {
          open.x = false;
        } else if (out) {
          return style.textOverflow === 'ellipsis' && hasTooltip(box)
            ? ''
            : `cut at the side by ${nameOf(box)}`;
        }
      }
      if (open.y && style.overflowY !== 'visible') {
        const out = rect.top < edge.top - TOUCH || rect.bottom > edge.bottom + TOUCH;
        if (/auto|scroll/.test(style.overflowY)) {
          open.y = false;
        } else if (out) {
          return `cut above or below by ${nameOf(box)}`;
        }
      }
    }
    return '';
  };
  const nameOf = box => `${box.localName}.${[...box.classList].join('.')}`;
  const isSeen = element =>
    element !== null &&
    element.closest('svg, script, style, canvas, option, .for-screen-reader') === null &&
    element.checkVisibility({ visibilityProperty: true });
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text !== null; text = walker.nextNode()) {
    if (text.data.trim() !== '' && isSeen(text.parentElement)) {
      const range = document.createRange();
      range.selectNodeContents(text);
      const rect = range.getBoundingClientRect();
      const how = rect.width === 0 ? '' : fate(text.parentElement, rect);
      if (how !== '') found.push(`“${text.data.trim()}” ${how}`);
    }
  }
  const pen = document.createElement('canvas').getContext('2d');
  for (const input of root.querySelectorAll('input')) {
    const style = getComputedStyle(input);
    const text = input.value || input.placeholder;
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const room =
      input.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
    if (isSeen(input) && pen.measureText(text).width > room + TOUCH) {
      const readable = style.textOverflow === 'ellipsis' && hasTooltip(input);
      if (!readable) found.push(`“${text}” cut in its field`);
    }
  }
  return found;
}
