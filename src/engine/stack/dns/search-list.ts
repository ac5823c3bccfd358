/** Which full names a name that a user typed may stand for, in the order they are tried: glibc's res_search (resolv.conf(5), search). */

/** resolv.conf `ndots:`, its default: a name with as many dots is first tried as it is. */
const DOTS = 1;

/** At most so many domains: glibc's MAXDNSRCH before 2.26; none since, but a list is bounded here. */
const MAXIMUM_DOMAINS = 6;

/** A name with a final dot is full already. Names are given without a final dot, as answers name them. */
export function candidateNames(name: string, domains: readonly string[]): readonly string[] {
  const full = name.replace(/(^|[^\\])\.$/, '$1');
  if (full !== name) {
    return [full];
  }
  const longer = [...new Set(domains)]
    .slice(0, MAXIMUM_DOMAINS)
    .map(domain => `${full}.${domain.replace(/\.$/, '')}`);
  const dots = full.split('.').length - 1;
  return dots >= DOTS ? [full, ...longer] : [...longer, full];
}
