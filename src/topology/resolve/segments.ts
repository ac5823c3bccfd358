/** Which cables and switches are one broadcast domain. */

export class Segments {
  private readonly parents = new Map<string, string>();

  /** The one name that stands for the whole segment. */
  rootOf(segment: string): string {
    let root = segment;
    for (let parent = this.parents.get(root); parent !== undefined; parent = this.parents.get(root)) {
      root = parent;
    }
    if (root !== segment) {
      this.parents.set(segment, root);
    }
    return root;
  }

  /** Makes two segments one; false when they were already. */
  join(one: string, other: string): boolean {
    const first = this.rootOf(one);
    const second = this.rootOf(other);
    if (first === second) {
      return false;
    }
    this.parents.set(second, first);
    return true;
  }
}
