/** What a folder given by `--project` says of itself, in its `project.ts`. */
export interface Project {
  /** Also the scope of its parameter rows. */
  readonly name: string
  /** Russian: what stands in the head of its pages. */
  readonly title: string
  /** Russian: who issues, where a home has not been named; its title where this is not said. */
  readonly office?: string
  /** IANA name: of a home that begins with this project. */
  readonly timeZone: string
}
export const defineProject = (project: Project): Project => project
