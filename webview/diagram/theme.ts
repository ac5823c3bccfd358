/** What VS Code tells a webview about the user's theme: classes of the body and variables on the root element. */

/** Calls back after every change of theme; returns how to stop. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return () => observer.disconnect();
}

/** VS Code's own setting, which follows the system's unless the user says otherwise. */
export function prefersReducedMotion(): boolean {
  return document.body.classList.contains('vscode-reduce-motion');
}
