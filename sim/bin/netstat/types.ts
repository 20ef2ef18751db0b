/** What netstat was asked. */
export interface NetstatOptions {
  /** first names of the options given */
  readonly given: ReadonlySet<string>;
  /** how often -e */
  readonly extended: number;
  readonly family: 0 | 2 | 10;
}
