/** What is measured within the page. Each function runs there, so it stands alone. Times are ms. */

/** Begins to measure: from each key to the frame in which its letter is on the screen. */
export function watchLetters(editor) {
  window.lettersWatched?.stop();
  const times = [];
  const drawn = new MessageChannel();
  let waiting = [];
  let changed = [];
  const pressed = event => {
    waiting.push(event.timeStamp);
  };
  const observer = new MutationObserver(() => {
    if (waiting.length > 0 && changed.length === 0) {
      // What is posted from an animation frame arrives after that frame was painted.
      requestAnimationFrame(() => {
        drawn.port2.postMessage(undefined);
      });
    }
    changed.push(...waiting);
    waiting = [];
  });
  drawn.port1.onmessage = () => {
    const now = performance.now();
    times.push(...changed.map(begun => now - begun));
    changed = [];
  };
  window.addEventListener('keydown', pressed, true);
  observer.observe(editor, { subtree: true, childList: true, characterData: true });
  window.lettersWatched = {
    times,
    stop: () => {
      observer.disconnect();
      window.removeEventListener('keydown', pressed, true);
    },
  };
}

/** What was measured so far. */
export function lettersSeen() {
  return window.lettersWatched.times;
}

/** Jumps of a list to places all over it: until its rows are there, and until their text is. */
export async function jumps(list, count) {
  const frame = () => new Promise(requestAnimationFrame);
  const texts = cell => [...list.querySelectorAll(`.packet .cell-${cell}`)].map(one => one.textContent);
  /** Longest wait for a row, ms: a list that loses one is measured so. */
  const LONGEST = 3000;
  const measured = [];
  for (let jump = 0; jump < count; jump++) {
    // The fractional parts of multiples of the golden ratio lie everywhere, and never near one another.
    const place = (jump * 0.618034) % 1;
    const before = texts('number')[0];
    const begun = performance.now();
    list.scrollTop = place * (list.scrollHeight - list.clientHeight);
    do {
      await frame();
    } while (texts('number')[0] === before && performance.now() - begun < LONGEST);
    const rows = performance.now() - begun;
    while (texts('info').some(text => text === '') && performance.now() - begun < LONGEST) {
      await frame();
    }
    measured.push({ rows, text: performance.now() - begun });
    await frame();
  }
  return measured;
}

/** The times from frame to frame for so long. */
export function animationFrames(_element, milliseconds) {
  return new Promise(done => {
    const times = [];
    let last;
    const begun = performance.now();
    const next = now => {
      if (last !== undefined) {
        times.push(now - last);
      }
      last = now;
      if (now - begun < milliseconds) {
        requestAnimationFrame(next);
      } else {
        done(times);
      }
    };
    requestAnimationFrame(next);
  });
}

/** When a device is drawn, in ms since 1970. */
export function untilDrawn(body, { device, there }) {
  return new Promise(done => {
    const look = () => {
      if ((body.querySelector(`[data-device="${device}"]`) === null) === there) {
        requestAnimationFrame(look);
      } else {
        requestAnimationFrame(() => {
          done(performance.timeOrigin + performance.now());
        });
      }
    };
    look();
  });
}
