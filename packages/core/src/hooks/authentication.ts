/** What a client proves its name with. RFC 4954 §4. */
export type Credentials =
  | {
      readonly kind: 'password'
      readonly mechanism: string
      readonly user: string
      readonly password: string
    }
  | {
      readonly kind: 'token'
      readonly mechanism: string
      readonly user: string
      readonly token: string
    }
  | { readonly kind: 'certificate'; readonly mechanism: string; readonly user: string }

/** What is stored of a user's password. */
export type StoredSecret =
  | {
      readonly kind: 'scram'
      readonly salt: Uint8Array
      readonly iterations: number
      readonly storedKey: Uint8Array
      readonly serverKey: Uint8Array
    }
  | { readonly kind: 'password'; readonly password: string }

/** The user's secret, found. RFC 5802 §3. */
export interface Secret {
  readonly verdict: 'ok'
  readonly secret: StoredSecret
}

/** The client is who it says. */
export interface Authenticated {
  readonly verdict: 'ok'
  readonly user: string
}

/** What a TLS handshake came to. RFC 3207 §4.2. */
export interface TlsFacts {
  readonly serverName: string | undefined
  /** `TLSv1.3`, for instance. */
  readonly protocol: string
  readonly cipher: string
  /** The names in the client's certificate, where it showed one that was verified. */
  readonly clientNames: readonly string[]
}
