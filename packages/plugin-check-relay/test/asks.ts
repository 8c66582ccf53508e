/** Everything up to RCPT. */
export function inTransaction(verb: 'HELO' | 'EHLO' = 'HELO', mail = 'MAIL FROM:<>'): string {
  const hello =
    verb === 'HELO'
      ? 'S: 250 mx.example.com Hi client.example.org [192.0.2.99]; I am so happy to meet you.'
      : `S: 250-mx.example.com Hi client.example.org [192.0.2.99]
        S: 250-PIPELINING
        S: 250-8BITMIME
        S: 250-SMTPUTF8
        S: 250 ENHANCEDSTATUSCODES`
  return `
    S: 220 mx.example.com ESMTP qpsmtpd 1.2.3 ready; send us your mail, but not your spam.
    C: ${verb} client.example.org
    ${hello}
    C: ${mail}
    S: 250 2.1.0 <>, sender OK - how exciting to get mail from you!`
}

/** A transcript that asks for recipients: each path, and what is said of it. */
export function asks(...pairs: readonly (readonly [path: string, answer: string])[]): string {
  const recipients = pairs.map(([path, answer]) => `C: RCPT TO:<${path}>\n${answer}`)
  return [inTransaction(), ...recipients].join('\n')
}

export const taken = (path: string): string => `S: 250 2.1.5 <${path}>, recipient ok`

export const denied = 'S: 550 5.7.1 relaying denied'

/** A message, and that it was queued. */
export const message = `
  C: DATA
  S: 354 go ahead
  C: Subject: hello
  C:
  C: hello
  C: .
  S: 250 2.0.0 Queued (t-1.1)`
