/**
 * A text with its ASCII letters in lower case, others as they are: what every database does alike. For searches
 * in any case.
 */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
