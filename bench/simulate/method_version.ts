/** Methods of docs/methods.md and the version of each: raised when its numbers change. */
export const methodVersions: Readonly<Record<string, number>> = {
  wilson: 1,
  newcombe: 1,
  clopper_pearson: 1,
  funnel: 1,
  t_mean: 1,
  pooled_mean: 1,
  ridit: 1,
  hetop: 1,
  eb_normal: 1,
  eb_beta: 1,
  trend: 1,
  theil_sen: 1,
  correlation: 1,
  random_intercept: 1,
  difference_in_differences: 1,
  kappa: 1,
}

/** «wilson@1». */
export const versionOf = (key: string): string => {
  const version = methodVersions[key]
  if (version === undefined) throw new RangeError(`method ${key} has no version`)
  return `${key}@${version}`
}
