/** Sets of names that grow together: union-find with halved paths (Tarjan and van Leeuwen 1984). */
export class DisjointSets {
  private readonly parents = new Map<string, string>();

  /** The name that stands for the set of this one. */
  find(name: string): string {
    let at = name;
    for (;;) {
      const parent = this.parents.get(at) ?? at;
      if (parent === at) {
        return at;
      }
      const above = this.parents.get(parent) ?? parent;
      this.parents.set(at, above);
      at = above;
    }
  }

  join(one: string, other: string): void {
    this.parents.set(this.find(one), this.find(other));
  }
}
