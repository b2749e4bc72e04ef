/** The forms of a noun that Intl tells apart; a language without one of them says `other`. */
export type PluralForms = Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }

/** How a language writes numbers and counts things. */
export interface Words {
  number(value: number): string
  /** `1 page`, `2,000 pages`. */
  counted(value: number, forms: PluralForms): string
}

export function wordsOf(locale: string): Words {
  const numbers = new Intl.NumberFormat(locale)
  const rules = new Intl.PluralRules(locale)
  return {
    number: (value) => numbers.format(value),
    counted: (value, forms) => `${numbers.format(value)} ${forms[rules.select(value)] ?? forms.other}`,
  }
}
