/** Places of a file that name what goes away. */
import type { YamlEditor, YamlPath } from './yaml-editor';

/** Takes away the steps of scenarios that name what is gone. */
export function dropFromScenarios(editor: YamlEditor, drops: (step: unknown) => boolean): void {
  for (const scenario of editor.keys(['scenarios'])) {
    const path = ['scenarios', scenario];
    const steps = editor.node(path)?.value;
    const indexes = Array.isArray(steps) ? [...steps.keys()].filter(index => drops(steps[index])) : [];
    // From the last one, so that the others keep their numbers.
    for (const index of indexes.reverse()) {
      editor.remove([...path, index]);
    }
  }
}

/** An interface stays in its machine without a network; what only a network makes sense of goes with it. */
export function leaveNetwork(editor: YamlEditor, path: YamlPath): void {
  for (const key of ['network', 'vlan', 'trunk']) {
    if (editor.node([...path, key]) !== undefined) {
      editor.remove([...path, key], path.length);
    }
  }
  // The next free address of a network that is gone.
  if (editor.node([...path, 'address'])?.value === 'auto') {
    editor.remove([...path, 'address'], path.length);
  }
}
