/** The present, in milliseconds since the Unix epoch. Passed in, so that tests travel in time without waiting. */
export type Clock = () => number
