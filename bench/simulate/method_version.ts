/** Methods of docs/methods.md with a simulated table, and the version of each: raised when its numbers change. */
export const methodVersions: Readonly<Record<string, number>> = {
  wilson: 1,
  newcombe: 1,
  clopper_pearson: 1,
  funnel: 1,
  t_mean: 1,
  pooled_mean: 1,
  ridit: 1,
  hetop: 1,
  eb_normal: 2,
  eb_beta: 2,
  rank_interval: 1,
  trend: 1,
  theil_sen: 1,
  correlation: 1,
  random_intercept: 2,
  value_added: 2,
  linear_regression: 1,
  difference_in_differences: 2,
  measure_effect: 1,
  kappa: 2,
}

/** Methods of the page that no simulation stands for. */
export const otherVersions: Readonly<Record<string, number>> = {
  benjamini_hochberg: 1,
  stouffer: 1,
  kmeans: 1,
  ward: 1,
  kmedoids: 1,
  silhouette: 1,
  gap: 1,
  stability: 1,
  gower: 1,
  variance_components: 1,
  composition: 1,
  control_chart: 1,
}

/** «wilson@1». */
export const versionOf = (key: string): string => {
  const version = methodVersions[key]
  if (version === undefined) throw new RangeError(`method ${key} has no version`)
  return `${key}@${version}`
}
