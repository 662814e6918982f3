import type { ClusterRule } from '../../methods/education/school_clusters.ts'

/** The rule of clusters from its single numbers (parameters.cluster_rule). */
export const clusterRuleOf = (of: (name: string) => number): ClusterRule => ({
  clusterFrom: of('cluster_from'),
  kmeansFrom: of('kmeans_from'),
  mostClusters: of('most_clusters'),
  schoolsPerCluster: of('schools_per_cluster'),
  smallestCluster: of('smallest_cluster'),
  silhouetteFrom: of('silhouette_from'),
  silhouetteTie: of('silhouette_tie'),
  patternsFrom: of('patterns_from'),
  bootstraps: of('bootstraps'),
  starts: of('starts'),
  neighbours: of('neighbours'),
  winsorShare: of('winsor_share'),
  seed: of('seed'),
})
