/** What a folder given by `--project` says of itself, in its `project.ts`. */
export interface Project {
  /** Also the scope of its parameter rows. */
  readonly name: string
  /** Russian: what stands in the head of its pages. */
  readonly title: string
  /** IANA name, for schedules. */
  readonly timeZone: string
}
export const defineProject = (project: Project): Project => project
