/**
 * What the browser itself measures on the screen: texts over texts, over symbols they do not belong to, out of their symbol, and under
 * foreign cables. Runs in the page, so it stands alone.
 */
export function measuredOverlaps(scene) {
  const TOUCH = 1.5;
  const over = (a, b) =>
    a.left + TOUCH < b.right &&
    b.left + TOUCH < a.right &&
    a.top + TOUCH < b.bottom &&
    b.top + TOUCH < a.bottom;
  const within = (inner, outer) =>
    inner.left >= outer.left - TOUCH &&
    inner.right <= outer.right + TOUCH &&
    inner.top >= outer.top - TOUCH &&
    inner.bottom <= outer.bottom + TOUCH;
  const all = selector =>
    [...scene.querySelectorAll(selector)].map(element => ({
      name: element.textContent?.trim() ?? '',
      rect: element.getBoundingClientRect(),
      // A cable passes under its own label.
      of: element.getAttribute('data-label-of'),
    }));
  const found = [];
  const texts = all('.vnet-labels > text');
  const symbols = [...scene.querySelectorAll('.vnet-symbols > .vnet-node')].map(node => ({
    name: node.getAttribute('data-device') ?? '',
    rect: node.querySelector('.vnet-outline').getBoundingClientRect(),
    // From afar, what can't be read is not drawn.
    texts: [...node.querySelectorAll('text')]
      .map(text => text.getBoundingClientRect())
      .filter(({ width }) => width > 0),
  }));
  const titles = all('.vnet-containers :is(.vnet-label, .vnet-name)');
  const words = [...texts, ...titles];
  words.forEach((one, index) => {
    for (const other of words.slice(index + 1)) {
      if (over(one.rect, other.rect)) found.push(`“${one.name}” over “${other.name}”`);
    }
    for (const symbol of symbols) {
      if (over(one.rect, symbol.rect)) found.push(`“${one.name}” over ${symbol.name}`);
    }
  });
  symbols.forEach((one, index) => {
    for (const other of symbols.slice(index + 1)) {
      if (over(one.rect, other.rect)) found.push(`${one.name} over ${other.name}`);
    }
    if (one.texts.some(text => !within(text, one.rect))) found.push(`text sticks out of ${one.name}`);
  });
  for (const cable of scene.querySelectorAll('.vnet-cables > [data-cable]')) {
    const matrix = cable.getScreenCTM();
    const length = cable.getTotalLength();
    const id = cable.getAttribute('data-cable');
    const foreign = [...texts.filter(({ of }) => of !== id), ...titles];
    for (let at = 0; at <= length; at += 3) {
      const point = cable.getPointAtLength(at).matrixTransform(matrix);
      const hit = foreign.find(
        ({ rect }) =>
          point.x > rect.left + TOUCH &&
          point.x < rect.right - TOUCH &&
          point.y > rect.top + TOUCH &&
          point.y < rect.bottom - TOUCH,
      );
      if (hit !== undefined) {
        found.push(`${id} through “${hit.name}”`);
        break;
      }
    }
  }
  return found;
}
