/** One header field as it stands in the message. RFC 5322 §2.2. */
export interface HeaderField {
  /** As written; empty where the line is no field at all (it is kept all the same). */
  readonly name: string
  /** The whole field with its name, foldings and last CRLF, one character an octet. */
  readonly raw: string
}

/**
 * A header section: fields in their order, never reformatted. Immutable: a change is a new one.
 * Octets are held as latin1 text, one character each, so that whatever came in goes out again.
 */
export class Headers {
  readonly #section: string
  #fields: readonly HeaderField[] | undefined

  /** @param section the octets of all fields, each ending with its CRLF, without the empty line behind them. */
  constructor(section: string, fields?: readonly HeaderField[]) {
    this.#section = section
    this.#fields = fields
  }

  /** The octets, one character each. */
  get section(): string {
    return this.#section
  }

  /** All fields from top to bottom. */
  get fields(): readonly HeaderField[] {
    this.#fields ??= parseFields(this.#section)
    return this.#fields
  }

  /** The unfolded values of all fields of that name, from top to bottom; upper and lower case do not matter. RFC 5322 §2.2.3. */
  all(name: string): readonly string[] {
    return this.fields.filter((field) => isNamed(field, name)).map(valueOf)
  }

  /** The unfolded value of the topmost field of that name, or undefined. */
  first(name: string): string | undefined {
    const field = this.fields.find((candidate) => isNamed(candidate, name))
    return field && valueOf(field)
  }

  /** A new field on top of all others. @throws RangeError for a name or value that would not stay one field. */
  prepend(name: string, value: string): Headers {
    return this.prependRaw(makeField(name, value).raw)
  }

  /** Whole fields, CRLFs included, on top of all others. */
  prependRaw(raw: string): Headers {
    return new Headers(raw + this.#section)
  }

  /** All fields of that name replaced by one in the topmost one's place; below all others where there was none. @throws RangeError as `prepend`. */
  replace(name: string, value: string): Headers {
    const field = makeField(name, value)
    const at = this.fields.findIndex((candidate) => isNamed(candidate, name))
    if (at === -1) return fromFields([...this.fields, field])
    const kept = this.fields.filter((candidate, index) => index === at || !isNamed(candidate, name))
    return fromFields(kept.with(at, field))
  }

  /** Without the fields of that name. */
  remove(name: string): Headers {
    return this.without((field) => isNamed(field, name))
  }

  /** Without the fields that a test picks; the same object where it picks none. */
  without(test: (field: HeaderField) => boolean): Headers {
    const kept = this.fields.filter((field) => !test(field))
    return kept.length === this.fields.length ? this : fromFields(kept)
  }
}

const fromFields = (fields: readonly HeaderField[]): Headers =>
  new Headers(fields.map(({ raw }) => raw).join(''), fields)

function isNamed(field: HeaderField, name: string): boolean {
  return field.name.length === name.length && field.name.toLowerCase() === name.toLowerCase()
}

/** The value without its foldings and outer blanks, RFC 5322 §2.2.3; octets that are UTF-8 are read as that, RFC 6532 §3.2. */
export function valueOf({ name, raw }: HeaderField): string {
  // Not trim(): A0 is a blank to it, and an octet of many a character in UTF-8.
  let start = raw.indexOf(':', name.length) + 1
  let end = raw.length
  while (start < end && isOuterBlank(raw[start]!)) start += 1
  while (end > start && isOuterBlank(raw[end - 1]!)) end -= 1
  const octets = raw.slice(start, end).replace(/\r\n(?=[ \t])/g, '')
  return /[\x80-\xff]/.test(octets) ? fromUtf8(octets) : octets
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function fromUtf8(octets: string): string {
  try {
    return utf8.decode(Buffer.from(octets, 'latin1'))
  } catch {
    return octets
  }
}

const isOuterBlank = (octet: string): boolean =>
  octet === ' ' || octet === '\t' || octet === '\r' || octet === '\n'

/** A field in wire form; text beyond ASCII becomes its UTF-8 octets. RFC 6532 §3.2. */
function makeField(name: string, value: string): HeaderField {
  if (!/^[!-9;-~]+$/.test(name))
    throw new RangeError(`no header field name: ${JSON.stringify(name)}`)
  const octets = Buffer.from(value).toString('latin1')
  // A line break must be a folding, or what follows it would be a field of its own.
  if (/\0|\r(?!\n)|(?<!\r)\n|\r\n(?![ \t]+[^ \t\r])/.test(octets))
    throw new RangeError(
      `header field ${name}: line break or NUL in value ${JSON.stringify(value)}`,
    )
  return { name, raw: `${name}: ${octets}\r\n` }
}

function parseFields(section: string): readonly HeaderField[] {
  const fields: HeaderField[] = []
  let start = 0
  while (start < section.length) {
    const end = fieldEnd(section, start)
    const raw = section.slice(start, end)
    fields.push({ name: fieldName(raw), raw })
    start = end
  }
  return fields
}

/** Behind the CRLF that no folding follows. */
function fieldEnd(section: string, start: number): number {
  let at = start
  for (;;) {
    const lf = section.indexOf('\n', at)
    if (lf === -1) return section.length
    at = lf + 1
    if (section[at] !== ' ' && section[at] !== '\t') return at
  }
}

/** The name before the colon, or the empty string. Blanks before the colon are obsolete but seen: RFC 5322 §4.5. */
function fieldName(raw: string): string {
  return /^([!-9;-~]+)[ \t]*:/.exec(raw)?.[1] ?? ''
}
